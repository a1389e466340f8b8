use proptest::prelude::*;

use super::*;

fn faults(register: &Register) -> Vec<String> {
    register.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_table_gives_emitters_and_leaves_bad_rows_out() {
    let text = "name,latitude,longitude,radius_m,gases,licence\n\
        Landfill 4,40.1,-3.2,300,CH4; nh3,77\n\
        Kiln,40.2,-3.2,wide,,78\n\
        ,40.2,-3.2,100,,79\n\
        Far,140.2,-3.2,100,,80\n\
        Mill,40.3,-3.2,100,,81\n";
    let register = csv(text.as_bytes(), &Mapping::default()).unwrap();

    let names: Vec<&str> = register.emitters.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["Landfill 4", "Mill"]);
    assert_eq!(register.emitters[0].gases, ["ch4", "nh3"]);
    assert_eq!(register.emitters[0].radius, Metres(300.0));
    let faults = faults(&register);
    assert_eq!(faults[0], "row 3: `radius_m` is `wide`; write a number with a point");
    assert!(faults[1].starts_with("row 4: `name` is missing"), "{faults:?}");
    assert!(faults[2].starts_with("row 5: a place that is not on the Earth"), "{faults:?}");
}

#[test]
fn titles_of_others_are_mapped() {
    let mapping = b"[columns]\nname = \"Planta\"\nlatitude = \"Y\"\nlongitude = \"X\"\nradius_90_m = \"R\"\ngas = \"G\"\n";
    let mapping = Mapping::parse(mapping).unwrap();
    let register = csv(b"Planta,Y,X,R,G\nVertedero,40,-3,200,ch4\n", &mapping).unwrap();

    assert_eq!(register.emitters[0].name, "Vertedero");
    assert_eq!(register.emitters[0].gases, ["ch4"]);
}

#[test]
fn a_polygon_gives_its_middle_and_extent() {
    let text = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"name":"Refinery","gases":["so2","ch4"]},
         "geometry":{"type":"Polygon","coordinates":[[[-3.01,40],[-2.99,40],[-2.99,40.02],[-3.01,40.02],[-3.01,40]]]}},
        {"type":"Feature","properties":{"name":"Pipe"},"geometry":{"type":"LineString","coordinates":[[0,0],[1,1]]}},
        {"type":"Feature","properties":{"name":"Shop","radius_m":50},"geometry":{"type":"Point","coordinates":[-3,40]}}]}"#;
    let register = geojson(text.as_bytes(), &Mapping::default()).unwrap();

    let [refinery, shop] = register.emitters.as_slice() else { panic!("{register:?}") };
    assert!((refinery.place.latitude.0 - 40.01).abs() < 1e-9);
    assert!((refinery.radius.0 - 1400.0).abs() < 20.0, "{:?}", refinery.radius);
    assert_eq!(refinery.gases, ["so2", "ch4"]);
    assert_eq!(shop.radius, Metres(50.0));
    assert!(faults(&register)[0].contains("a line; give a point or a polygon"));
}

#[test]
fn a_register_with_persons_is_refused() {
    let error = csv(b"name,latitude,longitude,radius_m,owner_surname\n", &Mapping::default());
    assert!(error.unwrap_err().to_string().contains("`owner_surname`: this is about persons"));
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = csv(&bytes, &Mapping::default());
        let _ = geojson(&bytes, &Mapping::default());
    }
}
