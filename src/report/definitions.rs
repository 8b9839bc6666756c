//! The definitions at the end of a report. Chooses messages; the words are data.

use super::figures::percent;
use super::sentences;
use super::words::Words;
use crate::fairness::Audit;

/// Terms and what they mean, for the settings of this audit.
pub fn definitions(audit: &Audit, words: &Words) -> Vec<(String, String)> {
    let method = &audit.method;
    let whole = |share: f64| format!("{:.0} %", share * 100.0);
    let entries = [
        "rate",
        "ratio",
        "interval",
        "test",
        "adjusted",
        "gap",
        "ruled-out",
        "seen",
        "short",
        "fifths",
        "undeclared",
        "whole",
        "small",
        "pooled",
    ];
    entries
        .into_iter()
        .map(|entry| {
            let term = words.plain(&format!("audit-term-{entry}"));
            let meaning = words.say(
                &format!("audit-meaning-{entry}"),
                [
                    ("minimum", method.minimum.into()),
                    ("confidence", whole(method.confidence).into()),
                    ("significance", percent(method.significance).into()),
                    ("power", whole(method.power).into()),
                    ("margin", sentences::margin(audit).into()),
                    ("comparisons", method.comparisons.into()),
                    ("fewest", format!("{}", method.fewest_short).into()),
                ],
            );
            (term, meaning)
        })
        .collect()
}
