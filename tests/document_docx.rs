//! Word documents: every word in order, what the page does not show apart, and hostile files answered.

#![allow(clippy::unwrap_used, clippy::panic)]

mod document_support;

use document_support::{
    Docx, W_STRICT, assert_sound, codes, hidden, mutate, namespaces, p, part, r, zip,
};
use evenhand::document::{HiddenPlace, read};

fn text(body: &str) -> String {
    read(&Docx::new(body).build(), None).text
}

#[test]
fn visible_words_come_in_order() {
    let box_of = |words: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(words));
    for (what, body, expected) in [
        ("runs", format!("<w:p>{}{}</w:p>", r("Dear "), r("panel")), "Dear panel".to_owned()),
        ("references", p("R&amp;D &lt;team&gt; caf&#xe9;"), "R&D <team> café".to_owned()),
        (
            "tabs, breaks and hyphens",
            "<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t>\
             <w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e</w:t></w:r></w:p>"
                .to_owned(),
            "a\tb\nc-de".to_owned(),
        ),
        (
            "a table",
            format!(
                "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc><w:tc>{}{}</w:tc></w:tr></w:tbl>{}",
                p("Name"), p("Post"), p("Address"), p("1 Mill Lane"), p("Leeds"), p("after")
            ),
            "Name\tPost\nAddress\t1 Mill Lane\nLeeds\nafter".to_owned(),
        ),
        (
            "a table in a table",
            format!(
                "<w:tbl><w:tr><w:tc>{}<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
                p("outer"), p("in1"), p("in2"), p("rest"), p("next")
            ),
            "outer\nin1\tin2\nrest\nnext".to_owned(),
        ),
        (
            "a text box, stored twice, after its paragraph",
            format!(
                "<w:p>{}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{}</wps:txbx></mc:Choice>\
                 <mc:Fallback><w:pict><v:textbox>{}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>{}</w:p>",
                r("before "), box_of("in the box"), box_of("in the box"), r("after")
            ),
            "before after\nin the box".to_owned(),
        ),
        (
            "a fallback when the choice has nothing",
            format!(
                "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='x'/><mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
                box_of("older")
            ),
            "\nolder".to_owned(),
        ),
        (
            "a content control",
            format!(
                "<w:sdt><w:sdtPr><w:alias w:val='x'/><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
                p("Click here")
            ),
            "Click here".to_owned(),
        ),
        (
            "smart tags, links and insertions",
            format!(
                "<w:p><w:smartTag>{}</w:smartTag><w:hyperlink r:id='x'>{}</w:hyperlink><w:ins w:author='a'>{}</w:ins></w:p>",
                r("one "), r("two "), r("three")
            ),
            "one two three".to_owned(),
        ),
        (
            "signs",
            "<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r><w:r><w:rPr><w:rFonts w:ascii='Wingdings'/></w:rPr><w:t>\u{fc}</w:t></w:r>\
             <w:r><w:t>\u{f0b7}</w:t></w:r></w:p>"
                .to_owned(),
            "☑✓•".to_owned(),
        ),
        (
            "ruby",
            format!(
                "<w:p><w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>{}</w:p>",
                r("kana"), r("漢字"), r(" end")
            ),
            "漢字 (kana) end".to_owned(),
        ),
        ("a formula", "<w:p><m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath></w:p>".to_owned(), "a+b".to_owned()),
    ] {
        assert_eq!(text(&body), expected, "{what}");
    }
}

#[test]
fn both_standards_and_any_prefix_are_read() {
    let document = Docx::paragraphs(&["one", "two"]);
    for namespace in [document_support::W, W_STRICT] {
        for prefix in ["w", "ns0"] {
            let bytes = document.clone().namespace(namespace, prefix).build();
            assert_eq!(read(&bytes, None).text, "one\ntwo", "{namespace} {prefix}");
        }
    }
}

fn field(instruction: &str, form: &str, result: Option<&str>) -> String {
    let result = result.map_or_else(String::new, |result| {
        format!("<w:r><w:fldChar w:fldCharType='separate'/></w:r>{}", r(result))
    });
    format!(
        "<w:p><w:r><w:fldChar w:fldCharType='begin'>{form}</w:fldChar></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>\
         {result}<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
    )
}

