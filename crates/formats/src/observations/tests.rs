use cathartes_core::{
    marking::Classification,
    observation::{Sign, What},
    units::Metres,
};
use proptest::prelude::*;

use super::*;

const MAPPING: &str = "
[columns]
latitude = \"Lat\"
longitude = \"Lon\"
time = \"When\"
[constants]
reliability = \"C\"
credibility = \"3\"
collector = \"patrol-7\"
radius_90_m = \"250\"
classification = \"restricted\"
";

fn mapping() -> Mapping {
    Mapping::parse(MAPPING.as_bytes()).unwrap()
}

/// Constants alone, for formats that have no columns.
fn constants() -> Mapping {
    Mapping { columns: BTreeMap::new(), ..mapping() }
}

fn faults(imported: &Imported) -> Vec<String> {
    imported.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_table_with_a_mapping_gives_observations() {
    let text = "Lat,Lon,When,sign,other\n40.1,-3.2,2026-05-03T18:00:00Z,smell,x\n";
    let imported = csv(text.as_bytes(), &mapping()).unwrap();

    let [read] = imported.observations.as_slice() else { panic!("{imported:?}") };
    assert_eq!(read.row, 2);
    assert_eq!(read.observation.what(), &What::Told { sign: Sign::Smell });
    assert_eq!(read.observation.grade().to_string(), "C3");
    assert_eq!(read.observation.marking().classification, Classification::Restricted);
    let Whereabouts::Point { place, ellipse } = read.observation.place() else { panic!() };
    assert_eq!((place.latitude.0, ellipse.semi_major), (40.1, Metres(250.0)));
}

#[test]
fn what_a_sensor_saw_comes_with_what_it_could_have_seen() {
    let text = "kind,gas,detection_probability,false_alarms_per_km2,profile_ln_ratio,latitude,\
        longitude,semi_major_m,semi_minor_m,ellipse_bearing_deg,time,reliability,credibility,collector,collection\n\
        gas_seen,ch4,0.9,0.01,1.5,40,-3,80,40,30,2026-05-03T18:00:00Z,B,2,aviris-3,line-17\n";
    let imported = csv(text.as_bytes(), &Mapping::default()).unwrap();

    assert_eq!(faults(&imported), Vec::<String>::new());
    let observation = &imported.observations[0].observation;
    let What::GasSeen { gas, sight, profile_ln_ratio } = observation.what() else { panic!() };
    assert_eq!((gas.as_str(), sight.detection_probability), ("ch4", 0.9));
    assert_eq!(*profile_ln_ratio, Some(1.5));
    assert_eq!(observation.marking().classification, Classification::TopSecret);
}

#[test]
fn a_bad_row_is_left_out_with_its_reason_and_the_good_ones_stay() {
    let text = "Lat,Lon,When,reliability\n\
        40.1,-3.2,2026-05-03T18:00:00Z,A\n\
        forty,-3.2,2026-05-03T18:00:00Z,A\n\
        40.1,-3.2,yesterday,A\n\
        95,-3.2,2026-05-03T18:00:00Z,A\n\
        40.1,-3.2,2026-05-03T18:00:00Z,G\n\
        40.1,-3.2\n\
        40.2,-3.2,2026-05-03T19:00:00+02:00,B\n";
    let imported = csv(text.as_bytes(), &mapping()).unwrap();

    assert_eq!(imported.observations.iter().map(|r| r.row).collect::<Vec<_>>(), [2, 8]);
    assert_eq!(imported.left_out, 5);
    assert_eq!(
        faults(&imported),
        [
            "row 3: `Lat` is `forty`; write a number with a point",
            "row 4: `When` is `yesterday`; write RFC 3339 with an offset: 2026-05-03T18:00:00Z",
            "row 5: `place` is 95; latitude from -90 to 90 degrees",
            "row 6: `reliability` is `G`; write A to F",
            "row 7: 2 values under 4 titles; quote values that hold commas",
        ]
    );
}

#[test]
fn what_is_missing_is_asked_for_by_its_name() {
    let text = "latitude,longitude\n40,-3\n";
    let imported = csv(text.as_bytes(), &Mapping::default()).unwrap();

    assert!(faults(&imported)[0].contains("is missing"), "{:?}", faults(&imported));
    assert!(faults(&imported)[0].contains("under [constants]"), "{:?}", faults(&imported));
}

#[test]
fn a_column_about_persons_closes_the_door_with_the_reason() {
    for title in ["phone", "First Name", "licencePlate", "Teléfono", "suspect_id", "placa", "face"]
    {
        let text = format!("Lat,Lon,When,{title}\n1,2,3,4\n");
        let error = csv(text.as_bytes(), &mapping()).unwrap_err().to_string();
        assert!(error.contains(title) && error.contains("never persons"), "{error}");
    }
}

#[test]
fn ordinary_titles_pass_the_door() {
    for title in
        ["name", "surface", "interface", "plateau", "mobile_sensor", "phase", "id", "nombre"]
    {
        let text = format!("Lat,Lon,When,{title}\n40,-3,2026-05-03T18:00:00Z,4\n");
        assert_eq!(csv(text.as_bytes(), &mapping()).unwrap().observations.len(), 1, "{title}");
    }
}

#[test]
fn a_mapping_that_cannot_be_says_why() {
    let say = |text: &str| Mapping::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(say("[columns]\nlattitude = \"x\"\n").contains("`lattitude` is none of our names"));
    assert!(say("[columns\n").starts_with("line 1: "));
    assert!(say("other = 1\n").contains("holds [columns] and [constants]"));
    let error = csv(b"a,b\n1,2\n", &mapping()).unwrap_err().to_string();
    assert!(error.contains("is no column of the file"), "{error}");
}

fn feature(geometry: &str, properties: &str) -> String {
    format!(
        "{{\"type\":\"Feature\",\"geometry\":{geometry},\"properties\":{{\"time\":\"2026-05-03T18:00:00Z\"{properties}}}}}"
    )
}

#[test]
fn geojson_gives_points_areas_and_bearings() {
    let ring = "{\"type\":\"Polygon\",\"coordinates\":[[[-3,40],[-3,41],[-2,41],[-3,40]]]}";
    let line = "{\"type\":\"LineString\",\"coordinates\":[[-3,40],[-3,40.1]]}";
    let features = [
        feature("{\"type\":\"Point\",\"coordinates\":[-3,40]}", ""),
        feature(ring, ",\"sign\":\"waste\""),
        feature(line, ",\"bearing_std_deg\":2"),
        feature("{\"type\":\"Circle\"}", ""),
        feature("null", ""),
        feature("{\"type\":\"Point\",\"coordinates\":[-3,40]}", ",\"owner\":{\"phone\":\"1\"}"),
    ];
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","));
    let imported = geojson(text.as_bytes(), &constants()).unwrap();

    let places: Vec<&Whereabouts> =
        imported.observations.iter().map(|r| r.observation.place()).collect();
    assert_eq!(places.len(), 3, "{:?}", faults(&imported));
    assert!(matches!(places[0], Whereabouts::Point { .. }));
    assert!(matches!(places[1], Whereabouts::Area { ring } if ring.len() == 3));
    let Whereabouts::Bearing { bearing, bearing_std, reach, .. } = places[2] else { panic!() };
    assert!(bearing.0.abs() < 1e-6 && bearing_std.0 == 2.0 && (reach.0 - 11_105.0).abs() < 10.0);
    assert_eq!(imported.faults.iter().map(|f| f.row).collect::<Vec<_>>(), [4, 5, 6]);
    assert!(faults(&imported)[2].contains("`phone`"), "{:?}", faults(&imported));
}

