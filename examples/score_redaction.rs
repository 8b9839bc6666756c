//! Scores redaction on annotated applications: `cargo run --release --example score_redaction -- FILE.jsonl`.
//! Measures only; it must not know any rule.
//!
//! Each line of the file: `{"id","kind","vacancy","identity","text","entities":[{"start","end","label","text"}]}`,
//! with an optional `"origin"` or `"name_origin"`; or a `.txt` file in the notation of tests/corpus/markup.rs. A span counts as covered by any removed span, whatever its kind.
//! Flags: `--misses` lists what was missed, `--wrong` what was removed outside every annotated span,
//! `--no-identity` leaves out what the ATS sent, `--only LABEL` lists misses of one label.

#[path = "../tests/corpus/markup.rs"]
mod markup;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use evenhand::domain::Identity;
use evenhand::redaction::{Action, Engine, Kind, Redaction};
use evenhand::rulebook::Rulebook;
use serde::Deserialize;

#[derive(Deserialize)]
struct Application {
    id: String,
    text: String,
    #[serde(default)]
    identity: Option<serde_json::Value>,
    entities: Vec<Entity>,
    #[serde(default, alias = "name_origin")]
    origin: Option<String>,
    #[serde(default)]
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
}

#[derive(Default, Clone, Copy)]
struct Tally {
    spans: usize,
    full: usize,
    partly: usize,
}

impl Tally {
    fn add(&mut self, covered: usize, letters: usize) {
        self.spans += 1;
        self.full += usize::from(covered == letters);
        self.partly += usize::from(covered > 0 && covered < letters);
    }

    fn row(&self, name: &str) -> String {
        let missed = self.spans - self.full - self.partly;
        let rate = 100.0 * self.full as f64 / self.spans.max(1) as f64;
        format!(
            "{name:<24}{:>7}{:>9}{:>9}{missed:>9}{rate:>9.1} %",
            self.spans, self.full, self.partly
        )
    }
}

#[derive(Default)]
struct Score {
    kinds: BTreeMap<String, Tally>,
    origins: BTreeMap<String, Tally>,
    documents_with_name: usize,
    documents_free_of_name: usize,
    withheld: usize,
    kept_letters: usize,
    wrong_letters: usize,
}

struct Wanted {
    misses: bool,
    wrong: bool,
    no_identity: bool,
    only: Option<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|argument| argument == name);
    let only = arguments.iter().position(|a| a == "--only").and_then(|at| arguments.get(at + 1));
    let file = arguments.iter().find(|a| a.ends_with(".jsonl") || a.ends_with(".txt"));
    let Some(file) = file else {
        eprintln!(
            "usage: score_redaction FILE.jsonl [--misses] [--wrong] [--no-identity] [--only LABEL]"
        );
        return ExitCode::from(2);
    };
    let wanted = Wanted {
        misses: flag("--misses") || only.is_some(),
        wrong: flag("--wrong"),
        no_identity: flag("--no-identity"),
        only: only.cloned(),
    };
    match score_file(file, &wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn score_file(file: &str, wanted: &Wanted) -> Result<(), Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(file)?;
    let mut applications = Vec::new();
    if file.ends_with(".txt") {
        applications.extend(markup::read(&text).into_iter().map(from_markup));
        return score_all(&applications, wanted);
    }
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let application: Application = serde_json::from_str(line)
            .map_err(|error| format!("{file}, line {}: {error}", number + 1))?;
        applications.push(application);
    }
    score_all(&applications, wanted)
}

fn from_markup(marked: markup::Marked) -> Application {
    let entities = marked.spans.into_iter().map(|(start, end, label)| Entity { start, end, label });
    Application {
        id: marked.id,
        text: marked.text,
        identity: serde_json::from_str(&marked.identity).ok(),
        entities: entities.collect(),
        origin: Some(marked.origin),
        allow: Vec::new(),
    }
}

fn score_all(
    applications: &[Application],
    wanted: &Wanted,
) -> Result<(), Box<dyn std::error::Error>> {
    let started = Instant::now();
    let engine = Engine::new(&Rulebook::built_in()?)?;
    let start_up = started.elapsed();
    let mut score = Score::default();
    for application in applications {
        let redaction = redact(&engine, application, wanted);
        score_one(application, &redaction, wanted, &mut score);
    }
    print_score(&score, applications.len());
    let speed = characters_per_second(&engine, applications, wanted);
    println!(
        "speed, engine only, warm: {:.2} million characters per second; start-up with all rules {:.0} ms",
        speed / 1e6,
        start_up.as_secs_f64() * 1e3
    );
    Ok(())
}

fn identity(application: &Application, wanted: &Wanted) -> Identity {
    application
        .identity
        .clone()
        .filter(|_| !wanted.no_identity)
        .and_then(|value| serde_json::from_value(value).ok())
        .unwrap_or_default()
}

fn redact(engine: &Engine, application: &Application, wanted: &Wanted) -> Redaction {
    engine.redact(&application.text, &identity(application, wanted), &application.allow)
}

