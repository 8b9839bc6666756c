//! What an original says are headings are headings of the new document: styles and outline levels of Word, elements of
//! web pages and OpenDocument texts, sizes of type in PDFs.

#![allow(clippy::unwrap_used, clippy::panic)]

mod document_support;
mod pdf_support;

use document_support::{Docx, odt, p, part};
use evenhand::document::{read, structure};
use evenhand::typeset::Block;
use pdf_support::{Pdf, line};

/// The headings of a document, with their levels.
fn headings(bytes: &[u8]) -> Vec<String> {
    structure::blocks(&read(bytes, None).text)
        .iter()
        .filter_map(|block| match block {
            Block::Heading(level, runs) => {
                let words: String = runs.iter().map(|run| run.text.as_str()).collect();
                Some(format!("{level} {words}"))
            }
            _ => None,
        })
        .collect()
}

fn styled(style: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{style}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn word_says_its_headings_by_style_outline_and_weight() {
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"Kop1\"><w:name w:val=\"heading 1\"/><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"Mine\"><w:basedOn w:val=\"Kop1\"/><w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"Normal\"><w:pPr><w:outlineLvl w:val=\"9\"/></w:pPr></w:style>";
    let bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Clerk, Leeds</w:t></w:r></w:p>";
    let half =
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Post</w:t></w:r><w:r><w:t> Clerk</w:t></w:r></w:p>";
    let body = [
        &p("Curriculum vitae of a clerk"),
        &styled("<w:pStyle w:val=\"Kop1\"/>", "Work"),
        &styled("<w:pStyle w:val=\"Mine\"/>", "What did you do?"),
        &p("Ledgers."),
        bold,
        half,
        &styled("<w:outlineLvl w:val=\"1\"/>", "Study"),
        &styled("<w:pStyle w:val=\"Normal\"/>", "One year"),
        "<w:p><w:pPr><w:pStyle w:val=\"Kop1\"/></w:pPr></w:p>",
        &p("Leeds"),
    ]
    .concat();
    let bytes = Docx::new(&body).part("styles", "styles", &part("styles", styles)).build();
    assert_eq!(
        headings(&bytes),
        ["1 Work", "2 What did you do?", "2 Clerk, Leeds", "2 Study"],
        "{}",
        read(&bytes, None).text
    );
}

#[test]
fn web_pages_and_open_documents_say_their_headings_by_elements() {
    let page = "<html><body><p>Start</p><h1>Work</h1><p>Clerk</p><h3>Leeds Council</h3><p>Ledgers</p></body></html>";
    assert_eq!(headings(page.as_bytes()), ["1 Work", "2 Leeds Council"]);
    let text = odt(
        "<text:p>Start</text:p><text:h text:outline-level='1'>Work</text:h><text:p>Clerk</text:p>\
         <text:h text:outline-level='2'>Leeds</text:h><text:p>Ledgers</text:p>",
        "",
        "",
        "",
    );
    assert_eq!(headings(&text), ["1 Work", "2 Leeds"]);
}

#[test]
fn pdfs_say_their_headings_by_size() {
    let content = line(72, 780, 22, "Curriculum vitae")
        + &line(72, 740, 11, "A clerk of nine years in two councils of the north")
        + &line(72, 710, 20, "Employment")
        + &line(72, 690, 14, "Clerk at Leeds")
        + &line(72, 674, 11, "Ledgers, and the payment of bills to some hundred firms")
        + &line(72, 660, 11, "and the yearly audit");
    let file = Pdf::new().page(content).finish();
    assert_eq!(headings(&file), ["2 Curriculum vitae", "1 Employment", "2 Clerk at Leeds"]);
}

#[test]
fn pdfs_say_their_headings_by_weight() {
    let mut pdf = Pdf::new();
    let bold = pdf.object(
        "<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Test-Bold /Encoding /WinAnsiEncoding >>",
    );
    let strong = |x: i32, y: i32, words: &str| format!("BT /F2 11 Tf {x} {y} Td ({words}) Tj ET\n");
    let content = line(72, 740, 11, "A clerk of nine years in two councils of the north")
        + &strong(72, 720, "Clerk")
        + &strong(400, 720, "2019 - now")
        + &line(72, 706, 11, "Ledgers, and the payment of bills to some hundred firms")
        + &strong(72, 680, "Town:")
        + &line(120, 680, 11, "Leeds");
    let form = pdf.stream(
        &format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 {bold} 0 R >> >>"
        ),
        content,
    );
    let file = pdf.page_with("", &format!("/XObject << /X {form} 0 R >>"), "/X Do").finish();
    assert_eq!(headings(&file), ["2 Clerk · 2019 - now"], "{}", read(&file, None).text);
}

#[test]
fn places_of_words_follow_what_is_set_apart_before_them() {
    let body = p("Start") + &styled("<w:outlineLvl w:val=\"0\"/>", "Work") + &p("Clerk");
    let document = read(&Docx::new(&body).build(), None);
    assert_eq!(document.text, "Start\n\n\n\nWork\nClerk");
    let words: Vec<String> = document
        .segments
        .iter()
        .map(|segment| {
            document.text.chars().skip(segment.text.start).take(segment.text.len()).collect()
        })
        .collect();
    assert_eq!(words, ["Start", "Work", "Clerk"]);
}
