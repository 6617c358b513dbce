//! What stands before a Platform's services: requests come through as the sky allows.
//!
//! It plays the load balancer and the network of a Platform that is down, and of one that is only half well. What it
//! refuses does not reach the Platform; what it spoils was applied.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{CONTENT_LENGTH, RETRY_AFTER};
use http_body_util::channel::Channel;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::dice::Dice;
use crate::hold::Hold;
use crate::time::SimulatedTime;

/// How the Platform is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sky {
    /// Well.
    Clear,
    /// Some requests fail, and some answers are lost.
    HalfWell,
    /// Nearly well: the same failures, but few.
    Recovering,
    /// Down: nothing arrives.
    Out,
}

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    Well,
    /// Answered after so many seconds.
    Slow(u64),
    /// Refused with this status.
    Refused(StatusCode),
    /// Refused with this status after so many seconds.
    SlowlyRefused(StatusCode, u64),
    /// Refused with 429 and `Retry-After`.
    Throttled(u64),
    /// The connection ends; nothing was applied.
    Reset,
    /// The connection ends; what was asked for is done.
    Lost,
    /// Done, with a body that is no JSON. A refusal keeps its words.
    NoJson,
}

/// The front of one Platform.
pub struct Front {
    platform: OnceLock<Router>,
    sky: Mutex<(Sky, Dice)>,
    time: Arc<SimulatedTime>,
    hold: Arc<Hold>,
    scores: AtomicU64,
}

impl Front {
    /// Stands on a loopback port; the base URL with it. The sky is clear.
    pub async fn start(time: Arc<SimulatedTime>, hold: Arc<Hold>, dice: Dice) -> (Arc<Self>, String) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let base = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let sky = Mutex::new((Sky::Clear, dice));
        let front = Arc::new(Self { platform: OnceLock::new(), sky, time, hold, scores: AtomicU64::new(0) });
        let router = Router::new().fallback(answer).with_state(front.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (front, base)
    }

    /// What stands behind it.
    pub fn open(&self, platform: Router) {
        self.platform.set(platform).expect("a front has one platform");
    }

    /// Changes the sky.
    pub fn turn(&self, sky: Sky) {
        self.sky.lock().unwrap_or_else(PoisonError::into_inner).0 = sky;
    }

    /// How many scores came so far.
    pub fn scores(&self) -> u64 {
        self.scores.load(Ordering::SeqCst)
    }

    fn weather(&self, is_token: bool) -> Weather {
        let (sky, dice) = &mut *self.sky.lock().unwrap_or_else(PoisonError::into_inner);
        match sky {
            Sky::Clear => Weather::Well,
            Sky::Out => out(dice),
            Sky::Recovering if dice.below(10) > 0 => Weather::Well,
            Sky::Recovering | Sky::HalfWell => match half_well(dice) {
                // From a token endpoint it would mean that the Tool's settings are wrong, and they are not.
                Weather::Refused(StatusCode::UNAUTHORIZED) if is_token => Weather::Well,
                weather => weather,
            },
        }
    }

    async fn meet(&self, weather: Weather, request: Request) -> Response {
        match weather {
            Weather::Well => self.forward(request).await,
            Weather::Slow(seconds) => {
                self.time.pass_slowly(seconds);
                self.forward(request).await
            }
            Weather::Refused(status) => status.into_response(),
            Weather::SlowlyRefused(status, seconds) => {
                self.time.pass_slowly(seconds);
                status.into_response()
            }
            Weather::Throttled(seconds) => {
                (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds.to_string())]).into_response()
            }
            Weather::Reset => broken(),
            Weather::Lost => {
                self.forward(request).await;
                broken()
            }
            Weather::NoJson => {
                let mut response = self.forward(request).await;
                if !response.status().is_success() {
                    // Its words say what it means: without them Canvas's stale score is any other refusal.
                    return response;
                }
                response.headers_mut().remove(CONTENT_LENGTH);
                if response.status() == StatusCode::NO_CONTENT {
                    *response.status_mut() = StatusCode::OK;
                }
                response.map(|_| Body::from("{\"surely\": [\"no JSON\""))
            }
        }
    }

    async fn forward(&self, request: Request) -> Response {
        let platform = self.platform.get().expect("a front is opened before it is asked").clone();
        platform.oneshot(request).await.expect("routers do not fail")
    }
}

async fn answer(State(front): State<Arc<Front>>, request: Request) -> Response {
    let path = request.uri().path();
    let (is_token, is_score) = (path == "/token", path.ends_with("/scores"));
    let weather = front.weather(is_token);
    let response = front.meet(weather, request).await;
    if is_score {
        front.scores.fetch_add(1, Ordering::SeqCst);
        front.hold.pass().await;
    }
    response
}

fn out(dice: &mut Dice) -> Weather {
    match dice.below(10) {
        0..4 => Weather::Throttled(1200 + dice.below(2400)),
        4..6 => Weather::Refused(StatusCode::SERVICE_UNAVAILABLE),
        6 => Weather::Refused(StatusCode::INTERNAL_SERVER_ERROR),
        7 => Weather::SlowlyRefused(StatusCode::GATEWAY_TIMEOUT, 1 + dice.below(15)),
        _ => Weather::Reset,
    }
}

fn half_well(dice: &mut Dice) -> Weather {
    match dice.below(20) {
        0 => Weather::Refused(StatusCode::UNAUTHORIZED),
        1 => Weather::Refused(StatusCode::INTERNAL_SERVER_ERROR),
        2 => Weather::Refused(StatusCode::SERVICE_UNAVAILABLE),
        3 => Weather::Throttled(1 + dice.below(60)),
        4 => Weather::Reset,
        5..8 => Weather::Lost,
        8 => Weather::NoJson,
        9 => Weather::Slow(1 + dice.below(15)),
        _ => Weather::Well,
    }
}

/// An answer whose connection ends before its first byte.
fn broken() -> Response {
    let (sender, body) = Channel::<Bytes, io::Error>::new(1);
    sender.abort(io::ErrorKind::ConnectionReset.into());
    Response::new(Body::new(body))
}
