//! `rules/characteristics/*.toml`: characteristics, their categories, the labels that people write for them, and
//! groupings into broader ones. Maps labels; it does not count or compare.

mod headers;
mod load;

use std::collections::{BTreeSet, HashMap};

use headers::Headers;
pub use headers::YesAndNo;
pub(super) use load::load;

use crate::domain::{CategoryId, CharacteristicId, NOT_ASKED, PREFER_NOT_TO_SAY, UNMAPPED};

/// Every characteristic of a rule set.
#[derive(Debug, Clone, Default)]
pub struct Characteristics {
    list: Vec<Characteristic>,
    headers: Headers,
    undeclared: HashMap<String, CategoryId>,
}

/// One characteristic.
#[derive(Debug, Clone)]
pub struct Characteristic {
    /// Its identifier, e.g. `ethnic_group`.
    pub id: CharacteristicId,
    /// What people read.
    pub label: String,
    /// Its categories, in the order in which they are shown.
    pub categories: Vec<Category>,
    /// The category that a policy compares with when it fixes one.
    pub reference: Option<CategoryId>,
    /// Broader groups.
    pub groupings: Vec<Grouping>,
    /// Whether the categories have an order, as age bands and grades have.
    pub ordered: bool,
    labels: HashMap<String, CategoryId>,
    prefixes: Vec<(String, BTreeSet<CategoryId>)>,
}

/// One category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its identifier, e.g. `white_british`.
    pub id: CategoryId,
    /// What people read.
    pub label: String,
    /// First and last number of a band, e.g. years of age.
    pub band: Option<(u32, u32)>,
    /// Whether it stands for a whole broad group of which no more is known.
    pub is_broad: bool,
}

/// A partition into broader groups. Categories that no group names take no part in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// Its identifier, e.g. `bme_white`.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The groups.
    pub groups: Vec<Group>,
    /// The group that a policy compares with when it fixes one.
    pub reference: Option<CategoryId>,
}

/// One broader group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its identifier.
    pub id: CategoryId,
    /// What people read.
    pub label: String,
    /// The categories in it.
    pub members: BTreeSet<CategoryId>,
}

/// The youngest age that is taken for one; children of thirteen may do light work.
const YOUNGEST: u32 = 13;

fn reserved(name: &str) -> CategoryId {
    // The three reserved names are slugs; the empty case cannot occur.
    #[expect(clippy::expect_used, reason = "a constant of the domain that its own tests parse")]
    name.parse().expect("the reserved categories are valid identifiers")
}

/// Letters and digits in lower case; everything else, "and" for "&" apart, is how a system happened to write it.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => folded.push_str("and"),
            '+' => folded.push_str("plus"),
            c if c.is_alphanumeric() => folded.extend(c.to_lowercase()),
            _ => {}
        }
    }
    folded
}

impl Characteristics {
    /// The categories of somebody who did not say.
    pub fn undeclared() -> [CategoryId; 3] {
        [reserved(PREFER_NOT_TO_SAY), reserved(NOT_ASKED), reserved(UNMAPPED)]
    }

    /// Every characteristic, in the order in which they are shown.
    pub fn list(&self) -> &[Characteristic] {
        &self.list
    }

    /// One characteristic.
    pub fn get(&self, id: &CharacteristicId) -> Option<&Characteristic> {
        self.list.iter().find(|characteristic| characteristic.id == *id)
    }

    /// The characteristic that a vendor's column name means: "Ethnic origin", "Q3. Applicant ethnicity (optional)", "How
    /// would you describe your ethnic background?".
    pub fn of_column(&self, name: &str) -> Option<&CharacteristicId> {
        self.list.get(self.headers.find(name)?).map(|characteristic| &characteristic.id)
    }

    /// Whether the rules have just this name for a column.
    pub fn has_column(&self, name: &str) -> bool {
        self.headers.exact(name).is_some()
    }

    /// What a plain yes and no mean in a column, where that depends on what the column asks: "trans: yes" and "gender same
    /// as at birth: yes" are not the same answer.
    pub fn yes_and_no(&self, of: &CharacteristicId, column: &str) -> Option<YesAndNo> {
        let place = self.list.iter().position(|characteristic| characteristic.id == *of)?;
        self.headers.yes_and_no(place, column)
    }

    /// The category that a label means: `unmapped` when no rule knows it, `not_asked` when it is empty.
    /// Case, spaces and punctuation do not matter.
    pub fn resolve(&self, characteristic: &CharacteristicId, label: &str) -> CategoryId {
        self.known_category(characteristic, label).unwrap_or_else(|| reserved(UNMAPPED))
    }

