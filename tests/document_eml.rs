//! E-mail messages: header lines, the better body, and attachments through the same door.

#![allow(clippy::unwrap_used, clippy::panic)]

mod document_support;

use base64::Engine;
use document_support::{Docx, assert_sound, codes, hidden, mutate};
use evenhand::document::{HiddenPlace, read};

const HEADERS: &str = "From: =?utf-8?q?Si=C3=A2n_Bell?= <sian@example.com>\r\nTo: HR <hr@example.org>\r\n\
    Subject: Post 12\r\nDate: Mon, 4 Mar 2024 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n";

const LINES: &str = "From: Siân Bell <sian@example.com>\nTo: HR <hr@example.org>\nDate: Mon, 4 Mar 2024 10:00:00 +0000\nSubject: Post 12\n\n";

/// A part of a message.
fn mime(kind: &str, disposition: &str, body: &[u8]) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(body);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!(
        "--b\r\nContent-Type: {kind}\r\nContent-Disposition: {disposition}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        lines.join("\r\n")
    )
}

fn message(subtype: &str, parts: &[String]) -> Vec<u8> {
    format!(
        "{HEADERS}Content-Type: multipart/{subtype}; boundary=b\r\n\r\n{}--b--\r\n",
        parts.concat()
    )
    .into_bytes()
}

fn plain(text: &str) -> String {
    format!("--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n")
}

fn page(html: &str) -> String {
    format!("--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n")
}

#[test]
fn header_lines_and_the_better_body_are_the_text() {
    let letter =
        "<p>Dear panel, I write <a href='https://example.com/sian'>to apply</a> for the post.</p>";
    for (what, bytes, body) in [
        ("plain", format!("{HEADERS}Content-Type: text/plain; charset=utf-8\r\n\r\nDear panel,\r\nyes\r\n").into_bytes(), "Dear panel,\nyes"),
        ("quoted", format!("{HEADERS}Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nSi=E2n=\r\n writes\r\n").into_bytes(), "Siân writes"),
        ("both", message("alternative", &[plain("Dear panel, I write to apply for the post."), page(letter)]), "Dear panel, I write to apply for the post."),
        ("a stub beside the page", message("alternative", &[plain("See web version"), page(letter)]), "Dear panel, I write to apply for the post."),
    ] {
        let document = read(&bytes, None);
        assert_eq!(document.text, format!("{LINES}{body}"), "{what}");
        assert!(!document.is_withheld(), "{what}");
    }
    let both = read(
        &message(
            "alternative",
            &[plain("Dear panel, I write to apply for the post."), page(letter)],
        ),
        None,
    );
    assert_eq!(hidden(&both, HiddenPlace::Link), ["https://example.com/sian"]);
}

#[test]
fn attachments_go_through_the_same_door() {
    let cv = Docx::paragraphs(&["Curriculum vitae", "Ten years of planning"]).build();
    let inner = format!("{HEADERS}Content-Type: text/plain\r\n\r\nForwarded words\r\n");
    let bytes = message(
        "mixed",
        &[
            plain("Please find attached"),
            mime("application/octet-stream", "attachment; filename=\"Sian Bell CV.docx\"", &cv),
            format!("--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n"),
            mime("text/vcard", "attachment; filename=me.vcf", b"FN:Sian Bell"),
        ],
    );
    let document = read(&bytes, None);
    let positions: Vec<usize> =
        ["Please find attached", "Curriculum vitae\nTen years of planning", "Forwarded words"]
            .into_iter()
            .map(|words| document.text.find(words).unwrap())
            .collect();
    assert!(positions.is_sorted());
    let kept = hidden(&document, HiddenPlace::Metadata);
    assert!(kept.contains(&"Sian Bell CV.docx") && kept.contains(&"FN:Sian Bell"), "{kept:?}");
    assert!(!document.is_withheld(), "{:?}", document.problems);
}

#[test]
fn attachments_that_cannot_be_read_withhold_the_message() {
    let png = b"\x89PNG\r\n\x1a\n....";
    let words = "I have worked in housing for ten years and in planning for two, and I would bring both to this post, \
                 with the residents of the borough in mind and the budget in hand, as my references will say.";
    for (what, parts, code, withheld) in [
        (
            "old Word",
            vec![
                plain(words),
                mime("application/msword", "attachment", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."),
            ],
            "unreadable_format",
            true,
        ),
        (
            "locked",
            vec![plain(words), mime("application/pkcs7-mime", "attachment", b"xx")],
            "password_protected",
            true,
        ),
        (
            "a picture beside a letter",
            vec![plain(words), mime("image/png", "inline", png)],
            "pictures_left_out",
            false,
        ),
        (
            "a picture instead of a letter",
            vec![plain("CV attached"), mime("image/png", "attachment", png)],
            "mostly_pictures",
            true,
        ),
    ] {
        let document = read(&message("mixed", &parts), None);
        assert!(codes(&document).contains(&code), "{what}: {:?}", document.problems);
        assert_eq!(document.is_withheld(), withheld, "{what}");
    }
}

#[test]
fn messages_within_messages_end() {
    let mut bytes = format!("{HEADERS}Content-Type: text/plain\r\n\r\nInnermost\r\n");
    for _ in 0..30 {
        bytes = format!("{HEADERS}Content-Type: message/rfc822\r\n\r\n{bytes}");
    }
    assert!(codes(&read(bytes.as_bytes(), None)).contains(&"nested_too_deep"));
    let endless = format!("{HEADERS}{}", "Content-Type: message/rfc822\r\n\r\n".repeat(100_000));
    assert!(read(endless.as_bytes(), None).is_withheld());
    let many: Vec<String> =
        (0..60).map(|n| mime("text/plain", "attachment", format!("file {n}").as_bytes())).collect();
    assert!(codes(&read(&message("mixed", &many), None)).contains(&"too_many_attachments"));
}

#[test]
fn damaged_messages_always_get_an_answer() {
    let whole = message(
        "mixed",
        &[
            plain("Dear panel"),
            page("<p>x</p>"),
            mime("text/plain", "attachment", b"attached words"),
        ],
    );
    for seed in 0..300 {
        assert_sound(&read(&mutate(&whole, seed), None), &format!("seed {seed}"));
    }
}

#[test]
fn a_message_of_far_too_many_parts_is_withheld_and_not_taken_apart() {
    let parts = "--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n".repeat(12_000);
    let bytes = message("mixed", &[parts]);
    let document = read(&bytes, None);
    assert!(document.is_withheld());
    assert_eq!(codes(&document), ["too_many_attachments"]);
}
