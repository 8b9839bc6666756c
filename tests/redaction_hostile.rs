//! Hostile texts: the work grows with the length of a text and no faster, whatever the text is made of. The cost is
//! processor time of this thread, compared as a ratio within one run, so that a busy machine does not change it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/hostile_texts.rs"]
mod hostile_texts;

use evenhand::domain::Identity;
use evenhand::redaction::Engine;
use evenhand::rulebook::Rulebook;
use hostile_texts::FAMILIES;
use rustix::time::{ClockId, clock_gettime};

/// A text this many times as long may cost this many times as much for each character: measuring is not exact.
const GROWTH_ALLOWED: f64 = 2.5;
const TIMES_LONGER: usize = 8;

fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Seconds of processor time for each character, the best of some tries.
fn cost(engine: &Engine, family: &str, characters: usize, tries: usize) -> f64 {
    let identity: Identity = serde_json::from_str(
        r#"{"given_names": "Gurpreet", "family_name": "Sahota", "phone": "07700 900142",
            "address": ["3 Elm Row", "Handsworth", "Birmingham"]}"#,
    )
    .unwrap();
    let text: String = family.chars().cycle().take(characters).collect();
    let once = || {
        let started = cpu_seconds();
        let redaction = engine.redact(&text, &identity, &[]);
        let seconds = cpu_seconds() - started;
        assert!(redaction.spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        seconds / characters as f64
    };
    (0..tries).map(|_| once()).fold(f64::INFINITY, f64::min)
}

/// Families whose cost of a character grows with the length of the text.
fn growing(engine: &Engine, characters: usize) -> Vec<(&'static str, f64)> {
    let growth = |family: &str, tries: usize| {
        cost(engine, family, characters, tries)
            / cost(engine, family, characters / TIMES_LONGER, tries)
    };
    FAMILIES
        .into_iter()
        .filter(|family| growth(family, 1) > GROWTH_ALLOWED)
        .map(|family| (family, growth(family, 3)))
        .filter(|(_, growth)| *growth > GROWTH_ALLOWED)
        .collect()
}

#[test]
fn a_longer_hostile_text_costs_no_more_for_each_character() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let slow = growing(&engine, 16_000);
    assert!(slow.is_empty(), "times the cost of a character in a text an eighth as long: {slow:?}");
}
