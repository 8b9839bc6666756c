//! What a copy keeps of looks: an allow list of elements, attributes and values. A value is a bounded number, a switch,
//! a colour, or a word of the standard; everything that could be free text is dropped or renamed. Knows no words.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use super::fonts::{self, ThemeFonts};
use crate::document::xml::{Element, Token, Xml};

/// Elements of properties that are kept, in order. What is not here is dropped with what it holds.
static ELEMENTS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("elements.txt").split_whitespace().collect());
/// Attributes whose values are numbers, switches, colours or words of the standard.
static ATTRIBUTES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("attributes.txt").split_whitespace().collect());
/// The words that the standard gives as values.
static TOKENS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("values.txt").split_whitespace().collect());
/// Numbers of looks are smaller; longer ones could be a telephone number or a date.
const LARGEST_NUMBER: f64 = 32_000.0;
/// Widths of columns are rounded to so many twentieths of a point, since a table that fits its words tells how long
/// they are.
const WIDTH_STEP: f64 = 240.0;
/// Nobody nests properties deeper.
const DEEPEST: usize = 16;

/// The names that a copy gives to what the original names freely, and what was used of them.
pub(super) struct Looks {
    /// The new id of each style.
    pub(super) styles: HashMap<String, String>,
    pub(super) fonts: ThemeFonts,
    /// The new relation of each header and footer.
    pub(super) furniture: HashMap<String, String>,
    /// New ids of styles that something kept refers to.
    pub(super) used: RefCell<BTreeSet<String>>,
}

/// Where properties stand, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a text.
    Text,
    /// In the definition of a list, where fonts of signs make bullets.
    List,
}

impl Looks {
    /// Copies an element that has just been opened, to its end, as far as it is allowed; nothing if nothing is left.
    pub(super) fn copy(&self, root: &Element<'_>, xml: &mut Xml<'_>, place: Place) -> String {
        let mut out = String::new();
        // How much there was when each open element began, and its name.
        let mut open: Vec<(usize, String)> = Vec::new();
        self.start(root, place, &mut out);
        open.push((out.len(), root.name.to_owned()));
        while let Some((after, name)) = open.last() {
            let (after, name) = (*after, name.clone());
            match xml.next() {
                Token::Open(element) => {
                    if open.len() < DEEPEST
                        && ELEMENTS.contains(element.name)
                        && self.start(&element, place, &mut out)
                    {
                        open.push((out.len(), element.name.to_owned()));
                    } else {
                        xml.skip();
                    }
                }
                Token::Close(..) => {
                    finish(&mut out, after, &name);
                    open.pop();
                }
                Token::Text(..) => {}
                Token::End(_) => {
                    while let Some((after, name)) = open.pop() {
                        finish(&mut out, after, &name);
                    }
                }
            }
        }
        if out == format!("<w:{}/>", root.name) { String::new() } else { out }
    }

    /// Writes a start tag; whether the element is kept.
    fn start(&self, element: &Element<'_>, place: Place, out: &mut String) -> bool {
        let name = element.name;
        match name {
            "pStyle" | "rStyle" | "tblStyle" | "basedOn" | "styleLink" | "numStyleLink" => {
                let style = element.attribute("val").and_then(|id| self.styles.get(&id).cloned());
                let Some(style) = style else { return false };
                out.push_str(&format!("<w:{name} w:val=\"{style}\">"));
                self.used.borrow_mut().insert(style);
            }
            "headerReference" | "footerReference" => {
                let part = element.attribute("id").and_then(|id| self.furniture.get(&id).cloned());
                let kind = element.attribute("type").unwrap_or_default();
                let (Some(part), "default" | "first" | "even") = (part, kind.as_str()) else {
                    return false;
                };
                out.push_str(&format!("<w:{name} w:type=\"{kind}\" r:id=\"{part}\">"));
            }
            "rFonts" => {
                out.push_str("<w:rFonts");
                for (attribute, theme) in
                    [("ascii", "asciiTheme"), ("hAnsi", "hAnsiTheme"), ("cs", "cstheme")]
                {
                    let of_theme =
                        element.attribute(theme).and_then(|name| self.fonts.named(&name));
                    let own = || {
                        let name = element.attribute(attribute)?;
                        fonts::known(&name, place == Place::List)
                    };
                    if let Some(font) = of_theme.or_else(own) {
                        out.push_str(&format!(" w:{attribute}=\"{font}\""));
                    }
                }
                out.push('>');
            }
            "lvlText" => {
                let text = level_text(&element.attribute("val").unwrap_or_default());
                let text = crate::document::write::escaped(&text);
                out.push_str(&format!("<w:lvlText w:val=\"{text}\">"));
            }
            _ => attributes(element, out),
        }
        true
    }
}

/// Writes a start tag with the attributes that are allowed.
fn attributes(element: &Element<'_>, out: &mut String) {
    let name = element.name;
    let rounded = matches!(name, "gridCol" | "tcW" | "tblW");
    out.push_str("<w:");
    out.push_str(name);
    let mut written: Vec<&str> = Vec::new();
    for (attribute, value) in element.attributes() {
        if !ATTRIBUTES.contains(attribute) || written.contains(&attribute) {
            continue;
        }
        let value = if rounded && attribute == "w" { rounded_width(&value) } else { value };
        if is_harmless(&value) {
            out.push_str(&format!(" w:{attribute}=\"{value}\""));
            written.push(attribute);
        }
    }
    out.push('>');
}

