//! A trained sequence tagger: finds clues that no list of wordings holds, from the words around them, their beginnings
//! and endings, the lexicons, the part of the application, and what the rules found nearby. A linear-chain model whose
//! weights are a file of the rule set; `training` makes that file from annotated texts.

mod decode;
mod features;
mod model;
pub mod training;

use std::ops::Range;

use self::decode::{Run, marginals, runs};
use self::features::{Observer, Seen};
pub(super) use self::model::Model;
use super::hit::Hit;
use super::rules::Rules;
use super::text::{Gap, Page, Shape};
use crate::rulebook::{Kind, RuleId};

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

    /// Adds what the model finds on a page, behind the finds of the rules, which it weighs as evidence.
    pub fn find(&self, page: &Page, hits: &mut Vec<Hit>) {
        // What has labels in it was redacted before: the words that the model would weigh are gone.
        let redacted = page.tokens.iter().any(|token| token.shape == Shape::Hole);
        if self.model.is_empty() || redacted {
            return;
        }
        let marks = kinds_by_token(page, hits);
        let seen = self.observer.observe(page, &marks);
        let mut scores: Vec<Scores> = Vec::new();
        let mut found: Vec<Hit> = Vec::new();
        for line in lines(page) {
            scores.clear();
            scores.extend(line.clone().map(|at| self.model.scores(seen.of(at))));
            let marginals = marginals(&scores, &self.model);
            let readable = self.knows_language(page, line.clone(), &seen);
            for Run { first, last, tag } in runs(&marginals, &self.model) {
                if !readable {
                    break;
                }
                if let (Some(Some(kind)), Some(id)) = (TAGS.get(tag), self.ids.get(tag)) {
                    let (first, last) = within_cell(page, &line, &marginals, first..last);
                    let run = Hit::over(page, first, last, *kind, id);
                    found.extend(run.map(|hit| hit.scored(SCORE)));
                }
            }
        }
        hits.extend(found);
    }

    /// Whether most words of a line have been seen in training: in another language the model only guesses.
    fn knows_language(&self, page: &Page, line: Range<usize>, seen: &Seen) -> bool {
        let (mut words, mut known) = (0, 0);
        for at in line {
            let plain = page.token(at).is_some_and(|token| token.is_word() && !token.is_capital());
            if plain {
                words += 1;
                known += usize::from(seen.word(at).is_some_and(|word| self.model.knows(word)));
            }
        }
        words < FEW_WORDS || 2 * known > words
    }
}

/// The part of a run that stands in one cell of a table: that of its surest token. Numbers of tokens of the page.
fn within_cell(
    page: &Page,
    line: &Range<usize>,
    marginals: &[Scores],
    run: Range<usize>,
) -> (usize, usize) {
    let nothing = |at: &usize| marginals.get(*at).map_or(1.0, |tags| tags[0]);
    let surest = run.clone().min_by(|a, b| nothing(a).total_cmp(&nothing(b)));
    let surest = surest.unwrap_or(run.start);
    let opens_cell =
        |at: &usize| page.token(line.start + at).is_some_and(|token| token.gap == Gap::Wide);
    let first = (run.start..=surest).rfind(opens_cell).unwrap_or(run.start);
    let last = (surest + 1..run.end).find(opens_cell).unwrap_or(run.end);
    (line.start + first, line.start + last)
}

/// So few words say nothing about the language of a line.
const FEW_WORDS: usize = 3;

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
pub(super) fn lines(page: &Page) -> impl Iterator<Item = Range<usize>> + '_ {
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
