//! The page of a visit: who is here, what for, and below that what the launch says.

use maud::{Markup, html};

use super::claims::claims;
use super::layout::layout;
use super::way::way;
use crate::app::SampleApp;
use crate::entry::Entry;
use crate::launch::{Launch, Migration};
use crate::services::Services;

/// The visit's page, around what the launch is about.
pub(crate) fn visit(app: &SampleApp, entry: &Entry, content: &Markup) -> Markup {
    let launch = &entry.visit.launch;
    let body = html! {
        (greeting(launch))
        (content)
        @if launch.user.is_instructor {
            (way(app, entry, "/class", "See the class list"))
        }
        @if let Some(migration) = &launch.migration { (old_account(migration)) }
        (place(launch))
        (services(&launch.services))
        (claims(&launch.claims))
    };
    layout(app, title(launch), &body)
}

fn title(launch: &Launch) -> &str {
    let link = launch.resource_link.as_ref().and_then(|link| link.title.as_deref());
    link.filter(|title| !title.is_empty()).unwrap_or("Welcome")
}

fn greeting(launch: &Launch) -> Markup {
    html! {
        h1 {
            "Welcome"
            @if let Some(name) = launch.user.call_name() { ", " (name) }
            " - you are here as " (launch.user.part())
        }
    }
}

fn place(launch: &Launch) -> Markup {
    let context = launch.context.as_ref();
    let course = context.and_then(|context| context.title.as_deref().or(context.label.as_deref()));
    let link = launch.resource_link.as_ref().and_then(|link| link.title.as_deref());
    let platform = launch.platform.name.as_deref().or(launch.platform.issuer.as_deref());
    let rows = [("Course", course), ("Link", link), ("From", platform), ("Customer", launch.tenant.as_deref())];
    html! {
        @if rows.iter().any(|(_, value)| value.is_some()) {
            section aria-labelledby="place" {
                h2 #place { "Where you came from" }
                dl {
                    @for (name, value) in rows {
                        @if let Some(value) = value { dt { (name) } dd { (value) } }
                    }
                }
            }
        }
    }
}

/// Where a real App would link the two accounts, and where it must not.
fn old_account(migration: &Migration) -> Markup {
    html! {
        section aria-labelledby="old-account" {
            h2 #old-account { "Your old account" }
            @match migration.old_account() {
                Some((consumer_key, user_id)) => {
                    p { "This is the old account " code { (user_id) } " of " code { (consumer_key) } "." }
                }
                None => {
                    p {
                        "An old account is named, but nothing proves that it is yours. Lumen does not link it."
                        @if let Some(reason) = &migration.reason { " (" code { (reason) } ")" }
                    }
                }
            }
        }
    }
}

/// What Lumen does not do yet, or does not know.
pub(crate) fn announcement(message_type: &str) -> Markup {
    let (title, text) = match message_type {
        "LtiSubmissionReviewRequest" => {
            ("Review a student's work", "Here a teacher will see one student's answers to the quiz.")
        }
        "LtiDataPrivacyLaunchRequest" => {
            ("Your data", "Here a person will see what Lumen keeps about them, and can have it deleted.")
        }
        _ => ("A message that Lumen does not know", "Lumen shows what arrived and does nothing else."),
    };
    html! {
        section aria-labelledby="content" {
            h2 #content { (title) }
            p { (text) }
            p { "Message type: " code { (message_type) } }
        }
    }
}

fn services(services: &Services) -> Markup {
    let rows = [
        ("Return chosen content (Deep Linking)", services.deep_linking.is_some()),
        ("Send grades (AGS)", services.ags.is_some()),
        ("Read the roster (NRPS)", services.nrps.is_some()),
    ];
    html! {
        section aria-labelledby="services" {
            h2 #services { "What this launch may do" }
            dl {
                @for (name, granted) in rows {
                    dt { (name) }
                    dd { @if granted { "Yes" } @else { "No" } }
                }
            }
        }
    }
}
