//! PDF forms: values wherever a form keeps them, in fields, in how they are drawn, and in the data of XFA forms.

#![allow(clippy::unwrap_used)]

mod pdf_support;

use evenhand::document::{DocumentText, HiddenPlace, read};
use pdf_support::{Pdf, line};

/// A page with boxes of a form, each after its label, one below the other from the top.
fn form(pdf: Pdf, boxes: &[(&str, String)], more: &str) -> DocumentText {
    let mut pdf = pdf;
    let (mut labels, mut numbers) = (String::new(), Vec::new());
    for (place, (label, entries)) in boxes.iter().enumerate() {
        let y = 700 - 30 * i32::try_from(place).unwrap();
        labels += &line(60, y, 12, label);
        let rect = format!("/Rect [200 {} 400 {}]", y - 5, y + 15);
        numbers.push(format!(
            "{} 0 R",
            pdf.object(format!("<< /Subtype /Widget {rect} {entries} >>"))
        ));
    }
    let numbers = numbers.join(" ");
    let bytes = pdf
        .catalog(&format!("/AcroForm << /Fields [{numbers}] {more} >>"))
        .page_with(&format!("/Annots [{numbers}]"), "", labels)
        .finish();
    read(&bytes, None)
}

fn lines(document: &DocumentText) -> Vec<&str> {
    document.text.split('\n').filter(|line| !line.is_empty()).collect()
}

fn hidden(document: &DocumentText) -> Vec<(HiddenPlace, &str)> {
    document.hidden.iter().map(|hidden| (hidden.place, hidden.text.as_str())).collect()
}

fn codes(document: &DocumentText) -> Vec<&str> {
    document.problems.iter().map(|problem| problem.code).collect()
}

fn drawn(pdf: &mut Pdf, text: &str) -> usize {
    let resources = "/Resources << /Font << /F1 3 0 R >> >>";
    let entries = format!("/Type /XObject /Subtype /Form /BBox [0 0 200 20] {resources}");
    pdf.stream(&entries, format!("/Tx BMC {} EMC", line(2, 5, 12, text)))
}

#[test]
fn values_are_read_from_wherever_a_field_keeps_them() {
    let mut pdf = Pdf::new();
    let (only_drawn, empty_value) = (drawn(&mut pdf, "Jo"), drawn(&mut pdf, "Bell"));
    let long = pdf.stream("", "I lead the duty team.\rI keep its rota.");
    let group = pdf.object("<< /T (person) /FT /Tx /V (Hull) >>");
    let owner = pdf.object(format!("<< /T (town) /Parent {group} 0 R >>"));
    let boxes = [
        ("First name", format!("/FT /Tx /T (a) /AP << /N {only_drawn} 0 R >>")),
        ("Last name", format!("/FT /Tx /T (b) /V () /AP << /N {empty_value} 0 R >>")),
        ("Town", format!("/Parent {owner} 0 R")),
        ("Area", "/FT /Ch /T (d) /I [1] /Opt [(East) (West)]".to_owned()),
        ("Shifts", "/FT /Ch /T (e) /V [(n) (d)] /Opt [[(n) (Nights)] [(d) (Days)]]".to_owned()),
        (
            "Reason",
            "/FT /Tx /T (f) /RV (<body><p>To <b>serve</b> &amp; learn</p></body>)".to_owned(),
        ),
        ("Post", format!("/FT /Tx /T (g) /V {long} 0 R")),
        ("Grade", "/FT /Tx /T (h) /V <FEFF00530069017700E2006E>".to_owned()),
    ];
    let document = form(pdf, &boxes, "");
    assert_eq!(
        lines(&document),
        [
            "First name\tJo",
            "Last name\tBell",
            "Town\tHull",
            "Area\tWest",
            "Shifts\tNights, Days",
            "Reason\tTo serve & learn",
            "Post\tI lead the duty team.",
            "I keep its rota.",
            "Grade\tSiŷân",
        ]
    );
    assert!(document.problems.is_empty(), "{:?}", document.problems);
}

