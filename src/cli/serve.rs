//! `evenhand serve`: the server, until it is told to stop.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::CliResult;
use super::output::Failure;
use super::program::{ConfigArgs, report_opening, runtime, settings};
use crate::config::{Config, LogFormat};
use crate::http::{self, HttpSettings};
use crate::messages::{Messages, MessagesError};
use crate::telemetry;
use crate::worker::Worker;
use crate::workflow::Evenhand;

/// Arguments of `evenhand serve`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigArgs,
    /// Listen here instead of where the configuration says; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<std::net::SocketAddr>,
    /// Log as JSON whatever the configuration says.
    #[arg(long)]
    log_json: bool,
}

/// Serves until SIGTERM or Ctrl-C: requests in flight are answered, the journal is synced, the folder released.
pub(super) fn run(args: Args) -> CliResult {
    let mut config = Config::read(&args.config.config)?;
    if args.log_json {
        config.log.format = LogFormat::Json;
    }
    telemetry::start(&config.log)?;
    let (app, report) = Evenhand::open(settings(&config)?)?;
    report_opening(&report);
    let limits = http_settings(&config)?;
    let listen = args.listen.unwrap_or(config.server.listen);
    runtime()?.block_on(async {
        let listener = TcpListener::bind(listen).await.map_err(|error| {
            Failure::failed(format!(
                "{listen} cannot be listened on: {error}; choose another with --listen"
            ))
        })?;
        let address = listener.local_addr()?;
        tracing::info!(%address, rules.sha256 = app.rules().sha256(), "listening");
        let worker = Worker::start(Arc::clone(&app));
        http::serve(listener, Arc::clone(&app), limits, stop_signal()?).await?;
        worker.stop().await;
        app.shut_down().await;
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    })
}

/// The limits and words of the server, from its configuration.
fn http_settings(config: &Config) -> Result<HttpSettings, MessagesError> {
    let words = match &config.pages.messages {
        Some(file) => Messages::from_file(file)?,
        None => Messages::english(),
    };
    Ok(HttpSettings {
        words: Arc::new(words),
        max_connections: config.server.max_connections,
        max_body_bytes: config.server.max_body_mib << 20,
        request_timeout: Duration::from_secs(config.server.request_timeout_seconds),
        max_concurrent_requests: config.server.max_concurrent_requests,
        ..HttpSettings::default()
    })
}

/// Ends when the process is asked to stop.
pub(super) fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: no new requests; those in flight are answered");
    })
}
