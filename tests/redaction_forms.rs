//! Forms: options with boxes to tick, and answers whose questions got lost.

use evenhand::domain::Identity;
use evenhand::redaction::Engine;
use evenhand::rulebook::Rulebook;

fn redacted(engine: &Engine, text: &str) -> String {
    engine.redact(text, &Identity::default(), &[]).redacted
}

#[test]
fn in_monitoring_the_ticked_option_goes_wherever_its_box_stands() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    for (line, expected) in [
        ("Sex: Male [ ] Female [x]", "[ ] [GENDER] [x]"),
        ("Sex: [ ] Male [x] Female", "Sex: [ ] Male [x] [GENDER]"),
        (
            "Marital status: Single [ ] Married [x] Divorced [ ]",
            "Marital status: Single [ ] [FAMILY] [x] Divorced [ ]",
        ),
        (
            "Marital status: [ ] Single [x] Married [ ] Divorced",
            "Marital status: [ ] Single [x] [FAMILY] [ ] ",
        ),
        ("Disability: Yes [ ] No [x]", "Disability: Yes [ ] [HEALTH] [x]"),
        (
            "Orientation: ☐ opposite sex ☒ same sex ☐ both",
            "Orientation: ☐ opposite sex ☒ [ORIENTATION] ☐ both",
        ),
        (
            "Gender ☒ Male ☐ Female ☐ Other      Age ☐ 25-34 ☒ 35-44 ☐ 45-54",
            "Gender ☒ [GENDER] ☐ Female ☐ Other      Age ☐ 25-34 ☒ [AGE] ☐ 45-54",
        ),
        (
            "Relationship ☐ Married ☒ Cohabiting ☐ Single",
            "Relationship ☐ Married ☒ [FAMILY] ☐ Single",
        ),
        (
            "Disability\n☐ Yes\n☒ No\n☐ Prefer not to say",
            "Disability\n☐ Yes\n☒ [HEALTH]\n☐ Prefer not to say",
        ),
    ] {
        let text = format!("EQUALITY MONITORING\n{line}\n");
        assert!(
            redacted(&engine, &text).contains(expected),
            "{line}: {}",
            redacted(&engine, &text)
        );
    }
}

#[test]
fn outside_monitoring_no_option_is_left_that_would_tell_which_was_ticked() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    for (line, expected) in [
        ("Title: ☐ Mr ☐ Mrs ☒ Ms ☐ Mx", "Title: [GENDER]\n"),
        ("Title  Mr [ ]  Mrs [x]  Miss [ ]", "Title  [GENDER]\n"),
        ("Are you: 16-18 [ ]   19-24 [x]   25+ [ ]", "Are you: [AGE]\n"),
        ("Age group: ☐ 25-34  ☐ 35-44  ☒ 45-54", "Age group: [AGE]\n"),
        ("Do you consider yourself disabled? ☒ Yes ☐ No", "disabled? [HEALTH]\n"),
    ] {
        let text = format!("PERSONAL DETAILS\n{line}\n\nEMPLOYMENT\n2019 - now: clerk\n");
        assert!(
            redacted(&engine, &text).contains(expected),
            "{line}: {}",
            redacted(&engine, &text)
        );
    }
}

#[test]
fn a_value_without_boxes_goes_beside_one_with_boxes() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let text = "EQUALITY MONITORING\nSex: ☒ M ☐ F    Marital: never married    Dependants: ☒ elder relative\n\n\
                PERSONAL DETAILS\nSurname McGLINCHEY   Forename Fergal   Mr ☒ Mrs ☐ Ms ☐\n";
    let redacted = redacted(&engine, text);
    for word in ["☒ M ", "never married", "elder", "McGLINCHEY", "Fergal", "Mr ☒"] {
        assert!(!redacted.contains(word), "{word} is left: {redacted}");
    }
}

#[test]
fn what_is_written_behind_an_empty_box_is_not_kept_with_its_option() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    for (line, told) in [
        ("Sex ☒ M ☐ F   Age 45", "45"),
        ("Sex: ☒ Male ☐ Female   Religion: Sikh", "Sikh"),
        ("Ethnic group: ☐ White ☐ Asian ☐ Other (please state) Kurdish", "Kurdish"),
        ("Religion: ☐ None ☐ Christian ☐ Other: Sikh", "Sikh"),
    ] {
        let text = format!("EQUALITY MONITORING\n{line}\n");
        let redacted = redacted(&engine, &text);
        assert!(!redacted.contains(told), "{told} is left: {redacted}");
    }
}

#[test]
fn ticks_that_say_nothing_of_the_person_stay() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    for line in [
        "Do you hold a full driving licence? [x] Yes [ ] No",
        "I can work: [x] Mondays [ ] Tuesdays [x] Thursdays",
        "Joinery ☒ full    Plumbing ☒ good    Plastering ☒ patch and skim",
        "Marital status: ☐ Single ☐ Married ☒ Prefer not to say",
    ] {
        let text = format!("EQUALITY MONITORING\n{line}\n");
        assert_eq!(redacted(&engine, &text), text);
    }
}

#[test]
fn answers_in_a_row_go_without_their_questions() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    for (line, told) in [
        ("Tick boxes M Kashmiri Muslim Married Het", "M Kashmiri Muslim Married Het"),
        (
            "Female   55-64   White British   Christian   Married   Disabled Y   Hetero",
            "Female 55-64 British Christian Married Disabled Hetero",
        ),
        (
            "Monitoring 45-54 M White Irish Catholic single straight",
            "45-54 M Irish Catholic single straight",
        ),
        ("Female. 66. White British. RC. Heterosexual.", "Female 66 British RC Heterosexual"),
    ] {
        let text = format!("EMPLOYMENT\n2019 - now: clerk\n\n{line}\n");
        let redacted = redacted(&engine, &text);
        for word in told.split(' ') {
            let left =
                redacted.split(|c: char| !c.is_alphanumeric() && c != '-').any(|own| own == word);
            assert!(!left, "{word} is left: {redacted}");
        }
    }
}

#[test]
fn lists_of_work_and_blank_choices_are_no_answers_in_a_row() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    for line in [
        "Languages in the team: Polish, Urdu, Welsh and Somali",
        "Projects with Black, Asian and Muslim women, disabled and gay residents",
        "M F Married Single Muslim Christian",
        "Team of 12, 45 visits, Polish, Christian Aid",
    ] {
        let text = format!("EMPLOYMENT\n2019 - now: clerk\n{line}\n");
        assert_eq!(redacted(&engine, &text), text);
    }
}

#[test]
fn an_answer_behind_the_choices_or_in_a_cell_by_itself_goes() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    for (text, expected) in [
        ("Mr / Mrs / Miss / Ms   (circle)    Mrs", "Mr / Mrs / Miss / Ms   (circle)    [GENDER]"),
        ("You are called Mr, Mrs, Miss, Ms, other: Ms", "Miss, Ms, other: [GENDER]"),
        ("I have worked here.\n\nFemale   School Streets: evaluation", "[GENDER]   School"),
        ("Leisure and interests\nOud, badly. Women's swimming, Heeley.", "[GENDER]"),
        ("Works no ID-7718", "Works no [NUMBER]"),
    ] {
        let output = redacted(&engine, text);
        assert!(output.contains(expected), "{expected:?} is not in {output}");
    }
    let kept = "Post   Grade 5   Male ward";
    assert_eq!(redacted(&engine, kept), kept);
}
