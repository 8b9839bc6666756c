//! What is known of the candidate, as a look-up table: name tokens with their variants, and exact contact values.
//! [`collect`] reads what the text says of itself; [`find`] looks the table's words up on a page. The table holds
//! identity in clear: it has no `Debug` and does not outlive one request.

pub(super) mod collect;
mod compose;
mod embedded;
mod evidence;
mod explained;
mod extend;
mod file_names;
pub(super) mod find;
mod head;
mod letters;
mod listed;
pub(super) mod naming;
mod run;
mod script;
mod slugs;
mod sound;
mod spelling;
mod stated;
mod values;

use self::values::{Exact, Place};
use super::rules::Rules;
use super::text::View;
use super::text::layout::skeleton;
use super::text::vocabulary::FastMap;
use crate::domain::Identity;

/// How a name word may be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    /// The word is an ordinary one too: it needs evidence beside it.
    pub wordlike: bool,
    /// It stands for another form of the name (nickname, other spelling), so one more sign is asked for when small.
    pub variant: bool,
}

/// Everything that is looked for because it is the candidate's.
#[derive(Default)]
pub(super) struct AnchorIndex {
    words: FastMap<Box<str>, Anchor>,
    /// The first three bytes of those words, so that most beginnings need no search.
    heads: FastMap<[u8; 3], ()>,
    /// First letters of the name's words.
    initials: Vec<char>,
    /// The names as given, squeezed and longer than a word: for letter-spaced and joined forms.
    whole: Vec<String>,
    /// First letters of whole names, in order: "zwc".
    acronyms: Vec<String>,
    /// Words of the names as stated, not variants: the leak gate looks for these, and words that resemble them are
    /// taken for them.
    stated: Vec<Stated>,
    /// The names of lists of spellings by rule, for words joined of several: "mohammadreza".
    pairs: Vec<String>,
    /// Contact values.
    pub exact: Vec<Exact>,
    /// Towns, villages and counties of the address.
    pub places: Vec<Place>,
    /// Whether only a part of the name was sent, so that a name which shares no word with it may still be the candidate's.
    pub is_partial: bool,
    /// Whether either given names or a family name were sent, and not the other.
    pub is_half: bool,
}

/// A word of a name as somebody stated it, with what others are compared by.
struct Stated {
    word: String,
    /// Without what scanners confuse.
    bones: String,
    sound: String,
    consonants: String,
}

/// Words shorter than this match only with evidence beside them.
const SHORTEST_SURE: usize = 3;

impl AnchorIndex {
    /// The table of what the ATS sent.
    pub fn from_identity(identity: &Identity, rules: &Rules) -> Self {
        let mut index = Self::default();
        for (field, value) in identity.fields() {
            match field {
                "full_name" | "given_names" | "family_name" | "known_as" | "previous_names" => {
                    index.add_name(value, rules);
                    index.add_titles_as_names(value, rules);
                }
                "title" => {}
                "email" | "usernames" | "urls" => {
                    index.add_exact(field, value);
                    index.add_listed_names(value, rules);
                }
                "address" => index.add_address(value, rules),
                _ => index.add_exact(field, value),
            }
        }
        index.is_partial = identity.full_name.is_none()
            && (identity.given_names.is_none() || identity.family_name.is_none());
        index.is_half = identity.full_name.is_none()
            && identity.given_names.is_some() != identity.family_name.is_some();
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
        // "tp.rakhra@" tells the initials TP.
        if let Some((front, rest)) = folded.lower().split_once(['.', '_'])
            && (2..=3).contains(&front.len())
            && front.chars().all(|c| c.is_ascii_alphabetic() && !"aeiou".contains(c))
            && rest.len() >= 4
        {
            let letters: Vec<&str> = front.split_inclusive(|_| true).collect();
            self.add_acronym(&letters);
            self.initials.extend(front.chars());
        }
        for word in folded.lower().split(|c: char| !c.is_alphabetic()).filter(|w| w.len() >= 4) {
            if is_listed(word, rules) && !is_wordlike(word, rules) {
                self.add_word(word, rules, false);
            }
        }
    }

