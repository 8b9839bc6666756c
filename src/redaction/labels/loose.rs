//! Labels of which only a part is fixed: "*convictions*". Looks for all parts at once; does not know what they label.

use aho_corasick::{AhoCorasick, BuildError};

/// Parts of labels, as bones, each with the number of its rule.
#[derive(Default)]
pub(in super::super) struct LooseLabels {
    parts: Vec<(String, usize)>,
    /// Finds whether any part is there: mostly none is.
    any: Option<AhoCorasick>,
}

impl LooseLabels {
    /// Adds a part.
    pub fn push(&mut self, bones: String, rule: usize) {
        self.parts.push((bones, rule));
    }

    /// Makes the parts ready to be looked for; to be called when all are added.
    ///
    /// # Errors
    /// Where they are too many for one search.
    pub fn join(&mut self) -> Result<(), BuildError> {
        self.any = Some(AhoCorasick::new(self.parts.iter().map(|(bones, _)| bones))?);
        Ok(())
    }

    /// The rule of the first part, in the order they were added, that the bones of a label hold.
    pub fn rule_of(&self, bones: &str) -> Option<&usize> {
        if !self.any.as_ref()?.is_match(bones) {
            return None;
        }
        self.parts.iter().find(|(part, _)| bones.contains(part.as_str())).map(|(_, rule)| rule)
    }
}
