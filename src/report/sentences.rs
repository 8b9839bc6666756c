//! Findings and warnings as plain sentences. Chooses the message and fills it; the words are data.

use super::figures::{count, limit, p_in_words, people, percent, ratio, stage};
use super::hidden;
use super::words::{Fill, Words};
use crate::fairness::{
    Audit, Comparator, Direction, Finding, Looks, Numbers, Reason, StretchLabel, Verdict, View,
    Warning,
};

/// A ratio below this is worded as "hardly anybody".
const HARDLY_ANYBODY: f64 = 0.05;

/// The name of a verdict.
pub fn verdict(verdict: Verdict, words: &Words) -> String {
    words.plain(verdict_key(verdict))
}

/// What a verdict means.
pub fn verdict_meaning(verdict: Verdict, words: &Words) -> String {
    words.plain(&format!("{}-meaning", verdict_key(verdict)))
}

fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Gap => "audit-verdict-gap",
        Verdict::RuledOut => "audit-verdict-ruled-out",
        Verdict::CannotTell => "audit-verdict-cannot-tell",
        Verdict::NotAssessed => "audit-verdict-not-assessed",
    }
}

/// A stretch of the journey.
pub fn stretch(label: &StretchLabel, words: &Words) -> String {
    let key = if label.whole { "audit-stretch-whole" } else { "audit-stretch" };
    words.say(key, [("from", stage(&label.from).into()), ("to", stage(&label.to).into())])
}

/// A stage as the head of a column: where a decision leads to.
pub fn to_stage(label: &StretchLabel, words: &Words) -> String {
    let key = if label.whole { "audit-to-whole" } else { "audit-to" };
    words.say(key, [("stage", stage(&label.to).into())])
}

/// So many of so many.
pub fn of(progressed: String, entered: String, words: &Words) -> String {
    words.say("audit-of", [("progressed", progressed.into()), ("entered", entered.into())])
}

/// The period, in words.
pub fn period(audit: &Audit, words: &Words) -> String {
    if audit.period.is_empty() { words.plain("audit-period-unknown") } else { audit.period.clone() }
}

/// Whom a group is compared with.
pub fn comparator(finding: &Finding, words: &Words) -> String {
    match finding.comparator {
        Comparator::Others if finding.comparator_label.is_empty() => {
            words.plain("audit-everybody-else")
        }
        Comparator::Highest if finding.comparator_label.is_empty() => {
            words.plain("audit-most-selected")
        }
        _ => finding.comparator_label.clone(),
    }
}

/// Whom a group is compared with, as a sentence speaks of them: a label alone ("of Internal applicant") would be no
/// English.
pub fn compared_with(comparator: &Comparator, label: &str, words: &Words) -> String {
    match comparator {
        _ if !label.is_empty() => words.say("audit-the-group", [("group", label.into())]),
        Comparator::Highest => words.plain("audit-most-selected"),
        _ => words.plain("audit-everybody-else"),
    }
}

/// Whom a finding compares its group with, as a sentence speaks of them.
pub fn against(finding: &Finding, words: &Words) -> String {
    compared_with(&finding.comparator, &finding.comparator_label, words)
}

/// A finding in one plain statement.
pub fn finding(finding: &Finding, audit: &Audit, words: &Words) -> String {
    match (&finding.numbers, finding.verdict) {
        (_, Verdict::NotAssessed) => not_assessed(finding, audit, words),
        (Some(numbers), _) => with_numbers(finding, numbers, audit, words),
        (None, _) => without_numbers(finding, audit, words),
    }
}

