//! From nothing to a working launch by Dynamic Registration; and everything that must not come of it (security digest,
//! section 5).
//!
//! | row | tests |
//! |---|---|
//! | an invite, not anybody | [`invites`] |
//! | show who asks, and confirm | [`flow`], [`pages`] |
//! | SSRF; one origin for document, issuer and registration endpoint | [`hostile`], [`deployed`] |
//! | the token goes to that origin alone, is never logged or shown, and is used once | [`secrecy`], [`once`] |
//! | nobody's Registration is overwritten | [`takeover`] |
//! | new Registrations wait | [`flow`], [`takeover`] |
//! | the closing message | [`pages`]; in a browser, the `frames` |
//! | a one-time form | [`forms`] |

mod canvas_json;
mod deployed;
mod flow;
mod forms;
mod hostile;
mod invites;
#[path = "../outbound/listener.rs"]
#[expect(dead_code, reason = "shared with the tests of what is sent")]
mod listener;
mod once;
mod pages;
mod secrecy;
mod support;
mod takeover;
mod told;
