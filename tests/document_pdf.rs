//! Reading of PDFs: words in order, what was filled in, what is hidden, what is hostile.

#![allow(clippy::unwrap_used, clippy::panic)]

mod pdf_support;

use std::fs;
use std::path::Path;

use evenhand::document::{DocumentText, HiddenPlace, read};
use pdf_support::{Pdf, line};

fn text_of(content: &str) -> String {
    read(&Pdf::new().page(content).finish(), None).text
}

fn codes(document: &DocumentText) -> Vec<&'static str> {
    document.problems.iter().map(|problem| problem.code).collect()
}

fn hidden(document: &DocumentText) -> Vec<(HiddenPlace, &str)> {
    document.hidden.iter().map(|hidden| (hidden.place, hidden.text.as_str())).collect()
}

#[test]
fn words_and_lines_are_read_as_they_stand() {
    for (content, text) in [
        // Spaces drawn, and spaces that are only gaps.
        (line(72, 700, 12, "Jo Bell, clerk"), "Jo Bell, clerk"),
        ("BT /F1 12 Tf 72 700 Td [(Jo) -300 (Bell) 20 (s)] TJ ET".into(), "Jo Bells"),
        // Lines by leading, by position, and by the operators that move and show at once.
        ("BT /F1 12 Tf 14 TL 72 700 Td (one) Tj (two) ' 0 0 (three) \" T* (four) Tj ET".into(), "one\ntwo\nthree\nfour"),
        // A gap as wide as a column parts cells.
        (line(72, 700, 12, "Name") + &line(200, 700, 12, "Jo Bell"), "Name\tJo Bell"),
        // Wide white space between lines parts paragraphs.
        (line(72, 700, 12, "Profile") + &line(72, 650, 12, "Clerk") + &line(72, 636, 12, "in Leeds") + &line(72, 622, 12, "and Hull"), "Profile\n\nClerk\nin Leeds\nand Hull"),
        // Letters spaced out by positions and by character spacing.
        ("BT /F1 12 Tf 72 700 Td [(J)-400(O)-400(H)-400(N)-1200(S)-400(M)-400(I)-400(T)-400(H)] TJ ET".into(), "JOHN SMITH"),
        ("BT /F1 12 Tf 6 Tc 72 700 Td (JOHN SMITH) Tj ET".into(), "JOHN SMITH"),
        // Raised letters belong to their word.
        ("BT /F1 12 Tf 72 700 Td (the 1) Tj /F1 7 Tf 5 Ts (st) Tj 0 Ts /F1 12 Tf ( of May) Tj ET".into(), "the 1st of May"),
        // A hyphen at the end of a line stays, and so does the line end.
        (line(72, 700, 12, "Llyr-") + &line(72, 686, 12, "Jones"), "Llyr-\nJones"),
        // Drawn twice for weight, read once.
        (line(72, 700, 12, "Heavy") + "BT /F1 12 Tf 72.3 700 Td (Heavy) Tj ET\n", "Heavy"),
        // An accent drawn over a letter.
        ("BT /F1 12 Tf 72 700 Td (Si) Tj (a) Tj -0.3 0 Td ET BT /F1 12 Tf 83.3 700 Td (\\210) Tj 6 0 Td (n) Tj ET".into(), "Siân"),
        // Inline images are stepped over.
        ("q BI /W 2 /H 1 /BPC 8 /CS /G ID \x01 EI \x02 EI Q ".to_string() + &line(72, 700, 12, "after"), "after"),
    ] {
        assert_eq!(text_of(&content), text, "{content}");
    }
}

#[test]
fn turned_text_is_read_along_its_line() {
    let content = "BT /F1 12 Tf 0 1 -1 0 100 300 Tm (Going) Tj 1 Ts ( up) Tj ET\n\
                   BT /F1 12 Tf -1 0 0 -1 400 500 Tm (upside down) Tj ET";
    assert_eq!(text_of(content), "Going up\n\nupside down");
    let turned = Pdf::new().page_with("/Rotate 90", "", line(72, 700, 12, "Jo Bell")).finish();
    assert_eq!(read(&turned, None).text, "Jo Bell");
}

