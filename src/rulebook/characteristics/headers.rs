//! What the names of columns mean: as the rules write them, inside the usual trimmings of an export ("Q12. Applicant
//! ethnicity (optional)"), or as the whole question of a form. Reads names; what an answer means is decided by the
//! parent, apart from a plain yes or no, which means what was asked.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;

use super::{folded, without_remark};
use crate::domain::CategoryId;

/// What the names of columns are matched with.
#[derive(Debug, Clone, Default)]
pub(super) struct Headers {
    /// Names as the rules write them, folded, with the place of their characteristic.
    pub(super) names: HashMap<String, usize>,
    /// Words that may stand before and behind a name.
    trimmings: Trimmings,
    questions: Vec<(usize, Question)>,
}

/// Words that exports put around the name of a column: `rules/characteristics/headers.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trimmings {
    before: BTreeSet<String>,
    behind: BTreeSet<String>,
}

/// A question in a form's own words, known by the words that it must have.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// Of each of these lists at least one word.
    words: Vec<BTreeSet<String>>,
    /// And none of these.
    #[serde(default)]
    not: BTreeSet<String>,
    /// What a plain yes means, where that depends on what was asked.
    yes: Option<CategoryId>,
    /// What a plain no means.
    no: Option<CategoryId>,
}

impl Question {
    /// What is wrong with it, given the categories of its characteristic.
    pub(super) fn problem(&self, categories: &[&CategoryId]) -> Option<String> {
        if self.words.is_empty() || self.words.iter().any(BTreeSet::is_empty) {
            return Some(
                "a question needs at least one list of words, and none that is empty".to_owned(),
            );
        }
        if self.yes.is_some() != self.no.is_some() {
            return Some(
                "a question that says what yes means must say what no means, too".to_owned(),
            );
        }
        let mut meant = self.yes.iter().chain(&self.no);
        let unknown = meant.find(|category| !categories.contains(category))?;
        Some(format!("'{unknown}' is not a category of this file"))
    }
}

/// What a plain yes and a plain no mean in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YesAndNo {
    /// The category of who answers yes.
    pub yes: CategoryId,
    /// The category of who answers no.
    pub no: CategoryId,
}

impl YesAndNo {
    /// The category of an answer that begins with yes or no, or is what tables write for these.
    pub fn category(&self, label: &str) -> Option<&CategoryId> {
        match folded(label).as_str() {
            "y" | "true" | "1" => Some(&self.yes),
            "n" | "false" | "0" => Some(&self.no),
            _ => match plain_answer(label)? {
                "yes" => Some(&self.yes),
                _ => Some(&self.no),
            },
        }
    }
}

/// The yes or no before an explanation: "Yes - learning disability", "No, I am not". What follows a bare "No" may be what
/// there is none of ("No response"), so that only a few words make an answer of it.
pub(super) fn plain_answer(label: &str) -> Option<&'static str> {
    const GOING_ON: [&str; 9] = ["i", "im", "none", "not", "never", "my", "it", "they", "there"];
    let label = label.trim().to_lowercase();
    let words = || label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    match words().next()? {
        "yes" => Some("yes"),
        "no" => {
            let rest = label.strip_prefix("no")?.trim_start();
            let is_plain = !rest.starts_with(char::is_alphanumeric);
            (is_plain || words().nth(1).is_some_and(|word| GOING_ON.contains(&word)))
                .then_some("no")
        }
        _ => None,
    }
}

impl Headers {
    pub(super) fn trim_with(&mut self, trimmings: Trimmings) {
        self.trimmings = trimmings;
    }

    pub(super) fn ask(&mut self, characteristic: usize, questions: Vec<Question>) {
        self.questions.extend(questions.into_iter().map(|question| (characteristic, question)));
    }

    /// The place of the characteristic that a name means.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let plain = |name: &str| self.exact(name).or_else(|| self.trimmed(name));
        plain(name)
            .or_else(|| plain(without_remark(name)?))
            .or_else(|| self.best(&words(name), 2).map(|(place, _)| place))
    }

    /// The same by a name of the rules alone.
    pub(super) fn exact(&self, name: &str) -> Option<usize> {
        self.names.get(&folded(name)).copied()
    }

    /// What a plain yes and no mean in a column of a characteristic.
    pub(super) fn yes_and_no(&self, characteristic: usize, name: &str) -> Option<YesAndNo> {
        let (place, question) = self.best(&words(name), 1)?;
        let meaning = question.yes.clone().zip(question.no.clone());
        meaning.filter(|_| place == characteristic).map(|(yes, no)| YesAndNo { yes, no })
    }

    /// A name with as few words as possible taken from its ends.
    fn trimmed(&self, name: &str) -> Option<usize> {
        let words = words(name);
        let is_number =
            |word: &&String| word.len() <= 4 && word.bytes().any(|byte| byte.is_ascii_digit());
        let before = words
            .iter()
            .take_while(|word| self.trimmings.before.contains(*word) || is_number(word))
            .count();
        let behind =
            words.iter().rev().take_while(|word| self.trimmings.behind.contains(*word)).count();
        for taken in 1..=before + behind {
            for first in taken.saturating_sub(behind)..=before.min(taken) {
                let last = words.len().saturating_sub(taken - first);
                let rest = words.get(first..last).unwrap_or_default().concat();
                if let Some(place) = self.names.get(&folded(&rest)) {
                    return Some(*place);
                }
            }
        }
        None
    }

    /// The question that asks for the most of the words of a name; none where two characteristics ask for as many.
    fn best(&self, words: &[String], least: usize) -> Option<(usize, &Question)> {
        let fits = |question: &&(usize, Question)| {
            let (_, question) = question;
            question.words.len() >= least
                && question.words.iter().all(|any| words.iter().any(|word| any.contains(word)))
                && !words.iter().any(|word| question.not.contains(word))
        };
        let asked = |question: &&(usize, Question)| question.1.words.len();
        let best = self.questions.iter().filter(fits).max_by_key(asked)?;
        let as_many = |other: &&(usize, Question)| asked(other) == asked(&best);
        let mut rivals = self.questions.iter().filter(fits).filter(as_many);
        rivals.all(|other| other.0 == best.0).then_some((best.0, &best.1))
    }
}

/// The words of a name in lower case: "ApplicantEthnicity" has two.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before: Option<char> = None;
    for c in name.chars() {
        let turns = before.is_some_and(char::is_lowercase) && c.is_uppercase();
        if !(c.is_alphanumeric() || matches!(c, '&' | '+' | '\'' | '\u{2019}')) || turns {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() || matches!(c, '&' | '+') {
            word.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}
