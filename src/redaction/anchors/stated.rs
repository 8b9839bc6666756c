//! Where a text states its author's name without a rule's label: label cells with several names or scanning errors,
//! "I'm X", the last lines, lines that repeat on each page, and greetings in quoted replies. Reads; adds
//! nothing and removes nothing.

use super::super::person_name::{self, Reading};
use super::super::rules::Rules;
use super::super::text::layout::skeleton;
use super::super::text::vocabulary::FastMap;
use super::super::text::{Case, Cell, Gap, Page, Shape, WordId, Zone};
use super::{AnchorIndex, file_names};

/// Passages of a page, as first and one past the last token.
type Places = Vec<(usize, usize)>;

/// Adds to `found` every name that one of these places states.
pub(super) fn find(page: &Page, rules: &Rules, index: &AnchorIndex, found: &mut Places) {
    for cell in &page.layout.cells {
        labelled(page, rules, cell, found);
    }
    introduced(page, rules, found);
    tail(page, rules, index, found);
    last_words(page, rules, found);
    repeated(page, rules, found);
    file_names::find(page, rules, index, found);
    greeted(page, rules, found);
    asked_for(page, rules, found);
}

/// A label, perhaps behind a number, and all names of its value: "1 Surnarne   X", "Also spelt  X / Y / Z".
fn labelled(page: &Page, rules: &Rules, cell: &Cell, found: &mut Places) {
    let mut first = cell.first;
    while first < cell.last
        && page.token(first).is_some_and(|t| !t.is_word() || t.len() == 1)
        && first < cell.first + 3
    {
        first += 1;
    }
    // Most cells begin like no label at all.
    let may_be = match skeleton(page.word(first).get(..4).unwrap_or(page.word(first))).as_bytes() {
        [one, two, ..] => rules.name_label_heads.contains_key(&[*one, *two]),
        _ => true,
    };
    if !may_be {
        return;
    }
    let longest = cell.last.min(first + 6);
    let label = (first + 1..=longest).rev().find(|end| is_name_label(page, rules, first, *end));
    let Some(mut end) = label else { return };
    let delimits = |at: usize| {
        page.token(at)
            .is_some_and(|t| matches!(t.shape, Shape::Mark(b':' | b'-' | b'=' | b'|' | b'.')))
    };
    while end > first + 1 && delimits(end - 1) {
        end -= 1;
    }
    let mut at = end;
    while at < cell.last
        && page
            .token(at)
            .is_some_and(|t| matches!(t.shape, Shape::Mark(b':' | b'-' | b'=' | b'|' | b'.')))
    {
        at += 1;
    }
    // "Name the three criteria": a label that stands in a sentence has a small word behind it.
    if at == end && at < cell.last && page.token(at).is_some_and(|t| !t.is_capital()) {
        return;
    }
    // "CANDIDATE IN BRIEF", "Applicant Portal: Larchmere": a heading that begins like a label.
    // The applicant is no label of a name without a mark behind it, unless a given name follows.
    let noun =
        end == first + 1 && matches!(page.lower(first), "candidate" | "applicant" | "employee");
    let begins = person_name::may_begin(page, rules, at)
        && (!noun
            || page.token(at).is_some_and(|t| t.len() > 2)
                && page.starts(at, rules.lexicons.given_names));
    if at == end && at < cell.last && !begins {
        return;
    }
    // "== CANDIDATE EXPORT == Licensing Services == Driver Checks (Taxi) ==": a heading in parts, no label.
    if (at..cell.last).any(|i| page.is_mark(i, b'=') && page.is_mark(i + 1, b'=')) {
        return;
    }
    let line_end = page.layout.lines.get(cell.line).map_or(cell.last, |line| line.last);
    let last = if at < cell.last { cell.last } else { next_cell_end(page, cell, line_end) };
    // Some people write without capitals: "name: jodie ann brimble".
    let small = at > end
        && last - at <= 4
        && (at..last).all(|i| {
            page.token(i).is_some_and(|t| t.shape == Shape::Word(Case::Lower) && t.len() > 1)
                && !page.starts(i, rules.lexicons.common)
                && !page.starts(i, rules.lexicons.declined)
        });
    if small && (at..last).any(|i| person_name::is_listed_in_any_case(page, rules, i)) {
        found.push((at, last));
    }
    // "Name | Relationship | Contact": the head of a table of people.
    if at >= cell.last && !(at..last).any(|i| person_name::may_begin(page, rules, i)) {
        return;
    }
    names_between(page, rules, at, last, found);
}

fn next_cell_end(page: &Page, cell: &Cell, line_end: usize) -> usize {
    (cell.last..line_end)
        .find_map(|at| page.layout.cell_at(at).filter(|next| next.first > cell.first))
        .map_or(cell.last, |next| next.last)
}

