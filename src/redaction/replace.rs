//! What stands in the place of a passage: labels in brackets, numbered for other people. Knows the labels and how to
//! recognise them in a text that has been redacted before.

use super::text::vocabulary::FastMap;
use crate::rulebook::Kind;

/// The label of each kind.
pub(super) const fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Name => "[NAME]",
        Kind::OtherPerson => "[PERSON]",
        Kind::Email => "[EMAIL]",
        Kind::Phone => "[PHONE]",
        Kind::Address => "[ADDRESS]",
        Kind::Postcode => "[POSTCODE]",
        Kind::Url => "[WEB ADDRESS]",
        Kind::Handle => "[USER NAME]",
        Kind::Dob => "[DATE OF BIRTH]",
        Kind::NiNumber => "[NI NUMBER]",
        Kind::IdNumber => "[NUMBER]",
        Kind::Age => "[AGE]",
        Kind::DateEdu => "[DATE]",
        Kind::Gender => "[GENDER]",
        Kind::MaritalFamily => "[FAMILY]",
        Kind::PregnancyMaternity => "[CAREER BREAK]",
        Kind::EthnicityNationality => "[ORIGIN]",
        Kind::Language => "[LANGUAGE]",
        Kind::Religion => "[RELIGION OR BELIEF]",
        Kind::DisabilityHealth => "[HEALTH]",
        Kind::SexualOrientation => "[ORIENTATION]",
        Kind::GenderReassignment => "[GENDER IDENTITY]",
        Kind::School => "[PLACE OF STUDY]",
        Kind::Affiliation => "[ASSOCIATION]",
        Kind::Place => "[PLACE]",
        Kind::OtherProxy => "[PERSONAL]",
    }
}

/// What stands for dates of study: how long it took where both ends are known, since that says nothing of age.
pub(super) fn dates_of_study(text: &str) -> String {
    match years_between(text) {
        Some(1) => "[1 YEAR]".to_owned(),
        Some(years) => format!("[{years} YEARS]"),
        None => label(Kind::DateEdu).to_owned(),
    }
}

/// The years from the first year of a passage to the next, if both are years and study can take that long.
fn years_between(text: &str) -> Option<u32> {
    let is_year = |year: &u32| (1930..=2035).contains(year);
    let runs: Vec<(&str, u32)> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|run| Some((run, run.parse().ok()?)))
        .collect();
    let first = runs.iter().position(|(run, year)| run.len() == 4 && is_year(year))?;
    let (_, from) = *runs.get(first)?;
    let rest = runs.get(first + 1..)?;
    let whole = rest.iter().find(|(run, _)| run.len() == 4).map(|(_, year)| *year);
    // "2019-20": the century is that of the first year, or the next.
    let short = rest.first().filter(|(run, _)| run.len() == 2).map(|(_, year)| {
        let same = from / 100 * 100 + year;
        if same < from { same + 100 } else { same }
    });
    let to = whole.or(short).filter(is_year)?;
    let years = to.checked_sub(from)?;
    (1..=LONGEST_STUDY).contains(&years).then_some(years)
}

/// School from five to eighteen is the longest that one line of an application gives.
const LONGEST_STUDY: u32 = 14;

/// The longest label, in bytes, brackets included.
const LONGEST: usize = 40;

/// One past the end of the label that begins at a byte, if one does. Only our own labels count: `[X]` is a tick.
pub(super) fn placeholder_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let close = rest.bytes().take(LONGEST).position(|byte| byte == b']')?;
    let inside = rest.get(1..close)?;
    let words = inside.trim_matches(|c: char| c.is_ascii_digit()).trim();
    let known = OTHERS.contains(&words)
        || Kind::ALL.iter().any(|kind| label(*kind).trim_matches(['[', ']']) == words);
    known.then_some(at + close + 1)
}

