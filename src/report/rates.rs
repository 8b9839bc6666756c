//! The chart of selection rates: one row a group, one column a decision. Draws; computes nothing.

use std::fmt::Write as _;

use super::figures::{count, percent, stage};
use super::sentences;
use super::words::Words;
use crate::fairness::{StageLine, View};

const LABEL_WIDTH: f64 = 250.0;
const COLUMN_WIDTH: f64 = 170.0;
const BAR_WIDTH: f64 = 140.0;
const ROW_HEIGHT: f64 = 44.0;
const TOP: f64 = 34.0;

/// The chart as SVG, with title and description for readers who do not see it.
pub fn chart(view: &View, title: &str, description: &str, id: &str, words: &Words) -> String {
    let columns = view.everybody.len() as f64;
    let width = LABEL_WIDTH + columns * COLUMN_WIDTH;
    let height = TOP + ROW_HEIGHT * (view.groups.len() + 1) as f64 + 8.0;
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>\
         <defs><pattern id=\"{id}-h\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" class=\"hatch\"/></pattern></defs>",
        escaped(title),
        escaped(description)
    );
    for (place, line) in view.everybody.iter().enumerate() {
        let x = LABEL_WIDTH + place as f64 * COLUMN_WIDTH;
        let label = column(line, words);
        let _ =
            write!(svg, "<text x=\"{x:.0}\" y=\"18\" class=\"head\">{}</text>", escaped(&label));
    }
    let look = Look { view, id, words };
    look.row(&mut svg, &words.plain("audit-everybody"), &view.everybody, 0);
    for (place, group) in view.groups.iter().enumerate() {
        look.row(&mut svg, &group.label, &group.stages, place + 1);
    }
    svg.push_str("</svg>");
    svg
}

/// What stands over a column of the chart.
pub(super) fn column(line: &StageLine, words: &Words) -> String {
    let key = if line.stretch.whole { "audit-rates-to-overall" } else { "audit-rates-to" };
    words.say(key, [("stage", stage(&line.stretch.to).into())])
}

/// What every row is drawn with.
struct Look<'a> {
    view: &'a View,
    id: &'a str,
    words: &'a Words,
}

impl Look<'_> {
    /// One row; the first is that of everybody.
    fn row(&self, svg: &mut String, label: &str, lines: &[StageLine], place: usize) {
        let y = TOP + ROW_HEIGHT * place as f64;
        let everybody = place == 0;
        let class = if everybody { "label strong" } else { "label" };
        for (part, text) in wrapped(label, 34, 2).iter().enumerate() {
            let y = y + 16.0 + 15.0 * part as f64;
            let _ = write!(
                svg,
                "<text x=\"0\" y=\"{y:.0}\" class=\"{class}\">{}</text>",
                escaped(text)
            );
        }
        for (column, line) in lines.iter().enumerate() {
            let x = LABEL_WIDTH + column as f64 * COLUMN_WIDTH;
            let all = self.view.everybody.get(column).and_then(|line| line.rate);
            self.bar(svg, line, (x, y), all, everybody);
        }
    }

    fn bar(
        &self,
        svg: &mut String,
        line: &StageLine,
        (x, y): (f64, f64),
        everybody_rate: Option<f64>,
        everybody: bool,
    ) {
        let (top, height) = (y + 4.0, 14.0);
        let _ = write!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{BAR_WIDTH}\" height=\"{height}\" class=\"track\"/>"
        );
        let text = match (line.rate, line.entered, line.progressed) {
            (Some(rate), Some(entered), Some(progressed)) => {
                let class = if everybody { "bar everybody" } else { "bar" };
                let _ = write!(
                    svg,
                    "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{height}\" class=\"{class}\"/>",
                    BAR_WIDTH * rate
                );
                let of = sentences::of(count(progressed), count(entered), self.words);
                let fills = [("rate", percent(rate).into()), ("of", of.into())];
                self.words.say("audit-rate-and-counts", fills)
            }
            _ if line.hidden => {
                let id = self.id;
                let _ = write!(
                    svg,
                    "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{BAR_WIDTH}\" height=\"{height}\" fill=\"url(#{id}-h)\"/>"
                );
                self.words.plain("audit-hidden")
            }
            _ => self.words.plain("audit-nobody"),
        };
        if let Some(rate) = everybody_rate {
            let x = x + BAR_WIDTH * rate;
            let _ = write!(
                svg,
                "<line x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\" class=\"mark\"/>",
                top - 3.0,
                top + height + 3.0
            );
        }
        let _ = write!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" class=\"value\">{}</text>",
            top + height + 15.0,
            escaped(&text)
        );
    }
}

/// A text in at most so many lines of at most so many characters, broken at spaces.
pub(super) fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push('\u{2026}');
        }
    }
    lines
}

/// A text inside SVG.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
