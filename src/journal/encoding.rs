//! A record as bytes and back. Decoding checks lengths and hash; whether the record continues the chain is for the
//! reader to say.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::error::Flaw;
use super::record::{Draft, Position, Record};

/// What a record has beside its texts and body: length, sequence, time, previous hash, three text lengths, hash.
pub(super) const FIXED_BYTES: usize = 4 + 8 + 12 + 32 + 1 + 1 + 2 + 32;

/// Bytes of the length that a record begins with.
pub(super) const LENGTH_BYTES: usize = 4;

/// Where a chain of records stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chain {
    /// Number of the next record.
    pub next: u64,
    /// Hash of the last.
    pub previous: [u8; 32],
}

impl Chain {
    /// Before the first record.
    pub(super) const START: Chain = Chain { next: 1, previous: [0; 32] };

    /// Number of the last record.
    pub(super) fn last(&self) -> u64 {
        self.next.saturating_sub(1)
    }
}

/// How many bytes a draft will take as a record.
pub(super) fn encoded_bytes(draft: &Draft, actor: &str) -> usize {
    FIXED_BYTES
        + draft.organisation.as_str().len()
        + draft.kind.as_str().len()
        + actor.len()
        + draft.body.len()
}

/// Appends a draft to `bytes` as the next record of the chain, and moves the chain on. The record's position is
/// `at_offset`, counted from the start of its segment.
pub(super) fn encode(
    bytes: &mut Vec<u8>,
    chain: &mut Chain,
    draft: Draft,
    actor: String,
    at: Timestamp,
    position: Position,
) -> Record {
    let start = bytes.len();
    let length = encoded_bytes(&draft, &actor);
    let Draft { organisation, kind, body, .. } = draft;
    bytes.extend_from_slice(&(length as u32).to_be_bytes());
    bytes.extend_from_slice(&position.sequence.to_be_bytes());
    bytes.extend_from_slice(&at.as_second().to_be_bytes());
    bytes.extend_from_slice(&at.subsec_nanosecond().to_be_bytes());
    bytes.extend_from_slice(&chain.previous);
    bytes.push(organisation.as_str().len() as u8);
    bytes.extend_from_slice(organisation.as_str().as_bytes());
    bytes.push(kind.as_str().len() as u8);
    bytes.extend_from_slice(kind.as_str().as_bytes());
    bytes.extend_from_slice(&(actor.len() as u16).to_be_bytes());
    bytes.extend_from_slice(actor.as_bytes());
    bytes.extend_from_slice(&body);
    let hash = sha256(bytes.get(start..).unwrap_or_default());
    bytes.extend_from_slice(&hash);
    let previous = chain.previous;
    *chain = Chain { next: position.sequence + 1, previous: hash };
    Record { position, at, organisation, kind, actor, body, previous, hash }
}

/// The length that a record says it has, if a record can have it.
pub(super) fn declared_length(bytes: &[u8]) -> Option<usize> {
    let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
    (length >= FIXED_BYTES).then_some(length)
}

/// Reads the record that fills `bytes` exactly. `segment` and `offset` are where the bytes were found.
pub(super) fn decode(bytes: &[u8], segment: u32, offset: u64) -> Result<Record, Flaw> {
    let (covered, hash) = bytes.split_last_chunk::<32>().ok_or(Flaw::MalformedRecord)?;
    if sha256(covered) != *hash {
        return Err(Flaw::HashMismatch);
    }
    decode_fields(covered, bytes.len(), *hash, segment, offset).ok_or(Flaw::MalformedRecord)
}

fn decode_fields(
    covered: &[u8],
    length: usize,
    hash: [u8; 32],
    segment: u32,
    offset: u64,
) -> Option<Record> {
    let mut fields = Fields(covered);
    if u32::from_be_bytes(fields.array()?) as usize != length {
        return None;
    }
    let sequence = u64::from_be_bytes(fields.array()?);
    let seconds = i64::from_be_bytes(fields.array()?);
    let nanoseconds = i32::from_be_bytes(fields.array()?);
    let at = Timestamp::new(seconds, nanoseconds).ok()?;
    let previous = fields.array()?;
    let [organisation_length] = fields.array()?;
    let organisation = fields.text(organisation_length.into())?.parse().ok()?;
    let [kind_length] = fields.array()?;
    let kind = fields.text(kind_length.into())?.parse().ok()?;
    let actor_length = u16::from_be_bytes(fields.array()?);
    let actor = fields.text(actor_length.into())?.to_owned();
    let body = fields.0.to_vec();
    let position = Position { sequence, segment, offset };
    Some(Record { position, at, organisation, kind, actor, body, previous, hash })
}

/// Bytes of which the front is taken away.
pub(super) struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (front, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*front)
    }

    fn text(&mut self, length: usize) -> Option<&'a str> {
        let (front, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(front).ok()
    }
}

/// SHA-256 of bytes.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Actor;
    use crate::journal::RecordKind;

    fn draft(body: &[u8]) -> Draft {
        Draft {
            organisation: "walsall".parse().unwrap(),
            kind: RecordKind::new("noted"),
            actor: Actor::System,
            body: body.to_vec(),
        }
    }

    fn encoded(body: &[u8], at: Timestamp) -> (Vec<u8>, Record) {
        let mut bytes = Vec::new();
        let position = Position { sequence: 1, segment: 3, offset: 96 };
        let mut chain = Chain::START;
        let record = encode(&mut bytes, &mut chain, draft(body), "system".to_owned(), at, position);
        assert_eq!(chain, Chain { next: 2, previous: record.hash });
        (bytes, record)
    }

    #[test]
    fn a_record_read_back_is_the_same_to_the_nanosecond() {
        for at in
            ["2026-03-29T01:00:00.123456789Z", "1969-12-31T23:59:59.5Z", "0001-01-01T00:00:00Z"]
        {
            for body in [&b""[..], b"x", &[0; 5000]] {
                let (bytes, record) = encoded(body, at.parse().unwrap());
                assert_eq!(declared_length(&bytes), Some(bytes.len()));
                assert_eq!(decode(&bytes, 3, 96), Ok(record));
            }
        }
    }

    #[test]
    fn no_flipped_bit_and_no_missing_byte_is_overlooked() {
        let (bytes, _) = encoded(b"body", Timestamp::UNIX_EPOCH);
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&flipped, 3, 96).is_err(), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length], 3, 96).is_err(), "{length} bytes");
        }
    }
}
