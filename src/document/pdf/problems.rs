//! What is said of a PDF beside its words, and which of it withholds the document. Words for people; no reading here.

use std::collections::BTreeMap;

use super::glyph::Unseen;
use crate::document::{DocumentProblem, limits};

/// Pages as they are named to people: `page 2`, `pages 1, 2 and 5`.
fn pages(numbers: &[usize]) -> String {
    let named: Vec<String> = numbers.iter().take(8).map(ToString::to_string).collect();
    match named.split_last() {
        None => "no page".to_owned(),
        Some((only, [])) => format!("page {only}"),
        Some((_, _)) if numbers.len() > named.len() => {
            format!("pages {} and {} more", named.join(", "), numbers.len() - named.len())
        }
        Some((last, others)) => format!("pages {} and {last}", others.join(", ")),
    }
}

pub(super) fn locked() -> DocumentProblem {
    DocumentProblem::withhold(
        "password_protected",
        "the PDF can only be opened with a password, so it is withheld; ask the applicant to save it again without one"
            .to_owned(),
    )
}

pub(super) fn damaged() -> DocumentProblem {
    DocumentProblem::withhold(
        "damaged",
        "the PDF is damaged and nothing in it can be read, so it is withheld; ask the applicant to save it again or to send the words as text"
            .to_owned(),
    )
}

pub(super) fn rebuilt() -> DocumentProblem {
    DocumentProblem::note(
        "repaired",
        "the PDF's table of contents was damaged and was made again from what was found in the file; parts may be missing or out of date"
            .to_owned(),
    )
}

pub(super) fn broken_pages() -> DocumentProblem {
    DocumentProblem::note(
        "damaged_pages",
        "the PDF's list of pages is damaged; pages may be missing or out of order".to_owned(),
    )
}

pub(super) fn no_pages() -> DocumentProblem {
    DocumentProblem::withhold(
        "damaged",
        "the PDF has no pages that can be read, so it is withheld; ask the applicant to save it again or to send the words as text"
            .to_owned(),
    )
}

pub(super) fn unreadable_parts(numbers: &[usize]) -> DocumentProblem {
    DocumentProblem::withhold(
        "unreadable_part",
        format!(
            "part of {} is damaged and could not be read, so the document is withheld; ask the applicant to save it again",
            pages(numbers)
        ),
    )
}

pub(super) fn too_many_pages() -> DocumentProblem {
    DocumentProblem::withhold(
        "too_many_pages",
        format!(
            "the PDF has more than {} pages; the rest was not read and the document is withheld: ask for a shorter one",
            limits::MOST_PAGES
        ),
    )
}

pub(super) fn too_complex() -> DocumentProblem {
    DocumentProblem::withhold(
        "too_complex",
        "the PDF draws, unpacks or repeats far more than an application needs, and reading it was stopped; it is withheld: ask the applicant for a plain PDF or for the words as text"
            .to_owned(),
    )
}

pub(super) fn pictures(numbers: &[usize]) -> DocumentProblem {
    DocumentProblem::withhold(
        "mostly_pictures",
        format!(
            "{} of the PDF: a picture or drawing with next to no text, as of a scan, so its words cannot be checked and the document is withheld; ask the applicant for the original document, or for the words as text",
            pages(numbers)
        ),
    )
}

pub(super) fn little_text(characters: usize, page_count: usize) -> DocumentProblem {
    DocumentProblem::withhold(
        "less_text_than_expected",
        format!(
            "the PDF has {characters} characters on {page_count} page(s), much less than its size suggests, so it is withheld; ask the applicant for the original document, or for the words as text"
        ),
    )
}

pub(super) fn recognised(numbers: &[usize]) -> DocumentProblem {
    DocumentProblem::note(
        "recognised_text",
        format!(
            "{} of the PDF: a picture, and its words come from character recognition; some may be wrong or missing",
            pages(numbers)
        ),
    )
}

pub(super) fn dynamic_form() -> DocumentProblem {
    DocumentProblem::withhold(
        "dynamic_form",
        "the PDF is a form that only the program that made it can show (XFA), so it is withheld; ask the applicant to print it to a new PDF"
            .to_owned(),
    )
}

/// Values that are in a form's data and on none of its pages.
pub(super) fn form_data(count: usize, dynamic: bool) -> DocumentProblem {
    let what = if dynamic {
        "the PDF is a form that only the program that made it can show (XFA)"
    } else {
        "the PDF is a form whose data hold more than its pages show (XFA)"
    };
    DocumentProblem::note(
        "form_data",
        format!(
            "{what}; {count} value(s) that were filled in were read from its data and stand with the names of their fields"
        ),
    )
}

pub(super) fn unreadable_font(unreadable: usize, withholds: bool) -> DocumentProblem {
    let what = format!(
        "{unreadable} character(s) of the PDF are drawn in fonts that do not say which letters they are, and stand as \u{fffd}"
    );
    if withholds {
        let advice = "it is withheld; ask the applicant to save it again from the original, or to send the words as text";
        DocumentProblem::withhold("damaged_characters", format!("{what}, so {advice}"))
    } else {
        DocumentProblem::note("damaged_characters", what)
    }
}

pub(super) fn attachments(count: usize) -> DocumentProblem {
    DocumentProblem::note(
        "attachments_left_out",
        format!(
            "the PDF carries {count} attached file(s), which were not read and are not passed on"
        ),
    )
}

/// Text that a reader of the page does not see, by reason.
pub(super) fn unseen(found: &BTreeMap<Unseen, (usize, Vec<usize>)>) -> Option<DocumentProblem> {
    let reasons: Vec<String> = Unseen::ALL
        .iter()
        .filter_map(|reason| {
            let (words, numbers) = found.get(reason)?;
            Some(format!("{words} word(s) on {} {}", pages(numbers), reason.reason()))
        })
        .collect();
    (!reasons.is_empty()).then(|| {
        DocumentProblem::note(
        "concealed_text",
            format!(
                "the PDF has text that its pages do not show: {}; it is kept and redacted like the rest",
                reasons.join("; ")
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_as_people_name_them() {
        for (numbers, named) in [
            (&[2][..], "page 2"),
            (&[1, 2, 5], "pages 1, 2 and 5"),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "pages 1, 2, 3, 4, 5, 6, 7, 8 and 2 more"),
        ] {
            assert_eq!(pages(numbers), named);
        }
    }
}
