//! What shows that a word is a name where it stands, though it is an ordinary word too, and that letters are
//! initials. Judges; finds nothing by itself.

use super::super::person_name;
use super::super::rules::Rules;
use super::super::sex::is_telling_title;
use super::super::text::{Case, Gap, Page, Shape, Zone};
use super::find::{Looked, Part};
use super::letters;

/// Whether a wordlike name stands where only a name would.
pub(super) fn is_name(looked: &Looked<'_>, first: usize, last: usize) -> bool {
    let (page, rules) = (looked.page, looked.rules);
    let Some(token) = page.token(first) else { return false };
    if followed_by_noun(page, rules, last) {
        return false;
    }
    // "AJ": nobody is called by two capitals that are nothing else, except the one who says so.
    let two = token.shape == Shape::Word(Case::Upper)
        && token.len() == 2
        && !ABBREVIATIONS.contains(&page.lower(first))
        && !DOTTED.contains(&page.lower(first));
    if two
        || is_signature_line(page, first, last)
        || fills_cell(page, first, last)
        || is_addressed(page, rules, first, last)
    {
        return true;
    }
    let title = first > 0
        && page.beside(first)
        && (page.starts(first - 1, rules.lexicons.titles)
            || page.is_mark(first - 1, b'.')
                && first > 1
                && page.starts(first - 2, rules.lexicons.titles));
    if title {
        return true;
    }
    let shape_of_name =
        token.shape == Shape::Word(Case::Title) && !page.starts(first, rules.lexicons.months);
    let opens = opens_sentence(page, first);
    if shape_of_name && looked.naming.in_sentence(first) && (!opens || after_label(page, first)) {
        return true;
    }
    if looked.naming.in_signature(first) && token.is_capital() && !opens {
        return true;
    }
    // In the middle of a sentence a capital is a sign by itself, unless the word is a month or place after
    // "in", "at", "since", or the text has no small letters.
    let before = first.checked_sub(1);
    let middle = shape_of_name
        && page.beside(first)
        && before.is_some_and(|at| {
            (page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Lower))
                || page.lower(at) == "the")
                && !PLACE_PREPOSITIONS.contains(&page.lower(at))
                && !(matches!(page.lower(at), "and" | "or") && joins_capitals(page, at))
        });
    let set_off = shape_of_name && !opens && is_set_off(page, first, last);
    let acts = token.shape == Shape::Word(Case::Title) && acts_in_quote(page, rules, first, last);
    let number_next = page.token(last).is_some_and(|t| t.shape == Shape::Number);
    let possessive_or_verb = page.token(last).is_some_and(|t| t.gap <= Gap::Space)
        && (page.lower(last) == "'s" || page.starts(last, rules.lexicons.person_verbs));
    let cue = before.is_some_and(|at| page.starts(at, rules.lexicons.person_cues));
    middle && !number_next
        || set_off
        || acts
        || presents_itself(page, first, last)
        || cue && page.beside(first)
        || possessive_or_verb && !is_modal(page, first)
}

/// "...as he says, Patience, that...", "said "Joy, well done"", "(Rose)": a capital word between marks, with words in
/// small letters around them, or addressed at the beginning of what somebody says.
fn is_set_off(page: &Page, first: usize, last: usize) -> bool {
    let Some(before) = first.checked_sub(1) else { return false };
    let small = |at: usize| page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Lower));
    let mark = |at: usize, marks: &[u8]| marks.iter().any(|mark| page.is_mark(at, *mark));
    let addressed = opens_quote(page, first) && mark(last, b",!?") && small(last + 1);
    let between = mark(before, b",(-;")
        && before > 0
        && small(before - 1)
        && page.joined(first)
        && (mark(last, b",!?)-;\"") && !page.token(last + 1).is_some_and(|t| t.is_capital())
            || small(last))
        && !is_listing(page, before);
    addressed || between
}

/// Whether a word is the first of what somebody says.
fn opens_quote(page: &Page, first: usize) -> bool {
    first > 0
        && page.is_mark(first - 1, b'"')
        && page.token(first).is_some_and(|token| token.gap == Gap::Joined)
}

