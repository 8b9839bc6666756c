//! The web: routes, roles, limits, error table, pages. The only module that names axum and hyper; it knows no
//! journal, store or key.
//!
//! - `routes`: every route, who may use it, and what answers it: one table.
//! - `router`: from that table to a service, with what stands around every route.
//! - `access`: who is asking, and whether the table lets them.
//! - `error_table`: from what went wrong to status and code: one table.
//! - `problem`: an error as an answer, problem+json or a page.
//! - `limits`: body size, memory for bodies, concurrency, time.
//! - `multipart`, `copies`: documents in, and clean copies of them out.
//! - `api`, `screens`: what answers, in JSON and in HTML; `pages`: the HTML itself.

#![warn(clippy::indexing_slicing)]

mod access;
mod api;
mod copies;
mod error_table;
mod extract;
mod limits;
mod multipart;
mod pages;
mod problem;
mod request_log;
mod router;
mod routes;
mod screens;
mod security_headers;
mod serve;
mod state;

pub use limits::HttpSettings;
pub use routes::{Access, RouteInfo, routes};
pub use serve::serve;
