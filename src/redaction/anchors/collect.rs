//! Reads from the text itself whose it is: the name at its head, under "Yours sincerely", in e-mail headers. Adds to
//! the anchor table; removes nothing.

use super::super::person_name::{self, Reading};
use super::super::rules::Rules;
use super::super::text::{Case, Gap, Page, Shape, WordId, Zone};
use super::head::{head, is_letter_spaced, is_of_capitals, spaced_words};
use super::naming::{self, Naming};
use super::{AnchorIndex, explained, listed, stated};

/// Adds every name that the text states as its author's, and answers where these stand.
pub(in super::super) fn collect(
    page: &Page,
    rules: &Rules,
    naming: &Naming,
    index: &mut AnchorIndex,
) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    head(page, rules, index, &mut found);
    sign_off(page, rules, &mut found);
    senders(page, rules, index, &mut found);
    running_heads(page, rules, &mut found);
    stated::find(page, rules, index, &mut found);
    for (first, last) in &found {
        add(page, rules, index, *first, *last);
    }
    for at in words_of_own_address(page, rules) {
        add(page, rules, index, at, at + 1);
    }
    let mut places = std::mem::take(&mut found);
    // "From: June 2019" is no sender.
    places.retain(|(_, last)| {
        !page.beside(*last) || page.token(*last).is_none_or(|t| t.shape != Shape::Number)
    });
    full_names(page, rules, index, &mut found);
    explained::collect(page, rules, index, &mut found);
    for (first, last) in found.drain(..) {
        add(page, rules, index, first, last);
    }
    // What sentences about names give is judged by the names known by then.
    naming::collect(page, rules, naming, index, &mut found);
    found.retain(|(first, _)| !is_in_address(page, rules, *first));
    for (first, last) in &found {
        add(page, rules, index, *first, *last);
    }
    let stated = found.len();
    listed::find(page, rules, index, &mut found);
    found.retain(|(first, _)| !is_in_address(page, rules, *first));
    for (first, last) in found.get(stated..).unwrap_or_default() {
        add(page, rules, index, *first, *last);
    }
    places.append(&mut found);
    for place in &mut places {
        place.1 = without_letters_after(page, rules, place.0, place.1);
    }
    places
}

/// Adds the name between two tokens.
pub(in super::super) fn add(
    page: &Page,
    rules: &Rules,
    index: &mut AnchorIndex,
    first: usize,
    last: usize,
) {
    let (Some(from), Some(to)) =
        (page.token(first), last.checked_sub(1).and_then(|at| page.token(at)))
    else {
        return;
    };
    if last == first + 1 && is_pronoun(page, first) {
        return;
    }
    let spaced = is_letter_spaced(page, first, last);
    let name_end = without_letters_after(page, rules, first, last);
    let to = page.token(name_end - 1).unwrap_or(to);
    if spaced {
        let words = spaced_words(page, first, last);
        index.add_name(&words, rules);
    } else {
        index.add_name(page.view.slice(from.start, to.end), rules);
    }
}

/// Whether a word stands for somebody: a sentence that begins with it states no name, although She and He are families'
/// names.
pub(in super::super) fn is_pronoun(page: &Page, at: usize) -> bool {
    matches!(
        page.lower(at),
        "she" | "he" | "they" | "her" | "his" | "their" | "i" | "we" | "it" | "you" | "who"
    )
}

/// "Capt. Haakon Lien, formerly Bibby, 01632 960 774": what somebody else was formerly, mostly with, is no name of the
/// candidate's.
pub(in super::super) fn is_said_of_another(
    page: &Page,
    rules: &Rules,
    index: &AnchorIndex,
    first: usize,
) -> bool {
    let Some(cue) = first.checked_sub(1) else { return false };
    if !matches!(page.lower(cue), "formerly" | "previously") {
        return false;
    }
    let end = match cue.checked_sub(1) {
        Some(mark) if page.is_mark(mark, b',') || page.is_mark(mark, b'(') => mark,
        _ => return false,
    };
    let capital =
        |at: &usize| page.token(*at).is_some_and(|t| t.is_capital() && t.gap <= Gap::Space);
    let name: Vec<usize> = (0..end).rev().take(3).take_while(capital).collect();
    let known = !index.is_empty() || page.zone(first) == Zone::Referees;
    known
        && name.iter().any(|at| person_name::is_listed(page, rules, *at))
        && !name.iter().any(|at| {
            let word = page.lower(*at);
            index.word(word).is_some() || word.len() > 4 && index.resembles(word)
        })
}

