//! Documents are read in a child process: what breaks or holds it up costs one document, and its memory is limited.

#![allow(clippy::unwrap_used, clippy::panic)]

mod document_support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use document_support::{Docx, assert_sound, codes, mutate, zip};
use evenhand::document::write::{CleanDocument, CleanPart, WriteFormat, write};
use evenhand::document::{self, CopyOrder, Replacement};
use evenhand::workflow::DocumentReader;

const PROGRAM: &str = env!("CARGO_BIN_EXE_evenhand");

fn reader() -> DocumentReader {
    DocumentReader::in_child(PathBuf::from(PROGRAM))
}

/// A program that stands in for the reader.
fn script(folder: &Path, lines: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("reader");
    std::fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn the_child_answers_as_the_reader_itself_would() {
    let docx = Docx::paragraphs(&["Dear panel", "Siân"]).link("l", "https://example.com/x").build();
    for (what, bytes) in [
        ("docx", docx.clone()),
        ("damaged docx", mutate(&docx, 7)),
        ("html", b"<html><p>Hello <a href='mailto:jo@example.com'>x</a>".to_vec()),
        ("rtf", b"{\\rtf1 Hello}".to_vec()),
        ("nothing", Vec::new()),
        ("text", b"Hello".to_vec()),
        ("too large", vec![b'{'; 21 << 20]),
    ] {
        assert_eq!(
            reader().read(&bytes, Some("text/html")),
            document::read(&bytes, Some("text/html")),
            "{what}"
        );
    }
}

#[test]
fn a_child_makes_the_copy_that_would_be_made_here() {
    let docx = Docx::paragraphs(&["Dear Siân Rees", "Thank you"]).build();
    let order = |document: &[u8]| CopyOrder {
        document: document.to_vec(),
        replacements: vec![Replacement { characters: 5..14, words: "[NAME]".to_owned() }],
        title: "Application".to_owned(),
        language: "en-GB".to_owned(),
    };
    let kept = reader().keep_layout(order(&docx));
    assert_eq!(kept, DocumentReader::here().keep_layout(order(&docx)));
    assert_eq!(document::read(&kept.unwrap().file, None).text, "Dear [NAME]\nThank you");
    assert_eq!(reader().keep_layout(order(b"PK\x03\x04 word/ damaged")), None);
    let folder = tempfile::tempdir().unwrap();
    let lying = DocumentReader::in_child(script(folder.path(), "cat > /dev/null; echo nonsense"));
    assert_eq!(lying.keep_layout(order(&docx)), None);
}

/// Every damaged document is answered: the child neither stops nor hangs, and no damage leads out of it.
#[test]
fn no_damage_stops_or_holds_up_the_child() {
    let docx = Docx::paragraphs(&["Dear panel, I led the duty team.", "Yours, Siân"]).build();
    let html = "<html><body><table><tr><td><ul><li>I led the team</ul></table></body></html>";
    let eml = format!(
        "From: Sian <s@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--\r\n"
    );
    let rtf = "{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\info{\\author Sian}}I led \\u233? the {\\b duty} team\\par}";
    let odt = document_support::odt("<text:p>I led the duty team</text:p>", "", "", "");
    let pdf = write(
        &CleanDocument {
            title: "Application",
            language: "en-GB",
            page_words: "",
            parts: &[CleanPart { heading: "", text: "I led the duty team.\n\n- One\n- Two\n" }],
        },
        WriteFormat::Pdf,
    )
    .unwrap();
    let reader = reader();
    for (kind, bytes) in [
        ("docx", docx.as_slice()),
        ("html", html.as_bytes()),
        ("eml", eml.as_bytes()),
        ("rtf", rtf.as_bytes()),
        ("odt", odt.as_slice()),
        ("pdf", pdf.as_slice()),
    ] {
        for seed in 0..25 {
            let damaged = mutate(bytes, seed);
            let document = reader.read(&damaged, None);
            assert_sound(&document, &format!("{kind} {seed}"));
            for code in ["reader_stopped", "took_too_long", "reader_unavailable"] {
                assert!(!codes(&document).contains(&code), "{kind}, seed {seed}: {code}");
            }
        }
    }
}

#[test]
fn a_child_that_stops_hangs_or_lies_costs_one_document() {
    let folder = tempfile::tempdir().unwrap();
    let rtf = b"{\\rtf1 Hello}";
    for (lines, code) in [
        ("exit 1", "reader_stopped"),
        ("kill -9 $$", "reader_stopped"),
        ("cat > /dev/null; echo nonsense", "reader_stopped"),
        ("exec sleep 60", "took_too_long"),
        ("cat > /dev/null; exec sleep 60", "took_too_long"),
    ] {
        let program = script(folder.path(), lines);
        let reader = DocumentReader::in_child(program).longest(Duration::from_millis(400));
        let read = reader.read(rtf, None);
        assert_eq!(codes(&read), [code], "{lines}");
        assert!(read.is_withheld() && read.text.is_empty());
        assert!(read.problems[0].message.contains("ask the applicant"), "{lines}");
    }
    let missing = DocumentReader::in_child(folder.path().join("missing")).read(rtf, None);
    assert_eq!(codes(&missing), ["reader_unavailable"]);
}

#[test]
fn more_documents_than_processors_are_all_read() {
    let reader = reader();
    let docx = Docx::paragraphs(&["Dear panel"]).build();
    std::thread::scope(|scope| {
        let reads: Vec<_> =
            (0..12).map(|_| scope.spawn(|| reader.read(&docx, None).text)).collect();
        for read in reads {
            assert_eq!(read.join().unwrap(), "Dear panel");
        }
    });
}

#[test]
fn the_child_takes_its_limits_before_it_reads() {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = Command::new(PROGRAM)
        .arg("read-document")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than a pipe holds: when this returns, the child has begun to read.
    input.write_all(&vec![0; 300_000]).unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    drop(input);
    child.wait().unwrap();
    let line = |name: &str| limits.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("Max data size").contains(&(224_u64 << 20).to_string()), "{limits}");
    assert!(line("Max file size").contains(" 0 "), "{limits}");
    assert!(line("Max core file size").contains(" 0 "), "{limits}");
}

