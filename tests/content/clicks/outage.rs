//! The platform fails or refuses while a quiz is handed in: what the learner reads, and that nothing is lost.

use super::*;

/// Lets the worker do what is due, an hour at a time; at most this many hours.
async fn deliver(stack: &DemoStack, hours: usize) {
    for _ in 0..hours {
        stack.tool.clock.advance(3_600);
        stack.tool.poller().poll().await;
    }
}

#[tokio::test]
async fn a_score_that_the_platform_cannot_take_is_safe_and_arrives_later() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    for fault in ["503 service unavailable", "500 internal server error", "429 with Retry-After of 5 seconds"] {
        switch_fault(&stack, "Score", fault, "all").await;
        let link = "quiz";
        let result = hand_in(&mut ben, link, &ALL_RIGHT).await;
        assert_says(&result, "Your score is safe; it will arrive when the platform answers again.");
        deliver(&stack, 1).await;
        let delivery = ben.open(&link_to(&result, "Ask where your score is now")).await;
        assert_says(&delivery, "Your score is safe");
        clear_faults(&stack).await;
        deliver(&stack, 3).await;
        let delivery = ben.open(&link_to(&delivery, "Ask again")).await;
        assert_says(&delivery, "It is in your gradebook.");
        assert_says(&ben.open(result.url.path()).await, "It is in your gradebook.");
        assert!(gradebook_row(&mut ben, "Quiz: refraction").await.contains("<strong>10/10</strong>"), "{fault}");
        ben.sign_in(BEN).await;
    }
}

#[tokio::test]
async fn a_double_click_while_the_platform_is_down_is_one_score_too() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    switch_fault(&stack, "Score", "503 service unavailable", "all").await;
    let page = open_link(&mut ben, "quiz").await;
    let form = answered(&page, &ALL_RIGHT);
    let first = form.send(&mut ben).await;
    let second = form.send(&mut ben).await;
    assert_eq!(first.url, second.url);
    assert_says(&second, "Your score is safe");
    clear_faults(&stack).await;
    deliver(&stack, 2).await;
    let delivery = ben.open(&link_to(&first, "Ask where your score is now")).await;
    assert_says(&delivery, "It is in your gradebook.");
    assert_eq!(stack.tool.poller().poll().await, 0, "nothing waits any more");
}

#[tokio::test]
async fn an_answer_that_got_lost_leads_to_one_grade() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    switch_fault(&stack, "Score", "Applied, but the answer is lost", "1").await;
    let result = hand_in(&mut ben, "quiz", &ALL_RIGHT).await;
    assert_says(&result, "Your score is safe");
    deliver(&stack, 2).await;
    let delivery = ben.open(&link_to(&result, "Ask where your score is now")).await;
    assert_says(&delivery, "It is in your gradebook.");
    assert!(gradebook_row(&mut ben, "Quiz: refraction").await.contains("<strong>10/10</strong>"));
}

#[tokio::test]
async fn no_token_is_no_reason_to_lose_a_score() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    switch_fault(&stack, "Token", "503 service unavailable", "all").await;
    let result = hand_in(&mut ben, "quiz", &ALL_RIGHT).await;
    assert_says(&result, "Your score is safe");
    clear_faults(&stack).await;
    deliver(&stack, 2).await;
    assert!(gradebook_row(&mut ben, "Quiz: refraction").await.contains("<strong>10/10</strong>"));
}

#[tokio::test]
async fn a_refused_score_is_said_to_be_refused() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    switch_fault(&stack, "Score", "403 forbidden", "all").await;
    let result = hand_in(&mut ben, "quiz", &ALL_RIGHT).await;
    assert_eq!((result.answer.status, result.heading().as_str()), (StatusCode::OK, "Your result: 5 of 5"));
    assert_says(&result, "Your result did not reach your gradebook. It is shown here only.");
    assert_says(&result, "Your learning platform refused");
    assert_says(&result, "say this reference: <code>");
    assert_does_not_say(&result, "Your score is safe");
    assert_does_not_say(&result, "It is in your gradebook.");
    clear_faults(&stack).await;
    deliver(&stack, 2).await;
    assert!(gradebook_row(&mut ben, "Quiz: refraction").await.contains(">-<"), "what was refused is not sent later");
}

#[tokio::test]
async fn a_class_list_that_cannot_be_read_leads_back() {
    let stack = DemoStack::start().await;
    let mut teacher = stack.browser_of(TEACHER).await;
    let visit = open_link(&mut teacher, "video").await;
    switch_fault(&stack, "Memberships", "503 service unavailable", "all").await;
    let page = teacher.open(&link_to(&visit, "See the class list")).await;
    assert_eq!(page.heading(), "Lumen gets no answer just now", "{}", page.answer.body);
    let back = teacher.open(&link_to(&page, "Back to your visit")).await;
    assert_eq!(back.heading(), visit.heading());
    clear_faults(&stack).await;
    switch_fault(&stack, "Memberships", "403 forbidden", "1").await;
    let page = teacher.open(&link_to(&visit, "See the class list")).await;
    assert_eq!(page.heading(), "Your learning platform refused", "{}", page.answer.body);
    let page = teacher.open(&link_to(&visit, "See the class list")).await;
    assert_says(&page, "Ben Okafor");
}
