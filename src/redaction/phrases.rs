//! Runs the word patterns of rules on a page. Knows no kind by name.

use std::ops::Range;

use super::hit::Hit;
use super::phrase::{Found, PageSigns, PageWays, Parts, Present, Tried, Ways};
use super::rules::{Rule, Rules};
use super::text::vocabulary::FastMap;
use super::text::{Page, WordId};
use crate::rulebook::Action;

/// What is known of a page when word patterns have been run on it.
pub(super) struct Survey {
    signs: PageSigns,
    reach: Reach,
    /// What the patterns of rules whose action is to keep cover, by first token and one past the last, each with the
    /// token at which the match began.
    kept: Vec<(usize, Range<usize>)>,
    /// What patterns of what is left alone matched, by their number and the token at which they were tried: finds that
    /// stand close together ask for the same.
    tried_keeps: FastMap<u64, Option<Found>>,
    tried: Tried,
}

/// So many trials of patterns of what is left alone are remembered; those of the next finds are close by.
const REMEMBERED: usize = 4096;

/// The parts of a page in which a match of each program can begin; worked out when first asked for.
struct Reach {
    present: Present,
    /// Of what rules leave alone first, then of the rules' own; [`UNKNOWN`] until asked for.
    programs: Vec<Parts>,
}

/// Not worked out yet; the same as "in every part", so that it is worked out again for the few of which that is true.
const UNKNOWN: Parts = Parts::MAX;

impl Reach {
    fn on(page: &Page, rules: &Rules) -> Self {
        let programs = vec![UNKNOWN; rules.needed.programs()];
        Self { present: Present::on(page, &rules.needed), programs }
    }

    /// Where a match of a program can begin.
    fn of(&mut self, rules: &Rules, number: usize) -> Parts {
        let Some(known) = self.programs.get_mut(number) else { return Parts::MAX };
        if *known == UNKNOWN {
            *known = rules.needed.may_match(number, &self.present);
        }
        *known
    }
}

/// Finds every match of every word pattern. `anchors` is called with the tokens of a name that a rule found.
pub(super) fn find(
    page: &Page,
    rules: &Rules,
    hits: &mut Vec<Hit>,
    mut anchors: impl FnMut(usize, usize),
) -> Survey {
    let survey = Survey {
        signs: PageSigns::of(page),
        reach: Reach::on(page, rules),
        kept: Vec::new(),
        tried_keeps: FastMap::default(),
        tried: Tried::default(),
    };
    let mut run = Runner { page, rules, survey, ways: PageWays::default() };
    for at in 0..page.tokens.len() {
        let word = page.token(at).map_or(WordId::UNKNOWN, |token| token.word);
        if word != WordId::UNKNOWN {
            run.all(at, 1, rules.index.of_word(word), hits, &mut anchors);
        }
        for (lexicon, length) in page.entries(at) {
            run.all(at, length, rules.index.of_lexicon(lexicon), hits, &mut anchors);
        }
        for (class, ways) in rules.index.by_class() {
            if super::phrase::is_of(page, at, class) {
                run.all(at, 1, ways, hits, &mut anchors);
            }
        }
    }
    run.survey
}

struct Runner<'a> {
    page: &'a Page,
    rules: &'a Rules,
    survey: Survey,
    ways: PageWays,
}

impl Runner<'_> {
    /// Runs every program whose match can go on with the tokens after the first, which is `length` long.
    fn all(
        &mut self,
        at: usize,
        length: usize,
        ways: Ways<'_>,
        hits: &mut Vec<Hit>,
        anchors: &mut impl FnMut(usize, usize),
    ) {
        let (rules, reach) = (self.rules, &mut self.survey.reach);
        let keeps = rules.keeps.len();
        let (mut from, to) = self.ways.among(ways, |number| reach.of(rules, keeps + number));
        if from == to {
            return;
        }
        let starts = self.page.layout.cell_at(at).is_some_and(|cell| cell.first == at);
        let part = reach.present.part(at);
        let signs = &self.survey.signs;
        let next = (signs.after(at + length), signs.after(at + length + 1));
        while let Some((number, then)) = self.ways.next((from, to), next, part, starts) {
            self.one(at, number, hits, anchors);
            from = then;
        }
    }

    fn one(
        &mut self,
        at: usize,
        number: usize,
        hits: &mut Vec<Hit>,
        anchors: &mut impl FnMut(usize, usize),
    ) -> Option<()> {
        let (page, rules) = (self.page, self.rules);
        let (rule, program) = rules.programs.get(number)?;
        let rule = rules.rules.get(*rule)?;
        let keeps = rule.action == Action::Keep;
        let elsewhere = !rule.zones.is_empty() && !rule.zones.contains(&page.zone(at));
        if elsewhere && !keeps {
            return None;
        }
        let found = program.run(page, &self.survey.signs, at, &mut self.survey.tried)?;
        if keeps {
            self.survey.kept.push((at, found.first..found.last));
        }
        if elsewhere
            || rule.score < NO_CAPTION && is_caption(page, found)
            || is_kept(page, rules, [rule.keep.clone()], found, &mut self.survey)
        {
            return None;
        }
        if rule.about.is_some_and(|about| !about.allows(page, rules, found.first, found.last)) {
            return None;
        }
        let hit = Hit::over(page, found.first, found.last, rule.kind, &rule.id)?;
        if rule.anchor {
            anchors(found.first, found.last);
        }
        let replacement =
            rule.replacement.clone().or_else(|| neutral_word(page, rules, rule, found));
        hits.push(Hit { action: rule.action, score: rule.score, replacement, ..hit });
        Some(())
    }
}

