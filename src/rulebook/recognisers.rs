//! `rules/recognisers/*.toml`: what to look for and what it shows. Checks the files' shape; finding is the business
//! of `redaction`.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use super::{Action, Kind, RuleError, RuleFiles};

/// Which part of a labelled value is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum ValueShape {
    /// Everything up to the end of the cell.
    #[default]
    Line,
    /// The run of capitalised words that reads as a person's name.
    Name,
    /// The first run of letters and digits that holds a digit.
    Number,
    /// A date.
    Date,
    /// This cell and the lines below it, until the next label or an empty line.
    Address,
    /// An answer to a monitoring question: all of it, unless it is "prefer not to say"; ticked words only where there
    /// are boxes.
    Answer,
}

/// A check that a pattern's match must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validator {
    /// Ten digits whose last is the NHS check digit (modulus 11).
    NhsChecksum,
    /// A National Insurance number with a prefix that HMRC may issue, or one of its example prefixes.
    NiPrefix,
    /// 7 to 15 digits, and neither a date nor a sum of money.
    PhoneDigits,
    /// The outward and inward letters that Royal Mail uses.
    PostcodeLetters,
    /// A driver number whose middle digits can be a date of birth.
    DriverDate,
    /// At least four digits, and not a year or a range of years.
    LongNumber,
    /// A web address that is not an official body's.
    PersonalUrl,
}

/// What a line must hold before a pattern is tried on it; this is what keeps patterns cheap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// A digit.
    #[default]
    Digit,
    /// An at sign, in any spelling.
    At,
    /// A full stop or slash between letters, as in a web address.
    Dot,
    /// A hyphen before a letter.
    Hyphen,
    /// An underscore.
    Underscore,
}

impl Needs {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Digit, Self::At, Self::Dot, Self::Hyphen, Self::Underscore];
}

/// Whom a passage must be about. Who it is about is weighed from the words before it in its sentence, the word after
/// it, and the part of the application it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The candidate, as far as can be told.
    Candidate,
    /// Anybody, unless it is clearly the work or other people.
    NotOthers,
}

/// One rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recogniser {
    /// Unique in the rule set, e.g. `age.stated`.
    pub id: Spanned<String>,
    /// What a match shows.
    pub kind: Kind,
    /// What is done with it.
    #[serde(default)]
    pub action: Action,
    /// Between 0 and 1: which of two overlapping rules gives the passage its kind.
    #[serde(default = "usual_score")]
    pub score: f32,
    /// Word patterns; rules/README.md describes them.
    #[serde(default)]
    pub phrases: Vec<String>,
    /// Word patterns around which a match is not a match.
    #[serde(default)]
    pub keep: Vec<String>,
    /// Regular expressions over the folded text; group 1, where there is one, is the passage.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// What a line must hold for `patterns` to be tried.
    #[serde(default)]
    pub needs: Needs,
    /// A check of what `patterns` found.
    #[serde(default)]
    pub validator: Option<Validator>,
    /// Words of which one must stand on the same line before a match of `patterns`, or on the line above.
    #[serde(default)]
    pub context: Vec<String>,
    /// Labels of form fields; a `*` at an end stands for anything.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Which part of a labelled value is removed.
    #[serde(default)]
    pub value: ValueShape,
    /// Whether a labelled value, or what a phrase marks, is the candidate's own name and is looked for everywhere.
    #[serde(default)]
    pub anchor: bool,
    /// Parts of an application in which `phrases` and `patterns` apply; empty means everywhere.
    #[serde(default)]
    pub zones: Vec<String>,
    /// Whom a match of `phrases` must be about.
    #[serde(default)]
    pub about: Option<About>,
    /// What stands in the place of a match, where the kind's usual label would say less.
    #[serde(default)]
    pub replacement: Option<String>,
    /// Texts that must match, with the passage in `{{ }}`.
    #[serde(default)]
    pub matches: Vec<String>,
    /// Texts in which this rule must find nothing.
    #[serde(default)]
    pub ignores: Vec<String>,
    /// Path inside the rule set and line of the rule, for errors.
    #[serde(skip)]
    pub place: Place,
}

/// Where a rule stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Path inside the rule set.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
}

impl Recogniser {
    /// The rule's identifier.
    pub fn id(&self) -> &str {
        self.id.get_ref()
    }

    /// An error about this rule, with its place.
    pub fn error(&self, message: impl std::fmt::Display) -> RuleError {
        RuleError {
            file: self.place.file.clone(),
            line: Some(self.place.line),
            message: format!("rule {}: {message}", self.id()),
            hint: None,
        }
    }
}

const fn usual_score() -> f32 {
    0.7
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecogniserFile {
    #[serde(rename = "recogniser")]
    recognisers: Vec<Recogniser>,
}

/// Reads every recogniser, in order of file name and place.
pub(super) fn load(files: &RuleFiles) -> Result<Vec<Recogniser>, RuleError> {
    let mut rules = Vec::new();
    let mut ids = BTreeSet::new();
    for file in files.within("recognisers", "toml") {
        let parsed: RecogniserFile = file.parse().map_err(|error| {
            error.hint("the keys of a recogniser are listed in rules/README.md")
        })?;
        for mut rule in parsed.recognisers {
            rule.place =
                Place { file: file.path.to_owned(), line: file.line_of(rule.id.span().start) };
            check(&rule)?;
            if !ids.insert(rule.id().to_owned()) {
                return Err(rule.error("another rule has this id").hint("choose another id"));
            }
            rules.push(rule);
        }
    }
    Ok(rules)
}

fn check(rule: &Recogniser) -> Result<(), RuleError> {
    if rule.phrases.is_empty() && rule.patterns.is_empty() && rule.labels.is_empty() {
        return Err(rule
            .error("looks for nothing")
            .hint("give it at least one of phrases, patterns and labels"));
    }
    if !(0.0..=1.0).contains(&rule.score) {
        return Err(rule.error("score must lie between 0 and 1"));
    }
    if rule.matches.is_empty() || rule.ignores.is_empty() {
        return Err(rule
            .error("has no examples of its own")
            .hint("give it at least one text in matches and one in ignores"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Result<Vec<Recogniser>, RuleError> {
        load(&RuleFiles::from_texts([("recognisers/x.toml", text)]))
    }

    const GOOD: &str = "[[recogniser]]\nid = \"a.b\"\nkind = \"age\"\nphrases = [\"x\"]\nmatches = [\"{{x}}\"]\nignores = [\"y\"]\n";

    #[test]
    fn a_rule_is_read_with_its_place() {
        let rules = rules(GOOD).unwrap();
        assert_eq!((rules[0].id(), rules[0].place.line), ("a.b", 2));
    }

    #[test]
    fn what_cannot_be_a_rule_is_refused_with_file_and_line() {
        for (text, says) in [
            (GOOD.replace("kind", "kinds"), "unknown field"),
            (GOOD.replace("\"age\"", "\"wisdom\""), "unknown variant"),
            (GOOD.replace("phrases = [\"x\"]\n", ""), "looks for nothing"),
            (GOOD.replace("ignores = [\"y\"]\n", ""), "no examples"),
            (format!("{GOOD}{GOOD}"), "another rule has this id"),
        ] {
            let error = rules(&text).unwrap_err();
            assert!(error.line.is_some(), "{error}");
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
