//! The tree of a form's fields: what each is called and holds, whether or not a page shows it. Places nothing.

use std::collections::{HashMap, HashSet};

use lopdf::{Dictionary, Object};

use super::file::File;
use super::forms::{self, Seen};
use super::outside::Outside;
use super::xfa::{self, Filled};
use crate::document::HiddenPlace;

/// Fields of one form.
const MOST_FIELDS: usize = 20_000;

/// A field of the form.
struct Field {
    /// Its own name, within that of its owner.
    name: Option<String>,
    /// What the form calls it to those who cannot see it, and in exported data.
    tips: Vec<String>,
    /// What it holds, unless its owner does.
    value: Option<String>,
    is_seen: bool,
}

/// The form of a file, if it has one.
pub(super) fn form(file: &File) -> Option<&Dictionary> {
    file.catalog().and_then(|catalog| file.get_dictionary(catalog, b"AcroForm"))
}

/// Whether the form is one that only its own program can show, drawn from XML.
pub(super) fn is_dynamic(file: &File) -> bool {
    form(file).is_some_and(|form| {
        file.get(form, b"XFA").is_some()
            && file.get_array(form, b"Fields").is_none_or(<[Object]>::is_empty)
    })
}

fn all(file: &File, seen: &Seen) -> Vec<Field> {
    let Some(form) = form(file) else { return Vec::new() };
    let roots = file.get_array(form, b"Fields").unwrap_or_default();
    let mut pending: Vec<&Object> = roots.iter().take(MOST_FIELDS).rev().collect();
    let mut known = HashSet::new();
    let mut fields = Vec::new();
    while let Some(object) = pending.pop() {
        let Some(field) = file.dictionary(object) else { continue };
        if known.len() >= MOST_FIELDS || !known.insert(std::ptr::from_ref(field)) {
            continue;
        }
        if let Some(kids) = file.get_array(field, b"Kids") {
            pending.extend(kids.iter().take(MOST_FIELDS).rev());
        }
        let value = forms::own_words(file, field);
        fields.push(Field {
            name: file.get_text(field, b"T"),
            tips: [&b"TU"[..], b"TM"].iter().filter_map(|key| file.get_text(field, key)).collect(),
            value: value.filter(|value| !value.trim().is_empty() && value != "Off"),
            is_seen: seen.has(field),
        });
    }
    fields
}

/// Adds what fields hold that no page shows, and what fields are called.
pub(super) fn collect(file: &File, seen: &Seen, outside: &mut Outside) {
    let fields = all(file, seen);
    for value in fields.iter().filter(|field| !field.is_seen).filter_map(|f| f.value.as_ref()) {
        outside.add(HiddenPlace::Concealed, value);
    }
    for field in &fields {
        for tip in &field.tips {
            outside.add(HiddenPlace::AltText, tip);
        }
        if let Some(name) = &field.name {
            outside.add(HiddenPlace::Metadata, &xfa::in_words(name));
        }
    }
}

/// What the form's data hold beside what its fields and pages show. Values of a field that shows the same in another
/// way, as a date is stored, are kept apart.
pub(super) fn filled_beside(
    file: &File,
    seen: &Seen,
    text: &str,
    outside: &mut Outside,
) -> Vec<Filled> {
    let mut filled = xfa::values(file);
    if filled.is_empty() {
        return filled;
    }
    let fields = all(file, seen);
    let mut shown: HashMap<String, usize> = HashMap::new();
    for field in fields.iter().filter(|field| field.value.is_some()) {
        let name = field.name.as_deref().unwrap_or_default();
        let name = name.split('[').next().unwrap_or_default();
        *shown.entry(name.to_owned()).or_default() += 1;
    }
    let text = xfa::folded(text);
    filled.retain(|filled| {
        if filled.text == "[ ]" || text.contains(&xfa::folded(&filled.text)) {
            return false;
        }
        match shown.get_mut(&filled.name).filter(|left| **left > 0) {
            Some(left) => {
                *left -= 1;
                outside.add(HiddenPlace::Concealed, &filled.text);
                false
            }
            None => true,
        }
    });
    filled
}
