//! Counts to comparisons to findings, one file per statistic: count, compare, judge, kept apart. Pure: it sees counts,
//! never people, does no I/O, and takes no clock and no randomness.

mod adjustment;
pub mod association;
mod audit;
pub mod availability;
pub mod before_after;
mod calculate;
mod changes;
mod compare;
pub mod conditional_odds;
pub mod conditional_test;
mod counts;
pub mod difference;
mod disclosure;
pub mod evidence;
pub mod exact_stratified;
pub mod fisher;
pub mod homogeneity;
mod hypergeometric;
mod intersections;
mod journey;
mod judge;
mod levels;
pub mod logistic;
pub mod mann_whitney;
pub mod mantel_haenszel;
pub mod multiplicity;
mod numeric;
pub mod pooling;
pub mod power;
pub mod rates;
pub mod ratio;
pub mod releases;
pub mod reliability;
mod request;
mod run;
pub mod rxc;
mod scores;
pub mod shrinkage;
mod suppress;
mod table;
pub mod trend;
pub mod unconditional;
pub mod undeclared;
mod view;
mod warning;

pub use crate::rulebook::Comparator;
pub use adjustment::{
    Adjusted, Adjustment, Conclusion, FactorBands, Regression, StratumPlace, WithinBands,
};
pub use audit::{
    Audit, CategoryTrend, EvidenceLine, Finding, GroupLine, Method, Numbers, Representation,
    StageLine, StretchLabel, UndeclaredLine, View,
};
pub use calculate::{CalculateError, KINDS, calculate};
pub use changes::{Changed, Changes, Said};
pub use counts::{CategoryCounts, Cell, CharacteristicCounts, Counts, StageCounts, StratumFacts};
pub use intersections::{CombinedGroup, Intersection};
pub use judge::{Direction, Reason, Verdict};
pub use levels::{
    AcrossLevels, AtLevel, FactorLevels, GapChange, Level, PooledLevels, RatioTrend, ShareTrend,
    by_level, over_time,
};
pub use numeric::Probability;
pub use releases::{Release, Releases};
pub use request::{AuditRequest, Looks, RequestError, SMALLEST_MINIMUM, USUAL_MINIMUM};
pub use run::{FamilyWatch, Monitor, Series, WatchPoint, adjusted, audit, audit_after, monitor};
pub use scores::{
    InTables, MarkerSeverity, PanelAgreement, ScoreAudit, ScoreComparison, ScoreNumbers, ScoreView,
    ScoredPerson, Scoring, audit_scores,
};
pub use table::{ImpossibleCounts, Table, rate, ratio_is_below};
pub use warning::Warning;