    /// "Hajji" and "Sir" are titles, and names where a field holds nothing else.
    fn add_titles_as_names(&mut self, value: &str, rules: &Rules) {
        let folded = View::fold(value);
        let words =
            || folded.lower().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        if words().all(|word| is_skipped(word, rules)) {
            for word in words().filter(|word| word.len() >= SHORTEST_SURE) {
                self.add_head(word);
                self.words.insert(word.into(), Anchor { wordlike: true, variant: false });
            }
        }
    }

    /// Adds a name as somebody wrote it.
    pub fn add_name(&mut self, name: &str, rules: &Rules) {
        let folded = View::fold(name);
        let mut words: Vec<&str> = folded
            .lower()
            .split(|c: char| !c.is_alphanumeric() && c != '\u{94d}')
            .filter(|word| !word.is_empty())
            .collect();
        for word in &words {
            self.add_word(word, rules, false);
            if let Some(latin) = script::in_latin(word).filter(|latin| latin.len() >= 3) {
                self.add_word(&latin, rules, false);
            }
        }
        // What a scanner read as digits: "SIVAN 0GLU".
        if words.iter().any(|word| is_scanned(word)) {
            let clean: Vec<String> = words.iter().map(|word| unscanned(word)).collect();
            for word in &clean {
                self.add_word(word, rules, false);
            }
            for pair in clean.windows(2) {
                self.add_word(&pair.concat(), rules, false);
            }
        }
        // "(KJ)" behind a name.
        if let [word] = words.as_slice()
            && (2..=3).contains(&word.len())
            && name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
        {
            let letters: Vec<&str> = word.split_inclusive(|_| true).collect();
            self.add_acronym(&letters);
            for letter in
                word.chars().filter(|letter| !self.initials.contains(letter)).collect::<Vec<_>>()
            {
                self.initials.push(letter);
            }
        }
        if words.len() > 1 {
            self.add_acronym(&words);
            // "Wood, Mark Christopher" is initialled MCW.
            let comma = folded.lower().find(',').map(|at| folded.lower().get(..at).unwrap_or(""));
            let family = comma.map_or(0, |before| before.split_whitespace().count());
            if family > 0 && family < words.len() {
                words.rotate_left(family);
                self.add_acronym(&words);
            }
            let whole = words.concat();
            if whole.len() >= 6 && !self.whole.contains(&whole) {
                self.whole.push(whole);
            }
        }
        // Two words of a name are also written as one: "Mohammadreza", "Maclean", "delacruz".
        for pair in words.windows(2) {
            let joined = pair.concat();
            let parts_long = pair.iter().all(|word| word.chars().count() > 1);
            if joined.len() >= 6 && parts_long && !self.pairs.contains(&joined) {
                self.add_head(&joined);
                self.words
                    .entry(joined.as_str().into())
                    .or_insert(Anchor { wordlike: false, variant: false });
                self.pairs.push(joined);
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

    fn add_acronym(&mut self, words: &[&str]) {
        let acronym: String = words.iter().filter_map(|word| word.chars().next()).collect();
        if !self.acronyms.contains(&acronym) {
            self.acronyms.push(acronym);
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
        // "He", "So" and "To" are surnames of Chinese families; as spellings of another they would eat sentences.
        if variant && letters <= 3 && rules.vocabulary.is_entry(word, &[rules.lexicons.common]) {
            return;
        }
        let wordlike = letters < SHORTEST_SURE || is_wordlike(word, rules);
        let new = !self.words.contains_key(word);
        match self.words.get_mut(word) {
            Some(known) => known.variant &= variant,
            None => {
                self.add_head(word);
                self.words.insert(word.into(), Anchor { wordlike, variant });
            }
        }
        if variant || !new && self.stated.iter().any(|known| known.word == word) {
            return;
        }
        let sound = sound::sound(word);
        self.stated.push(Stated {
            word: word.to_owned(),
            bones: skeleton(word),
            consonants: sound::consonants(&sound),
            sound,
        });
        if let Some(first) = word.chars().next()
            && !self.initials.contains(&first)
        {
            self.initials.push(first);
        }
        for spelling in spelling::variants(word) {
            self.add_word(&spelling, rules, true);
            self.add_family(&spelling, rules);
        }
        self.add_family(word, rules);
    }

    /// Other spellings, nicknames and forms of a name that the list of families gives.
    fn add_family(&mut self, word: &str, rules: &Rules) {
        for family in rules.families.get(word).map(Vec::as_slice).unwrap_or_default() {
            for other in rules.family_lists.get(*family as usize).into_iter().flatten() {
                if **other != *word {
                    self.add_word(other, rules, true);
                    // Names of affection end as their writer likes: "Chrissie", "Chrissy", "Chrissi".
                    for (from, to) in [("ie", "y"), ("y", "ie"), ("i", "y")] {
                        if let Some(stem) = other.strip_suffix(from).filter(|stem| stem.len() >= 4)
                        {
                            self.add_word(&format!("{stem}{to}"), rules, true);
                        }
                    }
                }
            }
        }
    }

    /// What is known of a word, given in folded small letters.
    pub fn word(&self, lower: &str) -> Option<Anchor> {
        self.words.get(lower).copied()
    }

    fn add_head(&mut self, word: &str) {
        if let Some(head) = word.as_bytes().first_chunk::<3>() {
            self.heads.insert(*head, ());
        }
    }

    /// Whether letters begin one of the name's words.
    pub fn begins_word(&self, letters: &str) -> bool {
        let head = letters.as_bytes().first_chunk::<3>();
        if head.is_some_and(|head| !self.heads.contains_key(head)) {
            return false;
        }
        self.words.keys().any(|word| word.starts_with(letters))
    }

    /// Whether a word is one of a name as somebody stated it, and nothing else.
    pub fn is_stated(&self, lower: &str) -> bool {
        self.word(lower).is_some_and(|anchor| !anchor.wordlike && !anchor.variant)
    }

    /// Whether no name is known.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a letter begins one of the name's words.
    pub fn has_initial(&self, letter: char) -> bool {
        self.initials.contains(&letter)
    }

    /// Whether letters are first letters of one whole name, in whatever order.
    pub fn is_acronym(&self, letters: &str) -> bool {
        self.acronyms.iter().any(|acronym| {
            let mut left: Vec<char> = acronym.chars().collect();
            letters.chars().all(|letter| match left.iter().position(|c| *c == letter) {
                Some(at) => {
                    left.swap_remove(at);
                    true
                }
                None => false,
            })
        })
    }

    /// Whether letters are all the first letters of a whole name, in order.
    pub fn is_acronym_in_order(&self, letters: &str) -> bool {
        self.acronyms.iter().any(|acronym| acronym == letters)
    }

    /// Words of the names as stated, for the leak gate: each with whether it is an ordinary word too.
    pub fn stated(&self) -> impl Iterator<Item = (&str, bool)> {
        self.stated.iter().map(|known| {
            let word = known.word.as_str();
            (word, self.words.get(word).is_none_or(|anchor| anchor.wordlike))
        })
    }

    /// Whole names squeezed into one word.
    pub fn whole(&self) -> &[String] {
        &self.whole
    }

    /// Whether a word, written with a capital and mentioned by no rule, is a name word with a slip, one that sounds
    /// alike, a shortening of one, or one with an ending of affection.
    pub fn resembles(&self, lower: &str) -> bool {
        let letters = lower.chars().count();
        if letters < 3 {
            return false;
        }
        self.is_misspelt(lower)
            || self.stated.iter().any(|known| {
                let word = known.word.as_str();
                // "Grants" is the plural of a word that is a name too.
                if lower.strip_prefix(word) == Some("s")
                    && self.word(word).is_none_or(|anchor| anchor.wordlike)
                {
                    return false;
                }
                word.len() >= letters + 2 && word.starts_with(lower)
                    || letters >= 4 && word.len() >= letters + 2 && word.ends_with(lower)
                    || letters >= 5 && spelling::is_piece(word, lower)
                    || spelling::is_pet_form(word, lower)
                    || spelling::is_diminutive(word, lower)
            })
    }

    /// Whether a word begins a name word that is longer by two letters or more: "Kez", "Akos".
    pub fn begins_name(&self, lower: &str) -> bool {
        self.stated
            .iter()
            .any(|known| known.word.len() >= lower.len() + 2 && known.word.starts_with(lower))
    }

    /// Whether a word is a name word with a slip, or sounds like one.
    pub fn is_misspelt(&self, lower: &str) -> bool {
        let letters = lower.chars().count();
        if letters < 4 || self.stated.is_empty() {
            return false;
        }
        let bones = skeleton(lower);
        let key = sound::sound(lower);
        let consonants = sound::consonants(&key);
        self.stated.iter().any(|known| {
            let (word, length) = (known.word.as_str(), known.word.len());
            length >= 4
                && (known.bones == bones
                    || !key.is_empty() && known.sound == key && length.min(letters) >= 4
                    || spelling::slips_within(word, lower, spelling::slips_allowed(length))
                    || length >= 6
                        && letters >= 5
                        && consonants.len() >= 4
                        && known.consonants == consonants
                        && word.as_bytes().first() == lower.as_bytes().first())
        })
    }

    /// "smprice", "pricesm": a name word, even an ordinary one, with initials grown on.
    pub fn is_initialled(&self, lower: &str) -> bool {
        let initials = |rest: &str| {
            (1..=3).contains(&rest.chars().count())
                && rest.chars().all(|letter| self.has_initial(letter))
        };
        self.stated.iter().any(|known| {
            known.word.len() >= 4
                && (lower.strip_suffix(known.word.as_str()).is_some_and(initials)
                    || lower.strip_prefix(known.word.as_str()).is_some_and(initials))
        })
    }

    /// Whether a word begins or ends with a long name word, or holds a whole name.
    pub fn begins_or_ends(&self, lower: &str) -> bool {
        let stated = self.stated.iter().map(|known| &known.word);
        stated.chain(&self.pairs).any(|word| {
            word.len() >= 5
                && (lower.starts_with(word.as_str()) || lower.ends_with(word.as_str()))
                && self.word(word).is_some_and(|anchor| !anchor.wordlike && !anchor.variant)
        }) || self.whole.iter().any(|whole| lower.contains(whole.as_str()))
    }

    /// The name words that a longer word without spaces contains: for user names and file names.
    pub fn contained_in(&self, lower: &str) -> bool {
        // What is no variant was stated, or is two stated words as one.
        let stated = self.stated.iter().map(|known| &known.word);
        stated.chain(&self.pairs).any(|word| {
            word.len() >= 4
                && lower.contains(word.as_str())
                && self.word(word).is_some_and(|anchor| !anchor.wordlike && !anchor.variant)
        }) || self.whole.iter().any(|whole| lower.contains(whole.as_str()))
    }
}

/// Whether a name word is an ordinary word too.
pub(super) fn is_wordlike(word: &str, rules: &Rules) -> bool {
    let lexicons = &rules.lexicons;
    rules.vocabulary.is_entry(
        word,
        &[
            lexicons.wordlike,
            lexicons.common,
            lexicons.not_people,
            lexicons.months,
            lexicons.places_of_work,
            lexicons.job_titles,
        ],
    )
}

/// Whether a word is in the lists of names.
fn is_listed(word: &str, rules: &Rules) -> bool {
    rules.vocabulary.is_entry(word, &[rules.lexicons.given_names, rules.lexicons.family_names])
}

/// Titles and particles are no names by themselves.
fn is_skipped(word: &str, rules: &Rules) -> bool {
    rules.vocabulary.is_entry(word, &[rules.lexicons.titles, rules.lexicons.particles])
}

/// Whether a word has letters and digits that scanners put for letters.
fn is_scanned(word: &str) -> bool {
    word.len() >= 3
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().filter(u8::is_ascii_alphabetic).count() > 1
}

/// A word with letters for the digits that scanners read in them.
fn unscanned(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'l',
            '5' => 's',
            '8' => 'b',
            other => other,
        })
        .collect()
}

/// Letters and digits only.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
