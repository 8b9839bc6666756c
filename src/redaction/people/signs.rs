//! How much speaks for a passage being a person's name: what the words are, and what stands around them. Weighs; takes
//! nothing.

use super::super::person_name;
use super::super::rules::Rules;
use super::super::text::{Case, Gap, Page, Shape, WordId, Zone};
use super::Seen;
use super::words::{IRREGULAR_PASTS, OBJECT_VERBS, PERSONAL_VERBS, PERSONS, PLACE_WORDS};

/// How much speaks for a person: negative when something speaks against.
pub(super) fn count(seen: &Seen<'_>, at: usize, end: usize) -> i32 {
    let (page, rules) = (seen.page, seen.rules);
    let words: Vec<usize> =
        (at..end).filter(|i| page.token(*i).is_some_and(|t| t.is_word() && t.len() > 1)).collect();
    let Some(first) = words.first().copied() else { return 0 };
    let given = page.starts(first, rules.lexicons.given_names);
    let family_first = page.starts(first, rules.lexicons.family_names);
    let wordlike = is_wordlike_token(page, rules, first);
    let mut signs = 0;
    if given {
        signs += if wordlike { 1 } else { 2 };
    } else if family_first {
        signs += 1;
    }
    if words.len() > 1 {
        let others = words.get(1..).unwrap_or_default();
        let listed = others.iter().any(|i| {
            person_name::is_listed(page, rules, *i)
                || given && page.starts(*i, rules.lexicons.wordlike)
                || is_clan_name(page, *i)
        });
        let strangers = others.iter().all(|i| !is_elsewhere(page, rules, *i));
        signs += i32::from(listed) + i32::from(given && (listed || strangers));
    }
    let initial = (at..end).any(|i| page.token(i).is_some_and(|t| t.is_initial()));
    let initialled = initial && words.iter().any(|i| person_name::is_listed(page, rules, *i));
    // "A. Sandison": a full stop after the letter and a surname that nothing else explains.
    let dotted = page.token(at).is_some_and(|t| t.is_initial())
        && page.is_mark(at + 1, b'.')
        && page.beside(at + 1)
        && page.beside(at + 2)
        && words.len() == 1
        && page.token(first).is_some_and(|t| t.len() >= 4);
    // "E. Resilience" is the fifth of a list.
    let listed = person_name::is_listed(page, rules, first);
    let sure = listed || !starts_sentence(page, at);
    signs += i32::from(initialled) + i32::from(dotted) * if sure { 3 } else { 2 };
    signs += around(seen, at, end, words.len());
    if words.len() > 4 {
        signs -= 2;
    }
    // "Tamil" before Tamil letters, "Polish Saturday": a people or language is nobody's name here.
    if is_elsewhere(page, rules, first) && !given {
        signs -= 3;
    }
    if !given && !family_first && words.len() == 1 && !dotted {
        signs -= 1 + i32::from(starts_sentence(page, at));
    }
    let capitals = page.token(first).is_some_and(|t| t.shape == Shape::Word(Case::Upper));
    if capitals && words.len() == 1 && !(given && in_capitals(page, first)) {
        signs -= 2;
    }
    // "ICO Guidance", "Hawksworth KC": short capitals among words with one capital are no name.
    let short_capitals = words.iter().any(|i| {
        page.token(*i).is_some_and(|t| t.shape == Shape::Word(Case::Upper) && t.len() <= 5)
            && !person_name::is_listed(page, rules, *i)
    });
    let titled =
        words.iter().any(|i| page.token(*i).is_some_and(|t| t.shape == Shape::Word(Case::Title)));
    if short_capitals && titled {
        signs -= 2;
    }
    signs
}