fn with_numbers(finding: &Finding, numbers: &Numbers, audit: &Audit, words: &Words) -> String {
    let key = match (finding.verdict, finding.direction, finding.reason) {
        (Verdict::Gap, Some(Direction::Higher), _) => "audit-gap-higher",
        (Verdict::Gap, ..) => "audit-gap-lower",
        (Verdict::RuledOut, ..) => "audit-ruled-out",
        (_, _, Some(Reason::NotAfterAdjustment)) => "audit-cannot-tell-not-after-adjustment",
        (_, _, Some(Reason::FewerPeopleThanAsked)) => "audit-cannot-tell-few-people",
        _ => "audit-cannot-tell",
    };
    let short = numbers.shortfall.abs();
    let sentence = words.say(
        key,
        [
            ("group", finding.group_label.clone().into()),
            ("counts", counts(finding, numbers, audit, words).into()),
            ("ratio", numbers.ratio.map_or_else(|| "many".to_owned(), ratio).into()),
            ("low", limit(numbers.ratio_low, words).into()),
            ("high", limit(numbers.ratio_high, words).into()),
            ("margin", margin(audit).into()),
            ("short", people(short).into()),
            ("short_count", Fill::Count(if people(short) == "1.0" { 1 } else { 2 })),
            ("mid", raw_p(finding, numbers, audit, words).into()),
            ("holm", adjusted_p(finding, numbers, audit, words).into()),
            ("comparisons", audit.method.comparisons.into()),
            ("detectable", detectable(finding, words).into()),
            ("undeclared", undeclared(finding, words).into()),
            ("together", together(audit).into()),
        ],
    );
    let extra = extras(finding, numbers, audit, words);
    if extra.is_empty() { sentence } else { format!("{sentence} {extra}") }
}

/// The p-value that the verdict rests on.
fn raw_p(finding: &Finding, numbers: &Numbers, audit: &Audit, words: &Words) -> String {
    match (&finding.evidence, audit.method.looks) {
        (Some(line), Looks::Many) => p_in_words(line.anytime_p, line.ln_anytime_p, words),
        _ => numbers.mid_p.map_or_else(String::new, |p| p_in_words(p.p, p.ln_p, words)),
    }
}

/// The same after adjustment.
fn adjusted_p(finding: &Finding, numbers: &Numbers, audit: &Audit, words: &Words) -> String {
    let p = match (&finding.evidence, audit.method.looks) {
        (Some(line), Looks::Many) => Some((line.anytime_holm_p, line.ln_anytime_holm_p)),
        _ => numbers.holm_p.zip(numbers.ln_holm_p),
    };
    p.map_or_else(String::new, |(p, ln_p)| p_in_words(p, ln_p, words))
}

/// A gap in as few words as a first page has room for; the heading names the group. Where numbers are hidden, the whole
/// statement.
pub fn matter(finding: &Finding, audit: &Audit, words: &Words) -> String {
    let Some(numbers) = &finding.numbers else { return self::finding(finding, audit, words) };
    let short = numbers.shortfall.abs();
    let share = finding.undeclared_share.unwrap_or(0.0);
    let undeclared = match finding.survives_undeclared {
        Some(survives) if share > 0.0 => {
            let key = if survives { "survives" } else { "depends" };
            words.say(&format!("audit-matter-undeclared-{key}"), [("share", percent(share).into())])
        }
        Some(survives) if finding.undeclared_hidden => {
            let key = if survives { "survives" } else { "depends" };
            words.plain(&format!("audit-matter-undeclared-few-{key}"))
        }
        _ => String::new(),
    };
    let direction = if finding.direction == Some(Direction::Higher) { "higher" } else { "lower" };
    words.say(
        "audit-matter",
        [
            ("counts", counts(finding, numbers, audit, words).into()),
            ("ratio", numbers.ratio.map_or_else(|| "many".to_owned(), ratio).into()),
            ("low", limit(numbers.ratio_low, words).into()),
            ("high", limit(numbers.ratio_high, words).into()),
            ("short", people(short).into()),
            ("short_count", Fill::Count(if people(short) == "1.0" { 1 } else { 2 })),
            ("direction", direction.into()),
            ("undeclared", undeclared.into()),
            ("together", together(audit).into()),
        ],
    )
}

/// 1 where the table does not tell vacancies apart, so that nothing is compared within one; else 0.
pub fn together(audit: &Audit) -> usize {
    usize::from(audit.warnings.iter().any(|found| matches!(found, Warning::VacanciesNotToldApart)))
}

/// What a policy asks for beside the verdict: the ratio the other way round, and the small-sample caution.
fn extras(finding: &Finding, numbers: &Numbers, audit: &Audit, words: &Words) -> String {
    let mut extras = Vec::new();
    extras.extend(reference_over_group(finding, audit, words));
    if numbers.one_person_decides == Some(true) {
        extras.push(words.say("audit-one-person", [("margin", margin(audit).into())]));
    }
    extras.join(" ")
}

