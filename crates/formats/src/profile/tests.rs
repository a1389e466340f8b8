use proptest::prelude::*;

use super::*;
use crate::gas_library;

const GOOD: &str = r#"id = "dairy"
standing = "innocent"
prior_weight = 10.0
sources = ["A public inventory"]

[name]
en = "Dairy farm"
es = "Granja lechera"

[[gas]]
gas = "nh3"
presence_probability = 0.9
persistence = "continuous"
"#;

fn error(text: &str) -> String {
    parse(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn every_shipped_profile_reads_and_names_itself_once() {
    let kinds = builtin().unwrap();
    let mut ids: Vec<&str> = kinds.iter().map(|k| k.id.as_str()).collect();
    assert!(ids.is_sorted());
    ids.dedup();
    assert_eq!(ids.len(), BUILTIN.len());
    assert!(kinds.iter().any(|k| k.standing == Standing::OfInterest));
}

#[test]
fn every_shipped_profile_can_be_seen_by_some_gas_of_the_library() {
    let known: Vec<&str> = gas_library::builtin().iter().map(|g| g.gas.slug.as_str()).collect();
    for kind in builtin().unwrap() {
        assert!(kind.gases.iter().any(|g| known.contains(&g.gas.as_str())), "{}", kind.id);
    }
}

#[test]
fn an_unknown_key_is_refused_with_its_line_and_the_remedy() {
    let at_top = GOOD.replace("prior_weight", "procedure = \"x\"\nprior_weight");
    let error_at_top = error(&at_top);
    assert!(error_at_top.starts_with("line 3: unknown field `procedure`"), "{error_at_top}");
    assert!(error_at_top.contains("nothing else"));
    let of_gas = error(&format!("{GOOD}notes = \"x\"\n"));
    assert!(of_gas.starts_with("line 14: unknown field `notes`"), "{of_gas}");
    let of_name = error(&GOOD.replace("es = ", "fr = "));
    assert!(of_name.starts_with("line 8: unknown field `fr`"), "{of_name}");
}

#[test]
fn values_that_cannot_be_are_refused_by_key() {
    for (from, to, says) in [
        ("\"dairy\"", "\"Dairy farm\"", "`id`"),
        ("10.0", "0.0", "`prior_weight`"),
        ("10.0", "nan", "`prior_weight`"),
        ("[\"A public inventory\"]", "[]", "`sources`"),
        ("\"A public inventory\"", "\"two\\nlines\"", "`name and sources`"),
        ("0.9", "1.5", "`gas.presence_probability`"),
        ("0.9", "nan", "`gas.presence_probability`"),
        ("\"nh3\"", "\"NH3\"", "`gas.gas`"),
    ] {
        let error = error(&GOOD.replacen(from, to, 1));
        assert!(error.starts_with(says), "{to}: {error}");
    }
    let twice = &GOOD[GOOD.find("[[gas]]").unwrap()..];
    assert!(error(&format!("{GOOD}{twice}")).starts_with("`gas.gas`: name every gas once"));
    assert!(error(&GOOD.replace("continuous", "always")).starts_with("line 13: unknown variant"));
}

#[test]
fn what_is_no_text_or_too_large_is_refused() {
    assert_eq!(parse(b"id = \"\xff\""), Err(ProfileError::NoText { at: 6 }));
    let large = vec![b'#'; MAX_BYTES + 1];
    assert_eq!(parse(&large), Err(ProfileError::TooLarge { bytes: MAX_BYTES + 1 }));
    let deep = format!("id = {}", "[".repeat(30_000));
    assert!(matches!(parse(deep.as_bytes()), Err(ProfileError::Refused { .. })));
}

proptest! {
    #[test]
    fn damaged_text_is_read_or_refused(at in 0..GOOD.len(), with in any::<u8>()) {
        let mut bytes = GOOD.as_bytes().to_vec();
        bytes[at] = with;
        if let Err(error) = parse(&bytes) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
