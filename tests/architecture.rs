//! The shape of the program: which module may import which, and which module alone names a foreign crate.
//! Reads the source as text, so that a new edge is a failing test and not a surprise.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The module table of ARCHITECTURE.md: who may import whom.
const MAY_IMPORT: [(&str, &[&str]); 20] = [
    ("domain", &[]),
    ("rulebook", &["domain"]),
    ("typeset", &[]),
    ("document", &["domain", "rulebook", "typeset"]),
    ("redaction", &["domain", "rulebook"]),
    ("fairness", &["domain", "rulebook"]),
    ("vault", &["domain", "rulebook"]),
    ("journal", &["domain", "rulebook"]),
    ("intake", &["domain", "rulebook"]),
    ("store", &["domain", "journal"]),
    ("report", &["domain", "fairness", "messages", "typeset"]),
    (
        "workflow",
        &[
            "domain",
            "rulebook",
            "document",
            "redaction",
            "fairness",
            "vault",
            "journal",
            "intake",
            "store",
            "report",
        ],
    ),
    ("messages", &[]),
    ("config", &[]),
    ("telemetry", &["config"]),
    ("worker", &["workflow", "report", "domain", "config", "telemetry"]),
    (
        "http",
        &["workflow", "report", "domain", "config", "telemetry", "messages", "intake", "redaction"],
    ),
    (
        "cli",
        &[
            "workflow",
            "report",
            "domain",
            "config",
            "telemetry",
            "http",
            "worker",
            "messages",
            "rulebook",
            "document",
            "redaction",
            "fairness",
            "intake",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Crates that one module alone may name.
const SOLE_USERS: [(&str, &[&str]); 16] = [
    ("axum", &["src/http/"]),
    ("sled", &["src/store/"]),
    ("statrs", &["src/fairness/"]),
    ("chacha20poly1305", &["src/vault/"]),
    ("hkdf", &["src/vault/"]),
    ("html5gum", &["src/document/"]),
    ("krilla", &["src/typeset/"]),
    ("rustybuzz", &["src/typeset/"]),
    ("notosans", &["src/typeset/"]),
    ("dejavu", &["src/typeset/"]),
    ("lopdf", &["src/document/pdf/", "src/document/raw.rs"]),
    ("ttf_parser", &["src/document/pdf/"]),
    ("zip", &["src/document/", "src/intake/tabular/source/"]),
    ("quick_xml", &["src/document/"]),
    ("mail_parser", &["src/document/"]),
    (
        "encoding_rs",
        &[
            "src/document/",
            "src/intake/tabular/source/",
            "src/redaction/leak.rs",
            "src/redaction/text/mojibake.rs",
        ],
    ),
];

/// What a pure module must not name: disks, clocks, networks, randomness.
const IMPURE: [&str; 9] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::io",
    "std::time",
    "SystemTime",
    "Timestamp::now",
    "getrandom",
    "tokio",
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pending: Vec<PathBuf> = vec![root.join("src")];
    let mut files = Vec::new();
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files
}

/// The code of a file without comments and without its test module.
fn code(text: &str) -> String {
    let before_tests = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The module of our own that a file belongs to.
fn module_of(file: &str) -> &str {
    let inner = file.strip_prefix("src/").unwrap();
    inner.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The modules of our own that a file names, as `crate::x` or inside `crate::{x, y}`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (place, _) in code.match_indices("crate::") {
        let rest = &code[place + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut name = String::new();
            for character in group.chars() {
                match character {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 || (depth == 1 && character == ',') {
                    found.insert(std::mem::take(&mut name));
                } else if depth == 1 {
                    name.push(character);
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            found.insert(rest.to_owned());
        }
    }
    found
        .into_iter()
        .map(|name| name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .filter(|name: &String| !name.is_empty())
        .collect()
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let module = module_of(&file);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
            panic!("{file} belongs to no module of the table");
        };
        for import in imports(&code(&text)) {
            let known = MAY_IMPORT.iter().any(|(name, _)| *name == import);
            if known && import != module && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{file}: {module} must not import {import}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn foreign_crates_stay_behind_their_module() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let code = code(&text);
        for (name, users) in SOLE_USERS {
            let named = code.match_indices(&format!("{name}::")).any(|(place, _)| {
                let before = code[..place].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            });
            if named && !users.iter().any(|user| file.starts_with(user)) {
                wrong.push(format!("{file} names {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_modules_have_no_disk_clock_network_or_chance() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        if !["domain", "redaction", "fairness", "report", "typeset"].contains(&module_of(&file)) {
            continue;
        }
        let code = code(&text);
        for name in IMPURE {
            if code.contains(name) {
                wrong.push(format!("{file} names {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_panel_path_names_neither_vault_nor_identity_nor_characteristics() {
    let (_, text) =
        sources().into_iter().find(|(file, _)| file == "src/workflow/open_pack.rs").unwrap();
    let code = code(&text);
    // The reader's own fields: a narrow view, a narrow opener, sealed files.
    let fields = code.split("pub struct PackReader {").nth(1).unwrap().split('}').next().unwrap();
    for forbidden in ["Vault", "Evenhand", "dyn Store", "Identity", "Categories", "JournalHandle"] {
        assert!(!fields.contains(forbidden), "PackReader holds {forbidden}");
    }
    for forbidden in ["open_identity", "open_categories", "open_content", "DeclaredCategories"] {
        assert!(!code.contains(forbidden), "open_pack.rs names {forbidden}");
    }
}

#[test]
fn nothing_that_holds_identity_in_clear_can_be_written() {
    let clear = [
        ("src/domain/identity.rs", "Identity"),
        ("src/domain/event.rs", "Content"),
        ("src/domain/event.rs", "Answer"),
        ("src/domain/event.rs", "AttachedDocument"),
        ("src/domain/event.rs", "ApplicationReceived"),
        ("src/domain/characteristic.rs", "DeclaredCategories"),
        ("src/workflow/disclose_identity.rs", "Disclosure"),
    ];
    for (file, name) in clear {
        let (_, text) = sources().into_iter().find(|(found, _)| found == file).unwrap();
        let declaration = text.find(&format!("pub struct {name}")).unwrap();
        let derives =
            &text[text[..declaration].rfind("#[derive").unwrap_or(declaration)..declaration];
        assert!(!derives.contains("Serialize"), "{name} derives Serialize");
        for (_, other) in sources() {
            for written in ["Display", "Serialize"] {
                assert!(!other.contains(&format!("{written} for {name} ")), "{name}: {written}");
            }
        }
    }
    // Debug of the same values is tried with values in it.
    let identity: evenhand::domain::Identity =
        serde_json::from_str(r#"{"given_names": "Gurpreet", "email": "preet@example.com"}"#)
            .unwrap();
    let content = evenhand::domain::Content { identity, ..Default::default() };
    let shown = format!("{content:?}");
    assert!(!shown.contains("Gurpreet") && !shown.contains("preet@"), "{shown}");
}
