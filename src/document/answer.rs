//! A read document as bytes, for the pipe between the program and the child process that reads documents for it. This
//! is the only form in which a document's words leave memory here; it is written to no file and kept nowhere.

use serde::{Deserialize, Serialize};

use super::{
    DocumentProblem, DocumentText, HiddenPlace, HiddenText, PagePlace, Segment, SourcePart,
};

/// Every code that a problem may have; an answer names one of these.
const CODES: [&str; 35] = [
    "attachments_left_out",
    "bad_answer",
    "concealed_text",
    "covered_text",
    "damaged",
    "damaged_characters",
    "damaged_pages",
    "dynamic_form",
    "embedded_left_out",
    "empty",
    "forbidden_declaration",
    "form_data",
    "hidden_text_cut",
    "less_text_than_expected",
    "macros_left_out",
    "mostly_pictures",
    "nested_too_deep",
    "no_text",
    "password_protected",
    "pictures_left_out",
    "reader_stopped",
    "reader_unavailable",
    "recognised_text",
    "repaired",
    "too_complex",
    "too_large",
    "too_long",
    "too_many_attachments",
    "too_many_entries",
    "too_many_pages",
    "took_too_long",
    "truncated",
    "unpacks_too_large",
    "unreadable_format",
    "unreadable_part",
];

/// First in every answer, so that an answer of another release is not taken for one of this.
const MARK: u32 = 0x4556_4401;

const PLACES: [HiddenPlace; 7] = [
    HiddenPlace::Title,
    HiddenPlace::Link,
    HiddenPlace::AltText,
    HiddenPlace::Comment,
    HiddenPlace::Metadata,
    HiddenPlace::Concealed,
    HiddenPlace::FileName,
];

#[derive(Serialize, Deserialize)]
struct Answer {
    mark: u32,
    text: String,
    /// Code, message, and whether it withholds.
    problems: Vec<(String, String, bool)>,
    /// Number of the place, and what stands there.
    hidden: Vec<(usize, String)>,
    /// Start and end in the text, start and end in the source, segment after segment.
    segments: Vec<usize>,
    /// Name, first segment, end.
    parts: Vec<(String, usize, usize)>,
    /// Page, left, bottom, right and top of each segment, for documents that have pages.
    places: Vec<(usize, i32, i32, i32, i32)>,
}

/// An answer that cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer about a document is not complete")]
pub struct BadAnswer;

/// Writes a document for the pipe.
///
/// # Errors
/// [`BadAnswer`] when the encoder fails, which memory alone can cause.
pub fn encode(document: DocumentText) -> Result<Vec<u8>, BadAnswer> {
    let DocumentText { text, problems, hidden, segments, parts, places } = document;
    let answer = Answer {
        mark: MARK,
        text,
        problems: problems
            .into_iter()
            .map(|problem| (problem.code.to_owned(), problem.message, problem.withholds))
            .collect(),
        hidden: hidden
            .into_iter()
            .map(|found| {
                let place = PLACES.iter().position(|place| *place == found.place);
                (place.unwrap_or(PLACES.len()), found.text)
            })
            .collect(),
        segments: segments
            .into_iter()
            .flat_map(|s| [s.text.start, s.text.end, s.source.start, s.source.end])
            .collect(),
        parts: parts
            .into_iter()
            .map(|part| (part.name, part.segments.start, part.segments.end))
            .collect(),
        places: places
            .into_iter()
            .map(|place| (place.page, place.left, place.bottom, place.right, place.top))
            .collect(),
    };
    let mut bytes = Vec::new();
    ciborium::into_writer(&answer, &mut bytes).map_err(|_| BadAnswer)?;
    Ok(bytes)
}

