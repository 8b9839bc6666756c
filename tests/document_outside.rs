//! Who the candidate is, said only outside the visible words: for each format and each place there, it is found, the name is
//! then removed from the visible words, and the trace names the place without the words.

#![allow(clippy::unwrap_used)]

mod document_support;
mod pdf_support;

use document_support::{Docx, odt, p, part, r};
use evenhand::document::{HiddenPlace, read};
use evenhand::domain::Identity;
use evenhand::redaction::Engine;
use evenhand::rulebook::Rulebook;
use evenhand::workflow::redact_document;
use pdf_support::{Pdf, line};

/// What every document says where all can see it: the surname of somebody whom it introduces nowhere.
const SEEN: &str = "In that year Quillermane led the duty team.";
const WHO: &str = "Margaret Quillermane";

struct Case {
    what: &'static str,
    place: HiddenPlace,
    document: Vec<u8>,
    file_name: Option<&'static str>,
}

fn case(what: &'static str, place: HiddenPlace, document: Vec<u8>) -> Case {
    Case { what, place, document, file_name: None }
}

fn word() -> Vec<Case> {
    let properties = |inner: &str| {
        let names = "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:cp='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'";
        let core = format!("<cp:coreProperties {names}>{inner}</cp:coreProperties>");
        Docx::paragraphs(&[SEEN]).file("docProps/core.xml", &core).build()
    };
    let beside = |inner: &str| Docx::new(&format!("<w:p>{}{inner}</w:p>", r(SEEN)));
    let comment =
        |inner: &str| beside("").part("comments", "comments", &part("comments", inner)).build();
    let bound = "<d:CoverPage xmlns:d='urn:x'><d:Candidate>Margaret Quillermane</d:Candidate></d:CoverPage>";
    let with_data = Docx::paragraphs(&[SEEN])
        .part("customXml", "../customXml/item1", "")
        .file("customXml/item1.xml", bound)
        .build();
    vec![
        case("author", HiddenPlace::Metadata, properties(&format!("<dc:creator>{WHO}</dc:creator>"))),
        case("last saved by", HiddenPlace::Metadata, properties(&format!("<cp:lastModifiedBy>{WHO}</cp:lastModifiedBy>"))),
        case("subject", HiddenPlace::Metadata, properties(&format!("<dc:subject>Application of {WHO}</dc:subject>"))),
        case("title", HiddenPlace::Title, properties(&format!("<dc:title>CV of {WHO}</dc:title>"))),
        case("link", HiddenPlace::Link, beside("").link("l1", "mailto:margaret.quillermane@example.com").build()),
        case("description", HiddenPlace::AltText, beside(&format!("<w:r><w:drawing><wp:docPr id='1' name='a' descr='Photograph of {WHO}'/></w:drawing></w:r>")).build()),
        case("picture's name", HiddenPlace::AltText, beside("<w:r><w:drawing><wp:docPr id='1' name='Margaret Quillermane.jpg'/></w:drawing></w:r>").build()),
        case("comment", HiddenPlace::Comment, comment(&format!("<w:comment w:author='x'>{}</w:comment>", p(&format!("Please ring {WHO} back."))))),
        case("who commented", HiddenPlace::Metadata, comment(&format!("<w:comment w:author='{WHO}'>{}</w:comment>", p("Done.")))),
        case("deleted text", HiddenPlace::Concealed, beside(&format!("<w:del w:author='x'><w:r><w:delText>My name is {WHO}.</w:delText></w:r></w:del>")).build()),
        case("who deleted", HiddenPlace::Metadata, beside(&format!("<w:del w:author='{WHO}'><w:r><w:delText>x</w:delText></w:r></w:del>")).build()),
        case("hidden text", HiddenPlace::Concealed, beside(&format!("<w:r><w:rPr><w:vanish/></w:rPr><w:t>My name is {WHO}.</w:t></w:r>")).build()),
        case("data of a form", HiddenPlace::Metadata, with_data),
        Case { file_name: Some("Margaret Quillermane CV"), ..case("file name", HiddenPlace::FileName, Docx::paragraphs(&[SEEN]).build()) },
    ]
}

