//! How an application stands after all that a table of events tells of it, whatever the order of the rows. Knows of one
//! application at a time, and reads nothing.

use std::collections::HashSet;

use jiff::civil::Date;

use super::applications::ENDINGS;
use super::dates::Moment;

/// How an application stands at the furthest stage. The numbers are those of the counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Turned down there.
    TurnedDown = 0,
    /// Withdrew there.
    Withdrew = 1,
    /// Waits there for a decision.
    Waiting = 2,
}

/// What one event tells of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ToldEvent {
    /// The furthest stage that it shows to be reached.
    pub(super) reached: u8,
    /// How the application stands then.
    pub(super) ending: Ending,
    /// Whether it only follows that the stage was reached: the one before it was passed.
    pub(super) is_implied: bool,
    /// When.
    pub(super) at: Moment,
}

/// What the events of one application come to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standing {
    furthest: u8,
    /// The last ending that is told.
    ended: Option<ToldEvent>,
    /// The last time that it is said to stand at a stage.
    stands: Option<ToldEvent>,
    /// The furthest stage that follows from passing another, the last time.
    passed: Option<ToldEvent>,
    /// The first and the last decision.
    decided: Option<(Moment, Moment)>,
}

impl Standing {
    /// The counter of the furthest stage and the ending there.
    pub fn counter(&self) -> usize {
        let ending = self.ending().map_or(Ending::Waiting, |ended| ended.ending);
        usize::from(self.furthest) * ENDINGS + ending as usize
    }

    /// The days of the first and the last decision.
    pub fn decided(&self) -> Option<(Date, Date)> {
        let (first, last) = self.decided?;
        Some((first.date()?, last.date()?))
    }

    /// Whether it is told to have been turned down, at any time.
    pub(super) fn was_turned_down(&self) -> bool {
        self.ended.is_some_and(|ended| ended.ending == Ending::TurnedDown)
    }

    /// The ending, where the application did not go on after it.
    fn ending(&self) -> Option<&ToldEvent> {
        let goes_on = |ended: &&ToldEvent| {
            [&self.stands, &self.passed].into_iter().flatten().any(|event| event.overtakes(ended))
        };
        self.ended.as_ref().filter(|ended| !goes_on(ended))
    }

    pub(super) fn add(&mut self, event: &ToldEvent) {
        self.furthest = self.furthest.max(event.reached);
        // That somebody applied, or stands somewhere, is no decision.
        if event.is_implied || event.ending == Ending::TurnedDown || event.reached > 0 {
            let (first, last) = self.decided.unwrap_or((event.at, event.at));
            self.decided = Some((first.min(event.at), last.max(event.at)));
        }
        let (place, order): (_, fn(&ToldEvent, &ToldEvent) -> bool) = match event {
            ToldEvent { ending: Ending::Waiting, is_implied: true, .. } => {
                (&mut self.passed, |one, two| (one.reached, one.at) > (two.reached, two.at))
            }
            ToldEvent { ending: Ending::Waiting, .. } => (&mut self.stands, ToldEvent::is_after),
            _ => (&mut self.ended, ToldEvent::is_after),
        };
        if place.as_ref().is_none_or(|known| order(event, known)) {
            *place = Some(*event);
        }
    }
}

impl ToldEvent {
    /// Whether it comes after another: by time, at the same time by stage, and last what ended there.
    fn is_after(&self, other: &Self) -> bool {
        if self.at.is_beside(other.at) {
            return self.rank() > other.rank();
        }
        self.at.is_after(other.at)
    }

    /// What comes after what at the same time. An ending that names no stage comes after every stage, and a decision after
    /// a withdrawal, because both are known and one of them is the panel's.
    fn rank(&self) -> (u8, u8) {
        let names_no_stage = self.reached == 0 && self.ending != Ending::Waiting;
        let kind = match self.ending {
            Ending::Waiting => 0,
            Ending::Withdrew => 1,
            Ending::TurnedDown => 2,
        };
        (if names_no_stage { u8::MAX } else { self.reached }, kind)
    }

    /// Whether somebody goes on after an ending. That a stage was passed says so only where it leads further than the
    /// ending: who passed shortlisting is still turned down at the interview, whichever was written down first.
    fn overtakes(&self, ended: &Self) -> bool {
        let leads_on = !self.is_implied || self.reached > ended.reached;
        leads_on && self.is_after(ended)
    }
}

