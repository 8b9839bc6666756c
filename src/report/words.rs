//! The words of reports: messages filled in, on one line. Holds no sentence itself and computes nothing.

use std::sync::LazyLock;

use crate::messages::{Messages, Value};

/// The words of one language.
pub struct Words(&'static Messages);

/// Read once: a report is asked for more often than the words in the program change.
static ENGLISH: LazyLock<Messages> = LazyLock::new(Messages::english);

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
        Self(&ENGLISH)
    }

    /// A message without anything to fill in.
    pub fn plain(&self, id: &str) -> String {
        self.say(id, [])
    }

    /// A message, filled in. An unknown message is shown by its name, so that it is noticed and nothing is lost.
    pub fn say<const N: usize>(&self, id: &str, fills: [(&'static str, Fill); N]) -> String {
        let values: Vec<(&str, Value<'_>)> = fills
            .iter()
            .map(|(name, fill)| match fill {
                Fill::Text(text) => (*name, Value::Text(text)),
                Fill::Count(count) => (*name, Value::Count(*count)),
            })
            .collect();
        on_one_line(&self.0.fill(id, &values))
    }
}

/// A text with one blank between its words.
fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_message_uses_the_words_that_reports_avoid() {
        let text = include_str!("../../messages/en/audit.ftl");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let lower = line.to_lowercase();
            for word in ["discriminat", "fair"] {
                assert!(!lower.contains(word), "{line}");
            }
        }
    }
}
