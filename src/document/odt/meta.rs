//! What an OpenDocument text says of itself and its people. Everything found here is hidden text.

use super::super::compose::Composer;
use super::super::xml::{Ns, Token, Xml};
use super::super::{Declared, HiddenPlace};

/// Reads the metadata.
pub(super) fn read(text: &str, composer: &mut Composer) {
    let mut xml = Xml::new(text);
    let mut inside = false;
    let mut value = String::new();
    loop {
        match xml.next() {
            Token::Open(element) => {
                if (element.ns, element.name) == (Ns::Office, "meta") {
                    inside = true;
                }
                // A template's address may hold a user name.
                if inside && let Some(target) = element.attribute("href") {
                    composer.hide(HiddenPlace::Link, &target);
                }
                value.clear();
            }
            Token::Text(text, _) if inside => value.push_str(&text),
            Token::Close(ns, name) => {
                match (ns, name) {
                    (Ns::Office, "meta") => return,
                    (_, "title") if inside => composer.hide(HiddenPlace::Title, &value),
                    (
                        _,
                        "creator" | "initial-creator" | "printed-by" | "subject" | "description"
                        | "keyword" | "user-defined" | "contributor" | "publisher",
                    ) if inside => composer.hide(HiddenPlace::Metadata, &value),
                    _ => {}
                }
                value.clear();
            }
            Token::Text(..) => {}
            Token::End(_) => return,
        }
    }
}

/// How many words and pages the program that wrote the document counted.
pub(super) fn declared(text: &str) -> Declared {
    let count = |name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=\""))?;
        rest.split_once('"')?.0.parse().ok()
    };
    Declared { words: count("word-count"), pages: count("page-count") }
}
