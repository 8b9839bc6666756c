//! The name at the head of a text: on a line of its own, letter-spaced, above contact details, before pronouns. Reads; adds
//! nothing and removes nothing.

use super::super::person_name::{self, Reading};
use super::super::rules::Rules;
use super::super::text::{Cell, Gap, Page, Shape, WordId};
use super::{AnchorIndex, stated};

/// Names are looked for in this many lines at the head of a text.
const HEAD_LINES: usize = 8;

/// "J A N E   D O E - R O E", "D o e ,  J a n e": single letters, perhaps with marks of a name between them.
pub(super) fn is_letter_spaced(page: &Page, first: usize, last: usize) -> bool {
    let letter = |at: usize| {
        page.token(at).is_some_and(|t| t.is_word() && page.word(at).chars().count() == 1)
    };
    last >= first + 5
        && page.token(first).is_some_and(|t| t.is_initial())
        && (first..last).all(|at| {
            letter(at)
                || (page.is_mark(at, b'-') || page.is_mark(at, b',') || page.is_mark(at, b'\''))
                    && letter(at - 1)
                    && letter(at + 1)
        })
}

/// "J A N E   D O E" as "JANE DOE".
pub(super) fn spaced_words(page: &Page, first: usize, last: usize) -> String {
    let mut words = String::new();
    for at in first..last {
        let comma = page.is_mark(at, b',');
        if comma || at > first && !page.beside(at) && !words.ends_with(' ') {
            words.push(' ');
        }
        if !comma {
            words.push_str(page.word(at));
        }
    }
    words
}

/// A line near the top that holds a name and little else.
pub(super) fn head(
    page: &Page,
    rules: &Rules,
    index: &AnchorIndex,
    found: &mut Vec<(usize, usize)>,
) {
    let locals = local_parts(page);
    for (number, line) in page.layout.lines.iter().take(HEAD_LINES).enumerate() {
        for cell in page.layout.cells.get(line.first_cell..line.last_cell).unwrap_or_default() {
            if let Some(place) = placed_like_a_name(page, rules, number, cell, &locals) {
                found.push(place);
                continue;
            }
            let Some((first, last)) = name_of_cell(page, rules, cell) else { continue };
            // Where the name is known, a name at the head may be the addressee's: it must share a word.
            let shares = (first..last).any(|at| {
                let word = page.lower(at);
                index.word(word).is_some() || word.len() > 4 && index.resembles(word)
            });
            let spaced = is_letter_spaced(page, first, last);
            let words =
                (first..last).filter(|at| page.token(*at).is_some_and(|t| t.len() > 1)).count();
            let shares = shares
                || spaced
                    && spaced_words(page, first, last)
                        .split(' ')
                        .any(|word| index.word(&word.to_lowercase()).is_some());
            let listed = (first..last).any(|at| person_name::is_listed(page, rules, at));
            let is_local =
                |word: &str| word.len() >= 3 && locals.iter().any(|local| local.contains(word));
            let in_address = (first..last).any(|at| is_local(page.lower(at)))
                || spaced
                    && spaced_words(page, first, last)
                        .to_lowercase()
                        .split([' ', '-'])
                        .any(is_local);
            let unknown = (first..last)
                .filter(|at| {
                    page.token(*at).is_some_and(|t| t.is_word() && t.word == WordId::UNKNOWN)
                })
                .count();
            let signs = usize::from(listed) * 2
                + usize::from(in_address) * 3
                + usize::from(number == 0)
                + usize::from(unknown >= 2)
                + usize::from(spaced);
            let ordinary = spaced
                && spaced_words(page, first, last).split(' ').any(|word| {
                    super::is_wordlike(&word.to_lowercase(), rules)
                        && Page::read(&word.to_lowercase(), &rules.vocabulary)
                            .starts(0, rules.lexicons.job_titles)
                });
            let alone = index.is_partial && number == 0 && last == line.last;
            // Of a name of which one half was sent, the other may stand here by itself.
            let known = index.is_empty() || alone || index.is_half || shares || in_address;
            if (words >= 2 || spaced) && signs >= 2 && !ordinary && known {
                found.push((first, last));
            }
        }
    }
}

/// A cell of two to four capitalised words whose place tells that they are a name, though they may be ordinary words:
/// "May Wild" above a telephone number, "ROWAN, Torell" above "Curriculum Vitae", or what stands before an at sign too.
fn placed_like_a_name(
    page: &Page,
    rules: &Rules,
    number: usize,
    cell: &Cell,
    locals: &[String],
) -> Option<(usize, usize)> {
    let (first, last) = (cell.first, before_pronouns(page, cell));
    if !is_of_capitals(page, rules, first, last) {
        return None;
    }
    let words = |from: usize, to: usize| -> String {
        (from..to)
            .filter(|at| page.token(*at).is_some_and(|t| t.is_word()))
            .map(|at| page.lower(at))
            .collect()
    };
    let comma = (first..last).find(|at| page.is_mark(*at, b','));
    let (front, back) = match comma {
        Some(comma) => (words(first, comma), words(comma, last)),
        None => (words(first, first + 1), words(first + 1, last)),
    };
    let addressed = [format!("{front}{back}"), format!("{back}{front}")]
        .iter()
        .any(|whole| whole.len() >= 6 && locals.iter().any(|local| local.contains(whole.as_str())));
    let known = (first..last).any(|at| {
        page.starts(at, rules.lexicons.given_names)
            || page.token(at).is_some_and(|t| t.is_word() && t.word == WordId::UNKNOWN)
    });
    let given = is_sure_given(page, rules, first) && comma.is_none();
    let heads =
        last < cell.last || number == 0 && (given || known && contact_follows(page, number));
    (addressed || heads).then_some((first, last))
}

