//! Three hundred students, the same ones every time.

use super::{Member, Status};
use crate::user::{User, users};

/// Students besides those who can sign in.
const STUDENTS: usize = 300;
/// The id of the first of them.
const FIRST_ID: usize = 1001;
/// Of so many students, one keeps name and e-mail to themselves.
const ONE_WITHOUT_NAME_IN: usize = 25;
/// The student who is kept out for a time.
const INACTIVE_ID: &str = "1013";

const GIVEN_NAMES: [&str; 20] = [
    "Aiko", "Bram", "Carla", "Daan", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kaja", "Liam", "Mina", "Noah",
    "Olga", "Pavel", "Rosa", "Samir", "Tove", "Zoë",
];
const FAMILY_NAMES: [&str; 15] = [
    "Adeyemi", "Berg", "Costa", "Dubois", "Evans", "Fischer", "García", "Hansen", "Ito", "Jansen", "Kowalski", "Lind",
    "Moreau", "Nowak", "O'Brien",
];

/// Everybody: the people who can sign in, the students, and one test user.
pub(super) fn members() -> Vec<Member> {
    let active = |user| Member { user, status: Status::Active };
    let students = (0..STUDENTS).map(student);
    users().into_iter().map(active).chain(students).chain([active(User::test_student())]).collect()
}

fn student(number: usize) -> Member {
    let (given, family) = (GIVEN_NAMES[number % 20], FAMILY_NAMES[number / 20 % 15]);
    let id = (FIRST_ID + number).to_string();
    let user = User::student(&id, given, family);
    let user = if number % ONE_WITHOUT_NAME_IN == 7 { user.without_personal_data() } else { user };
    let status = if id == INACTIVE_ID { Status::Inactive } else { Status::Active };
    Member { user, status }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::members;
    use crate::roster::Status;

    #[test]
    fn nobody_is_there_twice_and_no_two_have_one_name() {
        let members = members();
        let ids: BTreeSet<_> = members.iter().map(|member| &member.user.id).collect();
        assert_eq!(ids.len(), members.len());
        let named = || members.iter().filter(|member| !member.user.name.is_empty());
        let names: BTreeSet<_> = named().map(|member| &member.user.name).collect();
        assert_eq!(names.len(), named().count());
    }

    #[test]
    fn some_release_no_name_and_one_is_inactive() {
        let members = members();
        assert_eq!(members.len(), 6 + 300 + 1);
        let nameless = members.iter().filter(|member| member.user.name.is_empty() && member.user.email.is_empty());
        assert_eq!(nameless.count(), 12);
        assert_eq!(members.iter().filter(|member| member.status == Status::Inactive).count(), 1);
    }
}
