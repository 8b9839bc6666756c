//! What a panel member sees: redacted text under pseudonyms. The reader is made of parts that have no way to
//! identity or characteristics, so that no mistake in a page can show them.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::authenticate::Viewer;
use super::copy_pack::Search;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::prove_blindness::BlindnessProof;
use super::receive_application::file_name;
use crate::domain::{ApplicationId, OrganisationId, Pseudonym, VacancyId};
use crate::store::{PackView, PackViews, Store};
use crate::vault::{PackOpener, SealedFiles};

/// Reads packs, and nothing else.
#[derive(Clone)]
pub struct PackReader {
    views: Arc<dyn PackViews>,
    opener: PackOpener,
    files: Arc<SealedFiles>,
    pub(super) check: Arc<dyn PackCheck>,
}

/// Searches a file for what is known of a candidate. Counts come out, and nothing else.
pub(super) trait PackCheck: Send + Sync {
    /// Searches a file; `blank` is one of the same kind without anything of the candidate.
    ///
    /// # Errors
    /// When the application cannot be opened: then nothing is known of the file.
    fn search(
        &self,
        organisation: &OrganisationId,
        application: &ApplicationId,
        file: &[u8],
        blank: &[u8],
    ) -> Result<BlindnessProof, WorkflowError>;
}

/// A vacancy that a panel member is assigned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackVacancy {
    /// Its id.
    pub id: VacancyId,
    /// The job title.
    pub title: String,
    /// How many packs can be read.
    pub packs: usize,
}

/// The packs of a vacancy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackList {
    /// The job title.
    pub title: String,
    /// In an order of this member's own, so that no candidate is always read first.
    pub entries: Vec<PackEntry>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackEntry {
    /// What to call the candidate.
    pub pseudonym: Pseudonym,
    /// Whether it can be read.
    pub state: PackEntryState,
}

/// Whether a pack can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackEntryState {
    /// It can.
    Ready,
    /// It is being made.
    Pending,
    /// A recruiter has to look at it first.
    Withheld,
}

/// One application as a panel may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The job title.
    pub title: String,
    /// What to call the candidate.
    pub pseudonym: Pseudonym,
    /// The parts, in the order of the application.
    pub parts: Vec<PackPart>,
    /// What was searched for in the pack when it was made, before it was released; none in packs of older releases.
    pub proof: Option<BlindnessProof>,
}

/// A pack as it is sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredPack {
    pub(super) parts: Vec<PackPart>,
    pub(super) proof: Option<BlindnessProof>,
}

impl StoredPack {
    /// Older releases sealed the parts alone.
    fn from_bytes(plain: &[u8]) -> Result<Self, WorkflowError> {
        let alone = || ciborium::from_reader(plain).map(|parts| Self { parts, proof: None });
        ciborium::from_reader(plain)
            .or_else(|_: ciborium::de::Error<std::io::Error>| alone())
            .map_err(|_: ciborium::de::Error<std::io::Error>| {
                WorkflowError::Undecodable("pack".to_owned())
            })
    }
}

/// One part of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackPart {
    /// The question, or which document it is.
    pub heading: String,
    /// The redacted text.
    pub text: String,
    /// The redacted document with its layout kept, if it is one of Word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<PackLayout>,
}

/// A redacted Word document, searched before it was sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackLayout {
    /// The file.
    #[serde(with = "serde_bytes")]
    pub file: Vec<u8>,
    /// What was searched for in it.
    pub proof: BlindnessProof,
}

impl fmt::Debug for PackLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PackLayout({} bytes)", self.file.len())
    }
}

impl Evenhand {
    /// The reader that the panel's pages are handed.
    pub fn pack_reader(self: &Arc<Self>) -> PackReader {
        PackReader {
            check: Arc::new(Search(Arc::clone(self))),
            views: Arc::<dyn Store>::clone(&self.store),
            opener: self.vault.pack_opener(),
            files: Arc::clone(&self.files),
        }
    }
}

