//! Reads a word pattern and compiles it. Knows the language, not the pages it runs on.

use super::super::text::{Vocabulary, WordId};
use super::program::{Class, Program, Step};

/// Why a word pattern cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// `@name` without a file of that name.
    #[error("there is no lexicon \"{0}\"; lexicons are the files rules/lexicons/*.txt")]
    UnknownLexicon(String),
    /// `<name>` that is no class.
    #[error(
        "there is no class <{0}>; the classes are <word> <cap> <new> <initial> <lower> <num> <nn> <age> <year> <oldyear> <rest> <sentence> <start> <end>"
    )]
    UnknownClass(String),
    /// A bracket without its partner.
    #[error("a bracket is not closed or not opened: \"{0}\"")]
    Unbalanced(String),
    /// Nothing to look for.
    #[error("the pattern, or a part of it in parentheses, is empty: \"{0}\"")]
    Empty(String),
    /// A choice that is no choice: one of its alternatives may be nothing at all.
    #[error(
        "an alternative in parentheses may be nothing, so the choice finds nothing: \"{0}\"; write (a|b)? for a choice that may be left out, and both forms of a word where its ending may differ"
    )]
    EmptyChoice(String),
    /// More steps than a program may have.
    #[error("the pattern is too long: \"{0}\"")]
    TooLong(String),
}

/// Reads and compiles a pattern; its words become part of the vocabulary.
pub fn parse(text: &str, vocabulary: &mut Vocabulary) -> Result<Program, PhraseError> {
    compile(Parser { text, at: 0, vocabulary, keep: false })
}

/// The same for what a rule leaves alone. There an alternative of one word that may be left out would keep nothing,
/// and is refused.
pub fn parse_keep(text: &str, vocabulary: &mut Vocabulary) -> Result<Program, PhraseError> {
    compile(Parser { text, at: 0, vocabulary, keep: true })
}

fn compile(mut parser: Parser<'_, '_>) -> Result<Program, PhraseError> {
    let text = parser.text;
    let node = parser.alternatives()?;
    if parser.at < text.len() {
        return Err(PhraseError::Unbalanced(text.to_owned()));
    }
    let mut sets = Vec::new();
    let mut steps = Vec::new();
    emit(&node, &mut steps, &mut sets);
    steps.push(Step::Done);
    if steps.len() > usize::from(u16::MAX) {
        return Err(PhraseError::TooLong(text.to_owned()));
    }
    let program = Program::new(steps, sets);
    if program.entrances.is_empty() {
        return Err(PhraseError::Empty(text.to_owned()));
    }
    Ok(program)
}

enum Node {
    Steps(Vec<Step>),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Repeat(Box<Node>, usize, usize),
    Passage(Box<Node>),
}

impl Node {
    /// Whether it is words that may all be left out: `word?`.
    fn is_optional_word(&self) -> bool {
        match self {
            Self::Sequence(nodes) => nodes.iter().all(Self::is_optional_word),
            Self::Repeat(inner, 0, 1) => {
                matches!(&**inner, Self::Steps(steps) if matches!(steps.as_slice(), [Step::Word(..)]))
            }
            _ => false,
        }
    }
}

struct Parser<'a, 'v> {
    text: &'a str,
    at: usize,
    vocabulary: &'v mut Vocabulary,
    /// Whether the pattern says what a rule leaves alone.
    keep: bool,
}

