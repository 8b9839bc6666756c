//! Reports in every form: JSON keeps to its published schema, workbooks hold numbers as numbers and texts as texts,
//! nothing that came from outside becomes a formula or a tag, and every form says the same.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where its own data are wrong")]

use std::fmt::Write as _;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use evenhand::fairness::{Audit, AuditRequest, Looks};
use evenhand::report::{Format, to_csv, to_html, to_json, to_pdf, to_text, to_xlsx};
use evenhand::rulebook::Rulebook;
use evenhand::workflow::audit_table::{TableKind, TableSettings, audit_table};
use serde_json::Value;

/// Names that a spreadsheet would run, and that a page would take for a tag.
const HOSTILE: [&str; 4] =
    ["=HYPERLINK(\"http://example.com\")", "+44 drivers", "@home <b>only</b>", "-1 & counting"];

/// A gap, something ruled out, small groups, undeclared answers, unknown labels, a wrong row.
fn table() -> String {
    let mut table =
        String::from("application_id,vacancy_id,sex,ethnic_group,team,furthest_stage\n");
    for i in 0..2400 {
        let sex = ["Female", "Male"][i % 2];
        let ethnic = match i % 20 {
            0..10 => "White British",
            10..17 => "Indian",
            17 => "Prefer not to say",
            18 if i < 100 => "Arab",
            18 => "White British",
            _ => "Group 7b",
        };
        let passed = if ethnic == "Indian" { i % 5 == 0 } else { i % 2 == 0 || i % 3 == 0 };
        let stage = if passed && i % 4 == 0 {
            "appointed"
        } else if passed {
            "shortlisted"
        } else {
            "received"
        };
        let team = HOSTILE[i / 2 % 4].replace('"', "\"\"");
        let _ = writeln!(table, "A{i},V{},{sex},{ethnic},\"{team}\",{stage}", i / 40);
    }
    table + "A9999,V1,Male,Indian,x,beamed\n"
}

fn audited(policy: &str) -> Audit {
    let rules = Rulebook::built_in().unwrap();
    let mut request = AuditRequest::new(policy, &rules).unwrap();
    request = request.with_benchmark("england_and_wales_2021", &rules).unwrap();
    request.organisation = "=Exampleshire <County> Council".to_owned();
    request.period = "April 2025 to March 2026".to_owned();
    request.filters = vec!["=team".to_owned()];
    let settings = TableSettings { compare_by: vec!["team".to_owned()], ..Default::default() };
    let table = table();
    let kind = TableKind::Applications;
    audit_table(table.as_bytes(), kind, &settings, &request, &rules).unwrap().audit
}

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/audit.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What of JSON Schema the published schema uses. An unknown word is a failure, so that none is taken for checked.
fn check(value: &Value, schema: &Value, root: &Value, path: &str, wrong: &mut Vec<String>) {
    let number = |limit: &Value| limit.as_f64().unwrap();
    let length = || value.as_array().map(Vec::len);
    for (word, rule) in schema.as_object().unwrap() {
        let holds = match word.as_str() {
            "$schema" | "title" | "description" | "$defs" => true,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                check(value, &root["$defs"][name], root, path, wrong);
                true
            }
            "type" => {
                let is = |name: &Value| match name.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "number" => value.is_number(),
                    "integer" => value.is_u64() || value.is_i64(),
                    "null" => value.is_null(),
                    other => panic!("type {other}"),
                };
                rule.as_array().map_or_else(|| is(rule), |names| names.iter().any(is))
            }
            "required" => {
                let names = rule.as_array().unwrap();
                names.iter().all(|name| value.get(name.as_str().unwrap()).is_some())
            }
            "properties" => {
                for (name, schema) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        check(value, schema, root, &format!("{path}.{name}"), wrong);
                    }
                }
                true
            }
            "items" => {
                for (place, value) in value.as_array().into_iter().flatten().enumerate() {
                    check(value, rule, root, &format!("{path}[{place}]"), wrong);
                }
                true
            }
            "anyOf" => rule.as_array().unwrap().iter().any(|schema| {
                let mut inner = Vec::new();
                check(value, schema, root, path, &mut inner);
                inner.is_empty()
            }),
            "enum" => rule.as_array().unwrap().contains(value),
            "const" => rule == value,
            "minimum" => value.as_f64().is_none_or(|found| found >= number(rule)),
            "maximum" => value.as_f64().is_none_or(|found| found <= number(rule)),
            "minItems" => length().is_none_or(|found| found as f64 >= number(rule)),
            "maxItems" => length().is_none_or(|found| found as f64 <= number(rule)),
            "minLength" => value.as_str().is_none_or(|found| found.len() as f64 >= number(rule)),
            "pattern" => {
                let pattern = regex::Regex::new(rule.as_str().unwrap()).unwrap();
                value.as_str().is_none_or(|found| pattern.is_match(found))
            }
            other => panic!("the check does not know '{other}'"),
        };
        if !holds {
            wrong.push(format!("{path}: {word} {rule}, found {value}"));
        }
    }
}