fn score_one(application: &Application, redaction: &Redaction, wanted: &Wanted, score: &mut Score) {
    let characters: Vec<char> = application.text.chars().collect();
    let mut removed = vec![false; characters.len()];
    for span in redaction.spans.iter().filter(|span| span.action != Action::Keep) {
        removed.iter_mut().take(span.end).skip(span.start).for_each(|place| *place = true);
    }
    let mut annotated = vec![false; characters.len()];
    let mut name_left = false;
    let mut has_name = false;
    for entity in &application.entities {
        let inside = entity.start..entity.end.min(characters.len());
        annotated.iter_mut().take(inside.end).skip(inside.start).for_each(|place| *place = true);
        let letters: Vec<usize> = inside
            .clone()
            .filter(|at| characters.get(*at).is_some_and(|c| c.is_alphanumeric()))
            .collect();
        let covered = letters.iter().filter(|at| removed.get(**at) == Some(&true)).count();
        score.kinds.entry(entity.label.clone()).or_default().add(covered, letters.len());
        if entity.label.parse() == Ok(Kind::Name) {
            has_name = true;
            name_left |= covered < letters.len();
            let origin = application.origin.clone().unwrap_or_else(|| "not stated".to_owned());
            score.origins.entry(origin).or_default().add(covered, letters.len());
        }
        let chosen = wanted.only.as_ref().is_none_or(|only| *only == entity.label);
        if covered < letters.len() && wanted.misses && chosen {
            let shown: String = inside.clone().filter_map(|at| characters.get(at)).collect();
            let left: String = inside
                .filter(|at| removed.get(*at) == Some(&false))
                .filter_map(|at| characters.get(at))
                .collect();
            println!("missed {} {}: {shown:?}, left {left:?}", application.id, entity.label);
        }
    }
    score.documents_with_name += usize::from(has_name);
    score.documents_free_of_name += usize::from(has_name && !name_left);
    score.withheld += usize::from(!redaction.released);
    if wanted.misses && !redaction.released {
        println!("withheld {}", application.id);
    }
    let kept = (0..characters.len())
        .filter(|at| characters.get(*at).is_some_and(|c| c.is_alphanumeric()))
        .filter(|at| annotated.get(*at) == Some(&false));
    for at in kept {
        score.kept_letters += 1;
        score.wrong_letters += usize::from(removed.get(at) == Some(&true));
    }
    if wanted.wrong {
        list_wrong(application, redaction, &characters, &annotated);
    }
}

fn list_wrong(
    application: &Application,
    redaction: &Redaction,
    characters: &[char],
    annotated: &[bool],
) {
    for span in redaction.spans.iter().filter(|span| span.action != Action::Keep) {
        let outside = (span.start..span.end)
            .filter(|at| annotated.get(*at) == Some(&false))
            .filter(|at| characters.get(*at).is_some_and(|c| c.is_alphanumeric()))
            .count();
        if outside > 0 {
            let shown: String =
                (span.start..span.end).filter_map(|at| characters.get(at)).collect();
            println!(
                "wrong {} {} {}: {shown:?} ({outside} letters)",
                application.id, span.kind, span.rule
            );
        }
    }
}

fn print_score(score: &Score, documents: usize) {
    println!(
        "{:<24}{:>7}{:>9}{:>9}{:>9}{:>11}",
        "kind", "spans", "fully", "partly", "missed", "fully"
    );
    for (kind, tally) in &score.kinds {
        println!("{}", tally.row(kind));
    }
    if score.origins.len() > 1 {
        println!("\nown name, by origin");
        for (origin, tally) in &score.origins {
            println!("{}", tally.row(origin));
        }
        let worst = score
            .origins
            .iter()
            .min_by(|(_, a), (_, b)| (a.full * b.spans).cmp(&(b.full * a.spans)));
        if let Some((origin, tally)) = worst {
            println!("{}", tally.row(&format!("worst: {origin}")));
        }
    }
    let share = 100.0 * score.wrong_letters as f64 / score.kept_letters.max(1) as f64;
    println!("\ndocuments: {documents}, of which withheld: {}", score.withheld);
    println!(
        "documents with no own-name token left: {} of {}",
        score.documents_free_of_name, score.documents_with_name
    );
    println!(
        "letters outside annotated spans that were removed: {} of {} ({share:.3} %)",
        score.wrong_letters, score.kept_letters
    );
}

/// Repeats the whole set for at least a second.
fn characters_per_second(engine: &Engine, applications: &[Application], wanted: &Wanted) -> f64 {
    let identities: Vec<Identity> = applications.iter().map(|a| identity(a, wanted)).collect();
    let characters: usize = applications.iter().map(|a| a.text.chars().count()).sum();
    let started = Instant::now();
    let mut rounds = 0;
    while started.elapsed().as_secs_f64() < 1.0 && characters > 0 {
        for (application, identity) in applications.iter().zip(&identities) {
            std::hint::black_box(engine.redact(&application.text, identity, &application.allow));
        }
        rounds += 1;
    }
    (rounds * characters) as f64 / started.elapsed().as_secs_f64()
}
