//! Points as JSON: a whole number is written without a fraction.

use serde_json::{Value, json};

/// The largest number up to which every whole number has a float of its own.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A finite number as JSON.
pub(crate) fn number(points: f64) -> Value {
    if points.fract() == 0.0 && points.abs() < LARGEST_WHOLE {
        return json!(points as i64);
    }
    json!(points)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_whole_number_has_no_fraction_and_others_keep_theirs() {
        assert_eq!(number(100.0).to_string(), "100");
        assert_eq!(number(8.5).to_string(), "8.5");
        assert_eq!(number(1e20).to_string(), "1e+20");
    }
}
