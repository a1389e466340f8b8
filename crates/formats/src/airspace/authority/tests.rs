use cathartes_core::{
    airspace::{Polygon, TimeWindow, Weekly},
    geometry::LatLon,
    observation::Period,
    units::Degrees,
};
use jiff::{Timestamp, civil::Weekday};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;

const PAGE: &str = include_str!("../../../../../docs/certificate.md");

/// The example of the page under a heading.
pub(crate) fn example(heading: &str) -> &'static str {
    let rest = PAGE.split_once(&format!("## {heading}\n```json\n")).unwrap().1;
    rest.split_once("```").unwrap().0
}

fn with(from: &str, to: &str) -> Result<Authority, AirspaceError> {
    let good = example("Authority");
    assert!(good.contains(from), "{from}");
    read(good.replacen(from, to, 1).as_bytes())
}

fn refused(from: &str, to: &str) -> String {
    with(from, to).unwrap_err().to_string()
}

#[test]
fn the_example_of_the_page_is_read() {
    let authority = read(example("Authority").as_bytes()).unwrap();
    let [permission, prohibition] = &authority.clauses[..] else { panic!("{authority:?}") };

    assert_eq!(
        (&*authority.number, &authority.operators[..]),
        ("2026-114", &["North Wing".to_owned()][..])
    );
    assert_eq!(
        (permission.rule, &permission.purposes[..]),
        (Rule::Permit, &[Purpose::ChemicalSurvey][..])
    );
    assert_eq!(permission.volume.polygons[0].rings.len(), 2);
    assert_eq!(permission.windows[0].weekly[0].days, [Weekday::Monday, Weekday::Tuesday]);
    assert_eq!(
        (permission.windows[0].weekly[0].from_min, permission.windows[0].weekly[0].to_min),
        (360, 1080)
    );
    assert_eq!(prohibition.volume.ceiling, Some(Limit::Pressure(Metres(5943.6))));
    assert!(prohibition.volume.floor.is_ground() && prohibition.purposes.is_empty());
}

