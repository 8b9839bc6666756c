//! User names, file names and web addresses that are made of the name: "lamb_rosemary", "jm.villanueva",
//! "raymond-km-wong". Words that mean something else too count here, because a name stands in such places.

use super::super::text::{Case, Gap, Page, Shape, WordId};
use super::AnchorIndex;

/// What one word of a slug is for the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// A name word, or made of the name.
    Name,
    /// A name word that is an ordinary one too.
    Wordlike,
    /// First letters of the name.
    Initials,
    /// A number, or a word that no rule knows.
    Stranger,
    /// Anything else.
    Other,
}

/// The longest slug that is read, in tokens.
const LONGEST: usize = 24;

/// Calls `found` with the tokens of every part of a slug that holds the name.
pub(super) fn find(page: &Page, index: &AnchorIndex, mut found: impl FnMut(usize, usize)) {
    let mut at = 0;
    while at < page.tokens.len() {
        let end = slug_end(page, at);
        if end > at + 1 && is_written_as_slug(page, at, end) {
            in_slug(page, index, at, end, &mut found);
        } else if end == at + 1 {
            alone(page, index, at, &mut found);
        }
        at = end.max(at + 1);
    }
}

/// One past the last token of words joined by hyphens, underscores and full stops.
fn slug_end(page: &Page, first: usize) -> usize {
    let word = |at: usize| page.token(at).is_some_and(|t| t.is_word() || t.shape == Shape::Number);
    let joined = |at: usize| page.token(at).is_some_and(|t| t.gap == Gap::Joined);
    if !word(first) {
        return first;
    }
    let mut end = first + 1;
    while end - first < LONGEST {
        let mut next = end;
        while joined(next) && is_joint(page, next) {
            next += 1;
        }
        if next > end + 2 || !joined(next) || !word(next) || page.lower(next) == "'s" {
            break;
        }
        end = next + 1;
    }
    end
}

fn is_joint(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|t| matches!(t.shape, Shape::Mark(b'-' | b'_' | b'.')))
}

/// Whether joined words are written as people write file and user names, not as they write double names.
fn is_written_as_slug(page: &Page, first: usize, end: usize) -> bool {
    let underscore = (first..end).any(|at| page.is_mark(at, b'_'));
    let small = (first..end).all(|at| page.token(at).is_none_or(|t| !t.is_capital()));
    let number = page.token(end - 1).is_some_and(|t| t.shape == Shape::Number);
    underscore || small || number || is_in_address(page, first, end)
}

/// Whether a slug stands behind an at sign or slash, or before a file's type.
fn is_in_address(page: &Page, first: usize, end: usize) -> bool {
    let joined = |at: usize| page.token(at).is_some_and(|t| t.gap == Gap::Joined);
    let before = first > 0
        && joined(first)
        && (page.is_mark(first - 1, b'@') || page.is_mark(first - 1, b'/'));
    before
        || joined(end) && page.is_mark(end, b'@')
        || super::file_names::is_file_type(page, end - 1)
}

fn in_slug(
    page: &Page,
    index: &AnchorIndex,
    first: usize,
    end: usize,
    found: &mut impl FnMut(usize, usize),
) {
    let pieces: Vec<(usize, Piece)> = (first..end)
        .filter(|at| page.token(*at).is_some_and(|t| t.is_word() || t.shape == Shape::Number))
        .map(|at| (at, piece(page, index, at)))
        .collect();
    let count = |wanted: Piece| pieces.iter().filter(|(_, piece)| *piece == wanted).count();
    let (names, wordlike) = (count(Piece::Name), count(Piece::Wordlike));
    let sure = names > 0 || wordlike > 1 || wordlike > 0 && count(Piece::Initials) > 0;
    if !sure {
        return;
    }
    // "user bao_mechanic", "GitHub: tomas-draws-maps": such a word has one owner, and all of it is theirs.
    if is_user_name(page, first) {
        found(first, end);
        return;
    }
    let mut from = 0;
    while from < pieces.len() {
        let run = pieces
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|(_, piece)| *piece != Piece::Other)
            .count();
        let part = pieces.get(from..from + run).unwrap_or_default();
        let named = part.iter().any(|(_, p)| matches!(p, Piece::Name | Piece::Wordlike));
        if let (true, Some((one, _)), Some((last, _))) = (named, part.first(), part.last()) {
            found(*one, *last + 1);
        }
        from += run.max(1);
    }
}

/// Whether a slug is called a user name before it.
fn is_user_name(page: &Page, first: usize) -> bool {
    (first.saturating_sub(3)..first).any(|at| {
        matches!(
            page.lower(at),
            "user"
                | "username"
                | "login"
                | "github"
                | "gitlab"
                | "handle"
                | "mastodon"
                | "instagram"
                | "twitter"
                | "discord"
                | "skype"
                | "signal"
                | "telegram"
                | "account"
                | "posts"
        )
    }) && (first == 0 || page.token(first).is_some_and(|t| t.gap <= Gap::Space))
}

/// "R_Gill_was_Sandhu", "Profile_Deniz": words that join names in file names.
fn joins_names(word: &str) -> bool {
    matches!(
        word,
        "was"
            | "nee"
            | "formerly"
            | "now"
            | "aka"
            | "or"
            | "and"
            | "ne"
            | "ex"
            | "prev"
            | "profile"
    )
}

fn piece(page: &Page, index: &AnchorIndex, at: usize) -> Piece {
    let Some(token) = page.token(at) else { return Piece::Other };
    let lower = page.lower(at);
    if token.shape == Shape::Number {
        return Piece::Stranger;
    }
    if lower == "cv" || super::file_names::is_file_type(page, at) {
        return Piece::Other;
    }
    match index.word(lower) {
        Some(anchor) if !anchor.wordlike => return Piece::Name,
        Some(_) => return Piece::Wordlike,
        None => {}
    }
    let initials = token.len() <= 4 && lower.chars().all(|letter| index.has_initial(letter));
    if initials {
        return Piece::Initials;
    }
    if token.len() <= 2 {
        return Piece::Stranger;
    }
    if joins_names(lower) {
        return Piece::Stranger;
    }
    if token.word == WordId::UNKNOWN {
        let made = index.composes(lower, true) || token.len() >= 5 && index.is_misspelt(lower);
        return if made { Piece::Name } else { Piece::Stranger };
    }
    Piece::Other
}

/// One word: "RLamb", "AkosuaB", "@vpapanik", "kosei".
fn alone(page: &Page, index: &AnchorIndex, at: usize, found: &mut impl FnMut(usize, usize)) {
    let Some(token) = page.token(at).filter(|t| t.is_word() && t.len() >= 4) else { return };
    let lower = page.lower(at);
    let digits = lower.ends_with(|c: char| c.is_ascii_digit());
    let mixed = token.shape == Shape::Word(Case::Mixed);
    let handle = mixed || digits || is_in_address(page, at, at + 1);
    if (handle || token.word == WordId::UNKNOWN && index.word(lower).is_none())
        && index.composes(lower, handle)
    {
        found(at, at + 1);
    }
}
