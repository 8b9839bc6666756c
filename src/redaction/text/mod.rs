//! An application as the rules see it: folded characters, words, lines, cells and zones, each with its place in the
//! original. Knows writing and page layout; knows no kind of redaction.

mod entries;
pub(super) mod fold;
pub(super) mod layout;
mod mojibake;
pub(super) mod token;
pub(super) mod view;
pub(super) mod vocabulary;
mod words;

pub(super) use layout::{Cell, Layout, Zone};
pub(super) use token::{Case, Gap, Shape, Token};
pub(super) use view::View;
pub(super) use vocabulary::{LexiconId, Vocabulary, WordId};

/// One text, read once.
pub(super) struct Page {
    /// Folded characters.
    pub view: View,
    /// Words, numbers, marks and holes.
    pub tokens: Vec<Token>,
    /// Lines, cells, zones.
    pub layout: Layout,
    /// For each token, the lexicon entries that begin there.
    chart: Vec<(u32, LexiconId, u8)>,
    chart_starts: Vec<u32>,
    /// For each token, the lexicons of those entries.
    members: Vec<Members>,
}

/// Lexicons as bits, those with a number below [`Members::KNOWN`].
#[derive(Default, Clone, Copy)]
struct Members {
    /// An entry begins here.
    starts: u128,
    /// An entry of one token stands here.
    alone: u128,
}

impl Members {
    const KNOWN: u16 = 128;
}

impl Page {
    /// Reads a text.
    pub fn read(text: &str, vocabulary: &Vocabulary) -> Self {
        let view = View::fold(text);
        let tokens = token::split(&view, vocabulary);
        let layout = Layout::read(&view, &tokens, vocabulary);
        let mut page = Self {
            view,
            tokens,
            layout,
            chart: Vec::new(),
            chart_starts: Vec::new(),
            members: Vec::new(),
        };
        page.draw_chart(vocabulary);
        page
    }

    /// Reads a text as if the whole of it stood in a zone: for trying a rule's examples.
    pub fn read_in(text: &str, vocabulary: &Vocabulary, zone: Option<&str>) -> Self {
        let mut page = Self::read(text, vocabulary);
        if let Some(zone) = zone.and_then(Zone::named) {
            page.layout.set_zone(zone);
        }
        page
    }

    fn draw_chart(&mut self, vocabulary: &Vocabulary) {
        self.chart_starts.reserve(self.tokens.len() + 1);
        self.members.reserve(self.tokens.len());
        self.chart.reserve(self.tokens.len() * 2);
        for at in 0..self.tokens.len() {
            self.chart_starts.push(self.chart.len() as u32);
            let mut members = Members::default();
            vocabulary.entries_at(&self.tokens, at, |lexicon, length| {
                self.chart.push((at as u32, lexicon, length));
                if lexicon.0 < Members::KNOWN {
                    let bit = 1 << lexicon.0;
                    members.starts |= bit;
                    members.alone |= if length == 1 { bit } else { 0 };
                }
            });
            self.members.push(members);
        }
        self.chart_starts.push(self.chart.len() as u32);
    }

    /// Lexicon entries that begin at a token: which lexicon, and how many tokens.
    pub fn entries(&self, at: usize) -> impl Iterator<Item = (LexiconId, usize)> + '_ {
        let start = self.chart_starts.get(at).copied().unwrap_or(0) as usize;
        let end = self.chart_starts.get(at + 1).copied().unwrap_or(0) as usize;
        self.chart
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .map(|(_, lexicon, length)| (*lexicon, usize::from(*length)))
    }

    /// Whether an entry of a lexicon begins at a token.
    pub fn starts(&self, at: usize, lexicon: LexiconId) -> bool {
        if lexicon.0 < Members::KNOWN {
            return self
                .members
                .get(at)
                .is_some_and(|members| members.starts >> lexicon.0 & 1 == 1);
        }
        self.entries(at).any(|(found, _)| found == lexicon)
    }

    /// Whether a token is by itself an entry of a lexicon.
    pub fn is_entry(&self, at: usize, lexicon: LexiconId) -> bool {
        if lexicon.0 < Members::KNOWN {
            return self.members.get(at).is_some_and(|members| members.alone >> lexicon.0 & 1 == 1);
        }
        self.has_entry(at, lexicon, 1)
    }

    /// Whether an entry of a lexicon that is this many tokens long begins at a token.
    pub fn has_entry(&self, at: usize, lexicon: LexiconId, length: usize) -> bool {
        self.starts(at, lexicon) && self.entries(at).any(|found| found == (lexicon, length))
    }

    /// The longest entry of a lexicon that begins at a token.
    pub fn longest(&self, at: usize, lexicon: LexiconId) -> Option<usize> {
        if !self.starts(at, lexicon) {
            return None;
        }
        self.entries(at).filter(|(found, _)| *found == lexicon).map(|(_, length)| length).max()
    }

    /// A token as folded text, in its own case.
    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| self.view.slice(token.start, token.end))
    }

    /// A token as folded text in lower case.
    pub fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| self.view.lower_slice(token.start, token.end))
    }

    /// Whether a token is this one mark.
    pub fn is_mark(&self, at: usize, mark: u8) -> bool {
        self.tokens.get(at).is_some_and(|token| token.shape == Shape::Mark(mark))
    }

    /// The token at an index.
    pub fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// Whether a token follows the one before it directly or after one space or line end.
    pub fn joined(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.gap <= Gap::Line)
    }

    /// Whether a token follows the one before it on the same line, after at most one space.
    pub fn beside(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.gap <= Gap::Space)
    }

    /// The zone of a token.
    pub fn zone(&self, at: usize) -> Zone {
        self.layout.zone(at)
    }
}
