//! A ring: every data key of an organisation that was kept at a rotation, sealed as one under the new key-encryption
//! key. Written once under a name with the version, never changed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::cipher::Key;
use super::error::{failed, sync_folder_of};
use super::{KeyHolder, VaultError};
use crate::domain::OrganisationId;

/// Data keys by their holders.
pub(super) type Ring = BTreeMap<KeyHolder, Key>;

const PURPOSE: &str = "ring";
const SUFFIX: &str = ".ring";
const UNFINISHED: &str = ".new";

/// The path of a ring.
pub(super) fn ring_path(folder: &Path, organisation: &OrganisationId, version: u32) -> PathBuf {
    folder.join(format!("{organisation}-{version}{SUFFIX}"))
}

/// Writes a ring; it is on disk when this returns.
pub(super) fn write_ring(
    folder: &Path,
    organisation: &OrganisationId,
    version: u32,
    key: &Key,
    ring: &Ring,
) -> Result<(), VaultError> {
    let path = ring_path(folder, organisation, version);
    let sealed =
        key.seal(PURPOSE, &context(organisation, &version.to_be_bytes()), &encode(ring))?;
    let mut name = path.clone().into_os_string();
    name.push(UNFINISHED);
    let unfinished = PathBuf::from(name);
    let written = File::create(&unfinished)
        .and_then(|mut file| file.write_all(&sealed).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&unfinished, &path))
        .and_then(|()| sync_folder_of(&path));
    written.map_err(|error| {
        // Best effort: what stays behind is sealed, and the next rotation overwrites it.
        let _ = fs::remove_file(&unfinished);
        failed("written", &path)(error)
    })
}

/// Reads the ring of a version.
pub(super) fn read_ring(
    folder: &Path,
    organisation: &OrganisationId,
    version: u32,
    key: &Key,
) -> Result<Ring, VaultError> {
    let path = ring_path(folder, organisation, version);
    let sealed = fs::read(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => VaultError::RingMissing { path: path.clone() },
        _ => failed("read", &path)(error),
    })?;
    key.open(PURPOSE, &context(organisation, &version.to_be_bytes()), &sealed)
        .ok()
        .and_then(|plain| decode(&plain))
        .ok_or(VaultError::Damaged { path, expected: "a key ring made with the key file at hand" })
}

/// Removes every ring of an organisation but the one to keep.
pub(super) fn remove_rings(
    folder: &Path,
    organisation: &OrganisationId,
    keep: Option<u32>,
) -> Result<(), VaultError> {
    for entry in fs::read_dir(folder).map_err(failed("listed", folder))? {
        let entry = entry.map_err(failed("listed", folder))?;
        let version = entry.file_name().to_str().and_then(|name| version_of(name, organisation));
        if version.is_some_and(|version| Some(version) != keep) {
            fs::remove_file(entry.path()).map_err(failed("removed", &entry.path()))?;
        }
    }
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed("synced", folder))
}

/// The version in the name of an organisation's ring. Organisation ids may hold hyphens, so the rest of the name must
/// be a number.
fn version_of(name: &str, organisation: &OrganisationId) -> Option<u32> {
    let name = name.strip_suffix(UNFINISHED).unwrap_or(name);
    name.strip_prefix(organisation.as_str())?.strip_prefix('-')?.strip_suffix(SUFFIX)?.parse().ok()
}

fn context<'a>(organisation: &'a OrganisationId, version: &'a [u8; 4]) -> [&'a [u8]; 2] {
    [organisation.as_str().as_bytes(), version]
}

/// Each key with its holder: length of the holder's name, the name (empty for the organisation), the key.
fn encode(ring: &Ring) -> Zeroizing<Vec<u8>> {
    // Room for everything at once, so that no part stays behind in memory when the bytes grow.
    let mut bytes = Zeroizing::new(Vec::with_capacity(ring.len() * (1 + 64 + 32)));
    for (holder, key) in ring {
        let name = match holder {
            KeyHolder::Organisation => "",
            KeyHolder::Candidate(candidate) => candidate.as_str(),
        };
        bytes.push(name.len() as u8);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(key.bytes());
    }
    bytes
}

fn decode(mut bytes: &[u8]) -> Option<Ring> {
    let mut ring = Ring::new();
    while let Some((length, rest)) = bytes.split_first() {
        let (name, rest) = rest.split_at_checked(usize::from(*length))?;
        let (key, rest) = rest.split_at_checked(32)?;
        let holder = match std::str::from_utf8(name).ok()? {
            "" => KeyHolder::Organisation,
            candidate => KeyHolder::Candidate(candidate.parse().ok()?),
        };
        ring.insert(holder, Key::from_bytes(key)?);
        bytes = rest;
    }
    Some(ring)
}
