//! `evenhand demo`: everything in one process on a temporary folder. It sends itself signed webhooks over HTTP on
//! loopback, so what is shown went through the same doors as any other application.

mod applications;
mod people;
mod plan;
mod sender;
mod show;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::CliResult;
use super::output::{self, Failure};
use super::program::runtime;
use super::serve::stop_signal;
use crate::config::Log;
use crate::domain::{Role, VacancyId};
use crate::http::{self, HttpSettings};
use crate::telemetry;
use crate::worker::Worker;
use crate::workflow::{
    DocumentReader, Evenhand, NewOrganisation, NewSource, NewUser, Settings, add_source, add_user,
    create_organisation, list_vacancies, operator,
};
use plan::Plan;
use sender::Sender;

/// Arguments of `evenhand demo`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Exit after printing instead of serving until Ctrl-C.
    #[arg(long)]
    once: bool,
    /// The port to listen on, on loopback; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

/// Runs the demonstration. The temporary folder is removed at the end.
pub(super) fn run(args: Args) -> CliResult {
    telemetry::start(&Log { filter: "error".to_owned(), ..Log::default() })?;
    let folder = TemporaryFolder::create()?;
    let mut settings = Settings::new(folder.0.join("data"), folder.0.join("evenhand.key"))?;
    settings.documents = Arc::new(DocumentReader::in_child_of_this_program()?);
    settings.create_key_file()?;
    let (app, _) = Evenhand::open(settings)?;
    runtime()?.block_on(async {
        let stop = stop_signal()?;
        let server = Server::start(&app, args.port).await?;
        let shown = demonstrate(&app, server.address).await;
        if shown.is_ok() && !args.once {
            output::line(format_args!(
                "\nServing until Ctrl-C. Everything is on a temporary folder and goes with it."
            ))?;
            stop.await;
        }
        server.stop(&app).await?;
        shown
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The accounts to look around with.
struct Accounts {
    admin: NewOrganisation,
    source: NewSource,
    recruiter: NewUser,
    auditor: NewUser,
    panel: NewUser,
}

async fn demonstrate(app: &Arc<Evenhand>, address: SocketAddr) -> Result<(), Failure> {
    let organisation = "larchmere".parse()?;
    let admin = create_organisation(app, organisation, "Larchmere Borough Council", 10).await?;
    let root = operator(admin.id.clone());
    let source = add_source(app, &root, "jobsboard".parse()?, "standard").await?;
    let recruiter = add_user(app, &root, "HR desk", Role::Recruiter, [].into()).await?;
    let auditor = add_user(app, &root, "Equality lead", Role::Auditor, [].into()).await?;

    let plan = Plan::new()?;
    let sender = Sender::new(app, address, &source)?;
    let sent = sender.send_all(&plan).await?;
    wait_for_packs(app, plan.applications()).await?;

    let vacancies: std::collections::BTreeSet<VacancyId> =
        list_vacancies(app, &root)?.into_iter().map(|vacancy| vacancy.id).collect();
    let panel = add_user(app, &root, "Panel member 2", Role::Panel, vacancies).await?;
    let accounts = Accounts { admin, source, recruiter, auditor, panel };

    show::deliveries(&sent)?;
    show::one_application(app)?;
    show::panel(app, &accounts)?;
    show::audit(&sender, &accounts).await?;
    show::addresses(address, &accounts)?;
    Ok(())
}

/// Waits until the worker has made or withheld every pack.
async fn wait_for_packs(app: &Evenhand, expected: usize) -> Result<(), Failure> {
    let progress = show::progress_bar("Packs made", expected);
    while let waiting @ 1.. = app.waiting_jobs(expected)? {
        progress.set_position(expected.saturating_sub(waiting) as u64);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    progress.finish_and_clear();
    Ok(())
}

/// The server, on a task of its own.
struct Server {
    address: SocketAddr,
    worker: Worker,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Server {
    async fn start(app: &Arc<Evenhand>, port: u16) -> Result<Self, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let served = http::serve(listener, Arc::clone(app), HttpSettings::default(), async move {
            let _ = stopped.await;
        });
        let task = tokio::spawn(served);
        Ok(Self { address, worker: Worker::start(Arc::clone(app)), stop, task })
    }

    async fn stop(self, app: &Evenhand) -> Result<(), Failure> {
        let _ = self.stop.send(());
        self.task.await??;
        self.worker.stop().await;
        app.shut_down().await;
        Ok(())
    }
}

/// A folder that is removed with everything in it when this value goes.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn create() -> Result<Self, Failure> {
        let now = jiff::Timestamp::now().as_nanosecond();
        let name = format!("evenhand-demo-{}-{now}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

fn remove(folder: &Path) {
    if let Err(error) = std::fs::remove_dir_all(folder) {
        note!("evenhand: {} could not be removed: {error}", folder.display());
    }
}
