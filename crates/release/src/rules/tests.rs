use super::*;
use crate::product::FIELDS;

fn read(rule: &str) -> Result<Rules, RulesError> {
    Rules::read(&format!("name = \"test\"\n\n[[rule]]\n{rule}\n"))
}

fn refused(rule: &str) -> String {
    read(rule).unwrap_err().to_string()
}

#[test]
fn the_rules_that_are_shipped_are_read() {
    for (name, _) in SHIPPED {
        let rules = Rules::shipped(name).unwrap();
        assert_eq!(rules.name, name);
        assert!(rules.rules.iter().all(|rule| rule.why.len() > 5));
    }
    assert!(matches!(Rules::shipped("everybody"), Err(RulesError::NotShipped(_))));
}

#[test]
fn agency_and_partner_decide_of_every_field() {
    for name in ["agency", "partner"] {
        let rules = Rules::shipped(name).unwrap();
        for (path, _) in FIELDS {
            assert!(rules.rules.iter().any(|rule| rule.path == path), "{name}: {path}");
        }
    }
}

#[test]
fn a_rule_is_read_with_what_it_needs() {
    let text = "path = \"place\"\naction = \"search_area\"\nradius_m = 500\nup_to = \"secret\"\nwhy = \"so\"";
    let rules = read(text).unwrap();
    let expected = Rule {
        path: "place".into(),
        action: Action::SearchArea { radius: Metres(500.0) },
        up_to: Some(Classification::Secret),
        why: "so".into(),
    };
    assert_eq!(rules.rules, [expected]);
    assert_eq!((rules.delay_hours, rules.caveats), (0, Vec::new()));
}

#[test]
fn every_refusal_names_the_rule_and_says_what_to_do() {
    let cases = [
        ("action = \"keep\"\nwhy = \"so\"", "rule 1 (`?`): `path` is missing"),
        ("path = \"place\"\naction = \"keep\"", "rule 1 (`place`): `why` is missing"),
        ("path = \"place\"\naction = \"keep\"\nwhy = \" \"", "rule 1 (`place`): say why"),
        (
            "path = \"colour\"\naction = \"keep\"\nwhy = \"so\"",
            "rule 1 (`colour`): there is no such field",
        ),
        (
            "path = \"images[0]\"\naction = \"keep\"\nwhy = \"so\"",
            "rule 1 (`images[0]`): there is no such",
        ),
        ("path = \"place\"\naction = \"hour\"\nwhy = \"so\"", "`hour` can do nothing with a place"),
        (
            "path = \"id\"\naction = \"keep\"\nwhy = \"so\"",
            "`keep` can do nothing with a number of ours",
        ),
        ("path = \"place\"\naction = \"blur\"\nwhy = \"so\"", "unknown variant `blur`"),
        ("path = \"place\"\nwhy = \"so\"", "missing field `action`"),
        ("path = \"place\"\naction = \"grid\"\nwhy = \"so\"", "missing field `cell_m`"),
        (
            "path = \"place\"\naction = \"grid\"\ncell_m = 5\nwhy = \"so\"",
            "5 m is not between 10 m and 200000 m",
        ),
        ("path = \"place\"\naction = \"grid\"\ncell_m = nan\nwhy = \"so\"", "is not between"),
        (
            "path = \"place\"\naction = \"grid\"\nradius_m = 50\nwhy = \"so\"",
            "`radius_m` is no key of this",
        ),
        (
            "path = \"title\"\naction = \"keep\"\nup_to = \"secret\"\nwhy = \"so\"",
            "cannot be taken down",
        ),
        (
            "path = \"title\"\naction = \"drop\"\nup_to = \"cosmic\"\nwhy = \"so\"",
            "`up_to`: unknown variant",
        ),
        (
            "path = \"rate\"\naction = \"band\"\nedges_kg_h = [1]\nwhy = \"so\"",
            "two or more numbers",
        ),
        (
            "path = \"rate\"\naction = \"band\"\nedges_kg_h = [3, 1]\nwhy = \"so\"",
            "two or more numbers",
        ),
        (
            "path = \"images[*]\"\naction = \"reduce\"\nlongest_px = 0\nwhy = \"so\"",
            "0 px is not between",
        ),
        (
            "path = \"likelihood\"\naction = \"step\"\nstep_probability = 0\nwhy = \"so\"",
            "0 is not between",
        ),
        (
            "path = \"sensor\"\naction = \"replace\"\nby = { EMIT = \"the EMIT\" }\nwhy = \"so\"",
            "still tells of `EMIT`",
        ),
    ];
    for (rule, said) in cases {
        let error = refused(rule);
        assert!(error.contains(said), "{rule}\n{error}");
        assert!(error.starts_with("rule 1 ("), "{error}");
    }
}

#[test]
fn two_rules_for_one_field_are_refused() {
    let one = "path = \"title\"\naction = \"drop\"\nwhy = \"so\"";
    let error = refused(&format!("{one}\n\n[[rule]]\n{one}"));
    assert_eq!(error, "rule 2 (`title`): rule 1 is for the same field: keep one of them");
}

#[test]
fn what_is_no_file_of_rules_is_refused_with_its_line() {
    let error = Rules::read("name = \"test\"\ncolour = 3\n").unwrap_err().to_string();
    assert!(error.contains("line 2") && error.contains("colour"), "{error}");
    assert!(Rules::read("name = \"Not a name\"").unwrap_err().to_string().contains("Not a name"));
    assert!(Rules::read("[[rule]]").is_err());
}
