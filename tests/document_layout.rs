//! Word documents whose layout is kept: what is replaced is nowhere in the copy, what stands beside words stays behind,
//! and the copy says what the redacted text says. Knows no rules: passages are named by hand.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

mod document_support;

use std::io::{Cursor, Read};

use document_support::{Docx, W, W_STRICT, mutate, namespaces, p, part, r};
use evenhand::document::{DocumentText, KeptLayout, Replacement, keep_layout, read};

/// Replaces every occurrence of each word.
fn replacements(document: &DocumentText, words: &[(&str, &str)]) -> Vec<Replacement> {
    let mut found = Vec::new();
    for (word, instead) in words {
        for (at, _) in document.text.match_indices(word) {
            let start = document.text[..at].chars().count();
            let characters = start..start + word.chars().count();
            found.push(Replacement { characters, words: (*instead).to_owned() });
        }
    }
    found.sort_by_key(|one| one.characters.start);
    found
}

fn keep(bytes: &[u8], words: &[(&str, &str)]) -> Option<KeptLayout> {
    let document = read(bytes, None);
    keep_layout(bytes, &replacements(&document, words), "Application", "en-GB")
}

/// Every entry of an archive, by name.
fn entries(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (entry.name().unwrap().into_owned(), text)
        })
        .collect()
}

fn entry(bytes: &[u8], name: &str) -> String {
    let found = entries(bytes).into_iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no {name}")).1
}

fn run(look: &str, text: &str) -> String {
    format!(
        "<w:r w:rsidR=\"00ZOFIA1\"><w:rPr>{look}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>"
    )
}

/// A document with the name in every place that a document has.
fn full() -> Docx {
    let body = format!(
        "<w:bookmarkStart w:id=\"1\" w:name=\"Zofia_Lis\"/><w:p w:rsidR=\"00AB12CD\"><w:pPr><w:pStyle w:val=\"ZofiaHeading\"/></w:pPr>{}{}{}</w:p>\
         <w:p><w:r><w:t>See </w:t></w:r><w:hyperlink r:id=\"l1\" w:tooltip=\"Zofia\">{}</w:hyperlink></w:p>\
         <w:p><w:ins w:author=\"Zofia Lis\">{}</w:ins><w:del w:author=\"Zofia Lis\"><w:r><w:delText>Zofia before</w:delText></w:r></w:del></w:p>\
         <w:p>{}<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:docPr id=\"1\" name=\"x\" descr=\"Zofia at work\"/>\
         <wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{}\
         </w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>\
         <w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> FILENAME \"Zofia.docx\" </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>\
         <w:p>{}</w:p>\
         <w:tbl><w:tblPr><w:tblStyle w:val=\"Zofias\"/><w:tblCaption w:val=\"Zofia's table\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"2000\"/><w:gridCol w:w=\"3000\"/></w:tblGrid>\
         <w:tr><w:tc><w:tcPr><w:tcW w:w=\"2000\" w:type=\"dxa\"/></w:tcPr>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>\
         <w:sdt><w:sdtPr><w:alias w:val=\"Zofia\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>\
         <w:p><w:r><w:t>Noted</w:t><w:footnoteReference w:id=\"7\"/></w:r></w:p>\
         <w:sectPr><w:headerReference w:type=\"default\" r:id=\"header1\"/><w:footerReference w:type=\"default\" r:id=\"footer1\"/>\
         <w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:cols w:num=\"2\" w:space=\"708\"/></w:sectPr>",
        run("<w:b/><w:sz w:val=\"48\"/><w:lang w:val=\"pl-PL\"/>", "Zo"),
        run("<w:i/>", "fia"),
        run("<w:b/>", " Lis, engineer"),
        run("<w:u w:val=\"single\"/>", "my page"),
        run("", "worked with Zofia Lis"),
        r("Before the box"),
        p("In the box: Zofia Lis"),
        p("In the box: Zofia Lis"),
        r("the file of Zofia Lis"),
        run("<w:vanish/>", "Zofia hidden"),
        p("Referee"),
        p("Zofia Lis"),
        p("In a control"),
    );
    Docx::new(&body)
        .link("l1", "https://example.org/in/zofialis")
        .part("header", "header1", &part("hdr", &p("CV of Zofia Lis")))
        .part(
            "footer",
            "footer1",
            &part(
                "ftr",
                "<w:p><w:r><w:t xml:space=\"preserve\">Page </w:t></w:r><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
                 <w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r>\
                 <w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>",
            ),
        )
        .part(
            "styles",
            "styles",
            &part(
                "styles",
                "<w:style w:type=\"paragraph\" w:styleId=\"ZofiaHeading\"><w:name w:val=\"Zofia heading\"/><w:rPr><w:color w:val=\"1F3864\"/></w:rPr></w:style>\
                 <w:style w:type=\"table\" w:styleId=\"Zofias\"><w:name w:val=\"Table Grid\"/></w:style>",
            ),
        )
        .part("footnotes", "footnotes", &part("footnotes", &format!("<w:footnote w:type=\"separator\" w:id=\"-1\">{}</w:footnote><w:footnote w:id=\"7\">{}</w:footnote>", p(""), p("Said by Zofia Lis"))))
        .part("comments", "comments", &part("comments", &format!("<w:comment w:author=\"Zofia Lis\">{}</w:comment>", p("Zofia"))))
        .part("settings", "settings", &part("settings", "<w:docVars><w:docVar w:name=\"Zofia\" w:val=\"Zofia\"/></w:docVars><w:evenAndOddHeaders/>"))
        .file("docProps/core.xml", "<x><creator>Zofia Lis</creator></x>")
        .file("customXml/item1.xml", "<name>Zofia Lis</name>")
        .file("word/people.xml", "<w:people>Zofia</w:people>")
}