impl PackReader {
    /// The vacancies that the viewer is assigned to, in order of title.
    ///
    /// # Errors
    /// [`WorkflowError::Store`] when a view cannot be read.
    pub fn vacancies(&self, viewer: &Viewer) -> Result<Vec<PackVacancy>, WorkflowError> {
        let mut vacancies = Vec::new();
        for id in &viewer.vacancies {
            if let Some(vacancy) = self.views.pack_vacancy(&viewer.organisation, id)? {
                let packs = self.views.packs(&viewer.organisation, id)?;
                let ready = packs.iter().filter(|pack| state(pack) == PackEntryState::Ready);
                vacancies.push(PackVacancy {
                    id: id.clone(),
                    title: vacancy.title,
                    packs: ready.count(),
                });
            }
        }
        vacancies.sort_by(|a, b| a.title.cmp(&b.title).then_with(|| a.id.cmp(&b.id)));
        Ok(vacancies)
    }

    /// The packs of a vacancy, shuffled for this member and always in the same order for them.
    ///
    /// # Errors
    /// [`WorkflowError::NotAssigned`], [`WorkflowError::UnknownVacancy`], or a view that cannot be read.
    pub fn list(&self, viewer: &Viewer, id: &VacancyId) -> Result<PackList, WorkflowError> {
        let title = self.assigned(viewer, id)?;
        let mut packs = self.views.packs(&viewer.organisation, id)?;
        packs.sort_by_cached_key(|pack| shuffle_key(viewer, id, pack.pseudonym));
        let entry = |pack: &PackView| PackEntry { pseudonym: pack.pseudonym, state: state(pack) };
        Ok(PackList { title, entries: packs.iter().map(entry).collect() })
    }

    /// One pack.
    ///
    /// # Errors
    /// [`WorkflowError::NotAssigned`], [`WorkflowError::UnknownPack`], [`WorkflowError::PackNotReady`],
    /// [`WorkflowError::PackWithheld`], or a view or file that cannot be read.
    pub fn open(
        &self,
        viewer: &Viewer,
        id: &VacancyId,
        pseudonym: Pseudonym,
    ) -> Result<Pack, WorkflowError> {
        self.open_with_id(viewer, id, pseudonym).map(|(pack, _)| pack)
    }

    /// One pack, and which application it is of: for the search, never for the panel.
    pub(super) fn open_with_id(
        &self,
        viewer: &Viewer,
        id: &VacancyId,
        pseudonym: Pseudonym,
    ) -> Result<(Pack, ApplicationId), WorkflowError> {
        let title = self.assigned(viewer, id)?;
        let packs = self.views.packs(&viewer.organisation, id)?;
        let pack = packs
            .into_iter()
            .find(|pack| pack.pseudonym == pseudonym)
            .ok_or(WorkflowError::UnknownPack)?;
        let file = match (state(&pack), &pack.file) {
            (PackEntryState::Withheld, _) => return Err(WorkflowError::PackWithheld),
            (PackEntryState::Ready, Some(file)) => file_name(file)?,
            _ => return Err(WorkflowError::PackNotReady),
        };
        let sealed = self.files.get(&file)?;
        let plain = self.opener.open(
            &viewer.organisation,
            &pack.candidate,
            &pack.key,
            pack.application.as_str(),
            &sealed,
        )?;
        let StoredPack { parts, proof } = StoredPack::from_bytes(&plain)?;
        Ok((Pack { title, pseudonym, parts, proof }, pack.application))
    }

    /// The title of a vacancy that the viewer is assigned to.
    fn assigned(&self, viewer: &Viewer, id: &VacancyId) -> Result<String, WorkflowError> {
        if !viewer.vacancies.contains(id) {
            return Err(WorkflowError::NotAssigned);
        }
        let vacancy = self.views.pack_vacancy(&viewer.organisation, id)?;
        Ok(vacancy.ok_or(WorkflowError::UnknownVacancy)?.title)
    }
}

fn state(pack: &PackView) -> PackEntryState {
    match (&pack.file, pack.withheld) {
        (_, true) => PackEntryState::Withheld,
        (Some(_), false) => PackEntryState::Ready,
        (None, false) => PackEntryState::Pending,
    }
}

/// A position that depends on member, vacancy and candidate, and on nothing that the candidate chose.
fn shuffle_key(viewer: &Viewer, vacancy: &VacancyId, pseudonym: Pseudonym) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [viewer.user.as_str(), vacancy.as_str(), &pseudonym.to_string()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}
