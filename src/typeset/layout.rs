//! Blocks to rows: what stands beside what, how high it is, and what must stay with what follows. Knows nothing of
//! pages.

use std::rc::Rc;

use super::content::{Block, Colour, Document, Field, Item, List, Run, Shape, Style};
use super::flow::fits_first_page;
use super::lines::{Line, lines};
use super::shape::{Part, Shaper};
use super::tags::{NodeId, Role, Tags};
use super::{figure, table};

/// The width of the text: about 75 letters of its size, which eyes find their way back from.
pub(super) const MEASURE: f32 = 428.0;
/// The size of the text and the distance of its lines.
pub(super) const TEXT: f32 = 10.5;
pub(super) const LEADING: f32 = 15.5;
/// The colour of text, of what accompanies it, and of rules.
pub(super) const INK: Colour = Colour(0x1d, 0x22, 0x26);
pub(super) const SOFT: Colour = Colour(0x52, 0x5d, 0x66);
pub(super) const ACCENT: Colour = Colour(0x1b, 0x4d, 0x5c);
pub(super) const HAIRLINE: Colour = Colour(0xc4, 0xcc, 0xd1);
pub(super) const SHADE: Colour = Colour(0xee, 0xf2, 0xf4);
/// How far entries of a list stand in, for each level, and how deep they may be nested.
const INDENT: f32 = 17.0;
const DEEPEST: u8 = 4;

/// Something to draw, with its place inside its row.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// A line of text: the left end of its baseline, its colour, and where it belongs.
    Text { x: f32, y: f32, line: Rc<Line>, colour: Colour, node: NodeId },
    /// A filled rectangle that means nothing by itself: place, size, radius, colour.
    Box { at: (f32, f32), size: (f32, f32), radius: f32, colour: Colour },
    /// A drawing: place, scale, parts with their letters, and where it belongs.
    Drawing { at: (f32, f32), scale: f32, shapes: Rc<Vec<(Shape, Vec<Part>)>>, node: NodeId },
}

/// A stripe of the page that is not divided.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub height: f32,
    /// Room above, left out at the head of a page.
    pub above: f32,
    /// Whether the next row must be on the same page.
    pub keeps_next: bool,
    pub marks: Vec<Mark>,
    /// An entry of the outline that leads here: level and words.
    pub outline: Option<(u16, String)>,
    /// What is drawn again if this row begins a page.
    pub repeats: Option<Rc<Vec<Row>>>,
    /// Whether a new page begins here.
    pub new_page: bool,
}

/// Makes rows of blocks.
pub(super) struct Layout {
    pub shaper: Shaper,
    pub tags: Tags,
    pub rows: Vec<Row>,
    /// The level of the heading above, so that no level is left out.
    level: u16,
    /// By how much letters and lines are smaller than usual.
    scale: f32,
}

/// How a piece of text is set.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub size: f32,
    pub leading: f32,
    pub above: f32,
    pub left: f32,
    pub width: f32,
    pub colour: Colour,
}

/// The text of a paragraph.
pub(super) const PARAGRAPH: Setting =
    Setting { size: TEXT, leading: LEADING, above: 7.0, left: 0.0, width: MEASURE, colour: INK };

/// How small a first page may be set that is one page by its sense: 10.5 points become 9.2.
const SCALES: [f32; 3] = [1.0, 0.94, 0.88];

/// Makes the rows of a document. A first page that is one page by its sense is set in the largest letters in which it can
/// be one; if it can in none, its last part goes to the page behind it.
pub(super) fn rows(document: &Document) -> Layout {
    let (scale, cut) = if document.closes_up_first_page {
        first_page(document).unwrap_or((1.0, usize::MAX))
    } else {
        (1.0, usize::MAX)
    };
    rows_of(document, &document.blocks, scale, cut)
}

/// How small a first page has to be set, and the block before which it ends; nothing if it cannot be one page.
fn first_page(document: &Document) -> Option<(f32, usize)> {
    let blocks = &document.blocks;
    let end = blocks.iter().position(|block| matches!(block, Block::PageBreak));
    let whole = blocks.get(..end.unwrap_or(blocks.len()))?;
    let last = whole.iter().rposition(|block| matches!(block, Block::Heading(..)));
    let ends = [Some(whole.len()), last.filter(|place| *place > 0)];
    let tries = ends.into_iter().flatten().flat_map(|end| SCALES.map(|scale| (scale, end)));
    let mut tries = tries.filter_map(|(scale, end)| Some((scale, end, whole.get(..end)?)));
    let fits = tries
        .find(|(scale, end, part)| fits_first_page(&rows_of(document, part, *scale, *end).rows));
    fits.map(|(scale, end, _)| (scale, end))
}

