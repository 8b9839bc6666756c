//! Pronouns about the candidate become they, them, their, with verbs that agree. A pronoun is the candidate's when
//! the last person named before it who may be meant by it is the candidate. Knows English grammar, not who anybody is.

mod described;
mod rewrite;
mod speaker;
mod talk;

use self::rewrite::{neutral_of, plural_of, take};
use self::speaker::{
    NEAR_SPEAKER, Quotation, follows_sender, is_sender, quotes_the_candidate, sent_by_candidate,
};
use self::talk::{Talk, Who};
use super::hit::Hit;
use super::rules::Rules;
use super::sex::Sex;
use super::text::{Case, Gap, Page, Shape};
use crate::rulebook::{Kind, RuleId};

/// How far from the beginning of a sentence a word may stand to be what it is about.
const SUBJECT: usize = 3;

/// Finds pronouns about the candidate, by the first rule, and what they are said to be, by the second. `hits` must
/// already hold the names.
pub(super) fn find(page: &Page, rules: &Rules, ids: [&RuleId; 2], hits: &mut Vec<Hit>) {
    let [pronoun, described] = ids;
    let people = people(page, hits);
    let own = own_pronouns(page, rules, &people, hits);
    let mut found = described::find(page, &people, &own, described);
    found.extend(described::in_quotations(page, &people, &own, described));
    for at in own {
        let word = neutral_of(page, at).or_else(|| plural_of(page, at));
        take(page, at, word.unwrap_or("they"), pronoun, &mut found);
    }
    hits.extend(found);
}

/// The tokens of the pronouns that are the candidate's, in order.
fn own_pronouns(page: &Page, rules: &Rules, people: &[Person], hits: &[Hit]) -> Vec<usize> {
    // Who asks for "they" is "they" in what others write of them.
    let plural = declares_they(page, hits);
    let has_pronoun = (0..page.tokens.len()).any(|at| neutral_of(page, at).is_some()) || plural;
    if !has_pronoun {
        return Vec::new();
    }
    let (first, third) = persons(page);
    let profile = third >= 4 && 2 * third >= first;
    let own_words = first >= 12 && first >= 2 * third;
    let mut gender: Vec<(u32, u32)> = hits
        .iter()
        .filter(|hit| hit.kind == Kind::Gender)
        .map(|hit| (hit.start, hit.end))
        .collect();
    gender.sort_unstable();
    let read = |sex: Option<Sex>| {
        let reader = Reader { page, rules, profile, own_words, plural, sex, gender: &gender };
        reader.own_pronouns(people)
    };
    let mut own = read(None);
    let told = told_sex(page, hits, &own);
    if told.is_some() {
        let of_other = |at: &usize| {
            let sex = Sex::of_pronoun(page.lower(*at));
            sex.is_some() && sex != told
        };
        own.retain(|at| !of_other(at));
        own.extend(read(told));
        own.sort_unstable();
        own.dedup();
    }
    own
}

/// Who is named, in the order of the text. Who may be the candidate or another is the candidate.
fn people(page: &Page, hits: &[Hit]) -> Vec<Person> {
    let mut people: Vec<Person> = hits.iter().filter_map(|hit| Person::of(page, hit)).collect();
    people.sort_unstable_by_key(|person| (person.start, person.end));
    let names: Vec<(u32, u32)> = people
        .iter()
        .filter(|person| person.who == Who::Candidate)
        .map(|person| (person.start, person.end))
        .collect();
    people.retain(|person| {
        let before = names.partition_point(|(start, _)| *start < person.end);
        let overlaps = names.get(before.saturating_sub(3)..before);
        let own = overlaps.is_some_and(|near| near.iter().any(|(_, end)| *end > person.start));
        person.who == Who::Candidate || !own
    });
    people
}

/// Somebody whom other rules found.
struct Person {
    /// The first byte, and one past the last.
    start: u32,
    end: u32,
    who: Who,
    sex: Option<Sex>,
}

impl Person {
    fn of(page: &Page, hit: &Hit) -> Option<Self> {
        let who = match hit.kind {
            Kind::Name => Who::Candidate,
            Kind::OtherPerson => Who::Somebody,
            _ => return None,
        };
        let (first, last) = hit.tokens(page);
        let sex = (first.saturating_sub(2)..last).find_map(|at| Sex::of_noun(page.lower(at)));
        Some(Self { start: hit.start, end: hit.end, who, sex })
    }
}

