//! What a table of applications adds to what is known: every row is asked what it changes, or what is wrong with it. Reads
//! the service and writes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::change_vacancy::{merge, new_vacancy};
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::import_applications::{ImportReport, ImportSettings};
use super::journey::{Told, told};
use super::receive_characteristics::{Completeness, completed, merged, open_categories};
use super::receive_delivery::Sender;
use crate::domain::{
    ApplicationStatus, DeclaredCategories, Reference, StageVisit, Vacancy, VacancyChanged,
    VacancyState,
};
use crate::intake::tabular::{
    ApplicationRow, ApplicationRows, Ending, EventRow, EventRows, RowProblem, VacancyFacts,
};
use crate::store::ApplicationView;

/// One application, checked.
pub(super) enum Planned {
    New(ApplicationRow, Vec<StageVisit>),
    Known {
        view: Box<ApplicationView>,
        visits: Option<Vec<StageVisit>>,
        categories: Option<DeclaredCategories>,
    },
}

/// Checks rows against what is known.
pub(super) struct Plan<'a> {
    pub(super) app: &'a Evenhand,
    pub(super) sender: &'a Sender,
    pub(super) settings: &'a ImportSettings,
    pub(super) now: Timestamp,
    pub(super) report: &'a mut ImportReport,
}

impl Plan<'_> {
    /// Vacancies as they will be, and applications with something to add.
    pub(super) fn plan(
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
            // Who leaves once appointed was appointed.
            let is_last = reached + 1 == stages.progress().len();
            let ending = (withdrew && !is_last).then(|| stages.withdrawn().clone());
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
