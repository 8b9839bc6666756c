//! Walks a rich text file: keeps the state of each group, and sends text where it belongs. Bounded in depth; a damaged
//! file gives what was read and a problem.

mod groups;
mod tables;

use std::ops::Range;

use super::super::archive::ArchiveFault;
use super::super::compose::Composer;
use super::super::symbols::sign as symbol;
use super::super::{Declared, DocumentProblem, HiddenPlace, field_codes, limits, xml::XmlFault};
use super::code_pages::{CodePage, Fonts, by_number};
use super::destinations::{Destination, Opens, Value, opens};
use super::lexer::{Lexer, Token};

/// What ends with the group in which it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    Nothing,
    Kept(Value),
    Header,
    Note,
    Box,
    Field,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    destination: Destination,
    /// What was the destination around a group that is given twice.
    outer: Destination,
    ends: Ends,
    /// How many characters stand in for a `\u` for readers that do not know it.
    stand_ins: usize,
    font: Option<i32>,
    concealed: bool,
    deleted: bool,
}

/// Where a table stands; text boxes and notes have their own.
#[derive(Debug, Clone, Copy, Default)]
struct Table {
    in_table: bool,
    in_row: bool,
    in_cell: bool,
}

#[derive(Debug, Default)]
struct Form {
    kind: i32,
    result: Option<i32>,
    preset: Option<i32>,
    choices: Vec<String>,
}

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    form: Form,
    taken: usize,
}

struct Reader<'c> {
    composer: &'c mut Composer,
    groups: Vec<Group>,
    /// Values that are being kept, innermost last.
    kept: Vec<String>,
    fields: Vec<Field>,
    tables: Vec<Table>,
    fonts: Fonts,
    file_page: &'static encoding_rs::Encoding,
    /// Bytes of text that wait for the end of their run.
    run: Vec<u8>,
    run_place: Range<usize>,
    high_surrogate: Option<u16>,
    /// Characters to pass over after a `\u`.
    to_pass: usize,
    starred: bool,
    property: String,
    concealed: String,
    deleted: String,
    pictures: usize,
    picture_bytes: u64,
    objects: usize,
    declared: Declared,
}

/// Reads a file.
pub(super) fn read(bytes: &[u8], composer: &mut Composer) {
    let mut reader = Reader {
        composer,
        groups: Vec::new(),
        kept: Vec::new(),
        fields: Vec::new(),
        tables: vec![Table::default()],
        fonts: Fonts::default(),
        file_page: encoding_rs::WINDOWS_1252,
        run: Vec::new(),
        run_place: 0..0,
        high_surrogate: None,
        to_pass: 0,
        starred: false,
        property: String::new(),
        concealed: String::new(),
        deleted: String::new(),
        pictures: 0,
        picture_bytes: 0,
        objects: 0,
        declared: Declared::default(),
    };
    let is_whole = reader.walk(bytes);
    reader.finish(is_whole);
}

