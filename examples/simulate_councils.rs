//! What the verdicts are worth: simulated councils with a known truth. Prints, as a table, how often an audit finds a
//! gap where there is none, once and when read every week for a year; how often it finds one that is there; and how
//! often intervals hold the true ratio.
//!
//! `cargo run --release --example simulate_councils [COUNCILS] [SEED] [COUNCILS AUDITED WEEKLY]`

use std::error::Error;

use evenhand::fairness::evidence::{ConditionalProcess, Prior};
use evenhand::fairness::{AuditRequest, Cell, Counts, Looks, Table, Verdict, audit, power, ratio};
use evenhand::rulebook::Rulebook;

/// A 64-bit xorshift* generator (Vigna 2016): the same seed gives the same table.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, bound: u64) -> u64 {
        (self.uniform() * bound as f64) as u64
    }

    fn selected(&mut self, people: u64, rate: f64) -> u64 {
        (0..people).filter(|_| self.uniform() < rate).count() as u64
    }
}

/// The shares of groups of three characteristics, roughly as in a West Midlands council.
const GROUPS: [(&str, &[(&str, f64)]); 3] = [
    (
        "ethnic_group",
        &[
            ("white_british", 0.62),
            ("asian_indian", 0.12),
            ("asian_pakistani", 0.08),
            ("black_african", 0.08),
            ("black_caribbean", 0.05),
            ("prefer_not_to_say", 0.05),
        ],
    ),
    ("sex", &[("female", 0.6), ("male", 0.38), ("prefer_not_to_say", 0.02)]),
    ("disability", &[("disabled", 0.1), ("not_disabled", 0.85), ("prefer_not_to_say", 0.05)]),
];

/// A council without any gap: 40 vacancies, each with a rate of its own, and two decisions.
fn council(random: &mut Random, rules: &Rulebook) -> Counts {
    let mut counts = Counts::new(rules.recruitment().progress());
    for vacancy in 0..40 {
        add_vacancy(&mut counts, random, vacancy);
    }
    counts
}

/// One vacancy with a rate of its own, in which every group is selected alike.
fn add_vacancy(counts: &mut Counts, random: &mut Random, vacancy: u64) {
    let people = 10 + random.below(60);
    let rates = [0.1 + 0.4 * random.uniform(), 0.5];
    for (characteristic, groups) in GROUPS {
        let mut left = people;
        for (place, (category, share)) in groups.iter().enumerate() {
            let last = place + 1 == groups.len();
            let size = if last { left } else { random.selected(people, *share).min(left) };
            left -= size;
            let shortlisted = random.selected(size, rates[0]);
            let interviewed = random.selected(shortlisted, rates[1]);
            for (stage, entered, progressed) in
                [("received", size, shortlisted), ("shortlisted", shortlisted, interviewed)]
            {
                let Ok(cell) = cell(characteristic, category, stage, vacancy, entered, progressed)
                else {
                    continue;
                };
                counts.add_cell(&cell);
            }
        }
    }
}

/// How many councils without any gap see a `gap` verdict in any of 52 weekly audits, a vacancy more each week: with
/// verdicts that rest on e-values, and with verdicts that rest on p-values as if each audit were the only one.
fn audited_weekly(
    random: &mut Random,
    councils: u32,
    rules: &Rulebook,
    request: &AuditRequest,
) -> [u32; 2] {
    let mut many = request.clone();
    many.looks = Looks::Many;
    let mut found = [0; 2];
    for _ in 0..councils {
        let mut counts = Counts::new(rules.recruitment().progress());
        let mut seen = [false; 2];
        for week in 0..52 {
            add_vacancy(&mut counts, random, week);
            for (seen, request) in seen.iter_mut().zip([&many, request]) {
                *seen = *seen || audit(&counts, request, rules).has_gap();
            }
        }
        for (found, seen) in found.iter_mut().zip(seen) {
            *found += u32::from(seen);
        }
    }
    found
}