/// Closes an element; one without content is written as one tag.
fn finish(out: &mut String, after: usize, name: &str) {
    if out.len() == after && out.ends_with('>') {
        out.pop();
        out.push_str("/>");
    } else {
        out.push_str(&format!("</w:{name}>"));
    }
}

/// Whether a value cannot say anything of anybody.
pub(super) fn is_harmless(value: &str) -> bool {
    let colour = value.len() == 6 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let flags = value.len() == 4 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    matches!(value, "0" | "1" | "true" | "false" | "on" | "off")
        || colour
        || flags
        || is_number(value)
        || TOKENS.contains(value)
}

/// A number, perhaps with a unit: `-720`, `12pt`, `50%`.
fn is_number(value: &str) -> bool {
    let units = ["pt", "cm", "mm", "in", "pc", "pi", "%"];
    let number = units.iter().find_map(|unit| value.strip_suffix(unit)).unwrap_or(value);
    number.len() <= 8
        && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
        && number.parse::<f64>().is_ok_and(|number| number.abs() <= LARGEST_NUMBER)
}

fn rounded_width(value: &str) -> String {
    match value.parse::<f64>() {
        Ok(width) if width > WIDTH_STEP => {
            format!("{:.0}", (width / WIDTH_STEP).round() * WIDTH_STEP)
        }
        _ => value.to_owned(),
    }
}

/// What stands before the entries of a list: marks, numbers, bullets, and the words that forms number by.
fn level_text(text: &str) -> String {
    const WORDS: [&str; 10] = [
        "section", "part", "chapter", "article", "appendix", "question", "step", "stage", "annex",
        "schedule",
    ];
    let mut out = String::new();
    for (number, word) in text.split(' ').enumerate() {
        if number > 0 {
            out.push(' ');
        }
        let bare: String = word.chars().filter(|c| c.is_alphabetic()).collect();
        if bare.is_empty() || word == "o" || WORDS.contains(&bare.to_lowercase().as_str()) {
            out.extend(word.chars().take(24));
        } else {
            out.extend(word.chars().filter(|c| !c.is_alphabetic()).take(24));
        }
    }
    // A number is one that the program counts, and stands after its mark.
    let mut after_mark = false;
    out.retain(|c| {
        let keep = !c.is_ascii_digit() || after_mark;
        after_mark = c == '%';
        keep
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: &str =
        "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' xmlns:w14='x'";

    fn copied(element: &str) -> String {
        let source = element.replacen(' ', &format!(" {W} "), 1);
        let looks = Looks {
            styles: HashMap::from([("Zofia".to_owned(), "S1".to_owned())]),
            fonts: fonts::theme(None),
            furniture: HashMap::new(),
            used: RefCell::default(),
        };
        let mut xml = Xml::new(&source);
        let Token::Open(root) = xml.next() else { panic!("an element comes first") };
        looks.copy(&root, &mut xml, Place::Text)
    }

    #[test]
    fn looks_are_kept_and_what_could_name_somebody_is_not() {
        for (element, kept) in [
            (
                "<w:rPr ><w:rFonts w:ascii='Zofia Hand' w:hAnsi='Arial'/><w:b/><w:color w:val='1F3864' w:themeColor='x'/>\
                 <w:lang w:val='pl-PL'/><w:rPrChange w:author='Zofia'><w:rPr><w:i/></w:rPr></w:rPrChange><w:sz w:val='22'/></w:rPr>",
                "<w:rPr><w:rFonts w:hAnsi=\"Arial\"/><w:b/><w:color w:val=\"1F3864\"/><w:sz w:val=\"22\"/></w:rPr>",
            ),
            (
                "<w:pPr ><w:pStyle w:val='Zofia'/><w:jc w:val='Zofia'/><w:ind w:left='720' w:right='07700900387'/></w:pPr>",
                "<w:pPr><w:pStyle w:val=\"S1\"/><w:jc/><w:ind w:left=\"720\"/></w:pPr>",
            ),
            ("<w:pPr ><w:pStyle w:val='Other'/></w:pPr>", ""),
            (
                "<w:tcPr ><w:tcW w:w='1987' w:type='dxa'/></w:tcPr>",
                "<w:tcPr><w:tcW w:w=\"1920\" w:type=\"dxa\"/></w:tcPr>",
            ),
            (
                "<w:sectPr w:rsidR='00A1'><w:pgSz w:w='11906' w:h='16838' w:code='9'/><w:headerReference w:type='default' id='r9'/></w:sectPr>",
                "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr>",
            ),
        ] {
            assert_eq!(copied(element), kept);
        }
    }

    #[test]
    fn the_text_of_a_list_level_counts_and_names_nobody() {
        for (text, kept) in [
            ("%1.%2)", "%1.%2)"),
            ("Section %1:", "Section %1:"),
            ("Zofia %1 1985", " %1 "),
            ("o", "o"),
            ("\u{f0b7}", "\u{f0b7}"),
        ] {
            assert_eq!(level_text(text), kept);
        }
    }
}
