//! Tables as organisations have them: text of every encoding and separator, workbooks with dates, formulas and merged
//! cells, events beside applications, and files that somebody made to do harm.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use evenhand::intake::tabular::{
    Mapping, Tabulated, read_applications, read_applications_with_events, read_counts, read_events,
};
use evenhand::rulebook::Rulebook;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::{SimpleFileOptions, ZipWriter};

fn rules() -> Rulebook {
    Rulebook::built_in().unwrap()
}

fn read(bytes: &[u8]) -> Result<Tabulated, String> {
    read_applications(bytes, &Mapping::usual().unwrap(), &rules()).map_err(|e| e.to_string())
}

/// People at each stage by characteristic and category: entered the stage, went on, turned down, withdrew.
fn cells(table: &Tabulated) -> BTreeMap<String, (i64, i64, i64, i64)> {
    let mut cells = BTreeMap::new();
    for (characteristic, category, stage, vacancy, tally) in table.cells() {
        let name = format!("{vacancy} {characteristic} {category} {stage}");
        let counts = (tally.reached, tally.progressed, tally.unsuccessful, tally.withdrawn);
        cells.insert(name, counts);
    }
    cells
}

const TABLE: &str = "Application ID;Job ref;Gender;Ethnic origin;Status;Withdrew
A1;V1;Female;White \u{2013} British;Appointed;No
A2;V1;Male;White \u{2013} British;Applied;No
A3;V1;Female;Other: Cura\u{e7}ao;Applied;Yes
";

#[test]
fn every_encoding_separator_and_line_end_gives_the_same_counts() {
    let expected = cells(&read(TABLE.as_bytes()).unwrap());
    assert_eq!(expected["V1 sex female received"], (2, 1, 0, 1));
    assert_eq!(expected["V1 ethnic_group white_british received"], (2, 1, 1, 0));
    let utf16 = |bytes: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        mark.into_iter().chain(TABLE.encode_utf16()).flat_map(bytes).collect()
    };
    let windows = encoding_rs::WINDOWS_1252.encode(TABLE).0.into_owned();
    assert!(std::str::from_utf8(&windows).is_err());
    for (name, bytes) in [
        ("commas", TABLE.replace(';', ",").into_bytes()),
        ("tabs", TABLE.replace(';', "\t").into_bytes()),
        ("bars", TABLE.replace(';', "|").into_bytes()),
        ("a mark", format!("\u{feff}{TABLE}").into_bytes()),
        ("a named separator", format!("sep=;\r\n{TABLE}").into_bytes()),
        ("carriage returns and line feeds", TABLE.replace('\n', "\r\n").into_bytes()),
        ("carriage returns alone", TABLE.replace('\n', "\r").into_bytes()),
        (
            "quotes",
            TABLE.replace("White \u{2013} British", "\"White \u{2013} British\"").into_bytes(),
        ),
        (
            "a title, a date and an empty line above",
            format!("Applications, by characteristic\nRun on: 3 April 2026, 09:12;;;\n\n{TABLE}")
                .into_bytes(),
        ),
        (
            "a title above commas",
            format!("Shortlisting; final, April 2026\n{}", TABLE.replace(';', ",")).into_bytes(),
        ),
        ("empty lines", TABLE.replace('\n', "\n\n;;;;;\n").into_bytes()),
        ("UTF-16, little end first", utf16(u16::to_le_bytes, true)),
        ("UTF-16, big end first", utf16(u16::to_be_bytes, true)),
        ("UTF-16 without a mark", utf16(u16::to_le_bytes, false)),
        ("Windows-1252", windows),
    ] {
        let table = read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(cells(&table), expected, "{name}");
        assert_eq!((table.rows, table.left_out), (3, 0), "{name}");
        let ethnic = table.characteristics.iter().find(|c| c.id.as_str() == "ethnic_group");
        let unknown = &ethnic.unwrap().unknown_labels;
        assert_eq!(unknown, &[("Other: Cura\u{e7}ao".to_owned(), 1)], "{name}");
    }
}

