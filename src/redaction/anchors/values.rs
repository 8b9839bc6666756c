//! Contact values of the table: telephone numbers and the like letter by letter, and addresses by what their parts are.

use super::super::rules::Rules;
use super::super::text::{Page, View};
use super::{AnchorIndex, SHORTEST_SURE, is_wordlike, squeeze};

/// A postal address line, a phone number and the like, squeezed to letters and digits.
pub(in super::super) struct Exact {
    pub squeezed: String,
    pub field: &'static str,
}

/// A town, village or county of the candidate's address.
pub(in super::super) struct Place {
    pub squeezed: String,
    /// Whether it is in the list of places, and so large enough to say little by itself.
    pub is_listed: bool,
}

impl AnchorIndex {
    /// Adds a line of an address, or several with commas between: houses and streets are the candidate's wherever they
    /// stand, places only where they are given as the candidate's.
    pub(super) fn add_address(&mut self, value: &str, rules: &Rules) {
        let parts: Vec<&str> = value.split([',', '\n', ';']).map(str::trim).collect();
        if parts.len() > 1 && value.contains(|c: char| c.is_ascii_digit()) {
            self.add_exact("address", value);
        }
        for part in parts {
            let page = Page::read(part, &rules.vocabulary);
            let count = page.tokens.len();
            let is_listed = page.has_entry(0, rules.lexicons.uk_places, count);
            let is_house = part.contains(|c: char| c.is_ascii_digit())
                || (1..count).any(|at| page.starts(at, rules.lexicons.address_words));
            let squeezed = squeeze(page.view.lower());
            if is_house && !is_listed {
                self.add_exact("address", part);
            } else if squeezed.len() >= SHORTEST_SURE
                && (is_listed || !is_wordlike(page.view.lower(), rules))
            {
                self.places.push(Place { squeezed, is_listed });
            }
        }
    }

    pub(super) fn add_exact(&mut self, field: &'static str, value: &str) {
        let squeezed = squeeze(View::fold(value).lower());
        if squeezed.len() >= 5 {
            self.exact.push(Exact { squeezed, field });
        }
    }
}