fn json(audit: &Audit) -> Value {
    serde_json::from_slice(&to_json(audit).unwrap()).unwrap()
}

#[test]
fn json_reports_of_every_policy_keep_to_the_published_schema() {
    let schema = schema();
    for policy in ["default", "wres", "wdes", "four_fifths", "ll144"] {
        let mut wrong = Vec::new();
        check(&json(&audited(policy)), &schema, &schema, policy, &mut wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    // The check itself finds what is wrong.
    let mut damaged = json(&audited("default"));
    damaged["views"][0]["findings"][0]["verdict"] = "fine".into();
    damaged["method"].as_object_mut().unwrap().remove("minimum");
    let mut wrong = Vec::new();
    check(&damaged, &schema, &schema, "", &mut wrong);
    assert_eq!(wrong.len(), 2, "{wrong:?}");
}

/// A report of twelve vacancies with factors, a change, combined groups, evidence and an earlier report.
fn audited_with_everything() -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let mut table =
        String::from("vacancy_id,sex,age,grade,decision date,furthest_stage,withdrew\n");
    for (vacancy, i) in (0..12).flat_map(|vacancy| (0..100).map(move |i| (vacancy, i))) {
        let sex = if i < 50 { "Female" } else { "Male" };
        let passed = if sex == "Male" || vacancy >= 6 { i % 2 == 0 } else { i % 4 == 0 };
        let stage = if passed { "shortlisted" } else { "received" };
        let (grade, year) = (["G4", "G7", "G10"][vacancy % 3], 2025 + vacancy / 6);
        let age = [20, 30, 40, 50][i % 4];
        table += &format!("V{vacancy},{sex},{age},{grade},{year}-03-01,{stage},no\n");
    }
    let run = |rows: usize| {
        let rows: Vec<&str> = table.lines().take(rows).collect();
        std::fs::write(&path, rows.join("\n")).unwrap();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_evenhand"))
            .args(["audit", "--applications", "a.csv", "--ledger", "ledger.json"])
            .args(["--by", "grade", "--change-date", "2026-01-01", "--intersect", "sex,age_band"])
            .args(["--format", "json"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let _: Value = run(901);
    run(1201)
}

#[test]
fn json_reports_with_factors_evidence_and_changes_keep_to_the_published_schema() {
    let (schema, report) = (schema(), audited_with_everything());
    let mut wrong = Vec::new();
    check(&report, &schema, &schema, "", &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Every field is described.
    let described = schema["properties"].as_object().unwrap();
    for name in ["factors", "factor_sentences", "trends", "intersections", "changes"] {
        assert!(report.get(name).is_some_and(|found| *found != Value::Array(Vec::new())), "{name}");
    }
    for name in report.as_object().unwrap().keys() {
        assert!(described.contains_key(name), "{name} is not described");
    }
    let definition = |name: &str| schema["$defs"][name]["properties"].as_object().unwrap();
    let factor = &report["factors"][0];
    let finding = &report["views"][0]["findings"][0];
    for (name, found) in [
        ("method", &report["method"]),
        ("finding", finding),
        ("evidence", &finding["evidence"]),
        ("undeclared", &report["views"][0]["undeclared"][0]),
        ("changes", &report["changes"]),
        ("factor", factor),
        ("across_levels", &factor["compared"][0]),
        ("at_level", &factor["compared"][0]["at"][0]),
        ("trend", &report["trends"][0]),
        ("intersection", &report["intersections"][0]),
    ] {
        for field in found.as_object().unwrap().keys() {
            assert!(definition(name).contains_key(field), "{name}.{field} is not described");
        }
    }
}

fn workbook(audit: &Audit) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(to_xlsx(audit).unwrap())).unwrap()
}

#[test]
fn a_workbook_holds_numbers_as_numbers_and_no_formula() {
    let audit = audited("default");
    let mut book = workbook(&audit);
    assert_eq!(
        book.sheet_names(),
        ["Summary", "Findings", "In words", "Counts", "Further", "Method"]
    );
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "{name}");
        for (row, column, cell) in book.worksheet_range(&name).unwrap().used_cells() {
            if let Data::String(text) = cell {
                assert!(!text.starts_with(['=', '+', '-', '@']), "{name} {row} {column}: {text}");
            }
        }
    }
    let findings = book.worksheet_range("Findings").unwrap();
    let names: Vec<String> =
        findings.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let column = |name: &str| names.iter().position(|found| found == name).unwrap();
    let with_numbers = audit.findings().zip(findings.rows().skip(1));
    for (finding, row) in with_numbers {
        let Some(numbers) = &finding.numbers else { continue };
        assert_eq!(row[column("Could be selected")], Data::Float(numbers.entered as f64));
        match numbers.ratio {
            Some(ratio) => assert_eq!(row[column("Ratio")], Data::Float(ratio)),
            None => assert_eq!(row[column("Ratio")], Data::Empty),
        }
    }
    assert_eq!(findings.rows().count(), audit.findings().count() + 1);
}

#[test]
fn rows_of_a_workbook_are_as_high_as_their_texts_in_programs_that_do_not_make_them_so() {
    let audit = audited("default");
    let mut archive = zip::ZipArchive::new(Cursor::new(to_xlsx(&audit).unwrap())).unwrap();
    let mut sheet = String::new();
    let mut findings = archive.by_name("xl/worksheets/sheet3.xml").unwrap();
    std::io::Read::read_to_string(&mut findings, &mut sheet).unwrap();
    for (place, finding) in audit.findings().enumerate() {
        let row = sheet.split(&format!("<row r=\"{}\"", place + 2)).nth(1).unwrap();
        let height = row.split('>').next().unwrap().split("ht=\"").nth(1);
        let height: f64 = height.map_or(15.0, |ht| ht.split('"').next().unwrap().parse().unwrap());
        // The column of sentences is 130 characters wide, a line 15 points high.
        let letters = evenhand::report::sentence(finding, &audit).chars().count();
        assert!(height >= 15.0 * (letters as f64 / 130.0).ceil(), "{place}: {height} {letters}");
    }
}

#[test]
fn sheets_of_a_workbook_fit_the_width_of_paper_with_their_header_on_every_page() {
    let audit = audited("default");
    let mut archive = zip::ZipArchive::new(Cursor::new(to_xlsx(&audit).unwrap())).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
        text
    };
    let book = part("xl/workbook.xml");
    for (place, name) in ["Summary", "Findings", "In words", "Counts", "Further"].iter().enumerate()
    {
        let sheet = part(&format!("xl/worksheets/sheet{}.xml", place + 1));
        let setup = sheet.split("<pageSetup ").nth(1).unwrap().split("/>").next().unwrap();
        for wanted in ["paperSize=\"9\"", "orientation=\"landscape\""] {
            assert!(setup.contains(wanted), "{name}: {setup}");
        }
        // One page, which is what is meant where no number is given.
        assert!(!setup.contains("fitToWidth"), "{name}: {setup}");
        assert_eq!(setup.contains("fitToHeight"), *name != "Summary", "{name}: {setup}");
        assert!(sheet.contains("<pageSetUpPr fitToPage=\"1\"/>"), "{name}");
        let titles = format!("_xlnm.Print_Titles\" localSheetId=\"{place}\"");
        assert_eq!(book.contains(&titles), *name != "Summary", "{name}: {book}");
    }
    // What is on one sheet of paper can be read only if few lines and few columns are: no row of numbers is as high as
    // its sentence, and on A4 letters stay above half their size.
    let findings = part("xl/worksheets/sheet2.xml");
    let all = |start: &str| -> Vec<f64> {
        let values = findings.split(start).skip(1).map(|rest| rest.split('"').next().unwrap());
        values.map(|value| value.parse().unwrap()).collect()
    };
    assert!(all(" ht=\"").iter().skip(1).all(|height| *height <= 60.0));
    assert!(all(" width=\"").iter().sum::<f64>() < 290.0);
}

