//! Dynamic Registration: what is believed of a Platform's configuration, what is asked of it, what is read of its answer.
//!
//! `configurations` are documents as the products publish them (source or documentation of each; the digest of Dynamic
//! Registration, sections 2 and 5). `goldens` are the requests that are made for them.

mod canvas_json;
mod configuration;
mod properties;
mod requests;
mod response;
mod support;
mod update;
