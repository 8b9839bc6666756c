//! What answers programs, in JSON: one file per noun. Handlers translate; the work is done in `workflow`.

pub(super) mod applications;
pub(super) mod audits;
pub(super) mod deliveries;
pub(super) mod health;
pub(super) mod packs;
pub(super) mod redactions;
pub(super) mod sources;
pub(super) mod users;
pub(super) mod vacancies;
