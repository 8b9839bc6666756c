//! What an ATS knows of the person behind an application. Held in clear only on its way to the vault and the
//! redaction engine, so it can be read from outside data but never written, shown or logged.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer};

/// Identity fields as an ATS sends them. Any may be missing, partial, or spelt otherwise than in the documents.
///
/// ```
/// let identity: evenhand::domain::Identity = serde_json::from_str(
///     r#"{"given_names": "Preet", "family_name": "Sahota", "email": ["preet@example.com"], "phone": "07700 900142"}"#,
/// )?;
/// assert_eq!(identity.email, ["preet@example.com"]);
/// assert_eq!(format!("{identity:?}"), "Identity(4 fields withheld)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// Mr, Mrs, Dr, ...
    #[serde(deserialize_with = "text")]
    pub title: Option<String>,
    /// The whole name, from systems that keep it in one field.
    #[serde(alias = "name", deserialize_with = "text")]
    pub full_name: Option<String>,
    /// First and middle names.
    #[serde(alias = "given_name", alias = "first_name", deserialize_with = "text")]
    pub given_names: Option<String>,
    /// Surname or surnames.
    #[serde(alias = "surname", alias = "last_name", deserialize_with = "text")]
    pub family_name: Option<String>,
    /// The name used every day.
    #[serde(alias = "preferred_name", deserialize_with = "text")]
    pub known_as: Option<String>,
    /// Former, maiden and married names.
    #[serde(deserialize_with = "text_or_list")]
    pub previous_names: Vec<String>,
    /// E-mail addresses.
    #[serde(alias = "emails", deserialize_with = "text_or_list")]
    pub email: Vec<String>,
    /// Telephone numbers.
    #[serde(alias = "phones", deserialize_with = "text_or_list")]
    pub phone: Vec<String>,
    /// Lines of the postal address.
    #[serde(deserialize_with = "text_or_list")]
    pub address: Vec<String>,
    /// Postcode.
    #[serde(deserialize_with = "text")]
    pub postcode: Option<String>,
    /// Date of birth, ISO 8601 where the ATS keeps to it.
    #[serde(deserialize_with = "text")]
    pub date_of_birth: Option<String>,
    /// National Insurance number.
    #[serde(deserialize_with = "text")]
    pub ni_number: Option<String>,
    /// Personal sites and profiles.
    #[serde(alias = "url", deserialize_with = "text_or_list")]
    pub urls: Vec<String>,
    /// User names and social media handles.
    #[serde(alias = "username", deserialize_with = "text_or_list")]
    pub usernames: Vec<String>,
    /// Numbers under any other field name, e.g. an employee number: whatever the sender adds identifies somebody.
    #[serde(flatten, deserialize_with = "other_numbers")]
    pub other_numbers: Vec<String>,
}

impl Identity {
    /// Every value with the name of its field, in a fixed order.
    pub fn fields(&self) -> Vec<(&'static str, &str)> {
        let single = [
            ("title", &self.title),
            ("full_name", &self.full_name),
            ("given_names", &self.given_names),
            ("family_name", &self.family_name),
            ("known_as", &self.known_as),
            ("postcode", &self.postcode),
            ("date_of_birth", &self.date_of_birth),
            ("ni_number", &self.ni_number),
        ];
        let lists = [
            ("previous_names", &self.previous_names),
            ("email", &self.email),
            ("phone", &self.phone),
            ("address", &self.address),
            ("urls", &self.urls),
            ("usernames", &self.usernames),
            ("other_numbers", &self.other_numbers),
        ];
        single
            .into_iter()
            .filter_map(|(field, value)| value.as_deref().map(|value| (field, value)))
            .chain(
                lists
                    .into_iter()
                    .flat_map(|(field, values)| values.iter().map(move |v| (field, v.as_str()))),
            )
            .collect()
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.fields().is_empty()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({} fields withheld)", self.fields().len())
    }
}

/// Values of fields that this type does not name, as far as they are numbers of four digits or more. Words are left
/// alone: a country or a category would be removed from everywhere.
fn other_numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let fields = BTreeMap::<String, serde_json::Value>::deserialize(deserializer)?;
    let texts = fields.into_values().filter_map(|value| match value {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    Ok(texts.filter(|text| text.chars().filter(char::is_ascii_digit).count() >= 4).collect())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrList {
    Text(String),
    List(Vec<Option<String>>),
    Nothing(()),
}

/// Accepts a text, a list of texts, or null; empty texts count as missing.
fn text_or_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let values = match TextOrList::deserialize(deserializer)? {
        TextOrList::Text(text) => vec![text],
        TextOrList::List(list) => list.into_iter().flatten().collect(),
        TextOrList::Nothing(()) => vec![],
    };
    Ok(values.into_iter().filter(|value| !value.trim().is_empty()).collect())
}

/// Accepts a text, a list (joined with spaces), or null; an empty text counts as missing.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let values = text_or_list(deserializer)?;
    Ok(if values.is_empty() { None } else { Some(values.join(" ")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_other_names_are_kept_when_they_are_numbers() {
        let identity: Identity = serde_json::from_str(
            r#"{"surname": "Uppal", "employee_number": "WM-30118846", "payroll": 40027,
                "nationality": "British", "phone": null, "address": ["1 Elm Row", ""]}"#,
        )
        .unwrap();
        assert_eq!(
            identity.fields(),
            [
                ("family_name", "Uppal"),
                ("address", "1 Elm Row"),
                ("other_numbers", "WM-30118846"),
                ("other_numbers", "40027"),
            ]
        );
    }
}
