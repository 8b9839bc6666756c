//! What the journal records: one fact per record, sealed under the organisation's key, with the personal parts
//! sealed again under the candidate's own. Facts say what became true; `project` says what follows from them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::error::WorkflowError;
use crate::domain::{
    Actor, ApplicationId, CandidateId, OrganisationId, PackState, Pseudonym, Reference, SourceId,
    StageId, StageVisit, StoredKey, TallyCounts, TallyKey, Vacancy, VacancyId,
};
use crate::journal::{Draft, Position, Record, RecordKind};
use crate::store::{Receipt, SourceView, UserView};
use crate::vault::{KeyHolder, Purpose, Vault};

/// Sealed content of an application: in the record when it is small, in a file of its own when it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum SealedContent {
    /// In the record.
    Inline(ByteBuf),
    /// In the sealed file of this name.
    File(String),
}

/// What waits for an application that has not come yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Waiting {
    /// A change of stage; a withdrawal is one too.
    Stage(StageVisit),
    /// Declared categories, sealed under the key of the candidate to come.
    Categories(ByteBuf),
}

/// An application as it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Arrival {
    pub(super) id: ApplicationId,
    pub(super) candidate: CandidateId,
    pub(super) key: StoredKey,
    pub(super) vacancy: VacancyId,
    /// A vacancy nobody had told us of, made so that the application has a place.
    pub(super) new_vacancy: Option<Vacancy>,
    pub(super) pseudonym: Pseudonym,
    pub(super) source: SourceId,
    pub(super) reference: Reference,
    pub(super) received_at: Timestamp,
    pub(super) content: SealedContent,
    pub(super) sealed_categories: ByteBuf,
    /// Where it stands after the moves that had waited for it.
    pub(super) stage: StageId,
    pub(super) visits: Vec<StageVisit>,
    /// The answer to the delivery that brought it; a table is not answered.
    pub(super) receipt: Option<Receipt>,
    /// What stands in place of a pack, when there is nothing to redact.
    #[serde(default)]
    pub(super) pack: Option<PackState>,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Fact {
    OrganisationCreated {
        name: String,
        minimum_cell: u32,
    },
    SourceSaved(SourceView),
    UserSaved(UserView),
    VacancySaved {
        vacancy: Vacancy,
        receipt: Option<Receipt>,
    },
    ApplicationReceived(Box<Arrival>),
    /// The source sent the application again, with other content.
    ContentReplaced {
        application: ApplicationId,
        content: SealedContent,
        sealed_categories: ByteBuf,
        receipt: Receipt,
    },
    EventWaits {
        source: SourceId,
        reference: Reference,
        candidate: CandidateId,
        key: StoredKey,
        event: Waiting,
        earlier: Vec<Position>,
        receipt: Receipt,
    },
    StageChanged {
        application: ApplicationId,
        /// The whole journey as it is now known; the last visit is where the application is.
        visits: Vec<StageVisit>,
        receipt: Option<Receipt>,
    },
    CharacteristicsReceived {
        application: ApplicationId,
        sealed_categories: ByteBuf,
        receipt: Option<Receipt>,
    },
    /// A table of counts was taken in.
    CountsImported {
        vacancy: VacancyId,
        /// What it adds to the tallies beside what they held.
        cells: Vec<(TallyKey, TallyCounts)>,
    },
    /// A delivery that was accepted and changed nothing.
    DeliveryRepeated {
        receipt: Receipt,
    },
    RedactionRequested {
        application: ApplicationId,
    },
    Redacted {
        application: ApplicationId,
        job: u64,
        pack: PackState,
    },
    IdentityDisclosed {
        application: ApplicationId,
        /// Sealed under the candidate's key: people write names into reasons.
        sealed_reason: ByteBuf,
    },
    CandidateErased {
        application: ApplicationId,
        reason: String,
        /// What the person adds to the tallies: counts outlive the key that would recount them.
        residue: Vec<(TallyKey, TallyCounts)>,
    },
    KeysRotated,
}

