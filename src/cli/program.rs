//! Opens the program for subcommands that work on the data folder themselves. Holds no command of its own.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use super::output::Failure;
use crate::config::Config;
use crate::domain::OrganisationId;
use crate::rulebook::Rulebook;
use crate::telemetry;
use crate::workflow::{DocumentReader, Evenhand, OpenReport, Settings};

/// Where the configuration is.
#[derive(clap::Args)]
pub(super) struct ConfigArgs {
    /// The configuration that `evenhand init` wrote.
    #[arg(long, value_name = "FILE", default_value = "evenhand.toml")]
    pub(super) config: PathBuf,
}

/// What the program is opened with, from its configuration.
pub(super) fn settings(config: &Config) -> Result<Settings, Failure> {
    let mut settings = Settings::new(config.data.folder.clone(), config.data.key_file.clone())?;
    if let Some(folder) = &config.rules.folder {
        settings.rules = Rulebook::from_folder(folder)?;
    }
    settings.documents = Arc::new(DocumentReader::in_child_of_this_program()?);
    Ok(settings.segment_bytes(config.journal.segment_mib << 20))
}

/// A runtime for everything asynchronous.
pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Says what opening had to mend.
pub(super) fn report_opening(report: &OpenReport) {
    if report.torn_bytes > 0 {
        tracing::warn!(bytes = report.torn_bytes, "unfinished last write cut off");
    }
    if report.confirmed_lost > 0 {
        tracing::error!(
            records = report.confirmed_lost,
            "the disk lost records that had been acknowledged; compare with the last backup"
        );
    }
    if let Some(reason) = &report.rebuilt {
        tracing::warn!(reason, records = report.replayed, "views rebuilt from the journal");
    } else if report.replayed > 0 {
        tracing::info!(records = report.replayed, "views brought up to date");
    }
}

/// Opens the program, does one thing with it, and closes it again.
pub(super) fn with_program<T, F>(
    args: &ConfigArgs,
    work: impl FnOnce(Arc<Evenhand>) -> F,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    let config = Config::read(&args.config)?;
    telemetry::start(&config.log)?;
    let (app, report) = Evenhand::open(settings(&config)?.engine_when_needed())?;
    report_opening(&report);
    runtime()?.block_on(async {
        let result = work(Arc::clone(&app)).await;
        app.shut_down().await;
        result
    })
}

/// The organisation that is meant: the one named, or the only one there is.
pub(super) fn the_organisation(
    app: &Evenhand,
    named: Option<OrganisationId>,
) -> Result<OrganisationId, Failure> {
    let organisations = app.organisations()?;
    match (named, organisations.as_slice()) {
        (Some(id), known) if known.contains(&id) => Ok(id),
        (Some(id), _) => Err(Failure::usage(format!("there is no organisation '{id}'"))),
        (None, [only]) => Ok(only.clone()),
        (None, _) => {
            Err(Failure::usage("there are several organisations; say which with --organisation"))
        }
    }
}
