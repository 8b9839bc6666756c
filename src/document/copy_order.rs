//! An order for a copy with its layout kept, and its answer, as bytes for the pipe between the program and the child
//! process that makes the copy. Both sides check what they are given.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::{BadAnswer, KeptLayout, Replacement};

/// First in every order and answer, so that one of another release is not taken for one of this.
const MARK: u32 = 0x4556_4c01;

/// What is to be copied, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyOrder {
    /// The document as it came.
    pub document: Vec<u8>,
    /// What stands for its passages, in order.
    pub replacements: Vec<Replacement>,
    /// The copy's title.
    pub title: String,
    /// The copy's language, as a BCP 47 tag.
    pub language: String,
}

#[derive(Serialize, Deserialize)]
struct Order {
    mark: u32,
    document: ByteBuf,
    replacements: Vec<(usize, usize, String)>,
    title: String,
    language: String,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    mark: u32,
    /// The copy, and its layout without words.
    kept: Option<(ByteBuf, ByteBuf)>,
}

fn written(value: &impl Serialize) -> Result<Vec<u8>, BadAnswer> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|_| BadAnswer)?;
    Ok(bytes)
}

impl CopyOrder {
    /// Writes it for the pipe.
    ///
    /// # Errors
    /// [`BadAnswer`] when the encoder fails, which memory alone can cause.
    pub fn encode(self) -> Result<Vec<u8>, BadAnswer> {
        let range = |one: Replacement| (one.characters.start, one.characters.end, one.words);
        written(&Order {
            mark: MARK,
            document: ByteBuf::from(self.document),
            replacements: self.replacements.into_iter().map(range).collect(),
            title: self.title,
            language: self.language,
        })
    }

    /// Reads it from the pipe.
    ///
    /// # Errors
    /// [`BadAnswer`] when the bytes are not a whole order.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadAnswer> {
        let order: Order = ciborium::from_reader(bytes).map_err(|_| BadAnswer)?;
        if order.mark != MARK {
            return Err(BadAnswer);
        }
        let one = |(start, end, words)| Replacement { characters: start..end, words };
        Ok(Self {
            document: order.document.into_vec(),
            replacements: order.replacements.into_iter().map(one).collect(),
            title: order.title,
            language: order.language,
        })
    }
}

/// Writes what became of an order for the pipe.
///
/// # Errors
/// [`BadAnswer`] when the encoder fails, which memory alone can cause.
pub fn encode_copy(kept: Option<KeptLayout>) -> Result<Vec<u8>, BadAnswer> {
    let kept = kept.map(|kept| (ByteBuf::from(kept.file), ByteBuf::from(kept.blank)));
    written(&Answer { mark: MARK, kept })
}

/// Reads what became of an order from the pipe.
///
/// # Errors
/// [`BadAnswer`] when the bytes are not a whole answer.
pub fn decode_copy(bytes: &[u8]) -> Result<Option<KeptLayout>, BadAnswer> {
    let answer: Answer = ciborium::from_reader(bytes).map_err(|_| BadAnswer)?;
    if answer.mark != MARK {
        return Err(BadAnswer);
    }
    let kept = |(file, blank): (ByteBuf, ByteBuf)| KeptLayout {
        file: file.into_vec(),
        blank: blank.into_vec(),
    };
    Ok(answer.kept.map(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_and_its_answer_come_back_as_they_went() {
        let order = CopyOrder {
            document: vec![1, 2, 3],
            replacements: vec![Replacement { characters: 4..9, words: "[NAME]".to_owned() }],
            title: "Application".to_owned(),
            language: "en-GB".to_owned(),
        };
        let bytes = order.clone().encode().unwrap();
        assert_eq!(CopyOrder::decode(&bytes), Ok(order));
        assert_eq!(CopyOrder::decode(&bytes[..bytes.len() - 1]), Err(BadAnswer));
        for kept in [None, Some(KeptLayout { file: vec![1], blank: vec![2] })] {
            let bytes = encode_copy(kept.clone()).unwrap();
            assert_eq!(decode_copy(&bytes), Ok(kept));
            assert_eq!(decode_copy(&bytes[1..]), Err(BadAnswer));
        }
    }
}
