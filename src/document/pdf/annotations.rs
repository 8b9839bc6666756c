//! What is attached to a page: form boxes, links, comments, stamps. Drawn ones are drawn; the words of the others are
//! kept apart.

use lopdf::{Dictionary, Object, Stream};

use super::content::Runner;
use super::file::File;
use super::forms::{self, Entry, Seen, Value};
use super::geometry::{Area, Matrix};
use super::layout::{self, Line};
use super::outside::Outside;
use crate::document::HiddenPlace;

/// Annotations of one page.
const MOST: usize = 5_000;

/// Goes through the annotations of a page: draws what is drawn, and gives the form's entries.
pub(super) fn read<'a>(
    runner: &mut Runner<'a, '_>,
    page: &'a Dictionary,
    view: Matrix,
    seen: &mut Seen,
    outside: &mut Outside,
) -> Vec<Entry> {
    let file = runner.shared.file;
    let mut entries = Vec::new();
    for object in file.get_array(page, b"Annots").unwrap_or_default().iter().take(MOST) {
        let Some(annotation) = file.dictionary(object) else { continue };
        let flags = file.get_count(annotation, b"F").unwrap_or(0);
        let shown = flags & 2 == 0 && flags & 32 == 0;
        match file.get_name(annotation, b"Subtype").unwrap_or_default() {
            b"Widget" => match forms::value(file, annotation, view, seen) {
                Value::Entry(entry) if shown => entries.push(entry),
                Value::Entry(entry) => {
                    if !entry.ticks {
                        outside.add(HiddenPlace::Concealed, &entry.text);
                    }
                }
                Value::Looks(entry) if shown => {
                    let text = drawn_words(runner, annotation, view);
                    if !text.is_empty() {
                        entries.push(Entry { text, ..entry });
                    }
                }
                Value::Drawn if shown => draw(runner, annotation, view),
                Value::Looks(_) | Value::Drawn | Value::Empty => {}
            },
            b"Link" => link(file, annotation, outside),
            b"Popup" => {}
            kind => {
                let contents = file.get_text(annotation, b"Contents");
                let drawn = shown && appearance(file, annotation).is_some();
                if drawn {
                    draw(runner, annotation, view);
                }
                let area = Area::from_numbers(&file.get_numbers(annotation, b"Rect", 4));
                match (contents, area) {
                    // Words written onto the page, for which there is no drawing.
                    (Some(text), Some(area)) if kind == b"FreeText" && shown && !drawn => {
                        let area = view.apply_to_box(area);
                        entries.push(Entry { area, text, ticks: false, label: None });
                    }
                    (Some(text), _) => outside.add(HiddenPlace::Comment, &text),
                    _ => {}
                }
                for key in [&b"T"[..], b"Subj"] {
                    if let Some(text) = file.get_text(annotation, key) {
                        outside.add(HiddenPlace::Comment, &text);
                    }
                }
            }
        }
    }
    entries
}

fn link(file: &File, annotation: &Dictionary, outside: &mut Outside) {
    if let Some(text) = file.get_text(annotation, b"Contents") {
        outside.add(HiddenPlace::AltText, &text);
    }
    let Some(action) = file.get_dictionary(annotation, b"A") else { return };
    let opened = file.get_dictionary(action, b"F");
    let targets = [(action, &b"URI"[..]), (action, b"F")]
        .into_iter()
        .chain(opened.into_iter().flat_map(|file| [(file, &b"F"[..]), (file, b"UF")]));
    for (owner, key) in targets {
        if let Some(target) = file.get_text(owner, key) {
            outside.add(HiddenPlace::Link, &target);
        }
    }
}

/// The usual look of an annotation, in its current state.
fn appearance<'a>(file: &'a File, annotation: &'a Dictionary) -> Option<&'a Stream> {
    let looks = file.get_dictionary(annotation, b"AP")?;
    match file.get(looks, b"N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dictionary(states) => file.get_stream(states, file.get_name(annotation, b"AS")?),
        _ => None,
    }
}

/// The words that the look of a field shows; its boxes and lines are drawn onto the page.
fn drawn_words<'a>(
    runner: &mut Runner<'a, '_>,
    annotation: &'a Dictionary,
    view: Matrix,
) -> String {
    let from = runner.shown.glyphs.len();
    draw(runner, annotation, view);
    let mut look = runner.shown.take_glyphs(from);
    let lines = layout::lines(&mut look, false);
    let line = |line: &Line| {
        let cells = line.cells.iter().flat_map(|cell| &cell.words);
        cells.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn draw<'a>(runner: &mut Runner<'a, '_>, annotation: &'a Dictionary, view: Matrix) {
    let file = runner.shared.file;
    let hidden = runner.shared.layers.hide(file, annotation, b"OC");
    let Some(stream) = appearance(file, annotation).filter(|_| !hidden) else { return };
    let Some(area) = Area::from_numbers(&file.get_numbers(annotation, b"Rect", 4)) else { return };
    runner.reset(view);
    runner.draw_appearance(stream, area);
}
