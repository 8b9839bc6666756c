//! Forms of the name that an application lists one after the other: "Vangelis, Vaggelis Papanikolaou, Angelo, Evan".
//! Where several items of a list are the name, the others that could be names are forms of it too. Reads; adds nothing.

use super::super::person_name::{self, Reading};
use super::super::rules::Rules;
use super::super::text::{Case, Gap, Page, Shape, WordId};
use super::AnchorIndex;

/// An item of a list that begins with what may be a name.
struct Item {
    first: usize,
    last: usize,
    /// Its place among the items of its paragraph.
    place: usize,
    own: bool,
}

/// How many items away others vouch for one.
const REACH: usize = 3;
/// How many must be the name for another to be a form of it.
const ENOUGH: usize = 2;
/// Glosses ("on my visa", "to the team") longer than this are no glosses.
const LONGEST_GLOSS: usize = 9;

/// Adds to `found` the items that stand among forms of the name.
pub(super) fn find(
    page: &Page,
    rules: &Rules,
    index: &AnchorIndex,
    found: &mut Vec<(usize, usize)>,
) {
    let mut items: Vec<Item> = Vec::new();
    let mut place = 0;
    let mut at = 0;
    while at < page.tokens.len() {
        if page.token(at).is_some_and(|t| t.gap == Gap::Break) || is_field(page, at) {
            take(&items, found);
            items.clear();
        }
        if !opens_item(page, at) {
            at += 1;
            continue;
        }
        place += 1;
        let Some((end, own)) = read_item(page, rules, index, at) else {
            at += 1;
            continue;
        };
        items.push(Item { first: at, last: end, place, own });
        at = end;
    }
    take(&items, found);
}

/// Whether a line that begins with a label begins at a token: "Subject: ...".
fn is_field(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|t| t.gap == Gap::Line)
        && (at + 1..at + 5).take_while(|i| page.beside(*i)).any(|i| page.is_mark(i, b':'))
}

fn take(items: &[Item], found: &mut Vec<(usize, usize)>) {
    for (number, item) in items.iter().enumerate().filter(|(_, item)| !item.own) {
        let from = number.saturating_sub(REACH);
        let near = items.get(from..(number + REACH + 1).min(items.len())).unwrap_or_default();
        let own = near
            .iter()
            .filter(|other| other.own && other.place.abs_diff(item.place) <= REACH)
            .count();
        if own >= ENOUGH {
            found.push((item.first, item.last));
        }
    }
}

/// Whether a token stands where an item of a list begins: behind a mark that parts items, "and" or "or".
fn opens_item(page: &Page, at: usize) -> bool {
    if !page.token(at).is_some_and(|t| t.is_capital()) {
        return false;
    }
    let Some(mut before) = at.checked_sub(1) else { return true };
    if page.token(at).is_some_and(|t| t.gap >= Gap::Wide) {
        return true;
    }
    if page.is_mark(before, b'"') && before > 0 {
        before -= 1;
    }
    page.token(before).is_some_and(|t| {
        matches!(t.shape, Shape::Mark(b',' | b';' | b'/' | b'|' | b':' | b'.' | b'(' | b')'))
    }) || matches!(page.lower(before), "and" | "or" | "as" | "by")
}

/// One past the last token of the name that begins an item, and whether it is the candidate's; `None` where no name
/// begins, or where more follows than a gloss.
fn read_item(page: &Page, rules: &Rules, index: &AnchorIndex, at: usize) -> Option<(usize, bool)> {
    let cell_end = page.layout.cell_at(at)?.last;
    let initials = page
        .token(at)
        .is_some_and(|t| t.shape == Shape::Word(Case::Upper) && (2..=5).contains(&t.len()))
        && page.lower(at).chars().all(|letter| index.has_initial(letter))
        && !page.is_entry(at, rules.lexicons.common)
        && !page.starts(at, rules.lexicons.not_people);
    let name = person_name::read(page, rules, at, cell_end, Reading::Guessed);
    let lone = page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Title) && t.len() > 2)
        && (page.starts(at, rules.lexicons.given_names)
            || page.starts(at, rules.lexicons.wordlike));
    let end = match name {
        Some(end) => end,
        None if initials || lone => at + 1,
        None => return None,
    };
    let own = (at..end).any(|i| {
        page.token(i).is_some_and(|t| t.is_word() && t.len() >= 3)
            && (index.word(page.lower(i)).is_some_and(|anchor| !anchor.wordlike)
                || index.is_misspelt(page.lower(i)))
    });
    let gloss = (end..page.tokens.len())
        .take_while(|i| !closes_gloss(page, *i))
        .take(LONGEST_GLOSS + 1)
        .count();
    let lexicons = &rules.lexicons;
    let other = [
        lexicons.foreign_places,
        lexicons.nationality,
        lexicons.languages,
        lexicons.months,
        lexicons.titles,
        lexicons.places_of_work,
        lexicons.job_titles,
        lexicons.address_words,
    ]
    .into_iter()
    .any(|lexicon| page.starts(at, lexicon));
    let body = page.beside(end)
        && page.token(end).is_some_and(|t| t.is_capital())
        && page.starts(end, lexicons.places_of_work);
    let long = end > at + 6 || gloss > LONGEST_GLOSS;
    // "Friends: Taz" is a label; short capitals are bodies and systems sooner than names; so are words of other lists.
    let label = page.is_mark(end, b':');
    let strange = !initials
        && (at..end).any(|i| {
            page.token(i).is_some_and(|t| {
                t.is_word()
                    && t.len() > 1
                    && !person_name::is_listed(page, rules, i)
                    && !page.starts(i, lexicons.wordlike)
                    && !page.starts(i, lexicons.particles)
                    && (t.shape == Shape::Word(Case::Upper) && t.len() <= 6
                        || t.word != WordId::UNKNOWN)
            })
        });
    (own || !(other || body || long || label || strange)).then_some((end, own))
}

fn closes_gloss(page: &Page, at: usize) -> bool {
    page.token(at).is_none_or(|t| {
        t.gap == Gap::Break || matches!(t.shape, Shape::Mark(b',' | b';' | b'/' | b'|' | b'.'))
    })
}