/// The ratio the other way round, with its interval, where a standard prints that: pooled, as the standard does.
pub fn reference_over_group(finding: &Finding, audit: &Audit, words: &Words) -> Option<String> {
    let numbers = finding.numbers.as_ref()?;
    let value = numbers.reference_over_group?;
    let over = |limit: Option<f64>| limit.map(|limit| 1.0 / limit);
    let fills = [
        ("comparator", comparator(finding, words).into()),
        ("group", finding.group_label.clone().into()),
        ("stretch", stretch(&finding.stretch, words).into()),
        ("ratio", ratio(value).into()),
        ("low", limit(over(numbers.pooled_high), words).into()),
        ("high", limit(over(numbers.pooled_low), words).into()),
        ("period", period(audit, words).into()),
        ("progressed", count(numbers.progressed).into()),
        ("entered", count(numbers.entered).into()),
        ("comparator_progressed", count(numbers.comparator_progressed).into()),
        ("comparator_entered", count(numbers.comparator_entered).into()),
    ];
    // What the Workforce Race and Disability Equality Standards print has a name of its own.
    let (from, to) = (finding.stretch.from.as_str(), finding.stretch.to.as_str());
    let is_standard = (from, to) == ("shortlisted", "appointed");
    Some(words.say(
        if is_standard { "audit-relative-likelihood" } else { "audit-reference-over-group" },
        fills,
    ))
}

fn counts(finding: &Finding, numbers: &Numbers, audit: &Audit, words: &Words) -> String {
    words.say(
        "audit-counts",
        [
            ("progressed", count(numbers.progressed).into()),
            ("entered", count(numbers.entered).into()),
            ("rate", numbers.rate.map_or_else(String::new, percent).into()),
            ("stretch", stretch(&finding.stretch, words).into()),
            ("comparator_progressed", count(numbers.comparator_progressed).into()),
            ("comparator_entered", count(numbers.comparator_entered).into()),
            ("comparator_rate", numbers.comparator_rate.map_or_else(String::new, percent).into()),
            ("comparator", against(finding, words).into()),
            ("period", period(audit, words).into()),
        ],
    )
}

fn without_numbers(finding: &Finding, audit: &Audit, words: &Words) -> String {
    let key = match (finding.verdict, finding.direction) {
        (Verdict::Gap, Some(Direction::Higher)) => "audit-hidden-gap-higher",
        (Verdict::Gap, _) => "audit-hidden-gap-lower",
        (Verdict::RuledOut, _) => "audit-hidden-ruled-out",
        _ => "audit-hidden-cannot-tell",
    };
    words.say(
        key,
        [
            ("group", finding.group_label.clone().into()),
            ("comparator", against(finding, words).into()),
            ("stretch", stretch(&finding.stretch, words).into()),
            ("period", period(audit, words).into()),
            ("margin", margin(audit).into()),
            ("why", hidden::why(audit, words).into()),
            ("detectable", detectable(finding, words).into()),
            ("undeclared", undeclared(finding, words).into()),
        ],
    )
}

fn not_assessed(finding: &Finding, audit: &Audit, words: &Words) -> String {
    words.say(
        "audit-not-assessed",
        [
            ("group", finding.group_label.clone().into()),
            ("comparator", against(finding, words).into()),
            ("stretch", stretch(&finding.stretch, words).into()),
            ("period", period(audit, words).into()),
            ("reason", reason(finding, words).into()),
        ],
    )
}

/// Why a comparison was not assessed.
pub fn reason(finding: &Finding, words: &Words) -> String {
    let key = match finding.reason {
        Some(Reason::NobodyInGroup) => "audit-reason-nobody-in-group",
        Some(Reason::NobodyToCompareWith) => "audit-reason-nobody-to-compare-with",
        Some(Reason::NoSharedVacancy) => "audit-reason-no-shared-vacancy",
        Some(Reason::ShareTooSmall) => "audit-reason-share-too-small",
        _ => "audit-reason-nothing-differed",
    };
    words.plain(key)
}