#[test]
fn counts_that_are_hidden_are_hidden_in_every_form() {
    let audit = audited("default");
    let arab = audit.findings().find(|finding| finding.group_label == "Other: Arab");
    assert!(arab.unwrap().hidden);
    let mut book = workbook(&audit);
    let counts = book.worksheet_range("Counts").unwrap();
    let row = counts.rows().find(|row| row[1] == Data::String("Other: Arab".to_owned())).unwrap();
    assert_eq!(row[3], Data::String("hidden".to_owned()));
    assert!(row[5..8].iter().all(|cell| *cell == Data::Empty), "{row:?}");
}

#[test]
fn texts_from_outside_are_neither_formulas_nor_tags() {
    let audit = audited("default");
    let csv = to_csv(&audit);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let mut seen = 0;
    for record in reader.records() {
        for field in &record.unwrap() {
            let is_number = field.parse::<f64>().is_ok();
            assert!(is_number || !field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{field}");
            seen += usize::from(field.starts_with("'="));
        }
    }
    assert!(seen > 0);
    let html = to_html(&audit);
    assert!(!html.contains("<b>only") && !html.contains("<County>"));
    assert!(html.contains("=Exampleshire &lt;County&gt; Council"));
}

#[test]
fn no_form_shows_the_name_of_a_value_in_place_of_the_value() {
    let audit = audited("default");
    let mut book = workbook(&audit);
    let mut texts = vec![to_text(&audit), to_html(&audit), to_csv(&audit)];
    for sheet in book.sheet_names() {
        let cells = book.worksheet_range(&sheet).unwrap();
        texts.extend(cells.used_cells().map(|(_, _, cell)| cell.to_string()));
    }
    for text in texts {
        let unfilled = text.split_once("{$").or_else(|| text.split_once("{ $"));
        assert!(unfilled.is_none(), "{:?}", unfilled.map(|(_, rest)| rest.get(..40)));
    }
    assert!(to_text(&audit).contains(&format!("program {}", audit.method.program_version)));
}

#[test]
fn a_pdf_is_tagged_names_its_language_and_describes_its_charts() {
    let audit = audited("default");
    let bytes = to_pdf(&audit).unwrap();
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"en-GB");
    assert!(catalog.get(b"StructTreeRoot").is_ok());
    let described = document.objects.values().filter(|object| {
        object.as_dict().is_ok_and(|d| {
            d.get(b"S").and_then(|s| s.as_name()).is_ok_and(|name| name == b"Figure")
                && d.get(b"Alt").is_ok()
        })
    });
    assert!(described.count() >= 2);
    assert_eq!(bytes, to_pdf(&audit).unwrap(), "the same audit gives the same bytes");
    assert_eq!(to_xlsx(&audit).unwrap(), to_xlsx(&audit).unwrap());
}

