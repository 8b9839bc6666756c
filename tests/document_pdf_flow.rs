//! What PDFs say as a person reads on: sentences over columns and pages, parted words, scripts that run to the left,
//! headings that are drawn late.

#![allow(clippy::unwrap_used, clippy::panic)]

mod pdf_support;

use evenhand::document::read;
use pdf_support::{Pdf, line};

fn text_of(content: &str) -> String {
    read(&Pdf::new().page(content).finish(), None).text
}

/// Lines below each other.
fn lines(x: i32, top: i32, words: &[&str]) -> String {
    (0..).zip(words).map(|(number, words)| line(x, top - 14 * number, 12, words)).collect()
}

const BODY: [&str; 8] = [
    "I lead a team of eleven social workers in a busy office",
    "and answer for the quality of every assessment they make",
    "with a budget of forty million pounds in every single year",
    "for the people who live in the western half of the county",
    "where I have worked since the summer of two thousand twelve",
    "and where I chair the weekly panel that decides on requests",
    "for residential care and for direct payments to families of",
    "adults who would like to stay in the house in which they are",
];

#[test]
fn a_sentence_that_runs_over_the_page_is_not_cut_by_what_pages_repeat() {
    let page = |number: i32, first: &str, rest: &[&str]| {
        let words = [&[first][..], rest].concat();
        line(72, 800, 10, "Application 5521 in confidence")
            + &lines(72, 740, &words)
            + &line(72, 40, 10, &format!("Page {number} of 2"))
    };
    let file = Pdf::new()
        .page(page(1, "Since the autumn of the year before last", &BODY[1..]))
        .page(page(2, "born and know, with help from a neighbour", &BODY[..7]))
        .finish();
    let text = read(&file, None).text;
    assert!(text.starts_with("Application 5521 in confidence\n\nSince the autumn"), "{text}");
    assert!(text.contains("in which they are\nborn and know"), "{text}");
    assert!(
        text.ends_with("\n\nPage 1 of 2\nApplication 5521 in confidence\nPage 2 of 2"),
        "{text}"
    );
}

#[test]
fn pages_that_say_the_same_keep_their_lines() {
    let page = lines(72, 740, &BODY) + &line(72, 500, 12, "Signed with care");
    let text = read(&Pdf::new().page(&page).page(&page).finish(), None).text;
    assert_eq!(text.matches("in which they are\n\nSigned with care").count(), 2, "{text}");
}

#[test]
fn a_sentence_that_runs_over_a_column_goes_on() {
    let content =
        lines(40, 740, &["I have led a team of nine people", "and answered for the budget of all"])
            + &lines(
                320,
                740,
                &["the day centres of the county since", "the reform. They are open all week."],
            );
    assert_eq!(
        text_of(&content),
        "I have led a team of nine people\nand answered for the budget of all\nthe day centres of the county since\n\
         the reform. They are open all week."
    );
}

#[test]
fn words_that_a_program_parted_are_joined_and_double_names_are_not() {
    let content = lines(
        72,
        740,
        &[
            "I have eleven years of expe-",
            "rience in adult safeguard-",
            "ing and in hospital dis-",
            "charge, with Siân Llyr-",
            "Jones and on self-",
            "neglect in every team.",
        ],
    );
    assert_eq!(
        text_of(&content.replace("Siân", "Sian")),
        "I have eleven years of experience\nin adult safeguarding\nand in hospital discharge,\nwith Sian Llyr-\nJones and on self-\n\
         neglect in every team."
    );
}

/// A font whose letters A to Z are the Hebrew letters, and a to z themselves.
fn hebrew() -> (Pdf, usize) {
    let mut pdf = Pdf::new();
    let names: String = (0x5d0..0x5ea).map(|letter| format!(" /uni{letter:04X}")).collect();
    let font = pdf.object(format!(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /BaseEncoding /WinAnsiEncoding \
         /Differences [65{names}] >> >>"
    ));
    (pdf, font)
}

#[test]
fn words_that_run_to_the_left_are_read_so_whichever_way_they_are_drawn() {
    // As they stand on the page from left to right: D C, then B A.
    let visual = "BT /F1 12 Tf 72 700 Td (DC BA) Tj ET";
    // The same drawn letter by letter from the right.
    let width = 8.0;
    let mut leftwards = String::new();
    for (place, letter) in (0_i32..).zip(["A", "B", " ", "C", "D"]) {
        let x = 120.0 - width * f64::from(place);
        leftwards.push_str(&format!("BT /F2 12 Tf {x} 700 Td ({letter}) Tj ET\n"));
    }
    for (content, said) in [
        (visual.replace("F1", "F2"), "אב גד".to_owned()),
        (leftwards, "אב גד".to_owned()),
        (
            "BT /F2 12 Tf 72 700 Td (name: DC BA, known 2019) Tj ET".to_owned(),
            "name: אב גד, known 2019".to_owned(),
        ),
    ] {
        let (mut pdf, font) = hebrew();
        let form = pdf.stream(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F2 {font} 0 R >> >>"
            ),
            &content,
        );
        let file = pdf.page_with("", &format!("/XObject << /X {form} 0 R >>"), "/X Do").finish();
        assert_eq!(read(&file, None).text, said, "{content}");
    }
}

#[test]
fn a_heading_that_is_drawn_after_its_words_stands_over_them() {
    let content = lines(200, 640, &BODY[..4])
        + &lines(40, 640, &["14 Mill Lane", "Northvale"])
        + &line(200, 780, 20, "Curriculum vitae")
        + &line(40, 670, 12, "Contact")
        + &line(200, 664, 12, "Profile");
    let text = text_of(&content);
    assert!(text.starts_with("Curriculum vitae\n\nProfile\n\nI lead a team"), "{text}");
    assert!(text.ends_with("Contact\n\n14 Mill Lane\nNorthvale"), "{text}");
}

