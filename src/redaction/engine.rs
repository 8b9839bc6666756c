//! The redaction engine: compiled once from the rules, then asked for each application. Puts the steps in order;
//! holds no rule of its own.

use std::fmt;

use super::anchors::find::NameRules;
use super::anchors::naming::Naming;
use super::anchors::{AnchorIndex, collect, find};
use super::hit::Hit;
use super::leak::Forbidden;
use super::people::{self, PeopleIndex, PeopleRules};
use super::replace::{People, dates_of_study, label};
use super::resolve::resolve;
use super::rules::Rules;
use super::tagger::{Model, Tagger};
use super::text::{Page, Shape, View, Zone};
use super::{address, clause, formats, honorific, labels, phrases, pronouns, study};
use crate::domain::Identity;
use crate::rulebook::{Action, Kind, RuleError, RuleId, Rulebook};

/// A removed, changed or knowingly kept passage.
#[derive(Clone, PartialEq, Eq)]
pub struct Span {
    /// First character, counted in Unicode scalars.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// What it shows.
    pub kind: Kind,
    /// Which rule found it.
    pub rule: RuleId,
    /// What was done.
    pub action: Action,
    /// What stands there now.
    pub replacement: String,
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A kept passage's replacement is the candidate's own words.
        write!(f, "Span({}..{} {} by {})", self.start, self.end, self.kind, self.rule)
    }
}

/// Why an output must be looked at by a person. Never holds the application's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// What became of one text.
#[derive(Clone, PartialEq, Eq)]
pub struct Redaction {
    /// The text with passages replaced.
    pub redacted: String,
    /// Whether a panel may see it.
    pub released: bool,
    /// Why not, if not.
    pub problems: Vec<Problem>,
    /// What was done, in order of place; spans never overlap.
    pub spans: Vec<Span>,
    /// What the leak gate looked for.
    pub check: LeakCheck,
}

/// What the leak gate looked for in an output, and what of it was there. Counts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeakCheck {
    /// How many values were known: words of the name, whole names, contact values, numbers.
    pub known: usize,
    /// In how many places the output still held one.
    pub found: usize,
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (spans, problems) = (self.spans.len(), self.problems.len());
        write!(f, "Redaction(released: {}, {spans} spans, {problems} problems)", self.released)
    }
}

/// One document or answer of an application.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// What it is called in problems, e.g. `document 2`; never a file name.
    pub label: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// The engine. Compile it once; it can be shared between threads.
pub struct Engine {
    rules: Rules,
    names: NameRules,
    people: PeopleRules,
    tagger: Tagger,
    ids: Ids,
}

struct Ids {
    identity: RuleId,
    stated: RuleId,
    address: RuleId,
    pronoun: RuleId,
    honorific: RuleId,
    study: RuleId,
    script: RuleId,
    allowed: RuleId,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Engine({} rules)", self.rules.rules.len())
    }
}

impl Engine {
    /// Compiles the rules.
    ///
    /// # Errors
    /// [`RuleError`] names the file, the line and what to do.
    pub fn new(rules: &Rulebook) -> Result<Self, RuleError> {
        Self::with_model(rules, rules.tagger())
    }

    /// Compiles the rules with another tagger's weights, or with none: for those who train one.
    ///
    /// # Errors
    /// [`RuleError`] names the file, the line and what to do.
    pub fn with_model(rules: &Rulebook, model: Option<&str>) -> Result<Self, RuleError> {
        let compiled = Rules::compile(rules)?;
        let model = match model {
            None => Model::default(),
            Some(text) => Model::from_text(text).map_err(|(line, message)| RuleError {
                file: "taggers/clues.txt".to_owned(),
                line: Some(line),
                message,
                hint: Some("make the file with examples/train_tagger.rs".to_owned()),
            })?,
        };
        Ok(Self {
            tagger: Tagger::new(&compiled, model),
            rules: compiled,
            names: NameRules::default(),
            people: PeopleRules::default(),
            ids: Ids {
                identity: RuleId::new("identity.value"),
                stated: RuleId::new("name.stated"),
                address: RuleId::new("address.around_postcode"),
                pronoun: RuleId::new("gender.pronoun"),
                honorific: RuleId::new("gender.honorific"),
                study: RuleId::new("school.bare_name"),
                script: RuleId::new("name.other_script"),
                allowed: RuleId::new("vacancy.allowed"),
            },
        })
    }