impl<'a> Parser<'a, '_> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn alternatives(&mut self) -> Result<Node, PhraseError> {
        let mut options = vec![self.sequence()?];
        while self.rest().starts_with('|') {
            self.at += 1;
            options.push(self.sequence()?);
        }
        if self.keep && options.len() > 1 && options.iter().any(Node::is_optional_word) {
            return Err(PhraseError::EmptyChoice(self.text.to_owned()));
        }
        Ok(if options.len() == 1 { options.remove(0) } else { Node::Either(options) })
    }

    fn sequence(&mut self) -> Result<Node, PhraseError> {
        let mut nodes = Vec::new();
        loop {
            self.at = self.text.len() - self.rest().trim_start().len();
            match self.rest().chars().next() {
                None | Some(')' | ']' | '|') => break,
                Some('(') => nodes.push(self.bracket(')')?),
                Some('[') => {
                    let inner = self.bracket(']')?;
                    nodes.push(Node::Passage(Box::new(inner)));
                }
                Some('<') => nodes.push(self.class()?),
                Some('@') => nodes.push(self.lexicon()?),
                Some(_) => {
                    let words = self.words();
                    nodes.push(self.plural(words));
                }
            }
            self.repeat(&mut nodes);
        }
        if nodes.is_empty() {
            return Err(PhraseError::Empty(self.text.to_owned()));
        }
        Ok(Node::Sequence(nodes))
    }

    fn bracket(&mut self, close: char) -> Result<Node, PhraseError> {
        self.at += 1;
        let inner = self.alternatives()?;
        if !self.rest().starts_with(close) {
            return Err(PhraseError::Unbalanced(self.text.to_owned()));
        }
        self.at += 1;
        Ok(inner)
    }

    fn class(&mut self) -> Result<Node, PhraseError> {
        let end = self.rest().find('>').ok_or(PhraseError::Unbalanced(self.text.to_owned()))?;
        let name = self.rest().get(1..end).unwrap_or("");
        self.at += end + 1;
        let step = match name {
            "word" => Step::Class(Class::Word),
            "cap" => Step::Class(Class::Capital),
            "new" => Step::Class(Class::Stranger),
            "initial" => Step::Class(Class::Initial),
            "lower" => Step::Class(Class::Lower),
            "num" => Step::Class(Class::Number),
            "nn" => Step::Class(Class::TwoDigits),
            "age" => Step::Class(Class::Age),
            "year" => Step::Class(Class::Year),
            "oldyear" => Step::Class(Class::OldYear),
            "rest" => Step::Rest(false),
            "sentence" => Step::Rest(true),
            "start" => Step::LineStart,
            "end" => Step::LineEnd,
            _ => return Err(PhraseError::UnknownClass(name.to_owned())),
        };
        Ok(Node::Steps(vec![step]))
    }

    fn lexicon(&mut self) -> Result<Node, PhraseError> {
        let name: String =
            self.rest().chars().skip(1).take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        self.at += 1 + name.len();
        match self.vocabulary.lexicon(&name) {
            Some(lexicon) => Ok(Node::Steps(vec![Step::Lexicon(lexicon)])),
            None => Err(PhraseError::UnknownLexicon(name)),
        }
    }

    fn words(&mut self) -> Node {
        // A mark that means something here is written as a mark after a backslash.
        let escaped = self.rest().starts_with('\\');
        if escaped {
            self.at += 1;
        }
        let rest = self.rest();
        let one = rest.chars().next().map_or(1, char::len_utf8);
        let end = if escaped { one } else { rest.find(ends_words).unwrap_or(rest.len()).max(one) };
        let text = rest.get(..end).unwrap_or("");
        self.at += end;
        // A contraction's ending by itself; the tokenizer sees it as one word after another.
        if matches!(text, "'s" | "'m" | "'re" | "'ve" | "'ll" | "'d" | "'t") {
            return Node::Steps(vec![Step::Word(self.vocabulary.learn(text), false)]);
        }
        let words = self.vocabulary.learn_text(text);
        Node::Steps(words.into_iter().map(|(word, capital)| Step::Word(word, capital)).collect())
    }

    /// `years?` is the plural or the singular; elsewhere a question mark makes the whole word optional.
    fn plural(&mut self, words: Node) -> Node {
        let before = self.text.get(..self.at).unwrap_or("");
        let start = before.rfind(|c: char| !c.is_alphabetic()).map_or(0, |at| at + 1);
        let word = before.get(start..).unwrap_or("");
        let apart = !before.get(..start).unwrap_or("").ends_with('\'');
        match word.strip_suffix('s') {
            Some(singular) if singular.len() >= 2 && apart && self.rest().starts_with('?') => {
                self.at += 1;
                let steps = self.vocabulary.learn_text(singular).into_iter();
                let singular = steps.map(|(word, capital)| Step::Word(word, capital)).collect();
                Node::Either(vec![words, Node::Steps(singular)])
            }
            _ => words,
        }
    }

    fn repeat(&mut self, nodes: &mut Vec<Node>) {
        let (min, max, length) = match self.rest().chars().next() {
            Some('?') => (0, 1, 1),
            Some('*') => (0, 6, 1),
            Some('+') => (1, 6, 1),
            Some('{') => match self.bounds() {
                Some(bounds) => bounds,
                None => return,
            },
            _ => return,
        };
        self.at += length;
        if let Some(last) = nodes.pop() {
            nodes.push(Node::Repeat(Box::new(last), min, max));
        }
    }

    fn bounds(&self) -> Option<(usize, usize, usize)> {
        let end = self.rest().find('}')?;
        let inner = self.rest().get(1..end)?;
        let (min, max) = inner.split_once(',').unwrap_or((inner, inner));
        Some((min.parse().ok()?, max.parse::<usize>().ok()?.min(12), end + 1))
    }
}

/// Whether a character of a pattern is none of its words.
fn ends_words(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '(' | ')' | '[' | ']' | '|' | '<' | '>' | '@' | '?' | '{' | '*' | '+' | '\\')
}

/// Words of a set, each with whether it must have a capital.
type WordSet = Vec<(WordId, bool)>;

