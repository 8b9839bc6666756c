//! The redaction engine: compiled once from the rules, then asked for each application. Puts the steps in order;
//! holds no rule of its own.

use std::fmt;

use super::anchors::find::NameRules;
use super::anchors::naming::Naming;
use super::anchors::{AnchorIndex, collect, find};
use super::hit::Hit;
use super::kept::{
    drop_kept, drop_own, has_labels, keep_allowed, keep_labels, keep_redacted, name_labels,
    was_redacted,
};
use super::leak::Forbidden;
use super::outcome::{LeakCheck, Part, Redaction};
use super::particulars::Particulars;
use super::people::{self, PeopleIndex, PeopleRules};
use super::phrases::Survey;
use super::resolve::resolve;
use super::retold::retell;
use super::rules::{Rules, joined};
use super::tagger::{Model, Tagger};
use super::text::Page;
use super::write_out::{forbidden, number_people, write_out};
use super::{
    address, clause, formats, home_places, honorific, identity_values, labels, phrases, pronouns,
    registers, study,
};
use crate::domain::Identity;
use crate::rulebook::{Action, Kind, RuleError, RuleId, Rulebook};

/// The engine. Compile it once; it can be shared between threads.
pub struct Engine {
    rules: Rules,
    names: NameRules,
    people: PeopleRules,
    tagger: Tagger,
    ids: Ids,
    particulars: Particulars,
}

