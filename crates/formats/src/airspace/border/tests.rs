use super::*;

const WORLD: &str = r#"{"type": "Topology", "transform": {"scale": [0.5, 0.25], "translate": [-10, 40]},
"arcs": [[[0, 0], [4, 0], [0, 4]], [[4, 4], [-4, 0], [0, -4]], [[4, 4], [4, 0], [0, -4], [-4, 0]]],
"objects": {"countries": {"type": "GeometryCollection", "geometries": [
  {"type": "Polygon", "arcs": [[0, 1]], "id": "076", "properties": {"name": "Westland"}},
  {"type": "MultiPolygon", "arcs": [[[2, -1, -2]], [[0, 1]]], "id": 8, "properties": {"name": "Eastland"}},
  {"type": "Polygon", "arcs": [[7]], "properties": {"name": "Elsewhere"}}]}}}"#;

fn ring(text: &str) -> String {
    format!("{{\"type\": \"Polygon\", \"coordinates\": [[{text}]]}}")
}

#[test]
fn a_country_is_found_by_its_name_or_number() {
    let west = topojson(WORLD.as_bytes(), "westland").unwrap();
    assert_eq!(west, topojson(WORLD.as_bytes(), "76").unwrap());
    let ring = &west.polygons[0].rings[0];
    let corners: Vec<(f64, f64)> = ring.iter().map(|p| (p.longitude.0, p.latitude.0)).collect();
    let given = [(-10.0, 40.0), (-8.0, 40.0), (-8.0, 41.0), (-10.0, 41.0)];
    assert!(given.iter().all(|corner| corners.contains(corner)), "{corners:?}");
    assert!(west.notes[0].contains("vertices were put into"), "{:?}", west.notes);
    assert_eq!(topojson(WORLD.as_bytes(), "008").unwrap().polygons.len(), 2);
}

#[test]
fn every_arc_is_one_line_whichever_countries_share_it() {
    let lines = lines(WORLD.as_bytes()).unwrap();
    let degrees =
        |line: &Vec<LatLon>| line.iter().map(|p| (p.longitude.0, p.latitude.0)).collect::<Vec<_>>();
    let told: Vec<_> = lines.iter().map(degrees).collect();
    assert_eq!(told[0], [(-10.0, 40.0), (-8.0, 40.0), (-8.0, 41.0)]);
    assert_eq!(told.len(), 3);
    let broken = WORLD.replace("[4, 4], [4, 0]", "[4, 4], [4]");
    let refused = super::lines(broken.as_bytes()).unwrap_err().to_string();
    assert!(refused.contains("arc 3, vertex 2"), "{refused}");
}

