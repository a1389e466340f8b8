use serde_json::json;

use super::*;

/// A source of 2 (1 to 3) kg/h, with an ellipse of 5 m to the east and 1 m to the north.
fn named(east: f64, north: f64) -> Value {
    json!({
        "place": { "east": east, "north": north },
        "ellipse": { "semi_major": 5.0, "semi_minor": 1.0, "bearing": 90.0 },
        "rate": 2.0, "rate_range": { "low": 1.0, "high": 3.0 },
    })
}

fn said(rate: f64, named: &[Value]) -> String {
    let truth = json!({ "sources": [{ "east": 10.0, "north": 20.0, "rate_kg_h": rate }] });
    beside(&truth, &json!({ "sources": named, "declined_because": "it was calm" }))
}

#[test]
fn the_truth_stands_beside_what_was_named() {
    let text = said(2.5, &[named(14.0, 20.0)]);
    assert!(text.starts_with("true:  10.0 m east, 20.0 m north, 2.50 kg/h\n"), "{text}");
    assert!(text.contains("named: 14.0 m east, 20.0 m north, 2.00 kg/h (1.00 to 3.00)"), "{text}");
    assert!(text.contains("4.0 m off; its 90 % ellipse holds the true place"), "{text}");
    assert!(text.contains("range holds the true rate"), "{text}");
}

#[test]
fn what_an_ellipse_or_a_range_misses_is_said() {
    let text = said(3.5, &[named(10.0, 24.0)]);
    assert!(text.contains("4.0 m off; its 90 % ellipse does not hold the true place"), "{text}");
    assert!(text.contains("range does not hold the true rate"), "{text}");
}

#[test]
fn naming_none_has_its_reason() {
    assert!(said(2.5, &[]).ends_with("named: none: it was calm\n"));
}

#[test]
fn a_release_that_is_not_there_is_left_out_in_one_line() {
    let root = tempfile::tempdir().unwrap();
    assert_eq!(arguments(root.path(), root.path()).unwrap(), None);
    assert!(
        left_out().starts_with("left out: the real release") && left_out().lines().count() == 1
    );
}

#[test]
fn a_release_that_is_there_is_located_within_its_limits() {
    let root = tempfile::tempdir().unwrap();
    // Up from a folder leads nowhere while the folder is not there.
    fs::create_dir_all(root.path().join("project")).unwrap();
    let folder = root.path().join("project").join(TRACES).join(CASE);
    fs::create_dir_all(&folder).unwrap();
    let model = json!({ "site_limits": [[-5, 120], [-5, 85.5], [0, 6]] });
    fs::write(folder.join("model.json"), model.to_string()).unwrap();

    let words = arguments(&root.path().join("project"), root.path()).unwrap().unwrap();

    assert!(words[1].ends_with("readings.csv") && words.contains(&"demo/real".to_owned()));
    let site = fs::read_to_string(root.path().join("real-site.toml")).unwrap();
    assert_eq!(site, "[search]\neast = [-5.0, 120.0]\nnorth = [-5.0, 85.5]\nup = [0.0, 6.0]\n");
}
