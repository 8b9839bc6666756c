//! What a text says about the name beside it: how it is said ("Ngo, like "go""), what it means, whose child it makes
//! its bearer, what stands where a part of it is missing ("Kaur, Unknown"), by-names ("Delyth the Bins"). Reads; knows
//! what each token is for the name, and adds nothing to the table.

use super::super::person_name;
use super::super::rules::Rules;
use super::super::text::{Case, Gap, Page, Shape};
use super::find::{Looked, Part};
use super::{AnchorIndex, file_names, sound, spelling};

/// Calls `found` with the tokens of everything that is said about the name.
pub(super) fn find(looked: &Looked<'_>, mut found: impl FnMut(usize, usize)) {
    let page = looked.page;
    for at in 0..page.tokens.len() {
        disguised(looked, at, &mut found);
        said_in_words(looked, at, &mut found);
        let own = matches!(looked.part(at), Part::Sure | Part::Alike | Part::Wordlike);
        let capital = page.token(at).is_some_and(|t| t.is_capital());
        // "Signed Hung "Le" like "lay"": a short name that is a particle in others.
        if !own && capital && at > 0 && page.is_mark(at - 1, b'"') && looked.naming.in_signature(at)
        {
            likened(page, at, &mut found);
        }
        if !own || !capital {
            continue;
        }
        if matches!(looked.part(at), Part::Sure | Part::Alike) || looked.naming.in_signature(at) {
            likened(page, at, &mut found);
            initials_in_bracket(looked, at, &mut found);
        }
        saved_profile(page, at, &mut found);
        missing_part(page, at, &mut found);
        if looked.naming.in_sentence(at) {
            by_name(looked, at, &mut found);
        }
    }
}

/// "Le, like "lay"", "Nguyen (rhymes with "win")": what the name sounds like.
fn likened(page: &Page, at: usize, found: &mut impl FnMut(usize, usize)) {
    let mark = |i: usize| {
        page.token(i).is_some_and(|t| {
            t.gap <= Gap::Space && matches!(t.shape, Shape::Mark(b'"' | b',' | b'(' | b'-' | b'\''))
        })
    };
    let mut cue = at + 1;
    while cue < at + 4 && mark(cue) {
        cue += 1;
    }
    let two = |one: &str, other: &str| page.lower(cue) == one && page.lower(cue + 1) == other;
    let length = if page.lower(cue) == "like" {
        1
    } else if two("as", "in")
        || two("rhymes", "with")
        || two("rhyming", "with")
        || two("sounds", "like")
    {
        2
    } else {
        return;
    };
    let open = cue + length;
    let quoted = page.is_mark(open, b'"')
        && page.token(open + 1).is_some_and(|t| t.is_word())
        && (page.is_mark(open + 2, b'"') || page.is_mark(open + 3, b'"'));
    if quoted && page.beside(open) {
        let close = if page.is_mark(open + 2, b'"') { open + 2 } else { open + 3 };
        found(open + 1, close);
    }
}

/// "Kaur, Unknown", "FNU Ahmadzai": what systems put where a part of the name is missing.
fn missing_part(page: &Page, at: usize, found: &mut impl FnMut(usize, usize)) {
    let filler = |i: usize| {
        page.token(i).is_some_and(|t| t.is_capital())
            && matches!(page.lower(i), "unknown" | "fnu" | "lnu" | "nfn" | "nln" | "unk")
    };
    let next = at + 1 + usize::from(page.is_mark(at + 1, b','));
    if filler(next) && page.beside(next) && page.beside(at + 1) {
        found(at, next + 1);
    }
    let before =
        if at > 1 && page.is_mark(at - 1, b',') { at.checked_sub(2) } else { at.checked_sub(1) };
    if let Some(before) = before.filter(|i| filler(*i) && page.beside(at)) {
        found(before, at + 1);
    }
}

/// "Profile - Hana Weiss.pdf": how a network's page is saved.
fn saved_profile(page: &Page, at: usize, found: &mut impl FnMut(usize, usize)) {
    if at >= 2
        && page.is_mark(at - 1, b'-')
        && matches!(page.lower(at - 2), "profile" | "resume" | "cv")
        && (at..at + 6).any(|i| file_names::is_file_type(page, i))
    {
        found(at - 2, at + 1);
    }
}

