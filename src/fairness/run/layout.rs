//! What an audit looks at, laid out: which groups of which characteristics over which stretches of the journey, with
//! everybody's outcomes added up once. Compares nothing.

use super::super::audit::StretchLabel;
use super::super::counts::Counts;
use super::super::journey::{Chains, Outcome, Stretch, decisions};
use super::super::request::AuditRequest;
use super::super::view::{Outcomes, ViewCounts};
use super::super::warning::Warning;
use crate::domain::StageId;
use crate::rulebook::{Rulebook, Span};

/// What is looked at, laid out.
pub(super) struct Layout<'a> {
    pub(super) counts: &'a Counts,
    pub(super) request: &'a AuditRequest,
    pub(super) rules: &'a Rulebook,
    pub(super) views: Vec<ViewCounts<'a>>,
    pub(super) chains: Vec<Chains>,
    pub(super) decisions: Vec<usize>,
    /// What is compared.
    pub(super) stretches: Vec<Stretch>,
    /// Every decision, then the whole journey where it is looked at.
    pub(super) laid_stretches: Vec<Stretch>,
    /// For each view, the outcomes over each of `laid_stretches`, added up once.
    pub(super) laid: Vec<Vec<Outcomes>>,
    /// The stages that vacancies usually have.
    pub(super) usual: Vec<StageId>,
    /// The order in which evidence is read.
    pub(super) order: Vec<usize>,
}

impl<'a> Layout<'a> {
    pub(super) fn of(counts: &'a Counts, request: &'a AuditRequest, rules: &'a Rulebook) -> Self {
        let decisions = decisions(counts);
        let stretches = stretches(counts, &request.policy.span, &decisions);
        let views = views(counts, request, rules);
        let whole = stretches.iter().find_map(|stretch| match stretch {
            Stretch::Whole(from, to) => Some((*from, *to)),
            Stretch::Decision(_) => None,
        });
        let strata = counts.strata().len();
        let chains: Vec<Chains> = views
            .iter()
            .map(|view| {
                whole.map_or_else(Chains::default, |(from, to)| {
                    Chains::of(view.characteristic, from, to, strata)
                })
            })
            .collect();
        let usual = rules.recruitment().usual();
        let order = counts.order_of_decisions();
        let each = decisions.iter().map(|stage| Stretch::Decision(*stage));
        let laid_stretches: Vec<Stretch> =
            each.chain(whole.map(|(from, to)| Stretch::Whole(from, to))).collect();
        let laid = views.iter().zip(&chains).map(|(v, c)| over_all(&laid_stretches, v, c));
        let laid = laid.collect();
        Self {
            counts,
            request,
            rules,
            views,
            chains,
            decisions,
            stretches,
            laid_stretches,
            laid,
            usual,
            order,
        }
    }

    /// Everybody's outcomes in a view.
    pub(super) fn outcomes(&self, view: usize, stretch: Stretch) -> &Outcomes {
        static NOTHING: Outcomes = Outcomes::NONE;
        let place = self.laid_stretches.iter().position(|laid| *laid == stretch);
        let laid = self.laid.get(view);
        laid.zip(place).and_then(|(laid, place)| laid.get(place)).unwrap_or(&NOTHING)
    }

    pub(super) fn member(&self, view: usize, member: usize, stretch: Stretch) -> &[Outcome] {
        self.outcomes(view, stretch).member(member)
    }

    pub(super) fn label(&self, stretch: Stretch) -> StretchLabel {
        let name = |index: usize| self.counts.stages().get(index).map(ToString::to_string);
        let (from, last, whole) = match stretch {
            Stretch::Decision(stage) => (stage, stage, false),
            Stretch::Whole(from, to) => (from, to, true),
        };
        // Passing a decision is reaching the next stage at which anybody is decided; after the last one, the stage with
        // which the policy ends where nobody stands in between, or else the next that vacancies usually have.
        let next = self.decisions.iter().find(|known| **known > last).copied();
        let usual = || {
            let later = self.counts.stages().iter().enumerate().skip(last + 1);
            later.into_iter().find(|(_, stage)| self.usual.contains(stage)).map(|(i, _)| i)
        };
        let to = next.or_else(|| self.end_after(last)).or_else(usual).unwrap_or(last + 1);
        StretchLabel {
            from: name(from).unwrap_or_default(),
            to: name(to).unwrap_or_else(|| "selected".to_owned()),
            whole,
        }
    }

