//! All wrong launches, in the order in which the developer's page shows them.

mod certification;
mod claims;
mod forms;
mod logins;
mod tokens;

use std::sync::LazyLock;

use super::WrongLaunch;

static CATALOGUE: LazyLock<Vec<WrongLaunch>> =
    LazyLock::new(|| [certification::CASES, tokens::CASES, claims::CASES, forms::CASES, logins::CASES].concat());

/// Every wrong launch.
#[must_use]
pub fn catalogue() -> &'static [WrongLaunch] {
    &CATALOGUE
}

/// The wrong launch of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static WrongLaunch> {
    catalogue().iter().find(|wrong| wrong.name == name)
}
