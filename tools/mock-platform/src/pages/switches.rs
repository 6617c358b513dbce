//! The developer's switches: whose habits the services and pages have, and what goes wrong.

use maud::{Markup, html};

use crate::faults::{Endpoint, Times, presets};
use crate::old_ids::OldIds;
use crate::platform::Platform;
use crate::profile::Profile;
use crate::storage_manner::StorageManner;

/// The section of the developer's page.
pub(super) fn switches(platform: &Platform) -> Markup {
    html! {
        section aria-labelledby="services" {
            h2 #services { "Services" }
            p { "The gradebook, the roster and access tokens can behave like another product, or badly." }
            (profiles(platform))
            (manners(platform))
            (old_ids(platform))
            (faults(platform))
            (switched(platform))
        }
    }
}

fn profiles(platform: &Platform) -> Markup {
    choice(platform, "profile", "Behave like", Profile::ALL.map(Profile::name), platform.profile().name())
}

fn manners(platform: &Platform) -> Markup {
    let names = StorageManner::ALL.map(StorageManner::name);
    choice(platform, "storage", "Keep data for tools like", names, platform.storage().name())
}

/// A choice of one name, which is posted to `/developer/` and what it is called.
fn choice<const N: usize>(
    platform: &Platform,
    what: &str,
    label: &str,
    names: [&'static str; N],
    chosen: &str,
) -> Markup {
    html! {
        form.switches method="post" action=(platform.path(&format!("/developer/{what}"))) {
            label for=(what) { (label) }
            select id=(what) name=(what) {
                @for name in names { option value=(name) selected[name == chosen] { (name) } }
            }
            button type="submit" { "Change" }
        }
    }
}

fn old_ids(platform: &Platform) -> Markup {
    let names = OldIds::ALL.map(OldIds::name);
    choice(platform, "old-ids", "Ids of LTI 1.1 in launches", names, platform.old_ids().name())
}

fn faults(platform: &Platform) -> Markup {
    html! {
        form.switches method="post" action=(platform.path("/developer/faults")) {
            label for="endpoint" { "At" }
            select #endpoint name="endpoint" {
                @for endpoint in Endpoint::ALL { option value={ (format!("{endpoint:?}")) } { (name(endpoint)) } }
            }
            label for="fault" { "answer with" }
            select #fault name="fault" { @for (name, _) in presets() { option { (name) } } }
            label for="times" { "in" }
            select #times name="times" {
                option value="1" { "the next request" }
                option value="3" { "the next three requests" }
                option value="all" { "all requests" }
            }
            button type="submit" { "Switch on" }
        }
    }
}

/// What is switched on, and the way back.
fn switched(platform: &Platform) -> Markup {
    let switched = platform.faults().switched();
    let names = presets();
    html! {
        @if !switched.is_empty() {
            ul {
                @for (endpoint, fault, times) in &switched {
                    @let known = names.iter().find(|(_, preset)| preset == fault).map(|(name, _)| *name);
                    li { (name(*endpoint)) ": " (known.unwrap_or("Another fault")) ", " (how_often(*times)) }
                }
            }
        }
        form method="post" action=(platform.path("/developer/faults/clear")) {
            button.quiet type="submit" { "Switch all faults off and release what is withheld" }
        }
    }
}

const fn name(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Token => "Access tokens",
        Endpoint::Score => "Scores",
        Endpoint::LineItems => "Line items",
        Endpoint::Results => "Results",
        Endpoint::Memberships => "Memberships",
        Endpoint::Registration => "The Tool's registration",
    }
}

fn how_often(times: Times) -> String {
    match times {
        Times::Next(1) => "in the next request".to_owned(),
        Times::Next(count) => format!("in the next {count} requests"),
        Times::All => "in all requests".to_owned(),
    }
}
