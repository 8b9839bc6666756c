//! `evenhand redact --format html`: the application with every removal marked, its kind, rule and reason, and what the
//! leak gate searched for. For whoever reviews a redaction; decides nothing, and is never what a panel reads.

use std::collections::BTreeMap;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::document::HiddenText;
use crate::messages::Messages;
use crate::redaction::{Action, Kind, Redaction, Span};
use crate::rulebook::Rulebook;
use crate::workflow::{OutsideFind, RedactedDocument};

const STYLE: &str = include_str!("explanation.css");

/// The whole page, in one file that needs nothing else.
pub(super) fn page(text: &str, redacted: &RedactedDocument, rules: &Rulebook) -> String {
    let redaction = &redacted.visible;
    let words = &Messages::english();
    let title = words.text("explain-title");
    let page = html! {
        (DOCTYPE)
        html lang=(words.language()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (title) }
                    p.warning { (words.text("explain-warning")) }
                    (verdict(words, redaction))
                    (summary(words, redaction))
                    h2 { (words.text("explain-text")) }
                    div.application { (marked(words, text, &redaction.spans)) }
                    (list(words, text, redaction, rules))
                    (outside(words, &redacted.hidden, &redacted.outside))
                    p.soft { (words.fill("explain-rule-set", &[("sha", rules.sha256().into())])) }
                }
            }
        }
    };
    page.into_string()
}

fn verdict(words: &Messages, redaction: &Redaction) -> Markup {
    let check = &redaction.check;
    let (known, found) = (check.known.into(), check.found.into());
    html! {
        @if redaction.released {
            p.verdict { (words.text("explain-released")) }
        } @else {
            p.verdict.withheld { (words.text("explain-withheld")) }
        }
        @if check.known == 0 {
            p { (words.text("explain-gate-nothing")) }
        } @else {
            p { (words.fill("explain-gate", &[("known", known), ("found", found)])) }
        }
        @if !redaction.problems.is_empty() {
            h2 { (words.text("explain-problems")) }
            ul { @for problem in &redaction.problems { li { code { (problem.code) } " " (problem.message) } } }
        }
    }
}

fn summary(words: &Messages, redaction: &Redaction) -> Markup {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for span in redaction.spans.iter().filter(|span| span.action != Action::Keep) {
        *counts.entry(span.kind).or_default() += 1;
    }
    html! {
        h2 { (words.text("explain-summary")) }
        @if counts.is_empty() {
            p { (words.text("explain-nothing")) }
        } @else {
            table {
                thead { tr {
                    th scope="col" { (words.text("explain-kind")) }
                    th.number scope="col" { (words.text("explain-count")) }
                    th scope="col" { (words.text("explain-why")) }
                } }
                tbody {
                    @for (kind, count) in &counts {
                        tr {
                            th scope="row" { (words.label("kind", kind.as_str())) }
                            td.number { (count) }
                            td { (words.label("why", kind.as_str())) }
                        }
                    }
                }
            }
        }
    }
}

/// The text cut at the spans: what lies between them, and what each covers.
fn pieces<'a>(text: &str, spans: &'a [Span]) -> Vec<(String, Option<(String, &'a Span)>)> {
    let mut characters = text.chars();
    let mut at = 0;
    let mut pieces = Vec::with_capacity(spans.len() + 1);
    for span in spans {
        let before: String = characters.by_ref().take(span.start.saturating_sub(at)).collect();
        let covered: String =
            characters.by_ref().take(span.end.saturating_sub(span.start)).collect();
        pieces.push((before, Some((covered, span))));
        at = span.end;
    }
    pieces.push((characters.collect(), None));
    pieces
}

fn marked(words: &Messages, text: &str, spans: &[Span]) -> Markup {
    html! {
        @for (number, (before, span)) in pieces(text, spans).into_iter().enumerate() {
            (before)
            @if let Some((covered, span)) = span {
                @let kind = words.label("kind", span.kind.as_str());
                @let tip = format!("{kind}: {}", span.rule);
                @if span.action == Action::Keep {
                    span.keep title=(tip) { (covered) }
                } @else {
                    del title=(tip) { (covered) } " " ins title=(tip) { (span.replacement) }
                }
                sup { a href={ "#removal-" (number + 1) } { (number + 1) } }
            }
        }
    }
}

fn list(words: &Messages, text: &str, redaction: &Redaction, rules: &Rulebook) -> Markup {
    let heads = ["number", "passage", "now", "kind", "action", "rule", "place"]
        .map(|head| format!("explain-{head}"));
    html! {
        @if !redaction.spans.is_empty() {
            h2 { (words.text("explain-list")) }
            div.scroll { table {
                thead { tr { @for head in &heads { th scope="col" { (words.text(head)) } } } }
                tbody {
                    @for (number, (_, span)) in pieces(text, &redaction.spans).into_iter().enumerate() {
                        @if let Some((covered, span)) = span {
                            tr id={ "removal-" (number + 1) } {
                                td.number { (number + 1) }
                                td { (covered) }
                                td { (span.replacement) }
                                td {
                                    (words.label("kind", span.kind.as_str()))
                                    span.soft { ": " (words.label("why", span.kind.as_str())) }
                                }
                                td { (words.label("action", span.action.as_str())) }
                                td { code { (span.rule) } }
                                td.soft { (place(words, span, rules)) }
                            }
                        }
                    }
                }
            } }
        }
    }
}

/// What was found where no page shows it.
fn outside(words: &Messages, hidden: &[HiddenText], finds: &[OutsideFind]) -> Markup {
    let heads = ["where", "passage", "kind", "rule"].map(|head| format!("explain-{head}"));
    html! {
        @if !finds.is_empty() {
            h2 { (words.text("explain-outside")) }
            p { (words.text("explain-outside-note")) }
            div.scroll { table {
                thead { tr { @for head in &heads { th scope="col" { (words.text(head)) } } } }
                tbody {
                    @for OutsideFind { place, text, span } in finds {
                        tr {
                            td { (words.label("outside", place.as_str())) }
                            td {
                                (hidden.get(*text).map_or("", |hidden| hidden.text.as_str()).chars()
                                    .skip(span.start).take(span.end.saturating_sub(span.start)).collect::<String>())
                            }
                            td { (words.label("kind", span.kind.as_str())) }
                            td { code { (span.rule) } }
                        }
                    }
                }
            } }
        }
    }
}

/// File and line of a rule of the rule set, or what a rule of the program goes by.
fn place(words: &Messages, span: &Span, rules: &Rulebook) -> String {
    let id = span.rule.as_str();
    match rules.recognisers().iter().find(|rule| rule.id() == id) {
        Some(rule) => {
            let line = rule.place.line;
            words
                .fill("explain-file", &[("file", (&rule.place.file).into()), ("line", line.into())])
        }
        None => {
            let reason = words.label("rule", &id.replace('.', "-"));
            format!("{} ({reason})", words.text("explain-program"))
        }
    }
}
