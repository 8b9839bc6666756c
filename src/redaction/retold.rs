//! What others say of the candidate ("Farah is autistic", "her husband works nights"), retold as the candidate would say it
//! ("I am autistic", "my husband works nights"), so that rules which wait for "I" and "my" read profiles and references,
//! too. Rewrites and maps back; finds nothing itself.

use super::hit::Hit;
use super::text::vocabulary::Vocabulary;
use super::text::{Gap, Page, Shape};
use crate::rulebook::Kind;

/// Sentences about the candidate in the first person, and which words of the page they are made of.
pub(super) struct Retold {
    /// The retold sentences, a line each.
    pub page: Page,
    /// The byte at which each word of them begins, the word of the page behind it, and whether it stands for the candidate.
    words: Vec<(u32, usize, bool)>,
}

/// Retells the sentences of a page in which the candidate is named or meant; none where there are none.
pub(super) fn retell(page: &Page, hits: &[Hit], vocabulary: &Vocabulary) -> Option<Retold> {
    let subject = subjects(page, hits);
    if !subject.contains(&true) {
        return None;
    }
    let mut text = String::new();
    let mut words = Vec::new();
    let mut start = 0;
    while start < page.tokens.len() {
        let end = sentence_end(page, start);
        if (start..end).any(|at| subject.get(at) == Some(&true) && is_told_of(page, &subject, at)) {
            retell_one(page, &subject, start..end, &mut text, &mut words);
            text.push_str("\n\n");
        }
        start = end;
    }
    let page = Page::read(&text, vocabulary);
    Some(Retold { page, words })
}

impl Retold {
    /// The words of the page behind a find in the retold text, from the first to one past the last, without those at its
    /// edges that stand for the candidate.
    pub fn behind(&self, hit: &Hit) -> Option<(usize, usize)> {
        let from = self.words.partition_point(|(start, ..)| *start < hit.start);
        let to = self.words.partition_point(|(start, ..)| *start < hit.end);
        let words = self.words.get(from..to)?;
        let said = |(.., is_subject): &&(u32, usize, bool)| !is_subject;
        let first = words.iter().find(said)?.1;
        let last = words.iter().rev().find(said)?.1;
        Some((first, last + 1))
    }
}

/// Whether a word that stands for the candidate stands in a sentence, not in a heading or a form: a pronoun, or the name
/// before a verb or with something of its bearer's.
fn is_told_of(page: &Page, subject: &[bool], at: usize) -> bool {
    let stands_before = |next: usize| {
        let word = page.lower(next);
        page.token(next).is_some_and(|token| token.gap <= Gap::Line)
            && (word == "'s" || verb_like(page, next) || word.len() > 3 && word.ends_with("ed"))
    };
    is_pronoun(page.lower(at))
        || subject.get(at + 1) != Some(&true)
            && (stands_before(at + 1) || after_aside(page, at + 1).is_some_and(stands_before))
}

/// What stands behind an aside ("Farah, 47, is", "Farah, who is deaf, works") or at the verb of a clause with "who".
fn after_aside(page: &Page, at: usize) -> Option<usize> {
    if page.lower(at) == "who" {
        return Some(at + 1);
    }
    if page.lower(at) != "," {
        return None;
    }
    if page.lower(at + 1) == "who" {
        return Some(at + 2);
    }
    (at + 2..at + 2 + LONGEST_ASIDE).find(|comma| page.lower(*comma) == ",").map(|comma| comma + 1)
}

/// The most words between two commas behind a name.
const LONGEST_ASIDE: usize = 6;

/// Whoever says "I" so often speaks of others as candidates.
const NARRATES: usize = 3;

/// Which words stand for the candidate: the name, pronouns that were found to mean its bearer, and "the candidate" where
/// nobody tells of having dealt with candidates.
fn subjects(page: &Page, hits: &[Hit]) -> Vec<bool> {
    let mut subject = vec![false; page.tokens.len()];
    let words = 0..page.tokens.len();
    let is_narrated = words.clone().filter(|at| page.lower(*at) == "i").nth(NARRATES - 1).is_some();
    if !is_narrated {
        for at in words.filter(|at| is_called_candidate(page, *at)) {
            let has_article = at > 0 && is_article(page.lower(at - 1));
            let first = if has_article { at - 1 } else { at };
            subject.get_mut(first..=at).unwrap_or_default().fill(true);
        }
    }
    for hit in hits.iter().filter(|hit| matches!(hit.kind, Kind::Name | Kind::Gender)) {
        let (first, last) = hit.tokens(page);
        for at in first..last {
            let is_one = hit.kind == Kind::Name || is_pronoun(page.lower(at));
            if let Some(subject) = subject.get_mut(at).filter(|_| is_one) {
                *subject = true;
            }
        }
    }
    subject
}

/// "the candidate", "this applicant", or the word alone at the start of a line.
fn is_called_candidate(page: &Page, at: usize) -> bool {
    let is_one = matches!(page.lower(at), "candidate" | "applicant" | "nominee" | "jobseeker");
    let starts_line = page.token(at).is_some_and(|token| token.gap >= Gap::Line) || at == 0;
    is_one && (starts_line || at > 0 && is_article(page.lower(at - 1)))
}