impl Reader<'_> {
    /// Reads to the end of the outermost group; answers whether it was there.
    fn walk(&mut self, bytes: &[u8]) -> bool {
        let mut lexer = Lexer::new(bytes);
        while let Some((token, place)) = lexer.next() {
            match token {
                Token::Open => {
                    self.end_run();
                    self.to_pass = 0;
                    if self.groups.len() >= limits::DEEPEST_NESTING {
                        self.composer.report(DocumentProblem::from_xml(XmlFault::TooDeep));
                        return true;
                    }
                    let inner = self.group();
                    self.groups.push(Group { ends: Ends::Nothing, ..inner });
                }
                Token::Close => {
                    self.end_run();
                    self.to_pass = 0;
                    self.close();
                    if self.groups.is_empty() {
                        return true;
                    }
                }
                Token::Word("bin", count) => {
                    lexer.pass(usize::try_from(count.unwrap_or(0)).unwrap_or(0));
                }
                Token::Word(word, number) => self.word(word, number, place),
                Token::Sign(b'*') => self.starred = true,
                Token::Sign(sign) => self.sign(sign),
                Token::Byte(byte) => self.byte(byte, place),
            }
            if self.composer.is_full() {
                return true;
            }
        }
        false
    }

    fn group(&self) -> Group {
        self.groups.last().copied().unwrap_or(Group {
            destination: Destination::Shown,
            outer: Destination::Shown,
            ends: Ends::Nothing,
            stand_ins: 1,
            font: None,
            concealed: false,
            deleted: false,
        })
    }

    fn change(&mut self, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.groups.last_mut() {
            change(group);
        }
    }

    fn byte(&mut self, byte: u8, place: Range<usize>) {
        self.starred = false;
        if self.to_pass > 0 {
            self.to_pass -= 1;
            return;
        }
        match self.group().destination {
            Destination::Picture => self.picture_bytes += 1,
            Destination::Passed | Destination::Fonts => {}
            Destination::Shown | Destination::Kept(_) => {
                if self.run.is_empty() {
                    self.run_place.start = place.start;
                }
                self.run_place.end = place.end;
                self.run.push(byte);
            }
        }
    }

    /// Turns the waiting bytes into characters.
    fn end_run(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.run);
        let place = self.run_place.clone();
        let text = match self.fonts.page(self.group().font, self.file_page) {
            CodePage::Characters(encoding) => {
                encoding.decode_without_bom_handling(&bytes).0.into_owned()
            }
            CodePage::Signs => bytes
                .iter()
                .map(|byte| match byte {
                    b' ' => ' ',
                    byte => symbol("Symbol", u32::from(*byte)),
                })
                .collect(),
        };
        self.text(&text, place);
    }

    fn text(&mut self, text: &str, place: Range<usize>) {
        let group = self.group();
        match group.destination {
            Destination::Kept(_) => {
                if let Some(kept) = self.kept.last_mut()
                    && kept.len() < limits::LONGEST_TEXT_BYTES
                {
                    kept.push_str(text);
                }
            }
            Destination::Shown if group.deleted => self.deleted.push_str(text),
            Destination::Shown if group.concealed => self.concealed.push_str(text),
            Destination::Shown => {
                self.enter_cell();
                if place.is_empty() {
                    self.composer.imply(text);
                } else {
                    self.composer.push(text, place);
                }
            }
            Destination::Passed | Destination::Picture | Destination::Fonts => {}
        }
    }

    fn imply(&mut self, text: &str) {
        self.end_run();
        self.text(text, 0..0);
    }

    fn sign(&mut self, sign: u8) {
        self.starred = false;
        if self.to_pass > 0 {
            self.to_pass -= 1;
            return;
        }
        match sign {
            b'~' => self.imply("\u{a0}"),
            b'_' => self.imply("-"),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>, place: Range<usize>) {
        if word == "u" {
            self.unicode(number.unwrap_or(0), place);
            return;
        }
        self.end_run();
        let starred = std::mem::take(&mut self.starred);
        if let Some(opened) = opens(word) {
            self.enter(opened);
            return;
        }
        if starred {
            self.change(|group| group.destination = Destination::Passed);
            return;
        }
        if self.shown_sign(word) || self.layout(word) {
            return;
        }
        let is_on = number != Some(0);
        match word {
            "uc" => {
                let count = usize::try_from(number.unwrap_or(1)).unwrap_or(0).min(16);
                self.change(|group| group.stand_ins = count);
            }
            "f" => {
                if self.group().destination == Destination::Fonts {
                    self.fonts.start(number.unwrap_or(0));
                }
                self.change(|group| group.font = number);
            }
            "fcharset" => self.fonts.set(number.unwrap_or(0)),
            "mac" => self.file_page = encoding_rs::MACINTOSH,
            "ansicpg" => self.file_page = by_number(number.unwrap_or(1252)),
            "plain" => self.change(|group| {
                group.concealed = false;
                group.deleted = false;
                group.font = None;
            }),
            "v" => self.change(|group| group.concealed = is_on),
            "deleted" => self.change(|group| group.deleted = is_on),
            "nofwords" => self.declared.words = number.and_then(|n| usize::try_from(n).ok()),
            "nofpages" => self.declared.pages = number.and_then(|n| usize::try_from(n).ok()),
            "fftype" => self.form(|form| form.kind = number.unwrap_or(0)),
            "ffres" => self.form(|form| form.result = number),
            "ffdefres" => self.form(|form| form.preset = number),
            _ => {}
        }
    }

    fn form(&mut self, change: impl FnOnce(&mut Form)) {
        if let Some(field) = self.fields.last_mut() {
            change(&mut field.form);
        }
    }

    fn unicode(&mut self, number: i32, place: Range<usize>) {
        self.starred = false;
        self.end_run();
        self.to_pass = self.group().stand_ins;
        // Numbers above 32767 are written as negative ones.
        let unit = u16::try_from(number & 0xffff).unwrap_or(0xfffd);
        let decoded = match (self.high_surrogate.take(), unit) {
            (None, 0xd800..=0xdbff) => {
                self.high_surrogate = Some(unit);
                return;
            }
            (Some(high), _) => char::decode_utf16([high, unit]).next(),
            (None, _) => char::decode_utf16([unit]).next(),
        };
        let mut character = decoded.and_then(Result::ok).unwrap_or('\u{fffd}');
        if ('\u{f000}'..='\u{f0ff}').contains(&character) {
            character = symbol("Wingdings", u32::from(character));
        }
        if character != '\0' {
            self.text(character.encode_utf8(&mut [0; 4]), place);
        }
    }

    /// Words that stand for a character.
    fn shown_sign(&mut self, word: &str) -> bool {
        let sign = match word {
            "emdash" => "—",
            "endash" => "–",
            "lquote" => "‘",
            "rquote" => "’",
            "ldblquote" => "“",
            "rdblquote" => "”",
            "bullet" => "•",
            "emspace" | "enspace" | "qmspace" => " ",
            "tab" => "\t",
            "line" => "\n",
            _ => return false,
        };
        self.imply(sign);
        true
    }

    fn finish(mut self, is_whole: bool) {
        self.end_run();
        for text in std::mem::take(&mut self.kept) {
            self.composer.hide(HiddenPlace::Concealed, &text);
        }
        self.keep_hidden();
        self.composer.close_all();
        if !is_whole {
            self.composer.report(ArchiveFault::Damaged.problem());
        }
        if self.pictures > 0 {
            self.composer.report(DocumentProblem::note(
                "pictures_left_out",
                "the document has pictures, which are not read and not shown",
            ));
        }
        let words = self.composer.words();
        // Pictures are written in hexadecimal, and bitmaps unpacked: some ten times what a packed one takes.
        if self.pictures > 0 && super::super::is_mostly_pictures(words, self.picture_bytes / 10) {
            self.composer.report(DocumentProblem::mostly_pictures());
        }
        if self.objects > 0 {
            self.composer.report(DocumentProblem::embedded(self.objects, words));
        }
        if let Some(problem) = DocumentProblem::fewer_words(self.declared, words) {
            self.composer.report(problem);
        }
    }
}
