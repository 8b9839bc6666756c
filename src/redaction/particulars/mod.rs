//! Particulars: short items between commas, full stops or slashes in which applicants say what they are. "British
//! Indian. 43. Gravesend. Married with twins." No item tells by itself that it is about the candidate ("Indian" may be
//! food, "43" a bus); several of different kinds side by side do. Knows lists and marks, no sentence.

mod row;

use super::hit::Hit;
use super::rules::Rules;
use super::text::{Case, Gap, LexiconId, Page, Shape, Zone};
use crate::rulebook::{Kind, RuleId};

/// An item has so many tokens at most.
const LONGEST: usize = 7;

/// How an applicant's ages are bounded.
const AGES: std::ops::RangeInclusive<u32> = 15..=79;

/// Compiled: the lists that items are looked up in, and the rule of each kind.
pub(super) struct Particulars {
    lists: Vec<(LexiconId, Kind)>,
    number_words: LexiconId,
    places: LexiconId,
    kin: LexiconId,
    months: LexiconId,
    declined: LexiconId,
    rules: Vec<(Kind, RuleId)>,
}

/// What an item says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    kind: Kind,
    /// Found before by another rule.
    known: bool,
}

struct Item {
    first: usize,
    last: usize,
    said: Option<Said>,
}

impl Particulars {
    pub fn new(rules: &Rules) -> Self {
        let named = |name: &str| rules.vocabulary.lexicon(name);
        let lists = [
            ("nationality", Kind::EthnicityNationality),
            ("visas", Kind::EthnicityNationality),
            ("languages", Kind::Language),
            ("faiths", Kind::Religion),
            ("conditions", Kind::DisabilityHealth),
            ("home_peoples", Kind::Place),
        ];
        let kinds = [
            Kind::Age,
            Kind::Gender,
            Kind::EthnicityNationality,
            Kind::Language,
            Kind::Religion,
            Kind::DisabilityHealth,
            Kind::Place,
            Kind::SexualOrientation,
            Kind::GenderReassignment,
            Kind::MaritalFamily,
            Kind::PregnancyMaternity,
            Kind::OtherProxy,
        ];
        Self {
            lists: lists
                .into_iter()
                .filter_map(|(name, kind)| named(name).map(|list| (list, kind)))
                .collect(),
            number_words: rules.lexicons.number_words,
            places: rules.lexicons.uk_places,
            kin: rules.lexicons.kin,
            months: rules.lexicons.months,
            declined: rules.lexicons.declined,
            rules: kinds
                .into_iter()
                .map(|kind| (kind, RuleId::new(&format!("particulars.{}", kind.as_str()))))
                .collect(),
        }
    }

    /// Marks the items of every list of particulars. `hits` holds what other rules found.
    pub fn find(&self, page: &Page, hits: &mut Vec<Hit>) {
        let mut covered = vec![None; page.tokens.len()];
        for hit in hits.iter() {
            let (first, last) = hit.tokens(page);
            for covered in covered.get_mut(first..last).unwrap_or_default() {
                *covered = Some(hit.kind);
            }
        }
        let mut run: Vec<Item> = Vec::new();
        for item in self.items(page, &covered) {
            let breaks = run.last().is_some_and(|before| {
                before.last > item.first
                    || page.token(item.first).is_some_and(|token| token.gap == Gap::Break)
            });
            let strangers = run.iter().rev().take_while(|item| item.said.is_none()).count();
            if breaks || strangers > 1 {
                self.mark(page, &run, hits);
                run.clear();
            }
            if item.said.is_some() || !run.is_empty() {
                run.push(item);
            }
        }
        self.mark(page, &run, hits);
        self.find_rows(page, hits);
    }

