//! The recruiter's page of one application, with what may be done to it, and the page of a disclosure.

use jiff::Timestamp;
use maud::{Markup, html};

use super::layout::{Account, Frame, Notice};
use super::text::long_date;
use crate::domain::{ApplicationId, Pseudonym, StageId, StageVisit, VacancyId};
use crate::messages::Messages;

/// One application as a recruiter sees it.
pub(crate) struct ApplicationView {
    /// Its id.
    pub id: ApplicationId,
    /// The vacancy and its title.
    pub vacancy: (VacancyId, String),
    /// What the panel calls the candidate.
    pub pseudonym: Pseudonym,
    /// The sending system and its name for the application.
    pub reference: (String, String),
    /// When it was received.
    pub received_at: Timestamp,
    /// The stages reached.
    pub visits: Vec<StageVisit>,
    /// What became of redaction; `None` when the data is erased.
    pub pack: Option<PackStateView>,
    /// Where it may go next.
    pub moves: Vec<StageId>,
    /// Whether identity may be asked for.
    pub may_disclose: bool,
}

/// What became of redaction.
pub(crate) enum PackStateView {
    /// Waiting for the worker.
    Pending,
    /// The panel can read it: kinds of removed words and how many.
    Released(Vec<(String, usize)>),
    /// Held back: which part and why.
    Withheld(Vec<(String, String)>),
}

/// The identity of one candidate, shown once. Not `Debug`: it holds what must not be logged.
pub(crate) struct DisclosureView {
    /// Where to go back to.
    pub back: String,
    /// What the panel calls the candidate.
    pub pseudonym: Pseudonym,
    /// Field and value.
    pub fields: Vec<(String, String)>,
}

/// One application with what may be done to it.
pub(crate) fn application(
    words: &Messages,
    account: &Account,
    view: &ApplicationView,
    notice: Option<&Notice>,
) -> Markup {
    let title = title(words, "application-title", view.pseudonym);
    let (vacancy, vacancy_title) = &view.vacancy;
    let above = [
        ("/vacancies".to_owned(), words.text("vacancies-title")),
        (format!("/vacancies/{vacancy}"), vacancy_title.clone()),
    ];
    let frame = Frame { words, account: Some(account), title: &title, above: &above, notice };
    let here = format!("/vacancies/{vacancy}/{}", view.id);
    frame.page(&html! {
        div.reading {
            h1 { (title) }
            (details(words, view))
            @match &view.pack {
                None => p.legend { (words.text("application-erased")) },
                Some(pack) => {
                    (move_on(words, view, &here))
                    (pack_state(words, pack, &here))
                    (ask_for_identity(words, view, &here))
                    (erase(words, &here))
                }
            }
        }
    })
}

/// The identity of one candidate.
pub(crate) fn disclosure(words: &Messages, account: &Account, view: &DisclosureView) -> Markup {
    let title = title(words, "disclosure-title", view.pseudonym);
    let frame = Frame { words, account: Some(account), title: &title, above: &[], notice: None };
    frame.page(&html! {
        div.reading {
            h1 { (title) }
            p.legend { (words.text("disclosure-recorded")) }
            dl.identity {
                @for (field, value) in &view.fields {
                    div { dt { (words.label("field", field)) } dd { (value) } }
                }
            }
            p { a href=(view.back) { (words.text("disclosure-back")) } }
        }
    })
}

fn title(words: &Messages, id: &str, pseudonym: Pseudonym) -> String {
    words.fill(id, &[("pseudonym", (&pseudonym.to_string()).into())])
}

fn details(words: &Messages, view: &ApplicationView) -> Markup {
    let (source, reference) = &view.reference;
    html! {
        dl {
            div { dt { (words.text("application-received")) } dd { (long_date(words, view.received_at)) } }
            div { dt { (words.text("application-reference")) } dd { (reference) } }
            div { dt { (words.text("application-source")) } dd { (source) } }
            div {
                dt { (words.text("application-history")) }
                dd {
                    @for visit in &view.visits {
                        @let stage = words.label("stage", visit.stage.as_str());
                        @let date = long_date(words, visit.at);
                        div {
                            (words.fill("application-history-line", &[
                                ("stage", (&stage).into()),
                                ("date", (&date).into()),
                            ]))
                        }
                    }
                }
            }
        }
    }
}

