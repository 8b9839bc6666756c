//! How well documents are read, against their known words.
//!
//! `cargo run --release --example score_documents -- FOLDER` reads every FILE that has a FILE.expected.txt beside it,
//! and prints how many of the known words were found, how many neighbouring words are neighbours again, and the time.
//! With `--words` it prints what is missing, with `--text` what was read.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use evenhand::document::read;

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn counted<T: std::hash::Hash + Eq>(items: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

/// The share of the expected items that were found, each as often as it was found.
fn share<T: std::hash::Hash + Eq + Clone>(expected: &[T], found: &[T]) -> (f64, Vec<T>) {
    let mut available = counted(found.iter().cloned());
    let mut missing = Vec::new();
    for item in expected {
        match available.get_mut(item) {
            Some(count) if *count > 0 => *count -= 1,
            _ => missing.push(item.clone()),
        }
    }
    let share = 1.0 - missing.len() as f64 / expected.len().max(1) as f64;
    (share, missing)
}

fn pairs(words: &[String]) -> Vec<(String, String)> {
    words.windows(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

fn expected_path(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}.expected.txt", path.display()))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let shows = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let mut files = Vec::new();
    for argument in arguments.iter().filter(|argument| !argument.starts_with("--")) {
        let path = PathBuf::from(argument);
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            files.push(path);
        }
    }
    files.retain(|path| expected_path(path).exists());
    files.sort();
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let expected = words(&std::fs::read_to_string(expected_path(&path)).unwrap());
        let started = Instant::now();
        let document = read(&bytes, None);
        let time = started.elapsed();
        let found = words(&document.text);
        let (recall, missing) = share(&expected, &found);
        let (order, apart) = share(&pairs(&expected), &pairs(&found));
        let codes: Vec<&str> = document.problems.iter().map(|problem| problem.code).collect();
        println!(
            "{recall:.4} {order:.4} {:7.2} ms  {} {}",
            time.as_secs_f64() * 1000.0,
            path.file_name().unwrap().to_string_lossy(),
            codes.join(",")
        );
        if shows("--words") {
            println!("  missing {missing:?}\n  apart {apart:?}");
        }
        if shows("--text") {
            println!("{}", document.text);
        }
    }
}
