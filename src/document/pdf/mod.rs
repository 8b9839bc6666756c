//! PDF: pages to text with page and box of each word. `lopdf` reads objects; everything above them is here. Draws
//! nothing, runs no script, follows no link, and does not know what is in an application.
//!
//! The way of a page: `pages` finds it, `content` runs its drawing with the fonts of `font`, `paint` decides what can
//! be seen, `layout` makes words and lines of glyphs, `forms` adds what was filled in; when all pages are read,
//! `running` takes out what they repeat, `write` writes them down, `hyphens` joins words that were parted.

mod annotations;
mod content;
mod dots;
mod draw;
mod fields;
mod file;
mod font;
mod forms;
mod geometry;
mod glyph;
mod hyphens;
mod layers;
mod layout;
mod marks;
mod markup;
mod outside;
mod pages;
mod paint;
mod path;
mod problems;
mod ruling;
mod running;
mod show;
mod state;
mod tokens;
mod write;
mod xfa;

use std::collections::BTreeMap;
use std::ops::Range;

use lopdf::{Dictionary, Object, Stream};

use self::content::{Runner, Shared, Shown};
use self::file::{File, Refusal};
use self::geometry::Area;
use self::glyph::Unseen;
use self::layout::Line;
use self::outside::Outside;
use self::pages::Page;
use self::running::LaidOut;
use self::write::{Looks, Writer};
use self::xfa::Filled;
use super::{DocumentText, HiddenPlace, limits, plain};

/// Reads a PDF.
pub(super) fn read(bytes: &[u8]) -> DocumentText {
    let file = match File::open(bytes) {
        Ok(file) => file,
        Err(refusal) => {
            let problem = match refusal {
                Refusal::Locked => problems::locked(),
                Refusal::Damaged => problems::damaged(),
                Refusal::Overgrown => problems::too_complex(),
            };
            return DocumentText { problems: vec![problem], ..DocumentText::default() };
        }
    };
    Reading::new(&file).finish(bytes.len())
}

/// What is found out about the pages while they are read.
struct Reading<'a> {
    file: &'a File,
    shared: Shared<'a>,
    writer: Writer,
    laid_out: Vec<LaidOut>,
    outside: Outside,
    forms: forms::Seen,
    unseen: BTreeMap<Unseen, (usize, Vec<usize>)>,
    /// Bytes of the words so far.
    bytes: usize,
    characters: usize,
    unreadable: usize,
    damaged: Vec<usize>,
    pictures: Vec<usize>,
    recognised: Vec<usize>,
    /// How many values come from the form's data and stand on no page.
    from_data: usize,
}

impl<'a> Reading<'a> {
    fn new(file: &'a File) -> Self {
        Self {
            file,
            shared: Shared::new(file),
            writer: Writer::default(),
            laid_out: Vec::new(),
            outside: Outside::default(),
            forms: forms::Seen::default(),
            unseen: BTreeMap::new(),
            bytes: 0,
            characters: 0,
            unreadable: 0,
            damaged: Vec::new(),
            pictures: Vec::new(),
            recognised: Vec::new(),
            from_data: 0,
        }
    }

    fn finish(mut self, size: usize) -> DocumentText {
        let pages = pages::find(self.file);
        for (place, page) in pages.pages.iter().enumerate() {
            self.page(place + 1, page);
            if self.file.is_late() {
                self.shared.exhaust();
            }
            if self.shared.is_exhausted() || self.bytes > limits::LONGEST_TEXT_BYTES {
                break;
            }
        }
        self.write();
        outside::collect(self.file, &mut self.outside);
        fields::collect(self.file, &self.forms, &mut self.outside);
        self.judge(&pages, size);
        let mut document = self.writer.document;
        document.hidden = self.outside.texts;
        document
    }

    fn write(&mut self) {
        if fields::is_dynamic(self.file) {
            let filled = fields::filled_beside(self.file, &self.forms, "", &mut self.outside);
            if !filled.is_empty() {
                self.replace_pages(&filled);
                return;
            }
        }
        let repeated = running::take_out(&mut self.laid_out);
        let looks = Looks::of(&self.laid_out);
        for page in &self.laid_out {
            self.writer.page(page, looks);
        }
        for page in &repeated {
            self.writer.furniture(page.number, &page.lines, &page.source);
        }
        let text = &self.writer.document.text;
        let filled = fields::filled_beside(self.file, &self.forms, text, &mut self.outside);
        self.add_filled(&filled);
        hyphens::join(&mut self.writer.document);
    }

    /// What was filled in to a form that only its own program can draw. Its pages only say so, and are kept apart.
    fn replace_pages(&mut self, filled: &[Filled]) {
        for page in std::mem::take(&mut self.laid_out) {
            let cells = page.lines.iter().flat_map(|line| &line.cells);
            let words: Vec<&str> =
                cells.flat_map(|cell| &cell.words).map(|word| word.text.as_str()).collect();
            self.outside.add(HiddenPlace::Concealed, &words.join(" "));
        }
        self.add_filled(filled);
    }

    fn add_filled(&mut self, filled: &[Filled]) {
        if filled.is_empty() {
            return;
        }
        self.from_data = filled.len();
        let number = self.laid_out.len().max(1);
        let lines = forms::unplaced(filled);
        self.writer.furniture(number, &lines, &(0..0));
    }

