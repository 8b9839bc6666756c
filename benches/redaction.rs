//! Redaction in characters per second, beside a baseline that only reads the text once, and ten million hostile
//! characters beside ordinary text. Measures; asserts nothing.

#[path = "../tests/support/hostile_texts.rs"]
mod hostile_texts;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evenhand::domain::Identity;
use evenhand::redaction::Engine;
use evenhand::rulebook::Rulebook;
use hostile_texts::FAMILIES;
use serde_json::Value;
use std::time::Instant;

fn applications() -> Vec<(String, Identity)> {
    include_str!("../examples/applications/applications.jsonl")
        .lines()
        .filter_map(|line| {
            let value: Value = serde_json::from_str(line).ok()?;
            let identity = serde_json::from_value(value.get("identity")?.clone()).ok()?;
            Some((value.get("text")?.as_str()?.to_owned(), identity))
        })
        .collect()
}

fn redaction(criterion: &mut Criterion) {
    let rules = Rulebook::built_in().and_then(|book| Engine::new(&book));
    let Ok(engine) = rules else { return };
    let applications = applications();
    let characters: usize = applications.iter().map(|(text, _)| text.chars().count()).sum();
    let mut group = criterion.benchmark_group("redaction");
    group.throughput(Throughput::Elements(characters as u64));
    group.bench_function("all classes, index build included", |bencher| {
        bencher.iter(|| {
            for (text, identity) in &applications {
                std::hint::black_box(engine.redact(text, identity, &[]));
            }
        });
    });
    group.bench_function("baseline: lower-case copy of the text", |bencher| {
        bencher.iter(|| {
            for (text, _) in &applications {
                std::hint::black_box(text.to_lowercase());
            }
        });
    });
    group.finish();
    criterion.bench_function("start-up with all rules", |bencher| {
        bencher.iter(|| Rulebook::built_in().and_then(|book| Engine::new(&book)).map(|_| ()));
    });
}

/// Ten million hostile characters in all, family by family: the cost of a character as a multiple of that in the
/// applications, and the same in a text an eighth as long.
fn hostile(_: &mut Criterion) {
    const CHARACTERS: usize = 10_000_000;
    let rules = Rulebook::built_in().and_then(|book| Engine::new(&book));
    let Ok(engine) = rules else { return };
    let seconds = |text: &str, identity: &Identity| {
        let started = Instant::now();
        std::hint::black_box(engine.redact(text, identity, &[]));
        started.elapsed().as_secs_f64() / text.chars().count() as f64
    };
    let applications = applications();
    let usual = applications.iter().map(|(text, identity)| seconds(text, identity));
    let usual = usual.sum::<f64>() / applications.len() as f64;
    let identity = applications.first().map(|(_, identity)| identity.clone()).unwrap_or_default();
    for family in FAMILIES {
        let length = CHARACTERS / FAMILIES.len();
        let text = |length: usize| family.chars().cycle().take(length).collect::<String>();
        let (long, short) =
            (seconds(&text(length), &identity), seconds(&text(length / 8), &identity));
        println!(
            "hostile {family:?}: {:.2} times ordinary text ({:.2} when an eighth as long)",
            long / usual,
            short / usual
        );
    }
}

criterion_group!(benches, redaction, hostile);
criterion_main!(benches);