#[test]
fn every_form_says_the_same_of_a_gap() {
    let audit = audited("default");
    let gap = audit.findings().find(|finding| finding.verdict == evenhand::fairness::Verdict::Gap);
    let sentence = evenhand::report::sentence(gap.unwrap(), &audit);
    let plain = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let html = to_html(&audit).replace("&amp;", "&").replace("&quot;", "\"");
    assert!(plain(html).contains(&sentence));
    assert!(to_csv(&audit).replace("\"\"", "\"").contains(&sentence));
    let mut book = workbook(&audit);
    let findings = book.worksheet_range("In words").unwrap();
    assert!(findings.used_cells().any(|(_, _, cell)| cell.to_string() == sentence));
    // The first page says it in fewer words, the same in every form.
    let summary = book.worksheet_range("Summary").unwrap();
    let first = summary.used_cells().map(|(_, _, cell)| cell.to_string());
    let first = first.into_iter().find(|text| text.contains("times the comparator's")).unwrap();
    assert!(plain(to_text(&audit)).contains(&first), "{first}");
}

#[test]
fn forms_are_found_by_name_and_ending() {
    for (name, format) in [
        ("text", Some(Format::Text)),
        ("txt", Some(Format::Text)),
        ("JSON", Some(Format::Json)),
        ("htm", Some(Format::Html)),
        ("xlsx", Some(Format::Xlsx)),
        ("pdf", Some(Format::Pdf)),
        ("docx", None),
    ] {
        assert_eq!(Format::of_name(name), format, "{name}");
    }
}