fn pdf() -> Vec<Case> {
    let page = || line(72, 700, 12, SEEN);
    let plain = |pdf: Pdf| pdf.page(page()).finish();
    let info = |entry: &str| plain(Pdf::new().info(entry));
    let annotated = |entries: &str| {
        let entries = format!("/Annots [<< /Rect [0 0 1 1] {entries} >>]");
        Pdf::new().page_with(&entries, "", page()).finish()
    };
    let field = |entries: &str| {
        let mut pdf = Pdf::new();
        let field =
            pdf.object(format!("<< /Subtype /Widget /FT /Tx /Rect [72 600 200 620] {entries} >>"));
        pdf.catalog(&format!("/AcroForm << /Fields [{field} 0 R] >>"))
            .page_with(&format!("/Annots [{field} 0 R]"), "", page())
            .finish()
    };
    let within = |make: &dyn Fn(&mut Pdf) -> String| {
        let mut pdf = Pdf::new();
        let catalog = make(&mut pdf);
        plain(pdf.catalog(&catalog))
    };
    vec![
        case("author", HiddenPlace::Metadata, info(&format!("/Author ({WHO})"))),
        case("title", HiddenPlace::Title, info(&format!("/Title (CV of {WHO})"))),
        case(
            "packet",
            HiddenPlace::Metadata,
            within(&|pdf| {
                let packet = format!(
                    "<x:xmpmeta><dc:creator><rdf:li>{WHO}</rdf:li></dc:creator></x:xmpmeta>"
                );
                format!("/Metadata {} 0 R", pdf.stream("/Type /Metadata", packet))
            }),
        ),
        case(
            "link",
            HiddenPlace::Link,
            annotated(
                "/Subtype /Link /A << /S /URI /URI (https://www.linkedin.com/in/margaret-quillermane) >>",
            ),
        ),
        case(
            "comment",
            HiddenPlace::Comment,
            annotated(&format!("/Subtype /Text /Contents (Please ring {WHO} back.)")),
        ),
        case(
            "who commented",
            HiddenPlace::Comment,
            annotated(&format!("/Subtype /Text /T ({WHO})")),
        ),
        case(
            "description",
            HiddenPlace::AltText,
            within(&|pdf| {
                format!(
                    "/Extra {} 0 R",
                    pdf.object(format!("<< /S /Figure /Alt (Photograph of {WHO}) >>"))
                )
            }),
        ),
        case(
            "bookmark",
            HiddenPlace::Metadata,
            within(&|pdf| {
                format!(
                    "/Outlines << /First {} 0 R >>",
                    pdf.object(format!("<< /Title (CV of {WHO}) >>"))
                )
            }),
        ),
        case(
            "attachment's name",
            HiddenPlace::Metadata,
            within(&|pdf| {
                format!(
                    "/Extra {} 0 R",
                    pdf.object("<< /Type /Filespec /UF (Margaret Quillermane.docx) /EF << >> >>")
                )
            }),
        ),
        case(
            "who signed",
            HiddenPlace::Metadata,
            within(&|pdf| {
                format!(
                    "/Extra {} 0 R",
                    pdf.object(format!("<< /ByteRange [0 1] /Name ({WHO}) >>"))
                )
            }),
        ),
        case(
            "tip of a field",
            HiddenPlace::AltText,
            field(&format!("/T (a) /TU (What {WHO} does)")),
        ),
        case("name of a field", HiddenPlace::Metadata, field("/T (MargaretQuillermane[0])")),
        case(
            "hidden field",
            HiddenPlace::Concealed,
            field(&format!("/T (a) /F 2 /V (My name is {WHO}.)")),
        ),
        Case {
            file_name: Some("Quillermane Margaret application"),
            ..case("file name", HiddenPlace::FileName, plain(Pdf::new()))
        },
    ]
}

fn open_document() -> Vec<Case> {
    let seen = format!("<text:p>{SEEN}</text:p>");
    let meta = |inner: &str| odt(&seen, "", "", inner);
    let body = |inner: &str| odt(&format!("{seen}{inner}"), "", "", "");
    vec![
        case(
            "author",
            HiddenPlace::Metadata,
            meta(&format!("<meta:initial-creator>{WHO}</meta:initial-creator>")),
        ),
        case("title", HiddenPlace::Title, meta(&format!("<dc:title>CV of {WHO}</dc:title>"))),
        case(
            "link",
            HiddenPlace::Link,
            body(
                "<text:p><text:a xlink:href='mailto:margaret.quillermane@example.com'>write</text:a></text:p>",
            ),
        ),
        case(
            "description",
            HiddenPlace::AltText,
            body(&format!(
                "<text:p><draw:frame><svg:desc>Photograph of {WHO}</svg:desc></draw:frame></text:p>"
            )),
        ),
        case(
            "comment",
            HiddenPlace::Comment,
            body(&format!(
                "<text:p><office:annotation><text:p>Please ring {WHO} back.</text:p></office:annotation></text:p>"
            )),
        ),
        case(
            "who commented",
            HiddenPlace::Metadata,
            body(&format!(
                "<text:p><office:annotation><dc:creator>{WHO}</dc:creator><text:p>x</text:p></office:annotation></text:p>"
            )),
        ),
        case(
            "deleted text",
            HiddenPlace::Concealed,
            body(&format!(
                "<text:tracked-changes><text:changed-region><text:deletion><text:p>My name is {WHO}.</text:p></text:deletion></text:changed-region></text:tracked-changes>"
            )),
        ),
    ]
}

