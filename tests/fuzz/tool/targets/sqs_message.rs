//! The body of a message of the queue.

#![no_main]

use doorway_core::scores::{message, read_message};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &str| {
    let Some(id) = read_message(body) else { return };
    assert_eq!(read_message(&message(&id)), Some(id));
});
