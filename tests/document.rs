//! Reading of documents: every format is named, nothing fails as a whole, whatever the bytes.

use evenhand::document::{HiddenPlace, read};
use proptest::prelude::*;

#[test]
fn formats_that_cannot_be_read_are_withheld_with_their_name_and_advice() {
    for (bytes, name) in [
        (&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...."[..], "DOC"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1E\0n\0c\0r\0y\0p\0t\0i\0o\0n\0I\0n\0f\0o\0", "password"),
        (b"PK\x03\x04....Index/Document.iwa", "Pages"),
        (b"PK\x03\x04....cv.txt", "archive"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"\xff\xd8\xff\xe0....", "picture"),
        (b"\x00\x01\x02\x03\x04", "not known"),
    ] {
        let document = read(bytes, Some("text/plain"));
        assert!(document.text.is_empty() && document.is_withheld());
        let problem = &document.problems[0];
        assert_eq!(problem.code, "unreadable_format");
        assert!(problem.message.contains(name), "{}", problem.message);
        assert!(problem.message.contains("ask the applicant"), "{}", problem.message);
    }
}

#[test]
fn text_and_web_pages_are_read() {
    assert_eq!(read("Siân’s CV".as_bytes(), None).text, "Siân’s CV");
    assert_eq!(read(b"caf\xe9", None).text, "café");
    let page = read(b"<html><title>CV of Jo Bell</title><p>Hello<p>World", None);
    assert_eq!(page.text.trim(), "Hello\n\nWorld");
    assert_eq!(page.hidden[0].place, HiddenPlace::Title);
    assert_eq!(page.hidden[0].text, "CV of Jo Bell");
}

#[test]
fn an_empty_document_is_withheld_with_a_reason() {
    for bytes in [&b""[..], b"  \n ", b"<html><body></body></html>"] {
        let document = read(bytes, None);
        assert!(document.is_withheld());
        assert_eq!(document.problems[0].code, "empty");
    }
}

#[test]
fn a_document_beyond_the_limit_is_withheld_and_not_read() {
    let document = read(&vec![b'a'; 21 * 1024 * 1024], None);
    assert_eq!(document.problems[0].code, "too_large");
    assert!(document.text.is_empty());
}

/// What is read here is redacted and set outside the child process, so its size is what keeps that small.
#[test]
fn a_text_longer_than_any_application_is_withheld() {
    for (text, code) in [
        ("word ".repeat(200_000), "truncated"),
        ("- a\n".repeat(20_000), "too_long"),
        ("a\tb\tc\td\te\n".repeat(6_000), "too_long"),
        (format!("<p>{}", "<p>x".repeat(20_000)), "too_long"),
    ] {
        let document = read(text.as_bytes(), None);
        assert!(document.is_withheld(), "{code}");
        assert!(
            document.problems.iter().any(|problem| problem.code == code),
            "{document:?} {code}"
        );
        assert!(document.text.len() <= 640 * 1024, "{} bytes", document.text.len());
    }
    let long = "Led the winter plan for the duty team of the council.\n".repeat(7_900);
    assert!(!read(long.as_bytes(), None).is_withheld());
}

proptest! {
    #[test]
    fn any_bytes_are_answered_and_segments_stay_inside_text_and_source(
        mut bytes in prop::collection::vec(any::<u8>(), 0..400),
        html in any::<bool>(),
    ) {
        if html {
            bytes.splice(0..0, b"<html><body><p>".iter().copied());
        }
        let document = read(&bytes, None);
        let characters = document.text.chars().count();
        for segment in &document.segments {
            prop_assert!(segment.text.start <= segment.text.end && segment.text.end <= characters);
        }
    }
}
