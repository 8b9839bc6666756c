//! The text operators: positions, spacing, and the glyphs that a string shows.

use lopdf::Dictionary;

use super::content::{MOST_PAGE_GLYPHS, Runner};
use super::geometry::{Matrix, Point};
use super::glyph::{Glyph, Unseen};
use super::tokens::Operand;

impl<'a> Runner<'a, '_> {
    pub(super) fn take_text(
        &mut self,
        operator: &[u8],
        operands: &[Operand<'_>],
        numbers: &[f64],
        resources: Option<&'a Dictionary>,
    ) {
        let first = numbers.first().copied();
        match operator {
            b"BT" => {
                self.text_place = Matrix::IDENTITY;
                self.line_place = Matrix::IDENTITY;
            }
            b"Tf" => {
                if let Some(name) = operands.first().and_then(Operand::name) {
                    self.select_font(name, first.unwrap_or(0.0), resources);
                }
            }
            b"Tc" => self.state.character_spacing = first.unwrap_or(0.0),
            b"Tw" => self.state.word_spacing = first.unwrap_or(0.0),
            b"Tz" => self.state.stretch = first.unwrap_or(100.0) / 100.0,
            b"TL" => self.state.leading = first.unwrap_or(0.0),
            b"Ts" => self.state.rise = first.unwrap_or(0.0),
            b"Tr" => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "clamped to the modes that there are"
                )]
                let mode = first.unwrap_or(0.0).clamp(0.0, 7.0) as u8;
                self.state.mode = mode;
            }
            b"Td" | b"TD" => {
                if let [x, y] = *numbers {
                    if operator == b"TD" {
                        self.state.leading = -y;
                    }
                    self.move_line(x, y);
                }
            }
            b"Tm" if numbers.len() == 6 => {
                self.line_place = Matrix::from_numbers(numbers);
                self.text_place = self.line_place;
            }
            b"T*" => self.move_line(0.0, -self.state.leading),
            b"Tj" => self.show_last(operands),
            b"'" => {
                self.move_line(0.0, -self.state.leading);
                self.show_last(operands);
            }
            b"\"" => {
                if let [word, character, ..] = *numbers {
                    self.state.word_spacing = word;
                    self.state.character_spacing = character;
                }
                self.move_line(0.0, -self.state.leading);
                self.show_last(operands);
            }
            b"TJ" => {
                if let Some(Operand::Array(parts)) = operands.last() {
                    self.show_parts(parts);
                }
            }
            _ => {}
        }
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line_place = Matrix::shift(x, y).then(self.line_place);
        self.text_place = self.line_place;
    }

    fn show_last(&mut self, operands: &[Operand<'_>]) {
        if let Some(bytes) = operands.last().and_then(Operand::text) {
            self.show(bytes);
        }
    }

    fn show_parts(&mut self, parts: &[Operand<'_>]) {
        for part in parts {
            match part {
                Operand::Text(bytes) => self.show(bytes),
                Operand::Number(back) => {
                    let shift = -back / 1000.0 * self.state.size;
                    let vertical = self.state.font.as_ref().is_some_and(|font| font.is_vertical());
                    let shift = if vertical {
                        Matrix::shift(0.0, shift)
                    } else {
                        Matrix::shift(shift * self.state.stretch, 0.0)
                    };
                    self.text_place = shift.then(self.text_place);
                }
                _ => {}
            }
        }
    }

    fn show(&mut self, bytes: &[u8]) {
        if self.shown.glyphs.len() > MOST_PAGE_GLYPHS {
            self.shared.exhaust();
            return;
        }
        let Some(font) = self.state.font.clone() else { return };
        let base = self.text_place.then(self.state.place);
        let state = &self.state;
        let (size, stretch) = (state.size, state.stretch);
        let along = base.a.hypot(base.b);
        let towards = (size * stretch).signum() / along.max(1.0e-9);
        let across = Point { x: base.a * towards, y: base.b * towards };
        let down = Point { x: across.y, y: -across.x };
        let height = size.abs() * base.c.hypot(base.d);
        let unseen = if self.marks.is_hidden() {
            Some(Unseen::Layer)
        } else if matches!(state.mode, 3 | 7) || state.opacity < 0.05 {
            Some(Unseen::NotDrawn)
        } else {
            None
        };
        let colour = match state.mode {
            0 | 4 => state.fill,
            // Outlines show where fills do not.
            _ => None,
        };
        let (clip, order) = (state.clip, self.shown.paints.len());
        let (character_spacing, word_spacing, rise) =
            (state.character_spacing, state.word_spacing, state.rise);
        let shared = self.shared;
        let shown = &mut self.shown;
        let mut pen = Point::default();
        font.show(bytes, |glyph| {
            let from = shown.text.len();
            match &glyph.text {
                Some(text) => shown.text.push_str(text),
                None => {
                    shown.unreadable += 1;
                    shown.text.push('\u{fffd}');
                }
            }
            let is_blank = glyph.text.as_deref().is_some_and(|text| text.trim().is_empty());
            let origin = base.apply(Point { x: pen.x, y: pen.y + rise });
            let spacing = character_spacing + if glyph.is_space { word_spacing } else { 0.0 };
            let width = glyph.advance.abs() * size.abs();
            let mut drawn = Glyph {
                text: from..shown.text.len(),
                origin,
                direction: if glyph.vertical { down } else { across },
                size: height,
                width: width
                    * if glyph.vertical {
                        height / size.abs().max(1.0e-9)
                    } else {
                        along * stretch.abs()
                    },
                spacing: character_spacing * along * stretch.abs(),
                order,
                colour,
                bold: font.is_bold(),
                is_blank,
                unseen,
            };
            let centre = drawn.area().centre();
            if drawn.unseen.is_none() && !clip.holds(centre) && !is_blank {
                drawn.unseen = Some(Unseen::Outside);
            }
            shared.count_glyph();
            shown.glyphs.push(drawn);
            if glyph.vertical {
                pen.y += glyph.advance * size - spacing;
            } else {
                pen.x += (glyph.advance * size + spacing) * stretch;
            }
        });
        self.text_place = Matrix::shift(pen.x, pen.y).then(self.text_place);
    }
}
