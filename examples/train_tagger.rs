//! Trains the tagger of freely worded clues on annotated texts: `cargo run --release --example train_tagger -- FILE...
//! -o rules/taggers/clues.txt`. Files are in the notation of tests/corpus/markup.rs (`.txt`) or JSON lines.
//!
//! `--folds K` trains K times, each time without one of K parts of the files named before `--also`, and prints what the
//! whole engine finds in the part left out, for each of several thresholds; files after `--also` are always trained on.

#[path = "../tests/corpus/markup.rs"]
#[expect(dead_code, reason = "training does not ask where a name comes from")]
mod markup;

use std::collections::BTreeMap;
use std::process::ExitCode;

use evenhand::redaction::tagger::training::{Annotated, Settings, train};
use evenhand::redaction::{Action, Engine};
use evenhand::rulebook::{Kind, Rulebook};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    let value = |flag: &str| {
        arguments.iter().position(|a| a == flag).and_then(|at| arguments.get(at + 1)).cloned()
    };
    let number = |flag: &str, usual: f32| value(flag).map_or(Ok(usual), |text| text.parse());
    let mut settings = Settings::default();
    settings.rounds = number("--rounds", settings.rounds as f32)? as usize;
    settings.step = number("--step", settings.step)?;
    settings.penalty = number("--penalty", settings.penalty)?;
    settings.dropout = number("--dropout", settings.dropout)?;
    settings.texts_with_feature = number("--texts", settings.texts_with_feature as f32)? as u32;
    settings.refits = number("--refits", settings.refits as f32)? as usize;
    settings.levels = number("--levels", f32::from(settings.levels))? as i8;
    settings.rows = number("--rows", settings.rows as f32)? as usize;
    for name in ["enter", "names", "stay", "widen", "doubt", "trim", "gate"] {
        if let Some(text) = value(&format!("--{name}")) {
            settings.thresholds.set(name, text.parse()?);
        }
    }
    let also = arguments.iter().position(|a| a == "--also").unwrap_or(arguments.len());
    let out = value("-o").unwrap_or_default();
    let is_text = |a: &&String| (a.ends_with(".txt") || a.ends_with(".jsonl")) && **a != out;
    let own = read(arguments.iter().take(also).filter(is_text))?;
    let always = read(arguments.iter().skip(also).filter(is_text))?;
    let rules = match value("--rules") {
        Some(folder) => Rulebook::from_folder(folder.as_ref())?,
        None => Rulebook::built_in()?,
    };
    if let Some(folds) = value("--folds") {
        return validate(&rules, own, &always, &settings, folds.parse()?);
    }
    let texts: Vec<Annotated> = own.into_iter().chain(always).collect();
    let model = train(&rules, &texts, &settings)?;
    if out.is_empty() {
        return Err("name the file to write with -o".into());
    }
    println!("{} texts, {} bytes of model", texts.len(), model.len());
    std::fs::write(&out, model)?;
    Ok(())
}

fn read<'a>(files: impl Iterator<Item = &'a String>) -> Result<Vec<Annotated>, Failure> {
    let mut texts = Vec::new();
    for file in files {
        let content = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        if file.ends_with(".jsonl") {
            for line in content.lines().filter(|line| !line.trim().is_empty()) {
                texts.push(from_json(&serde_json::from_str(line)?)?);
            }
            continue;
        }
        // In a file of snippets each line stands for itself.
        let content = if file.contains("bank") || file.contains("snippets") {
            content.replace('\n', "\n\n").replace(" | {}\n\n", " | {}\n")
        } else {
            content
        };
        for marked in markup::read(&content) {
            let spans = marked.spans.iter().map(|(start, end, label)| {
                let kind: Kind = label
                    .to_lowercase()
                    .parse()
                    .map_err(|_| format!("{file}, {}: no kind {label}", marked.id))?;
                Ok::<_, Failure>((*start, *end, kind))
            });
            let spans = spans.collect::<Result<Vec<_>, _>>()?;
            let identity = serde_json::from_str(&marked.identity).unwrap_or_default();
            texts.push(Annotated { text: marked.text, identity, spans });
        }
    }
    Ok(texts)
}

