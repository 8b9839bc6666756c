//! Tables of PDFs whose cells are parted by drawn lines, however those are drawn and however the words wrap.

#![allow(clippy::unwrap_used, clippy::panic)]

mod pdf_support;

use evenhand::document::read;
use pdf_support::{Pdf, line};

fn text_of(content: &str) -> String {
    read(&Pdf::new().page(content).finish(), None).text
}

const COLUMNS: [i32; 4] = [60, 160, 240, 540];
const ROWS: [i32; 4] = [740, 720, 670, 620];

/// The words of a table, drawn cell by cell.
fn words() -> String {
    let cell = |x: i32, top: i32, words: &[&str]| -> String {
        (0..).zip(words).map(|(number, words)| line(x, top - 14 * number, 12, words)).collect()
    };
    cell(64, 726, &["Employer"])
        + &cell(164, 726, &["Dates"])
        + &cell(244, 726, &["Duties"])
        + &cell(64, 706, &["Northvale", "County Council"])
        + &cell(164, 706, &["2019 to", "now"])
        + &cell(
            244,
            706,
            &[
                "Lead on enquiries for the western locality and also",
                "Duty manager one week in four",
            ],
        )
        + &cell(64, 656, &["Brightwater"])
        + &cell(
            244,
            656,
            &["Keyworker for eight tenants, first aider and fire war-", "den; rota of staff"],
        )
}

const READ: &str = "Employer\tDates\tDuties\n\
    Northvale County Council\t2019 to now\tLead on enquiries for the western locality and also Duty manager one week in four\n\
    Brightwater\t\tKeyworker for eight tenants, first aider and fire war-den; rota of staff";

/// Lines from end to end.
fn ruled() -> String {
    let (left, right, top, bottom) = (COLUMNS[0], COLUMNS[3], ROWS[0], ROWS[3]);
    let level = ROWS.iter().map(|y| format!("{left} {y} m {right} {y} l S\n"));
    let upright = COLUMNS.iter().map(|x| format!("{x} {top} m {x} {bottom} l S\n"));
    level.chain(upright).collect()
}

/// For each cell, what `draw` makes of left, bottom, width and height.
fn by_cell(draw: impl Fn(i32, i32, i32, i32) -> String) -> String {
    let mut drawn = String::new();
    for rows in ROWS.windows(2) {
        for columns in COLUMNS.windows(2) {
            drawn += &draw(columns[0], rows[1], columns[1] - columns[0], rows[0] - rows[1]);
        }
    }
    drawn
}

#[test]
fn cells_that_wrap_are_one_row_however_their_lines_are_drawn() {
    let (left, right) = (COLUMNS[0], COLUMNS[3]);
    let open_sides: String = ROWS
        .iter()
        .map(|y| format!("{left} {y} m {right} {y} l S\n"))
        .chain(COLUMNS[1..3].iter().map(|x| format!("{x} 740 m {x} 620 l S\n")))
        .collect();
    for (name, drawn) in [
        ("lines", ruled()),
        ("boxes", by_cell(|x, y, width, height| format!("{x} {y} {width} {height} re S\n"))),
        (
            "outlines",
            by_cell(|x, y, width, height| {
                let (right, top) = (x + width, y + height);
                format!("{x} {y} m {right} {y} l {right} {top} l {x} {top} l s\n")
            }),
        ),
        (
            "thin fills",
            by_cell(|x, y, width, height| {
                let top = y + height;
                format!(
                    "{x} {y} {width} 0.5 re f {x} {top} {width} 0.5 re f {x} {y} 0.5 {height} re f {} {y} 0.5 {height} re f\n",
                    x + width
                )
            }),
        ),
        (
            "frames",
            by_cell(|x, y, width, height| {
                let (inner, higher) = (width - 2, height - 2);
                format!("{x} {y} {width} {height} re {} {} {inner} {higher} re f*\n", x + 1, y + 1)
            }),
        ),
        ("open sides", open_sides),
    ] {
        assert_eq!(text_of(&format!("{drawn}{}", words())), READ, "{name}");
        assert_eq!(text_of(&format!("{}{drawn}", words())), READ, "{name}, drawn last");
    }
}