#[test]
fn fields_show_their_result_and_forms_their_value() {
    let list = |result: &str| {
        format!(
            "<w:ffData><w:ddList>{result}<w:listEntry w:val='Mr'/><w:listEntry w:val='Mx'/></w:ddList></w:ffData>"
        )
    };
    for (body, expected) in [
        (field(" HYPERLINK \"mailto:jo@example.com\" ", "", Some("write to me")), "write to me"),
        (field(" FORMTEXT ", "<w:ffData><w:textInput/></w:ffData>", Some("Okafor")), "Okafor"),
        (field(" FORMDROPDOWN ", &list("<w:result w:val='1'/>"), None), "Mx"),
        (field(" FORMDROPDOWN ", &list(""), None), "Mr"),
        (
            field(
                " FORMCHECKBOX ",
                "<w:ffData><w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox></w:ffData>",
                None,
            ),
            "☒",
        ),
        (
            field(
                " FORMCHECKBOX ",
                "<w:ffData><w:checkBox><w:default w:val='0'/></w:checkBox></w:ffData>",
                None,
            ),
            "☐",
        ),
        (field(" MACROBUTTON NoMacro [Your name] ", "", None), "[Your name]"),
        (
            format!("<w:p><w:fldSimple w:instr=' AUTHOR '>{}</w:fldSimple></w:p>", r("Jo Bell")),
            "Jo Bell",
        ),
    ] {
        let document = read(&Docx::new(&format!("{body}{}", p("end"))).build(), None);
        assert_eq!(document.text, format!("{expected}\nend"));
        assert!(!document.is_withheld());
    }
    let link = read(
        &Docx::new(&field("HYPERLINK \"mailto:jo@example.com\"", "", Some("x"))).build(),
        None,
    );
    assert_eq!(hidden(&link, HiddenPlace::Link), ["mailto:jo@example.com"]);
}

#[test]
fn lists_have_their_numbers_and_bullets() {
    let item = |style: &str, text: &str| format!("<w:p><w:pPr>{style}</w:pPr>{}</w:p>", r(text));
    let numbered = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>";
    let bytes = Docx::new(
        &[
            item(numbered, "first"),
            item(numbered, "second"),
            item("<w:pStyle w:val='Bullets'/>", "bullet"),
            item("<w:pStyle w:val='Bullets'/><w:numPr><w:numId w:val='0'/></w:numPr>", "plain"),
        ]
        .concat(),
    )
    .part(
        "styles",
        "styles",
        &part("styles", "<w:style w:styleId='Bullets'><w:pPr><w:numPr><w:numId w:val='2'/></w:numPr></w:pPr></w:style>"),
    )
    .part(
        "numbering",
        "numbering",
        &part(
            "numbering",
            "<w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl></w:abstractNum>\
             <w:abstractNum w:abstractNumId='1'><w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/><w:lvlText w:val='o'/></w:lvl></w:abstractNum>\
             <w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='1'/></w:num>",
        ),
    )
    .build();
    assert_eq!(read(&bytes, None).text, "1. first\n2. second\n• bullet\nplain");
}

/// A document with something in every place that the reader knows.
fn rich() -> Docx {
    Docx::new(&format!(
        "{}<w:p>{}<w:del w:author='Ann Reviewer'><w:r><w:delText>Delroy</w:delText></w:r></w:del><w:moveFrom w:author='x'>{}</w:moveFrom>\
         <w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen words</w:t></w:r><w:r><w:rPr><w:rStyle w:val='Quiet'/></w:rPr><w:t>quiet words</w:t></w:r>\
         <w:r><w:drawing><wp:docPr id='1' name='jbell.jpg' descr='Jo Bell smiling'/></w:drawing></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>\
         <w:sdt><w:sdtPr><w:date w:fullDate='1984-03-02T00:00:00Z'/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>\
         <w:sectPr><w:headerReference w:type='default' r:id='header1'/><w:footerReference r:id='footer1'/></w:sectPr>",
        p("Body starts"), r("seen "), r("moved"), p("2 March")
    ))
    .part("header", "header1", &part("hdr", &p("Page header")))
    .part("footer", "footer1", &part("ftr", &p("Page footer")))
    .part(
        "footnotes",
        "footnotes",
        &part("footnotes", &format!("<w:footnote w:type='separator'>{}</w:footnote><w:footnote w:id='2'>{}</w:footnote>", p("---"), p("A note"))),
    )
    .part("comments", "comments", &part("comments", &format!("<w:comment w:author='Mo Manager'>{}</w:comment>", p("Is this Jo?"))))
    .part("styles", "styles", &part("styles", "<w:style w:styleId='Quiet'><w:rPr><w:vanish/></w:rPr></w:style>"))
    .link("l1", "https://example.com/jo-bell")
    .file(
        "docProps/core.xml",
        "<p xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:cp='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'>\
         <dc:title>CV of Jo</dc:title><dc:creator>Jo Bell</dc:creator><cp:lastModifiedBy>Kit Bell</cp:lastModifiedBy></p>",
    )
    .file("customXml/item1.xml", "<x>Secret Custom</x>")
}

