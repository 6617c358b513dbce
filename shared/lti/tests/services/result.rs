//! Results: grade digest §5.

use doorway_lti::ags::BodyError;
use doorway_lti::ags::result::LineItemResult;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::*;

fn full() -> Value {
    json!({
        "id": "https://lms.example/li/9/results/5323497", "scoreOf": "https://lms.example/li/9", "userId": "5323497",
        "resultScore": 0.83, "resultMaximum": 1, "scoringUserId": "t-1", "comment": "This is exceptional work."
    })
}

fn read(rows: &[Value]) -> Vec<LineItemResult> {
    LineItemResult::parse_all(Value::from(rows.to_vec()).to_string().as_bytes()).unwrap()
}

fn one(row: Value) -> LineItemResult {
    read(&[row]).remove(0)
}

#[test]
fn a_result_is_named_as_in_the_specification() {
    assert_eq!(
        serde_json::to_string(&one(full())).unwrap(),
        concat!(
            r#"{"id":"https://lms.example/li/9/results/5323497","scoreOf":"https://lms.example/li/9","#,
            r#""userId":"5323497","resultScore":0.83,"resultMaximum":1,"scoringUserId":"t-1","#,
            r#""comment":"This is exceptional work."}"#
        )
    );
    assert_eq!(one(full()).user_id(), &user("5323497"));
}

#[test]
fn no_score_is_absent_and_no_maximum_is_one() {
    let row = json!({"userId": 7, "resultScore": null, "resultMaximum": null, "comment": null, "timestamp": "x"});
    assert_eq!(serde_json::to_string(&one(row)).unwrap(), r#"{"userId":"7","resultMaximum":1}"#);
    let moodle = json!({"userId": "7", "resultScore": "83.5", "resultMaximum": "100"});
    assert_eq!(
        serde_json::to_string(&one(moodle)).unwrap(),
        r#"{"userId":"7","resultScore":83.5,"resultMaximum":100.0}"#
    );
}

#[test]
fn a_row_without_a_user_is_left_out() {
    let rows = [json!({}), full(), json!(null), with(full(), "userId", json!("")), with(full(), "userId", json!([]))];
    assert_eq!(read(&rows).len(), 1);
    assert_eq!(read(&[]), []);
    // Moodle's answer to `limit`.
    assert_eq!(LineItemResult::parse_all(b"<!DOCTYPE html><html>"), Err(BodyError::NotAnArray));
}

#[test]
fn scores_are_compared_as_parts_of_their_maximum() {
    assert!(one(full()).equals(83.0, 100.0));
    assert!(one(full()).equals(41.5, 50.0));
    assert!(one(full()).equals(0.8305, 1.0));
    assert!(!one(full()).equals(84.0, 100.0));
    assert!(!one(full()).equals(83.0, 0.0));
    assert!(!one(without(full(), "resultScore")).equals(0.0, 100.0));
    assert!(!one(with(full(), "resultMaximum", json!(0))).equals(83.0, 100.0));
    // Moodle clips what is above the maximum.
    assert!(!one(with(full(), "resultScore", json!(1))).equals(120.0, 100.0));
}

#[test]
fn printing_it_tells_nothing_of_the_person() {
    let printed = format!("{:?}", one(full()));
    assert!(!printed.contains("exceptional") && !printed.contains("5323497") && printed.contains("0.83"));
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_score_equals_itself_however_the_platform_scales_it(
        given in 0.0..100.0_f64,
        ours in 1.0..1000.0_f64,
        theirs in 1.0..1000.0_f64,
    ) {
        let row = json!({"userId": "u", "resultScore": given / ours * theirs, "resultMaximum": theirs});
        prop_assert!(one(row.clone()).equals(given, ours));
        prop_assert!(!one(row).equals(given + ours * 0.002, ours));
    }

    #[test]
    fn any_bytes_are_read_or_refused(body in any::<Vec<u8>>()) {
        let _ = LineItemResult::parse_all(&body);
    }
}
