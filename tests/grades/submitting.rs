//! What becomes of a score while the App waits.

use doorway_mock_platform::Profile;

use super::{grade, in_class, send};

#[tokio::test]
async fn a_score_arrives_in_the_gradebook() {
    for profile in
        [Profile::Plain, Profile::Moodle, Profile::Canvas, Profile::Blackboard, Profile::Brightspace, Profile::Sakai]
    {
        let (tool, school, launch) = in_class(profile).await;
        let answer = send(&tool, &launch, &grade(7.5)).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["state"]),
            (200, &"delivered".into()),
            "{profile:?}: {}",
            answer.body
        );
        let applied = school.platform.gradebook().applied_scores();
        assert_eq!(applied.len(), 1, "{profile:?}");
        assert_eq!((applied[0].score_given, applied[0].user_id.as_str()), (Some(7.5), super::BEN), "{profile:?}");
    }
}
