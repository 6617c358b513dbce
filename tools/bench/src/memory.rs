//! Memory in the course of many launches: what a process keeps of each.

use std::ops::Range;

use crate::error::BenchError;
use crate::function::Function;
use crate::journey::{bound_post, invoke, invoke_unknown_key, login_event, redeem_event};
use crate::payload::Payload;
use crate::stage::Stage;

/// A run is looked at so many times.
pub const SAMPLES: usize = 10;
/// A process counts as warm after so many of the samples.
const WARM_SAMPLES: usize = 2;
/// By how much a warm process may grow, in KiB. Allocators and caches breathe; a leak of a KiB a launch is more in any run
/// of the usual length.
pub const FLAT_KIB: u64 = 8 * 1024;
/// What the embedded engine remembers of each visit for ten minutes, as DynamoDB does, at the most: the tokens of two transactions,
/// by which it knows a repeated one again.
pub const TRANSACTION_TOKENS_BYTES: u64 = 1024;

/// One process's memory.
pub struct Course {
    /// Whose.
    pub name: String,
    /// Launches so far, and the resident memory then, in KiB.
    pub samples: Vec<(usize, u64)>,
    /// What it may keep of each launch for a while, in bytes.
    pub kept_for_a_while: u64,
}

impl Course {
    /// The memory of a warm process, and at the end, in KiB.
    pub fn warm_and_last_kib(&self) -> (u64, u64) {
        let rss = |sample: Option<&(usize, u64)>| sample.map_or(0, |(_, rss)| *rss);
        (rss(self.samples.get(WARM_SAMPLES - 1)), rss(self.samples.last()))
    }

    /// How much was kept of each launch since the process was warm, in bytes.
    pub fn kept_bytes(&self) -> u64 {
        let (warm, last) = self.warm_and_last_kib();
        last.saturating_sub(warm) * 1024 / self.launches_since().max(1)
    }

    /// How many launches there were since the process was warm.
    fn launches_since(&self) -> u64 {
        let launches = |sample: Option<&(usize, u64)>| sample.map_or(0, |(launches, _)| *launches);
        let since = launches(self.samples.last()).saturating_sub(launches(self.samples.get(WARM_SAMPLES - 1)));
        u64::try_from(since).unwrap_or(u64::MAX)
    }

    /// Whether nothing to speak of was kept for good.
    ///
    /// # Errors
    /// The memory that was gained.
    pub fn is_flat(&self) -> Result<(), BenchError> {
        let (warm, last) = self.warm_and_last_kib();
        let grown = last.saturating_sub(warm);
        if grown <= FLAT_KIB + self.kept_for_a_while * self.launches_since() / 1024 {
            return Ok(());
        }
        let (name, kept) = (&self.name, self.kept_bytes());
        Err(BenchError::Load(format!("`{name}` grew by {grown} KiB when it was warm: by {kept} bytes a launch")))
    }
}

/// That of a function, before any sample.
pub fn of_function(name: impl Into<String>) -> Course {
    Course { name: name.into(), samples: Vec::with_capacity(SAMPLES), kept_for_a_while: 0 }
}

/// The numbers of so many launches, those of each sample by themselves; a few more where they do not divide.
pub fn samples(launches: usize) -> impl Iterator<Item = Range<usize>> {
    let per_sample = launches.div_ceil(SAMPLES);
    (0..SAMPLES).map(move |sample| sample * per_sample..(sample + 1) * per_sample)
}

/// So many launches through one process of each of the three functions that a launch needs.
pub async fn run(stage: &Stage, launches: usize) -> Result<Vec<Course>, BenchError> {
    let mut functions = [
        stage.functions.start("login").await?,
        stage.functions.start("launch").await?,
        stage.functions.start("launches").await?,
    ];
    let mut courses: Vec<Course> = functions.iter().map(|function| of_function(function.name)).collect();
    for numbers in samples(launches) {
        for number in numbers.clone() {
            launch(stage, &mut functions, number).await?;
        }
        for (function, course) in functions.iter().zip(&mut courses) {
            course.samples.push((numbers.end, function.rss_kib()?));
        }
    }
    for function in functions {
        function.end().await?;
    }
    Ok(courses)
}

/// One launch: what a function answers makes the event for the next.
async fn launch(stage: &Stage, functions: &mut [Function; 3], number: usize) -> Result<(), BenchError> {
    let [login, launch, launches] = functions;
    let payload = Payload::Moodle;
    let begun = invoke(login, &login_event(payload, number)).await?.answer;
    let claims = |nonce: &str, now| payload.claims(number, nonce, now);
    let launched = invoke(launch, &bound_post(stage, &begun, claims)?).await?.answer;
    invoke(launches, &redeem_event(&launched)?).await.map(drop)
}

/// So many posts to one process of `launch`, each with the id of a key that nobody has.
pub async fn unknown_keys(stage: &Stage, posts: usize) -> Result<Course, BenchError> {
    let mut login = stage.functions.start("login").await?;
    let mut launch = stage.functions.start("launch").await?;
    let mut course = of_function("launch, keys that nobody has");
    for (sample, numbers) in samples(posts).enumerate() {
        // A login ends after ten minutes: each sample has one of its own.
        let begun = invoke(&mut login, &login_event(Payload::Moodle, sample)).await?.answer;
        for number in numbers.clone() {
            invoke_unknown_key(&mut launch, &begun, number).await?;
        }
        course.samples.push((numbers.end, launch.rss_kib()?));
    }
    login.end().await?;
    launch.end().await?;
    Ok(course)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(samples: &[u64]) -> Course {
        let samples = samples.iter().enumerate().map(|(n, rss)| ((n + 1) * 100, *rss)).collect();
        Course { samples, ..of_function("stack") }
    }

    #[test]
    fn what_is_gained_while_warming_up_is_no_growth() {
        let course = course(&[1_000, 50_000, 50_000 + FLAT_KIB]);
        assert!(course.is_flat().is_ok());
        assert_eq!(course.warm_and_last_kib(), (50_000, 50_000 + FLAT_KIB));
    }

    #[test]
    fn what_is_gained_afterwards_is_told_by_the_launch() {
        let course = course(&[1_000, 50_000, 55_000, 50_000 + FLAT_KIB + 1]);
        let told = course.is_flat().map_err(|error| error.to_string());
        assert_eq!(course.kept_bytes(), (FLAT_KIB + 1) * 1024 / 200);
        assert!(told.is_err_and(|told| told.contains(&format!("by {} bytes a launch", course.kept_bytes()))));
    }

    #[test]
    fn every_launch_is_in_one_sample() {
        for launches in [1, 10, 95, 50_000] {
            let all: Vec<usize> = samples(launches).flatten().collect();
            assert!((launches..launches + SAMPLES).contains(&all.len()), "{launches}");
            assert!(all.iter().copied().eq(0..all.len()), "{launches}");
            assert_eq!(samples(launches).count(), SAMPLES, "{launches}");
        }
    }

    #[test]
    fn what_is_kept_for_a_while_is_no_growth() {
        let kept = |kept_for_a_while| Course { kept_for_a_while, ..course(&[1_000, 50_000, 50_000 + FLAT_KIB + 100]) };
        assert!(kept(1023).is_flat().is_err());
        assert!(kept(1024).is_flat().is_ok());
    }

    #[test]
    fn a_process_that_shrinks_is_flat() {
        let course = course(&[1_000, 50_000, 20_000]);
        assert!(course.is_flat().is_ok());
        assert_eq!(course.kept_bytes(), 0);
    }
}
