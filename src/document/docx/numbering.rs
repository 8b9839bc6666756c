//! Numbers and bullets of lists, counted as a reader sees them. Knows levels and formats, not paragraphs.

use std::collections::HashMap;

use super::super::ordinals::{letters, roman};
use super::super::xml::{Element, Ns, Token, Xml};

const LEVELS: usize = 9;

#[derive(Debug, Clone)]
struct Level {
    format: String,
    text: String,
    start: u32,
}

impl Default for Level {
    fn default() -> Self {
        Self { format: "decimal".to_owned(), text: String::new(), start: 1 }
    }
}

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    patterns: HashMap<u32, Vec<Level>>,
    /// Which pattern a list follows, and where it starts anew.
    lists: HashMap<u32, (u32, HashMap<usize, u32>)>,
    /// Lists of one pattern count on, unless they start anew; the key is then the list's.
    counts: HashMap<(u32, Option<u32>), [Option<u32>; LEVELS]>,
}

impl Numbering {
    /// What stands before the next paragraph of a list.
    pub(super) fn next(&mut self, list: u32, level: usize) -> Option<String> {
        let level = level.min(LEVELS - 1);
        let (pattern, anew) = self.lists.get(&list)?;
        let levels = self.patterns.get(pattern)?;
        let own = (!anew.is_empty()).then_some(list);
        let counts = self.counts.entry((*pattern, own)).or_default();
        let start = |level: usize| {
            anew.get(&level).copied().or_else(|| levels.get(level).map(|l| l.start)).unwrap_or(1)
        };
        for (number, count) in counts.iter_mut().enumerate() {
            match number.cmp(&level) {
                std::cmp::Ordering::Less => {
                    count.get_or_insert(start(number));
                }
                std::cmp::Ordering::Equal => {
                    *count = Some(count.map_or(start(number), |count| count.saturating_add(1)));
                }
                std::cmp::Ordering::Greater => *count = None,
            }
        }
        let shown = levels.get(level)?;
        if shown.format == "bullet" {
            return Some("•".to_owned());
        }
        if shown.format == "none" && !shown.text.contains(|c: char| c.is_alphanumeric()) {
            return None;
        }
        let mut text = shown.text.clone();
        for (number, count) in counts.iter().enumerate() {
            let mark = format!("%{}", number + 1);
            if text.contains(&mark) {
                let format = levels.get(number).map_or("decimal", |level| level.format.as_str());
                text = text.replace(&mark, &count.map_or_else(String::new, |n| write(n, format)));
            }
        }
        (!text.trim().is_empty()).then_some(text)
    }
}

fn write(number: u32, format: &str) -> String {
    match format {
        "lowerLetter" => letters(number),
        "upperLetter" => letters(number).to_uppercase(),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        "decimalZero" => format!("{number:02}"),
        "ordinal" => {
            let ending = match (number % 10, number % 100) {
                (1, rest) if rest != 11 => "st",
                (2, rest) if rest != 12 => "nd",
                (3, rest) if rest != 13 => "rd",
                _ => "th",
            };
            format!("{number}{ending}")
        }
        "none" => String::new(),
        _ => number.to_string(),
    }
}

/// Reads the part of numbering; what is damaged in it is left out.
pub(super) fn read(text: Option<&str>) -> Numbering {
    let mut reader = Reader::default();
    let Some(text) = text else { return reader.numbering };
    let mut xml = Xml::new(text);
    loop {
        match xml.next() {
            Token::Open(element) if element.ns == Ns::Word => reader.open(&element),
            Token::Close(Ns::Word, "lvl") => reader.in_level = false,
            Token::End(_) => return reader.numbering,
            _ => {}
        }
    }
}

#[derive(Default)]
struct Reader {
    numbering: Numbering,
    pattern: Option<u32>,
    list: Option<u32>,
    level: usize,
    in_level: bool,
}

impl Reader {
    fn open(&mut self, element: &Element<'_>) {
        let number = |name: &str| element.attribute(name).and_then(|value| value.parse().ok());
        match element.name {
            "abstractNum" => {
                self.pattern = number("abstractNumId");
                self.list = None;
            }
            "num" => {
                self.list = number("numId");
                self.pattern = None;
            }
            "abstractNumId" => {
                if let (Some(list), Some(pattern)) = (self.list, number("val")) {
                    self.numbering.lists.entry(list).or_default().0 = pattern;
                }
            }
            "lvlOverride" => self.set_level(element),
            "startOverride" => {
                if let (Some(list), Some(start)) = (self.list, number("val")) {
                    self.numbering.lists.entry(list).or_default().1.insert(self.level, start);
                }
            }
            "lvl" => {
                self.in_level = true;
                self.set_level(element);
            }
            "start" | "numFmt" | "lvlText" if self.in_level => self.describe(element),
            _ => {}
        }
    }

    fn set_level(&mut self, element: &Element<'_>) {
        self.level = element.attribute("ilvl").and_then(|value| value.parse().ok()).unwrap_or(0);
        self.level = self.level.min(LEVELS - 1);
    }

    fn describe(&mut self, element: &Element<'_>) {
        let (Some(pattern), Some(value)) = (self.pattern, element.attribute("val")) else { return };
        let levels = self.numbering.patterns.entry(pattern).or_default();
        if levels.len() <= self.level {
            levels.resize(self.level + 1, Level::default());
        }
        let Some(level) = levels.get_mut(self.level) else { return };
        match element.name {
            "start" => level.start = value.parse().unwrap_or(1),
            "numFmt" => level.format = value,
            _ => level.text = value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_count_by_level_and_start_anew_where_they_say() {
        let mut numbering = read(Some(
            "<w:numbering xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>\
             <w:abstractNum w:abstractNumId='7'>\
             <w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>\
             <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='%1.%2)'/></w:lvl>\
             <w:lvl w:ilvl='2'><w:numFmt w:val='bullet'/><w:lvlText w:val='x'/></w:lvl></w:abstractNum>\
             <w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>\
             <w:num w:numId='2'><w:abstractNumId w:val='7'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num>\
             </w:numbering>",
        ));
        let shown: Vec<Option<String>> =
            [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1), (1, 2), (2, 0), (2, 0), (9, 0)]
                .into_iter()
                .map(|(list, level)| numbering.next(list, level))
                .collect();
        let shown: Vec<&str> = shown.iter().map(|text| text.as_deref().unwrap_or("-")).collect();
        assert_eq!(shown, ["1.", "1.a)", "1.b)", "2.", "2.a)", "•", "5.", "6.", "-"]);
    }

    #[test]
    fn numbers_are_written_in_their_format() {
        for (number, format, text) in [
            (4, "upperRoman", "IV"),
            (1999, "lowerRoman", "mcmxcix"),
            (28, "upperLetter", "BB"),
            (3, "decimalZero", "03"),
            (22, "ordinal", "22nd"),
            (12, "ordinal", "12th"),
            (7, "chicago", "7"),
        ] {
            assert_eq!(write(number, format), text);
        }
    }
}
