//! Damage of every kind to a small journal, and interrupted writes of every length: the one is found and its place
//! named, the other is cut off and nothing else is lost.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use evenhand::domain::Actor;
use evenhand::journal::{
    Disk, DiskFile, Draft, Flaw, Journal, JournalError, JournalOptions, Position, ProjectionError,
    Projector, RealDisk, Record, RecordKind, segment_path, segments, verify,
};
use tempfile::TempDir;

struct NoViews;

impl Projector for NoViews {
    fn project(&mut self, _: &[Record]) -> Result<(), ProjectionError> {
        Ok(())
    }
}

/// A disk that is told to sync and does not: these tests cut power only in their own way, and there are thousands.
struct UnsyncedDisk;

struct UnsyncedFile(Box<dyn DiskFile>);

impl Disk for UnsyncedDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(UnsyncedFile(RealDisk.create(path)?)))
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(UnsyncedFile(RealDisk.open(path)?)))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl DiskFile for UnsyncedFile {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        self.0.write_at(bytes, offset)
    }
    fn sync_data(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn set_len(&mut self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }
}

fn options() -> JournalOptions {
    JournalOptions { segment_bytes: 700, disk: Arc::new(UnsyncedDisk), ..JournalOptions::default() }
}

/// Flips a bit of a file where it stands.
fn flip(path: &Path, bit: usize) {
    let file = fs::File::options().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, bit as u64 / 8).unwrap();
    byte[0] ^= 1 << (bit % 8);
    file.write_all_at(&byte, bit as u64 / 8).unwrap();
}

/// A copy of a journal's files.
fn copied(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
    }
    to
}

/// A body without zeros, as sealed bytes have them: no stretch of it looks like a sector that was never written.
fn body(number: u64, bytes: usize) -> Vec<u8> {
    (0..bytes as u64).map(|place| (number * 31 + place * 7) as u8 | 1).collect()
}

fn append(folder: &Path, options: JournalOptions, bodies: &[Vec<u8>]) -> Vec<Position> {
    let journal = Journal::open(folder, options).unwrap().start(Box::new(NoViews));
    let positions = bodies.iter().map(|body| {
        let draft = Draft {
            organisation: "walsall".parse().unwrap(),
            kind: RecordKind::new("noted"),
            actor: Actor::System,
            body: body.clone(),
        };
        journal.append_blocking(draft).unwrap().position
    });
    let positions = positions.collect();
    journal.shut_down_blocking();
    positions
}

/// A journal of eight records in several segments.
fn journal() -> (TempDir, Vec<Position>) {
    let folder = tempfile::tempdir().unwrap();
    let bodies: Vec<_> = (0..8).map(|number| body(number, 60)).collect();
    let positions = append(folder.path(), options(), &bodies);
    assert!(segments(folder.path()).unwrap().len() >= 3);
    (folder, positions)
}

fn head(folder: &Path) -> PathBuf {
    folder.join("head")
}

/// Opens and answers the bodies that are there.
fn bodies(folder: &Path) -> Result<Vec<Vec<u8>>, JournalError> {
    let journal = Journal::open(folder, options())?;
    journal.replay(None)?.map(|record| record.map(|record| record.body)).collect()
}

fn place(error: JournalError) -> (u32, u64, u64, Flaw) {
    match error {
        JournalError::Damaged { segment, offset, sequence, flaw } => {
            (segment, offset, sequence, flaw)
        }
        other => panic!("{other}"),
    }
}

/// Where something may be found wrong, and the record that stands there or would: segment headers, batch headers,
/// records, closing frames.
fn expected_place(
    folder: &Path,
    positions: &[Position],
    segment: u32,
    byte: u64,
) -> (u32, std::ops::RangeInclusive<u64>, u64) {
    let records: Vec<_> = positions.iter().filter(|p| p.segment == segment).collect();
    let length = fs::metadata(segment_path(folder, segment)).unwrap().len();
    let before = records.iter().rev().find(|p| p.offset <= byte);
    match before {
        // In a record, the padding after it, or the frame after that.
        Some(position) => {
            let frame = records
                .iter()
                .find(|p| p.offset > position.offset)
                .map_or(length.saturating_sub(64), |next| next.offset - 64);
            let is_closed = segment < positions.last().unwrap().segment;
            let in_frame = byte >= frame && (is_closed || frame + 64 < length);
            let sequence = position.sequence + u64::from(in_frame);
            (segment, position.offset..=byte, sequence)
        }
        None => (segment, 0..=byte, records.first().map_or(9, |p| p.sequence)),
    }
}