#[test]
fn a_foot_that_is_drawn_first_stays_and_the_page_follows_it() {
    let content = line(72, 40, 10, "Page one of the application of a person for the post of lead")
        + &lines(72, 740, &BODY);
    let text = text_of(&content);
    assert!(text.ends_with("in which they are"), "{text}");
}

#[test]
fn one_word_that_is_spaced_out_among_others_is_a_word() {
    let content = "BT /F1 12 Tf 72 700 Td (Referees are available ) Tj 4 Tc (ON REQUEST) Tj ET";
    assert_eq!(text_of(content), "Referees are available ON REQUEST");
}

#[test]
fn the_last_cell_of_a_row_goes_on_below_itself() {
    let content = line(72, 714, 12, "Question")
        + &line(200, 714, 12, "Answer")
        + &line(72, 700, 12, "Duties")
        + &line(200, 700, 12, "I paid the bills of some hundred firms and")
        + &line(200, 686, 12, "kept the ledgers of two councils")
        + &line(72, 672, 12, "Town")
        + &line(200, 672, 12, "Leeds in the north")
        + &line(200, 658, 12, "Yorkshire");
    assert_eq!(
        text_of(&content),
        "Question\tAnswer\nDuties\tI paid the bills of some hundred firms and kept the ledgers of two councils\n\
         Town\tLeeds in the north\nYorkshire"
    );
}

#[test]
fn bitmap_fonts_of_tex_have_dashes_and_ligatures_of_their_own_encoding() {
    let mut pdf = Pdf::new();
    let font = pdf.object(
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 21 /LastChar 28 \
         /Widths [6 0 0 0 0 0 0 6] /CharProcs << >> /Encoding << /Differences [21 /a21 28 /a28 97 /a97 /a98] >> >>",
    );
    let form = pdf.stream(
        &format!("/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F2 {font} 0 R >> >>"),
        "BT /F2 1 Tf 72 700 Td <15> Tj 12 0 Td <1c> Tj ET",
    );
    let file = pdf.page_with("", &format!("/XObject << /X {form} 0 R >>"), "/X Do").finish();
    let text = read(&file, None).text;
    assert!(text.contains('–') && text.contains("fi"), "{text}");
}

#[test]
fn a_frame_around_words_does_not_cover_them() {
    let words = line(72, 700, 12, "words in a box");
    for frame in [
        "60 690 200 30 re 62 692 196 26 re f*",
        "60 690 200 30 re 62 718 196 -26 re f",
        "60 690 m 260 690 l 260 720 l 60 720 l h 62 692 m 258 692 l 258 718 l 62 718 l h f*",
    ] {
        for content in [format!("{frame}\n{words}"), format!("{words}{frame}\n")] {
            let document = read(&Pdf::new().page(&content).finish(), None);
            assert_eq!(document.text, "words in a box");
            assert!(document.problems.is_empty(), "{frame}: {:?}", document.problems);
        }
    }
    let covered = read(&Pdf::new().page(format!("{words}60 690 200 30 re f*\n")).finish(), None);
    assert_eq!(covered.problems[0].code, "concealed_text");
}

#[test]
fn a_hyphen_that_the_next_letter_covers_is_not_read() {
    let text = "BT /F1 12 Tf 72 700 Td [(diffi) 0 (-) 333 (cult, and co-opted)] TJ ET\n";
    assert_eq!(text_of(text), "difficult, and co-opted");
}

#[test]
fn widely_set_lines_are_one_paragraph_where_sentences_go_on() {
    let widely = |top: i32, words: &[&str]| -> String {
        (0..).zip(words).map(|(number, words)| line(72, top - 22 * number, 12, words)).collect()
    };
    let content = lines(72, 740, &BODY)
        + &widely(
            600,
            &["Before that I flew a desk in the", "office of a small firm for", "nine years. Then"],
        )
        + &widely(500, &["Skills", "audit of accounts"]);
    let text = text_of(&content);
    assert!(
        text.contains(
            "\n\nBefore that I flew a desk in the\noffice of a small firm for\nnine years."
        ),
        "{text}"
    );
    assert!(text.ends_with("\n\nSkills\n\naudit of accounts"), "{text}");
}

#[test]
fn the_mark_of_a_note_is_no_part_of_its_first_word() {
    let note = "BT /F1 6 Tf 72 704 Td (1) Tj ET\nBT /F1 12 Tf 75.4 700 Td (Each quarter, m) Tj ET\n\
                BT /F1 6 Tf 157 704 Td (2) Tj ET\n";
    assert_eq!(text_of(note), "1 Each quarter, m2");
}

#[test]
fn bullets_that_are_drawn_as_shapes_stand_before_their_lines() {
    let disc = |x: f64, y: f64| {
        let (left, right, top) = (x, x + 3.0, y + 3.0);
        format!(
            "{left} {y} m {right} {y} {right} {top} {right} {top} c {left} {top} {left} {y} {left} {y} c f\n"
        )
    };
    let content = disc(60.0, 702.5)
        + &line(70, 700, 12, "Lead seven officers")
        + "60 682.5 3 3 re f\n"
        + &line(70, 680, 12, "Agree the monthly claim")
        // A full stop's height, too far off, and in the middle of a line.
        + &disc(60.0, 660.0)
        + &line(70, 660, 12, "No item")
        + &disc(20.0, 642.5)
        + &line(70, 640, 12, "Nor this");
    assert_eq!(
        text_of(&content).split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>(),
        ["• Lead seven officers", "• Agree the monthly claim", "No item", "Nor this"]
    );
}
