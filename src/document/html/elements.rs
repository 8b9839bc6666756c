//! What elements of web pages mean for their words: which are not shown, which begin a line or paragraph. Knows names and
//! attributes, not the page.

use html5gum::StartTag;

use crate::document::HiddenPlace;

/// An attribute in small letters and without spaces.
pub(super) fn attribute(tag: &StartTag<usize>, name: &[u8]) -> Option<String> {
    let found = tag.attributes.iter().find(|(known, _)| known.as_slice() == name);
    found.map(|(_, value)| String::from_utf8_lossy(value).to_ascii_lowercase().replace(' ', ""))
}

/// Whether an element's text is not shown, and if it may still tell something, where to keep it.
///
/// `is_drawing` is whether it stands in a drawing, where a title is a description.
pub(super) fn unseen(tag: &StartTag<usize>, is_drawing: bool) -> Option<Option<HiddenPlace>> {
    match tag.name.as_slice() {
        b"script" | b"style" | b"template" | b"noscript" | b"defs" => Some(None),
        b"title" if is_drawing => Some(Some(HiddenPlace::AltText)),
        b"title" => Some(Some(HiddenPlace::Title)),
        b"desc" if is_drawing => Some(Some(HiddenPlace::AltText)),
        // What was deleted is no part of what is said.
        b"del" => Some(Some(HiddenPlace::Concealed)),
        _ => {
            let style = attribute(tag, b"style").unwrap_or_default();
            let concealed = style.contains("display:none")
                || style.contains("visibility:hidden")
                || style.contains("font-size:0")
                || attribute(tag, b"hidden").is_some();
            concealed.then_some(Some(HiddenPlace::Concealed))
        }
    }
}

pub(super) fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"br"
            | b"hr"
            | b"img"
            | b"input"
            | b"meta"
            | b"link"
            | b"area"
            | b"base"
            | b"col"
            | b"wbr"
            | b"embed"
            | b"source"
            | b"track"
    )
}

pub(super) fn is_paragraph(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"table"
            | b"ul"
            | b"ol"
            | b"dl"
            | b"section"
            | b"article"
            | b"blockquote"
            | b"header"
            | b"footer"
            | b"hr"
    )
}

pub(super) fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"div"
            | b"li"
            | b"tr"
            | b"dt"
            | b"dd"
            | b"address"
            | b"fieldset"
            | b"legend"
            | b"form"
            | b"main"
            | b"body"
            | b"nav"
            | b"aside"
            | b"figure"
            | b"figcaption"
            | b"caption"
            | b"option"
            | b"text"
    )
}
