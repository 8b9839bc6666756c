//! What may be said of a comparison whose counts are hidden. A verdict is a function of the counts, so it can tell of
//! them: that the larger of two hidden groups was selected less often can mean that everybody of the smaller one went
//! on. It is said where it would be the same whatever the counts were that are too small to show, as far as sums that
//! can be known allow; then it tells at most which of the hidden counts are the small ones.

use std::ops::RangeInclusive;

use super::super::compare::{self, Measured};
use super::super::journey::Outcome;
use super::super::judge::{self, AdjustedP, Direction, Judgement, Thresholds, Verdict};
use super::super::request::Looks;
use super::super::table::Table;
use super::super::view::total;
use super::family::Family;
use super::protection::Protection;
use super::{Comparison, Layout};

/// What is said: the verdict, and whether it stands however the undeclared are divided.
pub(super) struct Said {
    pub(super) judgement: Judgement,
    pub(super) survives: Option<bool>,
}

/// The counts that a group may have, as far as is known: who entered, who went on, who did not.
#[derive(Debug, Clone)]
struct Possible {
    entered: RangeInclusive<u64>,
    progressed: RangeInclusive<u64>,
    turned_down: RangeInclusive<u64>,
}

/// A hidden group: what it has, and what it may have for somebody who knows which of its counts are too small to show.
struct Concealed {
    member: usize,
    all: Outcome,
    may_have: Possible,
}

