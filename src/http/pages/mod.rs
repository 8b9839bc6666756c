//! The pages: pure functions from plain values to HTML. They know words and layout; they know neither requests nor
//! the program behind them, and nothing in them is a script.

mod application;
mod layout;
mod panel;
mod reports;
mod sign_in;
mod text;
mod vacancies;

pub(super) use application::{
    ApplicationView, DisclosureView, PackStateView, application, disclosure,
};
pub(super) use layout::{Account, Notice, STYLE, problem};
pub(super) use panel::{
    PackPartView, PackView, PanelEntry, PanelListView, PanelVacancy, pack, panel_list,
    panel_vacancies,
};
pub(super) use reports::{ReportChoices, reports};
pub(super) use sign_in::{home_without_pages, sign_in};
pub(super) use vacancies::{ApplicationLine, VacancyView, vacancies, vacancy};
