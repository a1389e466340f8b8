use super::*;

fn volume(floor: Limit, ceiling: Option<Limit>) -> Volume {
    Volume { polygons: Vec::new(), floor, ceiling }
}

fn ground(pressure_m: Option<f64>) -> Ground<'static> {
    Ground { terrain: None, base_m: 0.0, pressure_m }
}

#[test]
fn a_level_is_well_within_limits_that_are_an_allowance_away() {
    let volume = volume(Limit::Amsl(Metres(500.0)), Some(Limit::Amsl(Metres(1_000.0))));
    let meets = |height_m| ground(None).meets(&volume, Level::Amsl(height_m), None, 100.0);
    assert_eq!(meets(700.0), (true, true));
    assert_eq!(meets(950.0), (true, false));
    assert_eq!(meets(1_150.0), (false, false));
}

#[test]
fn what_is_not_known_may_be_within_and_is_not_well_within() {
    let level = Level::Amsl(2_000.0);
    let above_ground = volume(Limit::Agl(Metres(0.0)), Some(Limit::Agl(Metres(120.0))));
    assert_eq!(ground(None).meets(&above_ground, level, None, 10.0), (true, false));
    assert_eq!(ground(None).meets(&above_ground, level, Some([0.0, 50.0]), 10.0), (false, false));
    let high = volume(Limit::Pressure(Metres(1_500.0)), None);
    assert_eq!(ground(None).meets(&high, level, None, 10.0), (true, false));
    assert_eq!(ground(Some(-100.0)).meets(&high, level, None, 10.0), (true, true));
}

#[test]
fn a_height_above_the_ground_is_within_limits_above_the_ground() {
    let low = volume(Limit::Agl(Metres(0.0)), Some(Limit::Agl(Metres(120.0))));
    let meets =
        |height_m| ground(None).meets(&low, Level::Agl(height_m), Some([100.0, 900.0]), 10.0);
    assert_eq!(meets(60.0), (true, true));
    assert_eq!(meets(100.0), (true, false));
}