/// "Delyth the Bins", "Bruno-Bus": what people put behind a name, in a sentence about names.
fn by_name(looked: &Looked<'_>, at: usize, found: &mut impl FnMut(usize, usize)) {
    let (page, lexicons) = (looked.page, &looked.rules.lexicons);
    let title = |i: usize| page.token(i).is_some_and(|t| t.shape == Shape::Word(Case::Title));
    if page.lower(at + 1) == "the" && page.beside(at + 1) && page.beside(at + 2) && title(at + 2) {
        let one = page.token(at + 3).is_none_or(|t| !t.is_capital() || t.gap > Gap::Space);
        if one && !page.starts(at + 2, lexicons.nationality) {
            found(at, at + 3);
        }
    }
    let joined = |i: usize| page.token(i).is_some_and(|t| t.gap == Gap::Joined);
    if page.is_mark(at + 1, b'-') && joined(at + 1) && joined(at + 2) && title(at + 2) {
        found(at, at + 3);
    }
}

/// "Marta Quispe (m.a.q)": small letters with full stops in brackets behind the name, that begin as it begins.
fn initials_in_bracket(looked: &Looked<'_>, at: usize, found: &mut impl FnMut(usize, usize)) {
    let page = looked.page;
    if !page.is_mark(at + 1, b'(') {
        return;
    }
    let letter = |i: usize| page.token(i).is_some_and(|t| t.is_word() && t.len() == 1);
    let mut end = at + 2;
    while letter(end) && end < at + 14 {
        end += 1 + usize::from(page.is_mark(end + 1, b'.'));
    }
    let dots = (at + 2..end).filter(|i| page.is_mark(*i, b'.')).count();
    let known = page.lower(at + 2).chars().next().is_some_and(|c| looked.index.has_initial(c));
    if dots >= 2 && known && page.is_mark(end, b')') {
        found(at + 2, end);
    }
}

/// "J@z", "Mi$ha": marks that stand for letters of the name.
fn disguised(looked: &Looked<'_>, at: usize, found: &mut impl FnMut(usize, usize)) {
    let page = looked.page;
    let letter = |i: usize| match page.token(i).map(|t| t.shape) {
        Some(Shape::Mark(b'@')) => Some('a'),
        Some(Shape::Mark(b'$')) => Some('s'),
        Some(Shape::Mark(b'!')) => Some('i'),
        _ => None,
    };
    let joined = |i: usize| page.token(i).is_some_and(|t| t.gap == Gap::Joined);
    if !page.token(at).is_some_and(|t| t.is_capital()) || letter(at + 1).is_none() {
        return;
    }
    let mut word = page.lower(at).to_owned();
    let mut end = at + 1;
    while end < at + 6 && joined(end) {
        match letter(end) {
            Some(c) => word.push(c),
            None if page.token(end).is_some_and(|t| t.is_word()) => word.push_str(page.lower(end)),
            None => break,
        }
        end += 1;
    }
    // "Ola@example.com" is an address.
    let address = page.is_mark(end, b'.') && joined(end) && joined(end + 1);
    let known = looked.index.word(&word).is_some_and(|anchor| !anchor.wordlike);
    if end > at + 2 && word.len() >= 3 && known && !address {
        found(at, end);
    }
}