#[test]
fn nothing_of_the_person_is_in_any_part_of_the_copy() {
    let kept = keep(&full().build(), &[("Zofia Lis", "[NAME]")]).expect("a copy");
    for (name, text) in entries(&kept.file) {
        for word in [
            "zofia",
            "lis<",
            "lis,",
            "pl-pl",
            "rsid",
            "r:id=\"l1\"",
            "external",
            "docvar",
            "bookmark",
        ] {
            assert!(!text.to_lowercase().contains(word), "{word} in {name}: {text}");
        }
        assert!(!name.to_lowercase().contains("zofia"), "{name}");
    }
    let names: Vec<String> = entries(&kept.file).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "[Content_Types].xml",
            "_rels/.rels",
            "word/document.xml",
            "word/_rels/document.xml.rels",
            "word/header1.xml",
            "word/footer1.xml",
            "word/footnotes.xml",
            "word/numbering.xml",
            "word/styles.xml",
            "word/settings.xml",
            "docProps/core.xml",
        ]
    );
}

#[test]
fn the_copy_says_what_the_redacted_text_says_and_keeps_looks_and_structure() {
    let bytes = full().build();
    let kept = keep(&bytes, &[("Zofia Lis", "[NAME]")]).expect("a copy");
    let text = read(&kept.file, None).text;
    let redacted = read(&bytes, None).text.replace("Zofia Lis", "[NAME]");
    // The paragraph of hidden words is gone with them.
    let lines = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    assert_eq!(lines(&text), lines(&redacted));
    let body = entry(&kept.file, "word/document.xml");
    for element in [
        "<w:pStyle w:val=\"S1\"/>",
        "<w:rPr><w:b/><w:sz w:val=\"48\"/></w:rPr><w:t xml:space=\"preserve\">[NAME]</w:t>",
        "<w:tblStyle w:val=\"S2\"/>",
        "<w:cols w:num=\"2\" w:space=\"708\"/>",
        "<w:footnoteReference w:id=\"1\"/>",
        "<w:headerReference w:type=\"default\" r:id=\"header1\"/>",
        "<w:u w:val=\"single\"/>",
    ] {
        assert!(body.contains(element), "{element} in {body}");
    }
    assert!(entry(&kept.file, "word/footer1.xml").contains("<w:fldSimple w:instr=\" PAGE \">"));
    assert!(entry(&kept.file, "word/styles.xml").contains("1F3864"));
    assert!(entry(&kept.file, "word/settings.xml").contains("evenAndOddHeaders"));
    assert!(entry(&kept.file, "docProps/core.xml").contains("<dc:title>Application</dc:title>"));
    let blank = read(&kept.blank, None).text;
    assert!(!blank.chars().any(char::is_alphabetic), "{blank}");
}

#[test]
fn the_length_of_what_was_replaced_does_not_show() {
    let document = |name: &str, lines: &str| {
        let fitted = run(
            "<w:spacing w:val=\"-7\"/><w:w w:val=\"93\"/><w:fitText w:val=\"900\" w:id=\"5\"/>",
            name,
        );
        Docx::new(&format!(
            "<w:p>{fitted}{}</w:p>{lines}<w:tbl><w:tblGrid><w:gridCol w:w=\"{}\"/></w:tblGrid><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>{}",
            r(" leads"),
            2350 + name.len() * 4,
            p(name),
            p("end")
        ))
        .build()
    };
    let short =
        keep(&document("Li", &p("1 Mill Lane")), &[("Li", "[NAME]"), ("1 Mill Lane", "[ADDRESS]")]);
    let long = "Wilhelmina";
    let lines = format!("{}{}", p("1 Mill Lane"), p("Leeds"));
    let longer =
        keep(&document(long, &lines), &[(long, "[NAME]"), ("1 Mill Lane\nLeeds", "[ADDRESS]")]);
    assert_eq!(short.expect("a copy").file, longer.expect("a copy").file);
}

