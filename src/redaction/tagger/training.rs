//! Makes the tagger's weights from annotated texts: a linear-chain conditional random field (Lafferty, McCallum and
//! Pereira 2001), its likelihood climbed line by line with AdaGrad steps (Duchi, Hazan and Singer 2011) and an L1
//! penalty that leaves few weights. For those who build rule sets; never runs where applications are redacted. Takes a
//! seed, no clock.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::features::Observer;
use super::marks::Marks;
pub use super::model::Thresholds;
use super::model::{COLUMNS, Model, Weights};
use super::{Scores, TAGS, is_welsh, lines};
use crate::domain::Identity;
use crate::redaction::Engine;
use crate::redaction::text::Page;
use crate::rulebook::{Kind, RuleError, Rulebook};

/// A text and what a person marked in it.
pub struct Annotated {
    /// The text.
    pub text: String,
    /// What the applicant tracking system sent beside it.
    pub identity: Identity,
    /// Start and end in Unicode scalars, and what is shown.
    pub spans: Vec<(usize, usize, Kind)>,
}

/// How to train.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How often every line is looked at.
    pub rounds: usize,
    /// Size of the steps.
    pub step: f32,
    /// L1 penalty for each line.
    pub penalty: f32,
    /// The share of features that each look at a line leaves out, so that none is relied upon alone (Hinton et al. 2012).
    pub dropout: f32,
    /// A feature must occur in this many texts.
    pub texts_with_feature: u32,
    /// At most this many features are kept, those with the largest weights.
    pub rows: usize,
    /// How often every line is looked at again with nothing but the features that are kept, so that they make up for the
    /// others.
    pub refits: usize,
    /// How many steps the file tells apart on either side of zero.
    pub levels: i8,
    /// Where decisions change.
    pub thresholds: Thresholds,
    /// Where the shuffling starts.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rounds: 10,
            step: 0.05,
            penalty: 2e-6,
            dropout: 0.5,
            texts_with_feature: 2,
            rows: 195_000,
            refits: 4,
            levels: 63,
            thresholds: Thresholds::default(),
            seed: 1,
        }
    }
}

/// Trains on texts and answers the model's file.
///
/// # Errors
/// [`RuleError`] when the rules cannot be compiled.
pub fn train(
    rules: &Rulebook,
    texts: &[Annotated],
    settings: &Settings,
) -> Result<String, RuleError> {
    let engine = Engine::with_model(rules, None)?;
    let mut lines = read(&engine, texts, settings.texts_with_feature);
    let mut field = Field::new(lines.features);
    let mut gate = Gate::new(lines.features);
    let mut random = settings.seed | 1;
    for round in 0..settings.rounds + settings.refits {
        if round == settings.rounds {
            let mut kept = vec![false; lines.features];
            for (index, _) in field.largest(&gate, settings.rows) {
                kept.get_mut(index).into_iter().for_each(|keeps| *keeps = true);
            }
            lines.keep(&kept);
            field.keep(&kept);
        }
        shuffle(&mut lines.lines, &mut random);
        for line in &lines.lines {
            field.learn(&line.thinned(settings, &mut random), &line.tags, settings);
            gate.learn(line, settings);
        }
    }
    // What every look had only a share of is there in full from now on.
    field.scale(1.0 - settings.dropout);
    let largest = field.largest(&gate, settings.rows);
    let numbered =
        largest.into_iter().filter_map(|(index, row)| Some((*lines.numbers.get(index)?, row)));
    let weights = Weights { rows: numbered.collect(), moves: field.moves };
    let comment = format!(
        "Weights of the tagger that finds freely worded clues; made by examples/train_tagger.rs from {} texts.",
        texts.len()
    );
    Ok(Model::from_weights(&weights, settings.levels, settings.thresholds).to_text(&comment))
}

/// One line: for each token the indices of its features, of those of them that tell most, and its tag.
struct Line {
    features: Vec<Vec<u32>>,
    gists: Vec<Vec<u32>>,
    tags: Vec<u8>,
}

impl Line {
    /// The features of each token without a share of them, drawn at random.
    fn thinned(&self, settings: &Settings, random: &mut u64) -> Vec<Vec<u32>> {
        let mut keeps = |_: &&u32| next_share(random) >= settings.dropout;
        let thin = |features: &Vec<u32>| features.iter().filter(&mut keeps).copied().collect();
        self.features.iter().map(thin).collect()
    }
}

struct Lines {
    lines: Vec<Line>,
    /// The number of each feature by its index.
    numbers: Vec<u32>,
    features: usize,
}

