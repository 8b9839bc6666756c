//! `evenhand keys`: exchanges the key-encryption key of an organisation.

use std::process::ExitCode;

use clap::Subcommand;

use super::program::{ConfigArgs, the_organisation, with_program};
use super::{CliResult, output};
use crate::domain::{Actor, OrganisationId};
use crate::workflow::rotate_keys;

/// Arguments of `evenhand keys`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Exchange the key-encryption key: earlier copies of the data no longer open with the key file of now.
    Rotate {
        #[command(flatten)]
        config: ConfigArgs,
        /// The organisation, when there are several.
        #[arg(long, value_name = "ID")]
        organisation: Option<OrganisationId>,
    },
}

/// Rotates keys.
pub(super) fn run(args: Args) -> CliResult {
    let Command::Rotate { config, organisation } = args.command;
    with_program(&config, async |app| {
        let organisation = the_organisation(&app, organisation)?;
        rotate_keys(&app, &organisation, Actor::Operator).await?;
        output::line(format_args!(
            "Keys of '{organisation}' exchanged. Back the key file up again."
        ))?;
        Ok(ExitCode::SUCCESS)
    })
}