fn move_on(words: &Messages, view: &ApplicationView, here: &str) -> Markup {
    html! {
        section {
            h2 { (words.text("move-heading")) }
            @if view.moves.is_empty() { p { (words.text("move-none")) } }
            @else {
                form method="post" action={ (here) "/stage" } {
                    fieldset {
                        legend { (words.text("move-legend")) }
                        @for stage in &view.moves {
                            div.choice {
                                input id={ "stage-" (stage) } type="radio" name="stage" value=(stage) required;
                                label for={ "stage-" (stage) } { (words.label("stage", stage.as_str())) }
                            }
                        }
                    }
                    button type="submit" { (words.text("move-button")) }
                }
            }
        }
    }
}

fn pack_state(words: &Messages, pack: &PackStateView, here: &str) -> Markup {
    html! {
        section {
            h2 { (words.text("pack-heading")) }
            @match pack {
                PackStateView::Pending => p { (words.text("pack-pending-text")) },
                PackStateView::Released(removed) if removed.is_empty() => {
                    p { (words.text("pack-released-none")) }
                }
                PackStateView::Released(removed) => {
                    p { (words.text("pack-released-text")) }
                    ul.columns {
                        @for (kind, count) in removed {
                            @let kind = words.label("kind", kind);
                            li {
                                (words.fill("pack-removed-line", &[
                                    ("kind", (&kind).into()),
                                    ("count", (*count).into()),
                                ]))
                            }
                        }
                    }
                }
                PackStateView::Withheld(reasons) => {
                    div.notice.held {
                        p { (words.text("pack-withheld-text")) }
                        ul {
                            @for (part, message) in reasons {
                                li {
                                    (words.fill("pack-withheld-line", &[
                                        ("part", part.into()),
                                        ("message", message.into()),
                                    ]))
                                }
                            }
                        }
                    }
                }
            }
            form method="post" action={ (here) "/redaction" } {
                p.hint #again-hint { (words.text("pack-again-hint")) }
                button.second type="submit" aria-describedby="again-hint" { (words.text("pack-again-button")) }
            }
        }
    }
}

fn ask_for_identity(words: &Messages, view: &ApplicationView, here: &str) -> Markup {
    html! {
        section {
            h2 { (words.text("disclosure-heading")) }
            @if view.may_disclose {
                p { (words.text("disclosure-text")) }
                form method="post" action={ (here) "/disclosure" } {
                    (reason(words, "disclosure-reason", "disclosure-reason-hint"))
                    button type="submit" { (words.text("disclosure-button")) }
                }
            } @else {
                p { (words.text("disclosure-not-yet")) }
            }
        }
    }
}

fn erase(words: &Messages, here: &str) -> Markup {
    html! {
        section {
            details {
                summary { (words.text("erasure-heading")) }
                p { (words.text("erasure-text")) }
                form method="post" action={ (here) "/erasure" } {
                    (reason(words, "erasure-reason", "erasure-reason-hint"))
                    div.choice {
                        input #erasure-confirm type="checkbox" name="confirm" value="yes" required;
                        label for="erasure-confirm" { (words.text("erasure-confirm")) }
                    }
                    button.danger type="submit" { (words.text("erasure-button")) }
                }
            }
        }
    }
}

fn reason(words: &Messages, id: &str, hint: &str) -> Markup {
    html! {
        label for=(id) { (words.text(id)) }
        p.hint id=(hint) { (words.text(hint)) }
        textarea id=(id) name="reason" rows="3" minlength="10" maxlength="500" required
            aria-describedby=(hint) {}
    }
}
