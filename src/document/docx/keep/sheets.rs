//! The styles and lists of a copy: what the original defines, under names of the copy's own. Names that Word itself gives
//! are kept, since programs know headings by them. Knows definitions, not paragraphs.

use std::collections::{BTreeSet, HashMap};

use super::looks::{Looks, Place, is_harmless};
use crate::document::xml::{Element, Ns, Token, Xml};

/// Names of styles that Word brings along, one a line.
const OF_WORD: &str = include_str!("style_names.txt");
/// No document defines more; more would be an attack on memory.
const MOST_STYLES: usize = 4000;

/// New ids for the styles of a document.
pub(super) fn names(text: Option<&str>) -> HashMap<String, String> {
    let mut names = HashMap::new();
    let Some(text) = text else { return names };
    let mut xml = Xml::new(text);
    loop {
        match xml.next() {
            Token::Open(element) if element.ns == Ns::Word && element.name == "style" => {
                let number = names.len() + 1;
                if let Some(id) = element.attribute("styleId")
                    && number <= MOST_STYLES
                {
                    names.entry(id).or_insert_with(|| format!("S{number}"));
                }
            }
            Token::End(_) => return names,
            _ => {}
        }
    }
}

/// A style of the copy.
struct Style {
    id: String,
    xml: String,
    is_default: bool,
    refers_to: BTreeSet<String>,
}

/// The part of styles, with those that are used and those that they are based on.
pub(super) fn styles(text: Option<&str>, looks: &Looks, language: &str) -> String {
    let mut defaults = String::new();
    let mut found: Vec<Style> = Vec::new();
    let mut xml = Xml::new(text.unwrap_or_default());
    let mut used = looks.used.take();
    loop {
        match xml.next() {
            Token::Open(element) if element.ns == Ns::Word => match element.name {
                "docDefaults" | "styles" => {}
                "rPrDefault" | "pPrDefault" => {
                    defaults.push_str(&looks.copy(&element, &mut xml, Place::Text));
                }
                "style" => found.extend(style(&element, &mut xml, looks)),
                _ => xml.skip(),
            },
            Token::End(_) => break,
            _ => {}
        }
    }
    used.extend(found.iter().filter(|style| style.is_default).map(|style| style.id.clone()));
    let mut pending: Vec<String> = used.iter().cloned().collect();
    while let Some(id) = pending.pop() {
        let style = found.iter().find(|style| style.id == id);
        for other in style.into_iter().flat_map(|style| &style.refers_to) {
            if used.insert(other.clone()) {
                pending.push(other.clone());
            }
        }
    }
    let language = format!("<w:lang w:val=\"{language}\"/>");
    let defaults = if defaults.contains("<w:rPr>") {
        defaults.replacen("</w:rPr>", &format!("{language}</w:rPr>"), 1)
    } else {
        let others =
            defaults.replace("<w:rPrDefault/>", "").replace("<w:rPrDefault></w:rPrDefault>", "");
        format!("<w:rPrDefault><w:rPr>{language}</w:rPr></w:rPrDefault>{others}")
    };
    let kept = found.iter().filter(|style| used.contains(&style.id));
    let kept: String = kept.map(|style| style.xml.as_str()).collect();
    format!("<w:docDefaults>{defaults}</w:docDefaults>{kept}")
}

/// Copies one style to its end.
fn style(element: &Element<'_>, xml: &mut Xml<'_>, looks: &Looks) -> Option<Style> {
    let id = element.attribute("styleId").and_then(|id| looks.styles.get(&id).cloned());
    let kind = element.attribute("type").unwrap_or_default();
    let (Some(id), "paragraph" | "character" | "table" | "numbering") = (id, kind.as_str()) else {
        xml.skip();
        return None;
    };
    let is_default = matches!(element.attribute("default").as_deref(), Some("1" | "true" | "on"));
    let mut name = None;
    let mut content = String::new();
    let mut depth = 1;
    while depth > 0 {
        match xml.next() {
            Token::Open(inner) => match inner.name {
                "name" => {
                    let own = inner.attribute("val").unwrap_or_default();
                    name = OF_WORD.lines().find(|known| known.eq_ignore_ascii_case(&own));
                    depth += 1;
                }
                "basedOn" | "qFormat" | "uiPriority" | "pPr" | "rPr" | "tblPr" | "trPr"
                | "tcPr" | "tblStylePr" => content.push_str(&looks.copy(&inner, xml, Place::Text)),
                _ => xml.skip(),
            },
            Token::Close(..) => depth -= 1,
            Token::Text(..) => {}
            Token::End(_) => break,
        }
    }
    let refers_to = looks.used.take();
    let default = if is_default { " w:default=\"1\"" } else { "" };
    let (custom, name) = match name {
        Some(name) => ("", name.to_owned()),
        None => (" w:customStyle=\"1\"", format!("Style {}", id.trim_start_matches('S'))),
    };
    let xml = format!(
        "<w:style w:type=\"{kind}\"{default}{custom} w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{content}</w:style>"
    );
    Some(Style { id, xml, is_default, refers_to })
}

