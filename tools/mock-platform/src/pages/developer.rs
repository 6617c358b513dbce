//! The developer's page: the good launches, and all the wrong ones.

use maud::{Markup, html};

use super::layout::layout;
use super::switches::switches;
use crate::platform::Platform;
use crate::user::User;
use crate::wrong::{Group, WrongLaunch, catalogue};

const GROUPS: [(Group, &str); 5] = [
    (Group::Certification, "Certification cases"),
    (Group::Token, "Header, key and signature"),
    (Group::Claims, "Claims"),
    (Group::Form, "The form"),
    (Group::Login, "The login"),
];

/// Every launch that can be sent, right or wrong.
pub(crate) fn developer(platform: &Platform, user: &User) -> Markup {
    let body = html! {
        h1 { "Launches for developers" }
        p.lead {
            "Each button sends a launch to " (platform.config.tool_name)
            ". The good ones must arrive, the wrong ones must be refused with the code shown, and after a wrong one a good one must still work."
        }
        (facts(platform))
        (switches(platform))
        (returned(platform))
        section aria-labelledby="good" {
            h2 #good { "Good launches" }
            ul.launches {
                @for link in platform.course().links().iter().filter(|link| !link.teachers_only || user.is_teacher()) {
                    li {
                        div { h3 { (link.link.title) } p { (link.link.description) } }
                        a.button href=(platform.path(&format!("/launch/{}", link.name))) { "Launch by POST" }
                        a.button.quiet href=(platform.path(&format!("/launch/{}?method=get", link.name))) { "Launch by GET" }
                    }
                }
            }
        }
        @for (group, title) in GROUPS { (wrong_launches(platform, group, title)) }
    };
    layout(platform, "Developer", Some(user), &body)
}

/// What a Tool is registered with.
fn facts(platform: &Platform) -> Markup {
    let (config, client) = (&platform.config, platform.client());
    let rows = [
        ("Issuer", config.issuer.clone()),
        ("Client id", client.client_id.clone()),
        ("Deployment id", client.deployment_id.clone()),
        ("Authorization endpoint", platform.authorization_endpoint()),
        ("Token endpoint", platform.token_endpoint()),
        ("Key set", platform.jwks_uri()),
        ("Key id", platform.key().key_id().to_owned()),
    ];
    html! {
        details {
            summary { "This Platform's registration" }
            dl {
                @for (name, value) in &rows { dt { (name) } dd { code { (value) } } }
            }
        }
    }
}

/// What the Tool wrote for the log when it sent people back.
fn returned(platform: &Platform) -> Markup {
    let notes = platform.returns.all();
    html! {
        @if !notes.is_empty() {
            section aria-labelledby="returned" {
                h2 #returned { "Returned by " (platform.config.tool_name) }
                ul { @for note in &notes { li { (note.kind.name()) ": " (note.text) } } }
            }
        }
    }
}

fn wrong_launches(platform: &Platform, group: Group, title: &str) -> Markup {
    let id = format!("{group:?}").to_lowercase();
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (title) }
            ul.launches {
                @for wrong in catalogue().iter().filter(|wrong| wrong.group == group) {
                    li { (wrong_launch(platform, wrong)) }
                }
            }
        }
    }
}

fn wrong_launch(platform: &Platform, wrong: &WrongLaunch) -> Markup {
    let link = platform.course().first_with(wrong.message).map_or_else(|| "video".to_owned(), |link| link.name.clone());
    let launch = platform.path(&format!("/launch/{link}?wrong={}", wrong.name));
    html! {
        div {
            h3 { (wrong.title) }
            p { (with_code(wrong.what)) }
            p.expected { "Expected: " code { (wrong.expected_status) " " (wrong.expected_code) } }
        }
        a.button href=(launch) aria-label={ "Launch: " (wrong.title) } { "Launch" }
    }
}

/// A sentence whose words in backticks are code.
fn with_code(sentence: &str) -> Markup {
    html! {
        @for (position, words) in sentence.split('`').enumerate() {
            @if position % 2 == 1 { code { (words) } } @else { (words) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::with_code;

    #[test]
    fn words_in_backticks_are_code_and_escaped() {
        let html = with_code("The `<kid>` is & stays.").into_string();
        assert_eq!(html, "The <code>&lt;kid&gt;</code> is &amp; stays.");
    }
}
