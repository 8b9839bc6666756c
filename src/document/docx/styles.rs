//! What styles say of text that matters here: whether it is shown, and how it is numbered. Looks are ignored.

use std::collections::HashMap;

use super::super::xml::{Ns, Token, Xml};

/// A paragraph's or a style's place in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ListPlace {
    /// The list, if named; zero takes a paragraph out of the list of its style.
    pub(super) list: Option<u32>,
    /// The level, if named.
    pub(super) level: Option<usize>,
}

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    concealed: Option<bool>,
    /// The level of a heading, from one.
    outline: Option<usize>,
    place: ListPlace,
}

/// The styles of a document by name.
#[derive(Debug, Default)]
pub(super) struct Styles(HashMap<String, Style>);

/// How far a style is followed to its parents; a loop ends here.
const LONGEST_DESCENT: usize = 20;

impl Styles {
    fn descent(&self, name: &str) -> impl Iterator<Item = &Style> {
        let first = self.0.get(name);
        std::iter::successors(first, |style| self.0.get(style.parent.as_deref()?))
            .take(LONGEST_DESCENT)
    }

    /// Whether text of the style is not shown.
    pub(super) fn conceals(&self, name: &str) -> Option<bool> {
        self.descent(name).find_map(|style| style.concealed)
    }

    /// The level of heading that the style is for, from one.
    pub(super) fn outline(&self, name: &str) -> Option<usize> {
        self.descent(name).find_map(|style| style.outline)
    }

    /// The place in a list that the style gives.
    pub(super) fn place(&self, name: &str) -> ListPlace {
        let mut place = ListPlace::default();
        for style in self.descent(name) {
            place.list = place.list.or(style.place.list);
            place.level = place.level.or(style.place.level);
        }
        place
    }
}

/// Whether a switch such as `w:vanish` is on.
pub(super) fn is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off"))
}

/// Reads the part of styles; what is damaged in it is left out.
pub(super) fn read(text: Option<&str>) -> Styles {
    let mut styles = Styles::default();
    let Some(text) = text else { return styles };
    let mut xml = Xml::new(text);
    let mut current: Option<(String, Style)> = None;
    loop {
        match xml.next() {
            Token::Open(element) if element.ns == Ns::Word => match element.name {
                // Styles of tables are the bulk of the part, and say nothing of words.
                "style" if element.attribute("type").as_deref() == Some("table") => {
                    xml.skip();
                }
                "style" => {
                    let name = element.attribute("styleId").unwrap_or_default();
                    current = Some((name, Style::default()));
                }
                "latentStyles" | "docDefaults" | "tblStylePr" => {
                    xml.skip();
                }
                name => {
                    if let Some((_, style)) = &mut current {
                        set(style, name, || element.attribute("val"));
                    }
                }
            },
            Token::Close(Ns::Word, "style") => styles.0.extend(current.take()),
            Token::End(_) => return styles,
            _ => {}
        }
    }
}

/// The level of an outline, counted from one; nine and more stand for no heading.
pub(super) fn outline(value: Option<&str>) -> Option<usize> {
    value?.parse::<usize>().ok().filter(|level| *level < 9).map(|level| level + 1)
}

fn set(style: &mut Style, name: &str, value: impl Fn() -> Option<String>) {
    match name {
        "basedOn" => style.parent = value(),
        "vanish" => style.concealed = Some(is_on(value().as_deref())),
        "outlineLvl" => style.outline = outline(value().as_deref()),
        "name" if value().is_some_and(|name| name.eq_ignore_ascii_case("title")) => {
            style.outline = Some(1);
        }
        "numId" => style.place.list = value().and_then(|value| value.parse().ok()),
        "ilvl" => style.place.level = value().and_then(|value| value.parse().ok()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'";

    #[test]
    fn a_style_takes_from_its_parents_and_a_loop_ends() {
        let styles = read(Some(&format!(
            "<w:styles {W}><w:style w:styleId='A'><w:rPr><w:vanish/></w:rPr><w:pPr><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr></w:style>\
             <w:style w:styleId='B'><w:basedOn w:val='A'/><w:pPr><w:numPr><w:ilvl w:val='1'/></w:numPr></w:pPr></w:style>\
             <w:style w:styleId='C'><w:basedOn w:val='B'/><w:rPr><w:vanish w:val='0'/></w:rPr></w:style>\
             <w:style w:styleId='L'><w:basedOn w:val='M'/></w:style><w:style w:styleId='M'><w:basedOn w:val='L'/></w:style></w:styles>"
        )));
        assert_eq!(styles.conceals("B"), Some(true));
        assert_eq!(styles.conceals("C"), Some(false));
        assert_eq!(styles.place("C"), ListPlace { list: Some(3), level: Some(1) });
        assert_eq!(styles.conceals("L"), None);
    }
}
