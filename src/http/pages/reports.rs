//! The auditor's page: what to look at, and where to get it. The report itself is written by `report`.

use maud::{Markup, html};

use super::layout::{Account, Frame, Notice};
use crate::messages::Messages;

/// What can be chosen.
pub(crate) struct ReportChoices {
    /// Policies: id and title.
    pub policies: Vec<(String, String)>,
    /// Populations that applicants can be compared with: identifier and title.
    pub benchmarks: Vec<(String, String)>,
    /// Vacancies: id and title.
    pub vacancies: Vec<(String, String)>,
    /// Families, grades, directorates and contracts of vacancies, each with the parameter that chooses it.
    pub factors: Vec<(&'static str, Vec<String>)>,
    /// Characteristics: id and name.
    pub characteristics: Vec<(String, String)>,
}

/// A factor of vacancies: the parameter that chooses it, and the ids of its words: its label, all of it, level by level.
const FACTORS: [(&str, [&str; 3]); 4] = [
    ("family", ["reports-family", "reports-family-all", "reports-by-family"]),
    ("grade", ["reports-grade", "reports-grade-all", "reports-by-grade"]),
    ("directorate", ["reports-directorate", "reports-directorate-all", "reports-by-directorate"]),
    ("contract", ["reports-contract", "reports-contract-all", "reports-by-contract"]),
];
/// Periods by which gaps are followed, and the ids of their words.
const PERIODS: [(&str, &str); 3] = [
    ("month", "reports-over-time-month"),
    ("quarter", "reports-over-time-quarter"),
    ("year", "reports-over-time-year"),
];

/// The page of choices.
pub(crate) fn reports(
    words: &Messages,
    account: &Account,
    choices: &ReportChoices,
    notice: Option<&Notice>,
) -> Markup {
    let title = words.text("reports-title");
    let frame = Frame { words, account: Some(account), title: &title, above: &[], notice };
    let factors: Vec<_> = FACTORS
        .iter()
        .filter_map(|(factor, words)| {
            let (_, values) = choices.factors.iter().find(|(known, _)| known == factor)?;
            (!values.is_empty()).then(|| (*factor, words, same(values)))
        })
        .collect();
    let levels: Vec<(String, String)> = factors
        .iter()
        .map(|(factor, [_, _, by], _)| ((*factor).to_owned(), words.text(by)))
        .collect();
    let periods = PERIODS.map(|(unit, id)| (unit.to_owned(), words.text(id)));
    frame.page(&html! {
        div.reading {
            h1 { (title) }
            p { (words.text("reports-text")) }
            form method="get" action="/reports/audit" {
                @if !choices.policies.is_empty() {
                    label for="policy" { (words.text("reports-policy")) }
                    p.hint #policy-hint { (words.text("reports-policy-hint")) }
                    select #policy name="policy" aria-describedby="policy-hint" {
                        @for (value, title) in &choices.policies { option value=(value) { (title) } }
                    }
                }
                (choice(words, "benchmark", "reports-benchmark", "reports-benchmark-none", &choices.benchmarks))
                (choice(words, "vacancy", "reports-vacancy", "reports-vacancy-all", &choices.vacancies))
                @for (factor, [label, all, _], values) in &factors {
                    (choice(words, factor, label, all, values))
                }
                (choice(words, "characteristic", "reports-characteristic",
                    "reports-characteristic-all", &choices.characteristics))
                div.pair {
                    div {
                        label for="from" { (words.text("reports-from")) }
                        input #from name="from" type="date";
                    }
                    div {
                        label for="to" { (words.text("reports-to")) }
                        input #to name="to" type="date";
                    }
                }
                (choice(words, "by", "reports-by", "reports-by-none", &levels))
                (choice(words, "over_time", "reports-over-time", "reports-over-time-none", &periods))
                label for="change_date" { (words.text("reports-change-date")) }
                p.hint #change-date-hint { (words.text("reports-change-date-hint")) }
                input #change_date name="change_date" type="date" aria-describedby="change-date-hint";
                label for="minimum" { (words.text("reports-minimum")) }
                p.hint #minimum-hint { (words.text("reports-minimum-hint")) }
                input.short #minimum name="minimum" type="number" min="1" max="1000" inputmode="numeric"
                    aria-describedby="minimum-hint";
                div.buttons {
                    button type="submit" name="format" value="html" { (words.text("reports-button")) }
                }
                fieldset.downloads {
                    legend { (words.text("reports-download")) }
                    button.second type="submit" name="format" value="pdf" { (words.text("reports-pdf")) }
                    button.second type="submit" name="format" value="xlsx" { (words.text("reports-xlsx")) }
                    button.second type="submit" name="format" value="csv" { (words.text("reports-csv")) }
                    button.second type="submit" name="format" value="json" { (words.text("reports-json")) }
                    button.second type="submit" name="format" value="text" { (words.text("reports-plain")) }
                }
            }
            p { a href="/reports/evidence" { (words.text("reports-evidence")) } }
        }
    })
}

/// Options that are named as they are.
fn same(values: &[String]) -> Vec<(String, String)> {
    values.iter().map(|value| (value.clone(), value.clone())).collect()
}

fn choice(
    words: &Messages,
    name: &str,
    label: &str,
    all: &str,
    options: &[(String, String)],
) -> Markup {
    html! {
        label for=(name) { (words.text(label)) }
        select id=(name) name=(name) {
            option value="" { (words.text(all)) }
            @for (value, title) in options { option value=(value) { (title) } }
        }
    }
}
