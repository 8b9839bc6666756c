//! Marked content: text that a producer says stands for glyphs (`ActualText`), and layers that are switched off.

use super::content::Shown;

/// Deeper marks are counted and otherwise ignored.
const DEEPEST: usize = 256;

/// The open marks.
#[derive(Debug, Default)]
pub(super) struct Marks {
    open: Vec<Mark>,
    /// Marks beyond the deepest.
    beyond: usize,
    hidden: usize,
}

#[derive(Debug)]
struct Mark {
    actual: Option<String>,
    first: usize,
    hidden: bool,
}

impl Marks {
    pub(super) fn depth(&self) -> usize {
        self.open.len() + self.beyond
    }

    pub(super) fn begin(&mut self, actual: Option<String>, first: usize, hidden: bool) {
        if self.open.len() >= DEEPEST {
            self.beyond += 1;
            return;
        }
        self.hidden += usize::from(hidden);
        self.open.push(Mark { actual, first, hidden });
    }

    /// Closes the innermost mark: the text that stands for the glyphs since a number.
    pub(super) fn end(&mut self) -> Option<(String, usize)> {
        if self.beyond > 0 {
            self.beyond -= 1;
            return None;
        }
        let mark = self.open.pop()?;
        self.hidden -= usize::from(mark.hidden);
        // The outermost replacement counts.
        let outer = self.open.iter().any(|mark| mark.actual.is_some());
        mark.actual.filter(|_| !outer).map(|actual| (actual, mark.first))
    }

    pub(super) fn hide(&mut self) {
        self.hidden += 1;
    }

    pub(super) fn unhide(&mut self) {
        self.hidden = self.hidden.saturating_sub(1);
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.hidden > 0
    }
}

/// Puts a replacement in the place of the glyphs since a number. Answers what they said themselves where the
/// replacement leaves letters of it out, since that is what the page shows.
pub(super) fn replace(shown: &mut Shown, actual: &str, first: usize) -> Option<String> {
    let glyphs = shown.glyphs.get_mut(first..)?;
    let own: String =
        glyphs.iter().filter_map(|glyph| shown.text.get(glyph.text.clone())).collect();
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (meant, drawn) = (letters(actual), letters(&own));
    if meant == drawn && !meant.is_empty() {
        return None;
    }
    let (head, rest) = glyphs.split_first_mut()?;
    let from = shown.text.len();
    // A replacement for a drawn hyphen is often empty or soft: the hyphen stands on the page.
    let actual: String = actual
        .chars()
        .map(|c| if c == '\u{ad}' { '-' } else { c })
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\0'))
        .collect();
    if actual.is_empty() && !own.trim().is_empty() {
        return None;
    }
    shown.text.push_str(&actual);
    head.text = from..shown.text.len();
    head.is_blank = actual.trim().is_empty();
    if let Some(last) = rest.last() {
        let reach = last.end().minus(head.origin).dot(head.direction);
        head.width = head.width.max(reach);
    }
    for glyph in rest {
        glyph.text = from..from;
    }
    (!drawn.is_empty() && !meant.contains(&drawn)).then_some(own)
}
