//! Contact values and numbers that the applicant tracking system sent, wherever they stand in a text, however they are
//! spaced, and the driver number that can be worked out from a name. Compares letters and digits; knows one format.

use super::anchors::AnchorIndex;
use super::hit::Hit;
use super::text::{Page, Shape};
use crate::rulebook::{Kind, RuleId};

/// Finds every value.
pub(super) fn find(page: &Page, index: &AnchorIndex, rule: &RuleId, hits: &mut Vec<Hit>) {
    for exact in &index.exact {
        let kind = match exact.field {
            "email" => Kind::Email,
            "phone" => Kind::Phone,
            "address" => Kind::Address,
            "postcode" => Kind::Postcode,
            "date_of_birth" => Kind::Dob,
            "ni_number" => Kind::NiNumber,
            "urls" => Kind::Url,
            "other_numbers" => Kind::IdNumber,
            _ => Kind::Handle,
        };
        for (start, end) in squeezed_places(page, &exact.squeezed) {
            hits.push(Hit::between(start, end, kind, rule).scored(0.97));
        }
    }
}

/// Driver numbers of the candidate, however they are spaced or mistyped: five letters of the family name, filled up with
/// nines, then the six digits of the birth date and five more characters (DVLA, form D1). A number of that form tells
/// name, birth date and sex; one that begins with the candidate's own name is hidden though its date cannot be.
pub(super) fn find_driver_numbers(
    page: &Page,
    index: &AnchorIndex,
    rule: &RuleId,
    hits: &mut Vec<Hit>,
) {
    let mut beginnings: Vec<String> =
        index.stated().flat_map(|(word, _)| driver_beginnings(word)).collect();
    beginnings.sort_unstable();
    beginnings.dedup();
    for first in 0..page.tokens.len() {
        let begins = page.token(first).filter(|token| token.is_capital()).is_some_and(|_| {
            let word = page.lower(first);
            beginnings.iter().any(|name| word.starts_with(name.as_str()))
        });
        if begins && let Some(last) = driver_number_end(page, first) {
            hits.extend(
                Hit::over(page, first, last, Kind::IdNumber, rule).map(|hit| hit.scored(0.97)),
            );
        }
    }
}

/// The first five characters of a driver number of somebody of a name; the registers write Mac as Mc.
fn driver_beginnings(name: &str) -> Vec<String> {
    let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    if letters.len() < 2 {
        return Vec::new();
    }
    let filled = |letters: &str| format!("{letters:9<5}").chars().take(5).collect::<String>();
    let mut beginnings = vec![filled(&letters)];
    beginnings.extend(letters.strip_prefix("mac").map(|rest| filled(&format!("mc{rest}"))));
    beginnings
}

/// One past the last token of a driver number that begins at a token, spaces and hyphens allowed between its groups.
fn driver_number_end(page: &Page, first: usize) -> Option<usize> {
    let mut characters = String::new();
    let mut last = first;
    while characters.len() < 16 {
        let token = page.token(last)?;
        let close = last == first || page.beside(last);
        let part = close && (token.is_capital() || token.shape == Shape::Number);
        if part {
            characters.push_str(page.lower(last));
        } else if !(close && page.is_mark(last, b'-')) {
            break;
        }
        last += 1;
        if last >= page.tokens.len() {
            break;
        }
    }
    let date: String = characters.chars().skip(5).take(6).collect();
    let digits =
        date.chars().filter(|c| c.is_ascii_digit() || matches!(c, 'o' | 'i' | 'l')).count();
    (digits == 6
        && date.chars().filter(char::is_ascii_digit).count() >= 3
        && characters.len() <= 18)
        .then_some(last)
}

/// Where a squeezed value stands in a page, allowing spaces and marks between its characters.
pub(super) fn squeezed_places(page: &Page, squeezed: &str) -> Vec<(u32, u32)> {
    let mut places = Vec::new();
    let Some(first) = squeezed.as_bytes().first() else { return places };
    let lower = page.view.lower().as_bytes();
    for (number, token) in page.tokens.iter().enumerate() {
        // The few tokens that begin like the value; "'s" begins like one with an s.
        let begins = lower.get(token.start as usize);
        if begins.is_none_or(|begins| begins != first && *begins != b'\'') {
            continue;
        }
        let mut rest = squeezed;
        let mut at = number;
        let mut end = token.end;
        while !rest.is_empty() {
            let Some(next) = page.token(at) else { break };
            let close = at == number || page.joined(at);
            if !close {
                break;
            }
            let word = page.lower(at);
            if next.is_word() || matches!(next.shape, Shape::Number) {
                let bare = word.trim_start_matches('\'');
                match rest.strip_prefix(bare) {
                    Some(left) => rest = left,
                    None => break,
                }
                end = next.end;
            } else if at == number {
                break;
            }
            at += 1;
        }
        if rest.is_empty() {
            places.push((token.start, end));
        }
    }
    places
}
