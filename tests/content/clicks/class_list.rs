//! The class list of the App shows the course's roster.

use super::*;

async fn class_list(stack: &DemoStack, link: &str) -> Page {
    let mut teacher = stack.browser_of(TEACHER).await;
    let visit = open_link(&mut teacher, link).await;
    let page = teacher.open(&link_to(&visit, "See the class list")).await;
    assert_eq!(page.answer.status, StatusCode::OK, "{}", page.answer.body);
    page
}

/// The row of the person.
fn row<'a>(page: &'a Page, name: &str) -> &'a str {
    let mut rows = page.answer.body.split("<tr>").filter(|row| row.contains(&format!("<th scope=\"row\">{name}</th>")));
    rows.next().unwrap_or_else(|| panic!("{name} is not on the list")).split("</tr>").next().unwrap_or_default()
}

#[tokio::test]
async fn the_class_list_shows_everybody() {
    let stack = DemoStack::start().await;
    let page = class_list(&stack, "video").await;
    assert_says(&page, "<h1 id=\"class\">Class list: Physics: light and colour</h1>");
    assert_eq!(page.answer.body.matches("<th scope=\"row\">").count(), 307);
    assert_does_not_say(&page, "This list is not complete.");
    let ben = row(&page, "Ben Okafor");
    assert!(ben.contains("<td>ben@maple.example</td>") && ben.contains("<td>Student</td>"), "{ben}");
    assert!(ben.contains("<td>Active</td>") && ben.contains("No result yet"), "{ben}");
    assert!(row(&page, "Ada Morgan").contains("<td>Teacher"), "{}", row(&page, "Ada Morgan"));
    assert!(row(&page, "Test Student").contains("Test user"));
    assert_eq!(page.answer.body.matches("Name not released").count(), 12);
    assert_eq!(page.answer.body.matches("<td>Inactive</td>").count(), 1);
}

#[tokio::test]
async fn the_class_list_shows_the_results_of_the_links_column() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    hand_in(&mut ben, "quiz", &ALL_RIGHT).await;
    let page = class_list(&stack, "quiz").await;
    assert!(row(&page, "Ben Okafor").contains("10 of 10"), "{}", row(&page, "Ben Okafor"));
    assert!(row(&page, "Chloé Martin").contains("No result yet"));
    let other = class_list(&stack, "video").await;
    assert!(row(&other, "Ben Okafor").contains("No result yet"), "another column");
}

#[tokio::test]
async fn a_course_that_does_not_show_its_roster_is_no_error() {
    let stack = DemoStack::start().await;
    let page = class_list(&stack, "ungraded").await;
    assert_says(&page, "This course does not show its class list to Lumen. Everything else works without it.");
    assert_does_not_say(&page, "Ben Okafor");
}

#[tokio::test]
async fn the_class_list_is_for_teachers() {
    let stack = DemoStack::start().await;
    let mut ben = stack.browser_of(BEN).await;
    let visit = open_link(&mut ben, "video").await;
    assert_does_not_say(&visit, "See the class list");
    let page = ben.open(&format!("{}/class", visit.url.path())).await;
    assert_eq!(
        (page.answer.status, page.heading().as_str()),
        (StatusCode::FORBIDDEN, "The class list is for teachers")
    );
    assert_does_not_say(&page, "Chloé");
}

/// The class list of a mock Platform that a developer has switched to this profile.
async fn class_list_at(profile: &str) -> Page {
    let stack = DemoStack::start().await;
    let mut developer = stack.browser_of(TEACHER).await;
    let field = [("profile".to_owned(), profile.to_owned())];
    let switched = developer.post("/platform/developer/profile", &field).await;
    assert_eq!(switched.answer.status, StatusCode::OK, "{}", switched.answer.body);
    class_list(&stack, "video").await
}

#[tokio::test]
async fn the_class_list_of_every_platform_is_whole() {
    for (profile, members) in [("Moodle", 306), ("Canvas", 306), ("Blackboard", 307), ("Sakai", 307)] {
        let page = class_list_at(profile).await;
        assert_eq!(page.answer.body.matches("<th scope=\"row\">").count(), members, "{profile}");
        assert_does_not_say(&page, "This list is not complete.");
    }
}

/// Brightspace wants another audience in client assertions: also there the demo works.
#[tokio::test]
async fn the_class_list_of_brightspace_is_whole() {
    let page = class_list_at("Brightspace").await;
    assert_eq!(page.answer.body.matches("<th scope=\"row\">").count(), 307);
}
