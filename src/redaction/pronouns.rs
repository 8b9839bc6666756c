//! Pronouns about the candidate become they, them, their, with verbs that agree. A pronoun is the candidate's when
//! the last person named before it in the paragraph is the candidate. Knows English grammar, not who anybody is.

use super::hit::Hit;
use super::phrases::in_case_of;
use super::rules::Rules;
use super::text::{Gap, Page, Shape, Token, Zone};
use crate::rulebook::{Kind, RuleId};

/// Who was mentioned last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mentioned {
    Nobody,
    Candidate,
    Somebody,
}

/// Who a paragraph speaks of, as far as it has been read.
struct Talk {
    /// Who was mentioned last.
    last: Mentioned,
    /// Whom the sentences are about: who was mentioned at the beginning of one. "Zara is whom I'd want for my mother. She
    /// says hard things kindly" goes on about Zara.
    topic: Mentioned,
}

impl Talk {
    fn about(who: Mentioned) -> Self {
        Self { last: who, topic: who }
    }

    fn mention(&mut self, who: Mentioned, opens: bool) {
        self.last = who;
        if opens {
            self.topic = who;
        }
    }
}

/// How far from the beginning of a sentence a word may stand to be what it is about.
const SUBJECT: usize = 3;

/// Finds pronouns about the candidate. `hits` must already hold the names.
pub(super) fn find(page: &Page, rules: &Rules, rule: &RuleId, hits: &mut Vec<Hit>) {
    // Who asks for "they" is "they" in what others write of them.
    let plural = declares_they(page, hits);
    let has_pronoun = (0..page.tokens.len()).any(|at| neutral_of(page, at).is_some()) || plural;
    if !has_pronoun {
        return;
    }
    let mut people: Vec<(u32, bool)> = hits
        .iter()
        .filter(|hit| matches!(hit.kind, Kind::Name | Kind::OtherPerson))
        .map(|hit| (hit.start, hit.kind == Kind::Name))
        .collect();
    people.sort_unstable();
    let mut people = people.into_iter().peekable();
    let profile = is_profile(page);
    let unnamed = |at: usize| {
        if profile && !speaks_itself(page, at) { Mentioned::Candidate } else { Mentioned::Nobody }
    };
    // Whom a paragraph is about that names nobody.
    let mut nobody = unnamed(0);
    let mut talk = Talk::about(nobody);
    let mut sentence = 0;
    let mut found = Vec::new();
    for at in 0..page.tokens.len() {
        let Some(token) = page.token(at) else { break };
        if token.gap == Gap::Break {
            nobody = unnamed(at);
            talk = Talk::about(nobody);
        }
        if starts_sentence(page, at) || token.gap == Gap::Break {
            sentence = at;
        }
        let opens = at <= sentence + SUBJECT;
        while let Some((_, own)) = people.next_if(|(start, _)| *start <= token.start) {
            // A name at the head of a paragraph introduces a speaker; inside, the last name wins.
            // "My name is X", "they call me X": the candidate speaks of others from here on.
            let own_voice = at > 0
                && matches!(page.lower(at - 1), "is" | "am" | "'m" | "me" | "as" | "called" | "i");
            let who = match (own, own_voice) {
                (true, false) => Mentioned::Candidate,
                (true, true) => Mentioned::Nobody,
                (false, _) => Mentioned::Somebody,
            };
            talk.mention(who, opens);
        }
        if quotes_the_candidate(page, rules, at) {
            talk = Talk::about(Mentioned::Candidate);
            sentence = at + 1;
        }
        if !token.is_word() {
            continue;
        }
        let pronoun = neutral_of(page, at).or_else(|| plural_of(page, at).filter(|_| plural));
        if page.starts(at, rules.lexicons.gendered)
            && pronoun.is_none()
            && !page.starts(at, rules.lexicons.titles)
            && !(talk.last == Mentioned::Candidate && says_what_somebody_is(page, at))
        {
            // Nobody is "she" who is several: "Clients say she reads everything". Where a profile of the candidate mentions
            // others, it goes on about the candidate.
            let several = page.lower(at).ends_with('s') && !page.lower(at).ends_with("ss");
            if !several || plural {
                talk.mention(Mentioned::Somebody, opens && nobody == Mentioned::Nobody);
            }
        }
        let Some(word) = pronoun else { continue };
        if at == sentence && talk.topic == Mentioned::Candidate {
            talk.last = Mentioned::Candidate;
        }
        if talk.last == Mentioned::Candidate {
            take(page, at, word, rule, &mut found);
        }
    }
    hits.extend(found);
}

/// Whether the candidate says that they are "they": "Wren Day (they / them)".
fn declares_they(page: &Page, hits: &[Hit]) -> bool {
    hits.iter().filter(|hit| hit.kind == Kind::Gender).any(|hit| {
        let (first, last) = hit.tokens(page);
        last <= first + 8
            && (first..last).any(|at| page.lower(at) == "they")
            && (first..last).any(|at| page.is_mark(at, b'/') || page.lower(at) == "them")
    })
}

/// The plural pronouns of somebody who is "they": what they stand for already, so that nothing tells them from others'.
fn plural_of(page: &Page, at: usize) -> Option<&'static str> {
    Some(match page.lower(at) {
        "they" => "they",
        "them" => "them",
        "their" => "their",
        "theirs" => "theirs",
        "themself" | "themselves" => "themselves",
        _ => return None,
    })
}

