//! The vault from outside: key files, sealing, and what is left after an erasure, in every copy ever taken.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use evenhand::domain::{
    Answer, AttachedDocument, CandidateId, Content, DeclaredCategories, Identity, OrganisationId,
    StoredKey,
};
use evenhand::vault::{KeyHolder, Purpose, Vault, VaultError};
use tempfile::TempDir;

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        Vault::create_key_file(&place.key_file()).unwrap();
        fs::create_dir(place.data()).unwrap();
        place
    }
    fn key_file(&self) -> PathBuf {
        self.folder.path().join("evenhand.keys")
    }
    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
    fn open(&self) -> Vault {
        self.open_with(&self.data())
    }
    fn open_with(&self, data: &Path) -> Vault {
        Vault::open(&self.key_file(), &data.join("rings")).unwrap()
    }
}

fn organisation() -> OrganisationId {
    "walsall".parse().unwrap()
}

fn content() -> Content {
    Content {
        identity: Identity {
            title: Some("Ms".into()),
            given_names: Some("Preet".into()),
            family_name: Some("Sahota".into()),
            previous_names: vec!["Preet Gill".into()],
            email: vec!["preet@example.com".into()],
            phone: vec!["07700 900142".into()],
            address: vec!["1 High Street".into(), "Walsall".into()],
            postcode: Some("WS1 1AA".into()),
            ..Identity::default()
        },
        answers: vec![Answer { question: "Why?".into(), text: "Because.".into() }],
        documents: vec![AttachedDocument {
            file_name: Some("preet-sahota.txt".into()),
            media_type: None,
            bytes: vec![0, 159, 146, 150],
        }],
    }
}

