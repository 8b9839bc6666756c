//! Counts the items of lists in an OpenDocument text. Knows levels, not paragraphs.

use std::collections::HashMap;

use super::super::ordinals::{letters, roman};
use super::styles::Styles;

/// How one level of a list is numbered.
#[derive(Debug, Clone, Default)]
pub(super) struct Level {
    pub(super) is_bullet: bool,
    /// `1`, `a`, `A`, `i`, `I`, or nothing.
    pub(super) format: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) start: u32,
    pub(super) levels_shown: usize,
}

/// The open lists, outermost first.
#[derive(Debug, Default)]
pub(super) struct Lists {
    open: Vec<(String, Option<u32>)>,
    /// Where a list of a style stopped, for one that continues it.
    stopped: HashMap<String, u32>,
    prefix: Option<String>,
}

impl Lists {
    /// A list starts; an inner one without a style has that of the outer.
    pub(super) fn open(&mut self, style: Option<String>, continues: bool) {
        let inherited = self.open.last().map(|(style, _)| style.clone());
        let style = style.or(inherited).unwrap_or_default();
        let count = if continues { self.stopped.get(&style).copied() } else { None };
        self.open.push((style, count));
    }

    /// The list ends.
    pub(super) fn close(&mut self) {
        if let Some((style, Some(count))) = self.open.pop()
            && self.open.is_empty()
        {
            self.stopped.insert(style, count);
        }
        self.prefix = None;
    }

    /// An item starts, perhaps at a number of its own.
    pub(super) fn item(&mut self, styles: &Styles, start: Option<u32>) {
        let depth = self.open.len();
        let Some((style, count)) = self.open.last_mut() else { return };
        let level = styles
            .level(style, depth)
            .cloned()
            .unwrap_or(Level { is_bullet: true, ..Level::default() });
        let number = start
            .unwrap_or_else(|| count.map_or(level.start.max(1), |count| count.saturating_add(1)));
        *count = Some(number);
        self.prefix = if level.is_bullet {
            Some("•".to_owned())
        } else if level.format.is_empty() {
            None
        } else {
            let shown = depth.saturating_sub(level.levels_shown.max(1));
            let numbers: Vec<String> = self
                .open
                .iter()
                .enumerate()
                .skip(shown)
                .map(|(index, (style, count))| {
                    let format =
                        styles.level(style, index + 1).map_or("1", |level| level.format.as_str());
                    write(count.unwrap_or(1), format)
                })
                .collect();
            Some(format!("{}{}{}", level.before, numbers.join("."), level.after))
        };
    }

    /// What stands before the first paragraph of the item that has just started.
    pub(super) fn take_prefix(&mut self) -> Option<String> {
        self.prefix.take()
    }
}

fn write(number: u32, format: &str) -> String {
    match format {
        "a" => letters(number),
        "A" => letters(number).to_uppercase(),
        "i" => roman(number).to_lowercase(),
        "I" => roman(number),
        _ => number.to_string(),
    }
}
