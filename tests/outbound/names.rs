//! S1: where a deployed Tool connects to by a name: each connection asks for its addresses, and each answer is judged.
//!
//! Nothing here leads outside: where a connection would follow, the addresses are looked at instead.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use doorway_core::http::PlatformClient;
use doorway_core::http::resolve::{Lookup, NameService, NoPublicAddress, only_public};
use doorway_core::registration::PlatformTransport::HttpsOnly;

use crate::addresses::{INNER, is_refused, url};
use crate::listener::Listener;

/// Names by script: the answers one after another, the last one again and again.
struct Names {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    fn leading_to(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |answer: &&[&str]| answer.iter().map(|text| text.parse().expect("an address")).collect();
        Arc::new(Self { answers: Mutex::new(answers.iter().map(parse).collect()), asked: Mutex::default() })
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test panics with it").clone()
    }
}

impl NameService for Names {
    fn look_up(&self, name: &str) -> Lookup {
        self.asked.lock().expect("no test panics with it").push(name.to_owned());
        let mut answers = self.answers.lock().expect("no test panics with it");
        let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        Box::pin(async move { Ok(answer.unwrap_or_default()) })
    }
}

/// S1: a name is judged by where it leads.
#[tokio::test]
async fn a_name_that_leads_to_an_inner_address_is_refused() {
    for address in INNER {
        let names = Names::leading_to(&[&[address]]);
        let client = PlatformClient::with_names(HttpsOnly, names.clone());
        assert!(is_refused(&client, &url("https://lms.example/jwks")).await, "{address}");
        assert_eq!(names.asked(), ["lms.example"], "{address}");
    }
}

/// S1: all of several inner addresses are as bad as one, and no address at all is no way round.
#[tokio::test]
async fn a_name_that_leads_to_no_public_address_is_refused() {
    for answer in [&[][..], &["127.0.0.1", "::1"], &["10.0.0.1", "169.254.169.254", "fd00:ec2::254"]] {
        let client = PlatformClient::with_names(HttpsOnly, Names::leading_to(&[answer]));
        assert!(is_refused(&client, &url("https://lms.example/jwks")).await, "{answer:?}");
    }
}

fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().expect("an address")).collect()
}

/// S1: of a mixed answer only the public addresses are connected to, in the order in which they came.
#[test]
fn of_a_mixed_answer_only_the_public_addresses_remain() {
    let public = ["8.8.8.8", "2606:4700::1111", "1.1.1.1"];
    for inner in INNER {
        for at in 0..=public.len() {
            let mut mixed = public.to_vec();
            mixed.insert(at, inner);
            assert_eq!(only_public(addresses(&mixed)), Ok(addresses(&public)), "{inner} at {at}");
        }
        assert_eq!(only_public(addresses(&[inner, "10.0.0.1"])), Err(NoPublicAddress), "{inner}");
    }
    assert_eq!(only_public(Vec::new()), Err(NoPublicAddress));
}

/// S1: the addresses beside the inner networks are public: nobody is shut out by mistake.
#[test]
fn the_neighbours_of_inner_networks_are_public() {
    let neighbours = [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:db9::1",
        "2003::1",
        "2a00::1",
    ];
    assert_eq!(only_public(addresses(&neighbours)), Ok(addresses(&neighbours)));
}

/// S1: a name that was public and is private when it is asked again is refused then (DNS rebinding).
#[tokio::test]
async fn a_name_that_turns_private_is_refused_from_then_on() {
    let names = Names::leading_to(&[&["8.8.8.8"], &["169.254.169.254"]]);
    let ask = || async { only_public(names.look_up("lms.example").await.expect("the script does not fail")) };
    assert_eq!(ask().await, Ok(addresses(&["8.8.8.8"])));
    for _ in 0..3 {
        assert_eq!(ask().await, Err(NoPublicAddress));
    }
    let client = PlatformClient::with_names(HttpsOnly, names.clone());
    assert!(is_refused(&client, &url("https://lms.example/jwks")).await, "the client asks the same names");
    assert_eq!(names.asked().len(), 5);
}

/// S1: `localhost` in any spelling is a name like others, and leads to ::1.
#[tokio::test]
async fn localhost_is_refused_in_every_spelling() {
    for host in ["localhost", "LOCALHOST", "localhost.", "lms.localhost", "localhost.localdomain", "ip6-localhost"] {
        for address in ["127.0.0.1", "::1"] {
            let names = Names::leading_to(&[&[address]]);
            let client = PlatformClient::with_names(HttpsOnly, names.clone());
            assert!(is_refused(&client, &url(&format!("https://{host}/"))).await, "{host}");
            assert_eq!(names.asked(), [host.to_lowercase()], "{host}");
        }
    }
}

/// S1: by the system's own names, the machine itself is refused: a listener on it hears nothing.
#[tokio::test]
async fn this_machine_is_not_reached_by_its_name() {
    let listener = Listener::silent().await;
    let client = PlatformClient::new(HttpsOnly);
    for base in [listener.base.replace("127.0.0.1", "localhost"), listener.base.clone()] {
        let url = url(&base.replace("http://", "https://"));
        assert!(is_refused(&client, &url).await, "{url}");
    }
    assert_eq!(listener.connections(), 0);
}

/// S1: an earlier answer is not believed: each connection asks anew, and each answer is judged.
#[tokio::test]
async fn names_are_looked_up_for_every_connection() {
    let names = Names::leading_to(&[&["10.0.0.1"], &["127.0.0.1"], &["::1"]]);
    let client = PlatformClient::with_names(HttpsOnly, names.clone());
    for asked in 1..=4 {
        assert!(is_refused(&client, &url("https://lms.example/jwks")).await);
        assert_eq!(names.asked().len(), asked);
    }
}
