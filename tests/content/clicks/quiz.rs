//! A learner does the quiz, and it is in the gradebook.

use super::*;

#[tokio::test]
async fn a_learner_finishes_the_quiz_and_the_gradebook_shows_it() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    assert!(gradebook_row(&mut ben, "Quiz: refraction").await.contains(">-<"), "nothing yet");
    let result = hand_in(&mut ben, "quiz", &ALL_RIGHT).await;
    assert_eq!(result.heading(), "Your result: 5 of 5");
    assert_says(&result, "It is in your gradebook.");
    let row = gradebook_row(&mut ben, "Quiz: refraction").await;
    assert!(row.contains("<strong>10/10</strong>") && row.contains("Completed, FullyGraded"), "{row}");

    let mut teacher = stack.browser_of(TEACHER).await;
    let row = gradebook_row(&mut teacher, "Ben Okafor").await;
    assert_eq!(row.matches("<strong>").count(), 1, "{row}");
    assert!(row.contains("<strong>10/10</strong>"), "{row}");
    assert!(!gradebook_row(&mut teacher, "Chloé Martin").await.contains("<strong>"), "and nobody else's");
}

#[tokio::test]
async fn points_are_those_of_the_column() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    let result = hand_in(&mut ben, "quiz", &["1", "1", "2", "1", "0"]).await;
    assert_eq!(result.heading(), "Your result: 2 of 5");
    let row = gradebook_row(&mut ben, "Quiz: refraction").await;
    assert!(row.contains("<strong>4/10</strong>"), "{row}");
    assert!(row.contains("Quiz: refraction: 2 of 5 answers are right."), "the comment: {row}");
}

#[tokio::test]
async fn a_second_attempt_counts_as_the_newer_one() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    let first = hand_in(&mut ben, "quiz", &["0", "1", "0", "1", "0"]).await;
    assert_eq!(first.heading(), "Your result: 0 of 5");
    stack.tool.clock.advance(60);
    let lesson = ben.open(&link_to(&first, "Back to the lesson, to answer once more")).await;
    let second = answered(&lesson, &ALL_RIGHT).send(&mut ben).await;
    assert_says(&second, "It is in your gradebook.");
    assert!(gradebook_row(&mut ben, "Quiz: refraction").await.contains("<strong>10/10</strong>"));
}

#[tokio::test]
async fn a_double_click_sends_one_score() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    let page = open_link(&mut ben, "quiz").await;
    let form = answered(&page, &ALL_RIGHT);
    let first = form.send(&mut ben).await;
    let other_answers = answered(&page, &["0", "0", "0", "0", "0"]);
    for again in [form, other_answers] {
        let second = again.send(&mut ben).await;
        assert_eq!(
            (second.url.path(), second.heading()),
            (first.url.path(), first.heading()),
            "the first answers count"
        );
        assert_says(&second, "It is in your gradebook.");
    }
    let delivery = ben.open(&link_to(&first, "Ask where your score is now")).await;
    assert_eq!(delivery.answer.body.matches("<tr><td>").count(), 1, "one try: {}", delivery.answer.body);
    assert!(gradebook_row(&mut ben, "Quiz: refraction").await.contains("<strong>10/10</strong>"));
}

#[tokio::test]
async fn a_page_that_was_reloaded_hands_in_nothing_again() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    let result = hand_in(&mut ben, "quiz", &ALL_RIGHT).await;
    let reloaded = ben.open(result.url.path()).await;
    assert_eq!(reloaded.answer.body, result.answer.body);
}

#[tokio::test]
async fn a_teachers_answers_are_graded_and_not_sent() {
    let stack = DemoStack::start().await;
    let mut teacher = stack.browser_of(TEACHER).await;
    let result = hand_in(&mut teacher, "quiz", &ALL_RIGHT).await;
    assert_eq!(result.heading(), "Your result: 5 of 5");
    assert_says(&result, "are not sent to the gradebook.");
    let page = teacher.open("/platform/gradebook").await;
    assert_does_not_say(&page, "<strong>");
}

#[tokio::test]
async fn a_link_without_services_works_and_says_so() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    let page = open_link(&mut ben, "ungraded").await;
    for service in ["Send grades (AGS)", "Read the roster (NRPS)"] {
        assert_says(&page, &format!("<dt>{service}</dt><dd>No</dd>"));
    }
    assert_says(&page, "This course does not take grades from Lumen; your result is shown here only.");
    let result = answered(&page, &["1", "0"]).send(&mut ben).await;
    assert_eq!(result.heading(), "Your result: 2 of 2");
    assert_says(&result, "This course does not take grades from Lumen; your result is shown here only.");
    assert_does_not_say(&ben.open("/platform/gradebook").await, "<strong>");
}

#[tokio::test]
async fn a_form_that_another_site_made_hands_in_nothing() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    let page = open_link(&mut ben, "quiz").await;
    let attempt = Form::to(&page, "/quiz").hidden("attempt").to_owned();
    let fields = [("token", "guessed"), ("attempt", attempt.as_str()), ("q0", "1")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let refused = ben.post(Form::to(&page, "/quiz").action(), &fields).await;
    assert_eq!(
        (refused.answer.status, refused.heading().as_str()),
        (StatusCode::FORBIDDEN, "This form is not from your visit")
    );
    assert!(gradebook_row(&mut ben, "Quiz: refraction").await.contains(">-<"));
}
