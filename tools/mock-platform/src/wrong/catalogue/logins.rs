//! Wrong login initiations.

use crate::wrong::refusal::{LOGIN_PARAMETER_MISSING, PARAMETER_REPEATED, REGISTRATION_UNKNOWN};
use crate::wrong::{Fault, Group, LoginFault, WrongLaunch};

const GROUP: Group = Group::Login;

pub(super) const CASES: &[WrongLaunch] = &[
    WrongLaunch::new(
        (GROUP, "login-unknown-issuer", "Login from an unknown issuer"),
        "The login comes from a Platform that the Tool has no Registration for.",
        REGISTRATION_UNKNOWN,
        Fault::Login(LoginFault::Set { name: "iss", value: "https://stranger.example" }),
    ),
    WrongLaunch::new(
        (GROUP, "login-other-client", "Login with another client id"),
        "The login names a client that is not registered at this Platform; the issuer alone must not do.",
        REGISTRATION_UNKNOWN,
        Fault::Login(LoginFault::Set { name: "client_id", value: "another-tool" }),
    ),
    WrongLaunch::new(
        (GROUP, "login-no-issuer", "Login without an issuer"),
        "The login does not say which Platform it comes from.",
        LOGIN_PARAMETER_MISSING,
        Fault::Login(LoginFault::Remove("iss")),
    ),
    WrongLaunch::new(
        (GROUP, "login-no-hint", "Login without a login hint"),
        "The login has no `login_hint`, which the Platform needs back.",
        LOGIN_PARAMETER_MISSING,
        Fault::Login(LoginFault::Remove("login_hint")),
    ),
    WrongLaunch::new(
        (GROUP, "login-no-target", "Login without a target"),
        "The login has no `target_link_uri`.",
        LOGIN_PARAMETER_MISSING,
        Fault::Login(LoginFault::Remove("target_link_uri")),
    ),
    WrongLaunch::new(
        (GROUP, "login-parameter-twice", "Login with two users"),
        "The login has two `login_hint` parameters, and two programs may read two users.",
        PARAMETER_REPEATED,
        Fault::Login(LoginFault::Repeat { name: "login_hint", value: "54" }),
    ),
];
