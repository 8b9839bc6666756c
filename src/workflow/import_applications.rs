//! Takes a table of applications, and what became of them, into the service: for what happened before it was there, and
//! for systems that send nothing. Every row is checked against the rules and against what is known before the first is
//! written; what is known already changes nothing, so an interrupted import is simply run again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::sync::Arc;

use jiff::Timestamp;
use serde_bytes::ByteBuf;
use tokio::task::JoinSet;

use super::authenticate::Viewer;
use super::change_vacancy::{merge, new_vacancy};
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::Fact;
use super::journey::{Told, told};
use super::manage_sources::add_source;
use super::receive_application::arrival;
use super::receive_characteristics::{
    Completeness, completed, merged, open_categories, seal_categories,
};
use super::receive_delivery::Sender;
use crate::domain::{
    ApplicationReceived, ApplicationStatus, Content, DeclaredCategories, PackState, Reference,
    SourceId, StageVisit, Vacancy, VacancyChanged, VacancyState, WithheldReason,
};
use crate::intake::tabular::{
    ApplicationRow, ApplicationRows, Ending, EventRow, EventRows, MOST_DESCRIBED, Mapping,
    RowProblem, TabularError, VacancyFacts, read_application_rows, read_event_rows,
};
use crate::store::ApplicationView;

/// How many records are on their way to the journal at a time: they share a sync.
const AT_ONCE: usize = 64;

/// Why a table was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The table.
    #[error(transparent)]
    Table(#[from] TabularError),
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
    /// Columns that were not used.
    pub ignored_columns: Vec<String>,
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

/// One application, checked.
enum Planned {
    New(ApplicationRow, Vec<StageVisit>),
    Known {
        view: Box<ApplicationView>,
        visits: Option<Vec<StageVisit>>,
        categories: Option<DeclaredCategories>,
    },
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
    let events =
        events.map(|table| read_event_rows(table, &settings.mapping, &app.rules)).transpose()?;
    let table =
        read_application_rows(applications, &settings.mapping, &app.rules, events.is_some())?;
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
        ignored_columns: table.ignored_columns.clone(),
        ..ImportReport::default()
    }
}

/// Checks rows against what is known.
struct Plan<'a> {
    app: &'a Evenhand,
    sender: &'a Sender,
    settings: &'a ImportSettings,
    now: Timestamp,
    report: &'a mut ImportReport,
}

