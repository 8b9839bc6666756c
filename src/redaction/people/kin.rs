//! The names of relatives: what stands after "my husband", "two girls," or "the twins:", and before ", my sons". Lone
//! first names that no list has are taken here, because the place says that a name stands there.

use super::super::person_name;
use super::super::rules::Rules;
use super::super::text::{Case, Gap, Page, Shape};

/// Calls `found` with the tokens of each name.
pub(super) fn find(page: &Page, rules: &Rules, mut found: impl FnMut(usize, usize)) {
    for at in 0..page.tokens.len() {
        let Some(length) = page.longest(at, rules.lexicons.kin) else { continue };
        // "Civil partner: Gwion" is a label.
        let label = page.is_mark(at + length, b':')
            && page.layout.cell_at(at).is_some_and(|cell| cell.first == at);
        if label && is_name(page, rules, at + length + 1) {
            names(page, rules, at + length + 1, &mut found);
            continue;
        }
        // "Black Girls Hike" is a body; "My Sister Ann" is not.
        let owner = at.checked_sub(1).is_some_and(|before| {
            matches!(page.lower(before), "my" | "our" | "his" | "her" | "their")
        });
        if page.token(at).is_some_and(|t| t.is_capital() && t.len() > 1) && !owner {
            continue;
        }
        after(page, rules, at, at + length, &mut found);
        before(page, rules, at, &mut found);
    }
    for at in 0..page.tokens.len() {
        if is_aged(page, rules, at) {
            found(at, at + 1);
        }
    }
}

/// "Macsen, eight months, already likes mud": a name and a small child's age.
fn is_aged(page: &Page, rules: &Rules, at: usize) -> bool {
    page.is_mark(at + 1, b',')
        && (page.starts(at + 2, rules.lexicons.number_words)
            || page.token(at + 2).is_some_and(|t| t.shape == Shape::Number && t.len() <= 2))
        && matches!(page.lower(at + 3), "months" | "weeks" | "month" | "days")
        && page.token(at + 4).is_none_or(|t| {
            t.gap == Gap::Break || matches!(t.shape, Shape::Mark(b',' | b'.' | b')' | b';'))
        })
        && is_name(page, rules, at)
        // "in Strood, two weeks," and "Three Rivers, 18 months," are places of work.
        && !at.checked_sub(1).filter(|_| page.joined(at)).is_some_and(|before| {
            matches!(page.lower(before), "in" | "at" | "near" | "from" | "to")
                || page.token(before).is_some_and(|t| t.is_capital()) && page.beside(at)
        })
}

/// Words for relatives that mean nothing else: no "my" is needed before them.
const SURE_KIN: [&str; 22] = [
    "husband",
    "wife",
    "son",
    "sons",
    "daughter",
    "daughters",
    "sister",
    "sisters",
    "brother",
    "brothers",
    "twins",
    "mum",
    "dad",
    "niece",
    "nephew",
    "grandson",
    "granddaughter",
    "stepson",
    "stepdaughter",
    "fiancé",
    "fiancée",
    "boyfriend",
];

/// "my", "our", "two": somebody's own relatives.
fn is_owned(page: &Page, at: usize) -> bool {
    (1..=4).any(|back| {
        at.checked_sub(back).is_some_and(|i| {
            matches!(
                page.lower(i),
                "my" | "our"
                    | "his"
                    | "her"
                    | "their"
                    | "two"
                    | "three"
                    | "four"
                    | "five"
                    | "a"
                    | "the"
                    | "of"
                    | "with"
                    | "grown"
                    | "adult"
                    | "twin"
                    | "'s"
                    | "late"
                    | "step"
                    | "foster"
            )
        })
    })
}

/// "husband Frank", "girls, Aoife and Róisín", "sons Ilango and Arul", "daughter, who is nine, Ada".
fn after(page: &Page, rules: &Rules, kin: usize, end: usize, found: &mut impl FnMut(usize, usize)) {
    let sure =
        SURE_KIN.contains(&page.lower(kin)) && !page.token(kin).is_some_and(|t| t.is_capital());
    let named = sure && is_name(page, rules, end) && page.joined(end);
    if !(is_owned(page, kin) || named) {
        return;
    }
    let mut at = end;
    // Ages and years in brackets, "is called", a comma, a dash, a colon.
    let mut linked = true;
    while at < end + 3 && !is_name(page, rules, at) {
        let link =
            page.token(at).is_some_and(|t| {
                matches!(t.shape, Shape::Mark(b',' | b'(' | b':' | b'-' | b')') | Shape::Number)
            }) || matches!(page.lower(at), "called" | "named" | "is" | "are" | "little" | "and");
        if !link || !page.joined(at) {
            linked = false;
            break;
        }
        at += 1;
    }
    if linked && is_name(page, rules, at) && page.joined(at) {
        return names(page, rules, at, found);
    }
    // "My missus works in your finance team: Parveen.": what stands behind the colon says who.
    let colon = (end..end + 14)
        .take_while(|i| page.joined(*i) && !page.is_mark(*i, b'.') && !page.is_mark(*i, b';'))
        .find(|i| page.is_mark(*i, b':'));
    if let Some(colon) = colon
        && is_name(page, rules, colon + 1)
        && page.beside(colon + 1)
        && (page.is_mark(colon + 2, b'.')
            || page.token(colon + 2).is_none_or(|t| t.gap > Gap::Space))
    {
        found(colon + 1, colon + 2);
        return;
    }
    // "a son who is autistic, Kuba, and": the clause between holds no other name.
    let comma = (end..end + 8)
        .take_while(|i| page.joined(*i) && !page.is_mark(*i, b'.') && !page.is_mark(*i, b';'))
        .find(|i| page.is_mark(*i, b','));
    if matches!(page.lower(end), "who" | "with" | "aged" | "in" | "at" | "of")
        && let Some(comma) = comma
        && is_name(page, rules, comma + 1)
        && (person_name::is_listed(page, rules, comma + 1)
            || kin > 0 && matches!(page.lower(kin - 1), "my" | "our"))
        && page.beside(comma + 1)
        && (page.is_mark(comma + 2, b',')
            || page.is_mark(comma + 2, b'.')
            || page.is_mark(comma + 2, b')'))
    {
        found(comma + 1, comma + 2);
    }
}