/// "Neil is a gentleman", "she joined as a quiet lad": the word describes whom the sentence is about.
fn says_what_somebody_is(page: &Page, at: usize) -> bool {
    (at.saturating_sub(4)..at).any(|near| {
        matches!(page.lower(near), "is" | "was" | "as" | "'s" | "being" | "became" | "such")
            && matches!(page.lower(near + 1), "a" | "an" | "the" | "our" | "one")
    })
}

/// Whether the text speaks of its candidate as "she" or "he", as agencies and nominations do: there are several such
/// pronouns, and few an "I" beside them.
fn is_profile(page: &Page) -> bool {
    let (mut own, mut third) = (0, 0);
    for at in 0..page.tokens.len() {
        match page.lower(at) {
            "i" | "my" | "me" | "'m" => own += 1,
            "he" | "she" | "his" | "her" => third += 1,
            _ => {}
        }
    }
    third >= 4 && 2 * third >= own
}

/// Whether somebody says "I" in the paragraph that begins at a token.
fn speaks_itself(page: &Page, first: usize) -> bool {
    (first..page.tokens.len())
        .take_while(|at| {
            *at == first || page.token(*at).is_some_and(|token| token.gap != Gap::Break)
        })
        .any(|at| matches!(page.lower(at), "i" | "my" | "me" | "'m"))
}

/// Words near a quotation that show it to be what somebody said of the candidate.
const OF_ME: [&str; 37] = [
    "me",
    "others",
    "comment",
    "line",
    "my",
    "mine",
    "manager",
    "boss",
    "supervisor",
    "foreman",
    "feedback",
    "appraisal",
    "reference",
    "referee",
    "testimonial",
    "head",
    "colleague",
    "colleagues",
    "wrote",
    "says",
    "said",
    "say",
    "review",
    "letter",
    "card",
    "nomination",
    "recommendation",
    "panel",
    "quote",
    "quotes",
    "ref",
    "refs",
    "referees",
    "references",
    "recommendations",
    "testimonials",
    "comments",
];
/// How far before a quotation such a word may stand.
const NEAR_QUOTE: usize = 24;

/// Whether a quotation about the candidate opens here: `My manager wrote "She is calm"`.
fn quotes_the_candidate(page: &Page, rules: &Rules, at: usize) -> bool {
    let opens = page.is_mark(at, b'"')
        && page.token(at).is_some_and(|mark| mark.gap != Gap::Joined || at == 0)
        && page.token(at + 1).is_some_and(|next| next.gap == Gap::Joined);
    if !opens {
        return false;
    }
    let begins_with_pronoun =
        (at + 1..at + 20).find(|next| neutral_of(page, *next).is_some()).is_some_and(|next| {
            // "A resident said he ...": somebody else is named before the pronoun.
            (at + 1..next).all(|before| {
                !page.token(before).is_some_and(Token::is_capital)
                    || starts_sentence(page, before)
                    || page.starts(before, rules.lexicons.months)
            })
        });
    // "Rupert Lysaght, chairman: "She runs us all"": nobody else has been spoken of.
    let at_once = neutral_of(page, at + 1).is_some()
        && page.token(at + 1).is_some_and(Token::is_capital)
        && at > 0
        && (page.is_mark(at - 1, b':') || page.zone(at) == Zone::Referees);
    if at_once {
        return true;
    }
    // "Merryn Pascoe, Operations Director / "We disagreed weekly. She was usually right."": a colleague's line.
    let set_apart = page.token(at).is_some_and(|mark| mark.gap >= Gap::Line)
        || at > 0 && (page.is_mark(at - 1, b':') || page.is_mark(at - 1, b'/'));
    begins_with_pronoun
        && (at.saturating_sub(NEAR_QUOTE)..at).any(|near| {
            OF_ME.contains(&page.lower(near))
                || set_apart && near + 10 >= at && page.starts(near, rules.lexicons.job_titles)
        })
}

fn starts_sentence(page: &Page, at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| {
        page.is_mark(before, b'"') || page.is_mark(before, b'.') || page.is_mark(before, b'!')
    })
}

/// The neutral pronoun for a gendered one.
fn neutral_of(page: &Page, at: usize) -> Option<&'static str> {
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

/// Words after "her" that show it to be an object: "told her that", "hire her again".
const AFTER_OBJECT: [&str; 44] = [
    "again", "to", "in", "on", "at", "for", "and", "that", "when", "as", "with", "from", "if",
    "but", "or", "by", "because", "since", "until", "after", "before", "during", "into", "about",
    "for", "the", "a", "an", "this", "every", "any", "so", "very", "highly", "without", "over",
    "through", "tomorrow", "today", "now", "well", "is", "was", "who",
];

fn noun_follows(page: &Page, at: usize) -> bool {
    page.joined(at + 1)
        && page.token(at + 1).is_some_and(|next| {
            matches!(next.shape, Shape::Word(_) | Shape::Number)
                && !AFTER_OBJECT.contains(&page.lower(at + 1))
        })
}

fn take(page: &Page, at: usize, word: &'static str, rule: &RuleId, found: &mut Vec<Hit>) {
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