/// "Hope inherited a service...", "Jun knocks and waits": who is named at the beginning of a quotation, and does
/// something.
fn acts_in_quote(page: &Page, rules: &Rules, first: usize, last: usize) -> bool {
    let small = page.token(last).is_some_and(|t| t.shape == Shape::Word(Case::Lower));
    if !opens_quote(page, first) || !small || !page.beside(last) {
        return false;
    }
    let word = page.lower(last);
    let form =
        word.ends_with('s') && !matches!(word, "is" | "was" | "has") && !word.ends_with("ss")
            || word.len() > 3 && word.ends_with("ed");
    // Months do these too: "May will be busy", "April never came".
    // "Joy with a clipboard": no verb, but a name at the head of what is said of somebody.
    let beside =
        matches!(word, "under" | "with" | "on" | "at" | "in" | "and" | "as" | "for" | "by");
    let act = beside || word == "will" || page.starts(last, rules.lexicons.person_verbs);
    form || act && !page.starts(first, rules.lexicons.months)
}

/// "Winter, as we call her", "I went back to Winter, the name I was christened with".
fn is_explained(page: &Page, last: usize) -> bool {
    page.is_mark(last, b',')
        && match page.lower(last + 1) {
            "as" => {
                (last + 2..last + 6).any(|at| matches!(page.lower(at), "call" | "calls" | "called"))
            }
            "the" => page.lower(last + 2) == "name",
            _ => false,
        }
}

/// Whether a mark parts items of a list of words written with capitals: "Oak, Hazel, Rowan".
fn is_listing(page: &Page, mark: usize) -> bool {
    page.is_mark(mark, b',')
        && (mark.saturating_sub(4)..mark)
            .any(|at| page.is_mark(at, b',') && page.token(at + 1).is_some_and(|t| t.is_capital()))
}

const PLACE_PREPOSITIONS: [&str; 20] = [
    "in", "at", "since", "from", "until", "till", "to", "by", "near", "of", "early", "late", "mid",
    "last", "next", "every", "each", "during", "for", "through",
];

/// "Oak and Hazel", "April or May": the word before joins things of a list that are written with capitals or numbers.
fn joins_capitals(page: &Page, at: usize) -> bool {
    at == 0 || page.token(at - 1).is_none_or(|t| t.is_capital())
}

/// "Diamond is how my crew know me", "Joy here.": words that only a name is followed by.
fn presents_itself(page: &Page, first: usize, last: usize) -> bool {
    // "Ma. is short for Maria."
    let dot = page.is_mark(last, b'.') && page.token(last).is_some_and(|t| t.gap == Gap::Joined);
    let last = last + usize::from(dot && last == first + 1);
    let explains = matches!(page.lower(last), "is" | "was")
        && matches!(page.lower(last + 1), "how" | "what" | "who" | "short");
    let here = page.lower(last) == "here"
        && (opens_sentence(page, first) || !page.beside(first))
        && page.token(last + 1).is_none_or(|t| !t.is_word() || t.gap > Gap::Space);
    is_explained(page, last) || page.beside(last) && (explains || here)
}

fn is_modal(page: &Page, at: usize) -> bool {
    matches!(page.lower(at), "will" | "can" | "may" | "so" | "an" | "do" | "he" | "my" | "per")
}

fn opens_sentence(page: &Page, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    page.token(at).is_some_and(|t| t.gap >= Gap::Wide)
        || page.token(before).is_some_and(|t| {
            matches!(t.shape, Shape::Mark(b'.' | b'!' | b'?' | b':' | b'*'))
                || t.shape == Shape::Symbol
        })
}

/// "Other surnames used: Winter", "Middle | May".
fn after_label(page: &Page, at: usize) -> bool {
    at > 0 && (page.is_mark(at - 1, b':') || page.is_mark(at - 1, b'|')) && page.joined(at)
}

/// A line that holds the name and nothing else.
fn is_signature_line(page: &Page, first: usize, last: usize) -> bool {
    page.layout.cell_at(first).is_some_and(|cell| {
        (cell.first..first).all(|at| {
            page.token(at).is_some_and(|t| {
                matches!(t.shape, Shape::Mark(b'>' | b'-' | b'*' | b'('))
                    || t.shape == Shape::Symbol
            })
        }) && !cell.heading
            && (last..cell.last).all(|at| page.token(at).is_some_and(|t| !t.is_word()))
            && (page.layout.lines.get(cell.line)).is_some_and(|l| l.last_cell - l.first_cell == 1)
            && cell.last - cell.first <= 6
    })
}

