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

/// Two or three initials that a number, a mark or the line's end follows.
fn mark(page: &Page, first: usize, last: usize) -> Option<usize> {
    let mut end = first;
    if first < last && is_letters(page, first) {
        end = first + 1;
    } else {
        let mut letters = 0;
        while end < last
            && page.token(end).is_some_and(|t| t.is_initial())
            && page.is_mark(end + 1, b'.')
        {
            letters += 1;
            end += 2;
        }
        if end < last
            && letters > 0
            && page.token(end).is_some_and(|t| t.is_initial() && t.gap == Gap::Joined)
        {
            letters += 1;
            end += 1;
        }
        if letters < 2 {
            return None;
        }
    }
    let closes = end >= last || page.token(end).is_some_and(|t| !t.is_word() || t.gap > Gap::Space);
    closes.then_some(end)
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
