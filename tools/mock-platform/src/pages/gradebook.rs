//! The gradebook: students by columns for a teacher, one's own grades for a student.

mod progress;

use std::borrow::Cow;
use std::collections::BTreeMap;

use maud::{Markup, html};

use super::layout::layout;
use crate::gradebook::{Grade, LineItem, number};
use crate::platform::Platform;
use crate::roster::Member;
use crate::user::User;

/// The page as this person sees it.
pub(crate) fn gradebook(platform: &Platform, user: &User) -> Markup {
    let columns = platform.gradebook().line_items();
    let body = html! {
        h1 { "Grades" }
        p { a href=(platform.path("/course")) { "Back to the course" } }
        @if user.is_teacher() { (everybody(platform, &columns)) } @else { (own(platform, user, &columns)) }
    };
    layout(platform, "Grades", Some(user), &body)
}

fn everybody(platform: &Platform, columns: &[LineItem]) -> Markup {
    let members = platform.roster().members();
    let students: Vec<&Member> = members.iter().filter(|member| member.user.is_student()).collect();
    let grades: Vec<BTreeMap<String, Grade>> =
        columns.iter().map(|column| platform.gradebook().grades(&column.id).into_iter().collect()).collect();
    html! {
        div.table tabindex="0" role="region" aria-label="Grades of all students" {
            table {
                thead {
                    tr {
                        th scope="col" { "Student" }
                        @for column in columns { th scope="col" { (heading(column)) } }
                    }
                }
                tbody {
                    @for student in students {
                        tr {
                            th scope="row" { (name(&student.user)) }
                            @for grades in &grades { td { (cell(grades.get(&student.user.id))) } }
                        }
                    }
                }
            }
        }
    }
}

fn own(platform: &Platform, user: &User, columns: &[LineItem]) -> Markup {
    html! {
        div.table tabindex="0" role="region" aria-label="Own grades" {
            table {
                thead { tr { th scope="col" { "Work" } th scope="col" { "Grade" } } }
                tbody {
                    @for column in columns {
                        tr {
                            th scope="row" { (heading(column)) }
                            td { (cell(platform.gradebook().grade(&column.id, &user.id).as_ref())) }
                        }
                    }
                }
            }
        }
    }
}

fn heading(column: &LineItem) -> Markup {
    html! { (column.label) " " span.muted { "out of " (number(column.score_maximum)) } }
}

/// Somebody whose name the school keeps to itself is told from others by their id.
fn name(user: &User) -> Cow<'_, str> {
    if user.name.is_empty() { format!("Student {}", user.id).into() } else { user.name.as_str().into() }
}

/// Points, how far it is, and what was said; a dash where nothing came.
fn cell(grade: Option<&Grade>) -> Markup {
    let Some(grade) = grade else { return html! { span.muted { "-" } } };
    html! {
        @match grade.result_score {
            Some(points) => { strong { (number(rounded(points))) "/" (number(grade.result_maximum)) } }
            None => { strong { "No score" } }
        }
        div.muted title=[progress::on_the_wire(grade)] { (progress::in_words(grade)) }
        @for comment in &grade.comments { div { (comment) } }
    }
}

/// To hundredths, as people read points.
fn rounded(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