/// Where the name in a cell ends, if pronouns in brackets follow it: "Wren Day (they / them)".
fn before_pronouns(page: &Page, cell: &Cell) -> usize {
    (cell.first + 2..cell.last)
        .find(|at| {
            page.is_mark(*at, b'(')
                && matches!(page.lower(at + 1), "she" | "he" | "they" | "ze" | "xe" | "hi" | "any")
        })
        .unwrap_or(cell.last)
}

/// Whether tokens are two to four capitalised words, perhaps with one comma, none of which speaks of posts, bodies or
/// the document.
pub(super) fn is_of_capitals(page: &Page, rules: &Rules, first: usize, last: usize) -> bool {
    let lexicons = &rules.lexicons;
    let mut words = 0;
    let mut commas = 0;
    for at in first..last {
        let Some(token) = page.token(at) else { return false };
        match token.shape {
            Shape::Mark(b'-' | b'\'') => {}
            Shape::Mark(b',') => commas += 1,
            Shape::Word(_) if page.lower(at) == "'s" => return false,
            Shape::Word(_) if token.is_capital() && token.len() > 1 => {
                words += usize::from(token.gap > Gap::Joined || at == first);
                let surname = words > 1
                    && (page.starts(at, lexicons.family_names)
                        || page.is_entry(at, lexicons.wordlike))
                    && page.starts(first, lexicons.given_names);
                let other = [
                    lexicons.places_of_work,
                    lexicons.job_titles,
                    lexicons.degrees,
                    lexicons.subjects,
                ]
                .into_iter()
                .any(|lexicon| page.starts(at, lexicon));
                if other && !surname || PAPERS.contains(&page.lower(at)) {
                    return false;
                }
            }
            _ => return false,
        }
    }
    (2..=4).contains(&words) && commas <= 1 && !page.is_mark(last.saturating_sub(1), b',')
}

/// Whether a word is a given name and nothing else.
pub(super) fn is_sure_given(page: &Page, rules: &Rules, at: usize) -> bool {
    page.starts(at, rules.lexicons.given_names) && !super::is_wordlike(page.lower(at), rules)
}

/// Words of titles of documents.
const PAPERS: [&str; 18] = [
    "curriculum",
    "vitae",
    "cv",
    "resume",
    "application",
    "statement",
    "form",
    "details",
    "profile",
    "letter",
    "page",
    "confidential",
    "personal",
    "supporting",
    "covering",
    "contact",
    "summary",
    "reference",
];

/// Whether the next lines hold an e-mail address, a long number or the title of a CV.
fn contact_follows(page: &Page, number: usize) -> bool {
    page.layout.lines.iter().skip(number + 1).take(4).any(|line| {
        let house = page
            .token(line.first)
            .is_some_and(|t| t.shape == Shape::Number && t.len() <= 3)
            && page.token(line.first + 1).is_some_and(|t| t.is_capital() && t.gap <= Gap::Space);
        house
            || (line.first..line.last).any(|at| {
                page.is_mark(at, b'@')
                    || matches!(page.lower(at), "curriculum" | "cv" | "resume")
                    || page.token(at).is_some_and(|t| t.shape == Shape::Number && t.len() >= 5)
            })
    })
}

/// The name with which a cell begins, if the cell is a name, perhaps with a title before and letters after it.
fn name_of_cell(page: &Page, rules: &Rules, cell: &Cell) -> Option<(usize, usize)> {
    if is_letter_spaced(page, cell.first, cell.last) {
        let line = page.layout.lines.get(cell.line)?;
        let whole = is_letter_spaced(page, line.first, line.last);
        let place = if whole { (line.first, line.last) } else { (cell.first, cell.last) };
        return (!cell.heading).then_some(place);
    }
    let mut first = cell.first;
    // "Baul's CV - Baul Tesar".
    if matches!(page.lower(first + 1), "'s" | "s'")
        && matches!(page.lower(first + 2), "cv" | "curriculum" | "resume")
    {
        first += 3;
    }
    for lead in
        [&["cv", "of"][..], &["curriculum", "vitae", "of"], &["resume", "of"], &["cv"], &["name"]]
    {
        let fits = lead.iter().enumerate().all(|(i, word)| page.lower(cell.first + i) == *word);
        if fits {
            first = cell.first + lead.len();
            break;
        }
    }
    // A scanner's label: "Sumame EVANS".
    if cell.last - first > 1 && stated::is_name_label(page, rules, first, first + 1) {
        first += 1;
    }
    while first < cell.last
        && (page.starts(first, rules.lexicons.titles)
            || page.token(first).is_some_and(|t| matches!(t.shape, Shape::Mark(_))))
    {
        first += 1;
    }
    let end = person_name::read(page, rules, first, cell.last, Reading::Guessed)?;
    let rest = cell.last - end;
    let closes = end == cell.last
        || page.token(end).is_some_and(|t| {
            matches!(t.shape, Shape::Mark(b',' | b'(' | b'-' | b'|' | b':' | b'/') | Shape::Symbol)
        });
    (closes && rest <= 14 && cell.first + 10 > first).then_some((first, end))
}

/// What stands before the at sign of each e-mail address, and the last part of each profile address.
fn local_parts(page: &Page) -> Vec<String> {
    let mut parts = Vec::new();
    for word in page.view.lower().split_whitespace() {
        if let Some((local, _)) = word.split_once('@') {
            parts.push(super::squeeze(local));
        } else if word.contains("linkedin.com/in/") || word.contains("github.com/") {
            parts.push(super::squeeze(word.rsplit('/').next().unwrap_or("")));
        }
    }
    parts
}
