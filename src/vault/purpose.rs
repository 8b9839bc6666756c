//! Who holds a data key and what bytes are sealed for. Each purpose has a sub-key of its own, so that bytes sealed
//! for one never open as another.

use crate::domain::CandidateId;

/// Who holds a data key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyHolder {
    /// The organisation itself: its vacancies, users, secrets.
    Organisation,
    /// One candidate: everything of that person.
    Candidate(CandidateId),
}

impl KeyHolder {
    /// The holder's name in what sealed bytes are bound to. No candidate has an empty one.
    pub(super) fn name(&self) -> &[u8] {
        match self {
            KeyHolder::Organisation => b"",
            KeyHolder::Candidate(candidate) => candidate.as_str().as_bytes(),
        }
    }
}

/// What bytes are sealed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Who the candidate is.
    Identity,
    /// What the candidate declared.
    Characteristics,
    /// Answers and documents as they came.
    Original,
    /// Redacted text for a panel.
    Pack,
    /// Bodies of journal records.
    Record,
    /// Shared secrets of sources.
    Secrets,
    /// What the reports that were given out showed.
    Reports,
}

impl Purpose {
    /// The purpose's name, which is bound into the sub-key and the sealed bytes. Never change one.
    pub(super) fn label(self) -> &'static str {
        match self {
            Purpose::Identity => "identity",
            Purpose::Characteristics => "characteristics",
            Purpose::Original => "original",
            Purpose::Pack => "pack",
            Purpose::Record => "record",
            Purpose::Secrets => "secrets",
            Purpose::Reports => "reports",
        }
    }
}
