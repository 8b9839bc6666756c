//! Words that say whether somebody is a woman or a man.

use self::Sex::{Man, Woman};

/// What a word says of its bearer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    Woman,
    Man,
}

/// Titles that show their bearer's sex, or in "Mx" and "Ind" that they are neither; Dr, Cllr and the like tell nothing.
const TITLES: [(&str, Option<Sex>); 30] = [
    ("mr", Some(Man)),
    ("mrs", Some(Woman)),
    ("ms", Some(Woman)),
    ("miss", Some(Woman)),
    ("mx", None),
    ("master", Some(Man)),
    ("mister", Some(Man)),
    ("messrs", Some(Man)),
    ("sir", Some(Man)),
    ("lord", Some(Man)),
    ("dame", Some(Woman)),
    ("lady", Some(Woman)),
    ("madam", Some(Woman)),
    ("madame", Some(Woman)),
    ("mme", Some(Woman)),
    ("mlle", Some(Woman)),
    ("senor", Some(Man)),
    ("senora", Some(Woman)),
    ("herr", Some(Man)),
    ("frau", Some(Woman)),
    ("pan", Some(Man)),
    ("pani", Some(Woman)),
    ("shri", Some(Man)),
    ("sri", Some(Man)),
    ("smt", Some(Woman)),
    ("hajji", Some(Man)),
    ("haji", Some(Man)),
    ("alhaji", Some(Man)),
    ("alhaja", Some(Woman)),
    ("hajia", Some(Woman)),
];

/// Whether a word is a title that shows its bearer's sex, or that they would have none shown.
pub(super) fn is_telling_title(word: &str) -> bool {
    TITLES.iter().any(|(title, _)| *title == word)
}

impl Sex {
    /// What a title or a noun for somebody tells.
    pub fn of_noun(word: &str) -> Option<Self> {
        if let Some((_, sex)) = TITLES.iter().find(|(title, _)| *title == word) {
            return *sex;
        }
        match word {
            "aunt" | "auntie" | "daughter" | "girl" | "godmother" | "gran" | "grandmother"
            | "lass" | "lassie" | "matriarch" | "mother" | "mum" | "nan" | "niece" | "quine"
            | "sister" | "widow" | "wife" | "wifie" | "woman" | "wumman" => Some(Woman),
            "bloke" | "boy" | "brother" | "chap" | "dad" | "father" | "fella" | "fellow"
            | "gent" | "gentleman" | "gentlemen" | "godfather" | "grandad" | "grandfather"
            | "guy" | "husband" | "lad" | "laddie" | "loon" | "man" | "nephew" | "son"
            | "uncle" | "widower" => Some(Man),
            _ => None,
        }
    }

    /// What an answer in a form tells.
    pub fn of_answer(word: &str) -> Option<Self> {
        match word {
            "female" | "f" => Some(Woman),
            "male" | "m" => Some(Man),
            _ => Self::of_noun(word),
        }
    }

    /// What a pronoun tells.
    pub fn of_pronoun(word: &str) -> Option<Self> {
        match word {
            "she" | "her" | "hers" | "herself" => Some(Woman),
            "he" | "him" | "his" | "himself" => Some(Man),
            _ => None,
        }
    }
}
