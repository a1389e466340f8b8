//! Plans through the executable: every sortie is certified, checked by the second program, and comes with its papers.

use std::fs;

use serde_json::{Value, json};

use super::{path, run};

const FLEET: &str = r#"
[[aircraft]]
id = "M1"
kind = "medium-altitude drone"
operator = "North Wing"
base = { latitude = 32.4, longitude = -116.5, height_m = 140 }
ready = { from = "2026-10-05T15:00:00Z", to = "2026-10-05T23:00:00Z" }

[[aircraft]]
id = "S1"
kind = "small drone"
operator = "North Wing"
base = { latitude = 32.35, longitude = -116.45, height_m = 120 }
ready = { from = "2026-10-05T15:00:00Z", to = "2026-10-05T23:00:00Z" }
"#;

/// A box that is permitted, and one in its middle that is not.
fn authority() -> Value {
    let square = |west: f64, south: f64, side: f64| {
        json!([[[
            [west, south],
            [west + side, south],
            [west + side, south + side],
            [west, south + side]
        ]]])
    };
    let ground = json!({ "agl_m": 0 });
    json!({
        "form": "cathartes-authority-1", "issuer": "Directorate of Air Navigation", "number": "2026-114",
        "valid": { "from": "2026-10-01T00:00:00Z", "to": "2027-04-01T00:00:00Z" },
        "operators": ["North Wing"],
        "aircraft": ["medium-altitude drone", "small drone"],
        "clauses": [
            { "number": "1", "rule": "permit", "purposes": ["chemical survey", "imagery"],
              "volume": { "polygons": square(-117.0, 32.0, 1.0), "floor": ground, "ceiling": { "amsl_m": 7_000 } } },
            { "number": "2", "rule": "forbid",
              "volume": { "polygons": square(-116.45, 32.45, 0.05), "floor": ground, "ceiling": { "amsl_m": 6_500 } } },
        ],
    })
}

fn requirements() -> Value {
    let one = |id: &str, longitude: f64, latitude: f64, priority: u8| {
        json!({
            "type": "Feature",
            "geometry": { "type": "Point", "coordinates": [longitude, latitude] },
            "properties": { "id": id, "question": "is gas released here?", "sensor": "gas",
                "latest": "2026-10-05T22:00:00Z", "priority": priority, "radius_m": 150, "site_probability": 0.4 },
        })
    };
    let all =
        [one("R-1", -116.44, 32.37, 1), one("R-2", -116.3, 32.6, 2), one("R-3", -115.0, 32.5, 1)];
    json!({ "type": "FeatureCollection", "features": all })
}

#[test]
fn every_sortie_of_a_plan_is_certified_and_comes_with_its_papers() {
    let root = tempfile::tempdir().unwrap();
    let [wanted, fleet, law, out] = ["wanted.geojson", "fleet.toml", "authority.json", "plans"]
        .map(|name| root.path().join(name));
    fs::write(&wanted, requirements().to_string()).unwrap();
    fs::write(&fleet, FLEET).unwrap();
    fs::write(&law, authority().to_string()).unwrap();
    let given = ["plan", path(&wanted), "--fleet", path(&fleet), "--authority", path(&law)];
    let ran =
        run(&[&given[..], &["--wind", "4,250,1", "--contrast", "6", "--out", path(&out)]].concat());
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert_eq!(ran.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains("left: R-3"), "it lies outside of what is permitted: {said}");
    let text = fs::read_to_string(out.join("plans.json")).unwrap();
    let plans: Value = serde_json::from_str(&text).unwrap();
    let sorties = plans["sorties"].as_array().unwrap();
    assert!(!sorties.is_empty(), "{said}");
    let law = fs::read(&law).unwrap();
    for sortie in sorties {
        let file = |ending: &str| {
            fs::read(out.join(format!("{}.{ending}", sortie["sortie"].as_str().unwrap()))).unwrap()
        };
        let (certificate, track) = (file("certificate.json"), file("track.json"));
        assert_eq!(cathartes_verifier::verify(&certificate, &[&law], &track, None), Ok(Vec::new()));
        let certificate: Value = serde_json::from_slice(&certificate).unwrap();
        assert_eq!(certificate["verdict"], "kept");
        assert!(
            file("brief.en.pdf").starts_with(b"%PDF-")
                && file("brief.es.pdf").starts_with(b"%PDF-")
        );
        assert!(String::from_utf8(file("plan")).unwrap().contains("geoFence"));
    }
    let again = run(&[
        &given[..],
        &["--wind", "4,250,1", "--contrast", "6", "--out", path(&root.path().join("again"))],
    ]
    .concat());
    assert_eq!(again.status.code(), Some(0));
    let same = |name: &str| {
        fs::read(out.join(name)).unwrap() == fs::read(root.path().join("again").join(name)).unwrap()
    };
    assert!(same("plans.json"));
}
