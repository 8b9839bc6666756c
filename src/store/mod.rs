//! Views rebuilt from the journal: the trait that the rest of the program reads and writes through. It speaks
//! the domain, not keys and bytes, and it holds nothing that identifies a person in clear.

mod memory;
mod sled;
mod views;

pub use self::sled::{MovedAside, SledStore};
pub use memory::MemoryStore;
pub use views::{
    ApplicationView, Change, Job, OrganisationView, PackView, Receipt, SourceView, UserView,
    WaitingEvents,
};

pub use crate::domain::StoredKey;
use crate::domain::{
    ApplicationId, OrganisationId, Pseudonym, Reference, SourceId, TallyCounts, TallyKey,
    TallyPlace, UserId, Vacancy, VacancyId,
};

/// Why a view could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A view is larger than the backend keeps safely.
    #[error("a {view} view of {bytes} bytes is over the limit of {limit} bytes")]
    TooLarge {
        /// Which view.
        view: &'static str,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A view does not decode: it was damaged or written by another version. A rebuild mends it.
    #[error("a {view} view does not decode; rebuild the views from the journal")]
    Damaged {
        /// Which view.
        view: &'static str,
    },
    /// The backend failed.
    #[error("the view store failed: {0}")]
    Backend(String),
}

/// What the panel path is handed: released packs of a vacancy, and no way to identity or characteristics.
pub trait PackViews: Send + Sync {
    /// The vacancy itself.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn pack_vacancy(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
    ) -> Result<Option<Vacancy>, StoreError>;

    /// The packs of a vacancy, in the order of their pseudonyms.
    ///
    /// # Errors
    /// [`StoreError`] when a view cannot be read.
    fn packs(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
    ) -> Result<Vec<PackView>, StoreError>;
}

/// Every view that there is. One writer (the journal's committing task), many readers.
pub trait Store: PackViews {
    /// The sequence number of the last journal record that the views reflect.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn reflected(&self) -> Result<Option<u64>, StoreError>;

    /// Applies changes and moves `reflected` forward, all or nothing. Later changes win over earlier ones of the
    /// same view; tally changes to one cell add up.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was applied then.
    fn apply(&self, reflected: u64, changes: Vec<Change>) -> Result<(), StoreError>;

    /// Throws every view away, before a rebuild.
    ///
    /// # Errors
    /// [`StoreError`] when the backend refuses.
    fn clear(&self) -> Result<(), StoreError>;

    /// One organisation.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn organisation(&self, id: &OrganisationId) -> Result<Option<OrganisationView>, StoreError>;

    /// Every organisation, in order of id.
    ///
    /// # Errors
    /// [`StoreError`] when a view cannot be read.
    fn organisations(&self) -> Result<Vec<OrganisationView>, StoreError>;

    /// One source. Sources are found by name alone, because a delivery names nothing else.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn source(&self, id: &SourceId) -> Result<Option<SourceView>, StoreError>;

    /// The sources of an organisation, in order of id.
    ///
    /// # Errors
    /// [`StoreError`] when a view cannot be read.
    fn sources(&self, organisation: &OrganisationId) -> Result<Vec<SourceView>, StoreError>;

    /// One user.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn user(
        &self,
        organisation: &OrganisationId,
        id: &UserId,
    ) -> Result<Option<UserView>, StoreError>;

    /// The users of an organisation, in order of id.
    ///
    /// # Errors
    /// [`StoreError`] when a view cannot be read.
    fn users(&self, organisation: &OrganisationId) -> Result<Vec<UserView>, StoreError>;

    /// The holder of a token, by the token's SHA-256. Answers nobody for a revoked token.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn user_by_token(&self, token_sha256: &[u8; 32]) -> Result<Option<UserView>, StoreError>;

    /// One vacancy.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn vacancy(
        &self,
        organisation: &OrganisationId,
        id: &VacancyId,
    ) -> Result<Option<Vacancy>, StoreError>;

    /// The vacancies of an organisation, in order of id.
    ///
    /// # Errors
    /// [`StoreError`] when a view cannot be read.
    fn vacancies(&self, organisation: &OrganisationId) -> Result<Vec<Vacancy>, StoreError>;

    /// A vacancy by its source's name for it.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn vacancy_by_reference(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        reference: &Reference,
    ) -> Result<Option<Vacancy>, StoreError>;

    /// One application.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn application(
        &self,
        organisation: &OrganisationId,
        id: &ApplicationId,
    ) -> Result<Option<ApplicationView>, StoreError>;

    /// The applications of a vacancy, in order of id.
    ///
    /// # Errors
    /// [`StoreError`] when a view cannot be read.
    fn applications(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
    ) -> Result<Vec<ApplicationView>, StoreError>;

    /// An application by its source's name for it.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn application_by_reference(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        reference: &Reference,
    ) -> Result<Option<ApplicationView>, StoreError>;

    /// Whether a pseudonym is taken within a vacancy.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn pseudonym_is_taken(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
        pseudonym: Pseudonym,
    ) -> Result<bool, StoreError>;

    /// How a delivery was answered, if it was.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn receipt(&self, source: &SourceId, delivery: &str) -> Result<Option<Receipt>, StoreError>;

    /// What waits for an application that has not come yet.
    ///
    /// # Errors
    /// [`StoreError`] when the view cannot be read.
    fn waiting(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        application: &Reference,
    ) -> Result<Option<WaitingEvents>, StoreError>;

    /// Everything that waits in an organisation, so that no key of it is forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when a view cannot be read.
    fn all_waiting(&self, organisation: &OrganisationId) -> Result<Vec<WaitingEvents>, StoreError>;

    /// Calls with each cell of an organisation, or of one of its vacancies, in order of key; cells that count nobody are
    /// left out. All of them are as they were at one moment. What is called must not come back to the store.
    ///
    /// # Errors
    /// [`StoreError`] when a view cannot be read.
    fn each_tally(
        &self,
        organisation: &OrganisationId,
        vacancy: Option<&VacancyId>,
        cell: &mut dyn FnMut(TallyPlace<'_>, TallyCounts),
    ) -> Result<(), StoreError>;

    /// The same as a list.
    ///
    /// # Errors
    /// [`StoreError`] when a view cannot be read.
    fn tallies(
        &self,
        organisation: &OrganisationId,
        vacancy: Option<&VacancyId>,
    ) -> Result<Vec<(TallyKey, TallyCounts)>, StoreError> {
        let mut cells = Vec::new();
        self.each_tally(organisation, vacancy, &mut |place, counts| {
            cells.push((place.to_key(), counts));
        })?;
        Ok(cells)
    }

    /// Work that waits, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when a view cannot be read.
    fn jobs(&self, most: usize) -> Result<Vec<Job>, StoreError>;
}