    /// As [`Self::resolve`], but `None` for a label that no rule knows.
    pub fn known_category(
        &self,
        characteristic: &CharacteristicId,
        label: &str,
    ) -> Option<CategoryId> {
        let key = folded(label);
        if key.is_empty() {
            return Some(reserved(NOT_ASKED));
        }
        if key == UNMAPPED {
            return Some(reserved(UNMAPPED));
        }
        let known = self.get(characteristic);
        let find = |label: &str, key: &str| {
            known
                .and_then(|known| known.find(key))
                .or_else(|| self.undeclared.get(key).cloned())
                .or_else(|| known?.read(label))
        };
        find(label, &key)
            .or_else(|| {
                let plain = without_code(label)?;
                find(plain, &folded(plain))
            })
            .or_else(|| self.known_category(characteristic, without_remark(label)?))
    }

    /// Whether a category is an answer, not the lack of one.
    pub fn declared(&self, category: &CategoryId) -> bool {
        ![PREFER_NOT_TO_SAY, NOT_ASKED, UNMAPPED].contains(&category.as_str())
    }

    /// What people read for a category of a characteristic.
    pub fn label(&self, characteristic: &CharacteristicId, category: &CategoryId) -> String {
        match category.as_str() {
            PREFER_NOT_TO_SAY => "Prefer not to say".to_owned(),
            NOT_ASKED => "Not asked or not answered".to_owned(),
            UNMAPPED => "Answer not in the rules".to_owned(),
            other => {
                let known = self.get(characteristic).and_then(|known| known.label_of(category));
                known.map_or_else(|| readable(other), str::to_owned)
            }
        }
    }
}

impl Characteristic {
    /// Whether the rules have a category.
    pub fn has(&self, category: &CategoryId) -> bool {
        self.categories.iter().any(|known| known.id == *category)
    }

    /// A grouping by its identifier.
    pub fn grouping(&self, id: &str) -> Option<&Grouping> {
        self.groupings.iter().find(|grouping| grouping.id == id)
    }

    fn label_of(&self, category: &CategoryId) -> Option<&str> {
        let own = self.categories.iter().find(|known| known.id == *category);
        own.map(|known| known.label.as_str()).or_else(|| {
            let groups = self.groupings.iter().flat_map(|grouping| &grouping.groups);
            groups.into_iter().find(|g| g.id == *category).map(|g| g.label.as_str())
        })
    }

    /// The category of a label that the rules have.
    fn find(&self, key: &str) -> Option<CategoryId> {
        if let Some(category) = self.labels.get(key) {
            return Some(category.clone());
        }
        for (words, members) in &self.prefixes {
            let rest = key.strip_prefix(words.as_str());
            let found = rest.and_then(|rest| self.labels.get(rest));
            if let Some(category) = found.filter(|category| members.contains(*category)) {
                return Some(category.clone());
            }
        }
        None
    }

    /// The category of a label that the rules do not have: of the answer before an explanation, or of a band.
    fn read(&self, label: &str) -> Option<CategoryId> {
        let answer = headers::plain_answer(label);
        answer.and_then(|answer| self.labels.get(answer).cloned()).or_else(|| self.band_of(label))
    }

    /// The band that holds every number of a label: "37", "25-29", "65+", "under 25".
    fn band_of(&self, label: &str) -> Option<CategoryId> {
        let (from, to) = self.numbers_of(label)?;
        // A single number below any working age is a code or a slip, and so is a negative one.
        if from == to && (from < YOUNGEST || label.trim().starts_with(['-', '\u{2212}'])) {
            return None;
        }
        let holds = |(first, last): (u32, u32)| first <= from && to <= last;
        let banded = self.categories.iter().find(|category| category.band.is_some_and(holds));
        banded.map(|category| category.id.clone())
    }

