use cathartes_core::{
    airspace::{Authority, Clause, Limit, Polygon, Purpose, TimeWindow, Volume},
    geometry::LatLon,
    observation::Period,
    terrain::Terrain,
    track::Allowances,
    units::{MetresPerSecond, Seconds},
};
use jiff::Timestamp;

use super::*;

fn at(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn time(minutes: f64) -> Timestamp {
    let start: Timestamp = "2026-10-05T08:00:00Z".parse().unwrap();
    Timestamp::from_millisecond(start.as_millisecond() + (minutes * 60_000.0) as i64).unwrap()
}

fn square(west: f64, south: f64, side: f64) -> Vec<Polygon> {
    let (east, north) = (west + side, south + side);
    vec![Polygon {
        rings: vec![vec![at(west, south), at(east, south), at(east, north), at(west, north)]],
    }]
}

fn clause(number: &str, rule: Rule, polygons: Vec<Polygon>, ceiling: Option<Limit>) -> Clause {
    let purposes = if rule == Rule::Permit { vec![Purpose::ChemicalSurvey] } else { Vec::new() };
    let volume = Volume { polygons, floor: Limit::Agl(Metres(0.0)), ceiling };
    let (operators, aircraft, windows) = (None, None, Vec::new());
    Clause { number: number.to_owned(), rule, purposes, operators, aircraft, volume, windows }
}

fn authority(clauses: Vec<Clause>) -> Authority {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    Authority {
        issuer: "Directorate".to_owned(),
        number: "A".to_owned(),
        valid: Period { from: at("2026-10-01T00:00:00Z"), to: at("2027-04-01T00:00:00Z") },
        operators: vec!["North Wing".to_owned()],
        aircraft: vec!["drone".to_owned()],
        clauses,
    }
}

/// One degree is permitted up to 3,000 m; a tenth in its middle is forbidden up to 1,000 m.
fn usual() -> Authority {
    let high = |height_m| Some(Limit::Amsl(Metres(height_m)));
    authority(vec![
        clause("1", Rule::Permit, square(0.0, 0.0, 1.0), high(3_000.0)),
        clause("2", Rule::Forbid, square(0.45, 0.45, 0.1), high(1_000.0)),
    ])
}

fn track(kind: TrackKind, fixes: &[(f64, f64, f64, f64)]) -> Track {
    let fix = |(minutes, longitude, latitude, height_m): &(f64, f64, f64, f64)| Fix {
        time: time(*minutes),
        place: at(*longitude, *latitude),
        height: Metres(*height_m),
        pressure_altitude: None,
    };
    let metres = Metres(20.0);
    Track {
        kind,
        sortie: "S".to_owned(),
        operator: "North Wing".to_owned(),
        aircraft: "drone".to_owned(),
        purpose: Purpose::ChemicalSurvey,
        allowances: Allowances {
            navigation: metres,
            height: metres,
            time: Seconds(60.0),
            ..Allowances::default()
        },
        most_speed: MetresPerSecond(60.0),
        most_climb: MetresPerSecond(5.0),
        fixes: fixes.iter().map(fix).collect(),
    }
}

fn certified(authority: Authority, track: &Track) -> Certified {
    Airspace::new(&[authority], None).unwrap().certify(track)
}

#[test]
fn a_leg_that_keeps_is_one_piece_with_its_permission_and_every_prohibition() {
    let kept = certified(
        usual(),
        &track(TrackKind::Plan, &[(0.0, 0.1, 0.2, 500.0), (20.0, 0.9, 0.2, 600.0)]),
    );
    assert_eq!(kept.verdict, Verdict::Kept, "{:?}", kept.why);
    let [piece] = kept.legs[0].pieces.as_slice() else { panic!("{:?}", kept.legs[0]) };
    assert_eq!(piece.permit.as_ref().unwrap().clause, "A/1");
    assert_eq!((piece.forbids.len(), piece.forbids[0].clause.as_str()), (1, "A/2"));
    assert!(kept.why.is_empty());
}

#[test]
fn a_leg_that_climbs_over_a_prohibition_is_cut_where_the_reason_changes() {
    let over = track(
        TrackKind::Plan,
        &[(0.0, 0.1, 0.5, 500.0), (20.0, 0.42, 0.5, 1_400.0), (40.0, 0.9, 0.5, 1_400.0)],
    );
    let kept = certified(usual(), &over);
    assert_eq!(kept.verdict, Verdict::Kept, "{:?}", kept.why);
    let low = track(TrackKind::Plan, &[(0.0, 0.1, 0.5, 500.0), (40.0, 0.9, 0.5, 3_500.0)]);
    let broken = certified(usual(), &low);
    assert_eq!(broken.verdict, Verdict::Broken);
    assert!(broken.legs[0].pieces.windows(2).all(|pair| pair[0].to == pair[1].from));
}

#[test]
fn what_nothing_permits_is_forbidden() {
    let out = track(TrackKind::Plan, &[(0.0, 0.1, 0.2, 500.0), (20.0, 1.1, 0.2, 500.0)]);
    assert_eq!(certified(usual(), &out).verdict, Verdict::Broken);
    let other = Track { operator: "South Wing".to_owned(), ..out };
    let said = certified(usual(), &other);
    assert_eq!(said.verdict, Verdict::Broken);
    insta::assert_snapshot!(said.why.join("\n"));
}

#[test]
fn the_nearest_change_that_is_allowed_is_told_in_words() {
    let near = track(TrackKind::Plan, &[(0.0, 0.4499, 0.44, 900.0), (5.0, 0.4499, 0.56, 900.0)]);
    let said = certified(usual(), &near);
    assert_eq!(said.verdict, Verdict::NotProven);
    insta::assert_snapshot!(said.why.join("\n"));
}

#[test]
fn a_gap_within_reach_of_a_prohibition_is_not_proven_and_never_fine() {
    let fixes = |gap: f64| [(0.0, 0.3, 0.42, 500.0), (gap, 0.32, 0.42, 500.0)];
    let quick = certified(usual(), &track(TrackKind::Flown, &fixes(1.0)));
    assert_eq!(quick.verdict, Verdict::Kept, "{:?}", quick.why);
    let slow = certified(usual(), &track(TrackKind::Flown, &fixes(30.0)));
    assert_eq!(slow.verdict, Verdict::NotProven);
}

#[test]
fn a_jump_is_not_proven() {
    let said = certified(
        usual(),
        &track(TrackKind::Flown, &[(0.0, 0.2, 0.05, 500.0), (0.1, 0.3, 0.05, 500.0)]),
    );
    assert_eq!(said.verdict, Verdict::NotProven);
}

#[test]
fn a_prohibition_out_of_force_is_flown_through() {
    let mut quiet = usual();
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let window = TimeWindow {
        from: at("2026-11-01T00:00:00Z"),
        to: at("2026-12-01T00:00:00Z"),
        weekly: Vec::new(),
    };
    quiet.clauses[1].windows = vec![window];
    let through = track(TrackKind::Plan, &[(0.0, 0.1, 0.5, 500.0), (40.0, 0.9, 0.5, 500.0)]);
    assert_eq!(certified(quiet, &through).verdict, Verdict::Kept);
}

#[test]
fn heights_above_the_ground_need_the_ground() {
    let mut low = usual();
    low.clauses[0].volume.ceiling = Some(Limit::Agl(Metres(400.0)));
    let flown = track(TrackKind::Plan, &[(0.0, 0.1, 0.2, 500.0), (20.0, 0.3, 0.2, 500.0)]);
    assert_eq!(certified(low.clone(), &flown).verdict, Verdict::NotProven);
    let terrain = |height_m: f32| Terrain {
        west: Degrees(-0.5),
        south: Degrees(-0.5),
        cell: Degrees(0.01),
        columns: 200,
        rows: 200,
        heights_m: vec![height_m; 40_000],
    };
    let on =
        |height_m| Airspace::new(&[low.clone()], Some(terrain(height_m))).unwrap().certify(&flown);
    assert_eq!(on(200.0).verdict, Verdict::Kept);
    assert_eq!(on(10.0).verdict, Verdict::Broken);
}

#[test]
fn flight_levels_need_a_pressure_altitude() {
    let mut high = usual();
    high.clauses[0].volume.ceiling = Some(Limit::Pressure(Metres(100.0 * Limit::FLIGHT_LEVEL.0)));
    let mut flown = track(TrackKind::Plan, &[(0.0, 0.1, 0.2, 500.0), (20.0, 0.3, 0.2, 500.0)]);
    assert_eq!(certified(high.clone(), &flown).verdict, Verdict::NotProven);
    for fix in &mut flown.fixes {
        fix.pressure_altitude = Some(Metres(480.0));
    }
    assert_eq!(certified(high, &flown).verdict, Verdict::Kept);
}
