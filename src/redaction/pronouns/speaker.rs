//! Who speaks: quotations, and messages of others that an application holds. Knows the marks and header lines of both,
//! not who anybody is.

use super::super::rules::Rules;
use super::super::sex::Sex;
use super::super::text::{Gap, Page, Token, Zone};
use super::rewrite::neutral_of;
use super::{Person, Who, starts_sentence};

/// Whether the reader stands inside a quotation, and whether it has spoken of the candidate.
#[derive(Default)]
pub(super) struct Quotation {
    open: bool,
    /// The quotation speaks of the candidate: people met in it come and go.
    pub of_candidate: bool,
}

impl Quotation {
    /// Goes past a token.
    pub fn pass(&mut self, page: &Page, at: usize) {
        let Some(token) = page.token(at) else { return };
        if token.gap == Gap::Break {
            *self = Self::default();
        }
        if !page.is_mark(at, b'"') {
            return;
        }
        let opens = page.token(at + 1).is_some_and(|next| next.gap == Gap::Joined)
            && (at == 0 || token.gap != Gap::Joined);
        *self = Self { open: opens, of_candidate: false };
    }

    /// Whether the reader stands inside one.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// The candidate is named or meant.
    pub fn names_candidate(&mut self) {
        self.of_candidate |= self.open;
    }
}

/// Whether a token stands in a header line of a message: "From: Dennis Hale", "> To: ...".
pub(super) fn is_sender(page: &Page, at: usize) -> bool {
    page.layout
        .cell_at(at)
        .and_then(|cell| page.layout.lines.get(cell.line))
        .is_some_and(|line| header(page, line.first, line.last).is_some())
}

/// The word of a header line: "from", "subject".
fn header(page: &Page, first: usize, last: usize) -> Option<&str> {
    let word = (first..last).find(|at| !page.is_mark(*at, b'>') && !page.is_mark(*at, b'*'))?;
    let label = page.lower(word);
    (matches!(label, "from" | "to" | "cc" | "sent" | "subject" | "sender" | "date" | "re")
        && page.is_mark(word + 1, b':'))
    .then_some(label)
}

/// The lines of messages that the candidate sent: their senders' lines hold a name of the candidate.
pub(super) fn sent_by_candidate<'a>(
    page: &Page,
    people: impl Iterator<Item = &'a Person>,
) -> Vec<usize> {
    let mut lines: Vec<usize> = people
        .filter(|person| person.who == Who::Candidate)
        .map(|person| page.tokens.partition_point(|token| token.start < person.start))
        .filter_map(|at| page.layout.cell_at(at).map(|cell| cell.line))
        .collect();
    lines.dedup();
    lines
}

/// Whether the words of a message begin at a token, right below its header lines, that somebody else sent.
pub(super) fn follows_sender(page: &Page, at: usize, own_lines: &[usize]) -> bool {
    let Some(number) = page.layout.cell_at(at).map(|cell| cell.line) else { return false };
    let starts = page.layout.lines.get(number).is_some_and(|line| line.first == at);
    if !starts || is_sender(page, at) {
        return false;
    }
    let mut sender = false;
    for above in (number.saturating_sub(6)..number).rev() {
        let Some(line) = page.layout.lines.get(above) else { break };
        match header(page, line.first, line.last) {
            Some("from" | "sender") => {
                sender = own_lines.binary_search(&above).is_err();
                break;
            }
            Some(_) => {}
            None => break,
        }
    }
    sender
}

/// Whether a quotation that opens at a token is closed at the end of its line, perhaps before its source in brackets:
/// one of several testimonials below one another.
fn closes_line(page: &Page, open: usize) -> bool {
    let on_line = |at: &usize| page.token(*at).is_some_and(|token| token.gap < Gap::Line);
    let Some(close) =
        (open + 1..page.tokens.len()).take_while(on_line).find(|at| page.is_mark(*at, b'"'))
    else {
        return false;
    };
    let end = close + 1;
    !on_line(&end) || page.is_mark(end, b'(') || page.is_mark(end, b'-') || page.is_mark(end, b',')
}

/// Words near a quotation that show it to be what somebody said of the candidate.
const OF_ME: [&str; 37] = [
    "me",
    "others",
    "comment",
    "line",
    "my",
    "mine",
    "manager",
    "boss",
    "supervisor",
    "foreman",
    "feedback",
    "appraisal",
    "reference",
    "referee",
    "testimonial",
    "head",
    "colleague",
    "colleagues",
    "wrote",
    "says",
    "said",
    "say",
    "review",
    "letter",
    "card",
    "nomination",
    "recommendation",
    "panel",
    "quote",
    "quotes",
    "ref",
    "refs",
    "referees",
    "references",
    "recommendations",
    "testimonials",
    "comments",
];
/// How far behind somebody's name the quotation of what they said may open.
pub(super) const NEAR_SPEAKER: usize = 16;

/// How far before a quotation such a word may stand.
const NEAR_QUOTE: usize = 24;

/// "My son rang. He was cold": a relative of whoever speaks.
fn is_relative(page: &Page, at: usize) -> bool {
    at > 0
        && Sex::of_noun(page.lower(at)).is_some()
        && matches!(page.lower(at - 1), "my" | "our" | "his" | "her" | "their")
}

/// Whether a quotation about the candidate opens here: `My manager wrote "She is calm"`.
pub(super) fn quotes_the_candidate(page: &Page, rules: &Rules, at: usize, said_by: bool) -> bool {
    let opens = page.is_mark(at, b'"')
        && page.token(at).is_some_and(|mark| mark.gap != Gap::Joined || at == 0)
        && page.token(at + 1).is_some_and(|next| next.gap == Gap::Joined);
    if !opens {
        return false;
    }
    let begins_with_pronoun =
        (at + 1..at + 20).find(|next| neutral_of(page, *next).is_some()).is_some_and(|next| {
            // "A resident said he ...": somebody else is named before the pronoun.
            (at + 1..next).all(|before| {
                !is_relative(page, before)
                    && (!page.token(before).is_some_and(Token::is_capital)
                        || starts_sentence(page, before)
                        || page.starts(before, rules.lexicons.months))
            })
        });
    // "Rupert Lysaght, chairman: "She runs us all"": nobody else has been spoken of.
    let at_once = neutral_of(page, at + 1).is_some()
        && at > 0
        && (page.is_mark(at - 1, b':')
            || page.zone(at) == Zone::Referees
                && page.token(at + 1).is_some_and(Token::is_capital)
            || said_by && page.is_mark(at - 1, b',')
            || page.token(at).is_some_and(|mark| mark.gap >= Gap::Line)
                && page.token(at + 1).is_some_and(Token::is_capital)
                && closes_line(page, at));
    if at_once {
        return true;
    }
    // "Merryn Pascoe, Operations Director / "We disagreed weekly. She was usually right."": a colleague's line.
    let set_apart = page.token(at).is_some_and(|mark| mark.gap >= Gap::Line)
        || at > 0 && (page.is_mark(at - 1, b':') || page.is_mark(at - 1, b'/'));
    // "Gail Sharp, 01632 960 655: "The children think she is a pilot"": a colleague's line, too.
    if begins_with_pronoun && said_by && at > 0 && page.is_mark(at - 1, b':') {
        return true;
    }
    begins_with_pronoun
        && (at.saturating_sub(NEAR_QUOTE)..at).any(|near| {
            OF_ME.contains(&page.lower(near))
                || set_apart && near + 10 >= at && page.starts(near, rules.lexicons.job_titles)
        })
}