#[test]
fn names_and_tips_of_fields_and_who_signed_are_found_outside_the_pages() {
    let mut pdf = Pdf::new();
    let signature = pdf.object(
        "<< /Type /Sig /ByteRange [0 1 2 3] /Name (Jo Bell) /Location (Hull) /ContactInfo (jo@example.com) >>",
    );
    let boxes = [
        ("Post", "/FT /Tx /T (answer_of_JoBell[0]) /TU (What Ms Bell does) /V (Clerk)".to_owned()),
        ("Signed", format!("/FT /Sig /T (sign) /V {signature} 0 R")),
    ];
    let document = form(pdf, &boxes, "");
    for expected in [
        (HiddenPlace::Metadata, "answer of Jo Bell"),
        (HiddenPlace::AltText, "What Ms Bell does"),
        (HiddenPlace::Metadata, "Jo Bell"),
        (HiddenPlace::Metadata, "Hull"),
        (HiddenPlace::Metadata, "jo@example.com"),
    ] {
        assert!(hidden(&document).contains(&expected), "{expected:?} in {:?}", hidden(&document));
    }
}

const TEMPLATE: &str = "<template><subform name='form1'>\
    <field name='Given'><caption><value><text>First name(s)</text></value></caption></field>\
    <field name='Why'><caption><value><text>Why this post?</text></value></caption></field></subform></template>";
const DATA: &str = "<xfa:datasets><xfa:data><form1><Given>Jo</Given><HomeTown>Hull</HomeTown>\
    <Why><body><p>I lead the duty team.</p><p>I keep its rota.</p></body></Why></form1></xfa:data></xfa:datasets>";

#[test]
fn a_form_that_only_its_program_draws_is_read_from_its_data() {
    for whole in [false, true] {
        let mut pdf = Pdf::new();
        let xfa = if whole {
            let packet = pdf.stream("", format!("<xdp:xdp>{TEMPLATE}{DATA}</xdp:xdp>"));
            format!("/XFA {packet} 0 R")
        } else {
            let (template, data) = (pdf.stream("", TEMPLATE), pdf.stream("", DATA));
            format!("/XFA [(template) {template} 0 R (datasets) {data} 0 R]")
        };
        let bytes = pdf
            .catalog(&format!("/AcroForm << /Fields [] {xfa} >>"))
            .page(line(60, 700, 12, "Please wait for your viewer."))
            .finish();
        let document = read(&bytes, None);
        assert_eq!(
            lines(&document),
            [
                "First name(s)\tJo",
                "Home Town\tHull",
                "Why this post?\tI lead the duty team.",
                "I keep its rota.",
            ]
        );
        assert_eq!(codes(&document), ["form_data"]);
        assert!(!document.is_withheld());
        assert!(
            hidden(&document).contains(&(HiddenPlace::Concealed, "Please wait for your viewer."))
        );
    }
}

#[test]
fn a_form_without_data_that_only_its_program_draws_is_withheld() {
    let mut pdf = Pdf::new();
    let template = pdf.stream("", TEMPLATE);
    let bytes = pdf
        .catalog(&format!("/AcroForm << /Fields [] /XFA [(template) {template} 0 R] >>"))
        .page(line(60, 700, 12, "Please wait for your viewer."))
        .finish();
    let document = read(&bytes, None);
    assert_eq!(codes(&document), ["dynamic_form"]);
    assert!(document.is_withheld());
}

#[test]
fn data_of_a_form_add_what_its_fields_do_not_hold() {
    let mut pdf = Pdf::new();
    let data = "<xfa:datasets><xfa:data><form1><Given>Jo</Given><Born>1990-02-01</Born>\
        <Post>Clerk</Post></form1></xfa:data></xfa:datasets>";
    let data = pdf.stream("", data);
    let boxes = [
        ("Given name", "/FT /Tx /T (Given[0]) /V (Jo)".to_owned()),
        ("Born on", "/FT /Tx /T (Born[0]) /V (1 February 1990)".to_owned()),
        ("Post held", "/FT /Tx /T (Post[0])".to_owned()),
    ];
    let document = form(pdf, &boxes, &format!("/XFA [(datasets) {data} 0 R]"));
    assert_eq!(
        lines(&document),
        ["Given name\tJo", "Born on\t1 February 1990", "Post held", "Post\tClerk"]
    );
    assert!(hidden(&document).contains(&(HiddenPlace::Concealed, "1990-02-01")));
    assert_eq!(codes(&document), ["form_data"]);
}
