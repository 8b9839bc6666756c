//! Runs of text to measured words: characters are cleaned, faces chosen, glyphs shaped, and the places found where a
//! line may end. Knows nothing of lines and pages.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use krilla::text::{GlyphId, KrillaGlyph};
use rustybuzz::{BufferClusterLevel, Direction, GlyphBuffer, ShapePlan, UnicodeBuffer};
use unicode_linebreak::linebreaks;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::content::{Run, Style};
use super::fonts::{FaceId, face_for, faces};

/// Stands for a character that no face has.
const MISSING: char = '\u{fffd}';
/// Stands for a label while places to break are looked for.
const OBJECT: char = '\u{fffc}';

/// A stretch of one word in one face and style.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub face: FaceId,
    pub style: Style,
    /// Whether it reads from right to left.
    pub rtl: bool,
    /// Whether it has letters that read from left to right.
    pub ltr: bool,
    pub text: Rc<str>,
    pub glyphs: Rc<[KrillaGlyph]>,
    /// In ems, spaces at its end included.
    pub width: f32,
    /// The spaces at its end, in ems.
    pub space: f32,
}

/// What is not divided at the end of a line, if it fits one.
#[derive(Debug, Clone, Default)]
pub(super) struct Word {
    pub parts: Vec<Part>,
    /// Whether the line ends after it.
    pub ends_line: bool,
}

/// Shapes text, and remembers what it shaped: most words of a text come again.
#[derive(Default)]
pub(super) struct Shaper {
    plans: HashMap<PlanKey, ShapePlan>,
    known: HashMap<(Style, Box<str>), Vec<Part>>,
    buffer: Option<UnicodeBuffer>,
}

type PlanKey = (FaceId, bool, rustybuzz::Script);

impl Shaper {
    /// The words of runs.
    pub fn words(&mut self, runs: &[Run]) -> Vec<Word> {
        let mut text = String::new();
        let mut stretches: Vec<(Range<usize>, Style, String)> = Vec::new();
        for run in runs {
            let start = text.len();
            let clean = clean(&run.text);
            if clean.is_empty() {
                continue;
            }
            if run.style == Style::Label {
                text.push(OBJECT);
            } else {
                text.push_str(&clean);
            }
            stretches.push((start..text.len(), run.style, clean));
        }
        let mut words = Vec::new();
        let mut stretches = stretches.into_iter().peekable();
        let mut at = 0;
        for (end, _) in linebreaks(&text) {
            let mut word = Word::default();
            while at < end {
                let Some((range, style, own)) = stretches.peek() else { break };
                let stop = end.min(range.end);
                if *style == Style::Label {
                    word.parts.extend(self.shape(own, Style::Label));
                } else if let Some(piece) = text.get(at..stop) {
                    word.ends_line = piece.ends_with('\n');
                    word.parts.extend(self.shape(piece.trim_end_matches('\n'), *style));
                }
                at = stop;
                if stop == range.end {
                    stretches.next();
                }
            }
            words.push(word);
        }
        words
    }

    /// A text as one stretch, without looking for places to break.
    pub fn stretch(&mut self, text: &str, style: Style) -> Vec<Part> {
        self.shape(&clean(text).replace('\n', " "), style)
    }

    fn shape(&mut self, text: &str, style: Style) -> Vec<Part> {
        if let Some(parts) = self.known.get(&(style, Box::from(text))) {
            return parts.clone();
        }
        let mut parts = Vec::new();
        for (face, piece) in by_face(text, style) {
            for (rtl, piece) in by_direction(&piece) {
                parts.extend(self.part(face, style, rtl, piece));
            }
        }
        self.known.insert((style, text.into()), parts.clone());
        parts
    }

    fn part(&mut self, id: FaceId, style: Style, rtl: bool, text: &str) -> Option<Part> {
        let face = faces().get(id)?;
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.push_str(text);
        // Marks of their own, so that each glyph stands for its own characters in every reader.
        buffer.set_cluster_level(BufferClusterLevel::MonotoneCharacters);
        let direction = if rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.guess_segment_properties();
        buffer.set_direction(direction);
        let script = buffer.script();
        let plan = self
            .plans
            .entry((id, rtl, script))
            .or_insert_with(|| ShapePlan::new(&face.shaping, direction, Some(script), None, &[]));
        let shaped = rustybuzz::shape_with_plan(&face.shaping, plan, buffer);
        let glyphs = glyphs(&shaped, text, rtl, face.units);
        self.buffer = Some(shaped.clear());
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        let kept = text.trim_end_matches(' ').len();
        let spaces = glyphs.iter().filter(|glyph| glyph.text_range.start >= kept);
        let space = spaces.map(|glyph| glyph.x_advance).sum();
        let ltr = !rtl && text.chars().any(char::is_alphabetic);
        Some(Part {
            face: id,
            style,
            rtl,
            ltr,
            text: text.into(),
            glyphs: glyphs.into(),
            width,
            space,
        })
    }
}

