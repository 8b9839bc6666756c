//! Names of every list, put together at random, in every place where applications give them: heads, signatures, forms,
//! e-mail headers, what others say, running heads, file names. Counts the applications that still give a name away.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use evenhand::domain::Identity;
use evenhand::redaction::Engine;
use evenhand::rulebook::Rulebook;
use serde_json::json;

/// How often every passage is tried.
const NAMES: usize = 24;

/// What the applicant tracking system sent beside a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    Whole,
    Swapped,
    Mistyped,
    Nothing,
}

/// Numbers that only have to be mixed and the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count as u64) as usize
    }

    fn one_of<'a>(&mut self, words: &'a [String]) -> &'a str {
        &words[self.below(words.len())]
    }
}

/// The entries of a list, each word with a capital.
fn list(text: &str) -> Vec<String> {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty() && !line.contains(' '))
        .map(|line| line.split('-').map(capital).collect::<Vec<_>>().join("-"))
        .collect()
}

struct Names {
    given: Vec<String>,
    family: Vec<String>,
    /// Names that are ordinary words too, by whether they are given names.
    wordlike: (Vec<String>, Vec<String>),
}

impl Names {
    fn read() -> Self {
        let given = list(include_str!("../rules/lexicons/given_names.txt"));
        let family = list(include_str!("../rules/lexicons/family_names.txt"));
        let wordlike = list(include_str!("../rules/lexicons/wordlike_names.txt"));
        let common = |names: &[String]| -> Vec<String> {
            wordlike.iter().filter(|word| names.binary_search(word).is_ok()).cloned().collect()
        };
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        let (given, family) = (sorted(given), sorted(family));
        let wordlike = (common(&given), common(&family));
        Self { given, family, wordlike }
    }

    /// Three of four names are of the lists, one is an ordinary word too.
    fn draw(&self, dice: &mut Dice) -> (String, String) {
        let given = if dice.below(4) == 0 { &self.wordlike.0 } else { &self.given };
        let given = dice.one_of(given).to_owned();
        let family = if dice.below(4) == 0 { &self.wordlike.1 } else { &self.family };
        (given, dice.one_of(family).to_owned())
    }
}

/// A name with one letter left out, as clerks type it.
fn mistyped(name: &str, dice: &mut Dice) -> String {
    let letters = name.chars().count();
    if letters < 6 {
        return name.to_owned();
    }
    let gone = 2 + dice.below(letters - 3);
    name.chars().enumerate().filter(|(at, _)| *at != gone).map(|(_, letter)| letter).collect()
}

fn identity(sent: Sent, given: &str, family: &str, dice: &mut Dice) -> Identity {
    let (given, family) = match sent {
        Sent::Whole => (given.to_owned(), family.to_owned()),
        Sent::Swapped => (family.to_owned(), given.to_owned()),
        Sent::Mistyped => (mistyped(given, dice), mistyped(family, dice)),
        Sent::Nothing => return Identity::default(),
    };
    serde_json::from_value(json!({"given_names": given, "family_name": family})).unwrap()
}

fn filled(passage: &str, given: &str, family: &str) -> String {
    let first = |name: &str| name.chars().take(1).collect::<String>();
    let plain = |name: &str| -> String {
        name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
    };
    passage
        .replace("{gi}", &first(given))
        .replace("{fi}", &first(family))
        .replace("{gl}", &plain(given))
        .replace("{fl}", &plain(family))
        .replace("{g}", given)
        .replace("{f}", family)
        .replace("{G}", &given.to_uppercase())
        .replace("{F}", &family.to_uppercase())
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() > 1)
        .map(str::to_owned)
        .collect()
}

/// Whether an output has a word of the name more often than the passage had without it.
fn gives_away(output: &str, passage: &str, given: &str, family: &str) -> bool {
    let (output, passage) = (words(output), words(passage));
    let count = |list: &[String], name: &String| list.iter().filter(|word| *word == name).count();
    words(&format!("{given} {family}"))
        .iter()
        .any(|name| count(&output, name) > count(&passage, name))
}

/// The applications that give the name away, and how many were tried.
fn leaks(sent: Sent) -> (Vec<String>, usize) {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let names = Names::read();
    let passages = include_str!("fixtures/name_places.txt");
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut found = Vec::new();
    let mut tried = 0;
    for (number, passage) in passages.split("\n====\n").skip(1).enumerate() {
        for _ in 0..NAMES {
            let (given, family) = names.draw(&mut dice);
            let identity = identity(sent, &given, &family, &mut dice);
            let redaction = engine.redact(&filled(passage, &given, &family), &identity, &[]);
            tried += 1;
            if gives_away(&redaction.redacted, passage, &given, &family) {
                found.push(format!("passage {number}: {given} {family}"));
            }
        }
    }
    assert!(tried >= 300, "{tried} tried");
    (found, tried)
}

