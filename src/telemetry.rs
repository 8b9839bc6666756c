//! Structured logs on standard error. Events carry identifiers and counts, never a word of an application.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// A filter that does not parse.
#[derive(Debug, thiserror::Error)]
#[error(
    "the log filter does not parse: {0}; write for example \"info\" or \"info,evenhand::intake=debug\""
)]
pub struct BadFilter(String);

/// Starts logging for the whole process. Called a second time it changes nothing.
///
/// # Errors
/// [`BadFilter`] when the filter does not parse.
pub fn start(log: &Log) -> Result<(), BadFilter> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| BadFilter(error.to_string()))?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match log.format {
        LogFormat::Text => logs.try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    // A panic's message may quote the text that it stumbled over, so only its place is logged.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "the program panicked");
    }));
    // A second start finds the logs running, which is what it wanted.
    drop(started);
    Ok(())
}
