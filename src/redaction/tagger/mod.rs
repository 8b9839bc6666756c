//! A trained sequence tagger: finds clues that no list of wordings holds, from the words around them, their beginnings
//! and endings, the lexicons, the part of the application, and what the rules found nearby. A linear-chain model whose
//! weights are a file of the rule set; `training` makes that file from annotated texts.

mod decode;
mod features;
mod model;
pub mod training;

use self::decode::{Run, marginals, runs};
use self::features::Observer;
pub(super) use self::model::Model;
use super::hit::Hit;
use super::rules::Rules;
use super::text::{Gap, Page};
use crate::rulebook::{Action, Kind, RuleId};

/// What the model tells apart; the first tag is "nothing to hide".
pub(super) const TAGS: [Option<Kind>; 18] = [
    None,
    Some(Kind::Name),
    Some(Kind::OtherPerson),
    Some(Kind::Age),
    Some(Kind::DateEdu),
    Some(Kind::Gender),
    Some(Kind::MaritalFamily),
    Some(Kind::PregnancyMaternity),
    Some(Kind::EthnicityNationality),
    Some(Kind::Language),
    Some(Kind::Religion),
    Some(Kind::DisabilityHealth),
    Some(Kind::SexualOrientation),
    Some(Kind::GenderReassignment),
    Some(Kind::School),
    Some(Kind::Affiliation),
    Some(Kind::Place),
    Some(Kind::OtherProxy),
];

/// One score for each tag.
pub(super) type Scores = [f32; TAGS.len()];

/// The tagger, ready to run.
pub(super) struct Tagger {
    observer: Observer,
    model: Model,
    ids: Vec<RuleId>,
}

impl Tagger {
    /// A tagger with a model's weights.
    pub fn new(rules: &Rules, model: Model) -> Self {
        let name = |kind: &Option<Kind>| kind.map_or("nothing", Kind::as_str);
        let ids = TAGS.iter().map(|kind| RuleId::new(&format!("tagger.{}", name(kind)))).collect();
        Self { observer: Observer::new(rules), model, ids }
    }

    /// Adds what the model finds on a page. `hits` are the finds of the rules: evidence, and where the model is sure
    /// that a rule took work for a clue, withdrawn. Direct identifiers are never withdrawn.
    pub fn find(&self, page: &Page, hits: &mut Vec<Hit>) {
        if self.model.is_empty() {
            return;
        }
        let marks = kinds_by_token(page, hits);
        let seen = self.observer.observe(page, &marks);
        let mut scores: Vec<Scores> = Vec::new();
        let mut hidden: Vec<f32> = Vec::with_capacity(page.tokens.len());
        let mut found: Vec<Hit> = Vec::new();
        for line in lines(page) {
            scores.clear();
            scores.extend(line.clone().map(|at| self.model.scores(seen.of(at))));
            let marginals = marginals(&scores, &self.model);
            for Run { first, last, tag } in runs(&marginals, &self.model) {
                if let (Some(Some(kind)), Some(id)) = (TAGS.get(tag), self.ids.get(tag)) {
                    let (first, last) = (line.start + first, line.start + last);
                    let run = Hit::over(page, first, last, *kind, id);
                    found.extend(run.map(|hit| hit.scored(SCORE)));
                }
            }
            hidden.extend(marginals.iter().map(|tags| 1.0 - tags[0]));
        }
        hits.retain_mut(|hit| self.confirm(page, &hidden, hit));
        hits.extend(found);
    }

    /// Takes off both ends of a clue what the model is sure is none; whether anything stays.
    fn confirm(&self, page: &Page, hidden: &[f32], hit: &mut Hit) -> bool {
        let clue = TAGS.iter().skip(3).any(|tag| *tag == Some(hit.kind));
        if !clue || hit.action == Action::Neutralise || hit.score >= CERTAIN {
            return true;
        }
        let first = page.tokens.partition_point(|token| token.end <= hit.start);
        let last = page.tokens.partition_point(|token| token.start < hit.end);
        let likely = |at: &usize| hidden.get(*at).is_some_and(|share| *share >= self.model.veto());
        let (Some(from), Some(to)) = ((first..last).find(likely), (first..last).rfind(likely))
        else {
            return false;
        };
        if let (true, Some(token)) = (from > first, page.token(from)) {
            hit.start = token.start;
        }
        if let (true, Some(token)) = (to + 1 < last, page.token(to)) {
            hit.end = token.end;
        }
        true
    }
}

/// A rule of this score or above is not doubted: answers to labelled questions, and values that the sender gave.
const CERTAIN: f32 = 0.9;

/// Below every rule: where a rule and the model see the same passage, the rule names its kind.
const SCORE: f32 = 0.2;

/// For each token, which kinds the rules found there, one bit for each of [`Kind::ALL`].
pub(super) fn kinds_by_token(page: &Page, hits: &[Hit]) -> Vec<u32> {
    let mut marks = vec![0_u32; page.tokens.len()];
    for hit in hits {
        let first = page.tokens.partition_point(|token| token.end <= hit.start);
        let bit = Kind::ALL.iter().position(|kind| *kind == hit.kind).map_or(0, |at| 1_u32 << at);
        for (mark, token) in marks.iter_mut().zip(&page.tokens).skip(first) {
            if token.start >= hit.end {
                break;
            }
            *mark |= bit;
        }
    }
    marks
}

/// The token ranges that are tagged one by one: lines, because a passage to hide seldom crosses one, and the few that
/// do are found in both halves.
pub(super) fn lines(page: &Page) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= page.tokens.len() {
            return None;
        }
        let ends = |gap: Gap| matches!(gap, Gap::Line | Gap::Break);
        let end = page
            .tokens
            .iter()
            .enumerate()
            .skip(start + 1)
            .find(|(_, token)| ends(token.gap))
            .map_or(page.tokens.len(), |(at, _)| at);
        let line = start..end;
        start = end;
        Some(line)
    })
}