#[test]
fn columns_are_read_one_after_the_other_whichever_way_they_are_drawn() {
    let left = [
        "Eleven years of work in",
        "local government finance and",
        "the closing of accounts for",
        "three directorates of the county",
        "with a budget of forty",
        "million pounds every single year",
    ];
    let right = [
        "Fluent in Welsh and in",
        "written Polish with a full",
        "driving licence and a van",
        "of my own since the",
        "summer of two thousand twelve",
        "when I moved to Hull",
    ];
    let expected = left.join(" ") + " " + &right.join(" ");
    let place = |column: usize, row: usize, text: &str| {
        line(if column == 0 { 60 } else { 320 }, 700 - 14 * i32::try_from(row).unwrap(), 11, text)
    };
    let mut across = String::new();
    let mut backwards = Vec::new();
    for row in 0..left.len() {
        across += &place(0, row, left[row]);
        across += &place(1, row, right[row]);
    }
    for (column, lines) in [left, right].iter().enumerate() {
        for (row, text) in lines.iter().enumerate() {
            backwards.insert(0, place(column, row, text));
        }
    }
    for content in [across, backwards.concat()] {
        let words: Vec<String> = text_of(&content).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words.join(" "), expected);
    }
}

#[test]
fn tables_are_read_row_by_row() {
    let mut content = String::new();
    for (row, cells) in [
        ["Employer", "From", "To"],
        ["Powys", "2012", "2019"],
        ["Dyfed", "2019", "2024"],
        ["Gwent", "2024", "now"],
    ]
    .iter()
    .enumerate()
    {
        for (column, text) in cells.iter().enumerate() {
            content += &line(
                60 + 150 * i32::try_from(column).unwrap(),
                700 - 20 * i32::try_from(row).unwrap(),
                11,
                text,
            );
        }
    }
    assert!(text_of(&content).starts_with("Employer\tFrom\tTo\n"));
    assert!(text_of(&content).contains("Powys\t2012\t2019"));
}

#[test]
fn fonts_say_their_letters_in_each_of_the_ways_that_they_can() {
    let map = "1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfchar <0001> <0175> <0002> <00660069> endbfchar 1 beginbfrange <0010> <0012> <0041> endbfrange";
    let mut pdf = Pdf::new();
    let map = pdf.stream("", map);
    let part = pdf.object("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 500 >>");
    let composite = pdf.object(format!("<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [{part} 0 R] /ToUnicode {map} 0 R >>"));
    let named = pdf.object("<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding << /Type /Encoding /Differences [65 /wcircumflex /Lslash /uni0177 /f_i /a.sc] >> >>");
    let symbol = pdf.object("<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>");
    let drawn = pdf.object("<< /Type /Font /Subtype /Type3 /FontBBox [0 0 10 10] /FontMatrix [0.1 0 0 0.1 0 0] /FirstChar 65 /LastChar 66 /Widths [6 6] /CharProcs << >> /Encoding << /Differences [65 /J /o] >> >>");
    let fonts = format!(
        "/Font << /F1 3 0 R /C {composite} 0 R /N {named} 0 R /S {symbol} 0 R /D {drawn} 0 R >>"
    );
    let content = pdf.stream("", "BT 14 TL 60 700 Td /C 12 Tf <000100020010> Tj T* /N 12 Tf (ABCDE) Tj T* /S 12 Tf (\\267a) Tj T* /D 12 Tf (AB) Tj T* /F1 12 Tf (caf\\351 \\222) Tj ET");
    let page = pdf.object(format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << {fonts} >> >>"));
    let bytes = String::from_utf8_lossy(&pdf.finish())
        .replace("/Kids [] /Count 0", &format!("/Kids [{page} 0 R] /Count 1"))
        .into_bytes();
    let document = read(&bytes, None);
    assert_eq!(document.text, "ŵfiA\nŵŁŷfia\n•α\nJo\ncafé ’");
}

#[test]
fn text_that_stands_for_glyphs_takes_their_place() {
    for (content, text) in [
        (
            "BT /F1 12 Tf 72 700 Td /Span << /ActualText (office) >> BDC (o\\256ce) Tj EMC ( work) Tj ET",
            "office work",
        ),
        ("/Span << /ActualText <FEFF0175> >> BDC BT /F1 12 Tf 72 700 Td (w) Tj ET EMC", "ŵ"),
        // An empty replacement does not remove words.
        ("/Span << /ActualText () >> BDC BT /F1 12 Tf 72 700 Td (kept) Tj ET EMC", "kept"),
    ] {
        assert_eq!(text_of(content), text);
    }
    // What the page shows and the replacement leaves out is kept apart.
    let content =
        "/Span << /ActualText (somebody) >> BDC BT /F1 12 Tf 72 700 Td (Jo Bell) Tj ET EMC";
    let document = read(&Pdf::new().page(content).finish(), None);
    assert_eq!(document.text, "somebody");
    assert_eq!(hidden(&document), [(HiddenPlace::AltText, "Jo Bell")]);
}

#[test]
fn forms_within_a_page_are_read_in_their_place() {
    let mut pdf = Pdf::new();
    let inner = pdf.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 300 50] /Resources << /Font << /F1 3 0 R >> >>",
        line(0, 10, 12, "inside"),
    );
    let bytes = pdf
        .page_with(
            "",
            &format!("/XObject << /X {inner} 0 R >>"),
            line(72, 700, 12, "before")
                + "q 1 0 0 1 72 670 cm /X Do Q\n"
                + &line(72, 650, 12, "after"),
        )
        .finish();
    assert_eq!(
        read(&bytes, None).text.split_whitespace().collect::<Vec<_>>(),
        ["before", "inside", "after"]
    );
}

