//! The key file: the key-encryption keys of all organisations, in a file that only its owner may read. Every change
//! replaces the whole file, and overwrites the one before.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::VaultError;
use super::cipher::Key;
use super::error::{failed, sync_folder_of};
use crate::domain::OrganisationId;

const FIRST_LINE: &str =
    "evenhand key file 1: whoever reads this can open everything; keep it apart from the data";
const OWNER_ONLY: u32 = 0o600;
const OTHERS: u32 = 0o077;

/// The versions of an organisation's key: one, or two during a rotation.
pub(super) type Versions = BTreeMap<u32, Key>;

/// The key file as it is on disk.
pub(super) struct KeyFile {
    path: PathBuf,
    keys: BTreeMap<OrganisationId, Versions>,
}

impl KeyFile {
    /// Creates an empty key file where there is nothing yet.
    pub(super) fn create(path: &Path) -> Result<(), VaultError> {
        let created = create_private(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => VaultError::KeyFileExists { path: path.to_owned() },
            _ => failed("created", path)(error),
        })?;
        let text = encode(&BTreeMap::new());
        write_synced(created, &text)
            .and_then(|()| sync_folder_of(path))
            .map_err(failed("written", path))
    }

    /// Reads a key file, if only its owner may.
    pub(super) fn open(path: &Path) -> Result<Self, VaultError> {
        let metadata = fs::metadata(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => VaultError::KeyFileMissing { path: path.to_owned() },
            _ => failed("read", path)(error),
        })?;
        if metadata.mode() & OTHERS != 0 {
            let mode = metadata.mode() & 0o7777;
            return Err(VaultError::KeyFileOpen { path: path.to_owned(), mode });
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(failed("read", path))?);
        let keys = decode(&text).ok_or(VaultError::Damaged {
            path: path.to_owned(),
            expected: "a key file as `evenhand init` makes it, unchanged",
        })?;
        // An interrupted change may have left keys behind.
        match fs::remove_file(replacement_path(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed("removed", &replacement_path(path))(error));
            }
            _ => {}
        }
        Ok(Self { path: path.to_owned(), keys })
    }

    /// The organisations that have keys.
    pub(super) fn organisations(&self) -> impl Iterator<Item = &OrganisationId> {
        self.keys.keys()
    }

    /// The versions of an organisation's key.
    pub(super) fn versions(&self, organisation: &OrganisationId) -> Option<&Versions> {
        self.keys.get(organisation)
    }

    /// Gives an organisation these versions and no others; with none, it is forgotten. On disk when this returns, and
    /// if it fails the file is as it was.
    pub(super) fn replace(
        &mut self,
        organisation: &OrganisationId,
        versions: Versions,
    ) -> Result<(), VaultError> {
        let mut keys = self.keys.clone();
        if versions.is_empty() {
            keys.remove(organisation);
        } else {
            keys.insert(organisation.clone(), versions);
        }
        self.write(&keys)?;
        self.keys = keys;
        Ok(())
    }

    fn write(&self, keys: &BTreeMap<OrganisationId, Versions>) -> Result<(), VaultError> {
        let path = &self.path;
        let replacement = replacement_path(path);
        let old = File::options().write(true).open(path).map_err(failed("opened", path))?;
        let written = create_private(&replacement)
            .and_then(|file| write_synced(file, &encode(keys)))
            .and_then(|()| fs::rename(&replacement, path))
            .and_then(|()| sync_folder_of(path));
        if let Err(error) = written {
            // Best effort: what stays behind is removed at the next start.
            let _ = fs::remove_file(&replacement);
            return Err(failed("written", path)(error));
        }
        overwrite(old).map_err(failed("overwritten", path))
    }
}

fn replacement_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}

fn create_private(path: &Path) -> io::Result<File> {
    File::options().write(true).create_new(true).mode(OWNER_ONLY).open(path)
}

fn write_synced(mut file: File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Writes over a file that has lost its name. What the disk itself keeps of it is out of reach.
fn overwrite(mut file: File) -> io::Result<()> {
    let length = file.metadata()?.len();
    file.write_all(&vec![0; length as usize])?;
    file.sync_all()
}

fn encode(keys: &BTreeMap<OrganisationId, Versions>) -> Zeroizing<String> {
    let lines = keys.values().map(BTreeMap::len).sum::<usize>() + 2;
    // Room for everything at once, so that no part stays behind in memory when the text grows.
    let mut text = Zeroizing::new(String::with_capacity(lines * 160));
    text.push_str(FIRST_LINE);
    text.push('\n');
    for (organisation, versions) in keys {
        for (version, key) in versions {
            let key = Zeroizing::new(STANDARD.encode(key.bytes()));
            for part in [organisation.as_str(), " ", &version.to_string(), " ", &key, "\n"] {
                text.push_str(part);
            }
        }
    }
    let check = check(&text);
    for part in ["sha256 ", &check, "\n"] {
        text.push_str(part);
    }
    text
}

fn decode(text: &str) -> Option<BTreeMap<OrganisationId, Versions>> {
    let (covered, last) = text.strip_suffix('\n')?.rsplit_once('\n')?;
    let covered = text.get(..covered.len() + 1)?;
    if last.strip_prefix("sha256 ")? != check(covered) {
        return None;
    }
    let mut lines = covered.lines();
    if lines.next()? != FIRST_LINE {
        return None;
    }
    let mut keys: BTreeMap<OrganisationId, Versions> = BTreeMap::new();
    for line in lines {
        let mut parts = line.split(' ');
        let organisation = parts.next()?.parse().ok()?;
        let version = parts.next()?.parse().ok()?;
        let bytes = Zeroizing::new(STANDARD.decode(parts.next()?).ok()?);
        keys.entry(organisation).or_default().insert(version, Key::from_bytes(&bytes)?);
    }
    Some(keys)
}

fn check(text: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    STANDARD.encode(hash)
}
