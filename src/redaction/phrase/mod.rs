//! Word patterns of rules: `i am (a|an) [@nationality]`. Reads and compiles them ([`parse`]) and runs them on a
//! page ([`Program::run`]); does not know what a match is for. rules/README.md describes the language.

mod entrance;
mod parse;
mod presence;
mod program;
mod run;

pub(super) use entrance::{Entrance, Gate, Signs, entrances, signs_of, signs_of_lexicons};
pub(super) use parse::{PhraseError, parse, parse_keep};
pub(super) use presence::{Parts, Present, Slots};
pub(super) use program::{First, Program};
pub(super) use run::{Found, Tried, is_of};
