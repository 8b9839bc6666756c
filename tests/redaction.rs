//! Redaction of short texts: names in disguise, traps, the allow list, parts, the leak gate, offsets.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use evenhand::domain::Identity;
use evenhand::redaction::{Action, Engine, Kind, Part, RedactionRequest, answer};
use evenhand::rulebook::Rulebook;
use proptest::prelude::*;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(&Rulebook::built_in().unwrap()).unwrap());

fn identity(json: &str) -> Identity {
    serde_json::from_str(json).unwrap()
}

fn redacted(text: &str, json: &str) -> String {
    ENGINE.redact(text, &identity(json), &[]).redacted
}

#[test]
fn a_name_is_found_in_every_disguise() {
    let zofia = r#"{"given_names": "Zofia", "family_name": "Wisniewska-Clarke"}"#;
    for text in [
        "by Zofia Wiśniewska-Clarke today",
        "by ZOFIA WIŚNIEWSKA-CLARKE today",
        "by Clarke, Zofia today",
        "by Z. Wisniewska-Clarke today",
        "by Z o f i a today",
        "by Wiśniew-\nska today",
        "Zofia's desk",
        "by Wisniewksa today",
        "by Wiśni\u{ad}ewska today",
        "by Wisniеwska today",
        "by Zosia today",
        "zofia_wisniewska_cv.pdf",
        "zofiawisniewska2019.docx",
        "by Zof\u{200b}ia today",
    ] {
        let out = redacted(text, zofia);
        assert!(out.contains("[NAME]"), "{text:?} became {out:?}");
        let folded = out.to_lowercase();
        for left in ["zofia", "zosia", "ewska", "ewksa", "clarke"] {
            assert!(!folded.contains(left), "{text:?} became {out:?}");
        }
    }
}

