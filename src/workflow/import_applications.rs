//! Takes a table of applications, and what became of them, into the service: for what happened before it was there, and
//! for systems that send nothing. Every row is checked against the rules and against what is known before the first is
//! written; what is known already changes nothing, so an interrupted import is simply run again.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use serde_bytes::ByteBuf;
use tokio::task::JoinSet;

use super::authenticate::Viewer;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::Fact;
use super::import_plan::{Plan, Planned};
use super::manage_sources::add_source;
use super::receive_application::arrival;
use super::receive_characteristics::{Completeness, completed, seal_categories};
use super::receive_delivery::Sender;
use crate::domain::{ApplicationReceived, Content, PackState, SourceId, WithheldReason};
use crate::intake::tabular::{
    ApplicationRows, ColumnNotes, EventRows, MOST_DESCRIBED, Mapping, MappingError, TabularError,
    read_application_rows, read_event_rows,
};

/// How many records are on their way to the journal at a time: they share a sync.
const AT_ONCE: usize = 64;

/// Why a table was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The mapping file.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The table.
    #[error(transparent)]
    Table(#[from] TabularError),
    /// The table of events.
    #[error(transparent)]
    Events(TabularError),
    /// The service, before anything was written or after some of it: what was written stays, and is recognised when the
    /// import is run again.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
    /// The source is not one of the organisation's.
    #[error("there is no source '{wanted}'; {known}; make it with --new-source")]
    UnknownSource {
        /// What was asked for.
        wanted: SourceId,
        /// Which there are, and what to do.
        known: String,
    },
    /// The program failed on a row.
    #[error("the import stopped unexpectedly; run it again, and what was written is recognised")]
    Stopped,
}

/// How a table is taken in.
#[derive(Debug, Clone)]
pub struct ImportSettings {
    /// The system whose applications and vacancies these are.
    pub source: SourceId,
    /// What columns and values mean.
    pub mapping: Mapping,
    /// Whether the source is made when it is not there; nobody can send as it before it gets a secret.
    pub new_source: bool,
    /// Whether vacancies that the table brings are still being decided; otherwise they are taken as closed.
    pub open: bool,
    /// Whether rows that make sense are taken in although others make none.
    pub skip_wrong_rows: bool,
    /// Only check, and say what would be done.
    pub check_only: bool,
}

/// How many of something are new, changed, or as they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// Not known before.
    pub new: u64,
    /// Known, with something to add.
    pub changed: u64,
    /// Known as the table says.
    pub unchanged: u64,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Rows read, wrong ones included.
    pub rows: u64,
    /// Rows that make no sense.
    pub left_out: u64,
    /// The first of them, with line, column and advice.
    pub problems: Vec<String>,
    /// Vacancies.
    pub vacancies: Taken,
    /// Applications.
    pub applications: Taken,
    /// Applications of candidates who were erased: they stay erased.
    pub erased: u64,
    /// Labels that no rule maps, counted as not mapped.
    pub unknown_labels: Vec<String>,
    /// What its columns were taken for.
    pub columns: ColumnNotes,
    /// Whether it was written; not when rows were wrong, or it was only to be checked.
    pub written: bool,
}

impl ImportReport {
    pub(super) fn leave_out(&mut self, problem: String, rows: u64) {
        self.left_out += rows;
        if self.problems.len() < MOST_DESCRIBED {
            self.problems.push(problem);
        }
    }

    /// Whether it may be written.
    pub(super) fn may_write(&self, settings: &ImportSettings) -> bool {
        !settings.check_only && (self.left_out == 0 || settings.skip_wrong_rows)
    }
}

/// Takes in a table of applications, with a table of events where that says what became of them.
///
/// # Errors
/// [`ImportError`] when a table cannot be read, the source is not there, or the service cannot write.
pub async fn import_applications(
    app: &Arc<Evenhand>,
    viewer: &Viewer,
    applications: impl Read + Send,
    events: Option<impl Read + Send>,
    settings: &ImportSettings,
) -> Result<ImportReport, ImportError> {
    let sender = sender(app, viewer, settings)?;
    let _keys = app.keys_in_use.read().await;
    let mapping = settings.mapping.clone().known_to(&app.rules)?;
    let read = |events| read_event_rows(events, &mapping, &app.rules).map_err(ImportError::Events);
    let events = events.map(read).transpose()?;
    let table = read_application_rows(applications, &mapping, &app.rules, events.is_some())?;
    let mut report = opened(&table, events.as_ref());
    let mut plan = Plan { app, sender: &sender, settings, now: app.now(), report: &mut report };
    let (vacancies, planned) = plan.plan(table, events)?;
    if !report.may_write(settings) {
        return Ok(report);
    }
    make_source(app, viewer, settings).await?;
    for vacancy in vacancies {
        let fact = Fact::VacancySaved { vacancy, receipt: None };
        app.commit(&sender.organisation, viewer.actor(), &fact).await?;
    }
    let mut running = JoinSet::new();
    for one in planned {
        if running.len() >= AT_ONCE {
            settled(running.join_next().await)?;
        }
        let (app, viewer, sender) = (Arc::clone(app), viewer.clone(), sender.clone());
        running.spawn(async move { write(&app, &viewer, &sender, one).await });
    }
    while !running.is_empty() {
        settled(running.join_next().await)?;
    }
    report.written = true;
    Ok(report)
}