#[test]
fn text_that_cannot_be_seen_is_reported_and_stays_to_be_redacted() {
    for (content, reason) in [
        (line(72, 700, 12, "Jo Bell") + "0 g 70 695 80 16 re f\n", "covered"),
        (
            "q 80 0 0 16 70 695 cm ".to_owned()
                + "Q "
                + &line(72, 700, 12, "Jo Bell")
                + "12 w 60 704 m 200 704 l S\n",
            "covered",
        ),
        ("1 g ".to_owned() + &line(72, 700, 12, "Jo Bell"), "colour of the background"),
        (
            "0.2 g 60 690 200 30 re f ".to_owned() + &line(72, 700, 12, "Jo Bell"),
            "colour of the background",
        ),
        ("BT /F1 12 Tf 3 Tr 72 700 Td (Jo Bell) Tj 0 Tr ET\n".to_owned(), "without ink"),
        (line(72, 700, 1, "Jo Bell"), "too small"),
        (line(900, 700, 12, "Jo Bell"), "outside"),
        ("q 0 0 50 50 re W n ".to_owned() + &line(72, 700, 12, "Jo Bell") + "Q\n", "outside"),
    ] {
        let content = content + "0 g " + &line(72, 500, 12, "seen");
        let document = read(&Pdf::new().page(&content).finish(), None);
        assert!(document.text.contains("Jo Bell") && document.text.contains("seen"), "{content}");
        let problem = document.problems.iter().find(|problem| problem.code == "concealed_text");
        let problem = problem.unwrap_or_else(|| panic!("not reported: {content}"));
        assert!(problem.message.contains(reason), "{}", problem.message);
        assert!(problem.message.contains("2 word(s) on page 1") && !problem.withholds);
    }
}

#[test]
fn letters_that_cannot_be_seen_do_not_break_up_words_that_can() {
    let content = "BT /F1 12 Tf 72 700 Td (My name is J) Tj 1 g (qq) Tj 0 g -16 0 Td ET \
                   BT /F1 12 Tf 139.4 700 Td (o Bell) Tj ET";
    let document = read(&Pdf::new().page(content).finish(), None);
    assert_eq!(document.text, "My name is Jo Bell\n\nqq");
    assert_eq!(codes(&document), ["concealed_text"]);
}

#[test]
fn text_that_can_be_seen_is_not_reported() {
    for content in [
        // White on dark, under a border, over a tint, under a see-through marker.
        "0 g 60 690 200 30 re f 1 g ".to_owned() + &line(72, 700, 12, "Jo Bell"),
        line(72, 700, 12, "Jo Bell") + "1 w 60 690 200 30 re S\n",
        "0.9 g 60 690 200 30 re f 0 g ".to_owned() + &line(72, 700, 12, "Jo Bell"),
        line(72, 700, 12, "Jo Bell") + "/G gs 1 1 0 rg 60 690 200 30 re f\n",
    ] {
        let gs = "/ExtGState << /G << /BM /Multiply >> >>";
        let document = read(&Pdf::new().page_with("", gs, &content).finish(), None);
        assert_eq!(document.text, "Jo Bell");
        assert_eq!(codes(&document), Vec::<&str>::new(), "{content}");
    }
}

