//! What all pages share: the frame with its navigation, notices, breadcrumbs, and the page of a problem.

use maud::{DOCTYPE, Markup, html};

use crate::domain::Role;
use crate::messages::Messages;

/// The style sheet, served at `/assets/style.css`.
pub(crate) const STYLE: &str = include_str!("style.css");

/// Who is signed in, as the head of a page shows them.
pub(crate) struct Account {
    /// What colleagues call the account.
    pub label: String,
    /// The role.
    pub role: Role,
}

/// What stands around the content of a page.
pub(crate) struct Frame<'a> {
    /// The words.
    pub words: &'a Messages,
    /// Who is signed in.
    pub account: Option<&'a Account>,
    /// The page's title.
    pub title: &'a str,
    /// Pages above this one: address and title.
    pub above: &'a [(String, String)],
    /// What just happened.
    pub notice: Option<&'a Notice>,
}

/// What just happened.
pub(crate) enum Notice {
    /// It was done.
    Done(String),
    /// It was not done, and why; with single points where there are several.
    Problem(String, Vec<String>),
}

impl Frame<'_> {
    /// The whole page around its content.
    pub(super) fn page(&self, content: &Markup) -> Markup {
        let words = self.words;
        html! {
            (DOCTYPE)
            html lang=(words.language()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) " – " (words.text("product")) }
                    link rel="stylesheet" href="/assets/style.css";
                    link rel="icon" href="data:,";
                }
                body {
                    a.skip href="#main" { (words.text("skip-to-content")) }
                    (self.head())
                    div.wide {
                        (self.breadcrumbs())
                        main #main tabindex="-1" {
                            @if let Some(notice) = self.notice { (show_notice(words, notice)) }
                            (content)
                        }
                    }
                    footer.foot { div.wide { p { (words.text("footer")) } } }
                }
            }
        }
    }

    fn head(&self) -> Markup {
        let words = self.words;
        let links: &[(&str, &str)] = match self.account.map(|account| account.role) {
            Some(Role::Panel) => &[("/panel", "nav-panel")],
            Some(Role::Recruiter) => &[("/vacancies", "nav-vacancies")],
            Some(Role::Auditor) => &[("/reports", "nav-reports")],
            Some(Role::Admin | Role::Ats) | None => &[],
        };
        html! {
            header.head {
                div.wide {
                    a.product href="/" { (words.text("product")) }
                    @if !links.is_empty() {
                        nav aria-label=(words.text("navigation")) {
                            ul { @for (href, id) in links { li { a href=(href) { (words.text(id)) } } } }
                        }
                    }
                    @if let Some(account) = self.account {
                        @let role = words.label("role", account.role.as_str());
                        form.sign-out method="post" action="/sign-out" {
                            span {
                                (words.fill("signed-in-as", &[
                                    ("label", (&account.label).into()),
                                    ("role", (&role).into()),
                                ]))
                            }
                            button.link type="submit" { (words.text("sign-out")) }
                        }
                    }
                }
            }
        }
    }

    fn breadcrumbs(&self) -> Markup {
        html! {
            @if !self.above.is_empty() {
                nav.breadcrumbs aria-label=(self.words.text("breadcrumbs")) {
                    ol {
                        @for (href, title) in self.above { li { a href=(href) { (title) } } }
                        li aria-current="page" { (self.title) }
                    }
                }
            }
        }
    }
}

/// The page of a problem: what is wrong in words, the stable code, and the way back.
pub(crate) fn problem(words: &Messages, title: &str, detail: Option<&str>, code: &str) -> Markup {
    let frame = Frame { words, account: None, title, above: &[], notice: None };
    frame.page(&html! {
        div.reading {
            h1 { (title) }
            @if let Some(detail) = detail { p { (detail) } }
            p.quiet { (words.fill("problem-code", &[("code", code.into())])) }
            p { a href="/" { (words.text("problem-start")) } }
        }
    })
}

fn show_notice(words: &Messages, notice: &Notice) -> Markup {
    html! {
        @match notice {
            Notice::Done(text) => div.notice.done role="status" { p { (text) } },
            Notice::Problem(text, points) => {
                div.notice.problem role="alert" {
                    h2 { (words.text("problem-heading")) }
                    p { (text) }
                    @if !points.is_empty() { ul { @for point in points { li { (point) } } } }
                }
            }
        }
    }
}
