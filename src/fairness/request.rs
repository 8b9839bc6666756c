//! What an audit is asked for. A request that cannot be answered cannot be built.

use serde::{Deserialize, Serialize};

use crate::rulebook::{Benchmark, Policy, Rulebook};

/// How often the same decisions are looked at; it decides which evidence a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looks {
    /// Once, as in a yearly report: the exact mid-p.
    #[default]
    Once,
    /// Again and again, as every Monday: the e-value, which may be read after every decision.
    Many,
}

/// The smallest count that an organisation may choose to show.
pub const SMALLEST_MINIMUM: u64 = 5;
/// The smallest count that is shown unless the organisation chooses another.
pub const USUAL_MINIMUM: u64 = 10;

/// Why an audit cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No policy of that name.
    #[error("there is no policy '{policy}'; the policies are {known}")]
    UnknownPolicy {
        /// What was asked for.
        policy: String,
        /// The policies there are.
        known: String,
    },
    /// No benchmark of that name.
    #[error("there is no benchmark '{benchmark}'; the benchmarks are {known}")]
    UnknownBenchmark {
        /// What was asked for.
        benchmark: String,
        /// The benchmarks there are.
        known: String,
    },
    /// Too small a minimum count.
    #[error(
        "the minimum count is {minimum}; it must be at least {SMALLEST_MINIMUM}, so that no small group can be recognised"
    )]
    MinimumTooSmall {
        /// What was asked for.
        minimum: u64,
    },
}

/// What an audit is to look at.
#[derive(Debug, Clone)]
pub struct AuditRequest {
    /// What is computed and flagged.
    pub policy: Policy,
    /// Whose decisions these are, for the heading.
    pub organisation: String,
    /// How many organisations' decisions these are, where they are several.
    pub organisations: usize,
    /// When they were taken, for the heading and every sentence.
    pub period: String,
    /// How the data were narrowed, for the heading.
    pub filters: Vec<String>,
    /// Confidence of intervals.
    pub confidence: f64,
    /// Population shares that applicants are compared with.
    pub benchmark: Option<Benchmark>,
    /// How often the same decisions are looked at.
    pub looks: Looks,
    /// Whether counts from which few withdrawals follow are shown.
    pub shows_withdrawals: bool,
    minimum: u64,
}

impl AuditRequest {
    /// An audit by a policy of the rules, with the usual minimum count and intervals of 95 %.
    ///
    /// # Errors
    /// When the rules have no such policy.
    pub fn new(policy: &str, rules: &Rulebook) -> Result<Self, RequestError> {
        let found = rules.policy(policy).ok_or_else(|| RequestError::UnknownPolicy {
            policy: policy.to_owned(),
            known: rules.policies().iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", "),
        })?;
        Ok(Self {
            policy: found.clone(),
            organisation: String::new(),
            organisations: 0,
            period: String::new(),
            filters: Vec::new(),
            confidence: 0.95,
            benchmark: None,
            looks: Looks::Once,
            shows_withdrawals: false,
            minimum: USUAL_MINIMUM,
        })
    }

    /// The same audit with another smallest count.
    ///
    /// # Errors
    /// Below [`SMALLEST_MINIMUM`].
    pub fn with_minimum(mut self, minimum: u64) -> Result<Self, RequestError> {
        if minimum < SMALLEST_MINIMUM {
            return Err(RequestError::MinimumTooSmall { minimum });
        }
        self.minimum = minimum;
        Ok(self)
    }

    /// The same audit, comparing who applied with population shares of the rules.
    ///
    /// # Errors
    /// When the rules have no such benchmark.
    pub fn with_benchmark(mut self, id: &str, rules: &Rulebook) -> Result<Self, RequestError> {
        let found = rules.benchmark(id).ok_or_else(|| RequestError::UnknownBenchmark {
            benchmark: id.to_owned(),
            known: rules.benchmarks().iter().map(|b| b.id.as_str()).collect::<Vec<_>>().join(", "),
        })?;
        self.benchmark = Some(found.clone());
        Ok(self)
    }

    /// The smallest count that is shown.
    pub fn minimum(&self) -> u64 {
        self.minimum
    }
}
