//! A folder or archive of documents on the command line: every document becomes a clean copy or is withheld with its
//! reason, and nothing in the folder of copies says whose they are.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use support::names_in;

const TABLE: &str = "file,given_names,family_name,phone\n\
    Zoe Prosser.txt,Zoë,Prosser,07700 900142;07700 900143\n\
    more/odt_of_nobody.txt,Zofia,Wiśniewska,\n\
    missing.docx,Quillon,Threep,\n";
const BROKEN: &[u8] = b"%PDF-1.7";

fn documents() -> [(&'static str, &'static [u8]); 5] {
    [
        ("Zoe Prosser.txt", "Zoë Prosser\nRing 07700 900143.\nI led the duty team.\n".as_bytes()),
        ("more/odt_of_nobody.txt", "Zofia Wiśniewska\nI ran the archive.\n".as_bytes()),
        ("broken.pdf", BROKEN),
        ("plain.txt", b"I kept the minutes of the housing board.\n"),
        (".DS_Store", b"left by a program"),
    ]
}

fn folder_of_documents(folder: &Path) {
    for (name, bytes) in documents() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn archive_of_documents(path: &Path) {
    let mut zip = zip::ZipWriter::new(fs::File::create(path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in documents() {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn redact(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .arg("redact")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn rows(report: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(report).unwrap();
    assert_eq!(reader.headers().unwrap().get(0), Some("file"));
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_folder_and_an_archive_become_clean_copies_under_neutral_names() {
    for input in ["in", "in.zip"] {
        for format in ["txt", "docx", "pdf", "html"] {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            if input == "in" {
                folder_of_documents(&at("in"));
            } else {
                archive_of_documents(&at(input));
            }
            fs::write(at("ids.csv"), TABLE).unwrap();
            let out = redact(
                folder.path(),
                &[input, "--identities", "ids.csv", "-o", "out", "--to", format],
            );
            let said = String::from_utf8(out.stderr).unwrap();
            assert_eq!(out.status.code(), Some(3), "one is withheld: {said}");
            for line in [
                "4 documents, 3 released, 1 withheld, 2 without identity, 1 rows without a document",
                "broken.pdf: withheld: damaged: ",
                "plain.txt: redacted without an identity",
                "missing.docx: no such document (line 4 of the identities)",
                "passages removed; identity values searched for in the copies: ",
                ", found: 0",
            ] {
                assert!(said.contains(line), "{line}: {said}");
            }
            assert_eq!(names_in(folder.path()), ["ids.csv", input, "out", "out-report.csv"]);
            let copies = names_in(&at("out"));
            assert_eq!(copies.len(), 3, "{copies:?}");
            for copy in &copies {
                assert!(copy.starts_with("application-000") && copy.ends_with(format), "{copy}");
            }

            let report = rows(&at("out-report.csv"));
            let files: Vec<&str> = report.iter().map(|row| row[0].as_str()).collect();
            let expected = [
                "Zoe Prosser.txt",
                "broken.pdf",
                "more/odt_of_nobody.txt",
                "plain.txt",
                "missing.docx",
            ];
            assert_eq!(files, expected);
            for (row, kept) in
                [(0, "I led the duty team."), (2, "I ran the archive."), (3, "minutes")]
            {
                let row = &report[row];
                assert_eq!((row[2].as_str(), row[7].as_str()), ("yes", "0"), "{row:?}");
                assert!(kept == "minutes" || row[6].parse::<usize>().unwrap() > 0, "{row:?}");
                let copy = fs::read(at("out").join(&row[1])).unwrap();
                let read = evenhand::document::read(&copy, None);
                assert!(read.text.contains(kept), "{row:?}: {}", read.text);
                for word in ["Zoë", "Prosser", "900143", "Zofia", "Wiśniewska"] {
                    assert!(!read.text.contains(word), "{word}: {}", read.text);
                }
            }
            let broken = &report[1];
            assert_eq!((broken[1].as_str(), broken[2].as_str()), ("", "no"));
            assert!(broken[4].contains("ask the applicant"), "{broken:?}");
            assert!(report[4][4].starts_with("no_document"), "{:?}", report[4]);
        }
    }
}

#[test]
fn names_in_an_archive_lead_to_no_place_outside_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("a/b");
    fs::create_dir_all(&inner).unwrap();
    let mut zip = zip::ZipWriter::new(fs::File::create(inner.join("in.zip")).unwrap());
    for name in ["../../escaped.txt", "/escaped.txt", "..\\escaped.txt"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"I kept the minutes.\n").unwrap();
    }
    zip.finish().unwrap();
    let out = redact(&inner, &["in.zip", "-o", "out", "--to", "txt"]);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(names_in(&inner), ["in.zip", "out", "out-report.csv"]);
    assert_eq!(names_in(&inner.join("out")).len(), 3);
    assert_eq!(names_in(folder.path()), ["a"]);
}

#[test]
fn wrong_use_and_wrong_tables_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    folder_of_documents(&folder.path().join("in"));
    fs::create_dir_all(folder.path().join("full/x")).unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("bad.csv"), "file,surname\na.txt,Zebedee\n").unwrap();
    fs::write(folder.path().join("one.txt"), "x").unwrap();
    fs::write(folder.path().join("no.zip"), "not an archive").unwrap();
    let before = names_in(folder.path());
    for (arguments, code, part) in [
        (&["in"][..], 2, "needs -o"),
        (&["in", "-o", "full"], 2, "not empty"),
        (&["in", "-o", "in/out"], 2, "must not be inside"),
        (&["in", "-o", "out", "--identity", "ids.json"], 2, "--identities"),
        (&["one.txt", "-o", "out.pdf", "--to", "pdf"], 2, "for a folder"),
        (&["in", "-o", "out", "--to", "xlsx"], 2, "xlsx"),
        (&["in", "-o", "out", "--identities", "bad.csv"], 1, "column 2 is not known"),
        (&["in", "-o", "out", "--identities", "none.csv"], 1, "none.csv"),
        (&["no.zip", "-o", "out"], 1, "no ZIP archive"),
        (&["empty", "-o", "out"], 1, "no documents"),
    ] {
        let out = redact(folder.path(), arguments);
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(part) && !said.contains("Zebedee"), "{arguments:?}: {said}");
        assert_eq!(names_in(folder.path()), before, "{arguments:?}");
    }
}

#[test]
fn what_a_killed_run_left_is_hidden_and_gone_after_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("in")).unwrap();
    fs::write(at("in/a.txt"), "I kept the minutes.\n").unwrap();
    // Nobody has the first number; the second is this test, which runs.
    let (gone, running) =
        (format!(".out.{}.tmp", i32::MAX), format!(".out.{}.tmp", std::process::id()));
    for left in [gone.as_str(), &running, ".outside.1.tmp", ".out.txt.tmp"] {
        fs::create_dir_all(at(left)).unwrap();
        fs::write(at(left).join("application-0001.txt"), "half").unwrap();
    }
    let out = redact(folder.path(), &["in", "-o", "out", "--to", "txt", "--trace"]);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let mut kept =
        [".out.txt.tmp", ".outside.1.tmp", "in", "out", "out-report.csv", running.as_str()];
    kept.sort_unstable();
    assert_eq!(names_in(folder.path()), kept);
}

