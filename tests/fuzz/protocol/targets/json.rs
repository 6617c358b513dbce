//! JSON from strangers: read as `serde_json` reads it, or refused for a reason of our own.

#![no_main]

use doorway_lti::json::{JsonError, parse_object};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let theirs = serde_json::from_slice::<Value>(bytes);
    match (parse_object(bytes), theirs) {
        (Ok(ours), theirs) => {
            let text = serde_json::to_vec(&ours).expect("what was read can be written");
            assert_eq!(Value::Object(ours.clone()), theirs.expect("serde_json reads what is read here"));
            assert_eq!(parse_object(&text), Ok(ours));
        }
        (Err(JsonError::Syntax { line, column }), Ok(theirs)) => {
            panic!("line {line}, column {column}: serde_json reads {theirs}");
        }
        (Err(JsonError::NotAnObject), Ok(Value::Object(theirs))) => panic!("it is an object: {theirs:?}"),
        (Err(_), _) => {}
    }
});
