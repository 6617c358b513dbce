//! The Platform's keys, and its clock.

use doorway_core::clock::UnixSeconds;
use doorway_core::http::{Answer, FetchError, Request};
use doorway_core::platform_keys::MAX_KEY_SET_BYTES;
use doorway_core::registration::Registration;
use doorway_lti::key_set::KeySet;
use url::Url;

use super::report::{Report, name};
use crate::place::{Kind, Site};

/// How far clocks may differ before it is told, in seconds: Moodle's tokens are good for sixty.
const SKEW_SECONDS: i64 = 30;

pub(super) async fn check(registration: &Registration, site: &Site, report: &mut Report) {
    let about = name(registration);
    let url = &registration.jwks_uri;
    let request = Request::get(url).accept("application/json").limit(MAX_KEY_SET_BYTES);
    let answer = match site.client().send(request).await {
        Ok(answer) => answer,
        Err(error) => {
            return report.found("jwks", &about, format!("{url} does not answer: {error}"), silent(&error, &about));
        }
    };
    key_set(registration, &answer, report);
    if let Some(date) = answer.date() {
        clock(date, site, &about, report).await;
    }
}

fn silent(error: &FetchError, about: &str) -> String {
    match error {
        FetchError::NotPublic => {
            "Functions in AWS reach public addresses alone: the LMS must be reachable from the internet.".to_owned()
        }
        _ => format!(
            "See that the address is right and answers from the internet within five seconds: `doorway platform set {about} \
             jwksUri=...`."
        ),
    }
}

fn key_set(registration: &Registration, answer: &Answer, report: &mut Report) {
    let (about, url) = (name(registration), &registration.jwks_uri);
    let set = format!("`doorway platform set {about} jwksUri=...`");
    if answer.status.is_redirection() {
        let target = answer.header("location").unwrap_or("(nowhere)");
        let wrong = format!("{url} redirects to {target}, and redirects are not followed");
        return report.found("jwks", &about, wrong, format!("Register the final address: {set}."));
    }
    if answer.status.as_u16() != 200 {
        let wrong = format!("{url} answers {}", answer.status);
        return report.found("jwks", &about, wrong, format!("Compare it with what the LMS shows: {set}."));
    }
    let keys = match KeySet::parse(&answer.body) {
        Ok(keys) => keys,
        Err(error) => {
            let todo =
                format!("It is no key set, perhaps a page for people. Compare it with what the LMS shows: {set}.");
            return report.found("jwks", &about, format!("{url}: {error}"), todo);
        }
    };
    let algorithms: Vec<&str> = registration.algorithms.iter().map(|algorithm| algorithm.name()).collect();
    let algorithms = algorithms.join(", ");
    match registration.algorithms.iter().map(|algorithm| keys.keys_for(*algorithm)).sum::<usize>() {
        0 => {
            let wrong = format!("{url} has no key that can verify {algorithms}: no launch is accepted");
            let todo = "The Platform must publish an RSA key of 2048 bits or more with a `kid`, for signatures; or the algorithm \
                        is another: `algorithms`.";
            report.found("jwks", &about, wrong, todo);
        }
        count => report.passed("jwks", &about, format!("{count} key(s) for {algorithms}")),
    }
}

/// The Platform's clock beside that of AWS, by which the functions go; beside this machine's where AWS is not asked.
async fn clock(platform: UnixSeconds, site: &Site, about: &str, report: &mut Report) {
    let here = site.now();
    let (reference, whose) = match aws_date(site).await {
        Some(aws) => (aws, "AWS"),
        None => (here, "this machine"),
    };
    let seconds = difference(platform, reference);
    if seconds.abs() > SKEW_SECONDS {
        let (amount, side) = (seconds.abs(), if seconds > 0 { "ahead of" } else { "behind" });
        let wrong = format!(
            "the Platform's clock is {amount} seconds {side} that of {whose}: tokens seem expired, or from the future"
        );
        let todo = "Have the Platform's clock set by NTP. Until then raise DOORWAY_LEEWAY_SECONDS (300 at most).";
        report.found("clock", about, wrong, todo);
    } else {
        report.passed("clock", about, format!("within {SKEW_SECONDS} seconds of {whose}"));
    }
    let own = difference(here, reference);
    if own.abs() > SKEW_SECONDS {
        let wrong = format!("this machine's clock is {} seconds off that of AWS", own.abs());
        report.found("clock", "", wrong, "Set it, or signed requests to AWS and Platforms fail from here.");
    }
}

fn difference(one: UnixSeconds, other: UnixSeconds) -> i64 {
    let number = |moment: UnixSeconds| i64::try_from(moment.0).unwrap_or(i64::MAX);
    number(one).saturating_sub(number(other))
}

/// The time in AWS, from an answer that needs no credentials.
async fn aws_date(site: &Site) -> Option<UnixSeconds> {
    if matches!(site.kind, Kind::Local(_)) {
        return None;
    }
    let region = site.aws.config().await.region()?.as_ref().to_owned();
    let url = Url::parse(&format!("https://dynamodb.{region}.amazonaws.com/")).ok()?;
    site.client().send(Request::get(&url)).await.ok()?.date()
}