/// The candidate's sex, where titles, answers and the pronouns that are surely theirs agree: others' pronouns cannot be
/// confused with theirs then.
fn told_sex(page: &Page, hits: &[Hit], own: &[usize]) -> Option<Sex> {
    let (mut women, mut men) = (0, 0);
    let mut count = |sex: Option<Sex>| match sex {
        Some(Sex::Woman) => women += 1,
        Some(Sex::Man) => men += 1,
        None => {}
    };
    for hit in hits.iter().filter(|hit| hit.kind == Kind::Gender) {
        let (first, last) = hit.tokens(page);
        if last <= first + 4 {
            let mut words = first..last;
            count(words.find_map(|at| {
                let word = page.lower(at);
                Sex::of_pronoun(word).or_else(|| Sex::of_answer(word))
            }));
        }
    }
    for hit in hits.iter().filter(|hit| hit.kind == Kind::Name) {
        let (first, _) = hit.tokens(page);
        count(Sex::of_noun(page.lower(first)));
    }
    for at in own {
        count(Sex::of_pronoun(page.lower(*at)));
    }
    match (women, men) {
        (women, men) if women >= 2 && women >= 4 * men => Some(Sex::Woman),
        (women, men) if men >= 2 && men >= 4 * women => Some(Sex::Man),
        _ => None,
    }
}

/// Reads a page and says whose its pronouns are.
struct Reader<'a> {
    page: &'a Page,
    rules: &'a Rules,
    /// The text speaks of its candidate as "she" or "he" throughout.
    profile: bool,
    /// The text is its candidate's own account throughout.
    own_words: bool,
    /// The candidate is "they".
    plural: bool,
    /// The candidate's sex, where it is known.
    sex: Option<Sex>,
    /// Where words stand that say what the candidate is, in order.
    gender: &'a [(u32, u32)],
}