#[test]
fn every_flipped_bit_in_every_segment_is_found_at_its_place_by_verify_and_by_open() {
    let (folder, positions) = journal();
    let folder = folder.path();
    for segment in segments(folder).unwrap() {
        let path = segment_path(folder, segment);
        let whole = fs::read(&path).unwrap();
        for bit in 0..whole.len() * 8 {
            flip(&path, bit);
            let byte = (bit / 8) as u64;
            let expected = expected_place(folder, &positions, segment, byte);
            let (found, offset, sequence, flaw) = place(verify(folder).unwrap_err());
            assert_eq!(found, segment, "bit {bit} of segment {segment}: {flaw}");
            assert!(expected.1.contains(&offset), "bit {bit} of segment {segment}: at {offset}");
            assert_eq!(sequence, expected.2, "bit {bit} of segment {segment}: {flaw}");
            if bit % 8 == 3 {
                let opened = Journal::open(folder, options()).map(drop).unwrap_err();
                assert_eq!(place(opened), (found, offset, sequence, flaw));
            }
            flip(&path, bit);
        }
        assert_eq!(fs::read(&path).unwrap(), whole, "opening changed a damaged segment");
    }
    assert_eq!(verify(folder).unwrap().records, 8);
}

#[test]
fn a_flipped_bit_in_the_last_record_is_damage_even_when_nothing_says_how_far_was_confirmed() {
    let (folder, positions) = journal();
    let folder = folder.path();
    fs::remove_file(head(folder)).unwrap();
    let last = positions.last().unwrap();
    let path = segment_path(folder, last.segment);
    let whole = fs::read(&path).unwrap();
    for bit in (last.offset as usize - 64) * 8..whole.len() * 8 {
        flip(&path, bit);
        let opened = Journal::open(folder, options()).map(drop).unwrap_err();
        assert_eq!(place(opened).2, 8, "bit {bit}");
        flip(&path, bit);
    }
    assert_eq!(fs::read(&path).unwrap(), whole);
}

#[test]
fn a_flipped_bit_in_the_head_is_found_by_verify_and_mended_by_the_next_start() {
    let (folder, _) = journal();
    let folder = folder.path();
    let whole = fs::read(head(folder)).unwrap();
    for bit in 0..whole.len() * 8 {
        flip(&head(folder), bit);
        assert!(matches!(verify(folder), Err(JournalError::HeadDamaged { .. })), "bit {bit}");
        flip(&head(folder), bit);
    }
    flip(&head(folder), 100);
    assert_eq!(bodies(folder).unwrap().len(), 8);
    assert_eq!(fs::read(head(folder)).unwrap(), whole);
    verify(folder).unwrap();
}

/// Cuts the last segment of a journal to a length, opens it, and checks what is left and that it goes on.
fn check_cut(folder: &Path, length: u64, expected: &[Vec<u8>], confirmed_lost: u64) {
    let last = *segments(folder).unwrap().last().unwrap();
    let path = segment_path(folder, last);
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_len(length).unwrap();
    drop(file);
    let journal = Journal::open(folder, options()).unwrap();
    let torn = journal.recovered().unwrap_or_else(|| panic!("{length} bytes: not reported"));
    assert_eq!(torn.segment, last);
    assert_eq!(torn.confirmed_lost, confirmed_lost, "{length} bytes");
    assert_eq!(torn.last_sequence, expected.len() as u64, "{length} bytes");
    drop(journal);
    assert_eq!(bodies(folder).unwrap(), expected, "{length} bytes");
    assert_eq!(verify(folder).unwrap().records, expected.len() as u64);
    append(folder, options(), &[b"goes on".to_vec()]);
    assert_eq!(bodies(folder).unwrap().last().unwrap(), b"goes on");
    verify(folder).unwrap();
}

