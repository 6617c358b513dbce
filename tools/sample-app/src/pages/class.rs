//! The class list.

use maud::{Markup, html};

use super::layout::layout;
use super::way::way_back;
use crate::app::SampleApp;
use crate::app_api::{LineItemResult, Member};
use crate::entry::Entry;
use crate::roster::{Results, Roster};

/// The page of the class list.
pub(crate) fn class(app: &SampleApp, entry: &Entry, roster: &Roster) -> Markup {
    let members = &roster.members;
    let content = html! {
        @if !members.complete {
            p.notice { strong { "This list is not complete." } " Some people of the course may be missing from it." }
        }
        @if let Some(remark) = remark(&roster.results) { p { (remark) } }
        @if members.entries.is_empty() {
            p { "Nobody is on the list." }
        } @else {
            (table(&members.entries, &roster.results))
        }
    };
    around(app, entry, &content)
}

/// The page where the roster is not released.
pub(crate) fn class_not_granted(app: &SampleApp, entry: &Entry) -> Markup {
    let content = html! {
        p { "This course does not show its class list to Lumen. Everything else works without it." }
        p { "An administrator of your learning platform can allow it." }
    };
    around(app, entry, &content)
}

fn around(app: &SampleApp, entry: &Entry, content: &Markup) -> Markup {
    let context = entry.visit.launch.context.as_ref();
    let course = context.and_then(|context| context.title.as_deref().or(context.label.as_deref()));
    let body = html! {
        h1 #class { "Class list" @if let Some(course) = course { ": " (course) } }
        (content)
        (way_back(app, entry, ""))
    };
    layout(app, "Class list", &body)
}

fn remark(results: &Results) -> Option<&'static str> {
    match results {
        Results::NoColumn => Some("This link has no column in the gradebook, so there are no results."),
        Results::NotGranted => Some("This course does not show results to Lumen."),
        Results::Unread => Some("The results could not be read just now. Reload this page in a moment."),
        Results::Read { complete: false, .. } => Some("Not all results could be read."),
        Results::Read { complete: true, .. } => None,
    }
}

fn table(members: &[Member], results: &Results) -> Markup {
    let by_user = match results {
        Results::Read { by_user, .. } => Some(by_user),
        Results::NoColumn | Results::NotGranted | Results::Unread => None,
    };
    html! {
        div.wide role="region" aria-labelledby="class" tabindex="0" {
            table {
                thead {
                    tr {
                        @for heading in ["Name", "E-mail", "Roles", "Status"] { th scope="col" { (heading) } }
                        @if by_user.is_some() { th scope="col" { "Result" } }
                    }
                }
                tbody {
                    @for member in members {
                        tr {
                            th scope="row" { (member.call_name().unwrap_or_else(|| "Name not released".into())) }
                            td { (member.email.as_deref().unwrap_or_default()) }
                            td { (roles_in_words(&member.roles)) }
                            td { (member.status) }
                            @if let Some(by_user) = by_user { td { (result(member, by_user.get(&member.user_id))) } }
                        }
                    }
                }
            }
        }
    }
}

fn result(member: &Member, result: Option<&LineItemResult>) -> Markup {
    let points = result.and_then(|result| Some((result.result_score?, result.result_maximum)));
    let comment = result.and_then(|result| result.comment.as_deref());
    html! {
        @match points {
            Some((score, maximum)) => { (rounded(score)) " of " (rounded(maximum)) }
            None if member.is_learner => { "No result yet" }
            None => { "Not graded" }
        }
        @if let Some(comment) = comment { br; (comment) }
    }
}

/// Two decimals tell enough: some gradebooks keep ratios.
fn rounded(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

/// Role URIs as words: the known ones in the App's words, others by their own last part.
fn roles_in_words(roles: &[String]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for role in roles {
        let word = role_in_words(role.rsplit(['#', '/']).next().unwrap_or(role));
        if !words.contains(&word) {
            words.push(word);
        }
    }
    if words.is_empty() { "No role".to_owned() } else { words.join(", ") }
}

fn role_in_words(name: &str) -> &str {
    match name {
        "Instructor" => "Teacher",
        "Learner" => "Student",
        "TeachingAssistant" => "Teaching assistant",
        "ContentDeveloper" => "Content developer",
        "TestUser" => "Test user",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::roles_in_words;

    fn words(roles: &[&str]) -> String {
        let prefix = "http://purl.imsglobal.org/vocab/lis/v2/";
        roles_in_words(&roles.iter().map(|role| format!("{prefix}{role}")).collect::<Vec<_>>())
    }

    #[test]
    fn roles_are_said_in_words_and_once() {
        assert_eq!(words(&["membership#Instructor", "institution/person#Instructor"]), "Teacher");
        assert_eq!(words(&["membership#Learner", "membership#Mentor"]), "Student, Mentor");
        assert_eq!(words(&["membership/Instructor#TeachingAssistant"]), "Teaching assistant");
    }

    #[test]
    fn a_role_that_is_no_uri_is_said_as_it_is() {
        assert_eq!(roles_in_words(&["Chess champion".to_owned()]), "Chess champion");
        assert_eq!(words(&[]), "No role");
    }
}
