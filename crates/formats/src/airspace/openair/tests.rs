use cathartes_core::{
    airspace::{Limit, Purpose},
    geometry::bearing_and_distance,
};
use proptest::prelude::*;

use super::*;
use crate::airspace::authority::{self, tests::plain_prohibitions};

const FILE: &str = "* Spain
AC R
AN LER 12 / Madrid * east
AL SFC
AH FL195
DP 40:30:00 N 003:40:00 W
DP 40:30:00 N 003:30:00 W
DP 40:40.5 N 003:30.5 W

AC CTR
AN Bay
AL 1000ft AGL
AH 3500 MSL
V X=41:00:00 N 003:00:00 W
V D=-
DP 41:20:00 N 003:00:00 W
DB 41:10:00 N 003:00:00 W, 40:50:00 N 003:00:00 W
DP 40:40:00 N 003:00:00 W
DP 40:40:00 N 002:00:00 W
DP 41:20:00 N 002:00:00 W

AC Q
AN Circle
AL 500m AMSL
AH UNL
V X=41:00:00 N 003:00:00 W
DC 5
";

fn permit() -> Intent {
    Intent { rule: Rule::Permit, purposes: vec![Purpose::Imagery] }
}

fn refused(from: &str, to: &str) -> String {
    assert!(FILE.contains(from), "{from}");
    read(FILE.replacen(from, to, 1).as_bytes(), &permit()).unwrap_err().to_string()
}

#[test]
fn zones_have_their_classes_names_and_heights() {
    let imported = read(FILE.as_bytes(), &permit()).unwrap();
    let [madrid, bay, circle] = &imported.clauses[..] else { panic!("{imported:?}") };
    assert_eq!([madrid.rule, bay.rule, circle.rule], [Rule::Forbid, Rule::Permit, Rule::Forbid]);
    assert_eq!([&*madrid.number, &*bay.number], ["LER 12 - Madrid", "Bay"]);
    assert!(madrid.volume.floor.is_ground());
    assert_eq!(madrid.volume.ceiling, Some(Limit::Pressure(Metres(195.0 * 30.48))));
    assert_eq!(bay.volume.floor, Limit::Agl(Metres(304.8)));
    assert_eq!(bay.volume.ceiling, Some(Limit::Amsl(Metres(3500.0 * 0.3048))));
    assert_eq!((circle.volume.floor, circle.volume.ceiling), (Limit::Amsl(Metres(500.0)), None));
    let corner = madrid.volume.polygons[0].rings[0][2];
    assert!(
        (corner.latitude.0 - 40.675).abs() < 1e-12 && (corner.longitude.0 + 3.508_333).abs() < 1e-6
    );
    insta::assert_snapshot!(imported.notes.join("\n"));
}

/// How far the corners of the round part are from its middle, where they are near it.
fn ways_m(ring: &[LatLon], middle: LatLon) -> Vec<f64> {
    let ways = ring.iter().map(|place| bearing_and_distance(middle, *place).1.0);
    ways.filter(|way| *way < 25_000.0).collect()
}

fn bay(text: &str, intent: &Intent) -> Vec<f64> {
    let clauses = read(text.as_bytes(), intent).unwrap().clauses;
    let middle = words::place("41:00:00 N 003:00:00 W").unwrap();
    ways_m(&clauses[1].volume.polygons[0].rings[0], middle)
}

#[test]
fn a_bay_is_smaller_for_a_prohibition_and_larger_for_a_permission() {
    // The zone lies to the east and the arc goes round by the west: it bulges out of the zone.
    let radius = bearing_and_distance(
        words::place("41:00:00 N 003:00:00 W").unwrap(),
        words::place("41:10:00 N 003:00:00 W").unwrap(),
    )
    .1
    .0;
    let (forbid, permit) = (Intent::default(), permit());
    let outside = |ways: Vec<f64>| ways.iter().any(|way| *way > radius + 3.0);
    assert!(outside(bay(FILE, &forbid)));
    assert!(!outside(bay(FILE, &permit)));
    // Round by the east it is a bay.
    let text = FILE.replace("V D=-", "V D=+");
    assert!(!outside(bay(&text, &forbid)));
    assert!(outside(bay(&text, &permit)));
}

#[test]
fn an_arc_by_bearings_is_one_by_places() {
    let text = FILE.replace("DB 41:10:00 N 003:00:00 W, 40:50:00 N 003:00:00 W", "DA 10, 360, 180");
    let (by_places, by_bearings) = (bay(FILE, &Intent::default()), bay(&text, &Intent::default()));
    assert_eq!(by_places.len(), by_bearings.len());
    assert!(by_places.iter().zip(&by_bearings).all(|(a, b)| (a - b).abs() < 60.0));
}

