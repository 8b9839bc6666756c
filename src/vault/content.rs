//! Sealing of what is in clear only here and on its way: content and declared categories. The forms that are written
//! are private to this file, so that nothing else can write identity down.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::Bytes;
use zeroize::Zeroizing;

use super::{KeyHolder, Purpose, Vault, VaultError};
use crate::domain::{
    Answer, AttachedDocument, CategoryId, CharacteristicId, Content, DeclaredCategories, Identity,
    OrganisationId, StoredKey,
};

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
struct IdentityForm<'a> {
    title: Option<Text<'a>>,
    full_name: Option<Text<'a>>,
    given_names: Option<Text<'a>>,
    family_name: Option<Text<'a>>,
    known_as: Option<Text<'a>>,
    previous_names: Vec<Text<'a>>,
    email: Vec<Text<'a>>,
    phone: Vec<Text<'a>>,
    address: Vec<Text<'a>>,
    postcode: Option<Text<'a>>,
    date_of_birth: Option<Text<'a>>,
    ni_number: Option<Text<'a>>,
    urls: Vec<Text<'a>>,
    usernames: Vec<Text<'a>>,
    #[serde(default)]
    other_numbers: Vec<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
struct OriginalForm<'a> {
    answers: Vec<AnswerForm<'a>>,
    documents: Vec<DocumentForm<'a>>,
}

#[derive(Serialize, Deserialize)]
struct AnswerForm<'a> {
    question: Text<'a>,
    text: Text<'a>,
}

#[derive(Serialize, Deserialize)]
struct DocumentForm<'a> {
    file_name: Option<Text<'a>>,
    media_type: Option<Text<'a>>,
    bytes: Cow<'a, Bytes>,
}

#[derive(Serialize, Deserialize)]
struct CategoriesForm(Vec<(CharacteristicId, CategoryId)>);

impl Vault {
    /// Seals identity, answers and documents of an application: identity apart from the rest, so that it can be
    /// opened alone.
    ///
    /// # Errors
    /// [`VaultError::KeyDestroyed`] when the holder was erased.
    pub fn seal_content(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        record: &str,
        content: &Content,
    ) -> Result<Vec<u8>, VaultError> {
        let identity = encode(&IdentityForm::from(&content.identity), 4096)?;
        let original = encode(&OriginalForm::from(content), original_room(content))?;
        let seal =
            |purpose, plain: &[u8]| self.seal(organisation, holder, key, purpose, record, plain);
        let identity = seal(Purpose::Identity, &identity)?;
        let original = seal(Purpose::Original, &original)?;
        let length = u32::try_from(identity.len()).map_err(|_| VaultError::TooLarge)?;
        Ok([&length.to_be_bytes(), identity.as_slice(), original.as_slice()].concat())
    }

    /// Opens all of it.
    ///
    /// # Errors
    /// [`VaultError::KeyDestroyed`] when the holder was erased.
    pub fn open_content(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        record: &str,
        sealed: &[u8],
    ) -> Result<Content, VaultError> {
        let identity = self.open_identity(organisation, holder, key, record, sealed)?;
        let (_, sealed) = parts(sealed)?;
        let plain = self.unseal(organisation, holder, key, Purpose::Original, record, sealed)?;
        let original: OriginalForm<'_> = decode(&plain, "answers and documents")?;
        Ok(original.into_content(identity))
    }

    /// Opens the identity of sealed content and leaves answers and documents closed.
    ///
    /// # Errors
    /// [`VaultError::KeyDestroyed`] when the holder was erased.
    pub fn open_identity(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        record: &str,
        sealed: &[u8],
    ) -> Result<Identity, VaultError> {
        let (sealed, _) = parts(sealed)?;
        let plain = self.unseal(organisation, holder, key, Purpose::Identity, record, sealed)?;
        decode::<IdentityForm<'_>>(&plain, "an identity").map(IdentityForm::into_identity)
    }

    /// Seals what a candidate declared.
    ///
    /// # Errors
    /// [`VaultError::KeyDestroyed`] when the holder was erased.
    pub fn seal_categories(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        record: &str,
        categories: &DeclaredCategories,
    ) -> Result<Vec<u8>, VaultError> {
        let answers = categories.iter().map(|(of, category)| (of.clone(), category.clone()));
        let plain = encode(&CategoriesForm(answers.collect()), 4096)?;
        self.seal(organisation, holder, key, Purpose::Characteristics, record, &plain)
    }