#[test]
fn a_bomb_is_withheld_with_its_reason_and_the_command_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let large = format!("<a>{}</a>", " ".repeat(60 << 20));
    let bomb = zip(&[("_rels/.rels", b"<x/>"), ("word/document.xml", large.as_bytes())]);
    let path = folder.path().join("cv.txt");
    std::fs::write(&path, &bomb).unwrap();
    let output = Command::new(PROGRAM).arg("redact").arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("unpacks_too_large") && said.contains("withheld"), "{said}");
}

#[test]
fn the_command_redacts_a_word_document_by_what_is_hidden_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cv.docx");
    let docx = Docx::paragraphs(&["Curriculum vitae", "Name: Siân Pritchard", "Ten years of planning work"])
        .file(
            "docProps/core.xml",
            "<p xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator>Siân Pritchard</dc:creator></p>",
        );
    std::fs::write(&path, docx.build()).unwrap();
    let output = Command::new(PROGRAM).args(["redact", "--trace"]).arg(&path).output().unwrap();
    let trace = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{trace}");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("Ten years of planning work"), "{text}");
    assert!(!text.contains("Pritchard") && !text.contains("Siân"), "{text}");
    // The trace names the place outside the visible words, and none of its words.
    assert!(trace.lines().any(|line| line.starts_with("metadata 1:0..14\tname\t")), "{trace}");
    assert!(!trace.contains("Pritchard"), "{trace}");

    let output =
        Command::new(PROGRAM).args(["redact", "--format", "html"]).arg(&path).output().unwrap();
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, outside) = page.split_once("Found outside the visible words").unwrap();
    assert!(outside.contains("Siân Pritchard") && outside.contains("names of files"), "{page}");
}

#[test]
fn the_service_reads_documents_in_a_child() {
    // The settings of the program are made in two places; a third must not forget the child.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in ["cli/program.rs", "cli/demo/mod.rs"] {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        assert_eq!(
            text.matches("Settings::new(").count(),
            text.matches("DocumentReader::in_child_of_this_program()").count(),
            "{file}"
        );
    }
}