    /// Marks the items of a run that is a list of particulars.
    fn mark(&self, page: &Page, run: &[Item], hits: &mut Vec<Hit>) {
        let said: Vec<Said> = run.iter().filter_map(|item| item.said).collect();
        let mut groups: Vec<u8> = said.iter().map(|said| group(said.kind)).collect();
        groups.sort_unstable();
        groups.dedup();
        let of_a_person = said.iter().any(|said| {
            !matches!(
                said.kind,
                Kind::Age | Kind::EthnicityNationality | Kind::Language | Kind::Place
            )
        });
        // "43. Gravesend." may be a bus; with a third, or one that a rule or the tagger found, it is somebody.
        let sure = of_a_person || groups.len() >= 3 || said.iter().any(|said| said.known);
        if groups.len() < 2 || !sure || offers_choices(page, run) {
            return;
        }
        for item in run {
            let Some(Said { kind, known: false }) = item.said else { continue };
            hits.extend(self.hit(page, item.first, item.last, kind));
        }
    }

    fn hit(&self, page: &Page, first: usize, last: usize, kind: Kind) -> Option<Hit> {
        let (_, rule) = self.rules.iter().find(|(own, _)| *own == kind)?;
        Hit::over(page, first, last, kind, rule).map(|hit| hit.scored(0.6))
    }

    /// The items of a page: what stands between marks, line ends and the edges of cells.
    fn items(&self, page: &Page, covered: &[Option<Kind>]) -> Vec<Item> {
        let mut items = Vec::new();
        let mut first = 0;
        for at in 0..=page.tokens.len() {
            let mark = is_mark_between(page, at);
            let edge = at == page.tokens.len()
                || page.token(at).is_some_and(|token| token.gap >= Gap::Wide)
                || page.token(at).is_some_and(|token| token.gap == Gap::Line)
                    && page
                        .token(at)
                        .is_some_and(|token| !matches!(token.shape, Shape::Word(Case::Lower)));
            if !(mark || edge) {
                continue;
            }
            if first < at {
                items.push(self.item(page, covered, first, at));
            }
            first = if mark { at + 1 } else { at };
        }
        items
    }

    fn item(&self, page: &Page, covered: &[Option<Kind>], first: usize, last: usize) -> Item {
        let (first, last) = bare(page, first, last);
        let known = covered.get(first..last).unwrap_or_default().iter().flatten().next().copied();
        let work = matches!(page.zone(first), Zone::Employment | Zone::Referees);
        let said = if first >= last || work || is_caption(page, first, last) {
            None
        } else if let Some(kind) = known {
            is_clue(kind).then_some(Said { kind, known: true })
        } else if last - first > LONGEST {
            None
        } else {
            self.kind_of(page, first, last).map(|kind| Said { kind, known: false })
        };
        Item { first, last, said }
    }

    /// What an item says by itself.
    fn kind_of(&self, page: &Page, first: usize, last: usize) -> Option<Kind> {
        let lower = |at: usize| if at < last { page.lower(at) } else { "" };
        let count = last - first;
        if let Some(kind) = word_kind(lower(first), page.word(first), count) {
            return Some(kind);
        }
        if self.is_age(page, first, last) {
            return Some(Kind::Age);
        }
        if self.is_number(page, first) {
            let counted = first + 1;
            let digits = page.token(first).is_some_and(|token| token.shape == Shape::Number);
            if digits
                && lower(counted) == "weeks"
                && (count == 2 || lower(counted + 1) == "pregnant")
            {
                return Some(Kind::PregnancyMaternity);
            }
            if counted < last && self.is_kin(page, counted, last) {
                return Some(Kind::MaritalFamily);
            }
        }
        let alone = matches!(
            lower(first),
            "no" | "one"
                | "two"
                | "three"
                | "four"
                | "five"
                | "six"
                | "young"
                | "grown"
                | "a"
                | "my"
                | "our"
        );
        if alone && count >= 2 && self.is_kin(page, first + 1, last) {
            return Some(Kind::MaritalFamily);
        }
        if matches!(
            lower(first),
            "married" | "engaged" | "divorced" | "separated" | "widowed" | "single"
        ) && matches!(
            lower(first + 1),
            "to" | "with" | "since" | "now" | "from" | "and" | "twice" | "once" | "for"
        ) {
            return Some(Kind::MaritalFamily);
        }
        if lower(first) == "due" && (first + 1..last).any(|at| page.starts(at, self.months)) {
            return Some(Kind::PregnancyMaternity);
        }
        // Every word is of one list: "Polish and Russian", "White British".
        for (list, kind) in &self.lists {
            let mut at = first;
            while at < last {
                let joining = at > first
                    && matches!(lower(at), "and" | "&" | "-" | "also" | "too" | "some" | "fluent");
                // "Ms" is no illness.
                let shouted = page
                    .token(at)
                    .is_none_or(|token| token.len() > 3 || token.shape == Shape::Word(Case::Upper));
                match page.longest(at, *list).filter(|_| shouted || joining) {
                    Some(length) if at + length <= last => at += length,
                    _ if joining => at += 1,
                    _ => break,
                }
            }
            if at >= last {
                return Some(*kind);
            }
        }
        page.has_entry(first, self.places, count).then_some(Kind::Place)
    }