pub(super) fn is_name_label(page: &Page, rules: &Rules, first: usize, last: usize) -> bool {
    let (Some(from), Some(to)) = (page.token(first), page.token(last - 1)) else { return false };
    let text = page.view.slice(from.start, to.end);
    text.len() <= 60
        && rules
            .labels
            .get(skeleton(text).as_str())
            .and_then(|number| rules.rules.get(*number))
            .is_some_and(|rule| rule.anchor)
}

/// Every name in a value: parted by slashes, commas, brackets, quotes, "or", "and".
fn names_between(page: &Page, rules: &Rules, first: usize, last: usize, found: &mut Places) {
    let mut at = first;
    while at < last {
        let quoted = at > first && page.is_mark(at - 1, b'"') && page.is_mark(at + 1, b'"');
        let name = page.token(at).is_some_and(|t| t.is_capital() && t.len() > 1)
            && (quoted
                || !person_name::is_ordinary(page, rules, at)
                || is_lone_value(page, rules, at, first, last))
            && !page.starts(at, rules.lexicons.titles)
            && !person_name::is_post_nominal(page, rules, at);
        let initials = page.token(at).is_some_and(|t| t.is_initial());
        if !(name || initials) {
            // A sentence after the name is no name: "Fields, Joy (until I married)".
            let small =
                page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Lower) && t.len() > 3);
            if small && !page.starts(at, rules.lexicons.particles) {
                at = skip_clause(page, at, last);
            }
            at += 1;
            continue;
        }
        let mut end = if quoted {
            at + 1
        } else {
            person_name::read(page, rules, at, last, Reading::Guessed).unwrap_or(at + 1)
        };
        // A scanner reads letters as digits: "SIVAN 0GLU".
        let scanned = end < last
            && page.beside(end)
            && page.token(end).is_some_and(|t| t.shape == Shape::Number && t.len() >= 3)
            && page.word(end).bytes().filter(u8::is_ascii_alphabetic).count() >= 2;
        end += usize::from(scanned);
        // "Broad (QTS certificate)": short capitals before a small word are no name.
        let body = end == at + 1
            && page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Upper) && t.len() <= 5)
            && page.beside(end)
            && page.token(end).is_some_and(|t| t.shape == Shape::Word(Case::Lower))
            && !person_name::is_listed(page, rules, at);
        if !body && (at..end).any(|i| page.token(i).is_some_and(|t| t.is_word() && t.len() > 1)) {
            found.push((at, end));
        }
        at = end.max(at + 1);
    }
}

/// A name that is an ordinary word, filling the value by itself: "Middle: May".
fn is_lone_value(page: &Page, rules: &Rules, at: usize, first: usize, last: usize) -> bool {
    at == first
        && (at + 1 == last
            || page
                .token(at + 1)
                .is_some_and(|t| matches!(t.shape, Shape::Mark(b'(' | b',' | b'/' | b'.'))))
        && (page.starts(at, rules.lexicons.wordlike) || person_name::is_listed(page, rules, at))
}

/// On to the next mark that may stand before a name.
fn skip_clause(page: &Page, at: usize, last: usize) -> usize {
    (at..last)
        .find(|i| {
            page.token(*i).is_some_and(|t| {
                matches!(t.shape, Shape::Mark(b',' | b'/' | b';' | b')' | b'(' | b'|'))
            })
        })
        .unwrap_or(last)
}

/// "I'm Juno, and I answer requests": a name after "I am" that a comma or full stop ends.
fn introduced(page: &Page, rules: &Rules, found: &mut Places) {
    for at in 1..page.tokens.len() {
        let am = matches!(page.lower(at), "'m" | "am") && page.lower(at - 1) == "i"
            || page.lower(at) == "is" && page.lower(at - 1) == "this"
            || matches!(page.lower(at), "'s" | "is") && page.lower(at - 1) == "it"
            || matches!(page.lower(at), "its" | "it's");
        let greets = !matches!(page.lower(at), "'m" | "am");
        if !am || !page.joined(at + 1) {
            continue;
        }
        let Some(cell) = page.layout.cell_at(at) else { continue };
        let guessed =
            person_name::read(page, rules, at + 1, cell.last.max(at + 1), Reading::Guessed);
        let Some(end) = two_words(page, rules, at + 1, cell.last, guessed).or(guessed) else {
            continue;
        };
        let lexicons = &rules.lexicons;
        let origin = (at + 1..end).any(|i| {
            [lexicons.nationality, lexicons.languages, lexicons.foreign_places]
                .into_iter()
                .any(|l| page.starts(i, l))
        });
        let words = (at + 1..end).filter(|i| page.token(*i).is_some_and(|t| t.len() > 1)).count();
        let listed = page.starts(at + 1, lexicons.given_names)
            || words > 1 && (at + 1..end).any(|i| person_name::is_listed(page, rules, i));
        let title = page.token(at + 1).is_some_and(|t| t.shape == Shape::Word(Case::Title));
        let closes = page.token(end).is_none_or(|t| {
            matches!(t.shape, Shape::Mark(b',' | b'.' | b'(' | b'!' | b';' | b':' | b'-'))
                || t.gap > Gap::Space
                || page.lower(end) == "and"
                || greets && matches!(page.lower(end), "here" | "from" | "again" | "speaking")
        });
        if title && closes && !origin && (listed || end > at + 2 && at < 60) {
            found.push((at + 1, end));
        }
    }
}

