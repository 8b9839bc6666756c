//! The table of identities for a collection of documents: which columns it has and how a row becomes an identity. Knows
//! no document; its errors name lines and columns, never values.

use std::collections::BTreeMap;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::{RedactError, file_error};
use crate::domain::Identity;
use crate::intake::tabular::{TabularError, TextTable, read_rows};

/// The columns that are known; `file` is needed.
const COLUMNS: [&str; 15] = [
    "file",
    "given_names",
    "family_name",
    "full_name",
    "known_as",
    "previous_names",
    "title",
    "email",
    "phone",
    "address",
    "postcode",
    "date_of_birth",
    "ni_number",
    "urls",
    "usernames",
];

/// What is known of each candidate, by the name of the document.
#[derive(Default)]
pub(super) struct Identities {
    rows: BTreeMap<String, Row>,
}

struct Row {
    line: u64,
    identity: Identity,
    used: bool,
}

/// A name as it is compared: composed letters, one kind of slash, nothing before it.
pub(super) fn comparable(name: &str) -> String {
    let name: String = name.trim().nfc().collect::<String>().replace('\\', "/");
    name.trim_start_matches("./").to_owned()
}

/// A file's name without its ending, parted into words as people part names of files.
pub(super) fn file_words(name: &str) -> String {
    let base = comparable(name);
    let base = base.rsplit('/').next().unwrap_or_default();
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    stem.replace(['_', '.'], " ")
}

fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

impl Identities {
    /// Reads the table.
    ///
    /// # Errors
    /// [`RedactError::Table`] for columns that are unknown, a missing column `file`, and rows that name no file or one
    /// that another row names.
    pub(super) fn read(path: &Path) -> Result<Self, RedactError> {
        let bytes = std::fs::read(path).map_err(file_error(path))?;
        Self::parse(&bytes).map_err(|(line, message)| RedactError::Table {
            path: path.display().to_string(),
            line,
            message,
        })
    }

    fn parse(bytes: &[u8]) -> Result<Self, (u64, String)> {
        let TextTable { header, rows } = read_rows(bytes).map_err(|error| (1, told(&error)))?;
        let mut header: Vec<String> = header.iter().map(|name| name.to_lowercase()).collect();
        // Spreadsheets write empty columns behind the last.
        while header.pop_if(|name| name.is_empty()).is_some() {}
        check_columns(&header)?;
        let mut identities = Self::default();
        for (line, record) in rows {
            let more =
                record.get(header.len()..).is_none_or(|rest| rest.iter().any(|v| !v.is_empty()));
            if more {
                let what = "the row has more or fewer values than the header; put values with commas in quotes";
                return Err((line, what.to_owned()));
            }
            let (mut file, mut identity) = (String::new(), Identity::default());
            for (column, value) in header.iter().zip(&record) {
                if column == "file" {
                    file = comparable(value);
                } else if !value.is_empty() {
                    set(&mut identity, column, value);
                }
            }
            if file.is_empty() {
                return Err((line, "the column file is empty; name the document".to_owned()));
            }
            let row = Row { line, identity, used: false };
            if let Some(first) = identities.rows.insert(file, row) {
                let message =
                    format!("line {} names the same file; keep one of the two", first.line);
                return Err((line, message));
            }
        }
        Ok(identities)
    }

    /// What is known of the candidate of each document. A row may leave out the folders, if that fits one document.
    pub(super) fn of_all(&mut self, names: &[String]) -> Vec<Option<Identity>> {
        let names: Vec<String> = names.iter().map(|name| comparable(name)).collect();
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &names {
            *times.entry(base(name)).or_default() += 1;
        }
        let mut find = |name: &String| {
            let by_base = (times.get(base(name)) == Some(&1)).then(|| base(name));
            let key = if self.rows.contains_key(name) { Some(name.as_str()) } else { by_base };
            let row = self.rows.get_mut(key?)?;
            row.used = true;
            Some(row.identity.clone())
        };
        names.iter().map(&mut find).collect()
    }