/// The rows of some blocks: those before one of them smaller by a factor, and that one on a new page.
fn rows_of(document: &Document, blocks: &[Block], scale: f32, cut: usize) -> Layout {
    let mut layout = Layout {
        shaper: Shaper::default(),
        tags: Tags::default(),
        rows: Vec::new(),
        level: 1,
        scale,
    };
    layout.title(document);
    let mut new_page = false;
    for (place, block) in blocks.iter().enumerate() {
        if place == cut {
            new_page = true;
            layout.scale = 1.0;
        }
        let first = layout.rows.len();
        match block {
            Block::Heading(level, runs) => layout.heading(*level, runs),
            Block::Paragraph(runs) => {
                let node = layout.tags.add(Role::Paragraph, None);
                layout.text(runs, PARAGRAPH, node);
            }
            Block::List(list) => layout.list(list),
            Block::Fields(fields) => layout.fields(fields),
            Block::Table(table) => table::add(&mut layout, table),
            Block::Figure(figure) => figure::add(&mut layout, figure),
            Block::Note(runs) => layout.note(runs),
            Block::PageBreak => new_page = true,
        }
        if let Some(row) = layout.rows.get_mut(first) {
            row.new_page = std::mem::take(&mut new_page);
        }
    }
    layout
}

/// The text of runs, as an outline or a screen reader says it: one line of bounded length.
fn words_of(runs: &[Run]) -> String {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    let clean: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    clean.chars().filter(|c| !c.is_control() && *c != '\u{feff}').take(200).collect()
}

/// Runs in bold, labels excepted.
fn bold(runs: &[Run]) -> Vec<Run> {
    let style = |run: &Run| if run.style == Style::Label { Style::Label } else { Style::Bold };
    runs.iter().map(|run| Run::new(run.text.as_str(), style(run))).collect()
}

impl Layout {
    fn title(&mut self, document: &Document) {
        let mut words = words_of(&[Run::plain(document.title.as_str())]);
        if words.is_empty() {
            words.push('–');
        }
        let node = self.tags.add(Role::Heading(1, words.clone()), None);
        let setting =
            Setting { size: 21.0, leading: 27.0, above: 0.0, colour: ACCENT, ..PARAGRAPH };
        let first = self.rows.len();
        self.text(&[Run::bold(document.title.as_str())], setting, node);
        if let Some(row) = self.rows.get_mut(first) {
            row.outline = Some((1, words));
        }
        if !document.subtitle.is_empty() {
            let node = self.tags.add(Role::Paragraph, None);
            let setting =
                Setting { size: 9.5, leading: 14.0, above: 2.0, colour: SOFT, ..PARAGRAPH };
            self.text(&document.subtitle, setting, node);
        }
        let rule = Mark::Box { at: (0.0, 8.0), size: (MEASURE, 1.2), radius: 0.0, colour: ACCENT };
        self.rows.push(Row { height: 11.0, marks: vec![rule], ..Row::default() });
        for row in &mut self.rows {
            row.keeps_next = true;
        }
        if let Some(row) = self.rows.last_mut() {
            row.keeps_next = false;
        }
    }

    /// The level shown is the one asked for; the level told to readers leaves none out, as PDF/UA asks.
    fn heading(&mut self, level: u8, runs: &[Run]) {
        let words = words_of(runs);
        if words.is_empty() {
            return;
        }
        let told = (u16::from(level.clamp(1, 3)) + 1).min(self.level + 1);
        self.level = told;
        let node = self.tags.add(Role::Heading(told, words.clone()), None);
        let (size, leading, above, colour) = match level {
            0 | 1 => (14.0, 19.0, 20.0, ACCENT),
            2 => (11.5, 16.5, 14.0, INK),
            _ => (TEXT, LEADING, 10.0, SOFT),
        };
        let first = self.rows.len();
        self.text(&bold(runs), Setting { size, leading, above, colour, ..PARAGRAPH }, node);
        for row in self.rows.get_mut(first..).unwrap_or_default() {
            row.keeps_next = true;
        }
        if let Some(row) = self.rows.get_mut(first) {
            row.outline = Some((told, words));
        }
    }

    fn note(&mut self, runs: &[Run]) {
        let node = self.tags.add(Role::Note, None);
        let inner = self.tags.add(Role::Paragraph, Some(node));
        let setting = Setting {
            size: 9.0,
            leading: 13.0,
            above: 8.0,
            left: 12.0,
            width: MEASURE - 12.0,
            colour: SOFT,
        };
        let first = self.rows.len();
        self.text(runs, setting, inner);
        for row in self.rows.get_mut(first..).unwrap_or_default() {
            let bar = Mark::Box {
                at: (0.0, 0.0),
                size: (2.0, row.height),
                radius: 0.0,
                colour: HAIRLINE,
            };
            row.marks.insert(0, bar);
        }
    }

