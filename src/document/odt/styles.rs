//! What styles of an OpenDocument text say of words: whether they are shown, and how lists number them.

use std::collections::{HashMap, HashSet};

use super::super::xml::{Element, Ns, Token, Xml};
use super::lists::Level;

/// The styles that matter here.
#[derive(Debug, Default)]
pub(super) struct Styles {
    concealing: HashSet<String>,
    parents: HashMap<String, String>,
    lists: HashMap<String, HashMap<usize, Level>>,
}

/// How far a style is followed to its parents; a loop ends here.
const LONGEST_DESCENT: usize = 20;

impl Styles {
    /// Whether words of the style are not shown.
    pub(super) fn conceals(&self, name: &str) -> bool {
        std::iter::successors(Some(name), |name| self.parents.get(*name).map(String::as_str))
            .take(LONGEST_DESCENT)
            .any(|name| self.concealing.contains(name))
    }

    /// A level of a list, counted from 1.
    pub(super) fn level(&self, list: &str, level: usize) -> Option<&Level> {
        self.lists.get(list)?.get(&level)
    }

    /// Takes in the styles of a part.
    pub(super) fn read(&mut self, text: &str) {
        let mut xml = Xml::new(text);
        let mut style = String::new();
        let mut list = String::new();
        loop {
            match xml.next() {
                Token::Open(element) => match (element.ns, element.name) {
                    (Ns::Style, "style") => {
                        style = element.attribute("name").unwrap_or_default();
                        if let Some(parent) = element.attribute("parent-style-name") {
                            self.parents.insert(style.clone(), parent);
                        }
                    }
                    (Ns::Style, "text-properties")
                        if element.attribute("display").as_deref() == Some("none") =>
                    {
                        self.concealing.insert(style.clone());
                    }
                    (Ns::Text, "list-style") => {
                        list = element.attribute("name").unwrap_or_default()
                    }
                    (Ns::Text, name) if name.starts_with("list-level-style-") => {
                        self.add_level(&list, name, &element);
                    }
                    (Ns::Office, "body") => return,
                    _ => {}
                },
                Token::End(_) => return,
                _ => {}
            }
        }
    }

    fn add_level(&mut self, list: &str, name: &str, element: &Element<'_>) {
        let number: usize =
            element.attribute("level").and_then(|level| level.parse().ok()).unwrap_or(1);
        let value = |name: &str| element.attribute(name).unwrap_or_default();
        let level = Level {
            is_bullet: name != "list-level-style-number",
            format: value("num-format"),
            before: value("num-prefix"),
            after: value("num-suffix"),
            start: value("start-value").parse().unwrap_or(1),
            levels_shown: value("display-levels").parse().unwrap_or(1),
        };
        self.lists.entry(list.to_owned()).or_default().insert(number, level);
    }
}