#[test]
fn a_tail_torn_at_every_byte_of_the_last_record_is_cut_and_all_before_it_is_kept() {
    let (original, positions) = journal();
    let last = positions.last().unwrap();
    let whole = fs::metadata(segment_path(original.path(), last.segment)).unwrap().len();
    let kept: Vec<_> = (0..7).map(|number| body(number, 60)).collect();
    let record_end = last.offset + 92 + 60 + "walsallnotedsystem".len() as u64;
    for head_is_there in [true, false] {
        for length in last.offset - 64..whole {
            let folder = copied(original.path());
            let folder = folder.path();
            let mut expected = kept.clone();
            if length >= record_end {
                expected.push(body(7, 60));
            }
            let confirmed_lost = 8 - expected.len() as u64;
            if head_is_there {
                check_cut(folder, length, &expected, confirmed_lost);
            } else if length > last.offset - 64 {
                fs::remove_file(head(folder)).unwrap();
                check_cut(folder, length, &expected, 0);
            }
        }
    }
}

#[test]
fn a_torn_batch_keeps_its_records_that_are_whole() {
    let original = tempfile::tempdir().unwrap();
    // One batch: the appenders wait for each other behind a clock that holds the first batch until all are queued.
    let positions = one_batch(original.path(), 5);
    let path = segment_path(original.path(), 1);
    let length = fs::metadata(&path).unwrap().len();
    for cut in positions[1].offset..length {
        let folder = copied(original.path());
        let folder = folder.path();
        fs::File::options()
            .write(true)
            .open(segment_path(folder, 1))
            .unwrap()
            .set_len(cut)
            .unwrap();
        let whole = positions.iter().filter(|p| p.offset <= cut).count().saturating_sub(1);
        let journal = Journal::open(folder, options()).unwrap();
        let last = journal.last_sequence() as usize;
        assert!(last == whole || last == whole + 1, "cut at {cut}: {last} of {whole}");
        let left: Vec<_> = journal.replay(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(left.len(), last);
        for (record, position) in left.iter().zip(&positions) {
            assert_eq!(record.position, *position, "records keep their places");
        }
        drop(journal);
        verify(folder).unwrap();
    }
}

/// Appends a first record, and then as many as asked for in one batch, while a projector holds the first.
fn one_batch(folder: &Path, count: u64) -> Vec<Position> {
    struct Holding(std::sync::mpsc::Receiver<()>);
    impl Projector for Holding {
        fn project(&mut self, records: &[Record]) -> Result<(), ProjectionError> {
            if records.iter().any(|record| record.position.sequence == 1) {
                self.0.recv().unwrap();
            }
            Ok(())
        }
    }
    let (release, held) = std::sync::mpsc::channel();
    let options = JournalOptions { segment_bytes: 1 << 20, ..options() };
    let journal = Journal::open(folder, options).unwrap().start(Box::new(Holding(held)));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut appends = Vec::new();
        for number in 0..=count {
            let draft = Draft {
                organisation: "walsall".parse().unwrap(),
                kind: RecordKind::new("noted"),
                actor: Actor::System,
                body: body(number, 60),
            };
            let mut append = Box::pin({
                let journal = journal.clone();
                async move { journal.append(draft).await }
            });
            // Polled once, so that it is in the queue.
            let polled = std::future::poll_fn(|context| {
                std::task::Poll::Ready(append.as_mut().poll(context).is_ready())
            });
            polled.await;
            appends.push(append);
            while number == 0 && journal.last_sequence() == 0 {
                std::thread::yield_now();
            }
        }
        release.send(()).unwrap();
        let mut positions = Vec::new();
        for append in appends {
            positions.push(append.await.unwrap().position);
        }
        positions
    })
}

