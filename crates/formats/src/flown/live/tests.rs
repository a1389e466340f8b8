use cathartes_core::flown::Height;
use proptest::prelude::*;

use super::*;
use crate::flown::{klv::tests::fix, mavlink::tests::position, mpeg_ts::PACKET_BYTES};

fn moment(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn faults(heard: &Heard) -> Vec<String> {
    heard.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn datagrams_of_every_kind_are_told_apart() {
    let mut live = Live::default();
    let two = [position(1, 500_000_000, 0), position(2, 510_000_000, 0)].concat();
    let heard = live.hear(&two, moment(0));
    let names: Vec<_> = heard.fixes.iter().map(|(name, _)| name.as_deref()).collect();
    assert_eq!(names, [Some("system 1"), Some("system 2")]);
    assert_eq!(heard.fixes[0].1.time, moment(0));

    let heard = live.hear(&fix(7), moment(1));
    assert_eq!(heard.fixes[0].0.as_deref(), Some("Kite"));
    assert_eq!(heard.fixes[0].1.time, moment(7));

    let event = b"<event uid='U' type='a-f-A' time='2026-10-05T08:00:00Z'>\
                  <point lat='32.1' lon='-116.8' hae='80'/></event>";
    let heard = live.hear(event, moment(2));
    assert!(matches!(heard.fixes[0].1.height, Height::AboveEllipsoid(_)));

    assert!(live.hear(b"*8D40621D58C386435CC412692AD6;\n", moment(3)).fixes.is_empty());
    let heard = live.hear(b"*8D40621D58C382D690C8AC2863A7;\n", moment(4));
    assert_eq!(heard.fixes[0].0.as_deref(), Some("40621D"));
    assert!((heard.fixes[0].1.place.latitude.0 - 52.257_202).abs() < 1e-6);

    let heard = live.hear(b"what is this", moment(5));
    let said = "message 6, 2023-11-14T22:13:25Z: not readable: a datagram of another kind";
    assert_eq!(faults(&heard), [said]);
}

#[test]
fn a_transport_stream_may_come_in_pieces_and_within_rtp() {
    let stream = crate::flown::mpeg_ts::tests::muxed(&[fix(0), fix(1), fix(2)]);
    let mut live = Live::default();
    let mut fixes = Vec::new();
    for (i, packets) in stream.chunks(2 * PACKET_BYTES).enumerate() {
        let head = if i % 2 == 0 { &[][..] } else { &[0x80, 33, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0] };
        let heard = live.hear(&[head, packets].concat(), moment(0));
        assert_eq!(heard.faults, []);
        fixes.extend(heard.fixes);
    }
    assert_eq!(fixes.iter().map(|(_, fix)| fix.time).collect::<Vec<_>>(), [0, 1, 2].map(moment));
}

#[test]
fn a_datagram_that_is_late_is_left_out_and_a_pause_is_told() {
    let mut live = Live::default();
    assert_eq!(live.hear(&fix(10), moment(10)).fixes.len(), 1);
    let heard = live.hear(&fix(8), moment(11));
    assert_eq!(heard.fixes.len(), 0);
    let said = "message 2, 2023-11-14T22:13:28Z: its time is 2.000 s before an earlier one";
    assert_eq!(faults(&heard), [said]);
    let heard = live.hear(&fix(30), moment(30));
    assert_eq!(heard.fixes.len(), 1);
    assert!(faults(&heard)[0].ends_with("no position for 20.0 s before this one"), "{heard:?}");
}

#[test]
fn damage_is_told_and_what_follows_is_heard() {
    let mut live = Live::default();
    let mut damaged = fix(0);
    damaged[40] ^= 1;
    assert!(faults(&live.hear(&damaged, moment(0)))[0].ends_with("its checksum is another"));
    let mut frame = position(1, 500_000_000, 0);
    frame[20] ^= 1;
    let heard = live.hear(&[frame, position(1, 500_000_000, 0)].concat(), moment(0));
    assert_eq!((heard.fixes.len(), heard.faults.len()), (1, 1));
    let cut = &position(1, 500_000_000, 0)[..20];
    assert!(faults(&live.hear(cut, moment(1)))[0].ends_with("it ends too early"));
}

#[test]
fn somebody_who_never_stops_talking_fills_no_memory() {
    let mut live = Live::default();
    let mut heard = Heard::default();
    for i in 0..1200 {
        let event = format!(
            "<event uid='{}{i}' type='a-f-A' caveat='{i}' time='2026-10-05T08:00:00Z'>\
             <point lat='32.1' lon='-116.8' hae='80'/></event>",
            "U".repeat(500)
        );
        heard = live.hear(event.as_bytes(), moment(0));
    }
    let handling = heard.handling.unwrap();
    assert!(handling.said.len() < 1100, "{}", handling.said.len());
    assert_eq!(handling.classification, None);
    assert_eq!(heard.fixes[0].0.as_ref().map(String::len), Some(80));
}

proptest! {
    #[test]
    fn never_panics(all in proptest::collection::vec((0..6_usize, proptest::collection::vec(any::<u8>(), 0..200)), 1..8)) {
        let mut live = Live::default();
        for (kind, junk) in all {
            let begins: [&[u8]; 6] = [&[], &[0xFD], &[0xFE], &klv::KEY, b"<event ", b"*8D40621D"];
            live.hear(&[begins[kind], &junk].concat(), moment(0));
        }
    }
}
