//! The trained tagger: that training learns from the words around a passage, that the same texts give the same file,
//! and that a damaged file is refused with its line.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use evenhand::domain::Identity;
use evenhand::redaction::tagger::training::{Annotated, Settings, Thresholds, train};
use evenhand::redaction::{Engine, Kind};
use evenhand::rulebook::{RuleFiles, Rulebook};

/// A rule set without rules, so that whatever is found the model found.
fn bare_rules() -> Rulebook {
    rules_with(None)
}

/// A rule set with one rule.
fn rules_with(rule: Option<&str>) -> Rulebook {
    let built_in = RuleFiles::built_in();
    let kept = ["stages", "characteristics", "policies", "benchmarks"]
        .into_iter()
        .flat_map(|folder| built_in.within(folder, "toml"))
        .map(|file| (file.path, file.text))
        .chain(rule.map(|rule| ("recognisers/belief.toml", rule)));
    Rulebook::from_files(&RuleFiles::from_texts(kept)).unwrap()
}

/// A rule that takes too much and too little: every building, and nothing of what is said of it.
const BUILDINGS: &str = r#"
[[recogniser]]
id = "religion.building"
kind = "religion"
phrases = ["[(chapel|temple|mosque|gurdwara|synagogue|tabernacle)]"]
matches = ["the {{chapel}}"]
ignores = ["the school"]
"#;

fn annotated(text: &str) -> Annotated {
    let (mut plain, mut spans) = (String::new(), Vec::new());
    for (number, part) in text.split("{{").enumerate() {
        match part.split_once("}}").filter(|_| number > 0) {
            Some((marked, rest)) => {
                let start = plain.chars().count();
                plain.push_str(marked);
                spans.push((start, plain.chars().count(), Kind::Religion));
                plain.push_str(rest);
            }
            None => plain.push_str(part),
        }
    }
    Annotated { text: plain, identity: Identity::default(), spans }
}

fn examples() -> Vec<Annotated> {
    let mut texts = Vec::new();
    for place in ["chapel", "temple", "mosque", "gurdwara", "synagogue"] {
        for day in ["sundays", "fridays", "feast days"] {
            texts.push(annotated(&format!("I help out {{{{at our {place}}}}} on {day} and cook.")));
            texts.push(annotated(&format!(
                "We surveyed the {place} roof on {day} for the council."
            )));
        }
    }
    texts
}

#[test]
fn training_learns_a_passage_from_the_words_around_it() {
    let rules = bare_rules();
    let settings = Settings { rounds: 20, ..Settings::default() };
    let model = train(&rules, &examples(), &settings).unwrap();
    let engine = Engine::with_model(&rules, Some(&model)).unwrap();
    let found =
        engine.redact("I help out at our tabernacle on fridays.", &Identity::default(), &[]);
    assert_eq!(found.redacted, "I help out at [RELIGION OR BELIEF] on fridays.");
    assert_eq!(found.spans[0].rule.as_str(), "tagger.religion");
    let kept = engine.redact("We surveyed the tabernacle roof.", &Identity::default(), &[]);
    assert_eq!(kept.redacted, "We surveyed the tabernacle roof.");
}

#[test]
fn what_belongs_to_a_find_of_a_rule_goes_with_it_and_a_find_in_work_is_dropped() {
    let rules = rules_with(Some(BUILDINGS));
    let own = "I help out at our tabernacle on fridays and cook.";
    let work = "We surveyed the tabernacle roof on fridays for the council.";
    let redacted = |text: &str, model: Option<&str>| {
        let engine = Engine::with_model(&rules, model).unwrap();
        engine.redact(text, &Identity::default(), &[]).redacted
    };
    assert_eq!(redacted(own, None), "I help out at our [RELIGION OR BELIEF] on fridays and cook.");
    assert!(redacted(work, None).contains("[RELIGION OR BELIEF]"));
    let settings = Settings { rounds: 30, ..Settings::default() };
    let model = train(&rules, &examples(), &settings).unwrap();
    assert_eq!(
        redacted(own, Some(&model)),
        "I help out at [RELIGION OR BELIEF] on fridays and cook."
    );
    assert_eq!(redacted(work, Some(&model)), work);
    // With no doubt allowed the rule has the last word.
    let thresholds = Thresholds { doubt: 0.0, ..Thresholds::default() };
    let model = train(&rules, &examples(), &Settings { thresholds, ..settings }).unwrap();
    assert!(redacted(work, Some(&model)).contains("[RELIGION OR BELIEF]"));
}

