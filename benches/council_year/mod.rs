//! A council's year as a table of counts: vacancies, applicants and how far they came, invented and the same every time.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Ethnic groups, by the labels that applicants choose.
pub const ETHNIC: [&str; 8] = [
    "White British",
    "White Irish",
    "Indian",
    "Pakistani",
    "Black African",
    "Black Caribbean",
    "Mixed: White and Asian",
    "Prefer not to say",
];
/// Sexes.
pub const SEX: [&str; 3] = ["Female", "Male", "Prefer not to say"];
/// Religions.
pub const RELIGION: [&str; 5] = ["Christian", "Muslim", "No religion", "Sikh", "Hindu"];
/// The stages, in order.
pub const STAGES: [&str; 5] = ["received", "shortlisted", "interviewed", "offered", "appointed"];

/// Numbers below a bound that look random and are the same every time (xorshift).
pub fn dice() -> impl FnMut(usize) -> usize {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |bound| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % bound
    }
}

/// So many vacancies with 15 to 65 applicants each, by nine characteristics, as a table that the service takes in.
pub fn year_as_table(vacancies: u64) -> String {
    let characteristics: [(&str, &[&str]); 9] = [
        ("ethnic_group", &ETHNIC),
        ("sex", &SEX),
        ("disability", &["Yes", "No", "Prefer not to say"]),
        ("religion", &RELIGION),
        ("age_band", &["Under 25", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65+"]),
        ("gender_identity", &["Same", "Different", "Prefer not to say"]),
        ("sexual_orientation", &["Heterosexual", "Gay", "Bisexual", "Prefer not to say"]),
        ("marital_status", &["Single", "Married", "Divorced"]),
        ("caring_responsibilities", &["Yes", "No"]),
    ];
    let mut next = dice();
    let mut counts: BTreeMap<(&str, &str, usize, u64), (u64, u64)> = BTreeMap::new();
    for vacancy in 0..vacancies {
        for _ in 0..15 + next(51) {
            let reached = [0, 0, 0, 0, 0, 0, 1, 2, 2, 3, 4][next(11)];
            for (characteristic, categories) in characteristics {
                // The first category is by far the largest, as it is among applicants.
                let category = categories
                    [next(2 * categories.len()) % (categories.len() + 1) % categories.len()];
                for stage in 0..=reached.min(3) {
                    let cell =
                        counts.entry((characteristic, category, stage, vacancy)).or_default();
                    *cell = (cell.0 + 1, cell.1 + u64::from(stage < reached));
                }
            }
        }
    }
    let mut table = String::from("characteristic,category,stage,stratum,entered,progressed\n");
    for ((characteristic, category, stage, vacancy), (entered, progressed)) in counts {
        let stage = STAGES[stage];
        let _ = writeln!(
            table,
            "{characteristic},{category},{stage},V{vacancy},{entered},{progressed}"
        );
    }
    table
}