/// What the surroundings say for a passage of so many words.
pub(super) fn around(seen: &Seen<'_>, at: usize, end: usize, words: usize) -> i32 {
    let (page, rules) = (seen.page, seen.rules);
    let sentence_start = starts_sentence(page, at);
    let mut signs = after_signs(page, rules, at, end, words, sentence_start);
    let before = at.checked_sub(1);
    let word_before = before.map_or("", |at| page.lower(at));
    let only_given = words == 1
        && page.starts(at, rules.lexicons.given_names)
        && !is_wordlike_token(page, rules, at)
        && page.token(at).is_some_and(|token| {
            token.shape == Shape::Word(Case::Title)
                || token.shape == Shape::Word(Case::Upper) && in_capitals(page, at)
        });
    // "I rang Amarjit in Internal Audit": a given name after a word that is no preposition of place.
    let after_word = page.joined(at)
        && before.and_then(|b| page.token(b)).is_some_and(|t| {
            matches!(t.shape, Shape::Word(Case::Lower) | Shape::Mark(b';' | b',' | b'('))
        })
        && !PLACE_WORDS.contains(&word_before);
    // "Kayleigh's thirteen", "Ida is two".
    let acts = page.beside(end)
        && matches!(page.lower(end), "'s" | "is" | "was" | "and" | "at" | "has")
        || page.lower(end) == "'s";
    let does = sentence_start && (acts || is_verb_like(page, end));
    signs += i32::from(only_given && (after_word || does || is_described(page, end)));
    let post = person_name::is_listed(page, rules, at)
        && follows_freely(page, rules, end)
        && has_post_before(page, rules, at);
    signs += 2 * i32::from(post);
    // "a press officer, Callista, and one apprentice": nothing else stands there alone.
    let apposed = words == 1
        && before.is_some_and(|b| page.is_mark(b, b','))
        && page.token(end).is_some_and(|t| matches!(t.shape, Shape::Mark(b',' | b'.' | b')' | b';')))
        && page.token(at).is_some_and(|t| {
            t.shape == Shape::Word(Case::Title) && t.word == WordId::UNKNOWN && t.len() >= 3
        })
        && (has_post_before(page, rules, at) || has_somebody_before(page, at))
        // "Sales assistant, Uniqlo, 2019" names an employer.
        && (2..=6).any(|back| {
            at.checked_sub(back).is_some_and(|i| {
                matches!(
                    page.lower(i),
                    "a" | "an" | "my" | "our" | "the" | "his" | "her" | "their" | "one" | "young" | "another"
                )
            })
        });
    signs += 4 * i32::from(apposed);
    // "The commissioner, Gbemi Alade-Cole, put it": a post in small letters, and a name between commas.
    let appointed = words > 1
        && before.is_some_and(|b| page.is_mark(b, b','))
        && (page.is_mark(end, b',') || page.is_mark(end, b')'))
        && has_post_before(page, rules, at);
    // "Manager at Biffa: Lee Cutteridge", "Line manager there: Rose Bowyer".
    let introduced = words > 1
        && before.is_some_and(|b| page.is_mark(b, b':'))
        && follows_freely(page, rules, end)
        && (3..=7).any(|back| {
            at.checked_sub(back).is_some_and(|post| {
                page.starts(post, rules.lexicons.person_cues)
                    || page.starts(post, rules.lexicons.job_titles)
            }) && (at - back + 1..at).all(|i| page.beside(i) && !page.is_mark(i, b'.'))
        });
    // "Mitali is a radiographer": a stranger who holds a post.
    let holds_post = sentence_start
        && words == 1
        && page.token(at).is_some_and(|t| {
            t.shape == Shape::Word(Case::Title) && t.word == WordId::UNKNOWN && t.len() >= 4
        })
        && page.beside(end)
        && matches!(page.lower(end), "is" | "was")
        && matches!(page.lower(end + 1), "a" | "an" | "the" | "our" | "my")
        && role_near(page, rules, end + 2);
    // "learned from Jack Gaze, a marshman".
    let taught = words > 1
        && page.beside(at)
        && matches!(word_before, "from" | "by")
        && at >= 2
        && matches!(
            page.lower(at - 2),
            "learned"
                | "learnt"
                | "trained"
                | "taught"
                | "mentored"
                | "coached"
                | "supervised"
                | "managed"
                | "led"
                | "shown"
        )
        && follows_freely(page, rules, end);
    // "...never again." Stan, eels": who said what was quoted.
    let attributed = page.starts(at, rules.lexicons.given_names)
        && before.is_some_and(|b| page.is_mark(b, b'"'))
        && page.token(at).is_some_and(|t| t.gap == Gap::Space)
        && (page.is_mark(end, b',') || page.token(end).is_none_or(|t| t.gap > Gap::Space));
    let named = [appointed, attributed, introduced, taught].into_iter().any(|sign| sign);
    signs += 2 * i32::from(named) + 5 * i32::from(holds_post);
    // "I supervise Poppy in reception": what only people can be done to.
    let object = words == 1
        && page.beside(at)
        && PERSONAL_VERBS.contains(&word_before)
        && page.starts(at, rules.lexicons.given_names)
        && !page.starts(at, rules.lexicons.months)
        && page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Title))
        && follows_freely(page, rules, end);
    signs += 2 * i32::from(object);
    // "Hamza and Blessing": a name that is a word, beside one that is not.
    let beside_given = words == 1
        && word_before == "and"
        && at >= 2
        && page.starts(at, rules.lexicons.given_names)
        && !page.starts(at, rules.lexicons.months)
        && is_sure_given(page, rules, at - 2)
        && follows_freely(page, rules, end);
    signs += 3 * i32::from(beside_given);
    // "Stelios, Resourcing" closes a message.
    let closes = only_given
        && sentence_start
        && page.is_mark(end, b',')
        && page.token(end + 1).is_some_and(|t| t.is_capital())
        && page.layout.cell_at(at).is_some_and(|cell| cell.last <= end + 4);
    signs += i32::from(closes);
    // "a fella called Roy", "my chef, named Lee".
    if page.beside(at)
        && matches!(word_before, "called" | "named")
        && page.starts(at, rules.lexicons.given_names)
        && follows_freely(page, rules, end)
    {
        signs += 2;
    }
    // "Gemma and Uzma": given names in a row vouch for each other.
    if only_given && has_companion(page, rules, at, end) {
        signs += 2;
    }
    if page.beside(at)
        && (words == 2 && OBJECT_VERBS.contains(&word_before)
            || matches!(
                word_before,
                "with" | "by" | "asked" | "told" | "thanks" | "and" | "for" | "to" | "like"
            ))
    {
        signs += 1;
    }
    if page.beside(at) && matches!(word_before, "in" | "at" | "near" | "the" | "a" | "an" | "'s") {
        signs -= 2;
    }
    let cell_start = page.layout.cell_at(at).is_some_and(|cell| {
        cell.first == at
            || cell.first + 2 >= at
                && page.token(cell.first).is_some_and(|t| t.shape == Shape::Number || t.len() == 1)
    });
    if page.zone(at) == Zone::Referees && cell_start {
        signs += if words > 1 { 3 } else { 1 };
    }
    if before.is_some_and(|b| page.is_mark(b, b','))
        && (page.is_mark(end, b',') || page.is_mark(end, b'.'))
        && words == 1
    {
        signs += 1;
    }
    if has_own_address(seen, at, end) {
        signs += 3;
    }
    signs
}

