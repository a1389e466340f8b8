use proptest::prelude::*;

use super::*;

const GOOD: &str = include_str!("../../../../fuzz/seeds/fleet/two.toml");

fn read(text: &str) -> Result<Fleet, FleetError> {
    parse(text.as_bytes(), &platform::builtin().unwrap())
}

fn refused_with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    read(&GOOD.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn aircraft_have_the_figures_of_their_platforms_and_their_own_where_they_say_some() {
    let fleet = read(GOOD).unwrap();
    let [first, second] = fleet.aircraft.as_slice() else { panic!("{fleet:?}") };
    assert_eq!((first.platform.endurance.0, first.platform.ceiling.0), (18.0 * 3_600.0, 7_620.0));
    assert_eq!((second.id.as_str(), second.platform.kind.as_str()), ("S-1", "small drone"));
    assert_eq!(second.base_height.0, 90.0);
}

#[test]
fn what_is_wrong_is_said_with_the_aircraft_and_what_to_do() {
    let said = [
        refused_with("kind = \"medium-altitude drone\"", "kind = \"balloon\""),
        refused_with("id = \"D-1\"", "id = \"S-1\""),
        refused_with("id = \"D-1\"", "id = \"D 1\""),
        refused_with("latitude = 32.4", "latitude = 132.4"),
        refused_with("22:00:00Z", "02:00:00Z"),
        refused_with("endurance_h = 18", "endurance_h = -1"),
        refused_with("endurance_h = 18", "endurance_d = 1"),
        refused_with("operator", "owner"),
        read("aircraft = []").unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_fleet_for_weapons_is_refused_as_such() {
    let text = GOOD.replacen("operator", "purpose = \"weapons\"\noperator", 1);
    assert!(matches!(read(&text), Err(FleetError::Armed { .. })));
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(at in 0..GOOD.len(), junk in "\\PC{0,4}") {
        let mut text = GOOD.to_owned();
        text.insert_str(at, &junk);
        let _ = read(&text);
    }
}