fn settled(
    result: Option<Result<Result<(), WorkflowError>, tokio::task::JoinError>>,
) -> Result<(), ImportError> {
    match result {
        None => Ok(()),
        Some(Ok(written)) => Ok(written?),
        Some(Err(_)) => Err(ImportError::Stopped),
    }
}

/// The source as a sender, who sends no deliveries here. One that is to be made need not be there.
pub(super) fn sender(
    app: &Evenhand,
    viewer: &Viewer,
    settings: &ImportSettings,
) -> Result<Sender, ImportError> {
    let source = &settings.source;
    let known = app.store.sources(&viewer.organisation).map_err(WorkflowError::from)?;
    if !settings.new_source && known.iter().all(|known| known.id != *source) {
        let names: Vec<&str> = known.iter().map(|source| source.id.as_str()).collect();
        let known = match names.as_slice() {
            [] => "the organisation has none yet".to_owned(),
            _ => format!("the organisation has {}", names.join(", ")),
        };
        return Err(ImportError::UnknownSource { wanted: source.clone(), known });
    }
    Ok(Sender {
        organisation: viewer.organisation.clone(),
        source: source.clone(),
        delivery: String::new(),
    })
}

/// Makes the source, if it is to be made and is not there.
pub(super) async fn make_source(
    app: &Evenhand,
    viewer: &Viewer,
    settings: &ImportSettings,
) -> Result<(), WorkflowError> {
    let known = app.store.sources(&viewer.organisation)?;
    if settings.new_source && known.iter().all(|known| known.id != settings.source) {
        add_source(app, viewer, settings.source.clone(), "standard").await?;
    }
    Ok(())
}

/// The report with what reading found.
fn opened(table: &ApplicationRows, events: Option<&EventRows>) -> ImportReport {
    let of_events = events.into_iter().flat_map(|events| &events.problems);
    let problems = table.problems.iter().map(ToString::to_string);
    ImportReport {
        rows: table.rows + events.map_or(0, |events| events.rows),
        left_out: table.left_out + events.map_or(0, |events| events.left_out),
        problems: problems.chain(of_events.map(|problem| format!("events: {problem}"))).collect(),
        unknown_labels: table
            .unknown_labels
            .iter()
            .map(|((id, label), rows)| format!("{id}: '{label}' ({rows})"))
            .collect(),
        columns: table.columns.clone(),
        ..ImportReport::default()
    }
}

/// Writes one application. What a delivery wrote since it was checked wins; another import lays the table over it.
async fn write(
    app: &Evenhand,
    viewer: &Viewer,
    sender: &Sender,
    planned: Planned,
) -> Result<(), WorkflowError> {
    let organisation = &sender.organisation;
    match planned {
        Planned::New(row, visits) => {
            let _lock = app.applications.lock((&sender.source, &row.application)).await;
            let source = &sender.source;
            let known =
                app.store.application_by_reference(organisation, source, &row.application)?;
            if known.is_some() {
                return Ok(());
            }
            let vacancy = app.store.vacancy_by_reference(organisation, source, &row.vacancy)?;
            let vacancy = vacancy.ok_or(WorkflowError::UnknownVacancy)?;
            let mut visits = visits.into_iter();
            let received = ApplicationReceived {
                vacancy: row.vacancy,
                application: row.application,
                at: visits.next().map(|first| first.at),
                content: Content::default(),
                characteristics: BTreeMap::new(),
            };
            let declared = completed(app, row.categories, Completeness::Full);
            let (mut arrival, _) =
                arrival(app, sender, received, &vacancy, (declared, visits.collect()))?;
            arrival.pack = Some(no_text());
            let fact = Fact::ApplicationReceived(Box::new(arrival));
            app.commit(organisation, viewer.actor(), &fact).await?;
        }
        Planned::Known { view, visits, categories } => {
            let application = view.application;
            let _lock = app.applications.lock((&sender.source, &application.reference)).await;
            let now = app.store.application(organisation, &application.id)?;
            if now.is_none_or(|now| now.application != application) {
                return Ok(());
            }
            if let Some(categories) = categories {
                let candidate = &application.candidate;
                let sealed = seal_categories(app, organisation, candidate, &view.key, &categories)?;
                let fact = Fact::CharacteristicsReceived {
                    application: application.id.clone(),
                    sealed_categories: ByteBuf::from(sealed),
                    receipt: None,
                };
                app.commit(organisation, viewer.actor(), &fact).await?;
            }
            if let Some(visits) = visits {
                let fact =
                    Fact::StageChanged { application: application.id, visits, receipt: None };
                app.commit(organisation, viewer.actor(), &fact).await?;
            }
        }
    }
    Ok(())
}

/// What stands in place of a pack: a table brings outcomes, not what candidates wrote.
fn no_text() -> PackState {
    PackState::Withheld {
        reasons: vec![WithheldReason {
            code: "imported".to_owned(),
            part: "the application".to_owned(),
            message: "This application was imported from a table, which holds no text. Look at it at its source."
                .to_owned(),
        }],
    }
}
