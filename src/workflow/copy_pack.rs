//! A pack as a file to download: written from the redacted text that the panel reads, and searched for everything that
//! is known of the candidate before it leaves. The reader of packs hands a file to the search and gets counts back; it
//! never learns what was searched for.

use std::sync::Arc;

use super::authenticate::Viewer;
use super::clean_document::{CleanWords, write_proved};
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::open_pack::{PackCheck, PackLayout, PackPart, PackReader};
use super::prove_blindness::{BlindnessProof, prove_blindness};
use super::redact_application::known_of;
use crate::document::write::{CleanPart, WriteFormat};
use crate::domain::{ApplicationId, OrganisationId, Pseudonym, VacancyId};

/// A pack as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackCopy {
    /// The file.
    pub file: Vec<u8>,
    /// What was searched for in it.
    pub proof: BlindnessProof,
}

impl PackReader {
    /// One pack as a file of a format. Takes a while: the application is read again for what must not be in the file.
    ///
    /// # Errors
    /// What [`PackReader::open`] fails with, and [`WorkflowError::CopyNotBlind`] when the file cannot be shown to be
    /// blind, or [`WorkflowError::Write`] when it cannot be made.
    pub fn copy(
        &self,
        viewer: &Viewer,
        vacancy: &VacancyId,
        pseudonym: Pseudonym,
        format: WriteFormat,
        words: CleanWords<'_>,
    ) -> Result<PackCopy, WorkflowError> {
        let (pack, application) = self.open_with_id(viewer, vacancy, pseudonym)?;
        // A pack that is one Word document is that document.
        if let ([PackPart { layout: Some(layout), .. }], WriteFormat::Docx) =
            (pack.parts.as_slice(), format)
        {
            return Ok(PackCopy { file: layout.file.clone(), proof: layout.proof });
        }
        let parts: Vec<CleanPart<'_>> = pack
            .parts
            .iter()
            .map(|part| CleanPart { heading: &part.heading, text: &part.text })
            .collect();
        let (file, proof) = write_proved(&parts, format, words, |file, blank| {
            self.check.search(&viewer.organisation, &application, file, blank)
        })?;
        let proof = proof?;
        if !proof.holds() {
            tracing::warn!(known = proof.known, found = proof.found, "copy of a pack not released");
            return Err(WorkflowError::CopyNotBlind);
        }
        Ok(PackCopy { file, proof })
    }
}

impl PackReader {
    /// One document of a pack with its layout kept, by the number of its part from 1. It was searched when it was made.
    ///
    /// # Errors
    /// What [`PackReader::open`] fails with, and [`WorkflowError::NoLayout`] when that part is no Word document.
    pub fn copy_part(
        &self,
        viewer: &Viewer,
        vacancy: &VacancyId,
        pseudonym: Pseudonym,
        number: usize,
    ) -> Result<PackCopy, WorkflowError> {
        let pack = self.open(viewer, vacancy, pseudonym)?;
        let part = number.checked_sub(1).and_then(|index| pack.parts.into_iter().nth(index));
        let PackLayout { file, proof } =
            part.and_then(|part| part.layout).ok_or(WorkflowError::NoLayout)?;
        Ok(PackCopy { file, proof })
    }
}

/// The search with the keys behind it, for whoever must not have them.
pub(super) struct Search(pub Arc<Evenhand>);

impl PackCheck for Search {
    fn search(
        &self,
        organisation: &OrganisationId,
        application: &ApplicationId,
        file: &[u8],
        blank: &[u8],
    ) -> Result<BlindnessProof, WorkflowError> {
        let found = self.0.store.application(organisation, application)?;
        let view = found.ok_or(WorkflowError::UnknownPack)?;
        let (forbidden, allow) = known_of(&self.0, &view)?.ok_or(WorkflowError::PackWithheld)?;
        Ok(prove_blindness(file, blank, &forbidden, &allow))
    }
}