/// More than a block, so that several threads work on it.
fn large(rows: usize) -> String {
    let mut table = String::from("application_id,vacancy_id,sex,ethnic_group,furthest_stage\n");
    for row in 0..rows {
        let sex = ["Female", "Male", "Prefer not to say"][row % 3];
        let ethnic = ["Indian", "\"White, British\"", "Klingon"][row / 7 % 3];
        let stage = ["received", "shortlisted", "appointed", "Beamed up"][row / 5 % 4];
        let _ = writeln!(table, "A{},V{},{sex},{ethnic},{stage}", row % 90_000, row % 90_000 % 401);
    }
    table
}

#[test]
fn threads_change_neither_counts_nor_order_nor_what_is_said_of_wrong_rows() {
    let text = large(100_000);
    let whole = read(text.as_bytes()).unwrap();
    // A sheet of the same rows is counted by one thread, in one piece.
    let mut expected = BTreeMap::new();
    let mut seen = std::collections::HashSet::new();
    let (mut left_out, mut first) = (0, Vec::new());
    for (line, row) in text.lines().enumerate().skip(1) {
        let place = line - 1;
        let stage = ["received", "shortlisted", "appointed", "Beamed up"][place / 5 % 4];
        let id = row.split(',').next().unwrap();
        if stage == "Beamed up" || !seen.insert(id.to_owned()) {
            left_out += 1;
            first.push(line as u64 + 1);
            continue;
        }
        let sex = ["female", "male", "prefer_not_to_say"][place % 3];
        *expected.entry(format!("V{} sex {sex} received", place % 90_000 % 401)).or_insert(0) += 1;
    }
    assert_eq!((whole.rows, whole.left_out), (100_000, left_out));
    let found = cells(&whole);
    for (name, count) in expected {
        assert_eq!(found[&name].0, count, "{name}");
    }
    let names: Vec<String> = (0..401).map(|number| format!("V{number}")).collect();
    let order: Vec<&String> = whole.strata.iter().collect();
    // The first fifteen rows put fifteen vacancies first, the next five are wrong, and so on.
    assert_eq!(&order[..15], &names.iter().take(15).collect::<Vec<_>>()[..]);
    assert_eq!(order[15], "V20");
    let lines: Vec<u64> = whole.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, first[..lines.len()]);
    let ethnic = &whole.characteristics.iter().find(|c| c.id.as_str() == "ethnic_group").unwrap();
    assert_eq!(ethnic.unknown_labels.len(), 1);
}

#[test]
fn rows_whose_values_are_not_where_they_seem_to_be_are_left_out() {
    let text = "application_id,vacancy_id,sex,furthest_stage\nA1,V1,Female,received\n\
                A2,V1,Female,received,surplus\nA3,V1,Male,received,,\nA4,V1,\"Male,received\nA5,#N/A,Male,received\n";
    let table = read(text.as_bytes()).unwrap();
    let problems: Vec<String> = table.problems.iter().map(ToString::to_string).collect();
    assert_eq!((table.rows, table.left_out), (5, 3), "{problems:?}");
    assert!(problems[0].starts_with("line 3, column 'furthest_stage': the row has 5 values"));
    assert!(problems[1].starts_with("line 5, column 'application_id': starts with a quote"));
    assert!(
        problems[2].starts_with("line 6, column 'vacancy_id': holds the spreadsheet's error #N/A")
    );
}

