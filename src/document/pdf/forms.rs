//! Values of form fields: found through the tree of fields, placed on the page where their boxes are, each after the
//! words that label it.

use std::collections::HashSet;

use lopdf::{Dictionary, Object};

use super::file::File;
use super::geometry::{Area, Matrix};
use super::layout::{Cell, Line, Word};
use super::markup;
use super::xfa::Filled;

/// Fields within fields.
const DEEPEST: usize = 32;
/// Elements and texts of one rich value.
const MOST_MARKUP: usize = 20_000;
/// Lines times boxes of one page.
const MOST_COMPARED: usize = 2_000_000;

/// A box of a form on a page and what it holds.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) area: Area,
    /// What stands in it; more than one line in long answers.
    pub(super) text: String,
    /// A box to tick: its label is usually on the right.
    pub(super) ticks: bool,
    /// What the form calls it to those who cannot see it.
    pub(super) label: Option<String>,
}

/// What a box of a form shows.
pub(super) enum Value {
    /// Words of its own.
    Entry(Entry),
    /// Nothing but its drawn look, whose words are those of the entry: fields whose value is only drawn.
    Looks(Entry),
    /// Nothing but its drawn look: signatures, buttons.
    Drawn,
    /// Nothing.
    Empty,
}

/// Which fields have been seen on a page.
#[derive(Default)]
pub(super) struct Seen(HashSet<usize>);

impl Seen {
    /// Whether a page shows a field, or a box of it.
    pub(super) fn has(&self, field: &Dictionary) -> bool {
        self.0.contains(&identity(field))
    }
}

fn identity(dictionary: &Dictionary) -> usize {
    std::ptr::from_ref(dictionary) as usize
}

/// The chain from a field to its topmost owner.
fn owners<'a>(file: &'a File, field: &'a Dictionary) -> Vec<&'a Dictionary> {
    let mut chain = vec![field];
    let mut current = field;
    while chain.len() < DEEPEST
        && let Some(parent) = file.get_dictionary(current, b"Parent")
    {
        chain.push(parent);
        current = parent;
    }
    chain
}

