//! Doorway's part: each person goes through `login`, `launch` and `launches`, whose processes run side by side, as Lambda runs them.

use std::time::Duration;

use serde_json::Value;

use crate::error::BenchError;
use crate::function::Function;
use crate::journey::{bound_post, invoke, login_event, redeem_event, refused};
use crate::payload::Payload;
use crate::platform::Platform;
use crate::stage::Stage;

use super::contender::with_gradebook;
use super::installed;

/// The functions that a launch needs, by the names of their binaries, in the order of a launch.
const OF_A_LAUNCH: [&str; 3] = ["login", "launch", "launches"];

/// The three processes.
pub struct Doorway<'a> {
    stage: &'a Stage,
    platform: &'a Platform,
    payload: Payload,
    login: Function,
    launch: Function,
    redeem: Function,
}

impl<'a> Doorway<'a> {
    /// Starts them.
    pub async fn start(stage: &'a Stage, platform: &'a Platform, payload: Payload) -> Result<Self, BenchError> {
        let [login, launch, redeem] = OF_A_LAUNCH;
        Ok(Self {
            stage,
            platform,
            payload,
            login: stage.functions.start(login).await?,
            launch: stage.functions.start(launch).await?,
            redeem: stage.functions.start(redeem).await?,
        })
    }

    /// The ids of their processes.
    pub fn process_ids(&self) -> Vec<u32> {
        [&self.login, &self.launch, &self.redeem].map(Function::process_id).to_vec()
    }

    /// One person's way, until the App knows who it is; how long the three requests took.
    pub async fn launch(&mut self, n: usize) -> Result<Duration, BenchError> {
        let (login, rest) = self.steps(n).await?;
        Ok(login + rest)
    }

    /// How long the login took, and how long the rest.
    async fn steps(&mut self, n: usize) -> Result<(Duration, Duration), BenchError> {
        let login = invoke(&mut self.login, &login_event(self.payload, n)).await?;
        let claims = |nonce: &str, now| with_gradebook(self.payload.claims(n, nonce, now), self.platform);
        let post = bound_post(self.stage, &login.answer, claims)?;
        let launch = invoke(&mut self.launch, &post).await?;
        let redeem = invoke(&mut self.redeem, &redeem_event(&launch.answer)?).await?;
        let told: Option<Value> = redeem.answer["body"].as_str().and_then(|body| serde_json::from_str(body).ok());
        if told.is_none_or(|told| told["user"]["id"] != self.payload.user(n).id) {
            return Err(refused("launches", &redeem.answer));
        }
        Ok((login.wall, launch.wall + redeem.wall))
    }

    /// Ends them.
    pub async fn end(self) -> Result<(), BenchError> {
        self.login.end().await?;
        self.launch.end().await?;
        self.redeem.end().await
    }
}

/// The first launch of three new processes, started one after the other: until the answer to the login, until the App knows
/// who came, and the CPU time of all.
pub async fn first_launch(
    stage: &Stage,
    platform: &Platform,
    payload: Payload,
    n: usize,
) -> Result<(Duration, Duration, Duration), BenchError> {
    let mut doorway = Doorway::start(stage, platform, payload).await?;
    let (login, rest) = doorway.steps(n).await?;
    let login = doorway.login.start + login;
    let launch = login + doorway.launch.start + doorway.redeem.start + rest;
    let cpu = doorway.login.cpu()? + doorway.launch.cpu()? + doorway.redeem.cpu()?;
    doorway.end().await?;
    Ok((login, launch, cpu))
}

/// The size of the binaries of launches and scores.
pub fn installed_bytes(stage: &Stage) -> Result<u64, BenchError> {
    let binaries = OF_A_LAUNCH.into_iter().chain(["scores"]);
    binaries.map(|name| installed::bytes(&stage.functions.binary(name), &[])).sum()
}