/// Whether a word stands behind a house number and a street on its line: "5 Wharf Street, Warrington WA1 2GZ" is no list
/// of names, though Warrington is one.
fn is_in_address(page: &Page, rules: &Rules, at: usize) -> bool {
    let Some(cell) = page.layout.cell_at(at) else { return false };
    if !at.checked_sub(1).is_some_and(|before| page.is_mark(before, b',')) {
        return false;
    }
    let address = |i: usize| {
        page.token(i).is_some_and(|t| {
            t.is_capital()
                || matches!(t.shape, Shape::Number | Shape::Mark(b',' | b'-' | b'\'' | b'/'))
        })
    };
    let reached = (cell.first..at).rev().take_while(|i| address(*i));
    let house = |i: usize| {
        page.token(i).is_some_and(|t| t.shape == Shape::Number && t.len() <= 4)
            && page.token(i + 1).is_some_and(|t| t.is_capital() && t.gap == Gap::Space)
    };
    let postcode = (at + 1..at + 4).any(|i| {
        page.token(i).is_some_and(|t| t.is_word())
            && page.word(i).bytes().any(|byte| byte.is_ascii_digit())
    });
    let street = |i: usize| (i + 1..at).any(|i| page.starts(i, rules.lexicons.address_words));
    reached.filter(|i| house(*i)).any(|i| postcode || street(i))
}

/// One past the last token of a name without what membership and degrees put behind it: "Hill MRICS".
fn without_letters_after(page: &Page, rules: &Rules, first: usize, last: usize) -> usize {
    let title = |at: usize| page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Title));
    let has_small_letters = (first..last).any(title);
    let mut end = last;
    while end > first + 1
        && page.token(end - 1).is_some_and(|t| {
            matches!(t.shape, Shape::Word(Case::Upper | Case::Mixed)) && t.len() <= 7
        })
        && page.beside(end - 1)
        && (has_small_letters && !person_name::is_listed(page, rules, end - 1)
            || person_name::is_post_nominal(page, rules, end - 1))
    {
        end -= 1;
    }
    end
}

/// An e-mail address in the first lines, where nobody is written to, is its author's.
const OWN_ADDRESS_LINES: usize = 8;

/// The part before the at sign is read so far back, in tokens.
const LOCAL_PIECES: usize = 8;

/// The words of the author's e-mail address that are names or nothing that rules know: "sh.golmohammadi@example.com".
fn words_of_own_address(page: &Page, rules: &Rules) -> Vec<usize> {
    let mut words = Vec::new();
    for line in page.layout.lines.iter().take(OWN_ADDRESS_LINES) {
        let header = matches!(page.lower(line.first), "to" | "cc" | "bcc");
        let Some(sign) = (line.first..line.last).find(|at| page.is_mark(*at, b'@')) else {
            continue;
        };
        if header {
            continue;
        }
        let joined = |at: usize| page.token(at + 1).is_some_and(|t| t.gap == Gap::Joined);
        let local = (line.first..sign).rev().take_while(|at| joined(*at)).take(LOCAL_PIECES);
        words.extend(local.filter(|at| {
            page.token(*at).is_some_and(|t| {
                t.is_word() && t.len() >= 5 && page.word(*at).chars().all(char::is_alphabetic)
            }) && !page.starts(*at, rules.lexicons.wordlike)
                && !person_name::is_ordinary(page, rules, *at)
                && (person_name::is_listed(page, rules, *at)
                    || page.token(*at).is_some_and(|t| t.word == WordId::UNKNOWN)
                        && is_written_as_a_name(page, rules, page.lower(*at)))
        }));
        break;
    }
    words
}