#[test]
fn files_that_are_no_table_are_refused_with_advice() {
    let many: String = (0..60_000).fold("vacancy_id,sex,stage\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "Job {row},Male,received");
        text
    });
    for (bytes, part) in [
        (&b""[..], "no header"),
        (b"\n\n", "no header"),
        (b"%PDF-1.7 ...", "is a PDF; save it as a workbook (.xlsx) or as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or a protected workbook"),
        (b"PK\x03\x04 but no more", "save it again as .xlsx, or as CSV"),
        (b"vacancy_id,sex\nV1,Male\n", "no column for furthest_stage"),
        (many.as_bytes(), "'vacancy_id' has too many different values"),
    ] {
        let error = read(bytes).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_with_its_title_dates_numbers_formulas_and_merged_cells() {
    let bytes = workbook(|workbook| {
        workbook.add_worksheet().set_name("Notes").unwrap().write(0, 0, "Read me").unwrap();
        let sheet = workbook.add_worksheet().set_name("Recruitment 2026").unwrap();
        sheet.merge_range(0, 0, 0, 5, "All applications", &Format::new()).unwrap();
        let header = ["Application ID", "Job ref", "Gender", "Age", "Status", "Withdrawn"];
        sheet.write_row(2, 0, header).unwrap();
        let date = Format::new().set_num_format("dd/mm/yyyy");
        for row in 0..6_u32 {
            let at = row + 3;
            sheet.write(at, 0, f64::from(row + 1)).unwrap();
            sheet.write(at, 2, ["Female", "Male"][row as usize % 2]).unwrap();
            sheet.write(at, 3, f64::from(30 + row)).unwrap();
            let passed = Formula::new("=IF(A4>1,\"x\",\"y\")").set_result("Shortlisted");
            sheet.write_formula(at, 4, passed).unwrap();
            sheet.write(at, 5, row == 5).unwrap();
        }
        // A vacancy as a number over three rows, one as a date, one that could not be computed.
        sheet.merge_range(3, 1, 5, 1, "", &Format::new()).unwrap();
        sheet.write(3, 1, 1001.0).unwrap();
        let day = ExcelDateTime::from_ymd(2026, 3, 1).unwrap();
        sheet.write_datetime_with_format(6, 1, &day, &date).unwrap();
        sheet.write(7, 1, 1002.5).unwrap();
        sheet.write_formula(8, 1, Formula::new("=NA()").set_result("#N/A")).unwrap();
    });
    let table = read(&bytes).unwrap();
    assert_eq!(table.strata, ["1001", "2026-03-01", "1002.5"]);
    assert_eq!((table.rows, table.left_out), (6, 1));
    let problem = table.problems[0].to_string();
    assert!(
        problem.starts_with("sheet 'Recruitment 2026', cell B9, column 'Job ref': holds"),
        "{problem}"
    );
    assert_eq!(table.other_sheets, ["Notes"]);
    let cells = cells(&table);
    assert_eq!(cells["1001 sex female received"], (2, 2, 0, 0));
    assert_eq!(cells["1001 age_band 25_to_34 shortlisted"].0, 3, "{cells:?}");
    let named = Mapping::usual().unwrap().of_sheet(Some("Notes"));
    let error = read_applications(&bytes[..], &named, &rules()).unwrap_err().to_string();
    assert!(error.contains("no visible sheet"), "{error}");
    let missing = Mapping::usual().unwrap().of_sheet(Some("2025"));
    let error = read_applications(&bytes[..], &missing, &rules()).unwrap_err().to_string();
    assert!(error.contains("no sheet '2025'; it has 'Notes', 'Recruitment 2026'"), "{error}");
}

/// A workbook whose sheet and shared texts are what the test says.
fn crafted(sheet: &[u8], texts: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let workbook = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    for (name, bytes) in [
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/sharedStrings.xml", texts),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn sheet_of(cells: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    format!("<worksheet xmlns=\"{main}\"><sheetData>{cells}</sheetData></worksheet>").into_bytes()
}

const NO_TEXTS: &[u8] =
    b"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"0\"></sst>";

/// A row of inline texts.
fn row(number: u32, values: &[&str]) -> String {
    let mut row = format!("<row r=\"{number}\">");
    for (column, value) in values.iter().enumerate() {
        let letter = char::from(b'A' + u8::try_from(column).unwrap());
        let _ =
            write!(row, "<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t>{value}</t></is></c>");
    }
    row + "</row>"
}

#[test]
fn workbooks_made_to_do_harm_are_refused_or_cost_little() {
    let header = row(1, &["vacancy_id", "sex", "furthest_stage"]);
    let first = row(2, &["V1", "Male", "received"]);
    // A cell in the last place that a sheet has: three cells are three cells.
    let far = format!(
        "{header}{first}<row r=\"1048576\"><c r=\"A1048576\" t=\"inlineStr\"><is><t>V2</t></is></c>\
         <c r=\"XFD1048576\"><v>1</v></c></row>"
    );
    let table = read(&crafted(&sheet_of(&far), NO_TEXTS)).unwrap();
    assert_eq!((table.rows, table.left_out), (2, 1));
    assert!(table.problems[0].to_string().contains("cell C1048576"), "{:?}", table.problems);

    let backwards = format!("{header}{}{first}", row(5, &["V1", "Male", "received"]));
    let beyond = format!("{header}<row r=\"2097152\"><c r=\"A2097152\"><v>1</v></c></row>");
    let cut = &sheet_of(&format!("{header}{first}"))[..200];
    let texts = String::from_utf8_lossy(NO_TEXTS).replace("\"0\"", "\"99999999999\"");
    for (bytes, part) in [
        (crafted(&sheet_of(&backwards), NO_TEXTS), "rows are not in order"),
        (crafted(&sheet_of(&beyond), NO_TEXTS), "1,048,576 rows"),
        (crafted(cut, NO_TEXTS), "save it again"),
        (crafted(&sheet_of(&header), texts.as_bytes()), "claims more texts than it holds"),
        (crafted(b"\xff\xfe<worksheet", NO_TEXTS), "save it again"),
    ] {
        let error = read(&bytes).map(|table| table.rows).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_bomb_is_found_before_it_is_unpacked_into_memory() {
    // Two gigabytes of spaces, in a few megabytes.
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().large_file(true).compression_level(Some(1));
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let spaces = vec![b' '; 1 << 24];
    for _ in 0..130 {
        archive.write_all(&spaces).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    let error = read(&bytes).unwrap_err();
    assert!(error.contains("unpacked, it is larger than 2 GiB"), "{error}");
}

#[test]
fn a_sheet_of_counts_gives_the_counts_of_the_same_csv() {
    let csv = "characteristic,category,stage,entered,progressed\nsex,Female,received,120,30\n";
    let bytes = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        for (row, line) in csv.lines().enumerate() {
            for (column, value) in line.split(',').enumerate() {
                let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
                match value.parse::<f64>() {
                    Ok(number) => sheet.write(row, column, number).unwrap(),
                    Err(_) => sheet.write(row, column, value).unwrap(),
                };
            }
        }
    });
    let mapping = Mapping::usual().unwrap();
    let of = |bytes: &[u8]| cells(&read_counts(bytes, &mapping, &rules()).unwrap());
    assert_eq!(of(&bytes), of(csv.as_bytes()));
    assert_eq!(of(&bytes)["all vacancies sex female received"], (120, 30, 90, 0));
}

const PEOPLE: &str = "application_id,vacancy_id,sex\nA1,V1,Female\nA2,V1,Male\nA3,V1,Female\nA4,V1,Male\nA5,V1,Male\n";

#[test]
fn events_say_what_became_of_each_application_in_whatever_order_they_come() {
    let events = [
        "A1,received,progressed,2026-01-05",
        "A1,shortlisted,progressed,2026-01-12",
        "A1,interviewed,unsuccessful,2026-01-20",
        "A2,received,unsuccessful,05/01/2026",
        "A3,shortlisted,withdrew,2026-01-13 09:30",
        "A3,received,progressed,2026-01-05",
        "A4,received,progressed,2026-01-06",
        // Nothing of A5: it waits.
    ];
    let audit = |rows: &[&str]| {
        let text = format!("application_id,stage,outcome,at\n{}\n", rows.join("\n"));
        let mapping = Mapping::usual().unwrap();
        let events = read_events(text.as_bytes(), &mapping, &rules()).unwrap();
        let people = PEOPLE.as_bytes();
        read_applications_with_events(people, &mapping, &rules(), &events).unwrap()
    };
    let table = audit(&events);
    let found = cells(&table);
    // Reached, went on, turned down, withdrew.
    assert_eq!(found["V1 sex female received"], (2, 2, 0, 0));
    assert_eq!(found["V1 sex female shortlisted"], (2, 1, 0, 1));
    assert_eq!(found["V1 sex female interviewed"], (1, 0, 1, 0));
    assert_eq!(found["V1 sex male received"], (3, 1, 1, 0));
    assert_eq!(found["V1 sex male shortlisted"], (1, 0, 0, 0));
    let mut backwards: Vec<&str> = events.to_vec();
    backwards.reverse();
    backwards.extend(events);
    assert_eq!(cells(&audit(&backwards)), found, "order and repetition change nothing");
}

#[test]
fn events_that_make_no_sense_or_belong_to_nobody_are_listed() {
    let text = "application_id,stage,outcome,at\nA1,received,progressed,2026-01-05\n\
                A1,beamed,progressed,2026-01-05\nA1,received,maybe,2026-01-05\nA1,received,passed,soon\n\
                ,received,passed,2026-01-05\nA9,received,passed,2026-01-05\nA9,received,passed,2026-01-05\n";
    let mapping = Mapping::usual().unwrap();
    let events = read_events(text.as_bytes(), &mapping, &rules()).unwrap();
    let problems: Vec<String> = events.problems.iter().map(ToString::to_string).collect();
    assert_eq!((events.rows, events.left_out), (7, 4), "{problems:?}");
    for (problem, part) in problems.iter().zip([
        "line 3, column 'stage': 'beamed' is not a stage",
        "line 4, column 'outcome': 'maybe' is not an outcome",
        "line 5, column 'at': 'soon' is not a date",
        "line 6, column 'application_id': is empty",
    ]) {
        assert!(problem.starts_with(part), "{problem}");
    }
    let people = PEOPLE.as_bytes();
    let table = read_applications_with_events(people, &mapping, &rules(), &events).unwrap();
    assert_eq!(table.event_rows_left_out, 2);
    let problem = table.event_problems[0].to_string();
    assert!(
        problem.contains("line 7") && problem.contains("no row of the applications"),
        "{problem}"
    );
}

#[test]
fn a_table_of_events_whose_stages_name_the_decision_is_read_by_a_mapping_and_never_without() {
    let text = "application_id,stage,outcome,at\n\
                A1,shortlisted,passed,2026-01-12\nA1,interviewed,passed,2026-01-20\nA1,appointed,passed,2026-01-27\n\
                A2,shortlisted,rejected,2026-01-12\n\
                A3,shortlisted,passed,2026-01-12\nA3,interviewed,passed,2026-01-20\nA3,appointed,rejected,2026-01-27\n\
                A4,shortlisted,withdrawn,2026-01-13\n";
    let usual = Mapping::usual().unwrap();
    let events = read_events(text.as_bytes(), &usual, &rules()).unwrap();
    let problem = events.problems[0].to_string();
    for part in [
        "line 8, column 'outcome': 'rejected' cannot be at the last stage, 'appointed'",
        "\"rejected\" = \"not reached\"",
    ] {
        assert!(problem.contains(part), "{problem}");
    }
    let names = "[values.outcome]\npassed = \"reached\"\nrejected = \"not reached\"\n";
    let mapping = Mapping::parse(names).unwrap();
    let events = read_events(text.as_bytes(), &mapping, &rules()).unwrap();
    assert_eq!(events.left_out, 0);
    let people = PEOPLE.as_bytes();
    let table = read_applications_with_events(people, &mapping, &rules(), &events).unwrap();
    let found = cells(&table);
    // Reached, went on, turned down, withdrew: A1 appointed, A3 turned down after the interview; A2 not shortlisted;
    // A4 withdrew when shortlisted; A5 waits.
    assert_eq!(found["V1 sex female received"], (2, 2, 0, 0));
    assert_eq!(found["V1 sex female interviewed"], (2, 1, 1, 0));
    assert_eq!(found["V1 sex male received"], (3, 1, 1, 0));
    assert_eq!(found["V1 sex male shortlisted"], (1, 0, 0, 1));
}

#[test]
fn a_history_of_states_needs_no_outcomes_and_a_forgotten_column_is_not_taken_for_one() {
    let counted = |events: &str| {
        let mapping = Mapping::usual().unwrap();
        let events = read_events(events.as_bytes(), &mapping, &rules())?;
        read_applications_with_events(PEOPLE.as_bytes(), &mapping, &rules(), &events)
    };
    let table = counted(
        "application_id,status,changed on\nA1,Application received,1 May 2026\nA1,Shortlisted,05-May-2026\n\
         A1,Interviewed,12/05/2026\nA1,Rejected,12/05/2026 2:30 PM\nA2,Applied,2026-05-01\nA2,Not progressed,2026-05-05\n\
         A3,Shortlisted,2026-05-05\nA3,Withdrawn by candidate,2026-05-05\n",
    )
    .unwrap();
    let found = cells(&table);
    assert_eq!(found["V1 sex female received"], (2, 2, 0, 0));
    assert_eq!(found["V1 sex female shortlisted"], (2, 1, 0, 1));
    assert_eq!(found["V1 sex female interviewed"], (1, 0, 1, 0));
    assert_eq!(found["V1 sex male received"], (3, 0, 1, 0));
    let refused = counted("application_id,stage,outcom,at\nA1,received,unsuccessful,2026-05-01\n");
    let problem = refused.unwrap_err().to_string();
    assert!(problem.contains("no column for outcome"), "{problem}");
}

#[test]
fn a_word_for_an_outcome_that_nobody_knows_stops_the_audit_where_it_is_frequent() {
    let mut people = String::from("application_id,vacancy_id,sex\n");
    let mut events = String::from("application_id,stage,outcome,at\n");
    for i in 0..300 {
        writeln!(people, "A{i},V1,{}", ["Female", "Male"][i % 2]).unwrap();
        let outcome = if i % 3 == 0 { "Regretfully no" } else { "progressed" };
        writeln!(events, "A{i},received,{outcome},2026-05-01").unwrap();
    }
    let read = |mapping: &Mapping, events: &str| {
        let events = read_events(events.as_bytes(), mapping, &rules())?;
        read_applications_with_events(people.as_bytes(), mapping, &rules(), &events)
    };
    let usual = Mapping::usual().unwrap();
    let problem = read(&usual, &events).unwrap_err().to_string();
    assert!(
        problem.contains(
            "line 2, column 'outcome': 'Regretfully no' is not known, and 100 of 300 rows"
        ) && problem.contains("[values.outcome] \"Regretfully no\" = "),
        "{problem}"
    );
    for (ours, went_on, turned_down) in [("unsuccessful", 100, 50), ("ignored", 100, 0)] {
        let text = format!("[values.outcome]\n\"Regretfully no\" = \"{ours}\"\n");
        let table = read(&Mapping::parse(&text).unwrap(), &events).unwrap();
        let counts = cells(&table)["V1 sex female received"];
        assert_eq!((counts.1, counts.2), (went_on, turned_down), "{ours}");
    }
    // A rare one leaves its application out, since nobody knows how it stands.
    let rare = events.replace("Regretfully no", "unsuccessful").replacen("unsuccessful", "hm", 3);
    let table = read(&usual, &rare).unwrap();
    assert_eq!((table.left_out, table.rows), (3, 300));
    let problem = table.problems[0].to_string();
    assert!(problem.contains("line 2 of the table of events could not be read"), "{problem}");
}

#[test]
fn one_name_for_applications_for_two_vacancies_needs_events_that_say_which() {
    let people =
        "candidate_id,vacancy_id,sex\nC1,V1,Female\nC2,V1,Male\nC1,V2,Female\nC1,V1,Female\n";
    let mapping = Mapping::usual().unwrap();
    let read = |events: &str| {
        let events = read_events(events.as_bytes(), &mapping, &rules()).unwrap();
        read_applications_with_events(people.as_bytes(), &mapping, &rules(), &events)
    };
    let problem = read("candidate_id,stage,outcome\nC1,received,unsuccessful\n").unwrap_err();
    let problem = problem.to_string();
    assert!(
        problem.contains("line 4, column 'candidate_id'") && problem.contains("e.g. vacancy_id"),
        "{problem}"
    );
    let table = read(
        "candidate_id,vacancy_id,stage,outcome\nC1,V1,received,unsuccessful\nC1,V2,received,progressed\n",
    );
    let (table, found) = (table.as_ref().unwrap(), cells(table.as_ref().unwrap()));
    assert_eq!(found["V1 sex female received"], (1, 0, 1, 0));
    assert_eq!(found["V2 sex female received"], (1, 1, 0, 0));
    assert_eq!(table.left_out, 1, "the same application twice: {:?}", table.problems);
}

#[test]
fn bands_of_age_that_only_the_table_has_are_counted_as_it_has_them() {
    let table = "application_id,vacancy_id,age group,furthest_stage
1,V1,20-29,appointed
2,V1,20 to 29,received
3,V1,30-39,received
4,V1,50+,received
5,V1,Under 20,received
6,V1,,received
";
    let read = read(table.as_bytes()).unwrap();
    let found = cells(&read);
    assert_eq!(found["V1 age_band 20_to_29 received"], (2, 1, 1, 0));
    assert_eq!(found["V1 age_band 30_to_39 received"], (1, 0, 1, 0));
    assert_eq!(found["V1 age_band 50_and_over received"], (1, 0, 1, 0));
    assert_eq!(found["V1 age_band under_20 received"], (1, 0, 1, 0));
    assert_eq!(found["V1 age_band not_asked received"], (1, 0, 1, 0));
    assert!(read.characteristics[0].unknown_labels.is_empty());
    // Among single ages, a band that fits no band of the rules cannot be told apart from them.
    let mixed = table.replace("30-39", "33").replace("50+", "20-40");
    let mixed = self::read(mixed.as_bytes()).unwrap();
    let found = cells(&mixed);
    assert_eq!(found["V1 age_band 25_to_34 received"], (1, 0, 1, 0));
    assert_eq!(found["V1 age_band unmapped received"], (3, 1, 2, 0));
    let unknown = &mixed.characteristics[0].unknown_labels;
    assert_eq!(unknown.iter().map(|(_, rows)| rows).sum::<u64>(), 3);
}

#[test]
fn counts_keep_bands_of_age_of_their_own_and_put_others_under_the_rules() {
    let counts = |bands: &[(&str, u32, u32)]| {
        let rows = bands
            .iter()
            .map(|(band, entered, on)| format!("age,{band},received,V1,{entered},{on}\n"));
        let head = "characteristic,category,stage,stratum,entered,progressed\n".to_owned();
        let table = head + &rows.collect::<String>();
        read_counts(table.as_bytes(), &Mapping::usual().unwrap(), &rules()).unwrap()
    };
    let own = counts(&[("under 20", 5, 1), ("20-29", 30, 9), ("30-39", 20, 4), ("40+", 10, 1)]);
    let found = cells(&own);
    assert_eq!(found["V1 age_band 20_to_29 received"], (30, 9, 21, 0));
    assert_eq!(found["V1 age_band 40_and_over received"], (10, 1, 9, 0));
    assert!(own.characteristics[0].unknown_labels.is_empty());
    let ruled = counts(&[("16-19", 5, 1), ("20-24", 30, 9), ("25-34", 20, 4)]);
    let found = cells(&ruled);
    assert_eq!(found["V1 age_band under_25 received"], (35, 10, 25, 0));
    assert_eq!(found["V1 age_band 25_to_34 received"], (20, 4, 16, 0));
    assert_eq!(ruled.characteristics[0].categories.len(), 2);
    let overlapping = counts(&[("20-40", 5, 1), ("25-34", 20, 4)]);
    assert_eq!(overlapping.characteristics[0].unknown_labels, [("20-40".to_owned(), 1)]);
}

#[test]
fn files_that_are_no_text_are_named_as_what_they_are_and_not_echoed() {
    let noise: Vec<u8> =
        (0..4000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (bytes, said) in [
        (&b"%PDF-1.7 x"[..], "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0..JFIF", "a picture (JPEG)"),
        (b"\x1f\x8b\x08", "a packed file (gzip)"),
        (b"{\\rtf1 name,stage}", "a document (RTF)"),
        (&noise, "not text"),
    ] {
        let error = read(bytes).unwrap_err();
        let expected = format!("the file is {said}; save it as a workbook (.xlsx) or as CSV");
        assert_eq!(error, expected);
    }
}

#[test]
fn lines_above_the_header_count_when_a_wrong_row_is_named() {
    let table = format!("Applications by characteristic\n\n{TABLE}A4;V1;Male;Irish;Beamed up;No\n");
    let table = read(table.as_bytes()).unwrap();
    assert_eq!((table.rows, table.left_out, table.problems[0].line), (4, 1, 7));
}

#[test]
fn columns_that_bear_a_whole_question_are_read_and_a_plain_yes_means_what_they_ask() {
    let table = "Application ID;Job ref;Do you identify as trans?;Q4. Applicant gender (optional);Furthest stage
A1;V1;No;Female;Appointed
A2;V1;Yes;Male;Applied
A3;V1;No response;Female;Applied
";
    let read_table = read(table.as_bytes()).unwrap();
    let expected = cells(&read_table);
    assert_eq!(expected["V1 gender_identity same received"].0, 1);
    assert_eq!(expected["V1 gender_identity different received"].0, 1);
    assert_eq!(expected["V1 gender_identity not_asked received"].0, 1);
    assert_eq!(expected["V1 sex female received"].0, 2);
    assert_eq!(read_table.columns.worded, ["'Q4. Applicant gender (optional)' as sex"]);
    // Where the rules' own name is there, too, it is the one that is read.
    let both = "application_id,vacancy_id,Applicant gender (at birth),gender,furthest_stage\nA1,V1,Male,Female,appointed\n";
    let both = read(both.as_bytes()).unwrap();
    assert!(cells(&both).contains_key("V1 sex female received") && both.columns.worded.is_empty());
    // Counts name their characteristic row by row.
    let counts = "characteristic,category,stage,entered,progressed\n\
                  Gender same as at birth,Yes,received,40,20\nTrans,Yes,received,12,5\n";
    let counts = read_counts(counts.as_bytes(), &Mapping::usual().unwrap(), &rules()).unwrap();
    let known = cells(&counts);
    let of = |category: &str| {
        known.iter().find(|(name, _)| name.contains(category)).map(|(_, counts)| counts.0)
    };
    assert_eq!((of("identity same"), of("identity different")), (Some(40), Some(12)), "{known:?}");
}