struct Ids {
    identity: RuleId,
    home: RuleId,
    stated: RuleId,
    address: RuleId,
    pronoun: RuleId,
    honorific: RuleId,
    described: RuleId,
    study: RuleId,
    script: RuleId,
    allowed: RuleId,
    driver: RuleId,
    register: RuleId,
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
        let (compiled, model) = std::thread::scope(|scope| {
            let model = scope.spawn(|| model.map_or_else(|| Ok(Model::default()), Model::read));
            Ok((Rules::compile(rules)?, joined(model)?))
        })?;
        Ok(Self {
            tagger: Tagger::new(&compiled, model),
            particulars: Particulars::new(&compiled),
            rules: compiled,
            names: NameRules::default(),
            people: PeopleRules::default(),
            ids: Ids {
                identity: RuleId::new("identity.value"),
                home: RuleId::new("identity.home_place"),
                stated: RuleId::new("name.stated"),
                address: RuleId::new("address.around_postcode"),
                pronoun: RuleId::new("gender.pronoun"),
                described: RuleId::new("gender.described"),
                honorific: RuleId::new("gender.honorific"),
                study: RuleId::new("school.bare_name"),
                script: RuleId::new("name.other_script"),
                allowed: RuleId::new("vacancy.allowed"),
                driver: RuleId::new("driver_number.of_candidate"),
                register: RuleId::new("id_number.behind_name"),
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
        let pages: Vec<Page> =
            parts.iter().map(|part| Page::read(part.text, &self.rules.vocabulary)).collect();
        let redacted: Vec<bool> = pages.iter().map(|page| self.was_redacted(page)).collect();
        let (index, mut hits, mut surveys) = self.find_by_rule(&pages, &redacted, identity);
        for (((page, redacted), hits), survey) in
            pages.iter().zip(redacted).zip(&mut hits).zip(&mut surveys)
        {
            self.weigh(page, hits, survey);
            if redacted {
                keep_redacted(page, &self.ids.identity, hits);
            } else {
                let told = self.told_of_candidate(page, hits);
                hits.extend(told);
            }
            keep_labels(page, hits);
        }
        let hits: Vec<Vec<Hit>> = pages
            .iter()
            .zip(hits)
            .map(|(page, hits)| keep_allowed(page, allow, &self.ids.allowed, resolve(page, hits)))
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

    /// Drops what the tagger and the words around hold for work content, and adds what they see.
    fn weigh(&self, page: &Page, hits: &mut Vec<Hit>, survey: &mut Survey) {
        let by_rule = self.tagger.find(page, hits);
        phrases::drop_work(page, &self.rules, survey, hits, by_rule);
        self.particulars.find(page, hits);
    }

    /// What sentences that name or mean the candidate say, found as if the candidate said it.
    fn told_of_candidate(&self, page: &Page, hits: &[Hit]) -> Vec<Hit> {
        let Some(retold) = retell(page, hits, &self.rules.vocabulary) else { return Vec::new() };
        let mut index = AnchorIndex::from_identity(&Identity::default(), &self.rules);
        let (mut found, mut survey) = self.rule_hits(&retold.page, &mut index);
        self.weigh(&retold.page, &mut found, &mut survey);
        let clues = found.iter().filter(|hit| hit.action == Action::Mask && hit.kind.is_clue());
        clues
            .filter_map(|hit| {
                let (first, last) = retold.behind(hit)?;
                Some(Hit::over(page, first, last, hit.kind, &hit.rule)?.scored(hit.score))
            })
            .collect()
    }

    /// Whether a page was redacted before, by a first look at it.
    fn was_redacted(&self, page: &Page) -> bool {
        if !has_labels(page) {
            return false;
        }
        let mut index = AnchorIndex::from_identity(&Identity::default(), &self.rules);
        let (mut hits, mut survey) = self.rule_hits(page, &mut index);
        self.weigh(page, &mut hits, &mut survey);
        was_redacted(page, &hits)
    }

    /// Everything that rules and the table of what is known of the candidate find, before overlaps are resolved. A page that
    /// was redacted before says nothing more of its author's name.
    fn find_by_rule(
        &self,
        pages: &[Page],
        redacted: &[bool],
        identity: &Identity,
    ) -> (AnchorIndex, Vec<Vec<Hit>>, Vec<Survey>) {
        let mut index = AnchorIndex::from_identity(identity, &self.rules);
        let (mut hits, surveys): (Vec<Vec<Hit>>, Vec<Survey>) =
            pages.iter().map(|page| self.rule_hits(page, &mut index)).unzip();
        let namings: Vec<Naming> =
            pages.iter().map(|page| Naming::read(page, &self.rules)).collect();
        for (((page, redacted), naming), hits) in
            pages.iter().zip(redacted).zip(&namings).zip(&mut hits)
        {
            if *redacted {
                continue;
            }
            let stated = collect::collect(page, &self.rules, naming, &mut index);
            let is_name = |(first, last): &(usize, usize)| {
                *last != first + 1 || !collect::is_pronoun(page, *first)
            };
            hits.extend(stated.into_iter().filter(is_name).filter_map(|(first, last)| {
                Hit::over(page, first, last, Kind::Name, &self.ids.stated)
                    .map(|hit| hit.scored(0.94))
            }));
        }
        for ((page, naming), hits) in pages.iter().zip(&namings).zip(&mut hits) {
            self.anchor_hits(page, naming, &index, hits);
        }
        for (page, hits) in pages.iter().zip(&mut hits) {
            hits.extend(name_labels(page, &self.ids.stated));
        }
        self.people_hits(pages, &mut hits);
        (index, hits, surveys)
    }

    /// A page and the finds of the rules on it: what the tagger weighs.
    pub(super) fn evidence(&self, text: &str, identity: &Identity) -> (Page, Vec<Hit>) {
        let page = Page::read(text, &self.rules.vocabulary);
        let (_, mut hits, _) = self.find_by_rule(std::slice::from_ref(&page), &[false], identity);
        (page, hits.pop().unwrap_or_default())
    }

    /// The compiled rules.
    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What the rules of the rule files find; names that they state go into the table.
    fn rule_hits(&self, page: &Page, index: &mut AnchorIndex) -> (Vec<Hit>, Survey) {
        let mut hits = Vec::new();
        let mut stated = Vec::new();
        let mut survey =
            phrases::find(page, &self.rules, &mut hits, |first, last| stated.push((first, last)));
        labels::find(page, &self.rules, &mut hits, |first, last| stated.push((first, last)));
        formats::find(page, &self.rules, &mut hits);
        address::find(page, &self.rules, &self.ids.address, &mut hits);
        survey.learn_kept(page, &hits);
        drop_kept(&mut hits);
        clause::widen(page, &self.rules, &mut hits);
        stated.retain(|(first, _)| !collect::is_said_of_another(page, &self.rules, index, *first));
        for (first, last) in stated {
            collect::add(page, &self.rules, index, first, last);
        }
        (hits, survey)
    }

    fn anchor_hits(&self, page: &Page, naming: &Naming, index: &AnchorIndex, hits: &mut Vec<Hit>) {
        find::find(page, &self.rules, index, naming, &self.names, hits);
        identity_values::find(page, index, &self.ids.identity, hits);
        identity_values::find_driver_numbers(page, index, &self.ids.driver, hits);
        home_places::find(page, &self.rules, index, &self.ids.home, hits);
        registers::find(page, &self.ids.register, hits);
        self.other_scripts(page, naming, hits);
    }

    /// Words in a script without Latin letters: the name at the head of a text and where it speaks of names, a language
    /// elsewhere.
    fn other_scripts(&self, page: &Page, naming: &Naming, hits: &mut Vec<Hit>) {
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
                let named = at <= first + 4 && naming.in_sentence(first);
                let kind = if head || named { Kind::Name } else { Kind::Language };
                hits.extend(Hit::over(page, first, at, kind, &self.ids.script));
            }
            at = at.max(first + 1);
        }
    }

    fn people_hits(&self, pages: &[Page], hits: &mut [Vec<Hit>]) {
        let mut index = PeopleIndex::default();
        for (page, hits) in pages.iter().zip(hits.iter_mut()) {
            people::find(page, &self.rules, &self.people, hits);
            people::drop_bodies(page, &self.rules, hits);
            people::take_in_size(page, hits);
            // Words that stand beside the candidate's own are remembered too, before they are dropped from this place.
            for hit in hits.iter().filter(|hit| hit.kind == Kind::OtherPerson) {
                index.add(page, &self.rules, hit);
            }
            drop_own(hits);
        }
        for (page, hits) in pages.iter().zip(hits.iter_mut()) {
            people::find_known(page, &self.rules, &index, &self.people, hits);
            pronouns::find(page, &self.rules, [&self.ids.pronoun, &self.ids.described], hits);
            honorific::find(page, &self.ids.honorific, hits);
            study::find(page, &self.rules, &self.ids.study, hits);
        }
    }
}
