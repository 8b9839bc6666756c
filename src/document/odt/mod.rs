//! OpenDocument text, packed or flat: headers, body, footnotes, footers, then what is outside the visible words.
//! Knows the package; `body` knows paragraphs.

mod body;
mod controls;
mod lists;
mod meta;
mod styles;

use super::archive::{Archive, ArchiveFault};
use super::compose::Composer;
use super::{DocumentProblem, DocumentText, xml};
use body::{Body, Region};

/// Reads an OpenDocument text.
pub(super) fn read(bytes: &[u8]) -> DocumentText {
    let mut composer = Composer::new();
    if bytes.starts_with(b"PK") {
        match read_package(bytes, &mut composer) {
            Ok(()) => {}
            Err(fault) => composer.report(fault.problem()),
        }
    } else {
        let text = xml::decode(bytes);
        read_texts(&Texts { content: &text, styles: &text, meta: &text }, ["", ""], &mut composer);
    }
    composer.finish()
}

struct Texts<'a> {
    content: &'a str,
    styles: &'a str,
    meta: &'a str,
}

fn read_package(bytes: &[u8], composer: &mut Composer) -> Result<(), ArchiveFault> {
    let mut archive = Archive::open(bytes)?;
    let mut optional = |name: &str| match archive.read(name) {
        Ok(bytes) => Ok(xml::decode(&bytes).into_owned()),
        Err(ArchiveFault::Missing) => Ok(String::new()),
        Err(fault) => Err(fault),
    };
    if optional("META-INF/manifest.xml")?.contains("encryption-data") {
        return Err(ArchiveFault::Encrypted);
    }
    let content = optional("content.xml")?;
    if content.is_empty() {
        return Err(ArchiveFault::Missing);
    }
    let styles = optional("styles.xml")?;
    let meta = optional("meta.xml")?;
    let texts = Texts { content: &content, styles: &styles, meta: &meta };
    let pictures = read_texts(&texts, ["content.xml", "styles.xml"], composer);
    judge(&mut archive, &meta, pictures, composer);
    Ok(())
}

/// Reads headers, body and footers, and answers how many pictures there are.
fn read_texts(
    texts: &Texts<'_>,
    [content_name, styles_name]: [&str; 2],
    composer: &mut Composer,
) -> usize {
    let mut styles = styles::Styles::default();
    styles.read(texts.styles);
    if texts.content != texts.styles {
        styles.read(texts.content);
    }
    let mut body = Body::new(styles);
    composer.enter_part(styles_name);
    body.read(texts.styles, Region::Headers, composer);
    composer.enter_part(content_name);
    body.read(texts.content, Region::Text, composer);
    composer.place_notes();
    composer.enter_part(styles_name);
    body.read(texts.styles, Region::Footers, composer);
    meta::read(texts.meta, composer);
    if body.embedded > 0 {
        composer.report(DocumentProblem::embedded(body.embedded, composer.words()));
    }
    if body.pictures > 0 {
        composer.report(DocumentProblem::note(
            "pictures_left_out",
            "the document has pictures, which are not read and not shown",
        ));
    }
    body.pictures
}

/// Withholds a document whose words are elsewhere.
fn judge(archive: &mut Archive<'_>, meta: &str, pictures: usize, composer: &mut Composer) {
    let words = composer.words();
    let names = archive.names();
    let picture_bytes: u64 = names
        .iter()
        .filter(|name| name.starts_with("Pictures/"))
        .map(|name| archive.packed_bytes(name))
        .sum();
    if pictures > 0 && super::is_mostly_pictures(words, picture_bytes) {
        composer.report(DocumentProblem::mostly_pictures());
    }
    if let Some(problem) = DocumentProblem::fewer_words(meta::declared(meta), words) {
        composer.report(problem);
    }
}
