//! How a sender signs: header names, what is signed, and how the result is written. Holds no key and computes
//! nothing.

use serde::Deserialize;

/// A way of signing deliveries with HMAC-SHA256 and a shared secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureScheme {
    /// The header that holds the delivery's id. Without one, the SHA-256 of the body stands for it.
    pub id_header: Option<String>,
    /// The header that holds the time of signing, in seconds since 1970. Without one there is no window, and only
    /// the delivery's id protects against replay.
    pub timestamp_header: Option<String>,
    /// The header that holds the signature or signatures.
    pub signature_header: String,
    /// What stands around one signature in its header.
    pub entry: EntryTemplate,
    /// How the bytes of a signature are written.
    pub encoding: Encoding,
    /// What is signed, in order.
    pub signed: Vec<SignedPart>,
    /// How far the time of signing may be from ours, either way, in seconds.
    pub tolerance_s: u32,
    /// How the shared secret is written.
    pub secret: SecretForm,
}

/// What stands around a signature: `v1,{signature}` or `sha256={signature}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryTemplate {
    /// What comes before.
    pub prefix: String,
    /// Between several signatures in one header; `None` when there is only ever one.
    pub separator: Option<char>,
}

/// How bytes are written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Base64 with `+` and `/`, padded or not.
    Base64,
    /// Base64 with `-` and `_`, padded or not.
    Base64url,
    /// Hexadecimal, capitals or not.
    Hex,
}

/// How a shared secret is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretForm {
    /// `whsec_` and the base64 of 24 to 64 bytes; the bytes are the key.
    Whsec,
    /// Any text of 16 to 256 characters; its UTF-8 bytes are the key.
    Text,
}

/// One part of what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedPart {
    /// The delivery's id.
    Id,
    /// The time of signing, as its header has it.
    Timestamp,
    /// The body, byte for byte.
    Body,
    /// A fixed text.
    Literal(String),
}

/// The table `[signature]` of a source file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemeTable {
    id_header: Option<String>,
    timestamp_header: Option<String>,
    signature_header: String,
    entry: String,
    separator: Option<char>,
    encoding: Encoding,
    signed: String,
    #[serde(default)]
    tolerance_s: Option<u32>,
    secret: SecretForm,
}

impl SchemeTable {
    /// The scheme, when its parts fit together: whatever guards against replay must itself be signed.
    pub(super) fn checked(self) -> Result<SignatureScheme, String> {
        let signed = signed_parts(&self.signed)?;
        let covers = |part: &SignedPart| signed.contains(part);
        if !covers(&SignedPart::Body) {
            return Err("signature.signed must contain {body}".to_owned());
        }
        for (header, part, name) in [
            (&self.id_header, SignedPart::Id, "id"),
            (&self.timestamp_header, SignedPart::Timestamp, "timestamp"),
        ] {
            if header.is_some() != covers(&part) {
                return Err(format!(
                    "signature.{name}_header and {{{name}}} in signature.signed need each other: what is \
                     not signed can be changed by whoever replays a delivery"
                ));
            }
        }
        if self.timestamp_header.is_some() != self.tolerance_s.is_some() {
            return Err(
                "signature.timestamp_header and signature.tolerance_s need each other".to_owned()
            );
        }
        let Some((prefix, "")) = self.entry.split_once("{signature}") else {
            return Err("signature.entry must end in {signature}".to_owned());
        };
        let entry = EntryTemplate { prefix: prefix.to_owned(), separator: self.separator };
        Ok(SignatureScheme {
            id_header: self.id_header.map(|name| name.to_ascii_lowercase()),
            timestamp_header: self.timestamp_header.map(|name| name.to_ascii_lowercase()),
            signature_header: self.signature_header.to_ascii_lowercase(),
            entry,
            encoding: self.encoding,
            signed,
            tolerance_s: self.tolerance_s.unwrap_or_default(),
            secret: self.secret,
        })
    }
}

fn signed_parts(template: &str) -> Result<Vec<SignedPart>, String> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        if !literal.is_empty() {
            parts.push(SignedPart::Literal(literal.to_owned()));
        }
        let Some((name, after)) = after.split_once('}') else {
            return Err(format!("signature.signed: '{{{after}' has no closing brace"));
        };
        parts.push(match name {
            "id" => SignedPart::Id,
            "timestamp" => SignedPart::Timestamp,
            "body" => SignedPart::Body,
            other => {
                return Err(format!(
                    "signature.signed: {{{other}}} is not one of {{id}}, {{timestamp}}, {{body}}"
                ));
            }
        });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(SignedPart::Literal(rest.to_owned()));
    }
    Ok(parts)
}
