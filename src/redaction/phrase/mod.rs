//! Word patterns of rules: `i am (a|an) [@nationality]`. Reads and compiles them ([`parse`]) and runs them on a
//! page ([`Program::run`]); does not know what a match is for. rules/README.md describes the language.

mod entrance;
mod index;
mod parse;
mod presence;
mod program;
mod run;

pub(super) use entrance::{Gate, PageSigns};
pub(super) use index::{Index, PageWays, Ways};
pub(super) use parse::{PhraseError, parse, parse_keep};
pub(super) use presence::{Needed, Parts, Present};
pub(super) use program::Program;
pub(super) use run::{Found, Tried, is_of};