    /// Opens what a candidate declared.
    ///
    /// # Errors
    /// [`VaultError::KeyDestroyed`] when the holder was erased.
    pub fn open_categories(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        record: &str,
        sealed: &[u8],
    ) -> Result<DeclaredCategories, VaultError> {
        let plain =
            self.unseal(organisation, holder, key, Purpose::Characteristics, record, sealed)?;
        let CategoriesForm(answers) = decode(&plain, "declared categories")?;
        Ok(answers.into_iter().collect())
    }
}

/// The sealed identity and the sealed rest.
fn parts(sealed: &[u8]) -> Result<(&[u8], &[u8]), VaultError> {
    let (length, rest) = sealed.split_first_chunk().ok_or(VaultError::DoesNotOpen)?;
    rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(VaultError::DoesNotOpen)
}

/// About how many bytes answers and documents take, and rather more.
fn original_room(content: &Content) -> usize {
    let answers =
        content.answers.iter().map(|answer| answer.question.len() + answer.text.len() + 64);
    let documents = content.documents.iter().map(|document| document.bytes.len() + 1024);
    answers.chain(documents).sum::<usize>() + 64
}

/// Encodes into memory that is cleared afterwards, with room from the start for what is expected.
fn encode(form: &impl Serialize, room: usize) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    ciborium::into_writer(form, &mut *bytes).map_err(|_| VaultError::TooLarge)?;
    Ok(bytes)
}

fn decode<T: DeserializeOwned>(plain: &[u8], expected: &'static str) -> Result<T, VaultError> {
    ciborium::from_reader(plain).map_err(|_| VaultError::NotUnderstood(expected))
}

fn one(text: &Option<String>) -> Option<Text<'_>> {
    text.as_deref().map(Cow::Borrowed)
}

fn many(texts: &[String]) -> Vec<Text<'_>> {
    texts.iter().map(|text| Cow::Borrowed(text.as_str())).collect()
}

fn owned(texts: Vec<Text<'_>>) -> Vec<String> {
    texts.into_iter().map(Cow::into_owned).collect()
}

impl<'a> From<&'a Identity> for IdentityForm<'a> {
    fn from(identity: &'a Identity) -> Self {
        Self {
            title: one(&identity.title),
            full_name: one(&identity.full_name),
            given_names: one(&identity.given_names),
            family_name: one(&identity.family_name),
            known_as: one(&identity.known_as),
            previous_names: many(&identity.previous_names),
            email: many(&identity.email),
            phone: many(&identity.phone),
            address: many(&identity.address),
            postcode: one(&identity.postcode),
            date_of_birth: one(&identity.date_of_birth),
            ni_number: one(&identity.ni_number),
            urls: many(&identity.urls),
            usernames: many(&identity.usernames),
            other_numbers: many(&identity.other_numbers),
        }
    }
}

impl IdentityForm<'_> {
    fn into_identity(self) -> Identity {
        Identity {
            title: self.title.map(Cow::into_owned),
            full_name: self.full_name.map(Cow::into_owned),
            given_names: self.given_names.map(Cow::into_owned),
            family_name: self.family_name.map(Cow::into_owned),
            known_as: self.known_as.map(Cow::into_owned),
            previous_names: owned(self.previous_names),
            email: owned(self.email),
            phone: owned(self.phone),
            address: owned(self.address),
            postcode: self.postcode.map(Cow::into_owned),
            date_of_birth: self.date_of_birth.map(Cow::into_owned),
            ni_number: self.ni_number.map(Cow::into_owned),
            urls: owned(self.urls),
            usernames: owned(self.usernames),
            other_numbers: owned(self.other_numbers),
        }
    }
}

impl<'a> From<&'a Content> for OriginalForm<'a> {
    fn from(content: &'a Content) -> Self {
        let answer = |answer: &'a Answer| AnswerForm {
            question: Cow::Borrowed(&answer.question),
            text: Cow::Borrowed(&answer.text),
        };
        let document = |document: &'a AttachedDocument| DocumentForm {
            file_name: one(&document.file_name),
            media_type: one(&document.media_type),
            bytes: Cow::Borrowed(Bytes::new(&document.bytes)),
        };
        Self {
            answers: content.answers.iter().map(answer).collect(),
            documents: content.documents.iter().map(document).collect(),
        }
    }
}

impl OriginalForm<'_> {
    fn into_content(self, identity: Identity) -> Content {
        let answer = |form: AnswerForm<'_>| Answer {
            question: form.question.into_owned(),
            text: form.text.into_owned(),
        };
        let document = |form: DocumentForm<'_>| AttachedDocument {
            file_name: form.file_name.map(Cow::into_owned),
            media_type: form.media_type.map(Cow::into_owned),
            bytes: form.bytes.into_owned().into_vec(),
        };
        Content {
            identity,
            answers: self.answers.into_iter().map(answer).collect(),
            documents: self.documents.into_iter().map(document).collect(),
        }
    }
}
