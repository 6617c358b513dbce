//! The demo in a real browser: the Tool and the App in frames of a Platform that is another site.
//!
//! `cookie_rules` proves that the browser keeps what it is told to keep, and nothing else; `harness`, what else the
//! tests take for granted. `launches` clicks through the demo. `accessibility` looks at every page with axe-core.
//! Pictures are in `target/screenshots`.
//!
//! Needs chromium, chromedriver and axe-core: tools/setup installs them.

mod accessibility;
mod answers;
mod classroom;
mod cookie_rules;
mod framed_site;
mod harness;
mod ladder;
mod launches;
mod parallel;
mod people;
mod registering;
mod strangers;
mod traps;
mod twice;