fn cell(
    characteristic: &str,
    category: &str,
    stage: &str,
    vacancy: u64,
    entered: u64,
    progressed: u64,
) -> Result<Cell, Box<dyn Error>> {
    Ok(Cell {
        characteristic: characteristic.parse()?,
        category: category.parse()?,
        stage: stage.parse()?,
        stratum: format!("vacancy {vacancy}"),
        entered,
        progressed,
        undecided: 0,
        withdrawn: 0,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let councils: u32 = arguments.next().map_or(Ok(2000), |text| text.parse())?;
    let seed: u64 = arguments.next().map_or(Ok(1973), |text| text.parse())?;
    let rules = Rulebook::built_in()?;
    let request = AuditRequest::new("default", &rules)?;
    let mut random = Random(seed | 1);

    let mut false_gaps = 0;
    for _ in 0..councils {
        let audit = audit(&council(&mut random, &rules), &request, &rules);
        false_gaps += u32::from(audit.findings().any(|f| f.verdict == Verdict::Gap));
    }
    let share = |count: u32| format!("{:.1} %", 100.0 * f64::from(count) / f64::from(councils));
    println!("| {councils} simulated councils | share | expected |");
    println!("|---|---|---|");
    println!(
        "| no gap anywhere: any `gap` verdict in one audit | {} | at most 5 % |",
        share(false_gaps)
    );
    let weekly_councils: u32 = arguments.next().map_or(Ok(councils), |text| text.parse())?;
    let weeks = audited_weekly(&mut random, weekly_councils, &rules, &request);
    let of_weekly =
        |count: u32| format!("{:.1} %", 100.0 * f64::from(count) / f64::from(weekly_councils));
    println!(
        "| no gap: any `gap` verdict in 52 weekly audits by e-values ({weekly_councils} councils) | {} | at most 5 % |",
        of_weekly(weeks[0])
    );
    println!(
        "| the same by p-values, as if each audit were the only one | {} | |",
        of_weekly(weeks[1])
    );
    println!(
        "| no gap: e-value over 20 in any of 52 weeks | {} | at most 5 % |",
        share(weekly(&mut random, councils, 1.0))
    );
    println!(
        "| ratio 0.5: e-value over 20 in any of 52 weeks | {} | |",
        share(weekly(&mut random, councils, 0.5))
    );
    let (found, computed) = found(&mut random, councils, &rules, &request)?;
    println!(
        "| ratio 0.7, 200 a side, rate 50 %: `gap` found | {} | {:.1} % computed |",
        share(found),
        100.0 * computed
    );
    println!(
        "| interval of one table holds the true ratio 0.8 | {} | 94 to 96 % |",
        share(held(&mut random, councils, 1))
    );
    println!(
        "| interval over 30 small vacancies holds it | {} | 94 to 96 % |",
        share(held(&mut random, councils, 30))
    );
    Ok(())
}

/// How many streams of 52 weekly vacancies ever reach an e-value of 20.
fn weekly(random: &mut Random, councils: u32, ratio: f64) -> u32 {
    let mut crossed = 0;
    for _ in 0..councils {
        let mut process = ConditionalProcess::new(Prior::default());
        for _ in 0..52 {
            let (n1, n2) = (1 + random.below(8), 5 + random.below(20));
            let rate = 0.1 + 0.4 * random.uniform();
            let first = (random.selected(n1, rate * ratio), n1);
            let Ok(table) = Table::new(first, (random.selected(n2, rate), n2)) else { continue };
            process.add(&table);
        }
        crossed += u32::from(process.evidence(0.05).crossed_at.is_some());
    }
    crossed
}

/// How often a ratio of 0.7 is found at 200 applicants a side, and how often it should be.
fn found(
    random: &mut Random,
    councils: u32,
    rules: &Rulebook,
    request: &AuditRequest,
) -> Result<(u32, f64), Box<dyn Error>> {
    let mut found = 0;
    for _ in 0..councils {
        let cells = [
            cell("sex", "female", "received", 0, 200, random.selected(200, 0.35))?,
            cell("sex", "male", "received", 0, 200, random.selected(200, 0.5))?,
        ];
        let counts = Counts::from_cells(rules.recruitment().progress(), cells);
        let audit = audit(&counts, request, rules);
        found += u32::from(audit.has_gap());
    }
    Ok((found, power::normal_power((200.0, 200.0), (0.35, 0.5), 0.05)))
}

/// How often the score interval holds a true ratio of 0.8.
fn held(random: &mut Random, councils: u32, vacancies: u64) -> u32 {
    let mut held = 0;
    for _ in 0..councils {
        let tables: Vec<Table> = (0..vacancies)
            .filter_map(|_| {
                let (n1, n2) = if vacancies == 1 {
                    (120, 240)
                } else {
                    (2 + random.below(6), 6 + random.below(12))
                };
                let rate = if vacancies == 1 { 0.4 } else { 0.2 + 0.4 * random.uniform() };
                let first = (random.selected(n1, 0.8 * rate), n1);
                Table::new(first, (random.selected(n2, rate), n2)).ok()
            })
            .collect();
        let interval = ratio::stratified(&tables, 0.95);
        held += u32::from(interval.is_some_and(|(low, high)| low <= 0.8 && 0.8 <= high));
    }
    held
}
