//! What the verdicts are worth: simulated councils with a known truth. Prints, as a table, how often an audit finds a
//! gap where there is none, once and when it is made again every week for a year; how often it finds one that is there;
//! and how often intervals hold the true ratio.
//!
//! `cargo run --release --example simulate_councils [COUNCILS] [SEED] [COUNCILS AUDITED WEEKLY]`
//!
//! Every council has random numbers of its own, made from the seed and its place, so the table is the same whatever the
//! number of processors.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};

use evenhand::fairness::{
    Audit, AuditRequest, Cell, Counts, Looks, Table, Verdict, audit, monitor, power, ratio,
};
use evenhand::rulebook::Rulebook;

/// A 64-bit xorshift* generator (Vigna 2016): the same seed gives the same table.
struct Random(u64);

impl Random {
    /// The numbers of one council of one experiment (SplitMix64, Steele and others 2014).
    fn of(seed: u64, experiment: u64, council: u64) -> Self {
        let mixed = [seed, experiment, council].into_iter().fold(0_u64, |state, part| {
            let mut z = state.wrapping_add(part).wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        });
        Self(mixed | 1)
    }

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

/// Vacancies of a council's year when it is audited once.
const VACANCIES: u64 = 40;
/// Weeks of a year in which it is audited again and again, a vacancy more each time.
const WEEKS: u64 = 52;

/// One vacancy with a rate of its own and two decisions. Every group is selected alike, but for women at the first
/// decision, whose rate is `ratio` times that of everybody else.
fn add_vacancy(counts: &mut Counts, random: &mut Random, vacancy: u64, ratio: f64) {
    let people = 10 + random.below(60);
    let rates = [0.1 + 0.4 * random.uniform(), 0.5];
    for (characteristic, groups) in GROUPS {
        let mut left = people;
        for (place, (category, share)) in groups.iter().enumerate() {
            let last = place + 1 == groups.len();
            let size = if last { left } else { random.selected(people, *share).min(left) };
            left -= size;
            let factor = if *category == "female" { ratio } else { 1.0 };
            let shortlisted = random.selected(size, rates[0] * factor);
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

/// What is simulated, and with which seed.
struct Simulation {
    rules: Rulebook,
    request: AuditRequest,
    seed: u64,
}

impl Simulation {
    /// Tries councils, as many at once as there are processors, and counts each thing that came out of them.
    fn count<const THINGS: usize>(
        &self,
        experiment: u64,
        councils: u64,
        council: impl Fn(&mut Random) -> [bool; THINGS] + Sync,
    ) -> [u64; THINGS] {
        let next = AtomicU64::new(0);
        let found: [AtomicU64; THINGS] = std::array::from_fn(|_| AtomicU64::new(0));
        let work = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= councils {
                    break;
                }
                let things = council(&mut Random::of(self.seed, experiment, number));
                for (found, thing) in found.iter().zip(things) {
                    found.fetch_add(u64::from(thing), Ordering::Relaxed);
                }
            }
        };
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..processors {
                scope.spawn(work);
            }
        });
        found.map(AtomicU64::into_inner)
    }

    /// A council without any gap, audited once.
    fn once(&self, random: &mut Random) -> [bool; 1] {
        let mut counts = Counts::new(self.rules.recruitment().progress());
        for vacancy in 0..VACANCIES {
            add_vacancy(&mut counts, random, vacancy, 1.0);
        }
        [audit(&counts, &self.request, &self.rules).has_gap()]
    }

    /// A council whose report is made again every week, a vacancy more each time, as `--since-last` and `looks=many`
    /// make it: whether any week's report has a gap; whether the evidence of any series of the monitoring view ever
    /// crosses the line that allows for their number; and whether any week's report has a gap when each is made as if
    /// it were the only one.
    fn weekly(&self, random: &mut Random, ratio: f64, naively: bool) -> [bool; 3] {
        let mut many = self.request.clone();
        many.looks = Looks::Many;
        let mut counts = Counts::new(self.rules.recruitment().progress());
        let mut seen = [false; 3];
        for week in 0..WEEKS {
            add_vacancy(&mut counts, random, week, ratio);
            let [reported, watched, naive] = &mut seen;
            // What was found once was found.
            *reported = *reported || has_gap(&audit(&counts, &many, &self.rules), ratio);
            *watched = *watched || {
                let monitor = monitor(&counts, &self.request, &self.rules);
                let mut series = monitor.families.iter().flat_map(|family| &family.series);
                series.any(|series| series.has_crossed_family_line)
            };
            *naive = *naive || naively && audit(&counts, &self.request, &self.rules).has_gap();
        }
        seen
    }

