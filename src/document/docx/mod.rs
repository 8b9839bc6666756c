//! Word documents: finds the parts of the package and reads them in the order a reader meets them: headers, body,
//! notes, footers; then what is outside the visible words. Knows the package; `body` knows paragraphs and runs.

mod body;
mod drawing;
mod fields;
mod keep;
mod look;
mod numbering;
mod package;
mod properties;
mod styles;

use super::archive::Archive;
use super::compose::Composer;
use super::{DocumentProblem, DocumentText, HiddenPlace, Nesting, xml};
use body::Body;
pub use keep::{KeptLayout, Replacement, keep_layout};
use package::Package;

/// What the readers of one document share.
struct Sources<'a, 'z> {
    package: &'a mut Package<'z>,
    composer: &'a mut Composer,
    nesting: Nesting,
}

/// Reads a Word document.
pub(super) fn read(bytes: &[u8], nesting: Nesting) -> DocumentText {
    let mut composer = Composer::new();
    match Archive::open(bytes) {
        Ok(archive) => {
            let mut package = Package::new(archive);
            read_package(&mut package, &mut composer, nesting);
            for fault in package.faults() {
                composer.report(fault.problem());
            }
        }
        Err(fault) => composer.report(fault.problem()),
    }
    composer.finish()
}

fn read_package(package: &mut Package<'_>, composer: &mut Composer, nesting: Nesting) {
    let Some(main) = package.main_part() else {
        composer.report(super::archive::ArchiveFault::Missing.problem());
        return;
    };
    let Some(document) = package.text(&main) else {
        // What the archive says is wrong is told by the caller; only a part that is gone has no fault.
        if package.faults().is_empty() {
            composer.report(super::archive::ArchiveFault::Damaged.problem());
        }
        return;
    };
    let relations = package.relations(&main);
    let styles = styles::read(package.related(&relations, "styles").as_deref());
    let numbering = numbering::read(package.related(&relations, "numbering").as_deref());

    let mut sources = Sources { package, composer, nesting };
    let mut body = Body::new(styles, numbering);
    let (headers, footers) = body::furniture(&document, &relations);
    for part in headers {
        read_part(&mut body, &mut sources, &part);
    }
    body.read(&mut sources, &main, &document, &relations);
    drop(document);
    for kind in ["footnotes", "endnotes"] {
        for part in relations.of_kind(kind) {
            read_part(&mut body, &mut sources, &part);
        }
    }
    for part in footers {
        read_part(&mut body, &mut sources, &part);
    }
    for part in relations.of_kind("comments") {
        if let Some(text) = sources.package.text(&part) {
            properties::comments(&text, sources.composer);
        }
    }
    let pictures = body.pictures();
    properties::read(sources.package, sources.composer);
    external_targets(sources.package, sources.composer);
    judge(&mut sources, pictures);
}

fn read_part(body: &mut Body, sources: &mut Sources<'_, '_>, part: &str) {
    if let Some(text) = sources.package.text(part) {
        let relations = sources.package.relations(part);
        body.read(sources, part, &text, &relations);
    }
}

/// Links, templates and linked pictures of every part: targets name people, accounts and folders.
fn external_targets(package: &mut Package<'_>, composer: &mut Composer) {
    for target in package.external_targets() {
        composer.hide(HiddenPlace::Link, &target);
    }
}

/// Says what the text does not show, and withholds a document whose words are elsewhere.
fn judge(sources: &mut Sources<'_, '_>, pictures: usize) {
    let words = sources.composer.words();
    let contents = sources.package.contents();
    if pictures > 0 || contents.picture_bytes > 0 {
        sources.composer.report(DocumentProblem::note(
            "pictures_left_out",
            "the document has pictures, which are not read and not shown",
        ));
    }
    if super::is_mostly_pictures(words, contents.picture_bytes) {
        sources.composer.report(DocumentProblem::mostly_pictures());
    }
    if contents.embedded > 0 {
        sources.composer.report(DocumentProblem::embedded(contents.embedded, words));
    }
    if contents.macros {
        sources.composer.report(DocumentProblem::note(
            "macros_left_out",
            "the document has macros, which are never run and not shown",
        ));
    }
    let declared = properties::declared(sources.package);
    if let Some(problem) = DocumentProblem::fewer_words(declared, words) {
        sources.composer.report(problem);
    }
}

/// Reports why a part could not be read to its end.
fn report_fault(composer: &mut Composer, fault: Option<xml::XmlFault>) {
    if let Some(fault) = fault {
        composer.report(DocumentProblem::from_xml(fault));
    }
}