#[test]
fn what_is_no_geojson_is_refused_with_its_line() {
    let say = |text: &str| geojson(text.as_bytes(), &constants()).unwrap_err().to_string();
    assert!(say("{\n\"type\":\n}").starts_with("line 3: "));
    assert!(say("{\"type\":\"Topology\"}").contains("neither FeatureCollection nor Feature"));
}

const KML: &str = r#"<?xml version="1.0"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Placemark><name>A &amp; B</name><TimeStamp><when>2026-05-03T18:00:00Z</when></TimeStamp>
<ExtendedData><Data name="sign"><value>smell</value></Data></ExtendedData>
<Point><coordinates>-3.1,40.2,0</coordinates></Point></Placemark>
<Placemark><TimeSpan><begin>2026-05-03T18:00:00Z</begin><end>2026-05-03T19:00:00Z</end></TimeSpan>
<Polygon><outerBoundaryIs><LinearRing><coordinates>
 -3,40 -3,41 -2,41 -3,40 </coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing><coordinates>0,0 1,1 2,0 0,0</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
<Placemark><TimeStamp><when>2026-05-03T18:00:00Z</when></TimeStamp><Point><coordinates>x,y</coordinates></Point></Placemark>
<Placemark><phoneNumber>1</phoneNumber><TimeStamp><when>2026-05-03T18:00:00Z</when></TimeStamp><Point><coordinates>-3,40</coordinates></Point></Placemark>
</Document></kml>"#;