fn others() -> Vec<Case> {
    let rtf = |inner: &str| format!("{{\\rtf1\\ansi{inner} {SEEN}\\par}}").into_bytes();
    let html = |inner: &str| format!("<html><body>{inner}<p>{SEEN}</p></body></html>").into_bytes();
    let mail = |head: &str, inner: &str| {
        format!("Subject: Application\r\n{head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
                 Content-Type: text/html\r\n\r\n{inner}<p>{SEEN}</p>\r\n--b\r\nContent-Type: text/plain; name=\"Margaret Quillermane.txt\"\r\n\
                 Content-Disposition: attachment\r\n\r\nMore words.\r\n--b--\r\n")
            .into_bytes()
    };
    vec![
        case("RTF author", HiddenPlace::Metadata, rtf(&format!("{{\\info{{\\author {WHO}}}}}"))),
        case("RTF title", HiddenPlace::Title, rtf(&format!("{{\\info{{\\title CV of {WHO}}}}}"))),
        case(
            "RTF comment",
            HiddenPlace::Comment,
            rtf(&format!("{{\\*\\annotation Please ring {WHO} back.}}")),
        ),
        case(
            "RTF deleted text",
            HiddenPlace::Concealed,
            rtf(&format!("{{\\deleted My name is {WHO}.}}")),
        ),
        case(
            "RTF link",
            HiddenPlace::Link,
            rtf(
                "{\\field{\\*\\fldinst{HYPERLINK \"mailto:margaret.quillermane@example.com\"}}{\\fldrslt write}}",
            ),
        ),
        case("HTML title", HiddenPlace::Title, html(&format!("<title>CV of {WHO}</title>"))),
        case(
            "HTML author",
            HiddenPlace::Metadata,
            html(&format!("<meta name=author content='{WHO}'>")),
        ),
        case(
            "HTML link",
            HiddenPlace::Link,
            html("<a href='mailto:margaret.quillermane@example.com'>write</a>"),
        ),
        case(
            "HTML description",
            HiddenPlace::AltText,
            html(&format!("<img alt='Photograph of {WHO}'>")),
        ),
        case("HTML comment", HiddenPlace::Comment, html(&format!("<!-- saved by {WHO} -->"))),
        case(
            "HTML hidden text",
            HiddenPlace::Concealed,
            html(&format!("<p style='display:none'>My name is {WHO}.</p>")),
        ),
        case(
            "HTML deleted text",
            HiddenPlace::Concealed,
            html(&format!("<del>My name is {WHO}.</del>")),
        ),
        case("mail's attachment", HiddenPlace::Metadata, mail("", "")),
        case(
            "mail's link",
            HiddenPlace::Link,
            mail("", "<a href='https://www.linkedin.com/in/margaret-quillermane'>me</a>"),
        ),
    ]
}

#[test]
fn a_name_outside_the_visible_words_is_found_removed_from_them_and_traced() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let mut missed = Vec::new();
    let cases: Vec<Case> =
        [word(), pdf(), open_document(), others()].into_iter().flatten().collect();
    for (number, Case { what, place, document, file_name }) in cases.iter().enumerate() {
        let what = format!("{number} {what}");
        let document = read(document, None);
        assert!(document.text.contains(SEEN), "{what}: {:?}", document.text);
        let said = document.hidden.iter().filter(|hidden| hidden.place == *place);
        let said = said.map(|hidden| hidden.text.as_str()).chain(*file_name);
        let said = said.collect::<Vec<_>>().join("\n").to_lowercase();
        assert!(said.contains("quillermane"), "{what}: {said}");
        let redacted = redact_document(&engine, &document, *file_name, &Identity::default(), &[]);
        let visible = &redacted.visible.redacted;
        if visible.contains("Quillermane") {
            missed.push(format!("{what}: {visible}"));
        }
        if !redacted.outside.iter().any(|find| find.place == *place) {
            missed.push(format!("{what}: not in the trace"));
        }
        assert!(!format!("{:?}", redacted.outside).contains("uillermane"), "{what}");
    }
    assert!(missed.is_empty(), "of {}:\n{}", cases.len(), missed.join("\n"));
}

#[test]
fn words_that_name_nobody_outside_the_visible_ones_remove_nothing() {
    let engine = Engine::new(&Rulebook::built_in().unwrap()).unwrap();
    let seen = "I led the duty team, kept the first rota and answered the phone.";
    let fields =
        ["First name", "Surname", "Team leader post", "Phone", "Duty Rota", "Reason for leaving"];
    let hidden: String = fields.map(|tip| format!("<img alt='{tip}' title='{tip}'>")).concat();
    let page = format!(
        "<title>Application form</title><meta name=author content='HR'>{hidden}<p>{seen}</p>"
    );
    let document = read(page.as_bytes(), None);
    let redacted =
        redact_document(&engine, &document, Some("Application form"), &Identity::default(), &[]);
    assert_eq!(redacted.visible.redacted.trim(), seen);
}