/// What follows: a post, a verb that people do, "who", a telephone number.
fn after_signs(
    page: &Page,
    rules: &Rules,
    at: usize,
    end: usize,
    words: usize,
    sentence_start: bool,
) -> i32 {
    let mut signs = 0;
    let comma = page.is_mark(end, b',') || page.is_mark(end, b'(') || page.is_mark(end, b'-');
    let after = if comma { end + 1 } else { end };
    if comma && role_near(page, rules, after) {
        signs += 2;
    }
    let next_cell = page.layout.cell_at(at).is_some_and(|cell| cell.last == end)
        && page.token(end).is_some()
        && role_near(page, rules, if page.is_mark(end, b'|') { end + 1 } else { end });
    if next_cell && words > 1 {
        signs += 2;
    }
    if page.joined(end) && page.starts(end, rules.lexicons.person_verbs) {
        signs += if sentence_start { 1 } else { 2 };
    }
    // "Errikos who runs the cafe".
    let unknown = words == 1
        && page.token(at).is_some_and(|t| {
            t.shape == Shape::Word(Case::Title) && t.word == WordId::UNKNOWN && t.len() >= 4
        });
    if unknown && page.beside(end) && page.lower(end) == "who" {
        signs += 3;
    }
    if comma && matches!(page.lower(end + 1), "who" | "whom")
        || page.joined(end) && page.lower(end) == "who"
    {
        signs += 2;
    }
    if words > 1 && phone_follows(page, after) {
        signs += 2;
    }
    signs
}

