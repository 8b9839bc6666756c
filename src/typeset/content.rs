//! What callers build: a document of blocks, made of runs of text. Plain values; knows nothing of pages.

use super::TypesetError;

/// How a run of text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Style {
    /// Upright.
    #[default]
    Plain,
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// A label in the place of something else: a box of one width for all labels, so that nothing can be read from
    /// its length.
    Label,
}

/// A stretch of text in one style. A line feed in it ends the line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// The text.
    pub text: String,
    /// How it is set.
    pub style: Style,
}

impl Run {
    /// Text in a style.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }

    /// Upright text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, Style::Plain)
    }

    /// Bold text.
    pub fn bold(text: impl Into<String>) -> Self {
        Self::new(text, Style::Bold)
    }

    /// Italic text.
    pub fn italic(text: impl Into<String>) -> Self {
        Self::new(text, Style::Italic)
    }

    /// A label.
    pub fn label(text: impl Into<String>) -> Self {
        Self::new(text, Style::Label)
    }
}

/// A colour of the screen, red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// One entry of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// What stands before it, such as `2.` or `(b)`; a bullet if nothing is given.
    pub marker: Option<String>,
    /// How deep it is nested; 0 is the outermost level.
    pub depth: u8,
    /// What it says.
    pub runs: Vec<Run>,
}

/// A list. It counts as numbered if its first entry has a marker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// The entries, in order.
    pub items: Vec<Item>,
}

/// A line of a form: what is asked, and what is answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// What is asked.
    pub label: Vec<Run>,
    /// What is answered.
    pub value: Vec<Run>,
}

/// A cell of a table.
pub type Cell = Vec<Run>;

/// Which edge of its column a cell stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Numbers.
    Right,
}

/// A table. It breaks over pages between its rows, and its header row is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The header row; empty if there is none.
    pub header: Vec<Cell>,
    /// The other rows. Short rows are filled up with empty cells.
    pub rows: Vec<Vec<Cell>>,
    /// How columns are aligned; left where nothing is said.
    pub align: Vec<Align>,
    /// Whether the first cell of each row names the row.
    pub row_headers: bool,
}

/// A part of a figure. Lengths are in points, from the figure's upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A straight line.
    Line {
        /// Where it begins.
        from: (f32, f32),
        /// Where it ends.
        to: (f32, f32),
        /// How thick it is.
        width: f32,
        /// Its colour.
        colour: Colour,
        /// Whether it is dashed.
        dashed: bool,
    },
    /// A filled rectangle.
    Rectangle {
        /// Its upper left corner.
        at: (f32, f32),
        /// Width and height.
        size: (f32, f32),
        /// How round its corners are.
        radius: f32,
        /// Its colour.
        colour: Colour,
    },
    /// A filled circle.
    Circle {
        /// Its centre.
        at: (f32, f32),
        /// Its radius.
        radius: f32,
        /// Its colour.
        colour: Colour,
    },
    /// A filled outline.
    Polygon {
        /// Its corners.
        points: Vec<(f32, f32)>,
        /// Its colour.
        colour: Colour,
    },
    /// One line of text.
    Text {
        /// The left end of its baseline, or the right end if it is aligned right.
        at: (f32, f32),
        /// The text.
        text: String,
        /// Its size in points.
        size: f32,
        /// Whether it is bold.
        bold: bool,
        /// Which end `at` names.
        align: Align,
        /// Its colour.
        colour: Colour,
    },
}

/// A drawing. It is made smaller if it is wider than the page's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Width and height in points.
    pub size: (f32, f32),
    /// Its parts, from back to front.
    pub shapes: Vec<Shape>,
    /// What it shows, for those who do not see it.
    pub alternative: String,
    /// What stands under it.
    pub caption: Vec<Run>,
}

/// A block of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading below the title, of level 1 to 3.
    Heading(u8, Vec<Run>),
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// A list.
    List(List),
    /// Lines of a form.
    Fields(Vec<Field>),
    /// A table.
    Table(Table),
    /// A drawing.
    Figure(Figure),
    /// A remark beside the text.
    Note(Vec<Run>),
    /// What follows begins on a new page.
    PageBreak,
}

impl Block {
    /// A heading of plain text, of level 1 to 3.
    pub fn heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading(level, vec![Run::plain(text)])
    }

    /// A paragraph of plain text.
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph(vec![Run::plain(text)])
    }
}

/// A document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Its title: on the first page, at the head of the others, and in the file's properties.
    pub title: String,
    /// Its language, as a BCP 47 tag.
    pub language: String,
    /// The program named in the file's properties; nothing if empty.
    pub producer: String,
    /// What stands at the foot of each page; `{page}` and `{pages}` are replaced by numbers.
    pub page_words: Option<String>,
    /// A line under the title; nothing if empty.
    pub subtitle: Vec<Run>,
    /// Whether what stands before the first page break is one page by its sense: its lines are set closer if they are a few
    /// too many for it.
    pub closes_up_first_page: bool,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

impl Document {
    /// An empty document.
    pub fn new(title: impl Into<String>, language: impl Into<String>) -> Self {
        Self { title: title.into(), language: language.into(), ..Self::default() }
    }

    /// Sets the document: the bytes of a PDF.
    ///
    /// # Errors
    /// [`TypesetError`] when the file would exceed what a PDF can hold. Text cannot cause any other.
    pub fn to_pdf(&self) -> Result<Vec<u8>, TypesetError> {
        super::draw::pdf(self)
    }
}
