use serde_json::json;

use super::*;

fn of(properties: &Value) -> Option<f64> {
    probability(properties.as_object().unwrap())
}

#[test]
fn what_a_finding_says_of_itself_is_taken_for_how_open_it_is() {
    assert_eq!(of(&json!({})), None);
    assert_eq!(of(&json!({ "existence_probability": 0.7 })), Some(0.7));
    assert_eq!(of(&json!({ "false_alarm_probability": 0.25 })), Some(0.75));
    assert_eq!(of(&json!({ "of_interest_probability": 0.5 })), Some(0.5));
    let both = json!({ "false_alarm_probability": 0.5, "of_interest_probability": 0.5 });
    assert_eq!(of(&both), Some(0.25));
    assert_eq!(of(&json!({ "existence_probability": "high" })), None);
}
