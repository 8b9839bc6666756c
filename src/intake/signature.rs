//! Checks who signed a delivery and when, over the bytes as they came. Knows no scheme by name: header names, what
//! is signed and how it is written come from `rules/sources`. Takes the time as a parameter.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{DeliveryHeaders, DeliveryId, Secret};
use crate::rulebook::{Encoding, SignatureScheme, SignedPart};

/// Why a delivery is not believed. Names headers, never their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A header that the scheme needs is not there.
    #[error("the header {header} is missing")]
    Missing {
        /// Which.
        header: String,
    },
    /// A header is there and is not what the scheme says.
    #[error("the header {header} is not {expected}")]
    Malformed {
        /// Which.
        header: String,
        /// What was expected.
        expected: &'static str,
    },
    /// No signature fits any secret of the source.
    #[error(
        "no signature fits a secret of this source; sign the body byte for byte with the secret that was shown when the source was added"
    )]
    WrongSignature,
    /// Signed too long ago: a replay, or a slow clock.
    #[error(
        "the delivery was signed more than {tolerance_s} seconds ago; sign it again, and check the sender's clock"
    )]
    TooOld {
        /// The window.
        tolerance_s: u32,
    },
    /// Signed in the future: a fast clock.
    #[error(
        "the delivery is signed more than {tolerance_s} seconds in the future; check the sender's clock"
    )]
    TooNew {
        /// The window.
        tolerance_s: u32,
    },
}

impl SignatureError {
    /// A stable code for answers and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "signature_header_missing",
            Self::Malformed { .. } => "signature_header_malformed",
            Self::WrongSignature => "signature_wrong",
            Self::TooOld { .. } => "delivery_too_old",
            Self::TooNew { .. } => "delivery_too_new",
        }
    }
}

/// Base64 with padding or without: senders differ, and neither weakens a signature.
pub(super) const LENIENT: GeneralPurpose = GeneralPurpose::new(&STANDARD, UNPADDED_TOO);
const LENIENT_URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, UNPADDED_TOO);
const UNPADDED_TOO: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// More signatures in one request than any rotation needs are not tried.
const MOST_SIGNATURES: usize = 16;

/// Checks a delivery against every secret of its source, and names it.
///
/// The signature is checked before the window, so that only a holder of a secret learns about clocks. Every pair of
/// signature and secret is compared, each in constant time.
///
/// # Errors
/// [`SignatureError`]. A source without secrets accepts nothing, and answers as one whose secret does not fit.
pub fn verify(
    scheme: &SignatureScheme,
    secrets: &[Secret],
    headers: &DeliveryHeaders,
    body: &[u8],
    now: Timestamp,
) -> Result<DeliveryId, SignatureError> {
    let id = scheme.id_header.as_deref().map(|name| delivery_id(headers, name)).transpose()?;
    let signed_at =
        scheme.timestamp_header.as_deref().map(|name| seconds(headers, name)).transpose()?;
    let claimed = signatures(scheme, headers)?;
    let timestamp = signed_at.as_ref().map_or("", |(text, _)| text);
    let content = Content { id: id.as_ref().map_or("", DeliveryId::as_str), timestamp, body };

    let mut fits = subtle::Choice::from(0);
    for secret in secrets {
        let expected = content.mac(scheme, secret);
        for signature in &claimed {
            fits |= signature.as_slice().ct_eq(&expected);
        }
    }
    if !bool::from(fits) {
        return Err(SignatureError::WrongSignature);
    }
    if let Some((_, at)) = signed_at {
        check_window(scheme.tolerance_s, at, now)?;
    }
    Ok(id.unwrap_or_else(|| DeliveryId::from_body_sha256(&Sha256::digest(body))))
}

/// Signs a body as a sender does, and gives the headers to send with it: for our own senders and for tests.
pub fn sign(
    scheme: &SignatureScheme,
    secret: &Secret,
    id: &str,
    at: Timestamp,
    body: &[u8],
) -> DeliveryHeaders {
    let timestamp = at.as_second().to_string();
    let mac = Content { id, timestamp: &timestamp, body }.mac(scheme, secret);
    let entry = format!("{}{}", scheme.entry.prefix, encode(scheme.encoding, &mac));
    let id = scheme.id_header.as_deref().map(|name| (name, id));
    let timestamp = scheme.timestamp_header.as_deref().map(|name| (name, timestamp.as_str()));
    let signature = (scheme.signature_header.as_str(), entry.as_str());
    DeliveryHeaders::new(id.into_iter().chain(timestamp).chain([signature]))
}

