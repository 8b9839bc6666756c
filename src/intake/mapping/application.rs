//! Applications: identity, answers, documents and characteristics out of a payload. Bounded, because an identity is
//! kept whole in memory and an application is one record.

use std::collections::BTreeMap;

use super::error::{MappingError, Noun};
use super::limits;
use super::place::Place;
use crate::domain::{
    Answer, ApplicationReceived, AttachedDocument, CharacteristicId, Content, Identity,
};
use crate::rulebook::{
    ApplicationShape, DocumentShape, IdentityShape, PairsShape, Pointer, SourceMapping, Unlisted,
};

pub(super) fn received(
    mapping: &SourceMapping,
    top: &Place<'_>,
) -> Result<ApplicationReceived, MappingError> {
    let shape = &mapping.application;
    Ok(ApplicationReceived {
        vacancy: top.reference(&shape.vacancy)?,
        application: top.reference(&shape.application)?,
        at: top.time(shape.at.as_ref(), mapping.time)?,
        content: content(shape, top)?,
        characteristics: characteristics(mapping, &shape.characteristics, top)?,
    })
}

/// The sender's own labels, by characteristic.
pub(super) fn characteristics(
    mapping: &SourceMapping,
    shape: &PairsShape,
    top: &Place<'_>,
) -> Result<BTreeMap<CharacteristicId, String>, MappingError> {
    let mut declared = BTreeMap::new();
    for pair in pairs(shape, top)? {
        let Some(id) = mapping.characteristic(&pair.name) else {
            if mapping.unlisted_characteristics == Unlisted::Ignore {
                continue;
            }
            return Err(MappingError::NotListed {
                path: pair.place.path().to_string(),
                noun: Noun::Characteristic,
                known: mapping.characteristic_names().collect::<Vec<_>>().join(", "),
            });
        };
        if let Some(label) = pair.place.as_answer()? {
            at_most(
                label.chars().count(),
                limits::LABEL_CHARACTERS,
                "characters",
                pair.place.path(),
            )?;
            let meant = mapping.yes_or_no(id, &pair.name, &label);
            declared.insert(id.clone(), meant.map_or(label, |meant| meant.to_string()));
        }
    }
    Ok(declared)
}

fn content(shape: &ApplicationShape, top: &Place<'_>) -> Result<Content, MappingError> {
    let answers = pairs(&shape.answers, top)?;
    at_most(answers.len(), limits::ANSWERS, "answers", &shape.answers.place())?;
    Ok(Content {
        identity: identity(&shape.identity, top)?,
        answers: answers
            .into_iter()
            .filter_map(|pair| answer(pair).transpose())
            .collect::<Result<_, _>>()?,
        documents: shape
            .documents
            .as_ref()
            .map_or(Ok(Vec::new()), |shape| documents(shape, top))?,
    })
}

fn identity(shape: &IdentityShape, top: &Place<'_>) -> Result<Identity, MappingError> {
    let identity = Identity {
        title: top.joined(&shape.title)?,
        full_name: top.joined(&shape.full_name)?,
        given_names: top.joined(&shape.given_names)?,
        family_name: top.joined(&shape.family_name)?,
        known_as: top.joined(&shape.known_as)?,
        previous_names: top.texts(&shape.previous_names)?,
        email: top.texts(&shape.email)?,
        phone: top.texts(&shape.phone)?,
        address: top.texts(&shape.address)?,
        postcode: top.joined(&shape.postcode)?,
        date_of_birth: top.joined(&shape.date_of_birth)?,
        ni_number: top.joined(&shape.ni_number)?,
        urls: top.texts(&shape.urls)?,
        usernames: top.texts(&shape.usernames)?,
        other_numbers: top.texts(&shape.other_numbers)?,
    };
    let bytes: usize = identity.fields().iter().map(|(_, value)| value.len()).sum();
    if bytes > limits::IDENTITY_BYTES {
        return Err(MappingError::OverLimit {
            path: shape.common_parent().to_string(),
            limit: limits::IDENTITY_BYTES,
            unit: "bytes altogether",
        });
    }
    Ok(identity)
}

fn answer(pair: Pair<'_>) -> Result<Option<Answer>, MappingError> {
    Ok(pair.place.as_answer()?.map(|text| Answer { question: pair.name, text }))
}

fn documents(
    shape: &DocumentShape,
    top: &Place<'_>,
) -> Result<Vec<AttachedDocument>, MappingError> {
    let Some(list) = top.find(&shape.at)? else {
        return Ok(Vec::new());
    };
    let items = list.items()?;
    at_most(items.len(), limits::DOCUMENTS, "documents", list.path())?;
    items.iter().map(|item| document(shape, item)).collect()
}

/// One document. Its text becomes bytes, and a text without a media type is plain text.
fn document(shape: &DocumentShape, item: &Place<'_>) -> Result<AttachedDocument, MappingError> {
    let claimed = item.text(shape.media_type.as_ref())?;
    let (bytes, media_type) = match item.find_optional(shape.content.as_ref())? {
        Some(content) => (content.as_base64()?, claimed),
        None => {
            let Some(text) = item.text(shape.text.as_ref())? else {
                let pointer = shape.content.as_ref().or(shape.text.as_ref());
                let expected = "the document's bytes in base64, or its text";
                return Err(item.missing(pointer.unwrap_or(&Pointer::default()), expected));
            };
            (text.into_bytes(), Some(claimed.unwrap_or_else(|| "text/plain".to_owned())))
        }
    };
    Ok(AttachedDocument { file_name: item.text(shape.file_name.as_ref())?, media_type, bytes })
}

/// A name and the place of its value.
struct Pair<'a> {
    name: String,
    place: Place<'a>,
}

fn pairs<'a>(shape: &PairsShape, top: &Place<'a>) -> Result<Vec<Pair<'a>>, MappingError> {
    let mut found = Vec::new();
    for field in &shape.fields {
        if let Some(place) = top.find(&field.value)? {
            found.push(Pair { name: field.name.clone(), place });
        }
    }
    if let Some(object) = top.find_optional(shape.object.as_ref())? {
        let fields = object.fields()?.into_iter();
        found.extend(fields.map(|(name, place)| Pair { name: name.to_owned(), place }));
    }
    if let Some(list) = &shape.list
        && let Some(place) = top.find(&list.at)?
    {
        for item in place.items()? {
            let name = item.required_text(&list.name, "the name of what is answered")?;
            if let Some(place) = item.find(&list.value)? {
                found.push(Pair { name, place });
            }
        }
    }
    Ok(found)
}

fn at_most(
    count: usize,
    limit: usize,
    unit: &'static str,
    place: &Pointer,
) -> Result<(), MappingError> {
    if count <= limit {
        return Ok(());
    }
    Err(MappingError::OverLimit { path: place.to_string(), limit, unit })
}