impl Plan<'_> {
    fn plan(
        &mut self,
        table: ApplicationRows,
        events: Option<EventRows>,
    ) -> Result<(Vec<Vacancy>, Vec<Planned>), WorkflowError> {
        let has_events = events.is_some();
        let mut events = self.by_application(&table, events);
        let mut planned = Vec::new();
        let mut met: BTreeMap<Reference, BTreeSet<usize>> = BTreeMap::new();
        for row in table.applications {
            let facts = table.vacancies.get(&row.vacancy).cloned().unwrap_or_default();
            let lines = events.remove(row.application.as_str()).unwrap_or_default();
            let lines = self.lines(&row, &lines, &facts);
            let vacancy = row.vacancy.clone();
            let (place, rows) =
                (row.place.clone(), 1 + if has_events { lines.len() as u64 } else { 0 });
            match self.one(row, &lines, &facts)? {
                Ok((one, visits)) => {
                    let ranks = visits.iter().filter_map(|visit| self.stages().rank(&visit.stage));
                    met.entry(vacancy).or_default().extend(ranks);
                    planned.extend(one);
                }
                Err(problem) => self.report.leave_out(format!("{place}: {problem}"), rows),
            }
        }
        for rows in events.into_values() {
            let Some(first) = rows.first() else { continue };
            let problem = "no row of the applications table bears this application";
            self.report.leave_out(format!("events: {}: {problem}", first.place), rows.len() as u64);
        }
        let mut vacancies = Vec::new();
        for (reference, ranks) in met {
            let facts = table.vacancies.get(&reference).cloned().unwrap_or_default();
            vacancies.extend(self.vacancy(reference, &facts, &ranks, has_events)?);
        }
        Ok((vacancies, planned))
    }

    fn stages(&self) -> &crate::domain::StageSet {
        self.app.rules.recruitment()
    }

    /// The events of each application that the table has, in the order of time.
    fn by_application(
        &mut self,
        table: &ApplicationRows,
        events: Option<EventRows>,
    ) -> HashMap<String, Vec<EventRow>> {
        let vacancies: HashMap<&str, &str> = table
            .applications
            .iter()
            .map(|r| (r.application.as_str(), r.vacancy.as_str()))
            .collect();
        let mut found: HashMap<String, Vec<EventRow>> = HashMap::new();
        for event in events.into_iter().flat_map(|events| events.events) {
            let vacancy = vacancies.get(event.application.as_str());
            if let (Some(named), Some(known)) = (&event.vacancy, vacancy)
                && named != known
            {
                let problem = "the applications table has this application under another vacancy";
                let problem = RowProblem {
                    line: event.line,
                    place: event.place,
                    problem: problem.to_owned(),
                };
                self.report.leave_out(format!("events: {problem}"), 1);
                continue;
            }
            found.entry(event.application.clone()).or_default().push(event);
        }
        found
    }

    /// What the tables tell of an application, in the order of time.
    fn lines(&self, row: &ApplicationRow, events: &[EventRow], facts: &VacancyFacts) -> Vec<Told> {
        let stages = self.stages();
        if let Some((reached, withdrew)) = row.furthest {
            let ending = withdrew.then(|| stages.withdrawn().clone());
            return vec![Told { reached, ending, at: facts.decided_on }];
        }
        let ending = |ending: Ending| match ending {
            Ending::Waiting => None,
            Ending::TurnedDown => Some(stages.unsuccessful().clone()),
            Ending::Withdrew => Some(stages.withdrawn().clone()),
        };
        let told = |event: &EventRow| Told {
            reached: event.reached,
            ending: ending(event.ending),
            at: event.at,
        };
        events.iter().map(told).collect()
    }

    /// One application, with its visits as they will be; or what is wrong with it.
    #[expect(clippy::type_complexity, reason = "a failure of the service, then one of the row")]
    fn one(
        &mut self,
        row: ApplicationRow,
        lines: &[Told],
        facts: &VacancyFacts,
    ) -> Result<Result<(Option<Planned>, Vec<StageVisit>), String>, WorkflowError> {
        let (organisation, source) = (&self.sender.organisation, &self.sender.source);
        let stages = self.stages();
        let known =
            self.app.store.application_by_reference(organisation, source, &row.application)?;
        let Some(view) = known else {
            let earliest = lines.iter().filter_map(|line| line.at).min();
            let received = facts.opened_on.into_iter().chain(earliest).min().unwrap_or(self.now);
            let Some(first) = stages.progress().first().cloned() else {
                return Ok(Err("the rules have no stages".to_owned()));
            };
            let start = vec![StageVisit { stage: first, at: received }];
            return Ok(match told(stages, start, lines, self.now) {
                Ok(visits) => {
                    self.report.applications.new += 1;
                    Ok((Some(Planned::New(row, visits.clone())), visits))
                }
                Err(error) => Err(error.to_string()),
            });
        };
        let application = &view.application;
        let holds = self.app.store.vacancy(organisation, &application.vacancy)?;
        if let Some(holds) = holds.filter(|holds| holds.reference != row.vacancy) {
            let under = holds.reference;
            return Ok(Err(format!(
                "the service has this application under the vacancy '{under}'"
            )));
        }
        if application.status == ApplicationStatus::Erased {
            self.report.erased += 1;
            return Ok(Ok((None, Vec::new())));
        }
        let visits = match told(stages, application.visits.clone(), lines, self.now) {
            Ok(visits) => visits,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let before = open_categories(
            self.app,
            organisation,
            &application.candidate,
            &view.key,
            &view.sealed_categories,
        )?;
        let given = completed(self.app, row.categories, Completeness::GivenOnly);
        let categories = merged(&before, &given);
        let categories = (categories != before).then_some(categories);
        let changed = (visits != application.visits).then(|| visits.clone());
        if categories.is_none() && changed.is_none() {
            self.report.applications.unchanged += 1;
            return Ok(Ok((None, visits)));
        }
        self.report.applications.changed += 1;
        let view = Box::new(view);
        Ok(Ok((Some(Planned::Known { view, visits: changed, categories }), visits)))
    }

    /// The vacancy as it will be; nothing when that is what it is.
    fn vacancy(
        &mut self,
        reference: Reference,
        facts: &VacancyFacts,
        met: &BTreeSet<usize>,
        has_events: bool,
    ) -> Result<Option<Vacancy>, WorkflowError> {
        let (organisation, source) = (&self.sender.organisation, &self.sender.source);
        let known = self.app.store.vacancy_by_reference(organisation, source, &reference)?;
        let is_new = known.is_none();
        let before = match known {
            Some(known) => known,
            None => new_vacancy(self.app, self.sender, reference.clone())?,
        };
        // Who stopped at a stage that not every vacancy has shows that this one has it.
        let stages = self.stages().progress().iter().enumerate();
        let stages =
            stages.filter(|(rank, stage)| met.contains(rank) || before.stages.contains(stage));
        let stages = stages.map(|(_, stage)| stage.clone()).collect();
        // Without events a table speaks of what is over; with them, who waits is told, and so is when it ended.
        let is_over = facts.decided_on.is_some() || (is_new && !has_events);
        let text = |name: &str| facts.text(name).map(str::to_owned);
        let change = VacancyChanged {
            vacancy: reference,
            title: text("vacancy_title"),
            state: (is_over && !self.settings.open).then_some(VacancyState::Closed),
            family: text("family"),
            grade: text("grade"),
            directorate: text("directorate"),
            contract: text("contract"),
            stages: Some(stages),
            allow: None,
            opened_at: facts.opened_on.or_else(|| facts.decided_on.filter(|_| is_new)),
            closed_at: facts.decided_on,
        };
        let after = merge(self.app, before.clone(), change)?;
        let taken = &mut self.report.vacancies;
        match (is_new, after == before) {
            (true, _) => taken.new += 1,
            (false, false) => taken.changed += 1,
            (false, true) => {
                taken.unchanged += 1;
                return Ok(None);
            }
        }
        Ok(Some(after))
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
