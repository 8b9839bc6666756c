//! The last cell of a row may run over several lines; what stands below it, and below nothing else, goes on with it.

use super::Line;

/// Joins the lines of wrapped last cells.
pub(super) fn join(lines: Vec<Line>) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    for mut line in lines {
        match joined.last_mut() {
            Some(row) if goes_on(row, &line) => {
                row.foot.y = line.origin.y;
                row.area = row.area.joined(line.area);
                if let (Some(cell), Some(more)) = (row.cells.last_mut(), line.cells.pop()) {
                    cell.area = cell.area.joined(more.area);
                    cell.words.extend(more.words);
                }
            }
            _ => joined.push(line),
        }
    }
    joined
}

fn goes_on(row: &Line, line: &Line) -> bool {
    let ([_, .., last], [only]) = (row.cells.as_slice(), line.cells.as_slice()) else {
        return false;
    };
    let (Some(end), Some(start)) = (last.words.last(), only.words.first()) else { return false };
    let down = (row.foot.y - line.origin.y) / row.size.max(0.1);
    row.is_level()
        && line.is_level()
        && (0.8..1.6).contains(&down)
        && (row.size / line.size.max(0.1) - 1.0).abs() < 0.05
        && (last.area.left - only.area.left).abs() < 2.0
        && last.words.len() >= 3
        && !end.text.ends_with(['.', ':', '?', '-', '\u{2010}'])
        && start.text.starts_with(char::is_lowercase)
}