impl Fact {
    fn kind(&self) -> RecordKind {
        RecordKind::new(match self {
            Fact::OrganisationCreated { .. } => "organisation_created",
            Fact::SourceSaved(_) => "source_saved",
            Fact::UserSaved(_) => "user_saved",
            Fact::VacancySaved { .. } => "vacancy_saved",
            Fact::ApplicationReceived(_) => "application_received",
            Fact::ContentReplaced { .. } => "content_replaced",
            Fact::EventWaits { .. } => "event_waits",
            Fact::StageChanged { .. } => "stage_changed",
            Fact::CharacteristicsReceived { .. } => "characteristics_received",
            Fact::CountsImported { .. } => "counts_imported",
            Fact::DeliveryRepeated { .. } => "delivery_repeated",
            Fact::RedactionRequested { .. } => "redaction_requested",
            Fact::Redacted { .. } => "redacted",
            Fact::IdentityDisclosed { .. } => "identity_disclosed",
            Fact::CandidateErased { .. } => "candidate_erased",
            Fact::KeysRotated => "keys_rotated",
        })
    }
}

/// The body of a record: what must be readable before any key is known, and the sealed fact.
#[derive(Serialize, Deserialize)]
struct Body {
    /// The organisation's own key, in the record that creates it.
    organisation_key: Option<StoredKey>,
    /// The version of the key-encryption key that this record makes current, in records that make or exchange keys.
    key_version: Option<u32>,
    /// The fact: CBOR, sealed under the organisation's key.
    sealed: ByteBuf,
}

/// Writes facts into record bodies and reads them back. Remembers the organisations' wrapped keys.
pub(super) struct FactCodec {
    vault: Arc<Vault>,
    keys: RwLock<HashMap<OrganisationId, StoredKey>>,
}

impl FactCodec {
    pub(super) fn new(vault: Arc<Vault>) -> Self {
        Self { vault, keys: RwLock::default() }
    }

    /// Remembers an organisation's key.
    pub(super) fn learn(&self, organisation: &OrganisationId, key: StoredKey) {
        self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(organisation.clone(), key);
    }

    /// The key of an organisation.
    pub(super) fn key(&self, organisation: &OrganisationId) -> Result<StoredKey, WorkflowError> {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(organisation)
            .cloned()
            .ok_or(WorkflowError::UnknownOrganisation)
    }

    /// A draft of the record that states `fact`.
    pub(super) fn draft(
        &self,
        organisation: &OrganisationId,
        actor: Actor,
        fact: &Fact,
    ) -> Result<Draft, WorkflowError> {
        self.draft_with(organisation, actor, fact, None)
    }

    /// The same for a record that makes another key-encryption key current.
    pub(super) fn draft_with(
        &self,
        organisation: &OrganisationId,
        actor: Actor,
        fact: &Fact,
        key_version: Option<u32>,
    ) -> Result<Draft, WorkflowError> {
        let kind = fact.kind();
        let key = self.key(organisation)?;
        let mut plain = Vec::new();
        ciborium::into_writer(fact, &mut plain)
            .map_err(|_| WorkflowError::Undecodable(kind.as_str().to_owned()))?;
        let sealed = self.vault.seal(
            organisation,
            &KeyHolder::Organisation,
            &key,
            Purpose::Record,
            kind.as_str(),
            &plain,
        )?;
        let organisation_key = matches!(fact, Fact::OrganisationCreated { .. }).then_some(key);
        let first_version = organisation_key.as_ref().map(|key| key.version);
        let key_version = key_version.or(first_version);
        let body = Body { organisation_key, key_version, sealed: ByteBuf::from(sealed) };
        let mut bytes = Vec::new();
        ciborium::into_writer(&body, &mut bytes)
            .map_err(|_| WorkflowError::Undecodable(kind.as_str().to_owned()))?;
        Ok(Draft { organisation: organisation.clone(), kind, actor, body: bytes })
    }

    /// The fact that a record states. Learns the organisation's key from the record that creates it.
    pub(super) fn fact(&self, record: &Record) -> Result<Fact, WorkflowError> {
        let kind = record.kind.as_str();
        let undecodable = || WorkflowError::Undecodable(kind.to_owned());
        let body: Body =
            ciborium::from_reader(record.body.as_slice()).map_err(|_| undecodable())?;
        if let Some(key) = body.organisation_key {
            self.learn(&record.organisation, key);
        }
        let key = self.key(&record.organisation)?;
        let plain = self.vault.unseal(
            &record.organisation,
            &KeyHolder::Organisation,
            &key,
            Purpose::Record,
            kind,
            &body.sealed,
        )?;
        ciborium::from_reader(plain.as_slice()).map_err(|_| undecodable())
    }
}

/// The version of the key-encryption key that a record makes current, if it is one that does. Needs no key.
pub(super) fn key_version(record: &Record) -> Option<u32> {
    ciborium::from_reader::<Body, _>(record.body.as_slice()).ok()?.key_version
}
