//! Where a text speaks of names: sentences about how its author is called, spelt, filed and pronounced, and the lines
//! that hold a signature. Marks places and reads names that are given there; removes nothing.

use super::super::person_name;
use super::super::rules::Rules;
use super::super::text::layout::skeleton;
use super::super::text::{Case, Gap, Page, Shape, WordId};
use super::AnchorIndex;

/// What each token of a page stands in, as far as names are concerned.
pub(in super::super) struct Naming {
    sentences: Vec<bool>,
    signatures: Vec<bool>,
    /// First and one past the last token of each sentence about names.
    ranges: Vec<(usize, usize)>,
}

impl Naming {
    /// Reads a page.
    pub fn read(page: &Page, rules: &Rules) -> Self {
        let count = page.tokens.len();
        let mut naming = Self {
            sentences: vec![false; count],
            signatures: vec![false; count],
            ranges: Vec::new(),
        };
        let mut first = 0;
        let mut cue = false;
        for at in 0..=count {
            if at == count || at > first && ends_before(page, at) {
                if cue {
                    naming.ranges.push((first, at));
                    mark(&mut naming.sentences, first, at);
                }
                (first, cue) = (at, false);
            }
            cue |= at < count && page.starts(at, rules.lexicons.naming_cues);
        }
        naming.mark_signatures(page, rules);
        naming
    }

    /// Whether a token stands in a sentence about names.
    pub fn in_sentence(&self, at: usize) -> bool {
        self.sentences.get(at) == Some(&true)
    }

    /// Whether a token stands where the author signs.
    pub fn in_signature(&self, at: usize) -> bool {
        self.signatures.get(at) == Some(&true)
    }

    /// The line of a sign-off and the two below it, and lines that say that they are signed.
    fn mark_signatures(&mut self, page: &Page, rules: &Rules) {
        for (number, line) in page.layout.lines.iter().enumerate() {
            let closes = page
                .longest(line.first, rules.lexicons.sign_offs)
                .is_some_and(|length| line.last - line.first <= length + 6);
            if closes {
                for next in page.layout.lines.iter().skip(number).take(3) {
                    if next.last - next.first <= 12 {
                        mark(&mut self.signatures, next.first, next.last);
                    }
                }
            }
            let signed = (line.first..line.last).find(|at| {
                matches!(
                    page.lower(*at),
                    "signed" | "sign" | "signature" | "sgd" | "declared" | "llofnod" | "initialled"
                )
            });
            if let Some(at) = signed.filter(|_| line.last - line.first <= 24) {
                mark(&mut self.signatures, at, line.last);
            }
        }
    }
}

fn mark(flags: &mut [bool], first: usize, last: usize) {
    flags.get_mut(first..last).unwrap_or_default().fill(true);
}

/// Whether a sentence ends before a token: at an empty line, at a new line after a full line, after a full stop that
/// closes no initial and no title.
fn ends_before(page: &Page, at: usize) -> bool {
    let Some(token) = page.token(at) else { return true };
    if token.gap == Gap::Break {
        return true;
    }
    let Some(before) = at.checked_sub(1) else { return true };
    if token.gap == Gap::Joined {
        return false;
    }
    match page.token(before).map(|t| t.shape) {
        Some(Shape::Mark(b'!' | b'?')) => true,
        Some(Shape::Mark(b'.')) => {
            let short = before
                .checked_sub(1)
                .and_then(|at| page.token(at))
                .is_some_and(|t| t.is_word() && (t.len() == 1 || t.is_capital() && t.len() <= 3));
            !short
        }
        _ => token.gap == Gap::Line && (is_label_line(page, at) || ends_short(page, before)),
    }
}

/// Lines shorter than this many bytes end where they end; longer ones were broken by their width.
const SHORT_LINE: u32 = 50;

/// Whether the line that ends with a token is too short to go on below, or is a heading.
fn ends_short(page: &Page, last: usize) -> bool {
    let line = page.layout.cell_at(last).and_then(|cell| page.layout.lines.get(cell.line));
    let start = line.and_then(|line| page.token(line.first)).map(|t| t.start);
    let end = page.token(last).map(|t| t.end);
    page.layout.is_heading(last)
        || start.zip(end).is_some_and(|(start, end)| end - start < SHORT_LINE)
}

/// Whether the line that begins at a token is a field of a form.
fn is_label_line(page: &Page, at: usize) -> bool {
    (at + 1..at + 6).any(|i| page.is_mark(i, b':') || page.is_mark(i, b'|'))
        || (at + 1..at + 4).any(|i| page.token(i).is_some_and(|t| t.gap == Gap::Wide))
}

/// Adds the names that sentences about names give.
pub(in super::super) fn collect(
    page: &Page,
    rules: &Rules,
    naming: &Naming,
    index: &AnchorIndex,
    found: &mut Vec<(usize, usize)>,
) {
    for (first, last) in &naming.ranges {
        // Who is spoken of may stand in the sentence before: "Mick. The crew say Sully."
        let own = (first.saturating_sub(12)..*last).any(|at| {
            matches!(page.lower(at), "i" | "my" | "me" | "mine" | "myself" | "'m" | "fy")
                || page.token(at).is_some_and(|t| t.is_capital() && t.len() > 2)
                    && (index.word(page.lower(at)).is_some_and(|anchor| !anchor.wordlike)
                        || at >= *first && index.is_misspelt(page.lower(at)))
        });
        if own {
            read_sentence(page, rules, index, *first, *last, found);
        }
    }
}