/// What a power cut may leave of the last write: its full length, and some sectors never written.
#[test]
fn sectors_of_the_last_write_that_were_never_written_are_a_torn_tail() {
    let original = tempfile::tempdir().unwrap();
    let options = JournalOptions { segment_bytes: 1 << 20, ..options() };
    append(original.path(), options.clone(), &[body(0, 60), body(1, 60)]);
    // The head as the power cut left it: of a moment before the last write.
    let stale = fs::read(head(original.path())).unwrap();
    let positions = append(original.path(), options.clone(), &[body(2, 3000)]);
    let path = segment_path(original.path(), 1);
    let whole = fs::read(&path).unwrap();
    let start = positions[0].offset as usize - 64;
    let sectors: Vec<std::ops::Range<usize>> = (start / 512..=(whole.len() - 1) / 512)
        .map(|sector| (sector * 512).max(start)..((sector + 1) * 512).min(whole.len()))
        .collect();
    for pattern in 1..1u32 << sectors.len() {
        let mut torn = whole.clone();
        for (index, sector) in sectors.iter().enumerate() {
            if pattern & (1 << index) != 0 {
                torn[sector.clone()].fill(0);
            }
        }
        fs::write(&path, torn).unwrap();
        fs::write(head(original.path()), &stale).unwrap();
        let journal = Journal::open(original.path(), options.clone()).unwrap();
        assert_eq!(journal.last_sequence(), 2, "pattern {pattern:b}");
        assert_eq!(journal.recovered().unwrap().confirmed_lost, 0);
        drop(journal);
        verify(original.path()).unwrap();
    }
    // The same in a write that was confirmed is damage.
    let mut damaged = whole.clone();
    damaged[sectors[2].clone()].fill(0);
    fs::write(&path, &whole).unwrap();
    drop(Journal::open(original.path(), options.clone()).unwrap());
    fs::write(&path, damaged).unwrap();
    assert!(Journal::open(original.path(), options).is_err());
}

