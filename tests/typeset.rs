//! The typesetting kit: what a PDF holds besides its looks. Read with the PDF library alone, so that nothing of ours
//! vouches for itself.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::collections::BTreeMap;

use evenhand::typeset::{
    Align, Block, Cell, Colour, Document, Field, Figure, Item, List, Run, Shape, Table,
};
use lopdf::content::Content;
use lopdf::{Dictionary, Object};

fn document(blocks: Vec<Block>) -> Document {
    let mut document = Document::new("Application 4TQX-9B2M", "en-GB");
    document.page_words = Some("Page {page} of {pages}".to_owned());
    document.blocks = blocks;
    document
}

fn read(document: &Document) -> lopdf::Document {
    lopdf::Document::load_mem(&document.to_pdf().unwrap()).unwrap()
}

fn resolve<'a>(pdf: &'a lopdf::Document, object: &'a Object) -> &'a Object {
    object.as_reference().map_or(object, |id| pdf.get_object(id).unwrap())
}

fn get<'a>(pdf: &'a lopdf::Document, dictionary: &'a Dictionary, key: &str) -> Option<&'a Object> {
    dictionary.get(key.as_bytes()).ok().map(|object| resolve(pdf, object))
}

/// The text of every page in the order of its content, without white space: the library adds some between stretches.
fn text(pdf: &lopdf::Document) -> String {
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    bare(&pdf.extract_text(&pages).unwrap())
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The roles of the structure tree in reading order, each with the one that it hangs in.
fn roles(pdf: &lopdf::Document) -> Vec<(String, String)> {
    let root = get(pdf, pdf.catalog().unwrap(), "StructTreeRoot").unwrap().as_dict().unwrap();
    let mut found = Vec::new();
    walk(pdf, root, "Root", &mut found);
    found
}

fn walk(pdf: &lopdf::Document, at: &Dictionary, above: &str, found: &mut Vec<(String, String)>) {
    let own = match at.get(b"S").and_then(Object::as_name) {
        Ok(name) => {
            let name = String::from_utf8_lossy(name).into_owned();
            found.push((above.to_owned(), name.clone()));
            name
        }
        Err(_) => above.to_owned(),
    };
    let Some(children) = get(pdf, at, "K") else { return };
    let children = match children {
        Object::Array(children) => children.iter().collect(),
        one => vec![one],
    };
    for child in children {
        if let Ok(child) = resolve(pdf, child).as_dict() {
            walk(pdf, child, &own, found);
        }
    }
}

fn cell(text: &str) -> Cell {
    vec![Run::plain(text)]
}

fn everything() -> Vec<Block> {
    let item = |depth, text: &str| Item { marker: None, depth, runs: cell(text) };
    vec![
        Block::heading(1, "Details"),
        Block::Fields(vec![
            Field { label: cell("Name:"), value: vec![Run::label("[NAME]")] },
            Field { label: cell("Notice period:"), value: cell("four weeks") },
        ]),
        Block::heading(3, "Experience"),
        Block::Paragraph(vec![
            Run::plain("Worked with "),
            Run::label("[PERSON 1]"),
            Run::plain(" on "),
            Run::italic("duty rotas"),
            Run::plain("."),
        ]),
        Block::List(List { items: vec![item(0, "First"), item(1, "Inner"), item(0, "Second")] }),
        Block::Table(Table {
            header: vec![cell("Year"), cell("Post")],
            rows: vec![vec![cell("2019"), cell("Lead")], vec![cell("2021")]],
            align: vec![Align::Right],
            row_headers: true,
        }),
        Block::Figure(Figure {
            size: (800.0, 90.0),
            shapes: vec![
                Shape::Rectangle {
                    at: (0.0, 0.0),
                    size: (40.0, 60.0),
                    radius: 2.0,
                    colour: Colour(27, 77, 92),
                },
                Shape::Text {
                    at: (0.0, 80.0),
                    text: "Longlisted".to_owned(),
                    size: 9.0,
                    bold: true,
                    align: Align::Left,
                    colour: Colour(0, 0, 0),
                },
            ],
            alternative: "Forty of sixty".to_owned(),
            caption: cell("Rates by stage"),
        }),
        Block::Note(cell("Nothing else was sent.")),
        Block::PageBreak,
        Block::paragraph("The end."),
    ]
}

#[test]
fn a_document_says_that_it_is_tagged_titled_and_in_which_language() {
    let pdf = read(&document(everything()));
    let catalog = pdf.catalog().unwrap();
    let inner = |name: &str, key: &str| {
        get(&pdf, get(&pdf, catalog, name).unwrap().as_dict().unwrap(), key).unwrap().clone()
    };
    assert!(inner("MarkInfo", "Marked").as_bool().unwrap());
    assert!(inner("ViewerPreferences", "DisplayDocTitle").as_bool().unwrap());
    assert_eq!(get(&pdf, catalog, "Lang").unwrap().as_str().unwrap(), b"en-GB");
    let xmp = get(&pdf, catalog, "Metadata").unwrap().as_stream().unwrap().get_plain_content();
    let xmp = String::from_utf8_lossy(&xmp.unwrap()).into_owned();
    assert!(xmp.contains("pdfuaid:part"), "{xmp}");
    assert!(xmp.contains("Application 4TQX-9B2M"), "{xmp}");
    let info = resolve(&pdf, pdf.trailer.get(b"Info").unwrap()).as_dict().unwrap();
    let keys: Vec<_> = info.iter().map(|(key, _)| String::from_utf8_lossy(key)).collect();
    assert_eq!(keys, ["Title"], "no author, no date, no program unless it is named");
    for (_, page) in pdf.get_pages() {
        let page = pdf.get_dictionary(page).unwrap();
        assert_eq!(page.get(b"Tabs").unwrap().as_name().unwrap(), b"S");
    }
}

#[test]
fn the_structure_tree_names_every_part_and_leaves_no_heading_level_out() {
    let found = roles(&read(&document(everything())));
    let counts =
        found.iter().fold(BTreeMap::new(), |mut counts: BTreeMap<&str, usize>, (_, role)| {
            *counts.entry(role.as_str()).or_default() += 1;
            counts
        });
    for (role, count) in [
        ("H1", 1),
        ("H2", 1),
        ("H3", 1),
        ("L", 3),
        ("LI", 5),
        ("Lbl", 5),
        ("LBody", 5),
        ("Table", 1),
        ("THead", 1),
        ("TBody", 1),
        ("TR", 3),
        ("TH", 4),
        ("TD", 2),
        ("Figure", 1),
        ("Caption", 1),
        ("Note", 1),
    ] {
        assert_eq!(counts.get(role), Some(&count), "{role} in {counts:?}");
    }
    for (above, role) in &found {
        let right = match role.as_str() {
            "LI" => above == "L",
            "Lbl" | "LBody" => above == "LI",
            "TR" => above == "THead" || above == "TBody",
            "TH" | "TD" => above == "TR",
            "H1" | "H2" | "H3" | "Table" | "Figure" | "Note" => above == "Document",
            _ => true,
        };
        assert!(right, "{role} stands in {above}");
    }
    let deep = read(&document(vec![
        Block::heading(3, "a"),
        Block::heading(2, "b"),
        Block::heading(3, "c"),
    ]));
    let levels: Vec<_> = roles(&deep).into_iter().map(|(_, role)| role).collect();
    assert_eq!(levels, ["Document", "H1", "H2", "H3", "H4"]);
}

#[test]
fn all_that_is_drawn_is_marked_as_content_or_as_decoration() {
    let pdf = read(&document(everything()));
    for (_, page) in pdf.get_pages() {
        let content = Content::decode(&pdf.get_page_content(page)).unwrap();
        let mut open = 0;
        for operation in &content.operations {
            match operation.operator.as_str() {
                "BMC" | "BDC" => open += 1,
                "EMC" => open -= 1,
                "Tj" | "TJ" | "f" | "f*" | "S" | "B" | "Do" => {
                    assert!(open > 0, "{} outside of marked content", operation.operator);
                }
                _ => {}
            }
        }
        assert_eq!(open, 0);
    }
}

#[test]
fn the_text_comes_back_in_reading_order() {
    let found = text(&read(&document(everything())));
    let mut rest = found.as_str();
    for words in [
        "Application 4TQX-9B2M",
        "Details",
        "Name:",
        "[NAME]",
        "Notice period:",
        "four weeks",
        "Experience",
        "Worked with [PERSON 1] on duty rotas.",
        "First",
        "Inner",
        "Second",
        "Year",
        "Post",
        "2019",
        "Lead",
        "2021",
        "Longlisted",
        "Rates by stage",
        "Nothing else was sent.",
        "Page 1 of 2",
        "The end.",
        "Page 2 of 2",
    ] {
        let words = bare(words);
        let place = rest.find(&words).unwrap_or_else(|| panic!("{words} is not next in: {rest}"));
        rest = &rest[place + words.len()..];
    }
}

#[test]
fn headings_are_the_outline() {
    let pdf = read(&document(everything()));
    let toc = pdf.get_toc().unwrap();
    let found: Vec<_> =
        toc.toc.iter().map(|entry| (entry.level, entry.title.as_str(), entry.page)).collect();
    assert_eq!(found, [(1, "Application 4TQX-9B2M", 1), (2, "Details", 1), (3, "Experience", 1)]);
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = document(everything());
    assert!(document.to_pdf().unwrap() == document.to_pdf().unwrap());
}

#[test]
fn no_text_is_refused() {
    let long = "pneumonoultramicroscopicsilicovolcanoconiosis".repeat(200);
    for words in [
        "",
        " ",
        "\0\u{1}\u{feff}\u{fffe}\u{ffff}\u{fffc}",
        "\u{e000}\u{f0b7}\u{10ffff}",
        "字🧑‍🦽नि\u{200d}",
        "مرحبا 2019 بكم abc שלום",
        "a\u{301}\u{301}\u{301}\u{301}\u{301}",
        "\u{301}",
        "\n\n\r\n\t\n",
        long.as_str(),
    ] {
        let run = || vec![Run::plain(words)];
        let label = || vec![Run::label(words)];
        let mut document = Document::new(words, "en-GB");
        document.page_words = Some(words.to_owned());
        document.subtitle = label();
        document.blocks = vec![
            Block::Heading(1, run()),
            Block::Heading(9, label()),
            Block::Paragraph(run()),
            Block::Paragraph(label()),
            Block::Fields(vec![Field { label: run(), value: label() }, Field::default()]),
            Block::List(List {
                items: vec![Item { marker: Some(words.to_owned()), depth: 200, runs: run() }],
            }),
            Block::List(List::default()),
            Block::Fields(Vec::new()),
            Block::Table(Table { header: vec![run(), label()], ..Table::default() }),
            Block::Table(Table { rows: vec![vec![run(); 60], Vec::new()], ..Table::default() }),
            Block::Figure(Figure {
                size: (f32::NAN, 0.0),
                shapes: Vec::new(),
                alternative: words.to_owned(),
                caption: run(),
            }),
            Block::Note(run()),
            Block::PageBreak,
        ];
        let pdf = read(&document);
        assert!(!pdf.get_pages().is_empty());
    }
    assert_eq!(read(&Document::default()).get_pages().len(), 1);
}

#[test]
fn characters_that_no_font_has_are_seen_to_be_missing() {
    let found = text(&read(&document(vec![Block::paragraph("Studied 漢字 for 3 years")])));
    assert!(found.contains("Studied\u{fffd}\u{fffd}for3years"), "{found}");
    let found = text(&read(&document(vec![Block::paragraph("Llŷr, Łódź, Nguyễn, ṣọ̀rọ̀, Добрый")])));
    assert!(found.contains("Llŷr,Łódź,Nguyễn,ṣọ̀rọ̀,Добрый"), "{found}");
}

#[test]
fn a_table_over_pages_repeats_its_header_and_keeps_one_header_for_readers() {
    let rows = (0..120).map(|n| vec![cell(&format!("Row {n}")), cell("text")]).collect();
    let table = Table { header: vec![cell("Entry"), cell("Words")], rows, ..Table::default() };
    let pdf = read(&document(vec![Block::Table(table)]));
    let pages = pdf.get_pages();
    assert!(pages.len() > 2);
    for number in pages.keys() {
        assert!(pdf.extract_text(&[*number]).unwrap().contains("Entry"), "page {number}");
    }
    let found = roles(&pdf);
    assert_eq!(found.iter().filter(|(_, role)| role == "THead").count(), 1);
    assert_eq!(found.iter().filter(|(_, role)| role == "TR").count(), 121);
}

#[test]
fn a_table_of_many_columns_is_set_smaller_and_divides_no_word() {
    let head =
        ["Group", "longlisted", "shortlisted", "interviewed", "offered", "appointed", "overall"];
    let row = ["Caribbean", "12,762\u{a0}of\u{a0}16,651"]
        .into_iter()
        .chain(["41,715\u{a0}of\u{a0}61,902"; 5]);
    let table = Table {
        header: head.map(cell).to_vec(),
        rows: vec![row.map(cell).collect()],
        ..Table::default()
    };
    let words = text(&read(&document(vec![Block::Table(table)])));
    for word in ["Caribbean", "shortlisted", "interviewed", "appointed", "16,651", "61,902"] {
        assert!(words.contains(word), "{word} in {words}");
    }
}

#[test]
fn three_hundred_pages_are_set_and_numbered() {
    let words = "Led the duty team and wrote the rota. ".repeat(60);
    let pdf = read(&document((0..480).map(|_| Block::paragraph(words.as_str())).collect()));
    let count = pdf.get_pages().len();
    assert!(count >= 300, "{count}");
    let last = pdf.extract_text(&[count as u32]).unwrap();
    assert!(last.contains(&format!("Page {count} of {count}")), "{last}");
}

#[test]
fn a_heading_is_not_left_alone_at_the_foot_of_a_page() {
    for lines in 30..60 {
        let mut blocks: Vec<Block> = (0..lines).map(|_| Block::paragraph("Line.")).collect();
        blocks.push(Block::heading(1, "Lonely"));
        blocks.push(Block::paragraph("Company."));
        let pdf = read(&document(blocks));
        for number in pdf.get_pages().keys() {
            let page = pdf.extract_text(&[*number]).unwrap();
            assert_eq!(page.contains("Lonely"), page.contains("Company."), "{lines} lines");
        }
    }
}

/// The pages that hold the words before and behind the last heading of a first page of so many paragraphs, and the page of
/// what follows it.
fn places_on_first_pages(paragraphs: usize) -> (u32, u32, u32) {
    let mut blocks = vec![Block::heading(2, "Findings")];
    blocks.extend((0..paragraphs).map(|_| Block::paragraph("One of two hundred.")));
    blocks.push(Block::paragraph("Foremost."));
    blocks.push(Block::heading(2, "Caveats"));
    blocks.extend((0..6).map(|_| Block::paragraph("Beware.")));
    blocks.push(Block::PageBreak);
    blocks.push(Block::paragraph("Evidence."));
    let pdf = read(&Document { closes_up_first_page: true, ..document(blocks) });
    let page = |word: &str| {
        let has = |number: &&u32| pdf.extract_text(&[**number]).unwrap().contains(word);
        let pages = pdf.get_pages();
        *pages.keys().rfind(has).unwrap()
    };
    (page("Foremost"), page("Beware"), page("Evidence"))
}

#[test]
fn a_first_page_is_set_smaller_then_without_its_last_part_before_it_runs_over() {
    let found: Vec<(u32, u32, u32)> = (10..40).map(places_on_first_pages).collect();
    // All on one page; then the last part on the second; then nothing helps. Never anything else, and each for a while.
    let mut kinds = found.clone();
    kinds.dedup();
    assert_eq!(kinds, [(1, 1, 2), (1, 2, 3), (2, 2, 3)], "{found:?}");
    // In letters of the usual size, 690 points hold 18 such paragraphs of 22.5 points with what stands around them.
    let whole = found.iter().filter(|places| places.1 == 1).count() + 10;
    assert!(whole > 22, "{whole} paragraphs");
}

#[test]
fn names_of_rows_are_not_set_one_word_a_line_for_the_sake_of_large_figures() {
    let name = "White: English, Welsh, Scottish, Northern Irish or British";
    let figures =
        ["Cannot\u{a0}tell", "(0.76\u{a0}to\u{a0}1.12)", "<1e-14", "<1e-14", "-145", "0.88"];
    let row = || std::iter::once(name).chain(figures).map(cell).collect::<Vec<_>>();
    let table = Table { rows: vec![row()], row_headers: true, ..Table::default() };
    let pdf = read(&document(vec![Block::Table(table)]));
    let lines: Vec<String> = text(&pdf).lines().map(str::to_owned).collect();
    let of_name = lines.iter().filter(|line| !line.is_empty() && name.contains(line.trim()));
    assert!(of_name.count() <= 4, "{lines:?}");
}
