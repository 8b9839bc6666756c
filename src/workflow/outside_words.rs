//! What is said outside a document's visible words, as texts in which names are looked for: what the readers kept apart,
//! the file's own name, and the words that addresses are made of. Decides nothing about what is a name.

use crate::document::{DocumentText, HiddenPlace, HiddenText};

/// What names of files say beside the name.
const ABOUT_FILES: [&str; 22] = [
    "cv",
    "resume",
    "curriculum",
    "vitae",
    "application",
    "form",
    "letter",
    "cover",
    "covering",
    "supporting",
    "personal",
    "statement",
    "final",
    "copy",
    "draft",
    "version",
    "new",
    "updated",
    "of",
    "for",
    "by",
    "my",
];

/// Every text outside the visible words; after all of them, what links and the file's name may say in other words.
pub(super) fn texts(document: &DocumentText, file_name: Option<&str>) -> Vec<HiddenText> {
    let text = |place, text: String| HiddenText { place, text };
    let named = file_name.map(|name| text(HiddenPlace::FileName, name.to_owned()));
    let links = document.hidden.iter().filter(|hidden| hidden.place == HiddenPlace::Link);
    let spelled = links
        .filter_map(|link| spelled_out(&link.text))
        .map(|words| text(HiddenPlace::Link, words));
    let of_file = file_name.into_iter().flat_map(without_purpose);
    let of_file = of_file.map(|words| text(HiddenPlace::FileName, words));
    document.hidden.iter().cloned().chain(named).chain(spelled).chain(of_file).collect()
}

/// A file's name without what the file is for, and where two words are left, these the other way round.
fn without_purpose(file_name: &str) -> Vec<String> {
    let words: Vec<&str> = file_name
        .split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | ',' | '(' | ')'))
        .filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
        .filter(|word| !ABOUT_FILES.contains(&word.to_lowercase().as_str()))
        .collect();
    match words.as_slice() {
        [first, last] => vec![format!("{first} {last}"), format!("{last} {first}")],
        [_, _, _] => vec![words.join(" ")],
        _ => Vec::new(),
    }
}

/// The words of an address that may be somebody's name: "jo.bell" of an e-mail address, "jo-bell-82" of a profile.
fn spelled_out(link: &str) -> Option<String> {
    let link = link.split(['?', '#']).next()?;
    let local = match link.split_once('@') {
        Some((local, _)) => local.rsplit([':', '/']).next()?,
        None => {
            let path = link.split_once("://").map_or(link, |(_, rest)| rest);
            path.trim_end_matches('/').rsplit_once('/')?.1
        }
    };
    let words: Vec<String> = local
        .split(['.', '_', '-'])
        .filter(|word| !word.chars().all(|c| c.is_ascii_digit()))
        .map(capitalised)
        .collect();
    let plausible = (2..=4).contains(&words.len())
        && words.iter().all(|word| word.len() > 1 && word.chars().all(char::is_alphabetic));
    plausible.then(|| words.join(" "))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_may_be_made_of_a_name_are_spelled_out() {
        for (link, words) in [
            ("mailto:jo.bell@example.com?subject=x", Some("Jo Bell")),
            ("https://www.linkedin.com/in/jo-ann-bell-82/", Some("Jo Ann Bell")),
            ("https://example.com/", None),
            ("https://example.com/index.html", Some("Index Html")),
            ("mailto:jbell@example.com", None),
            ("jo_bell@example.com", Some("Jo Bell")),
            ("", None),
        ] {
            assert_eq!(spelled_out(link).as_deref(), words, "{link}");
        }
    }

    #[test]
    fn the_name_in_a_files_name_is_read_either_way_round() {
        for (file, names) in [
            ("Bell Jo CV 2026", vec!["Bell Jo", "Jo Bell"]),
            ("Jo Ann Bell - application", vec!["Jo Ann Bell"]),
            ("CV", vec![]),
            ("Cover letter for the post of team leader in housing", vec![]),
        ] {
            assert_eq!(without_purpose(file), names, "{file}");
        }
    }
}