#[test]
fn kml_gives_placemarks() {
    let imported = kml(KML.as_bytes(), &constants()).unwrap();

    assert_eq!(imported.observations.len(), 2, "{:?}", faults(&imported));
    let [first, second] = [0, 1].map(|i| &imported.observations[i].observation);
    assert_eq!(first.what(), &What::Told { sign: Sign::Smell });
    assert!(matches!(second.place(), Whereabouts::Area { ring } if ring.len() == 3));
    assert_eq!(second.when().to.to_string(), "2026-05-03T19:00:00Z");
    let faults = faults(&imported);
    assert!(faults[0].starts_with("row 3: coordinates `x,y`"), "{faults:?}");
    assert!(faults[1].contains("`phoneNumber`: this is about persons"), "{faults:?}");
}

#[test]
fn damaged_markup_keeps_what_stands_before_it() {
    let cut = &KML[..KML.find("<Placemark><TimeSpan>").unwrap() + 60];
    let imported = kml(format!("{cut}</wrong>").as_bytes(), &constants()).unwrap();

    assert_eq!(imported.observations.len(), 1);
    assert!(
        faults(&imported)[0].contains("what stands before it was read"),
        "{:?}",
        faults(&imported)
    );
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><kml>&a;</kml>";
    assert!(faults(&kml(bomb.as_bytes(), &constants()).unwrap())[0].contains("document type"));
}

fn event(kind: &str, detail: &str) -> String {
    format!(
        "<event version='2.0' uid='spot-17' type='{kind}' time='2026-05-03T18:00:00Z' \
         start='2026-05-03T17:59:00Z' stale='2026-05-03T19:00:00Z' how='m-g'>\
         <point lat='40.2' lon='-3.1' hae='640' ce='25' le='9999999'/><detail>{detail}</detail></event>"
    )
}

#[test]
fn cursor_on_target_gives_reports_and_installations() {
    let text = format!("<events>{}{}</events>", event("b-m-p-s-p-i", ""), event("a-u-G-I-R", ""));
    let imported = cursor_on_target(text.as_bytes(), &constants()).unwrap();

    assert_eq!(imported.observations.len(), 2, "{:?}", faults(&imported));
    let observation = &imported.observations[0].observation;
    assert_eq!(observation.origin().collection.as_deref(), Some("spot-17"));
    assert_eq!(observation.when().from.to_string(), "2026-05-03T17:59:00Z");
    let Whereabouts::Point { ellipse, .. } = observation.place() else { panic!() };
    assert!((ellipse.semi_major.0 - 53.65).abs() < 0.01, "{ellipse:?}");
}

#[test]
fn cursor_on_target_of_people_vehicles_and_orders_is_refused() {
    let say = |kind: &str, detail: &str| {
        let imported = cursor_on_target(event(kind, detail).as_bytes(), &constants()).unwrap();
        assert!(imported.observations.is_empty());
        faults(&imported).join("")
    };
    assert!(say("a-f-G-U-C", "").contains("people and vehicles are not tracked here"));
    assert!(say("a-h-G-E-V", "").contains("people and vehicles are not tracked here"));
    assert!(say("t-x-a", "").contains("orders have no place here"));
    assert!(say("b-r", "<contact phone='555'/>").contains("`phone`: this is about persons"));
    assert!(say("", "").contains("no report"));
}

const STIX: &str = r#"{"type":"bundle","id":"bundle--1","objects":[
{"type":"location","id":"location--a","latitude":40.2,"longitude":-3.1,"precision":120},
{"type":"identity","id":"identity--x","identity_class":"individual","name":"N"},
{"type":"sighting","id":"sighting--1","created_by_ref":"identity--org","first_seen":"2026-05-03T18:00:00Z",
 "last_seen":"2026-05-03T19:00:00Z","confidence":75,"where_sighted_refs":["location--a"],"observed_data_refs":["observed-data--1"],
 "sighting_of_ref":"indicator--1","object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]},
{"type":"observed-data","id":"observed-data--1","first_observed":"2026-05-03T18:00:00Z","last_observed":"2026-05-03T19:00:00Z","object_refs":[]},
{"type":"observed-data","id":"observed-data--2","first_observed":"2026-05-04T18:00:00Z","last_observed":"2026-05-04T19:00:00Z","object_refs":[]},
{"type":"relationship","id":"relationship--1","source_ref":"observed-data--2","target_ref":"location--a"},
{"type":"sighting","id":"sighting--2","sighting_of_ref":"identity--x","where_sighted_refs":["location--a"],"created":"2026-05-03T18:00:00Z"},
{"type":"sighting","id":"sighting--3","sighting_of_ref":"indicator--1","created":"2026-05-03T18:00:00Z"},
{"type":"malware","id":"malware--1"}
]}"#;