/// Reads a document from the pipe. The other side has handled hostile bytes, so nothing it says is taken on trust:
/// ranges lie inside the text, and codes are known.
///
/// # Errors
/// [`BadAnswer`] when the bytes are not a whole answer.
pub fn decode(bytes: &[u8]) -> Result<DocumentText, BadAnswer> {
    let answer: Answer = ciborium::from_reader(bytes).map_err(|_| BadAnswer)?;
    if answer.mark != MARK {
        return Err(BadAnswer);
    }
    let characters = answer.text.chars().count();
    let mut segments = Vec::with_capacity(answer.segments.len() / 4);
    for numbers in answer.segments.chunks(4) {
        let [from, to, source_from, source_to] = *numbers else { return Err(BadAnswer) };
        if from > to || to > characters || source_from > source_to {
            return Err(BadAnswer);
        }
        segments.push(Segment { text: from..to, source: source_from..source_to });
    }
    let mut parts = Vec::with_capacity(answer.parts.len());
    for (name, from, to) in answer.parts {
        if from > to || to > segments.len() {
            return Err(BadAnswer);
        }
        parts.push(SourcePart { name, segments: from..to });
    }
    let mut hidden = Vec::with_capacity(answer.hidden.len());
    for (place, text) in answer.hidden {
        hidden.push(HiddenText { place: *PLACES.get(place).ok_or(BadAnswer)?, text });
    }
    let mut problems = Vec::with_capacity(answer.problems.len());
    for (code, message, withholds) in answer.problems {
        let code = CODES.into_iter().find(|known| *known == code).ok_or(BadAnswer)?;
        problems.push(DocumentProblem { code, message, withholds });
    }
    if !answer.places.is_empty() && answer.places.len() != segments.len() {
        return Err(BadAnswer);
    }
    let place = |(page, left, bottom, right, top)| PagePlace { page, left, bottom, right, top };
    let places = answer.places.into_iter().map(place).collect();
    Ok(DocumentText { text: answer.text, problems, hidden, segments, parts, places })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> DocumentText {
        DocumentText {
            text: "Siân".to_owned(),
            problems: vec![DocumentProblem::mostly_pictures()],
            hidden: PLACES
                .into_iter()
                .map(|place| HiddenText { place, text: "x".to_owned() })
                .collect(),
            segments: vec![Segment { text: 0..4, source: 10..15 }],
            parts: vec![SourcePart { name: "word/document.xml".to_owned(), segments: 0..1 }],
            places: vec![PagePlace { page: 1, left: -5, bottom: 0, right: 700, top: 1200 }],
        }
    }

    #[test]
    fn a_document_comes_back_as_it_went() {
        let bytes = encode(document()).unwrap();
        assert_eq!(decode(&bytes), Ok(document()));
        for cut in 0..bytes.len() {
            assert_eq!(decode(&bytes[..cut]), Err(BadAnswer));
        }
    }

    #[test]
    fn an_answer_with_a_range_outside_the_text_is_refused() {
        let mut wrong = document();
        wrong.segments[0].text = 2..9;
        assert_eq!(decode(&encode(wrong).unwrap()), Err(BadAnswer));
        let mut wrong = document();
        wrong.parts[0].segments = 0..7;
        assert_eq!(decode(&encode(wrong).unwrap()), Err(BadAnswer));
        let mut wrong = document();
        wrong.places.push(wrong.places[0]);
        assert_eq!(decode(&encode(wrong).unwrap()), Err(BadAnswer));
    }

    /// A code that is missing from the table would turn a document into an unreadable answer.
    #[test]
    fn every_code_that_a_reader_gives_is_in_the_table() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/document");
        let mut pending = vec![root];
        let mut seen = 0;
        while let Some(folder) = pending.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                    continue;
                }
                if path.ends_with("answer.rs") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for start in ["::withhold(", "::note(", "code:"] {
                    for rest in text.split(start).skip(1) {
                        let Some(code) = rest.trim_start().strip_prefix('"') else { continue };
                        let code = code.split('"').next().unwrap();
                        assert!(CODES.contains(&code), "{} in {}", code, path.display());
                        seen += 1;
                    }
                }
            }
        }
        assert!(seen > 15, "only {seen} codes were found in the source");
    }
}
