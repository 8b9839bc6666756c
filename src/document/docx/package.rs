//! The package of a Word document: parts, their relations, and what else is inside. Knows names and relations, not
//! words.

use std::collections::BTreeSet;

use super::super::archive::{Archive, ArchiveFault};
use super::super::xml::{self, Token, Xml};

/// One relation of a part.
#[derive(Debug, Clone)]
struct Relation {
    id: String,
    /// The last word of the relation's type, such as `header`.
    kind: String,
    target: String,
    external: bool,
}

/// The relations of one part, in the order they stand in.
#[derive(Debug, Clone, Default)]
pub(super) struct Relations(Vec<Relation>);

impl Relations {
    /// The part that a relation leads to.
    pub(super) fn part(&self, id: &str) -> Option<&str> {
        let found = self.0.iter().find(|relation| relation.id == id && !relation.external);
        found.map(|relation| relation.target.as_str())
    }

    /// The relations that lead to a part.
    pub(super) fn ids_of(&self, part: &str) -> impl Iterator<Item = &str> {
        let found = self.0.iter().filter(move |relation| relation.target == part);
        found.filter(|relation| !relation.external).map(|relation| relation.id.as_str())
    }

    /// The parts of a kind.
    pub(super) fn of_kind(&self, kind: &str) -> Vec<String> {
        let found = self.0.iter().filter(|relation| relation.kind == kind && !relation.external);
        found.map(|relation| relation.target.clone()).collect()
    }
}

/// What a package holds besides text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Contents {
    /// Bytes of all pictures, packed.
    pub(super) picture_bytes: u64,
    /// Files inside the file.
    pub(super) embedded: usize,
    /// Whether there are macros.
    pub(super) macros: bool,
}

/// The open package.
pub(super) struct Package<'z> {
    archive: Archive<'z>,
    names: BTreeSet<String>,
    faults: Vec<ArchiveFault>,
}

impl<'z> Package<'z> {
    pub(super) fn new(archive: Archive<'z>) -> Self {
        let names = archive.names().into_iter().collect();
        Self { archive, names, faults: Vec::new() }
    }

    /// What went wrong so far, each fault once.
    pub(super) fn faults(&self) -> &[ArchiveFault] {
        &self.faults
    }

    /// A part's bytes. A part that is not there is no fault: many are optional.
    pub(super) fn bytes(&mut self, name: &str) -> Option<Vec<u8>> {
        let name = self.known(name)?;
        match self.archive.read(&name) {
            Ok(bytes) => Some(bytes),
            Err(fault) => {
                if !self.faults.contains(&fault) {
                    self.faults.push(fault);
                }
                None
            }
        }
    }

    /// A part's text.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let bytes = self.bytes(name)?;
        match String::from_utf8(bytes) {
            Ok(text) if !text.starts_with('\u{feff}') && !text.contains("encoding=\"utf-16") => {
                Some(text)
            }
            Ok(text) => Some(xml::decode(text.as_bytes()).into_owned()),
            Err(error) => Some(xml::decode(error.as_bytes()).into_owned()),
        }
    }

    /// The name as the archive has it; part names are compared without regard to case.
    fn known(&self, name: &str) -> Option<String> {
        if self.names.contains(name) {
            return Some(name.to_owned());
        }
        self.names.iter().find(|known| known.eq_ignore_ascii_case(name)).cloned()
    }

    /// Where the body is.
    pub(super) fn main_part(&mut self) -> Option<String> {
        let from_root = self.relations("").of_kind("officeDocument");
        from_root
            .into_iter()
            .chain(["word/document.xml".to_owned()])
            .find_map(|name| self.known(&name))
    }

    /// The first related part of a kind, as text.
    pub(super) fn related(&mut self, relations: &Relations, kind: &str) -> Option<String> {
        let part = relations.of_kind(kind).into_iter().next()?;
        self.text(&part)
    }

    /// The relations of a part; those of the package itself for an empty name.
    pub(super) fn relations(&mut self, part: &str) -> Relations {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let separator = if folder.is_empty() { "" } else { "/" };
        let Some(text) = self.text(&format!("{folder}{separator}_rels/{file}.rels")) else {
            return Relations::default();
        };
        let mut relations = Vec::new();
        let mut xml = Xml::new(&text);
        loop {
            match xml.next() {
                Token::Open(element) if element.name == "Relationship" => {
                    let value = |name: &str| element.attribute(name).unwrap_or_default();
                    let external = value("TargetMode").eq_ignore_ascii_case("external");
                    let target = value("Target");
                    relations.push(Relation {
                        id: value("Id"),
                        kind: value("Type").rsplit('/').next().unwrap_or_default().to_owned(),
                        target: if external { target } else { part_name(folder, &target) },
                        external,
                    });
                }
                Token::End(_) => return Relations(relations),
                _ => {}
            }
        }
    }

    /// The targets outside the package, of every part.
    pub(super) fn external_targets(&mut self) -> Vec<String> {
        let files: Vec<String> =
            self.names.iter().filter(|name| name.ends_with(".rels")).cloned().collect();
        let mut targets = Vec::new();
        for file in files {
            let Some((folder, name)) = file.rsplit_once("_rels/") else { continue };
            let part = format!("{folder}{}", name.trim_end_matches(".rels"));
            let external = self.relations(&part).0.into_iter().filter(|relation| relation.external);
            targets.extend(external.map(|relation| relation.target));
        }
        targets
    }

    /// What else the package holds, by names and packed sizes.
    pub(super) fn contents(&mut self) -> Contents {
        let mut contents = Contents::default();
        for name in &self.names {
            let lower = name.to_ascii_lowercase();
            if lower.contains("/media/") {
                contents.picture_bytes += self.archive.packed_bytes(name);
            }
            contents.embedded += usize::from(lower.contains("/embeddings/"));
            contents.macros |= lower.ends_with("vbaproject.bin");
        }
        contents
    }
}

/// A target, relative to the folder of its source, as a name in the archive. It is looked up and nothing else.
fn part_name(folder: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    let mut steps: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_names_and_never_leave_the_archive() {
        for (folder, target, name) in [
            ("word", "header1.xml", "word/header1.xml"),
            ("word", "/word/a.xml", "word/a.xml"),
            ("word", "../customXml/item1.xml", "customXml/item1.xml"),
            ("", "../../../../etc/passwd", "etc/passwd"),
            ("word", "./x.xml#frag", "word/x.xml"),
        ] {
            assert_eq!(part_name(folder, target), name);
        }
    }
}
