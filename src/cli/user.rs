//! `evenhand user`: adds and lists accounts on the data folder of a server that is not running. A running server
//! is asked over HTTP (`/v1/users`).

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::Subcommand;

use super::program::{ConfigArgs, the_organisation, with_program};
use super::{CliResult, output};
use crate::domain::{OrganisationId, Role, VacancyId};
use crate::workflow::{add_user, list_users, operator};

/// Arguments of `evenhand user`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Add an account and print its token, once.
    Add {
        #[command(flatten)]
        config: ConfigArgs,
        /// The organisation, when there are several.
        #[arg(long, value_name = "ID")]
        organisation: Option<OrganisationId>,
        /// ats, panel, recruiter, auditor or admin.
        #[arg(long)]
        role: Role,
        /// What colleagues call the account.
        #[arg(long)]
        label: String,
        /// A vacancy that a panel member reads; may be given several times.
        #[arg(long = "vacancy", value_name = "ID")]
        vacancies: Vec<VacancyId>,
    },
    /// List the accounts.
    List {
        #[command(flatten)]
        config: ConfigArgs,
        /// The organisation, when there are several.
        #[arg(long, value_name = "ID")]
        organisation: Option<OrganisationId>,
    },
}

/// Adds or lists accounts.
pub(super) fn run(args: Args) -> CliResult {
    match args.command {
        Command::Add { config, organisation, role, label, vacancies } => {
            with_program(&config, async |app| {
                let viewer = operator(the_organisation(&app, organisation)?);
                let vacancies: BTreeSet<VacancyId> = vacancies.into_iter().collect();
                let added = add_user(&app, &viewer, &label, role, vacancies).await?;
                output::line(format_args!(
                    "User    {}\nToken   {}",
                    added.user.id,
                    added.token.as_str()
                ))?;
                Ok(ExitCode::SUCCESS)
            })
        }
        Command::List { config, organisation } => with_program(&config, async |app| {
            let viewer = operator(the_organisation(&app, organisation)?);
            for user in list_users(&app, &viewer)? {
                let state = if user.token_sha256.is_some() { "active" } else { "revoked" };
                output::line(format_args!(
                    "{}  {:<9}  {:<8}  {}",
                    user.id, user.role, state, user.label
                ))?;
            }
            Ok(ExitCode::SUCCESS)
        }),
    }
}
