//! How the visits of an application follow each other: one after another, late ones where they belong, and those that a
//! table only implies. Moves are checked against `rules/stages`; it reads and writes nothing.

use jiff::Timestamp;

use crate::domain::{StageError, StageId, StageSet, StageVisit};

/// The moves that a list of visits makes, checked one after another. Answers the visits that are allowed and how
/// many are not.
pub(super) fn walk(
    stages: &StageSet,
    start: StageVisit,
    then: Vec<StageVisit>,
) -> (Vec<StageVisit>, usize) {
    let mut visits = vec![start];
    let mut refused = 0;
    for visit in then {
        let here = visits.last().map(|visit| visit.stage.clone());
        match here {
            Some(here) if here == visit.stage => {}
            Some(here) if stages.check_move(&here, &visit.stage).is_ok() => visits.push(visit),
            _ => refused += 1,
        }
    }
    (visits, refused)
}

/// The visits with another one in its place, or `None` when it adds nothing.
///
/// Deliveries overtake each other. Where the source says when a stage was reached, an event that is older than the
/// last one known is put where it belongs, and the whole journey is checked again: somebody shortlisted on Monday and
/// turned down on Friday stays turned down, whichever word comes first.
pub(super) fn fitted(
    stages: &StageSet,
    known: &[StageVisit],
    visit: StageVisit,
    is_dated: bool,
) -> Result<Option<Vec<StageVisit>>, StageError> {
    let Some(last) = known.last() else { return Ok(Some(vec![visit])) };
    let passed = known.iter().any(|earlier| earlier.stage == visit.stage);
    if is_dated && known.contains(&visit) {
        return Ok(None);
    }
    if is_dated && visit.at < last.at {
        if passed {
            return Ok(None);
        }
        let mut visits = known.iter().cloned();
        let Some(first) = visits.next() else { return Ok(None) };
        let mut later: Vec<StageVisit> = visits.collect();
        let (from, to) = (last.stage.clone(), visit.stage.clone());
        later.push(visit);
        later.sort_by_key(|visit| visit.at);
        return match walk(stages, first, later) {
            (visits, 0) => Ok(Some(visits)),
            _ => Err(stages.refused(&from, &to)),
        };
    }
    match stages.check_move(&last.stage, &visit.stage) {
        Ok(_) => {
            let mut visits = known.to_vec();
            visits.push(visit);
            Ok(Some(visits))
        }
        Err(_) if passed => Ok(None),
        Err(refused) => Err(refused),
    }
}

/// A line of a table about one application: how far it shows that the application came, and how it ended there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// The furthest stage, by its place.
    pub(super) reached: usize,
    /// The ending, where it ended.
    pub(super) ending: Option<StageId>,
    /// When, if the table says.
    pub(super) at: Option<Timestamp>,
}

/// The visits of an application with what a table tells of it, in the order of time. A stage stands for the usual ones
/// before it; otherwise the rules of deliveries hold. What has no date, and was passed in the same order, adds nothing.
pub(super) fn told(
    stages: &StageSet,
    known: Vec<StageVisit>,
    lines: &[Told],
    now: Timestamp,
) -> Result<Vec<StageVisit>, StageError> {
    if let (Some(first), true) = (known.first(), lines.iter().all(|line| line.at.is_none())) {
        let alone = lay_over(stages, vec![first.clone()], lines, now)?;
        let mut passed = known.iter();
        if alone.iter().all(|visit| passed.any(|known| known.stage == visit.stage)) {
            return Ok(known);
        }
    }
    lay_over(stages, known, lines, now)
}

fn lay_over(
    stages: &StageSet,
    mut visits: Vec<StageVisit>,
    lines: &[Told],
    now: Timestamp,
) -> Result<Vec<StageVisit>, StageError> {
    let usual = stages.usual();
    for line in lines {
        let is_implied = |stage: &&StageId| usual.contains(stage);
        let before = stages.progress().iter().take(line.reached).filter(is_implied);
        let named = stages.progress().get(line.reached).filter(|_| line.reached > 0);
        for (stage, is_named) in before
            .map(|stage| (stage, false))
            .chain(named.map(|stage| (stage, line.ending.is_none())))
        {
            // Only what is said, not what follows from it, can lead back to a stage that was passed.
            if is_named || visits.iter().all(|visit| visit.stage != *stage) {
                visits = with(stages, visits, stage, line.at, now)?;
            }
        }
        if let Some(ending) = &line.ending {
            visits = with(stages, visits, ending, line.at, now)?;
        }
    }
    Ok(visits)
}

fn with(
    stages: &StageSet,
    visits: Vec<StageVisit>,
    stage: &StageId,
    at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Vec<StageVisit>, StageError> {
    let visit = StageVisit { stage: stage.clone(), at: at.unwrap_or(now) };
    Ok(fitted(stages, &visits, visit, at.is_some())?.unwrap_or(visits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Rulebook;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).unwrap()
    }

    /// Lines as furthest stage, ending and day, laid over an application that was received on day 0; twice.
    fn stages_after(lines: &[(usize, &str, Option<i64>)]) -> Result<Vec<String>, StageError> {
        let rules = Rulebook::built_in().unwrap();
        let stages = rules.recruitment();
        let ending = |name: &str| (!name.is_empty()).then(|| name.parse().unwrap());
        let lines: Vec<Told> = lines
            .iter()
            .map(|(reached, name, day)| Told {
                reached: *reached,
                ending: ending(name),
                at: day.map(at),
            })
            .collect();
        let received = StageVisit { stage: stages.progress().first().unwrap().clone(), at: at(0) };
        let once = told(stages, vec![received], &lines, at(90))?;
        let twice = told(stages, once.clone(), &lines, at(91))?;
        assert_eq!(once, twice, "told twice, it changes nothing");
        Ok(once.iter().map(|visit| visit.stage.to_string()).collect())
    }

    #[test]
    fn what_a_table_tells_of_an_application_is_laid_over_what_is_known_once() {
        for (lines, expected) in [
            (&[(0, "", None)][..], "received"),
            (&[(3, "", None)], "received shortlisted interviewed"),
            (&[(1, "unsuccessful", None)], "received longlisted unsuccessful"),
            (&[(2, "withdrawn", None)], "received shortlisted withdrawn"),
            // On the same day, and with the word of Friday before that of Monday.
            (
                &[(2, "", Some(5)), (2, "unsuccessful", Some(5))],
                "received shortlisted unsuccessful",
            ),
            (
                &[(2, "unsuccessful", Some(9)), (2, "", Some(5))],
                "received shortlisted unsuccessful",
            ),
            // A decision taken back.
            (
                &[(0, "unsuccessful", Some(5)), (2, "", Some(6)), (2, "unsuccessful", Some(7))],
                "received unsuccessful shortlisted unsuccessful",
            ),
            (
                &[(0, "unsuccessful", None), (2, "", None), (2, "unsuccessful", None)],
                "received unsuccessful shortlisted unsuccessful",
            ),
        ] {
            assert_eq!(stages_after(lines).unwrap().join(" "), expected, "{lines:?}");
        }
        assert!(stages_after(&[(5, "", Some(5)), (5, "unsuccessful", Some(6))]).is_err());
        assert!(stages_after(&[(2, "withdrawn", Some(5)), (3, "", Some(6))]).is_err());
    }
}
