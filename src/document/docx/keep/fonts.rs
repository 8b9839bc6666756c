//! Which fonts a copy may name. A font's name is free text and could be anybody's, so only known ones are kept; a theme
//! is resolved to the fonts that it stands for.

use crate::document::xml::{Ns, Token, Xml};

/// Fonts that office programs and operating systems bring along, one a line.
const KNOWN: &str = include_str!("fonts.txt");
/// Fonts whose characters are signs: bullets of lists are written in them.
const OF_SIGNS: [&str; 5] = ["Symbol", "Webdings", "Wingdings", "Wingdings 2", "Wingdings 3"];
/// What stands for a theme whose font is not known.
const USUAL: &str = "Calibri";

/// The font's name, if it is known.
pub(super) fn known(name: &str, signs: bool) -> Option<&'static str> {
    let of_signs = if signs { OF_SIGNS.as_slice() } else { &[] };
    KNOWN.lines().chain(of_signs.iter().copied()).find(|known| known.eq_ignore_ascii_case(name))
}

/// The two Latin fonts of a theme.
#[derive(Debug, Clone, Copy)]
pub(super) struct ThemeFonts {
    major: &'static str,
    minor: &'static str,
}

impl ThemeFonts {
    /// The font that a reference such as `minorHAnsi` stands for.
    pub(super) fn named(&self, reference: &str) -> Option<&'static str> {
        match reference {
            "majorAscii" | "majorHAnsi" => Some(self.major),
            "minorAscii" | "minorHAnsi" => Some(self.minor),
            _ => None,
        }
    }
}

/// Reads the fonts of a theme.
pub(super) fn theme(text: Option<&str>) -> ThemeFonts {
    let mut fonts = ThemeFonts { major: USUAL, minor: USUAL };
    let Some(text) = text else { return fonts };
    let mut xml = Xml::new(text);
    let mut major = false;
    loop {
        match xml.next() {
            Token::Open(element) if element.ns == Ns::Drawing => match element.name {
                "majorFont" => major = true,
                "minorFont" => major = false,
                "latin" => {
                    let named = element.attribute("typeface").unwrap_or_default();
                    let font = known(&named, false).unwrap_or(USUAL);
                    *(if major { &mut fonts.major } else { &mut fonts.minor }) = font;
                }
                "fmtScheme" | "objectDefaults" => return fonts,
                _ => {}
            },
            Token::End(_) => return fonts,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_that_is_nobodys_is_kept_and_others_are_not() {
        assert_eq!(known("calibri light", false), Some("Calibri Light"));
        assert_eq!(known("Wingdings", false), None);
        assert_eq!(known("Wingdings", true), Some("Wingdings"));
        assert_eq!(known("Zofia's Hand", true), None);
    }

    #[test]
    fn a_theme_stands_for_its_fonts() {
        let fonts = theme(Some(
            "<a:theme xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' name='Zofia'><a:fontScheme>\
             <a:majorFont><a:latin typeface='Georgia'/></a:majorFont><a:minorFont><a:latin typeface='Zofia'/></a:minorFont>\
             </a:fontScheme></a:theme>",
        ));
        assert_eq!(fonts.named("majorHAnsi"), Some("Georgia"));
        assert_eq!(fonts.named("minorHAnsi"), Some("Calibri"));
        assert_eq!(fonts.named("minorEastAsia"), None);
    }
}
