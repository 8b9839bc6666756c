//! The files of a rule set, and the error that names a place in one of them. Knows TOML, but no rule.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// What is wrong with a rule file, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}{}", .line.map(|n| format!(", line {n}")).unwrap_or_default(), .hint.as_ref().map(|h| format!("\n  hint: {h}")).unwrap_or_default())]
pub struct RuleError {
    /// Path inside the rule set, e.g. `stages/recruitment.toml`.
    pub file: String,
    /// Line, counted from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl RuleError {
    /// An error about a whole file.
    pub fn in_file(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, message: message.into(), hint: None }
    }

    /// The same error with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// One file of a rule set.
#[derive(Debug, Clone, Copy)]
pub struct RuleFile<'a> {
    /// Path inside the rule set, with `/` between its parts.
    pub path: &'a str,
    /// The text.
    pub text: &'a str,
}

impl RuleFile<'_> {
    /// The file's name without folder and extension.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(self.path);
        name.split_once('.').map_or(name, |(stem, _)| stem)
    }

    /// Reads the file as TOML of a shape. Shapes carry `#[serde(deny_unknown_fields)]`, so that a misspelt key is
    /// refused with its line and the list of keys that exist.
    ///
    /// # Errors
    /// [`RuleError`] with file and line.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, RuleError> {
        toml::from_str(self.text).map_err(|error| RuleError {
            file: self.path.to_owned(),
            line: error.span().map(|span| self.line_of(span.start)),
            message: error.message().to_owned(),
            hint: None,
        })
    }

    /// What is wrong at a byte of the file.
    pub fn wrong_at(&self, offset: usize, message: impl Into<String>) -> RuleError {
        let line = Some(self.line_of(offset));
        RuleError { line, ..RuleError::in_file(self.path, message) }
    }

    /// The line, counted from 1, of a byte offset.
    pub fn line_of(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        1 + before.filter(|byte| **byte == b'\n').count()
    }
}

/// The files of a rule set, by path.
#[derive(Debug, Clone, Default)]
pub struct RuleFiles(BTreeMap<String, String>);

impl RuleFiles {
    /// The files that travel inside the program.
    pub fn built_in() -> Self {
        let mut files = BTreeMap::new();
        collect(&BUILT_IN, &mut files);
        Self(files)
    }

    /// Every file of a folder and the folders in it.
    ///
    /// # Errors
    /// A [`RuleError`] when the folder or a file cannot be read, or a file is not UTF-8.
    pub fn from_folder(folder: &Path) -> Result<Self, RuleError> {
        let mut files = BTreeMap::new();
        let mut pending: Vec<PathBuf> = vec![folder.to_owned()];
        while let Some(next) = pending.pop() {
            let failed = |error: std::io::Error| {
                RuleError::in_file(&next.display().to_string(), format!("cannot be read: {error}"))
                    .hint("the rule folder must hold the same sub-folders as rules/ in the source")
            };
            for entry in std::fs::read_dir(&next).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if path.is_dir() {
                    pending.push(path);
                    continue;
                }
                let name = path
                    .strip_prefix(folder)
                    .unwrap_or(&path)
                    .components()
                    .map(|part| part.as_os_str().to_string_lossy())
                    .collect::<Vec<_>>()
                    .join("/");
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    RuleError::in_file(&name, format!("cannot be read as UTF-8 text: {error}"))
                })?;
                files.insert(name, text);
            }
        }
        Ok(Self(files))
    }

    /// A rule set made of texts, for tests.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(texts.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect())
    }

    /// The files directly inside a folder that end in `.extension`, in order of name.
    pub fn within<'a>(
        &'a self,
        folder: &'a str,
        extension: &'a str,
    ) -> impl Iterator<Item = RuleFile<'a>> {
        self.0.iter().filter_map(move |(path, text)| {
            let name = path.strip_prefix(folder)?.strip_prefix('/')?;
            let wanted = !name.contains('/')
                && name.rsplit_once('.').is_some_and(|(_, found)| found == extension);
            wanted.then_some(RuleFile { path, text })
        })
    }

    /// SHA-256 over path and content of every file, in hexadecimal. Lengths are hashed too, so that moving text
    /// between files changes the result.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for (path, text) in &self.0 {
            for part in [path, text] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
        }
        hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

fn collect(folder: &Dir<'static>, files: &mut BTreeMap<String, String>) {
    for file in folder.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        if let Some(text) = file.contents_utf8() {
            files.insert(name, text.to_owned());
        }
    }
    for inner in folder.dirs() {
        collect(inner, files);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[expect(dead_code, reason = "only parsed")]
        id: String,
    }

    #[test]
    fn an_unknown_key_is_refused_with_file_and_line() {
        let file = RuleFile { path: "stages/x.toml", text: "# a comment\nid = \"x\"\nlable = 1\n" };
        let error = file.parse::<Shape>().unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("stages/x.toml", Some(3)));
        assert!(error.to_string().contains("lable"), "{error}");
    }

    #[test]
    fn moving_text_between_files_changes_the_hash() {
        let one = RuleFiles::from_texts([("a", "xy"), ("b", "z")]);
        let other = RuleFiles::from_texts([("a", "x"), ("b", "yz")]);
        assert_ne!(one.sha256(), other.sha256());
        assert_eq!(one.sha256().len(), 64);
    }
}
