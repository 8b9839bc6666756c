//! Writes a small journal, checks it, damages one bit of it, and checks it again.
//!
//! `cargo run --example verify_journal` shows all of that; with a folder as argument it only checks that journal.

use std::error::Error;
use std::fs;
use std::path::Path;

use evenhand::domain::Actor;
use evenhand::journal::{
    Draft, Journal, JournalOptions, ProjectionError, Projector, Record, RecordKind, segment_path,
    verify,
};

const NOTED: RecordKind = RecordKind::new("noted");

/// A program without views.
struct NoViews;

impl Projector for NoViews {
    fn project(&mut self, _: &[Record]) -> Result<(), ProjectionError> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(folder) = std::env::args().nth(1) {
        println!("{:?}", verify(Path::new(&folder))?);
        return Ok(());
    }
    let folder = std::env::temp_dir().join(format!("evenhand-example-{}", std::process::id()));
    let result = show(&folder);
    fs::remove_dir_all(&folder)?;
    result
}

fn show(folder: &Path) -> Result<(), Box<dyn Error>> {
    let journal = Journal::open(folder, JournalOptions::default())?.start(Box::new(NoViews));
    for number in 1..=3 {
        let committed = journal.append_blocking(Draft {
            organisation: "walsall".parse()?,
            kind: NOTED,
            actor: Actor::Operator,
            body: format!("note {number}").into_bytes(),
        })?;
        println!("record {} is on disk", committed.position.sequence);
    }
    journal.shut_down_blocking();
    println!("{:?}", verify(folder)?);

    let segment = segment_path(folder, 1);
    let mut bytes = fs::read(&segment)?;
    if let Some(byte) = bytes.get_mut(300) {
        *byte ^= 1;
    }
    fs::write(&segment, bytes)?;
    match verify(folder) {
        Ok(_) => Err("a flipped bit was overlooked".into()),
        Err(error) => {
            println!("after one bit was flipped: {error}");
            Ok(())
        }
    }
}
