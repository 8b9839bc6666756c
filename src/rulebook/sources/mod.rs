//! `rules/sources/*.toml`: how a sending system signs its deliveries, and where in its payload our fields are.
//! Describes; checking a signature and reading a payload are the work of `intake`.

mod pointer;
mod scheme;
mod shape;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use pointer::{Pointer, Pointers};
pub use scheme::{Encoding, EntryTemplate, SecretForm, SignatureScheme, SignedPart};
pub use shape::{
    ApplicationShape, CharacteristicShape, DocumentShape, IdentityShape, ListShape, NamedPointer,
    PairsShape, StageChangeShape, VacancyShape, WithdrawalShape,
};

use super::{Characteristics, RuleError, RuleFile, RuleFiles};
use crate::domain::{CategoryId, CharacteristicId, StageId, StageSet, VacancyState};

/// One sending system's format.
#[derive(Debug, Clone)]
pub struct SourceMapping {
    /// Its name, which is the file's name too.
    pub id: String,
    /// What an administrator reads when choosing it.
    pub title: String,
    /// How deliveries are signed.
    pub signature: SignatureScheme,
    /// Where the name of the event is.
    pub event_name: Pointer,
    /// How times are written.
    pub time: TimeFormat,
    /// The sender's events, by its own names.
    pub events: BTreeMap<String, EventMeaning>,
    /// The sender's stage names, in lower case, to ours.
    pub stages: BTreeMap<String, StageId>,
    /// The sender's words for the state of a vacancy, in lower case, to ours.
    pub vacancy_states: BTreeMap<String, VacancyState>,
    /// The sender's own names of characteristics, in lower case, to ours.
    characteristic_names: BTreeMap<String, CharacteristicId>,
    /// Names that the rules know for every sender.
    known_characteristics: Characteristics,
    /// What becomes of a characteristic that is not listed.
    pub unlisted_characteristics: Unlisted,
    /// Where the fields of a vacancy are.
    pub vacancy: VacancyShape,
    /// Where the fields of an application are.
    pub application: ApplicationShape,
    /// Where the fields of a change of stage are.
    pub stage_change: StageChangeShape,
    /// Where the fields of a withdrawal are.
    pub withdrawal: WithdrawalShape,
    /// Where characteristics are that arrive apart from the application.
    pub characteristics: CharacteristicShape,
}

/// What becomes of a name that a mapping does not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unlisted {
    /// The delivery is refused: a misspelt name would make everybody look as if they had not been asked.
    #[default]
    Refuse,
    /// It is passed over: for senders whose customers add questions of their own.
    Ignore,
}

/// How a sender writes times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeFormat {
    /// A text like `2026-03-02T09:30:00Z`.
    #[default]
    Rfc3339,
    /// Seconds since 1970, as a number or a text of digits.
    UnixSeconds,
    /// Milliseconds since 1970, as a number or a text of digits.
    UnixMilliseconds,
}

