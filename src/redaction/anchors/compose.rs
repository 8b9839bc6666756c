//! Words that are put together of a name's words, their beginnings and its initials, as user names and file names are:
//! "vpapanik", "gosiawn", "sashakov". Pure string work over the table.

use super::AnchorIndex;

/// What a word has been found to be made of, so far.
#[derive(Debug, Clone, Copy, Default)]
struct Made {
    /// Letters in whole name words.
    whole: usize,
    /// Letters in beginnings of name words.
    begun: usize,
    /// Pieces that are whole words or beginnings.
    pieces: usize,
    /// Single letters.
    initials: usize,
}

impl Made {
    /// Whether these pieces are a name, where a user name stands or anywhere.
    const fn is_name(self, in_handle: bool) -> bool {
        let whole = self.whole >= if in_handle { 3 } else { 4 };
        whole && self.initials > 0 && self.pieces == 1 && self.begun == 0
            || self.pieces >= 2 && self.whole + self.begun >= 7 && (self.whole >= 3 || in_handle)
            || self.pieces >= 2 && self.whole + self.begun >= 6 && in_handle
            || self.initials > 0 && self.begun >= 5
            || in_handle && self.whole >= 3
    }
}

/// Words longer than this are not taken apart.
const LONGEST: usize = 32;
/// More single letters than this are no initials.
const MOST_INITIALS: usize = 3;

impl AnchorIndex {
    /// Whether a word without spaces, given in folded small letters, is made of the name and of nothing else.
    /// `in_handle` says that it stands where user and file names stand, so that words that are ordinary ones too count.
    pub fn composes(&self, word: &str, in_handle: bool) -> bool {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        letters.is_ascii()
            && letters.len() >= 4
            && letters.len() <= LONGEST
            && self.pieces(letters, Made::default(), in_handle)
    }

    fn pieces(&self, rest: &str, made: Made, in_handle: bool) -> bool {
        let Some(first) = rest.chars().next() else { return made.is_name(in_handle) };
        if made.pieces < 3 {
            for length in (3..=rest.len()).rev() {
                let (Some(piece), Some(left)) = (rest.get(..length), rest.get(length..)) else {
                    continue;
                };
                let known = self.word(piece).is_some_and(|a| in_handle || !a.wordlike);
                let begins = !known && self.begins_stated(piece);
                if !known && !begins {
                    continue;
                }
                let made = Made {
                    whole: made.whole + if known { length } else { 0 },
                    begun: made.begun + if begins { length } else { 0 },
                    pieces: made.pieces + 1,
                    ..made
                };
                if self.pieces(left, made, in_handle) {
                    return true;
                }
            }
        }
        made.initials < MOST_INITIALS
            && self.has_initial(first)
            && rest.get(first.len_utf8()..).is_some_and(|left| {
                self.pieces(left, Made { initials: made.initials + 1, ..made }, in_handle)
            })
    }

    /// Whether letters begin a stated name word that is longer.
    fn begins_stated(&self, letters: &str) -> bool {
        self.stated
            .iter()
            .any(|known| known.word.len() > letters.len() && known.word.starts_with(letters))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::rules::Rules;
    use super::*;
    use crate::rulebook::Rulebook;

    #[test]
    fn user_names_are_made_of_the_name_and_nothing_else() {
        let rules = Rules::compile(&Rulebook::built_in().unwrap()).unwrap();
        let mut index = AnchorIndex::default();
        index.add_name("Evangelos Papanikolaou", &rules);
        index.add_name("Kwabena Osei", &rules);
        index.add_name("Mark Wood", &rules);
        for (word, in_handle, made) in [
            ("vpapanik", false, false),
            ("epapanik", false, true),
            ("kosei", false, true),
            ("kosei91", false, true),
            ("vangelispapa", false, true),
            ("markwood", false, false),
            ("markwood", true, true),
            ("woodm", true, true),
            ("woodland", true, false),
            ("evangelical", false, false),
        ] {
            assert_eq!(index.composes(word, in_handle), made, "{word}");
        }
    }
}
