use cathartes_core::{
    airspace::{Clause, Limit, Polygon, Purpose, Rule, Volume},
    geometry::LatLon,
    observation::Period,
    sortie::{Pattern, Platform, Visit},
    track::{Allowances, Fix, Track, TrackKind},
    units::{Degrees, Metres, MetresPerSecond, Seconds},
};
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::platform;

fn at(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn minutes(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-10-05T08:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

fn shipped(kind: &str) -> Platform {
    platform::builtin().unwrap().into_iter().find(|one| one.kind == kind).unwrap()
}

fn aircraft(kind: &str) -> Aircraft {
    Aircraft {
        id: "D-1".to_owned(),
        operator: "North <Wing>".to_owned(),
        base: at(-116.9, 32.4),
        base_height: Metres(140.0),
        ready: Period { from: minutes(0), to: minutes(600) },
        platform: shipped(kind),
    }
}

fn sortie(aircraft: &Aircraft) -> Sortie {
    let fix = |(minute, longitude, latitude, height_m): (i64, f64, f64, f64)| Fix {
        time: minutes(minute),
        place: at(longitude, latitude),
        height: Metres(height_m),
        pressure_altitude: None,
    };
    let fixes = [
        (0, -116.9, 32.4, 140.0),
        (10, -116.9, 32.4, 1_640.0),
        (18, -116.75, 32.4, 1_640.0),
        (22, -116.75, 32.48, 1_640.0),
        (24, -116.74, 32.48, 1_640.0),
        (28, -116.74, 32.4, 1_640.0),
        (36, -116.9, 32.4, 1_640.0),
        (46, -116.9, 32.4, 140.0),
    ];
    let spacing = Metres(940.0);
    let pattern = Pattern::SurveyLines { spacing, lines: 2, bearing: Degrees(0.0) };
    let visit = Visit {
        requirement: "R-1".to_owned(),
        sensor: "thermal imaging spectrometer".to_owned(),
        pattern,
        height: Metres(1_640.0),
        time: Period { from: minutes(18), to: minutes(28) },
        fixes: [2, 5],
        detection_probability: 0.9,
    };
    Sortie {
        id: "D-1-20261005T0800Z".to_owned(),
        aircraft: aircraft.id.clone(),
        visits: vec![visit],
        track: Track {
            kind: TrackKind::Plan,
            sortie: "D-1-20261005T0800Z".to_owned(),
            operator: aircraft.operator.clone(),
            aircraft: aircraft.platform.kind.clone(),
            purpose: Purpose::ChemicalSurvey,
            allowances: Allowances::default(),
            most_speed: MetresPerSecond(40.0),
            most_climb: aircraft.platform.climb,
            fixes: fixes.map(fix).to_vec(),
        },
        duration: Seconds(2_760.0),
        endurance_left: Seconds(65_000.0),
        expected_information_share: 0.45,
    }
}

fn clause(number: &str, rule: Rule, [west, south, east, north]: [f64; 4]) -> Clause {
    let ring = vec![at(west, south), at(east, south), at(east, north), at(west, north)];
    let polygons = vec![Polygon { rings: vec![ring] }];
    let number = number.to_owned();
    let purposes = if rule == Rule::Permit { vec![Purpose::ChemicalSurvey] } else { Vec::new() };
    let volume = Volume { polygons, floor: Limit::Agl(Metres(0.0)), ceiling: None };
    let (operators, aircraft, windows) = (None, None, Vec::new());
    Clause { number, rule, purposes, operators, aircraft, volume, windows }
}

/// Two permissions that overlap, one far away, a prohibition beside the way and one under it.
fn authority(aircraft: &Aircraft) -> Authority {
    Authority {
        issuer: "Directorate".to_owned(),
        number: "A".to_owned(),
        valid: Period { from: minutes(-600), to: minutes(6_000) },
        operators: vec![aircraft.operator.clone()],
        aircraft: vec![aircraft.platform.kind.clone()],
        clauses: vec![
            clause("1", Rule::Permit, [-117.0, 32.3, -116.8, 32.6]),
            clause("2", Rule::Permit, [-116.85, 32.3, -116.6, 32.6]),
            clause("3", Rule::Permit, [10.0, 32.0, 11.0, 33.0]),
            clause("4", Rule::Forbid, [-116.95, 32.5, -116.85, 32.55]),
            clause("5", Rule::Forbid, [-116.85, 32.39, -116.8, 32.41]),
        ],
    }
}

fn with_all<T>(kind: &str, of: impl Fn(&Outgoing<'_>) -> T) -> T {
    let aircraft = aircraft(kind);
    let (sortie, authorities) = (sortie(&aircraft), [authority(&aircraft)]);
    of(&Outgoing { sortie: &sortie, aircraft: &aircraft, authorities: &authorities })
}

#[test]
fn a_plan_of_qgroundcontrol_has_the_mission_and_its_geofence() {
    let text = with_all("medium-altitude drone", qground);
    insta::assert_snapshot!(text);
    let plan: serde_json::Value = serde_json::from_str(&text).unwrap();
    let fence = plan["geoFence"]["polygons"].as_array().unwrap();
    let inclusions = fence.iter().filter(|one| one["inclusion"] == true).count();
    assert_eq!((inclusions, fence.len()), (1, 2), "{fence:?}");
}

#[test]
fn what_hovers_climbs_where_it_is_and_does_not_loiter() {
    let commands = |kind: &str| {
        let plan: serde_json::Value = serde_json::from_str(&with_all(kind, qground)).unwrap();
        let items = plan["mission"]["items"].as_array().unwrap();
        items.iter().map(|item| item["command"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(commands("small drone"), [22, 178, 16, 16, 16, 16, 16, 16, 16, 21]);
    assert_eq!(commands("signals aircraft"), [22, 178, 31, 16, 16, 16, 16, 16, 31, 21]);
}

#[test]
fn way_points_are_one_item_a_line() {
    insta::assert_snapshot!(with_all("medium-altitude drone", waypoints));
}

#[test]
fn kml_has_heights_and_times() {
    let text = with_all("medium-altitude drone", |out| kml(std::slice::from_ref(out.sortie)));
    insta::assert_snapshot!(text);
}

#[test]
fn gpx_is_a_route_with_times() {
    let text = with_all("medium-altitude drone", |out| gpx(std::slice::from_ref(out.sortie)));
    insta::assert_snapshot!(text);
}

#[test]
fn geojson_is_a_line_a_sortie_and_one_a_visit() {
    let text = with_all("medium-altitude drone", |out| geojson(std::slice::from_ref(out.sortie)));
    insta::assert_snapshot!(text);
    let read: geojson::FeatureCollection = text.parse().unwrap();
    assert_eq!(read.features.len(), 2);
}

/// What programs of others make of the files: way points, route, and folders.
const READ: &str = r"
import sys
import fastkml, gpxpy
from pymavlink import mavwp
folder, fixes = sys.argv[1], int(sys.argv[2])
loader = mavwp.MAVWPLoader()
assert loader.load(folder + '/s.waypoints') == fixes + 3, loader.count()
commands = [loader.wp(i).command for i in range(loader.count())]
assert commands[1] == 22 and commands[-1] == 21 and commands.count(31) == 2, commands
high = max(loader.wp(i).z for i in range(loader.count()))
assert abs(high - 1640) < 1e-3 and abs(loader.wp(4).y + 116.75) < 1e-6, high
route, = gpxpy.parse(open(folder + '/s.gpx')).routes
assert len(route.points) == fixes and route.points[2].name == 'R-1'
assert route.points[1].elevation == 1640 and route.points[0].time.hour == 8
folders = list(fastkml.utils.find_all(fastkml.KML.parse(folder + '/s.kml'), of_type=fastkml.Placemark))
assert len(folders) == 2 and folders[0].geometry.has_z, folders
assert len(folders[0].geometry.coords) == fixes and len(folders[1].geometry.coords) == 4
";

#[test]
#[ignore = "needs PyPI: run by `cargo xtask nightly`"]
fn pymavlink_gpxpy_and_fastkml_read_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let fixes = with_all("medium-altitude drone", |out| {
        let sorties = std::slice::from_ref(out.sortie);
        let files = [("waypoints", waypoints(out)), ("gpx", gpx(sorties)), ("kml", kml(sorties))];
        for (name, text) in files {
            std::fs::write(folder.path().join(format!("s.{name}")), text).unwrap();
        }
        out.sortie.track.fixes.len()
    });
    let clients = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/clients/bin");
    let mut python = std::process::Command::new(clients.join("python"));
    let arguments = [folder.path().to_str().unwrap(), &fixes.to_string()];
    let output = python.args(["-c", READ]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