/// "Usually called      Hope": the name by itself beside a label, where personal details are.
fn fills_cell(page: &Page, first: usize, last: usize) -> bool {
    page.zone(first) == Zone::Personal
        && page.layout.cell_at(first).is_some_and(|cell| {
            (cell.first, cell.last) == (first, last)
                && page.layout.lines.get(cell.line).is_some_and(|l| l.last_cell - l.first_cell == 2)
        })
}

/// "Hi Will,", "Dear Grace", "I'm May", "call me Rose", "Signed Mark", "Joy by name".
fn is_addressed(page: &Page, rules: &Rules, first: usize, last: usize) -> bool {
    if page.beside(last) && page.lower(last) == "by" && page.lower(last + 1) == "name" {
        return true;
    }
    let Some(before) = first.checked_sub(1) else { return false };
    if !page.beside(first) {
        return false;
    }
    let quote = page.is_mark(before, b'"') && page.is_mark(last, b'"');
    let word = page.lower(before);
    quote
        || matches!(
            word,
            "hi" | "hello"
                | "dear"
                | "hiya"
                | "signed"
                | "called"
                | "named"
                | "thanks"
                | "hey"
                | "morning"
        )
        || matches!(word, "'m" | "me" | "is" | "am")
            && first >= 2
            && matches!(page.lower(first - 2), "i" | "call" | "name" | "calls" | "called")
        || page.starts(before, rules.lexicons.person_cues)
}

/// "Rose Garden", "Reading Borough Council", "Mark Lane": the capitalised word after it makes it a place or body.
fn followed_by_noun(page: &Page, rules: &Rules, last: usize) -> bool {
    page.beside(last)
        && page.token(last).is_some_and(|token| token.is_capital() && token.len() > 1)
        && (page.starts(last, rules.lexicons.places_of_work)
            || page.starts(last, rules.lexicons.job_titles)
            || page.token(last).is_some_and(|t| t.shape == Shape::Word(Case::Title))
                && !person_name::is_listed(page, rules, last))
}

/// "P.T.M.", "ZWC" and "S.B.": the first letters of the name where a name would stand: three with full stops
/// anywhere, two or three on a line of their own, in a signature, in a sentence about names, or in brackets after the
/// name.
pub(super) fn are_initials(looked: &Looked<'_>, first: usize, last: usize) -> bool {
    let page = looked.page;
    let letters: String = (first..last)
        .filter(|at| looked.part(*at) == Part::Initial)
        .map(|at| page.lower(at))
        .collect();
    let count = letters.chars().count();
    let dots = (first..last).filter(|at| page.is_mark(*at, b'.')).count();
    // "Mrs T": a title before the letter.
    let titled = first
        .checked_sub(1)
        .map(|at| if page.is_mark(at, b'.') { at.saturating_sub(1) } else { at })
        .is_some_and(|at| page.beside(first) && is_telling_title(page.lower(at)));
    if count == 1
        && titled
        && (page.token(last).is_none_or(|t| !t.is_capital() || t.gap > Gap::Space)
            || page.is_mark(last - 1, b'.') && person_name::is_ordinary(page, looked.rules, last))
    {
        return true;
    }
    if letters::are_placed(looked, first, last, &letters) {
        return true;
    }
    // Three letters with full stops are initials of nothing else.
    if dots >= 3 && count >= 3 {
        return true;
    }
    // "GJB" signs for Grzegorz Brzozowski, whose second name nobody sent.
    let ends: String = letters.chars().take(1).chain(letters.chars().last()).collect();
    let middle = count == 3 && looked.index.is_acronym_in_order(&ends);
    if middle && (is_signature_line(page, first, last) || looked.naming.in_signature(first)) {
        return true;
    }
    if count < 2 || !looked.index.is_acronym(&letters) {
        return false;
    }
    // "K.D." is hers where it abbreviates nothing else.
    if dots == 2 && count == 2 && !DOTTED.contains(&letters.as_str()) {
        return true;
    }
    let in_order = looked.index.is_acronym_in_order(&letters);
    if in_order && (count >= 3 || speaks_or_is_called(looked, first, last, &letters)) {
        return true;
    }
    let bracket = first > 0
        && (page.is_mark(first - 1, b'(') && page.is_mark(last, b')')
            || page.is_mark(first - 1, b'"') && page.is_mark(last, b'"'))
        && (first.saturating_sub(4)..first)
            .any(|at| matches!(looked.part(at), Part::Sure | Part::Alike));
    let placed = is_signature_line(page, first, last)
        || looked.naming.in_signature(first)
        || looked.naming.in_sentence(first)
        || bracket;
    let small = (first..last).any(|at| {
        looked.part(at) == Part::Initial && page.token(at).is_some_and(|t| !t.is_capital())
    });
    placed && (!small || letters::is_typed_alone(page, first))
}

