//! Gendered words and pronouns: those about the candidate go, those about others stay.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use evenhand::redaction::Engine;
use evenhand::rulebook::Rulebook;
use serde_json::json;

fn redacted(engine: &Engine, text: &str) -> String {
    let identity = json!({"given_names": "Ottilie", "family_name": "Brandreth"});
    engine.redact(text, &serde_json::from_value(identity).unwrap(), &[]).redacted
}

#[test]
fn a_quotation_about_the_candidate_goes_on_about_them_past_people_met_at_work() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    for (text, expected) in [
        (
            "Gwenda Marsh-Pole, 01632 960 441: \"The pupils think she is a pilot. Keep her.\"",
            "\"The pupils think they are a pilot. Keep them.\"",
        ),
        (
            "My manager wrote: \"Ottilie came as a temp. The client asked whether she had a twin.\"",
            "whether they had a twin",
        ),
        (
            "My manager wrote: \"Ottilie is a no-nonsense driver. When she had her daughter we were two short, and \
             nobody was her.\"",
            "nobody was them",
        ),
        (
            "My manager wrote: \"She is a no-nonsense woman of few words, and I put her forward.\"",
            "and I put them forward",
        ),
        (
            "Ottilie Brandreth introduced it. Her words: \"this is Ottilie and she will find the leak\".",
            "and they will find the leak",
        ),
        (
            "Dear panel,\n\nI attach what my manager sent.\n\nOttilie Brandreth\n\n> From: Rhodri Keane\n> She has it. \
             The phones went quiet.",
            "> They have it.",
        ),
        (
            "My manager wrote: \"Ottilie says no to a supplier and yes to a grandmother, and both thank her. Give her \
             the hard file.\"",
            "Give them the hard file",
        ),
        (
            "What visitors wrote\n\"She mended my reader ticket and my mood.\" (a visitor)\n\"Always early.\" (security)",
            "\"They mended my reader ticket",
        ),
        (
            "People who will vouch\nBryony Tarn, Sennen Hall, \"she sends the invoice when she said she would\"",
            "\"they send the invoice when they said they would\"",
        ),
        (
            "Ottilie Brandreth runs our breakfast club. She is calm and she is early. Parents ask for her.\n\nShe knows \
             her families. When a pupil's mother was taken to hospital, she drove the grandmother there on her own day \
             off. Her manager trusts her.",
            "hospital, they drove the grandmother there on their own day off",
        ),
        ("HR wrote that \"payroll says she (you) need a permit\".", "\"payroll says they (you)"),
    ] {
        let output = redacted(&engine, text);
        assert!(output.contains(expected), "{expected:?} is not in {output}");
    }
}

#[test]
fn others_in_a_quotation_keep_their_pronouns() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    for (text, kept) in [
        (
            "I am Ottilie Brandreth. A resident told me: \"My son rang. He was cold.\"",
            "He was cold",
        ),
        (
            "I am Ottilie Brandreth. Mr Hale from the depot said \"Mr Price is late, he missed it\".",
            "he missed it",
        ),
        ("I wrote to the ward. The matron said her rota was full.", "her rota was full"),
    ] {
        let output = redacted(&engine, text);
        assert!(output.contains(kept), "{kept:?} is not in {output}");
    }
}

#[test]
fn nouns_that_go_with_the_candidates_name_or_pronoun_go() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    for (text, gone) in [
        ("\"My sister Ottilie chaired the appeal,\" said Bryony Tarn.", "sister"),
        (
            "\"I asked whether the woman Brandreth could come, as she listens,\" wrote a tenant.",
            "the woman",
        ),
        (
            "\"Ottilie waits. She counts everything twice. The lass can count,\" wrote Bryony Tarn.",
            "lass",
        ),
    ] {
        let output = redacted(&engine, text);
        assert!(!output.contains(gone), "{gone:?} is left in {output}");
    }
    let output = redacted(&engine, "\"Ottilie listens. She calmed the girl who rang.\"");
    assert!(output.contains("the girl who rang"), "{output}");
}

#[test]
fn whom_the_author_deals_with_keeps_the_pronoun() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let text = "Ottilie Brandreth (she/her)

I am a surveyor and I write my own notes. My manager says that she trusts me, and I trust my team. I set my day at \
                six, I walk my round, and I file my reports.

A budget holder rang me about a fault. I asked him what he needed by noon. He needed a number, and I gave it.";
    let output = redacted(&engine, text);
    assert!(output.contains("I asked him what he needed by noon. He needed a number"), "{output}");
}
