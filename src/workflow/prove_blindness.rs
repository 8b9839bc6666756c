//! The proof that a file which is about to leave is blind: it is read again as a reader would and by raw means, and
//! the leak gate searches everything that was found. Decides nothing about redaction.

use serde::{Deserialize, Serialize};

use crate::document::{self, RawKind};
use crate::redaction::Forbidden;

/// The shortest value that is not in a picture or a font by chance.
const LEAST_IN_BINARY: usize = 6;

/// What was searched for in a file, and what of it was there. Counts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BlindnessProof {
    /// How many values were known.
    pub known: usize,
    /// In how many parts of the file, and how often in each, one was found.
    pub found: usize,
    /// How many parts of the file were searched: texts, properties, strings, streams.
    pub parts_checked: usize,
    /// Whether the whole file could be read again. What cannot be read is not known to be blind.
    pub readable: bool,
    /// The reader's code for why it could not.
    #[serde(skip)]
    pub unread: Option<&'static str>,
}

impl BlindnessProof {
    /// Whether the file may leave.
    pub const fn holds(&self) -> bool {
        self.readable && self.found == 0
    }

    /// Code and advice when it does not hold: nothing known was found in a file that is only too much to be searched.
    pub fn reason(&self) -> (&'static str, String) {
        let withheld = "so it is withheld";
        match self.unread {
            Some("too_many_pages") if self.found == 0 => (
                "too_many_pages",
                format!(
                    "the new file would have more than 300 pages, which is more than can be searched, {withheld}; ask for a \
                     shorter document, or have it written as text"
                ),
            ),
            Some(code) if self.found == 0 => (
                "not_searched",
                format!(
                    "the new file is too much to be searched ({code}), {withheld}; ask for a shorter or simpler document, or \
                     have it written as text"
                ),
            ),
            _ => (
                "not_blind",
                format!(
                    "the new file could not be shown to be blind, {withheld}; have a person look at the redaction"
                ),
            ),
        }
    }
}

/// Searches a written file for everything that is known of the candidate. `blank` is a file of the same kind, written
/// without any text: what it has cannot come from the candidate. `allow` are words that the vacancy keeps.
pub fn prove_blindness(
    file: &[u8],
    blank: &[u8],
    forbidden: &Forbidden,
    allow: &[String],
) -> BlindnessProof {
    let mut proof = BlindnessProof { known: forbidden.len(), readable: true, ..Default::default() };

    // As a reader shows it, with what it does not show.
    let (read, own) = (document::read(file, None), document::read(blank, None));
    // A file without words is read well, and so is one of many lines. A format that has no reader is searched by raw
    // means alone.
    let pardoned = ["empty", "too_long", "unreadable_format"];
    let codes =
        read.problems.iter().filter(|problem| problem.withholds).map(|problem| problem.code);
    proof.unread = codes.into_iter().find(|code| !pardoned.contains(code));
    proof.readable &= proof.unread.is_none();
    proof.search(&read.text, forbidden, allow);
    for hidden in read.hidden.iter().filter(|hidden| !own.hidden.contains(hidden)) {
        proof.search(&hidden.text, forbidden, allow);
        proof.found += forbidden.count_inside(&hidden.text);
    }

    // As it stands in the bytes.
    let (Some(parts), Some(own)) = (document::raw_parts(file), document::raw_parts(blank)) else {
        proof.readable = false;
        return proof;
    };
    let own: Vec<&str> = own
        .iter()
        .filter(|part| part.kind != RawKind::Binary)
        .map(|part| part.text.as_str())
        .collect();
    let foreign = forbidden.without_those_in(&own.join("\n"));
    let long = foreign.only_long(LEAST_IN_BINARY);
    let words: Vec<&str> = parts
        .iter()
        .filter(|part| part.kind == RawKind::Words)
        .map(|part| part.text.as_str())
        .collect();
    let words = bare(&words.concat());
    for part in &parts {
        match part.kind {
            RawKind::Words => proof.search(&part.text, forbidden, allow),
            RawKind::Mixed => proof.search(&part.text, &foreign, allow),
            RawKind::Binary => proof.search(&part.text, &long, allow),
            RawKind::Strings => {
                proof.search(&part.text, &foreign, allow);
                // Headings stand in the outline as they do on the page: no words are run together there.
                if !words.contains(&bare(&part.text)) {
                    proof.found += foreign.count_inside(&part.text);
                }
            }
        }
    }
    proof
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

impl BlindnessProof {
    fn search(&mut self, text: &str, forbidden: &Forbidden, allow: &[String]) {
        self.parts_checked += 1;
        self.found += forbidden.count_disguised(text, allow);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_is_too_much_to_be_searched_says_so_and_is_not_called_less_than_blind() {
        for (unread, found, code, words) in [
            (Some("too_many_pages"), 0, "too_many_pages", "more than 300 pages"),
            (Some("took_too_long"), 0, "not_searched", "too much to be searched"),
            (Some("took_too_long"), 1, "not_blind", "could not be shown to be blind"),
            (None, 1, "not_blind", "could not be shown to be blind"),
        ] {
            let proof = BlindnessProof { unread, found, ..BlindnessProof::default() };
            let (said, message) = proof.reason();
            assert!(!proof.holds() && said == code && message.contains(words), "{said}: {message}");
        }
    }
}