/// "I'm Sunday Laurel, ...": a given name and one more word with a capital, though both may be ordinary words, where the
/// usual reading stops between them.
fn two_words(
    page: &Page,
    rules: &Rules,
    first: usize,
    last: usize,
    guessed: Option<usize>,
) -> Option<usize> {
    let end = (first + 1..last.min(first + 6)).find(|at| {
        page.token(*at).is_none_or(|t| {
            t.gap > Gap::Space || !t.is_capital() && !matches!(t.shape, Shape::Mark(b'-' | b'\''))
        })
    });
    let end = end.unwrap_or(last.min(first + 6));
    (guessed.is_none_or(|guessed| guessed < end)
        && page.starts(first, rules.lexicons.given_names)
        && super::head::is_of_capitals(page, rules, first, end))
    .then_some(end)
}

/// A short line near the end that is a name and nothing else.
fn tail(page: &Page, rules: &Rules, index: &AnchorIndex, found: &mut Places) {
    let count = page.layout.lines.len();
    let last_lines = page.layout.lines.iter().enumerate().skip(count.saturating_sub(6).max(1));
    for (number, line) in last_lines {
        let words = line.last - line.first;
        if words > 7 || page.zone(line.first) == Zone::Referees {
            continue;
        }
        // "Heather Lane", alone at the end.
        if line.after_break
            && page.starts(line.first, rules.lexicons.given_names)
            && super::head::is_of_capitals(page, rules, line.first, line.last)
        {
            found.push((line.first, line.last));
            continue;
        }
        let heading = page.layout.is_heading(line.first);
        if line.after_break && !heading && is_initialled(page, rules, line.first, line.last) {
            found.push((line.first, line.last));
            continue;
        }
        let Some(end) = person_name::read(page, rules, line.first, line.last, Reading::Guessed)
        else {
            continue;
        };
        let whole = end == line.last
            || end + 1 == line.last && !page.token(end).is_some_and(|t| t.is_word());
        // "Zé", alone above a telephone number, or a word that no list has at the very end.
        let next = page.layout.lines.get(number + 1);
        let above_contact = next.is_some_and(|next| {
            (next.first..next.last).take(3).any(|at| {
                page.is_mark(at, b'@')
                    || page.token(at).is_some_and(|t| t.shape == Shape::Number && t.len() >= 5)
            })
        });
        let stranger = line.after_break
            && end == line.first + 1
            && !heading
            && !page.starts(line.first, rules.lexicons.sign_offs)
            && page.token(line.first).is_some_and(|t| {
                t.shape == Shape::Word(Case::Title)
                    && (above_contact || next.is_none() && t.word == WordId::UNKNOWN)
            });
        let known = stranger
            || (line.first..end).any(|at| {
                page.token(at).is_some_and(|t| t.len() > 2)
                    && (person_name::is_listed(page, rules, at)
                        && !page.starts(at, rules.lexicons.wordlike)
                        || index.word(page.lower(at)).is_some())
            });
        if whole && known {
            found.push((line.first, end));
        }
    }
}

/// "all my own work. J. March": an initial and a surname with which a text ends.
fn last_words(page: &Page, rules: &Rules, found: &mut Places) {
    let count = page.tokens.len();
    let Some(first) = count.checked_sub(3) else { return };
    let opens = first.checked_sub(1).is_none_or(|at| page.is_mark(at, b'.'));
    let surname = page.token(count - 1).is_some_and(|t| t.is_capital() && t.len() > 2);
    if opens && surname && is_initialled(page, rules, first, count) {
        found.push((first, count));
    }
}