fn read(engine: &Engine, texts: &[Annotated], texts_with_feature: u32) -> Lines {
    let observer = Observer::new(engine.rules());
    let mut raw: Vec<Line> = Vec::new();
    let mut counts: HashMap<u32, (u32, usize)> = HashMap::new();
    for (text_number, text) in texts.iter().enumerate() {
        let (page, hits) = engine.evidence(&text.text, &text.identity);
        let marks = Marks::of(&page, &hits);
        let seen = observer.observe(&page, &marks);
        let tags = gold(&page, &text.spans);
        for line in lines(&page) {
            if is_welsh(&page, line.clone(), engine.rules().lexicons.welsh) {
                continue;
            }
            let each = |look: &dyn Fn(usize, &mut Vec<u32>)| -> Vec<Vec<u32>> {
                let look = |at| {
                    let mut features = Vec::new();
                    look(at, &mut features);
                    features
                };
                line.clone().map(look).collect()
            };
            let features = each(&|at, features| seen.features(at, features));
            let gists = each(&|at, features| {
                seen.gist(at, |gist| features.push(observer.number(gist)));
            });
            for number in features.iter().flatten() {
                match counts.entry(*number) {
                    Entry::Occupied(mut entry) => {
                        let (times, last) = entry.get_mut();
                        if *last != text_number {
                            (*times, *last) = (*times + 1, text_number);
                        }
                    }
                    Entry::Vacant(entry) => {
                        entry.insert((1, text_number));
                    }
                }
            }
            let tags = tags.get(line.clone()).unwrap_or_default().to_vec();
            raw.push(Line { features, gists, tags });
        }
    }
    let mut numbers: Vec<u32> = counts
        .into_iter()
        .filter(|(_, (times, _))| *times >= texts_with_feature)
        .map(|(number, _)| number)
        .collect();
    numbers.sort_unstable();
    let indices: HashMap<u32, u32> =
        numbers.iter().enumerate().map(|(index, number)| (*number, index as u32)).collect();
    let known = |features: Vec<Vec<u32>>| {
        let known = |features: Vec<u32>| {
            features.iter().filter_map(|number| indices.get(number)).copied().collect()
        };
        features.into_iter().map(known).collect()
    };
    let lines = raw
        .into_iter()
        .map(|Line { features, gists, tags }| Line {
            features: known(features),
            gists: known(gists),
            tags,
        })
        .collect();
    Lines { lines, features: numbers.len(), numbers }
}

impl Lines {
    /// Leaves out the features that are not to be kept.
    fn keep(&mut self, kept: &[bool]) {
        let keeps = |index: &u32| kept.get(*index as usize) == Some(&true);
        for line in &mut self.lines {
            for features in line.features.iter_mut().chain(&mut line.gists) {
                features.retain(keeps);
            }
        }
    }
}

/// The tag of each token: that of the span which holds its first character.
fn gold(page: &Page, spans: &[(usize, usize, Kind)]) -> Vec<u8> {
    page.tokens
        .iter()
        .map(|token| {
            let at = page.view.original(token.start);
            let kind = spans.iter().find(|(start, end, _)| (*start..*end).contains(&at));
            let tag = kind.and_then(|(_, _, kind)| TAGS.iter().position(|tag| *tag == Some(*kind)));
            tag.unwrap_or(0) as u8
        })
        .collect()
}

/// The weights while they are learnt, each with the sum of its squared gradients.
struct Field {
    weights: Vec<Scores>,
    squares: Vec<Scores>,
    moves: Vec<Scores>,
    move_squares: Vec<Scores>,
}

const ZERO: Scores = [0.0; TAGS.len()];

impl Field {
    fn new(features: usize) -> Self {
        Self {
            weights: vec![ZERO; features],
            squares: vec![ZERO; features],
            moves: vec![ZERO; TAGS.len()],
            move_squares: vec![ZERO; TAGS.len()],
        }
    }

    fn learn(&mut self, features: &[Vec<u32>], tags: &[u8], settings: &Settings) {
        let scores: Vec<Scores> = features.iter().map(|features| self.score(features)).collect();
        let (tokens, pairs) = expected(&scores, &self.moves);
        for ((features, gold), expected) in features.iter().zip(tags).zip(&tokens) {
            let gradient: Scores = std::array::from_fn(|tag| {
                f32::from(u8::from(tag == usize::from(*gold))) - expected[tag]
            });
            if gradient.iter().all(|part| part.abs() < 1e-4) {
                continue;
            }
            for index in features {
                let index = *index as usize;
                let (Some(weights), Some(squares)) =
                    (self.weights.get_mut(index), self.squares.get_mut(index))
                else {
                    continue;
                };
                climb(weights, squares, &gradient, settings);
            }
        }
        let mut gradient: Vec<Scores> = pairs.iter().map(|row| row.map(|part| -part)).collect();
        for pair in tags.windows(2) {
            if let [from, to] = pair
                && let Some(row) = gradient.get_mut(usize::from(*to))
                && let Some(part) = row.get_mut(usize::from(*from))
            {
                *part += 1.0;
            }
        }
        for ((moves, squares), gradient) in
            self.moves.iter_mut().zip(&mut self.move_squares).zip(&gradient)
        {
            climb(moves, squares, gradient, settings);
        }
    }

    fn scale(&mut self, factor: f32) {
        self.weights.iter_mut().flatten().for_each(|weight| *weight *= factor);
    }

    fn score(&self, features: &[u32]) -> Scores {
        let mut scores = ZERO;
        for index in features {
            if let Some(weights) = self.weights.get(*index as usize) {
                for (score, weight) in scores.iter_mut().zip(weights) {
                    *score += weight;
                }
            }
        }
        scores
    }

