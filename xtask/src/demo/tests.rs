use serde_json::json;

use super::*;

#[test]
fn every_true_source_stands_beside_the_plume_at_it() {
    let truth = json!({"lines": 300, "samples": 100, "plumes": [
        {"source": {"line_px": 80.0, "sample_px": 60.0}, "rate_kg_h": 1200.0},
        {"source": {"line_px": 250.0, "sample_px": 50.0}, "rate_kg_h": 150.0},
    ]});
    let plume = |number: u32, line: f64, sample: f64| {
        json!({"properties": {
            "plume": number, "origin_line_px": line, "origin_sample_px": sample,
            "rate_by_mass_kg_per_h": 1100.0, "rate_by_mass_sigma_kg_per_h": 300.0,
        }})
    };
    let found =
        json!({"features": [plume(1, 83.0, 61.0), plume(2, 10.5, 10.5), plume(3, 40.5, 90.5)]});
    let mut gas = vec![0; 300 * 100 * 4];
    gas[(11 * 100 + 9) * 4..][..4].copy_from_slice(&50.0_f32.to_le_bytes());

    let text = beside(&truth, &found, &gas);

    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].contains("1200 kg/h") && lines[1].contains("1100 ± 300"), "{text}");
    assert!(lines[2].ends_with("none"), "{text}");
    assert!(lines[3].ends_with("torn off: 1"), "{text}");
    assert!(lines[4].contains("no gas is: 1,"), "{text}");
}

#[test]
fn a_release_is_laid_beside_what_was_named() {
    let named = |sources: Value| release::beside(&json!({ "sources": sources }));
    assert!(named(json!([])).ends_with("no source is named\n"));
    let far = json!([{ "place": { "east": 1e4, "north": 0.0 } }]);
    assert!(named(far).contains("the nearest source named is "));
}
