use proptest::prelude::*;

use super::*;
use crate::flown::tests::faults;

const TRACK: &str = r#"<?xml version="1.0"?>
<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
 <metadata><time>2026-10-05T07:00:00Z</time></metadata>
 <wpt lat="1" lon="2"><ele>3</ele></wpt>
 <trk><name>S-12</name><trkseg>
  <trkpt lat="47.1" lon="8.2"><ele>1180.5</ele><time>2026-10-05T08:00:00Z</time><fix>3d</fix></trkpt>
  <trkpt lon="8.21" lat="47.1"><time>2026-10-05T08:00:01Z</time>
    <extensions><x:ele>7</x:ele></extensions></trkpt>
 </trkseg></trk>
</gpx>"#;

fn with(from: &str, to: &str) -> FlownLog {
    assert!(TRACK.contains(from), "{from}");
    read(TRACK.replace(from, to).as_bytes()).unwrap()
}

#[test]
fn points_of_tracks_are_fixes_and_way_points_are_not() {
    let log = crate::flown::open(TRACK.as_bytes()).unwrap();
    let [first, second] = log.fixes.as_slice() else { panic!("{log:?}") };
    assert_eq!(first.place, place(47.1, 8.2));
    assert_eq!(first.height, Height::AboveSeaLevel(Metres(1180.5)));
    assert_eq!(second.time.to_string(), "2026-10-05T08:00:01Z");
    assert_eq!(log.faults, []);
}

#[test]
fn an_extension_says_nothing_of_the_height() {
    assert_eq!(read(TRACK.as_bytes()).unwrap().fixes[1].height, Height::Unknown);
}

#[test]
fn a_receiver_without_height_is_a_position_lost() {
    let log = with("<fix>3d", "<fix>2d");
    assert_eq!(log.fixes.len(), 1);
    assert!(faults(&log)[0].ends_with("position lost: the receiver has no fix"), "{log:?}");
}

#[test]
fn a_point_without_time_or_place_is_left_out() {
    let log = with("<time>2026-10-05T08:00:01Z</time>", "");
    assert_eq!(faults(&log), ["row 2: the clock is not set"]);
    let log = with("lat=\"47.1\" lon=\"8.2\"", "lat=\"x\" lon=\"8.2\"");
    assert!(faults(&log)[0].ends_with("latitude or longitude is no number"), "{log:?}");
}

#[test]
fn what_stands_before_damage_is_read() {
    let cut = TRACK.find("<trkpt lon").unwrap() + 20;
    let log = read(&TRACK.as_bytes()[..cut]).unwrap();
    assert_eq!(log.fixes.len(), 1);
    assert_eq!(faults(&log), ["row 2: not readable: no XML from here on"]);
}

proptest! {
    #[test]
    fn what_was_written_is_read(points in proptest::collection::vec((-180.0..180.0_f64, 0.1..90.0_f64, -400.0..9e3_f64), 1..30)) {
        let point = |(s, (east, north, up)): (i64, &(f64, f64, f64))| {
            let time = Timestamp::from_second(1_790_000_000 + s).unwrap();
            format!("<trkpt lat='{north}' lon='{east}'><ele>{up}</ele><time>{time}</time></trkpt>")
        };
        let all: String = (0..).zip(&points).map(point).collect();
        let log = read(format!("<gpx><trk><trkseg>{all}</trkseg></trk></gpx>").as_bytes()).unwrap();
        prop_assert_eq!(log.fixes.len(), points.len());
        for (fix, (east, north, up)) in log.fixes.iter().zip(&points) {
            prop_assert_eq!(fix.place, place(*north, *east));
            prop_assert_eq!(fix.height, Height::AboveSeaLevel(Metres(*up)));
        }
    }

    #[test]
    fn never_panics(text in "[<>/a-t=\"' 0-9&;-]{0,200}") {
        let _ = read(format!("<gpx><trkpt {text}").as_bytes());
    }
}
