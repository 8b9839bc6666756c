//! Background work: redacts applications as they arrive. Knows when to work, not how.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::workflow::{Evenhand, redact_next};

/// How long the worker waits after a job that failed, so that a full disk is not hammered.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(2);

/// A running worker. [`Worker::stop`] ends it after the jobs in hand.
#[derive(Debug)]
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts the worker: it does what waits, then sleeps until more arrives.
    pub fn start(app: Arc<Evenhand>) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self { stop, task: tokio::spawn(run(app, stopped)) }
    }

    /// Ends the worker after the jobs in hand.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(is_panic = error.is_panic(), "worker ended unexpectedly");
        }
    }
}

async fn run(app: Arc<Evenhand>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let pause = match redact_next(&app).await {
            Ok(round) if round.failed > 0 => Some(PAUSE_AFTER_FAILURE),
            Ok(round) if round.done > 0 => continue,
            Ok(_) => None,
            Err(error) => {
                tracing::error!(%error, "jobs not listed");
                Some(PAUSE_AFTER_FAILURE)
            }
        };
        let rest = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => app.work_arrives().await,
            }
        };
        tokio::select! {
            () = rest => {}
            _ = stopped.changed() => {}
        }
    }
}
