//! Everything about a person: shown, or erased.

use doorway_cli::Exit;
use doorway_core::scores::SubmissionId;
use doorway_tests::refused;
use serde_json::json;

use crate::scores::{Class, texts};
use crate::support::Cli;

#[tokio::test]
async fn everything_that_is_kept_about_a_person_is_exported_and_nothing_of_others() {
    let class = Class::start().await;
    class.school.launch(&class.tool, "53").await;
    let (_, delivered) = class.send(9.0, &[]).await;
    let waiting = class.queue(7.5).await;
    let issuer = &class.school.issuer;
    let export = class.cli.done(&format!("user export --issuer {issuer} --sub 52")).await;
    assert_eq!((&export["issuer"], &export["sub"]), (&json!(issuer), &json!("52")));
    let launches = export["launches"].as_array().unwrap();
    assert_eq!((launches.len(), &launches[0]["kept"]["claims"]["sub"]), (1, &json!("52")));
    assert!(launches[0]["launch"].as_str().unwrap().ends_with("..."), "no code is handed out");
    let scores = export["scores"].as_array().unwrap();
    let score = |id: &str| scores.iter().find(|score| score["id"] == id).unwrap().clone();
    assert_eq!(scores.len(), 2);
    assert_eq!(
        (&score(&waiting)["score"]["userId"], &score(&waiting)["score"]["comment"]),
        (&json!("52"), &json!("Well done, Ben"))
    );
    assert_eq!(score(&delivered)["score"], json!(null));
    let other = class.cli.done(&format!("user export --issuer {issuer} --sub 53")).await;
    assert_eq!((other["launches"].as_array().unwrap().len(), &other["scores"]), (1, &json!([])));
    let nobody = class.cli.done("user export --issuer https://other.example --sub 52").await;
    assert_eq!((&nobody["launches"], &nobody["scores"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_launch_that_is_not_redeemed_is_exported_with_what_is_personal() {
    let platform = doorway_tests::FakePlatform::start("https://lms.example", "client-1").await;
    let tool = doorway_tests::TestTool::start(&[platform.registration()]).await;
    tool.launch(&platform).await;
    tool.launch_without_cookie(&platform, "_parent").await;
    let cli = Cli::of(&tool).await;
    let export = cli.done("user export --issuer https://lms.example --sub 41").await;
    let launches = export["launches"].as_array().unwrap();
    assert_eq!(launches.len(), 2, "the one that waits for its browser is kept too");
    assert_eq!(export.to_string().matches("ada@maple.example").count(), 2, "{export:#}");
}

#[tokio::test]
async fn a_person_is_erased_from_launches_and_scores_and_withdrawn_scores_are_named() {
    let class = Class::start().await;
    let chloe = class.school.launch(&class.tool, "53").await;
    let dead = {
        class.school.platform.faults().switch_on(
            doorway_mock_platform::Endpoint::Score,
            doorway_mock_platform::ServiceFault::Redirect { location: "https://elsewhere.example".to_owned() },
            doorway_mock_platform::Times::Next(1),
        );
        class.send(3.0, &[]).await.1
    };
    class.tool.clock.advance(60);
    let (_, delivered) = class.send(5.0, &[]).await;
    class.tool.clock.advance(60);
    let waiting = class.queue(7.5).await;
    let lanes = class.everything().await.matches("lane#").count();
    assert_eq!(lanes, 1);
    let erase = format!("user erase --issuer {} --sub 52", class.school.issuer);
    class.cli.refused(&erase, Exit::NotConfirmed).await;
    let erased = class.cli.done(&format!("{erase} --yes")).await;
    assert_eq!((&erased["launches"], texts(&erased["withdrawn"])), (&json!(1), vec![waiting.as_str()]));
    assert_eq!(texts(&erased["anonymised"]).len(), 2);

    // The Platform gets nothing any more, nothing is dead, and the App is told.
    class.work().await;
    assert_eq!(class.tool.parts.queues.dead.len(), 0);
    assert_eq!(class.school.platform.gradebook().applied_scores().len(), 1);
    let record = class.tool.api("GET", &format!("/v1/scores/{waiting}")).await.json();
    assert_eq!((&record["state"], &record["note"]), (&json!("withheld"), &json!("its learner was erased")));
    for (id, state) in [(&dead, "failed"), (&delivered, "delivered")] {
        assert_eq!(class.state(id).await, state);
    }
    let fault = class.cli.refused(&format!("scores retry {dead}"), Exit::Conflict).await;
    assert!(fault.wrong.contains("erased"), "{fault}");

    let everything = class.everything().await;
    assert!(!everything.contains("lane#"), "a lane's name is a hash of the person");
    let export = class.cli.done(&format!("user export --issuer {} --sub 52", class.school.issuer)).await;
    assert_eq!((&export["launches"], &export["scores"]), (&json!([]), &json!([])));
    refused(
        "forgotten",
        &class.tool.api("GET", &format!("/v1/launches/{}", class.launch)).await,
        404,
        "launch_unknown",
    );
    assert_eq!(class.tool.api("GET", &format!("/v1/launches/{chloe}")).await.status, 200);
    // Again: nothing is left to do.
    let again = class.cli.done(&format!("{erase} --yes")).await;
    assert_eq!((&again["launches"], &again["withdrawn"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn a_score_that_is_on_its_way_is_erased_when_it_has_arrived() {
    let class = Class::start().await;
    let id = class.queue(7.5).await;
    let scores = class.tool.parts.scores();
    let submission: SubmissionId = id.as_str().try_into().unwrap();
    let now = doorway_core::clock::Clock::now(&*class.tool.clock);
    let stored = scores.get(&submission, now).await.unwrap().unwrap();
    scores.take_lane(&submission, &stored.lane, stored.about.timestamp, now).await.unwrap();
    let erase = format!("user erase --issuer {} --sub 52 --yes", class.school.issuer);
    let words: Vec<&str> = erase.split_whitespace().collect();
    let answer = class.cli.run(&words).await.unwrap();
    assert_eq!((answer.exit, texts(&answer.json["underWay"])), (Exit::Conflict, vec![id.as_str()]));
    assert!(answer.text.contains("erase again"), "{}", answer.text);
    class.tool.clock.advance(120);
    assert_eq!(texts(&class.cli.done(&erase).await["withdrawn"]), [id.as_str()]);
}

#[tokio::test]
async fn a_launch_is_forgotten_by_its_id() {
    let class = Class::start().await;
    class.cli.done(&format!("launch forget {}", class.launch)).await;
    refused(
        "forgotten",
        &class.tool.api("GET", &format!("/v1/launches/{}", class.launch)).await,
        404,
        "launch_unknown",
    );
    class.cli.done(&format!("launch forget {}", class.launch)).await;
    class.cli.refused("launch forget abcdefgh...", Exit::Usage).await;
}
