//! An audit of an organisation's vacancies, from its tallies: choose the vacancies, gather the cells, hand them to
//! `fairness`. Nobody's record is opened for it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::audit_levels::{PERIOD, divide_at};
use super::authenticate::Viewer;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::periods::{self, OverTime, Unit};
use super::served_reports;
use crate::domain::{CharacteristicId, StageId, Vacancy, VacancyId, VacancyState};
use crate::fairness::{Audit, AuditRequest, Counts, Looks, StratumFacts};

/// Which vacancies and characteristics an audit looks at, and by which policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Policy in `rules/policies`; `default` when it is left out.
    pub policy: Option<String>,
    /// Benchmark in `rules/benchmarks` with which those who applied are compared.
    pub benchmark: Option<String>,
    /// Only vacancies whose factor has this value.
    pub only: BTreeMap<VacancyFactor, String>,
    /// Only this vacancy.
    pub vacancy: Option<VacancyId>,
    /// Only these characteristics; all of them when empty.
    pub characteristics: BTreeSet<CharacteristicId>,
    /// Only vacancies opened on this day or later.
    pub from: Option<Date>,
    /// Only vacancies opened on this day or earlier.
    pub to: Option<Date>,
    /// Smallest count shown; never below the organisation's own.
    pub minimum: Option<u32>,
    /// How often the same decisions are looked at: whether verdicts rest on p-values or on e-values.
    pub looks: Looks,
    /// Factors that are looked at level by level as well.
    pub by: BTreeSet<VacancyFactor>,
    /// The date of a change of policy: vacancies decided before it and from it on are set against each other.
    pub change_date: Option<Date>,
    /// The periods by which gaps are followed over time.
    pub over_time: Option<Unit>,
}

/// What is declared of a vacancy and is the same for everybody who applies for it, so that comparisons within vacancies
/// allow for it already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VacancyFactor {
    /// Pay grade.
    Grade,
    /// Directorate or department.
    Directorate,
    /// Permanent, fixed term, ...
    Contract,
    /// The family of vacancies.
    Family,
}

impl VacancyFactor {
    /// Every factor.
    pub const ALL: [Self; 4] = [Self::Grade, Self::Directorate, Self::Contract, Self::Family];

    /// Its name, in deliveries, parameters and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grade => "grade",
            Self::Directorate => "directorate",
            Self::Contract => "contract",
            Self::Family => "family",
        }
    }

    /// The factor of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.name().eq_ignore_ascii_case(name.trim()))
    }

    fn of(self, vacancy: &Vacancy) -> Option<&String> {
        match self {
            Self::Grade => vacancy.grade.as_ref(),
            Self::Directorate => vacancy.directorate.as_ref(),
            Self::Contract => vacancy.contract.as_ref(),
            Self::Family => vacancy.family.as_ref(),
        }
    }
}

impl AuditFilter {
    fn takes(&self, vacancy: &Vacancy) -> bool {
        let opened = vacancy.opened_at.to_zoned(TimeZone::UTC).date();
        let has = |factor: VacancyFactor, wanted: &String| {
            factor.of(vacancy).is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted.trim()))
        };
        self.only.iter().all(|(factor, wanted)| has(*factor, wanted))
            && self.vacancy.as_ref().is_none_or(|wanted| *wanted == vacancy.id)
            && self.from.is_none_or(|from| opened >= from)
            && self.to.is_none_or(|to| opened <= to)
    }

    /// The period in words, for the heading and every sentence.
    fn period(&self) -> String {
        match (self.from, self.to) {
            (None, None) => String::new(),
            (Some(from), None) => format!("vacancies opened since {from}"),
            (None, Some(to)) => format!("vacancies opened until {to}"),
            (Some(from), Some(to)) => format!("vacancies opened from {from} to {to}"),
        }
    }
}

/// Audits the vacancies that the filter takes, and remembers what the report shows before it answers: a later one hides
/// what could be worked out by subtracting it, and says so.
///
/// # Errors
/// [`WorkflowError::BadFilter`] for an unknown policy or too small a minimum, [`WorkflowError::UnknownVacancy`] when
/// no vacancy is taken, [`WorkflowError::Ledger`] when earlier reports cannot be read or this one not be remembered, or a
/// view that cannot be read.
pub fn audit_vacancies(
    app: &Evenhand,
    viewer: &Viewer,
    filter: &AuditFilter,
) -> Result<Audit, WorkflowError> {
    // Whatever is asked about, all characteristics are looked at and remembered: how many declared one of them would
    // otherwise stand beside how many there were in a report about another.
    let all = AuditFilter { characteristics: BTreeSet::new(), ..filter.clone() };
    let (mut counts, request) = prepared(app, viewer, &all)?;
    let mut factors: Vec<String> = filter.by.iter().map(|by| by.name().to_owned()).collect();
    let mut one_sided = None;
    if let Some(change) = filter.change_date {
        one_sided = divide_at(&mut counts, change);
        factors.push(PERIOD.to_owned());
    }
    let wanted = filter.over_time.map_or(OverTime::Never, OverTime::By);
    let unit = periods::describe(&mut counts, wanted, true);
    let levels = (factors.as_slice(), unit);
    let mut audit = served_reports::give_out(app, &viewer.organisation, &counts, &request, levels)?;
    audit.warnings.extend(one_sided);
    if !filter.characteristics.is_empty() {
        audit.keep_only(&filter.characteristics);
    }
    Ok(audit)
}

