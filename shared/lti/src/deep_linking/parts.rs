//! The objects within content items.

use serde_json::Value;

use super::members::{Members, Presence};
use super::{MAX_ID_CHARS, MAX_TITLE_CHARS};

/// An icon or a thumbnail.
pub(super) fn image(image: &mut Members<'_>) {
    image.url("url", Presence::Required);
    sizes(image);
}

/// Width and height in pixels.
pub(super) fn sizes(members: &mut Members<'_>) {
    members.size("width");
    members.size("height");
}

/// A window that is opened for the content.
pub(super) fn window(window: &mut Members<'_>) {
    window.text("targetName", MAX_TITLE_CHARS);
    window.text("windowFeatures", MAX_TITLE_CHARS);
    sizes(window);
}

/// A frame around a web page.
pub(super) fn frame_of_link(frame: &mut Members<'_>) {
    frame.url("src", Presence::Required);
    sizes(frame);
}

/// A frame around a launch: what is in it is decided by the launch.
pub(super) fn frame_of_launch(frame: &mut Members<'_>) {
    if frame.take("src").is_some() {
        frame.fault("src", "absent: a launch is shown there; only a `link` has it");
    }
    sizes(frame);
}

/// HTML that shows a link within a page.
pub(super) fn embed(embed: &mut Members<'_>) {
    embed.markup("html");
}

/// When content is open: `available` and `submission`.
pub(super) fn period(period: &mut Members<'_>) {
    let start = period.date_time("startDateTime");
    let end = period.date_time("endDateTime");
    if start.zip(end).is_some_and(|(start, end)| end < start) {
        period.fault("endDateTime", "not before `startDateTime`");
    }
}

/// The gradebook column that comes with a link.
///
/// Spec: Deep Linking 2.0, `ltiResourceLink`; [AGS 2.0](https://www.imsglobal.org/spec/lti-ags/v2p0).
pub(super) fn line_item(line_item: &mut Members<'_>) {
    match line_item.take("scoreMaximum") {
        Some(Value::Number(most)) if most.as_f64().is_some_and(|most| most.is_finite() && most > 0.0) => {
            line_item.keep("scoreMaximum", most.into());
        }
        _ => line_item.fault("scoreMaximum", "a number above 0"),
    }
    line_item.text("label", MAX_TITLE_CHARS);
    line_item.id("resourceId", MAX_ID_CHARS);
    line_item.id("tag", MAX_ID_CHARS);
    line_item.flag("gradesReleased");
    line_item.object("submissionReview", submission_review);
}

/// How a submission is opened from the gradebook (Submission Review 1.0).
fn submission_review(review: &mut Members<'_>) {
    match review.take("reviewableStatus") {
        None => {}
        Some(Value::Array(states)) if states.iter().all(Value::is_string) => {
            review.keep("reviewableStatus", states.into());
        }
        Some(_) => review.fault("reviewableStatus", "a list of progress values, such as `Completed`"),
    }
    review.text("label", MAX_TITLE_CHARS);
    review.custom("custom");
    review.launch_url("url");
}

/// The reports of an asset processor. What else belongs to one is still growing, so it passes as it is.
pub(super) fn report(report: &mut Members<'_>) {
    report.launch_url("url");
    report.custom("custom");
    report.keep_the_rest();
}
