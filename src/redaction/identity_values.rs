//! Contact values and numbers that the applicant tracking system sent, wherever they stand in a text, however they are
//! spaced. Compares letters and digits; knows no format.

use super::anchors::AnchorIndex;
use super::hit::Hit;
use super::text::Page;
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

/// Where a squeezed value stands in a page, allowing spaces and marks between its characters.
fn squeezed_places(page: &Page, squeezed: &str) -> Vec<(u32, u32)> {
    let mut places = Vec::new();
    for (number, token) in page.tokens.iter().enumerate() {
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
            if next.is_word() || matches!(next.shape, super::text::Shape::Number) {
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
