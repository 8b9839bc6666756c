//! The recruiter's vacancies, and one vacancy with its applications. Pseudonyms and references; no identity.

use maud::{Markup, html};

use super::layout::{Account, Frame, Notice};
use super::text::long_date;
use crate::domain::{ApplicationId, Pseudonym, StageId, Vacancy, VacancyState};
use crate::messages::Messages;
use jiff::Timestamp;

/// One vacancy with the applications that the filter leaves.
pub(crate) struct VacancyView {
    /// The vacancy.
    pub vacancy: Vacancy,
    /// The applications to show.
    pub lines: Vec<ApplicationLine>,
    /// Links that narrow the list: address, label and whether it is the one in use.
    pub filters: Vec<(String, String, bool)>,
    /// Stages that at least one of the shown applications may move to.
    pub moves: Vec<StageId>,
}

/// One application in a list.
pub(crate) struct ApplicationLine {
    /// Its id.
    pub id: ApplicationId,
    /// What the panel calls the candidate.
    pub pseudonym: Pseudonym,
    /// The sending system's name for it.
    pub reference: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// Its stage.
    pub stage: StageId,
    /// The message that names the state of its pack.
    pub pack_state: &'static str,
    /// Whether it can be moved at all.
    pub movable: bool,
}

/// All vacancies.
pub(crate) fn vacancies(words: &Messages, account: &Account, vacancies: &[Vacancy]) -> Markup {
    let title = words.text("vacancies-title");
    let frame = Frame { words, account: Some(account), title: &title, above: &[], notice: None };
    frame.page(&html! {
        h1 { (title) }
        @if vacancies.is_empty() { p { (words.text("vacancies-none")) } }
        @else {
            table.stacked {
                caption { (words.text("vacancies-caption")) }
                thead {
                    tr {
                        th scope="col" { (words.text("column-vacancy")) }
                        th scope="col" { (words.text("column-reference")) }
                        th scope="col" { (words.text("column-family")) }
                        th scope="col" { (words.text("column-grade")) }
                        th scope="col" { (words.text("column-state")) }
                    }
                }
                tbody {
                    @for vacancy in vacancies {
                        tr {
                            th scope="row" { a href={ "/vacancies/" (vacancy.id) } { (vacancy.title) } }
                            (cell(words, "column-reference", Some(vacancy.reference.as_str())))
                            (cell(words, "column-family", vacancy.family.as_deref()))
                            (cell(words, "column-grade", vacancy.grade.as_deref()))
                            (cell(words, "column-state", Some(&state(words, vacancy.state))))
                        }
                    }
                }
            }
        }
    })
}

/// One vacancy with its applications.
pub(crate) fn vacancy(
    words: &Messages,
    account: &Account,
    view: &VacancyView,
    notice: Option<&Notice>,
) -> Markup {
    let above = [("/vacancies".to_owned(), words.text("vacancies-title"))];
    let title = &view.vacancy.title;
    let frame = Frame { words, account: Some(account), title, above: &above, notice };
    frame.page(&html! {
        h1 { (title) }
        (details(words, &view.vacancy))
        h2 { (words.text("applications-title")) }
        @if view.filters.is_empty() { p { (words.text("vacancy-none")) } }
        @else {
            nav.filters aria-label=(words.text("filter-heading")) {
                ul {
                    @for (href, label, current) in &view.filters {
                        li { a href=(href) aria-current=[current.then_some("true")] { (label) } }
                    }
                }
            }
            @if view.lines.is_empty() { p { (words.text("vacancy-empty-filter")) } }
            @else { (applications(words, view)) }
        }
    })
}

/// A cell that carries its column's heading along, for narrow screens where a row becomes a block.
pub(super) fn cell(words: &Messages, column: &str, value: Option<&str>) -> Markup {
    html! { td data-heading=(words.text(column)) { (value.unwrap_or("–")) } }
}

fn details(words: &Messages, vacancy: &Vacancy) -> Markup {
    let state = state(words, vacancy.state);
    let opened = long_date(words, vacancy.opened_at);
    let rows = [
        ("vacancy-reference", Some(vacancy.reference.as_str())),
        ("vacancy-state", Some(state.as_str())),
        ("vacancy-grade", vacancy.grade.as_deref()),
        ("vacancy-family", vacancy.family.as_deref()),
        ("vacancy-directorate", vacancy.directorate.as_deref()),
        ("vacancy-contract", vacancy.contract.as_deref()),
        ("vacancy-opened", Some(opened.as_str())),
    ];
    html! {
        details.about {
            summary { (words.text("vacancy-details")) }
            dl {
                @for (id, value) in rows {
                    @if let Some(value) = value { div { dt { (words.text(id)) } dd { (value) } } }
                }
            }
        }
    }
}

fn applications(words: &Messages, view: &VacancyView) -> Markup {
    let base = format!("/vacancies/{}", view.vacancy.id);
    html! {
        form method="post" action={ (base) "/stage" } {
            table.stacked {
                caption { (words.text("applications-caption")) }
                thead {
                    tr {
                        th scope="col" { span.unseen { (words.text("column-choose")) } }
                        th scope="col" { (words.text("column-candidate")) }
                        th scope="col" { (words.text("column-reference")) }
                        th scope="col" { (words.text("column-received")) }
                        th scope="col" { (words.text("column-stage")) }
                        th scope="col" { (words.text("column-pack")) }
                    }
                }
                tbody { @for line in &view.lines { (application_row(words, &base, line)) } }
            }
            @if !view.moves.is_empty() {
                div.move-many {
                    label for="move-stage" { (words.text("move-many-stage")) }
                    select #move-stage name="stage" required {
                        option value="" { (words.text("move-many-choose")) }
                        @for stage in &view.moves {
                            option value=(stage) { (words.label("stage", stage.as_str())) }
                        }
                    }
                    button type="submit" { (words.text("move-many-button")) }
                }
            }
        }
    }
}

fn application_row(words: &Messages, base: &str, line: &ApplicationLine) -> Markup {
    let pseudonym = line.pseudonym.to_string();
    let choose = words.fill("choose-candidate", &[("pseudonym", (&pseudonym).into())]);
    let received = long_date(words, line.received_at);
    let stage = words.label("stage", line.stage.as_str());
    html! {
        tr {
            td.choose {
                @if line.movable {
                    input type="checkbox" name="application" value=(line.id) aria-label=(choose);
                }
            }
            th scope="row" { a.pseudonym href={ (base) "/" (line.id) } { (pseudonym) } }
            (cell(words, "column-reference", Some(&line.reference)))
            (cell(words, "column-received", Some(&received)))
            (cell(words, "column-stage", Some(&stage)))
            td data-heading=(words.text("column-pack")) {
                span.state.(line.pack_state) { (words.text(line.pack_state)) }
            }
        }
    }
}

fn state(words: &Messages, state: VacancyState) -> String {
    words.text(match state {
        VacancyState::Open => "vacancy-state-open",
        VacancyState::Closed => "vacancy-state-closed",
    })
}