    /// Whether a ratio of 0.7 is found at 200 applicants a side.
    fn finds(&self, random: &mut Random) -> [bool; 1] {
        let cells = [
            cell("sex", "female", "received", 0, 200, random.selected(200, 0.35)),
            cell("sex", "male", "received", 0, 200, random.selected(200, 0.5)),
        ];
        let counts =
            Counts::from_cells(self.rules.recruitment().progress(), cells.into_iter().flatten());
        [audit(&counts, &self.request, &self.rules).has_gap()]
    }
}

/// Whether a report has a gap; where women are selected less often, whether it has theirs.
fn has_gap(audit: &Audit, ratio: f64) -> bool {
    let mut gaps = audit.findings().filter(|finding| finding.verdict == Verdict::Gap);
    gaps.any(|gap| ratio == 1.0 || gap.characteristic == "sex")
}

/// Whether the score interval holds a true ratio of 0.8.
fn holds(random: &mut Random, vacancies: u64) -> [bool; 1] {
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
    [interval.is_some_and(|(low, high)| low <= 0.8 && 0.8 <= high)]
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let councils: u64 = arguments.next().map_or(Ok(2000), |text| text.parse())?;
    let seed: u64 = arguments.next().map_or(Ok(1973), |text| text.parse())?;
    let weekly: u64 = arguments.next().map_or(Ok(councils), |text| text.parse())?;
    let rules = Rulebook::built_in()?;
    let request = AuditRequest::new("default", &rules)?;
    let simulation = Simulation { rules, request, seed };
    let row = |what: &str, found: u64, of: u64, expected: &str| {
        let share = 100.0 * found as f64 / of.max(1) as f64;
        println!("| {what} | {share:.1} % of {of} | {expected} |");
    };

    println!("| simulated councils (seed {seed}) | share | expected |");
    println!("|---|---|---|");
    let [gaps] = simulation.count(1, councils, |random| simulation.once(random));
    row(
        "no gap anywhere: any `gap` in the one report of 40 vacancies",
        gaps,
        councils,
        "at most 5 %",
    );
    let [power] = simulation.count(2, councils, |random| simulation.finds(random));
    let computed = power::normal_power((200.0, 200.0), (0.35, 0.5), 0.05);
    let computed = format!("{:.1} % computed", 100.0 * computed);
    row("ratio 0.7, 200 applicants a side, rate 50 %: `gap` found", power, councils, &computed);
    let [one] = simulation.count(3, councils, |random| holds(random, 1));
    row("95 % interval of one table holds the true ratio 0.8", one, councils, "94 to 96 %");
    let [many] = simulation.count(4, councils, |random| holds(random, 30));
    row("95 % interval over 30 small vacancies holds it", many, councils, "94 to 96 %");
    let [reported, watched, naive] =
        simulation.count(5, weekly, |random| simulation.weekly(random, 1.0, true));
    row(
        "no gap anywhere: any `gap` in 52 weekly reports (`--since-last`)",
        reported,
        weekly,
        "at most 5 %",
    );
    row(
        "the same: any series of the monitoring view over its line in any week",
        watched,
        weekly,
        "at most 5 %",
    );
    row(
        "the same, each weekly report as if it were the only one",
        naive,
        weekly,
        "more: why there are e-values",
    );
    let alike = weekly / 4;
    let [reported, ..] = simulation.count(6, alike, |random| simulation.weekly(random, 0.6, false));
    row(
        "women selected 0.6 times as often: their `gap` in any of 52 weekly reports",
        reported,
        alike,
        "",
    );
    Ok(())
}
