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
fn the_row_nearest_in_time_counts_for_an_hour() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wind.csv");
    let rows = "2016-09-10T18:00:00Z,2,10,1\n2016-09-10T19:00:00Z,4,20,1\n";
    std::fs::write(&path, format!("{COLUMNS}\n{rows}")).unwrap();

    let source = WindSource::read(path.to_str().unwrap()).unwrap();

    let at = |time: &str| source.at(Some(time.parse().unwrap()));
    assert_eq!(at("2016-09-10T18:20:00Z").unwrap().from, Degrees(10.0));
    assert_eq!(at("2016-09-10T18:57:02Z").unwrap().from, Degrees(20.0));
    let late = at("2016-09-10T21:00:00Z").unwrap_err().to_string();
    assert!(late.starts_with("no wind within an hour"), "{late}");
    assert!(source.at(None).unwrap_err().to_string().contains("does not say when"));
}

#[test]
fn times_must_rise() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wind.csv");
    let rows = "2016-09-10T19:00:00Z,2,10,1\n2016-09-10T18:00:00Z,4,20,1\n";
    std::fs::write(&path, format!("{COLUMNS}\n{rows}")).unwrap();

    assert!(refused(path.to_str().unwrap()).ends_with("wind.csv, line 3: times must rise"));
}
