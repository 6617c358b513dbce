//! When to try again.

use crate::random::{self, Random};

/// The longest wait between two attempts, in seconds: an hour.
pub const MAX_WAIT_SECONDS: u32 = 3600;
/// The longest that a Platform is spared after it failed, in seconds, unless it asks for more.
pub const MAX_SPARE_SECONDS: u32 = 300;

/// The wait after so many attempts, in seconds: doubling from two seconds to an hour, of which a random half, so that
/// thousands of scores of one outage do not come back together.
pub fn wait_seconds(attempts: u32, random: &dyn Random) -> u32 {
    jittered(doubled(attempts, MAX_WAIT_SECONDS), random)
}

/// How long a Platform is spared after so many failures in a row, in seconds. `retry_after_seconds` is its own wish,
/// granted up to an hour.
pub fn spare_seconds(failures: u32, retry_after_seconds: Option<u64>) -> u32 {
    let wish = retry_after_seconds.map_or(0, |seconds| u32::try_from(seconds).unwrap_or(u32::MAX));
    doubled(failures, MAX_SPARE_SECONDS).max(wish.min(MAX_WAIT_SECONDS))
}

/// How long a score waits that could not be tried at all, in seconds: `seconds`, or a twentieth of its age, up to an hour,
/// and of that a random half. So a score of a long outage, or of a long queue, is taken out of the queue a few hundred
/// times in a week, and not so often that the queue takes it for dead (1,000 times in the template).
pub fn patience_seconds(seconds: u32, age_seconds: u64, random: &dyn Random) -> u32 {
    let twentieth = u32::try_from(age_seconds / 20).unwrap_or(u32::MAX);
    jittered(seconds.max(twentieth.min(MAX_WAIT_SECONDS)), random)
}

/// Between half and all of `seconds`, and at least one.
pub fn jittered(seconds: u32, random: &dyn Random) -> u32 {
    let half = seconds / 2;
    let draw = u32::from_be_bytes(random::bytes(random)) % (seconds - half + 1);
    (half + draw).max(1)
}

fn doubled(times: u32, most: u32) -> u32 {
    2u32.checked_pow(times.max(1)).map_or(most, |seconds| seconds.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn waits_double_up_to_an_hour_and_vary_by_half() {
        for (attempts, most) in [(0, 2), (1, 2), (2, 4), (5, 32), (11, 2048), (12, 3600), (40, 3600), (u32::MAX, 3600)]
        {
            for _ in 0..50 {
                let wait = wait_seconds(attempts, &SystemRandom);
                assert!((most / 2..=most).contains(&wait), "{attempts}: {wait}");
            }
        }
    }

    #[test]
    fn a_score_that_is_never_tried_is_received_a_few_hundred_times_in_two_weeks() {
        let (mut age, mut received) = (0u64, 0);
        while age < 14 * 24 * 3600 {
            age += u64::from(patience_seconds(15, age, &SystemRandom));
            received += 1;
        }
        assert!(received < 900, "{received}");
    }

    #[test]
    fn a_platform_is_spared_as_long_as_it_asks_up_to_an_hour() {
        assert_eq!(spare_seconds(1, None), 2);
        assert_eq!(spare_seconds(20, None), MAX_SPARE_SECONDS);
        assert_eq!(spare_seconds(1, Some(90)), 90);
        assert_eq!(spare_seconds(1, Some(u64::MAX)), MAX_WAIT_SECONDS);
        assert_eq!(spare_seconds(8, Some(1)), 256);
    }
}