/// A text redacted by a tagger that learnt the examples and decides by some thresholds.
fn trained_with(rules: &Rulebook, thresholds: Thresholds, text: &str) -> String {
    let settings = Settings { rounds: 30, thresholds, ..Settings::default() };
    let model = train(rules, &examples(), &settings).unwrap();
    let engine = Engine::with_model(rules, Some(&model)).unwrap();
    engine.redact(text, &Identity::default(), &[]).redacted
}

#[test]
fn words_at_the_ends_of_a_rules_find_that_say_nothing_are_left_standing() {
    let wide = BUILDINGS
        .replace("[(chapel", "[help out at our (chapel")
        .replace("tabernacle)]", "tabernacle) on]")
        .replace("the {{chapel}}", "I {{help out at our chapel on}} sundays");
    let rules = rules_with(Some(&wide));
    let text = "I help out at our tabernacle on fridays and cook.";
    let redacted =
        |trim: f32| trained_with(&rules, Thresholds { trim, ..Thresholds::default() }, text);
    assert_eq!(redacted(0.0), "I [RELIGION OR BELIEF] fridays and cook.");
    let trimmed = redacted(0.3);
    assert!(trimmed.starts_with("I help out "), "{trimmed}");
    assert!(trimmed.ends_with("[RELIGION OR BELIEF] on fridays and cook."), "{trimmed}");
}

#[test]
fn tokens_that_are_not_weighed_are_those_that_tell_nothing() {
    let rules = bare_rules();
    let text = "I help out at our tabernacle on fridays and cook.";
    let redacted =
        |gate: f32| trained_with(&rules, Thresholds { gate, ..Thresholds::default() }, text);
    assert_eq!(redacted(-100.0), redacted(Thresholds::default().gate));
    assert_eq!(redacted(100.0), text, "nothing is weighed");
}

#[test]
fn the_same_texts_give_the_same_file_and_the_threshold_sets_how_much_is_found() {
    let rules = bare_rules();
    let settings = Settings { rounds: 10, ..Settings::default() };
    let model = train(&rules, &examples(), &settings).unwrap();
    assert_eq!(model, train(&rules, &examples(), &settings).unwrap());
    let text = "I help out at our tabernacle on fridays and cook.";
    let removed = |threshold: f32| {
        let thresholds = Thresholds { enter: threshold, stay: threshold, ..Thresholds::default() };
        let settings = Settings { thresholds, ..settings };
        let model = train(&rules, &examples(), &settings).unwrap();
        let engine = Engine::with_model(&rules, Some(&model)).unwrap();
        let found = engine.redact(text, &Identity::default(), &[]);
        found.spans.iter().map(|span| span.end - span.start).sum::<usize>()
    };
    assert_eq!(removed(1.1), 0);
    assert!(removed(0.001) > removed(0.999));
}

#[test]
fn a_damaged_file_of_weights_is_refused_with_its_line() {
    let rules = bare_rules();
    let settings = Settings { rounds: 1, ..Settings::default() };
    let model = train(&rules, &examples(), &settings).unwrap();
    let cut = model.get(..model.len() - 200).unwrap().to_owned();
    for (damaged, complaint) in [
        (model.replace("tags nothing name", "tags name nothing"), "train again"),
        (model.replace("scale ", "scale x"), "a number is expected"),
        (model.replace("scale ", "scale -"), "above 0"),
        (model.replace("enter ", "entre "), "not a key"),
        (cut, "rows"),
        (model.replacen("\nfrom ", "\n# from ", 1), "a transition line for each tag"),
    ] {
        let error = Engine::with_model(&rules, Some(&damaged)).unwrap_err();
        assert!(error.line.is_some() && error.message.contains(complaint), "{error}");
    }
}
