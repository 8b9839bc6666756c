//! Hard limits on what is read from one document. Numbers only.

/// No application form or CV is larger; scans are, and they hold no text.
pub(super) const LARGEST_DOCUMENT_BYTES: usize = 16 * 1024 * 1024;
/// About 400 pages.
pub(super) const LONGEST_TEXT_BYTES: usize = 4 * 1024 * 1024;
/// Titles, link targets, comments: enough to find a name in.
pub(super) const MOST_HIDDEN_TEXTS: usize = 1000;
/// The longest of them that is kept whole.
pub(super) const LONGEST_HIDDEN_TEXT_BYTES: usize = 2000;
