//! Clean documents and the proof that they are blind. What is planted by hand in a file must be found, wherever it
//! stands; what the program writes itself must pass.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::io::Write;
use std::sync::LazyLock;

use evenhand::document::write::{CleanDocument, CleanPart, WriteFormat, write};
use evenhand::domain::Identity;
use evenhand::redaction::{Engine, Forbidden, Part};
use evenhand::rulebook::Rulebook;
use evenhand::workflow::{BlindnessProof, prove_blindness};
use lopdf::{Dictionary, Object, StringFormat};

const APPLICATION: &str = "\
APPLICATION FORM

SECTION 1: PERSONAL DETAILS
Surname: Wiśniewska
First name: Zofia
Mobile: 07700 900387

Experience
- Led the duty team with Zofia's rota
- Wrote the winter plan

Employer\tPost\tYears
Riverside Council\tTeam leader\tfour
Hillside Council\tOfficer\ttwo
";

fn identity() -> Identity {
    serde_json::from_str(
        r#"{"given_names": "Zofia", "family_name": "Wiśniewska", "phone": "07700 900387",
            "email": "z.wisniewska@example.com"}"#,
    )
    .unwrap()
}

/// Redacted once: compiling the rules takes longer than all else here.
fn redacted() -> (String, Forbidden) {
    static REDACTED: LazyLock<(String, Forbidden)> = LazyLock::new(redact);
    REDACTED.clone()
}

fn redact() -> (String, Forbidden) {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let part = Part { label: "document", text: APPLICATION };
    let (mut redactions, forbidden) = engine.redact_with_gate(&[part], &identity(), &[]);
    (redactions.pop().unwrap().redacted, forbidden)
}