#[test]
fn layers_that_are_switched_off_are_reported() {
    let mut pdf = Pdf::new();
    let layer = pdf.object("<< /Type /OCG /Name (draft) >>");
    let content = "/OC /L BDC ".to_owned()
        + &line(72, 700, 12, "Jo Bell")
        + "EMC "
        + &line(72, 600, 12, "seen");
    let pdf = pdf
        .catalog(&format!("/OCProperties << /OCGs [{layer} 0 R] /D << /OFF [{layer} 0 R] >> >>"));
    let document = read(
        &pdf.page_with("", &format!("/Properties << /L {layer} 0 R >>"), content).finish(),
        None,
    );
    assert_eq!(codes(&document), ["concealed_text"]);
    assert!(document.problems[0].message.contains("hidden layer"));
}

#[test]
fn form_values_stand_once_after_their_labels() {
    let mut pdf = Pdf::new();
    let look = pdf.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 3 0 R >> >>",
        line(2, 5, 12, "Jo"),
    );
    let parent = pdf.object("<< /T (person) /FT /Tx /V (Bell) >>");
    let widgets = [
        format!("<< /Subtype /Widget /FT /Tx /T (first) /V (Jo) /Rect [200 695 400 715] /AP << /N {look} 0 R >> >>"),
        format!("<< /Subtype /Widget /Parent {parent} 0 R /Rect [200 665 400 685] >>"),
        "<< /Subtype /Widget /FT /Ch /T (area) /V (w) /Opt [[(e) (East)] [(w) (West)]] /Rect [200 635 400 655] >>".to_owned(),
        "<< /Subtype /Widget /FT /Btn /T (car) /V /Yes /AS /Yes /Rect [60 605 72 617] /AP << /N << /Yes 3 0 R >> >> >>".to_owned(),
        "<< /Subtype /Widget /FT /Btn /T (van) /AS /Off /Rect [60 575 72 587] >>".to_owned(),
        "<< /Subtype /Widget /FT /Tx /T (secret) /V (unseen value) /F 2 /Rect [200 535 400 555] >>".to_owned(),
        "<< /Subtype /Widget /FT /Tx /T (lonely) /TU (Home town) /V (Hull) /Rect [450 100 550 120] >>".to_owned(),
    ];
    let numbers: Vec<String> =
        widgets.iter().map(|widget| format!("{} 0 R", pdf.object(widget.as_str()))).collect();
    let labels = line(60, 700, 12, "First name")
        + &line(60, 670, 12, "Last name")
        + &line(60, 640, 12, "Area")
        + &line(80, 606, 12, "I drive")
        + &line(80, 576, 12, "I fly");
    let numbers = numbers.join(" ");
    let form = format!("/AcroForm << /Fields [{numbers}] >>");
    let document = read(
        &pdf.catalog(&form).page_with(&format!("/Annots [{numbers}]"), "", labels).finish(),
        None,
    );
    let words: Vec<&str> = document.text.split('\n').filter(|line| !line.is_empty()).collect();
    assert_eq!(
        words,
        [
            "First name\tJo",
            "Last name\tBell",
            "Area\tWest",
            "[x] Yes\tI drive",
            "[ ]\tI fly",
            "Home town\tHull"
        ]
    );
    assert!(hidden(&document).contains(&(HiddenPlace::Concealed, "unseen value")));
}