impl Reader<'_> {
    /// The tokens of the pronouns that are the candidate's.
    fn own_pronouns(&self, people: &[Person]) -> Vec<usize> {
        let page = self.page;
        let own_lines = sent_by_candidate(page, people.iter());
        let mut people = people.iter().peekable();
        let mut own = Vec::new();
        let mut paragraph = Paragraph { speaks: speaks_itself(page, 0), ..Paragraph::default() };
        let mut talk = Talk::new(self.unnamed(0), self.sex);
        let (mut sentence, mut has_subject) = (0, false);
        let mut quotation = Quotation::default();
        let mut message = false;
        let (mut somebody_ends, mut name_ends) = (0, 0);
        for at in 0..page.tokens.len() {
            let Some(token) = page.token(at) else { break };
            if token.gap == Gap::Break {
                message = false;
                paragraph = Paragraph {
                    goes_on: self.sex.is_some()
                        && (paragraph.has_own || paragraph.goes_on && !paragraph.speaks),
                    speaks: speaks_itself(page, at),
                    has_own: false,
                };
                let who = if paragraph.goes_on { Who::Candidate } else { self.unnamed(at) };
                talk = Talk::new(who, self.sex);
            }
            if token.gap >= Gap::Line && follows_sender(page, at, &own_lines) {
                talk = Talk::quoted();
                (paragraph.speaks, message) = (false, true);
            }
            if starts_sentence(page, at) || token.gap == Gap::Break {
                (sentence, has_subject) = (at, false);
                // "They both thank her. Give her the file": what is said of the candidate returns to them.
                if quotation.of_candidate {
                    talk.candidate(false);
                }
            }
            quotation.pass(page, at);
            // In somebody's own words whoever is named may be spoken of next.
            let opens =
                at <= sentence + SUBJECT && !has_subject || paragraph.goes_on && paragraph.speaks;
            while let Some(person) = people.next_if(|person| person.start <= token.start) {
                // "My name is X", "they call me X": the candidate speaks of others from here on.
                // "This is X": others present the candidate so.
                let presented = at > 1
                    && page.lower(at - 1) == "is"
                    && matches!(page.lower(at - 2), "this" | "that" | "here" | "it");
                let own_voice = at > 0
                    && !presented
                    && matches!(
                        page.lower(at - 1),
                        "is" | "am" | "'m" | "me" | "as" | "called" | "i"
                    );
                match person.who {
                    Who::Candidate if own_voice => {
                        name_ends = person.end;
                        talk.own_voice();
                    }
                    Who::Candidate => {
                        name_ends = person.end;
                        talk.candidate(opens);
                        quotation.names_candidate();
                    }
                    // Who sends a message is not spoken of in it.
                    _ if is_sender(page, at) => {}
                    _ => {
                        talk.somebody(person.sex, opens);
                        somebody_ends = page.tokens.partition_point(|t| t.start < person.end);
                    }
                }
            }
            let said_by = somebody_ends > 0 && at <= somebody_ends + NEAR_SPEAKER;
            if quotes_the_candidate(page, self.rules, at, said_by) {
                talk = Talk::quoted();
                quotation.names_candidate();
                (sentence, has_subject) = (at + 1, false);
            }
            if !token.is_word() {
                continue;
            }
            if page.lower(at) == "nominee" {
                talk.candidate(opens);
                continue;
            }
            let pronoun = neutral_of(page, at).is_some();
            let plural = self.plural && plural_of(page, at).is_some();
            if pronoun || plural {
                let sex = Sex::of_pronoun(page.lower(at));
                // "I asked him what he needed": whom the author deals with is not the author.
                let dealt_with = self.own_words && !plural && !quotation.is_open() && !message;
                if dealt_with && is_object_of_i(page, at) {
                    talk.somebody(sex, true);
                    continue;
                }
                let goes_on = sex.is_some()
                    && sex == self.sex
                    && !quotation.is_open()
                    && goes_on_about_subject(page, at, sentence, has_subject);
                if talk.is_own(sex, at == sentence || goes_on) {
                    own.push(at);
                    quotation.names_candidate();
                    paragraph.has_own = true;
                    has_subject = true;
                }
            } else if !(quotation.of_candidate && Sex::of_noun(page.lower(at)).is_none())
                && token.start >= name_ends
                && !self.is_said_of_candidate(at, people.peek().copied(), &own)
            {
                let speaks = paragraph.speaks && !quotation.of_candidate;
                self.weigh_word(at, opens && !quotation.of_candidate, speaks, &mut talk);
            }
        }
        own
    }

    /// Whether a word for a woman or man goes with the candidate: it is found to say what they are ("a proper lady"),
    /// stands before their name ("Auntie Comfort"), or behind their pronoun ("when she had her daughter").
    fn is_said_of_candidate(&self, at: usize, next: Option<&Person>, own: &[usize]) -> bool {
        let page = self.page;
        let Some(token) = page.token(at) else { return false };
        let before = self.gender.partition_point(|(start, _)| *start <= token.start);
        let told = before
            .checked_sub(1)
            .and_then(|last| self.gender.get(last))
            .is_some_and(|(_, end)| *end > token.start);
        let addresses = next.is_some_and(|person| {
            person.who == Who::Candidate
                && page.token(at + 1).is_some_and(|name| name.start == person.start)
        });
        let relative = at > 0
            && own.last() == Some(&(at - 1))
            && matches!(page.lower(at - 1), "her" | "his")
            && page.beside(at);
        let called = at > 1
            && matches!(page.lower(at - 1), "my" | "our" | "a" | "the")
            && own.last() == Some(&(at - 2))
            && matches!(page.lower(at.saturating_sub(3)), "call" | "calls" | "called");
        told || addresses || relative || called
    }

    /// A word for a woman, a man or people: somebody else is spoken of.
    fn weigh_word(&self, at: usize, opens: bool, speaks: bool, talk: &mut Talk) {
        let (page, lexicons) = (self.page, &self.rules.lexicons);
        // "I would miss her": no title.
        let verb = page.word(at) == "miss";
        let names_somebody =
            page.starts(at, lexicons.gendered) && !page.starts(at, lexicons.titles) && !verb;
        if !names_somebody || talk.last_is_candidate() && says_what_somebody_is(page, at) {
            return;
        }
        let word = page.lower(at);
        // Nobody is "she" who is several: "Clients say she reads everything". Where a profile of the candidate mentions
        // others, it goes on about the candidate.
        if word.ends_with('s') && !word.ends_with("ss") {
            talk.several();
        } else {
            // "Every client asks for him": where nobody says "I", those who are met at work come and go.
            let sex = Sex::of_noun(word);
            let passes = self.sex.is_some() && sex.is_none() && !speaks;
            // "Last week a tenant rang": where somebody says "I", the next story begins.
            let told_of = speaks
                && at > 0
                && matches!(page.lower(at - 1), "a" | "an" | "one" | "another" | "young" | "old");
            let passes = passes || talk.began_with_candidate() && !told_of;
            talk.somebody(sex, opens && !passes);
        }
    }

    /// Whom a paragraph is about that names nobody.
    fn unnamed(&self, at: usize) -> Who {
        if self.profile && !speaks_itself(self.page, at) { Who::Candidate } else { Who::Nobody }
    }
}