#[test]
fn a_sector_lost_before_the_last_write_is_damage_and_not_a_torn_tail() {
    let folder = tempfile::tempdir().unwrap();
    let options = JournalOptions { segment_bytes: 1 << 20, ..options() };
    let bodies = [body(0, 3000), body(1, 60)];
    append(folder.path(), options.clone(), &bodies);
    let path = segment_path(folder.path(), 1);
    let mut bytes = fs::read(&path).unwrap();
    bytes[1024..1536].fill(0);
    fs::write(&path, &bytes).unwrap();
    for head_is_there in [true, false] {
        if !head_is_there {
            fs::remove_file(head(folder.path())).unwrap();
        }
        let opened = Journal::open(folder.path(), options.clone()).map(drop).unwrap_err();
        assert_eq!(place(opened).2, 1);
        assert!(verify(folder.path()).is_err());
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn more_than_the_last_write_missing_at_the_end_is_damage() {
    let (folder, positions) = journal();
    let folder = folder.path();
    let last = positions.last().unwrap();
    let in_last: Vec<_> = positions.iter().filter(|p| p.segment == last.segment).collect();
    assert!(in_last.len() >= 2, "{positions:?}");
    let path = segment_path(folder, last.segment);
    let whole = fs::read(&path).unwrap();
    for length in 0..in_last[in_last.len() - 1].offset as usize - 64 {
        fs::write(&path, &whole[..length]).unwrap();
        let opened = Journal::open(folder, options()).map(drop);
        assert!(opened.is_err(), "{length} bytes");
        assert_eq!(place(verify(folder).unwrap_err()).0, last.segment, "{length} bytes");
        assert_eq!(fs::metadata(&path).unwrap().len(), length as u64, "opening changed it");
    }
}

#[test]
fn every_missing_segment_is_named() {
    let (folder, positions) = journal();
    let folder = folder.path();
    for segment in segments(folder).unwrap() {
        let path = segment_path(folder, segment);
        let aside = folder.join("aside");
        fs::rename(&path, &aside).unwrap();
        let sequence = positions.iter().find(|p| p.segment == segment).unwrap().sequence;
        for error in [
            verify(folder).map(drop).unwrap_err(),
            Journal::open(folder, options()).map(drop).unwrap_err(),
        ] {
            assert_eq!(place(error), (segment, 0, sequence, Flaw::SegmentMissing));
        }
        fs::rename(aside, path).unwrap();
    }
    for segment in segments(folder).unwrap() {
        fs::remove_file(segment_path(folder, segment)).unwrap();
    }
    assert!(Journal::open(folder, options()).is_err(), "an emptied journal is not begun anew");
}

#[test]
fn swapped_repeated_and_foreign_segments_are_found() {
    let (folder, _) = journal();
    let (other, _) = journal();
    let path = |segment| segment_path(folder.path(), segment);
    let (first, second) = (fs::read(path(1)).unwrap(), fs::read(path(2)).unwrap());
    let foreign = fs::read(segment_path(other.path(), 2)).unwrap();
    for (changed, bytes, flaw) in [
        (1, &second, Flaw::AnotherSegment(2)),
        (2, &first, Flaw::AnotherSegment(1)),
        (2, &foreign, Flaw::BrokenChain),
    ] {
        let before = fs::read(path(changed)).unwrap();
        fs::write(path(changed), bytes).unwrap();
        let (segment, offset, _, found) = place(verify(folder.path()).unwrap_err());
        assert_eq!((segment, offset, found), (changed, 0, flaw));
        fs::write(path(changed), before).unwrap();
    }
    fs::write(path(1), &second).unwrap();
    fs::write(path(2), &first).unwrap();
    assert_eq!(place(verify(folder.path()).unwrap_err()).0, 1);
}

#[test]
fn a_whole_journal_of_somebody_elses_is_not_the_confirmed_one() {
    let (folder, _) = journal();
    let (other, _) = journal();
    for segment in segments(other.path()).unwrap() {
        let from = segment_path(other.path(), segment);
        fs::copy(from, segment_path(folder.path(), segment)).unwrap();
    }
    let (_, _, sequence, flaw) = place(verify(folder.path()).unwrap_err());
    assert_eq!((sequence, flaw), (8, Flaw::NotTheConfirmedOne));
}

#[test]
fn bytes_behind_the_end_are_found_in_closed_segments_and_cut_from_the_last() {
    let (folder, _) = journal();
    let folder = folder.path();
    let last = *segments(folder).unwrap().last().unwrap();
    for segment in segments(folder).unwrap() {
        let path = segment_path(folder, segment);
        let whole = fs::read(&path).unwrap();
        let mut longer = whole.clone();
        longer.extend_from_slice(&[0; 40]);
        fs::write(&path, longer).unwrap();
        if segment == last {
            assert_eq!(verify(folder).unwrap().unconfirmed_bytes, 40);
            assert_eq!(bodies(folder).unwrap().len(), 8);
            assert_eq!(fs::read(&path).unwrap(), whole);
        } else {
            assert_eq!(place(verify(folder).unwrap_err()).3, Flaw::GoesOn);
            fs::write(&path, whole).unwrap();
        }
    }
}

#[test]
fn an_interrupted_change_of_segments_is_completed() {
    let (folder, positions) = journal();
    let folder = folder.path();
    // As it is when the next segment has been made and this one not yet closed.
    let last = positions.last().unwrap().segment;
    let begun = fs::read(segment_path(folder, last)).unwrap()[..96].to_vec();
    let before = last - 1;
    let closed = fs::read(segment_path(folder, before)).unwrap();
    let count = positions.iter().filter(|p| p.segment < last).count();
    for closing_bytes in 0..64 {
        fs::write(segment_path(folder, before), &closed[..closed.len() - 64 + closing_bytes])
            .unwrap();
        fs::write(segment_path(folder, last), &begun).unwrap();
        fs::remove_file(head(folder)).ok();
        let left = bodies(folder).unwrap();
        assert_eq!(left.len(), count, "{closing_bytes} bytes of the closing frame");
        assert_eq!(verify(folder).unwrap().records, count as u64);
    }
    append(folder, options(), &[b"goes on".to_vec(), body(1, 300), body(2, 300)]);
    assert_eq!(bodies(folder).unwrap().len(), count + 3);
    verify(folder).unwrap();
}