fn clean(text: &str, format: WriteFormat) -> Vec<u8> {
    let parts = [CleanPart { heading: "", text }];
    let parts: &[CleanPart<'_>] = if text.is_empty() { &[] } else { &parts };
    let document = CleanDocument {
        title: "Application 4TQX-9B2M",
        language: "en-GB",
        page_words: "Page {page} of {pages}",
        parts,
    };
    write(&document, format).unwrap()
}

fn proof(file: &[u8], format: WriteFormat) -> BlindnessProof {
    let (_, forbidden) = redacted();
    assert!(!forbidden.is_empty());
    prove_blindness(file, &clean("", format), &forbidden, &[])
}

#[test]
fn what_the_program_writes_is_proved_blind_in_every_format() {
    let (text, forbidden) = redacted();
    for format in WriteFormat::ALL {
        let found = proof(&clean(&text, format), format);
        assert!(found.holds(), "{format:?}: {found:?}");
        assert_eq!((found.known, found.found), (forbidden.len(), 0));
        assert!(found.parts_checked > 1, "{format:?}: {found:?}");
    }
}

#[test]
fn what_was_not_redacted_is_found_in_every_format() {
    for format in WriteFormat::ALL {
        assert!(!proof(&clean(APPLICATION, format), format).holds(), "{format:?}");
    }
}

#[test]
fn a_name_in_any_disguise_is_found_in_the_text_of_every_format() {
    for words in [
        "by Wiśniewska",
        "WISNIEWSKA",
        "W i s n i e w s k a",
        "Wiśniew-\nska",
        "aksweinśiW",
        "ZofiaWisniewska",
        "Z. Wiśniewska",
        "+44 7700 900 387",
        "z.wisniewska@example.com",
    ] {
        for format in WriteFormat::ALL {
            let found = proof(&clean(&format!("Led the team {words} well."), format), format);
            assert!(!found.holds(), "{words:?} in {format:?}");
        }
    }
}

/// A PDF of the program, changed by hand.
fn tampered(change: impl FnOnce(&mut lopdf::Document)) -> Vec<u8> {
    let mut pdf = lopdf::Document::load_mem(&clean(&redacted().0, WriteFormat::Pdf)).unwrap();
    change(&mut pdf);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

fn first_page(pdf: &lopdf::Document) -> lopdf::ObjectId {
    *pdf.get_pages().values().next().unwrap()
}

#[test]
fn a_pdf_that_was_only_saved_again_is_still_blind() {
    let found = proof(&tampered(|_| {}), WriteFormat::Pdf);
    assert!(found.holds(), "{found:?}");
}

#[test]
fn a_name_planted_anywhere_in_a_pdf_is_found() {
    let utf16 = |text: &str| -> Vec<u8> {
        [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
    };
    let literal = |bytes: Vec<u8>| Object::String(bytes, StringFormat::Literal);
    let places: Vec<(&str, Vec<u8>)> = vec![
        (
            "the author",
            tampered(|pdf| {
                let id = pdf.trailer.get(b"Info").unwrap().as_reference().unwrap();
                let info = pdf.get_object_mut(id).unwrap().as_dict_mut().unwrap();
                info.set("Author", literal(utf16("Zofia Wiśniewska")));
            }),
        ),
        (
            "the target of a link",
            tampered(|pdf| {
                let mut action = Dictionary::new();
                action.set("S", Object::Name(b"URI".to_vec()));
                action.set("URI", literal(b"https://example.org/in/zwisniewska".to_vec()));
                let mut link = Dictionary::new();
                link.set("Subtype", Object::Name(b"Link".to_vec()));
                link.set("A", action);
                let page = first_page(pdf);
                let link = pdf.add_object(link);
                let page = pdf.get_object_mut(page).unwrap().as_dict_mut().unwrap();
                page.set("Annots", Object::Array(vec![Object::Reference(link)]));
            }),
        ),
        (
            "an object that nothing refers to",
            tampered(|pdf| {
                pdf.add_object(literal(b"Wisniewska".to_vec()));
            }),
        ),
        (
            "a compressed stream",
            tampered(|pdf| {
                let words = "nothing here, and Wisniewska, nothing here ".repeat(20);
                let mut stream = lopdf::Stream::new(Dictionary::new(), words.into_bytes());
                stream.compress().unwrap();
                pdf.add_object(stream);
            }),
        ),
        (
            "a name of the file's structure",
            tampered(|pdf| {
                let page = first_page(pdf);
                let page = pdf.get_object_mut(page).unwrap().as_dict_mut().unwrap();
                page.set("Wisniewska", Object::Null);
            }),
        ),
        ("what follows the end", {
            let mut bytes = clean(&redacted().0, WriteFormat::Pdf);
            bytes.extend(b"\n% by Wisniewska\n");
            bytes
        }),
    ];
    for (place, bytes) in places {
        assert!(!proof(&bytes, WriteFormat::Pdf).holds(), "{place}");
    }
}

#[test]
fn a_name_planted_in_a_page_or_an_archive_is_found_though_it_is_split_over_runs() {
    for planted in [
        "<!-- Wisniewska -->",
        "<a href=\"https://example.org/in/zwisniewska\">x</a>",
        "<meta name=\"author\" content=\"Wiśniewska\">",
        "<b>Wiś</b><i>niewska</i>",
        "<span hidden>Wiśniewska</span>",
    ] {
        let page = String::from_utf8(clean(&redacted().0, WriteFormat::Html)).unwrap();
        let page = page.replace("</main>", &format!("{planted}</main>"));
        assert!(!proof(page.as_bytes(), WriteFormat::Html).holds(), "{planted}");
    }
    let archive = |name: &str, content: &str| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = zip::ZipWriter::new(&mut bytes);
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
        writer.finish().unwrap();
        bytes.into_inner()
    };
    let (_, forbidden) = redacted();
    let blank = archive("word/document.xml", "<w:t></w:t>");
    for (name, content, blind) in [
        ("word/document.xml", "<w:r><w:t>Led</w:t></w:r>", true),
        ("word/document.xml", "<w:r><w:t>Wiś</w:t></w:r><w:r><w:t>niewska</w:t></w:r>", false),
        ("docProps/core.xml", "<dc:creator>Wisniewska</dc:creator>", false),
        ("word/media/Wisniewska.png", "x", false),
    ] {
        let found = prove_blindness(&archive(name, content), &blank, &forbidden, &[]);
        assert_eq!(found.found == 0, blind, "{name} {content} {found:?}");
    }
}

#[test]
fn a_candidate_named_like_a_part_of_the_format_can_be_released() {
    let mut forbidden = Forbidden::default();
    for word in ["Lang", "Notosans", "Viewport", "Evenhand", "Catalog", "Colour"] {
        forbidden.add_word(word);
    }
    for format in [WriteFormat::Html, WriteFormat::Pdf] {
        let blank = clean("", format);
        let found = prove_blindness(&clean("Led the team.", format), &blank, &forbidden, &[]);
        assert_eq!(found.found, 0, "{format:?}: {found:?}");
        let found = prove_blindness(&clean("Led by Lang.", format), &blank, &forbidden, &[]);
        assert!(found.found > 0, "{format:?}: {found:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_again_is_not_released() {
    let whole = clean(&redacted().0, WriteFormat::Pdf);
    assert!(!proof(&whole[..whole.len() / 3], WriteFormat::Pdf).readable);
    assert!(!proof(b"PK\x03\x04 damaged", WriteFormat::Text).readable);
}

#[test]
fn the_clean_pdf_holds_headings_lists_forms_and_tables_of_the_original() {
    let pdf = lopdf::Document::load_mem(&clean(&redacted().0, WriteFormat::Pdf)).unwrap();
    let roles: Vec<String> = pdf
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok()?.get(b"S").ok()?.as_name().ok())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    for role in ["H1", "H2", "L", "LI", "Lbl", "LBody", "Table", "THead", "TH", "TD"] {
        assert!(roles.iter().any(|found| found == role), "{role} in {roles:?}");
    }
    let text: String =
        pdf.extract_text(&[1]).unwrap().split_whitespace().collect::<Vec<_>>().join("");
    for words in ["SECTION1:PERSONALDETAILS", "Surname:[NAME]", "[PHONE]", "Wrotethewinterplan"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn the_clean_page_escapes_what_it_is_given_and_loads_nothing() {
    let page = clean("<script>alert(1)</script> & \"x\" [NAME]", WriteFormat::Html);
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("&lt;script&gt;"), "{page}");
    assert!(page.contains("<span class=\"label\">[NAME]</span>"), "{page}");
    for outside in ["<script", "http:", "https:", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn plain_text_keeps_its_words_and_lines_and_loses_what_nobody_sees() {
    let text = clean("a\u{200b}b\u{ad}c\td  \r\ne\u{202e}f", WriteFormat::Text);
    assert_eq!(String::from_utf8(text).unwrap(), "abc\td\nef\n");
}
