//! How often one JWKS URL may be looked up beyond memory.

use doorway_lti::id_token::UnixSeconds;

/// Two at once, then one every 20 seconds.
const CAPACITY: u64 = 2;
const SECONDS_PER_TOKEN: u64 = 20;

/// A token bucket by a clock that is passed in.
#[derive(Debug)]
pub(super) struct Budget {
    tokens: u64,
    filled_at: UnixSeconds,
}

impl Default for Budget {
    fn default() -> Self {
        Self { tokens: CAPACITY, filled_at: UnixSeconds(0) }
    }
}

impl Budget {
    /// Takes one token if there is one.
    pub(super) fn take(&mut self, now: UnixSeconds) -> bool {
        // A clock that went back must not stop the filling until it has caught up.
        self.filled_at = self.filled_at.min(now);
        let earned = now.0.saturating_sub(self.filled_at.0) / SECONDS_PER_TOKEN;
        if self.tokens + earned >= CAPACITY {
            *self = Self { tokens: CAPACITY, filled_at: now };
        } else {
            self.tokens += earned;
            self.filled_at.0 += earned * SECONDS_PER_TOKEN;
        }
        let may = self.tokens > 0;
        self.tokens = self.tokens.saturating_sub(1);
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(budget: &mut Budget, at: u64, attempts: usize) -> usize {
        (0..attempts).filter(|_| budget.take(UnixSeconds(at))).count()
    }

    #[test]
    fn a_flood_takes_two_at_once_and_one_every_twenty_seconds() {
        let mut budget = Budget::default();
        assert_eq!(taken(&mut budget, 1_000, 10_000), 2);
        assert_eq!(taken(&mut budget, 1_019, 10_000), 0);
        assert_eq!(taken(&mut budget, 1_020, 10_000), 1);
        assert_eq!(taken(&mut budget, 1_065, 10_000), 2);
    }

    #[test]
    fn a_rotation_during_a_flood_is_looked_up_within_twenty_seconds() {
        let mut budget = Budget::default();
        for at in 1_000..1_100 {
            taken(&mut budget, at, 100);
        }
        assert!((1_100..1_120).any(|at| budget.take(UnixSeconds(at))));
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_away() {
        let mut budget = Budget::default();
        assert_eq!(taken(&mut budget, 1_000, 5), 2);
        assert_eq!(taken(&mut budget, 500, 5), 0);
        // And does not stop the filling until it has caught up.
        assert_eq!(taken(&mut budget, 520, 5), 1);
    }

    #[test]
    fn time_beyond_a_full_budget_earns_nothing() {
        let mut budget = Budget::default();
        assert_eq!(taken(&mut budget, 1_000, 5), 2);
        assert_eq!(taken(&mut budget, 1_050, 5), 2);
        assert_eq!(taken(&mut budget, 1_069, 5), 0);
        assert_eq!(taken(&mut budget, 1_070, 5), 1);
    }
}