    /// The first and last number that a label speaks of; the same for one number. `None` for a characteristic without
    /// bands.
    fn numbers_of(&self, label: &str) -> Option<(u32, u32)> {
        let highest = self.categories.iter().filter_map(|c| c.band).map(|(_, to)| to).max()?;
        let mut numbers = Vec::new();
        // A spreadsheet's "34.0" is 34.
        let label = label.trim().trim_end_matches(".0");
        for part in label.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()) {
            numbers.push(part.parse::<u32>().ok()?);
        }
        let lower = label.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        match numbers[..] {
            // One number with an open side stands for everything on that side.
            [number] if says(&["under", "below", "less than", "<", "younger"]) => {
                let including =
                    says(&["or under", "and under", "or below", "and below", "younger"]);
                Some((0, if including { number } else { number.saturating_sub(1) }))
            }
            [number] if says(&["over", "above", "more than", ">", "older", "+"]) => {
                Some((number, highest.max(number)))
            }
            [number] => Some((number, number)),
            [from, to] if from <= to => Some((from, to)),
            _ => None,
        }
    }

    /// The band that a label states, as a category of its own: "20-29" is `20_to_29`, "50+" is `50_and_over`, whether or
    /// not the rules have that band. Bands of the rules come out as theirs. `None` for single numbers and for
    /// characteristics without bands.
    pub fn band_stated(&self, label: &str) -> Option<CategoryId> {
        let (from, to) = self.numbers_of(label)?;
        let highest = self.categories.iter().filter_map(|c| c.band).map(|(_, to)| to).max()?;
        if from == to || from > highest {
            return None;
        }
        let ruled = self.categories.iter().find(|category| category.band == Some((from, to)));
        match ruled {
            Some(category) => Some(category.id.clone()),
            None if from == 0 => format!("under_{}", to + 1).parse().ok(),
            None if to >= highest => format!("{from}_and_over").parse().ok(),
            None => format!("{from}_to_{to}").parse().ok(),
        }
    }

    /// First and last number of a category: of a band of the rules, or one that a table has of its own
    /// ([`Self::band_stated`]).
    pub fn band(&self, category: &CategoryId) -> Option<(u32, u32)> {
        match self.categories.iter().find(|known| known.id == *category) {
            Some(known) => known.band,
            None => self.numbers_of(&category.as_str().replace('_', " ")),
        }
    }
}

/// A label without the code that some systems put before it: "A1 - White British", "3: Female". Numbers after a number
/// are a band, "20 - 40 years", "18 to 30", not a code and its meaning.
fn without_code(label: &str) -> Option<&str> {
    let marks = [' ', '-', ':', '.', ')', '\u{2013}'];
    let (code, behind) = label.trim().split_once(marks)?;
    let is_code = (1..=3).contains(&code.trim().len()) && code.chars().any(|c| c.is_ascii_digit())
        || code.chars().count() == 1;
    let rest = behind.trim_start_matches(marks);
    let numbers = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count()
    };
    let first = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let marked = label.trim().chars().find(|c| !c.is_alphanumeric());
    let goes_on = ["to", "and", "or", "plus", "years", "yrs"].contains(&first)
        || rest.starts_with(|c: char| c.is_ascii_digit())
            && numbers(label) == 2
            && !matches!(marked, Some(':' | '.' | ')'));
    let is_number = code.chars().all(|c| c.is_ascii_digit());
    (is_code && rest.chars().any(char::is_alphabetic) && !(is_number && goes_on)).then_some(rest)
}

/// A label without the remark in brackets after it: "White (not Hispanic or Latino)", "Other (please specify)".
fn without_remark(label: &str) -> Option<&str> {
    let (rest, _) = label.trim().strip_suffix(')')?.rsplit_once('(')?;
    let rest = rest.trim();
    (!rest.is_empty()).then_some(rest)
}

