//! The rule set compiled: one vocabulary, word patterns by what they begin with, regular expressions, labels.
//! Compiles; does not run anything on a text.

use std::ops::Range;
use std::sync::Arc;
use std::thread::ScopedJoinHandle;

use super::fields::Fields;
use super::formats::Formats;
use super::labels::LooseLabels;
use super::phrase::{Gate, Index, Needed, PhraseError, Program, parse, parse_keep};
use super::subject::About;
use super::text::layout::skeleton;
use super::text::vocabulary::FastMap;
use super::text::{LexiconId, View, Vocabulary, WordId, Zone};
use crate::rulebook::{Action, Kind, Recogniser, RuleError, RuleId, Rulebook, ValueShape};

/// What every part of a rule shares.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub id: RuleId,
    pub kind: Kind,
    pub action: Action,
    pub score: f32,
    pub value: ValueShape,
    pub anchor: bool,
    pub replacement: Option<String>,
    pub zones: Vec<Zone>,
    pub about: Option<About>,
    /// Words of which one must stand before a find by a regular expression.
    pub context: Vec<WordId>,
    /// What is left alone although a pattern matches: which of [`Rules::keeps`].
    pub keep: Range<usize>,
}

/// Every lexicon that code asks for by name; a rule set without one of them has it empty.
pub(super) struct Lexicons {
    pub titles: LexiconId,
    pub given_names: LexiconId,
    pub family_names: LexiconId,
    pub wordlike: LexiconId,
    pub common: LexiconId,
    pub particles: LexiconId,
    pub honorifics: LexiconId,
    pub forms_of_address: LexiconId,
    pub places_of_work: LexiconId,
    pub job_titles: LexiconId,
    pub person_cues: LexiconId,
    pub person_verbs: LexiconId,
    pub sign_offs: LexiconId,
    pub months: LexiconId,
    pub declined: LexiconId,
    /// Common words of Welsh.
    pub welsh: LexiconId,
    pub gendered: LexiconId,
    pub not_people: LexiconId,
    pub address_words: LexiconId,
    pub post_nominals: LexiconId,
    pub degrees: LexiconId,
    pub foreign_awards: LexiconId,
    pub subjects: LexiconId,
    pub training_bodies: LexiconId,
    pub self_words: LexiconId,
    pub other_people: LexiconId,
    pub work_words: LexiconId,
    pub occupants: LexiconId,
    pub naming_cues: LexiconId,
    pub foreign_places: LexiconId,
    pub nationality: LexiconId,
    pub languages: LexiconId,
    pub person_titles: LexiconId,
    pub kin: LexiconId,
    pub number_words: LexiconId,
    pub uk_places: LexiconId,
}

/// Reads one word pattern.
type Reader = fn(&str, &mut Vocabulary) -> Result<Program, PhraseError>;

/// The rule set, ready to run.
pub(super) struct Rules {
    pub vocabulary: Vocabulary,
    pub rules: Vec<Rule>,
    pub programs: Vec<(usize, Program)>,
    /// The word patterns of what rules leave alone.
    pub keeps: Vec<Program>,
    /// What the first tokens of each of them can be, side by side, since many are asked for each find.
    pub keep_gates: Vec<Gate>,
    /// What programs need to match at all.
    pub needed: Needed,
    /// The programs by what they begin with.
    pub index: Index,
    pub formats: Formats,
    pub labels: FastMap<Box<str>, usize>,
    /// The first letters of every label, so that most words need no look-up.
    pub label_heads: FastMap<[u8; 2], ()>,
    /// The same of the labels of the candidate's name.
    pub name_label_heads: FastMap<[u8; 2], ()>,
    pub loose_labels: LooseLabels,
    pub lexicons: Lexicons,
    /// Spellings and nicknames of one name, by each of them.
    pub families: FastMap<Box<str>, Vec<u32>>,
    pub family_lists: Vec<Vec<Box<str>>>,
    /// What words are about.
    pub fields: Arc<Fields>,
    /// Neutral words by the gendered ones.
    pub neutral: FastMap<Box<str>, Box<str>>,
}

