//! OpenDocument texts, packed and flat: every word in order, and what the page does not show apart.

#![allow(clippy::unwrap_used, clippy::panic)]

mod document_support;

use document_support::{ODF, assert_sound, codes, hidden, mutate, odt, zip};
use evenhand::document::{HiddenPlace, read};

const STYLES: &str = "<style:style style:name='Quiet'><style:text-properties text:display='none'/></style:style>\
    <style:style style:name='Quieter' style:parent-style-name='Quiet'/>\
    <text:list-style style:name='L1'><text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>\
    <text:list-level-style-number text:level='2' style:num-format='a' style:num-suffix=')' text:display-levels='1'/></text:list-style>";

#[test]
fn visible_words_come_in_order() {
    for (what, body, expected) in [
        (
            "white space",
            "<text:p>  Dear\n   panel,<text:s text:c='2'/>yes<text:tab/>no<text:line-break/>end </text:p>",
            "Dear panel,  yes\tno\nend",
        ),
        (
            "spans and headings",
            "<text:h>Skills</text:h><text:p>a<text:span>b </text:span>c</text:p>",
            "Skills\nab c",
        ),
        (
            "a table",
            "<table:table><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell><table:covered-table-cell/>\
             <table:table-cell><text:p>Post</text:p><text:p>12</text:p></table:table-cell></table:table-row></table:table><text:p>after</text:p>",
            "Name\t\tPost\n12\nafter",
        ),
        (
            "a text box after its paragraph",
            "<text:p>before <draw:frame><draw:text-box><text:p>in the box</text:p></draw:text-box></draw:frame>after</text:p>",
            "before after\nin the box",
        ),
        (
            "a list",
            "<text:list text:style-name='L1'><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list></text:list-item>\
             <text:list-item><text:p>two</text:p><text:p>more</text:p></text:list-item></text:list><text:list><text:list-item><text:p>dot</text:p></text:list-item></text:list>",
            "1. one\na) inner\n2. two\nmore\n• dot",
        ),
        (
            "a footnote at the end",
            "<text:p>word<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note</text:p></text:note-body></text:note> goes on</text:p><text:p>next</text:p>",
            "word goes on\nnext\nA note",
        ),
        (
            "form controls",
            "<office:forms><form:form><form:text form:id='c1' form:current-value='Okafor'/><form:checkbox form:id='c2' form:label='Yes' form:current-state='checked'/>\
             <form:listbox form:id='c3'><form:option form:label='Mr'/><form:option form:label='Mx' form:current-selected='true'/></form:listbox></form:form></office:forms>\
             <text:p>Name <draw:control draw:control='c1'/> <draw:control draw:control='c2'/> <draw:control draw:control='c3'/></text:p>",
            "Name Okafor ☒ Yes Mx",
        ),
        (
            "fields of a form that came from Word",
            "<text:p>Drives <f:fieldmark xmlns:f='urn:openoffice:names:experimental:ooxml-odf-interop:xmlns:field:1.0' f:type='vnd.oasis.opendocument.field.FORMCHECKBOX'>\
             <f:param f:name='Checkbox_Checked' f:value='true'/></f:fieldmark> grade <f:fieldmark xmlns:f='urn:openoffice:names:experimental:ooxml-odf-interop:xmlns:field:1.0' \
             f:type='vnd.oasis.opendocument.field.FORMDROPDOWN'><f:param f:name='Dropdown_ListEntry' f:value='Low'/><f:param f:name='Dropdown_ListEntry' f:value='High'/>\
             <f:param f:name='Dropdown_Selected' f:value='1'/></f:fieldmark> dif\u{ad}ficult</text:p>",
            "Drives ☒ grade High difficult",
        ),
        (
            "ruby",
            "<text:p><text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>kana</text:ruby-text></text:ruby></text:p>",
            "漢字 (kana)",
        ),
        (
            "an index without its templates",
            "<text:table-of-content><text:table-of-content-source><text:index-title-template>T</text:index-title-template></text:table-of-content-source><text:index-body><text:p>Skills 1</text:p></text:index-body></text:table-of-content>",
            "Skills 1",
        ),
    ] {
        assert_eq!(read(&odt(body, STYLES, "", ""), None).text, expected, "{what}");
        let flat = format!(
            "<?xml version='1.0'?><office:document {ODF} office:mimetype='application/vnd.oasis.opendocument.text'>\
             <office:automatic-styles>{STYLES}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document>"
        );
        assert_eq!(read(flat.as_bytes(), None).text, expected, "{what}, flat");
    }
}

