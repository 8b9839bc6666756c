//! Which format a document is in, by its content. Looks at the first bytes and at a few names inside containers;
//! does not read documents.

use super::archive::Archive;

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
    /// An office document locked with a password.
    Locked,
    /// A message saved by Outlook.
    Msg,
    /// A document of Apple Pages.
    Pages,
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
            Self::Locked => "an office document locked with a password",
            Self::Msg => "a message saved by Outlook (MSG)",
            Self::Pages => "a Pages document",
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
            Self::Archive => "the files in it one by one",
            Self::Locked => "a copy without a password",
            Self::Msg => "the message forwarded, or its text pasted into the form",
            Self::Pages | Self::Doc => {
                "the same document saved as Word (DOCX), OpenDocument or PDF: most programs do that under \"Save as\" or \"Export\""
            }
            _ => {
                "the same document saved as Word (DOCX), PDF or plain text, or pasted into the form"
            }
        }
    }
}

/// Decides the format.
pub fn detect(bytes: &[u8], claimed: Option<&str>) -> Format {
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    if let Some(format) = by_signature(bytes, start) {
        return format;
    }
    if utf16(bytes).is_some() {
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
    // Flat OpenDocument is one XML file; any other is made for programs, and nobody's text.
    if head.starts_with("<?xml") || head.starts_with("<office:document") {
        let is_odt = head.contains("<office:document")
            && (head.contains("opendocument.text") || head.contains("office:document "));
        return if is_odt { Format::Odt } else { Format::Unknown };
    }
    Format::Text
}

fn by_signature(bytes: &[u8], start: &[u8]) -> Option<Format> {
    // Some programs put a few bytes before the PDF header; readers allow 1024.
    if find(start, b"%PDF-").is_some() {
        return Some(Format::Pdf);
    }
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Some(by_compound(bytes));
    }
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        return Some(by_container(bytes));
    }
    let known: [(&[u8], Format); 13] = [
        (b"{\\rtf", Format::Rtf),
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

/// Compound files name their streams in UTF-16.
fn by_compound(bytes: &[u8]) -> Format {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(bytes, &wide).is_some()
    };
    if has("EncryptedPackage") || has("EncryptionInfo") {
        Format::Locked
    } else if has("__substg1.0_") {
        Format::Msg
    } else if has("WordDocument") || !(has("Workbook") || has("PowerPoint Document")) {
        Format::Doc
    } else {
        Format::Office
    }
}

/// A container's format, by the names of its entries; by its bytes if the directory of entries is damaged.
fn by_container(bytes: &[u8]) -> Format {
    const MIME: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.";
    if let Some(at) = find(bytes.get(..200.min(bytes.len())).unwrap_or_default(), MIME) {
        let rest = bytes.get(at + MIME.len()..).unwrap_or_default();
        return if rest.starts_with(b"text") { Format::Odt } else { Format::Office };
    }
    let names = Archive::open(bytes).map(|archive| archive.names()).unwrap_or_default();
    let starts = |name: &str| {
        if names.is_empty() {
            find(bytes, name.as_bytes()).is_some()
        } else {
            names.iter().any(|known| known.starts_with(name))
        }
    };
    if starts("word/document") || starts("[Content_Types].xml") && starts("word/") {
        Format::Docx
    } else if starts("xl/") || starts("ppt/") {
        Format::Office
    } else if starts("content.xml") && starts("META-INF/manifest.xml") {
        Format::Odt
    } else if starts("Index/Document.iwa")
        || starts("Index.zip")
        || starts("index.apxl")
        || starts("index.xml.gz")
    {
        Format::Pages
    } else {
        Format::Archive
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, needle)
}

/// The encoding of UTF-16 text: by its byte order mark, or by its zeros, since every second byte of Western text is
/// one, and the others are not.
pub(super) fn utf16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if bytes.starts_with(b"\xff\xfe") {
        return Some(encoding_rs::UTF_16LE);
    }
    if bytes.starts_with(b"\xfe\xff") {
        return Some(encoding_rs::UTF_16BE);
    }
    let sample = bytes.get(..bytes.len().min(4096) & !1).unwrap_or_default();
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, units) = (zeros(0), zeros(1), sample.len() / 2);
    // Other control characters tell a program's data from text.
    let control = sample.iter().filter(|b| matches!(b, 1..=8 | 14..=31)).count();
    if units < 4 || control * 20 > units {
        None
    } else if odd * 4 > units * 3 && even * 20 < units {
        Some(encoding_rs::UTF_16LE)
    } else if even * 4 > units * 3 && odd * 20 < units {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
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

/// Whether the start is a block of headers, one of which only a stored message has; forwarded text has "From:" too,
/// and is plain text.
fn is_mime(head: &str) -> bool {
    const STORED: [&str; 9] = [
        "mime-version",
        "message-id",
        "return-path",
        "received",
        "delivered-to",
        "dkim-signature",
        "arc-seal",
        "authentication-results",
        "x-mailer",
    ];
    let mut seen = false;
    // The last line may have been cut.
    for (number, line) in head.lines().enumerate() {
        if line.trim().is_empty() {
            break;
        }
        let is_continued = line.starts_with([' ', '\t']);
        if number == 0 && line.starts_with("from ") || is_continued && number > 0 {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return seen && number > 3 };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            return false;
        }
        seen |= STORED.contains(&name);
    }
    seen
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
            (b"h\0e\0l\0l\0o\0", None, Format::Text),
            (b"\0h\0e\0l\0l\0o", None, Format::Text),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", None, Format::Locked),
            (b"PK\x03\x04....Index/Document.iwa", None, Format::Pages),
            (b"From: Jo Bell <jo@example.com>\nTo: HR\nSubject: Post 12\n\nDear all", None, Format::Text),
            (b"Delivered-To: hr@example.org\nFrom: a\n\nDear all", None, Format::Eml),
            (b"<?xml version='1.0'?><office:document xmlns:office='x' office:mimetype='application/vnd.oasis.opendocument.text'>", None, Format::Odt),
            (b"<?xml version='1.0'?><svg/>", None, Format::Unknown),
            (b"From: a\nMIME-Version: 1.0\nContent-Type: text/plain\n", None, Format::Eml),
        ] {
            assert_eq!(detect(bytes, claimed), format, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
