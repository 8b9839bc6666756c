//! Runs a page's content stream as far as its text goes: state, text, forms within forms, marked content. What is
//! painted beside text is kept as areas. Bounded in operators, glyphs and depth; never fails, since damage only makes
//! for less text.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use lopdf::{Dictionary, Object, Stream};

use super::file::File;
use super::font::Font;
use super::geometry::{Area, Matrix};
use super::glyph::Glyph;
use super::layers::Layers;
use super::marks::Marks;
use super::paint::Paint;
use super::path::Path;
use super::ruling::Ruling;
use super::state::{self, ColourSpace, State};
use super::tokens::{Operand, Token, Tokens};
use crate::document::limits;

/// Forms within forms.
const DEEPEST_FORM: usize = 12;
/// Saved states.
const DEEPEST_STATE: usize = 256;
/// Operands before one operator.
const MOST_OPERANDS: usize = 64;
/// Operators of one document; a dense page has some ten thousand.
const MOST_OPERATORS: usize = 5_000_000;
/// Fonts of one document, each of which keeps its tables in memory; 300 pages that were printed one by one have some
/// thousand.
const MOST_FONTS: usize = 2_000;
/// Glyphs of one document; a dense page has some six thousand.
const MOST_GLYPHS: usize = 1_500_000;
/// Glyphs of one page.
pub(super) const MOST_PAGE_GLYPHS: usize = 200_000;

/// What the pages of one document share.
pub(super) struct Shared<'a> {
    pub(super) file: &'a File,
    pub(super) layers: Layers,
    fonts: RefCell<HashMap<usize, Rc<Font<'a>>>>,
    operators: Cell<usize>,
    glyphs: Cell<usize>,
    exhausted: Cell<bool>,
}

impl<'a> Shared<'a> {
    pub(super) fn new(file: &'a File) -> Self {
        Self {
            file,
            layers: Layers::of(file),
            fonts: RefCell::default(),
            operators: Cell::new(0),
            glyphs: Cell::new(0),
            exhausted: Cell::new(false),
        }
    }

    /// Stops reading.
    pub(super) fn exhaust(&self) {
        self.exhausted.set(true);
    }

    /// Whether reading stopped before the end because a bound was reached.
    pub(super) fn is_exhausted(&self) -> bool {
        self.exhausted.get()
    }

    fn font(&self, dictionary: &'a Dictionary) -> Rc<Font<'a>> {
        let identity = std::ptr::from_ref(dictionary) as usize;
        if let Some(known) = self.fonts.borrow().get(&identity) {
            return Rc::clone(known);
        }
        // Fonts are what takes longest between two operators.
        if self.file.is_late() || self.fonts.borrow().len() >= MOST_FONTS {
            self.exhausted.set(true);
        }
        let font = Rc::new(Font::new(self.file, dictionary));
        self.fonts.borrow_mut().insert(identity, Rc::clone(&font));
        font
    }

    /// Counts an operator, and tells whether to go on.
    fn goes_on(&self) -> bool {
        let count = self.operators.get() + 1;
        self.operators.set(count);
        if count > MOST_OPERATORS
            || self.glyphs.get() > MOST_GLYPHS
            || count.is_multiple_of(4096) && self.file.is_late()
        {
            self.exhausted.set(true);
        }
        !self.exhausted.get()
    }

    pub(super) fn count_glyph(&self) {
        self.glyphs.set(self.glyphs.get() + 1);
    }
}

/// What a page shows.
#[derive(Default)]
pub(super) struct Shown {
    /// The words of its glyphs, in order of drawing.
    pub(super) text: String,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) paints: Vec<Paint>,
    /// Glyphs whose character cannot be found out.
    pub(super) unreadable: usize,
    /// Parts of drawn lines and shapes.
    pub(super) strokes: usize,
    /// Filled shapes that may be bullets.
    pub(super) dots: Vec<Area>,
    /// Lines that may part the cells of tables.
    pub(super) rulings: Vec<Ruling>,
    /// Descriptions, and words that a replacement stands for.
    pub(super) described: Vec<String>,
}

impl Shown {
    /// Takes out the glyphs that were drawn last, from a number on, as a page of their own.
    pub(super) fn take_glyphs(&mut self, from: usize) -> Self {
        let mut taken = Self::default();
        for mut glyph in self.glyphs.split_off(from.min(self.glyphs.len())) {
            let start = taken.text.len();
            taken.text.push_str(self.text.get(glyph.text).unwrap_or_default());
            glyph.text = start..taken.text.len();
            taken.glyphs.push(glyph);
        }
        taken
    }
}

/// Runs content streams onto a page.
pub(super) struct Runner<'a, 'b> {
    pub(super) shared: &'b Shared<'a>,
    pub(super) shown: Shown,
    pub(super) state: State<'a>,
    saved: Vec<State<'a>>,
    pub(super) marks: Marks,
    pub(super) path: Path,
    pub(super) clips: bool,
    pub(super) line_place: Matrix,
    pub(super) text_place: Matrix,
    depth: usize,
}