    /// Redacts one text. `allow` are words that the vacancy's person specification asks for.
    pub fn redact(&self, text: &str, identity: &Identity, allow: &[String]) -> Redaction {
        let part = Part { label: "text", text };
        self.redact_parts(&[part], identity, allow).pop().unwrap_or_else(|| Redaction {
            redacted: String::new(),
            released: false,
            problems: Vec::new(),
            spans: Vec::new(),
            check: LeakCheck::default(),
        })
    }

    /// Redacts the parts of one application together: a name that one part states is removed from all, and a person
    /// has the same label in all.
    pub fn redact_parts(
        &self,
        parts: &[Part<'_>],
        identity: &Identity,
        allow: &[String],
    ) -> Vec<Redaction> {
        self.redact_with_gate(parts, identity, allow).0
    }

    /// The same, and what must be in no file that is made of the answers.
    pub fn redact_with_gate(
        &self,
        parts: &[Part<'_>],
        identity: &Identity,
        allow: &[String],
    ) -> (Vec<Redaction>, Forbidden) {
        let (pages, index, mut hits) = self.find_by_rule(parts, identity);
        for (page, hits) in pages.iter().zip(&mut hits) {
            let by_rule = self.tagger.find(page, hits);
            phrases::drop_work(page, &self.rules, hits, by_rule);
        }
        let hits: Vec<Vec<Hit>> = pages
            .iter()
            .zip(hits)
            .map(|(page, hits)| self.keep_allowed(page, allow, resolve(page, hits)))
            .collect();
        let people = number_people(&pages, &hits);
        let forbidden = forbidden(identity, &index);
        let redactions = pages
            .iter()
            .zip(hits)
            .zip(parts)
            .map(|((page, hits), part)| write_out(page, part, hits, &people, &forbidden, allow))
            .collect();
        (redactions, forbidden)
    }

    /// Everything that rules and the table of what is known of the candidate find, before overlaps are resolved.
    fn find_by_rule(
        &self,
        parts: &[Part<'_>],
        identity: &Identity,
    ) -> (Vec<Page>, AnchorIndex, Vec<Vec<Hit>>) {
        let pages: Vec<Page> =
            parts.iter().map(|part| Page::read(part.text, &self.rules.vocabulary)).collect();
        let mut index = AnchorIndex::from_identity(identity, &self.rules);
        let mut hits: Vec<Vec<Hit>> =
            pages.iter().map(|page| self.rule_hits(page, &mut index)).collect();
        let namings: Vec<Naming> =
            pages.iter().map(|page| Naming::read(page, &self.rules)).collect();
        for ((page, naming), hits) in pages.iter().zip(&namings).zip(&mut hits) {
            let stated = collect::collect(page, &self.rules, naming, &mut index);
            hits.extend(stated.into_iter().filter_map(|(first, last)| {
                Hit::over(page, first, last, Kind::Name, &self.ids.stated)
                    .map(|hit| hit.scored(0.94))
            }));
        }
        for ((page, naming), hits) in pages.iter().zip(&namings).zip(&mut hits) {
            self.anchor_hits(page, naming, &index, hits);
        }
        self.people_hits(&pages, &mut hits);
        for (page, hits) in pages.iter().zip(&mut hits) {
            keep_redacted(page, &self.ids.identity, hits);
        }
        (pages, index, hits)
    }

    /// A page and the finds of the rules on it: what the tagger weighs.
    pub(super) fn evidence(&self, text: &str, identity: &Identity) -> (Page, Vec<Hit>) {
        let part = Part { label: "text", text };
        let (mut pages, _, mut hits) = self.find_by_rule(&[part], identity);
        let page = pages.pop().unwrap_or_else(|| Page::read(text, &self.rules.vocabulary));
        (page, hits.pop().unwrap_or_default())
    }

    /// The compiled rules.
    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What the rules of the rule files find; names that they state go into the table.
    fn rule_hits(&self, page: &Page, index: &mut AnchorIndex) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut stated = Vec::new();
        phrases::find(page, &self.rules, &mut hits, |first, last| stated.push((first, last)));
        labels::find(page, &self.rules, &mut hits, |first, last| stated.push((first, last)));
        formats::find(page, &self.rules, &mut hits);
        address::find(page, &self.rules, &self.ids.address, &mut hits);
        drop_kept(&mut hits);
        clause::widen(page, &self.rules, &mut hits);
        for (first, last) in stated {
            collect::add(page, &self.rules, index, first, last);
        }
        hits
    }

    fn anchor_hits(&self, page: &Page, naming: &Naming, index: &AnchorIndex, hits: &mut Vec<Hit>) {
        find::find(page, &self.rules, index, naming, &self.names, hits);
        self.exact_values(page, index, hits);
        self.other_scripts(page, hits);
    }

    /// Contact values of the identity, however they are spaced.
    fn exact_values(&self, page: &Page, index: &AnchorIndex, hits: &mut Vec<Hit>) {
        for exact in &index.exact {
            let kind = match exact.field {
                "email" => Kind::Email,
                "phone" => Kind::Phone,
                "address" => Kind::Address,
                "postcode" => Kind::Postcode,
                "date_of_birth" => Kind::Dob,
                "ni_number" => Kind::NiNumber,
                "urls" => Kind::Url,
                "other_numbers" => Kind::IdNumber,
                _ => Kind::Handle,
            };
            for (start, end) in squeezed_places(page, &exact.squeezed) {
                hits.push(Hit::between(start, end, kind, &self.ids.identity).scored(0.97));
            }
        }
    }

    /// Words in a script without Latin letters: the name at the head of a text, a language elsewhere.
    fn other_scripts(&self, page: &Page, hits: &mut Vec<Hit>) {
        let mut at = 0;
        while at < page.tokens.len() {
            let first = at;
            while super::person_name::is_foreign_script(page, at)
                && (at == first || page.beside(at))
            {
                at += 1;
            }
            if at > first {
                let head = page.layout.cell_at(first).is_some_and(|cell| cell.line < 12);
                let kind = if head { Kind::Name } else { Kind::Language };
                hits.extend(Hit::over(page, first, at, kind, &self.ids.script));
            }
            at = at.max(first + 1);
        }
    }

    fn people_hits(&self, pages: &[Page], hits: &mut [Vec<Hit>]) {
        let mut index = PeopleIndex::default();
        for (page, hits) in pages.iter().zip(hits.iter_mut()) {
            people::find(page, &self.rules, &self.people, hits);
            // Words that stand beside the candidate's own are remembered too, before they are dropped from this place.
            for hit in hits.iter().filter(|hit| hit.kind == Kind::OtherPerson) {
                index.add(page, &self.rules, hit);
            }
            drop_own(hits);
        }
        for (page, hits) in pages.iter().zip(hits.iter_mut()) {
            people::find_known(page, &index, &self.people, hits);
            pronouns::find(page, &self.rules, &self.ids.pronoun, hits);
            honorific::find(page, &self.ids.honorific, hits);
            study::find(page, &self.rules, &self.ids.study, hits);
        }
    }

    /// Turns finds that the vacancy asks for into knowingly kept passages. Direct identifiers cannot be kept.
    fn keep_allowed(&self, page: &Page, allow: &[String], mut hits: Vec<Hit>) -> Vec<Hit> {
        for allowed in allow.iter().map(|allowed| View::fold(allowed.trim())) {
            let wanted = allowed.lower();
            if wanted.is_empty() {
                continue;
            }
            for (place, _) in page.view.lower().match_indices(wanted) {
                let (start, end) = (place as u32, (place + wanted.len()) as u32);
                let kept = hits.iter_mut().filter(|hit| {
                    !hit.kind.is_direct_identifier() && hit.start < end && hit.end > start
                });
                for hit in kept {
                    hit.action = Action::Keep;
                    hit.rule = self.ids.allowed.clone();
                }
            }
        }
        hits
    }
}

/// With so many labels a text counts as redacted before.
const LABELS: usize = 3;

/// How sure a find of a name must be in a text that was redacted before.
const SURE: f32 = 0.95;

/// A text that was redacted before stays as it is, but for what identifies by its form or is known of the candidate:
/// rules that weigh the words around would weigh others now, since those are gone.
fn keep_redacted(page: &Page, identity: &RuleId, hits: &mut Vec<Hit>) {
    let labels = page.tokens.iter().filter(|token| token.shape == Shape::Hole).count();
    if labels < LABELS {
        return;
    }
    hits.retain(|hit| match hit.kind {
        Kind::Email | Kind::Phone | Kind::Postcode | Kind::NiNumber | Kind::Url => true,
        Kind::Name => hit.score >= SURE,
        _ => hit.rule == *identity,
    });
}

/// A rule whose action is to keep takes out every clue that begins inside what it covers, unless that clue's score is
/// higher. Direct identifiers are never kept.
fn drop_kept(hits: &mut Vec<Hit>) {
    let mut kept: Vec<(u32, u32, f32)> = hits
        .extract_if(.., |hit| hit.action == Action::Keep)
        .map(|hit| (hit.start, hit.end, hit.score))
        .collect();
    if kept.is_empty() {
        return;
    }
    kept.sort_unstable_by_key(|(start, end, _)| (*start, *end));
    hits.retain(|hit| {
        hit.kind.is_direct_identifier()
            || !kept
                .iter()
                .take_while(|(start, _, _)| *start <= hit.start)
                .any(|(_, end, score)| *end > hit.start && *score >= hit.score)
    });
}

/// The candidate's own name is nobody else's.
fn drop_own(hits: &mut Vec<Hit>) {
    let mut own: Vec<(u32, u32)> =
        hits.iter().filter(|hit| hit.kind == Kind::Name).map(|hit| (hit.start, hit.end)).collect();
    own.sort_unstable();
    hits.retain(|hit| {
        let before = own.partition_point(|(start, _)| *start < hit.end);
        let overlaps = before
            .checked_sub(1)
            .and_then(|at| own.get(at))
            .is_some_and(|(start, end)| *start <= hit.start && *end >= hit.end);
        hit.kind != Kind::OtherPerson || !overlaps
    });
}

/// Where a squeezed value stands in a page, allowing spaces and marks between its characters.
fn squeezed_places(page: &Page, squeezed: &str) -> Vec<(u32, u32)> {
    let mut places = Vec::new();
    for (number, token) in page.tokens.iter().enumerate() {
        let mut rest = squeezed;
        let mut at = number;
        let mut end = token.end;
        while !rest.is_empty() {
            let Some(next) = page.token(at) else { break };
            let close = at == number || page.joined(at);
            if !close {
                break;
            }
            let word = page.lower(at);
            if next.is_word() || matches!(next.shape, super::text::Shape::Number) {
                let bare = word.trim_start_matches('\'');
                match rest.strip_prefix(bare) {
                    Some(left) => rest = left,
                    None => break,
                }
                end = next.end;
            } else if at == number {
                break;
            }
            at += 1;
        }
        if rest.is_empty() {
            places.push((token.start, end));
        }
    }
    places
}

fn forbidden(identity: &Identity, index: &AnchorIndex) -> Forbidden {
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

fn number_people(pages: &[Page], hits: &[Vec<Hit>]) -> People {
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

fn write_out(
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
        (_, Action::Keep, _) => part.text.chars().skip(start).take(end - start).collect(),
        (Some(text), _, _) => text.clone(),
        (None, _, Kind::OtherPerson) => people.label(&name_words(page, hit)),
        (None, _, Kind::DateEdu) => dates_of_study(page.view.slice(hit.start, hit.end)),
        (None, _, kind) => label(kind).to_owned(),
    };
    Span { start, end, kind: hit.kind, rule: hit.rule.clone(), action: hit.action, replacement }
}

/// The text with each span's passage replaced.
fn apply(text: &str, spans: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    let mut at = 0;
    for span in spans {
        out.extend(characters.by_ref().take(span.start - at));
        out.push_str(&span.replacement);
        if span.end > span.start {
            characters.nth(span.end - span.start - 1);
        }
        at = span.end;
    }
    out.extend(characters);
    out
}
