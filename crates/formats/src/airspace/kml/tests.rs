use cathartes_core::airspace::{Purpose, Rule};
use proptest::prelude::*;

use super::*;
use crate::airspace::authority::{
    self,
    tests::{any_authority, example},
};

const FILE: &str = r#"<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Zones</name>
<Placemark><name>North &amp; South</name>
  <TimeSpan><begin>2026-10-01T00:00:00Z</begin><end>2026-11-01T00:00:00Z</end></TimeSpan>
  <ExtendedData><Data name="floor_m"><value>100</value></Data>
    <SchemaData><SimpleData name="ceiling_m">900</SimpleData></SchemaData></ExtendedData>
  <MultiGeometry><Polygon><altitudeMode>absolute</altitudeMode>
    <outerBoundaryIs><LinearRing><coordinates>-3.8,40.4,0 -3.6,40.4,0
      -3.6,40.6,0 -3.8,40.4,0</coordinates></LinearRing></outerBoundaryIs>
    <innerBoundaryIs><LinearRing><coordinates>-3.7,40.42 -3.65,40.42 -3.65,40.45</coordinates></LinearRing></innerBoundaryIs>
  </Polygon></MultiGeometry></Placemark>
<Placemark><name>A label</name><Point><coordinates>1,2</coordinates></Point></Placemark>
</Document></kml>"#;

fn permit() -> Intent {
    Intent { rule: Rule::Permit, purposes: vec![Purpose::Imagery] }
}

fn with(from: &str, to: &str) -> String {
    assert!(FILE.contains(from), "{from}");
    FILE.replacen(from, to, 1)
}

fn refused(from: &str, to: &str) -> String {
    read(with(from, to).as_bytes(), &permit(), None).unwrap_err().to_string()
}

#[test]
fn a_placemark_is_a_clause_of_the_callers_rule() {
    let imported = read(FILE.as_bytes(), &permit(), None).unwrap();
    let [clause] = &imported.clauses[..] else { panic!("{imported:?}") };
    assert_eq!((&*clause.number, clause.rule), ("North & South", Rule::Permit));
    assert_eq!(clause.volume.floor, Limit::Amsl(Metres(100.0)));
    assert_eq!(clause.volume.ceiling, Some(Limit::Amsl(Metres(900.0))));
    let rings: Vec<usize> = clause.volume.polygons[0].rings.iter().map(Vec::len).collect();
    assert_eq!((rings, clause.windows.len()), (vec![3, 3], 1));
    assert_eq!(imported.notes, ["placemark 2 `A label` has no polygon and is passed over"]);
    assert_eq!(
        read(FILE.as_bytes(), &Intent::default(), None).unwrap().clauses[0].rule,
        Rule::Forbid
    );
}

#[test]
fn heights_that_a_placemark_does_not_say_are_the_callers_or_prohibit_more() {
    let bare = with("<Data name=\"floor_m\"><value>100</value></Data>", "");
    let bare = bare.replace("<SimpleData name=\"ceiling_m\">900</SimpleData>", "");
    let stated =
        Heights { floor: Limit::Agl(Metres(50.0)), ceiling: Some(Limit::Agl(Metres(60.0))) };
    let volume = |stated| {
        read(bare.as_bytes(), &Intent::default(), stated).unwrap().clauses[0].volume.clone()
    };
    assert_eq!(
        (volume(Some(stated)).floor, volume(Some(stated)).ceiling),
        (stated.floor, stated.ceiling)
    );
    assert!(volume(None).floor.is_ground() && volume(None).ceiling.is_none());
    assert!(read(bare.as_bytes(), &permit(), None).is_err());
}

#[test]
fn faults_are_told_with_placemark_polygon_ring_and_vertex() {
    let said = [
        refused("-3.6,40.4,0", "-3.6 40.4 0"),
        refused("-3.65,40.45", "-3.65,95"),
        refused("-3.65,40.45", ""),
        refused("absolute", "clampToGround"),
        refused("<value>100</value>", "<value>high</value>"),
        refused("<value>100</value>", "<value>1000</value>"),
        refused("2026-10-01T00:00:00Z", "2026-10"),
        refused("2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z"),
        refused("</Document>", ""),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

proptest! {
    #[test]
    fn clauses_are_read_as_they_were_written(mut authority in any_authority()) {
        for clause in &mut authority.clauses {
            (clause.rule, clause.purposes) = (Rule::Forbid, Vec::new());
            (clause.operators, clause.aircraft) = (None, None);
        }
        let exported = write(&authority);
        let imported = read(exported.text.as_bytes(), &Intent::default(), None).unwrap();
        prop_assert_eq!(imported.clauses, authority.clauses);
    }
}

#[test]
fn a_permission_is_written_for_as_long_as_its_document_is_valid() {
    let page = authority::read(example("Authority").as_bytes()).unwrap();
    let exported = write(&page);
    let intent = Intent { rule: Rule::Permit, purposes: vec![Purpose::ChemicalSurvey] };
    let imported = read(exported.text.as_bytes(), &intent, None).unwrap();
    assert_eq!(imported.clauses[0].windows[0].from, Some(page.valid.from));
    insta::assert_snapshot!(format!("{}{}", exported.text, exported.notes.join("\n")));
}