#[test]
fn the_trace_of_many_documents_names_each_rule_and_no_removed_word() {
    let folder = tempfile::tempdir().unwrap();
    folder_of_documents(&folder.path().join("in"));
    fs::write(folder.path().join("ids.csv"), TABLE).unwrap();
    let run = |more: &[&str]| {
        let arguments = ["in", "--identities", "ids.csv", "--to", "txt"];
        let out = redact(folder.path(), &[&arguments, more].concat());
        String::from_utf8(out.stderr).unwrap()
    };
    let (traced, plain) = (run(&["-o", "traced", "--trace"]), run(&["-o", "plain"]));
    let lines: Vec<&str> = traced.lines().filter(|line| line.contains("\tMask\t")).collect();
    let of = |name: &str| lines.iter().filter(|line| line.starts_with(name)).count();
    assert!(of("Zoe Prosser.txt\t0..") == 1 && of("more/odt_of_nobody.txt\t0..") == 1, "{traced}");
    assert!(lines.iter().any(|line| line.contains("\tphone\t")), "{traced}");
    for word in ["Zoë", "900143", "Zofia", "Wiśniewska"] {
        assert!(!traced.contains(word), "{word}: {traced}");
    }
    assert!(!plain.contains("\tMask\t"), "{plain}");
}
