//! One file per thing the program does; this listing is the feature list. Orders the steps, and owns the rule
//! that nothing is acknowledged before its journal record is on disk. Knows neither HTTP nor the command line.

#![warn(clippy::indexing_slicing)]

mod adjust_table;
mod audit_levels;
pub mod audit_table;
mod audit_vacancies;
mod authenticate;
mod back_up;
mod cells;
mod change_vacancy;
mod check_readiness;
mod clean_document;
mod copy_pack;
mod create_organisation;
mod disclose_identity;
mod erase_candidate;
mod error;
mod evenhand;
mod export_counts;
mod fact;
mod import_applications;
mod import_counts;
mod import_plan;
mod journey;
mod list_vacancies;
mod locks;
mod manage_sources;
mod manage_users;
mod monitor_vacancies;
mod open_pack;
mod opening;
mod outside_words;
pub mod periods;
mod project;
mod prove_blindness;
mod read_document;
mod receive_application;
mod receive_characteristics;
mod receive_delivery;
mod record_outcome;
mod recount_tallies;
mod redact_application;
pub mod report_ledger;
mod restore;
mod rotate_keys;
mod score_table;
mod served_reports;
mod verify_journal;

pub use audit_vacancies::{AuditFilter, VacancyFactor, audit_vacancies};
pub use authenticate::{Viewer, authenticate, operator};
pub use back_up::{Copied, CopyError, back_up};
pub use check_readiness::{Check, Readiness, readiness};
pub use clean_document::{
    CleanAnswer, CleanRequest, CleanWords, OutsideFind, RedactedDocument, clean_document,
    keep_proved, redact_document, write_proved,
};
pub use copy_pack::PackCopy;
pub use create_organisation::{NewOrganisation, create_organisation};
pub use disclose_identity::{Disclosure, disclose_identity};
pub use erase_candidate::erase_candidate;
pub use error::{ErrorKind, WorkflowError};
pub use evenhand::{Evenhand, OpenError, OpenReport, Settings};
pub use export_counts::export_counts;
pub use import_applications::{
    ImportError, ImportReport, ImportSettings, Taken, import_applications,
};
pub use import_counts::import_counts;
pub use list_vacancies::{ApplicationRow, VacancyPage, list_vacancies, show_vacancy};
pub use manage_sources::{NewSource, add_secret, add_source, drop_old_secrets, list_sources};
pub use manage_users::{NewUser, add_user, assign_vacancies, list_users, renew_token, revoke_user};
pub use monitor_vacancies::monitor_vacancies;
pub use open_pack::{
    Pack, PackEntry, PackEntryState, PackLayout, PackList, PackPart, PackReader, PackVacancy,
};
pub use prove_blindness::{BlindnessProof, prove_blindness};
pub use read_document::{COPYING as COPY_DOCUMENT, DocumentReader, SUBCOMMAND as READ_DOCUMENT};
pub use receive_delivery::{DeliveryAnswer, receive_delivery};
pub use record_outcome::record_outcome;
pub use recount_tallies::{Recount, recount_tallies};
pub use redact_application::{Round, redact_next, request_redaction};
pub use restore::restore;
pub use rotate_keys::rotate_keys;

// Values that pass through here on their way in and out, so that callers need not know where they come from.
pub use crate::document::write::{CleanPart, WriteError, WriteFormat};
pub use crate::fairness::Looks;
pub use crate::intake::DeliveryHeaders;
pub use crate::redaction::{RedactionAnswer, RedactionRequest, answer as redact_text};
pub use crate::store::{SourceView, UserView};
pub use verify_journal::verify_journal;
