//! The command `doorway`, run in process over the tables of a Tool under test. The binary itself is tested beside it, in
//! `tools/cli/tests`.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on should stop the test")]

mod deployments;
mod doctor;
mod doctor_platform;
mod explain;
mod instructions;
mod keys;
#[path = "../outbound/listener.rs"]
#[expect(dead_code, reason = "shared with the tests of what is sent")]
mod listener;
mod migration_keys;
mod people;
mod platforms;
mod presets;
mod refresh;
mod refresh_hostile;
mod scores;
mod stack_outputs;
mod support;
mod switched_off;
