//! What a Word document says of its people outside its pages: comments, properties, reviewers. Everything found here
//! is hidden text.

use super::super::compose::Composer;
use super::super::xml::{Ns, Token, Xml};
use super::super::{Declared, HiddenPlace};
use super::package::Package;

/// Reads the comments: their words, and who wrote them.
pub(super) fn comments(text: &str, composer: &mut Composer) {
    let mut xml = Xml::new(text);
    let mut words = String::new();
    let mut taking = false;
    let fault = loop {
        match xml.next() {
            Token::Open(element) if element.ns == Ns::Word => match element.name {
                "comment" => {
                    for name in ["author", "initials"] {
                        let value = element.attribute(name).unwrap_or_default();
                        composer.hide(HiddenPlace::Metadata, &value);
                    }
                }
                "t" | "delText" => taking = true,
                "tab" | "br" => words.push(' '),
                _ => {}
            },
            Token::Close(Ns::Word, name) => match name {
                "t" | "delText" => taking = false,
                "p" => words.push('\n'),
                "comment" => composer.hide(HiddenPlace::Comment, &std::mem::take(&mut words)),
                _ => {}
            },
            Token::Text(text, _) if taking => words.push_str(&text),
            Token::End(fault) => break fault,
            _ => {}
        }
    };
    composer.hide(HiddenPlace::Comment, &words);
    super::report_fault(composer, fault);
}

/// Properties that describe the program or count; the rest may name somebody.
const NAMES_NOBODY: [&str; 24] = [
    "Application",
    "AppVersion",
    "Characters",
    "CharactersWithSpaces",
    "DocSecurity",
    "HyperlinksChanged",
    "Lines",
    "LinksUpToDate",
    "Pages",
    "Paragraphs",
    "ScaleCrop",
    "SharedDoc",
    "TotalTime",
    "Words",
    "created",
    "modified",
    "revision",
    "lastPrinted",
    "language",
    "version",
    "i4",
    "bool",
    "filetime",
    "HiddenSlides",
];

/// Reads core, extended and custom properties, and the list of reviewers.
pub(super) fn read(package: &mut Package<'_>, composer: &mut Composer) {
    let root = package.relations("");
    let mut parts = Vec::new();
    for (kind, usual) in [
        ("core-properties", "docProps/core.xml"),
        ("extended-properties", "docProps/app.xml"),
        ("custom-properties", "docProps/custom.xml"),
    ] {
        let named = root.of_kind(kind);
        parts.extend(named.into_iter().chain([usual.to_owned()]));
    }
    parts.push("word/people.xml".to_owned());
    // What content controls are bound to: names and addresses of cover pages and forms.
    parts.extend(package.relations("word/document.xml").of_kind("customXml"));
    parts.dedup();
    for part in parts {
        if let Some(text) = package.text(&part) {
            values(&text, composer);
        }
    }
}

fn values(text: &str, composer: &mut Composer) {
    let mut xml = Xml::new(text);
    let mut name = "";
    let mut value = String::new();
    loop {
        match xml.next() {
            Token::Open(element) => {
                name = element.name;
                value.clear();
                if name == "person" {
                    composer.hide(
                        HiddenPlace::Metadata,
                        &element.attribute("author").unwrap_or_default(),
                    );
                }
            }
            Token::Text(text, _) => value.push_str(&text),
            Token::Close(_, closed) => {
                if closed == name && !NAMES_NOBODY.contains(&name) {
                    let place =
                        if name == "title" { HiddenPlace::Title } else { HiddenPlace::Metadata };
                    composer.hide(place, &value);
                }
                value.clear();
            }
            Token::End(_) => return,
        }
    }
}

/// How many words and pages the program that wrote the document counted.
pub(super) fn declared(package: &mut Package<'_>) -> Declared {
    let text = package.text("docProps/app.xml").unwrap_or_default();
    let count = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        rest.split_once('<')?.0.trim().parse().ok()
    };
    Declared { words: count("Words"), pages: count("Pages") }
}