    /// Rows for which there was no document: line and name.
    pub(super) fn unused(&self) -> Vec<(u64, &str)> {
        let rows = self.rows.iter().filter(|(_, row)| !row.used);
        let mut unused: Vec<_> = rows.map(|(name, row)| (row.line, name.as_str())).collect();
        unused.sort_unstable();
        unused
    }
}

/// What is wrong with a table, without its values.
fn told(error: &TabularError) -> String {
    match error {
        TabularError::Source(error) => error.to_string(),
        _ => "there is no table in it: a first row of names and a row for each document".to_owned(),
    }
}

fn check_columns(header: &[String]) -> Result<(), (u64, String)> {
    let known = COLUMNS.join(", ");
    for (index, column) in header.iter().enumerate() {
        if !COLUMNS.contains(&column.as_str()) {
            // A table without a header would be quoted here, and its values are people's.
            let what = format!("column {} is not known; the columns are {known}", index + 1);
            return Err((1, what));
        }
        if header.iter().take(index).any(|other| other == column) {
            return Err((1, format!("the column {column} is there twice")));
        }
    }
    if header.iter().any(|column| column == "file") {
        Ok(())
    } else {
        Err((1, format!("there is no column file; the columns are {known}")))
    }
}

fn set(identity: &mut Identity, column: &str, value: &str) {
    let list = || -> Vec<String> {
        let values = value.split(';').map(str::trim).filter(|value| !value.is_empty());
        values.map(str::to_owned).collect()
    };
    match column {
        "given_names" => identity.given_names = Some(value.to_owned()),
        "family_name" => identity.family_name = Some(value.to_owned()),
        "full_name" => identity.full_name = Some(value.to_owned()),
        "known_as" => identity.known_as = Some(value.to_owned()),
        "title" => identity.title = Some(value.to_owned()),
        "postcode" => identity.postcode = Some(value.to_owned()),
        "date_of_birth" => identity.date_of_birth = Some(value.to_owned()),
        "ni_number" => identity.ni_number = Some(value.to_owned()),
        "previous_names" => identity.previous_names = list(),
        "email" => identity.email = list(),
        "phone" => identity.phone = list(),
        "address" => identity.address = list(),
        "urls" => identity.urls = list(),
        _ => identity.usernames = list(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tables_are_refused_by_line_and_without_their_values() {
        for (text, line, part) in [
            ("file,surname\na.txt,Zebedee\n", 1, "column 2 is not known"),
            ("Zebedee,Quill\n", 1, "column 1 is not known"),
            ("email\nx@example.com\n", 1, "no column file"),
            ("file,email,email\n", 1, "twice"),
            ("file,email\n,zebedee@example.com\n", 2, "empty"),
            ("file,email\na.txt,\n./a.txt,\n", 3, "line 2 names the same file"),
            ("file,email\na.txt,b,Zebedee\n", 2, "more or fewer values"),
        ] {
            let (found, message) = Identities::parse(text.as_bytes()).err().unwrap();
            assert!(found == line && message.contains(part), "{text}: {found} {message}");
            assert!(!message.contains("ebedee"), "{message}");
        }
        assert!(Identities::parse(b"%PDF-1.7").is_err());
        let latin = Identities::parse(b"file;known_as\ncaf\xe9.txt;Zo\xe9\n").unwrap();
        assert_eq!(latin.unused(), [(2, "caf\u{e9}.txt")]);
    }

    #[test]
    fn rows_find_their_documents_by_name_however_it_is_written() {
        let text = "\u{feff}File,phone\n.\\in\\a.txt,07700 900142; 07700 900143\nb.txt,\ncafe\u{301}.txt,\nd.txt,\n";
        let mut identities = Identities::parse(text.as_bytes()).unwrap();
        let names = ["in/a.txt", "deep/b.txt", "caf\u{e9}.txt", "x/d.txt", "y/d.txt"];
        let found = identities.of_all(&names.map(str::to_owned));
        let known: Vec<bool> = found.iter().map(Option::is_some).collect();
        assert_eq!(known, [true, true, true, false, false], "two files could be d.txt");
        assert_eq!(found[0].as_ref().unwrap().phone, ["07700 900142", "07700 900143"]);
        assert_eq!(identities.unused(), [(5, "d.txt")]);
    }
}
