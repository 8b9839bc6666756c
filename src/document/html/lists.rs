//! Bullets and numbers of the lists of web pages.

use html5gum::StartTag;

use super::elements::attribute;
use crate::document::ordinals;

/// Lists within lists; deeper ones count as part of the last.
const DEEPEST: usize = 256;

/// The open lists, innermost last.
#[derive(Default)]
pub(super) struct Lists(Vec<List>);

struct List {
    is_bare: bool,
    /// The next number, and how it is written; none where items have bullets.
    numbers: Option<(u32, Style)>,
}

#[derive(Clone, Copy)]
enum Style {
    Figures,
    Small,
    Capital,
    SmallRoman,
    Roman,
}

impl Lists {
    /// Begins a list.
    pub(super) fn open(&mut self, tag: &StartTag<usize>) {
        if self.0.len() >= DEEPEST {
            return;
        }
        let first = attribute(tag, b"start").and_then(|start| start.parse().ok()).unwrap_or(1);
        // Whether letters are small matters, so the attribute is taken as it is written.
        let style = tag.attributes.iter().find(|(name, _)| name.as_slice() == b"type");
        let style = match style.map(|(_, value)| value.as_slice()) {
            Some(b"a") => Style::Small,
            Some(b"A") => Style::Capital,
            Some(b"i") => Style::SmallRoman,
            Some(b"I") => Style::Roman,
            _ => Style::Figures,
        };
        let numbers = (tag.name.as_slice() == b"ol").then_some((first, style));
        self.0.push(List { is_bare: is_bare(tag), numbers });
    }

    pub(super) fn close(&mut self) {
        self.0.pop();
    }

    /// What stands before the next item.
    pub(super) fn mark(&mut self, item: &StartTag<usize>) -> Option<String> {
        let list = self.0.last_mut()?;
        let given = attribute(item, b"value").and_then(|value| value.parse().ok());
        let mark = match &mut list.numbers {
            None => "•".to_owned(),
            Some((next, style)) => {
                let number = given.unwrap_or(*next);
                *next = number.saturating_add(1);
                format!("{}.", style.write(number))
            }
        };
        (!list.is_bare && !is_bare(item)).then_some(mark)
    }
}

impl Style {
    fn write(self, number: u32) -> String {
        match self {
            Self::Figures => number.to_string(),
            Self::Small => ordinals::letters(number),
            Self::Capital => ordinals::letters(number).to_uppercase(),
            Self::SmallRoman => ordinals::roman(number).to_lowercase(),
            Self::Roman => ordinals::roman(number),
        }
    }
}

fn is_bare(tag: &StartTag<usize>) -> bool {
    attribute(tag, b"style").is_some_and(|style| {
        style.contains("list-style:none") || style.contains("list-style-type:none")
    })
}
