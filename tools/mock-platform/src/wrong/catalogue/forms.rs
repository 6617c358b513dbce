//! Wrong forms around a right token.

use crate::wrong::refusal::{
    AUTHENTICATION_REFUSED, ID_TOKEN_MISSING, LAUNCH_ALREADY_USED, PARAMETER_REPEATED, STATE_INVALID, STATE_MISSING,
};
use crate::wrong::{Fault, FormFault, Group, WrongLaunch};

const GROUP: Group = Group::Form;

pub(super) const CASES: &[WrongLaunch] = &[
    WrongLaunch::new(
        (GROUP, "posted-twice", "The same launch twice"),
        "The form is posted twice: first into a hidden frame, then here. Only the first may succeed.",
        LAUNCH_ALREADY_USED,
        Fault::Form(FormFault::PostedTwice),
    ),
    WrongLaunch::new(
        (GROUP, "state-tampered", "A changed state"),
        "One character of the `state` is another one.",
        STATE_INVALID,
        Fault::Form(FormFault::StateTampered),
    ),
    WrongLaunch::new(
        (GROUP, "no-state", "No state"),
        "The form has no `state`, so it belongs to no login.",
        STATE_MISSING,
        Fault::Form(FormFault::Remove("state")),
    ),
    WrongLaunch::new(
        (GROUP, "no-id-token", "No token"),
        "The form has no `id_token`.",
        ID_TOKEN_MISSING,
        Fault::Form(FormFault::Remove("id_token")),
    ),
    WrongLaunch::new(
        (GROUP, "id-token-twice", "The token twice"),
        "The form has two `id_token` fields.",
        PARAMETER_REPEATED,
        Fault::Form(FormFault::Repeat("id_token")),
    ),
    WrongLaunch::new(
        (GROUP, "platform-error", "The Platform refuses"),
        "The Platform answers `login_required` and no token: the person's session is over.",
        AUTHENTICATION_REFUSED,
        Fault::Form(FormFault::PlatformError {
            error: "login_required",
            description: "Must have an active user session",
        }),
    ),
];