/// "Sagal, the eldest", "Yiannis from the van".
fn is_described(page: &Page, end: usize) -> bool {
    page.is_mark(end, b',')
        && matches!(
            page.lower(end + 1),
            "the" | "our" | "my" | "a" | "an" | "then" | "one" | "who" | "aged"
        )
        || page.beside(end) && page.lower(end) == "from"
}

/// "Saoirse reads a plan", "Hassan can explain": a small word that may be a verb.
fn is_verb_like(page: &Page, end: usize) -> bool {
    let word = page.lower(end);
    page.beside(end)
        && page.token(end).is_some_and(|t| t.shape == Shape::Word(Case::Lower))
        && (word.len() >= 4 && (word.ends_with('s') || word.ends_with("ed"))
            || matches!(
                word,
                "in" | "from"
                    | "on"
                    | "can"
                    | "will"
                    | "would"
                    | "could"
                    | "must"
                    | "should"
                    | "might"
                    | "may"
                    | "did"
                    | "does"
                    | "ran"
                    | "got"
            )
            || IRREGULAR_PASTS.contains(&word))
}

/// "The supervisor Dean told me", "The driver, Cled,": a post directly before the name.
fn has_post_before(page: &Page, rules: &Rules, at: usize) -> bool {
    let comma = at > 0 && page.is_mark(at - 1, b',');
    let end = if comma { at - 1 } else { at };
    if !page.beside(at) || comma && !page.beside(end) {
        return false;
    }
    (1..=3).any(|back| {
        end.checked_sub(back).is_some_and(|post| {
            page.longest(post, rules.lexicons.job_titles) == Some(back)
                && (post + 1..end).all(|i| page.beside(i))
                // A post in small letters, or one that opens its sentence: "Ganger Lee".
                && (page.token(post).is_some_and(|t| t.shape == Shape::Word(Case::Lower))
                    || starts_sentence(page, post) && !comma)
        })
    })
}

/// "One, Rakeem,", "a young apprentice, Deshawn,": a word for somebody and a comma before the name.
fn has_somebody_before(page: &Page, at: usize) -> bool {
    at.checked_sub(2).is_some_and(|noun| page.beside(at) && PERSONS.contains(&page.lower(noun)))
}

/// Whether what follows is no further capitalised word of a body or place.
fn follows_freely(page: &Page, rules: &Rules, end: usize) -> bool {
    !(page.beside(end)
        && page.token(end).is_some_and(|t| t.is_capital())
        && !person_name::is_listed(page, rules, end))
}

/// Whether the words around are in capitals too.
pub(super) fn in_capitals(page: &Page, at: usize) -> bool {
    let words = |i: &usize| page.token(*i).is_some_and(|t| t.is_word() && t.len() > 1);
    let around = at.saturating_sub(4)..(at + 5).min(page.tokens.len());
    let all = around.clone().filter(words).count();
    let upper = around
        .filter(words)
        .filter(|i| page.token(*i).is_some_and(|t| t.shape == Shape::Word(Case::Upper)))
        .count();
    all >= 4 && upper + 1 >= all
}

/// Whether a token is a given name and nothing else.
fn is_sure_given(page: &Page, rules: &Rules, at: usize) -> bool {
    page.token(at).is_some_and(|t| matches!(t.shape, Shape::Word(Case::Title | Case::Upper)))
        && page.starts(at, rules.lexicons.given_names)
        && !is_wordlike_token(page, rules, at)
}