/// What is known of a paragraph.
#[derive(Default)]
struct Paragraph {
    /// The one before spoke of the candidate, and this may go on about them.
    goes_on: bool,
    /// Somebody says "I" in it.
    speaks: bool,
    /// It holds a pronoun of the candidate's.
    has_own: bool,
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

/// "Neil is a gentleman", "she joined as a quiet lad": the word describes whom the sentence is about.
fn says_what_somebody_is(page: &Page, at: usize) -> bool {
    (at.saturating_sub(7)..at).any(|near| {
        matches!(
            page.lower(near),
            "is" | "was" | "as" | "'s" | "being" | "became" | "such" | "like"
        ) && matches!(page.lower(near + 1), "a" | "an" | "the" | "our" | "one")
            && (near + 2..at).all(|between| {
                page.token(between).is_some_and(|token| token.is_word())
                    && page.lower(between) != "who"
                    || page.is_mark(between, b'-')
            })
    })
}

/// Whether a pronoun stands where a sentence returns to whom it is about, or the text before it: behind the clause that
/// says when or why ("When the mother fell ill, she took the children in"), or before "own" ("on her own day off").
fn goes_on_about_subject(page: &Page, at: usize, sentence: usize, has_subject: bool) -> bool {
    let subject = matches!(page.lower(at), "she" | "he");
    let behind_clause = subject
        && at > sentence + 2
        && page.is_mark(at - 1, b',')
        && matches!(
            page.lower(sentence),
            "when"
                | "whenever"
                | "where"
                | "after"
                | "before"
                | "once"
                | "while"
                | "as"
                | "if"
                | "because"
                | "since"
                | "although"
                | "though"
                | "until"
        );
    behind_clause || has_subject && page.lower(at + 1) == "own"
}

/// "I asked him", "I sat with her", "I wrote him the notes": one or two words in small letters between, no wish.
fn is_object_of_i(page: &Page, at: usize) -> bool {
    let object = matches!(page.lower(at), "him" | "her" | "his");
    let small = |i: usize| {
        page.beside(i)
            && page.token(i).is_some_and(|token| token.shape == Shape::Word(Case::Lower))
            && !matches!(
                page.lower(i),
                "would"
                    | "'d"
                    | "will"
                    | "'ll"
                    | "could"
                    | "should"
                    | "might"
                    | "recommend"
                    | "nominate"
                    | "nominated"
                    | "know"
                    | "knew"
                    | "known"
                    | "have"
                    | "'ve"
                    | "hope"
                    | "do"
                    | "did"
                    | "rate"
                    | "trust"
                    | "manage"
                    | "managed"
                    | "hired"
                    | "supervise"
                    | "supervised"
                    | "call"
                    | "put"
            )
    };
    object
        && (2..=3).any(|back| {
            at.checked_sub(back).is_some_and(|i| page.lower(i) == "i" && (i + 1..at).all(small))
        })
}

/// How often a text says "I", and how often "she" or "he". Agencies and nominations speak of their candidate as "she"
/// or "he": there are several such pronouns, and few an "I" beside them.
fn persons(page: &Page) -> (usize, usize) {
    let (mut first, mut third) = (0, 0);
    for at in 0..page.tokens.len() {
        match page.lower(at) {
            "i" | "my" | "me" | "'m" => first += 1,
            "he" | "she" | "his" | "her" => third += 1,
            _ => {}
        }
    }
    (first, third)
}

/// Whether somebody says "I" in the paragraph that begins at a token.
fn speaks_itself(page: &Page, first: usize) -> bool {
    (first..page.tokens.len())
        .take_while(|at| {
            *at == first || page.token(*at).is_some_and(|token| token.gap != Gap::Break)
        })
        .any(|at| matches!(page.lower(at), "i" | "my" | "me" | "'m"))
}

fn starts_sentence(page: &Page, at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| {
        page.is_mark(before, b'"') || page.is_mark(before, b'.') || page.is_mark(before, b'!')
    })
}
