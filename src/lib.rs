//! **evenhand** stands between applicant tracking systems (ATS) and shortlisting panels.
//!
//! # The path data takes
//!
//! A signed webhook or a table arrives at [`http`] or [`cli`]. [`intake`] checks the signature and
//! turns the vendor's payload into our own events, by a mapping kept in `rules/sources`.
//! [`workflow`] does what the event asks: [`vault`] seals identity, characteristics and documents
//! under a key made for that one candidate; [`journal`] writes one hash-chained record and answers
//! only when it is on disk; [`store`] keeps the views that everything else reads. A [`worker`] then
//! turns documents into text ([`document`]), removes identity and clues from it ([`redaction`]) and
//! lets the leak gate decide whether the result may be seen. A panel opens packs of redacted text.
//! Outcomes become tallies; [`fairness`] turns tallies into findings, and [`report`] writes them
//! down for people.
//!
//! # Layout
//!
//! - [`domain`]: the field's nouns as plain values; imports nothing of ours.
//! - [`rulebook`]: loads and checks `rules/`; every rule has an id, the whole has a SHA-256.
//! - [`document`]: bytes to text with positions; redacted text to new documents.
//! - [`redaction`]: text + identity + rules to spans to redacted text; pure.
//! - [`fairness`]: counts to comparisons to findings; pure; one file per statistic.
//! - [`report`]: findings to JSON, text and HTML with SVG charts.
//! - [`vault`]: the only module that holds identity in clear at rest: sealing, key ring, erasure.
//! - [`journal`]: append-only, hash-chained, group-committed records.
//! - [`store`]: views rebuilt from the journal: the trait, sled, and memory.
//! - [`intake`]: signatures, deliveries, source mappings, tabular import.
//! - [`workflow`]: one file per thing the program does.
//! - [`typeset`]: blocks of text, tables and figures to a tagged PDF; pure.
//! - [`http`]: the only module that names axum: routes, roles, limits, error table, pages.
//! - [`cli`]: one file per subcommand.
//! - [`config`], [`telemetry`], [`worker`], [`messages`]: settings, logs, background jobs, and the words people read.

#![forbid(unsafe_code)]

pub mod cli;
pub mod config;
pub mod document;
pub mod domain;
pub mod fairness;
pub mod http;
pub mod intake;
pub mod journal;
pub mod messages;
pub mod redaction;
pub mod report;
pub mod rulebook;
pub mod store;
pub mod telemetry;
pub mod typeset;
pub mod vault;
pub mod worker;
pub mod workflow;
