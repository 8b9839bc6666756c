//! Controls of forms in OpenDocument texts: what each holds, as it is read.

use std::collections::HashMap;

use super::super::xml::{Element, Ns, Token, Xml};

/// Reads the controls of forms: what each holds, by its name.
pub(super) fn read(xml: &mut Xml<'_>, controls: &mut HashMap<String, String>) {
    let mut current: Option<String> = None;
    let mut depth = 1;
    while depth > 0 {
        match xml.next() {
            Token::Open(element) => {
                depth += 1;
                if element.ns != Ns::Form {
                    continue;
                }
                let id = element.attribute("id");
                if let Some(id) = &id {
                    current = Some(id.clone());
                    controls.insert(id.clone(), control_value(&element));
                } else if matches!(element.name, "option" | "item")
                    && element.attribute("current-selected").as_deref() == Some("true")
                    && let Some(value) = current.as_ref().and_then(|id| controls.get_mut(id))
                {
                    value.push_str(&element.attribute("label").unwrap_or_default());
                }
            }
            Token::Close(..) => depth -= 1,
            Token::Text(..) => {}
            Token::End(_) => return,
        }
    }
}

fn control_value(element: &Element<'_>) -> String {
    let label = element.attribute("label").unwrap_or_default();
    match element.name {
        "checkbox" | "radio" => {
            let state = element
                .attribute("current-state")
                .or_else(|| element.attribute("current-selected"))
                .or_else(|| element.attribute("state"));
            let ticked = matches!(state.as_deref(), Some("checked" | "true"));
            format!("{} {label}", if ticked { "☒" } else { "☐" })
        }
        "button" | "fixed-text" => label,
        "hidden" | "password" | "form" => String::new(),
        _ => element
            .attribute("current-value")
            .or_else(|| element.attribute("value"))
            .unwrap_or(label),
    }
}

/// What a form field of an office program shows: a box to tick, or what was chosen of a list. Reads to its end.
pub(super) fn field_mark(element: &Element<'_>, xml: &mut Xml<'_>) -> String {
    let kind = element.attribute("type").unwrap_or_default();
    let (mut entries, mut chosen, mut ticked) = (Vec::new(), None, false);
    let mut depth = 1;
    while depth > 0 {
        match xml.next() {
            Token::Open(element) => {
                depth += 1;
                let value = element.attribute("value").unwrap_or_default();
                match element.attribute("name").as_deref() {
                    Some("Checkbox_Checked") => ticked = value == "true",
                    Some("Dropdown_ListEntry") if entries.len() < 1000 => entries.push(value),
                    Some("Dropdown_Selected") => chosen = value.parse::<usize>().ok(),
                    _ => {}
                }
            }
            Token::Close(..) => depth -= 1,
            Token::Text(..) => {}
            Token::End(_) => break,
        }
    }
    if kind.ends_with("FORMCHECKBOX") {
        return if ticked { "☒" } else { "☐" }.to_owned();
    }
    chosen.and_then(|place| entries.into_iter().nth(place)).unwrap_or_default()
}
