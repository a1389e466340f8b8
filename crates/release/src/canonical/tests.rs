use proptest::prelude::*;
use serde_json::json;

use super::*;

fn written(double: f64) -> String {
    canonical(&double).unwrap()
}

#[test]
fn numbers_are_those_of_the_appendix_of_the_standard() {
    // RFC 8785, appendix B: bits of a double and what is written.
    for (bits, text) in [
        (0x0000_0000_0000_0000, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] {
        assert_eq!(written(f64::from_bits(bits)), text);
    }
}

#[test]
fn members_are_sorted_by_utf_16_and_text_has_the_fewest_escapes() {
    // RFC 8785, sections 3.2.2 and 3.2.3.
    let sorted = json!({ "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis" });
    let names: Vec<_> = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"].into();
    let text = canonical(&sorted).unwrap();
    let places: Vec<_> = names.iter().map(|name| text.find(name).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");

    let text = canonical(&json!({ "s": "\u{20ac}$\u{f}\nA'B\"\\\\\"/", "l": [null, true, false] }));
    assert_eq!(text.unwrap(), r#"{"l":[null,true,false],"s":"€$\u000f\nA'B\"\\\\\"/"}"#);
}

#[test]
fn what_no_double_holds_is_refused() {
    assert_eq!(canonical(&9_007_199_254_740_992_u64).unwrap(), "9007199254740992");
    assert_eq!(
        canonical(&9_007_199_254_740_993_u64).unwrap_err().to_string(),
        "9007199254740993 cannot be written exactly; write it as text"
    );
    assert!(canonical(&i64::MIN).is_err());
    assert!(canonical(&u64::MAX).is_err());
    assert_eq!(canonical(&f64::NAN).unwrap(), "null");
}

#[test]
fn a_great_double_is_written_as_a_whole_number_that_is_read_and_written_again() {
    let text = canonical(&1.287_853_964_450_146_7e17).unwrap();
    assert_eq!(text, "128785396445014670");
    assert_eq!(canonical(&serde_json::from_str::<Value>(&text).unwrap()).unwrap(), text);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (1e15..1e22).prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "\\PC{0,8}|[\u{0}-\u{20}\"\\\\]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("\\PC{0,4}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_canonical_form_says_the_same_and_is_its_own_canonical_form(value in any_json()) {
        let text = canonical(&value).unwrap();
        let back: Value = serde_json::from_str(&text).unwrap();

        prop_assert_eq!(canonical(&back).unwrap(), text);
        let as_doubles = |value: &Value| serde_json::to_string(&sorted(value)).unwrap();
        prop_assert_eq!(as_doubles(&back), as_doubles(&value));
    }

    #[test]
    fn a_written_double_is_read_as_the_same_double(double in any::<f64>().prop_filter("a number", |x| x.is_finite())) {
        prop_assert_eq!(written(double).parse::<f64>().unwrap(), double);
    }
}

/// With members in order and every number a double.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            Value::from(number.as_f64().map(|x| if x == 0.0 { 0.0 } else { x }))
        }
        Value::Array(values) => values.iter().map(sorted).collect(),
        Value::Object(members) => {
            let all: std::collections::BTreeMap<_, _> =
                members.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            Value::Object(all.into_iter().collect())
        }
        other => other.clone(),
    }
}
