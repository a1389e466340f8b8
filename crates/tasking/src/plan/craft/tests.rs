use cathartes_core::{
    estimate::Estimate, geometry::LatLon, observation::Period, sortie::Platform, units::Degrees,
};

use super::*;

fn aircraft() -> Aircraft {
    let metres = Metres;
    Aircraft {
        id: "D".to_owned(),
        operator: "North Wing".to_owned(),
        base: LatLon { latitude: Degrees(0.0), longitude: Degrees(0.0) },
        base_height: metres(0.0),
        ready: Period {
            from: "2026-10-05T06:00:00Z".parse().unwrap(),
            to: "2026-10-05T18:00:00Z".parse().unwrap(),
        },
        platform: Platform {
            kind: "drone".to_owned(),
            sources: Vec::new(),
            speeds: [30.0, 50.0, 60.0].map(MetresPerSecond),
            ceiling: metres(6_000.0),
            endurance: Seconds(36_000.0),
            reserve: Seconds(3_600.0),
            climb: MetresPerSecond(5.0),
            turn_radius: metres(400.0),
            navigation: metres(20.0),
            height_error: metres(60.0),
            response: Seconds(10.0),
            lost_link: Seconds(30.0),
            sensors: Vec::new(),
        },
    }
}

fn wind(speed_m_s: f64, from_deg: f64) -> Wind {
    let speed = Estimate { value: MetresPerSecond(speed_m_s), std: MetresPerSecond(0.0) };
    Wind { speed, from: Degrees(from_deg) }
}

#[test]
fn against_the_wind_a_leg_takes_longer_and_with_it_less() {
    let aircraft = aircraft();
    let (craft, flies) = Craft::new(&aircraft, wind(10.0, 270.0));
    assert!(flies);
    let (here, east, north) = ([0.0, 0.0], [6_000.0, 0.0], [0.0, 6_000.0]);
    assert!((craft.leg_s(here, east) - 100.0).abs() < 1e-9);
    assert!((craft.leg_s(east, here) - 150.0).abs() < 1e-9);
    assert!((craft.leg_s(here, north) - 6_000.0 / 2_400.0_f64.sqrt()).abs() < 1e-9);
    assert!(!Craft::new(&aircraft, wind(40.0, 0.0)).1);
}

#[test]
fn allowances_come_from_platform_and_wind() {
    let aircraft = aircraft();
    let (craft, _) = Craft::new(&aircraft, wind(10.0, 0.0));
    let Allowances { navigation, drift, overshoot, lost_link, height, .. } = craft.allowances;
    assert_eq!((navigation.0, drift.0, lost_link.0, height.0), (20.0, 100.0, 1_800.0, 60.0));
    assert!((overshoot.0 - 400.0 * (1.0 + 3.0_f64.sqrt())).abs() < 1e-9);
}

#[test]
fn every_turn_takes_its_time() {
    let aircraft = aircraft();
    let (craft, _) = Craft::new(&aircraft, wind(0.0, 0.0));
    let wide = [[0.0, 0.0], [5_000.0, 0.0], [5_000.0, 1_000.0], [0.0, 1_000.0]];
    let half_s = std::f64::consts::PI * 400.0 / 50.0;
    let last = |line: &[Point]| craft.times_s(line).last().copied().unwrap();
    assert!((last(&wide) - (11_000.0 / 50.0 + half_s)).abs() < 1e-9);
    let tight = wide.map(|[x, y]| [x, 0.1 * y]);
    assert!(last(&tight) > 10_100.0 / 50.0 + 2.0 * half_s);
}
