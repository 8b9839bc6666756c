//! Reports that the service gives out: what each showed is remembered, organisation by organisation, before it goes
//! out, and later ones hide what could be worked out by subtracting it. The ledger is the one of the command line,
//! sealed with the organisation's key, because it holds counts that no report shows.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::audit_levels::add_levels;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::periods::Unit;
use super::report_ledger::{Ledger, LedgerError};
use crate::domain::OrganisationId;
use crate::fairness::{Audit, AuditRequest, Counts, audit_after};
use crate::vault::{KeyHolder, Purpose};

/// The folder of the ledgers in the data folder.
pub(super) const REPORTS: &str = "reports";
/// How the file of a ledger ends.
pub(super) const LEDGER: &str = "ledger";

/// Where the ledgers are, and whose turn it is: reports of one organisation are made one after the other, so that none
/// goes out beside one that it does not know of.
pub(super) struct ServedReports {
    folder: PathBuf,
    turns: Mutex<HashMap<OrganisationId, Arc<Mutex<Option<Opened>>>>>,
}

/// A ledger that was opened, with the bytes that it was read from or written as: as long as the file holds them, it need
/// not be opened again.
struct Opened {
    sealed: Option<Vec<u8>>,
    ledger: Ledger,
}

/// How much a ledger may hold once it is unpacked.
const MOST_BYTES: usize = 1 << 30;
/// How hard a ledger is packed: harder takes several times as long and saves little.
const PACKING: u8 = 3;

impl ServedReports {
    pub(super) fn at(data: &Path) -> Self {
        Self { folder: data.join(REPORTS), turns: Mutex::default() }
    }

    fn turn(&self, organisation: &OrganisationId) -> Arc<Mutex<Option<Opened>>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(organisation.clone()).or_default())
    }

    /// The organisation's ledger; its folder is there then.
    fn path(&self, organisation: &OrganisationId) -> Result<PathBuf, LedgerError> {
        let made = || {
            if !self.folder.is_dir() {
                std::fs::create_dir_all(&self.folder)?;
                if let Some(data) = self.folder.parent() {
                    std::fs::File::open(data)?.sync_all()?;
                }
            }
            Ok(())
        };
        let path = self.folder.join(format!("{organisation}.{LEDGER}"));
        match made() {
            Ok(()) => Ok(path),
            Err(error) => Err(LedgerError::File { path, done: "written", error }),
        }
    }
}

/// Audits counts as one of the organisation's row of reports, and the levels of factors and periods as further ones. When
/// it answers, what the report shows is on disk.
pub(super) fn give_out(
    app: &Evenhand,
    organisation: &OrganisationId,
    counts: &Counts,
    request: &AuditRequest,
    (factors, unit): (&[String], Option<Unit>),
) -> Result<Audit, WorkflowError> {
    let turn = app.reports.turn(organisation);
    let mut mine = turn.lock().unwrap_or_else(PoisonError::into_inner);
    let key = app.codec.key(organisation)?;
    let (holder, purpose) = (KeyHolder::Organisation, Purpose::Reports);
    let path = app.reports.path(organisation)?;
    let sealed = Ledger::bytes(&path)?;
    // Taken out: whatever goes wrong from here on, the next report reads the file.
    let mut ledger = match mine.take() {
        Some(opened) if opened.sealed == sealed => opened.ledger,
        _ => Ledger::of_bytes(&path, sealed.as_deref(), |sealed| {
            let opened = app.vault.unseal(organisation, &holder, &key, purpose, LEDGER, sealed);
            let packed = opened.map_err(|error| error.to_string())?;
            decompress_to_vec_with_limit(&packed, MOST_BYTES).map_err(|error| error.to_string())
        })?,
    };
    let (mut audit, release) = audit_after(counts, request, &app.rules, ledger.releases());
    let mut is_new = ledger.remember(release, counts.strata());
    if !factors.is_empty() || unit.is_some() {
        let mut shown = ledger.releases().clone();
        let before = shown.len();
        add_levels(&mut audit, counts, (request, &app.rules), factors, unit, &mut shown);
        is_new |= shown.len() > before;
        ledger.replace(shown);
    }
    let sealed = if is_new {
        let written = ledger.write_with(|bytes| {
            let packed = compress_to_vec(&bytes, PACKING);
            if !app.has_room(packed.len()) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let sealed = app.vault.seal(organisation, &holder, &key, purpose, LEDGER, &packed);
            sealed.map_err(io::Error::other)
        });
        Some(written?)
    } else {
        sealed
    };
    *mine = Some(Opened { sealed, ledger });
    Ok(audit)
}