#[test]
fn what_the_page_does_not_show_is_kept_apart() {
    let document = read(&rich().build(), None);
    assert_eq!(document.text, "Page header\nBody starts\nseen \n2 March\nA note\nPage footer");
    for (place, expected) in [
        (HiddenPlace::Title, vec!["CV of Jo"]),
        (HiddenPlace::Link, vec!["https://example.com/jo-bell"]),
        (HiddenPlace::AltText, vec!["Jo Bell smiling", "jbell.jpg"]),
        (HiddenPlace::Comment, vec!["Is this Jo?"]),
        (HiddenPlace::Metadata, vec!["Ann Reviewer", "x", "Mo Manager", "Jo Bell", "Kit Bell"]),
        (HiddenPlace::Concealed, vec!["Delroymoved", "unseen wordsquiet words", "1984-03-02"]),
    ] {
        assert_eq!(hidden(&document, place), expected, "{place:?}");
    }
    assert_eq!(codes(&document), ["concealed_text"]);
}

#[test]
fn every_run_leads_back_to_its_part_and_bytes() {
    let docx = rich();
    let entries = docx.entries();
    let document = read(&docx.build(), None);
    let characters: Vec<char> = document.text.chars().collect();
    let mut seen = 0;
    for part in &document.parts {
        let (_, bytes) = entries.iter().find(|(name, _)| *name == part.name).unwrap();
        for segment in &document.segments[part.segments.clone()] {
            let words: String = characters[segment.text.clone()].iter().collect();
            assert_eq!(&bytes[segment.source.clone()], words.as_bytes());
            seen += 1;
        }
    }
    assert_eq!(seen, document.segments.len());
    assert_eq!(document.parts[0].name, "word/header1.xml");
}

#[test]
fn words_of_diagrams_and_charts_are_read_where_they_are_shown() {
    let bytes = Docx::new(&format!("<w:p>{}<w:r><w:drawing><c:chart r:id='chart1'/></w:drawing></w:r></w:p>", r("Results")))
        .part(
            "chart",
            "chart1",
            &format!(
                "<c:chartSpace {}><a:p><a:r><a:t>Calls taken</a:t></a:r></a:p><c:strCache><c:pt><c:v>Leeds</c:v></c:pt></c:strCache><c:numCache><c:pt><c:v>17</c:v></c:pt></c:numCache></c:chartSpace>",
                namespaces(document_support::W)
            ),
        )
        .build();
    assert_eq!(read(&bytes, None).text, "Results\nCalls taken\nLeeds");
}

#[test]
fn documents_whose_words_are_elsewhere_are_withheld() {
    let mut course = document_support::Course::new(3);
    let noise: Vec<u8> = (0..60_000).map(|_| u8::try_from(course.below(256)).unwrap()).collect();
    let mut entries = Docx::paragraphs(&["Curriculum vitae"]).entries();
    entries.push(("word/media/image1.png".to_owned(), noise));
    let entries: Vec<(&str, &[u8])> =
        entries.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let scan = read(&zip(&entries), None);
    assert!(scan.is_withheld() && codes(&scan).contains(&"mostly_pictures"));

    let counted = Docx::paragraphs(&["Curriculum vitae"])
        .file("docProps/app.xml", "<Properties><Words>640</Words></Properties>");
    assert_eq!(codes(&read(&counted.build(), None)), ["less_text_than_expected"]);

    let paged = Docx::paragraphs(&["Curriculum vitae"])
        .file("docProps/app.xml", "<Properties><Pages>4</Pages><Words>2</Words></Properties>");
    assert_eq!(codes(&read(&paged.build(), None)), ["less_text_than_expected"]);

    let letter = "I have worked in housing for ten years ".repeat(5);
    for (words, withheld) in [("See the file", true), (letter.as_str(), false)] {
        let object = Docx::paragraphs(&[words]).file("word/embeddings/sheet.xlsx", "x");
        let object = read(&object.build(), None);
        assert_eq!(codes(&object), ["embedded_left_out"]);
        assert_eq!(object.is_withheld(), withheld);
    }
}