/// "Bảo and Lily, my twins": names before a comma and "my".
fn before(page: &Page, rules: &Rules, kin: usize, found: &mut impl FnMut(usize, usize)) {
    let Some(owner) = kin.checked_sub(1).filter(|_| page.beside(kin)) else { return };
    let Some(mark) = owner.checked_sub(1) else { return };
    let apart = page.is_mark(mark, b',') || page.is_mark(mark, b'(') || page.is_mark(mark, b'-');
    if !apart || !matches!(page.lower(owner), "my" | "our") {
        return;
    }
    let Some(last) = mark.checked_sub(1).filter(|at| is_name(page, rules, *at)) else { return };
    if super::signs::starts_sentence(page, last) && !person_name::is_listed(page, rules, last) {
        return;
    }
    found(last, last + 1);
    if let Some(first) = last.checked_sub(2).filter(|at| is_name(page, rules, *at))
        && (page.lower(last - 1) == "and" || page.is_mark(last - 1, b','))
    {
        found(first, first + 1);
    }
}

/// A list of names: "Ilango, Arul and Devi".
fn names(page: &Page, rules: &Rules, first: usize, found: &mut impl FnMut(usize, usize)) {
    let mut at = first;
    for _ in 0..6 {
        let mut end = at + 1;
        while end < at + 4
            && page.beside(end)
            && (is_name(page, rules, end)
                || page.is_mark(end, b'-') && is_name(page, rules, end + 1))
        {
            end += 1;
        }
        // "Jun-jun": the second half may be small.
        if page.is_mark(end, b'-')
            && page.token(end + 1).is_some_and(|t| t.is_word() && t.len() <= 6)
            && page.beside(end)
            && page.beside(end + 1)
            && page.token(end).is_some_and(|t| t.gap == Gap::Joined)
        {
            end += 2;
        }
        found(at, end);
        // Ages in brackets between them.
        let mut next = end;
        while next < end + 4
            && page.token(next).is_some_and(|t| {
                matches!(t.shape, Shape::Mark(b'(' | b')' | b',' | b'&') | Shape::Number)
                    || page.lower(next) == "and"
            })
            && page.joined(next)
        {
            next += 1;
        }
        if next == end || !page.joined(next) || !is_name(page, rules, next) {
            return;
        }
        at = next;
    }
}

/// A capitalised word that is no ordinary word, no place and no language.
fn is_name(page: &Page, rules: &Rules, at: usize) -> bool {
    let Some(token) = page.token(at) else { return false };
    let lexicons = &rules.lexicons;
    let shape = matches!(token.shape, Shape::Word(Case::Title | Case::Mixed))
        || token.shape == Shape::Word(Case::Upper) && person_name::is_listed(page, rules, at);
    let elsewhere =
        [lexicons.foreign_places, lexicons.nationality, lexicons.languages, lexicons.titles]
            .into_iter()
            .any(|lexicon| page.starts(at, lexicon));
    let listed = page.starts(at, lexicons.given_names);
    shape
        && token.len() > 1
        && (listed || !elsewhere && !person_name::is_ordinary(page, rules, at))
        && (!page.starts(at, lexicons.months) || page.is_mark(at + 1, b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Rulebook;

    #[test]
    fn relatives_are_named_after_the_word_for_them_or_before_it() {
        let rules = Rules::compile(&Rulebook::built_in().unwrap()).unwrap();
        for (text, expected) in [
            ("My husband Frank drives.", vec!["Frank"]),
            ("with my two girls, Aoife and Qoqo, in tow", vec!["Aoife", "Qoqo"]),
            ("Married; sons Ilango (12) and Arul (9).", vec!["Ilango", "Arul"]),
            ("home with Macsen, eight months, and", vec!["Macsen"]),
            ("our sons Ilango (12) and Arul (9).", vec!["Ilango", "Arul"]),
            ("drawing with Bao and Lily, my twins", vec!["Lily", "Bao"]),
            ("with a son who is autistic, Kuba, I still", vec!["Kuba"]),
            ("the children in Reading and the boys of Year 9", vec![]),
            ("my sister works at Tesco", vec![]),
            ("My wife works in your finance team: Parveen. We", vec!["Parveen"]),
            ("our partner Mencap and the partners", vec![]),
        ] {
            let page = Page::read(text, &rules.vocabulary);
            let mut found = Vec::new();
            find(&page, &rules, |first, last| {
                found.push((first..last).map(|at| page.word(at)).collect::<Vec<_>>().join(""));
            });
            assert_eq!(found, expected, "{text}");
        }
    }
}
