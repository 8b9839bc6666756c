//! Opens the folder of a sled store, checks everything in it against its sum, and moves aside what does not open or
//! does not add up. The caller rebuilds from the journal then, and logs it.

use std::fmt;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, RwLock};
use std::thread;
use std::time::Duration;

use ::sled::{Config, Db};
use jiff::Timestamp;

use super::changes::{Meta, digest};
use super::reading::Views;
use super::{failed, keys};
use crate::journal::{FolderLock, NoLock};
use crate::store::StoreError;

/// Memory for pages. Views are small; the rest of the machine is for other work.
const CACHE_BYTES: u64 = 64 << 20;
const FLUSH_EVERY_MS: u64 = 500;
/// How long to wait for threads of an earlier store of this process, which hold the database open for a moment after it
/// was closed: so many times so long.
const WAITS: u32 = 100;
const WAIT: Duration = Duration::from_millis(20);

/// Views in sled.
pub struct SledStore {
    // In this order, so that the database is closed before another process is let in.
    views: Views,
    _lock: FolderLock,
}

/// A folder of views that did not open or did not add up, and was moved aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedAside {
    /// Where it is now. It may be deleted: the journal holds all that it held.
    pub to: PathBuf,
    /// What was wrong with it.
    pub reason: String,
}

impl fmt::Display for MovedAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; moved to {}", self.reason, self.to.display())
    }
}

impl SledStore {
    /// Opens the views in a folder. If they do not open, or are not what was written, the folder is moved aside and an
    /// empty store is opened in its place, to be rebuilt from the journal; the second answer tells.
    ///
    /// # Errors
    /// [`StoreError::Backend`] when another process has the folder open, or when not even an empty store can be made.
    pub fn open(folder: &Path) -> Result<(Self, Option<MovedAside>), StoreError> {
        let lock = take_lock(folder)?;
        let (db, moved) = match open_checked(folder) {
            Ok(db) => (db, None),
            Err(reason) => {
                let to = move_aside(folder)?;
                let db = open_checked(folder).map_err(StoreError::Backend)?;
                (db, Some(MovedAside { to, reason }))
            }
        };
        let views = Views { db, change: Mutex::default(), turn: RwLock::default() };
        Ok((Self { views, _lock: lock }, moved))
    }

    pub(super) fn views(&self) -> &Views {
        &self.views
    }
}

/// The lock stands beside the folder, which may be moved.
fn take_lock(folder: &Path) -> Result<FolderLock, StoreError> {
    let mut path = folder.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let said = |what: &str, error: &dyn std::fmt::Display| {
        StoreError::Backend(format!("{} could not be {what}: {error}", path.display()))
    };
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent).map_err(|error| said("created", &error))?;
    }
    FolderLock::take(&path).map_err(|why| match why {
        NoLock::Held => said("locked", &"the views are in use elsewhere"),
        NoLock::Failed(error) => said("locked", &error),
    })
}

/// Opens and checks, turning panics into reasons: sled panics on some kinds of damage.
fn open_checked(folder: &Path) -> Result<Db, String> {
    let attempt = || -> Result<Db, StoreError> {
        let db = open_database(folder)?;
        check(&db)?;
        Ok(db)
    };
    match catch_unwind(AssertUnwindSafe(attempt)) {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the view store panicked when it was opened".to_owned()),
    }
}

fn open_database(folder: &Path) -> Result<Db, StoreError> {
    let config =
        Config::new().path(folder).cache_capacity(CACHE_BYTES).flush_every_ms(Some(FLUSH_EVERY_MS));
    let mut waits = 0;
    loop {
        match config.open() {
            Err(::sled::Error::Io(error))
                if error.to_string().contains("could not acquire lock") && waits < WAITS =>
            {
                waits += 1;
                thread::sleep(WAIT);
            }
            other => return other.map_err(failed),
        }
    }
}

/// Reads every entry and compares their sum with the one that was kept.
fn check(db: &Db) -> Result<(), StoreError> {
    let mut sum = 0u128;
    let mut is_empty = true;
    for entry in db.iter() {
        let (key, value) = entry.map_err(failed)?;
        is_empty = false;
        if key != keys::META {
            sum = sum.wrapping_add(digest(&key, &value));
        }
    }
    if is_empty {
        return db.insert(keys::META, Meta::EMPTY.encode()).map(drop).map_err(failed);
    }
    if Meta::read(db)?.sum == sum {
        Ok(())
    } else {
        Err(StoreError::Backend("the views are not those that were written".to_owned()))
    }
}

fn move_aside(folder: &Path) -> Result<PathBuf, StoreError> {
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let names = (0..1000).map(|number| {
        let mut name = folder.as_os_str().to_owned();
        name.push(format!(".damaged-{time}"));
        if number > 0 {
            name.push(format!("-{number}"));
        }
        PathBuf::from(name)
    });
    let mut free = names.filter(|path| !path.exists());
    let to = free.next().ok_or(StoreError::Damaged { view: "whole" })?;
    fs::rename(folder, &to).map_err(|error| {
        StoreError::Backend(format!("{} could not be moved aside: {error}", folder.display()))
    })?;
    Ok(to)
}
