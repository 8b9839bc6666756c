//! A full disk: nothing is accepted and 507 says so; what was acknowledged stays; work goes on when there is space.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use evenhand::http::{HttpSettings, serve};
use evenhand::journal::{self, Disk, DiskFile, RealDisk};
use evenhand::workflow::{Evenhand, list_vacancies, recount_tallies, show_vacancy};
use serde_json::Value;
use support::{Council, SOURCE, application, vacancy_opened};
use tokio::net::TcpListener;

/// A disk that has no space while the flag is up.
#[derive(Clone)]
struct SmallDisk {
    full: Arc<AtomicBool>,
}

struct SmallFile {
    file: Box<dyn DiskFile>,
    full: Arc<AtomicBool>,
}

fn no_space() -> io::Error {
    io::Error::from(io::ErrorKind::StorageFull)
}

impl SmallDisk {
    fn wrap(&self, file: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        Box::new(SmallFile { file, full: Arc::clone(&self.full) })
    }
}

impl Disk for SmallDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        if self.full.load(Ordering::SeqCst) {
            return Err(no_space());
        }
        Ok(self.wrap(RealDisk.create(path)?))
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.wrap(RealDisk.open(path)?))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.sync_folder(folder)
    }
}

impl DiskFile for SmallFile {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        if self.full.load(Ordering::SeqCst) {
            // Half of it still fits, as on a disk that fills up during a write.
            let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
            let written = self.file.write_at(half, offset)?;
            return if written == 0 { Err(no_space()) } else { Ok(written) };
        }
        self.file.write_at(bytes, offset)
    }
    fn sync_data(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }
    fn set_len(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }
}

fn references(app: &Evenhand, council: &Council) -> Vec<String> {
    let viewer = council.admin();
    list_vacancies(app, &viewer)
        .unwrap()
        .iter()
        .flat_map(|vacancy| show_vacancy(app, &viewer, &vacancy.id).unwrap().applications)
        .map(|row| row.application.reference.to_string())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_answers_507_loses_nothing_and_recovers() {
    let council = Council::new().await;
    let full = Arc::new(AtomicBool::new(false));
    let mut settings = council.settings();
    settings.journal.disk = Arc::new(SmallDisk { full: Arc::clone(&full) });
    // What the disk says of itself is told apart from what it does: first it fills up unannounced.
    let free = Arc::new(AtomicU64::new(u64::MAX));
    let told = Arc::clone(&free);
    settings.free_space = Arc::new(move |_| Some(told.load(Ordering::SeqCst)));
    let (app, _) = Evenhand::open(settings).unwrap();
    council.send(&app, vacancy_opened("V-1")).await.unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, Arc::clone(&app), HttpSettings::default(), async {
        drop(stopped.await)
    }));
    let client = reqwest::Client::new();
    let deliver = async |id: &str| {
        let body = application("V-1", id).to_string();
        let headers = council.signed(&format!("msg_{id}"), body.as_bytes());
        let mut request = client.post(format!("{base}/v1/sources/{SOURCE}/deliveries")).body(body);
        for (name, value) in headers.iter() {
            request = request.header(name, value);
        }
        request.send().await.unwrap()
    };

    assert_eq!(deliver("A-1").await.status(), 200);
    full.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        let refused = deliver("A-2").await;
        assert_eq!(refused.status(), 507);
        assert_eq!(refused.headers()["content-type"], "application/problem+json");
        let problem: Value = refused.json().await.unwrap();
        assert_eq!(problem["code"], "disk_full");
    }
    // Then it says that there is next to nothing left: not ready, and nothing is tried.
    free.store(1 << 20, Ordering::SeqCst);
    assert_eq!(deliver("A-2").await.status(), 507);
    let ready = client.get(format!("{base}/health/ready")).send().await.unwrap();
    assert_eq!(ready.status(), 503);
    let ready: Value = ready.json().await.unwrap();
    assert_eq!(ready["checks"]["journal"], false);
    let live = client.get(format!("{base}/health/live")).send().await.unwrap();
    assert_eq!(live.status(), 200);

    full.store(false, Ordering::SeqCst);
    assert_eq!(deliver("A-2").await.status(), 507, "the views' reserve is not touched");
    free.store(u64::MAX, Ordering::SeqCst);
    assert_eq!(
        deliver("A-2").await.status(),
        200,
        "the same delivery is taken when there is space"
    );
    assert_eq!(deliver("A-3").await.status(), 200);
    let ready = client.get(format!("{base}/health/ready")).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    let mut found = references(&app, &council);
    found.sort();
    assert_eq!(found, ["A-1", "A-2", "A-3"]);

    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    app.shut_down().await;
    drop(app);
    journal::verify(&council.data().join("journal")).unwrap();
    let app = council.open();
    assert_eq!(references(&app, &council).len(), 3);
    assert_eq!(recount_tallies(&app).unwrap().different, 0);
    app.shut_down().await;
}