#[test]
fn identity_outside_the_pages_is_found() {
    let mut pdf = Pdf::new();
    let packet = pdf.stream(
        "/Type /Metadata /Subtype /XML",
        "<x:xmpmeta><dc:creator><rdf:li>Jo B. Bell</rdf:li></dc:creator></x:xmpmeta>",
    );
    let attached = pdf.object("<< /Type /Filespec /F (jo-bell.docx) /EF << >> >>");
    let second = pdf.object("<< /Title (Work of Jo) >>");
    let first = pdf.object(format!("<< /Title (About) /Next {second} 0 R >>"));
    let figure = pdf.object("<< /S /Figure /Alt (Jo smiling) >>");
    let annotations = "/Annots [<< /Subtype /Link /Rect [0 0 1 1] /A << /S /URI /URI (mailto:jo@example.com) >> >> \
        << /Subtype /Text /Rect [0 0 1 1] /Contents (by Sam) /T (Sam Hill) >>]";
    let bytes = pdf
        .catalog(&format!("/Metadata {packet} 0 R /Outlines << /First {first} 0 R >> /Extra [{attached} 0 R {figure} 0 R]"))
        .info("/Title (CV of Jo Bell) /Author (Jo Bell) /Producer (Writer 7)")
        .page_with(annotations, "", line(72, 700, 12, "words"))
        .finish();
    let document = read(&bytes, None);
    let found = hidden(&document);
    for expected in [
        (HiddenPlace::Title, "CV of Jo Bell"),
        (HiddenPlace::Metadata, "Jo Bell"),
        (HiddenPlace::Metadata, "Jo B. Bell"),
        (HiddenPlace::Metadata, "Work of Jo"),
        (HiddenPlace::Metadata, "jo-bell.docx"),
        (HiddenPlace::AltText, "Jo smiling"),
        (HiddenPlace::Link, "mailto:jo@example.com"),
        (HiddenPlace::Comment, "by Sam"),
        (HiddenPlace::Comment, "Sam Hill"),
    ] {
        assert!(found.contains(&expected), "{expected:?} not in {found:?}");
    }
    assert!(!found.iter().any(|(_, text)| text.contains("Writer")));
    assert_eq!(codes(&document), ["attachments_left_out"]);
}

#[test]
fn every_word_has_its_page_and_box() {
    let bytes = Pdf::new().page(line(72, 700, 12, "one")).page(line(100, 500, 10, "two")).finish();
    let document = read(&bytes, None);
    assert_eq!(document.segments.len(), document.places.len());
    let characters: Vec<char> = document.text.chars().collect();
    let word = |number: usize| {
        characters[document.segments[number].text.clone()].iter().collect::<String>()
    };
    assert_eq!((word(0), word(1)), ("one".to_owned(), "two".to_owned()));
    let place = document.places[1];
    assert_eq!((place.page, place.left), (2, 10_000));
    assert!(place.bottom < 50_000 && place.top > 50_500 && place.right > 11_000);
}

#[test]
fn pages_of_pictures_are_withheld_with_a_plain_reason() {
    let mut pdf = Pdf::new();
    let image = pdf.stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", "x");
    let resources = format!("/XObject << /I {image} 0 R >>");
    let scan = "q 595 0 0 842 0 0 cm /I Do Q\n";
    let bytes = pdf
        .page(line(
            72,
            700,
            12,
            "A page of words that is long enough to be one, and then some more of them.",
        ))
        .page_with("", &resources, scan)
        .finish();
    let document = read(&bytes, None);
    assert!(document.is_withheld());
    assert_eq!(codes(&document), ["mostly_pictures"]);
    assert!(
        document.problems[0].message.contains("page 2")
            && document.problems[0].message.contains("ask the applicant")
    );
}

#[test]
fn recognised_words_over_a_scan_are_words() {
    let mut pdf = Pdf::new();
    let image = pdf.stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", "x");
    let words = "Jo Bell has worked as a clerk in Leeds for eleven years and speaks Welsh at home";
    let content =
        format!("q 595 0 0 842 0 0 cm /I Do Q BT 3 Tr /F1 12 Tf 72 700 Td ({words}) Tj ET");
    let document =
        read(&pdf.page_with("", &format!("/XObject << /I {image} 0 R >>"), content).finish(), None);
    assert_eq!(document.text, words);
    assert_eq!(codes(&document), ["recognised_text"]);
    assert!(!document.is_withheld());
    // Words printed over a picture are neither recognised nor concealed.
    let mut pdf = Pdf::new();
    let image = pdf.stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", "x");
    let content =
        format!("q 595 0 0 842 0 0 cm /I Do Q 1 g BT /F1 12 Tf 72 700 Td ({words}) Tj ET");
    let document =
        read(&pdf.page_with("", &format!("/XObject << /I {image} 0 R >>"), content).finish(), None);
    assert_eq!(codes(&document), Vec::<&str>::new());
}