/// "H. Lane", "Sh. Rahmani", "Bea K": an initial beside a word with a capital, and nothing more.
fn is_initialled(page: &Page, rules: &Rules, first: usize, last: usize) -> bool {
    let words: Vec<usize> =
        (first..last).filter(|at| page.token(*at).is_some_and(|t| t.is_word())).collect();
    let initial = |at: usize| page.token(at).is_some_and(|t| t.is_initial());
    let dotted = |at: usize| {
        page.is_mark(at + 1, b'.')
            && page.token(at + 1).is_some_and(|t| t.gap == Gap::Joined)
            && page.word(at).len() <= 2
            && page.word(at).chars().all(char::is_alphabetic)
    };
    let whole = |at: usize| {
        page.token(at).is_some_and(|t| t.is_capital() && t.len() > 2)
            && (page.starts(at, rules.lexicons.wordlike)
                || !page.starts(at, rules.lexicons.places_of_work)
                    && !page.starts(at, rules.lexicons.common))
    };
    let marks = (first..last).all(|at| {
        page.token(at).is_some_and(|t| t.is_word())
            || page.is_mark(at, b'.')
            || page.is_mark(at, b'-')
    });
    let (Some((front, rest)), true) = (words.split_last(), words.len() <= 4 && marks) else {
        return false;
    };
    let initials_first = !rest.is_empty() && whole(*front) && rest.iter().all(|at| dotted(*at));
    let initial_last = rest.len() == 1
        && initial(*front)
        && rest.iter().all(|at| page.starts(*at, rules.lexicons.given_names));
    initials_first || initial_last
}

/// A name of two words or more that begins, or fills, several lines: the head of each page.
fn repeated(page: &Page, rules: &Rules, found: &mut Places) {
    let mut seen: FastMap<&str, (usize, usize)> = FastMap::default();
    for line in &page.layout.lines {
        if line.last - line.first > 16 || page.zone(line.first) == Zone::Referees {
            continue;
        }
        let Some(end) = person_name::read(page, rules, line.first, line.last, Reading::Guessed)
        else {
            continue;
        };
        let words = (line.first..end)
            .filter(|at| page.token(*at).is_some_and(|t| t.is_word() && t.len() > 1))
            .count();
        let (Some(from), Some(to)) = (page.token(line.first), page.token(end - 1)) else {
            continue;
        };
        let listed = (line.first..end).any(|at| person_name::is_listed(page, rules, at));
        if words < 2 || !listed {
            continue;
        }
        let text = page.view.lower_slice(from.start, to.end);
        if let Some(place) = seen.insert(text, (line.first, end)) {
            found.push(place);
        }
    }
}

/// "> Dear Mr Pym," and "On Wed Paula wrote: Hi Bishwajit": in a quoted reply the greeting is to the candidate.
fn greeted(page: &Page, rules: &Rules, found: &mut Places) {
    for at in 0..page.tokens.len() {
        if !matches!(page.lower(at), "dear" | "hi" | "hello" | "hiya" | "morning") {
            continue;
        }
        let Some(cell) = page.layout.cell_at(at) else { continue };
        let Some(line) = page.layout.lines.get(cell.line) else { continue };
        let quoted = page.is_mark(line.first, b'>');
        let wrote = (line.first..at).any(|i| matches!(page.lower(i), "wrote" | "writes"));
        if !(quoted || wrote) {
            continue;
        }
        let mut first = at + 1;
        while page.starts(first, rules.lexicons.titles)
            || page.is_mark(first, b'.') && first > at + 1
        {
            first += 1;
        }
        if let Some(end) = person_name::read(page, rules, first, line.last, Reading::Guessed) {
            found.push((first, end));
        }
    }
}

/// "Everybody calls her VeeKay.", "Ask for Nem.": what somebody is to be called, at the end of a sentence.
fn asked_for(page: &Page, rules: &Rules, found: &mut Places) {
    for at in 2..page.tokens.len() {
        let (verb, object) = (page.lower(at - 2), page.lower(at - 1));
        let calls = matches!(verb, "call" | "calls" | "called")
            && matches!(object, "me" | "her" | "him" | "them")
            || matches!(verb, "ask" | "asking" | "asks") && object == "for";
        let quoted = usize::from(page.is_mark(at, b'"'));
        let name = at + quoted;
        let end = name + 1;
        let closes = page.token(end).is_none_or(|t| {
            t.gap > Gap::Space || matches!(t.shape, Shape::Mark(b'.' | b'!' | b'"' | b';' | b','))
        });
        let fits = page.token(name).is_some_and(|t| {
            matches!(t.shape, Shape::Word(Case::Title | Case::Mixed)) && t.len() >= 3
        }) && page.joined(at)
            && !person_name::is_ordinary(page, rules, name)
            && !page.starts(name, rules.lexicons.titles);
        if calls && closes && fits {
            found.push((name, end));
        }
    }
}