    /// The decisions of the data outside the policy's span, if there are any.
    pub(super) fn stages_not_compared(&self) -> Option<Warning> {
        let is_compared = |decision: &usize| {
            self.stretches.iter().any(|stretch| match stretch {
                Stretch::Decision(stage) => stage == decision,
                Stretch::Whole(from, to) => (from..=to).contains(&decision),
            })
        };
        let others = self.decisions.iter().filter(|decision| !is_compared(decision));
        let stretches: Vec<StretchLabel> =
            others.map(|stage| self.label(Stretch::Decision(*stage))).collect();
        let policy = self.request.policy.title.clone();
        (!stretches.is_empty()).then_some(Warning::StagesNotCompared { stretches, policy })
    }

    /// The stage with which the policy's span ends, where the data have nobody between a stage and it: a published table
    /// of shortlisting and appointment has no other stage.
    fn end_after(&self, stage: usize) -> Option<usize> {
        let Span::Between { from, to } = &self.request.policy.span else { return None };
        let place = |wanted| self.counts.stages().iter().position(|known| known == wanted);
        let (start, end) = (place(from)?, place(to)?);
        let anybody = |stage: usize| {
            let categories = self.counts.characteristics().iter().flat_map(|of| of.categories());
            categories.into_iter().any(|category| {
                (0..self.counts.strata().len()).any(|stratum| {
                    let cell = category.at(stage, stratum);
                    cell.entered + cell.undecided + cell.withdrawn > 0
                })
            })
        };
        ((start..end).contains(&stage) && !(stage + 1..end).any(anybody)).then_some(end)
    }
}

/// Everybody's outcomes over each stretch.
pub(super) fn over_all(
    stretches: &[Stretch],
    view: &ViewCounts<'_>,
    chains: &Chains,
) -> Vec<Outcomes> {
    stretches.iter().map(|stretch| view.over(*stretch, chains)).collect()
}

fn views<'a>(counts: &'a Counts, request: &AuditRequest, rules: &Rulebook) -> Vec<ViewCounts<'a>> {
    let policy = &request.policy;
    let characteristics = rules.characteristics();
    let mut views = Vec::new();
    for found in counts.characteristics() {
        if !policy.characteristics.is_empty() && !policy.characteristics.contains(&found.id) {
            continue;
        }
        let groupings = policy.groupings.get(&found.id).map_or(&[][..], Vec::as_slice);
        if let Some(known) = characteristics.get(&found.id) {
            for grouping in groupings.iter().filter_map(|id| known.grouping(id)) {
                views.push(ViewCounts::grouped(counts, found, characteristics, grouping));
            }
        }
        if policy.detailed || groupings.is_empty() {
            let detailed = ViewCounts::detailed(counts, found, characteristics);
            // A grouping that only renames the categories that occur says nothing more, unless these say no more than it
            // does: then its names are the better ones.
            let known = characteristics.get(&found.id);
            let is_plainer = |view: &ViewCounts<'_>| {
                view.characteristic.id == found.id
                    && view.only_renames(&detailed)
                    && known.is_some_and(|known| view.has_broad_categories(known))
            };
            if views.iter().any(is_plainer) {
                continue;
            }
            // Nor does one in which fewer than two groups are left, where the categories can be compared.
            let is_bare = |view: &ViewCounts<'_>| {
                view.members.len() < 2 && detailed.members.len() > view.members.len()
            };
            views.retain(|view: &ViewCounts<'_>| {
                view.characteristic.id != found.id
                    || !(view.only_renames(&detailed) || is_bare(view))
            });
            views.push(detailed);
        }
    }
    views
}

fn stretches(counts: &Counts, span: &Span, decisions: &[usize]) -> Vec<Stretch> {
    let each = decisions.iter().map(|stage| Stretch::Decision(*stage));
    match span {
        Span::Each => each.collect(),
        Span::EachAndEndToEnd => {
            let whole = match decisions {
                [first, .., last] => Some(Stretch::Whole(*first, *last)),
                _ => None,
            };
            each.chain(whole).collect()
        }
        Span::Between { from, to } => {
            let place = |stage| counts.stages().iter().position(|known| known == stage);
            let (Some(from), Some(to)) = (place(from), place(to)) else { return Vec::new() };
            let first = decisions.iter().copied().find(|stage| *stage == from);
            let last = decisions.iter().copied().rfind(|stage| *stage < to);
            match (first, last) {
                (Some(first), Some(last)) if first < last => vec![Stretch::Whole(first, last)],
                (Some(first), Some(_)) => vec![Stretch::Decision(first)],
                _ => Vec::new(),
            }
        }
    }
}