#[test]
fn a_key_file_is_for_its_owner_only_and_is_never_overwritten() {
    let place = Place::new();
    assert_eq!(fs::metadata(place.key_file()).unwrap().mode() & 0o777, 0o600);
    let again = Vault::create_key_file(&place.key_file());
    assert!(matches!(again, Err(VaultError::KeyFileExists { .. })));
    place.open().add_organisation(&organisation()).unwrap();
    assert_eq!(fs::metadata(place.key_file()).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn without_a_private_and_unchanged_key_file_nothing_opens() {
    let place = Place::new();
    place.open().add_organisation(&organisation()).unwrap();
    let open = || Vault::open(&place.key_file(), &place.data().join("rings"));
    for mode in [0o640, 0o604, 0o620, 0o601] {
        fs::set_permissions(place.key_file(), fs::Permissions::from_mode(mode)).unwrap();
        assert!(
            matches!(open(), Err(VaultError::KeyFileOpen { mode: found, .. }) if found == mode)
        );
    }
    fs::set_permissions(place.key_file(), fs::Permissions::from_mode(0o600)).unwrap();
    let whole = fs::read(place.key_file()).unwrap();
    for bit in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        fs::write(place.key_file(), flipped).unwrap();
        assert!(open().is_err(), "bit {bit}");
    }
    for length in 0..whole.len() {
        fs::write(place.key_file(), &whole[..length]).unwrap();
        assert!(matches!(open(), Err(VaultError::Damaged { .. })), "{length} bytes");
    }
    fs::remove_file(place.key_file()).unwrap();
    assert!(matches!(open(), Err(VaultError::KeyFileMissing { .. })));
}

#[test]
fn an_organisation_is_added_once() {
    let place = Place::new();
    let vault = place.open();
    vault.add_organisation(&organisation()).unwrap();
    let again = vault.add_organisation(&organisation());
    assert!(matches!(again, Err(VaultError::OrganisationExists(_))));
    assert!(matches!(
        vault.new_candidate(&"dudley".parse().unwrap()),
        Err(VaultError::UnknownOrganisation(_))
    ));
    vault.settle(&organisation(), 0).unwrap();
    assert!(vault.organisations().is_empty());
    assert!(vault.add_organisation(&organisation()).is_ok());
}

#[test]
fn content_and_categories_come_back_as_they_were_after_a_restart() {
    let place = Place::new();
    let organisation = organisation();
    let vault = place.open();
    vault.add_organisation(&organisation).unwrap();
    let (candidate, key) = vault.new_candidate(&organisation).unwrap();
    let holder = KeyHolder::Candidate(candidate);
    let categories: DeclaredCategories =
        [("sex".parse().unwrap(), "female".parse().unwrap())].into_iter().collect();
    let sealed = vault.seal_content(&organisation, &holder, &key, "a1", &content()).unwrap();
    let declared = vault.seal_categories(&organisation, &holder, &key, "a1", &categories).unwrap();
    let text = String::from_utf8_lossy(&sealed).into_owned();
    assert!(!text.contains("Preet") && !text.contains("preet"));
    let vault = place.open();
    let opened = vault.open_content(&organisation, &holder, &key, "a1", &sealed).unwrap();
    assert_eq!(opened, content());
    let identity = vault.open_identity(&organisation, &holder, &key, "a1", &sealed).unwrap();
    assert_eq!(identity, content().identity);
    let opened = vault.open_categories(&organisation, &holder, &key, "a1", &declared).unwrap();
    assert_eq!(opened, categories);
    assert!(vault.open_content(&organisation, &holder, &key, "a2", &sealed).is_err());
    assert!(vault.open_categories(&organisation, &holder, &key, "a1", &sealed).is_err());
    for length in 0..sealed.len() {
        let cut = vault.open_content(&organisation, &holder, &key, "a1", &sealed[..length]);
        assert!(matches!(cut, Err(VaultError::DoesNotOpen)));
    }
}

#[test]
fn bytes_open_only_for_their_own_organisation_holder_purpose_and_record() {
    let place = Place::new();
    let vault = place.open();
    let (walsall, dudley) = (organisation(), "dudley".parse().unwrap());
    vault.add_organisation(&walsall).unwrap();
    vault.add_organisation(&dudley).unwrap();
    let (first, key) = vault.new_candidate(&walsall).unwrap();
    let (second, other_key) = vault.new_candidate(&walsall).unwrap();
    let (first, second) = (KeyHolder::Candidate(first), KeyHolder::Candidate(second));
    let sealed = vault.seal(&walsall, &first, &key, Purpose::Pack, "a1", b"text").unwrap();
    let open =
        |organisation: &OrganisationId, holder: &KeyHolder, key: &StoredKey, purpose, record| {
            vault.unseal(organisation, holder, key, purpose, record, &sealed)
        };
    assert_eq!(open(&walsall, &first, &key, Purpose::Pack, "a1").unwrap().as_slice(), b"text");
    assert!(open(&dudley, &first, &key, Purpose::Pack, "a1").is_err());
    assert!(open(&walsall, &second, &key, Purpose::Pack, "a1").is_err());
    assert!(open(&walsall, &second, &other_key, Purpose::Pack, "a1").is_err());
    assert!(open(&walsall, &first, &other_key, Purpose::Pack, "a1").is_err());
    assert!(open(&walsall, &first, &key, Purpose::Original, "a1").is_err());
    assert!(open(&walsall, &first, &key, Purpose::Pack, "a2").is_err());
}

#[test]
fn a_pack_opener_opens_packs_and_nothing_else() {
    let place = Place::new();
    let vault = place.open();
    let organisation = organisation();
    vault.add_organisation(&organisation).unwrap();
    let (candidate, key) = vault.new_candidate(&organisation).unwrap();
    let holder = KeyHolder::Candidate(candidate.clone());
    let opener = vault.pack_opener();
    for purpose in [
        Purpose::Identity,
        Purpose::Characteristics,
        Purpose::Original,
        Purpose::Pack,
        Purpose::Record,
        Purpose::Secrets,
    ] {
        let sealed = vault.seal(&organisation, &holder, &key, purpose, "a1", b"text").unwrap();
        let opened = opener.open(&organisation, &candidate, &key, "a1", &sealed);
        assert_eq!(opened.is_ok(), purpose == Purpose::Pack, "{purpose:?}");
    }
}

/// Somebody's sealed bytes, as a record keeps them.
struct Kept {
    holder: KeyHolder,
    key: StoredKey,
    sealed: Vec<Vec<u8>>,
}

const PURPOSES: [Purpose; 4] =
    [Purpose::Identity, Purpose::Characteristics, Purpose::Original, Purpose::Pack];

fn keep(vault: &Vault, holder: KeyHolder, key: StoredKey) -> Kept {
    let sealed = PURPOSES
        .iter()
        .map(|purpose| {
            vault.seal(&organisation(), &holder, &key, *purpose, "a1", b"somebody").unwrap()
        })
        .collect();
    Kept { holder, key, sealed }
}

/// How many of somebody's sealed bytes open, having checked that the others are refused as destroyed.
fn opening(vault: &Vault, kept: &Kept) -> usize {
    let open = PURPOSES.iter().zip(&kept.sealed).filter(|(purpose, sealed)| {
        let opened =
            vault.unseal(&organisation(), &kept.holder, &kept.key, **purpose, "a1", sealed);
        match opened {
            Ok(plain) => plain.as_slice() == b"somebody",
            Err(error) => {
                assert!(matches!(error, VaultError::KeyDestroyed), "{error}");
                false
            }
        }
    });
    open.count()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn all_keys(people: &BTreeMap<CandidateId, Kept>) -> Vec<(KeyHolder, StoredKey)> {
    people.values().map(|kept| (kept.holder.clone(), kept.key.clone())).collect()
}

/// Everything in this test that stands for "the data": sealed bytes as records hold them, and the ring folders of
/// every moment, each opened with the key file of the end.
#[test]
fn no_copy_ever_taken_opens_a_byte_of_an_erased_candidate_and_everybody_else_still_opens() {
    let place = Place::new();
    let organisation = organisation();
    let vault = place.open();
    let own = vault.add_organisation(&organisation).unwrap();
    let own = keep(&vault, KeyHolder::Organisation, own);
    let add = |vault: &Vault| {
        let (candidate, key) = vault.new_candidate(&organisation).unwrap();
        (candidate.clone(), keep(vault, KeyHolder::Candidate(candidate), key))
    };
    let mut people: BTreeMap<CandidateId, Kept> = (0..4).map(|_| add(&vault)).collect();
    let mut erased: Vec<Kept> = Vec::new();
    let mut copies: Vec<PathBuf> = Vec::new();
    let mut take_copy = || {
        let to = place.folder.path().join(format!("copy-{}", copies.len()));
        copy(&place.data(), &to);
        copies.push(to);
    };
    take_copy();
    for _ in 0..3 {
        let (leaver, kept) = people.pop_first().unwrap();
        let mut keys = all_keys(&people);
        keys.push((own.holder.clone(), own.key.clone()));
        let rotation = vault.begin_rotation(&organisation, keys).unwrap();
        take_copy();
        assert!(matches!(
            vault.new_candidate(&organisation),
            Err(VaultError::RotationInProgress(_))
        ));
        assert_eq!(opening(&vault, &kept), 4, "not erased before the rotation is finished");
        vault.finish_rotation(rotation).unwrap();
        take_copy();
        assert_eq!(opening(&vault, &kept), 0, "{leaver} is erased");
        erased.push(kept);
        // Somebody new, whose key the new version wraps, and who may be the next to be erased.
        let (candidate, kept) = add(&vault);
        people.insert(candidate, kept);
        take_copy();
    }
    let running = &vault;
    let restarted = place.open();
    for vault in [running, &restarted] {
        for kept in people.values().chain([&own]) {
            assert_eq!(opening(vault, kept), 4);
        }
        for kept in &erased {
            assert_eq!(opening(vault, kept), 0);
        }
    }
    // The newest copies hold the newest ring, and open. Older ones refuse as a whole, because their ring is not the
    // one of the key file; with the newest ring beside them they open, and the erased stay erased.
    let newest_ring = place.data().join("rings").join("walsall-4.ring");
    for copy in &copies {
        if !copy.join("rings").join("walsall-4.ring").exists() {
            let opened = Vault::open(&place.key_file(), &copy.join("rings"));
            assert!(matches!(opened, Err(VaultError::RingMissing { .. })));
            fs::copy(&newest_ring, copy.join("rings").join("walsall-4.ring")).unwrap();
        }
        let vault = place.open_with(copy);
        vault.settle(&organisation, 1).unwrap();
        for kept in people.values().chain([&own]) {
            assert_eq!(opening(&vault, kept), 4);
        }
        for kept in &erased {
            assert_eq!(opening(&vault, kept), 0);
        }
    }
    // No old ring opens with the key file of the end, under whatever name.
    for copy in &copies {
        for version in 2..4 {
            let ring = copy.join("rings").join(format!("walsall-{version}.ring"));
            if let Ok(bytes) = fs::read(&ring) {
                let rings = tempfile::tempdir().unwrap();
                fs::write(rings.path().join("walsall-4.ring"), bytes).unwrap();
                let opened = Vault::open(&place.key_file(), rings.path());
                assert!(matches!(opened, Err(VaultError::Damaged { .. })));
            }
        }
    }
}

#[test]
fn an_interrupted_rotation_is_finished_or_taken_back_as_the_journal_says() {
    for (journalled, erased_opens) in [(1, 4), (2, 0)] {
        let place = Place::new();
        let organisation = organisation();
        let vault = place.open();
        let own = vault.add_organisation(&organisation).unwrap();
        let own = keep(&vault, KeyHolder::Organisation, own);
        let (leaver, key) = vault.new_candidate(&organisation).unwrap();
        let leaver = keep(&vault, KeyHolder::Candidate(leaver), key);
        let keys = vec![(own.holder.clone(), own.key.clone())];
        drop(vault.begin_rotation(&organisation, keys).unwrap());
        let vault = place.open();
        assert_eq!(vault.version(&organisation).unwrap(), 1);
        assert_eq!(opening(&vault, &leaver), 4);
        vault.settle(&organisation, journalled).unwrap();
        for vault in [vault, place.open()] {
            assert_eq!(vault.version(&organisation).unwrap(), journalled);
            assert_eq!(opening(&vault, &own), 4);
            assert_eq!(opening(&vault, &leaver), erased_opens);
            assert!(vault.new_candidate(&organisation).is_ok());
        }
        let rings = fs::read_dir(place.data().join("rings")).unwrap().count();
        assert_eq!(rings, journalled as usize - 1);
    }
}

#[test]
fn an_abandoned_rotation_leaves_everything_as_it_was() {
    let place = Place::new();
    let organisation = organisation();
    let vault = place.open();
    let own = vault.add_organisation(&organisation).unwrap();
    let own = keep(&vault, KeyHolder::Organisation, own);
    let before = fs::read(place.key_file()).unwrap();
    let keys = vec![(own.holder.clone(), own.key.clone())];
    let rotation = vault.begin_rotation(&organisation, keys).unwrap();
    assert!(matches!(
        vault.begin_rotation(&organisation, vec![]),
        Err(VaultError::RotationInProgress(_))
    ));
    vault.abandon_rotation(rotation).unwrap();
    assert_eq!(fs::read(place.key_file()).unwrap(), before);
    assert_eq!(fs::read_dir(place.data().join("rings")).unwrap().count(), 0);
    assert_eq!(opening(&vault, &own), 4);
    assert!(vault.new_candidate(&organisation).is_ok());
}

#[test]
fn a_rotation_that_would_forget_the_organisation_itself_is_refused() {
    let place = Place::new();
    let vault = place.open();
    vault.add_organisation(&organisation()).unwrap();
    let (candidate, key) = vault.new_candidate(&organisation()).unwrap();
    let refused =
        vault.begin_rotation(&organisation(), vec![(KeyHolder::Candidate(candidate), key)]);
    assert!(matches!(refused, Err(VaultError::OrganisationNotKept(_))));
    assert!(vault.new_candidate(&organisation()).is_ok());
}

#[test]
fn an_old_copy_of_the_key_file_is_refused_when_the_journal_is_newer() {
    let place = Place::new();
    let vault = place.open();
    let own = vault.add_organisation(&organisation()).unwrap();
    let old = fs::read(place.key_file()).unwrap();
    let keys = vec![(KeyHolder::Organisation, own)];
    let rotation = vault.begin_rotation(&organisation(), keys).unwrap();
    vault.finish_rotation(rotation).unwrap();
    fs::write(place.key_file(), old).unwrap();
    let settled = place.open().settle(&organisation(), 2);
    assert!(matches!(settled, Err(VaultError::UnknownVersion { version: 2, .. })));
}

#[test]
fn a_change_of_the_key_file_overwrites_the_bytes_of_the_one_before() {
    let place = Place::new();
    let vault = place.open();
    let own = vault.add_organisation(&organisation()).unwrap();
    let old = place.folder.path().join("hard-link-to-the-old-file");
    fs::hard_link(place.key_file(), &old).unwrap();
    let keys = vec![(KeyHolder::Organisation, own)];
    let rotation = vault.begin_rotation(&organisation(), keys).unwrap();
    assert!(fs::read(&old).unwrap().iter().all(|byte| *byte == 0));
    vault.finish_rotation(rotation).unwrap();
}
