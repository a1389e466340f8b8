use super::*;

#[test]
fn a_recipe_holds_twelve_plumes_of_every_rate_once_and_a_third_of_each_kind() {
    let cut = masks::Cut { name: "outline-0.png".into(), lines: 40, samples: 50 };
    let text = recipe(1000, &[cut]);
    let table: toml::Table = text.parse().unwrap();
    let plumes = table["plume"].as_array().unwrap();
    let count = |kind: &str| plumes.iter().filter(|p| p["kind"].as_str() == Some(kind)).count();
    let mut rates: Vec<f64> = plumes.iter().map(|p| p["rate_kg_h"].as_float().unwrap()).collect();
    rates.sort_by(f64::total_cmp);

    assert_eq!([count("gaussian"), count("puffs"), count("mask")], [4, 4, 4]);
    assert!((rates[0] - 20.0).abs() < 0.01 && (rates[11] - 2000.0).abs() < 0.01);
    assert!(rates.windows(2).all(|pair| (pair[1] / pair[0] - 1.52).abs() < 0.01));
}

#[test]
fn without_outlines_turbulent_plumes_stand_in() {
    assert!(!recipe(1000, &[]).contains("mask"));
}
