//! The objects within items.

use serde_json::{Value, json};

use crate::support::*;

#[test]
fn sizes_are_whole_numbers_from_zero() {
    for (item, pointer, field) in [
        (link(), "/icon/width", "icon.width"),
        (link(), "/thumbnail/height", "thumbnail.height"),
        (link(), "/window/width", "window.width"),
        (link(), "/iframe/height", "iframe.height"),
        (resource_link(), "/iframe/width", "iframe.width"),
        (image(), "/width", "width"),
        (image(), "/height", "height"),
    ] {
        for wrong in [json!(-1), json!(1.5), json!("640"), json!(true), json!([1])] {
            refuses(with(item.clone(), pointer, wrong), field);
        }
        assert!(respond(&[with(item, pointer, 0)], &settings()).is_ok());
    }
}

#[test]
fn parts_are_objects() {
    for name in ["icon", "thumbnail", "window", "iframe", "custom", "lineItem", "available", "submission"] {
        for wrong in [json!("https://app.example/icon.png"), json!([]), json!(1), json!(true)] {
            refuses(with(resource_link(), &format!("/{name}"), wrong), name);
        }
    }
    refuses(with(link(), "/embed", "<b>"), "embed");
}

#[test]
fn an_icon_has_an_address() {
    refuses(with(image(), "/thumbnail", json!({ "width": 1 })), "thumbnail.url");
    refuses(with(resource_link(), "/icon", json!({})), "icon.url");
}

#[test]
fn the_frame_of_a_link_has_a_source_and_that_of_a_launch_has_none() {
    refuses(without(link(), "/iframe/src"), "iframe.src");
    refuses(with(resource_link(), "/iframe/src", "https://app.example/"), "iframe.src");
}

#[test]
fn embedded_html_is_not_empty() {
    refuses(with(link(), "/embed", json!({})), "embed.html");
    refuses(with(link(), "/embed/html", ""), "embed.html");
}

#[test]
fn custom_parameters_are_texts_with_names() {
    for wrong in [Value::Null, json!(7), json!(true), json!(["a"]), json!({})] {
        refuses(with(resource_link(), "/custom/quiz_id", wrong), "custom.quiz_id");
    }
    refuses(with(resource_link(), "/custom", json!({ "": "a" })), "custom.");
    refuses(with(resource_link(), "/custom", json!({ " ": "a" })), "custom. ");
    refuses(with(resource_link(), "/custom", json!({ "a\nb": "a" })), "custom.a\u{fffd}b");
    refuses(with(resource_link(), "/custom", json!([{ "name": "quiz_id", "value": "7" }])), "custom");
}

#[test]
fn custom_parameters_are_kept_exactly() {
    let custom = json!({ "a": " b ", "empty": "", "$x": "$User.id", "Kurs ü": "line\nbreak" });
    assert_eq!(sent_for(with(resource_link(), "/custom", custom.clone()))["custom"], custom);
}

#[test]
fn a_line_item_has_a_maximum_above_zero() {
    for wrong in [json!(0), json!(-1), json!(0.0), json!("87"), json!(null), json!(true)] {
        refuses(with(resource_link(), "/lineItem/scoreMaximum", wrong), "lineItem.scoreMaximum");
    }
    refuses(with(resource_link(), "/lineItem", json!({})), "lineItem.scoreMaximum");
    for right in ["1.0", "0.5", "100", "5e-324"] {
        let number: Value = serde_json::from_str(right).unwrap();
        let sent = sent_for(with(resource_link(), "/lineItem/scoreMaximum", number.clone()));
        assert_eq!(sent["lineItem"]["scoreMaximum"].to_string(), number.to_string());
    }
}

#[test]
fn ids_of_a_line_item_are_kept_exactly_and_bounded() {
    for name in ["resourceId", "tag"] {
        let pointer = format!("/lineItem/{name}");
        let longest = format!(" {}", "ä".repeat(255));
        assert_eq!(sent_for(with(resource_link(), &pointer, longest.clone()))["lineItem"][name], longest);
        for wrong in [json!(format!("{longest}a")), json!(7), json!("a\u{0}")] {
            refuses(with(resource_link(), &pointer, wrong), &format!("lineItem.{name}"));
        }
    }
    refuses(with(resource_link(), "/lineItem/gradesReleased", "true"), "lineItem.gradesReleased");
}

#[test]
fn the_review_of_submissions_leads_to_the_app() {
    let evil = with(resource_link(), "/lineItem/submissionReview/url", "https://evil.example/review");
    refuses(evil, "lineItem.submissionReview.url");
    let wrong = with(resource_link(), "/lineItem/submissionReview/reviewableStatus", "Completed");
    refuses(wrong, "lineItem.submissionReview.reviewableStatus");
}

#[test]
fn moments_have_a_zone() {
    for name in ["available", "submission"] {
        for member in ["startDateTime", "endDateTime"] {
            for wrong in [json!("2026-03-06T20:05:02"), json!("06/03/2026"), json!(1_772_355_600), json!("")] {
                let item = with(resource_link(), &format!("/{name}"), json!({ member: wrong }));
                refuses(item, &format!("{name}.{member}"));
            }
        }
    }
}

#[test]
fn a_period_does_not_end_before_it_starts() {
    let period = |start: &str, end: &str| json!({ "startDateTime": start, "endDateTime": end });
    // An hour earlier on the clock, half an hour later in time.
    let right = period("2026-03-06T20:00:00+01:00", "2026-03-06T19:30:00Z");
    assert_eq!(sent_for(with(resource_link(), "/available", right.clone()))["available"], right);
    let moment = period("2026-03-06T20:00:00Z", "2026-03-06T20:00:00.000Z");
    assert!(respond(&[with(resource_link(), "/available", moment)], &settings()).is_ok());
    let wrong = period("2026-03-06T20:00:00Z", "2026-03-06T20:30:00+01:00");
    refuses(with(resource_link(), "/available", wrong), "available.endDateTime");
}
