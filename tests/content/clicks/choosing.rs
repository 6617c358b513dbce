//! A teacher picks content, and the new link launches to exactly that.

use super::*;

/// Opens the picker and sends it with these lessons.
async fn pick(teacher: &mut Browser, lessons: &[&str]) -> Page {
    let picker = open_link(teacher, "choose-content").await;
    let form = lessons.iter().fold(Form::to(&picker, "/choice"), |form, lesson| form.choose("lesson", lesson));
    form.choose("action", "add").send(teacher).await
}

/// Presses the button of Doorway's page, as its script does.
async fn go_back(teacher: &mut Browser, page: &Page) -> Page {
    assert_eq!(
        (page.answer.status, page.heading().as_str()),
        (StatusCode::OK, "Back to your course"),
        "{}",
        page.answer.body
    );
    Form::to(page, "/deep-linking/course-7").send(teacher).await
}

#[tokio::test]
async fn a_teacher_picks_lessons_and_the_new_links_launch_to_exactly_those() {
    let stack = DemoStack::start().await;
    let mut teacher = stack.browser_of(TEACHER).await;
    let page = pick(&mut teacher, &["quiz-refraction", "how-rainbows-form"]).await;
    assert_ne!(Form::to(&page, "/deep-linking/course-7").hidden("JWT"), "");
    let added = go_back(&mut teacher, &page).await;
    assert_says(&added, "2 links were added to the course.");
    let course = teacher.open("/platform/course").await;
    let mut ben = stack.browser_of(BEN).await;
    for (link, lesson, title) in
        [("link-2001", "quiz-refraction", "Quiz: refraction"), ("link-2002", "how-rainbows-form", "How rainbows form")]
    {
        assert_says(&course, &format!("/platform/launch/{link}\""));
        let visit = open_link(&mut ben, link).await;
        assert_eq!(visit.heading(), "Welcome, Ben - you are here as a student");
        assert_says(&visit, &format!("<h2 id=\"lesson\">{title}</h2>"));
        assert_says(&visit, &format!("{}app/lessons/{lesson}<", stack.url));
        assert_says(&visit, link);
    }
}

#[tokio::test]
async fn the_quiz_of_a_picked_lesson_is_graded_in_its_own_column() {
    let stack = DemoStack::start().await;
    let mut teacher = stack.browser_of(TEACHER).await;
    let page = pick(&mut teacher, &["quiz-refraction"]).await;
    assert_says(&go_back(&mut teacher, &page).await, "One link was added to the course.");
    let mut ben = stack.browser_of(BEN).await;
    let result = hand_in(&mut ben, "link-2001", &["1", "0", "2", "0", "0"]).await;
    assert_eq!(result.heading(), "Your result: 4 of 5");
    assert_says(&result, "It is in your gradebook.");
    let page = ben.open("/platform/gradebook").await;
    assert_eq!(page.answer.body.matches("<strong>4/5</strong>").count(), 1, "{}", page.answer.body);
    assert_eq!(page.answer.body.matches("<strong>").count(), 1, "the old quiz has no grade from it");
}

#[tokio::test]
async fn a_teacher_who_cancels_is_back_in_the_course_with_nothing_added() {
    let stack = DemoStack::start().await;
    let mut teacher = stack.browser_of(TEACHER).await;
    let picker = open_link(&mut teacher, "choose-content").await;
    let form = Form::to(&picker, "/choice").choose("lesson", "mixing-colours").choose("action", "cancel");
    let page = form.send(&mut teacher).await;
    assert_says(&go_back(&mut teacher, &page).await, "Nothing was added to the course.");
    assert_does_not_say(&teacher.open("/platform/course").await, "link-2001");
}

#[tokio::test]
async fn who_chooses_nothing_is_asked_again() {
    let stack = DemoStack::start().await;
    let mut teacher = stack.browser_of(TEACHER).await;
    let page = pick(&mut teacher, &[]).await;
    assert_eq!(page.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_says(&page, "Choose a lesson, or cancel.");
    let form = Form::to(&page, "/choice").choose("lesson", "mixing-colours").choose("action", "add");
    let page = form.send(&mut teacher).await;
    assert_says(&go_back(&mut teacher, &page).await, "One link was added to the course.");
}

#[tokio::test]
async fn a_choice_is_sent_once_and_another_one_is_told_why_not() {
    let stack = DemoStack::start().await;
    let mut teacher = stack.browser_of(TEACHER).await;
    let picker = open_link(&mut teacher, "choose-content").await;
    let form = |lesson| Form::to(&picker, "/choice").choose("lesson", lesson).choose("action", "add");
    let first = form("mixing-colours").send(&mut teacher).await;
    let double = form("mixing-colours").send(&mut teacher).await;
    assert_eq!(first.answer.body, double.answer.body, "a double click has the same response");
    let other = form("how-the-eye-sees").send(&mut teacher).await;
    assert_eq!((other.answer.status, other.heading().as_str()), (StatusCode::CONFLICT, "This choice was already sent"));
    assert_says(&go_back(&mut teacher, &first).await, "One link was added to the course.");
    let again = go_back(&mut teacher, &double).await;
    assert_eq!(
        (again.answer.status, again.heading().as_str()),
        (StatusCode::BAD_REQUEST, "Nothing was added to the course")
    );
}

#[tokio::test]
async fn the_page_that_leads_back_comes_with_its_policy() {
    let stack = DemoStack::start().await;
    let mut teacher = stack.browser_of(TEACHER).await;
    let page = pick(&mut teacher, &["mixing-colours"]).await;
    let policy = page.answer.header("content-security-policy");
    let origin = stack.url.origin().ascii_serialization();
    assert!(policy.contains("default-src 'none'") && policy.contains(&format!("form-action {origin}")), "{policy}");
    assert!(policy.contains("script-src 'sha256-"), "{policy}");
    assert!(Form::to(&page, "/deep-linking/course-7").action().starts_with(&origin));
}

#[tokio::test]
async fn a_student_is_not_offered_to_choose() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    let page = ben.click("/platform/launch/choose-content").await;
    assert_eq!(page.answer.status, StatusCode::FORBIDDEN);
}
