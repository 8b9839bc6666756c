//! `evenhand redact` and `evenhand rules check` as a shell sees them: files, exit codes, messages.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod document_support;

use std::fs;
use std::process::{Command, Output};

fn evenhand(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evenhand")).args(arguments).output().unwrap()
}

#[test]
fn a_document_is_redacted_with_its_identity() {
    let folder = tempfile::tempdir().unwrap();
    let (file, identity) = (folder.path().join("a.txt"), folder.path().join("id.json"));
    fs::write(&file, "Gurpreet Sahota\nTel 07700 900142\n").unwrap();
    fs::write(&identity, r#"{"given_names": "Gurpreet", "family_name": "Sahota"}"#).unwrap();
    let out =
        evenhand(&["redact", file.to_str().unwrap(), "--identity", identity.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(0));
    assert_eq!(String::from_utf8(out.stdout).unwrap(), "[NAME]\nTel [PHONE]\n");
}

#[test]
fn an_unreadable_format_is_withheld_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (file, target) = (folder.path().join("a.pdf"), folder.path().join("out.txt"));
    fs::write(&file, "%PDF-1.7").unwrap();
    let out = evenhand(&["redact", file.to_str().unwrap(), "-o", target.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(3));
    assert!(String::from_utf8(out.stderr).unwrap().contains("damaged"));
    assert!(!target.exists());
}

#[test]
fn json_lines_come_out_one_for_one_with_a_summary() {
    let folder = tempfile::tempdir().unwrap();
    let (file, target) = (folder.path().join("in.jsonl"), folder.path().join("out.jsonl"));
    fs::write(
        &file,
        "{\"id\":\"a\",\"text\":\"Tel 07700 900142\"}\n\n{\"id\":\"b\",\"text\":\"none\"}\n",
    )
    .unwrap();
    let out =
        evenhand(&["redact", "--jsonl", file.to_str().unwrap(), "-o", target.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(0));
    assert!(String::from_utf8(out.stderr).unwrap().contains("2 documents, 1 spans, 0 withheld"));
    let lines: Vec<serde_json::Value> = fs::read_to_string(&target)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (lines[0]["redacted"].as_str(), lines[1]["id"].as_str()),
        (Some("Tel [PHONE]"), Some("b"))
    );
}

#[test]
fn a_bad_line_is_named_without_its_words_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (file, target) = (folder.path().join("in.jsonl"), folder.path().join("out.jsonl"));
    fs::write(&file, "{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"b\",\"txt\":\"Secretname\"}\n")
        .unwrap();
    let out =
        evenhand(&["redact", "--jsonl", file.to_str().unwrap(), "-o", target.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(1));
    let message = String::from_utf8(out.stderr).unwrap();
    assert!(message.contains("line 2") && message.contains("\"text\" is missing"), "{message}");
    assert!(!message.contains("Secretname"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn wrong_use_is_told_apart_from_failure() {
    assert_eq!(evenhand(&["redact"]).status.code(), Some(2));
    assert_eq!(evenhand(&["redact", "/no/such/file"]).status.code(), Some(1));
}

#[test]
fn the_built_in_rules_pass_their_own_examples() {
    let out = evenhand(&["rules", "check"]);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stdout));
}

#[test]
fn a_review_page_shows_every_removal_with_its_rule_and_what_the_leak_gate_checked() {
    let folder = tempfile::tempdir().unwrap();
    let (file, identity) = (folder.path().join("a.txt"), folder.path().join("id.json"));
    fs::write(&file, "Gurpreet Sahota <x>\nTel 07700 900142\nI am 52 years old.\n").unwrap();
    fs::write(&identity, r#"{"given_names": "Gurpreet", "family_name": "Sahota"}"#).unwrap();
    let out = evenhand(&[
        "redact",
        file.to_str().unwrap(),
        "--identity",
        identity.to_str().unwrap(),
        "--format",
        "html",
    ]);
    assert_eq!(out.status.code(), Some(0));
    let page = String::from_utf8(out.stdout).unwrap();
    for wanted in [
        "must not reach the panel",
        "<del title=\"Own name: name.run\">Gurpreet Sahota</del>",
        "&lt;x&gt;",
        "<ins title=\"Telephone:",
        "[PHONE]",
        "states the age or lets it be worked out",
        "recognisers/contact.toml, line ",
        "in the program (several words of the candidate's name together)",
        "known values of the candidate and found 0.",
    ] {
        assert!(page.contains(wanted), "{wanted} is missing in {page}");
    }
    assert!(!page.contains("<script") && !page.contains("http"));
}

#[test]
fn rules_that_are_of_no_use_on_given_texts_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    copy_rules(std::path::Path::new("rules"), &rules);
    fs::write(
        rules.join("recognisers/zz_extra.toml"),
        r#"
[[recogniser]]
id = "extra.shadow"
kind = "phone"
phrases = ["[shadowed word]"]
matches = ["a {{shadowed word}} here"]
ignores = ["nothing of the kind"]

[[recogniser]]
id = "extra.over"
kind = "phone"
phrases = ["[a? shadowed word here?]"]
matches = ["{{a shadowed word here}}"]
ignores = ["nothing of the kind"]

[[recogniser]]
id = "extra.idle"
kind = "phone"
phrases = ["[unheard of]"]
labels = ["Ring me", "Text me", "ring-me:", "*ring me"]
matches = ["an {{unheard of}} thing"]
ignores = ["nothing of the kind"]
"#,
    )
    .unwrap();
    let texts = folder.path().join("texts.jsonl");
    fs::write(&texts, "{\"text\": \"a shadowed word here\"}\n").unwrap();
    let out =
        evenhand(&["rules", "check", rules.to_str().unwrap(), "--on", texts.to_str().unwrap()]);
    let said = String::from_utf8(out.stdout).unwrap();
    assert_eq!(out.status.code(), Some(0), "{said} {}", String::from_utf8_lossy(&out.stderr));
    let lines_of = |rule: &str| -> Vec<&str> {
        said.lines().filter(|line| line.contains(&format!("rule {rule} "))).collect()
    };
    let line_of = |rule: &str| lines_of(rule).first().copied().unwrap_or_default();
    let [idle, repeats] = lines_of("extra.idle")[..] else { panic!("two warnings: {said}") };
    assert!(idle.ends_with("never fires on these texts"), "{said}");
    assert!(repeats.ends_with("has the label \"ring-me:\" already, as \"Ring me\""), "{said}");
    assert!(line_of("extra.shadow").ends_with("always where others do, most often extra.over"));
    assert!(line_of("extra.over").is_empty(), "{said}");

    fs::write(&texts, "{\"text\": \"x\"}\n{\"words\": \"Secretname\"}\n").unwrap();
    let out = evenhand(&["rules", "check", "--on", texts.to_str().unwrap()]);
    let message = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(message.contains("line 2") && !message.contains("Secretname"), "{message}");
}

fn copy_rules(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_rules(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_ending_of_the_target_decides_the_format_of_the_clean_document() {
    let folder = tempfile::tempdir().unwrap();
    let (file, identity) = (folder.path().join("a.txt"), folder.path().join("id.json"));
    fs::write(&file, "Surname: Sahota\n\nSince 2019 Ms Sahota leads the duty team.\n").unwrap();
    fs::write(&identity, r#"{"given_names": "Gurpreet", "family_name": "Sahota"}"#).unwrap();
    let redact = |name: &str| {
        let target = folder.path().join(name);
        let (file, identity) = (file.to_str().unwrap(), identity.to_str().unwrap());
        let out =
            evenhand(&["redact", file, "--identity", identity, "-o", target.to_str().unwrap()]);
        (out.status.code(), String::from_utf8(out.stderr).unwrap(), fs::read(target).ok())
    };
    for (name, start) in
        [("a.pdf", "%PDF-1.7"), ("a.html", "<!DOCTYPE html>"), ("a.TXT", "Surname: [NAME]\n")]
    {
        let (code, told, written) = redact(name);
        assert_eq!(code, Some(0), "{name}: {told}");
        assert!(told.contains("0 of "), "{name}: {told}");
        assert!(written.unwrap().starts_with(start.as_bytes()), "{name}");
    }
    let (code, told, written) = redact("a.xls");
    assert_eq!((code, written), (Some(2), None));
    assert!(told.contains(".pdf, .docx, .html, .txt"), "{told}");
}

#[test]
fn a_word_document_keeps_its_layout_in_a_word_document() {
    let body = format!(
        "{}<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
        document_support::p("Gurpreet Sahota leads the duty team."),
        document_support::p("Since 2019 Ms Sahota answers for the rota.")
    );
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, identity, target) = (path("cv.docx"), path("id.json"), path("copy.docx"));
    fs::write(&file, document_support::Docx::new(&body).build()).unwrap();
    fs::write(&identity, r#"{"given_names": "Gurpreet", "family_name": "Sahota"}"#).unwrap();
    let out = evenhand(&["redact", &file, "--identity", &identity, "-o", &target]);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let mut archive = zip::ZipArchive::new(fs::File::open(&target).unwrap()).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("word/document.xml").unwrap(), &mut text)
        .unwrap();
    assert!(text.contains("<w:tc>") && text.contains("[NAME]"), "{text}");
    assert!(!text.contains("Sahota"), "{text}");
}
