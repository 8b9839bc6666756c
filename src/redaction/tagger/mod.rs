//! A trained sequence tagger: finds clues that no list of wordings holds, from the words around them, their beginnings
//! and endings, the lexicons, the part of the application, and what the rules found nearby. A linear-chain model whose
//! weights are a file of the rule set; `training` makes that file from annotated texts.

mod decode;
mod features;
mod gate;
mod marks;
mod model;
mod surroundings;
pub mod training;
mod word;

use std::ops::Range;

use self::decode::{Beside, Run, Shares, marginals, runs};
use self::features::{Observer, Seen, Setting};
use self::gate::{Gate, Glance};
use self::marks::{Marks, clue_bits, is_clue};
pub(super) use self::model::Model;
use self::model::Sums;
use super::hit::Hit;
use super::rules::Rules;
use super::text::{Gap, LexiconId, Page, Shape, Token};
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

/// What is known of a token; the default outside the text.
fn value_at<T: Copy + Default>(values: &[T], at: usize) -> T {
    values.get(at).copied().unwrap_or_default()
}

/// One score for each tag.
pub(super) type Scores = [f32; TAGS.len()];

/// The tagger, ready to run.
pub(super) struct Tagger {
    observer: Observer,
    model: Model,
    ids: Vec<RuleId>,
    gate: Gate,
    declined: LexiconId,
    employers: LexiconId,
    welsh: LexiconId,
}

impl Tagger {
    /// A tagger with a model's weights.
    pub fn new(rules: &Rules, model: Model) -> Self {
        let name = |kind: &Option<Kind>| kind.map_or("nothing", Kind::as_str);
        let ids = TAGS.iter().map(|kind| RuleId::new(&format!("tagger.{}", name(kind)))).collect();
        let (declined, employers) = (rules.lexicons.declined, rules.lexicons.places_of_work);
        let welsh = rules.lexicons.welsh;
        let observer = Observer::new(rules);
        let gate = Gate::new(&observer, &model);
        Self { observer, model, ids, gate, declined, employers, welsh }
    }

    /// Weighs what the rules found on a page, and adds what the model finds: passages of its own, and what belongs to a
    /// rule's find around it. A rule's find that the model holds for work content is dropped. Answers how many of the
    /// rules' finds are left; the model's stand behind them.
    pub fn find(&self, page: &Page, hits: &mut Vec<Hit>) -> usize {
        if self.model.is_empty() {
            return hits.len();
        }
        let marks = Marks::of(page, hits);
        let seen = self.observer.observe(page, &marks);
        let glances: Vec<Glance> = (0..page.tokens.len())
            .map(|at| self.gate.glance(&seen, at, &self.observer, &self.model))
            .collect();
        let mut found: Vec<Hit> = Vec::new();
        // How probably each token is to be hidden; what the model does not weigh stays as the rules have it.
        let mut hidden = vec![1.0_f32; page.tokens.len()];
        let clues = clue_bits();
        let ruled: Vec<bool> = marks.kinds.iter().map(|kinds| kinds & clues != 0).collect();
        let (mut weigher, mut shares) = (Weigher::default(), Vec::new());
        for line in lines(page) {
            if is_welsh(page, line.clone(), self.welsh)
                || !knows_language(page, line.clone(), &glances)
            {
                continue;
            }
            hidden.get_mut(line.clone()).unwrap_or_default().fill(0.0);
            let mut weighed = line.start;
            while let Some(row) = next_row(&glances, weighed..line.end) {
                weighed = row.end;
                self.weigh(&seen, row.clone(), &mut weigher);
                let beside = Beside { before: row.start > line.start, behind: row.end < line.end };
                marginals(&weigher.weights, beside, &self.model, &mut shares);
                let ruled = ruled.get(row.clone()).unwrap_or_default();
                for Run { first, last, tag } in runs(&shares, ruled, &self.model) {
                    if let (Some(Some(kind)), Some(id)) = (TAGS.get(tag), self.ids.get(tag)) {
                        let (first, last) = within_cell(page, row.start, &shares, first..last);
                        let (first, last) = without_edges(page, first, last);
                        if first < last && !self.tells_nothing(page, &line, *kind, first..last) {
                            let run = Hit::over(page, first, last, *kind, id);
                            found.extend(run.map(|hit| hit.scored(SCORE)));
                        }
                    }
                }
                for (hidden, tags) in hidden.iter_mut().skip(row.start).zip(&shares) {
                    *hidden = 1.0 - tags[0];
                }
            }
        }
        // Gendered words are ordinary ones, of which only the rules know whom they stand for.
        hits.retain_mut(|hit| {
            !is_clue(hit)
                || hit.kind == Kind::Gender
                || is_sure(page, hit)
                || is_said_plainly(page, &ruled, hit.tokens(page).0)
                || self.believes(page, &hidden, hit)
        });
        let by_rule = hits.len();
        hits.extend(found);
        by_rule
    }

