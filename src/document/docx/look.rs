//! Reads properties of paragraphs, runs and content controls to their end, as far as they matter to words: style, place in
//! a list, whether a run is shown, who changed it. Knows no text.

use super::super::HiddenPlace;
use super::super::compose::Composer;
use super::super::xml::{Element, Token, Xml};
use super::styles::{ListPlace, is_on, outline};

/// What `w:pPr` says.
#[derive(Default)]
pub(super) struct ParagraphProperties {
    pub(super) style: Option<String>,
    /// The level of a heading, if the paragraph itself says that it is one.
    pub(super) outline: Option<usize>,
    pub(super) place: ListPlace,
}

/// What `w:rPr` says.
#[derive(Default)]
pub(super) struct RunProperties {
    /// Whether the run is hidden, if it says so itself.
    pub(super) vanishes: Option<bool>,
    pub(super) is_bold: bool,
    pub(super) style: Option<String>,
    pub(super) font: Option<String>,
}

/// Gives every element inside the open one to a function, to its end; elements for which it answers false are passed over.
fn each(xml: &mut Xml<'_>, mut take: impl FnMut(&Element<'_>) -> bool) {
    let mut depth = 1;
    while depth > 0 {
        match xml.next() {
            Token::Open(element) => {
                if take(&element) {
                    depth += 1;
                } else {
                    xml.skip();
                }
            }
            Token::Close(..) => depth -= 1,
            Token::Text(..) => {}
            Token::End(_) => return,
        }
    }
}

/// Reads `w:pPr` to its end.
pub(super) fn properties_of_paragraph(
    xml: &mut Xml<'_>,
    composer: &mut Composer,
) -> ParagraphProperties {
    let mut found = ParagraphProperties::default();
    each(xml, |element| {
        let value = || element.attribute("val");
        match element.name {
            "pStyle" => found.style = value(),
            "outlineLvl" => found.outline = outline(value().as_deref()),
            "numId" => found.place.list = value().and_then(|value| value.parse().ok()),
            "ilvl" => found.place.level = value().and_then(|value| value.parse().ok()),
            "rPr" | "sectPr" | "pPrChange" | "numberingChange" => {
                author(element, composer);
                return false;
            }
            _ => {}
        }
        true
    });
    found
}

/// Reads `w:rPr` to its end.
pub(super) fn properties_of_run(xml: &mut Xml<'_>) -> RunProperties {
    let mut found = RunProperties::default();
    each(xml, |element| {
        match element.name {
            "vanish" => found.vanishes = Some(is_on(element.attribute("val").as_deref())),
            "b" => found.is_bold = is_on(element.attribute("val").as_deref()),
            "rStyle" => found.style = element.attribute("val"),
            "rFonts" => found.font = element.attribute("ascii"),
            "rPrChange" => return false,
            _ => {}
        }
        true
    });
    found
}

/// Keeps who made a change.
pub(super) fn author(element: &Element<'_>, composer: &mut Composer) {
    if let Some(author) = element.attribute("author") {
        composer.hide(HiddenPlace::Metadata, &author);
    }
}

/// A content control's own data: a date is kept, since it may be a date of birth written otherwise in the text.
pub(super) fn control_properties(xml: &mut Xml<'_>, composer: &mut Composer) {
    each(xml, |element| {
        if element.name == "date"
            && let Some(date) = element.attribute("fullDate")
        {
            composer.hide(HiddenPlace::Concealed, date.split('T').next().unwrap_or(&date));
        }
        true
    });
}
