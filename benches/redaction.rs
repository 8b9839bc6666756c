//! Redaction in characters per second, beside a baseline that only reads the text once. Measures; asserts nothing.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evenhand::domain::Identity;
use evenhand::redaction::Engine;
use evenhand::rulebook::Rulebook;
use serde_json::Value;

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

criterion_group!(benches, redaction);
criterion_main!(benches);
