//! Scores the readers on documents whose text is known: `score_documents FOLDER_OR_FILE...` takes every FILE that has
//! a FILE.expected.txt beside it, and prints per file and per format the share of expected words that were read, the
//! share of neighbouring expected words that stand next to each other in the text read, and the time.
//!
//! `cargo run --release --example score_documents -- FOLDER`

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use evenhand::document;

#[derive(Default)]
struct Score {
    files: usize,
    words: usize,
    found: usize,
    pairs: usize,
    in_order: usize,
    withheld: usize,
    times: Vec<Duration>,
}

impl Score {
    fn add(&mut self, other: &Score) {
        self.files += other.files;
        self.words += other.words;
        self.found += other.found;
        self.pairs += other.pairs;
        self.in_order += other.in_order;
        self.withheld += other.withheld;
        self.times.extend(&other.times);
    }

    fn print(&mut self, name: &str) {
        self.times.sort_unstable();
        let median = self.times.get(self.times.len() / 2).copied().unwrap_or_default();
        println!(
            "{name:<44} words {:>6}  recall {:.4}  order {:.4}  withheld {}  median {:>8.3} ms",
            self.words,
            share(self.found, self.words),
            share(self.in_order, self.pairs),
            self.withheld,
            median.as_secs_f64() * 1000.0,
        );
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let as_float = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
    if whole == 0 { 1.0 } else { as_float(part) / as_float(whole) }
}

/// Words as a reader counts them: runs of letters and figures, without regard to case.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn counts<T: std::hash::Hash + Eq>(items: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(item).or_insert(0) += 1;
    }
    counts
}

/// How many of the expected items are there, each as often as expected.
fn shared<T: std::hash::Hash + Eq>(
    expected: &HashMap<T, usize>,
    read: &HashMap<T, usize>,
) -> usize {
    expected.iter().map(|(item, count)| (*count).min(read.get(item).copied().unwrap_or(0))).sum()
}

fn score(file: &Path, expected: &Path) -> Score {
    let bytes = std::fs::read(file).unwrap();
    let expected = words(&std::fs::read_to_string(expected).unwrap());
    let mut times = Vec::new();
    let mut document = document::read(&bytes, None);
    for _ in 0..5 {
        let start = Instant::now();
        document = document::read(&bytes, None);
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let read = words(&document.text);
    let pairs = |words: &[String]| counts(words.windows(2).map(<[String]>::to_vec));
    Score {
        files: 1,
        words: expected.len(),
        found: shared(&counts(expected.iter()), &counts(read.iter())),
        pairs: expected.len().saturating_sub(1),
        in_order: shared(&pairs(&expected), &pairs(&read)),
        withheld: usize::from(document.is_withheld()),
        times: vec![times[2]],
    }
}

fn files(arguments: impl Iterator<Item = String>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for argument in arguments {
        let path = PathBuf::from(argument);
        if path.is_dir() {
            found.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn main() {
    let mut formats: BTreeMap<String, Score> = BTreeMap::new();
    for file in files(std::env::args().skip(1)) {
        let mut expected = file.clone().into_os_string();
        expected.push(".expected.txt");
        let expected = PathBuf::from(expected);
        if !expected.exists() {
            continue;
        }
        let mut scored = score(&file, &expected);
        scored.print(&file.file_name().unwrap_or_default().to_string_lossy());
        let format = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        formats.entry(format).or_default().add(&scored);
    }
    for (format, score) in &mut formats {
        score.print(&format!("all of {} {format}", score.files));
    }
}