    /// "43", "forty-three", "aged 43", "mid-thirties", "27 in May", "sixty next birthday".
    fn is_age(&self, page: &Page, first: usize, last: usize) -> bool {
        let lower = |at: usize| if at < last { page.lower(at) } else { "" };
        let prefixed = matches!(
            lower(first),
            "aged" | "age" | "nearly" | "almost" | "just" | "turning" | "still"
        );
        let start = first + usize::from(prefixed);
        let band = matches!(lower(start), "mid" | "early" | "late");
        if band {
            return (start + 1..last).any(|at| {
                matches!(
                    lower(at),
                    "twenties"
                        | "thirties"
                        | "forties"
                        | "fifties"
                        | "sixties"
                        | "20s"
                        | "30s"
                        | "40s"
                        | "50s"
                        | "60s"
                )
            });
        }
        let end = match self.number_end(page, start, last) {
            Some(end) => end,
            None => return false,
        };
        end == last
            || matches!(lower(end), "years" | "yrs" | "next" | "this" | "last" | "in" | "now")
                && last - end <= 3
    }

    /// One past the last token of a number that may be somebody's age.
    fn number_end(&self, page: &Page, at: usize, last: usize) -> Option<usize> {
        if at >= last {
            return None;
        }
        let token = page.token(at)?;
        if token.shape == Shape::Number {
            let age = page.word(at).parse::<u32>().is_ok_and(|age| AGES.contains(&age));
            return (age && token.len() == 2).then_some(at + 1);
        }
        let length = page.longest(at, self.number_words)?;
        let word = page.lower(at);
        let long =
            word.len() > 4 && !matches!(word, "three" | "seven" | "eight" | "eleven" | "twelve");
        (long && at + length <= last).then_some(at + length)
    }

    fn is_number(&self, page: &Page, at: usize) -> bool {
        page.token(at).is_some_and(|token| token.shape == Shape::Number && token.len() <= 2)
            || page.starts(at, self.number_words)
    }

    /// "kids", "grown children", "girls at primary".
    fn is_kin(&self, page: &Page, first: usize, last: usize) -> bool {
        last - first <= 3
            && (first..last.min(first + 2)).any(|at| {
                page.starts(at, self.kin)
                    || matches!(
                        page.lower(at),
                        "kids"
                            | "kid"
                            | "children"
                            | "child"
                            | "sons"
                            | "daughters"
                            | "boys"
                            | "girls"
                            | "grandchildren"
                            | "grandkids"
                            | "grown"
                            | "dependants"
                            | "teenagers"
                            | "little ones"
                            | "bairns"
                    )
            })
    }
}