/// What one of the sender's events means to us. An event's name may say what elsewhere a field says: a vendor's
/// `job.closed` is a change of the vacancy whose state is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventMeaning {
    /// A vacancy was opened or changed, perhaps to a state that the name tells.
    VacancyChanged(Option<VacancyState>),
    /// An application arrived.
    ApplicationReceived,
    /// An application reached another stage, perhaps one that the name tells.
    StageChanged(Option<StageId>),
    /// The candidate withdrew.
    Withdrawn,
    /// Characteristics arrived or were corrected.
    CharacteristicsReceived,
    /// Accepted and left alone: many senders switch a hook off whose test or whose other events are refused.
    Ignored,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    id: String,
    title: String,
    event_name: Pointer,
    #[serde(default)]
    time: TimeFormat,
    signature: scheme::SchemeTable,
    #[serde(rename = "event")]
    events: Vec<EventRow>,
    #[serde(default)]
    stages: BTreeMap<String, StageId>,
    #[serde(default)]
    vacancy_states: BTreeMap<String, VacancyState>,
    /// Names that rules/characteristics does not have among its `columns`.
    #[serde(default)]
    characteristic_names: BTreeMap<String, CharacteristicId>,
    #[serde(default)]
    unlisted_characteristics: Unlisted,
    vacancy: VacancyShape,
    application: ApplicationShape,
    stage_change: StageChangeShape,
    withdrawal: WithdrawalShape,
    characteristics: CharacteristicShape,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventRow {
    /// The sender's name.
    name: String,
    means: Meaning,
    /// The state that the name tells, for `vacancy_changed`.
    state: Option<VacancyState>,
    /// The stage that the name tells, for `stage_changed`.
    stage: Option<StageId>,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Meaning {
    VacancyChanged,
    ApplicationReceived,
    StageChanged,
    Withdrawn,
    CharacteristicsReceived,
    Ignored,
}

/// Reads every source mapping of a rule set.
pub(super) fn load(
    files: &RuleFiles,
    stages: &StageSet,
    characteristics: &Characteristics,
) -> Result<Vec<SourceMapping>, RuleError> {
    files
        .within("sources", "toml")
        .map(|file| SourceMapping::from_file(&file, stages, characteristics))
        .collect()
}

impl SourceMapping {
    /// Reads one file and checks that it holds together and that every stage and characteristic it names exists.
    ///
    /// # Errors
    /// [`RuleError`] names the file, the line where it is known, and what to do.
    pub fn from_file(
        file: &RuleFile<'_>,
        stages: &StageSet,
        characteristics: &Characteristics,
    ) -> Result<Self, RuleError> {
        let parsed: SourceFile = file.parse()?;
        let refuse = |message: String| RuleError::in_file(file.path, message);
        if parsed.id != file.stem() {
            return Err(refuse(format!("id is '{}' in a file named otherwise", parsed.id))
                .hint("name the file after its id"));
        }
        let mut events = BTreeMap::new();
        for row in parsed.events {
            let name = row.name.clone();
            let meaning = row.meaning().map_err(refuse)?;
            if events.insert(name.clone(), meaning).is_some() {
                return Err(refuse(format!("event '{name}' is listed twice")));
            }
        }
        let told = events.values().filter_map(|meaning| match meaning {
            EventMeaning::StageChanged(stage) => stage.as_ref(),
            _ => None,
        });
        if let Some(stage) = parsed.stages.values().chain(told).find(|s| !stages.contains(s)) {
            return Err(refuse(format!("stage '{stage}' is not in rules/stages"))
                .hint("the right-hand side is our name for a stage, the left-hand side theirs"));
        }
        let names = parsed.characteristic_names;
        if let Some(unknown) = names.values().find(|id| characteristics.get(id).is_none()) {
            return Err(refuse(format!("'{unknown}' is not in rules/characteristics"))
                .hint("the right-hand side is our name, the left-hand side theirs"));
        }
        Ok(Self {
            id: parsed.id,
            title: parsed.title,
            signature: parsed.signature.checked().map_err(refuse)?,
            event_name: parsed.event_name,
            time: parsed.time,
            events,
            stages: lower_case(parsed.stages).map_err(refuse)?,
            vacancy_states: lower_case(parsed.vacancy_states).map_err(refuse)?,
            characteristic_names: lower_case(names).map_err(refuse)?,
            known_characteristics: characteristics.clone(),
            unlisted_characteristics: parsed.unlisted_characteristics,
            vacancy: parsed.vacancy,
            application: parsed.application,
            stage_change: parsed.stage_change,
            withdrawal: parsed.withdrawal,
            characteristics: parsed.characteristics,
        })
    }

    /// The characteristic that the sender's name means: by this file, or else by `rules/characteristics`.
    pub fn characteristic(&self, name: &str) -> Option<&CharacteristicId> {
        let own = self.characteristic_names.get(&name.trim().to_lowercase());
        own.or_else(|| self.known_characteristics.of_column(name))
    }

    /// The category that a plain yes or no stands for, where the sender's name for a characteristic decides that.
    pub fn yes_or_no(&self, of: &CharacteristicId, name: &str, label: &str) -> Option<CategoryId> {
        self.known_characteristics.yes_and_no(of, name)?.category(label).cloned()
    }

    /// Names of characteristics that are understood: those of this file, and our own.
    pub fn characteristic_names(&self) -> impl Iterator<Item = &str> {
        let ours = self.known_characteristics.list().iter().map(|known| known.id.as_str());
        self.characteristic_names.keys().map(String::as_str).chain(ours)
    }

    /// How deliveries are signed.
    pub fn scheme(&self) -> &SignatureScheme {
        &self.signature
    }
}

impl EventRow {
    fn meaning(self) -> Result<EventMeaning, String> {
        if self.state.is_some() && self.means != Meaning::VacancyChanged {
            return Err(format!("event '{}': only vacancy_changed may have 'state'", self.name));
        }
        if self.stage.is_some() && self.means != Meaning::StageChanged {
            return Err(format!("event '{}': only stage_changed may have 'stage'", self.name));
        }
        Ok(match self.means {
            Meaning::VacancyChanged => EventMeaning::VacancyChanged(self.state),
            Meaning::ApplicationReceived => EventMeaning::ApplicationReceived,
            Meaning::StageChanged => EventMeaning::StageChanged(self.stage),
            Meaning::Withdrawn => EventMeaning::Withdrawn,
            Meaning::CharacteristicsReceived => EventMeaning::CharacteristicsReceived,
            Meaning::Ignored => EventMeaning::Ignored,
        })
    }
}

/// Senders change the capitals of their labels without notice, so that they are compared in lower case.
fn lower_case<V>(table: BTreeMap<String, V>) -> Result<BTreeMap<String, V>, String> {
    let mut folded = BTreeMap::new();
    for (name, value) in table {
        let key = name.trim().to_lowercase();
        if folded.insert(key, value).is_some() {
            return Err(format!("'{name}' is listed twice (capitals do not count)"));
        }
    }
    Ok(folded)
}

#[cfg(test)]
mod tests {
    use super::super::{RuleFile, RuleFiles, Rulebook};
    use super::*;

    fn standard() -> String {
        let files = RuleFiles::built_in();
        files.within("sources", "toml").find(|f| f.stem() == "standard").unwrap().text.to_owned()
    }

    fn refusal(text: &str) -> String {
        let rules = Rulebook::built_in().unwrap();
        let file = RuleFile { path: "sources/standard.toml", text };
        SourceMapping::from_file(&file, rules.recruitment(), rules.characteristics())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn the_standard_mapping_is_built_in() {
        let rules = Rulebook::built_in().unwrap();
        let standard = rules.source("standard").unwrap();
        assert_eq!(standard.signature.tolerance_s, 300);
        assert!(standard.events.contains_key("application.received"));
        assert!(rules.source("nobody").is_none());
    }

    #[test]
    fn a_mapping_that_does_not_hold_together_is_refused_with_the_reason() {
        let text = standard();
        for (from, to, expected) in [
            ("id = \"standard\"", "id = \"other\"", "named otherwise"),
            (
                "shortlisted = \"shortlisted\"",
                "shortlisted = \"on_the_list\"",
                "not in rules/stages",
            ),
            ("\"{id}.{timestamp}.{body}\"", "\"{timestamp}.{body}\"", "id_header"),
            ("\"{id}.{timestamp}.{body}\"", "\"{id}.{timestamp}\"", "{body}"),
            ("\"{id}.{timestamp}.{body}\"", "\"{id}.{time}.{body}\"", "{time}"),
            ("event_name = \"/type\"", "event_name = \"type\"", "JSON pointer"),
            (
                "means = \"withdrawn\"",
                "means = \"withdrawn\"\nstate = \"open\"",
                "only vacancy_changed",
            ),
            ("tolerance_s = 300", "tolerance = 300", "tolerance"),
            ("[stages]", "[characteristic_names]\nx = \"shoe_size\"\n[stages]", "shoe_size"),
        ] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text, "{from}");
            let message = refusal(&changed);
            assert!(message.contains(expected), "{to}: {message}");
        }
    }

    #[test]
    fn a_wrong_pointer_is_named_with_its_line() {
        let text = standard().replacen("event_name = \"/type\"", "event_name = \"type\"", 1);
        let line = text.lines().position(|l| l.starts_with("event_name")).unwrap() + 1;
        assert!(refusal(&text).contains(&format!("line {line}")));
    }
}