/// Whether a word stands with a capital beside an initial or a listed name, and nowhere in small letters but inside
/// addresses: "floods" in an address is what its owner works on.
fn is_written_as_a_name(page: &Page, rules: &Rules, lower: &str) -> bool {
    let name = |at: usize| {
        page.token(at).is_some_and(|t| t.is_capital())
            && (page.token(at).is_some_and(|t| t.is_initial())
                || person_name::is_listed(page, rules, at))
    };
    let joined = |at: usize| page.token(at).is_some_and(|t| t.gap == Gap::Joined);
    let mut beside_name = false;
    for at in (0..page.tokens.len()).filter(|at| page.lower(*at) == lower) {
        if page.token(at).is_some_and(|t| t.is_capital()) {
            let before = at >= 2 && (name(at - 1) || page.is_mark(at - 1, b'.') && name(at - 2));
            let behind = name(at + 1) || page.is_mark(at + 1, b',') && name(at + 2);
            beside_name |= page.beside(at) && before || page.beside(at + 1) && behind;
        } else if !joined(at) && !joined(at + 1) {
            return false;
        }
    }
    beside_name
}

/// The lines after "Yours sincerely" and its like.
fn sign_off(page: &Page, rules: &Rules, found: &mut Vec<(usize, usize)>) {
    for (number, line) in page.layout.lines.iter().enumerate() {
        let first = after_quote_marks(page, line.first, line.last);
        let Some(length) = page.longest(first, rules.lexicons.sign_offs) else { continue };
        if line.last - first - length > 3 {
            continue;
        }
        for next in page.layout.lines.iter().skip(number + 1).take(2) {
            let (first, last) = (after_quote_marks(page, next.first, next.last), next.last);
            let short = last - first <= 8;
            if is_of_capitals(page, rules, first, last) {
                found.push((first, last));
                continue;
            }
            match person_name::read(page, rules, first, last, Reading::Guessed) {
                Some(end)
                    if short && (end == last || !page.token(end).is_some_and(|t| t.is_word()))
                        || matches!(page.lower(end), "x" | "xx" | "xxx") =>
                {
                    found.push((first, end));
                }
                _ if short && last - first <= 2 => {
                    // A wordlike name by itself: "Will".
                    if page.token(first).is_some_and(|t| t.is_capital() && t.len() > 2) {
                        found.push((first, first + 1));
                    }
                }
                _ => break,
            }
        }
    }
}

/// Where a line begins behind the marks of a quoted reply.
fn after_quote_marks(page: &Page, first: usize, last: usize) -> usize {
    (first..last).find(|at| !page.is_mark(*at, b'>') && !page.is_mark(*at, b'|')).unwrap_or(last)
}

/// A sender from this line on may be of a message that the application passes on.
const FORWARDED: usize = 10;

/// The first sender of an e-mail, and display names beside an address that holds the name.
fn senders(page: &Page, rules: &Rules, index: &AnchorIndex, found: &mut Vec<(usize, usize)>) {
    let mut first_sender = true;
    for (number, line) in page.layout.lines.iter().enumerate() {
        let header = page.lower(line.first);
        let colon = page.is_mark(line.first + 1, b':');
        if !colon || !matches!(header, "from" | "to" | "cc" | "sender") {
            continue;
        }
        let own_address = (line.first..line.last).any(|at| {
            page.is_mark(at, b'@')
                && at > 0
                && (line.first..at).any(|w| index.word(page.lower(w)).is_some())
        });
        let from = matches!(header, "from" | "sender");
        // Display names beside an address with the name: "banksy work <w.banks@...>".
        if own_address
            && let Some(at) = (line.first + 2..line.last).find(|at| page.is_mark(*at, b'<'))
        {
            let alike = |at: &usize| {
                page.token(*at).is_some_and(|t| t.is_word()) && index.resembles(page.lower(*at))
            };
            found.extend((line.first + 2..at).filter(alike).map(|at| (at, at + 1)));
        }
        // A message that is passed on further down is somebody else's, where its sender shares no word with a name that
        // was sent whole.
        let passed_on = number >= FORWARDED && !index.is_empty() && !index.is_partial && {
            !(line.first + 2..line.last).any(|at| {
                page.token(at).is_some_and(|t| t.is_word() && t.len() > 1)
                    && (index.word(page.lower(at)).is_some() || index.resembles(page.lower(at)))
            })
        };
        if from && (first_sender && !passed_on || own_address) {
            let start = line.first + 2;
            if let Some(end) = person_name::read(page, rules, start, line.last, Reading::Stated) {
                let at_sign = page.is_mark(end, b'@') || page.is_mark(end, b'.');
                if !at_sign {
                    let comma = page.is_mark(end, b',').then(|| {
                        person_name::read(page, rules, end + 1, line.last, Reading::Stated)
                    });
                    found.push((start, comma.flatten().unwrap_or(end)));
                }
            }
        }
        first_sender &= !from;
    }
}

