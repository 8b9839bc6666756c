//! The headers of a delivery, and its id. Keeps values as they came; what they mean is `signature`'s business.

use std::fmt;

/// The headers of one delivery, names in lower case. `Debug` shows names only: a header may hold a credential.
#[derive(Clone, Default)]
pub struct DeliveryHeaders(Vec<(String, Vec<u8>)>);

impl DeliveryHeaders {
    /// All headers of a request, repeated ones as often as they came.
    pub fn new<N: AsRef<str>, V: AsRef<[u8]>>(headers: impl IntoIterator<Item = (N, V)>) -> Self {
        let lower = |name: &str| name.to_ascii_lowercase();
        Self(
            headers
                .into_iter()
                .map(|(name, value)| (lower(name.as_ref()), value.as_ref().to_vec()))
                .collect(),
        )
    }

    /// Every header in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// Every value of a header whose name is given in lower case.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.iter().filter(move |(found, _)| *found == name).map(|(_, value)| value)
    }
}

impl fmt::Debug for DeliveryHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// What a delivery is called, so that the same one is not applied twice: up to 256 printable ASCII characters
/// that the sender chose and signed, or the SHA-256 of the body.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeliveryId(String);

impl DeliveryId {
    /// The id of a header's text, if it is one.
    pub(super) fn from_header(text: &str) -> Option<Self> {
        let fits = (1..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// The id of a delivery whose sender gives none.
    pub(super) fn from_body_sha256(digest: &[u8]) -> Self {
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("sha256:{hex}"))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