fn read_sentence(
    page: &Page,
    rules: &Rules,
    index: &AnchorIndex,
    first: usize,
    last: usize,
    found: &mut Vec<(usize, usize)>,
) {
    // What comes before the first cue is the subject of the sentence, and may be anything.
    let cue =
        (first..last).find(|at| page.starts(*at, rules.lexicons.naming_cues)).unwrap_or(first);
    let mut at = first;
    while at < last {
        let allowed = at > cue || at == first || index.word(page.lower(at)).is_some();
        if !allowed || !is_name_word(page, rules, index, at, at == first) || is_placed(page, at) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < last && continues(page, rules, index, end) {
            end += 1;
        }
        // Marks at the end belong to the sentence.
        while end > at + 1 && page.token(end - 1).is_some_and(|t| !t.is_word()) {
            end -= 1;
        }
        let body = page.beside(end)
            && page.token(end).is_some_and(|t| t.is_capital() && t.len() > 1)
            && (page.starts(end, rules.lexicons.places_of_work)
                || page.starts(end, rules.lexicons.job_titles)
                || page.starts(end, rules.lexicons.address_words));
        if !body && end < at + 7 {
            found.push((at, end));
        }
        at = end;
    }
}

fn continues(page: &Page, rules: &Rules, index: &AnchorIndex, at: usize) -> bool {
    let Some(token) = page.token(at).filter(|t| t.gap <= Gap::Space) else { return false };
    match token.shape {
        Shape::Mark(b'-' | b'\'' | b'_') => {
            token.gap == Gap::Joined
                && page.token(at + 1).is_some_and(|t| t.gap == Gap::Joined && t.is_word())
        }
        Shape::Mark(b'.') => {
            page.token(at.wrapping_sub(1)).is_some_and(|t| t.is_capital() && t.len() <= 2)
        }
        Shape::Word(_) => {
            token.is_initial() && token.gap <= Gap::Space && page.lower(at) != "i"
                || is_name_word(page, rules, index, at, false)
                || person_name::is_particle(page, rules, at)
        }
        _ => false,
    }
}

/// Whether a word can be part of a name and nothing speaks against it.
fn is_name_word(page: &Page, rules: &Rules, index: &AnchorIndex, at: usize, opens: bool) -> bool {
    let Some(token) = page.token(at) else { return false };
    if !token.is_capital() || token.len() < 2 || person_name::is_ordinary(page, rules, at) {
        return false;
    }
    let lower = page.lower(at);
    if index.word(lower).is_some_and(|anchor| !anchor.wordlike) {
        return true;
    }
    let lexicons = &rules.lexicons;
    if [
        lexicons.titles,
        lexicons.foreign_places,
        lexicons.nationality,
        lexicons.languages,
        lexicons.naming_cues,
    ]
    .into_iter()
    .any(|lexicon| page.starts(at, lexicon))
    {
        return false;
    }
    if person_name::is_listed(page, rules, at) {
        return true;
    }
    if rules.labels.contains_key(skeleton(page.word(at)).as_str()) {
        return false;
    }
    let title = token.shape == Shape::Word(Case::Title)
        || token.shape == Shape::Word(Case::Mixed) && is_compound(lower);
    // Long capitals are a name where the words around them are not in capitals too.
    let long =
        token.shape == Shape::Word(Case::Upper) && token.len() >= 5 && !in_capitals(page, at);
    let known = token.word != WordId::UNKNOWN;
    if opens {
        return index.resembles(lower);
    }
    !known && (title || long) && token.len() >= 3
}

/// "McDonagh", "DeSouza": names that have a capital inside; products have one too.
fn is_compound(lower: &str) -> bool {
    ["mc", "mac", "o", "de", "di", "da", "la", "le", "fitz", "van", "el", "al", "nic", "ni"]
        .iter()
        .any(|beginning| lower.starts_with(beginning))
}

/// Whether the line is written in capitals.
fn in_capitals(page: &Page, at: usize) -> bool {
    let line = page.layout.cell_at(at).and_then(|cell| page.layout.lines.get(cell.line));
    line.is_some_and(|line| {
        let small = (line.first..line.last)
            .filter(|i| page.token(*i).is_some_and(|t| t.shape == Shape::Word(Case::Lower)))
            .count();
        small * 4 < line.last - line.first
    })
}

/// Whether a word of place or an article stands directly before: "at Natural Resources Wales", "the Home Office".
fn is_placed(page: &Page, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|_| page.joined(at)) else { return false };
    let of_a_name = before > 0 && matches!(page.lower(before - 1), "name" | "names" | "surname");
    matches!(
        page.lower(before),
        "at" | "in" | "from" | "the" | "of" | "near" | "and" | "with" | "a" | "an"
    ) && !(of_a_name
        || page.lower(before) == "and"
            && before > 0
            && page.token(before - 1).is_some_and(|t| t.is_capital()))
}

