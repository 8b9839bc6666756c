//! A paragraph of a Word document while it is read: what it hides, and whether it is a heading.

use super::super::super::compose::{Composer, Mark};
use super::super::super::{DocumentProblem, HiddenPlace};

/// A paragraph while it is read.
#[derive(Default)]
pub(super) struct Paragraph {
    pub(super) style: Option<String>,
    /// A number or bullet that is still to be written, before the first word.
    pub(super) prefix: Option<String>,
    pub(super) deleted: String,
    pub(super) concealed: String,
    pub(super) begins: Mark,
    /// The level of the heading that it is by its style.
    pub(super) outline: Option<usize>,
    /// Letters shown bold, and others.
    pub(super) bold: usize,
    pub(super) light: usize,
}

/// What stands alone in bold and is no longer than this is a heading.
const LONGEST_BOLD_HEADING: usize = 70;

impl Paragraph {
    /// The level of the heading that the paragraph is, if it is one.
    pub(super) fn heading(&self) -> Option<usize> {
        let stands_out = self.light == 0 && (3..=LONGEST_BOLD_HEADING).contains(&self.bold);
        self.outline.or(stands_out.then_some(2))
    }

    /// Keeps apart what was deleted of it and what it conceals.
    pub(super) fn keep_hidden(self, composer: &mut Composer) {
        composer.hide(HiddenPlace::Concealed, &self.deleted);
        if !self.concealed.trim().is_empty() {
            composer.hide(HiddenPlace::Concealed, &self.concealed);
            composer.report(DocumentProblem::concealed_text());
        }
    }
}