fn emit(node: &Node, steps: &mut Vec<Step>, sets: &mut Vec<WordSet>) {
    match node {
        Node::Steps(plain) => steps.extend(plain),
        Node::Sequence(nodes) => nodes.iter().for_each(|node| emit(node, steps, sets)),
        Node::Passage(inner) => {
            steps.push(Step::Open);
            emit(inner, steps, sets);
            steps.push(Step::Close);
        }
        Node::Either(options) => emit_either(options, steps, sets),
        Node::Repeat(inner, min, max) => {
            (0..*min).for_each(|_| emit(inner, steps, sets));
            let mut splits = Vec::new();
            for _ in *min..*max {
                splits.push(steps.len());
                steps.push(Step::Split(0, 0));
                emit(inner, steps, sets);
            }
            let end = steps.len() as u16;
            for split in splits {
                patch(steps, split, Step::Split(split as u16 + 1, end));
            }
        }
    }
}

/// Alternatives of one word each become one look-up in a set; longer ones are tried first, one by one.
fn emit_either(options: &[Node], steps: &mut Vec<Step>, sets: &mut Vec<WordSet>) {
    let (words, longer): (Vec<&Node>, Vec<&Node>) =
        options.iter().partition(|option| single_word(option).is_some());
    let mut set: WordSet = words.into_iter().filter_map(single_word).collect();
    // Where a word stands with and without a capital, the one without asks for less.
    set.sort_unstable();
    set.dedup_by_key(|(word, _)| *word);
    let mut jumps = Vec::new();
    for (index, option) in longer.iter().enumerate() {
        let last = set.is_empty() && index + 1 == longer.len();
        let split = steps.len();
        if !last {
            steps.push(Step::Split(0, 0));
        }
        emit(option, steps, sets);
        if !last {
            jumps.push(steps.len());
            steps.push(Step::Jump(0));
            let next = steps.len() as u16;
            patch(steps, split, Step::Split(split as u16 + 1, next));
        }
    }
    if !set.is_empty() {
        steps.push(Step::OneOf(sets.len() as u16));
        sets.push(set);
    }
    let end = steps.len() as u16;
    jumps.into_iter().for_each(|jump| patch(steps, jump, Step::Jump(end)));
}

fn single_word(node: &Node) -> Option<(WordId, bool)> {
    match node {
        Node::Steps(steps) => match steps.as_slice() {
            [Step::Word(word, capital)] => Some((*word, *capital)),
            _ => None,
        },
        Node::Sequence(nodes) => match nodes.as_slice() {
            [one] => single_word(one),
            _ => None,
        },
        _ => None,
    }
}

fn patch(steps: &mut [Step], at: usize, step: Step) {
    if let Some(place) = steps.get_mut(at) {
        *place = step;
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::text::Page;
    use super::super::{PageSigns, Tried};
    use super::*;

    fn found(pattern: &str, text: &str) -> Option<String> {
        let mut vocabulary = Vocabulary::default();
        let lexicon = vocabulary.learn_lexicon("nation");
        for entry in ["Polish", "South African", "South"] {
            vocabulary.learn_entry(lexicon, entry);
        }
        vocabulary.put_entries_in_order();
        let program = parse(pattern, &mut vocabulary).unwrap();
        let page = Page::read(text, &vocabulary);
        let signs = PageSigns::of(&page);
        let found = (0..page.tokens.len())
            .find_map(|at| program.run(&page, &signs, at, &mut Tried::default()))?;
        let words: Vec<&str> = (found.first..found.last).map(|at| page.word(at)).collect();
        Some(words.join(" "))
    }

    #[test]
    fn patterns_find_the_passage_they_describe() {
        for (pattern, text, expected) in [
            ("i am [@nation]", "Well, I am South African.", Some("South African")),
            ("i am [@nation]", "I am polish", None),
            ("i'm (a|an) [<word>]", "I'm a nurse", Some("nurse")),
            ("have [<num> children?] <end>", "I have 3 children", Some("3 children")),
            ("[came to <rest>]", "I came to Leeds from Hull, and", Some("came to Leeds from Hull")),
            ("born in <word>{0,2} [<oldyear>]", "born in late May 1977", Some("1977")),
            ("<start> [<cap>+] <end>", "JANE DOE\nx", Some("JANE DOE")),
            ("May", "in may", None),
            ("two [years?]", "two year plan", Some("year")),
        ] {
            assert_eq!(found(pattern, text).as_deref(), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let mut vocabulary = Vocabulary::default();
        for (pattern, error) in [
            ("@x", "no lexicon"),
            ("<x>", "no class"),
            ("(a", "bracket"),
            ("a ) b", "bracket"),
            ("a (|b)", "empty"),
        ] {
            let message = parse(pattern, &mut vocabulary).unwrap_err().to_string();
            assert!(message.contains(error), "{pattern}: {message}");
        }
        let message = parse_keep("a (b?|c) d", &mut vocabulary).unwrap_err().to_string();
        assert!(message.contains("may be nothing"), "{message}");
        assert!(parse_keep("a (b|c)? d (ends?|e)", &mut vocabulary).is_ok());
    }
}
