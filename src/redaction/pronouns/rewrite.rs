//! How pronouns are rewritten: the neutral word for each, and the verb that follows it. Knows English grammar, not of
//! whom a text speaks.

use super::super::hit::Hit;
use super::super::phrases::in_case_of;
use super::super::text::{Gap, Page, Shape};
use crate::rulebook::{Kind, RuleId};

/// The neutral pronoun for a gendered one.
pub(super) fn neutral_of(page: &Page, at: usize) -> Option<&'static str> {
    Some(match page.lower(at) {
        "she" | "he" => "they",
        "him" => "them",
        "hers" => "theirs",
        "herself" | "himself" => "themselves",
        "his" => {
            if noun_follows(page, at) {
                "their"
            } else {
                "theirs"
            }
        }
        "her" => {
            if noun_follows(page, at) {
                "their"
            } else {
                "them"
            }
        }
        _ => return None,
    })
}

/// The plural pronouns of somebody who is "they": what they stand for already, so that nothing tells them from others'.
pub(super) fn plural_of(page: &Page, at: usize) -> Option<&'static str> {
    Some(match page.lower(at) {
        "they" => "they",
        "them" => "them",
        "their" => "their",
        "theirs" => "theirs",
        "themself" | "themselves" => "themselves",
        _ => return None,
    })
}

/// Words after "her" that show it to be an object: "told her that", "hire her again".
const AFTER_OBJECT: [&str; 58] = [
    "again", "to", "in", "on", "at", "for", "and", "that", "when", "as", "with", "from", "if",
    "but", "or", "by", "because", "since", "until", "after", "before", "during", "into", "about",
    "for", "the", "a", "an", "this", "every", "any", "so", "very", "highly", "without", "over",
    "through", "tomorrow", "today", "now", "well", "is", "was", "who", "forward", "up", "down",
    "off", "out", "away", "along", "alone", "here", "there", "straight", "together", "aside",
    "first",
];

fn noun_follows(page: &Page, at: usize) -> bool {
    page.joined(at + 1)
        && page.token(at + 1).is_some_and(|next| {
            matches!(next.shape, Shape::Word(_) | Shape::Number)
                && !AFTER_OBJECT.contains(&page.lower(at + 1))
        })
}

pub(super) fn take(
    page: &Page,
    at: usize,
    word: &'static str,
    rule: &RuleId,
    found: &mut Vec<Hit>,
) {
    let Some(token) = page.token(at) else { return };
    let neutral = in_case_of(page.word(at), word);
    if word == "they" && page.lower(at + 1) == "'s" {
        // "she's been" is "they have been"; "she's a" is "they are a".
        let has = page.lower(at + 2).ends_with("ed")
            || matches!(page.lower(at + 2), "been" | "had" | "got" | "done" | "gone" | "made");
        let ending = if has { "'ve" } else { "'re" };
        found.extend(
            Hit::over(page, at, at + 2, Kind::Gender, rule)
                .map(|hit| hit.neutral(format!("{neutral}{ending}")).scored(0.9)),
        );
        return;
    }
    found.push(
        Hit::between(token.start, token.end, Kind::Gender, rule).neutral(neutral).scored(0.9),
    );
    if word == "they" && page.lower(at) != "they" {
        agree(page, at + 1, rule, found);
    }
}

/// Makes the verb after "they" agree, passing over one adverb.
fn agree(page: &Page, next: usize, rule: &RuleId, found: &mut Vec<Hit>) {
    let adverb = page.lower(next).ends_with("ly")
        || matches!(
            page.lower(next),
            "always"
                | "never"
                | "often"
                | "also"
                | "still"
                | "soon"
                | "now"
                | "then"
                | "just"
                | "both"
        );
    let at = if adverb { next + 1 } else { next };
    let Some(token) = page.token(at) else { return };
    if token.gap > Gap::Line || !token.is_word() || token.is_capital() {
        return;
    }
    let Some(plural) = plural_verb(page.lower(at)) else { return };
    found
        .push(Hit::between(token.start, token.end, Kind::Gender, rule).neutral(plural).scored(0.9));
}

/// The form of a verb after "they", where it differs from that after "she".
fn plural_verb(verb: &str) -> Option<String> {
    Some(match verb {
        "is" => "are".to_owned(),
        "was" => "were".to_owned(),
        "has" => "have".to_owned(),
        "does" => "do".to_owned(),
        "goes" => "go".to_owned(),
        // The beginnings of "isn't", "wasn't", "hasn't", "doesn't".
        "isn" => "aren".to_owned(),
        "wasn" => "weren".to_owned(),
        "hasn" => "haven".to_owned(),
        "doesn" => "don".to_owned(),
        "this" | "his" | "its" | "us" | "as" | "always" | "perhaps" | "thus" | "less" => {
            return None;
        }
        _ if verb.len() < 4
            || !verb.ends_with('s')
            || verb.ends_with("ss")
            || verb.ends_with("us") =>
        {
            return None;
        }
        _ => match verb.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => {
                let sibilant =
                    ["sses", "shes", "ches", "xes", "zzes"].iter().any(|end| verb.ends_with(end));
                let cut = if sibilant { 2 } else { 1 };
                verb.get(..verb.len() - cut)?.to_owned()
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_agree_with_they() {
        for (verb, plural) in [
            ("is", Some("are")),
            ("carries", Some("carry")),
            ("coaches", Some("coach")),
            ("writes", Some("write")),
            ("does", Some("do")),
            ("rebuilt", None),
            ("isn", Some("aren")),
            ("discuss", None),
        ] {
            assert_eq!(plural_verb(verb).as_deref(), plural, "{verb}");
        }
    }
}
