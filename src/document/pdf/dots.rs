//! Bullets that are drawn as shapes and not as letters, as browsers draw those of lists. Knows places, not what lists say.

use super::geometry::Area;
use super::layout::{Line, Word};

/// More shapes of this size on one page are a pattern or a chart.
const MOST: usize = 300;

/// Whether a filled shape may be a bullet: as wide as it is high, and smaller than a letter.
pub(super) fn may_be(area: Area) -> bool {
    let (width, height) = (area.width(), area.height());
    (1.2..7.0).contains(&width) && (0.85..1.18).contains(&(width / height.max(0.01)))
}

/// Puts a bullet before every line that has such a shape close on its left, at half the height of its small letters.
pub(super) fn mark(lines: &mut [Line], dots: &[Area]) {
    if dots.len() > MOST {
        return;
    }
    for dot in dots {
        let centre = dot.centre();
        let is_before = |line: &&mut Line| {
            let gap = line.area.left - dot.right;
            let up = centre.y - line.origin.y;
            line.is_level()
                && (line.size * 0.15..line.size * 1.5).contains(&gap)
                && (line.size * 0.15..line.size * 0.5).contains(&up)
                && dot.height() < line.size * 0.6
        };
        let Some(line) = lines.iter_mut().find(is_before) else { continue };
        if let Some(cell) = line.cells.first_mut()
            && cell.words.first().is_some_and(|word| word.text != "•")
        {
            let word = Word { text: "•".to_owned(), area: *dot, unseen: None, bold: false };
            cell.words.insert(0, word);
        }
    }
}