#[test]
fn what_is_not_there_is_told() {
    let said = ["Erewhon", "999", "elsewhere"]
        .map(|c| topojson(WORLD.as_bytes(), c).unwrap_err().to_string());
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_ring_along_the_pole_of_the_map_encloses_the_pole() {
    let south = ring(
        "[-180, -90], [180, -90], [180, -70], [60, -65], [-60, -75], [-180, -70], [-180, -90]",
    );
    let border = geojson(south.as_bytes()).unwrap();
    let ring = &border.polygons[0].rings[0];
    assert!(ring.iter().all(|place| place.latitude.0 > -80.0));
    assert!((turns_deg(ring).abs() - 360.0).abs() < 1e-6);
    assert!(
        border.notes.iter().any(|note| note.contains("encloses the pole")),
        "{:?}",
        border.notes
    );
}

#[test]
fn a_sector_that_ends_in_the_pole_is_refused() {
    let sector = ring("[0, -60], [30, -60], [30, -90], [0, -90], [0, -60]");
    let said = geojson(sector.as_bytes()).unwrap_err().to_string();
    assert!(said.starts_with("ring 1, vertex 3: it ends in the pole"), "{said}");
}

#[test]
fn a_cut_of_the_map_is_told() {
    let cut = ring("[179, 60], [180, 60], [180, 62], [179, 61], [179, 60]");
    let border = geojson(cut.as_bytes()).unwrap();
    assert!(border.notes.iter().any(|note| note.contains("180°")), "{:?}", border.notes);
}

#[test]
fn any_geojson_of_polygons_is_one_border() {
    let one = ring("[0, 0], [0.1, 0], [0, 0.1], [0, 0]");
    let line = "{\"type\": \"LineString\", \"coordinates\": [[1, 1], [1.1, 1], [1, 1.1], [1, 1]]}";
    let all = format!(
        "{{\"type\": \"FeatureCollection\", \"features\": [{{\"type\": \"Feature\", \"geometry\": {one}}}, \
         {{\"type\": \"Feature\", \"geometry\": {{\"type\": \"GeometryCollection\", \"geometries\": [{line}]}}}}]}}"
    );
    let volume = geojson(all.as_bytes())
        .unwrap()
        .volume(Limit::Agl(cathartes_core::units::Metres(0.0)), None);
    assert_eq!(volume.polygons.len(), 2);
}

#[test]
fn what_is_no_border_is_told_with_its_place() {
    let said = [
        "{\"type\": \"Point\", \"coordinates\": [0, 0]}".to_owned(),
        "{\"type\": \"FeatureCollection\", \"features\": []}".to_owned(),
        "{\"type\": \"LineString\", \"coordinates\": [[1, 1], [1.1, 1], [1, 1.1]]}".to_owned(),
        ring("[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]"),
        ring("[0, 0], [1, 1], [1, \"0\"], [0, 0]"),
    ]
    .map(|text| geojson(text.as_bytes()).unwrap_err().to_string());
    insta::assert_snapshot!(said.join("\n"));
}

/// A map of one ring, in whole hundredths of a degree.
fn coarse(ring: &[(i32, i32)]) -> String {
    let steps: Vec<String> = std::iter::once((0, 0))
        .chain(ring.iter().copied())
        .collect::<Vec<_>>()
        .windows(2)
        .map(|pair| format!("[{}, {}]", pair[1].0 - pair[0].0, pair[1].1 - pair[0].1))
        .collect();
    format!(
        "{{\"transform\": {{\"scale\": [0.01, 0.01], \"translate\": [0, 0]}}, \"arcs\": [[{}]], \"objects\": \
         {{\"countries\": {{\"geometries\": [{{\"type\": \"Polygon\", \"arcs\": [[0]], \"id\": 1}}]}}}}}}",
        steps.join(", ")
    )
}

#[test]
fn a_small_loop_of_a_coarse_map_is_cut_off_and_told() {
    let looped = [(0, 0), (10, 0), (10, 5), (12, 7), (12, 5), (10, 7), (10, 10), (0, 10), (0, 0)];
    let border = topojson(coarse(&looped).as_bytes(), "1").unwrap();
    assert!(border.notes.iter().any(|note| note.contains("it is put right")), "{:?}", border.notes);
    let ring = &border.polygons[0].rings[0];
    assert!(ring.len() < looped.len() && ring.iter().all(|place| place.longitude.0 < 0.13));
}

#[test]
fn the_sides_of_a_long_spit_that_cross_are_put_right() {
    let spit = [
        (0, 0),
        (40, 0),
        (40, 3),
        (43, 4),
        (80, 4),
        (80, 3),
        (43, 3),
        (40, 4),
        (40, 40),
        (0, 40),
        (0, 0),
    ];
    let border = topojson(coarse(&spit).as_bytes(), "1").unwrap();
    let ring = &border.polygons[0].rings[0];
    assert!(ring.iter().any(|place| place.longitude.0 > 0.79));
}

#[test]
fn a_border_that_crosses_itself_at_large_is_refused() {
    let tie = [(0, 0), (100, 100), (100, 0), (0, 100), (0, 0)];
    let said = topojson(coarse(&tie).as_bytes(), "1").unwrap_err().to_string();
    assert!(said.contains("crosses"), "{said}");
}

#[test]
fn a_country_smaller_than_the_grid_is_none() {
    let said = topojson(coarse(&[(5, 5), (5, 6), (5, 5)]).as_bytes(), "1").unwrap_err().to_string();
    assert!(said.contains("there is no polygon"), "{said}");
}
