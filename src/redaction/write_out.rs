//! From finds to the answer: labels in the place of what was found, people numbered alike in all parts, and the leak
//! gate on what is left. Decides nothing about what is found.

use super::anchors::AnchorIndex;
use super::hit::Hit;
use super::leak::Forbidden;
use super::outcome::{LeakCheck, Part, Problem, Redaction, Span};
use super::replace::{People, dates_of_study, label};
use super::text::{Page, Zone};
use crate::domain::Identity;
use crate::rulebook::{Action, Kind};

/// What must be in no output.
pub(super) fn forbidden(identity: &Identity, index: &AnchorIndex) -> Forbidden {
    let mut forbidden = Forbidden::from_identity(identity);
    for (word, wordlike) in index.stated() {
        if wordlike {
            forbidden.add_ordinary(word);
        } else {
            forbidden.add_word(word);
        }
    }
    for whole in index.whole() {
        forbidden.add_joined(whole);
    }
    forbidden
}

fn name_words(page: &Page, hit: &Hit) -> Vec<String> {
    page.view
        .lower_slice(hit.start, hit.end)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 2)
        .map(str::to_owned)
        .collect()
}

/// Numbers the people of all parts together.
pub(super) fn number_people(pages: &[Page], hits: &[Vec<Hit>]) -> People {
    let mut people = People::default();
    for (page, hits) in pages.iter().zip(hits) {
        for hit in hits.iter().filter(|hit| hit.kind == Kind::OtherPerson) {
            let at = page.tokens.partition_point(|token| token.start < hit.start);
            people.learn(&name_words(page, hit), page.zone(at) == Zone::Referees);
        }
    }
    people.number();
    people
}

/// One part's answer.
pub(super) fn write_out(
    page: &Page,
    part: &Part<'_>,
    hits: Vec<Hit>,
    people: &People,
    forbidden: &Forbidden,
    allow: &[String],
) -> Redaction {
    let spans: Vec<Span> = hits.iter().map(|hit| span_of(page, part, hit, people)).collect();
    let redacted = apply(part.text, &spans);
    let leaks = forbidden.count_in(&redacted, allow);
    let mut problems = Vec::new();
    if leaks > 0 {
        problems.push(Problem {
            code: "leak_found",
            message: format!(
                "{}: {leaks} place(s) in the output still hold something that identifies the candidate; have a person look at it before a panel does",
                part.label
            ),
        });
    }
    let check = LeakCheck { known: forbidden.len(), found: leaks };
    Redaction { redacted, released: problems.is_empty(), problems, spans, check }
}

fn span_of(page: &Page, part: &Part<'_>, hit: &Hit, people: &People) -> Span {
    let start = page.view.original(hit.start);
    let end = page.view.original(hit.end);
    let replacement = match (&hit.replacement, hit.action, hit.kind) {
        (_, Action::Keep, _) => characters(part.text, start, end),
        (Some(text), _, _) => text.clone(),
        (None, _, Kind::OtherPerson) => people.label(&name_words(page, hit)),
        (None, _, Kind::DateEdu) => dates_of_study(page.view.slice(hit.start, hit.end)),
        (None, _, kind) => label(kind).to_owned(),
    };
    Span { start, end, kind: hit.kind, rule: hit.rule.clone(), action: hit.action, replacement }
}

/// The characters of a text from one to before another.
fn characters(text: &str, start: usize, end: usize) -> String {
    if text.is_ascii() {
        return text.get(start..end).unwrap_or_default().to_owned();
    }
    text.chars().skip(start).take(end - start).collect()
}

/// The text with each span's passage replaced.
fn apply(text: &str, spans: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut at = 0;
    for span in spans {
        let (kept, from) = rest.split_at(bytes_of(rest, span.start - at));
        out.push_str(kept);
        out.push_str(&span.replacement);
        rest = from.get(bytes_of(from, span.end - span.start)..).unwrap_or_default();
        at = span.end;
    }
    out.push_str(rest);
    out
}

/// How many bytes so many characters at the beginning of a text take; those of all of it when it has no more.
fn bytes_of(text: &str, characters: usize) -> usize {
    match text.get(..characters) {
        Some(front) if front.is_ascii() => characters,
        _ => text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_whatever_room_they_take() {
        for (text, characters, bytes) in
            [("abc", 2, 2), ("aêb", 2, 3), ("êa", 1, 2), ("a😀b", 2, 5), ("aê", 5, 3), ("", 1, 0)]
        {
            assert_eq!(bytes_of(text, characters), bytes, "{text}");
        }
        assert_eq!(characters("Siôn Huws", 2, 6), "ôn H");
        assert_eq!(characters("John Huws", 2, 6), "hn H");
    }
}
