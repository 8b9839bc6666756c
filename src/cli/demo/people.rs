//! Invented people for the short applications: names of several origins, telephone numbers from the range that
//! Ofcom keeps for drama, addresses at example.com. The same number makes the same person in every run.

use serde_json::{Value, json};

/// An invented person with a short application.
pub(super) struct Person {
    /// What an ATS would send.
    pub(super) identity: Value,
    /// The answer to the one question.
    pub(super) answer: String,
}

const GIVEN: [(&str, &str); 24] = [
    ("Gurpreet", "Sahdra"),
    ("Małgorzata", "Wiśniewska"),
    ("Oluwaseun", "Adebanke"),
    ("Hannah", "Larkfield"),
    ("Yusuf", "Demirkan"),
    ("Catrin", "Llywelyn-Prys"),
    ("Thanh", "Nguyen-Vo"),
    ("Priya", "Raghunath"),
    ("Connor", "Mac Giolla"),
    ("Amina", "Warsanle"),
    ("Daniel", "Thorncroft"),
    ("Olena", "Kovalchenko"),
    ("Marcus", "Bellweather"),
    ("Zainab", "Qureshani"),
    ("Wei", "Zhaoling"),
    ("Ifeoma", "Nwachuka"),
    ("Tomasz", "Grabowiec"),
    ("Rosalind", "Penhallow"),
    ("Arjun", "Balasingham"),
    ("Fiona", "Kilbrannan"),
    ("Andrei", "Popovescu"),
    ("Kwame", "Ofosuhene"),
    ("Samira", "Haddadin"),
    ("Gethin", "Morgannwg"),
];

const OPENINGS: [&str; 6] = [
    "My name is {given} {family} and I would like to be considered for this post.",
    "Please find below my reasons for applying. I can be reached on {phone} or at {email}.",
    "I am writing to apply for the vacancy you advertised last week.",
    "Dear Recruitment Team, thank you for the clear information pack.",
    "I have followed the council's work for some time and would be glad to join it.",
    "As {given} {family} I have built up a varied record in customer-facing work.",
];

const MIDDLES: [&str; 8] = [
    "For {years} years I have answered first enquiries, sorted out what people need and passed the hard cases on with good notes.",
    "In my present role I keep a caseload of forty, meet every target date, and train new starters on the case system.",
    "I set up the callback list that cut waiting from nine days to two, and I still check it every morning.",
    "My manager would tell you that I stay calm when a conversation turns difficult, and that I write plain letters.",
    "I hold the Level 3 award in advice and guidance and finished the data protection course in spring.",
    "I moved our paper records to the shared drive, with retention dates, without losing a single file.",
    "Last winter I ran the evening desk on my own twice a week and closed the till to the penny.",
    "I led the tenants' newsletter for two years and learned to explain rent arrears without blame.",
];

const CLOSINGS: [&str; 5] = [
    "Yours faithfully, {given} {family}",
    "Kind regards, {given}\n{email}",
    "I look forward to hearing from you.",
    "Many thanks for reading this. {given} {family}, tel. {phone}",
    "I am free for interview on any weekday.",
];

/// The person of a number.
pub(super) fn person(number: usize) -> Person {
    // Given and family names are drawn apart, so that few people share both.
    let (given, _) = pick(&GIVEN, number);
    let (_, family) = pick(&GIVEN, number / 24 + number * 7);
    let user = ascii(&format!("{given}.{family}{number}"));
    let email = format!("{user}@example.com");
    let phone = format!("07700 900{:03}", number % 1000);
    let fill = |template: &str| {
        template
            .replace("{given}", given)
            .replace("{family}", family)
            .replace("{email}", &email)
            .replace("{phone}", &phone)
            .replace("{years}", &(2 + number % 9).to_string())
    };
    let answer = [
        pick(&OPENINGS, number),
        pick(&MIDDLES, number / 3),
        pick(&MIDDLES, number / 3 + 3),
        pick(&CLOSINGS, number / 2),
    ]
    .map(fill)
    .join("\n");
    Person {
        identity: json!({
            "given_names": given,
            "family_name": family,
            "email": email,
            "phone": phone,
        }),
        answer,
    }
}

fn pick<T: Copy + Default>(list: &[T], number: usize) -> T {
    list.get(number % list.len().max(1)).copied().unwrap_or_default()
}

/// Lower-case ASCII letters, digits and dots of a name, as in an e-mail address.
fn ascii(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfd()
        .flat_map(char::to_lowercase)
        .map(|character| if character == 'ł' { 'l' } else { character })
        .filter(|character| character.is_ascii_alphanumeric() || *character == '.')
        .collect()
}
