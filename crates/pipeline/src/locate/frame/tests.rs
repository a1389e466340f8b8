use cathartes_core::{geometry::LatLon, units::MetresPerSecond};
use cathartes_formats::{readings_csv, site, trace_wind_csv};

use super::*;

const SECONDS: &str = "sensor_id,time,east,north,up,value_ppm\n1,0,0,0,2,1.9\n1,60,1,0,2,1.95\n";
const DATES: &str = "sensor_id,time,east,north,up,value_ppm\n\
                     1,2024-05-09T12:00:00Z,0,0,2,1.9\n1,2024-05-09T12:01:00Z,1,0,2,1.95\n";
const WIND_SECONDS: &str = "time,u_east,v_north\n0,1,0\n60,2,0\n";
const WIND_DATES: &str =
    "time,u_east,v_north\n2024-05-09T12:00:00Z,1,0\n2024-05-09T12:01:00Z,2,0\n";

fn inputs(readings: &str, wind: &str, site: &str) -> Inputs {
    let mut table = readings_csv::read(readings.as_bytes()).unwrap();
    Inputs {
        gaps: table.sift(),
        rows: table.rows.len(),
        table,
        wind: trace_wind_csv::read(wind.as_bytes()).unwrap(),
        site: site::parse(site.as_bytes()).unwrap(),
        plumes: vec![],
        silent_plumes: 0,
        files: vec![],
    }
}

fn traced(readings: &str, wind: &str, site: &str, gas: Option<&str>) -> Result<Vec<Trace>, String> {
    let library = gas::library(None).unwrap();
    let mut inputs = inputs(readings, wind, site);
    let found = traces(&mut inputs, gas, &library).map_err(|error| format!("{error:#}"))?;
    Ok(found.into_iter().map(|(_, trace)| trace).collect())
}

#[test]
fn seconds_and_dates_meet_where_the_site_says_when_second_0_is() {
    let start = "start = \"2024-05-09T12:00:00Z\"";
    for (readings, wind) in
        [(SECONDS, WIND_SECONDS), (DATES, WIND_DATES), (SECONDS, WIND_DATES), (DATES, WIND_SECONDS)]
    {
        let trace = &traced(readings, wind, start, None).unwrap()[0];
        let times: Vec<f64> = trace.readings.iter().map(|reading| reading.time.0).collect();
        let winds: Vec<f64> = trace.wind.common.iter().map(|wind| wind.time.0).collect();
        assert_eq!((times, winds), (vec![0.0, 60.0], vec![0.0, 60.0]));
        assert_eq!(trace.frame.start, Some(Seconds(1_715_256_000.0)));
    }
    assert_eq!(
        traced(DATES, WIND_SECONDS, "", None).unwrap_err(),
        "the readings have dates, the wind has seconds: give `start` in site.toml"
    );
}

#[test]
fn readings_far_from_every_wind_are_left_out_and_all_of_them_is_an_error() {
    let late = SECONDS.replace("1,60,", "1,9000,");
    let mut inputs = inputs(&late, WIND_SECONDS, "");
    let found = traces(&mut inputs, None, &gas::library(None).unwrap()).unwrap().len();
    assert_eq!((found, inputs.table.left_out[0].reason), (1, Reason::NoWind));

    let wind = WIND_SECONDS.replace("\n0,", "\n50000,").replace("\n60,", "\n50060,");
    let said = traced(SECONDS, &wind, "", None).unwrap_err();
    assert!(
        said.starts_with(
            "no wind was measured near any reading: readings from 0 s to 60 s, wind from 50000 s"
        ),
        "{said}"
    );
}

#[test]
fn a_gas_that_nobody_names_is_what_the_command_or_the_site_says_else_methane() {
    let gas =
        |site: &str, asked| traced(SECONDS, WIND_SECONDS, site, asked).unwrap()[0].gas.clone();
    assert_eq!(gas("", None), "ch4");
    assert_eq!(gas("gas = \"nh3\"", None), "nh3");
    assert_eq!(gas("gas = \"nh3\"", Some("CO2")), "co2");
    assert!(
        traced(SECONDS, WIND_SECONDS, "", Some("chh4")).unwrap_err().contains("did you mean ch4")
    );
}

#[test]
fn of_several_gases_the_one_asked_for_is_taken() {
    let two = "gas,sensor_id,time,east,north,up,value_ppm\nch4,1,0,0,0,2,1.9\nNH3,1,0,0,0,2,0.1\n";
    let gases = |asked| traced(two, WIND_SECONDS, "", asked);
    let slugs: Vec<String> = gases(None).unwrap().into_iter().map(|trace| trace.gas).collect();
    assert_eq!(slugs, ["ch4", "nh3"]);
    assert_eq!(gases(Some("ammonia")).unwrap()[0].gas, "nh3");
    assert_eq!(
        gases(Some("co2")).unwrap_err(),
        "no reading is of co2; there are readings of ch4, NH3"
    );
}

#[test]
fn a_plume_of_an_imager_lies_where_its_degrees_are() {
    let origin = LatLon { latitude: Degrees(51.0), longitude: Degrees(-1.4) };
    let frame = Frame { origin: Some(origin), start: None };
    let there = frame.on_earth(Metres(30.0), Metres(-40.0)).unwrap();
    let seen = Seen { gas: "ch4".into(), origin: there, origin_std: Metres(9.0), rate: None };
    let plume = seen_plume(&seen, frame).unwrap();
    assert!((plume.place.east.0 - 30.0).hypot(plume.place.north.0 + 40.0) < 1e-6);
    assert!((plume.ellipse.semi_major.0 - 19.3).abs() < 0.1);
}

#[test]
fn a_wind_between_far_rows_is_not_known() {
    let wind = |time| WindReading {
        time: Seconds(time),
        east: MetresPerSecond(1.0),
        north: MetresPerSecond(0.0),
        turbulence_across: None,
        turbulence_up: None,
        temperature: None,
        pressure: None,
    };
    let winds = [wind(0.0), wind(3000.0), wind(50_000.0)];
    let known = |time| near(&winds, Seconds(time));
    assert_eq!(
        [-500.0, -700.0, 1500.0, 3400.0, 9000.0, 50_500.0].map(known),
        [true, false, true, true, false, true]
    );
}
