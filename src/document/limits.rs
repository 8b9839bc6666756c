//! Hard limits on what is read from one document. Numbers only.

/// No application form or CV is larger; scans are, and they hold no text.
pub(super) const LARGEST_DOCUMENT_BYTES: usize = 20 * 1024 * 1024;
/// Reading stops here: a little beyond what is accepted, so that a new document of a text that was accepted can be read
/// again for the proof.
pub(super) const LONGEST_TEXT_BYTES: usize = 640 * 1024;
/// About 200 full pages. What is longer would take seconds to redact and to set, and more pages than can be read again.
pub(super) const LONGEST_ACCEPTED_BYTES: usize = 512 * 1024;
/// About 200 pages of short lines.
pub(super) const MOST_LINES: usize = 8_000;
/// Cells of tables cost more than words: each is measured and tagged by itself.
pub(super) const MOST_CELLS: usize = 20_000;
/// What a new PDF or Word document may hold, all parts of an application together: it has to be read again.
pub(super) const LONGEST_WRITTEN_BYTES: usize = 560 * 1024;
/// The same in lines.
pub(super) const MOST_WRITTEN_LINES: usize = 8_500;
/// Titles, link targets, comments: enough to find a name in.
pub(super) const MOST_HIDDEN_TEXTS: usize = 1000;
/// The longest of them that is kept whole.
pub(super) const LONGEST_HIDDEN_TEXT_BYTES: usize = 2000;
/// What all entries of an archive together may unpack to.
pub(super) const LARGEST_UNPACKED_BYTES: usize = 64 * 1024 * 1024;
/// What an entry may unpack to, as a multiple of its packed size. Tables of an application form reach 60.
pub(super) const LARGEST_RATIO: usize = 200;
/// Up to here an entry may be of any ratio: a short one packs well and harms nobody.
pub(super) const RATIO_FREE_BYTES: usize = 1024 * 1024;
/// What all documents of a collection may unpack to: some thousands of CVs.
pub(super) const LARGEST_COLLECTION_BYTES: usize = 1024 * 1024 * 1024;
/// Entries of archives within a collection, stored so that their marks are seen: office files have about 20 each.
pub(super) const MOST_COLLECTION_MARKS: usize = 200_000;
/// A Word document has some 20 entries, one with many pictures some hundreds.
pub(super) const MOST_ARCHIVE_ENTRIES: usize = 4000;
/// Elements within elements, or groups within groups.
pub(super) const DEEPEST_NESTING: usize = 256;
/// Prefixes of namespaces that are known at one place; Word declares some 40.
pub(super) const MOST_PREFIXES: usize = 512;
/// What a copy with its layout kept may unpack to: long forms reach two million.
pub(super) const LARGEST_KEPT_BYTES: usize = 4 * 1024 * 1024;
/// Documents within documents: an attachment of a message that is attached to a message.
pub(super) const DEEPEST_DOCUMENT: usize = 3;
/// Attachments of one message, all levels counted apart.
pub(super) const MOST_ATTACHMENTS: usize = 50;
/// Longer than any application with its enclosures.
pub(super) const MOST_PAGES: usize = 300;
/// Reading stops after this long, with what was read until then.
pub(super) const LONGEST_READING_MS: u64 = 3000;