impl<'a, 'b> Runner<'a, 'b> {
    pub(super) fn new(shared: &'b Shared<'a>, view: Matrix) -> Self {
        Self {
            shared,
            shown: Shown::default(),
            state: State::new(view, Area::EVERYTHING),
            saved: Vec::new(),
            marks: Marks::default(),
            path: Path::default(),
            clips: false,
            line_place: Matrix::IDENTITY,
            text_place: Matrix::IDENTITY,
            depth: 0,
        }
    }

    /// Forgets the state, as between a page and each of its annotations.
    pub(super) fn reset(&mut self, view: Matrix) {
        self.state = State::new(view, Area::EVERYTHING);
        self.saved.clear();
        self.marks = Marks::default();
        self.path = Path::default();
        self.clips = false;
    }

    /// Draws a form into a rectangle, as annotations are drawn.
    pub(super) fn draw_appearance(&mut self, stream: &'a Stream, into: Area) {
        let file = self.shared.file;
        let matrix = Matrix::from_numbers(&file.get_numbers(&stream.dict, b"Matrix", 6));
        let Some(inner) = Area::from_numbers(&file.get_numbers(&stream.dict, b"BBox", 4)) else {
            return;
        };
        let inner = matrix.apply_to_box(inner);
        let scale = |to: f64, from: f64| if from > 0.0 { to / from } else { 1.0 };
        let (a, d) = (scale(into.width(), inner.width()), scale(into.height(), inner.height()));
        let fit = Matrix {
            a,
            d,
            e: into.left - inner.left * a,
            f: into.bottom - inner.bottom * d,
            ..Matrix::IDENTITY
        };
        let before = self.state.clone();
        self.state.place = fit.then(self.state.place);
        self.draw_form(stream, None);
        self.state = before;
    }

    /// Runs one content stream.
    pub(super) fn run(&mut self, content: &[u8], resources: Option<&'a Dictionary>) {
        let mut tokens = Tokens::new(content);
        let mut operands: Vec<Operand<'_>> = Vec::new();
        while let Some(token) = tokens.next() {
            match token {
                Token::Operand(operand) => {
                    if operands.len() >= MOST_OPERANDS {
                        operands.remove(0);
                    }
                    operands.push(operand);
                }
                Token::Operator(b"BI") => {
                    tokens.skip_inline_image();
                    self.paint_image(true);
                    operands.clear();
                }
                Token::Operator(operator) => {
                    if !self.shared.goes_on() {
                        return;
                    }
                    self.take(operator, &operands, resources);
                    operands.clear();
                }
            }
        }
    }

    fn take(
        &mut self,
        operator: &[u8],
        operands: &[Operand<'_>],
        resources: Option<&'a Dictionary>,
    ) {
        let mut numbers = [0.0; 6];
        let mut count = 0;
        for (slot, number) in numbers.iter_mut().zip(operands.iter().filter_map(Operand::number)) {
            *slot = number;
            count += 1;
        }
        let numbers = numbers.get(..count).unwrap_or_default();
        let name = operands.last().and_then(Operand::name);
        match operator {
            b"q" => {
                if self.saved.len() < DEEPEST_STATE {
                    self.saved.push(self.state.clone());
                }
            }
            b"Q" => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            b"cm" => self.state.place = Matrix::from_numbers(numbers).then(self.state.place),
            b"gs" => self.take_settings(name, resources),
            b"w" => self.state.line_width = numbers.first().copied().unwrap_or(1.0),
            b"Do" => self.draw_object(name, resources),
            b"sh" => {
                let area = self.state.clip;
                self.paint(area, None, false);
            }
            b"g" | b"rg" | b"k" => {
                self.state.space = ColourSpace::Plain;
                self.state.fill = state::colour(numbers);
            }
            b"G" | b"RG" | b"K" => self.state.line = state::colour(numbers),
            b"cs" => {
                let name = name.unwrap_or_default();
                (self.state.space, self.state.fill) =
                    state::colour_space(self.shared.file, resources, name);
            }
            b"CS" => self.state.line = None,
            b"sc" | b"scn" => {
                let plain = self.state.space == ColourSpace::Plain && name.is_none();
                self.state.fill = if plain { state::colour(numbers) } else { None };
            }
            b"SC" | b"SCN" => self.state.line = None,
            b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" => self.build(operator, numbers),
            b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" | b"n" => {
                self.finish_path(operator);
            }
            b"W" | b"W*" => self.clips = true,
            b"BMC" => self.begin_mark(None, resources),
            b"BDC" => self.begin_mark(operands.get(..2), resources),
            b"EMC" => self.end_mark(),
            _ => self.take_text(operator, operands, numbers, resources),
        }
    }