/// "say it berry-vaan", "typed Echo Berry": words that together sound like a word of the name, where a sentence speaks
/// of how it is said or was written down.
fn said_in_words(looked: &Looked<'_>, at: usize, found: &mut impl FnMut(usize, usize)) {
    let page = looked.page;
    if !matches!(
        page.lower(at),
        "say"
            | "said"
            | "says"
            | "typed"
            | "wrote"
            | "heard"
            | "hears"
            | "printed"
            | "pronounced"
            | "like"
            | "it"
            | "me"
            | "as"
    ) {
        return;
    }
    let first = at + 1 + usize::from(page.is_mark(at + 1, b'"'));
    let word = |i: usize| page.token(i).is_some_and(|t| t.is_word());
    let hyphen = page.is_mark(first + 1, b'-')
        && page.token(first + 2).is_some_and(|t| t.gap == Gap::Joined);
    let last = first + if hyphen { 2 } else { 1 };
    let capitals = [first, last].iter().all(|i| page.token(*i).is_some_and(|t| t.is_capital()));
    let named = hyphen || capitals && looked.naming.in_sentence(at);
    if !(word(first) && word(last) && page.beside(first) && page.beside(last) && named) {
        return;
    }
    let joined = format!("{}{}", page.lower(first), page.lower(last));
    if sounds_like(looked.index, &joined) {
        found(first, last + 1);
    }
}

/// Whether letters of several words are heard as a word of the name: the same consonants, or all but one.
fn sounds_like(index: &AnchorIndex, letters: &str) -> bool {
    let heard = sound::sound(letters);
    let key = sound::consonants(&heard);
    key.len() >= 3
        && index.stated.iter().any(|known| {
            let consonants = known.consonants.as_str();
            consonants == key && known.sound.as_bytes().first() == heard.as_bytes().first()
                || consonants.len() >= 4 && spelling::one_gap(consonants, &key)
        })
}

/// Adds what a text states to be the name by explaining it: "Vesna means Spring", "Jono = son of Jonas", "The Ahlberg
/// on my degree is".
pub(super) fn collect(
    page: &Page,
    rules: &Rules,
    index: &AnchorIndex,
    found: &mut Vec<(usize, usize)>,
) {
    let capital = |at: usize| page.token(at).is_some_and(|t| t.is_capital() && t.len() > 2);
    let title = |at: usize| {
        page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Title) && t.len() > 2)
    };
    let own = |at: usize| capital(at) && index.word(page.lower(at)).is_some_and(|a| !a.variant);
    for at in 0..page.tokens.len() {
        let verb = page.lower(at + 1);
        if matches!(verb, "means" | "meaning" | "meant") && own(at) {
            let word = at + 2 + usize::from(page.is_mark(at + 2, b'"'));
            if title(word) && page.beside(word) && !page.starts(word, rules.lexicons.months) {
                found.push((word, word + 1));
            }
        }
        // "Flora, which is what it means."
        if title(at)
            && page.is_mark(at + 1, b',')
            && page.lower(at + 2) == "which"
            && (at + 3..at + 8).any(|i| page.lower(i) == "what")
            && (at + 4..at + 9).any(|i| matches!(page.lower(i), "means" | "meant"))
        {
            found.push((at, at + 1));
        }
        let child = (page.is_mark(at + 1, b'=') || matches!(verb, "means" | "is" | "for"))
            && (at + 2..at + 5).any(|i| {
                matches!(page.lower(i), "son" | "daughter" | "child") && page.lower(i + 1) == "of"
            });
        if child && title(at) && !person_name::is_ordinary(page, rules, at) {
            found.push((at, at + 1));
        }
        let stands_on = page.lower(at) == "the"
            && page.beside(at + 1)
            && page.beside(at + 2)
            && (page.lower(at + 2) == "that"
                && matches!(page.lower(at + 3), "appears" | "stands" | "is")
                || matches!(page.lower(at + 2), "on" | "in")
                    && matches!(page.lower(at + 3), "my" | "the"));
        let document = || {
            (at + 3..at + 9).any(|i| {
                matches!(
                    page.lower(i),
                    "dbs"
                        | "passport"
                        | "certificate"
                        | "certificates"
                        | "degree"
                        | "diploma"
                        | "licence"
                        | "register"
                        | "payslip"
                        | "badge"
                )
            })
        };
        if stands_on
            && title(at + 1)
            && !person_name::is_ordinary(page, rules, at + 1)
            && (person_name::is_listed(page, rules, at + 1)
                || page.token(at + 1).is_some_and(|t| t.word.index() == 0))
            && document()
        {
            found.push((at + 1, at + 2));
        }
    }
}
