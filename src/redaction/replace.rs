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

/// The longest label, in bytes, brackets included.
const LONGEST: usize = 40;

/// One past the end of the label that begins at a byte, if one does. Only our own labels count: `[X]` is a tick.
pub(super) fn placeholder_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let close = rest.bytes().take(LONGEST).position(|byte| byte == b']')?;
    let inside = rest.get(1..close)?;
    let words = inside.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let known = OTHERS.contains(&words)
        || Kind::ALL.iter().any(|kind| label(*kind).trim_matches(['[', ']']) == words);
    known.then_some(at + close + 1)
}

/// Labels besides those of the kinds.
const OTHERS: [&str; 12] = [
    "REFEREE",
    "MANAGER",
    "SECONDARY SCHOOL",
    "COLLEGE",
    "UNIVERSITY",
    "SCHOOL",
    "UNION",
    "CAREER BREAK",
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
