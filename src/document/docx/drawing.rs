//! Words of diagrams and charts, and descriptions of pictures. Knows DrawingML; draws nothing.

use super::super::HiddenPlace;
use super::super::compose::Composer;
use super::super::xml::{Element, Ns, Token, Xml};

/// Keeps what a picture or shape says of itself.
pub(super) fn describe(element: &Element<'_>, composer: &mut Composer) {
    for name in ["descr", "title", "alt"] {
        if let Some(text) = element.attribute(name) {
            composer.hide(HiddenPlace::AltText, &text);
        }
    }
    // "Picture 1" says nothing; the name of the picked file may name the person on it.
    if let Some(name) = element.attribute("name")
        && name.contains('.')
    {
        composer.hide(HiddenPlace::AltText, &name);
    }
}

/// Reads a diagram's or a chart's own part; its words come after the paragraph that shows it.
pub(super) fn read(part: &str, text: &str, composer: &mut Composer) {
    composer.enter_part(part);
    composer.open_aside();
    let mut xml = Xml::new(text);
    let mut taking = false;
    let mut in_words = false;
    let fault = loop {
        match xml.next() {
            Token::Open(element) if element.ns == Ns::Drawing => match element.name {
                // Categories and series of a chart are words; its numbers are too many to be read as text.
                "strCache" => in_words = true,
                "t" => taking = true,
                "v" => taking = in_words,
                _ => {}
            },
            Token::Close(Ns::Drawing, name) => match name {
                "strCache" => in_words = false,
                "t" => taking = false,
                "v" | "p" => {
                    taking = false;
                    composer.new_line();
                }
                _ => {}
            },
            Token::Text(text, place) if taking => composer.push(&text, place),
            Token::End(fault) => break fault,
            _ => {}
        }
    };
    composer.close_aside();
    super::report_fault(composer, fault);
}
