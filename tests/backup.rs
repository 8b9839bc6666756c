//! Backup and restore: what comes back is what was there, taken while the program ran or not, and never the key file.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use evenhand::domain::Actor;
use evenhand::journal::{
    Draft, Journal, JournalHandle, JournalOptions, ProjectionError, Projector, Record, RecordKind,
    verify,
};
use evenhand::vault::{SealedFiles, Vault};
use evenhand::workflow::{CopyError, back_up, restore, verify_journal};
use support::names_in;

struct NoViews;

impl Projector for NoViews {
    fn project(&mut self, _: &[Record]) -> Result<(), ProjectionError> {
        Ok(())
    }
}

fn append(journal: &JournalHandle, number: usize) {
    let draft = Draft {
        organisation: "walsall".parse().unwrap(),
        kind: RecordKind::new("noted"),
        actor: Actor::System,
        body: vec![number as u8 | 1; 50 + number],
    };
    journal.append_blocking(draft).unwrap();
}

fn start(data: &Path) -> JournalHandle {
    let options = JournalOptions { segment_bytes: 1500, ..JournalOptions::default() };
    Journal::open(&data.join("journal"), options).unwrap().start(Box::new(NoViews))
}

/// A data folder as the program leaves it, views and key file included.
fn data_folder(data: &Path) {
    let journal = start(data);
    (0..20).for_each(|number| append(&journal, number));
    journal.shut_down_blocking();
    let files = SealedFiles::open(&data.join("files")).unwrap();
    for number in 0..5u8 {
        files.put(&[number; 1000]).unwrap();
    }
    fs::write(data.join("files").join("0123.new"), "left by an interruption").unwrap();
    Vault::create_key_file(&data.join("evenhand.keys")).unwrap();
    let vault = Vault::open(&data.join("evenhand.keys"), &data.join("rings")).unwrap();
    let organisation = "walsall".parse().unwrap();
    let key = vault.add_organisation(&organisation).unwrap();
    let keep = vec![(evenhand::vault::KeyHolder::Organisation, key)];
    let rotation = vault.begin_rotation(&organisation, keep).unwrap();
    vault.finish_rotation(rotation).unwrap();
    fs::create_dir(data.join("views")).unwrap();
}

#[test]
fn a_backup_restored_is_the_same_journal_files_and_rings_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let [data, backup, restored] = ["data", "backup", "restored"].map(|n| folder.path().join(n));
    data_folder(&data);
    let copied = back_up(&data, &backup).unwrap();
    assert_eq!((copied.journal.records, copied.files, copied.rings), (20, 5, 1));
    assert_eq!(copied.damaged_files, []);
    assert_eq!(names_in(&backup), ["files", "journal", "rings"]);
    let again = restore(&backup, &restored).unwrap();
    assert_eq!(again, copied);
    for part in ["files", "rings"] {
        for name in names_in(&restored.join(part)) {
            let (one, other) = (data.join(part).join(&name), restored.join(part).join(&name));
            assert_eq!(fs::read(one).unwrap(), fs::read(other).unwrap());
        }
    }
    assert_eq!(verify(&data.join("journal")).unwrap(), verify(&restored.join("journal")).unwrap());
    assert_eq!(verify_journal(&restored).unwrap(), verify(&restored.join("journal")).unwrap());
    Vault::open(&data.join("evenhand.keys"), &restored.join("rings")).unwrap();
    let journal = start(&restored);
    append(&journal, 20);
    assert_eq!(journal.last_sequence(), 21);
    journal.shut_down_blocking();
}

#[test]
fn a_backup_taken_while_records_arrive_is_whole_and_holds_all_that_was_confirmed_before() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let journal = start(&data);
    std::thread::scope(|scope| {
        let appending = journal.clone();
        let appender = scope.spawn(move || (0..300).for_each(|number| append(&appending, number)));
        let mut taken = 0;
        while !appender.is_finished() || taken == 0 {
            let before = journal.last_sequence();
            let to = folder.path().join(format!("backup-{taken}"));
            let copied = back_up(&data, &to).unwrap();
            assert!(copied.journal.records >= before);
            assert_eq!(copied.journal.unconfirmed_bytes, 0);
            taken += 1;
        }
    });
    journal.shut_down_blocking();
}

#[test]
fn a_folder_that_holds_anything_is_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let [data, target] = ["data", "target"].map(|name| folder.path().join(name));
    data_folder(&data);
    fs::create_dir(&target).unwrap();
    fs::write(target.join("note"), "mine").unwrap();
    assert!(matches!(back_up(&data, &target), Err(CopyError::NotEmpty(_))));
    assert!(matches!(restore(&data, &target), Err(CopyError::NotEmpty(_))));
    assert_eq!(names_in(&target), ["note"]);
    let nothing = folder.path().join("nothing");
    assert!(matches!(back_up(&nothing, &folder.path().join("new")), Err(CopyError::NoData(_))));
    assert!(!folder.path().join("new").exists());
}

#[test]
fn a_damaged_journal_is_not_restored_and_a_damaged_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let [data, backup] = ["data", "backup"].map(|name| folder.path().join(name));
    data_folder(&data);
    let file = names_in(&data.join("files")).into_iter().find(|name| name.len() == 64).unwrap();
    fs::write(data.join("files").join(&file), "changed").unwrap();
    let copied = back_up(&data, &backup).unwrap();
    assert_eq!(copied.files, 4);
    assert_eq!(copied.damaged_files.iter().map(|n| n.as_str()).collect::<Vec<_>>(), [&file]);
    let segment = evenhand::journal::segment_path(&backup.join("journal"), 2);
    let mut bytes = fs::read(&segment).unwrap();
    bytes[200] ^= 4;
    fs::write(&segment, bytes).unwrap();
    let restored = restore(&backup, &folder.path().join("restored"));
    let error = restored.unwrap_err().to_string();
    assert!(error.contains("segment 2") && error.contains("offset"), "{error}");
}
