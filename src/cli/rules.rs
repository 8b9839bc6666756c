//! `evenhand rules check`: loads a rule set and runs every rule's own examples. Prints; decides nothing.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::{self, Failure};
use crate::redaction::{RuleUse, check_examples, repeated_labels, rule_usage};
use crate::rulebook::Rulebook;

/// Work on the rules.
#[derive(Debug, Args)]
pub struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// Load every rule and run its examples.
    Check {
        /// A folder of rules; the built-in ones if not given.
        folder: Option<PathBuf>,
        /// Texts on which rules should be of use, as JSON lines with a "text"; without it, the rules' own examples.
        #[arg(long, value_name = "JSONL")]
        on: Option<PathBuf>,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When a rule cannot be read at all: file, line and what to do.
pub fn run(args: &RulesArgs) -> Result<ExitCode, Failure> {
    let RulesCommand::Check { folder, on } = &args.command;
    let book = match folder {
        Some(folder) => Rulebook::from_folder(folder)?,
        None => Rulebook::built_in()?,
    };
    let failures = check_examples(&book)?;
    for failure in &failures {
        output::line(format_args!("{failure}"))?;
    }
    let texts = match on {
        Some(file) => texts_of(file)?,
        None => own_examples(&book),
    };
    let warnings = warn_of_idle_rules(&book, &texts)? + warn_of_repeated_labels(&book)?;
    let examples: usize =
        book.recognisers().iter().map(|rule| rule.matches.len() + rule.ignores.len()).sum();
    output::line(format_args!(
        "{} recognisers, {} lexicons, {examples} examples, {} failed, {warnings} warnings; rule set {}",
        book.recognisers().len(),
        book.lexicons().len(),
        failures.len(),
        book.sha256()
    ))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One text of the file of texts; other fields are somebody else's.
#[derive(serde::Deserialize)]
struct Text {
    text: String,
}

fn texts_of(file: &Path) -> Result<Vec<String>, Failure> {
    let name = file.display();
    let lines = output::read_text(file)?;
    let lines = lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| match serde_json::from_str::<Text>(line) {
            Ok(text) => Ok(text.text),
            Err(_) => Err(Failure::failed(format!(
                "{name}, line {}: not a JSON object with a \"text\"; give one object a line",
                number + 1
            ))),
        })
        .collect()
}

/// The examples of all rules as texts, without their marks.
fn own_examples(book: &Rulebook) -> Vec<String> {
    let rules = book.recognisers().iter();
    rules
        .flat_map(|rule| rule.matches.iter().chain(&rule.ignores))
        .map(|example| example.replace("{{", "").replace("}}", ""))
        .collect()
}

/// Names each rule that never fires on the texts, or never covers a letter that no other rule covers.
fn warn_of_idle_rules(book: &Rulebook, texts: &[String]) -> Result<usize, Failure> {
    let usage = rule_usage(book, texts.iter().map(String::as_str))?;
    let mut warnings = 0;
    for rule in &usage {
        let Some(what) = idle(rule) else { continue };
        warnings += 1;
        output::line(format_args!(
            "{}, line {}: warning: rule {} {what}",
            rule.file, rule.line, rule.rule
        ))?;
    }
    Ok(warnings)
}

/// Names each label that says again what another of its rule says.
fn warn_of_repeated_labels(book: &Rulebook) -> Result<usize, Failure> {
    let repeated = repeated_labels(book);
    for label in &repeated {
        output::line(format_args!(
            "{}, line {}: warning: rule {} has the label \"{}\" already, as \"{}\"",
            label.file, label.line, label.rule, label.again, label.first
        ))?;
    }
    Ok(repeated.len())
}

fn idle(rule: &RuleUse) -> Option<String> {
    match (rule.fired, rule.alone, &rule.beside) {
        (0, _, _) => Some("never fires on these texts".to_owned()),
        (times, 0, Some(other)) => {
            Some(format!("fires {times} time(s), always where others do, most often {other}"))
        }
        _ => None,
    }
}
