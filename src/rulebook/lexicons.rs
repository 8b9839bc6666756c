//! `rules/lexicons/*.txt` and `rules/fields/*.txt`: closed lists of words and phrases. Checks their form; does not know what they mean.

use std::collections::BTreeMap;

use super::{RuleError, RuleFile, RuleFiles};

/// One line of a lexicon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The word or phrase. A capital letter in it asks for a capital letter in the text.
    pub text: String,
    /// What stands in its place when it is neutralised (`chairwoman = chair`).
    pub neutral: Option<String>,
}

/// One file of words and phrases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lexicon {
    /// Path inside the rule set, for errors.
    pub file: String,
    /// The entries, in the file's order.
    pub entries: Vec<Entry>,
}

/// Reads every list of a folder, by the file's name without its extension.
pub(super) fn load(
    files: &RuleFiles,
    folder: &str,
) -> Result<BTreeMap<String, Lexicon>, RuleError> {
    files.within(folder, "txt").map(|file| Ok((file.stem().to_owned(), parse(&file)?))).collect()
}

fn parse(file: &RuleFile<'_>) -> Result<Lexicon, RuleError> {
    let failed = |line: usize, message: &str, hint: &str| RuleError {
        file: file.path.to_owned(),
        line: Some(line + 1),
        message: message.to_owned(),
        hint: Some(hint.to_owned()),
    };
    if !file.text.starts_with('#') {
        return Err(failed(
            0,
            "a lexicon opens with a comment",
            "say in a line that begins with # what the words are and where they come from",
        ));
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut previous = "";
    for (number, line) in file.text.lines().enumerate() {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        if line.trim() != line {
            return Err(failed(number, "spaces around an entry", "remove them"));
        }
        if line <= previous {
            return Err(failed(
                number,
                "entries must be sorted and each appear once",
                "sort the entries by their bytes: LC_ALL=C sort -u",
            ));
        }
        previous = line;
        // Few lines have the mark at all.
        let parts = line.contains('=').then(|| line.split_once(" = ")).flatten();
        let (text, neutral) = match parts {
            Some((text, neutral)) => (text, Some(neutral.to_owned())),
            None => (line, None),
        };
        entries.push(Entry { text: text.to_owned(), neutral });
    }
    Ok(Lexicon { file: file.path.to_owned(), entries })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon(text: &str) -> Result<BTreeMap<String, Lexicon>, RuleError> {
        load(&RuleFiles::from_texts([("lexicons/faiths.txt", text)]), "lexicons")
    }

    #[test]
    fn an_entry_may_carry_its_neutral_word() {
        let lexicons = lexicon("# x\nchairwoman = chair\nwaiter\n").unwrap();
        let entries = &lexicons["faiths"].entries;
        assert_eq!(entries[0].neutral.as_deref(), Some("chair"));
        assert_eq!(entries[1].text, "waiter");
    }

    #[test]
    fn disorder_repetition_and_a_missing_header_are_refused_with_their_line() {
        for (text, line) in [("a\n", 1), ("# x\nb\na\n", 3), ("# x\na\na\n", 3), ("# x\na \n", 2)] {
            assert_eq!(lexicon(text).unwrap_err().line, Some(line), "{text:?}");
        }
    }
}