/// Whether another given name stands beside, joined by "and", "&" or a comma.
fn has_companion(page: &Page, rules: &Rules, at: usize, end: usize) -> bool {
    let given = |i: usize| is_sure_given(page, rules, i);
    let link = |i: usize| page.lower(i) == "and" || page.is_mark(i, b'&') || page.is_mark(i, b',');
    link(end) && page.joined(end) && given(end + 1) && page.joined(end + 1)
        || at >= 2 && link(at - 1) && given(at - 2)
}

/// Whether an e-mail address on the line, or the next, holds the name.
fn has_own_address(seen: &Seen<'_>, at: usize, end: usize) -> bool {
    let page = seen.page;
    seen.locals.iter().any(|(sign, local)| {
        sign.abs_diff(at) <= 30
            && (at..end).any(|i| {
                page.token(i).is_some_and(|t| t.is_capital() && t.len() >= 4)
                    && local.contains(page.lower(i))
            })
    })
}

/// A run of digits as long as a telephone number within the next few tokens of the line.
fn phone_follows(page: &Page, from: usize) -> bool {
    let mut digits = 0;
    for at in from..from + 10 {
        let Some(token) = page.token(at).filter(|t| t.gap < Gap::Line || t.gap == Gap::Wide) else {
            break;
        };
        match token.shape {
            Shape::Number => digits += page.word(at).len(),
            Shape::Mark(_) | Shape::Symbol => {}
            Shape::Word(_) if digits == 0 => {}
            _ => break,
        }
    }
    digits >= 9
}

/// Whether a post stands within the next few words: "Head of X", "former Area Manager".
fn role_near(page: &Page, rules: &Rules, from: usize) -> bool {
    (from..from + 5)
        .take_while(|at| *at == from || page.beside(*at))
        .any(|at| page.starts(at, rules.lexicons.job_titles))
}

/// "Sister Bernie", "Big Tam", "Uncle Femi": a word of respect or size before a given name.
pub(super) fn is_familiar(page: &Page, rules: &Rules, at: usize) -> bool {
    at > 0
        && page.beside(at)
        && page.starts(at - 1, rules.lexicons.person_titles)
        && page.token(at - 1).is_some_and(|t| t.shape == Shape::Word(Case::Title))
        && page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Title))
        && (page.starts(at, rules.lexicons.given_names)
            || page.starts(at, rules.lexicons.family_names)
                && !matches!(
                    page.lower(at - 1),
                    "big" | "old" | "young" | "chief" | "coach" | "wee"
                ))
        && !(page.beside(at + 1)
            && page.token(at + 1).is_some_and(|t| t.is_capital())
            && page.starts(at + 1, rules.lexicons.places_of_work))
}

/// "O'Dea", "McVeigh", "FitzGibbon": surnames that show in their shape.
fn is_clan_name(page: &Page, at: usize) -> bool {
    let lower = page.lower(at);
    let particle = at >= 2 && page.is_mark(at - 1, b'\'') && page.lower(at - 2) == "o";
    let mixed = page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Mixed));
    particle || mixed && ["mc", "mac", "fitz"].iter().any(|clan| lower.starts_with(clan))
}

/// Whether a word is a place, a people or a language.
fn is_elsewhere(page: &Page, rules: &Rules, at: usize) -> bool {
    let lexicons = &rules.lexicons;
    [lexicons.foreign_places, lexicons.nationality, lexicons.languages, lexicons.address_words]
        .into_iter()
        .any(|lexicon| page.starts(at, lexicon))
}

fn is_wordlike_token(page: &Page, rules: &Rules, at: usize) -> bool {
    page.starts(at, rules.lexicons.wordlike) || page.starts(at, rules.lexicons.common)
}

/// Whether a token opens a sentence, a cell or a line.
pub(super) fn starts_sentence(page: &Page, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    page.token(at).is_some_and(|token| token.gap >= Gap::Wide)
        || page.token(before).is_some_and(|token| {
            matches!(token.shape, Shape::Mark(b'.' | b'!' | b'?' | b':' | b'*' | b'"'))
                || token.shape == Shape::Symbol
        })
}