/// The smallest gap that could have been seen.
pub fn detectable(finding: &Finding, words: &Words) -> String {
    // What a hidden group could have shown would tell of its size.
    if finding.hidden {
        return String::new();
    }
    let Some(found) = finding.detectable_ratio else {
        return words.plain("audit-detectable-none");
    };
    if found < HARDLY_ANYBODY {
        return words.plain("audit-detectable-nobody");
    }
    words.say("audit-detectable", [("ratio", ratio(found).into())])
}

fn undeclared(finding: &Finding, words: &Words) -> String {
    if finding.undeclared_hidden {
        let key = match finding.survives_undeclared {
            Some(true) => "audit-undeclared-few-survives",
            Some(false) => "audit-undeclared-few-depends",
            None => "audit-undeclared-few",
        };
        let range = finding.numbers.as_ref().map(|numbers| numbers.undeclared_range);
        let Some((Some(low), Some(high))) = range else {
            return words.plain(&format!("{key}-hidden"));
        };
        return words.say(key, [("low", ratio(low).into()), ("high", ratio(high).into())]);
    }
    let share = finding.undeclared_share.unwrap_or(0.0);
    if share == 0.0 {
        return words.plain("audit-undeclared-none");
    }
    let key = match finding.survives_undeclared {
        Some(true) => "audit-undeclared-survives",
        Some(false) => "audit-undeclared-depends",
        None => "audit-undeclared-share",
    };
    let range = finding.numbers.as_ref().map(|numbers| numbers.undeclared_range);
    let Some((Some(low), Some(high))) = range else {
        return words.say(&format!("{key}-hidden"), [("share", percent(share).into())]);
    };
    let fills = [
        ("share", percent(share).into()),
        ("low", ratio(low).into()),
        ("high", ratio(high).into()),
    ];
    words.say(key, fills)
}

/// The margin in words.
pub fn margin(audit: &Audit) -> String {
    match audit.method.margin {
        (4, 5) => "four fifths".to_owned(),
        (above, below) => format!("{above}/{below}"),
    }
}

/// A warning.
pub fn warning(warning: &Warning, words: &Words) -> String {
    match warning {
        Warning::UnmappedLabels { characteristic, labels } => words.say(
            "audit-warning-unmapped",
            [
                ("characteristic", characteristic.as_str().into()),
                ("labels", labels.join(", ").into()),
            ],
        ),
        Warning::RowsLeftOut { rows, of, first } => words.say(
            "audit-warning-rows",
            [
                ("rows", count(*rows).into()),
                ("of", count(*of).into()),
                ("first", first.join("; ").into()),
            ],
        ),
        Warning::UnknownStages { rows, of, labels } => words.say(
            "audit-warning-stages",
            [
                ("rows", count(*rows).into()),
                ("of", count(*of).into()),
                ("labels", labels.join(", ").into()),
            ],
        ),
        Warning::ManyUndeclared { characteristic, share } if *share >= 1.0 => words.say(
            "audit-warning-nobody-declared",
            [("characteristics", characteristic.as_str().into())],
        ),
        Warning::ManyUndeclared { characteristic, share } => words.say(
            "audit-warning-undeclared",
            [("characteristic", characteristic.as_str().into()), ("share", percent(*share).into())],
        ),
        Warning::UnfinishedVacancies { vacancies } => {
            words.say("audit-warning-unfinished", [("vacancies", (*vacancies).into())])
        }
        Warning::NobodyTurnedDownFirst { stretch: decision, people } => words.say(
            "audit-warning-nobody-turned-down",
            [("stretch", stretch(decision, words).into()), ("people", count(*people).into())],
        ),
        Warning::UnreadableDates { rows } => {
            words.say("audit-warning-dates", [("rows", (*rows).into())])
        }
        Warning::ChangeOutsideData { change, first, last } => {
            let key = if first.is_some() { "" } else { "-undated" };
            let date = |date: Option<jiff::civil::Date>| {
                date.map_or_else(String::new, |date| date.strftime("%-d %B %Y").to_string())
            };
            words.say(
                &format!("audit-warning-one-sided{key}"),
                [
                    ("change", date(Some(*change)).into()),
                    ("first", date(*first).into()),
                    ("last", date(*last).into()),
                ],
            )
        }
        Warning::ScoresLeftOut { rows, of, not_found } => words.say(
            "audit-warning-scores",
            [
                ("rows", count(*rows).into()),
                ("of", count(*of).into()),
                ("people", (*not_found).into()),
            ],
        ),
        Warning::NotCompared { characteristics, rows, policy } => {
            let named = characteristics.join(", ");
            let key = if rows.is_some() { "-rows" } else { "" };
            words.say(
                &format!("audit-warning-not-compared{key}"),
                [
                    ("rows", rows.unwrap_or(0).into()),
                    ("characteristics", named.into()),
                    ("policy", policy.as_str().into()),
                ],
            )
        }
        Warning::BenchmarkNotCompared { benchmark, shares } => words.say(
            "audit-warning-benchmark-not-compared",
            [("benchmark", benchmark.as_str().into()), ("shares", shares.join("; ").into())],
        ),
        Warning::StagesNotCompared { stretches, policy } => {
            let named: Vec<String> = stretches.iter().map(|label| stretch(label, words)).collect();
            words.say(
                "audit-warning-stages-not-compared",
                [("stretches", named.join("; ").into()), ("policy", policy.as_str().into())],
            )
        }
        Warning::VacanciesNotToldApart => words.plain("audit-warning-not-told-apart"),
        Warning::ColumnsNotUsed { columns } => {
            words.say("audit-warning-columns-not-used", [("columns", columns.join(", ").into())])
        }
        Warning::FactorsNotUsed { factors } => {
            words.say("audit-warning-factors-not-used", [("factors", factors.join(", ").into())])
        }
    }
}

