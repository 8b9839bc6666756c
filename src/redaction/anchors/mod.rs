//! What is known of the candidate, as a look-up table: name tokens with their variants, and exact contact values.
//! [`collect`] reads what the text says of itself; [`find`] looks the table's words up on a page. The table holds
//! identity in clear: it has no `Debug` and does not outlive one request.

pub(super) mod collect;
mod embedded;
pub(super) mod find;
mod spelling;

use super::rules::Rules;
use super::text::layout::skeleton;
use super::text::vocabulary::FastMap;
use super::text::{Page, View};
use crate::domain::Identity;

/// How a name word may be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    /// The word is an ordinary one too: it needs evidence beside it.
    pub wordlike: bool,
    /// It stands for another form of the name (nickname, other spelling), so one more sign is asked for when small.
    pub variant: bool,
}

/// A postal address line, a phone number and the like, squeezed to letters and digits.
pub(super) struct Exact {
    pub squeezed: String,
    pub field: &'static str,
}

/// Everything that is looked for because it is the candidate's.
#[derive(Default)]
pub(super) struct AnchorIndex {
    words: FastMap<Box<str>, Anchor>,
    /// First letters of the name's words.
    initials: Vec<char>,
    /// The names as given, squeezed and longer than a word: for letter-spaced and joined forms.
    whole: Vec<String>,
    /// Long words for which one slip of the pen is allowed.
    long: Vec<(String, String)>,
    /// First letters of whole names, in order: "zwc".
    acronyms: Vec<String>,
    /// Words of the names as stated, not variants: the leak gate looks for these.
    stated: Vec<String>,
    /// Contact values.
    pub exact: Vec<Exact>,
}

/// Words shorter than this match only with evidence beside them.
const SHORTEST_SURE: usize = 3;
/// Words at least this long may be one letter off.
const SHORTEST_FUZZY: usize = 6;

impl AnchorIndex {
    /// The table of what the ATS sent.
    pub fn from_identity(identity: &Identity, rules: &Rules) -> Self {
        let mut index = Self::default();
        for (field, value) in identity.fields() {
            match field {
                "full_name" | "given_names" | "family_name" | "known_as" | "previous_names" => {
                    index.add_name(value, rules);
                }
                "title" => {}
                "email" | "usernames" | "urls" => {
                    index.add_exact(field, value);
                    index.add_listed_names(value, rules);
                }
                _ => index.add_exact(field, value),
            }
        }
        // "Given Family" and "Family Given" as one word, as in user names.
        let both = |one: &Option<String>, other: &Option<String>| {
            one.as_ref().zip(other.as_ref()).map(|(a, b)| squeeze(&format!("{a}{b}")))
        };
        index.whole.extend(both(&identity.given_names, &identity.family_name));
        index.whole.extend(both(&identity.family_name, &identity.given_names));
        index.whole.sort();
        index.whole.dedup();
        if let (Some(given), Some(family)) = (&identity.given_names, &identity.family_name) {
            index.add_name(&format!("{given} {family}"), rules);
        }
        index
    }

    /// User names hold nicknames: words of them that are listed as names and are no ordinary words.
    fn add_listed_names(&mut self, value: &str, rules: &Rules) {
        let own_part = value.split('@').next().unwrap_or("");
        let folded = View::fold(own_part);
        for word in folded.lower().split(|c: char| !c.is_alphabetic()).filter(|w| w.len() >= 4) {
            if is_listed(word, rules) && !is_wordlike(word, rules) {
                self.add_word(word, rules, false);
            }
        }
    }

    /// Adds a name as somebody wrote it.
    pub fn add_name(&mut self, name: &str, rules: &Rules) {
        let folded = View::fold(name);
        let words: Vec<&str> = folded
            .lower()
            .split(|c: char| !c.is_alphanumeric() && c != '\u{94d}')
            .filter(|word| !word.is_empty())
            .collect();
        for word in &words {
            self.add_word(word, rules, false);
        }
        if words.len() > 1 {
            let acronym: String = words.iter().filter_map(|word| word.chars().next()).collect();
            if !self.acronyms.contains(&acronym) {
                self.acronyms.push(acronym);
            }
            let whole = words.concat();
            if whole.len() >= 6 && !self.whole.contains(&whole) {
                self.whole.push(whole);
            }
        }
        // Parts of a hyphenated or apostrophised name are also written as one word: "O'Neill" as "oneill".
        for part in folded.lower().split_whitespace() {
            let joined = squeeze(part);
            if joined.len() > 4 && joined.len() < part.len() {
                self.add_word(&joined, rules, false);
            }
        }
    }

    fn add_word(&mut self, word: &str, rules: &Rules, variant: bool) {
        let letters = word.chars().count();
        if letters == 1 {
            self.initials.extend(word.chars().next());
            return;
        }
        if letters == 0 || word.chars().all(|c| c.is_ascii_digit()) || is_skipped(word, rules) {
            return;
        }
        let wordlike = letters < SHORTEST_SURE || is_wordlike(word, rules);
        if let Some(known) = self.words.get_mut(word) {
            known.variant &= variant;
        } else {
            self.words.insert(word.into(), Anchor { wordlike, variant });
            if !wordlike && letters >= SHORTEST_FUZZY && word.is_ascii() {
                self.long.push((word.to_owned(), skeleton(word)));
            }
        }
        if variant {
            return;
        }
        if !self.stated.iter().any(|known| known == word) {
            self.stated.push(word.to_owned());
        }
        if let Some(first) = word.chars().next()
            && !self.initials.contains(&first)
        {
            self.initials.push(first);
        }
        for spelling in spelling::variants(word) {
            self.add_word(&spelling, rules, true);
        }
        for family in rules.families.get(word).map(Vec::as_slice).unwrap_or_default() {
            for other in rules.family_lists.get(*family as usize).into_iter().flatten() {
                if **other != *word {
                    self.add_word(other, rules, true);
                }
            }
        }
    }