fn inherited<'a>(file: &'a File, chain: &[&'a Dictionary], key: &[u8]) -> Option<&'a Object> {
    chain.iter().find_map(|owner| file.get(owner, key))
}

/// The value of a box on a page.
pub(super) fn value(file: &File, widget: &Dictionary, view: Matrix, seen: &mut Seen) -> Value {
    let chain = owners(file, widget);
    seen.0.extend(chain.iter().map(|owner| identity(owner)));
    let Some(area) = Area::from_numbers(&file.get_numbers(widget, b"Rect", 4)) else {
        return Value::Empty;
    };
    let area = view.apply_to_box(area);
    let label = inherited(file, &chain, b"TU").and_then(|label| file.text(label));
    let kind = inherited(file, &chain, b"FT").and_then(|kind| kind.as_name().ok());
    let entry = |text, ticks| Value::Entry(Entry { area, text, ticks, label: label.clone() });
    match kind {
        Some(b"Btn") => match tick(file, widget, &chain) {
            Some(text) => entry(text, true),
            None => Value::Drawn,
        },
        Some(b"Sig") => Value::Drawn,
        // What has no words may be drawn nevertheless.
        _ => match held(file, &chain).filter(|text| !text.trim().is_empty()) {
            Some(text) => entry(text, false),
            None => Value::Looks(Entry { area, text: String::new(), ticks: false, label }),
        },
    }
}

/// What a field holds itself.
pub(super) fn own_words(file: &File, field: &Dictionary) -> Option<String> {
    held(file, &[field])
}

/// What a field or its owners hold: its value, the options chosen by their places, or rich text.
fn held(file: &File, chain: &[&Dictionary]) -> Option<String> {
    let value = inherited(file, chain, b"V").map(|value| words(file, chain, value));
    value
        .filter(|text| !text.trim().is_empty())
        .or_else(|| chosen(file, chain))
        .or_else(|| rich(file, chain))
}

/// The options that are chosen by their places alone.
fn chosen(file: &File, chain: &[&Dictionary]) -> Option<String> {
    let Object::Array(places) = inherited(file, chain, b"I")? else { return None };
    let Object::Array(options) = inherited(file, chain, b"Opt")? else { return None };
    let option = |place: &Object| {
        let place = usize::try_from(file.resolve(place).as_i64().ok()?).ok()?;
        match file.resolve(options.get(place)?) {
            Object::Array(pair) => pair.last().and_then(|shown| file.text(shown)),
            option => file.text(option),
        }
    };
    let chosen: Vec<String> = places.iter().take(1000).filter_map(option).collect();
    (!chosen.is_empty()).then(|| chosen.join(", "))
}

/// The words of a value that is kept as rich text.
fn rich(file: &File, chain: &[&Dictionary]) -> Option<String> {
    let text = inherited(file, chain, b"RV").and_then(|value| file.text(value))?;
    Some(markup::words(text.as_bytes(), MOST_MARKUP)).filter(|words| !words.is_empty())
}

/// Lines for what was filled in and has no box on any page: a label and what was entered, one below the other.
pub(super) fn unplaced(filled: &[Filled]) -> Vec<Line> {
    let mut bottom = 0.0;
    let line = |filled: &Filled| {
        bottom -= 20.0;
        let area = Area { left: 0.0, bottom, right: 0.0, top: bottom + 10.0 };
        let label = Cell { entered: false, ..as_cell(filled.label.clone(), area) };
        Line::level(vec![label, as_cell(filled.text.clone(), area)], 10.0)
    };
    filled.iter().map(line).collect()
}

/// The words of a value: a string, a name, or several.
fn words(file: &File, chain: &[&Dictionary], value: &Object) -> String {
    let one = |value: &Object| match file.resolve(value) {
        Object::Name(name) => super::file::decode_text(name),
        other => {
            let text = file.text(other).unwrap_or_default();
            displayed(file, chain, &text).unwrap_or(text)
        }
    };
    let text = match value {
        Object::Array(values) => values.iter().take(1000).map(one).collect::<Vec<_>>().join(", "),
        value => one(value),
    };
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// What a choice shows for the value that it stores.
fn displayed(file: &File, chain: &[&Dictionary], stored: &str) -> Option<String> {
    let Object::Array(options) = inherited(file, chain, b"Opt")? else { return None };
    options.iter().take(10_000).find_map(|option| match file.resolve(option) {
        Object::Array(pair) => match pair.as_slice() {
            [value, shown] if file.text(value).as_deref() == Some(stored) => file.text(shown),
            _ => None,
        },
        _ => None,
    })
}

/// A box to tick, as it reads: its state, and what ticking it says where that is a word of its own. Buttons that are
/// pressed have neither.
fn tick(file: &File, widget: &Dictionary, chain: &[&Dictionary]) -> Option<String> {
    let flags = inherited(file, chain, b"Ff").and_then(|flags| flags.as_i64().ok()).unwrap_or(0);
    if flags & (1 << 16) != 0 {
        return None;
    }
    let states: Vec<&[u8]> = file
        .get_dictionary(widget, b"AP")
        .and_then(|looks| file.get_dictionary(looks, b"N"))
        .map(|looks| looks.iter().map(|(name, _)| name.as_slice()).collect())
        .unwrap_or_default();
    let value = inherited(file, chain, b"V").and_then(|value| value.as_name().ok());
    let state = file.get_name(widget, b"AS").or_else(|| {
        let value = value?;
        (states.is_empty() || states.contains(&value)).then_some(value)
    });
    let Some(state) = state.filter(|state| *state != b"Off") else { return Some("[ ]".to_owned()) };
    let mut says = super::file::decode_text(state);
    if let Ok(place) = says.parse::<usize>()
        && let Some(Object::Array(options)) = inherited(file, chain, b"Opt")
        && let Some(option) = options.get(place).and_then(|option| file.text(option))
    {
        says = option;
    }
    let plain = matches!(says.to_ascii_lowercase().as_str(), "on" | "true" | "checked" | "x")
        || says.chars().all(|c| c.is_ascii_digit());
    Some(if plain { "[x]".to_owned() } else { format!("[x] {says}") })
}

/// Puts the entries of a page among its lines.
pub(super) fn place(lines: &mut Vec<Line>, mut entries: Vec<Entry>) {
    entries.sort_by(|a, b| {
        b.area.top.total_cmp(&a.area.top).then(a.area.left.total_cmp(&b.area.left))
    });
    // Looking for labels costs their product; no page that a person fills in comes near.
    let searches = lines.len().saturating_mul(entries.len()) < MOST_COMPARED;
    for entry in entries {
        let target = if searches { find_label(lines, &entry) } else { None };
        let size = entry.area.height().clamp(6.0, 12.0);
        match target {
            Some((line, cell)) => {
                if let Some(line) = lines.get_mut(line) {
                    let text = without_label(line.cells.get(cell), entry.text, entry.ticks);
                    let at = cell + usize::from(!is_right_of(line.cells.get(cell), entry.area));
                    let at = at.min(line.cells.len());
                    line.cells.insert(at, as_cell(text, entry.area));
                    line.area = line.area.joined(entry.area);
                }
            }
            None => {
                // Nothing on the page names the box, so its own label goes before it.
                let mut cells = Vec::new();
                if let Some(label) = entry.label.filter(|label| !label.trim().is_empty()) {
                    cells.push(Cell { entered: false, ..as_cell(label, entry.area) });
                }
                cells.push(as_cell(entry.text, entry.area));
                let line = Line::level(cells, size);
                let at = lines
                    .iter()
                    .rposition(|other| other.area.bottom > entry.area.centre().y)
                    .map_or(0, |before| before + 1);
                lines.insert(at, line);
            }
        }
    }
}

fn as_cell(text: String, area: Area) -> Cell {
    Cell { entered: true, ..Cell::of(vec![Word { text, area, unseen: None, bold: false }]) }
}

fn is_right_of(cell: Option<&Cell>, area: Area) -> bool {
    cell.is_some_and(|cell| cell.area.left >= area.right - 3.0)
}

/// A ticked box that says what its label says is only ticked.
fn without_label(cell: Option<&Cell>, text: String, ticks: bool) -> String {
    let Some(says) = text.strip_prefix("[x] ").filter(|_| ticks) else { return text };
    let label = cell
        .map(|cell| cell.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "));
    let fold = |text: &str| text.to_lowercase();
    if label.is_some_and(|label| fold(&label).contains(&fold(says))) {
        return "[x]".to_owned();
    }
    text
}

/// The cell that labels a box: beside it on the left, or above it; for a box to tick, on the right.
fn find_label(lines: &[Line], entry: &Entry) -> Option<(usize, usize)> {
    let area = entry.area;
    let mut best: Option<(f64, (usize, usize))> = None;
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.is_level()) {
        for (place, cell) in line.cells.iter().enumerate() {
            let other = cell.area;
            let beside = area.beside(other) > 0.4;
            let left = area.left - other.right;
            let right = other.left - area.right;
            let above = other.bottom - area.top;
            // Distances are weighed: a label on the same line counts from further away than one above.
            let distance =
                if beside && entry.ticks && !cell.entered && (-3.0..25.0).contains(&right) {
                    right.max(0.0) * 0.1
                } else if beside && (-6.0..300.0).contains(&left) {
                    left.max(0.0) * 0.1 + if cell.entered { 15.0 } else { 1.0 }
                } else if !cell.entered
                    && (-6.0..30.0).contains(&above)
                    && area.shared_width(other) > 4.0
                {
                    2.0 + above.max(0.0) + (other.left - area.left).abs() * 0.05
                } else {
                    continue;
                };
            if best.is_none_or(|(known, _)| distance < known) {
                best = Some((distance, (number, place)));
            }
        }
    }
    best.map(|(_, found)| found)
}
