//! Bodies of the kind multipart/form-data (RFC 7578), as browsers and curl send files. Knows the form, not what the
//! parts are for.

use memchr::memmem;

/// Parts of one body; more is no form.
const MOST_PARTS: usize = 64;

/// One part of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// The name of the field.
    pub name: String,
    /// What the sender calls the file, if it is one.
    pub file_name: Option<String>,
    /// What the sender says that it is.
    pub media_type: Option<String>,
    /// The bytes.
    pub bytes: &'a [u8],
}

/// The boundary that a content type names; nothing if it is of another kind or names none.
pub(super) fn boundary(content_type: &str) -> Option<String> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, "boundary")?;
    (1..=70).contains(&boundary.len()).then_some(boundary)
}

/// Takes a body apart; nothing if it is cut off or malformed.
pub(super) fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let opening = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let between = memmem::Finder::new(between.as_bytes());
    // What stands before the first boundary is meant for nobody.
    let start = if body.starts_with(opening.as_bytes()) {
        opening.len()
    } else {
        between.find(body)? + opening.len() + 2
    };
    let mut rest = body.get(start..)?;
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        // White space may follow a boundary.
        let line = memmem::find(rest, b"\r\n")?;
        if !rest.get(..line)?.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            return None;
        }
        rest = rest.get(line..)?;
        let end = between.find(rest.get(2..)?).map(|end| end + 2);
        // A part without bytes ends where its headers do.
        let end = end?;
        parts.push(part(rest.get(2..end)?)?);
        if parts.len() > MOST_PARTS {
            return None;
        }
        rest = rest.get(end + opening.len() + 2..)?;
    }
}

fn part(bytes: &[u8]) -> Option<Part<'_>> {
    let head = memmem::find(bytes, b"\r\n\r\n")?;
    let headers = std::str::from_utf8(bytes.get(..head)?).ok()?;
    let mut part = Part {
        name: String::new(),
        file_name: None,
        media_type: None,
        bytes: bytes.get(head + 4..)?,
    };
    let mut named = false;
    for line in headers.split("\r\n") {
        let (header, value) = line.split_once(':')?;
        match header.trim().to_ascii_lowercase().as_str() {
            "content-disposition" => {
                let (kind, parameters) = value.split_once(';')?;
                if !kind.trim().eq_ignore_ascii_case("form-data") {
                    return None;
                }
                part.name = parameter(parameters, "name")?;
                part.file_name = parameter(parameters, "filename");
                named = true;
            }
            "content-type" => part.media_type = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    named.then_some(part)
}

/// A parameter of a header, quoted or not. A backslash stands before a quote or another backslash; elsewhere it is
/// itself, as in the paths that old browsers send.
fn parameter(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        let (name, after) = rest.split_once('=')?;
        let (value, after) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let (value, after) = after.split_once(';').unwrap_or((after, ""));
                (value.trim().to_owned(), after)
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = after;
    }
}

fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices().peekable();
    while let Some((place, c)) = characters.next() {
        match c {
            '"' => return Some((value, text.get(place + 1..)?)),
            '\\' => match characters.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                Some((_, next)) => value.push(next),
                None => value.push('\\'),
            },
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a test stops at what it did not expect")]

    use super::*;

    #[test]
    fn the_boundary_is_read_from_forms_only() {
        for (header, expected) in [
            ("multipart/form-data; boundary=ab", Some("ab")),
            ("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"", Some("a b")),
            ("multipart/form-data; boundary=", None),
            ("multipart/mixed; boundary=ab", None),
            ("application/json", None),
            ("multipart/form-data", None),
        ] {
            assert_eq!(boundary(header).as_deref(), expected, "{header}");
        }
    }

    #[test]
    fn a_body_is_taken_apart_byte_for_byte() {
        let body = b"preamble\r\n--ab\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a \\\"b\\\".txt\"\r\n\
            Content-Type: text/plain\r\n\r\nline\r\n--a\r\n\r\n--ab  \r\ncontent-disposition: form-data; name=to\r\n\r\n\
            \r\n--ab--\r\nepilogue";
        let parts = parts(body, "ab").unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].name, "document");
        assert_eq!(parts[0].file_name.as_deref(), Some("a \"b\".txt"));
        assert_eq!(parts[0].media_type.as_deref(), Some("text/plain"));
        assert_eq!(parts[0].bytes, b"line\r\n--a\r\n");
        assert_eq!((parts[1].name.as_str(), parts[1].bytes), ("to", &b""[..]));
    }

    #[test]
    fn a_body_that_is_cut_off_anywhere_is_refused() {
        let body = b"--ab\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nvalue\r\n--ab--";
        assert!(parts(body, "ab").is_some());
        for length in 0..body.len() {
            assert_eq!(parts(&body[..length], "ab"), None, "{length}");
        }
    }
}
