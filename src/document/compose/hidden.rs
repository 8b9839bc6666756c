//! What is kept beside a document's text: words that its pages do not show, and what is wrong with it.

use super::Composer;
use crate::document::{DocumentProblem, HiddenPlace, HiddenText, limits};

impl Composer {
    /// Keeps words that the page does not show.
    pub(in crate::document) fn hide(&mut self, place: HiddenPlace, text: &str) {
        let text = text.trim();
        if text.is_empty() || !self.seen.insert((place, text.chars().take(200).collect())) {
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            if self.document.hidden.len() >= limits::MOST_HIDDEN_TEXTS {
                let problem = DocumentProblem::note(
                    "hidden_text_cut",
                    "the document has more links, comments or deleted passages than are looked at; \
                     none of them is shown, but names that stand only in the rest are not known",
                );
                if !self.document.problems.contains(&problem) {
                    self.document.problems.push(problem);
                }
                return;
            }
            let (chunk, after) = split_at_most(rest, limits::LONGEST_HIDDEN_TEXT_BYTES);
            self.document.hidden.push(HiddenText { place, text: chunk.to_owned() });
            rest = after.trim_start();
        }
    }

    /// Notes something wrong, once.
    pub(in crate::document) fn report(&mut self, problem: DocumentProblem) {
        if !self.document.problems.contains(&problem) {
            self.document.problems.push(problem);
        }
    }
}

/// Cuts at white space if there is some in the last part, else at a character.
fn split_at_most(text: &str, bytes: usize) -> (&str, &str) {
    if text.len() <= bytes {
        return (text, "");
    }
    let mut at = bytes;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (head, _) = text.split_at(at);
    let at = head.rfind(char::is_whitespace).filter(|space| *space > bytes / 2).unwrap_or(at);
    text.split_at(at)
}
