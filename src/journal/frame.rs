//! The frames around records: the header of a segment, the header of a batch, and the closing frame of a segment.
//! Each ends in a check that covers the frame and the hash that it continues. Does no I/O.

use jiff::Timestamp;

use super::encoding::{Chain, Fields, sha256};
use super::error::Flaw;

/// Bytes of a segment header.
pub(super) const SEGMENT_HEADER_BYTES: u64 = 96;
/// Bytes of a batch header or a closing frame.
pub(super) const FRAME_BYTES: usize = 64;
/// A batch fills a multiple of so many bytes, so that every disk sector that it touches holds at least as many of it.
pub(super) const ALIGNMENT: usize = 16;
/// What fills it up. Not zero, since zeros are how a sector reads that was never written.
pub(super) const PADDING: u8 = 0x5a;

const FORMAT: u32 = 1;
const SEGMENT_MAGIC: &[u8; 8] = b"EVENHAND";
/// How a batch header begins.
pub(super) const BATCH_MAGIC: &[u8; 8] = b"evhBATCH";
const CLOSING_MAGIC: &[u8; 8] = b"evhCLOSE";

/// The first bytes of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    /// Number of the segment, from 1.
    pub number: u32,
    /// Number of its first record, and the hash before it.
    pub chain: Chain,
    /// When it was begun, in milliseconds since 1970.
    pub created_ms: i64,
}

impl SegmentHeader {
    pub(super) fn new(number: u32, chain: Chain, created: Timestamp) -> Self {
        Self { number, chain, created_ms: created.as_millisecond() }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SEGMENT_HEADER_BYTES as usize);
        bytes.extend_from_slice(SEGMENT_MAGIC);
        bytes.extend_from_slice(&FORMAT.to_be_bytes());
        bytes.extend_from_slice(&self.number.to_be_bytes());
        bytes.extend_from_slice(&self.chain.next.to_be_bytes());
        bytes.extend_from_slice(&self.created_ms.to_be_bytes());
        bytes.extend_from_slice(&self.chain.previous);
        let check = sha256(&bytes);
        bytes.extend_from_slice(&check);
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Flaw> {
        let wrong = Flaw::Frame("segment header");
        let (covered, check) = bytes.split_last_chunk::<32>().ok_or(Flaw::EndsEarly)?;
        if sha256(covered) != *check {
            return Err(wrong);
        }
        let mut fields = Fields(covered);
        if fields.array::<8>() != Some(*SEGMENT_MAGIC) {
            return Err(wrong);
        }
        match fields.array().map(u32::from_be_bytes) {
            Some(FORMAT) => {}
            Some(format) => return Err(Flaw::UnknownFormat(format)),
            None => return Err(wrong),
        }
        let mut decode_rest = || {
            let number = u32::from_be_bytes(fields.array()?);
            let next = u64::from_be_bytes(fields.array()?);
            let created_ms = i64::from_be_bytes(fields.array()?);
            let previous = fields.array()?;
            Some(Self { number, chain: Chain { next, previous }, created_ms })
        };
        decode_rest().ok_or(wrong)
    }
}

/// What stands between records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// A batch of records follows.
    Batch {
        /// Bytes of its records.
        record_bytes: u64,
        /// Number of its first record.
        first: u64,
        /// How many records.
        count: u32,
    },
    /// The segment ends here.
    Closing {
        /// Where, which must be the frame's own offset.
        offset: u64,
        /// Number of the next record.
        next: u64,
        /// Number of the next segment.
        next_segment: u32,
    },
}

impl Frame {
    /// The frame's bytes, when `previous` is the hash of the last record before it.
    pub(super) fn encode(&self, previous: &[u8; 32]) -> [u8; FRAME_BYTES] {
        let (magic, first, second, third) = match *self {
            Frame::Batch { record_bytes, first, count } => {
                (BATCH_MAGIC, record_bytes, first, count)
            }
            Frame::Closing { offset, next, next_segment } => {
                (CLOSING_MAGIC, offset, next, next_segment)
            }
        };
        let mut bytes = Vec::with_capacity(FRAME_BYTES);
        bytes.extend_from_slice(magic);
        bytes.extend_from_slice(&first.to_be_bytes());
        bytes.extend_from_slice(&second.to_be_bytes());
        bytes.extend_from_slice(&third.to_be_bytes());
        bytes.extend_from_slice(&FORMAT.to_be_bytes());
        let check = check(&bytes, previous);
        bytes.extend_from_slice(&check);
        bytes.first_chunk().copied().unwrap_or([0; FRAME_BYTES])
    }

    /// Reads a frame that follows the record with hash `previous`.
    pub(super) fn decode(bytes: &[u8; FRAME_BYTES], previous: &[u8; 32]) -> Result<Self, Flaw> {
        let wrong = Flaw::Frame("batch header or closing frame");
        let (covered, stated) = bytes.split_last_chunk::<32>().ok_or(wrong)?;
        if check(covered, previous) != *stated {
            return Err(wrong);
        }
        let mut fields = Fields(covered);
        let magic: [u8; 8] = fields.array().ok_or(wrong)?;
        let first = fields.array().map(u64::from_be_bytes).ok_or(wrong)?;
        let second = fields.array().map(u64::from_be_bytes).ok_or(wrong)?;
        let third = fields.array().map(u32::from_be_bytes).ok_or(wrong)?;
        match &magic {
            BATCH_MAGIC => Ok(Frame::Batch { record_bytes: first, first: second, count: third }),
            CLOSING_MAGIC => {
                Ok(Frame::Closing { offset: first, next: second, next_segment: third })
            }
            _ => Err(wrong),
        }
    }
}

/// How many bytes of padding follow so many bytes of records.
pub(super) fn padding_after(record_bytes: u64) -> u64 {
    record_bytes.next_multiple_of(ALIGNMENT as u64) - record_bytes
}

fn check(covered: &[u8], previous: &[u8; 32]) -> [u8; 32] {
    let mut bytes = covered.to_vec();
    bytes.extend_from_slice(previous);
    sha256(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_header_read_back_is_the_same_and_no_flipped_bit_is_overlooked() {
        let header = SegmentHeader {
            number: 7,
            chain: Chain { next: 1001, previous: [9; 32] },
            created_ms: -5,
        };
        let bytes = header.encode();
        assert_eq!(bytes.len() as u64, SEGMENT_HEADER_BYTES);
        assert_eq!(SegmentHeader::decode(&bytes), Ok(header));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(SegmentHeader::decode(&flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_frame_read_back_is_the_same_and_fits_only_the_hash_that_it_continues() {
        for frame in [
            Frame::Batch { record_bytes: 130, first: 5, count: 2 },
            Frame::Closing { offset: 4096, next: 7, next_segment: 2 },
        ] {
            let bytes = frame.encode(&[3; 32]);
            assert_eq!(Frame::decode(&bytes, &[3; 32]), Ok(frame));
            assert!(Frame::decode(&bytes, &[4; 32]).is_err());
            for bit in 0..bytes.len() * 8 {
                let mut flipped = bytes;
                flipped[bit / 8] ^= 1 << (bit % 8);
                assert!(Frame::decode(&flipped, &[3; 32]).is_err(), "bit {bit}");
            }
        }
    }
}
