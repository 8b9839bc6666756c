//! What the demonstration prints.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use comfy_table::{Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::Accounts;
use super::applications::full_applications;
use super::sender::{Sender, Sent};
use crate::cli::output::{self, Failure};
use crate::domain::Identity;
use crate::redaction::Redaction;
use crate::workflow::{Evenhand, authenticate};

/// Lines of the application that are shown.
const LINES: usize = 26;

/// A progress bar on a terminal; nothing elsewhere.
pub(super) fn progress_bar(what: &'static str, length: usize) -> ProgressBar {
    let bar = ProgressBar::new(length as u64).with_message(what);
    match ProgressStyle::with_template("{msg:<20} {wide_bar} {pos}/{len}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn heading(text: &str) -> Result<(), Failure> {
    output::line(format_args!("\n{text}\n{}", "─".repeat(text.chars().count())))
}

/// How many deliveries were accepted.
pub(super) fn deliveries(sent: &Sent) -> Result<(), Failure> {
    output::line(format_args!(
        "{} signed webhooks sent over HTTP and accepted in {:.1} s, each on disk before its answer.",
        sent.deliveries,
        sent.took.as_secs_f64()
    ))
}

/// One application before and after, with what was removed and by which rule.
pub(super) fn one_application(app: &Evenhand) -> Result<(), Failure> {
    let application = full_applications()?
        .into_iter()
        .next()
        .ok_or_else(|| Failure::failed("there is no full application"))?;
    let identity: Identity = serde_json::from_value(application.identity)?;
    let redaction = app.redaction_engine()?.redact(&application.text, &identity, &[]);
    heading("One application as it came (everybody in it is invented)")?;
    output::line(format_args!("{}", first_lines(&application.text)))?;
    heading("The same application as the panel sees it")?;
    output::line(format_args!("{}", first_lines(&redaction.redacted)))?;
    heading("What was removed, and by which rule")?;
    output::line(format_args!("{}", trace(&redaction)))?;
    Ok(())
}

fn first_lines(text: &str) -> String {
    let shown: Vec<&str> = text.lines().take(LINES).collect();
    let more = text.lines().count().saturating_sub(shown.len());
    format!("{}\n… {more} more lines", shown.join("\n"))
}

fn trace(redaction: &Redaction) -> Table {
    let mut removed: BTreeMap<(&str, String, String), usize> = BTreeMap::new();
    for span in &redaction.spans {
        let key = (span.kind.as_str(), span.rule.to_string(), span.replacement.clone());
        *removed.entry(key).or_default() += 1;
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["Kind", "Rule", "Replaced by", "Times"]);
    for ((kind, rule, replacement), times) in removed {
        table.add_row([kind.to_owned(), rule, replacement, times.to_string()]);
    }
    table
}

/// The panel's list, in numbers.
pub(super) fn panel(app: &Arc<Evenhand>, accounts: &Accounts) -> Result<(), Failure> {
    let viewer = authenticate(app, &accounts.panel.token)?
        .ok_or_else(|| Failure::failed("the panel's token is unknown"))?;
    heading("What the panel can read")?;
    let reader = app.pack_reader();
    for vacancy in reader.vacancies(&viewer)? {
        let list = reader.list(&viewer, &vacancy.id)?;
        let withheld = list.entries.len() - vacancy.packs;
        output::line(format_args!(
            "{:<40} {:>4} packs, {withheld} withheld for a recruiter to look at",
            vacancy.title, vacancy.packs
        ))?;
    }
    Ok(())
}

/// The audit of each family: its first decision by ethnic group, as the auditor's account is answered over HTTP.
pub(super) async fn audit(sender: &Sender, accounts: &Accounts) -> Result<(), Failure> {
    for family in ["housing", "customer services", "archives"] {
        heading(&format!("Audit of the family \"{family}\" by ethnic group, at shortlisting"))?;
        let path = format!(
            "/v1/audits?family={}&characteristic=ethnic_group&format=json",
            family.replace(' ', "%20")
        );
        let answer = sender.get(&path, &accounts.auditor.token).await?;
        let audit: Value = serde_json::from_str(&answer)?;
        let findings = list(&audit["views"][0]["findings"])
            .iter()
            .filter(|finding| {
                finding["primary"] == true && finding["stretch"]["from"] == "received"
            })
            .filter(|finding| finding["stretch"]["whole"] == false);
        let (table, sentences) = audit_table(findings);
        output::line(format_args!("{table}"))?;
        for sentence in sentences {
            output::line(format_args!("• {sentence}"))?;
        }
    }
    Ok(())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn audit_table<'a>(findings: impl Iterator<Item = &'a Value>) -> (Table, Vec<String>) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["Group", "Shortlisted", "Others", "Ratio (95 % interval)", "Verdict"]);
    let mut sentences = Vec::new();
    for finding in findings {
        let numbers = &finding["numbers"];
        let of = |progressed: &str, entered: &str| match (
            numbers[progressed].as_u64(),
            numbers[entered].as_u64(),
        ) {
            (Some(progressed), Some(entered)) => format!("{progressed} of {entered}"),
            _ => "hidden".to_owned(),
        };
        let two = |name: &str| match numbers[name].as_f64() {
            Some(number) => format!("{number:.2}"),
            None => "–".to_owned(),
        };
        table.add_row([
            text(&finding["group_label"]),
            of("progressed", "entered"),
            of("comparator_progressed", "comparator_entered"),
            format!("{} ({} to {})", two("ratio"), two("ratio_low"), two("ratio_high")),
            text(&finding["verdict"]).replace('_', " "),
        ]);
        sentences.push(text(&finding["sentence"]));
    }
    (table, sentences)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Where to look around, and with which token.
pub(super) fn addresses(address: SocketAddr, accounts: &Accounts) -> Result<(), Failure> {
    heading("Look around")?;
    output::line(format_args!("Open http://{address}/ and sign in with one of these tokens:\n"))?;
    for (who, what, token) in [
        ("Panel member", "reads packs", accounts.panel.token.as_str()),
        ("Recruiter", "moves stages, asks for identity", accounts.recruiter.token.as_str()),
        ("Auditor", "reads reports", accounts.auditor.token.as_str()),
        ("Administrator", "adds users and sources", accounts.admin.admin.token.as_str()),
    ] {
        output::line(format_args!("  {who:<14} {token}   {what}"))?;
    }
    output::line(format_args!(
        "\nSend your own deliveries to http://{address}/v1/sources/{}/deliveries",
        accounts.source.source.id
    ))?;
    output::line(format_args!("signed with {}", accounts.source.secret.as_str()))
}
