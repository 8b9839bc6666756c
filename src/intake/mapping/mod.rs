//! Turns a payload into one of our events, as a file in `rules/sources` describes. Lenient on what a mapping does
//! not name, strict on what it does: a field of the wrong type is refused with its JSON pointer.

mod application;
mod error;
mod place;

use serde_json::Value;

pub use error::{Form, MappingError, Noun};

use self::place::Place;
use crate::domain::{
    CharacteristicsReceived, SourceEvent, StageChanged, StageId, VacancyChanged, VacancyState,
    Withdrawn,
};
use crate::rulebook::{EventMeaning, SourceMapping};

/// How much of something one payload may hold. Views must stay small, and a form has an end.
pub mod limits {
    /// All identity fields together, in bytes.
    pub const IDENTITY_BYTES: usize = 3 * 1024;
    /// Questions with answers.
    pub const ANSWERS: usize = 60;
    /// Attached documents.
    pub const DOCUMENTS: usize = 20;
    /// The label of one declared category, in characters.
    pub const LABEL_CHARACTERS: usize = 200;
    /// All texts of a vacancy together, in bytes.
    pub const VACANCY_BYTES: usize = 3 * 1024;
}

/// Reads a payload.
///
/// # Errors
/// [`MappingError`] names the field by its JSON pointer and says what was expected, never what was found.
pub fn map(mapping: &SourceMapping, body: &[u8]) -> Result<SourceEvent, MappingError> {
    let payload = parse(body)?;
    let top = Place::top(&payload);
    let name = top.required_text(&mapping.event_name, "the name of the event")?;
    let meaning = mapping.events.get(&name).ok_or_else(|| MappingError::NotListed {
        path: mapping.event_name.to_string(),
        noun: Noun::Event,
        known: mapping.events.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
    })?;
    Ok(match meaning {
        EventMeaning::VacancyChanged(state) => {
            SourceEvent::VacancyChanged(vacancy(mapping, &top, *state)?)
        }
        EventMeaning::ApplicationReceived => {
            SourceEvent::ApplicationReceived(application::received(mapping, &top)?)
        }
        EventMeaning::StageChanged(stage) => {
            SourceEvent::StageChanged(stage_change(mapping, &top, stage.as_ref())?)
        }
        EventMeaning::Withdrawn => SourceEvent::Withdrawn(Withdrawn {
            application: top.reference(&mapping.withdrawal.application)?,
            at: top.time(mapping.withdrawal.at.as_ref(), mapping.time)?,
        }),
        EventMeaning::CharacteristicsReceived => {
            let shape = &mapping.characteristics;
            SourceEvent::CharacteristicsReceived(CharacteristicsReceived {
                application: top.reference(&shape.application)?,
                characteristics: application::characteristics(mapping, &shape.answers, &top)?,
            })
        }
        EventMeaning::Ignored => SourceEvent::Ignored,
    })
}

fn parse(body: &[u8]) -> Result<Value, MappingError> {
    // Some senders put a byte order mark first, which JSON does not allow and everybody else overlooks.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body).map_err(|error| MappingError::NotJson {
        line: error.line(),
        column: error.column(),
        reason: match error.classify() {
            serde_json::error::Category::Eof => "the body ends too early",
            _ => "this is not JSON syntax",
        }
        .to_owned(),
    })
}

fn vacancy(
    mapping: &SourceMapping,
    top: &Place<'_>,
    told: Option<VacancyState>,
) -> Result<VacancyChanged, MappingError> {
    let shape = &mapping.vacancy;
    let state = match told {
        Some(state) => Some(state),
        None => top.find_optional(shape.state.as_ref())?.map_or(Ok(None), |place| {
            let label = place.as_text()?;
            label.map(|label| vacancy_state(mapping, &place, &label)).transpose()
        })?,
    };
    let changed = VacancyChanged {
        vacancy: top.reference(&shape.vacancy)?,
        title: top.text(shape.title.as_ref())?,
        state,
        family: top.text(shape.family.as_ref())?,
        grade: top.text(shape.grade.as_ref())?,
        directorate: top.text(shape.directorate.as_ref())?,
        contract: top.text(shape.contract.as_ref())?,
        stages: vacancy_stages(mapping, top)?,
        allow: top.find_optional(shape.allow.as_ref())?.as_ref().map(texts).transpose()?,
        opened_at: None,
        closed_at: None,
    };
    let texts =
        [&changed.title, &changed.family, &changed.grade, &changed.directorate, &changed.contract];
    let bytes: usize = changed.vacancy.as_str().len()
        + texts.into_iter().flatten().map(String::len).sum::<usize>()
        + changed.allow.iter().flatten().map(String::len).sum::<usize>();
    if bytes > limits::VACANCY_BYTES {
        let (path, limit) = (shape.vacancy.parent().to_string(), limits::VACANCY_BYTES);
        return Err(MappingError::OverLimit { path, limit, unit: "bytes altogether" });
    }
    Ok(changed)
}

fn vacancy_state(
    mapping: &SourceMapping,
    place: &Place<'_>,
    label: &str,
) -> Result<VacancyState, MappingError> {
    let found = mapping.vacancy_states.get(&label.trim().to_lowercase());
    found.copied().ok_or_else(|| MappingError::NotListed {
        path: place.path().to_string(),
        noun: Noun::VacancyState,
        known: mapping.vacancy_states.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
    })
}

fn vacancy_stages(
    mapping: &SourceMapping,
    top: &Place<'_>,
) -> Result<Option<Vec<StageId>>, MappingError> {
    let Some(list) = top.find_optional(mapping.vacancy.stages.as_ref())? else {
        return Ok(None);
    };
    let mut stages = Vec::new();
    for item in list.items()? {
        if let Some(label) = item.as_text()? {
            stages.push(stage(mapping, &item, &label)?);
        }
    }
    Ok(Some(stages))
}

fn stage_change(
    mapping: &SourceMapping,
    top: &Place<'_>,
    told: Option<&StageId>,
) -> Result<StageChanged, MappingError> {
    let shape = &mapping.stage_change;
    let stage = match told {
        Some(stage) => stage.clone(),
        None => {
            let missing = || top.missing(&shape.stage, "the name of a stage");
            let place = top.find(&shape.stage)?.ok_or_else(missing)?;
            let label = place.as_text()?.ok_or_else(missing)?;
            stage(mapping, &place, &label)?
        }
    };
    Ok(StageChanged {
        application: top.reference(&shape.application)?,
        stage,
        at: top.time(shape.at.as_ref(), mapping.time)?,
    })
}

fn stage(mapping: &SourceMapping, place: &Place<'_>, label: &str) -> Result<StageId, MappingError> {
    let found = mapping.stages.get(&label.trim().to_lowercase());
    found.cloned().ok_or_else(|| MappingError::NotListed {
        path: place.path().to_string(),
        noun: Noun::Stage,
        known: mapping.stages.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
    })
}

fn texts(list: &Place<'_>) -> Result<Vec<String>, MappingError> {
    let mut found = Vec::new();
    for item in list.items()? {
        found.extend(item.as_text()?);
    }
    Ok(found)
}