#[test]
fn no_place_gives_away_a_name_that_was_sent() {
    for sent in [Sent::Whole, Sent::Swapped] {
        let (found, tried) = leaks(sent);
        assert!(100 * found.len() <= tried, "{sent:?}: {} of {tried}: {found:#?}", found.len());
    }
}

#[test]
fn a_mistyped_name_is_found_as_well() {
    let (found, tried) = leaks(Sent::Mistyped);
    assert!(100 * found.len() <= 2 * tried, "{} of {tried}: {found:#?}", found.len());
}

#[test]
fn names_that_nobody_sent_are_found_where_they_stand() {
    let (found, tried) = leaks(Sent::Nothing);
    assert!(100 * found.len() <= 5 * tried, "{} of {tried}: {found:#?}", found.len());
}

/// The output of a text whose author the applicant tracking system names.
fn redacted(engine: &Engine, text: &str, identity: serde_json::Value) -> String {
    engine.redact(text, &serde_json::from_value(identity).unwrap(), &[]).redacted
}

#[test]
fn what_a_text_says_of_its_authors_name_goes_with_it() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let shirin = json!({"given_names": "Shirin", "family_name": "Golbaharan", "known_as": "Shiri"});
    let katya = json!({"given_names": "Kateryna", "family_name": "Vyshnevska"});
    for (text, identity, gone) in [
        ("I am Shirin. Say shee-reen, please.", &shirin, vec!["shee", "reen"]),
        ("The agency typed Sherry Golf, and then Shirin Golbaharan.", &shirin, vec!["Golbaharan"]),
        (
            "Golbaharan means Blossom. At the depot they all say Blossom to me.",
            &shirin,
            vec!["Blossom"],
        ),
        ("The rota has Sh!ri on it, and the mug says Shirin.", &shirin, vec!["Sh!ri", "Shirin"]),
        ("The portal calls me Golbaharan, Unknown.", &shirin, vec!["Unknown"]),
        ("The gang calls me Shirin the Kerb.", &shirin, vec!["Kerb"]),
        ("Yours sincerely,\n\nS. Golbaharan (s.k.g)", &shirin, vec!["s.k.g"]),
        ("Shirin, rhymes with \"green\", is easy to say.", &shirin, vec!["green"]),
        (
            "My diploma says Vyshnevska Kateryna, Petrivna.\n\nPetrivna = daughter of Petro.",
            &katya,
            vec!["Petrivna ="],
        ),
        (
            "I am Kateryna. The Bondarchuk on my degree is my maiden name.",
            &katya,
            vec!["Bondarchuk"],
        ),
        ("SIGNED KATERYNA   \"DE\" LIKE \"DAY\".", &katya, vec!["DAY"]),
        ("My mum's word for me is Zirka.", &katya, vec!["Zirka"]),
        ("My family name begins with al- and my first with N.", &katya, vec!["al-"]),
        ("At work I answer to Katya or The Prof.", &katya, vec!["The Prof"]),
        ("In Ukrainian she signs Катерина. Kateryna is calm.", &katya, vec!["Катерина"]),
    ] {
        let output = redacted(&engine, text, identity.clone());
        for word in gone {
            assert!(!output.contains(word), "{word:?} is left of {text:?}: {output}");
        }
    }
}

#[test]
fn initials_go_where_only_their_bearer_puts_them() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let osei = json!({"given_names": "Delphine", "family_name": "Quarshie"});
    for (text, gone) in [
        ("Delphine Quarshie\n\nEncs: ref_for_DQ.pdf; DQ first aid card.jpg", vec!["DQ"]),
        ("Delphine Quarshie built it. The gate stuck; D. oiled it at dawn.", vec!["D. oiled"]),
        ("Thanks for ringing.\n\n> See you Monday, Delphine.\n> D x", vec!["D x"]),
        ("Delphine Quarshie (at work \"DQ\") writes this.", vec!["\"DQ\""]),
        ("Q: I confirm that this is true\nA: DQ yes", vec!["DQ"]),
        ("Signed: D. Quarshie or DQ, as you like", vec!["DQ"]),
        ("Saved as Profile - Delphine Quarshie.pdf", vec!["Profile - "]),
        ("attached: D_Quarshie_was_Lamptey_certificates.pdf", vec!["was_Lamptey"]),
        ("Find my maps by user delphine-draws-maps.", vec!["draws-maps"]),
    ] {
        let output = redacted(&engine, text, osei.clone());
        for word in gone {
            assert!(!output.contains(word), "{word:?} is left of {text:?}: {output}");
        }
    }
    for (text, kept) in [
        ("Delphine Quarshie. Band D. applied from April.", "Band D. applied"),
        ("Delphine Quarshie chairs it. See schedule D, table Q and DQ2 below.", "schedule D"),
    ] {
        let output = redacted(&engine, text, osei.clone());
        assert!(output.contains(kept), "{kept:?} is gone from {text:?}: {output}");
    }
}