/// Glyphs with the bytes of the text that each stands for.
fn glyphs(shaped: &GlyphBuffer, text: &str, rtl: bool, units: f32) -> Vec<KrillaGlyph> {
    let infos = shaped.glyph_infos();
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    if rtl {
        starts.reverse();
    }
    starts.dedup();
    let end_of = |start: usize| {
        let next = starts.partition_point(|other| *other <= start);
        starts.get(next).copied().unwrap_or(text.len())
    };
    infos
        .iter()
        .zip(shaped.glyph_positions())
        .map(|(info, place)| {
            let start = info.cluster as usize;
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                place.x_advance as f32 / units,
                place.x_offset as f32 / units,
                place.y_offset as f32 / units,
                place.y_advance as f32 / units,
                start..end_of(start),
                None,
            )
        })
        .collect()
}

/// Composed letters, plain spaces, no control and no invisible characters. A line feed stays.
fn clean(text: &str) -> String {
    text.nfc()
        .filter_map(|c| match c {
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' | '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => Some(' '),
            '\u{202f}' => Some('\u{a0}'),
            '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}' => None,
            OBJECT | '\u{fffe}' | '\u{ffff}' => Some(MISSING),
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// The text in stretches that one face has. What no face has becomes a replacement character, one for a letter with
/// its marks.
fn by_face(text: &str, style: Style) -> Vec<(FaceId, String)> {
    let mut found: Vec<(FaceId, String)> = Vec::new();
    let mut characters = text.chars().peekable();
    let mut cluster = String::new();
    while let Some(c) = characters.next() {
        cluster.clear();
        cluster.push(printed(c));
        while let Some(mark) = characters.next_if(|c| is_combining_mark(*c)) {
            cluster.push(mark);
        }
        let face = face_for(&cluster, style).or_else(|| {
            cluster.clear();
            cluster.push(MISSING);
            face_for(&cluster, style)
        });
        let Some(face) = face else { continue };
        match found.last_mut() {
            Some((last, so_far)) if *last == face => so_far.push_str(&cluster),
            // Spaces and full stops stay in the face of the word that they follow.
            Some((last, so_far)) if cluster == " " && *last != face => so_far.push(' '),
            _ => found.push((face, cluster.clone())),
        }
    }
    found
}

/// Once it is known where lines may end, spaces and hyphens that forbid it look like any other.
fn printed(c: char) -> char {
    match c {
        '\u{a0}' => ' ',
        '\u{2010}' | '\u{2011}' => '-',
        c => c,
    }
}

/// Stretches that read from right to left, and the others.
fn by_direction(text: &str) -> Vec<(bool, &str)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut rtl = None;
    for (at, c) in text.char_indices() {
        let own = if is_rtl(c) {
            true
        } else if c.is_alphanumeric() {
            false
        } else {
            continue;
        };
        if rtl.is_some_and(|before| before != own) {
            found.extend(text.get(start..at).map(|piece| (!own, piece)));
            start = at;
        }
        rtl = Some(own);
    }
    found.extend(text.get(start..).map(|piece| (rtl.unwrap_or(false), piece)));
    found
}

/// Hebrew, Arabic and the scripts that stand between them in Unicode.
const fn is_rtl(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && !matches!(c, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shaped(text: &str) -> (String, Vec<u32>) {
        let mut shaper = Shaper::default();
        let words = shaper.words(&[Run::plain(text)]);
        let parts: Vec<&Part> = words.iter().flat_map(|word| &word.parts).collect();
        let glyphs = parts.iter().flat_map(|part| part.glyphs.iter().map(|g| g.glyph_id.to_u32()));
        (parts.iter().map(|part| &*part.text).collect(), glyphs.collect())
    }

    #[test]
    fn every_language_of_the_brief_has_its_letters() {
        for text in [
            "Llŷr, tŵr, ŵy, Ŷ",
            "Zażółć gęślą jaźń",
            "Nguyễn Thị Phượng, đường",
            "Ọlájùmọ̀kẹ́ Ẹ̀gbá ṣọ̀rọ̀",
            "Καλημέρα, Добрый день",
            "العربية",
            "✓ → ■ €",
        ] {
            let (back, glyphs) = shaped(text);
            assert!(!glyphs.contains(&0), "{text}");
            assert!(!back.contains(MISSING), "{text}");
        }
    }

    #[test]
    fn what_no_face_has_is_replaced_once_for_a_letter_with_its_marks() {
        for (text, back) in [
            ("字", "\u{fffd}"),
            ("नि", "\u{fffd}"),
            ("a🧑b", "a\u{fffd}b"),
            ("a\u{fffc}b", "a\u{fffd}b"),
        ] {
            let (found, glyphs) = shaped(text);
            assert_eq!(found, back);
            assert!(!glyphs.contains(&0), "{text}");
        }
    }

    #[test]
    fn invisible_and_control_characters_are_dropped() {
        assert_eq!(shaped("a\u{200b}b\u{ad}c\0d\u{feff}e\u{202e}").0, "abcde");
    }
}