#[test]
fn an_included_document_is_read_and_never_without_end() {
    let chunk =
        Docx::new("<w:altChunk r:id='chunk'/>").part("aFChunk", "chunk", "{\\rtf1 Included words}");
    assert_eq!(read(&chunk.build(), None).text, "Included words");
}

#[test]
fn hostile_files_are_answered_with_a_reason() {
    let entity = "<!DOCTYPE x [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;'>]>";
    let with_document =
        |xml: String| zip(&[("_rels/.rels", b"<x/>"), ("word/document.xml", xml.as_bytes())]);
    let deep =
        format!("<w:document xmlns:w='{}'>{}", document_support::W, "<w:smartTag>".repeat(5000));
    let bomb = " ".repeat(40 << 20);
    let names: Vec<String> = (0..4100).map(|number| format!("word/{number}.xml")).collect();
    let mut many: Vec<(&str, &[u8])> = vec![("word/document.xml", b"<x/>")];
    many.extend(names.iter().map(|name| (name.as_str(), &b""[..])));
    let whole = Docx::paragraphs(&["a", "b"]).build();
    for (what, bytes, code) in [
        ("entities", with_document(format!("{entity}<a>&b;</a>")), "forbidden_declaration"),
        ("depth", with_document(deep), "nested_too_deep"),
        ("a bomb", with_document(format!("<a>{bomb}</a>")), "unpacks_too_large"),
        ("entries", zip(&many), "too_many_entries"),
        ("cut in the middle", whole[..whole.len() / 2].to_vec(), "damaged"),
        (
            "no body",
            zip(&[("[Content_Types].xml", b"<x/>"), ("word/styles.xml", b"<x/>")]),
            "damaged",
        ),
        (
            "unclosed field",
            Docx::new("<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r></w:p>").build(),
            "damaged",
        ),
    ] {
        let document = read(&bytes, None);
        assert!(codes(&document).contains(&code), "{what}: {:?}", document.problems);
        assert!(document.is_withheld(), "{what}");
        assert_sound(&document, what);
    }
}

#[test]
fn a_lying_size_is_not_believed() {
    let large = format!(
        "<w:document xmlns:w='{}'>{}</w:document>",
        document_support::W,
        "<w:p/>".repeat(700_000)
    );
    let mut bytes = zip(&[("_rels/.rels", b"<x/>"), ("word/document.xml", large.as_bytes())]);
    // The unpacked size stands 24 bytes into a directory entry.
    let directory: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, w)| w == b"PK\x01\x02")
        .map(|(at, _)| at)
        .collect();
    for at in directory {
        bytes[at + 24..at + 28].copy_from_slice(&10_u32.to_le_bytes());
    }
    let document = read(&bytes, None);
    assert!(document.is_withheld(), "{:?}", document.problems);
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let mut bytes = Docx::paragraphs(&["a"]).file("word/documenu.xml", "<x/>").build();
    while let Some(at) = bytes.windows(17).position(|w| w == b"word/documenu.xml") {
        bytes[at + 12] = b't';
    }
    assert_eq!(codes(&read(&bytes, None)), ["damaged"]);
}

#[test]
fn damaged_documents_always_get_an_answer() {
    let whole = rich().build();
    for seed in 0..250 {
        assert_sound(&read(&mutate(&whole, seed), None), &format!("packed, seed {seed}"));
    }
    // Damage inside the parts, which the check sums of an archive would hide.
    let entries = rich().entries();
    for seed in 0..250 {
        let damaged: Vec<(String, Vec<u8>)> = entries
            .iter()
            .enumerate()
            .map(|(number, (name, bytes))| {
                (name.clone(), mutate(bytes, seed * 31 + u64::try_from(number).unwrap()))
            })
            .collect();
        let damaged: Vec<(&str, &[u8])> =
            damaged.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        assert_sound(&read(&zip(&damaged), None), &format!("parts, seed {seed}"));
    }
}
