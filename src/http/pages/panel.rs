//! The panel's pages: vacancies, the candidates of one, and a pack to read. Pseudonyms and redacted text only.

use maud::{Markup, html};

use super::layout::{Account, Frame};
use super::text;
use crate::domain::{Pseudonym, VacancyId};
use crate::messages::Messages;

/// A vacancy that the member is assigned to.
pub(crate) struct PanelVacancy {
    /// Its id.
    pub id: VacancyId,
    /// The job title.
    pub title: String,
    /// How many packs can be read.
    pub packs: usize,
}

/// The candidates of a vacancy.
pub(crate) struct PanelListView {
    /// The vacancy.
    pub vacancy: VacancyId,
    /// The job title.
    pub title: String,
    /// The candidates, in the member's own order.
    pub entries: Vec<PanelEntry>,
}

/// One candidate.
pub(crate) struct PanelEntry {
    /// What to call them.
    pub pseudonym: Pseudonym,
    /// Whether the pack can be read, or the message that says why not.
    pub unready: Option<&'static str>,
}

/// One pack and its neighbours in the member's order.
pub(crate) struct PackView {
    /// The vacancy.
    pub vacancy: VacancyId,
    /// The job title.
    pub title: String,
    /// What to call the candidate.
    pub pseudonym: Pseudonym,
    /// The parts, in the order of the application.
    pub parts: Vec<PackPartView>,
    /// How many values are known of the candidate, how many of them were found, and in how many parts they were
    /// searched for, when the pack was made.
    pub proof: Option<(usize, usize, usize)>,
    /// Place among those that can be read, from 1, and how many there are.
    pub position: (usize, usize),
    /// The candidate before.
    pub previous: Option<Pseudonym>,
    /// The candidate after.
    pub next: Option<Pseudonym>,
}

/// One part of a pack.
pub(crate) struct PackPartView {
    /// The question, or which document it is.
    pub heading: String,
    /// The redacted text.
    pub text: String,
    /// Whether it can be downloaded with its layout kept.
    pub has_layout: bool,
}

/// The vacancies that a member is assigned to.
pub(crate) fn panel_vacancies(
    words: &Messages,
    account: &Account,
    vacancies: &[PanelVacancy],
) -> Markup {
    let title = words.text("panel-title");
    let frame = Frame { words, account: Some(account), title: &title, above: &[], notice: None };
    frame.page(&html! {
        div.reading {
            h1 { (title) }
            @if vacancies.is_empty() { p { (words.text("panel-none")) } }
            @else {
                ul.cards {
                    @for vacancy in vacancies {
                        li {
                            a.card-link href={ "/panel/" (vacancy.id) } { (vacancy.title) }
                            p { (words.fill("panel-list-lead", &[("count", vacancy.packs.into())])) }
                        }
                    }
                }
            }
        }
    })
}

/// The candidates of a vacancy.
pub(crate) fn panel_list(words: &Messages, account: &Account, list: &PanelListView) -> Markup {
    let above = [("/panel".to_owned(), words.text("panel-title"))];
    let title = &list.title;
    let frame = Frame { words, account: Some(account), title, above: &above, notice: None };
    let ready = list.entries.iter().filter(|entry| entry.unready.is_none()).count();
    frame.page(&html! {
        div.reading {
            h1 { (title) }
            @if list.entries.is_empty() { p { (words.text("panel-list-empty")) } }
            @else {
                p.lead { (words.fill("panel-list-lead", &[("count", ready.into())])) }
                p { (words.text("panel-list-order")) }
                ol.candidates {
                    @for entry in &list.entries {
                        li {
                            @match entry.unready {
                                None => a.pseudonym href={ "/panel/" (list.vacancy) "/" (entry.pseudonym) } {
                                    (entry.pseudonym)
                                },
                                Some(reason) => {
                                    span.pseudonym { (entry.pseudonym) }
                                    span.quiet { (words.text(reason)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    })
}

/// A pack to read.
pub(crate) fn pack(words: &Messages, account: &Account, pack: &PackView) -> Markup {
    let shown = pack.pseudonym.to_string();
    let title = words.fill("pack-title", &[("pseudonym", (&shown).into())]);
    let list = format!("/panel/{}", pack.vacancy);
    let above =
        [("/panel".to_owned(), words.text("panel-title")), (list.clone(), pack.title.clone())];
    let frame = Frame { words, account: Some(account), title: &title, above: &above, notice: None };
    let (position, count) = pack.position;
    frame.page(&html! {
        article.reading {
            h1 { (title) }
            p.quiet {
                (words.fill("pack-position", &[("position", position.into()), ("count", count.into())]))
            }
            p.copies {
                (words.text("pack-copies")) " "
                @for (format, name) in [("pdf", "pack-copy-pdf"), ("docx", "pack-copy-docx")] {
                    a download href={ (list) "/" (pack.pseudonym) "/copy?to=" (format) } {
                        (words.text(name))
                    } " "
                }
            }
            p.legend {
                (words.text("pack-legend")) " "
                (text::removed(words, &words.text("pack-legend-example")))
            }
            @if let Some((known, found, parts)) = pack.proof {
                p.quiet {
                    (words.fill("pack-proof", &[
                        ("known", known.into()),
                        ("found", found.into()),
                        ("parts", parts.into()),
                    ]))
                }
            }
            @if pack.parts.len() > 2 { (contents(words, pack)) }
            @for (index, part) in pack.parts.iter().enumerate() {
                section.part aria-labelledby={ "part-" (index + 1) } {
                    h2 id={ "part-" (index + 1) } { (part.heading) }
                    @if part.has_layout {
                        p.copies {
                            a download href={ (list) "/" (pack.pseudonym) "/copy?part=" (index + 1) } {
                                (words.text("pack-copy-layout"))
                            }
                        }
                    }
                    (text::redacted(words, &part.text))
                }
            }
            nav.neighbours aria-label=(words.text("pack-neighbours")) {
                @if let Some(next) = pack.next {
                    a.button href={ (list) "/" (next) } { (words.text("pack-next")) }
                }
                @if let Some(previous) = pack.previous {
                    a href={ (list) "/" (previous) } { (words.text("pack-previous")) }
                }
                a href=(list) { (words.text("pack-back")) }
            }
        }
    })
}

fn contents(words: &Messages, pack: &PackView) -> Markup {
    html! {
        nav.contents aria-label=(words.text("pack-contents")) {
            h2 { (words.text("pack-contents")) }
            ol {
                @for (index, part) in pack.parts.iter().enumerate() {
                    li { a href={ "#part-" (index + 1) } { (part.heading) } }
                }
            }
        }
    }
}
