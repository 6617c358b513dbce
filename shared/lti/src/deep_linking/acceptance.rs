//! What the Platform accepts, item by item.
//!
//! Spec: [Deep Linking 2.0](https://www.imsglobal.org/spec/lti-dl/v2p0) §4.4.1 (settings).

use serde_json::Value;

use crate::json::Object;
use crate::message::DeepLinkingSettings;

use super::AppUrls;
use super::findings::{Findings, LaunchUrl};
use super::item::{Item, Kind};
use super::media_type::MediaRange;

/// One item, unless the Platform says that it takes several.
pub(super) fn check_number(items: &[Item], settings: &DeepLinkingSettings, findings: &mut Findings) {
    if items.len() > 1 && !settings.accept_multiple {
        findings.fault("contentItems", "one item at most: the Platform accepts no more in this launch");
    }
}

/// Launches lead to the App and to nobody else.
pub(super) fn check_launch_urls(urls: &[LaunchUrl], app: &AppUrls<'_>, findings: &mut Findings) {
    for LaunchUrl { field, url } in urls {
        if url.scheme() != "https" && !app.http {
            findings.fault(field, "an https URL: a launch leads there");
        } else if !(app.may_lead_to)(url) {
            findings.fault(field, "a URL of this App, at one of its known origins: a launch leads there");
        }
    }
}

/// The item as it is sent: of a type that is accepted, complete, and without what the Platform does not take.
pub(super) fn accept(
    mut item: Item,
    settings: &DeepLinkingSettings,
    app: &AppUrls<'_>,
    findings: &mut Findings,
) -> Object {
    if !settings.accept_types.contains(&item.type_name) {
        let expected = format!("a type that the Platform accepts in this launch: {}", listed(&settings.accept_types));
        findings.fault(format!("{}.type", item.path), expected);
        return item.members;
    }
    match item.kind {
        Kind::LtiResourceLink => {
            complete_resource_link(&mut item, settings, app, findings);
            keep_accepted_targets(&mut item, settings, findings);
        }
        Kind::Link | Kind::LtiAssetProcessor => keep_accepted_targets(&mut item, settings, findings),
        Kind::File => check_media_type(&item, settings, findings),
        Kind::Html | Kind::Image | Kind::Extension => {}
    }
    item.members
}

/// A link always says where it leads. Its line item is sent unless the Platform has said that it takes none: when
/// it has said nothing, it may make the column (Canvas does, by placement).
fn complete_resource_link(item: &mut Item, settings: &DeepLinkingSettings, app: &AppUrls<'_>, findings: &mut Findings) {
    item.members.entry("url").or_insert_with(|| app.default.as_str().into());
    if settings.accept_lineitem == Some(false) && item.members.remove("lineItem").is_some() {
        let note = "left out: the Platform makes no gradebook column here, so this link is not graded";
        findings.note(format!("{}.lineItem", item.path), note);
    }
}

/// Presentations are hints: those that the Platform does not offer are left out.
fn keep_accepted_targets(item: &mut Item, settings: &DeepLinkingSettings, findings: &mut Findings) {
    let offered = &settings.accept_presentation_document_targets;
    if offered.is_empty() {
        return;
    }
    for target in ["iframe", "window", "embed"] {
        let is_offered = offered.iter().any(|offer| offer == target);
        if !is_offered && item.members.remove(target).is_some() {
            let note = format!("left out: the Platform offers {} here", listed(offered));
            findings.note(format!("{}.{target}", item.path), note);
        }
    }
}

/// A file whose type is not told may be refused when the Platform looks at it: the App's risk.
fn check_media_type(item: &Item, settings: &DeepLinkingSettings, findings: &mut Findings) {
    let accepted = &settings.accept_media_types;
    let ranges: Vec<MediaRange> = accepted.iter().filter_map(|range| MediaRange::parse(range)).collect();
    if ranges.is_empty() {
        return;
    }
    let field = format!("{}.mediaType", item.path);
    match item.members.get("mediaType").and_then(Value::as_str).and_then(MediaRange::parse) {
        None => findings.note(field, format!("not told: the Platform accepts {} and may refuse it", listed(accepted))),
        Some(media_type) if ranges.iter().any(|range| range.includes(&media_type)) => {}
        Some(_) => findings.fault(field, format!("a media type that the Platform accepts: {}", listed(accepted))),
    }
}

/// The Platform's words for the App, bounded.
fn listed(words: &[String]) -> String {
    if words.is_empty() {
        return "none at all".to_owned();
    }
    let short = |word: &String| word.chars().filter(|c| !c.is_control()).take(64).collect::<String>();
    words.iter().take(20).map(short).collect::<Vec<_>>().join(", ")
}