/// The part of lists.
pub(super) fn numbering(text: Option<&str>, looks: &Looks) -> String {
    let mut patterns = String::new();
    let mut lists = String::new();
    let mut xml = Xml::new(text.unwrap_or_default());
    loop {
        match xml.next() {
            Token::Open(element) if element.ns == Ns::Word => match element.name {
                "numbering" => {}
                "abstractNum" => block(&element, "abstractNumId", &mut xml, looks, &mut patterns),
                "num" => block(&element, "numId", &mut xml, looks, &mut lists),
                _ => xml.skip(),
            },
            Token::End(_) => return patterns + &lists,
            _ => {}
        }
    }
}

fn block(element: &Element<'_>, id: &str, xml: &mut Xml<'_>, looks: &Looks, out: &mut String) {
    let number = element.attribute(id).filter(|number| is_harmless(number));
    let Some(number) = number else { return xml.skip() };
    let mut content = String::new();
    let mut depth = 1;
    while depth > 0 {
        match xml.next() {
            Token::Open(inner) => match inner.name {
                "multiLevelType" | "lvl" | "abstractNumId" | "lvlOverride" | "styleLink"
                | "numStyleLink" => content.push_str(&looks.copy(&inner, xml, Place::List)),
                _ => xml.skip(),
            },
            Token::Close(..) => depth -= 1,
            Token::Text(..) => {}
            Token::End(_) => break,
        }
    }
    let name = element.name;
    out.push_str(&format!("<w:{name} w:{id}=\"{number}\">{content}</w:{name}>"));
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::super::fonts;
    use super::*;

    const W: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'";

    #[test]
    fn styles_keep_their_looks_and_lose_their_names_and_unused_ones() {
        let source = format!(
            "<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val='22'/><w:lang w:val='pl-PL'/></w:rPr></w:rPrDefault>\
             </w:docDefaults><w:latentStyles><w:lsdException w:name='Zofia'/></w:latentStyles>\
             <w:style w:type='paragraph' w:default='1' w:styleId='Normal'><w:name w:val='Normal'/></w:style>\
             <w:style w:type='paragraph' w:customStyle='1' w:styleId='ZofiaCV'><w:name w:val='Zofia CV'/><w:basedOn w:val='H'/>\
             <w:rsid w:val='00AB'/><w:rPr><w:b/></w:rPr></w:style>\
             <w:style w:type='paragraph' w:styleId='H'><w:name w:val='Heading 1'/></w:style>\
             <w:style w:type='paragraph' w:styleId='Other'><w:name w:val='Other'/></w:style></w:styles>"
        );
        let looks = Looks {
            styles: names(Some(&source)),
            fonts: fonts::theme(None),
            furniture: HashMap::new(),
            used: RefCell::new(BTreeSet::from(["S2".to_owned()])),
        };
        assert_eq!(
            styles(Some(&source), &looks, "en-GB"),
            "<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val=\"22\"/><w:lang w:val=\"en-GB\"/></w:rPr></w:rPrDefault></w:docDefaults>\
             <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"S1\"><w:name w:val=\"Normal\"/></w:style>\
             <w:style w:type=\"paragraph\" w:customStyle=\"1\" w:styleId=\"S2\"><w:name w:val=\"Style 2\"/><w:basedOn w:val=\"S3\"/>\
             <w:rPr><w:b/></w:rPr></w:style>\
             <w:style w:type=\"paragraph\" w:styleId=\"S3\"><w:name w:val=\"heading 1\"/></w:style>"
        );
    }
}
