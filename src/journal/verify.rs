//! Reads every byte of a journal and checks it against the chain. Needs no key and no lock, and changes nothing, so it
//! can look at a journal that is in use, and at a copy anywhere.

use std::path::Path;

use super::error::{Flaw, JournalError};
use super::files::head_path;
use super::head::{FoundHead, read_head};
use super::recovery::{check_confirmed, is_torn_write};
use super::walk::Walk;

/// What a whole journal holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many segments.
    pub segments: u32,
    /// How many records.
    pub records: u64,
    /// How many bytes of segments.
    pub bytes: u64,
    /// Hash of the last record, which vouches for all before it; zeros in an empty journal.
    pub last_hash: [u8; 32],
    /// How many bytes stand at the end that were never confirmed: a write that goes on now, or was interrupted.
    /// The next start cuts them off.
    pub unconfirmed_bytes: u64,
    /// Whether a head said how far the journal was confirmed. Without one, the loss of whole batches at the very end
    /// cannot be seen.
    pub end_is_confirmed: bool,
}

/// Reads every byte of a journal and checks it against the chain. Stricter than opening one: an end that is cut off
/// inside a confirmed batch is an error here.
///
/// # Errors
/// [`JournalError`] with the first place that is not as it was written.
pub fn verify(folder: &Path) -> Result<Verified, JournalError> {
    let found = read_head(folder)?;
    if found == FoundHead::Damaged {
        return Err(JournalError::HeadDamaged { path: head_path(folder) });
    }
    let head = found.whole();
    let mut walk = Walk::begin(folder)?;
    let mut unconfirmed_bytes = 0;
    loop {
        match walk.next_batch() {
            Ok(Some(records)) => check_confirmed(&records, head)?,
            Ok(None) => break,
            Err(error) => {
                let here = (walk.reader().number(), walk.reader().offset());
                let is_confirmed = head.is_none_or(|head| here < (head.segment, head.end));
                if is_confirmed || !is_torn_write(&walk, head, &error)? {
                    return Err(error);
                }
                unconfirmed_bytes = walk.reader().length() - walk.reader().offset();
                break;
            }
        }
    }
    let reader = walk.reader();
    if let Some(head) = head
        && reader.chain().last() < head.last
    {
        return Err(reader.damaged(reader.offset(), Flaw::Shortened { confirmed: head.last }));
    }
    Ok(Verified {
        segments: reader.number(),
        records: reader.chain().last(),
        bytes: walk.passed_bytes(),
        last_hash: reader.chain().previous,
        unconfirmed_bytes,
        end_is_confirmed: head.is_some(),
    })
}