/// A name before "Curriculum Vitae" or "page 2 of 3", wherever it stands.
fn running_heads(page: &Page, rules: &Rules, found: &mut Vec<(usize, usize)>) {
    for line in &page.layout.lines {
        let Some(end) = person_name::read(page, rules, line.first, line.last, Reading::Guessed)
        else {
            continue;
        };
        let marked = (end..line.last.min(end + 5))
            .any(|at| matches!(page.lower(at), "curriculum" | "cv" | "page" | "resume" | "résumé"));
        let parted = page.token(end).is_some_and(|t| {
            matches!(t.shape, Shape::Mark(b'-' | b'|' | b',')) || t.gap == Gap::Wide
        }) || matches!(page.lower(end), "cv" | "curriculum" | "page");
        if marked && parted && end - line.first >= 2 {
            found.push((line.first, end));
        }
    }
}

/// Known given names followed by words that nothing else explains, and the reverse: "Caoimhe Ní Bhraonáin".
fn full_names(page: &Page, rules: &Rules, index: &AnchorIndex, found: &mut Vec<(usize, usize)>) {
    for at in 0..page.tokens.len() {
        let sure = page.token(at).is_some_and(|t| t.is_capital() && t.len() > 2)
            && index.word(page.lower(at)).is_some_and(|anchor| !anchor.wordlike && !anchor.variant);
        if !sure {
            continue;
        }
        let Some(cell) = page.layout.cell_at(at) else { continue };
        if let Some(end) = person_name::read(page, rules, at, cell.last, Reading::Guessed)
            && end > at + 1
            && (at + 1..end).all(|i| {
                page.token(i).is_some_and(|t| !t.is_word())
                    || page.token(i).is_some_and(|t| t.word == WordId::UNKNOWN)
                    || person_name::is_listed(page, rules, i)
                    || page.starts(i, rules.lexicons.particles)
            })
        {
            found.push((at, end));
        }
        nickname_after(page, rules, at, found);
    }
}

/// "Nguyen Thi Minh Anh (Annie)" and "Olumide Adebayo "Olu"": the name in brackets or quotes is another of hers.
fn nickname_after(page: &Page, rules: &Rules, at: usize, found: &mut Vec<(usize, usize)>) {
    let open = |at: usize| page.is_mark(at, b'(') || page.is_mark(at, b'"');
    let Some(mark) = (at + 1..at + 3).find(|at| open(*at)) else { return };
    let inside = mark + 1 + usize::from(page.is_mark(mark + 1, b'"'));
    let close = |at: usize| page.is_mark(at, b')') || page.is_mark(at, b'"');
    let end = if close(inside + 1) { inside + 1 } else { inside + 2 };
    let names = (inside..end).all(|i| {
        page.token(i).is_some_and(|t| t.is_capital() && t.len() > 1)
            && !person_name::is_ordinary(page, rules, i)
            && !page.starts(i, rules.lexicons.titles)
    });
    if names && close(end) && page.beside(mark) {
        found.push((inside, end));
    }
}