impl Rules {
    /// Compiles a rule set. What does not build upon another is compiled beside it.
    pub fn compile(book: &Rulebook) -> Result<Self, RuleError> {
        std::thread::scope(|scope| {
            let formats = scope.spawn(|| Formats::of(book));
            let fields = scope.spawn(|| Fields::of(book));
            let mut rules = Self::of_words(book)?;
            let mut fields = joined(fields)?;
            fields.join(&mut rules.vocabulary);
            rules.fields = Arc::new(fields);
            rules.formats = joined(formats)?;
            rules.formats.learn_context(&rules.rules);
            Ok(rules)
        })
    }

    /// Everything but regular expressions and word fields.
    fn of_words(book: &Rulebook) -> Result<Self, RuleError> {
        let mut vocabulary = Vocabulary::default();
        learn_lexicons(book, &mut vocabulary)?;
        vocabulary.put_entries_in_order();
        let lexicons = lexicons(&mut vocabulary);
        let mut rules = Self {
            lexicons,
            vocabulary,
            rules: Vec::new(),
            programs: Vec::new(),
            keeps: Vec::new(),
            keep_gates: Vec::new(),
            needed: Needed::default(),
            index: Index::default(),
            formats: Formats::default(),
            labels: FastMap::default(),
            label_heads: FastMap::default(),
            name_label_heads: FastMap::default(),
            loose_labels: LooseLabels::default(),
            families: FastMap::default(),
            family_lists: Vec::new(),
            fields: Arc::default(),
            neutral: FastMap::default(),
        };
        rules.learn_families(book);
        for recogniser in book.recognisers() {
            rules.add(recogniser)?;
        }
        rules.loose_labels.join().map_err(|error| {
            RuleError::in_file("recognisers", format!("labels with * cannot be joined: {error}"))
        })?;
        rules.index_programs();
        Ok(rules)
    }

    fn learn_families(&mut self, book: &Rulebook) {
        if let Some(lexicon) = book.lexicons().get("name_families") {
            for (number, entry) in lexicon.entries.iter().enumerate() {
                let names: Vec<Box<str>> = entry
                    .text
                    .split_whitespace()
                    .map(|name| View::fold(name).lower().into())
                    .collect();
                for name in &names {
                    self.families.entry(name.clone()).or_default().push(number as u32);
                }
                self.family_lists.push(names);
            }
        }
        for lexicon in book.lexicons().values() {
            for entry in &lexicon.entries {
                if let Some(neutral) = &entry.neutral {
                    let key = View::fold(&entry.text).lower().into();
                    self.neutral.insert(key, neutral.as_str().into());
                }
            }
        }
    }

    fn add(&mut self, recogniser: &Recogniser) -> Result<(), RuleError> {
        let number = self.rules.len();
        let mut compile = |texts: &[String], read: Reader| {
            texts
                .iter()
                .map(|text| {
                    read(text, &mut self.vocabulary).map_err(|error| recogniser.error(error))
                })
                .collect::<Result<Vec<_>, _>>()
        };
        let programs = compile(&recogniser.phrases, parse)?;
        let keeps = compile(&recogniser.keep, parse_keep)?;
        let keep = self.keeps.len()..self.keeps.len() + keeps.len();
        self.keeps.extend(keeps);
        self.programs.extend(programs.into_iter().map(|program| (number, program)));
        let context = recogniser
            .context
            .iter()
            .flat_map(|text| self.vocabulary.learn_text(text))
            .map(|(word, _)| word)
            .collect();
        for label in &recogniser.labels {
            let bones = skeleton(View::fold(label).text());
            if label.starts_with('*') || label.ends_with('*') {
                self.loose_labels.push(bones, number);
            } else {
                if let [first, second, ..] = bones.as_bytes() {
                    self.label_heads.insert([*first, *second], ());
                    if recogniser.anchor {
                        self.name_label_heads.insert([*first, *second], ());
                    }
                }
                self.labels.insert(bones.into(), number);
            }
        }
        let zones = recogniser
            .zones
            .iter()
            .map(|name| {
                Zone::named(name).ok_or_else(|| {
                    recogniser
                        .error(format!("no zone \"{name}\""))
                        .hint("the zones are listed in rules/README.md")
                })
            })
            .collect::<Result<_, _>>()?;
        self.rules.push(Rule {
            id: RuleId::new(recogniser.id()),
            kind: recogniser.kind,
            action: recogniser.action,
            score: recogniser.score,
            value: recogniser.value,
            anchor: recogniser.anchor,
            replacement: recogniser.replacement.clone(),
            zones,
            about: recogniser.about,
            context,
            keep,
        });
        Ok(())
    }