#[test]
fn every_fault_is_told_with_its_clause_polygon_ring_and_vertex() {
    let said = [
        refused("[-116.0, 33.0]", "[-116.0, 89.995]"),
        refused("[-116.2, 32.3]", "[-196.2, 32.3]"),
        refused("[-116.4, 32.5]", "[\"-116.4\", 32.5]"),
        refused("[-116.4, 32.5]", "[-116.4, 32.5, 100]"),
        refused(", [-116.4, 32.5]", ""),
        refused("[-116.0, 32.0]", "[-86.0, 32.0]"),
        refused("[-116.4, 32.5]", "[-116.4, 32.5], [-116.45, 32.3]"),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn every_rule_of_the_page_is_checked() {
    let said = [
        refused("authority-1", "authority-2"),
        refused("\"issuer\"", "\"isuer\""),
        refused("\"number\": \"2026-114\"", "\"number\": \"\""),
        refused("2027-04-01", "2026-04-01"),
        refused("2027-04-01T00:00:00Z", "2027-04-01T00:00:00+02:00"),
        refused("\"operators\": [\"North Wing\"], ", ""),
        refused("\"number\": \"2\"", "\"number\": \"1\""),
        refused("\"number\": \"2\"", "\"number\": \"1/2\""),
        refused("\"forbid\"", "\"forbids\""),
        refused("[\"chemical survey\"]", "[\"chemistry\"]"),
        refused("\"purposes\": [\"chemical survey\"],", ""),
        refused("\"forbid\",", "\"forbid\", \"operators\": [],"),
        refused("{ \"amsl_m\": 4000 }", "{ \"agl_m\": 0 }"),
        refused("{ \"amsl_m\": 4000 }", "{ \"amsl_m\": 4000, \"agl_m\": 300 }"),
        refused("{ \"amsl_m\": 4000 }", "{ \"feet\": 4000 }"),
        refused("\"mon\"", "\"monday\""),
        refused("\"18:00\"", "\"24:01\""),
        refused("\"06:00\"", "\"24:00\""),
        refused("[ { \"days\"", "[ 1, { \"days\""),
        refused("\"rule\": \"forbid\"", "\"rule\": \"forbid\", \"rule\": \"permit\""),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn weapons_are_refused_by_name_whatever_else_is_wrong() {
    for word in ["weapons", "Weapons", "weapon delivery"] {
        let purpose = format!("\"{word}\"");
        let error = with("\"chemical survey\"", &purpose).unwrap_err();
        assert!(matches!(error, AirspaceError::WeaponsRefused { .. }), "{error}");
    }
    let both =
        with("\"purposes\": [\"chemical survey\"]", "\"purpose\": 1, \"purposes\": \"weapons\"");
    let said = both.unwrap_err().to_string();
    assert!(said.starts_with("clause 1, `purposes`: weapons are no purpose"), "{said}");
}

#[test]
fn the_first_place_at_the_end_of_a_ring_is_taken_off() {
    let closed = with("[-116.4, 32.5]", "[-116.4, 32.5], [-116.5, 32.4], [-116.5, 32.4]");
    assert_eq!(closed.unwrap(), read(example("Authority").as_bytes()).unwrap());
}

#[test]
fn a_file_beyond_the_largest_is_not_looked_at() {
    let error = read(&vec![b' '; crate::airspace::MAX_BYTES + 1]).unwrap_err();
    assert!(matches!(error, AirspaceError::TooLarge { .. }));
}

#[test]
fn lists_within_lists_without_end_are_refused() {
    assert!(matches!(read("[".repeat(100_000).as_bytes()), Err(AirspaceError::NoJson { .. })));
}

#[test]
fn what_is_written_has_a_clause_a_line() {
    let text = write(&read(example("Authority").as_bytes()).unwrap());
    insta::assert_snapshot!(text);
}

fn triangle() -> impl Strategy<Value = Vec<LatLon>> {
    (-170.0..170.0, -80.0..80.0, 0.001..0.5, 0.001..0.5).prop_map(|(x, y, a, b)| {
        let place = |(longitude, latitude)| LatLon {
            latitude: Degrees(latitude),
            longitude: Degrees(longitude),
        };
        [(x, y), (x + a, y), (x, y + b)].map(place).to_vec()
    })
}

fn limits() -> impl Strategy<Value = (Limit, Option<Limit>)> {
    let limit = |kind: usize, height: f64| match kind {
        0 => Limit::Amsl(Metres(height)),
        1 => Limit::Agl(Metres(height)),
        _ => Limit::Pressure(Metres((height * 10.0).round() / 10.0 * Limit::FLIGHT_LEVEL.0)),
    };
    let floor = (0..3_usize, -50.0..500.0).prop_map(move |(kind, height)| limit(kind, height));
    let ceiling =
        option::of((0..3_usize, 501.0..9000.0).prop_map(move |(kind, height)| limit(kind, height)));
    (floor, ceiling)
}

fn times() -> impl Strategy<Value = Vec<TimeWindow>> {
    let days = select(vec![vec![Weekday::Monday], vec![Weekday::Sunday, Weekday::Friday]]);
    let weekly = (days, 0..1440_u16, 0..=1440_u16).prop_map(|(days, from_min, to_min)| Weekly {
        days,
        from_min,
        to_min,
    });
    let moment = |ns: i64| Timestamp::from_nanosecond(i128::from(ns)).unwrap();
    let span = (option::of(0..i64::MAX / 2), option::of(i64::MAX / 2..i64::MAX));
    let window = (span, vec(weekly, 0..3)).prop_map(move |((from, to), weekly)| TimeWindow {
        from: from.map(moment),
        to: to.map(moment),
        weekly,
    });
    vec(window, 0..3)
}

fn any_clause() -> impl Strategy<Value = Clause> {
    let whom = || option::of(vec("[A-Za-z\u{e9}\"\\\\]{1,9}", 1..3));
    let polygon = vec(triangle(), 1..3).prop_map(|rings| Polygon { rings });
    let volume = (vec(polygon, 1..3), limits()).prop_map(|(polygons, (floor, ceiling))| Volume {
        polygons,
        floor,
        ceiling,
    });
    let purposes = vec(select(Purpose::ALL.to_vec()), 1..3);
    (select(Rule::ALL.to_vec()), purposes, whom(), whom(), (volume, times())).prop_map(
        |(rule, purposes, operators, aircraft, (volume, windows))| Clause {
            number: String::new(),
            rule,
            purposes,
            operators,
            aircraft,
            volume,
            windows,
        },
    )
}

/// Any authority that keeps to the rules.
pub(crate) fn any_authority() -> impl Strategy<Value = Authority> {
    vec(any_clause(), 0..4).prop_map(|mut clauses| {
        for (i, clause) in (1..).zip(&mut clauses) {
            clause.number = i.to_string();
        }
        let moment = |s| Timestamp::from_second(s).unwrap();
        Authority {
            issuer: "Directorate".to_owned(),
            number: "7/26".to_owned(),
            valid: Period { from: moment(1_790_000_000), to: moment(1_800_000_000) },
            operators: vec!["North Wing".to_owned()],
            aircraft: vec!["drone".to_owned()],
            clauses,
        }
    })
}

/// Prohibitions as forms of others hold them: of everybody for everything, above no flight level, small enough to be
/// the same on flat maps, and with no times after midnight.
pub(crate) fn plain_prohibitions() -> impl Strategy<Value = Authority> {
    any_authority().prop_map(|mut authority| {
        for clause in &mut authority.clauses {
            clause.rule = Rule::Forbid;
            clause.purposes.clear();
            (clause.operators, clause.aircraft) = (None, None);
            simplify(&mut clause.volume);
            clause.windows.retain(|window| *window != TimeWindow::default());
            for weekly in clause.windows.iter_mut().flat_map(|window| &mut window.weekly) {
                weekly.to_min = if weekly.to_min <= weekly.from_min { 1440 } else { weekly.to_min };
            }
        }
        authority
    })
}

fn simplify(volume: &mut Volume) {
    for ring in volume.polygons.iter_mut().flat_map(|polygon| &mut polygon.rings) {
        let first = ring[0];
        for place in ring {
            place.longitude.0 = first.longitude.0 + (place.longitude.0 - first.longitude.0) / 25.0;
            place.latitude.0 = first.latitude.0 + (place.latitude.0 - first.latitude.0) / 25.0;
        }
    }
    let plain = |limit: Limit| match limit {
        Limit::Pressure(height) => Limit::Amsl(Metres((height.0 / 3.048).round() / 10.0)),
        limit => limit,
    };
    (volume.floor, volume.ceiling) = (plain(volume.floor), volume.ceiling.map(plain));
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_to_the_last_bit(authority in any_authority()) {
        let text = write(&authority);
        let again = read(text.as_bytes()).unwrap();
        prop_assert_eq!(&again, &authority);
        prop_assert_eq!(write(&again), text);
    }

    #[test]
    fn no_bytes_are_too_much_for_the_reader(bytes in vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }
}
