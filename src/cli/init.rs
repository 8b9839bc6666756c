//! `evenhand init`: a commented configuration, a key file, a data folder and the first administrator.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::CliResult;
use super::output::{self, Failure};
use super::program::{runtime, settings};
use crate::config::{Config, TEMPLATE};
use crate::domain::OrganisationId;
use crate::workflow::{Evenhand, NewOrganisation, create_organisation};

/// Arguments of `evenhand init`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder to set up; made when it is missing.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The organisation's id: a-z, 0-9, '-' and '_'.
    #[arg(long, value_name = "ID")]
    organisation: OrganisationId,
    /// The organisation's name, for headings.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The smallest count that a report may show: 10, or 5 by your own decision.
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(5..))]
    minimum_cell: u32,
}

/// Sets a folder up. What exists is never overwritten, and what failed half-way is taken away again.
pub(super) fn run(args: Args) -> CliResult {
    let config_file = args.folder.join("evenhand.toml");
    let config = Config::parse(TEMPLATE, &config_file)?;
    for path in [&config_file, &config.data.key_file, &config.data.folder] {
        if path.exists() {
            return Err(Failure::usage(format!(
                "{} exists already; init sets up a new folder and overwrites nothing",
                path.display()
            )));
        }
    }
    fs::create_dir_all(&args.folder)?;
    match set_up(&args, &config, &config_file) {
        Ok(created) => {
            print_next_steps(&config_file, &config, &created)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            // None of these existed before, so nothing of anybody's is lost.
            let _ = fs::remove_file(&config_file);
            let _ = fs::remove_file(&config.data.key_file);
            let _ = fs::remove_dir_all(&config.data.folder);
            Err(error)
        }
    }
}

fn set_up(args: &Args, config: &Config, config_file: &Path) -> Result<NewOrganisation, Failure> {
    let mut file = fs::File::create_new(config_file)?;
    file.write_all(TEMPLATE.as_bytes())?;
    file.sync_all()?;
    let settings = settings(config)?;
    settings.create_key_file()?;
    let (app, _) = Evenhand::open(settings.engine_when_needed())?;
    runtime()?.block_on(async {
        let created =
            create_organisation(&app, args.organisation.clone(), &args.name, args.minimum_cell)
                .await;
        app.shut_down().await;
        Ok(created?)
    })
}

fn print_next_steps(
    config_file: &Path,
    config: &Config,
    created: &NewOrganisation,
) -> Result<(), Failure> {
    output::line(format_args!("Configuration   {}", config_file.display()))?;
    output::line(format_args!(
        "Key file        {} (back it up, apart from the data)",
        config.data.key_file.display()
    ))?;
    output::line(format_args!("Data folder     {}", config.data.folder.display()))?;
    output::line(format_args!("Organisation    {}", created.id))?;
    output::line(format_args!("Admin token     {}", created.admin.token.as_str()))?;
    output::line("")?;
    output::line(format_args!("The token is shown this once; keep it in a password store."))?;
    output::line(format_args!("Next: evenhand serve --config {}", config_file.display()))
}
