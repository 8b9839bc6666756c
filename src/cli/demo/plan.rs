//! What the demonstration sends: three vacancies, who applies, and what becomes of each application. One family has a
//! gap at shortlisting, one is large enough to rule a gap out, one has too few people to tell.

use serde_json::{Value, json};

use super::applications::{FullApplication, full_applications};
use super::people::person;

/// Everything to send, in rounds; what is in one round may be sent in any order.
pub(super) struct Plan {
    rounds: Vec<Vec<Value>>,
    applications: usize,
}

/// One vacancy and the groups that apply for it.
struct Post {
    id: &'static str,
    title: &'static str,
    family: &'static str,
    grade: &'static str,
    groups: &'static [Group],
    /// A closed vacancy counts whoever has no outcome as not progressed.
    closed: bool,
}

/// Applicants of one ethnic group, and how many of them are shortlisted.
struct Group {
    label: &'static str,
    applicants: usize,
    shortlisted: usize,
}

const WHITE: &str = "White: English, Welsh, Scottish, Northern Irish or British";
const INDIAN: &str = "Asian or Asian British: Indian";
const CARIBBEAN: &str = "Black, Black British, Caribbean or African: Caribbean";

const POSTS: [Post; 3] = [
    Post {
        id: "HOU-0417",
        title: "Housing Options Officer",
        family: "housing",
        grade: "G7",
        groups: &[
            Group { label: WHITE, applicants: 110, shortlisted: 58 },
            Group { label: INDIAN, applicants: 64, shortlisted: 13 },
            Group { label: CARIBBEAN, applicants: 26, shortlisted: 12 },
        ],
        closed: true,
    },
    Post {
        id: "CSA-0522",
        title: "Customer Service Adviser",
        family: "customer services",
        grade: "G4",
        groups: &[
            Group { label: WHITE, applicants: 190, shortlisted: 137 },
            Group { label: INDIAN, applicants: 180, shortlisted: 131 },
        ],
        closed: true,
    },
    Post {
        id: "ARC-0108",
        title: "Archivist (Cataloguing and Outreach)",
        family: "archives",
        grade: "G9",
        groups: &[
            Group { label: WHITE, applicants: 22, shortlisted: 13 },
            Group { label: INDIAN, applicants: 21, shortlisted: 11 },
        ],
        closed: true,
    },
];

/// Shortlisted people of a vacancy who are interviewed, offered the post, and appointed.
const AFTER_THE_SHORTLIST: [(&str, usize); 3] =
    [("interviewed", 12), ("offered", 2), ("appointed", 1)];

impl Plan {
    /// Makes the plan; the same one in every run.
    pub(super) fn new() -> Result<Self, serde_json::Error> {
        let mut rounds = vec![Vec::new(); 7];
        let mut put = |round: usize, event: Value| {
            if let Some(events) = rounds.get_mut(round) {
                events.push(event);
            }
        };
        let mut number = 0;
        for post in &POSTS {
            put(0, vacancy("vacancy.opened", post));
            let mut shortlist = Vec::new();
            for group in post.groups {
                for index in 0..group.applicants {
                    number += 1;
                    let id = format!("A-{number:04}");
                    put(1, short_application(post, group, number, &id));
                    if is_chosen(index, group) {
                        put(2, stage(&id, "shortlisted"));
                        shortlist.push(id);
                    } else {
                        put(2, stage(&id, "unsuccessful"));
                    }
                }
            }
            for (round, (name, most)) in (3..).zip(AFTER_THE_SHORTLIST) {
                shortlist = spread(shortlist, most);
                for id in &shortlist {
                    put(round, stage(id, name));
                }
            }
            if post.closed {
                put(6, vacancy("vacancy.closed", post));
            }
        }
        for (index, full) in full_applications()?.into_iter().enumerate() {
            number += 1;
            let id = format!("A-{number:04}");
            // The archives stay small; these people preferred not to say what they are.
            let Some(post) = POSTS.get(index % 2) else { continue };
            put(1, full_application(post, number, &id, &full));
            put(2, stage(&id, if index % 3 == 0 { "shortlisted" } else { "unsuccessful" }));
        }
        Ok(Self { rounds, applications: number })
    }

    /// The events, round by round.
    pub(super) fn rounds(&self) -> impl Iterator<Item = &[Value]> {
        self.rounds.iter().map(Vec::as_slice)
    }

    /// How many applications there are.
    pub(super) fn applications(&self) -> usize {
        self.applications
    }
}

/// Spreads those who are shortlisted evenly over a group.
fn is_chosen(index: usize, group: &Group) -> bool {
    let before = index * group.shortlisted / group.applicants.max(1);
    let after = (index + 1) * group.shortlisted / group.applicants.max(1);
    after > before
}

/// At most so many of a list, taken evenly over all of it.
fn spread(ids: Vec<String>, most: usize) -> Vec<String> {
    let length = ids.len().max(1);
    let taken = |index: usize| (index + 1) * most / length > index * most / length;
    if ids.len() <= most {
        return ids;
    }
    ids.into_iter().enumerate().filter(|(index, _)| taken(*index)).map(|(_, id)| id).collect()
}

fn vacancy(event: &str, post: &Post) -> Value {
    json!({
        "type": event,
        "data": { "vacancy": {
            "id": post.id,
            "title": post.title,
            "family": post.family,
            "grade": post.grade,
        } },
    })
}

fn short_application(post: &Post, group: &Group, number: usize, id: &str) -> Value {
    let person = person(number);
    json!({
        "type": "application.received",
        "data": {
            "vacancy": { "id": post.id },
            "application": {
                "id": id,
                "identity": person.identity,
                "answers": [{ "question": "Why does this post suit you?", "text": person.answer }],
            },
            "characteristics": characteristics(number, group.label),
        },
    })
}

fn full_application(post: &Post, number: usize, id: &str, full: &FullApplication) -> Value {
    json!({
        "type": "application.received",
        "data": {
            "vacancy": { "id": post.id },
            "application": {
                "id": id,
                "identity": full.identity,
                "documents": [{
                    "file_name": format!("{}.txt", full.id),
                    "media_type": "text/plain",
                    "text": full.text,
                }],
            },
            "characteristics": characteristics(number, "Prefer not to say"),
        },
    })
}

fn stage(id: &str, stage: &str) -> Value {
    json!({
        "type": "application.stage_changed",
        "data": { "application": { "id": id }, "stage": stage },
    })
}

/// Characteristics in the words of an ATS export. All but the ethnic group are drawn without regard to the outcome.
fn characteristics(number: usize, ethnic_group: &str) -> Value {
    let draw = |salt: u64, labels: &[&'static str]| -> &'static str {
        let index = mixed(number as u64 ^ (salt << 32)) as usize % labels.len().max(1);
        labels.get(index).copied().unwrap_or_default()
    };
    json!({
        "ethnic_group": ethnic_group,
        "sex": draw(1, &["Female", "Male"]),
        "disability": draw(2, &["No", "No", "No", "No", "No", "No", "Yes", "Prefer not to say"]),
        "age_band": draw(3, &["16-24", "25-34", "25-34", "35-44", "35-44", "45-54", "55-64"]),
    })
}

/// SplitMix64: spreads consecutive numbers over all values (Steele, Lea and Flood, 2014).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
