use proptest::prelude::*;

use super::*;
use crate::{
    export::tests::{any_release, circle, readable, site, to, with},
    recipient::Language,
    words::either,
};

fn read(releasable: &Releasable<Content>) -> Json {
    serde_json::from_str(&geojson(releasable)).unwrap()
}

#[test]
fn a_site_with_sources_is_written_like_this() {
    insta::assert_snapshot!(readable(&geojson(&to(Language::En, site())), "],["));
}

#[test]
fn properties_have_spanish_names_for_those_who_read_spanish() {
    let written = read(&to(Language::Es, site()));
    let properties = &written["features"][0]["properties"];
    assert_eq!(properties["tasa_minima_90_kg_h"], 10.0);
    assert_eq!(properties["gases_es"], "amoníaco, tolueno");
    assert_eq!(properties["probabilidad_es"], "muy probable (80 a 95 %)");
    assert_eq!(properties["vence"], "2026-11-05T08:30:00Z");
    assert_eq!(written["fields"]["tasa_minima_90_kg_h"], "Tasa de emisión (mínima, 90 %, kg/h)");
    assert_eq!(properties.get("rate_low_90_kg_h"), None);
}

#[test]
fn a_content_without_a_place_is_a_feature_without_geometry() {
    let written = read(&to(Language::En, with("title", Value::Words { words: "no place".into() })));
    assert_eq!(written["features"].as_array().unwrap().len(), 1);
    assert_eq!(written["features"][0]["geometry"], Json::Null);
    assert_eq!(written["features"][0]["properties"]["name"], "no place");
    let written = read(&to(Language::En, with("place", circle(f64::NAN, 0.0, 5.0))));
    assert_eq!(written["features"][0]["geometry"], Json::Null);
}

#[test]
fn ground_on_both_sides_of_the_date_line_is_a_multi_polygon() {
    let written = read(&to(Language::En, with("place", circle(52.0, 180.0, 900.0))));
    let geometry = &written["features"][0]["geometry"];
    assert_eq!(geometry["type"], "MultiPolygon");
    assert_eq!(geometry["coordinates"].as_array().unwrap().len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn whatever_is_released_is_read_back(releasable in any_release()) {
        let written = read(&releasable);
        let features = written["features"].as_array().unwrap();
        prop_assert!(!features.is_empty());
        let (tlp, release) = either(releasable.terms().recipient.language, ("tlp", "release"), ("tlp", "entrega"));
        for feature in features {
            prop_assert_eq!(&feature["properties"][tlp], "TLP:AMBER+STRICT");
            prop_assert_eq!(&feature["properties"][release], &releasable.terms().release);
        }
        let all = features.iter().flat_map(|f| f["properties"].as_object().unwrap().values()).collect::<Vec<_>>();
        for value in releasable.what().fields.values() {
            if let Value::Words { words } = value {
                prop_assert!(all.contains(&&json!(words)), "{:?}", words);
            }
        }
    }
}