    /// The features with the largest weights, each by its index with its row: so many, or fewer.
    fn largest(&self, gate: &Gate, most: usize) -> Vec<(usize, [f32; COLUMNS])> {
        let all = self.weights.iter().zip(&gate.weights).map(|(tags, [gate])| {
            let mut row = [*gate; COLUMNS];
            row.iter_mut().zip(tags).for_each(|(place, weight)| *place = *weight);
            row
        });
        let mut rows: Vec<(usize, [f32; COLUMNS])> = all.enumerate().collect();
        let size = |row: &[f32]| row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
        rows.retain(|(_, row)| size(row) > 0.01);
        rows.sort_by(|(_, a), (_, b)| size(b).total_cmp(&size(a)));
        rows.truncate(most);
        rows
    }

    /// Forgets the features that are not kept, and how far the others have come.
    fn keep(&mut self, kept: &[bool]) {
        for ((weights, squares), keeps) in self.weights.iter_mut().zip(&mut self.squares).zip(kept)
        {
            *squares = ZERO;
            if !keeps {
                *weights = ZERO;
            }
        }
    }
}

/// The weights that say which tokens are worth weighing in full, while they are learnt: a logistic regression on the
/// features that tell most, each token for itself.
struct Gate {
    weights: Vec<[f32; 1]>,
    squares: Vec<[f32; 1]>,
}

impl Gate {
    fn new(features: usize) -> Self {
        Self { weights: vec![[0.0]; features], squares: vec![[0.0]; features] }
    }

    fn learn(&mut self, line: &Line, settings: &Settings) {
        for (gist, tag) in line.gists.iter().zip(&line.tags) {
            let weights = gist.iter().filter_map(|index| self.weights.get(*index as usize));
            let score: f32 = weights.flatten().sum();
            let gradient = f32::from(u8::from(*tag != 0)) - 1.0 / (1.0 + (-score).exp());
            for index in gist {
                let index = *index as usize;
                if let (Some(weights), Some(squares)) =
                    (self.weights.get_mut(index), self.squares.get_mut(index))
                {
                    climb(weights, squares, &[gradient], settings);
                }
            }
        }
    }
}

/// One AdaGrad step up, then the penalty's step towards zero.
fn climb<const N: usize>(
    weights: &mut [f32; N],
    squares: &mut [f32; N],
    gradient: &[f32; N],
    settings: &Settings,
) {
    for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(gradient) {
        *square += slope * slope;
        let step = settings.step / (square.sqrt() + 1e-3);
        let moved = *weight + step * slope;
        *weight = moved.signum() * (moved.abs() - step * settings.penalty).max(0.0);
    }
}

/// Expected tags of each token, and expected moves `[to][from]` (forward-backward algorithm).
fn expected(scores: &[Scores], moves: &[Scores]) -> (Vec<Scores>, Vec<Scores>) {
    let mut forward: Vec<Scores> = Vec::with_capacity(scores.len());
    for (at, here) in scores.iter().enumerate() {
        let row = match at.checked_sub(1).and_then(|before| forward.get(before)) {
            None => *here,
            Some(before) => std::array::from_fn(|to| {
                let into = moves.get(to).unwrap_or(&ZERO);
                here[to] + log_sum(&std::array::from_fn(|from| before[from] + into[from]))
            }),
        };
        forward.push(row);
    }
    let total = forward.last().map_or(0.0, log_sum);
    let mut backward = ZERO;
    let mut tokens = vec![ZERO; scores.len()];
    let mut pairs = vec![ZERO; TAGS.len()];
    for at in (0..scores.len()).rev() {
        let Some(ahead) = forward.get(at) else { break };
        if let Some(token) = tokens.get_mut(at) {
            *token = std::array::from_fn(|tag| (ahead[tag] + backward[tag] - total).exp());
        }
        let (Some(before), Some(here)) =
            (at.checked_sub(1).and_then(|before| forward.get(before)), scores.get(at))
        else {
            break;
        };
        for (to, (into, sums)) in moves.iter().zip(&mut pairs).enumerate() {
            for (from, sum) in sums.iter_mut().enumerate() {
                *sum += (before[from] + into[from] + here[to] + backward[to] - total).exp();
            }
        }
        backward = std::array::from_fn(|from| {
            log_sum(&std::array::from_fn(|to| {
                moves.get(to).map_or(0.0, |into| into[from]) + here[to] + backward[to]
            }))
        });
    }
    (tokens, pairs)
}

fn log_sum(values: &Scores) -> f32 {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    most + values.iter().map(|value| (value - most).exp()).sum::<f32>().ln()
}

/// Fisher-Yates with an xorshift generator: the order only has to be mixed and repeatable.
fn shuffle(lines: &mut [Line], random: &mut u64) {
    for last in (1..lines.len()).rev() {
        lines.swap(last, (next(random) % (last as u64 + 1)) as usize);
    }
}

/// The generator's next number.
fn next(random: &mut u64) -> u64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    *random
}

/// A number from 0 to below 1.
fn next_share(random: &mut u64) -> f32 {
    (next(random) >> 40) as f32 / (1_u64 << 24) as f32
}
