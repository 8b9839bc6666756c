//! The page to sign in, and the start page of roles that have none of their own.

use maud::{Markup, html};

use super::layout::{Account, Frame, Notice};
use crate::domain::Role;
use crate::messages::Messages;

/// The page to sign in.
pub(crate) fn sign_in(words: &Messages, notice: Option<&Notice>) -> Markup {
    let title = words.text("sign-in-title");
    let frame = Frame { words, account: None, title: &title, above: &[], notice };
    frame.page(&html! {
        div.reading {
            h1 { (title) }
            p #token-hint { (words.text("sign-in-text")) }
            form method="post" action="/sign-in" {
                label for="token" { (words.text("sign-in-token")) }
                input #token name="token" type="password" autocomplete="off" required
                    spellcheck="false" aria-describedby="token-hint";
                button type="submit" { (words.text("sign-in-button")) }
            }
        }
    })
}

/// The start page of an administrator or a sending system.
pub(crate) fn home_without_pages(words: &Messages, account: &Account) -> Markup {
    let title = words.text("home-admin-title");
    let frame = Frame { words, account: Some(account), title: &title, above: &[], notice: None };
    frame.page(&html! {
        div.reading {
            h1 { (title) }
            @if account.role == Role::Admin { p { (words.text("home-admin-text")) } }
            @else { p { (words.text("home-ats-text")) } }
        }
    })
}