fn neutral_word(page: &Page, rules: &Rules, rule: &Rule, found: Found) -> Option<String> {
    if rule.action != Action::Neutralise {
        return None;
    }
    let (start, end) = (page.token(found.first)?.start, page.token(found.last - 1)?.end);
    let word = rules.neutral.get(page.view.lower_slice(start, end))?;
    Some(in_case_of(page.view.slice(start, end), word))
}

/// The word written as the one it replaces: in capitals, or with one, or with none.
pub(super) fn in_case_of(model: &str, word: &str) -> String {
    let capitals = model.len() > 1 && !model.chars().any(char::is_lowercase);
    if capitals {
        return word.to_uppercase();
    }
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if model.starts_with(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => word.to_owned(),
    }
}

/// Whether one of some `keep` patterns covers a find, or all of it but its article.
fn is_kept(
    page: &Page,
    rules: &Rules,
    keeps: impl IntoIterator<Item = Range<usize>>,
    found: Found,
    survey: &mut Survey,
) -> bool {
    let article = matches!(page.lower(found.first), "a" | "an" | "the" | "my" | "our" | "some");
    let head = if article && found.first + 1 < found.last { found.first + 1 } else { found.first };
    let earliest = found.first.saturating_sub(REACH);
    let near = survey.signs.together(earliest, head);
    let gates = |numbers: Range<usize>| {
        let own = rules.keep_gates.get(numbers.clone()).unwrap_or_default();
        numbers.zip(own).filter(|(_, gate)| gate.admits_any(near)).map(|(number, _)| number)
    };
    keeps.into_iter().flat_map(gates).any(|keep| {
        let parts = survey.reach.of(rules, keep);
        parts != 0
            && (earliest..=head).any(|at| {
                let may_begin = parts >> survey.reach.present.part(at) & 1 == 1;
                may_begin
                    && survey.keeps_at(page, rules, keep, at).is_some_and(|kept| {
                        kept.first <= head
                            && kept.end > head
                            && (kept.first + 1..=head)
                                .all(|at| page.beside(at) || !is_table(page, at))
                    })
            })
    })
}

/// Takes out the finds from `first_new` on that a keep pattern of any rule of their kind covers at their beginning, or
/// that begin inside what a rule whose action is to keep covers: what is work for the rules is work for the tagger too.
pub(super) fn drop_work(
    page: &Page,
    rules: &Rules,
    survey: &mut Survey,
    hits: &mut Vec<Hit>,
    first_new: usize,
) {
    let mut number = 0;
    hits.retain(|hit| {
        number += 1;
        if number <= first_new {
            return true;
        }
        let (first, last) = hit.tokens(page);
        let found = Found { first, last, end: last };
        let same = |rule: &&Rule| rule.kind == hit.kind && rule.action != Action::Keep;
        let keeps = rules.rules.iter().filter(same).map(|rule| rule.keep.clone());
        let is_work = is_kept(page, rules, keeps, found, survey);
        !is_work && !survey.is_in_kept_passage(first)
    });
}

/// How far before a find what keeps it may begin, in tokens.
const REACH: usize = 6;

impl Survey {
    /// What a pattern of what is left alone matches at a token.
    fn keeps_at(&mut self, page: &Page, rules: &Rules, keep: usize, at: usize) -> Option<Found> {
        if !rules.keep_gates.get(keep)?.admits(&self.signs, at) {
            return None;
        }
        let key = (keep as u64) << 32 | at as u64;
        if let Some(known) = self.tried_keeps.get(&key) {
            return *known;
        }
        let found = rules.keeps.get(keep)?.run(page, &self.signs, at, &mut self.tried);
        if self.tried_keeps.len() >= REMEMBERED {
            self.tried_keeps.clear();
        }
        self.tried_keeps.insert(key, found);
        found
    }

    /// Learns of everything that any rule keeps.
    pub fn learn_kept(&mut self, page: &Page, hits: &[Hit]) {
        let tokens = |hit: &Hit| {
            let (first, last) = hit.tokens(page);
            (first, first..last)
        };
        self.kept.extend(hits.iter().filter(|hit| hit.action == Action::Keep).map(tokens));
        self.kept.sort_by_key(|(begin, _)| *begin);
    }

    /// Whether a token stands in what a rule whose action is to keep covers.
    fn is_in_kept_passage(&self, token: usize) -> bool {
        let from = self.kept.partition_point(|(begin, _)| *begin < token.saturating_sub(REACH));
        let near = self.kept.get(from..).unwrap_or_default().iter();
        near.take_while(|(begin, _)| *begin <= token).any(|(_, passage)| passage.contains(&token))
    }
}

/// What a rule finds that is so sure is an answer even where it stands in a cell beside others: "Female   41   single".
const NO_CAPTION: f32 = 0.9;

/// "Religion: ...", "Disability | ...": the caption of a form's field tells nothing; its value is another matter.
fn is_caption(page: &Page, found: Found) -> bool {
    let starts = page.layout.cell_at(found.first).is_some_and(|cell| cell.first == found.first);
    let ends = page.is_mark(found.last, b':')
        || page.is_mark(found.last, b'|')
        || page.token(found.last).is_some_and(|next| next.gap == super::text::Gap::Wide);
    starts && ends && found.last - found.first <= 3 && is_form(page, found.first)
}

/// Whether a token stands in a part of the application that is filled in rather than written.
fn is_form(page: &Page, at: usize) -> bool {
    matches!(
        page.zone(at),
        super::text::Zone::Monitoring | super::text::Zone::Personal | super::text::Zone::Open
    )
}

/// Rows of an education table stand under each other without being one sentence.
fn is_table(page: &Page, at: usize) -> bool {
    page.zone(at) == super::text::Zone::Education
}