#[test]
fn a_driver_number_that_begins_with_the_candidates_name_goes_though_it_is_mistyped() {
    for (text, family) in [
        ("it reads SAHOT 793997 GK9 ZX now", "Sahota"),
        ("it reads SAHOT793997GK9ZX now", "Sahota"),
        ("it reads LI999 8O5123 W9 now", "Li"),
        ("it reads MCDON-805123-D99 now", "MacDonald"),
        ("it reads CHIKO 812058 T9KL now", "Chikowore"),
    ] {
        let json = format!(r#"{{"given_names": "Gita", "family_name": "{family}"}}"#);
        let out = redacted(text, &json);
        assert!(out.contains("it reads [") && out.contains("] now"), "{text:?} became {out:?}");
        assert!(!out.chars().any(|c| c.is_ascii_digit()), "{text:?} became {out:?}");
    }
    let kept = "it reads ORDER 793997 GK9 ZX now";
    assert_eq!(redacted(kept, r#"{"given_names": "Gita", "family_name": "Sahota"}"#), kept);
}

#[test]
fn the_town_of_the_candidates_address_goes_from_contact_lines_and_stays_in_names_of_employers() {
    let id = r#"{"full_name": "Rhiannon Ellis-Pugh", "address": ["3 Stryd Fawr", "Caernewydd", "Milton Keynes", "West Yorkshire"]}"#;
    for gone in [
        "Rhiannon Ellis-Pugh\nCaernewydd  |  07700 900123\n\nProfile\nPlanner.",
        "Rhiannon Ellis-Pugh\nMilton Keynes, West Yorkshire\n07700 900123\n\nDear panel,",
        "Dear panel,\n\nI went with the flood wardens of Caernewydd, who know me.",
        "R Ellis-Pugh, 3 Stryd Fawr, Caernewydd, Milton Keynes MK9 3AA",
    ] {
        let text = redacted(gone, id);
        for place in ["Caernewydd", "Keynes", "Yorkshire", "Stryd"] {
            assert!(!text.contains(place), "{place} in {text}");
        }
    }
    for kept in [
        "I have worked for Milton Keynes City Council since 2019.",
        "Before that I was at Milton Keynes Hospital, and I know West Yorkshire bus contracts.",
        "I wrote the plan that Caernewydd Town Council adopted in 2021.",
    ] {
        assert_eq!(redacted(kept, id), kept);
    }
}

#[test]
fn lists_of_what_a_candidate_is_go_item_by_item_and_lists_of_work_stay() {
    for (text, gone) in [
        (
            "About me\nBritish Indian. 43. Gravesend. Married with twins.",
            ["Indian", "43", "Gravesend", "Married"],
        ),
        (
            "10 | About: 30, gay, engaged to somebody; strict vegetarian",
            ["30", "gay", "engaged", "30"],
        ),
        ("Equality: female, 52, Hindu, no beef please", ["female", "52", "Hindu", "52"]),
        (
            "Honestly: 36, 24 weeks; gestational diabetes; two boys",
            ["36", "24 weeks", "diabetes", "boys"],
        ),
        ("Czech; 51; lesbian; Olomouc", ["Czech", "51", "lesbian", "51"]),
        ("She / 44 / divorced / three grown", ["She", "44", "divorced", "three"]),
    ] {
        let text = redacted(text, "{}");
        for item in gone {
            assert!(!text.contains(item), "{item} in {text}");
        }
    }
    for kept in [
        "Buses 12, 31 and 43 serve Otley, Guiseley and Yeadon.",
        "I arranged Polish speakers for the desk.",
        "The service is for lesbian, gay and trans young people.",
        "Rooms 14, 27, 31; keys 18, 44.",
    ] {
        assert_eq!(redacted(kept, "{}"), kept);
    }
}

#[test]
fn what_stands_above_a_whole_address_is_none_of_it() {
    for (text, kept, gone) in [
        (
            "Devindra Sahl\nBuilding Control Surveyor, Class 2F\n36 Lady Margaret Road, Southall UB2 4PS   07700 900574\n\nI check drawings.",
            "Building Control Surveyor, Class 2F",
            "Lady Margaret Road",
        ),
        (
            "Devindra Sahl MRTPI\nFlat 4, Beaumont Fee, Lincoln LN1 1UW\n\nI check drawings.",
            "MRTPI",
            "Beaumont Fee",
        ),
        (
            "Address            212 Corporation Road, Grimsby DN31 2LP\nMobile             07700 900933\nImmigration        share code W7T 2RN 9QE\n\nI check drawings.",
            "Immigration",
            "W7T 2RN",
        ),
        // An address in lines still goes line by line.
        (
            "Devindra Sahl\n36 Lady Margaret Road\nSouthall\nUB2 4PS\n\nI check drawings.",
            "drawings",
            "Southall",
        ),
    ] {
        let output = redacted(text, r#"{"given_names": "Devindra", "family_name": "Sahl"}"#);
        assert!(output.contains(kept) && !output.contains(gone), "{output}");
    }
}

#[test]
fn letters_behind_a_name_and_towns_of_addresses_are_no_names_to_look_for() {
    for (text, json, kept) in [
        (
            "\tCURRICULUM VITAE\n\tFOLASADE ABENI AKINWUNMI MCIPS\n\nEDUCATION\nMCIPS, membership lapsed",
            r#"{"given_names": "Folasade", "family_name": "Akinwunmi"}"#,
            "\nMCIPS, membership lapsed",
        ),
        (
            "Name: Graham Ashworth, Chartered FCIPD\n\nI have been FCIPD for years.",
            r#"{"given_names": "Graham", "family_name": "Ashworth"}"#,
            "I have been FCIPD for years.",
        ),
        (
            "LEUNG Ka Yan (Karen)\n5 Wharf Street, Warrington WA1 2GZ\n\nOfficer, Warrington Borough Council",
            r#"{"given_names": "Ka Yan", "family_name": "Leung", "known_as": "Karen"}"#,
            "Officer, Warrington Borough Council",
        ),
        // Headings that begin like labels, and heads of tables.
        (
            "CANDIDATE BRIEFING - INTERIM HEAD OF REVENUES\nNeil Haythorne\n\nA BRIEFING was held.",
            r#"{"given_names": "Neil", "family_name": "Haythorne"}"#,
            "A BRIEFING was held.",
        ),
        (
            "Petra Sloe\n\nReferees\nName | Relationship | Contact\nHannah Poole | Manager | 01632 960111\n\nMy Relationship map.",
            r#"{"given_names": "Petra", "family_name": "Sloe"}"#,
            "My Relationship map.",
        ),
        (
            "APPLICANT PORTAL: BLACKBURN WITH DARWEN\nVacancy: Road Safety\n\nI know DARWEN.",
            "{}",
            "I know DARWEN.",
        ),
        // What somebody else was formerly with, and what somebody did previously.
        (
            "Rodel Macaraeg\n\nI worked at Bibby Offshore until 2011.\n\nReferees\nCapt. Haakon Lien, formerly Bibby, 01632 960 774",
            r#"{"given_names": "Rodel", "family_name": "Macaraeg"}"#,
            "I worked at Bibby Offshore until 2011.",
        ),
        (
            "Jade templates if you must. Previously PHP at a Chester insurer. PHP is old.",
            r#"{"given_names": "Ian", "family_name": "Fairclough"}"#,
            "Previously PHP at a Chester insurer. PHP is old.",
        ),
        (
            "Mark Best\n\nref letter Balfour.pdf   90 KB\n\nWorked for Balfour Beatty as an electrician.",
            r#"{"given_names": "Mark", "family_name": "Best"}"#,
            "Beatty as an electrician",
        ),
    ] {
        let output = redacted(text, json);
        assert!(output.contains(kept), "{output}");
    }
}

#[test]
fn headings_in_parts_and_words_of_file_names_are_no_name_to_look_for() {
    for (text, json, kept) in [
        (
            "== CANDIDATE EXPORT == Harrogate Council == Vehicle and Driver Checks Officer (Taxi) ==\n\n\
             I inspect a vehicle before each Taxi hearing.",
            "{}",
            "I inspect a vehicle before each Taxi hearing.",
        ),
        (
            "Attach: OHB_nomination.docx\n\nPlease accept this nomination.",
            r#"{"given_names": "Ottilie Hester", "family_name": "Brandreth"}"#,
            "Please accept this nomination.",
        ),
    ] {
        let output = redacted(text, json);
        assert!(output.contains(kept), "{output}");
    }
}

#[test]
fn every_spelling_form_and_short_name_goes() {
    for (text, given, family, left) in [
        ("by Manprit Sandhu today", "Manpreet", "Sandhu", "Manprit"),
        ("by Georgi Dimitroff today", "Georgi", "Dimitrov", "Dimitroff"),
        ("my wife is Ms Kazlauskiene too", "Jonas", "Kazlauskas", "Kazlauskiene"),
        ("by Sinéad Ní Dhomhnaill today", "Sinead", "O'Donnell", "Dhomhnaill"),
        ("by B. Chattopadhyay today", "Bishwajit", "Chatterjee", "Chattopadhyay"),
        ("the bank has O Sullivan M.P. on it", "Mícheál", "Ó Súilleabháin", "Sullivan"),
        ("NICLEÒID, M. A.", "Mòrag", "MacLeod", "NICLE"),
        ("the lads say Sully", "Tom", "Sullivan", "Sully"),
        ("sign: Nic Leod", "Morag", "Nicleod", "Leod"),
        ("Wong Tai Man", "Tai Man", "Huang", "Wong"),
        ("Siva-\nlingam T closed it", "Thiru", "Sivalingam", "lingam"),
        ("log in as vpapanik on Teams", "Vangelis", "Papanikolaou", "papanik"),
        ("file osei_kwabena_v2.pdf", "Kwabena", "Osei", "osei"),
        ("spelt S-z-c-z-e-s-n-y", "Przemyslaw", "Szczesny", "S-z"),
        ("by Nourah bint Saleh today", "Noura", "Mansouri", "Saleh"),
        ("by Iolo bach today", "Iolo", "Gruffydd", "bach"),
        ("Kuya Joey Villanueva cooked", "Jose", "Villanueva", "Kuya"),
        ("the deanery has Christina T", "Khrystyna", "Tkachuk", "Christina"),
        ("signed A.S.B-H. on it", "Akosua Serwaa", "Boateng-Hughes", "A.S."),
        ("Gosia, Gosha, Margaret Nowak and Niunia", "Malgorzata", "Nowak", "Niunia"),
    ] {
        let json = format!(r#"{{"given_names": "{given}", "family_name": "{family}"}}"#);
        let out = redacted(text, &json);
        assert!(!out.contains(left), "{text:?} became {out:?}");
    }
}

#[test]
fn a_text_that_speaks_of_its_authors_name_gives_it_away_to_the_rules() {
    for (text, left) in [
        ("My name is spelt Xanthoulla, and the badge says Xanthi.", vec!["Xanth"]),
        ("Names: call me Zivko. It is said ZHIV-ko.", vec!["Zivko", "ZHIV"]),
        ("Surnarne   Qorbani   First narne   Farzin", vec!["Qorbani", "Farzin"]),
        ("> Dear Mr Oyelaran,\n> thank you", vec!["Oyelaran"]),
        ("EBUKA NWANKWO\nAnalyst\n\nI run the desk.", vec!["EBUKA", "NWANKWO"]),
        ("name: jodie brimble\nI fix roads.", vec!["jodie", "brimble"]),
        ("DESMOND \"DEZZIE\" CAMPBELL\nDriver\n\nI drive.", vec!["DESMOND", "DEZZIE", "CAMPBELL"]),
        ("I am Fung Wai Man; ask me anything.", vec!["Fung", "Wai Man"]),
    ] {
        let out = redacted(text, "{}");
        for name in left {
            assert!(!out.contains(name), "{text:?} became {out:?}");
        }
    }
}

#[test]
fn other_people_are_known_by_first_name_relation_initials_and_address() {
    for (text, left) in [
        (
            "Married to Kalaivani; sons Ilango and Arul, 12 and 9.",
            vec!["Kalaivani", "Ilango", "Arul"],
        ),
        ("a son who is autistic, Kuba, and I", vec!["Kuba"]),
        ("We stayed on. Gemma and Uzma withdrew their notices.", vec!["Gemma", "Uzma"]),
        ("Chef there is Mick Grange.", vec!["Mick", "Grange"]),
        ("form seen, checked T.O. and Rec'd MN 26/1", vec!["T.O", "MN"]),
        ("Bohumil Sedlacek, bsedlacek@example.net", vec!["Bohumil", "Sedlacek"]),
        ("Sister Bernie wrote to my matron", vec!["Bernie"]),
        ("Revd Paul Church, 07700 900417", vec!["Paul", "Church"]),
    ] {
        let out = redacted(text, "{}");
        for name in left {
            assert!(!out.contains(name), "{text:?} became {out:?}");
        }
    }
}

#[test]
fn whoever_stands_beside_a_number_or_address_is_a_person() {
    for referees in [
        "A. BROWNE 01632 960.611",
        "S. BRENT, S.BRENT@EXAMPLE.COM",
        "Ed Tarling, 01632 960 838",
        "Ann Bell, head@example.net; Rosalind Hill, 01632 960 085.",
        "Shawn Church, site manager, 01632 960 085 / Janek Wharf, 01632 960 086",
    ] {
        let text = format!("Zofia Kowal\nI ran a depot.\n\nREFEREES\n{referees}\n");
        let out = redacted(&text, r#"{"given_names": "Zofia", "family_name": "Kowal"}"#);
        for word in ["BROWNE", "BRENT", "Tarling", "Bell", "Hill", "Ed ", "Church", "Wharf"] {
            assert!(!out.contains(word), "{referees:?} became {out:?}");
        }
    }
    let kept = redacted("Town Hall, 01632 960 085; Grove Centre, 01632 960 086", "{}");
    assert!(kept.contains("Town Hall") && kept.contains("Grove Centre"), "{kept}");
}

#[test]
fn a_name_nobody_sent_is_read_from_its_place() {
    for (text, name) in [
        ("I ran a depot and I count the hours. All my own work. J. March", "J. March"),
        ("I ran a depot.\n\nI never walk past a fault.\n\nH. Lane", "H. Lane"),
        ("I ran a depot.\n\nI never walk past a fault.\n\nZé\n07700 900476", "Zé"),
        ("A L - J U B O U R I ,  N O O R\nDental Nurse\nI ran a clinic.", "J U B"),
        ("D ò m h n a l l ,  C a t r ì o n a\nNurse\nI ran a clinic.", "C a t"),
        (
            "sh.golmohammadi@example.com\nI ran a lab. See Golmohammadi, S. in the journal.",
            "Golmohammadi, S",
        ),
    ] {
        let out = redacted(text, "{}");
        assert!(!out.contains(name) && out.contains("[NAME]"), "{text:?} became {out:?}");
    }
    // An address of a team says what it works on.
    let out = redacted("flood.signals@example.org\nI repair signals after a flood.", "{}");
    assert!(out.contains("repair signals after a flood"), "{out}");
    let tejinder = r#"{"given_names": "Tejinder", "email": "tp.rakhra@example.com"}"#;
    let out =
        redacted("\"TP tells you the price before you ask.\" The workshop says TP.", tejinder);
    assert!(!out.contains("TP"), "{out}");
    let out =
        redacted("Lithuanian register, R. Kaur, 694417, since 2019", r#"{"family_name": "Kaur"}"#);
    assert!(!out.contains("694417") && out.contains("2019"), "{out}");
}

#[test]
fn what_a_blank_form_offers_is_no_answer() {
    for blank in [
        "Sex: Male / Female (delete as appropriate)",
        "Title: Mr / Mrs / Miss / Ms",
        "Marital status: Single / Married / Divorced / Civil partnership",
        "Religion: Christian / Muslim / Hindu / None",
        "Disability: Yes / No",
    ] {
        assert_eq!(redacted(blank, "{}"), blank);
    }
    for answer in [
        "Sex: Female",
        "Ethnic origin: White / Black Caribbean",
        "Ethnic origin: Black / African / Yoruba / Nigerian / British",
        "Religion: Christian / Protestant / Presbyterian",
        "Disability: I cannot stand or lift or bend or kneel or climb",
        "Gender: a woman, born male or so they thought",
        "Pronouns: he/him",
        "Title: Mrs",
    ] {
        assert!(redacted(answer, "{}").contains('['), "{answer}");
    }
}

#[test]
fn people_are_known_by_the_post_or_verb_beside_them() {
    for (text, name) in [
        ("I worked with physio Ed Tarling on the pathway.", "Tarling"),
        ("Line manager there: Rose Bowyer.", "Bowyer"),
        ("I learned from Jack Gaze, a marshman, to wait.", "Gaze"),
        ("The commissioner, Gbemi Alade-Cole, put it in the report.", "Gbemi"),
        ("We are newly wed. Mitali is a radiographer.", "Mitali"),
        ("\"I was rude to them once. Never again.\" Stan, eels", "Stan"),
        ("My missus works in your finance team: Parveen.", "Parveen"),
        ("REFEREE Wong Yuk-fan, former manager", "-fan"),
    ] {
        let out = redacted(text, r#"{"given_names": "Zofia", "family_name": "Kowal"}"#);
        assert!(!out.contains(name), "{text:?} became {out:?}");
    }
}

#[test]
fn words_that_are_also_names_stay_where_they_are_words() {
    for (text, given, family) in [
        ("May is our quiet month and we use May and June to plan.", "May", "Holt"),
        ("Will people change? Many will.", "Will", "Chase"),
        ("I chase debts. Chase debts, but fairly.", "Devon", "Chase"),
        ("The Grant Officer met us in the Rose Garden.", "Rose", "Grant"),
        ("I worked at Reading Borough Council for years.", "Ann", "Reading"),
        ("The Mark Lane test and the Grace Darling fund.", "Grace", "Mark"),
        ("The bottle banks and the bank holiday rota.", "Will", "Banks"),
        ("Can an officer be quick? Yes, I can. Can you drive?", "Can", "Yildirim"),
    ] {
        let json = format!(r#"{{"given_names": "{given}", "family_name": "{family}"}}"#);
        let out = ENGINE.redact(text, &identity(&json), &[]);
        assert_eq!(out.redacted, text);
        assert!(out.released);
    }
}

#[test]
fn words_that_are_also_names_go_where_they_are_names() {
    for (text, given, family, left) in [
        ("Hi Will, sorry about the form.", "William", "Banks", "Will,"),
        ("It is called the Marsh code here.", "Devon", "Marsh", "Marsh"),
        ("Yours sincerely,\n\nGrace", "Grace", "Hill", "Grace"),
        ("Signed W Banks", "Will", "Banks", "Banks"),
        ("as Mr Can Yildirim told us", "Can", "Yildirim", "Can "),
    ] {
        let json = format!(r#"{{"given_names": "{given}", "family_name": "{family}"}}"#);
        let out = redacted(text, &json);
        assert!(!out.contains(left), "{text:?} became {out:?}");
    }
}

#[test]
fn work_that_names_a_characteristic_stays() {
    for text in [
        "Jordan's Principle is a good rule for any council.",
        "I met the Christian Aid partnership group and the Muslim Burial Council.",
        "Baker Street frontage, the Black Country Living Museum, a white paper reminder.",
        "Young people's services and a maternity cover post.",
        "Systems: Ruby on Rails, Jade case management, Python.",
        "I covered a colleague's maternity leave at the next grade.",
        "I worked at a women's refuge for three years.",
        "Housing Act 1996 and the Children Act 1989.",
        "I managed a team of 14 staff and a budget of 486000 in 2019.",
        "Syrian resettlement scheme and homes for refugee families.",
        "Mental Health First Aid, and training on autism awareness.",
    ] {
        assert_eq!(redacted(text, "{}"), text);
    }
}

#[test]
fn pronouns_about_the_candidate_become_neutral_and_the_sentence_still_reads() {
    let annie = r#"{"given_names": "Annie", "family_name": "Nguyen"}"#;
    for (text, expected) in [
        (
            "Annie is calm. She carries sixty cases and she's never late.",
            "[NAME] is calm. They carry sixty cases and they're never late.",
        ),
        (
            "Annie knows her own mind. I would hire her again.",
            "[NAME] knows their own mind. I would hire them again.",
        ),
        ("Annie met a mother. She wept.", "[NAME] met a mother. She wept."),
    ] {
        assert_eq!(redacted(text, annie), expected);
    }
}

#[test]
fn a_reference_goes_on_about_the_candidate_past_people_whom_the_pronoun_cannot_mean() {
    let asha = r#"{"title": "Mrs", "given_names": "Asha", "family_name": "Menon"}"#;
    let nomination = "Nominated by Tom Birtles, Head of Highways.\n\n\
        Mrs Menon joined us in 2019. She rebuilt the gully programme. A man from the contractor shouted and she let \
        him finish. He apologised.\n\n\
        She then sat with Gareth Pryce from finance until she understood the recharge. In 2023 a resident fell near \
        her site.";
    assert_eq!(
        redacted(nomination, asha),
        "Nominated by [PERSON 1], Head of Highways.\n\n\
        [NAME] joined us in 2019. They rebuilt the gully programme. A man from the contractor shouted and they let \
        him finish. He apologised.\n\n\
        They then sat with [PERSON 2] from finance until they understood the recharge. In 2023 a resident fell near \
        their site."
    );
    let letter = "My manager wrote: \"Mrs Menon knows every grate. Undertakers obey her.\"\n\n\
        Last week a tenant rang. She was locked out, and I drove to her flat.";
    assert_eq!(
        redacted(letter, asha),
        "My manager wrote: \"[NAME] knows every grate. Undertakers obey them.\"\n\n\
        Last week a tenant rang. She was locked out, and I drove to her flat."
    );
}

#[test]
fn what_the_candidate_is_said_to_be_goes_and_what_others_are_stays() {
    let neil = r#"{"given_names": "Neil", "family_name": "Whitby"}"#;
    for (text, expected) in [
        (
            "\"Neil is a gentleman, and the crews trust him.\"",
            "\"[NAME] is [GENDER], and the crews trust them.\"",
        ),
        (
            "Neil has always been the quiet lad in bay six.",
            "[NAME] has always been [GENDER] in bay six.",
        ),
        ("Some think Neil is a woman's name.", "Some think [NAME] is [GENDER]."),
        ("Neil met a woman of eighty.", "[NAME] met a woman of eighty."),
        ("Neil is a woman's best advocate here.", "[NAME] is a woman's best advocate here."),
        ("Neil is our planner. A man rang.", "[NAME] is our planner. A man rang."),
    ] {
        assert_eq!(redacted(text, neil), expected);
    }
}

#[test]
fn a_name_whose_letters_were_misread_on_their_way_is_a_name_on_either_side() {
    let sion = r#"{"given_names": "Siôn", "family_name": "Huws"}"#;
    let text = "First name: SiÃ´n\nI am SiÃ´n Huws, and SiÃ´nâ€™s crew knows me. CafÉ–bar.";
    assert_eq!(
        redacted(text, sion),
        "First name: [NAME]\nI am [NAME], and [NAME]â€™s crew knows me. CafÉ–bar."
    );
    let misread = r#"{"given_names": "SiÃ´n", "family_name": "Huws"}"#;
    assert_eq!(redacted("Siôn and Sion sign.", misread), "[NAME] and [NAME] sign.");
}

#[test]
fn a_label_beside_another_column_takes_no_part_of_a_count() {
    let form = "National Insurance          EPC modelling for 14,000 flats; wrote\n\
        QQ 25 61 09 D               the tool";
    assert_eq!(
        redacted(form, "{}"),
        "National Insurance          EPC modelling for 14,000 flats; wrote\n\
        [NI NUMBER]               the tool"
    );
}

#[test]
fn titles_of_others_stay_where_a_letter_is_addressed_or_people_are_listed() {
    let asha = r#"{"given_names": "Asha", "family_name": "Menon"}"#;
    assert_eq!(
        redacted(
            "Dear Ms Hebden,\n\nI am Mrs Asha Menon.\n\nREFEREES\nMrs Judith Wynne, manager",
            asha
        ),
        "Dear Ms [PERSON 1],\n\nI am [NAME].\n\nREFEREES\nMrs [REFEREE 1], manager"
    );
}

#[test]
fn verbs_and_comparisons_are_nobody_whom_a_pronoun_could_mean() {
    let asha = r#"{"title": "Mrs", "given_names": "Asha", "family_name": "Menon"}"#;
    assert_eq!(
        redacted(
            "Asha Menon is calm. I would miss her. She is like a sister to us and she listens.",
            asha
        ),
        "[NAME] is calm. I would miss them. They are like a sister to us and they listen."
    );
}

#[test]
fn what_referees_call_the_candidate_goes_and_clients_stay() {
    for (text, gone) in [
        ("Ref: \"Knows the kerbs. A proper lady, too.\"", "lady"),
        ("Our solicitor certifies that we are the same woman.", "woman"),
        ("Appraisal: \"Best fault man on the contract.\"", "man on"),
    ] {
        assert!(!redacted(text, "{}").contains(gone), "{text}");
    }
    for kept in ["A lady of eighty asked for the ramp.", "The man at the counter had no papers."] {
        assert_eq!(redacted(kept, "{}"), kept);
    }
}

#[test]
fn a_name_that_is_a_word_goes_where_a_quotation_begins_with_it_or_it_is_explained() {
    let hope = r#"{"given_names": "Hope", "family_name": "Winter"}"#;
    assert_eq!(
        redacted("\"Hope inherited a mess.\"\n\"Winter, as we call them, sorted it.\"", hope),
        "\"[NAME] inherited a mess.\"\n\"[NAME], as we call them, sorted it.\""
    );
    let kept = "We live in hope and winter is hard. Hope is not a plan.";
    assert_eq!(redacted(kept, hope), kept);
}

#[test]
fn numbers_behind_letters_of_membership_and_posts_go_and_counts_stay() {
    assert_eq!(
        redacted("I hold MCIWEM, 1106273, tester ID BHAM4418 and technician IR 20883.", "{}"),
        "I hold MCIWEM, [NUMBER], tester ID [NUMBER] and technician [NUMBER]."
    );
    let kept = "We surveyed 118402 homes; EN 12464 applies; inspector 2019 review.";
    assert_eq!(redacted(kept, "{}"), kept);
}

#[test]
fn what_the_vacancy_asks_for_is_kept_and_the_trace_says_so() {
    let allow = ["Punjabi".to_owned()];
    let out = ENGINE.redact(
        "I speak Punjabi and Urdu at home. Ring 07700 900142.",
        &identity("{}"),
        &allow,
    );
    assert!(out.redacted.contains("Punjabi"), "{}", out.redacted);
    assert!(!out.redacted.contains("900142"));
    let kept: Vec<_> = out.spans.iter().filter(|span| span.action == Action::Keep).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].rule.as_str(), "vacancy.allowed");
}

#[test]
fn an_allow_list_cannot_keep_a_direct_identifier() {
    let allow = ["jo.bell@example.com".to_owned()];
    let out = ENGINE.redact("Write to jo.bell@example.com", &identity("{}"), &allow);
    assert!(!out.redacted.contains("jo.bell"));
}

#[test]
fn a_name_that_one_part_states_is_removed_from_all_and_people_keep_their_numbers() {
    let parts = [
        Part {
            label: "form",
            text: "Surname: Oyelaran\nFirst name: Temitayo\nREFEREES\nDionne Fairweather, Team Manager",
        },
        Part { label: "letter", text: "Temitayo works with Dionne Fairweather. Oyelaran's rota." },
    ];
    let outs = ENGINE.redact_parts(&parts, &identity("{}"), &[]);
    assert_eq!(outs[1].redacted, "[NAME] works with [REFEREE 1]. [NAME]'s rota.");
    assert!(outs[0].redacted.contains("[REFEREE 1]"));
}

#[test]
fn offsets_count_unicode_scalars_of_the_input() {
    let text = "For 𝒳𝒳: Bhraona\u{301}in, tel 07700 900142";
    let out = ENGINE.redact(text, &identity(r#"{"family_name": "Bhraonáin"}"#), &[]);
    let characters: Vec<char> = text.chars().collect();
    let found: Vec<(Kind, String)> = out
        .spans
        .iter()
        .map(|span| (span.kind, characters[span.start..span.end].iter().collect()))
        .collect();
    assert_eq!(
        found,
        [(Kind::Name, "Bhraona\u{301}in".to_owned()), (Kind::Phone, "07700 900142".to_owned())]
    );
}

#[test]
fn the_answer_has_the_shape_of_the_contract() {
    let request: RedactionRequest = serde_json::from_str(
        r#"{"id": 7, "text": "Tel 07700 900142", "identity": {"phone": "07700900142"}, "extra": 1}"#,
    )
    .unwrap();
    let value = serde_json::to_value(answer(&ENGINE, request)).unwrap();
    assert_eq!(value["id"], 7);
    assert_eq!(value["redacted"], "Tel [PHONE]");
    assert_eq!(value["released"], true);
    assert_eq!(value["spans"][0]["start"], 4);
    assert_eq!(value["spans"][0]["end"], 16);
    assert_eq!(value["spans"][0]["kind"], "phone");
    assert_eq!(value["spans"][0]["action"], "mask");
}

#[test]
fn labels_that_a_template_or_an_agency_left_hide_nothing_else() {
    let text = "Candidate profile\n[NAME]\n[EMAIL] | [PHONE]\n\n[NAME] is a mother of three. She was born in Karachi and speaks \
                Urdu. I am a 47 year old Muslim woman.\nAddress: 14 Oak Street, Leeds\n\
                NMC PIN 98A1234E\nReferee: Mrs Jane Thornton, Head of Service, 07700 900123\nI have multiple sclerosis.\n\
                She has managed the depot since 2019.\n";
    let out = redacted(text, "{}");
    for part in [
        "47",
        "Muslim",
        "mother",
        "Karachi",
        "Urdu",
        "Oak Street",
        "98A1234E",
        "Thornton",
        "sclerosis",
        " She ",
    ] {
        assert!(!out.contains(part), "{part}: {out}");
    }
    for part in ["[NAME]\n[EMAIL] | [PHONE]", "managed the depot since 2019", "Head of Service"] {
        assert!(out.contains(part), "{part}: {out}");
    }
}

#[test]
fn what_is_added_to_a_redacted_text_is_redacted() {
    let old = "I am a Sikh and a mother of two. I have epilepsy. My wife is from Poland.\nI went to Eton College.\n";
    let once = redacted(old, "{}");
    assert_eq!(redacted(&once, "{}"), once, "nothing is left to find");
    let new = "I have dyslexia.\nI am a practising Catholic.\nI was born in Nigeria.\n";
    let out = redacted(&format!("{once}\n{new}"), "{}");
    for part in ["dyslexia", "Catholic", "Nigeria"] {
        assert!(!out.contains(part), "{part}: {out}");
    }
}

#[test]
fn what_is_said_plainly_of_the_candidate_goes_and_a_pronoun_is_no_name() {
    let text = "Name: Ayesha Khan\n\nI am a 47 year old Muslim woman.\nAyesha is a 47-year-old Muslim.\n\
                She is 47 years old.\nShe is a practising Muslim and speaks Urdu.\nAyesha is gay and married to Sarah.\n";
    let out = redacted(text, "{}");
    for part in ["47", "Muslim", "Urdu", "gay", "Sarah", "She", "Ayesha"] {
        assert!(!out.contains(part), "{part}: {out}");
    }
    assert!(out.contains("They are [AGE]") && out.contains("They are [RELIGION"), "{out}");
}

#[test]
fn what_is_said_of_the_candidate_by_that_word_or_in_an_aside_goes_and_their_work_stays() {
    let said = [
        ("Farah, 47, is a Muslim.", ["47", "Muslim"]),
        ("Farah, a mother of two, works in planning.", ["mother", "of two"]),
        ("The candidate is a Muslim woman with epilepsy.", ["Muslim", "epilepsy"]),
        ("The candidate, who is deaf, works well in teams.", ["deaf", "is d"]),
        ("This candidate uses a wheelchair.", ["wheelchair", "a wheel"]),
        ("Our candidate grew up in care.", ["up in care", "grew up"]),
        ("Applicant has two children.", ["two children", "children"]),
    ];
    let work = "The candidate manages a team of twelve and runs Diwali events for the council.";
    let lines: Vec<&str> = said.iter().map(|(line, _)| *line).collect();
    let text = format!("Candidate profile\n\n{}\n{work}\n", lines.join("\n"));
    let out = redacted(&text, r#"{"given_names": "Farah", "family_name": "Hussain"}"#);
    for (line, parts) in said {
        for part in parts {
            assert!(!out.contains(part), "{line}: {part}\n{out}");
        }
    }
    assert!(out.contains("a team of twelve and runs Diwali events for the council"), "{out}");
    // Who says "I" throughout and has dealt with candidates does not speak of themselves.
    let told = "I ran the panel. I saw that the candidate uses a wheelchair. I booked a room on the ground floor.\n";
    assert!(redacted(told, "{}").contains("uses a wheelchair"));
}

#[test]
fn plain_needs_and_plans_of_the_candidate_go_and_what_they_did_for_others_stays() {
    let said = [
        ("I need a prayer room.", "prayer room"),
        ("I would be grateful for breaks for prayer.", "prayer"),
        ("I am a woman with MS.", "MS"),
        ("I'm someone who lives with bipolar disorder.", "bipolar"),
        ("I plan to retire at 66.", "66"),
        ("I retire in two years.", "two years"),
    ];
    for (line, part) in said {
        let out = redacted(&format!("{line}\n"), "{}");
        assert!(!out.contains(part), "{line}: {out}");
    }
    let work = "I set up a prayer room for the college. I advise staff who retire in two years.\n";
    assert_eq!(redacted(work, "{}"), work);
}

#[test]
fn what_others_say_of_the_candidate_is_read_as_what_the_candidate_says() {
    let said = [
        ("Farah is 47 and lives in Bradford.", ["47", "Bradford"]),
        ("She has type 1 diabetes.", ["type 1", "diabetes"]),
        ("She uses a wheelchair.", ["wheelchair", "uses a w"]),
        ("She goes to church every Sunday.", ["church", "Sunday"]),
        ("Farah is Jewish and keeps kosher.", ["Jewish", "kosher"]),
        ("Farah is married with three children.", ["married", "children"]),
        ("Her husband works nights.", ["husband", "Her"]),
        ("She is pregnant and due in May.", ["pregnant", "May"]),
        ("Farah grew up in care.", ["up in care", "Farah"]),
        ("She volunteers at her local mosque.", ["mosque", "her"]),
        ("Her first language is Polish.", ["Polish", "first language"]),
    ];
    let lines: Vec<&str> = said.iter().map(|(line, _)| *line).collect();
    let work = "Farah manages a team of twelve. She runs the Diwali market for the council and supports disabled tenants.";
    let text = format!("Candidate profile\n\n{}\n\n{work}\n", lines.join("\n"));
    let out = redacted(&text, r#"{"given_names": "Farah", "family_name": "Hussain"}"#);
    for (line, parts) in said {
        for part in parts {
            assert!(!out.contains(part), "{line}: {part}\n{out}");
        }
    }
    for part in
        ["a team of twelve", "the Diwali market for the council", "supports disabled tenants"]
    {
        assert!(out.contains(part), "{part}\n{out}");
    }
}

#[test]
fn hostile_text_is_answered_with_sound_spans() {
    for text in [
        "@".repeat(20_000),
        "a.".repeat(20_000),
        "A ".repeat(20_000),
        "1 ".repeat(20_000),
        "Name: ".repeat(5_000),
        "[NAME".repeat(5_000),
        "I am a ".repeat(5_000),
        "\u{301}".repeat(20_000),
        "Mr ".repeat(10_000),
    ] {
        let out =
            ENGINE.redact(&text, &identity(r#"{"given_names": "Ann", "family_name": "Lee"}"#), &[]);
        assert!(out.spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }
}

/// Words that rules react to, to build texts from.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Sahota".to_owned()),
        Just("Gurpreet".to_owned()),
        Just("Name:".to_owned()),
        Just("Mrs".to_owned()),
        Just("she".to_owned()),
        Just("07700 900142".to_owned()),
        Just("I am a Sikh girl".to_owned()),
        Just("my wife".to_owned()),
        Just("aged 45".to_owned()),
        Just("[NAME]".to_owned()),
        Just("\n".to_owned()),
        Just("\n\nEDUCATION\n".to_owned()),
        Just("Hull University 1998".to_owned()),
        Just("e\u{301}𝒳".to_owned()),
        "[a-zA-Z,.:()'-]{1,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn spans_never_overlap_and_rebuild_the_output(words in prop::collection::vec(word(), 0..40)) {
        let text = words.join(" ");
        let out = ENGINE.redact(&text, &identity(r#"{"given_names": "Gurpreet", "family_name": "Sahota"}"#), &[]);
        let characters: Vec<char> = text.chars().collect();
        let mut rebuilt = String::new();
        let mut at = 0;
        for span in &out.spans {
            prop_assert!(span.start >= at && span.start < span.end && span.end <= characters.len());
            rebuilt.extend(&characters[at..span.start]);
            rebuilt.push_str(&span.replacement);
            at = span.end;
        }
        rebuilt.extend(&characters[at..]);
        prop_assert_eq!(rebuilt, out.redacted);
    }

    #[test]
    fn redacting_twice_is_redacting_once(words in prop::collection::vec(word(), 0..24)) {
        let known = identity(r#"{"given_names": "Gurpreet", "family_name": "Sahota"}"#);
        let once = ENGINE.redact(&words.join(" "), &known, &[]);
        let twice = ENGINE.redact(&once.redacted, &known, &[]);
        let names = |text: &str| text.contains("Sahota") || text.contains("Gurpreet");
        prop_assert!(!names(&twice.redacted));
        // What a removal leaves beside it may show the next passage; what was a label stays one.
        prop_assert!(twice.redacted.matches('[').count() >= once.redacted.matches('[').count());
    }

    #[test]
    fn a_fuller_identity_leaves_no_more_of_the_name(words in prop::collection::vec(word(), 0..40)) {
        let text = words.join(" ");
        let left = |json: &str| {
            let out = redacted(&text, json);
            out.matches("Sahota").count() + out.matches("Gurpreet").count()
        };
        let none = left("{}");
        let half = left(r#"{"family_name": "Sahota"}"#);
        let whole = left(r#"{"given_names": "Gurpreet", "family_name": "Sahota"}"#);
        prop_assert!(whole <= half && half <= none, "{whole} {half} {none}");
    }

    #[test]
    fn a_released_output_never_holds_the_name(words in prop::collection::vec(word(), 0..40)) {
        let text = words.join(" ");
        let out = ENGINE.redact(&text, &identity(r#"{"given_names": "Gurpreet", "family_name": "Sahota"}"#), &[]);
        if out.released {
            prop_assert!(!out.redacted.contains("Sahota") && !out.redacted.contains("Gurpreet"));
        }
    }
}

#[test]
fn whoever_is_dealt_with_or_handled_the_form_is_a_person() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let identity = identity(r#"{"given_names": "Ottilie", "family_name": "Brandreth"}"#);
    for (text, gone) in [
        ("The post manages Aoife Tullagh and two trainees.", "Aoife"),
        ("The night gang, under Les Harbin, said so.", "Harbin"),
        ("I rang Gwynno at the estates office.", "Gwynno"),
        ("[Portal > answers > printed by KT 14 May 2026]", "KT"),
        ("I took half of Rhodri's surname.", "Rhodri"),
        ("Ring me, or my daughter sadiya 07700 900117.", "sadiya"),
        ("The drivers' rep, Big Shug Baird, was against it.", "Big"),
        ("REFEREES\nMurdo \"Safety\" Nicolson, retired Clerk of Works. 07700 900741", "Safety"),
    ] {
        let output = engine.redact(text, &identity, &[]).redacted;
        assert!(!output.contains(gone), "{gone:?} is left of {text:?}: {output}");
    }
    for (text, kept) in [
        ("I rang Payroll about it.", "Payroll"),
        ("Award in Managing Food Safety, and a good one.", "Food Safety"),
        ("Contact: Hull Museums, 01632 960111", "Hull Museums"),
    ] {
        let output = engine.redact(text, &identity, &[]).redacted;
        assert!(output.contains(kept), "{kept:?} is gone from {text:?}: {output}");
    }
}

#[test]
fn what_is_no_number_school_age_or_person_stays() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let identity = identity(r#"{"given_names": "Ottilie", "family_name": "Brandreth"}"#);
    for (text, kept) in [
        ("IT WAS 24 PER CENT IN MAY.", "WAS 24 PER CENT"),
        ("ROSPA inspector since 2025. I plan every Sunday.", "2025. I plan"),
        ("First name | Ottilie\nMiddle names | Rose\nLast name | Brandreth", "Middle names"),
        ("I was nine years on the parish committee.", "nine years on"),
        ("He asked to be put down as \"housewife\".", "\"housewife\""),
        ("There was an old gentleman on the ward.", "gentleman"),
        ("I am a Fellow of the institute.", "a Fellow of"),
        ("Recovery driver for Balfour Beatty in Hull.", "Balfour Beatty"),
        ("The Royal Signals laid the cable for the depot.", "Royal Signals"),
    ] {
        let output = engine.redact(text, &identity, &[]).redacted;
        assert!(output.contains(kept), "{kept:?} is gone from {text:?}: {output}");
    }
}

#[test]
fn a_form_in_rows_keeps_its_captions_beside_an_address() {
    let form = "Street | 14 Tarn Rise\nTown | Kirkby Moss\nCounty | Durham\nPostcode | DH1 9ZZ";
    let output = redacted(form, "{}");
    for caption in ["Street", "Town", "County", "Postcode"] {
        assert!(output.contains(caption), "{caption} is gone: {output}");
    }
    for place in ["Tarn", "Kirkby", "Durham", "DH1"] {
        assert!(!output.contains(place), "{place} is left: {output}");
    }
}