    /// Whether the model leaves a rule's find standing, which then loses the words at its ends that say nothing.
    fn believes(&self, page: &Page, hidden: &[f32], hit: &mut Hit) -> bool {
        let (first, last) = hit.tokens(page);
        let shares = hidden.get(first..last).unwrap_or_default();
        if shares.is_empty() {
            return true;
        }
        let thresholds = self.model.thresholds();
        if shares.iter().all(|share| *share < thresholds.doubt) {
            return false;
        }
        let tells = |share: &f32| *share >= thresholds.trim;
        let (Some(front), Some(back)) =
            (shares.iter().position(tells), shares.iter().rposition(tells))
        else {
            return true;
        };
        if front > 0 {
            hit.start = page.token(first + front).map_or(hit.start, |token| token.start);
        }
        if first + back + 1 < last {
            hit.end = page.token(first + back).map_or(hit.end, |token| token.end);
        }
        true
    }

    /// Weighs the tags at each token of a row.
    fn weigh(&self, seen: &Seen<'_>, row: Range<usize>, weigher: &mut Weigher) {
        let Weigher { features, shared, weights } = weigher;
        weights.clear();
        for at in row {
            let setting = seen.setting(at);
            // What follows from the setting is summed once for all tokens in it.
            let known = shared.filter(|(known, _)| *known == setting).map(|(_, sums)| sums);
            let sums = known.unwrap_or_else(|| {
                features.clear();
                seen.features_of_setting(&setting, features);
                self.model.sums(&Sums::default(), features)
            });
            *shared = Some((setting, sums));
            features.clear();
            seen.own_features(at, &setting, features);
            weights.push(self.model.weights(&self.model.sums(&sums, features)));
        }
    }

    /// Whether a passage that the model found tells nothing of anybody after all.
    fn tells_nothing(
        &self,
        page: &Page,
        line: &Range<usize>,
        kind: Kind,
        Range { start, end }: Range<usize>,
    ) -> bool {
        self.is_declined(page, start, end)
            || is_bare_answer(page, line, start, end)
            || kind == Kind::Place && self.is_employer(page, start, end)
    }

    /// Whether a passage is an answer that tells nothing: "none", "prefer not to say".
    fn is_declined(&self, page: &Page, first: usize, last: usize) -> bool {
        page.longest(first, self.declined).is_some_and(|length| first + length >= last)
    }

    /// "Milton Keynes Hospital": where somebody works or is served is not where they live.
    fn is_employer(&self, page: &Page, first: usize, last: usize) -> bool {
        page.starts(last - 1, self.employers)
            && (first..last).all(|at| page.token(at).is_some_and(Token::is_capital))
    }
}

/// What weighing works with from row to row.
#[derive(Default)]
struct Weigher {
    features: Vec<u32>,
    /// The latest setting, and what its features sum up to.
    shared: Option<(Setting, Sums)>,
    /// What each tag weighs at each token of the row.
    weights: Vec<Shares>,
}

/// The next tokens in a row within a part of a line that are weighed. Most of an application is work, and is not weighed
/// word by word: tokens that tell little by themselves and stand far from those that tell more count as nothing to hide.
fn next_row(glances: &[Glance], part: Range<usize>) -> Option<Range<usize>> {
    let opens = |at: &usize| glances.get(*at).is_some_and(|glance| glance.opens);
    let first = part.clone().find(opens)?;
    let mut row = first.saturating_sub(REACH).max(part.start)..first;
    let mut ahead = first..first + 1;
    // Beyond the reach of one that opens another may open, whose reach goes back to this one's.
    while let Some(next) = ahead.clone().rfind(opens) {
        row.end = (next + REACH + 1).min(part.end);
        ahead = next + 1..(next + 2 * REACH + 2).min(part.end);
    }
    Some(row)
}

/// Whether most words of a line have been seen in training: in another language the model only guesses.
fn knows_language(page: &Page, line: Range<usize>, glances: &[Glance]) -> bool {
    let (mut words, mut known) = (0, 0);
    let tokens = page.tokens.get(line.clone()).unwrap_or_default();
    for (token, glance) in tokens.iter().zip(glances.get(line).unwrap_or_default()) {
        if token.is_word() && !token.is_capital() {
            words += 1;
            known += usize::from(glance.known);
        }
    }
    words < FEW_WORDS || 2 * known > words
}

