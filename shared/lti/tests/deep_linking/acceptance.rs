//! The same items under the settings of Platforms: digest §4.

use doorway_lti::deep_linking::AppUrls;
use serde_json::json;
use url::Url;

use crate::support::*;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn several_items_need_a_platform_that_takes_several() {
    let mut settings = settings();
    assert_eq!(sent(&respond(&[link(), html()], &settings).unwrap()).len(), 2);
    settings.accept_multiple = false;
    assert_eq!(fields(respond(&[link(), html()], &settings)), ["contentItems"]);
    assert!(respond(&[link()], &settings).is_ok());
    assert!(respond(&[], &settings).is_ok());
}

#[test]
fn only_accepted_types_are_returned() {
    // Moodle, measured: this type alone.
    let mut moodle = settings();
    moodle.accept_types = texts(&["ltiResourceLink"]);
    let result = respond(&[resource_link(), link(), image()], &moodle);
    let faults = result.err().unwrap();
    assert_eq!(
        faults.iter().next().unwrap().expected,
        "a type that the Platform accepts in this launch: ltiResourceLink"
    );
    assert_eq!(fields::<()>(Err(faults)), ["contentItems[1].type", "contentItems[2].type"]);
    moodle.accept_types = Vec::new();
    assert_eq!(fields(respond(&[resource_link()], &moodle)), ["contentItems[0].type"]);
}

#[test]
fn a_type_of_somebodys_own_passes_where_it_is_accepted_and_is_left_alone() {
    let item = json!({ "type": "https://vendor.example/board", "title": "  as it is ", "width": "any", "x": null });
    assert_eq!(fields(respond(std::slice::from_ref(&item), &settings())), ["contentItems[0].type"]);
    let mut accepting = settings();
    accepting.accept_types.push("https://vendor.example/board".to_owned());
    let response = respond(std::slice::from_ref(&item), &accepting).unwrap();
    assert_eq!((sent(&response), response.notes().len()), (vec![item], 0));
}

#[test]
fn a_link_without_an_address_leads_to_the_default_one() {
    assert_eq!(sent_for(without(resource_link(), "/url"))["url"], "https://app.example/start");
}

#[test]
fn a_link_leads_to_the_app_and_nowhere_else() {
    for elsewhere in ["https://evil.example/", "https://app.example.evil.example/", "https://app.example:8443/"] {
        refuses(with(resource_link(), "/url", elsewhere), "url");
        assert!(respond(&[with(link(), "/url", elsewhere)], &settings()).is_ok());
    }
}

#[test]
fn launches_lead_to_plain_http_in_the_local_stack_alone() {
    let default = Url::parse("http://localhost:8400/").unwrap();
    let item = with(resource_link(), "/url", "http://localhost:8400/lessons/1");
    let item = without(item, "/lineItem/submissionReview");
    let accept = |http| {
        let app = AppUrls { default: &default, may_lead_to: &|url| url.origin() == default.origin(), http };
        parse(json!({ "contentItems": [item] })).unwrap().accept(&settings(), &app)
    };
    assert!(accept(true).is_ok());
    assert_eq!(fields(accept(false)), ["contentItems[0].url"]);
}

#[test]
fn a_line_item_is_left_out_with_a_note_where_the_platform_takes_none() {
    let mut settings = settings();
    for (accepts, is_sent) in [(Some(true), true), (None, true), (Some(false), false)] {
        settings.accept_lineitem = accepts;
        let response = respond(&[resource_link()], &settings).unwrap();
        assert_eq!(sent(&response)[0].get("lineItem").is_some(), is_sent, "{accepts:?}");
        assert_eq!(noted(&response).contains(&"contentItems[0].lineItem"), !is_sent, "{accepts:?}");
    }
}

#[test]
fn a_wrong_line_item_is_a_fault_even_where_none_is_taken() {
    let mut settings = settings();
    settings.accept_lineitem = Some(false);
    let wrong = with(resource_link(), "/lineItem/scoreMaximum", 0);
    assert_eq!(fields(respond(&[wrong], &settings)), ["contentItems[0].lineItem.scoreMaximum"]);
}

#[test]
fn presentations_that_the_platform_does_not_offer_are_left_out_with_a_note() {
    let mut settings = settings();
    settings.accept_presentation_document_targets = texts(&["window"]);
    let response = respond(&[link(), resource_link(), image()], &settings).unwrap();
    let left_out = ["contentItems[0].iframe", "contentItems[0].embed", "contentItems[1].iframe"];
    assert_eq!(noted(&response), left_out);
    let expected = [without(without(link(), "/iframe"), "/embed"), without(resource_link(), "/iframe"), image()];
    assert_eq!(sent(&response), expected);
}

#[test]
fn a_platform_that_offers_no_presentation_in_particular_gets_them_all() {
    let mut settings = settings();
    settings.accept_presentation_document_targets = Vec::new();
    assert_eq!(sent(&respond(&[link()], &settings).unwrap()), [link()]);
}

#[test]
fn a_file_is_of_an_accepted_media_type() {
    let mut settings = settings();
    settings.accept_media_types = texts(&["image/*", "Text/HTML;q=0.5"]);
    let of = |media_type: &str| respond(&[with(file(), "/mediaType", media_type)], &settings);
    for accepted in ["image/png", "IMAGE/JPEG", "text/html; charset=utf-8"] {
        assert!(of(accepted).is_ok(), "{accepted}");
    }
    for other in ["application/pdf", "text/plain", "images/png"] {
        assert_eq!(fields(of(other)), ["contentItems[0].mediaType"], "{other}");
    }
    let response = respond(&[without(file(), "/mediaType")], &settings).unwrap();
    assert_eq!(noted(&response), ["contentItems[0].mediaType"]);
    // The rule is about files alone.
    assert!(respond(&[image(), link(), resource_link()], &settings).is_ok());
}

#[test]
fn every_media_type_is_accepted_where_there_is_no_rule_that_can_be_read() {
    let mut settings = settings();
    for ranges in [&[][..], &["*/*"], &["pdf"]] {
        settings.accept_media_types = texts(ranges);
        assert!(respond(&[file()], &settings).is_ok(), "{ranges:?}");
    }
}

#[test]
fn the_platforms_words_in_a_fault_are_bounded() {
    let mut settings = settings();
    settings.accept_types = vec!["x\n".repeat(10_000); 1_000];
    let faults = respond(&[link()], &settings).err().unwrap();
    assert!(faults.to_string().len() < 2_000 && !faults.to_string().contains('\n'));
}