fn rich() -> Vec<u8> {
    odt(
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Ann Reviewer</dc:creator><dc:date>2024</dc:date></office:change-info>\
         <text:p>Delroy</text:p></text:deletion></text:changed-region></text:tracked-changes>\
         <text:p>Body <office:annotation><dc:creator>Mo Manager</dc:creator><dc:date>2024</dc:date><text:p>Is this Jo?</text:p></office:annotation>\
         <text:a xlink:href='mailto:jo@example.com'>write</text:a><text:span text:style-name='Quieter'> unseen</text:span>\
         <draw:frame draw:name='jbell.jpg'><draw:image xlink:href='Pictures/1.png'/><svg:desc>Jo smiling</svg:desc></draw:frame></text:p>\
         <text:section text:display='none'><text:p>whole section</text:p></text:section>",
        STYLES,
        "<style:master-page><style:header><text:p>Page header</text:p></style:header><style:footer><text:p>Page footer</text:p></style:footer></style:master-page>",
        "<dc:title>CV of Jo</dc:title><meta:initial-creator>Jo Bell</meta:initial-creator><dc:date>2024-01-01</dc:date>",
    )
}

#[test]
fn what_the_page_does_not_show_is_kept_apart() {
    let document = read(&rich(), None);
    assert_eq!(document.text, "Page header\nBody write\nPage footer");
    for (place, expected) in [
        (HiddenPlace::Title, vec!["CV of Jo"]),
        (HiddenPlace::Link, vec!["mailto:jo@example.com"]),
        (HiddenPlace::AltText, vec!["jbell.jpg", "Jo smiling"]),
        (HiddenPlace::Comment, vec!["Is this Jo?"]),
        (HiddenPlace::Metadata, vec!["Ann Reviewer", "Mo Manager", "Jo Bell"]),
        (HiddenPlace::Concealed, vec!["Delroy", "unseen", "whole section"]),
    ] {
        assert_eq!(hidden(&document, place), expected, "{place:?}");
    }
    assert_eq!(codes(&document), ["concealed_text", "pictures_left_out"]);
    let parts: Vec<&str> = document.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(parts, ["styles.xml", "content.xml", "styles.xml"]);
}

#[test]
fn locked_and_hostile_files_are_answered_with_a_reason() {
    const MIME: &[u8] = b"application/vnd.oasis.opendocument.text";
    let deep = format!(
        "<office:document-content {ODF}><office:body><office:text>{}",
        "<text:span>".repeat(4000)
    );
    let bomb = format!("<a>{}</a>", " ".repeat(30 << 20));
    for (what, content, manifest, code) in [
        ("locked", "<x/>", "<manifest:encryption-data/>", "password_protected"),
        ("doctype", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "", "forbidden_declaration"),
        ("depth", deep.as_str(), "", "nested_too_deep"),
        ("a bomb", bomb.as_str(), "", "unpacks_too_large"),
        ("cut", "<a><b>", "", "damaged"),
    ] {
        let bytes = zip(&[
            ("mimetype", MIME),
            ("content.xml", content.as_bytes()),
            ("META-INF/manifest.xml", manifest.as_bytes()),
        ]);
        let document = read(&bytes, None);
        assert!(codes(&document).contains(&code), "{what}: {:?}", document.problems);
        assert!(document.is_withheld(), "{what}");
    }
    assert_eq!(codes(&read(&zip(&[("mimetype", MIME)]), None)), ["damaged"]);
}

#[test]
fn damaged_documents_always_get_an_answer() {
    let whole = rich();
    for seed in 0..200 {
        assert_sound(&read(&mutate(&whole, seed), None), &format!("packed, seed {seed}"));
    }
    let flat = format!(
        "<?xml version='1.0'?><office:document {ODF} office:mimetype='application/vnd.oasis.opendocument.text'><office:body><office:text>\
         <text:list><text:list-item><text:p>one</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell table:number-columns-repeated='9999999'><text:p>x</text:p>\
         </table:table-cell></table:table-row></table:table></office:text></office:body></office:document>"
    );
    for seed in 0..200 {
        assert_sound(&read(&mutate(flat.as_bytes(), seed), None), &format!("flat, seed {seed}"));
    }
}