/// Whether a line is Welsh: too little of that has been learnt from for the model to read it better than the rules do.
pub(super) fn is_welsh(page: &Page, line: Range<usize>, welsh: LexiconId) -> bool {
    let words = line.filter(|at| page.token(*at).is_some_and(Token::is_word));
    let (all, common) = words
        .fold((0, 0), |(all, common), at| (all + 1, common + usize::from(page.starts(at, welsh))));
    common >= FEW_WORDS && 5 * common >= all
}

/// Whether a passage is the whole of its line and only says yes or no: to what, the rules know.
fn is_bare_answer(page: &Page, line: &Range<usize>, first: usize, last: usize) -> bool {
    let whole = (line.start..first).chain(last..line.end).all(|at| {
        page.token(at).is_none_or(|token| !token.is_word() && token.shape != Shape::Number)
    });
    whole && last == first + 1 && matches!(page.lower(first), "none" | "no" | "yes" | "nil")
}

/// Words at the ends of a passage that say nothing of anybody.
const EDGES: [&str; 14] =
    ["and", "or", "but", "so", "in", "at", "with", "of", "to", "for", "from", "as", "on", "by"];

/// A passage without the marks and the joining words at its ends; nothing, if nothing else is in it.
fn without_edges(page: &Page, mut first: usize, mut last: usize) -> (usize, usize) {
    let is_edge = |at: usize| {
        page.token(at).is_none_or(|token| !token.is_word() && token.shape != Shape::Number)
            || EDGES.contains(&page.lower(at))
    };
    while first < last && is_edge(first) {
        first += 1;
    }
    while first < last && is_edge(last - 1) {
        last -= 1;
    }
    (first, last)
}

/// The part of a run that stands in one cell of a table: that of its surest token. Numbers of tokens of the page, at
/// `start` of which the row of the run begins.
fn within_cell(
    page: &Page,
    start: usize,
    marginals: &[Shares],
    run: Range<usize>,
) -> (usize, usize) {
    let nothing = |at: &usize| marginals.get(*at).map_or(1.0, |tags| tags[0]);
    let surest = run.clone().min_by(|a, b| nothing(a).total_cmp(&nothing(b)));
    let surest = surest.unwrap_or(run.start);
    let opens_cell =
        |at: &usize| page.token(start + at).is_some_and(|token| token.gap == Gap::Wide);
    let first = (run.start..=surest).rfind(opens_cell).unwrap_or(run.start);
    let last = (surest + 1..run.end).find(opens_cell).unwrap_or(run.end);
    (start + first, start + last)
}

/// So few words say nothing about the language of a line.
const FEW_WORDS: usize = 3;

/// How far from a token that tells something the others are weighed in full.
const REACH: usize = 3;

/// Whether a find says in so many words what the candidate is: "I am a proud Sikh".
fn is_said_plainly(page: &Page, ruled: &[bool], first: usize) -> bool {
    const FARTHEST: usize = 9;
    const BETWEEN: [&str; 42] = [
        "a",
        "an",
        "the",
        "also",
        "very",
        "proud",
        "proudly",
        "openly",
        "practising",
        "practicing",
        "devout",
        "young",
        "old",
        "single",
        "year",
        "years",
        "-",
        ",",
        "and",
        "both",
        "now",
        "of",
        "from",
        "only",
        "someone",
        "somebody",
        "person",
        "woman",
        "man",
        "adult",
        "individual",
        "candidate",
        "applicant",
        "mother",
        "mum",
        "father",
        "dad",
        "parent",
        "who",
        "lives",
        "living",
        "with",
    ];
    for at in (first.saturating_sub(FARTHEST)..first).rev() {
        if page.token(at + 1).is_some_and(|next| next.gap > Gap::Line) {
            return false;
        }
        match page.lower(at) {
            "i'm" => return true,
            "am" | "was" | "'m" => {
                return at.checked_sub(1).is_some_and(|before| page.lower(before) == "i");
            }
            word if BETWEEN.contains(&word) => {}
            _ if ruled.get(at) == Some(&true) => {}
            _ if page.token(at).is_some_and(|token| token.shape == Shape::Number) => {}
            _ => return false,
        }
    }
    false
}

/// Whether a find is past doubt: one of which its rule is quite sure, such as ticked options, or a short one of which it is
/// sure, such as the answer beside a form's label.
fn is_sure(page: &Page, hit: &Hit) -> bool {
    const QUITE_SURE: f32 = 0.98;
    const SURE: f32 = 0.95;
    const SHORT: usize = 5;
    let (first, last) = hit.tokens(page);
    hit.score >= QUITE_SURE || hit.score >= SURE && last - first <= SHORT
}

/// Below every rule: where a rule and the model see the same passage, the rule names its kind.
const SCORE: f32 = 0.2;

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