/// The counts of the vacancies that the filter takes, and what is asked of them.
pub(super) fn prepared(
    app: &Evenhand,
    viewer: &Viewer,
    filter: &AuditFilter,
) -> Result<(Counts, AuditRequest), WorkflowError> {
    let organisation =
        app.store.organisation(&viewer.organisation)?.ok_or(WorkflowError::UnknownOrganisation)?;
    let vacancies: Vec<Vacancy> = app
        .store
        .vacancies(&viewer.organisation)?
        .into_iter()
        .filter(|vacancy| filter.takes(vacancy))
        .collect();
    if vacancies.is_empty() {
        return Err(WorkflowError::UnknownVacancy);
    }
    let minimum = u64::from(filter.minimum.unwrap_or(0).max(organisation.minimum_cell));
    let refused =
        |error: crate::fairness::RequestError| WorkflowError::BadFilter(error.to_string());
    let policy = filter.policy.as_deref().unwrap_or("default");
    let mut request = AuditRequest::new(policy, &app.rules)
        .and_then(|request| request.with_minimum(minimum))
        .map_err(refused)?;
    if let Some(benchmark) = &filter.benchmark {
        request = request.with_benchmark(benchmark, &app.rules).map_err(refused)?;
    }
    request.organisation = organisation.name;
    request.period = filter.period();
    request.filters = heading(filter, &vacancies);
    request.looks = filter.looks;
    Ok((counts(app, filter, &vacancies)?, request))
}

/// The cells of the vacancies, over the stages that any of them uses.
fn counts(
    app: &Evenhand,
    filter: &AuditFilter,
    vacancies: &[Vacancy],
) -> Result<Counts, WorkflowError> {
    let Some(first) = vacancies.first() else { return Ok(Counts::default()) };
    let only = filter.vacancy.is_some().then_some(&first.id);
    let stages: Vec<StageId> = app
        .rules
        .recruitment()
        .progress()
        .iter()
        .filter(|stage| vacancies.iter().any(|vacancy| vacancy.stages.contains(stage)))
        .cloned()
        .collect();
    let closed: HashMap<&VacancyId, bool> =
        vacancies.iter().map(|v| (&v.id, v.state == VacancyState::Closed)).collect();
    let mut counts = Counts::new(&stages);
    // The vacancy of the last cell and whether it is closed: those of one vacancy come together.
    let mut last: Option<(VacancyId, Option<bool>)> = None;
    // One reading, so that all vacancies are seen at one moment.
    app.store.each_tally(&first.organisation, only, &mut |at, tally| {
        let asked = &filter.characteristics;
        if !asked.is_empty() && !asked.contains(at.characteristic) {
            return;
        }
        let is_closed = match &last {
            Some((vacancy, is_closed)) if vacancy == at.vacancy => *is_closed,
            _ => {
                let is_closed = closed.get(at.vacancy).copied();
                last = Some((at.vacancy.clone(), is_closed));
                is_closed
            }
        };
        if let Some(is_closed) = is_closed {
            counts.add_tally(at, tally, is_closed);
        }
    })?;
    for vacancy in vacancies {
        counts.describe(vacancy.id.as_str(), facts(vacancy));
    }
    Ok(counts)
}

/// What is known of a vacancy. One that was closed before its closing was dated takes the date of its opening.
fn facts(vacancy: &Vacancy) -> StratumFacts {
    let is_open = vacancy.state == VacancyState::Open;
    let decided = vacancy.closed_at.unwrap_or(vacancy.opened_at);
    StratumFacts {
        first_decided_on: None,
        decided_on: (!is_open).then(|| decided.to_zoned(TimeZone::UTC).date()),
        family: vacancy.family.clone(),
        is_open,
        levels: VacancyFactor::ALL
            .into_iter()
            .filter_map(|factor| Some((factor.name().to_owned(), factor.of(vacancy)?.clone())))
            .collect(),
    }
}

/// What the report says it looked at.
fn heading(filter: &AuditFilter, vacancies: &[Vacancy]) -> Vec<String> {
    let only = filter.only.iter().map(|(factor, value)| format!("{}: {value}", factor.name()));
    let vacancy = filter.vacancy.as_ref().and_then(|_| vacancies.first());
    let vacancy = vacancy.map(|vacancy| format!("vacancy: {}", vacancy.title));
    only.chain(vacancy).collect()
}
