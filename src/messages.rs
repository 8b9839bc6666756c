//! The words that people read on pages and in reports, from Fluent files in `messages/`. Knows languages and plural forms; knows
//! nothing of what the words are about.

use std::fmt;
use std::path::{Path, PathBuf};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use include_dir::{Dir, include_dir};
use unic_langid::LanguageIdentifier;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/messages");

/// The words in one language, over those in English for whatever is not translated yet.
pub struct Messages {
    language: LanguageIdentifier,
    own: FluentBundle<FluentResource>,
    english: FluentBundle<FluentResource>,
}

/// Why a message file is not usable.
#[derive(Debug, thiserror::Error)]
pub enum MessagesError {
    /// The file name is not a language.
    #[error("{0}: name a message file after its language, like en.ftl or cy.ftl")]
    NotALanguage(PathBuf),
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file is not Fluent.
    #[error("{file} is not a Fluent file: {message}")]
    Syntax {
        /// Which.
        file: PathBuf,
        /// The parser's first complaint.
        message: String,
    },
}

/// A value inside a message.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// A text, put in as it is.
    Text(&'a str),
    /// A count, which chooses the plural form.
    Count(u64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Value<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl Messages {
    /// The English words that travel inside the program.
    pub fn english() -> Self {
        let language = english();
        Self { own: bundle(&language, None), english: built_in_english(), language }
    }

    /// The words of a file, which is named after its language: `cy.ftl`. Messages that it lacks stay English, so that
    /// an organisation may also replace single messages.
    ///
    /// # Errors
    /// [`MessagesError`] names the file and what is wrong with it.
    pub fn from_file(path: &Path) -> Result<Self, MessagesError> {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let language: LanguageIdentifier = name
            .and_then(|name| name.parse().ok())
            .ok_or_else(|| MessagesError::NotALanguage(path.to_owned()))?;
        let text = std::fs::read_to_string(path)
            .map_err(|error| MessagesError::Unreadable(path.to_owned(), error))?;
        let resource =
            FluentResource::try_new(text).map_err(|(_, errors)| MessagesError::Syntax {
                file: path.to_owned(),
                message: errors.first().map(ToString::to_string).unwrap_or_default(),
            })?;
        let own = bundle(&language, Some(resource));
        Ok(Self { own, english: built_in_english(), language })
    }

    /// The language for the `lang` attribute of a page.
    pub fn language(&self) -> String {
        self.language.to_string()
    }

    /// A message.
    pub fn text(&self, id: &str) -> String {
        self.fill(id, &[])
    }

    /// A message with values in it. An id that no file has shows as itself; a test keeps that from happening.
    ///
    /// ```
    /// let words = evenhand::messages::Messages::english();
    /// let lead = |count: usize| words.fill("panel-list-lead", &[("count", count.into())]);
    /// assert_eq!(lead(1), "There is one application to read.");
    /// assert_eq!(lead(12), "There are 12 applications to read.");
    /// ```
    pub fn fill(&self, id: &str, values: &[(&str, Value<'_>)]) -> String {
        self.find(id, values).unwrap_or_else(|| id.to_owned())
    }

    /// The message that names one of a set which rules may extend (stages, kinds of removed words), or else the
    /// member's own name made readable.
    pub fn label(&self, set: &str, member: &str) -> String {
        let id = format!("{set}-{}", member.replace('_', "-"));
        self.find(&id, &[]).unwrap_or_else(|| member.replace(['_', '-'], " "))
    }

    fn find(&self, id: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            let value = match value {
                Value::Text(text) => FluentValue::from(*text),
                Value::Count(count) => FluentValue::from(*count),
            };
            arguments.set(*name, value);
        }
        [&self.own, &self.english].into_iter().find_map(|bundle| {
            let pattern = bundle.get_message(id)?.value()?;
            let mut errors = Vec::new();
            Some(bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned())
        })
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Messages({})", self.language)
    }
}

fn english() -> LanguageIdentifier {
    // "en" is well formed; "und" would only lose plural forms.
    "en".parse().unwrap_or_default()
}

fn built_in_english() -> FluentBundle<FluentResource> {
    let files = BUILT_IN.get_dir("en").into_iter().flat_map(Dir::files);
    let mut all = bundle(&english(), None);
    for text in files.filter_map(|file| file.contents_utf8()) {
        // What parses is used; a test makes sure that all of it does.
        let resource = FluentResource::try_new(text.to_owned());
        all.add_resource_overriding(resource.unwrap_or_else(|(partial, _)| partial));
    }
    all
}

fn bundle(
    language: &LanguageIdentifier,
    resource: Option<FluentResource>,
) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language.clone()]);
    // Marks around every value would protect mixed-direction text, of which these languages have none.
    bundle.set_use_isolating(false);
    if let Some(resource) = resource {
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_files_are_sound_and_share_no_name() {
        let mut names = std::collections::BTreeSet::new();
        for file in BUILT_IN.get_dir("en").unwrap().files() {
            let text = file.contents_utf8().unwrap();
            let errors = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| errors);
            assert!(errors.is_ok(), "{:?}: {:?}", file.path(), errors.err());
            for line in text.lines().filter(|line| line.starts_with(char::is_alphabetic)) {
                let name = line.split(" =").next().unwrap();
                assert!(names.insert(name.to_owned()), "{name} stands twice");
            }
        }
        assert!(names.len() > 100, "{} messages", names.len());
    }

    #[test]
    fn a_file_of_another_language_replaces_what_it_has_and_leaves_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cy.ftl");
        let forms = "panel-list-lead = { $count ->\n    [zero] dim\n    [one] un\n    [two] dau\n    [few] tri\n    [many] chwech\n   *[other] arall\n}\n";
        std::fs::write(&file, forms).unwrap();
        let words = Messages::from_file(&file).unwrap();
        assert_eq!(words.language(), "cy");
        for (count, expected) in
            [(0, "dim"), (1, "un"), (2, "dau"), (3, "tri"), (6, "chwech"), (9, "arall")]
        {
            assert_eq!(words.fill("panel-list-lead", &[("count", Value::Count(count))]), expected);
        }
        assert_eq!(words.text("sign-in-title"), Messages::english().text("sign-in-title"));
    }

    #[test]
    fn what_rules_add_is_named_by_itself() {
        let words = Messages::english();
        assert_eq!(words.label("stage", "shortlisted"), "Shortlisted");
        assert_eq!(words.label("stage", "second_sift"), "second sift");
    }

    #[test]
    fn a_file_that_is_not_fluent_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cy.ftl");
        std::fs::write(&file, "this is no message\n").unwrap();
        assert!(matches!(Messages::from_file(&file), Err(MessagesError::Syntax { .. })));
        let odd = folder.path().join("words in welsh.ftl");
        std::fs::write(&odd, "").unwrap();
        assert!(matches!(Messages::from_file(&odd), Err(MessagesError::NotALanguage(_))));
    }
}
