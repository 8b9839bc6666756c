//! `evenhand token`: a new token for an account, or none, on the data folder of a server that is not running.

use std::process::ExitCode;

use clap::Subcommand;

use super::program::{ConfigArgs, the_organisation, with_program};
use super::{CliResult, output};
use crate::domain::{OrganisationId, UserId};
use crate::workflow::{operator, renew_token, revoke_user};

/// Arguments of `evenhand token`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Give an account a new token and print it, once; the old one stops working.
    Renew(Whose),
    /// Take an account's token away.
    Revoke(Whose),
}

#[derive(clap::Args)]
struct Whose {
    #[command(flatten)]
    config: ConfigArgs,
    /// The account, as `evenhand user list` shows it.
    user: UserId,
    /// The organisation, when there are several.
    #[arg(long, value_name = "ID")]
    organisation: Option<OrganisationId>,
}

/// Renews or revokes a token.
pub(super) fn run(args: Args) -> CliResult {
    match args.command {
        Command::Renew(whose) => with_program(&whose.config, async |app| {
            let viewer = operator(the_organisation(&app, whose.organisation)?);
            let renewed = renew_token(&app, &viewer, &whose.user).await?;
            output::line(format_args!("Token   {}", renewed.token.as_str()))?;
            Ok(ExitCode::SUCCESS)
        }),
        Command::Revoke(whose) => with_program(&whose.config, async |app| {
            let viewer = operator(the_organisation(&app, whose.organisation)?);
            revoke_user(&app, &viewer, &whose.user).await?;
            output::line(format_args!("Token revoked"))?;
            Ok(ExitCode::SUCCESS)
        }),
    }
}