    fn take_settings(&mut self, name: Option<&[u8]>, resources: Option<&'a Dictionary>) {
        let file = self.shared.file;
        let settings = name.and_then(|name| {
            let all = file.get_dictionary(resources?, b"ExtGState")?;
            file.get_dictionary(all, name)
        });
        let Some(settings) = settings else { return };
        self.state.apply(file, settings);
        if let Some([font, size]) = file.get_array(settings, b"Font")
            && let Some(font) = file.dictionary(font)
        {
            self.state.font = Some(self.shared.font(font));
            self.state.size = file.number(size).unwrap_or(0.0);
        }
    }

    /// Selects a font by its name among the resources.
    pub(super) fn select_font(
        &mut self,
        name: &[u8],
        size: f64,
        resources: Option<&'a Dictionary>,
    ) {
        let file = self.shared.file;
        self.state.size = size;
        let font = resources
            .and_then(|resources| file.get_dictionary(resources, b"Font"))
            .and_then(|fonts| file.get_dictionary(fonts, name));
        // A font that is missing is read as the usual Latin one: the words are mostly right.
        self.state.font = Some(self.shared.font(font.unwrap_or(file.nothing())));
    }

    fn draw_object(&mut self, name: Option<&[u8]>, resources: Option<&'a Dictionary>) {
        let file = self.shared.file;
        let stream = name.and_then(|name| {
            let all = file.get_dictionary(resources?, b"XObject")?;
            file.get_stream(all, name)
        });
        let Some(stream) = stream else { return };
        let hidden = self.shared.layers.hide(file, &stream.dict, b"OC");
        if hidden {
            self.marks.hide();
        }
        match file.get_name(&stream.dict, b"Subtype") {
            Some(b"Form") => self.draw_form(stream, resources),
            Some(b"Image") if !hidden => {
                let see_through = [&b"SMask"[..], b"Mask", b"ImageMask"].iter().any(|key| {
                    !matches!(file.get(&stream.dict, key), None | Some(Object::Boolean(false)))
                });
                self.paint_image(!see_through);
            }
            _ => {}
        }
        if hidden {
            self.marks.unhide();
        }
    }

    fn draw_form(&mut self, stream: &'a Stream, outer: Option<&'a Dictionary>) {
        if self.depth >= DEEPEST_FORM {
            return;
        }
        let file = self.shared.file;
        let content = file.unpack(stream);
        let before = (self.state.clone(), self.line_place, self.text_place);
        let saved = std::mem::take(&mut self.saved);
        let marks = self.marks.depth();
        let matrix = Matrix::from_numbers(&file.get_numbers(&stream.dict, b"Matrix", 6));
        self.state.place = matrix.then(self.state.place);
        if let Some(area) = Area::from_numbers(&file.get_numbers(&stream.dict, b"BBox", 4)) {
            let area = self.state.place.apply_to_box(area);
            self.state.clip = self.state.clip.clipped_to(area);
        }
        self.depth += 1;
        let resources = file.get_dictionary(&stream.dict, b"Resources").or(outer);
        self.run(&content, resources);
        self.depth -= 1;
        while self.marks.depth() > marks {
            self.end_mark();
        }
        self.saved = saved;
        (self.state, self.line_place, self.text_place) = before;
    }

    fn begin_mark(&mut self, tag: Option<&[Operand<'_>]>, resources: Option<&'a Dictionary>) {
        let file = self.shared.file;
        let (mut actual, mut hidden) = (None, false);
        if let Some([tag, properties]) = tag {
            match properties {
                Operand::Dictionary(_) => {
                    let text = |key| properties.member(key).and_then(Operand::text);
                    actual = text(b"ActualText").map(super::file::decode_text);
                    if let Some(alt) = text(b"Alt") {
                        self.describe(super::file::decode_text(alt));
                    }
                }
                Operand::Name(name) => {
                    let all = resources.and_then(|all| file.get_dictionary(all, b"Properties"));
                    if let Some(all) = all {
                        hidden =
                            tag.name() == Some(b"OC") && self.shared.layers.hide(file, all, name);
                        if let Some(properties) = file.get_dictionary(all, name) {
                            actual = file.get_text(properties, b"ActualText");
                            if let Some(alt) = file.get_text(properties, b"Alt") {
                                self.describe(alt);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        self.marks.begin(actual, self.shown.glyphs.len(), hidden);
    }

    fn end_mark(&mut self) {
        if let Some((actual, from)) = self.marks.end()
            && let Some(replaced) = super::marks::replace(&mut self.shown, &actual, from)
        {
            self.describe(replaced);
        }
    }

    fn describe(&mut self, text: String) {
        if self.shown.described.len() < limits::MOST_HIDDEN_TEXTS && !text.trim().is_empty() {
            self.shown.described.push(text);
        }
    }
}
