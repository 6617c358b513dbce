//! Who is in the course: the people who can sign in, and some hundreds more.

mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use crate::lock::locked;
use crate::user::User;

/// Whether a member takes part. `Deleted` is not among them: one who left is no member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Takes part.
    Active,
    /// Is kept out for a time.
    Inactive,
}

/// Somebody in the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: User,
    /// Whether this person takes part.
    pub status: Status,
}

/// What scores for somebody lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A student, who gets grades.
    Graded,
    /// A teacher, an administrator, a test user.
    NotGraded,
    /// Nobody in this course.
    Unknown,
}

/// A member as of now, or one who left.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Present(Member),
    Left(Member),
}

/// The members, and how they changed.
pub struct Roster(Mutex<Book>);

struct Book {
    members: Vec<Member>,
    left: BTreeMap<String, Member>,
    /// Who changed, oldest first.
    changed: Vec<String>,
}

impl Roster {
    pub(crate) fn new() -> Self {
        let book = Book { members: people::members(), left: BTreeMap::new(), changed: Vec::new() };
        Self(Mutex::new(book))
    }

    /// Everybody in the course, in the order of the service's answers.
    #[must_use]
    pub fn members(&self) -> Vec<Member> {
        locked(&self.0).members.clone()
    }

    /// Adds somebody, or changes who is there.
    pub fn put(&self, member: Member) {
        let mut book = locked(&self.0);
        book.changed.push(member.user.id.clone());
        book.left.remove(&member.user.id);
        match book.members.iter_mut().find(|known| known.user.id == member.user.id) {
            Some(known) => *known = member,
            None => book.members.push(member),
        }
    }

    /// Removes somebody. Tells whether this person was there.
    pub fn remove(&self, user_id: &str) -> bool {
        let mut book = locked(&self.0);
        let Some(position) = book.members.iter().position(|member| member.user.id == user_id) else { return false };
        let member = book.members.remove(position);
        book.changed.push(user_id.to_owned());
        book.left.insert(user_id.to_owned(), member);
        true
    }

    /// How many changes there were: what is asked about later.
    pub(crate) fn version(&self) -> usize {
        locked(&self.0).changed.len()
    }

    /// Everybody who changed after that many changes, once each. `None` when there were not so many.
    pub(crate) fn changes_since(&self, version: usize) -> Option<Vec<Change>> {
        let book = locked(&self.0);
        let changed: BTreeSet<&String> = book.changed.get(version..)?.iter().collect();
        let present = book.members.iter().filter(|member| changed.contains(&member.user.id));
        let left = book.left.values().filter(|member| changed.contains(&member.user.id));
        Some(present.cloned().map(Change::Present).chain(left.cloned().map(Change::Left)).collect())
    }

    /// Whether somebody gets grades.
    pub(crate) fn standing(&self, user_id: &str) -> Standing {
        let book = locked(&self.0);
        match book.members.iter().find(|member| member.user.id == user_id) {
            None => Standing::Unknown,
            Some(member) if member.user.is_student() => Standing::Graded,
            Some(_) => Standing::NotGraded,
        }
    }
}