#[test]
fn fonts_that_do_not_say_their_letters_withhold_the_document() {
    let mut pdf = Pdf::new();
    let part = pdf.object("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 500 >>");
    let font = pdf.object(format!("<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [{part} 0 R] >>"));
    let extra = pdf.object(format!("<< /F1 {font} 0 R >>"));
    let codes_of_glyphs = "0101".repeat(40);
    let bytes = pdf
        .page_with(
            &format!("/Resources << /Font {extra} 0 R >>"),
            "",
            format!("BT /F1 12 Tf 60 700 Td <{codes_of_glyphs}> Tj ET"),
        )
        .finish();
    let document = read(&bytes, None);
    assert!(document.is_withheld(), "{:?}", document.problems);
    assert!(
        document
            .problems
            .iter()
            .any(|problem| problem.code == "damaged_characters" && problem.withholds)
    );
}

#[test]
fn a_damaged_table_of_objects_is_made_again() {
    let bytes = Pdf::new().page(line(72, 700, 12, "Jo Bell")).finish();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let start = text.find("xref\n").unwrap();
    let whole = bytes.len();
    for (damaged, what) in [
        (bytes[..start].to_vec(), "cut off"),
        (bytes[..whole - 40].to_vec(), "without its end"),
        ([b"%some bytes in front\n".as_slice(), &bytes].concat(), "with bytes in front"),
    ] {
        let document = read(&damaged, None);
        assert_eq!(document.text, "Jo Bell", "{what}");
        assert!(!document.is_withheld(), "{what}: {:?}", document.problems);
    }
}

#[test]
fn files_that_hold_nothing_readable_are_withheld_with_advice() {
    for bytes in
        [&b"%PDF-1.7\n..."[..], b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", b"%PDF-"]
    {
        let document = read(bytes, None);
        assert!(document.is_withheld());
        assert!(document.text.is_empty());
        assert!(document.problems[0].message.contains("ask the applicant"));
    }
    let empty = read(&Pdf::new().page("").finish(), None);
    assert_eq!(codes(&empty), ["empty"]);
}

#[test]
fn hostile_files_are_answered() {
    let nested = |open: &str, close: &str, times: usize| open.repeat(times) + &close.repeat(times);
    let mut loops = Pdf::new();
    let form = loops.object("placeholder");
    let page_loop = String::from_utf8_lossy(&Pdf::new().page("").finish())
        .replace("/Kids [", "/Kids [2 0 R 2 0 R ");
    let mut bomb = Pdf::new();
    let many = bomb.stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "/X Do ".repeat(1000));
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("arrays within arrays", Pdf::new().catalog(&format!("/A {}", nested("[", "]", 50_000))).page(line(9, 9, 9, "x")).finish()),
        ("dictionaries within dictionaries", Pdf::new().catalog(&format!("/A {}", nested("<< /A ", ">>", 50_000))).page("").finish()),
        ("deep content", Pdf::new().page(nested("[", "]", 100_000)).finish()),
        ("states without end", Pdf::new().page("q ".repeat(200_000)).finish()),
        ("marks without end", Pdf::new().page("/A BMC ".repeat(200_000)).finish()),
        ("a loop of pages", page_loop.into_bytes()),
        ("a form that draws itself", loops.page_with("", &format!("/XObject << /X {form} 0 R >>"), "/X Do").finish()),
        ("forms that multiply", bomb.page_with("", &format!("/XObject << /X {many} 0 R >>"), "/X Do ".repeat(1000)).finish()),
        ("huge numbers", Pdf::new().page("99999999999999999999 0 0 9e99 -9999999999 1 cm BT /F1 1e30 Tf 99999999999 -99999999999 Td (x) Tj ET").finish()),
        ("an endless string", Pdf::new().page("BT /F1 12 Tf (aaaa").finish()),
        ("a parent of itself", Pdf::new().page_with("/Annots [<< /Subtype /Widget /FT /Tx /V (v) /Rect [0 0 9 9] /Parent 6 0 R >>]", "", "").finish()),
        ("bookmarks in a ring", Pdf::new().catalog("/Outlines << /First 1 0 R >> /Next 1 0 R /First 1 0 R /Title (ring)").page("").finish()),
    ];
    for (what, bytes) in cases {
        let document = read(&bytes, None);
        assert!(document.text.len() < 1_000_000, "{what}");
    }
}