#[test]
fn stix_gives_sightings_and_observed_data_with_their_locations() {
    let imported = stix(STIX.as_bytes(), &constants()).unwrap();

    assert_eq!(imported.observations.iter().map(|r| r.row).collect::<Vec<_>>(), [3, 5]);
    let sighting = &imported.observations[0].observation;
    assert_eq!(sighting.grade().to_string(), "C2", "confidence 75 is probably true");
    assert_eq!(sighting.origin().collector, "identity--org");
    assert_eq!(sighting.marking().classification, Classification::Restricted);
    let Whereabouts::Point { ellipse, .. } = sighting.place() else { panic!() };
    assert_eq!(ellipse.semi_major, Metres(120.0));
    assert_eq!(imported.observations[1].observation.origin().collector, "patrol-7");
    let faults = faults(&imported);
    assert_eq!(imported.faults.iter().map(|f| f.row).collect::<Vec<_>>(), [2, 7, 8]);
    assert!(faults[0].contains("`identity`: this is about persons"), "{faults:?}");
    assert!(faults[1].contains("`identity--x`: this is about persons"), "{faults:?}");
    assert!(faults[2].contains("without a place"), "{faults:?}");
}

#[test]
fn an_unknown_mark_leaves_the_closest_classification() {
    let text = STIX
        .replace("bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "00000000-0000-4000-8000-000000000000");
    let mut open = constants();
    open.constants.remove("classification");
    let imported = stix(text.as_bytes(), &open).unwrap();

    let marking = imported.observations[0].observation.marking();
    assert_eq!(marking.classification, Classification::TopSecret);
}

#[test]
fn faults_beyond_the_limit_are_counted() {
    let rows = "x,1,1\n".repeat(MOST_FAULTS + 5);
    let imported = csv(format!("Lat,Lon,When\n{rows}").as_bytes(), &mapping()).unwrap();

    assert_eq!(imported.faults.len(), MOST_FAULTS);
    assert_eq!(imported.left_out, MOST_FAULTS as u64 + 5);
}

/// Every reader on the same bytes.
#[test]
fn a_format_is_told_by_what_is_in_the_file() {
    let table = "Lat,Lon,When,sign\n40.1,-3.2,2026-05-03T18:00:00Z,smell\n";
    assert_eq!(read(table.as_bytes(), &mapping()), csv(table.as_bytes(), &mapping()));
    let point = "{\"type\":\"Point\",\"coordinates\":[-3,40]}";
    let one = feature(point, ",\"sign\":\"smell\"");
    let marked = format!("\u{feff} \n{one}");
    assert_eq!(read(marked.as_bytes(), &constants()), geojson(one.as_bytes(), &constants()));
    let events = format!("<?xml version=\"1.0\"?><events>{}</events>", event("b-r", ""));
    assert_eq!(
        read(events.as_bytes(), &constants()),
        cursor_on_target(events.as_bytes(), &constants())
    );
    let placemarks = "<!-- x --><kml><Placemark/></kml>";
    assert_eq!(read(placemarks.as_bytes(), &constants()), kml(placemarks.as_bytes(), &constants()));
    let bundle = "{\"objects\":[],\"type\":\"bundle\"}";
    assert_eq!(read(bundle.as_bytes(), &constants()), stix(bundle.as_bytes(), &constants()));
}

fn all(bytes: &[u8]) {
    for mapping in [Mapping::default(), constants()] {
        let _ = csv(bytes, &mapping);
        let _ = geojson(bytes, &mapping);
        let _ = kml(bytes, &mapping);
        let _ = cursor_on_target(bytes, &mapping);
        let _ = stix(bytes, &mapping);
    }
    let _ = Mapping::parse(bytes);
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        all(&bytes);
    }

    #[test]
    fn no_change_of_a_good_file_makes_a_reader_panic(
        which in 0..4_usize, at in any::<prop::sample::Index>(), junk in "\\PC{0,6}",
    ) {
        let text = [KML.to_owned(), STIX.to_owned(), event("b-r", "<a>&lt;&#65;</a>"),
            "Lat,Lon,When\n40,-3,2026-05-03T18:00:00Z\n".to_owned()][which].clone();
        let mut at = at.index(text.len());
        while !text.is_char_boundary(at) { at -= 1; }
        let mut changed = text.clone();
        changed.insert_str(at, &junk);
        all(changed.as_bytes());
        all(&text.as_bytes()[..at]);
    }

    #[test]
    fn good_rows_stay_whatever_stands_between_them(junk in "[a-z0-9.;:-]{0,30}") {
        let row = "40.1,-3.2,2026-05-03T18:00:00Z";
        let text = format!("Lat,Lon,When\n{row}\n{junk}\n{row}\n");
        let imported = csv(text.as_bytes(), &mapping()).unwrap();
        prop_assert_eq!(imported.observations.len(), 2);
    }
}