/// Items that are told by one word, perhaps with a few behind it.
fn word_kind(lower: &str, word: &str, count: usize) -> Option<Kind> {
    if count == 1 {
        let kind = match word {
            "M" | "F" => Some(Kind::Gender),
            "RC" | "CofE" => Some(Kind::Religion),
            _ => None,
        };
        if kind.is_some() {
            return kind;
        }
    }
    let kind = match lower {
        "male" | "female" | "man" | "woman" | "she" | "he" => Kind::Gender,
        "gay" | "lesbian" | "bi" | "bisexual" | "straight" | "heterosexual" | "queer" | "ace"
        | "asexual" | "pansexual" | "pan" | "hetero" | "het" => Kind::SexualOrientation,
        "trans" | "cis" | "cisgender" | "transgender" | "nonbinary" | "enby" | "genderqueer" => {
            Kind::GenderReassignment
        }
        "single" | "married" | "divorced" | "separated" | "widowed" | "widow" | "widower"
        | "engaged" | "cohabiting" | "childless" | "childfree" | "unmarried" | "remarried" => {
            Kind::MaritalFamily
        }
        "pregnant" | "expecting" => Kind::PregnancyMaternity,
        "practising" | "non-practising" | "atheist" | "agnostic" | "secular" | "lapsed" => {
            Kind::Religion
        }
        "naturalised" | "settled" | "ilr" => Kind::EthnicityNationality,
        _ => return None,
    };
    (count <= 1).then_some(kind)
}

/// Whether the rules' find may be about what the candidate is.
fn is_clue(kind: Kind) -> bool {
    group(kind) != OTHER
}

const OTHER: u8 = 9;

/// Kinds that stand for one another in lists of work: "Polish and Urdu interpreters", "gay and trans young people".
fn group(kind: Kind) -> u8 {
    match kind {
        Kind::Age => 1,
        Kind::Gender => 2,
        Kind::EthnicityNationality | Kind::Language | Kind::Place => 3,
        Kind::Religion => 4,
        Kind::DisabilityHealth => 5,
        Kind::SexualOrientation | Kind::GenderReassignment => 6,
        Kind::MaritalFamily | Kind::PregnancyMaternity => 7,
        _ => OTHER,
    }
}

/// "Male / Female", "Single / Married / Divorced": several answers of one kind are a form's choices.
fn offers_choices(page: &Page, run: &[Item]) -> bool {
    let words = |wanted: &[&str]| {
        run.iter()
            .filter(|item| item.said.is_some_and(|said| !said.known))
            .filter(|item| wanted.contains(&page.lower(item.first)))
            .count()
    };
    words(&["male", "female", "man", "woman", "m", "f"]) > 1
        || words(&["single", "married", "divorced", "separated", "widowed", "cohabiting"]) > 2
        || words(&["gay", "lesbian", "bisexual", "heterosexual", "straight", "bi"]) > 1
}

/// "Disabled    No": what fills a cell and has another beside it is a form's caption.
fn is_caption(page: &Page, first: usize, last: usize) -> bool {
    page.layout.cell_at(first).is_some_and(|cell| {
        (cell.first, cell.last) == (first, last)
            && page
                .layout
                .cell_at(last)
                .is_some_and(|next| next.line == cell.line && next.first == last)
    })
}

/// Whether a token parts items.
fn is_mark_between(page: &Page, at: usize) -> bool {
    let Some(token) = page.token(at) else { return false };
    let followed = page.token(at + 1).is_none_or(|next| next.gap > Gap::Joined);
    match token.shape {
        Shape::Mark(b'.' | b',' | b':' | b'/' | b'-') => followed,
        Shape::Mark(b';' | b'|' | b'(' | b')' | b'?' | b'!') | Shape::Symbol => true,
        _ => false,
    }
}

/// An item without the small words before what it says: "I am", "also", "and", "a".
fn bare(page: &Page, mut first: usize, mut last: usize) -> (usize, usize) {
    while first < last
        && matches!(
            page.lower(first),
            "i" | "am"
                | "'m"
                | "im"
                | "and"
                | "also"
                | "an"
                | "now"
                | "currently"
                | "a"
                | "still"
                | "-"
                | "*"
                | "'"
                | "\""
        )
        && last - first > 1
    {
        first += 1;
    }
    while first < last
        && (page.token(last - 1).is_some_and(|token| matches!(token.shape, Shape::Mark(_)))
            || matches!(page.lower(last - 1), "and" | "too"))
    {
        last -= 1;
    }
    (first, last)
}
