//! Every word on a page stands in the message file: what code asks for is there, and what is there is asked for.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Sets whose members come from rules: stages, kinds, roles and fields of an identity.
const SETS: [&str; 4] = ["stage-", "kind-", "role-", "field-"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn code_of_the_pages() -> String {
    let mut pending: Vec<PathBuf> = vec![root().join("src/http")];
    let mut code = String::new();
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                code.push_str(text.split("#[cfg(test)]\nmod tests").next().unwrap());
            }
        }
    }
    code
}

fn ids_in_the_file() -> BTreeSet<String> {
    ids_in("pages.ftl")
}

fn ids_in(file: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("messages/en").join(file)).unwrap();
    let id = Regex::new(r"(?m)^([a-z][a-z0-9-]*) =").unwrap();
    id.captures_iter(&text).map(|found| found[1].to_owned()).collect()
}

/// Ids that code asks for by name.
fn ids_asked_for(code: &str) -> BTreeSet<String> {
    let call = Regex::new(r#"\.(?:text|fill)\(\s*"([a-z0-9-]+)""#).unwrap();
    call.captures_iter(code).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_message_that_code_asks_for_is_in_the_file() {
    // Clean copies have the same few words whether a page or the command line asks for them.
    let known = &ids_in_the_file() | &ids_in("redaction.ftl");
    let missing: Vec<_> = ids_asked_for(&code_of_the_pages()).difference(&known).cloned().collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_message_in_the_file_is_asked_for() {
    let code = code_of_the_pages();
    let unused: Vec<_> = ids_in_the_file()
        .into_iter()
        .filter(|id| !SETS.iter().any(|set| id.starts_with(set)))
        .filter(|id| !code.contains(&format!("\"{id}\"")))
        .collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn whatever_looks_like_a_message_id_in_the_pages_is_one() {
    let known = ids_in_the_file();
    let families: BTreeSet<&str> = known.iter().filter_map(|id| id.split('-').next()).collect();
    let literal = Regex::new(r#""([a-z]+(?:-[a-z]+)+)""#).unwrap();
    let pages = fs::read_dir(root().join("src/http/pages")).unwrap();
    for file in pages.map(|entry| entry.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for found in literal.captures_iter(code) {
            let id = &found[1];
            let attribute = Regex::new(&format!(r#"[a-z#.-]+="{id}""#)).unwrap().is_match(code);
            let family = id.split('-').next().unwrap();
            if families.contains(family) && !attribute {
                assert!(known.contains(id), "{}: '{id}'", file.display());
            }
        }
    }
}

#[test]
fn stages_and_roles_of_the_rules_have_words() {
    let known = ids_in_the_file();
    let rules = evenhand::rulebook::Rulebook::built_in().unwrap();
    let stages = rules.recruitment();
    let all = stages.progress().iter().chain([stages.withdrawn(), stages.unsuccessful()]);
    for stage in all {
        assert!(known.contains(&format!("stage-{stage}")), "{stage}");
    }
    for role in evenhand::domain::Role::ALL {
        assert!(known.contains(&format!("role-{role}")), "{role}");
    }
}
