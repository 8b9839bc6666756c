//! Documents read, beside a baseline that only opens them: the archive unpacked and its XML passed over, or the PDF's
//! objects loaded and its streams unpacked. Then the same in a child process, and what the whole way to a new PDF costs.
//! Measures; asserts nothing.

use std::hint::black_box;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use evenhand::document;
use evenhand::document::write::{CleanDocument, CleanPart, WriteFormat, write};
use evenhand::domain::Identity;
use evenhand::redaction::Engine;
use evenhand::rulebook::Rulebook;
use evenhand::workflow::{CleanRequest, CleanWords, DocumentReader, clean_document};
use serde_json::Value;

/// The applications of the examples as documents.
fn written(format: WriteFormat) -> Vec<Vec<u8>> {
    include_str!("../examples/applications/applications.jsonl")
        .lines()
        .filter_map(|line| {
            let value: Value = serde_json::from_str(line).ok()?;
            let part = CleanPart { heading: "", text: value.get("text")?.as_str()? };
            let parts = [part];
            let document = CleanDocument {
                title: "Application",
                language: "en-GB",
                page_words: "Page {page} of {pages}",
                parts: &parts,
            };
            write(&document, format).ok()
        })
        .collect()
}

/// PDFs that other programs made.
fn of_other_producers() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pdf");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            std::fs::read(&path).ok().filter(|_| path.extension().is_some_and(|end| end == "pdf"))
        })
        .collect()
}

/// Unpacks an archive and passes over its XML, as the least that a reader of it does.
fn unpack(bytes: &[u8]) -> usize {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return 0 };
    let mut events = 0;
    for place in 0..archive.len() {
        let mut text = String::new();
        let Ok(mut entry) = archive.by_index(place) else { continue };
        if entry.read_to_string(&mut text).is_err() {
            continue;
        }
        let mut reader = quick_xml::Reader::from_str(&text);
        while !matches!(reader.read_event(), Ok(quick_xml::events::Event::Eof) | Err(_)) {
            events += 1;
        }
    }
    events
}

/// Loads the objects of a PDF and unpacks its streams.
fn load(bytes: &[u8]) -> usize {
    let Ok(pdf) = lopdf::Document::load_mem(bytes) else { return 0 };
    let streams = pdf.objects.values().filter_map(|object| object.as_stream().ok());
    streams
        .filter_map(|stream| stream.decompressed_content().ok())
        .map(|content| content.len())
        .sum()
}

fn one_by_one<T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    documents: &[Vec<u8>],
    work: impl Fn(&[u8]) -> T,
) {
    let mut next = documents.iter().cycle();
    group.bench_function(name, |bencher| {
        bencher.iter(|| next.next().map(|bytes| black_box(work(bytes))));
    });
}

fn documents(criterion: &mut Criterion) {
    let reader = DocumentReader::in_child(PathBuf::from(env!("CARGO_BIN_EXE_evenhand")));
    let engine = Rulebook::built_in().and_then(|book| Engine::new(&book));
    for (kind, documents, baseline) in [
        ("docx", written(WriteFormat::Docx), unpack as fn(&[u8]) -> usize),
        ("pdf", written(WriteFormat::Pdf), load),
        ("pdf of other producers", of_other_producers(), load),
    ] {
        let mut group = criterion.benchmark_group(kind);
        one_by_one(&mut group, "baseline: opened only", &documents, baseline);
        one_by_one(&mut group, "read", &documents, |bytes| document::read(bytes, None));
        one_by_one(&mut group, "read in a child", &documents, |bytes| reader.read(bytes, None));
        if let Ok(engine) = &engine {
            one_by_one(
                &mut group,
                "read in a child, redacted, set as PDF, proved",
                &documents,
                |bytes| {
                    let request = CleanRequest {
                        document: bytes,
                        media_type: None,
                        file_name: None,
                        identity: &Identity::default(),
                        allow: &[],
                        format: WriteFormat::Pdf,
                        words: CleanWords {
                            title: "Application",
                            language: "en-GB",
                            page_words: "",
                        },
                    };
                    clean_document(engine, &reader, &request)
                },
            );
        }
        group.finish();
    }
}

criterion_group!(benches, documents);
criterion_main!(benches);