impl Layout<'_> {
    pub(super) fn thresholds(&self) -> Thresholds {
        let policy = &self.request.policy;
        Thresholds {
            significance: policy.significance,
            fewest_short: policy.fewest_short,
            margin: policy.margin.0 as f64 / policy.margin.1 as f64,
            looks: self.request.looks,
        }
    }

    /// The verdict on a comparison with hidden counts, where it may be said. How it could change is judged on pooled
    /// counts: which vacancies the hidden people belong to is not published.
    pub(super) fn said_of_hidden(
        &self,
        comparison: &Comparison,
        adjusted: &AdjustedP,
        family: &Family,
        protection: &Protection,
    ) -> Option<Said> {
        let (measured, thresholds) = (&comparison.measured, self.thresholds());
        let judgement = judge::judge(measured, adjusted, &thresholds);
        let is_answer = matches!(judgement.verdict, Verdict::Gap | Verdict::RuledOut);
        if comparison.share_too_small || !is_answer {
            return None;
        }
        let outcomes = self.outcomes(comparison.sides.view, comparison.sides.stretch);
        let undeclared = total(&outcomes.undeclared);
        let declared = total(&outcomes.declared).entered.max(1) as f64;
        let levels = self.levels();
        let looks_many = self.request.looks == Looks::Many;
        let answer = |table: &Table, undeclared: Option<&Outcome>| {
            let found = compare::measure_one(table, undeclared, looks_many, &levels);
            Answer::of(&judge::judge(&found, &family.adjusted_for(&found), &thresholds), &found)
        };
        let here = answer(&measured.pooled, None);
        let mut tables = self.possible_tables(comparison, protection)?;
        // The last is the farthest from the first: where the answer changes at all, it has most often changed there.
        let last = tables.len().saturating_sub(1);
        tables.rotate_right(last.min(1));
        for table in &tables {
            let there = answer(table, None);
            // With other counts, the policy might leave the group out for its share.
            let is_left_out = table.total_1 as f64 / declared < self.request.policy.smallest_share;
            if is_left_out || (there.verdict, there.direction) != (here.verdict, here.direction) {
                return None;
            }
        }
        let mut survives = measured.undeclared.survives;
        if judgement.verdict == Verdict::Gap && survives.is_some() {
            let here = answer(&measured.pooled, Some(&undeclared)).survives;
            let stays = |table: &Table| answer(table, Some(&undeclared)).survives == here;
            survives = survives.filter(|_| tables.iter().all(stays));
        }
        Some(Said { judgement, survives })
    }

    /// The pooled tables that a comparison could have, at their extremes, for somebody who knows which hidden counts are
    /// too small to show, all counts that are shown, and the sums over the hidden groups. `None` where that is too
    /// little to know any answer, or so much that it tells the small counts.
    fn possible_tables(
        &self,
        comparison: &Comparison,
        protection: &Protection,
    ) -> Option<Vec<Table>> {
        let sides = comparison.sides;
        let pooled = comparison.measured.pooled;
        let focal = Outcome { entered: pooled.total_1, progressed: pooled.selected_1 };
        let other = Outcome { entered: pooled.total_2, progressed: pooled.selected_2 };
        let hidden = self.concealed(comparison, protection);
        let find = |member: usize| hidden.iter().find(|one| one.member == member);
        let without = |members: &[usize]| -> Vec<&Possible> {
            let others = hidden.iter().filter(|one| !members.contains(&one.member));
            others.map(|one| &one.may_have).collect()
        };
        let together = hidden.iter().fold(Outcome::default(), |sum, one| sum.plus(one.all));
        let one = find(sides.member);
        let two = sides.against.and_then(find);
        let first = one.or(two)?;
        let ranges = first.may_have.of(together, &without(&[first.member]));
        let minimum = self.request.minimum();
        let enough = minimum.saturating_sub(1) / 2;
        if !ranges.is_wide(&first.may_have, enough) || ranges.is_open(minimum) {
            return None;
        }
        let mut tables = Vec::new();
        // Of two hidden sides, the extremes of one may leave nothing possible for the other.
        let tried = match (one, two) {
            (Some(_), Some(_)) if ranges.has_open_selections(minimum) => return None,
            (Some(_), Some(_)) => ranges.all(),
            _ => ranges.extremes(),
        };
        for changed in tried {
            let pairs = match (one, two) {
                // Compared with everybody else: nobody comes from outside.
                (Some(_), _) if sides.against.is_none() => {
                    let everybody = focal.plus(other);
                    less(everybody, changed).map(|rest| (changed, rest)).into_iter().collect()
                }
                (Some(_), Some(second)) => {
                    let Some(left) = less(together, changed) else { continue };
                    let third = without(&[first.member, second.member]);
                    let ranges = second.may_have.of(left, &third);
                    if ranges.is_open(minimum) {
                        return None;
                    }
                    ranges.extremes().into_iter().map(|second| (changed, second)).collect()
                }
                (Some(_), None) => vec![(changed, other)],
                (None, _) => vec![(focal, changed)],
            };
            tables.extend(pairs.into_iter().map(|(one, two)| Table {
                selected_1: one.progressed,
                total_1: one.entered,
                selected_2: two.progressed,
                total_2: two.entered,
            }));
        }
        Some(tables)
    }

    /// The hidden groups of the view of a comparison.
    fn concealed(&self, comparison: &Comparison, protection: &Protection) -> Vec<Concealed> {
        let (view, stretch) = (comparison.sides.view, comparison.sides.stretch);
        let minimum = self.request.minimum();
        let Some(hidden) = protection.hidden.get(view) else { return Vec::new() };
        let members = 0..self.views[view].members.len();
        let of = |member: usize| {
            let (entered, passed) = self.is_hidden(hidden, member, stretch);
            let all = total(self.member(view, member, stretch));
            let range = |count: u64, is_hidden: bool| match (is_hidden, count < minimum) {
                (false, _) => count..=count,
                (true, true) => 0..=minimum.saturating_sub(1),
                (true, false) => minimum..=u64::MAX,
            };
            // How many passed is not shown where it is hidden how many there were.
            (entered || passed).then(|| Concealed {
                member,
                all,
                may_have: Possible {
                    entered: range(all.entered, entered),
                    progressed: range(all.progressed, true),
                    turned_down: range(all.entered.saturating_sub(all.progressed), true),
                },
            })
        };
        members.filter_map(of).collect()
    }
}

