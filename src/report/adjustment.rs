//! Comparisons that allow for declared factors, in sentences and as a table. Chooses and fills messages; computes nothing.

use maud::{Markup, html};

use super::factors::decision;
use super::figures::{limit, nearest_5_percent, p_in_words, p_value, ratio, ratio_and_interval};
use super::frame::{Column, Grid, Row, columns};
use super::words::Words;
use super::{Part, sentences};
use crate::fairness::{
    Adjusted, Adjustment, Audit, Comparator, Conclusion, FactorBands, WithinBands,
};

/// One comparison in a sentence.
pub fn sentence(found: &Adjusted, adjustment: &Adjustment, audit: &Audit, words: &Words) -> String {
    let within = found.within.as_ref();
    let number = |value: Option<f64>| value.map_or_else(|| "\u{2013}".to_owned(), ratio);
    let p = within.and_then(|w| w.holm_p.zip(w.ln_holm_p));
    let p = p.map_or_else(String::new, |(p, ln_p)| p_in_words(p, ln_p, words));
    let comparator = sentences::compared_with(&Comparator::Others, &found.comparator_label, words);
    let key = if within.is_some() { "audit-adjusted" } else { "audit-adjusted-none" };
    let mut said = words.say(
        key,
        [
            ("group", found.group_label.clone().into()),
            ("comparator", comparator.into()),
            ("stretch", sentences::stretch(&found.stretch, words).into()),
            ("period", sentences::period(audit, words).into()),
            ("factors", names(adjustment).into()),
            ("ratio", number(within.and_then(|w| w.ratio)).into()),
            ("low", limit(within.and_then(|w| w.ratio_low), words).into()),
            ("high", limit(within.and_then(|w| w.ratio_high), words).into()),
            ("p", p.into()),
            ("plain", number(found.plain_ratio).into()),
            (
                "share",
                within.map_or_else(String::new, |w| nearest_5_percent(w.comparable_share)).into(),
            ),
            ("conclusion", conclusion(found.conclusion, words).into()),
        ],
    );
    if let Some(regression) = &found.regression {
        let p = regression.p.map_or_else(String::new, |p| p_in_words(p, p.ln(), words));
        said.push(' ');
        said.push_str(&words.say(
            "audit-adjusted-regression",
            [
                ("vacancies", regression.vacancies.into()),
                ("odds", ratio(regression.odds_ratio).into()),
                ("low", ratio(regression.interval.0).into()),
                ("high", ratio(regression.interval.1).into()),
                ("p", p.into()),
            ],
        ));
    }
    said
}

fn conclusion(conclusion: Conclusion, words: &Words) -> String {
    match conclusion {
        Conclusion::Remains => words.plain("audit-adjusted-remains"),
        Conclusion::NotSeen => words.plain("audit-adjusted-not-seen"),
        Conclusion::Appears => words.plain("audit-adjusted-appears"),
        Conclusion::Neither => words.plain("audit-adjusted-neither"),
        Conclusion::NotComparable => String::new(),
    }
}

fn names(adjustment: &Adjustment) -> String {
    let names =
        adjustment.factors.iter().map(|factor| factor.name.to_lowercase().replace('_', " "));
    names.collect::<Vec<_>>().join(", ")
}

fn heading(adjustment: &Adjustment, words: &Words) -> String {
    words.say("audit-adjusted-heading", [("factors", names(adjustment).into())])
}

fn notes(adjustment: &Adjustment, words: &Words) -> Vec<String> {
    let note = words.say("audit-adjusted-note", [("factors", names(adjustment).into())]);
    let bands = adjustment.factors.iter().map(|factor| bands(factor, words));
    std::iter::once(note).chain(bands).collect()
}

fn bands(factor: &FactorBands, words: &Words) -> String {
    let name = |band: &String| {
        if band.is_empty() { words.plain("audit-adjusted-blank") } else { band.clone() }
    };
    let bands = factor.bands.iter().map(name).collect::<Vec<_>>().join("; ");
    let factor = factor.name.replace('_', " ");
    words.say("audit-adjusted-bands", [("factor", factor.into()), ("bands", bands.into())])
}

/// All of it as a part of the evidence.
pub(super) fn parts(audit: &Audit, words: &Words) -> Option<Part> {
    let adjustment = audit.adjustment.as_ref()?;
    let of =
        |wanted: Conclusion| adjustment.compared.iter().filter(move |c| c.conclusion == wanted);
    let said = [Conclusion::Remains, Conclusion::NotSeen, Conclusion::Appears];
    let said: Vec<&Adjusted> = said.into_iter().flat_map(of).collect();
    let (neither, apart) = (of(Conclusion::Neither).count(), of(Conclusion::NotComparable).count());
    let rest = (neither + apart > 0).then(|| {
        let fills = [("neither", neither.into()), ("apart", apart.into())];
        words.say("audit-adjusted-rest", fills)
    });
    let has_rows = !said.is_empty();
    Some(Part {
        heading: heading(adjustment, words),
        notes: notes(adjustment, words),
        sentences: said.iter().map(|one| sentence(one, adjustment, audit, words)).collect(),
        tables: has_rows.then(|| compared_table(adjustment, &said, words)).into_iter().collect(),
        rest: rest.into_iter().collect(),
    })
}

/// All of it as a section of the page.
pub fn section(audit: &Audit, words: &Words) -> Markup {
    let Some(adjustment) = &audit.adjustment else { return html! {} };
    let compared: Vec<&Adjusted> = adjustment.compared.iter().collect();
    html! {
        section .view #adjusted {
            h2 { (heading(adjustment, words)) }
            @for note in notes(adjustment, words) { p .note { (note) } }
            (compared_table(adjustment, &compared, words).html())
            details {
                summary { (words.say("audit-same-in-sentences", [("count", adjustment.compared.len().into())])) }
                ul .sentences { @for found in &adjustment.compared {
                    li { (sentence(found, adjustment, audit, words)) }
                } }
            }
        }
    }
}

/// Comparisons among people who are alike, beside the plain ones.
fn compared_table(adjustment: &Adjustment, compared: &[&Adjusted], words: &Words) -> Grid {
    let mut columns = columns(
        words,
        ["audit-column-group", "audit-column-decision"],
        [
            "audit-column-plain",
            "audit-column-alike",
            "audit-column-holm",
            "audit-column-alike-share",
            "audit-column-regression",
        ],
    );
    columns.push(Column::text(words.plain("audit-column-left")));
    let dash = || "\u{2013}".to_owned();
    let row = |found: &&Adjusted| {
        let mut cells = vec![
            found.group_label.clone(),
            decision(&found.stretch, words),
            found.plain_ratio.map_or_else(dash, ratio),
        ];
        cells.extend(within_cells(found.within.as_ref(), words));
        cells.push(found.regression.as_ref().map_or_else(dash, |r| {
            ratio_and_interval(Some(r.odds_ratio), (Some(r.interval.0), Some(r.interval.1)), words)
        }));
        cells.push(conclusion(found.conclusion, words));
        Row { names: 1, cells }
    };
    Grid { caption: heading(adjustment, words), columns, rows: compared.iter().map(row).collect() }
}

fn within_cells(within: Option<&WithinBands>, words: &Words) -> [String; 3] {
    match within {
        Some(w) => [
            ratio_and_interval(w.ratio, (w.ratio_low, w.ratio_high), words),
            w.holm_p.zip(w.ln_holm_p).map_or_else(String::new, |(p, ln_p)| p_value(p, ln_p)),
            nearest_5_percent(w.comparable_share),
        ],
        None => [words.plain("audit-not-shown"), String::new(), String::new()],
    }
}
