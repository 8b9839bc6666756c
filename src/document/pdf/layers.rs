//! Layers (optional content) and which of them are switched off when the file is opened.

use std::collections::HashSet;

use lopdf::{Dictionary, Object, ObjectId};

use super::file::File;

/// The layers that are switched off.
#[derive(Debug, Default)]
pub(super) struct Layers {
    off: HashSet<ObjectId>,
}

impl Layers {
    /// Reads the file's usual setting.
    pub(super) fn of(file: &File) -> Self {
        let mut layers = Self::default();
        let properties =
            file.catalog().and_then(|catalog| file.get_dictionary(catalog, b"OCProperties"));
        let Some(properties) = properties else { return layers };
        let Some(usual) = file.get_dictionary(properties, b"D") else { return layers };
        let references = |dictionary, key: &[u8]| {
            file.get_array(dictionary, key)
                .unwrap_or_default()
                .iter()
                .filter_map(|object: &Object| object.as_reference().ok())
                .collect::<Vec<_>>()
        };
        if file.get_name(usual, b"BaseState") == Some(b"OFF") {
            layers.off.extend(references(properties, b"OCGs"));
            for id in references(usual, b"ON") {
                layers.off.remove(&id);
            }
        }
        layers.off.extend(references(usual, b"OFF"));
        layers
    }

    /// Whether what belongs to a layer, or to a group of layers, is not shown.
    pub(super) fn hide(&self, file: &File, owner: &Dictionary, key: &[u8]) -> bool {
        if self.off.is_empty() {
            return false;
        }
        let Ok(object) = owner.get(key) else { return false };
        if let Object::Reference(id) = object
            && self.off.contains(id)
        {
            return true;
        }
        // A membership shows if any of its layers does, unless it says otherwise, which is rare enough to be reported
        // as hidden only when every layer is off.
        let Some(members) = file.dictionary(object).and_then(|group| group.get(b"OCGs").ok())
        else {
            return false;
        };
        let is_off = |object: &Object| object.as_reference().is_ok_and(|id| self.off.contains(&id));
        match members {
            Object::Array(members) => !members.is_empty() && members.iter().all(is_off),
            member => is_off(member),
        }
    }
}
