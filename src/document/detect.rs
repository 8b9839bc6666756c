//! Which format a document is in, by its content. Looks at the first bytes and at a few names inside containers;
//! does not read documents.

/// A document format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
    /// A web page.
    Html,
    /// PDF.
    Pdf,
    /// Word since 2007.
    Docx,
    /// OpenDocument text.
    Odt,
    /// Rich text.
    Rtf,
    /// An e-mail message with its headers in MIME.
    Eml,
    /// Word before 2007 and other compound files.
    Doc,
    /// A picture.
    Image,
    /// A spreadsheet or presentation.
    Office,
    /// A compressed archive.
    Archive,
    /// Anything else.
    Unknown,
}

impl Format {
    /// What the format is called, with its article.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "plain text",
            Self::Html => "a web page (HTML)",
            Self::Pdf => "a PDF",
            Self::Docx => "a Word document (DOCX)",
            Self::Odt => "an OpenDocument text (ODT)",
            Self::Rtf => "a rich text document (RTF)",
            Self::Eml => "a saved e-mail (EML)",
            Self::Doc => "an old Word document (DOC)",
            Self::Image => "a picture or scan",
            Self::Office => "a spreadsheet or presentation",
            Self::Archive => "a compressed archive",
            Self::Unknown => "in a format that is not known",
        }
    }

    /// What to ask for in its place.
    pub const fn instead(self) -> &'static str {
        match self {
            Self::Image => {
                "the words themselves, as text or typed into the form: a picture has no text to check"
            }
            Self::Archive => "the files in it one by one, as plain text or HTML",
            _ => "the same document saved as plain text or HTML, or pasted into the form",
        }
    }
}

/// Decides the format.
pub fn detect(bytes: &[u8], claimed: Option<&str>) -> Format {
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    if let Some(format) = by_signature(bytes, start) {
        return format;
    }
    if is_utf16(start) {
        return Format::Text;
    }
    if !looks_like_text(bytes) {
        return Format::Unknown;
    }
    let lower = String::from_utf8_lossy(start).to_ascii_lowercase();
    let head = lower.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    if is_html(head)
        || claimed.is_some_and(|claimed| claimed.starts_with("text/html")) && head.contains('<')
    {
        return Format::Html;
    }
    if claimed.is_some_and(|claimed| claimed.starts_with("message/rfc822")) || is_mime(head) {
        return Format::Eml;
    }
    Format::Text
}

fn by_signature(bytes: &[u8], start: &[u8]) -> Option<Format> {
    // Some programs put a few bytes before the PDF header; readers allow 1024.
    if find(start, b"%PDF-").is_some() {
        return Some(Format::Pdf);
    }
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        return Some(by_container(bytes));
    }
    let known: [(&[u8], Format); 14] = [
        (b"{\\rtf", Format::Rtf),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Doc),
        (b"\x89PNG", Format::Image),
        (b"\xff\xd8\xff", Format::Image),
        (b"GIF8", Format::Image),
        (b"II*\0", Format::Image),
        (b"MM\0*", Format::Image),
        (b"BM", Format::Image),
        (b"RIFF", Format::Image),
        (b"\0\0\0\x18ftyphei", Format::Image),
        (b"\x1f\x8b", Format::Archive),
        (b"Rar!", Format::Archive),
        (b"7z\xbc\xaf", Format::Archive),
        (b"BZh", Format::Archive),
    ];
    let (signature, format) =
        known.into_iter().find(|(signature, _)| start.starts_with(signature))?;
    // Two letters are too few to call a text a picture.
    (signature.len() > 2 || !looks_like_text(bytes)).then_some(format)
}

fn by_container(bytes: &[u8]) -> Format {
    let names: [(&[u8], Format); 5] = [
        (b"word/document", Format::Docx),
        (b"application/vnd.oasis.opendocument.text", Format::Odt),
        (b"xl/workbook", Format::Office),
        (b"ppt/presentation", Format::Office),
        (b"application/vnd.oasis.opendocument", Format::Office),
    ];
    names
        .into_iter()
        .find(|(name, _)| find(bytes, name).is_some())
        .map_or(Format::Archive, |(_, format)| format)
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, needle)
}

/// UTF-16 is taken for text only with its byte order mark.
pub(super) fn is_utf16(start: &[u8]) -> bool {
    start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff")
}

/// Text has no zero bytes and hardly any control characters.
fn looks_like_text(bytes: &[u8]) -> bool {
    let sample = bytes.get(..bytes.len().min(65536)).unwrap_or_default();
    let control = sample
        .iter()
        .filter(|b| **b < 0x20 && !matches!(b, b'\n' | b'\r' | b'\t' | 0x0b | 0x0c | 0x1b))
        .count();
    !sample.contains(&0) && control * 100 <= sample.len()
}

fn is_html(head: &str) -> bool {
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || head.starts_with("<!--") && head.contains("<html")
        || head.starts_with("<?xml") && head.contains("<html")
        || head.starts_with('<')
            && ["<body", "<div", "<p>", "<p ", "<table", "<h1", "<head", "<span", "<section", "<ul"]
                .iter()
                .any(|tag| head.contains(tag))
}

/// Headers that only a stored message has; forwarded text has "From:" too, and is plain text.
fn is_mime(head: &str) -> bool {
    head.contains("\nmime-version:") && head.contains("\ncontent-type:")
        || head.starts_with("return-path:")
        || head.starts_with("received: from")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_and_the_claim_only_settles_doubt() {
        for (bytes, claimed, format) in [
            (&b"%PDF-1.7 x"[..], Some("text/plain"), Format::Pdf),
            (b"PK\x03\x04....word/document.xml", None, Format::Docx),
            (b"PK\x03\x04....x", None, Format::Archive),
            (b"{\\rtf1", None, Format::Rtf),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Some("text/plain"), Format::Doc),
            (b"\x89PNG\r\n", None, Format::Image),
            (b"\xff\xfeh\0i\0", None, Format::Text),
            (b"<!DOCTYPE html><p>x", Some("text/plain"), Format::Html),
            (b"Dear <b>you</b>", Some("text/html"), Format::Html),
            (b"Dear you", Some("application/pdf"), Format::Text),
            (b"BMX club secretary since 2019", None, Format::Text),
            (b"\x00\x01\x02\x03", None, Format::Unknown),
            (b"From: a\nMIME-Version: 1.0\nContent-Type: text/plain\n", None, Format::Eml),
        ] {
            assert_eq!(detect(bytes, claimed), format, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