/// Whether a label stands for a clue and is none that templates and agencies use.
pub(super) fn is_label_of_a_clue(found: &str) -> bool {
    const OF_CLUES: [Kind; 10] = [
        Kind::MaritalFamily,
        Kind::PregnancyMaternity,
        Kind::EthnicityNationality,
        Kind::Religion,
        Kind::DisabilityHealth,
        Kind::SexualOrientation,
        Kind::GenderReassignment,
        Kind::School,
        Kind::Affiliation,
        Kind::OtherProxy,
    ];
    found == "[SECONDARY SCHOOL]" || OF_CLUES.iter().any(|kind| label(*kind) == found)
}

/// Labels besides those of the kinds.
const OTHERS: [&str; 13] = [
    "REFEREE",
    "MANAGER",
    "SECONDARY SCHOOL",
    "COLLEGE",
    "UNIVERSITY",
    "SCHOOL",
    "UNION",
    "CAREER BREAK",
    "YEAR",
    "YEARS",
    "LINK",
    "TITLE",
    "PRONOUNS",
];

/// Gives the same person the same label throughout an application.
#[derive(Default)]
pub(super) struct People {
    of_word: FastMap<Box<str>, usize>,
    roles: Vec<Option<(bool, usize)>>,
    counts: [usize; 2],
}

impl People {
    /// Learns that these name words belong to one person, and whether the person is a referee.
    pub fn learn(&mut self, words: &[String], referee: bool) {
        let known = words.iter().find_map(|word| self.of_word.get(word.as_str()).copied());
        let person = known.unwrap_or_else(|| {
            self.roles.push(None);
            self.roles.len() - 1
        });
        for word in words {
            self.of_word.entry(word.as_str().into()).or_insert(person);
        }
        if let Some(role) = self.roles.get_mut(person) {
            let was = role.is_some_and(|(referee, _)| referee);
            *role = Some((referee || was, 0));
        }
    }

    /// Numbers the people, once all are learnt.
    pub fn number(&mut self) {
        for role in self.roles.iter_mut().flatten() {
            let count = &mut self.counts[usize::from(role.0)];
            *count += 1;
            role.1 = *count;
        }
    }

    /// The label of the person whose name these words are.
    pub fn label(&self, words: &[String]) -> String {
        words
            .iter()
            .find_map(|word| self.of_word.get(word.as_str()))
            .and_then(|person| self.roles.get(*person).copied().flatten())
            .map_or_else(
                || label(Kind::OtherPerson).to_owned(),
                |(referee, number)| {
                    format!("[{} {number}]", if referee { "REFEREE" } else { "PERSON" })
                },
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_labels_are_known_again_and_ticks_are_not() {
        for (text, end) in
            [("[NAME] x", Some(6)), ("[REFEREE 12]", Some(12)), ("[X]", None), ("[see note]", None)]
        {
            assert_eq!(placeholder_end(text, 0), end, "{text}");
        }
        for kind in Kind::ALL {
            assert_eq!(placeholder_end(label(kind), 0), Some(label(kind).len()));
        }
    }

    #[test]
    fn dates_of_study_become_a_duration_where_both_ends_are_known() {
        for (text, shown) in [
            ("2014 - 2017", "[3 YEARS]"),
            ("Sept 2016 to June 2017", "[1 YEAR]"),
            ("2019-20", "[1 YEAR]"),
            ("1998-02", "[4 YEARS]"),
            ("03/2010 - 06/2012", "[2 YEARS]"),
            ("2012", "[DATE]"),
            ("1973 on", "[DATE]"),
            ("2017 - 2014", "[DATE]"),
            ("2003 - present", "[DATE]"),
        ] {
            assert_eq!(dates_of_study(text), shown, "{text}");
            assert_eq!(placeholder_end(shown, 0), Some(shown.len()), "{shown}");
        }
    }

    #[test]
    fn one_person_keeps_one_label() {
        let mut people = People::default();
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        people.learn(&words("dionne fairweather"), false);
        people.learn(&words("balbir uppal"), true);
        people.learn(&words("fairweather"), true);
        people.number();
        assert_eq!(people.label(&words("dionne")), "[REFEREE 1]");
        assert_eq!(people.label(&words("uppal")), "[REFEREE 2]");
    }
}
