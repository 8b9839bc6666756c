//! The candidate's name in the names of files: "CV_Ana-Sousa.pdf". Reads; adds nothing and removes nothing.

use super::super::person_name;
use super::super::rules::Rules;
use super::super::text::{Gap, Page, Token, WordId};
use super::AnchorIndex;

/// Words of file names.
const FILE_TYPES: [&str; 14] = [
    "pdf", "doc", "docx", "odt", "rtf", "txt", "jpg", "jpeg", "png", "zip", "pages", "tif", "tiff",
    "xlsx",
];

/// Whether a token is a file's type, behind a full stop.
pub(super) fn is_file_type(page: &Page, at: usize) -> bool {
    at >= 2
        && FILE_TYPES.contains(&page.lower(at))
        && page.is_mark(at - 1, b'.')
        && page.token(at).is_some_and(|t| t.gap == Gap::Joined)
}

/// Words in the names of files that candidates send of themselves.
const OWN_PAPERS: [&str; 16] = [
    "cv",
    "resume",
    "application",
    "app",
    "form",
    "statement",
    "cover",
    "covering",
    "letter",
    "personal",
    "supporting",
    "passport",
    "certificate",
    "cert",
    "licence",
    "degree",
];

/// The name in a file name: words joined by hyphens or underscores, of which one is listed, before a type.
pub(super) fn find(
    page: &Page,
    rules: &Rules,
    index: &AnchorIndex,
    found: &mut Vec<(usize, usize)>,
) {
    for at in 2..page.tokens.len() {
        if !is_file_type(page, at) {
            continue;
        }
        let mut first = at - 1;
        while first > 0
            && page.token(first).is_some_and(|t| t.gap == Gap::Joined)
            && at - first < 24
        {
            first -= 1;
        }
        let names: Vec<usize> = (first..at - 1)
            .filter(|i| {
                page.token(*i).is_some_and(|t| t.is_word() && t.len() > 2)
                    && !person_name::is_ordinary(page, rules, *i)
                    && !page.starts(*i, rules.lexicons.wordlike)
                    && (person_name::is_listed_in_any_case(page, rules, *i)
                        || index.word(page.lower(*i)).is_some())
            })
            .collect();
        // One known word vouches for the strangers joined to it. Where the name is known, a file that bears another and
        // is no paper of the candidate's ("Balfour.pdf") says nothing of it.
        let own = |i: &usize| {
            let word = page.lower(*i);
            index.word(word).is_some() || word.len() > 4 && index.resembles(word)
        };
        let paper = || (first..at - 1).any(|i| OWN_PAPERS.contains(&page.lower(i)));
        if names.is_empty() || !index.is_partial && !names.iter().any(own) && !paper() {
            continue;
        }
        let near = |i: usize| names.iter().any(|name| name.abs_diff(i) == 2);
        // "ALP_nomination.docx": beside capitals, small letters are no name.
        let capitals = (first..at - 1).any(|i| page.token(i).is_some_and(Token::is_capital));
        for i in first..at - 1 {
            let stranger = page.token(i).is_some_and(|t| {
                t.is_word()
                    && t.len() > 4
                    && t.word == WordId::UNKNOWN
                    && (t.is_capital() || !capitals)
                    && !page.word(i).bytes().any(|b| b.is_ascii_digit())
            });
            if names.contains(&i) || stranger && near(i) {
                found.push((i, i + 1));
            }
        }
    }
}