#[test]
fn every_way_to_show_words_is_kept_as_words() {
    let alternatives = "<w:p><w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:t xml:space=\"preserve\"> full time</w:t><w:noBreakHyphen/><w:t>x</w:t><w:tab/>\
         <w:t>a</w:t><w:br/><w:t>b</w:t></w:r></w:p>\
         <w:p><w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>\
         <w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t> ticked</w:t></w:r></w:p>\
         <w:p><w:fldSimple w:instr=\"AUTHOR\"><w:r><w:t>An author</w:t></w:r></w:fldSimple></w:p>\
         <w:p><m:oMath><m:r><m:t>e=mc</m:t></m:r></m:oMath></w:p>\
         <w:p><w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase></w:ruby></w:p>\
         <w:p><w:r><w:pict><v:shape><v:textpath string=\"DRAFT word\"/></v:shape></w:pict></w:r></w:p>\
         <w:p><w:smartTag><w:r><w:t>tagged &amp; kept &lt;1&gt;</w:t></w:r></w:smartTag></w:p><w:altChunk r:id=\"chunk\"/>\
         <w:p><w:r><w:drawing><c:chart r:id=\"chart1\"/></w:drawing></w:r></w:p>";
    let chart = format!(
        "<c:chart {}><a:p><a:r><a:t>Sales chart</a:t></a:r></a:p></c:chart>",
        namespaces(W)
    );
    for (namespace, prefix) in [(W, "w"), (W_STRICT, "ns0")] {
        let bytes = Docx::new(alternatives)
            .namespace(namespace, prefix)
            .part("chart", "chart1", &chart)
            .part("aFChunk", "chunk", "<html><body><p>From a page</p></body></html>")
            .build();
        let kept = keep(&bytes, &[]).expect("a copy");
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let (before, after) = (read(&bytes, None).text, read(&kept.file, None).text);
        assert!(before.contains("From a page") && before.contains("Sales chart"), "{before}");
        assert_eq!(words(&after), words(&before));
    }
}

#[test]
fn a_copy_of_a_copy_is_the_same_copy() {
    let kept = keep(&full().build(), &[("Zofia Lis", "[NAME]")]).expect("a copy");
    let again = keep(&kept.file, &[]).expect("a copy");
    assert_eq!(entry(&again.file, "word/document.xml"), entry(&kept.file, "word/document.xml"));
}

#[test]
fn other_documents_and_wrong_passages_have_no_copy() {
    let bytes = Docx::paragraphs(&["Six words and no more here"]).build();
    let one = |from, to| Replacement { characters: from..to, words: "x".to_owned() };
    for wrong in [vec![one(0, 999)], vec![one(5, 2)], vec![one(0, 5), one(3, 6)]] {
        assert_eq!(keep_layout(&bytes, &wrong, "t", "en"), None);
    }
    for other in [&b"plain text"[..], b"%PDF-1.4", b"PK\x03\x04", b"{\\rtf1 x}"] {
        assert_eq!(keep_layout(other, &[], "t", "en"), None);
    }
}

#[test]
fn no_damage_makes_the_copy_panic_or_lets_a_name_through() {
    let original = full().build();
    let parts = full().entries();
    let mut copies = 0;
    for seed in 0..240 {
        let damaged = if seed % 2 == 0 {
            mutate(&original, seed)
        } else {
            // Damage under the archive, where its check sums do not show it.
            let chosen = usize::try_from(seed).unwrap() % parts.len();
            let parts: Vec<(String, Vec<u8>)> = parts
                .iter()
                .enumerate()
                .map(|(number, (name, bytes))| {
                    let bytes = if number == chosen { mutate(bytes, seed) } else { bytes.clone() };
                    (name.clone(), bytes)
                })
                .collect();
            let parts: Vec<(&str, &[u8])> =
                parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
            document_support::zip(&parts)
        };
        let document = read(&damaged, None);
        let words = replacements(&document, &[("Zofia", "[NAME]"), ("Lis", "[NAME]")]);
        let Some(kept) = keep_layout(&damaged, &words, "t", "en") else { continue };
        copies += 1;
        for (name, text) in entries(&kept.file) {
            assert!(!text.contains("Zofia"), "seed {seed}: {name}: {text}");
        }
    }
    assert!(copies > 40, "only {copies} copies");
}
