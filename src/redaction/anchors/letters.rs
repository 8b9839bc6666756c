//! Where single letters and a few capitals are the candidate's initials by the place they stand in: in file names, as
//! the whole of a message's last line, in quotes beside the name. Judges; finds nothing by itself.

use super::super::text::{Gap, Page, Shape};
use super::file_names;
use super::find::{Looked, Part};

/// Whether letters of the name between two tokens stand where initials do.
pub(super) fn are_placed(looked: &Looked<'_>, first: usize, last: usize, letters: &str) -> bool {
    let page = looked.page;
    match letters.chars().count() {
        1 => {
            closes_message(looked, first, last)
                || is_quoted(page, first, last) && speaks_of_author(page, first)
                || acts(looked, first, last)
        }
        2.. => {
            let acronym = looked.index.is_acronym(letters);
            acronym && (in_file_name(page, first, last) || answers(page, first, last))
                || is_quoted(page, first, last)
                    && letters.chars().all(|letter| looked.index.has_initial(letter))
                    && (near_name(looked, first) || looked.naming.in_sentence(first))
                || beside_name(looked, first, letters)
                || other_form(looked, first, letters)
        }
        0 => false,
    }
}

/// "H x" and "- H" on a line of their own.
fn closes_message(looked: &Looked<'_>, first: usize, last: usize) -> bool {
    let page = looked.page;
    let Some(cell) = page.layout.cell_at(first) else { return false };
    let begins = (cell.first..first).all(|at| page.is_mark(at, b'>') || page.is_mark(at, b'-'));
    let kiss = (last..cell.last)
        .filter(|at| page.token(*at).is_some_and(|t| t.is_word()))
        .all(|at| matches!(page.lower(at), "x" | "xx" | "xxx"));
    let any = (last..cell.last).any(|at| page.lower(at).starts_with('x'));
    begins && kiss && (any || looked.naming.in_signature(first) && cell.last == last)
}

fn is_quoted(page: &Page, first: usize, last: usize) -> bool {
    first > 0
        && (page.is_mark(first - 1, b'"') && page.is_mark(last, b'"')
            || page.is_mark(first - 1, b'\'') && page.is_mark(last, b'\''))
}

fn speaks_of_author(page: &Page, first: usize) -> bool {
    (first.saturating_sub(9)..first).any(|at| matches!(page.lower(at), "me" | "my" | "i" | "'m"))
}

/// "; N. did it at night": one letter with a full stop that does what people do.
fn acts(looked: &Looked<'_>, first: usize, last: usize) -> bool {
    let page = looked.page;
    if last != first + 2 || !page.is_mark(first + 1, b'.') || !page.beside(last) {
        return false;
    }
    let verb = page.lower(last);
    let does = page.token(last).is_some_and(|t| !t.is_capital())
        && (page.starts(last, looked.rules.lexicons.person_verbs)
            || matches!(
                verb,
                "is" | "was" | "has" | "had" | "did" | "does" | "will" | "would" | "can" | "could"
            )
            || verb.len() > 4 && verb.ends_with("ed"));
    let opens = first.checked_sub(1).is_none_or(|at| {
        page.token(first).is_some_and(|t| t.gap >= Gap::Break)
            || page.token(at).is_some_and(|t| {
                matches!(t.shape, Shape::Mark(b';' | b',' | b'.' | b'"' | b'!' | b'?'))
            })
            || matches!(page.lower(at), "that" | "and" | "but" | "when" | "because" | "so" | "if")
    });
    does && opens
}

/// "ref_re_DI.pdf", "AAM tacho card.jpg": a name of a file, one that has no other letters in capitals before it.
fn in_file_name(page: &Page, first: usize, last: usize) -> bool {
    let capital = page.token(first).is_some_and(|t| t.is_capital());
    let next = page.is_mark(last.wrapping_sub(1), b'.');
    if capital && next && file_names::is_file_type(page, last) {
        return true;
    }
    capital
        && (last..last + 6)
            .take_while(|at| *at == last || page.token(*at).is_some_and(|t| t.gap <= Gap::Space))
            .find(|at| {
                page.is_mark(*at, b'.') && page.token(*at).is_some_and(|t| t.gap == Gap::Joined)
            })
            .is_some_and(|dot| {
                file_names::is_file_type(page, dot + 1)
                    && (last..dot).all(|at| {
                        page.token(at).is_some_and(|t| !t.is_capital() || t.gap == Gap::Joined)
                    })
            })
}

/// "A: MJ yes": what an answer begins with that asks who confirms something.
fn answers(page: &Page, first: usize, last: usize) -> bool {
    let answer = first >= 2
        && page.is_mark(first - 1, b':')
        && matches!(page.lower(first - 2), "a" | "answer" | "ans" | "response");
    let confirms = || {
        (first.saturating_sub(24)..first).any(|at| {
            matches!(
                page.lower(at),
                "confirm" | "declare" | "declaration" | "agree" | "true" | "sign" | "initial"
            )
        })
    };
    answer
        && confirms()
        && (page.token(last).is_none_or(|t| t.gap > Gap::Space)
            || matches!(page.lower(last), "yes" | "agreed" | "confirmed" | "ok" | "," | "."))
}

fn near_name(looked: &Looked<'_>, first: usize) -> bool {
    (first.saturating_sub(10)..first).any(|at| matches!(looked.part(at), Part::Sure | Part::Alike))
}

/// "I. Etxeberria A.    IEA": in the next column to the name, beginning as it begins.
fn beside_name(looked: &Looked<'_>, first: usize, letters: &str) -> bool {
    let page = looked.page;
    let column = page.token(first).is_some_and(|t| t.gap == Gap::Wide && t.is_capital());
    let named = || {
        (first.saturating_sub(4)..first).any(|at| {
            matches!(looked.part(at), Part::Sure | Part::Alike)
                && (at + 1..first).all(|i| page.token(i).is_some_and(|t| t.gap <= Gap::Space))
        })
    };
    let begins = letters.char_indices().nth(2).is_some_and(|(end, _)| {
        letters.get(..end).is_some_and(|two| looked.index.is_acronym_in_order(two))
    });
    column && (begins || looked.index.is_acronym_in_order(letters)) && named()
}

/// "D. Hristova or DH": letters that are offered for the name.
fn other_form(looked: &Looked<'_>, first: usize, letters: &str) -> bool {
    let page = looked.page;
    first > 1
        && letters.chars().all(|letter| looked.index.has_initial(letter))
        && page.beside(first)
        && page.token(first).is_some_and(|t| t.is_capital())
        && matches!(page.lower(first - 1), "or" | "aka")
        && matches!(looked.part(first - 2), Part::Sure | Part::Alike)
}

/// Whether a word of three small letters that no rule knows stands alone on its line, as initials are typed.
pub(super) fn is_typed_alone(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|t| t.is_word() && t.len() == 3 && t.word.index() == 0)
        && page
            .layout
            .cell_at(at)
            .is_some_and(|cell| (cell.first, cell.last) == (at, at + 1) && !cell.heading)
}
