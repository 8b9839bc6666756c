//! The web: routes, roles, limits, error table, pages. The only module that names axum.

mod pages;
