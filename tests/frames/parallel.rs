//! Five lessons on one page: each launch is itself.

use std::collections::BTreeSet;

use doorway_mock_platform::StorageManner;

use crate::classroom::{Classroom, Keeps, bindings, refusals};

/// All five arrive, each in its own lesson.
async fn assert_all_arrive(manner: StorageManner, keeps: Keeps, proven: &str) {
    let Classroom { stack, chromium } = &Classroom::of(manner, keeps).await;
    chromium.goto(stack.platform_page("/frames")).await;
    let mut visits = BTreeSet::new();
    for (number, lesson) in (1..).zip(LESSONS) {
        chromium.top().await;
        chromium.enter(&format!("#tool-{number}")).await;
        chromium.sees("Welcome, Ben - you are here as a student").await;
        chromium.sees(lesson).await;
        visits.insert(chromium.url().await.path().to_owned());
    }
    assert_eq!(visits.len(), 5, "{visits:?}");
    let arrived = bindings().into_iter().filter(|binding| binding == proven).count();
    assert_eq!((arrived, refusals()), (5, vec![]), "{:?}", bindings());
    chromium.top().await;
    chromium.screenshot(&format!("platform-five-frames-{}-{keeps:?}", manner.name())).await;
    chromium.assert_console_is_clean().await;
}

/// In the order of the course.
const LESSONS: [&str; 5] = ["How light bends", "Quiz: refraction", "Mixing colours", "How the eye sees", "A lesson"];

#[tokio::test]
async fn five_frames_by_cookies() {
    assert_all_arrive(StorageManner::NotOffered, Keeps::Everything, "cookie").await;
}

#[tokio::test]
async fn five_frames_by_partitioned_cookies() {
    assert_all_arrive(StorageManner::NotOffered, Keeps::Partitioned, "cookie").await;
}

#[tokio::test]
async fn five_frames_by_the_storage_of_canvas() {
    assert_all_arrive(StorageManner::Canvas, Keeps::Nothing, "platform-storage").await;
}

#[tokio::test]
async fn five_frames_by_the_storage_of_brightspace() {
    assert_all_arrive(StorageManner::Brightspace, Keeps::Nothing, "platform-storage").await;
}
