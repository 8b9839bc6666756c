//! The words of reports: message files with plural forms, filled in. Holds no sentence itself and computes nothing.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

const ENGLISH: &str = include_str!("../../messages/en/audit.ftl");

/// The words of one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
}

/// What fills a message.
pub enum Fill {
    /// A text.
    Text(String),
    /// A number that chooses a plural form.
    Count(u64),
}

impl From<String> for Fill {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Fill {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Fill {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Fill {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl Words {
    /// British English.
    pub fn english() -> Self {
        // A parse error keeps the messages around it; tests refuse a file that has one.
        let resource = match FluentResource::try_new(ENGLISH.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let language: LanguageIdentifier = "en-GB".parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![language]);
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { bundle }
    }

    /// A message without anything to fill in.
    pub fn plain(&self, id: &str) -> String {
        self.say(id, [])
    }

    /// A message, filled in. An unknown message is shown by its name, so that it is noticed and nothing is lost.
    pub fn say<const N: usize>(&self, id: &str, fills: [(&'static str, Fill); N]) -> String {
        let mut arguments = FluentArgs::new();
        for (name, fill) in fills {
            let value = match fill {
                Fill::Text(text) => FluentValue::from(text),
                Fill::Count(count) => FluentValue::from(count),
            };
            arguments.set(name, value);
        }
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        let Some(pattern) = pattern else { return id.to_owned() };
        let mut problems = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut problems);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_file_parses_as_a_whole() {
        assert!(FluentResource::try_new(ENGLISH.to_owned()).is_ok());
    }

    #[test]
    fn no_message_uses_the_words_that_reports_avoid() {
        for line in ENGLISH.lines().filter(|line| !line.starts_with('#')) {
            let lower = line.to_lowercase();
            for word in ["discriminat", "fair"] {
                assert!(!lower.contains(word), "{line}");
            }
        }
    }
}
