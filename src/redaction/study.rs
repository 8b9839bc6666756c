//! Places of study named without a word like "School": "BA Geography, Exeter, 2013-16", "Education: Mulberry, 2010 to
//! 2017", "I was at Rushey Mead". Weighs what stands beside the name; knows no school.

use super::hit::Hit;
use super::rules::Rules;
use super::text::{Gap, LexiconId, Page, Shape, Token, Zone};
use crate::rulebook::{Action, Kind, RuleId};

/// The longest name, in tokens.
const LONGEST: usize = 7;

/// Small words inside the names of schools.
const INSIDE: [&str; 14] =
    ["of", "the", "and", "for", "in", "at", "y", "de", "da", "do", "na", "ar", "upon", "le"];

/// Finds names that fill a segment of a line about study: between commas, brackets, or the edges of a cell.
pub(super) fn find(page: &Page, rules: &Rules, rule: &RuleId, hits: &mut Vec<Hit>) {
    for cell in &page.layout.cells {
        let education = cell.zone == Zone::Education;
        let label = begins_with_label(page, cell.first, cell.last);
        if cell.heading
            || !education && label.is_none() && !has_award(page, rules, cell.first, cell.last)
        {
            continue;
        }
        // A line of professional training names a body, not a school.
        let trained =
            (cell.first..cell.last).any(|at| page.starts(at, rules.lexicons.training_bodies));
        if trained && !has_award(page, rules, cell.first, cell.last) {
            continue;
        }
        let open = education || label.is_some();
        let start = label.unwrap_or(cell.first);
        let edges = (start..cell.last).filter(|at| is_edge(page, *at));
        let starts = std::iter::once(start).chain(edges.clone().map(|edge| edge + 1));
        for (first, at) in starts.zip(edges.chain(std::iter::once(cell.last))) {
            if is_name(page, rules, first, at) && is_beside_study(page, rules, first, at, open) {
                hits.extend(Hit::over(page, first, at, Kind::School, rule).map(|hit| Hit {
                    action: Action::Generalise,
                    score: 0.6,
                    ..hit
                }));
            }
        }
    }
}

/// Where the value begins in "Education: Mulberry" and "Schooling. Hookergate".
fn begins_with_label(page: &Page, first: usize, last: usize) -> Option<usize> {
    let colon = (first..last.min(first + 4))
        .find(|at| page.is_mark(*at, b':') || page.is_mark(*at, b'-') && *at > first)?;
    (first..colon)
        .any(|at| {
            matches!(
                page.lower(at),
                "education"
                    | "school"
                    | "schools"
                    | "schooling"
                    | "college"
                    | "university"
                    | "degree"
                    | "degrees"
                    | "studies"
                    | "qualifications"
                    | "study"
                    | "addysg"
            )
        })
        .then_some(colon + 1)
}

fn has_award(page: &Page, rules: &Rules, first: usize, last: usize) -> bool {
    (first..last).any(|at| is_award(page, rules, at))
}

fn is_award(page: &Page, rules: &Rules, at: usize) -> bool {
    page.starts(at, rules.lexicons.degrees) || page.starts(at, rules.lexicons.foreign_awards)
}

fn is_edge(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|token| match token.shape {
        Shape::Mark(b',' | b';' | b':' | b'(' | b')' | b'|') => true,
        Shape::Mark(b'.') => page.token(at + 1).is_none_or(|next| next.gap != Gap::Joined),
        Shape::Mark(b'-') => token.gap != Gap::Joined,
        Shape::Hole | Shape::Symbol => true,
        _ => false,
    })
}

/// Whether a segment is a run of capitals that is no subject, award, grade or body of training.
fn is_name(page: &Page, rules: &Rules, first: usize, last: usize) -> bool {
    let lexicons = &rules.lexicons;
    let length = last.saturating_sub(first);
    if !(1..=LONGEST).contains(&length) {
        return false;
    }
    let plain = (first..last).all(|at| {
        page.token(at).is_some_and(|token| match token.shape {
            Shape::Word(_) => {
                token.is_capital() && (at == first || page.beside(at))
                    || at > first && (INSIDE.contains(&page.lower(at)) || page.lower(at) == "'s")
            }
            Shape::Mark(b'\'' | b'-' | b'&') => at > first,
            _ => false,
        })
    });
    let barred = |lexicon: LexiconId| (first..last).any(|at| page.starts(at, lexicon));
    // "0ffice" is a scanner's.
    let word = page
        .token(first)
        .is_some_and(|token| token.len() >= 3 && !page.word(first).starts_with('0'));
    plain
        && word
        && page.token(first).is_some_and(Token::is_capital)
        && ![
            lexicons.subjects,
            lexicons.training_bodies,
            lexicons.degrees,
            lexicons.foreign_awards,
            lexicons.months,
            lexicons.job_titles,
            lexicons.titles,
            lexicons.common,
        ]
        .into_iter()
        .any(barred)
}

/// Whether a year or an award stands in the same segment or the one before or after.
fn is_beside_study(page: &Page, rules: &Rules, first: usize, last: usize, open: bool) -> bool {
    let line = page.layout.cell_at(first).map(|cell| cell.line);
    let on_line = |at: usize| page.layout.cell_at(at).map(|cell| cell.line) == line;
    let near_year = |mut range: std::ops::Range<usize>| {
        range.any(|at| {
            on_line(at)
                && page.token(at).is_some_and(|token| {
                    token.shape == Shape::Number && token.len() == 4 && token.gap <= Gap::Space
                })
        })
    };
    let after = last..last + 5;
    let award_before =
        (first.saturating_sub(8)..first).any(|at| on_line(at) && is_award(page, rules, at));
    let year_after = near_year(after.clone());
    if open {
        let award_after = after.clone().any(|at| on_line(at) && is_award(page, rules, at));
        let fills = page.layout.cell_at(first).is_some_and(|cell| cell.first == first);
        return year_after || award_before || award_after || fills && last - first >= 2;
    }
    year_after && award_before
}
