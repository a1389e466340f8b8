use super::*;

#[test]
fn a_limit_is_within_one_and_ten_thousand() {
    assert_eq!(limit(None).unwrap(), 10);
    assert_eq!(limit(Some(10_000)).unwrap(), 10_000);
    assert_eq!(limit(Some(i64::MAX)).unwrap(), 10_000);
    assert!(limit(Some(0)).is_err());
    assert!(limit(Some(-1)).is_err());
}

#[test]
fn a_box_has_four_numbers_or_six() {
    let four = bbox("1,2,3.5,4").unwrap();
    assert_eq!((four.west.0, four.south.0, four.east.0, four.north.0), (1.0, 2.0, 3.5, 4.0));
    assert_eq!(bbox("1,2,0,3.5,4,100").unwrap(), four);
    assert!(bbox("170,-10,-170,10").is_ok(), "over the antimeridian");
    for text in
        ["", "1,2,3", "1,2,3,4,5", "a,2,3,4", "1,4,3,2", "1,2,3,91", "NaN,2,3,4", "1,2,inf,4"]
    {
        assert!(bbox(text).is_err(), "{text}");
    }
}

#[test]
fn a_time_is_a_moment_or_a_range_open_at_one_end() {
    let moment = time_range("2026-11-26T12:00:00Z").unwrap();
    assert_eq!(moment.from, moment.to);
    assert!(time_range("2026-11-26T12:00:00Z/..").unwrap().to.is_none());
    assert!(time_range("/2026-11-26T12:00:00+01:00").unwrap().from.is_none());
    let texts = ["", "/", "../..", "x", "2026-11-26", "2026-11-26T12:00:00Z/2025-11-26T12:00:00Z"];
    for text in texts {
        assert!(time_range(text).is_err(), "{text}");
    }
}

#[test]
fn a_moment_is_written_as_rfc_3339_wants_it() {
    for text in ["1985-04-12T23:20:50.52Z", "1937-01-01T12:00:27.87-01:00", "1985-04-12t23:20:50z"]
    {
        assert!(time_range(text).is_ok(), "{text}");
    }
    for text in ["1937-01-01T12:00:27.87+0100", "1985-04-12T23:20:50,52Z", "1985-04-12T23:20:50"] {
        assert!(time_range(text).is_err(), "{text}");
    }
}