/// How a name is said, as people write it: syllables joined by hyphens, one of them in capitals. Calls `found` with
/// its tokens where the sentence, or a name close before it, says what it is.
pub(super) fn pronunciations(
    page: &Page,
    naming: &Naming,
    near: impl Fn(usize) -> bool,
    mut found: impl FnMut(usize, usize),
) {
    let mut at = 0;
    while at < page.tokens.len() {
        let end = hyphenated(page, at);
        if end <= at + 2 {
            at = end.max(at + 1);
            continue;
        }
        let syllables = (at..end).filter(|i| page.token(*i).is_some_and(|t| t.is_word()));
        let mut stressed = false;
        let mut plain = false;
        let mut long = false;
        for i in syllables {
            let Some(token) = page.token(i) else { continue };
            stressed |= token.shape == Shape::Word(Case::Upper);
            plain |= !token.is_capital() || token.shape == Shape::Word(Case::Title);
            long |= token.len() > 7;
        }
        let said = (at.saturating_sub(12)..at).any(|i| {
            matches!(
                page.lower(i),
                "said"
                    | "say"
                    | "says"
                    | "pronounced"
                    | "pronounce"
                    | "sounds"
                    | "rhymes"
                    | "like"
                    | "it's"
                    | "pronunciation"
                    | "phonetic"
                    | "phonetically"
                    | "aloud"
            )
        });
        let quoted = at > 0 && page.is_mark(at - 1, b'"') && page.is_mark(end, b'"');
        let all_plain = !stressed && plain && said && (end > at + 3 || quoted);
        let strange = (at..end)
            .filter(|i| {
                page.token(*i)
                    .is_some_and(|t| t.is_word() && t.word == WordId::UNKNOWN && t.len() <= 4)
            })
            .count();
        // "KHY-im": two syllables that are no words, in a passage that has the name.
        let two = end == at + 3 && strange == 2 && stressed && plain;
        let close = naming.in_sentence(at)
            || near(at)
            || near(at + 1)
            || two && (5..=40).step_by(5).any(|back| at > back && near(at - back));
        if !long
            && (stressed && plain && (said || close || strange >= 2 && end > at + 4)
                || all_plain && (close || quoted))
        {
            let (first, last) = with_neighbours(page, at, end);
            found(first, last);
        }
        at = end.max(at + 1);
    }
}

/// One past the last token of words joined by hyphens.
fn hyphenated(page: &Page, at: usize) -> usize {
    let word = |i: usize| page.token(i).is_some_and(|t| t.is_word());
    let joined = |i: usize| page.token(i).is_some_and(|t| t.gap == Gap::Joined);
    if !word(at) {
        return at;
    }
    let mut end = at + 1;
    while page.is_mark(end, b'-') && joined(end) && word(end + 1) && joined(end + 1) {
        end += 2;
    }
    end
}

/// A pronunciation has as many words as the name: "Shin-ade Nee GHO-nill", "thi-roo, na-vuk-KA-ra-su".
fn with_neighbours(page: &Page, at: usize, end: usize) -> (usize, usize) {
    let mut first = at;
    let mut back = at;
    while let Some(before) = back.checked_sub(1) {
        let comma = page.is_mark(before, b',') && page.joined(at);
        let hyphen = page.is_mark(before, b'-');
        let part = page.token(before).is_some_and(|t| t.is_word())
            && (page.is_mark(before.wrapping_sub(1), b'-')
                || page.token(before).is_some_and(|t| t.is_capital()))
            && !matches!(page.lower(before), "said" | "say" | "pronounced" | "it" | "i");
        if at - before > 10 || !(comma || hyphen || part) {
            break;
        }
        back = before;
        if part {
            first = before;
        } else if hyphen && before > 0 {
            first = before - 1;
            back = before - 1;
        }
    }
    (first, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Rulebook;

    fn said(text: &str) -> Vec<String> {
        let rules = Rules::compile(&Rulebook::built_in().unwrap()).unwrap();
        let page = Page::read(text, &rules.vocabulary);
        let naming = Naming::read(&page, &rules);
        let mut found = Vec::new();
        pronunciations(
            &page,
            &naming,
            |_| false,
            |first, last| {
                let (from, to) =
                    (page.token(first).unwrap().start, page.token(last - 1).unwrap().end);
                found.push(page.view.slice(from, to).to_owned());
            },
        );
        found
    }

    #[test]
    fn pronunciations_are_found_where_the_sentence_speaks_of_saying_a_name() {
        for (text, expected) in [
            ("It is said mun-PREET, by the way.", vec!["mun-PREET"]),
            ("My name is pronounced o-luh-SHAY-un.", vec!["o-luh-SHAY-un"]),
            ("We ran pre-SEND and post-COVID clinics.", vec![]),
            ("the e-BIT tool", vec![]),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