#[test]
fn what_stands_around_a_table_stays_around_it() {
    let content = line(60, 780, 12, "Employment so far")
        + &words()
        + &ruled()
        + &line(60, 590, 12, "I can start in May.");
    assert_eq!(text_of(&content), format!("Employment so far\n\n{READ}\n\nI can start in May."));
}

#[test]
fn a_last_cell_keeps_the_lines_of_its_writer() {
    let grid = "60 740 m 540 740 l S 60 720 m 540 720 l S 60 660 m 540 660 l S\n\
                60 740 m 60 660 l S 160 740 m 160 660 l S 540 740 m 540 660 l S\n";
    let content = line(64, 726, 12, "Name")
        + &line(164, 726, 12, "Ffion Haf")
        + &line(64, 706, 12, "Address")
        + &line(164, 706, 12, "14 Mill Lane")
        + &line(164, 692, 12, "Northvale")
        + grid;
    assert_eq!(text_of(&content), "Name\tFfion Haf\nAddress\t14 Mill Lane\nNorthvale");
}

#[test]
fn a_word_that_was_parted_in_a_cell_is_whole_if_the_document_says_so() {
    let content = words().replace("rota of staff", "warden") + &ruled();
    assert!(
        text_of(&content).contains("first aider and fire warden; warden"),
        "{}",
        text_of(&content)
    );
    let name = words().replace("Northvale", "Ffion Llyr-").replace("County Council", "Jones");
    assert!(text_of(&(name + &ruled())).contains("Ffion Llyr-Jones\t2019 to now"));
}

#[test]
fn a_cell_that_covers_two_rows_leaves_its_column_to_itself() {
    let grid = "60 740 m 540 740 l S 60 720 m 540 720 l S 160 700 m 540 700 l S 60 680 m 540 680 l S\n\
                60 740 m 60 680 l S 160 740 m 160 680 l S 300 740 m 300 680 l S 540 740 m 540 680 l S\n";
    let content = line(64, 726, 12, "Employer")
        + &line(164, 726, 12, "Post")
        + &line(304, 726, 12, "Years")
        + &line(64, 706, 12, "Northvale")
        + &line(164, 706, 12, "Lead")
        + &line(304, 706, 12, "2019")
        + &line(164, 686, 12, "Clerk")
        + &line(304, 686, 12, "2014")
        + grid;
    let text = text_of(&content);
    assert_eq!(text, "Employer\tPost\tYears\nNorthvale\tLead\t2019\n\tClerk\t2014");
    let blocks = evenhand::document::structure::blocks(&text);
    let [evenhand::typeset::Block::Table(table)] = blocks.as_slice() else { panic!("{blocks:?}") };
    let last: Vec<usize> = table.rows[1].iter().map(Vec::len).collect();
    assert_eq!(last, [0, 1, 1], "{blocks:?}");
}

#[test]
fn lines_that_arrange_a_page_make_no_table() {
    // Two columns of prose between lines: read down, one after the other.
    let column = |x: i32, first: &str| -> String {
        (0..30)
            .map(|number| {
                line(x, 700 - 14 * number, 10, &format!("{first} line {number} of a column"))
            })
            .collect()
    };
    let grid = "40 720 m 560 720 l S 40 480 m 560 480 l S 40 260 m 560 260 l S\n\
                40 720 m 40 260 l S 300 720 m 300 260 l S 560 720 m 560 260 l S\n";
    let text = text_of(&(column(50, "Left") + &column(310, "Right") + grid));
    assert!(!text.contains('\t'), "{text}");
    assert!(text.find("Left line 29").unwrap() < text.find("Right line 0").unwrap(), "{text}");
}
