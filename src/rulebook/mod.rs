//! Loads and checks `rules/`: recognisers, lexicons, characteristics, stages, sources, policies, benchmarks.
//! Every rule has an id, and the whole set has a SHA-256. Holds no behaviour of its own: what a rule does is
//! decided by the module that applies it.

mod benchmarks;
mod characteristics;
mod files;
mod kind;
mod lexicons;
mod policies;
mod recognisers;
mod sources;
mod stages;

use std::collections::BTreeMap;
use std::path::Path;

pub use benchmarks::{Benchmark, BenchmarkShares};
pub use characteristics::{Category, Characteristic, Characteristics, Group, Grouping, YesAndNo};
pub use files::{RuleError, RuleFile, RuleFiles};
pub use kind::{Action, Kind, RuleId, UnknownKind};
pub use lexicons::{Entry, Lexicon};
pub use policies::{Comparator, Policy, Span};
pub use recognisers::{About, Needs, Place, Recogniser, Validator, ValueShape};
pub use sources::{
    ApplicationShape, CharacteristicShape, DocumentShape, Encoding, EntryTemplate, EventMeaning,
    IdentityShape, ListShape, NamedPointer, PairsShape, Pointer, Pointers, SecretForm,
    SignatureScheme, SignedPart, SourceMapping, StageChangeShape, TimeFormat, Unlisted,
    VacancyShape, WithdrawalShape,
};

use crate::domain::StageSet;

/// Everything in `rules/`, parsed and checked.
#[derive(Debug)]
pub struct Rulebook {
    sha256: String,
    stages: Vec<StageSet>,
    sources: Vec<SourceMapping>,
    characteristics: Characteristics,
    policies: Vec<Policy>,
    recognisers: Vec<Recogniser>,
    lexicons: BTreeMap<String, Lexicon>,
    fields: BTreeMap<String, Lexicon>,
    benchmarks: Vec<Benchmark>,
    tagger: Option<String>,
}

impl Rulebook {
    /// The rules that travel inside the program.
    ///
    /// # Errors
    /// Never for a program that passed its tests: they load these rules.
    pub fn built_in() -> Result<Self, RuleError> {
        Self::from_files(&RuleFiles::built_in())
    }

    /// The rules of a folder, which replaces the built-in ones as a whole.
    ///
    /// # Errors
    /// [`RuleError`] names the file, the line and what to do.
    pub fn from_folder(folder: &Path) -> Result<Self, RuleError> {
        Self::from_files(&RuleFiles::from_folder(folder)?)
    }

    /// Parses and checks a set of files.
    ///
    /// # Errors
    /// [`RuleError`] names the file, the line and what to do.
    pub fn from_files(files: &RuleFiles) -> Result<Self, RuleError> {
        let stages = stages::load(files)?;
        let characteristics = characteristics::load(files)?;
        let sources = sources::load(files, stages::recruitment(&stages), &characteristics)?;
        let policies = policies::load(files, &characteristics)?;
        Ok(Self {
            sha256: files.sha256(),
            tagger: files.within("taggers", "txt").next().map(|file| file.text.to_owned()),
            benchmarks: benchmarks::load(files, &characteristics)?,
            recognisers: recognisers::load(files)?,
            lexicons: lexicons::load(files, "lexicons")?,
            fields: lexicons::load(files, "fields")?,
            stages,
            sources,
            characteristics,
            policies,
        })
    }

    /// SHA-256 over every file's path and content, in hexadecimal: the name of this rule set in traces and reports.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The stages of recruitment.
    pub fn recruitment(&self) -> &StageSet {
        stages::recruitment(&self.stages)
    }

    /// The format of a sending system, by its name in `rules/sources`.
    pub fn source(&self, id: &str) -> Option<&SourceMapping> {
        self.sources.iter().find(|mapping| mapping.id == id)
    }

    /// Every format of a sending system, in order of name.
    pub fn sources(&self) -> &[SourceMapping] {
        &self.sources
    }

    /// Characteristics, their categories, and the labels that people write for them.
    pub fn characteristics(&self) -> &Characteristics {
        &self.characteristics
    }

    /// What an audit of that name computes and flags.
    pub fn policy(&self, id: &str) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.id == id)
    }

    /// Every policy, in order of name.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// What redaction looks for, in order of file name and place.
    pub fn recognisers(&self) -> &[Recogniser] {
        &self.recognisers
    }

    /// The closed word lists, by name.
    pub fn lexicons(&self) -> &BTreeMap<String, Lexicon> {
        &self.lexicons
    }

    /// The word fields, by name: words that are about the same.
    pub fn fields(&self) -> &BTreeMap<String, Lexicon> {
        &self.fields
    }

    /// The weights of the trained tagger, as their file, if the rule set has one.
    pub fn tagger(&self) -> Option<&str> {
        self.tagger.as_deref()
    }

    /// Population shares of that name.
    pub fn benchmark(&self, id: &str) -> Option<&Benchmark> {
        self.benchmarks.iter().find(|benchmark| benchmark.id == id)
    }

    /// Every benchmark, in order of name.
    pub fn benchmarks(&self) -> &[Benchmark] {
        &self.benchmarks
    }
}