/// An identifier as words: `senior_officer` becomes "Senior officer".
fn readable(id: &str) -> String {
    let words = id.replace(['_', '-'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use crate::rulebook::Rulebook;

    fn resolved(characteristic: &str, label: &str) -> String {
        let rules = Rulebook::built_in().unwrap();
        let id = characteristic.parse().unwrap();
        rules.characteristics().resolve(&id, label).to_string()
    }

    #[test]
    fn labels_as_exports_write_them_find_their_category() {
        for (characteristic, label, expected) in [
            (
                "ethnic_group",
                "White - English / Welsh / Scottish / Northern Irish / British",
                "white_british",
            ),
            ("ethnic_group", "WHITE BRITISH", "white_british"),
            ("ethnic_group", "White: Any other", "white_other"),
            ("ethnic_group", "Asian - Any other", "asian_other"),
            ("ethnic_group", "Traveller of Irish Heritage", "white_gypsy_or_irish_traveller"),
            ("caring_responsibilities", "Yes, 19 hours or less a week", "yes"),
            ("caring_responsibilities", "50+ hours", "yes"),
            ("gender_identity", "Same as registered at birth", "same"),
            ("ethnic_group", "A - White British", "white_british"),
            ("ethnic_group", "Asian or Asian British - Indian", "asian_indian"),
            ("ethnic_group", "Asian/Asian British: Pakistani", "asian_pakistani"),
            (
                "ethnic_group",
                "Black / African / Caribbean / Black British - African",
                "black_african",
            ),
            (
                "ethnic_group",
                "Mixed/Multiple ethnic groups: White & Black Caribbean",
                "mixed_white_and_black_caribbean",
            ),
            ("ethnic_group", "Any other White background", "white_other"),
            ("ethnic_group", "BAME", "bme_unspecified"),
            ("ethnic_group", "Other ethnic group: Arab", "other_arab"),
            ("ethnic_group", "Roma", "white_roma"),
            ("ethnic_group", "3: Chinese", "asian_chinese"),
            ("ethnic_group", "prefer not to say.", "prefer_not_to_say"),
            ("ethnic_group", "I do not wish to disclose this", "prefer_not_to_say"),
            ("ethnic_group", "", "not_asked"),
            ("ethnic_group", " - ", "not_asked"),
            ("ethnic_group", "Klingon", "unmapped"),
            ("sex", "F", "female"),
            ("sex", "Woman", "female"),
            ("sex", "1 - Male", "male"),
            ("ethnic_group", "White (English/Welsh/Scottish/N Irish/British)", "white_british"),
            ("ethnic_group", "African, African Scottish or African British", "black_african"),
            ("ethnic_group", "Asian, Scottish Asian or British Asian", "asian_unspecified"),
            ("religion", "Presbyterian Church in Ireland", "christian"),
            ("sex", "Menyw", "female"),
            ("disability", "Nac oes", "not_disabled"),
            ("caring_responsibilities", "20-49 hours a week", "yes"),
            (
                "marital_status",
                "Never married and never registered in a civil partnership",
                "not_married",
            ),
            ("age_band", "37", "35_to_44"),
            ("age_band", "25-29", "25_to_34"),
            ("age_band", "25 to 34", "25_to_34"),
            ("age_band", "under 25", "under_25"),
            ("age_band", "65+", "65_and_over"),
            ("age_band", "20-40", "unmapped"),
            ("age_band", "20 to 40", "unmapped"),
            ("age_band", "25 to 49", "unmapped"),
            ("age_band", "34.0", "25_to_34"),
            ("age_band", "3", "unmapped"),
            ("age_band", "-20", "unmapped"),
            ("age_band", "0-24", "under_25"),
            ("age_band", "20 - 40 years", "unmapped"),
            ("age_band", "18 to 30 years old", "unmapped"),
            ("age_band", "2 - 25 to 34", "25_to_34"),
            ("age_band", "2: 25 years", "25_to_34"),
            ("age_band", "1 - under 25", "under_25"),
            ("age_band", "31-35", "25_to_34"),
            ("age_band", "under 20", "under_25"),
            ("age_band", "under 35", "unmapped"),
            ("age_band", "70 and over", "65_and_over"),
            ("age_band", "50+", "unmapped"),
            ("ethnic_group", "N", "black_african"),
            ("ethnic_group", "PC", "black_african"),
            ("ethnic_group", "Z", "prefer_not_to_say"),
            ("ethnic_group", "J Asian or Asian British - Pakistani", "asian_pakistani"),
            ("ethnic_group", "Any other Asian background (please specify)", "asian_other"),
            ("ethnic_group", "White (Not Hispanic or Latino)", "white_unspecified"),
            ("ethnic_group", "Black or African American", "black_unspecified"),
            ("ethnic_group", "Hispanic or Latino", "hispanic_or_latino"),
            (
                "ethnic_group",
                "Native Hawaiian/Pacific Islander",
                "native_hawaiian_or_pacific_islander",
            ),
            ("ethnic_group", "American Indian/Alaska Native", "american_indian_or_alaska_native"),
            ("ethnic_group", "Two or More Races (Not Hispanic or Latino)", "mixed_unspecified"),
            ("sex", "2", "female"),
            ("sex", "Male (including trans man)", "male"),
            ("religion", "Christian - Catholic", "christian"),
            ("marital_status", "Married (same sex)", "married_or_civil_partnership"),
            (
                "sexual_orientation",
                "Not stated (person asked but declined to provide a response)",
                "prefer_not_to_say",
            ),
            ("disability", "I don't wish to answer", "prefer_not_to_say"),
            ("disability", "Yes - learning disability", "disabled"),
            ("disability", "Y", "disabled"),
            ("disability", "No known disability", "not_disabled"),
            ("religion", "Roman Catholic", "christian"),
            ("sexual_orientation", "Heterosexual/Straight", "heterosexual"),
            ("applicant_type", "Internal", "internal"),
        ] {
            assert_eq!(resolved(characteristic, label), expected, "{characteristic}: {label:?}");
        }
    }

    #[test]
    fn column_names_find_their_characteristic() {
        let rules = Rulebook::built_in().unwrap();
        for (column, expected) in [
            ("Ethnic Origin", Some("ethnic_group")),
            ("ethnicity", Some("ethnic_group")),
            ("Gender", Some("sex")),
            ("Gender identity", Some("gender_identity")),
            ("Age Range", Some("age_band")),
            ("Religion/Belief", Some("religion")),
            ("shoe size", None),
            // As exports trim them, and as forms ask.
            ("Q12. Applicant ethnicity (optional)", Some("ethnic_group")),
            ("Equality Monitoring - Ethnic Origin", Some("ethnic_group")),
            ("CandidateEthnicity", Some("ethnic_group")),
            ("How would you describe your ethnic background?", Some("ethnic_group")),
            ("Gender (M/F)", Some("sex")),
            ("What is your gender identity?", Some("gender_identity")),
            (
                "Does your gender identity match your sex as registered at birth?",
                Some("gender_identity"),
            ),
            ("Do you consider yourself to have a disability under the Act?", Some("disability")),
            ("Do you have a long-term health condition?", Some("disability")),
            ("What is your marital or civil partnership status?", Some("marital_status")),
            ("Are you pregnant or on maternity leave?", Some("pregnancy_maternity")),
            (
                "Do you have caring responsibilities for children or adults?",
                Some("caring_responsibilities"),
            ),
            ("Age at time of application", Some("age_band")),
            ("Are you currently employed by the Council?", Some("applicant_type")),
            // What sounds like them and is something else.
            ("Do you need adjustments for a disability at interview?", None),
            ("Guaranteed interview scheme - are you a disabled applicant?", None),
            ("Disability details", None),
            ("Religion - other, please specify", None),
            ("Are you a care leaver?", None),
            ("Are you aged over 18?", None),
            ("Internal reference", None),
            ("Trans ID", None),
            ("Have you previously been employed by the council?", None),
        ] {
            let found = rules.characteristics().of_column(column);
            assert_eq!(found.map(|id| id.as_str()), expected, "{column}");
        }
    }

    #[test]
    fn a_plain_yes_means_what_the_column_asks() {
        let rules = Rulebook::built_in().unwrap();
        let known = rules.characteristics();
        for (column, answer, expected) in [
            ("Gender same as at birth (Y/N)", "Y", Some("same")),
            (
                "Is your gender the same as the sex you were assigned at birth?",
                "No",
                Some("different"),
            ),
            ("Do you identify as trans?", "No", Some("same")),
            ("Trans", "yes", Some("different")),
            ("Is your gender identity different from your sex at birth?", "Yes", Some("different")),
            ("External applicant", "Yes", Some("external")),
            ("BAME", "Yes", Some("bme_unspecified")),
            ("Do you identify as trans?", "No answer", None),
            ("Do you identify as trans?", "Prefer not to say", None),
            ("Gender identity", "Yes", None),
            ("Disabled", "Yes", None),
        ] {
            let of = known.of_column(column).unwrap();
            let meant = known.yes_and_no(of, column);
            let meant = meant.and_then(|meant| meant.category(answer).cloned());
            assert_eq!(meant.as_ref().map(|id| id.as_str()), expected, "{column}: {answer}");
        }
    }

    #[test]
    fn no_answer_is_not_the_answer_no() {
        for label in ["No answer", "No response", "No data", "no information", "No reply given"] {
            let found = resolved("disability", label);
            assert!(found == "not_asked" || found == "unmapped", "{label}: {found}");
        }
        for label in ["No", "No - none", "No, I do not", "No I am not disabled", "no (none)"] {
            assert_eq!(resolved("disability", label), "not_disabled", "{label}");
        }
    }

    #[test]
    fn groupings_leave_no_ethnic_group_out_of_white_and_bme() {
        let rules = Rulebook::built_in().unwrap();
        let ethnic = rules.characteristics().get(&"ethnic_group".parse().unwrap()).unwrap();
        let wres = ethnic.grouping("bme_white").unwrap();
        for category in &ethnic.categories {
            let holds = wres.groups.iter().filter(|group| group.members.contains(&category.id));
            assert_eq!(holds.count(), 1, "{}", category.id);
        }
    }
}
