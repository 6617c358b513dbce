//! The command `doorway`, run in process over the tables of a Tool under test. The binary itself is tested beside it, in
//! `tools/cli/tests`.

mod deployments;
mod doctor;
mod doctor_platform;
mod explain;
mod instructions;
mod people;
mod platforms;
mod scores;
mod support;
