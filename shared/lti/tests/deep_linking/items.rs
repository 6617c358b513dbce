//! The types of content items, each with what it must have.

use serde_json::{Value, json};

use crate::support::*;

#[test]
fn complete_items_of_every_type_are_sent_as_they_came() {
    for item in [resource_link(), link(), file(), html(), image()] {
        assert_eq!(sent_for(item.clone()), item);
    }
}

#[test]
fn items_with_nothing_but_what_is_required_are_accepted() {
    for item in [
        json!({ "type": "link", "url": "https://somewhere.example/" }),
        json!({ "type": "file", "url": "https://app.example/a.pdf" }),
        json!({ "type": "html", "html": "<p>" }),
        json!({ "type": "image", "url": "https://app.example/a.png" }),
    ] {
        assert_eq!(sent_for(item.clone()), item);
    }
}

#[test]
fn what_a_type_cannot_do_without_is_named() {
    for (item, member) in [(link(), "url"), (file(), "url"), (html(), "html"), (image(), "url")] {
        refuses(without(item.clone(), &format!("/{member}")), member);
        refuses(with(item.clone(), &format!("/{member}"), Value::Null), member);
        refuses(with(item, &format!("/{member}"), " "), member);
    }
}

#[test]
fn a_type_is_one_of_the_standard_or_a_full_url() {
    for name in ["LtiResourceLink", "ltiLink", "lti_resource_link", " link", "", "urn:x:y", "//vendor.example/t"] {
        refuses(with(link(), "/type", name), "type");
    }
    refuses(with(link(), "/type", json!(["link"])), "type");
    refuses(without(link(), "/type"), "type");
}

#[test]
fn addresses_are_absolute_web_addresses() {
    let javascript = "javascript:alert(document.cookie)";
    let userinfo = "https://app.example@evil.example/";
    for wrong in [javascript, userinfo, "data:text/html,x", "/lessons/7", "//app.example/", "app.example", "ftp://a.b/"]
    {
        refuses(with(link(), "/url", wrong), "url");
        refuses(with(link(), "/icon/url", wrong), "icon.url");
        refuses(with(link(), "/thumbnail/url", wrong), "thumbnail.url");
        refuses(with(link(), "/iframe/src", wrong), "iframe.src");
        refuses(with(resource_link(), "/url", wrong), "url");
        refuses(with(file(), "/url", wrong), "url");
        refuses(with(image(), "/url", wrong), "url");
    }
    refuses(with(link(), "/url", 7), "url");
}

#[test]
fn an_address_is_sent_byte_for_byte() {
    for url in ["https://APP.example", "https://app.example/a/../b?q=%7e", "https://app.example/ü"] {
        assert_eq!(sent_for(with(link(), "/url", url))["url"], url);
    }
}

#[test]
fn plain_texts_are_trimmed_and_an_empty_one_is_left_out() {
    let item = with(with(link(), "/title", "  My\n home page "), "/text", " \t\n");
    let sent = sent_for(item);
    assert_eq!(sent["title"], "My\n home page");
    assert_eq!(sent.get("text"), None);
}

#[test]
fn null_is_as_absent() {
    let absent = ["title", "text", "icon", "window", "iframe", "custom", "lineItem", "available", "submission"];
    let item = absent.iter().fold(resource_link(), |item, name| with(item, &format!("/{name}"), Value::Null));
    let sent = sent_for(item);
    assert!(absent.iter().all(|name| sent.get(name).is_none()), "{sent}");
}

#[test]
fn plain_texts_have_no_control_characters() {
    for (pointer, field) in [
        ("/title", "title"),
        ("/text", "text"),
        ("/window/targetName", "window.targetName"),
        ("/window/windowFeatures", "window.windowFeatures"),
        ("/lineItem/label", "lineItem.label"),
    ] {
        for wrong in ["a\u{0}b", "a\u{1b}[31m", "a\u{9f}"] {
            refuses(with(resource_link(), pointer, wrong), field);
        }
        refuses(with(resource_link(), pointer, 1), field);
    }
}

#[test]
fn a_file_has_one_media_type() {
    for wrong in [json!("pdf"), json!("image/*"), json!("*/*"), json!(""), json!(["text/plain"]), json!("a/b, c/d")] {
        refuses(with(file(), "/mediaType", wrong), "mediaType");
    }
    assert!(respond(&[with(file(), "/mediaType", "Text/HTML; charset=utf-8")], &settings()).is_ok());
    refuses(with(file(), "/expiresAt", "2026-03-06"), "expiresAt");
}

#[test]
fn an_asset_processor_is_checked_where_it_is_known() {
    let mut settings = settings();
    settings.accept_types = vec!["ltiAssetProcessor".to_owned()];
    let item = json!({
        "type": "ltiAssetProcessor", "title": "Originality", "url": "https://app.example/settings",
        "iframe": { "width": 10 }, "custom": { "mode": "strict" },
        "report": { "url": "https://app.example/report", "custom": { "a": "b" }, "supportedTypes": ["originality"] },
    });
    let response = respond(std::slice::from_ref(&item), &settings).unwrap();
    assert_eq!((sent(&response), response.notes().len()), (vec![item.clone()], 0));
    let foreign = with(item, "/report/url", "https://evil.example/report");
    assert_eq!(fields(respond(&[foreign], &settings)), ["contentItems[0].report.url"]);
}

#[test]
fn members_that_are_full_urls_pass_and_short_ones_pass_with_a_note() {
    let mut item = with(with(link(), "/extension", json!({ "a": [1, null] })), "/iframe/allow", "microphone");
    item["https://vendor.example/extension"] = json!({ "nested": { "free": true } });
    let response = respond(std::slice::from_ref(&item), &settings()).unwrap();
    assert_eq!(sent(&response), [item]);
    assert_eq!(noted(&response), ["contentItems[0].iframe.allow", "contentItems[0].extension"]);
}

#[test]
fn members_of_another_type_are_noted() {
    let icon = json!({ "url": "https://app.example/icon.png" });
    let items = [with(html(), "/icon", icon), with(file(), "/width", 7), with(resource_link(), "/embed", json!({}))];
    let response = respond(&items, &settings()).unwrap();
    assert_eq!(sent(&response), items);
    assert_eq!(noted(&response), ["contentItems[0].icon", "contentItems[1].width", "contentItems[2].embed"]);
}

#[test]
fn a_misspelt_member_is_noted() {
    let item = with(resource_link(), "/lineitem", json!({ "scoreMaximum": 1 }));
    let response = respond(&[with(item, "/lineItem/resource_id", "7")], &settings()).unwrap();
    assert_eq!(noted(&response), ["contentItems[0].lineItem.resource_id", "contentItems[0].lineitem"]);
}
