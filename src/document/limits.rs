//! Hard limits on what is read from one document. Numbers only.

/// No application form or CV is larger; scans are, and they hold no text.
pub(super) const LARGEST_DOCUMENT_BYTES: usize = 20 * 1024 * 1024;
/// About 400 pages.
pub(super) const LONGEST_TEXT_BYTES: usize = 4 * 1024 * 1024;
/// Titles, link targets, comments: enough to find a name in.
pub(super) const MOST_HIDDEN_TEXTS: usize = 1000;
/// The longest of them that is kept whole.
pub(super) const LONGEST_HIDDEN_TEXT_BYTES: usize = 2000;
/// What all streams or entries of a document together may unpack to.
pub(super) const LARGEST_UNPACKED_BYTES: usize = 64 * 1024 * 1024;
/// What one of them may unpack to, as a multiple of its packed size.
pub(super) const LARGEST_RATIO: usize = 200;
/// Up to here one may be of any ratio: a short one packs well and harms nobody.
pub(super) const RATIO_FREE_BYTES: usize = 1024 * 1024;
/// Longer than any application with its enclosures.
pub(super) const MOST_PAGES: usize = 300;
/// Reading stops after this long, with what was read until then.
pub(super) const LONGEST_READING_MS: u64 = 4000;