/// "KB proved it", "my staff call me BJ", "D. Hristova or DH": two letters of the name that do what people do, or stand
/// where people are named, and abbreviate nothing that applications speak of.
fn speaks_or_is_called(looked: &Looked<'_>, first: usize, last: usize, letters: &str) -> bool {
    let (page, rules) = (looked.page, looked.rules);
    let capitals = (first..last)
        .all(|at| page.token(at).is_none_or(|token| !token.is_word() || token.is_capital()));
    if !capitals {
        return false;
    }
    let ordinary = DOTTED.contains(&letters) || ABBREVIATIONS.contains(&letters);
    // "TP-Link", "GK9 KB 4": parts of codes.
    let code = page.token(last).is_some_and(|token| {
        token.gap == Gap::Joined
            && !matches!(
                token.shape,
                Shape::Mark(b'.' | b',' | b';' | b'!' | b'?' | b')' | b'"' | b'\'' | b':')
            )
            && page.lower(last) != "'s"
    });
    if code {
        return false;
    }
    let acts = page.token(last).is_some_and(|token| token.gap <= Gap::Space)
        && (page.lower(last) == "'s" || page.starts(last, rules.lexicons.person_verbs));
    let before = first.checked_sub(1).filter(|_| page.beside(first));
    let called = before.is_some_and(|at| {
        matches!(
            page.lower(at),
            "call"
                | "calls"
                | "called"
                | "me"
                | "say"
                | "says"
                | "signed"
                | "initials"
                | "initialled"
                | "am"
                | "plain"
                | "just"
                | "simply"
        ) || page.is_mark(at, b':')
            && matches!(
                page.lower(at.wrapping_sub(1)),
                "present"
                    | "attendees"
                    | "attending"
                    | "attendance"
                    | "apologies"
                    | "initials"
                    | "author"
                    | "minutes"
                    | "owner"
                    | "by"
            )
    });
    // "Notice three months. - NY": how notes and messages are signed.
    let signs = before.is_some_and(|at| {
        page.is_mark(at, b'-') && page.token(at).is_some_and(|mark| mark.gap > Gap::Joined)
    }) && (page.is_mark(last, b'"')
        || page.token(last).is_none_or(|next| next.gap > Gap::Space));
    let other_form = before.is_some_and(|at| matches!(page.lower(at), "or" | "," | "(" | "/"))
        && (first.saturating_sub(6)..first)
            .any(|at| matches!(looked.part(at), Part::Sure | Part::Alike));
    (acts || called || signs) && !ordinary || other_form
}

/// Two capitals that applications use for something else than a person.
const ABBREVIATIONS: [&str; 66] = [
    "aa", "ac", "ae", "ai", "al", "ar", "as", "at", "av", "ax", "bi", "bp", "bs", "bt", "ca", "cd",
    "ce", "ci", "cp", "cs", "cv", "cx", "dc", "dh", "di", "dj", "do", "ds", "dt", "dv", "dw", "eh",
    "er", "fa", "fe", "fm", "go", "gm", "gi", "he", "ho", "hs", "ia", "id", "ii", "ip", "iv", "jd",
    "ks", "lp", "me", "mi", "ms", "nd", "no", "oh", "ok", "ot", "pm", "rc", "sc", "sm", "sw", "ta",
    "ux", "wc",
];

/// What two letters with full stops abbreviate, besides somebody's name.
const DOTTED: [&str; 26] = [
    "uk", "us", "ni", "pa", "hr", "it", "am", "pm", "eu", "un", "vp", "ma", "ba", "md", "ed", "tv",
    "pe", "re", "gp", "mp", "pr", "qa", "la", "pc", "ps", "ad",
];