/// What a signature is computed over.
struct Content<'a> {
    id: &'a str,
    timestamp: &'a str,
    body: &'a [u8],
}

impl Content<'_> {
    /// HMAC-SHA256 (RFC 2104) over the signed parts in order.
    fn mac(&self, scheme: &SignatureScheme, secret: &Secret) -> [u8; 32] {
        let mut mac = keyed(secret.key(scheme.secret));
        for part in &scheme.signed {
            mac.update(match part {
                SignedPart::Id => self.id.as_bytes(),
                SignedPart::Timestamp => self.timestamp.as_bytes(),
                SignedPart::Body => self.body,
                SignedPart::Literal(text) => text.as_bytes(),
            });
        }
        mac.finalize().into_bytes().into()
    }
}

#[expect(
    clippy::expect_used,
    reason = "HMAC takes a key of any length; the error type is shared with ciphers"
)]
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).expect("HMAC accepts a key of any length")
}

/// The one value of a header. A repeated header is refused: which of the two was signed cannot be told.
fn single<'a>(headers: &'a DeliveryHeaders, name: &'a str) -> Result<&'a str, SignatureError> {
    let mut values = headers.all(name);
    let Some(value) = values.next() else {
        return Err(SignatureError::Missing { header: name.to_owned() });
    };
    let text = std::str::from_utf8(value).ok().filter(|_| values.next().is_none());
    text.ok_or_else(|| malformed(name, "one line of text"))
}

fn malformed(header: &str, expected: &'static str) -> SignatureError {
    SignatureError::Malformed { header: header.to_owned(), expected }
}

fn delivery_id(headers: &DeliveryHeaders, name: &str) -> Result<DeliveryId, SignatureError> {
    DeliveryId::from_header(single(headers, name)?)
        .ok_or_else(|| malformed(name, "1 to 256 printable ASCII characters without spaces"))
}

/// The time of signing: the text that is signed, and what it says.
fn seconds(headers: &DeliveryHeaders, name: &str) -> Result<(String, i64), SignatureError> {
    let text = single(headers, name)?;
    let digits = (1..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let value = text.parse().ok().filter(|_| digits);
    let value = value.ok_or_else(|| malformed(name, "a number of seconds since 1970"))?;
    Ok((text.to_owned(), value))
}

/// Every signature of the version that the scheme knows; a sender may send several, and other versions too.
fn signatures(
    scheme: &SignatureScheme,
    headers: &DeliveryHeaders,
) -> Result<Vec<Vec<u8>>, SignatureError> {
    let name = scheme.signature_header.as_str();
    let mut found = Vec::new();
    let mut present = false;
    for value in headers.all(name) {
        present = true;
        let text = std::str::from_utf8(value).map_err(|_| malformed(name, "text"))?;
        let entries: Vec<&str> = match scheme.entry.separator {
            Some(separator) => text.split(separator).collect(),
            None => vec![text],
        };
        let ours = entries.iter().filter_map(|e| e.trim().strip_prefix(&scheme.entry.prefix));
        found.extend(ours.filter_map(|encoded| decode(scheme.encoding, encoded)));
    }
    found.truncate(MOST_SIGNATURES);
    match (present, found.is_empty()) {
        (false, _) => Err(SignatureError::Missing { header: name.to_owned() }),
        (true, true) => Err(malformed(name, "a signature of the kind that this source uses")),
        (true, false) => Ok(found),
    }
}

fn check_window(tolerance_s: u32, at: i64, now: Timestamp) -> Result<(), SignatureError> {
    let age_s = now.as_second().saturating_sub(at);
    if age_s > i64::from(tolerance_s) {
        Err(SignatureError::TooOld { tolerance_s })
    } else if age_s < -i64::from(tolerance_s) {
        Err(SignatureError::TooNew { tolerance_s })
    } else {
        Ok(())
    }
}

fn encode(encoding: Encoding, bytes: &[u8]) -> String {
    match encoding {
        Encoding::Base64 => LENIENT.encode(bytes),
        Encoding::Base64url => LENIENT_URL.encode(bytes),
        Encoding::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// The bytes of a signature, if they are as many as SHA-256 gives.
fn decode(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    let bytes = match encoding {
        Encoding::Base64 => LENIENT.decode(text).ok(),
        Encoding::Base64url => LENIENT_URL.decode(text).ok(),
        Encoding::Hex => decode_hex(text),
    };
    bytes.filter(|bytes| bytes.len() == 32)
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let pairs = digits?;
    pairs
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect()
}