impl Possible {
    /// What these may have of the people together with others.
    fn of(&self, together: Outcome, others: &[&Self]) -> Self {
        let range =
            |own: &RangeInclusive<u64>, all: u64, of_other: fn(&Self) -> &RangeInclusive<u64>| {
                let sum = |end: fn(&RangeInclusive<u64>) -> u64| {
                    others.iter().fold(0_u64, |sum, other| sum.saturating_add(end(of_other(other))))
                };
                let low = (*own.start()).max(all.saturating_sub(sum(|range| *range.end())));
                let high = (*own.end()).min(all.saturating_sub(sum(|range| *range.start())));
                low..=high
            };
        let turned_down = together.entered.saturating_sub(together.progressed);
        Self {
            entered: range(&self.entered, together.entered, |other| &other.entered),
            progressed: range(&self.progressed, together.progressed, |other| &other.progressed),
            turned_down: range(&self.turned_down, turned_down, |other| &other.turned_down),
        }
    }

    /// Whether enough values are possible of each count that is hidden.
    fn is_wide(&self, before: &Self, enough: u64) -> bool {
        let is_known = |range: &RangeInclusive<u64>| range.start() == range.end();
        let width = |range: &RangeInclusive<u64>| range.end().saturating_sub(*range.start());
        (is_known(&before.entered) || width(&self.entered) >= enough)
            && width(&self.progressed) >= enough
    }

    /// Whether so many people may be in it that hardly any answer holds for all of them.
    fn is_open(&self, minimum: u64) -> bool {
        is_open(&self.entered, minimum)
    }

    /// The same of selections.
    fn has_open_selections(&self, minimum: u64) -> bool {
        is_open(&self.progressed, minimum) && is_open(&self.turned_down, minimum)
    }

    /// For each number of people, the fewest and the most selections that go with them: between the two the answer
    /// changes in one direction.
    fn extremes(&self) -> Vec<Outcome> {
        let mut found: Vec<Outcome> = Vec::new();
        for (entered, selections) in self.selections() {
            let ends = [*selections.start(), *selections.end()];
            found.extend(ends.map(|progressed| Outcome { entered, progressed }));
        }
        found.dedup();
        found
    }

    /// All that is possible.
    fn all(&self) -> Vec<Outcome> {
        let each = self.selections().flat_map(|(entered, selections)| {
            selections.map(move |progressed| Outcome { entered, progressed })
        });
        each.collect()
    }

    /// For each number of people, the selections that go with them.
    fn selections(&self) -> impl Iterator<Item = (u64, RangeInclusive<u64>)> {
        let (progressed, turned_down) = (self.progressed.clone(), self.turned_down.clone());
        self.entered.clone().filter_map(move |entered| {
            let most = (*progressed.end()).min(entered.checked_sub(*turned_down.start())?);
            let least = (*progressed.start()).max(entered.saturating_sub(*turned_down.end()));
            (least <= most).then_some((entered, least..=most))
        })
    }
}

fn is_open(range: &RangeInclusive<u64>, minimum: u64) -> bool {
    range.end().saturating_sub(*range.start()) > minimum.saturating_mul(4)
}

/// Who is left of some people without others; `None` where these cannot be among them.
fn less(all: Outcome, some: Outcome) -> Option<Outcome> {
    let entered = all.entered.checked_sub(some.entered)?;
    let progressed = all.progressed.checked_sub(some.progressed)?;
    (progressed <= entered).then_some(Outcome { entered, progressed })
}

/// What a table would be answered with.
struct Answer {
    verdict: Verdict,
    direction: Option<Direction>,
    survives: Option<bool>,
}

impl Answer {
    /// Everything that is neither a gap nor ruled out is answered alike.
    fn of(judgement: &Judgement, measured: &Measured) -> Self {
        let verdict = match judgement.verdict {
            Verdict::NotAssessed => Verdict::CannotTell,
            verdict => verdict,
        };
        Self { verdict, direction: judgement.direction, survives: measured.undeclared.survives }
    }
}