    fn add_exact(&mut self, field: &'static str, value: &str) {
        let squeezed = squeeze(View::fold(value).lower());
        if squeezed.len() >= 5 {
            self.exact.push(Exact { squeezed, field });
        }
    }

    /// What is known of a word, given in folded small letters.
    pub fn word(&self, lower: &str) -> Option<Anchor> {
        self.words.get(lower).copied()
    }

    /// Whether letters begin one of the name's words.
    pub fn begins_word(&self, letters: &str) -> bool {
        self.stated.iter().any(|word| word.starts_with(letters))
    }

    /// Whether no name is known.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a letter begins one of the name's words.
    pub fn has_initial(&self, letter: char) -> bool {
        self.initials.contains(&letter)
    }

    /// Whether letters are the first letters of a whole name, in order.
    pub fn is_acronym(&self, letters: &str) -> bool {
        self.acronyms.iter().any(|acronym| acronym == letters)
    }

    /// Words of the names as stated, for the leak gate: each with whether it is an ordinary word too.
    pub fn stated(&self) -> impl Iterator<Item = (&str, bool)> {
        self.stated.iter().map(|word| {
            (word.as_str(), self.words.get(word.as_str()).is_none_or(|anchor| anchor.wordlike))
        })
    }

    /// Whole names squeezed into one word.
    pub fn whole(&self) -> &[String] {
        &self.whole
    }

    /// Whether a word, written with a capital and mentioned by no rule, is a name word with a slip, a shortening of
    /// one, or one with an ending of affection.
    pub fn resembles(&self, lower: &str) -> bool {
        let letters = lower.chars().count();
        if letters < 3 {
            return false;
        }
        let bones = skeleton(lower);
        self.long.iter().any(|(word, word_bones)| {
            *word_bones == bones && letters >= 4 || spelling::one_slip(word, lower)
        }) || self.words.iter().any(|(word, anchor)| {
            !anchor.variant
                && (letters >= 3 && word.len() >= letters + 2 && word.starts_with(lower)
                    || letters >= 4 && word.len() >= letters + 2 && word.ends_with(lower)
                    || is_pet_form(word, lower)
                    || is_diminutive(word, lower))
        })
    }

    /// The name words that a longer word without spaces contains: for user names and file names.
    pub fn contained_in(&self, lower: &str) -> bool {
        self.words.iter().any(|(word, anchor)| {
            word.len() >= 4 && !anchor.wordlike && !anchor.variant && lower.contains(&**word)
        }) || self.whole.iter().any(|whole| lower.contains(whole.as_str()))
    }
}

/// "Banksy" for Banks, "Chrissie" for Chris.
fn is_pet_form(word: &str, lower: &str) -> bool {
    word.len() >= 4
        && lower.strip_prefix(word).is_some_and(|ending| {
            matches!(
                ending,
                "y" | "ie" | "sy" | "ey" | "o" | "s" | "a" | "ji" | "bhai" | "ka" | "ko"
            )
        })
}

/// "Tsveti" for Tsvetelina, "Katka" for Katerina: four letters shared, then an ending of affection.
fn is_diminutive(word: &str, lower: &str) -> bool {
    let shared = word.bytes().zip(lower.bytes()).take_while(|(a, b)| a == b).count();
    let ending = lower.get(shared..).unwrap_or("");
    shared >= 4
        && word.len() > shared + 1
        && matches!(
            ending,
            "i" | "y"
                | "ie"
                | "a"
                | "ia"
                | "ya"
                | "o"
                | "ka"
                | "ko"
                | "ek"
                | "ik"
                | "u"
                | "e"
                | "ita"
                | "ito"
                | "inha"
                | "inho"
        )
}

/// Whether a name word is an ordinary word too.
pub(super) fn is_wordlike(word: &str, rules: &Rules) -> bool {
    let page = Page::read(word, &rules.vocabulary);
    let mut capital = word.chars();
    let title: String =
        capital.next().into_iter().flat_map(char::to_uppercase).chain(capital).collect();
    let titled = Page::read(&title, &rules.vocabulary);
    let lexicons = &rules.lexicons;
    [&page, &titled].into_iter().any(|page| {
        page.entries(0).any(|(lexicon, length)| {
            length == 1
                && (lexicon == lexicons.wordlike
                    || lexicon == lexicons.common
                    || lexicon == lexicons.not_people
                    || lexicon == lexicons.months
                    || lexicon == lexicons.places_of_work
                    || lexicon == lexicons.job_titles)
        })
    })
}

/// Whether a word is in the lists of names.
fn is_listed(word: &str, rules: &Rules) -> bool {
    let mut letters = word.chars();
    let title: String =
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let page = Page::read(&title, &rules.vocabulary);
    page.starts(0, rules.lexicons.given_names) || page.starts(0, rules.lexicons.family_names)
}

/// Titles and particles are no names by themselves.
fn is_skipped(word: &str, rules: &Rules) -> bool {
    let page = Page::read(word, &rules.vocabulary);
    page.entries(0).any(|(lexicon, length)| {
        length == page.tokens.len()
            && (lexicon == rules.lexicons.titles || lexicon == rules.lexicons.particles)
    })
}

/// Letters and digits only.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