#[test]
fn heights_are_understood_as_files_write_them() {
    let all = [
        "GND",
        "sfc",
        "0 ft AGL",
        "3500",
        "3500ft",
        "3500 ft MSL",
        "1066.8m AMSL",
        "FL 65",
        "fl065",
        "UNLIMITED",
        "2000F ASFC",
    ];
    let understood = all.map(|text| format!("{text}: {:?}", words::height(text)));
    insta::assert_snapshot!(understood.join("\n"));
    for text in ["", "FL", "Ask on 122.8", "FL65/3500ft", "ft", "1.2.3ft", "3500ft QFE"] {
        assert_eq!(words::height(text), None, "{text}");
    }
}

#[test]
fn a_height_that_is_not_understood_prohibits_more_and_permits_nothing() {
    let text = FILE.replace("3500 MSL", "by NOTAM");
    let imported = read(text.as_bytes(), &Intent::default()).unwrap();
    assert_eq!(imported.clauses[1].volume.ceiling, None);
    let said = refused("3500 MSL", "by NOTAM");
    assert!(
        said.contains("a ceiling of `by NOTAM`, and a permission is not made larger"),
        "{said}"
    );
}

#[test]
fn faults_are_told_with_their_line() {
    let said = [
        refused("AC R", "AN R"),
        refused("40:40.5 N", "40:61 N"),
        refused("40:40.5 N 003:30.5 W", "40:40.5 N"),
        refused("DC 5", "DC"),
        refused("DC 5", "DC -5"),
        refused("DC 5", "DC 5\nDP 41:10:00 N 003:00:00 W"),
        refused("DB 41:10:00 N", "DB 41:01:00 N"),
        refused("V D=-", "V Q=-"),
        refused("V D=-", "DY 5"),
        refused("DP 40:40.5 N 003:30.5 W", ""),
        refused("DP 40:40.5 N 003:30.5 W", "DP 40:40.5 N 003:30.5 W\nDP 40:20 N 003:35 W"),
        refused("AL 1000ft AGL", "AL 5000ft MSL"),
        refused("V X=41:00:00 N 003:00:00 W\nV D=-", ""),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn times_prohibit_always_and_permit_nothing() {
    let times = "AH 3500 MSL\nAA 2026-10-01T00:00Z/2026-10-02T00:00Z";
    let imported = read(FILE.replace("AH 3500 MSL", times).as_bytes(), &Intent::default()).unwrap();
    assert!(imported.notes.iter().any(|note| note.contains("its times are not read")));
    assert!(refused("AH 3500 MSL", times).contains("not made larger"));
}

#[test]
fn permissions_are_left_out_and_prohibitions_written() {
    let page = authority::read(authority::tests::example("Authority").as_bytes()).unwrap();
    let exported = write(&page);
    insta::assert_snapshot!(format!("{}{}", exported.text, exported.notes.join("\n")));
}

proptest! {
    #[test]
    fn prohibitions_are_read_no_smaller_than_they_were_written(authority in plain_prohibitions()) {
        let exported = write(&authority);
        let again = read(exported.text.as_bytes(), &Intent::default()).unwrap();
        let polygons = authority.clauses.iter().flat_map(|c| c.volume.polygons.iter().map(move |p| (c, p)));
        prop_assert_eq!(polygons.clone().count(), again.clauses.len());
        for ((clause, polygon), read) in polygons.zip(&again.clauses) {
            let ring = &read.volume.polygons[0].rings[0];
            prop_assert_eq!(ring.len(), polygon.rings[0].len());
            for (a, b) in ring.iter().zip(&polygon.rings[0]) {
                prop_assert!(bearing_and_distance(*a, *b).1.0 < 0.001);
            }
            prop_assert!(within_one_foot(clause.volume.floor, read.volume.floor, -1.0));
            match (clause.volume.ceiling, read.volume.ceiling) {
                (Some(written), Some(read)) => prop_assert!(within_one_foot(written, read, 1.0)),
                (written, read) => prop_assert_eq!(written, read),
            }
        }
    }

    #[test]
    fn no_bytes_are_too_much_for_the_reader(text in "(AC|AN|AL|AH|DP|DA|DB|DC|V| |[0-9:NSEW=X,.-]|\n){0,60}") {
        let _ = read(text.as_bytes(), &Intent::default());
    }
}

fn within_one_foot(written: Limit, read: Limit, outwards: f64) -> bool {
    match (written, read) {
        (floor, read) if floor.is_ground() && outwards < 0.0 => read.is_ground(),
        (Limit::Amsl(height), read) if height.0 < 0.0 => read.is_ground(),
        (Limit::Amsl(a), Limit::Amsl(b)) | (Limit::Agl(a), Limit::Agl(b)) => {
            (-1e-6..0.3049).contains(&((b.0 - a.0) * outwards))
        }
        _ => false,
    }
}