    fn page(&mut self, number: usize, page: &Page<'a>) {
        let faults = self.file.faults();
        let view = page.view();
        let mut runner = Runner::new(&self.shared, view);
        let (content, source) = contents(self.file, page.dictionary);
        runner.run(&content, page.resources);
        let entries = annotations::read(
            &mut runner,
            page.dictionary,
            view,
            &mut self.forms,
            &mut self.outside,
        );
        let mut shown = runner.shown;
        if shown.glyphs.len().saturating_mul(shown.paints.len()) > paint::MOST_COMPARED {
            self.shared.exhaust();
        } else {
            let scanned = paint::mark_unseen(&mut shown.glyphs, &shown.paints, page.seen());
            if scanned {
                self.recognised.push(number);
            }
        }
        for text in &shown.described {
            self.outside.add(HiddenPlace::AltText, text);
        }
        let mut lines = layout::lines(&mut shown, entries.is_empty());
        dots::mark(&mut lines, &shown.dots);
        let entered = entries.iter().map(|entry| entry.text.len()).sum::<usize>();
        forms::place(&mut lines, entries);
        self.note_page(number, page.seen(), &shown, &lines, entered);
        if self.file.faults() > faults {
            self.damaged.push(number);
        }
        self.laid_out.push(LaidOut { number, lines, source });
    }

    fn note_page(
        &mut self,
        number: usize,
        seen: Area,
        shown: &Shown,
        lines: &[Line],
        entered: usize,
    ) {
        let words = || lines.iter().flat_map(|line| &line.cells).flat_map(|cell| &cell.words);
        for word in words() {
            if let Some(reason) = word.unseen {
                let (count, pages) = self.unseen.entry(reason).or_default();
                *count += 1;
                if pages.last() != Some(&number) {
                    pages.push(number);
                }
            }
        }
        let characters = words().map(|word| word.text.chars().count()).sum::<usize>();
        self.bytes += words().map(|word| word.text.len()).sum::<usize>();
        self.characters += characters;
        self.unreadable += shown.unreadable;
        let painted: f64 = shown
            .paints
            .iter()
            .filter(|paint| paint.image)
            .map(|paint| paint.area.clipped_to(seen).size())
            .sum();
        let share = painted / seen.size().max(1.0);
        // A page of a letter with a logo has more words than this; a scan with a stamp or page number has fewer.
        let few = characters < 60 && entered == 0;
        if few && (share > 0.3 || shown.strokes > 2_000) {
            self.pictures.push(number);
            self.recognised.retain(|recognised| *recognised != number);
        }
    }

    /// Says what is wrong, most important first.
    fn judge(&mut self, pages: &pages::Pages<'a>, size: usize) {
        let page_count = pages.pages.len();
        let mut found = Vec::new();
        if page_count == 0 {
            found.push(problems::no_pages());
        }
        let dynamic = fields::is_dynamic(self.file);
        if dynamic && self.from_data == 0 {
            found.push(problems::dynamic_form());
        }
        if self.shared.is_exhausted() || self.file.has_burst() {
            found.push(problems::too_complex());
        }
        if pages.more {
            found.push(problems::too_many_pages());
        }
        if self.writer.is_full {
            found.push(plain::truncated());
        }
        if !self.damaged.is_empty() && !self.file.has_burst() {
            found.push(problems::unreadable_parts(&self.damaged));
        }
        if !self.pictures.is_empty() {
            found.push(problems::pictures(&self.pictures));
        } else if !(dynamic && self.from_data > 0)
            && page_count > 0
            && self.characters < 40 * page_count
            && size > 60_000 * page_count
        {
            found.push(problems::little_text(self.characters, page_count));
        }
        if self.from_data > 0 {
            found.push(problems::form_data(self.from_data, dynamic));
        }
        if self.unreadable > 0 {
            let many = self.unreadable > 20 && self.unreadable * 20 > self.characters;
            found.push(problems::unreadable_font(self.unreadable, many));
        }
        if !self.recognised.is_empty() {
            found.push(problems::recognised(&self.recognised));
        }
        found.extend(problems::unseen(&self.unseen));
        if self.file.was_rebuilt() {
            found.push(problems::rebuilt());
        }
        if pages.broken && page_count > 0 {
            found.push(problems::broken_pages());
        }
        if self.outside.attachments > 0 {
            found.push(problems::attachments(self.outside.attachments));
        }
        self.writer.document.problems = found;
    }
}

/// The content of a page, its streams joined, and where the first of them stands in the file.
fn contents(file: &File, page: &Dictionary) -> (Vec<u8>, Range<usize>) {
    let streams: Vec<&Stream> = match file.get(page, b"Contents") {
        Some(Object::Stream(stream)) => vec![stream],
        Some(Object::Array(parts)) => parts
            .iter()
            .take(10_000)
            .filter_map(|part| match file.resolve(part) {
                Object::Stream(stream) => Some(stream),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let start = streams.first().and_then(|stream| stream.start_position).unwrap_or(0);
    let length = streams.first().map_or(0, |stream| stream.content.len());
    let mut content = Vec::new();
    for stream in streams {
        content.extend_from_slice(&file.unpack(stream));
        // A token may not run from one stream into the next.
        content.push(b'\n');
        if content.len() > limits::LARGEST_UNPACKED_BYTES {
            break;
        }
    }
    (content, start..start + length)
}
