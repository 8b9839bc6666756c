//! Glyphs made ready for reading: those drawn twice for weight or shadow count once, and accents drawn apart join
//! their letters.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::super::content::Shown;
use super::super::glyph::Glyph;

/// Which glyphs are read, in order of drawing.
pub(super) fn prepare(shown: &mut Shown) -> Vec<usize> {
    let kept = without_doubles(shown);
    join_accents(shown, &kept);
    drop_covered_hyphens(shown, &kept);
    kept
}

/// A page with more glyphs than this is a drawing, and is not searched for doubles: a dense page has some ten thousand.
const MOST_GLYPHS: usize = 60_000;

/// Drops a glyph that says the same at the same place as an earlier one.
fn without_doubles(shown: &Shown) -> Vec<usize> {
    let mut seen: HashMap<(&str, i64, i64), Vec<usize>> = HashMap::new();
    let mut kept = Vec::with_capacity(shown.glyphs.len());
    for (number, glyph) in shown.glyphs.iter().enumerate() {
        let text = shown.text.get(glyph.text.clone()).unwrap_or_default();
        if text.is_empty() {
            continue;
        }
        if glyph.is_blank || !glyph.origin.is_believable() || shown.glyphs.len() > MOST_GLYPHS {
            kept.push(number);
            continue;
        }
        let (x, y, near) = (glyph.origin.x, glyph.origin.y, nearness(glyph));
        let doubled = (cell(x - near)..=cell(x + near)).any(|across| {
            (cell(y - near)..=cell(y + near)).any(|up| {
                seen.get(&(text, across, up)).is_some_and(|others| {
                    others
                        .iter()
                        .filter_map(|other| shown.glyphs.get(*other))
                        .any(|other| is_double(glyph, other))
                })
            })
        });
        if !doubled {
            kept.push(number);
            let place = seen.entry((text, cell(x), cell(y))).or_default();
            // Many glyphs in one place are a drawing, not words.
            if place.len() < 4 {
                place.push(number);
            }
        }
    }
    kept
}

/// A place in a grid of four points.
#[expect(clippy::cast_possible_truncation, reason = "believable coordinates fit")]
fn cell(value: f64) -> i64 {
    (value / 4.0).floor() as i64
}

/// How near the same glyph stands again when it is drawn for weight.
fn nearness(glyph: &Glyph) -> f64 {
    (glyph.size * 0.12).min(glyph.width * 0.45).min(4.0)
}

fn is_double(glyph: &Glyph, other: &Glyph) -> bool {
    let apart = glyph.origin.minus(other.origin);
    apart.dot(apart).sqrt() < nearness(glyph) && (glyph.size - other.size).abs() < glyph.size * 0.2
}

/// The mark that combines with a letter, for an accent that stands alone.
fn combining(accent: &str) -> Option<char> {
    Some(match accent {
        "´" | "ˊ" | "\u{301}" => '\u{301}',
        "`" | "ˋ" | "\u{300}" => '\u{300}',
        "ˆ" | "^" | "\u{302}" => '\u{302}',
        "˜" | "\u{303}" => '\u{303}',
        "¨" | "\u{308}" => '\u{308}',
        "¯" | "ˉ" | "\u{304}" => '\u{304}',
        "˘" | "\u{306}" => '\u{306}',
        "˙" | "\u{307}" => '\u{307}',
        "˚" | "°" | "\u{30a}" => '\u{30a}',
        "˝" | "\u{30b}" => '\u{30b}',
        "ˇ" | "\u{30c}" => '\u{30c}',
        "¸" | "\u{327}" => '\u{327}',
        "˛" | "\u{328}" => '\u{328}',
        _ => return None,
    })
}

/// Older typesetters draw `é` as an accent over an `e`: two glyphs in one place, in either order.
fn join_accents(shown: &mut Shown, kept: &[usize]) {
    for (place, number) in kept.iter().enumerate() {
        let Some(accent) = shown.glyphs.get(*number) else { continue };
        let text = shown.text.get(accent.text.clone()).unwrap_or_default();
        let Some(mark) = combining(text) else { continue };
        let neighbours = [place.checked_add(1), place.checked_sub(1)];
        let letter = neighbours.into_iter().flatten().find_map(|place| {
            let number = *kept.get(place)?;
            let glyph = shown.glyphs.get(number)?;
            let text = shown.text.get(glyph.text.clone())?;
            let mut characters = text.chars();
            let letter = characters.next().filter(|c| c.is_alphabetic())?;
            (characters.next().is_none() && lies_over(accent, glyph)).then_some((number, letter))
        });
        let Some((letter_number, letter)) = letter else { continue };
        let letter = match letter {
            'ı' => 'i',
            'ȷ' => 'j',
            other => other,
        };
        let joined: String = [letter, mark].into_iter().nfc().collect();
        let from = shown.text.len();
        shown.text.push_str(&joined);
        let to = shown.text.len();
        if let Some(glyph) = shown.glyphs.get_mut(letter_number) {
            glyph.text = from..to;
        }
        if let Some(glyph) = shown.glyphs.get_mut(*number) {
            glyph.text = from..from;
            glyph.is_blank = true;
        }
    }
}

/// A hyphen at which the next letter begins is a place where the word may be parted, and is not seen.
fn drop_covered_hyphens(shown: &mut Shown, kept: &[usize]) {
    for pair in kept.windows(2) {
        let [number, next] = *pair else { continue };
        let (Some(hyphen), Some(next)) = (shown.glyphs.get(number), shown.glyphs.get(next)) else {
            continue;
        };
        let apart = next.origin.minus(hyphen.origin);
        let along = apart.dot(hyphen.direction).abs();
        let up = apart.dot(hyphen.direction.turned()).abs();
        let letter = shown.text.get(next.text.clone()).unwrap_or_default();
        if shown.text.get(hyphen.text.clone()) == Some("-")
            && letter.starts_with(char::is_alphabetic)
            && along < hyphen.width * 0.2
            && up < hyphen.size * 0.05
            && let Some(hyphen) = shown.glyphs.get_mut(number)
        {
            hyphen.text = hyphen.text.start..hyphen.text.start;
            hyphen.is_blank = true;
        }
    }
}

fn lies_over(accent: &Glyph, letter: &Glyph) -> bool {
    let apart = accent.origin.minus(letter.origin);
    let along = apart.dot(letter.direction);
    let up = apart.dot(letter.direction.turned());
    let shared = (along + accent.width).min(letter.width) - along.max(0.0);
    let least = accent.width.min(letter.width).max(0.1);
    shared > least * 0.55 && up.abs() < letter.size
}
