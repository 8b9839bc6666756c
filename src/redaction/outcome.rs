//! What became of an application's texts: what was removed and why, whether a panel may see the rest. Holds results;
//! makes none.

use std::fmt;

use crate::rulebook::{Action, Kind, RuleId};

/// A removed, changed or knowingly kept passage.
#[derive(Clone, PartialEq, Eq)]
pub struct Span {
    /// First character, counted in Unicode scalars.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// What it shows.
    pub kind: Kind,
    /// Which rule found it.
    pub rule: RuleId,
    /// What was done.
    pub action: Action,
    /// What stands there now.
    pub replacement: String,
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A kept passage's replacement is the candidate's own words.
        write!(f, "Span({}..{} {} by {})", self.start, self.end, self.kind, self.rule)
    }
}

/// Why an output must be looked at by a person. Never holds the application's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// What became of one text.
#[derive(Clone, PartialEq, Eq)]
pub struct Redaction {
    /// The text with passages replaced.
    pub redacted: String,
    /// Whether a panel may see it.
    pub released: bool,
    /// Why not, if not.
    pub problems: Vec<Problem>,
    /// What was done, in order of place; spans never overlap.
    pub spans: Vec<Span>,
    /// What the leak gate looked for.
    pub check: LeakCheck,
}

/// What the leak gate looked for in an output, and what of it was there. Counts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeakCheck {
    /// How many values were known: words of the name, whole names, contact values, numbers.
    pub known: usize,
    /// In how many places the output still held one.
    pub found: usize,
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (spans, problems) = (self.spans.len(), self.problems.len());
        write!(f, "Redaction(released: {}, {spans} spans, {problems} problems)", self.released)
    }
}

/// One document or answer of an application.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// What it is called in problems, e.g. `document 2`; never a file name.
    pub label: &'a str,
    /// Its text.
    pub text: &'a str,
}
