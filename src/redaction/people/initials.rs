//! The marks that clerks and interviewers leave on a form: "checked T.O.", "Rec'd MN 26/1", "For office use: SJB".

use super::super::text::{Case, Gap, Page, Shape};

/// Calls `found` with the tokens of each mark.
pub(super) fn find(page: &Page, mut found: impl FnMut(usize, usize)) {
    for line in &page.layout.lines {
        for at in line.first..line.last {
            if !is_cue(page, at) {
                continue;
            }
            let mut first = at + 1;
            while first < line.last
                && (matches!(page.lower(first), "by" | "'d" | "initials" | "in" | "on")
                    || page.token(first).is_some_and(|t| {
                        matches!(t.shape, Shape::Mark(b':' | b'.' | b'-' | b'\'' | b'|'))
                    }))
                && first < at + 4
            {
                first += 1;
            }
            if let Some(end) = mark(page, first, line.last) {
                found(first, end);
            }
        }
        // What a quotation is signed with: '... in the room." DP'.
        let quoted = (line.first + 1..line.last).rev().find(|at| page.is_mark(*at, b'"'));
        if let Some(end) = quoted.and_then(|at| mark(page, at + 1, line.last))
            && (end..line.last).all(|at| page.token(at).is_some_and(|t| !t.is_word()))
            && let Some(quote) = quoted
        {
            found(quote + 1, end);
        }
        // What a message is signed with, behind its last sentence: "She can quote me. ML".
        let closes = page.token(line.last).is_none_or(|next| next.gap == Gap::Break);
        let full_stop = (line.first + 4..line.last).rev().find(|at| {
            matches!(page.token(*at).map(|t| t.shape), Some(Shape::Mark(b'.' | b'!' | b'?')))
        });
        if closes
            && let Some(stop) = full_stop
            && stop + 2 == line.last
            && page.beside(stop + 1)
            && is_letters(page, stop + 1)
        {
            found(stop + 1, stop + 2);
        }
        let office = line.last - line.first <= 30
            && (line.first..line.last.min(line.first + 4)).any(|at| page.lower(at) == "office");
        if office {
            // The last word of what the office wrote.
            let last = (line.first + 2..line.last)
                .rev()
                .find(|at| page.token(*at).is_some_and(|t| t.is_word()));
            if let Some(at) = last.filter(|at| is_letters(page, *at) && page.lower(*at) != "id") {
                found(at, at + 1);
            }
        }
    }
}

fn is_cue(page: &Page, at: usize) -> bool {
    matches!(
        page.lower(at),
        "checked"
            | "rec"
            | "recd"
            | "received"
            | "seen"
            | "scanned"
            | "entered"
            | "logged"
            | "processed"
            | "verified"
            | "screened"
            | "countersigned"
            | "initialled"
            | "inputted"
            | "keyed"
            | "typed"
            | "vetted"
            | "chkd"
            | "ckd"
            | "int"
            | "clerk"
            | "init"
    )
}

/// Initials with full stops, or two or three capitals that a number, a mark or the line's end follows.
fn mark(page: &Page, first: usize, last: usize) -> Option<usize> {
    if first < last && is_letters(page, first) {
        let next = page.token(first + 1);
        let closes = first + 1 >= last || next.is_some_and(|t| !t.is_word() || t.gap > Gap::Space);
        return closes.then_some(first + 1);
    }
    let initial = |at: usize| at < last && page.token(at).is_some_and(|t| t.is_initial());
    let (mut end, mut letters) = (first, 0);
    while initial(end) && page.is_mark(end + 1, b'.') {
        letters += 1;
        end += 2;
    }
    if letters > 0 && initial(end) && page.token(end).is_some_and(|t| t.gap == Gap::Joined) {
        letters += 1;
        end += 1;
    }
    (letters >= 2).then_some(end)
}

/// Two or three capitals.
fn is_letters(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Upper) && t.len() <= 3)
        && !matches!(
            page.lower(at),
            "hr" | "dbs"
                | "id"
                | "cv"
                | "ref"
                | "nhs"
                | "pdf"
                | "rtw"
                | "uk"
                | "ni"
                | "bpo"
                | "tbc"
                | "na"
                | "it"
                | "ok"
                | "no"
        )
}
