//! Word patterns of rules: `i am (a|an) [@nationality]`. Reads and compiles them ([`parse`]) and runs them on a
//! page ([`Program::run`]); does not know what a match is for. rules/README.md describes the language.

mod parse;
mod program;

pub(super) use parse::parse;
pub(super) use program::{First, Found, Present, Program, Tried, is_of};