#[test]
fn a_bomb_is_withheld_and_not_unpacked() {
    let mut zeros = flate(&vec![b' '; 80 * 1024 * 1024]);
    let mut pdf = Pdf::new();
    let content = pdf.stream("/Filter /FlateDecode", &zeros);
    zeros.clear();
    let page = pdf.object(format!("<< /Type /Page /Parent 2 0 R /Contents {content} 0 R >>"));
    let bytes = pdf.finish();
    let place = bytes.windows(18).position(|part| part == b"/Kids [] /Count 0 ").unwrap();
    let mut bytes = bytes;
    // The list of pages has room for one: names of the same length keep the table of objects right.
    bytes.splice(place..place + 18, format!("/Kids [{page} 0 R] /C ").bytes());
    let document = read(&bytes, None);
    assert!(document.is_withheld());
    assert!(codes(&document).contains(&"too_complex"), "{:?}", document.problems);
}

/// Bytes as a compressor packs them.
fn flate(content: &[u8]) -> Vec<u8> {
    let mut stream = lopdf::Stream::new(lopdf::Dictionary::new(), content.to_vec());
    stream.compress().unwrap();
    stream.content
}

#[test]
fn files_of_far_too_many_objects_are_withheld_and_not_opened() {
    let document = read(
        &Pdf::new().catalog(&format!("/A [{}]", "0 ".repeat(2_000_000))).page("").finish(),
        None,
    );
    assert_eq!(codes(&document), ["too_complex"]);
}

#[test]
fn more_pages_than_the_limit_are_not_read() {
    let mut pdf = Pdf::new();
    for _ in 0..305 {
        pdf = pdf.page(line(72, 700, 12, "page"));
    }
    let document = read(&pdf.finish(), None);
    assert!(document.is_withheld());
    assert!(codes(&document).contains(&"too_many_pages"));
    assert_eq!(document.text.split_whitespace().count(), 300);
}

/// A small generator of numbers, the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

#[test]
fn damaged_files_are_always_answered() {
    let mut seeds: Vec<Vec<u8>> = vec![
        Pdf::new()
            .info("/Author (Jo)")
            .page(line(72, 700, 12, "Jo Bell") + "q 1 0 0 1 5 5 cm /X Do Q")
            .finish(),
        Pdf::new()
            .page_with(
                "/Annots [<< /Subtype /Widget /FT /Tx /V (v) /Rect [0 0 9 9] >>]",
                "",
                "BT /F1 9 Tf [(a) 3 (b)] TJ ET",
            )
            .finish(),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pdf");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "pdf"))
        .collect();
    files.sort();
    seeds.extend(files.iter().map(|path| fs::read(path).unwrap()));
    let mut numbers = Numbers(0x5eed_1234_abcd);
    for round in 0..400 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=numbers.below(12) {
            let at = numbers.below(bytes.len());
            match numbers.below(6) {
                0 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
                1 => bytes[at] ^= 1 << numbers.below(8),
                2 => {
                    let to = (at + numbers.below(200)).min(bytes.len());
                    bytes.drain(at..to);
                }
                3 => {
                    let to = (at + numbers.below(200)).min(bytes.len());
                    let part = bytes[at..to].to_vec();
                    let into = numbers.below(bytes.len());
                    bytes.splice(into..into, part);
                }
                4 => {
                    let words: [&[u8]; 8] =
                        [b"<<", b">>", b" 0 R", b"endobj", b"stream", b"99999999999", b"[", b"-1"];
                    bytes.splice(at..at, words[numbers.below(8)].iter().copied());
                }
                _ => bytes.truncate(at.max(10)),
            }
            if bytes.is_empty() {
                bytes.push(b'%');
            }
        }
        let document = read(&bytes, Some("application/pdf"));
        let characters = document.text.chars().count();
        assert!(document.segments.iter().all(|segment| segment.text.end <= characters));
        assert!(!document.text.trim().is_empty() || document.is_withheld(), "round {round}");
    }
}

#[test]
fn files_of_other_producers_are_read_whole_and_in_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pdf");
    let mut read_any = false;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "pdf") {
            continue;
        }
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap();
        let document = read(&fs::read(&path).unwrap(), None);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&document.text), words(&expected), "{}", path.display());
        assert!(!document.is_withheld());
        read_any = true;
    }
    assert!(read_any);
}