fn is_article(word: &str) -> bool {
    matches!(word, "the" | "this" | "our" | "your")
}

fn is_pronoun(word: &str) -> bool {
    matches!(word, "she" | "he" | "her" | "his" | "him" | "hers" | "herself" | "himself")
}

/// One past the last word of a sentence or line.
fn sentence_end(page: &Page, start: usize) -> usize {
    let mut at = start + 1;
    while let Some(token) = page.token(at) {
        let ends = page.token(at - 1).is_some_and(|before| {
            matches!(before.shape, Shape::Mark(b'.' | b'!' | b'?')) && token.gap != Gap::Joined
        });
        // A line that begins with a capital is the next entry of a list more often than the same sentence.
        if ends || token.gap >= Gap::Wide || token.gap == Gap::Line && token.is_capital() {
            break;
        }
        at += 1;
    }
    at
}

fn retell_one(
    page: &Page,
    subject: &[bool],
    tokens: std::ops::Range<usize>,
    text: &mut String,
    words: &mut Vec<(u32, usize, bool)>,
) {
    let is_subject = |at: usize| subject.get(at) == Some(&true);
    let mut at = tokens.start;
    // Whether the next verb is the candidate's, and where it stands when an aside comes first.
    let mut verb_follows = false;
    let mut resumes = None;
    while at < tokens.end {
        let gap = page.token(at).map_or(Gap::Joined, |token| token.gap);
        if at > tokens.start && gap != Gap::Joined {
            text.push(' ');
        }
        let start = text.len() as u32;
        if is_subject(at) {
            let mut last = at + 1;
            while last < tokens.end && is_subject(last) && !is_pronoun(page.lower(last)) {
                last += 1;
            }
            let of_whom = page.lower(last) == "'s" && !verb_like(page, last + 1);
            let (told, begins) = first_person(page, at, of_whom);
            text.push_str(told);
            words.push((start, at, true));
            let next = after_aside(page, last).filter(|next| begins && *next < tokens.end);
            match next {
                // "Farah, 47, is a nurse": "I am 47, I am a nurse".
                Some(next) if page.lower(last) == "," && page.lower(last + 1) != "who" => {
                    text.push_str(" am");
                    (at, resumes, verb_follows) = (last + 1, Some(next), false);
                }
                // "Farah, who is deaf, signs": "I am deaf, sign".
                Some(next) => (at, verb_follows) = (next, true),
                None => {
                    at = if of_whom && !is_pronoun(page.lower(at)) { last + 1 } else { last };
                    verb_follows = begins;
                }
            }
            continue;
        }
        if resumes == Some(at) {
            text.push_str("I ");
            words.push((start, at, true));
            (resumes, verb_follows) = (None, true);
        }
        let start = text.len() as u32;
        let word = page.word(at);
        if verb_follows && page.token(at).is_some_and(|token| token.is_word()) {
            let lower = page.lower(at);
            text.push_str(&in_first_person(lower));
            verb_follows = matches!(
                lower,
                "also" | "now" | "still" | "always" | "often" | "never" | "only" | "currently"
            );
        } else {
            text.push_str(word);
            // "keeps kosher and speaks Urdu": the second verb is the same person's.
            verb_follows = matches!(page.lower(at), "and" | "but" | "who")
                && page.token(at + 1).is_some_and(|token| !token.is_capital())
                && verb_like(page, at + 1);
        }
        words.push((start, at, false));
        at += 1;
    }
}

/// The first person for the name or a pronoun, and whether it is who does something.
fn first_person(page: &Page, at: usize, of_whom: bool) -> (&'static str, bool) {
    match page.lower(at) {
        "his" | "hers" => ("my", false),
        "her" if page.token(at + 1).is_some_and(|next| next.is_word() && next.gap <= Gap::Line) => {
            ("my", false)
        }
        "her" | "him" => ("me", false),
        "herself" | "himself" => ("myself", false),
        _ if of_whom => ("my", false),
        _ => ("I", true),
    }
}

/// Whether a word can be a verb of the third person: "speaks", "is", "has".
fn verb_like(page: &Page, at: usize) -> bool {
    let word = page.lower(at);
    let irregular = [
        "is", "was", "has", "had", "does", "went", "grew", "came", "left", "took", "became",
        "began", "spent",
    ];
    irregular.contains(&word)
        || word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us")
}

/// A verb of the third person in the first.
fn in_first_person(word: &str) -> String {
    let told = match word {
        "is" | "'s" => "am",
        "has" => "have",
        "does" => "do",
        "goes" => "go",
        "was" => "was",
        _ => "",
    };
    if !told.is_empty() {
        return told.to_owned();
    }
    for (ending, instead) in
        [("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("zes", "z")]
    {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 1) {
            return format!("{stem}{instead}");
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if word.len() > 3 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}
