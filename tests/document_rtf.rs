//! Rich text: every word in order, in every encoding, and what the page does not show apart.

#![allow(clippy::unwrap_used, clippy::panic)]

mod document_support;

use document_support::{assert_sound, codes, hidden, mutate};
use evenhand::document::{HiddenPlace, read};

fn text(body: &str) -> String {
    read(format!("{{\\rtf1\\ansi\\ansicpg1252\\deff0 {body}}}").as_bytes(), None).text
}

#[test]
fn visible_words_come_in_order() {
    for (what, body, expected) in [
        ("paragraphs", "Dear\\par\nPanel\r\nists\\par", "Dear\nPanelists"),
        ("control words", "{\\b Bold}\\i0  and \\line next\\tab end", "Bold and \nnext\tend"),
        ("signs", "a\\emdash b\\rquote s\\~c\\_d\\-e\\{\\}\\\\", "a—b’s\u{a0}c-de{}\\"),
        ("code page", "Si\\'e2n \\'80", "Siân €"),
        ("unicode with stand-ins", "\\u373?\\u375 ?{\\uc0\\u234}{\\uc2\\u8364 ??}x", "ŵŷê€x"),
        ("a pair of surrogates", "\\u-10179?\\u-8694?", "\u{1f60a}"),
        (
            "fonts",
            "{\\fonttbl{\\f1\\fcharset238 Arial CE;}{\\f2\\fcharset204 Arial;}}{\\f1 \\'b3\\'f3d\\'9f} {\\f2 \\'cc\\'e8\\'f0}",
            "łódź Мир",
        ),
        (
            "tables",
            "\\trowd\\cellx1\\cellx2\\pard\\intbl Name\\cell Post\\cell\\row\\trowd Address\\cell 1 Mill Lane\\par Leeds\\cell\\row\\pard after",
            "Name\tPost\nAddress\t1 Mill Lane\nLeeds\nafter",
        ),
        ("lists", "{\\listtext\\tab 1.\\tab}first\\par", "1. first"),
        (
            "fields",
            "{\\field{\\*\\fldinst HYPERLINK \"https://example.com/jo\"}{\\fldrslt my page}} end",
            "my page end",
        ),
        (
            "form fields",
            "{\\field{\\*\\fldinst FORMCHECKBOX {\\*\\formfield{\\fftype1\\ffres25\\ffdefres1}}}}{\\field{\\*\\fldinst FORMDROPDOWN {\\*\\formfield{\\fftype2\\ffres1{\\*\\ffl Mr}{\\*\\ffl Mx}}}}}",
            "☒Mx",
        ),
        (
            "headers, notes and boxes",
            "{\\header Head\\par}Body{\\footnote A note} here{\\shp{\\*\\shpinst{\\sp{\\sn wzDescription}{\\sv Alt}}{\\shptxt Box\\par}}{\\shprslt Box}}\\par Next\\par{\\footer Foot}",
            "Head\nBody here\nBox\nNext\nA note\nFoot",
        ),
        (
            "things for other programs",
            "{\\*\\generator X;}{\\stylesheet{\\s1 Normal;}}{\\*\\unknown{deep} x}{\\pict\\pngblip 89504e47}{\\upr{ansi}{\\*\\ud{\\u373?}}}ok",
            "ŵok",
        ),
        ("binary data", "a{\\pict\\bin4 {{}}}b", "ab"),
    ] {
        assert_eq!(text(body), expected, "{what}");
    }
}

const RICH: &str = "{\\rtf1\\ansi{\\info{\\title CV of Jo}{\\author Jo Bell}{\\company Bell Ltd}{\\creatim\\yr2024}}{\\*\\revtbl{Unknown;}{Ann Reviewer;}}\
    Body {\\deleted Delroy }{\\v unseen }{\\*\\atnauthor Mo Manager}{\\*\\annotation Is this Jo?}{\\xe{index Jo}}\
    {\\field{\\*\\fldinst{HYPERLINK \"mailto:jo@example.com\"}}{\\fldrslt write}}{\\*\\template C:\\\\Users\\\\jbell\\\\a.dot}\
    \\trowd\\intbl a\\cell b\\cell\\row\\pard\\par{\\object{\\*\\objdata 00}{\\result pic}}}";

#[test]
fn what_the_page_does_not_show_is_kept_apart() {
    let document = read(RICH.as_bytes(), None);
    assert_eq!(document.text, "Body write\na\tb\n\npic");
    for (place, expected) in [
        (HiddenPlace::Title, vec!["CV of Jo"]),
        (HiddenPlace::Link, vec!["mailto:jo@example.com"]),
        (HiddenPlace::Comment, vec!["Is this Jo?"]),
        (HiddenPlace::Concealed, vec!["index Jo", "Delroy", "unseen"]),
    ] {
        let mut found = hidden(&document, place);
        let mut expected = expected;
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{place:?}");
    }
    let people = hidden(&document, HiddenPlace::Metadata).join("|");
    for name in ["Jo Bell", "Bell Ltd", "Ann Reviewer", "Mo Manager", "C:\\Users\\jbell"] {
        assert!(people.contains(name), "{name} in {people}");
    }
    assert_eq!(codes(&document), ["concealed_text", "embedded_left_out"]);
}

#[test]
fn segments_lead_back_to_the_bytes() {
    let source = b"{\\rtf1 Dear {\\b panel}\\par}";
    let document = read(source, None);
    let places: Vec<&[u8]> =
        document.segments.iter().map(|segment| &source[segment.source.clone()]).collect();
    assert_eq!(places, [&b"Dear "[..], b"panel"]);
}

#[test]
fn hostile_files_are_answered_with_a_reason() {
    let deep = format!("{{\\rtf1 {}", "{".repeat(100_000));
    let picture = format!("{{\\rtf1 CV{{\\pict {}}}}}", "00".repeat(800_000));
    for (what, source, code) in [
        ("depth", deep.as_str(), "nested_too_deep"),
        ("cut", "{\\rtf1 Dear {\\b pan", "damaged"),
        ("cut in an escape", "{\\rtf1 Dear \\'", "damaged"),
        ("a scan", picture.as_str(), "mostly_pictures"),
        ("binary beyond the end", "{\\rtf1 a\\bin2147483647 x}", "damaged"),
    ] {
        let document = read(source.as_bytes(), None);
        assert!(codes(&document).contains(&code), "{what}: {:?}", document.problems);
        assert!(document.is_withheld(), "{what}");
    }
}

#[test]
fn damaged_documents_always_get_an_answer() {
    for seed in 0..400 {
        assert_sound(&read(&mutate(RICH.as_bytes(), seed), None), &format!("seed {seed}"));
    }
}
