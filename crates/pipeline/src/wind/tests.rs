use super::*;

fn refused(text: &str) -> String {
    format!("{:#}", WindSource::read(text).unwrap_err())
}

#[test]
fn one_wind_for_all() {
    let wind = WindSource::read("3.2, 270,0.8").unwrap().at(None).unwrap();

    assert_eq!(wind.speed.value, MetresPerSecond(3.2));
    assert_eq!(wind.from, Degrees(270.0));
    assert_eq!(wind.speed.std, MetresPerSecond(0.8));
}

#[test]
fn says_what_is_wrong_with_a_wind() {
    assert!(refused("west").starts_with("wind `west` is neither SPEED,FROM_DEG,SD nor a file"));
    assert_eq!(refused("3,270"), "wind `3,270` has 2 numbers, not three: SPEED,FROM_DEG,SD");
    assert_eq!(refused("-3,270,1"), "wind `-3,270,1`: a speed of -3 m/s; give 0 to 100");
    assert_eq!(refused("NaN,270,1"), "wind `NaN,270,1`: a speed of NaN m/s; give 0 to 100");
    assert_eq!(refused("3,400,1"), "wind `3,400,1`: a bearing of 400 degrees; give 0 to 360");
}

#[test]
fn a_file_of_winds_needs_to_know_when_the_scene_was_flown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wind.csv");
    let rows = "2016-09-10T18:00:00Z,2,10,1\n2016-09-10T19:00:00Z,4,20,1\n";
    std::fs::write(&path, format!("time,speed_m_s,from_deg,sd\n{rows}")).unwrap();

    let source = WindSource::read(path.to_str().unwrap()).unwrap();

    let wind = source.at(Some("2016-09-10T18:30:00Z".parse().unwrap())).unwrap();
    assert_eq!(wind.from, Degrees(15.0));
    assert!(source.at(None).unwrap_err().to_string().contains("does not say when"));
    let late = source.at(Some("2016-09-11T21:00:00Z".parse().unwrap())).unwrap_err();
    assert!(format!("{late:#}").contains("wind.csv: no wind for"), "{late:#}");
}