#[test]
fn a_report_of_several_organisations_is_headed_by_how_many_and_names_the_dates_of_decisions() {
    use evenhand::workflow::audit_table::{AuditSettings, Tables, audit_with_settings};
    let folder = tempfile::tempdir().unwrap();
    let report = |organisations: &[&str]| {
        let mut table = String::from(
            "application_id,organisation,vacancy_id,decision date,sex,furthest_stage\n",
        );
        for i in 0..240 {
            let organisation = organisations[i / 2 % organisations.len()];
            let sex = ["Female", "Male"][i % 2];
            let stage = if i % 3 == 0 { "shortlisted" } else { "received" };
            let month = 1 + i / 2 % 6;
            let _ =
                writeln!(table, "A{i},{organisation},V{month},2026-{month:02}-15,{sex},{stage}");
        }
        let path = folder.path().join("pooled.csv");
        std::fs::write(&path, &table).unwrap();
        let settings = AuditSettings {
            policy: "default".to_owned(),
            minimum: 10,
            again: Some(path.clone()),
            ..AuditSettings::default()
        };
        let tables = Tables {
            kind: TableKind::Applications,
            table: std::fs::File::open(&path).unwrap(),
            events: None,
        };
        audit_with_settings(tables, &settings).unwrap().audit
    };
    let pooled = report(&["Larchmere", "Exampleshire", "Wickham"]);
    assert_eq!((pooled.organisation.as_str(), pooled.organisations), ("", 3));
    assert_eq!(pooled.period, "January to June 2026");
    for text in [to_html(&pooled), to_text(&pooled)] {
        assert!(text.contains("3 organisations"), "{text}");
        assert!(text.contains("anuary to June 2026"), "{text}");
    }
    let one = report(&["Larchmere"]);
    assert_eq!((one.organisation.as_str(), one.organisations), ("Larchmere", 0));
}

#[test]
fn p_values_below_the_smallest_float_are_logarithms_and_never_nought() {
    let rules = Rulebook::built_in().unwrap();
    let mut request = AuditRequest::new("default", &rules).unwrap();
    request.looks = Looks::Many;
    let table = "characteristic,category,stage,entered,progressed\n\
                 sex,female,received,40000,4000\nsex,male,received,40000,12000\n";
    let settings = TableSettings::default();
    let audit = audit_table(table.as_bytes(), TableKind::Counts, &settings, &request, &rules);
    let audit = audit.unwrap().audit;
    let report = json(&audit);
    let finding = &report["views"][0]["findings"][0];
    let (numbers, evidence) = (&finding["numbers"], &finding["evidence"]);
    for (p, ln_p) in [
        (&numbers["holm_p"], &numbers["ln_holm_p"]),
        (&numbers["benjamini_hochberg_p"], &numbers["ln_benjamini_hochberg_p"]),
        (&evidence["anytime_p"], &evidence["ln_anytime_p"]),
        (&evidence["anytime_holm_p"], &evidence["ln_anytime_holm_p"]),
    ] {
        let ln_p = ln_p.as_f64().unwrap();
        assert!(p == 0.0 && (-10_000.0..-1000.0).contains(&ln_p), "{p} {ln_p}");
    }
    // One comparison in the family of the two sexes: nothing is multiplied.
    assert_eq!(numbers["ln_holm_p"], numbers["mid_p"]["ln_p"]);
    let csv = to_csv(&audit);
    let head: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let row: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
    let at = head.iter().position(|name| *name == "ln_holm_p").unwrap();
    assert!(row[at].parse::<f64>().unwrap() < -1000.0, "{}", row[at]);
    for told in [to_text(&audit), to_html(&audit)] {
        assert!(told.contains("1e-1128"), "{told}");
    }
    let mut book = workbook(&audit);
    let cells = book.worksheet_range("Findings").unwrap();
    assert!(cells.used_cells().any(|(_, _, cell)| cell.to_string().contains("1e-300")));
    // Without vacancies there is no order in which evidence grew, and each pair of groups is told once.
    let text = to_text(&audit);
    assert!(text.contains("do not tell vacancies apart"), "{text}");
    assert!(!text.contains("after 1 vacancy"), "{text}");
    assert_eq!(text.matches("from all decisions at once the e-value is").count(), 1, "{text}");
}