    fn list(&mut self, list: &List) {
        let numbered = list.items.first().is_some_and(|item| item.marker.is_some());
        // The lists that are open, outermost first, and the entry that each inner one hangs in.
        let mut open: Vec<(NodeId, Option<NodeId>)> =
            vec![(self.tags.add(Role::List(Some(numbered)), None), None)];
        for (number, item) in list.items.iter().enumerate() {
            let depth = usize::from(item.depth.min(DEEPEST));
            open.truncate(depth + 1);
            if open.len() <= depth
                && let Some((_, Some(body))) = open.last().copied()
            {
                let inner = Role::List(Some(item.marker.is_some()));
                open.push((self.tags.add(inner, Some(body)), None));
            }
            let Some((node, last)) = open.last_mut() else { continue };
            let entry = self.tags.add(Role::Entry, Some(*node));
            let label = self.tags.add(Role::Label, Some(entry));
            let body = self.tags.add(Role::Body, Some(entry));
            *last = Some(body);
            self.item(item, number == 0, depth, label, body);
        }
    }

    fn item(&mut self, item: &Item, first: bool, depth: usize, label: NodeId, body: NodeId) {
        let marker = item.marker.as_deref().unwrap_or(if depth == 0 { "•" } else { "–" });
        // The space keeps marker and words apart when the text is read out or copied.
        let marker = Run::plain(format!("{marker} "));
        let (size, leading) = (TEXT * self.scale, LEADING * self.scale);
        let set = lines(&mut self.shaper, &[marker], size, MEASURE / 3.0);
        let mark = set.into_iter().next().unwrap_or_default();
        let hang = (mark.width + 5.0).max(INDENT);
        let left = INDENT * depth as f32 + hang;
        let above = if first { PARAGRAPH.above - 1.0 } else { 2.5 };
        let setting = Setting { above, left, width: MEASURE - left, ..PARAGRAPH };
        let at = self.rows.len();
        self.text(&item.runs, setting, body);
        if self.rows.len() == at {
            self.rows.push(Row { height: leading, above, ..Row::default() });
        }
        if let Some(row) = self.rows.get_mut(at) {
            let (x, y) = (left - hang + 3.0, baseline(size, leading));
            let line = Rc::new(mark);
            row.marks.insert(0, Mark::Text { x, y, line, colour: SOFT, node: label });
        }
    }

    /// Labels in a column of their own if they are short, else above what was answered.
    fn fields(&mut self, fields: &[Field]) {
        let list = self.tags.add(Role::List(None), None);
        let mut widest = 0.0_f32;
        let mut labels = Vec::new();
        for field in fields {
            let set = lines(&mut self.shaper, &bold(&field.label), TEXT - 1.0, MEASURE * 0.36);
            widest = set.iter().map(|line| line.width).fold(widest, f32::max);
            labels.push(set);
        }
        let left = (widest + 14.0).max(76.0);
        for (number, (field, label)) in fields.iter().zip(labels).enumerate() {
            let entry = self.tags.add(Role::Entry, Some(list));
            let name = self.tags.add(Role::Label, Some(entry));
            let body = self.tags.add(Role::Body, Some(entry));
            let above = if number == 0 { PARAGRAPH.above } else { 2.5 };
            let at = self.rows.len();
            self.text(
                &field.value,
                Setting { above, left, width: MEASURE - left, ..PARAGRAPH },
                body,
            );
            let taken = self.rows.len() - at;
            for _ in taken..label.len().max(1) {
                self.rows.push(Row { height: LEADING, ..Row::default() });
            }
            for (n, line) in label.into_iter().enumerate() {
                if let Some(row) = self.rows.get_mut(at + n) {
                    let line = Rc::new(line);
                    let (x, y) = (0.0, baseline(TEXT, LEADING));
                    row.marks.insert(0, Mark::Text { x, y, line, colour: SOFT, node: name });
                    row.keeps_next |= n > 0;
                }
            }
            if let Some(row) = self.rows.get_mut(at) {
                row.above = above;
            }
        }
    }

    /// Rows of text, the first two and the last two kept together.
    pub fn text(&mut self, runs: &[Run], setting: Setting, node: NodeId) {
        let (size, leading) = (setting.size * self.scale, setting.leading * self.scale);
        let set = lines(&mut self.shaper, runs, size, setting.width);
        let count = set.len();
        for (number, line) in set.into_iter().enumerate() {
            let mark = Mark::Text {
                x: setting.left,
                y: baseline(size, leading),
                line: Rc::new(line),
                colour: setting.colour,
                node,
            };
            self.rows.push(Row {
                height: leading,
                above: if number == 0 { setting.above * self.scale } else { 0.0 },
                keeps_next: number + 1 < count && (number == 0 || number + 2 == count),
                marks: vec![mark],
                ..Row::default()
            });
        }
    }
}

/// Where the baseline stands in a line, so that small letters look centred in it.
pub(super) fn baseline(size: f32, leading: f32) -> f32 {
    leading * 0.5 + size * 0.34
}
