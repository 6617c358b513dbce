//! Several pages as one roster.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::ids::UserId;

use super::{Member, Page};

/// The members of several pages, each user once, in the order of first sight.
///
/// Platforms list a user once for every enrolment, and people move while a roster is read page by page. Roles are
/// merged; of the rest the later state wins.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    members: Vec<Member>,
    places: HashMap<UserId, usize>,
}

impl Roster {
    /// Adds a page.
    pub fn extend(&mut self, page: Page) {
        for member in page.members {
            match self.places.entry(member.user_id().clone()) {
                Entry::Occupied(place) => self.members[*place.get()].succeed(member),
                Entry::Vacant(place) => {
                    place.insert(self.members.len());
                    self.members.push(member);
                }
            }
        }
    }

    /// How many users there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The members, in the order in which they were first seen.
    pub fn into_members(self) -> Vec<Member> {
        self.members
    }
}
