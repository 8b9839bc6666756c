//! Scores redaction on annotated applications: `cargo run --release --example score_redaction -- FILE...`.
//! Measures only; it must not know any rule.
//!
//! Each line of the file: `{"id","kind","vacancy","identity","text","entities":[{"start","end","label","text"}]}`,
//! with an optional `"origin"` or `"name_origin"`; or a `.txt` file in the notation of tests/corpus/markup.rs. A span counts as covered by any removed span, whatever its kind.
//! Flags: `--misses` lists what was missed, `--wrong` what was removed outside every annotated span,
//! `--no-identity` leaves out what the ATS sent, `--only LABEL` lists misses of one label, `--model FILE` takes other
//! weights of the tagger than those of the rule set (`none` for no tagger), `--rules FOLDER` a rule set from a folder.

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
    trap_letters: usize,
    wrong_in_traps: usize,
    same_again: usize,
}

struct Wanted {
    misses: bool,
    wrong: bool,
    no_identity: bool,
    only: Option<String>,
    model: Option<String>,
    rules: Option<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|argument| argument == name);
    let value = |name: &str| {
        arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1)).cloned()
    };
    let only = value("--only");
    let (model, rules) = (value("--model"), value("--rules"));
    let files: Vec<&String> = arguments
        .iter()
        .filter(|a| (a.ends_with(".jsonl") || a.ends_with(".txt")) && Some(*a) != model.as_ref())
        .collect();
    if files.is_empty() {
        eprintln!(
            "usage: score_redaction FILE... [--misses] [--wrong] [--no-identity] [--only LABEL] \
             [--model FILE|none] [--rules FOLDER]"
        );
        return ExitCode::from(2);
    }
    let wanted = Wanted {
        misses: flag("--misses") || only.is_some(),
        wrong: flag("--wrong"),
        no_identity: flag("--no-identity"),
        only,
        model,
        rules,
    };
    match read_files(&files).and_then(|applications| score_all(&applications, &wanted)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn read_files(files: &[&String]) -> Result<Vec<Application>, Box<dyn std::error::Error>> {
    let mut applications = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file)?;
        if file.ends_with(".txt") {
            applications.extend(markup::read(&text).into_iter().map(from_markup));
            continue;
        }
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let application: Application = serde_json::from_str(line)
                .map_err(|error| format!("{file}, line {}: {error}", number + 1))?;
            applications.push(application);
        }
    }
    Ok(applications)
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
    let rules = match &wanted.rules {
        Some(folder) => Rulebook::from_folder(folder.as_ref())?,
        None => Rulebook::built_in()?,
    };
    let engine = match &wanted.model {
        Some(file) if file == "none" => Engine::with_model(&rules, None)?,
        Some(file) => Engine::with_model(&rules, Some(&std::fs::read_to_string(file)?))?,
        None => Engine::new(&rules)?,
    };
    let start_up = started.elapsed();
    let mut score = Score::default();
    for application in applications {
        let redaction = redact(&engine, application, wanted);
        score_one(application, &redaction, wanted, &mut score);
        let again =
            engine.redact(&redaction.redacted, &identity(application, wanted), &application.allow);
        score.same_again += usize::from(again.redacted == redaction.redacted);
    }
    print_score(&score, applications.len());
    let speed = characters_per_second(&engine, applications, wanted);
    println!(
        "speed, engine only, warm: {:.2} million characters per second; start-up with all rules {:.0} ms",
        speed / 1e6,
        start_up.as_secs_f64() * 1e3
    );
    let (usual, slow) = time_of_4000_characters(&engine, applications, wanted);
    println!(
        "one application of 4,000 characters: median {:.2} ms, p99 {:.2} ms; memory at most {}",
        usual * 1e3,
        slow * 1e3,
        peak_memory().unwrap_or_else(|| "unknown here".to_owned())
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
        let wrong = usize::from(removed.get(at) == Some(&true));
        score.kept_letters += 1;
        score.wrong_letters += wrong;
        if application.id.contains("trap") {
            score.trap_letters += 1;
            score.wrong_in_traps += wrong;
        }
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
    println!("redacting what was redacted changes nothing: {} of {documents}", score.same_again);
    println!(
        "documents with no own-name token left: {} of {}",
        score.documents_free_of_name, score.documents_with_name
    );
    println!(
        "letters outside annotated spans that were removed: {} of {} ({share:.3} %)",
        score.wrong_letters, score.kept_letters
    );
    if score.trap_letters > 0 {
        let share = 100.0 * score.wrong_in_traps as f64 / score.trap_letters as f64;
        println!(
            "the same in texts made of traps: {} of {} ({share:.3} %)",
            score.wrong_in_traps, score.trap_letters
        );
    }
}

/// Median and 99th percentile, in seconds, of redacting texts cut and joined to 4,000 characters.
fn time_of_4000_characters(
    engine: &Engine,
    applications: &[Application],
    wanted: &Wanted,
) -> (f64, f64) {
    let mut times = Vec::new();
    for round in 0..10 {
        for (place, application) in applications.iter().enumerate() {
            let others = applications.iter().cycle().skip(place + round).take(applications.len());
            let text: String = std::iter::once(application)
                .chain(others)
                .flat_map(|application| application.text.chars().chain(['\n']))
                .take(4_000)
                .collect();
            let identity = identity(application, wanted);
            let started = Instant::now();
            std::hint::black_box(engine.redact(&text, &identity, &application.allow));
            times.push(started.elapsed().as_secs_f64());
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        times.get((times.len() as f64 * share) as usize).or(times.last()).copied().unwrap_or(0.0)
    };
    (at(0.5), at(0.99))
}

/// The most memory that this process has had, where the system tells.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(format!("{:.0} MB", kilobytes / 1024.0))
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