/// The events of one application in an order in which the last says how it stands; none is dated before the one that it
/// follows. That a stage was passed stands before an ending that it does not lead beyond.
pub(super) fn in_order<T>(mut events: Vec<(ToldEvent, T)>) -> Vec<(ToldEvent, T)> {
    let mut standing = Standing::default();
    events.iter().for_each(|(event, _)| standing.add(event));
    let without_time: HashSet<i32> =
        events.iter().filter_map(|(event, _)| event.at.day_without_time()).collect();
    events.sort_by_key(|(event, _)| {
        let (day, second) = event.at.parts();
        let time = second.filter(|_| !without_time.contains(&day));
        (day, time, event.rank(), second)
    });
    let last = standing.ending().copied();
    if let Some(place) = last.and_then(|last| events.iter().rposition(|(event, _)| *event == last))
    {
        let ended = events.remove(place);
        events.push(ended);
    }
    let mut latest = Moment::default();
    for (event, _) in &mut events {
        event.at = event.at.no_earlier_than(latest);
        latest = event.at;
    }
    events
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test stops where its own data are wrong")]
mod tests {
    use super::*;

    fn event(text: &str) -> ToldEvent {
        let parts: Vec<&str> = text.split(',').collect();
        let reached = parts[0].parse().unwrap();
        let (ending, is_implied, reached) = match parts[1] {
            "progressed" => (Ending::Waiting, true, reached + 1),
            "reached" => (Ending::Waiting, false, reached),
            "unsuccessful" => (Ending::TurnedDown, false, reached),
            _ => (Ending::Withdrew, false, reached),
        };
        let at = Moment::read(parts.get(2).copied().unwrap_or("2026-01-01")).unwrap();
        ToldEvent { reached, ending, is_implied, at }
    }

    /// Every order of a few things.
    fn orders<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
        let Some((first, rest)) = things.split_first() else { return vec![Vec::new()] };
        let with = |order: Vec<T>| {
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, first.clone());
                order
            })
        };
        orders(rest).into_iter().flat_map(with).collect()
    }

    #[test]
    fn how_an_application_stands_does_not_depend_on_the_order_of_rows() {
        for (events, furthest, ending) in [
            // On one day, without a time, and with one for some.
            (&["0,progressed", "1,progressed", "2,unsuccessful"][..], 2, Ending::TurnedDown),
            (&["0,progressed", "1,withdrew", "0,progressed"], 1, Ending::Withdrew),
            (
                &[
                    "1,progressed,2026-05-20 09:00",
                    "2,unsuccessful,2026-05-20",
                    "0,progressed,2026-05-02",
                ],
                2,
                Ending::TurnedDown,
            ),
            (
                &["1,progressed,2026-05-20", "2,unsuccessful,2026-05-20 09:00"],
                2,
                Ending::TurnedDown,
            ),
            // Written down after it, but before it in the journey.
            (
                &[
                    "2,unsuccessful,2026-05-20",
                    "1,progressed,2026-05-21",
                    "0,progressed,2026-05-22",
                ],
                2,
                Ending::TurnedDown,
            ),
            // A decision taken back.
            (&["0,unsuccessful,2026-05-20", "0,progressed,2026-05-21"], 1, Ending::Waiting),
            (&["1,unsuccessful,2026-05-20", "1,reached,2026-05-21"], 1, Ending::Waiting),
            (&["1,unsuccessful,2026-05-20", "1,reached,2026-05-20"], 1, Ending::TurnedDown),
            // Both on one day.
            (&["2,unsuccessful", "2,withdrew", "1,progressed"], 2, Ending::TurnedDown),
            (&["2,unsuccessful,2026-05-20", "2,withdrew,2026-05-21"], 2, Ending::Withdrew),
            (&["0,reached", "1,reached", "2,reached"], 2, Ending::Waiting),
        ] {
            let events: Vec<ToldEvent> = events.iter().map(|text| event(text)).collect();
            for order in orders(&events) {
                let mut standing = Standing::default();
                order.iter().for_each(|event| standing.add(event));
                assert_eq!(standing.counter(), furthest * ENDINGS + ending as usize, "{order:?}");
                let ordered = in_order(order.iter().map(|event| (*event, ())).collect());
                let (last, ()) = ordered.last().unwrap();
                assert_eq!(last.ending, ending, "{ordered:?}");
                let at = |pair: &[(ToldEvent, ())]| pair[0].0.at.is_after(pair[1].0.at);
                assert!(!ordered.windows(2).any(at), "{ordered:?}");
            }
        }
    }
}