fn from_json(value: &serde_json::Value) -> Result<Annotated, Failure> {
    let text = value["text"].as_str().ok_or("a line without a text")?.to_owned();
    let identity = serde_json::from_value(value["identity"].clone()).unwrap_or_default();
    let spans = value["entities"].as_array().into_iter().flatten().filter_map(|entity| {
        let at = |key: &str| entity[key].as_u64().map(|at| at as usize);
        let kind = entity["label"].as_str()?.to_lowercase().parse().ok()?;
        Some((at("start")?, at("end")?, kind))
    });
    Ok(Annotated { spans: spans.collect(), text, identity })
}

#[derive(Default)]
struct Score {
    /// Spans and fully covered ones, by kind.
    kinds: BTreeMap<&'static str, (usize, usize)>,
    kept: usize,
    wrong: usize,
}

fn validate(
    rules: &Rulebook,
    own: Vec<Annotated>,
    always: &[Annotated],
    settings: &Settings,
    folds: usize,
) -> Result<(), Failure> {
    let thresholds = [(0.98, 0.5), (0.9, 0.4), (0.8, 0.4), (0.6, 0.3), (0.4, 0.2)];
    let mut scores: Vec<Score> = thresholds.iter().map(|_| Score::default()).collect();
    let mut without = Score::default();
    let plain = Engine::with_model(rules, None)?;
    for fold in 0..folds {
        let inside = |at: usize| at % folds == fold;
        let mut texts: Vec<Annotated> = Vec::new();
        let rest = own.iter().enumerate().filter(|(at, _)| !inside(*at)).map(|(_, text)| text);
        texts.extend(rest.chain(always).map(copy));
        let model = train(rules, &texts, settings)?;
        for ((enter, stay), score) in thresholds.iter().zip(&mut scores) {
            let enter = format!("enter {enter}");
            let stay = format!("stay {stay}");
            let changed = |line| match line {
                line if str::starts_with(line, "enter ") => enter.as_str(),
                line if line.starts_with("stay ") => stay.as_str(),
                line => line,
            };
            let model: Vec<&str> = model.lines().map(changed).collect();
            let engine = Engine::with_model(rules, Some(&model.join("\n")))?;
            for (_, text) in own.iter().enumerate().filter(|(at, _)| inside(*at)) {
                add(&engine, text, score);
            }
        }
        for (_, text) in own.iter().enumerate().filter(|(at, _)| inside(*at)) {
            add(&plain, text, &mut without);
        }
    }
    print!("{:<24}{:>8}{:>9}", "kind", "spans", "rules");
    for (enter, stay) in thresholds {
        print!("{:>14}", format!("{enter}/{stay}"));
    }
    println!();
    for (kind, (spans, full)) in &without.kinds {
        print!("{kind:<24}{spans:>8}{:>9.1}", percent(*full, *spans));
        for score in &scores {
            let (spans, full) = score.kinds.get(kind).copied().unwrap_or_default();
            print!("{:>14.1}", percent(full, spans));
        }
        println!();
    }
    print!(
        "{:<24}{:>8}{:>9.2}",
        "wrongly removed",
        without.kept,
        percent(without.wrong, without.kept)
    );
    scores.iter().for_each(|score| print!("{:>14.2}", percent(score.wrong, score.kept)));
    println!();
    Ok(())
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

fn copy(text: &Annotated) -> Annotated {
    Annotated {
        text: text.text.clone(),
        identity: text.identity.clone(),
        spans: text.spans.clone(),
    }
}

fn add(engine: &Engine, text: &Annotated, score: &mut Score) {
    let redaction = engine.redact(&text.text, &text.identity, &[]);
    let characters: Vec<char> = text.text.chars().collect();
    let mut removed = vec![false; characters.len()];
    for span in redaction.spans.iter().filter(|span| span.action != Action::Keep) {
        removed.iter_mut().take(span.end).skip(span.start).for_each(|place| *place = true);
    }
    let mut marked = vec![false; characters.len()];
    for (start, end, kind) in &text.spans {
        let range = *start..(*end).min(characters.len());
        marked.iter_mut().take(range.end).skip(range.start).for_each(|place| *place = true);
        let full = range
            .filter(|at| characters.get(*at).is_some_and(|c| c.is_alphanumeric()))
            .all(|at| removed.get(at) == Some(&true));
        let entry = score.kinds.entry(kind.as_str()).or_default();
        entry.0 += 1;
        entry.1 += usize::from(full);
    }
    for ((c, removed), marked) in characters.iter().zip(&removed).zip(&marked) {
        if c.is_alphanumeric() && !marked {
            score.kept += 1;
            score.wrong += usize::from(*removed);
        }
    }
}
