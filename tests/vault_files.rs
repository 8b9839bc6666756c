//! Sealed files from outside: named by what is in them, whole or not there.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;

use evenhand::vault::{FileName, SealedFiles, SealedFilesError};

#[test]
fn a_file_is_read_back_by_the_sha256_of_its_bytes_and_is_gone_after_removal() {
    let folder = tempfile::tempdir().unwrap();
    let files = SealedFiles::open(&folder.path().join("files")).unwrap();
    // Reference: FIPS 180-4, the example message "abc".
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let name = files.put(b"abc").unwrap();
    assert_eq!(name.as_str(), abc);
    assert_eq!(files.put(b"abc").unwrap(), name);
    assert_eq!(files.get(&name).unwrap(), b"abc");
    let other = files.put(b"").unwrap();
    let mut found: Vec<FileName> = files.iter().unwrap().map(Result::unwrap).collect();
    found.sort();
    let mut expected = vec![name.clone(), other];
    expected.sort();
    assert_eq!(found, expected);
    files.remove(&name).unwrap();
    files.remove(&name).unwrap();
    assert!(matches!(files.get(&name), Err(SealedFilesError::Missing(missing)) if missing == name));
}

#[test]
fn a_changed_file_is_not_handed_out() {
    let folder = tempfile::tempdir().unwrap();
    let files = SealedFiles::open(folder.path()).unwrap();
    let name = files.put(&[7; 100]).unwrap();
    let path = folder.path().join(name.as_str());
    for length in [0, 99] {
        fs::write(&path, vec![7; length]).unwrap();
        assert!(matches!(files.get(&name), Err(SealedFilesError::Damaged(_))));
    }
    fs::write(&path, [&[7; 99][..], &[6]].concat()).unwrap();
    assert!(matches!(files.get(&name), Err(SealedFilesError::Damaged(_))));
    files.put(&[7; 100]).unwrap();
    assert!(files.get(&name).is_ok());
}

#[test]
fn what_an_interrupted_write_left_is_removed_at_the_next_start_and_never_listed() {
    let folder = tempfile::tempdir().unwrap();
    SealedFiles::open(folder.path()).unwrap();
    fs::write(folder.path().join("0011223344556677.new"), "half").unwrap();
    let files = SealedFiles::open(folder.path()).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!(files.iter().unwrap().count(), 0);
}

#[test]
fn only_a_hash_is_a_name() {
    for (text, is_name) in [
        (&"0123456789abcdef".repeat(4)[..], true),
        ("../../etc/passwd", false),
        (&"0123456789ABCDEF".repeat(4), false),
        (&"0".repeat(63), false),
        (&"g".repeat(64), false),
        ("", false),
    ] {
        assert_eq!(text.parse::<FileName>().is_ok(), is_name, "{text}");
    }
}