    fn index_programs(&mut self) {
        let longest_entry = self.vocabulary.longest_entry();
        self.keep_gates = self.keeps.iter().map(Gate::of).collect();
        for program in self.keeps.iter_mut().chain(self.programs.iter_mut().map(|(_, own)| own)) {
            program.look_ahead(longest_entry);
            self.needed.learn(program);
        }
        self.keeps.iter_mut().for_each(Program::forget_entrances);
        self.index = Index::of(self.programs.iter_mut().map(|(_, program)| program));
    }
}

/// What another thread has compiled; its panic is passed on.
pub(super) fn joined<T>(
    thread: ScopedJoinHandle<'_, Result<T, RuleError>>,
) -> Result<T, RuleError> {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn learn_lexicons(book: &Rulebook, vocabulary: &mut Vocabulary) -> Result<(), RuleError> {
    let lists = book.lexicons().values().chain(book.fields().values());
    // About every other entry brings a word that no other has.
    vocabulary.reserve(lists.map(|list| list.entries.len()).sum::<usize>() / 2);
    for (name, lexicon) in book.lexicons() {
        if name == "name_families" {
            continue;
        }
        if let Some(zone) = name.strip_prefix("zone_") {
            let zone = Zone::named(zone).ok_or_else(|| {
                RuleError::in_file(&lexicon.file, "the file's name is not that of a zone")
                    .hint("the zones are listed in rules/README.md")
            })?;
            for entry in &lexicon.entries {
                vocabulary.learn_heading(&entry.text, zone);
            }
            continue;
        }
        let id = vocabulary.learn_lexicon(name);
        for entry in &lexicon.entries {
            if !vocabulary.learn_entry(id, &entry.text) {
                let message = "an entry without a letter or digit".to_owned();
                return Err(RuleError::in_file(&lexicon.file, message));
            }
        }
    }
    Ok(())
}

fn lexicons(vocabulary: &mut Vocabulary) -> Lexicons {
    let mut named = |name: &str| vocabulary.learn_lexicon(name);
    Lexicons {
        titles: named("titles"),
        given_names: named("given_names"),
        family_names: named("family_names"),
        wordlike: named("wordlike_names"),
        common: named("common_words"),
        particles: named("name_particles"),
        honorifics: named("name_honorifics"),
        forms_of_address: named("name_forms_of_address"),
        places_of_work: named("organisation_words"),
        job_titles: named("job_titles"),
        person_cues: named("person_cues"),
        person_verbs: named("person_verbs"),
        sign_offs: named("sign_offs"),
        months: named("months"),
        declined: named("declined_answers"),
        welsh: named("welsh_words"),
        gendered: named("gendered_words"),
        not_people: named("not_people"),
        address_words: named("address_words"),
        degrees: named("degrees"),
        post_nominals: named("post_nominals"),
        foreign_awards: named("foreign_awards"),
        subjects: named("subjects"),
        training_bodies: named("training_bodies"),
        self_words: named("self_words"),
        other_people: named("other_people"),
        work_words: named("work_words"),
        occupants: named("occupants"),
        naming_cues: named("naming_cues"),
        foreign_places: named("foreign_places"),
        nationality: named("nationality"),
        languages: named("languages"),
        person_titles: named("person_titles"),
        kin: named("kin"),
        number_words: named("number_words"),
        uk_places: named("uk_places"),
    }
}