/// A group, with the other one where there are only these two; `other` is empty where there are more.
pub fn group_against(group: &str, other: &str, words: &Words) -> String {
    if other.is_empty() {
        return group.to_owned();
    }
    words.say("audit-group-against", [("group", group.into()), ("other", other.into())])
}

/// Every warning in a sentence; those of characteristics on which nobody answered are one.
pub fn warnings(audit: &Audit, words: &Words) -> Vec<String> {
    let nobody = nobody_declared(audit);
    let mut said = Vec::new();
    if !nobody.is_empty() {
        let named = nobody.join("; ");
        said.push(words.say("audit-warning-nobody-declared", [("characteristics", named.into())]));
    }
    let others = audit.warnings.iter().filter(|warning| !is_of_nobody(warning));
    said.extend(others.map(|one| warning(one, words)));
    said
}

/// The characteristics on which nobody answered.
pub fn nobody_declared(audit: &Audit) -> Vec<&str> {
    let nobody = audit.warnings.iter().filter(|warning| is_of_nobody(warning));
    let named = nobody.filter_map(|warning| match warning {
        Warning::ManyUndeclared { characteristic, .. } => Some(characteristic.as_str()),
        _ => None,
    });
    named.collect()
}

fn is_of_nobody(warning: &Warning) -> bool {
    matches!(warning, Warning::ManyUndeclared { share, .. } if *share >= 1.0)
}

/// What must be known before the comparisons of a view are read: ratios that may not be shown, and pooling that misleads.
pub fn view_warnings(view: &View, audit: &Audit, words: &Words) -> Vec<String> {
    let mut warnings = hidden::comparators(view, audit, words);
    warnings.extend(hidden::chosen_among_shown(view, audit, words));
    warnings.extend(pooling_warnings(view, words));
    warnings
}

/// Warnings about comparisons in which pooling all vacancies tells another story.
fn pooling_warnings(view: &View, words: &Words) -> Vec<String> {
    let findings = view.findings.iter().filter(|finding| finding.primary);
    findings
        .filter_map(|finding| {
            let numbers = finding.numbers.as_ref().filter(|n| n.pooling_misleads)?;
            let number = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), ratio);
            Some(words.say(
                "audit-warning-pooling",
                [
                    ("group", finding.group_label.clone().into()),
                    ("stretch", stretch(&finding.stretch, words).into()),
                    ("pooled", number(numbers.pooled_ratio).into()),
                    ("ratio", number(numbers.ratio).into()),
                ],
            ))
        })
        .collect()
}
