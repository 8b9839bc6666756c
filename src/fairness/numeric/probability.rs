//! A probability together with its logarithm, so that 1e-300 and 1 - 1e-16 are both numbers. Knows no statistic.

use serde::Serialize;

/// A probability and its natural logarithm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Probability {
    /// The probability; 0 when it is below the smallest float.
    pub p: f64,
    /// Its natural logarithm, which stays finite.
    pub ln_p: f64,
}

impl Probability {
    /// Certainty.
    pub const ONE: Self = Self { p: 1.0, ln_p: 0.0 };
    /// Impossibility.
    pub const ZERO: Self = Self { p: 0.0, ln_p: f64::NEG_INFINITY };

    /// From its logarithm.
    pub fn from_ln(ln_p: f64) -> Self {
        if ln_p >= 0.0 { Self::ONE } else { Self { p: ln_p.exp(), ln_p } }
    }

    /// From its value.
    pub fn new(p: f64) -> Self {
        if p >= 1.0 { Self::ONE } else { Self { p: p.max(0.0), ln_p: p.max(0.0).ln() } }
    }

    /// From value and logarithm, both already exact.
    pub fn from_parts(p: f64, ln_p: f64) -> Self {
        if p >= 1.0 { Self::ONE } else { Self { p, ln_p } }
    }

    /// One minus this, without losing the digits of either.
    #[must_use]
    pub fn complement(self) -> Self {
        Self::from_parts(1.0 - self.p, (-self.p).ln_1p())
    }

    /// The probability of one of two events that exclude each other.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let (large, small) = if self.ln_p >= other.ln_p { (self, other) } else { (other, self) };
        if small.ln_p == f64::NEG_INFINITY {
            return large;
        }
        let ln_p = large.ln_p + (small.ln_p - large.ln_p).exp().ln_1p();
        Self::from_parts(self.p + other.p, ln_p)
    }

    /// This probability less a part of it.
    #[must_use]
    pub fn less_part(self, part: Self) -> Self {
        if part.ln_p >= self.ln_p {
            return Self::ZERO;
        }
        let ln_p = self.ln_p + (-(part.ln_p - self.ln_p).exp()).ln_1p();
        Self::from_parts(self.p - part.p, ln_p)
    }

    /// A multiple of it, at most 1.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        if factor == 0.0 {
            return Self::ZERO;
        }
        Self::from_parts(self.p * factor, self.ln_p + factor.ln())
    }

    /// The larger of two.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        if other.order(&self).is_gt() { other } else { self }
    }

    /// The smaller of two.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        if other.order(&self).is_lt() { other } else { self }
    }

    /// Which of two is larger; by their logarithms where both are below the smallest float.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.p.total_cmp(&other.p).then(self.ln_p.total_cmp(&other.ln_p))
    }
}
