use proptest::prelude::*;

use super::*;
use crate::flown::{
    klv::tests::fix,
    tests::{faults, real, seconds},
};

const START_S: i64 = 1_700_000_000;
const PMT_PID: u16 = 0x100;
const KLV_PID: u16 = 0x1F1;

/// Packs bytes into packets of a PID, counting on from `counter`.
fn packets(pid: u16, bytes: &[u8], counter: &mut u8) -> Vec<u8> {
    let mut stream = Vec::new();
    for (i, chunk) in bytes.chunks(184).enumerate() {
        let stuffing = 184 - chunk.len();
        let start = if i == 0 { 0x40 } else { 0 };
        let adapted = if stuffing > 0 { 0x30 } else { 0x10 };
        stream.extend([SYNC, start | (pid >> 8) as u8, pid as u8, adapted | *counter]);
        if stuffing > 0 {
            stream.push(stuffing as u8 - 1);
            stream.extend([0].iter().chain(&[0xFF; 183]).take(stuffing - 1));
        }
        stream.extend(chunk);
        *counter = (*counter + 1) & 0x0F;
    }
    stream
}

fn section(table: u8, body: &[u8]) -> Vec<u8> {
    let length = body.len() as u16 + 9;
    let mut section = vec![0, table, 0xB0 | (length >> 8) as u8, length as u8, 0, 1, 0xC1, 0, 0];
    section.extend(body);
    section.extend([0; 4]);
    section.resize(184, 0xFF);
    section
}

fn tables(kind: u8, descriptors: &[u8]) -> Vec<u8> {
    let pat = section(0, &[0, 1, 0xE0 | (PMT_PID >> 8) as u8, PMT_PID as u8]);
    let stream = [kind, 0xE0 | (KLV_PID >> 8) as u8, KLV_PID as u8, 0xF0, descriptors.len() as u8];
    let video = [0x1B, 0xE1, 0x11, 0xF0, 0];
    let pmt = section(2, &[&[0xE1, 0x11, 0xF0, 0], &video[..], &stream, descriptors].concat());
    [packets(0, &pat, &mut 0), packets(PMT_PID, &pmt, &mut 0)].concat()
}

fn pes(stream: u8, data: &[u8]) -> Vec<u8> {
    let length = (data.len() + 8) as u16;
    let head =
        [0, 0, 1, stream, (length >> 8) as u8, length as u8, 0x84, 0x80, 5, 0x21, 0, 1, 0, 1];
    [&head[..], data].concat()
}

/// A stream of one PES packet of kind 06 for every piece of data.
pub(in crate::flown) fn muxed(data: &[Vec<u8>]) -> Vec<u8> {
    let mut counter = 0;
    let parts = data.iter().map(|data| packets(KLV_PID, &pes(0xBD, data), &mut counter));
    [tables(ASYNCHRONOUS, b"\x05\x04KLVA")].into_iter().chain(parts).collect::<Vec<_>>().concat()
}

fn long(second: u64) -> Vec<u8> {
    // Of several packets of the transport stream: three of its own and padding.
    [fix(second), vec![0; 300], fix(second)].concat()
}

#[test]
fn packets_of_a_private_stream_are_read() {
    let log = read(&muxed(&[fix(0), long(1), fix(2)])).unwrap();
    assert_eq!(seconds(&log, START_S), [0.0, 1.0, 1.0, 2.0]);
    assert_eq!(faults(&log), [""; 0]);
    assert_eq!(log.platform.as_deref(), Some("Kite"));
}

#[test]
fn cells_of_a_metadata_stream_are_read() {
    let whole = fix(0);
    let (a, b) = whole.split_at(30);
    let cell = |data: &[u8]| [&[0, 1, 0xDF, 0, data.len() as u8][..], data].concat();
    let data = [cell(a), cell(b)].concat();
    let stream = packets(KLV_PID, &pes(0xFC, &data), &mut 3);
    let log = read(&[tables(SYNCHRONOUS, &[]), stream].concat()).unwrap();
    assert_eq!((log.fixes.len(), faults(&log)), (1, vec![]));
}

#[test]
fn a_private_stream_of_something_else_is_not_looked_at() {
    let stream = packets(KLV_PID, &pes(0xBD, &fix(0)), &mut 0);
    let said = read(&[tables(ASYNCHRONOUS, b"\x05\x04AC-3"), stream].concat()).unwrap_err();
    assert!(matches!(said, FlownError::NoPosition { .. }), "{said}");
}

#[test]
fn packets_that_are_missing_are_told_and_cost_only_what_they_carried() {
    let whole = muxed(&[fix(0), long(1), fix(2)]);
    let tables = 2 * PACKET_BYTES;
    // The second packet of the second PES.
    let missing = tables + 2 * PACKET_BYTES;
    let bytes = [&whole[..missing], &whole[missing + PACKET_BYTES..]].concat();
    let log = read(&bytes).unwrap();
    assert_eq!(seconds(&log, START_S), [0.0, 2.0]);
    assert_eq!(faults(&log), [format!("byte {missing}: packets are missing in front of it")]);
}

#[test]
fn a_packet_sent_twice_counts_once() {
    let whole = muxed(&[fix(0), fix(1)]);
    let again = &whole[2 * PACKET_BYTES..3 * PACKET_BYTES];
    let bytes = [&whole[..3 * PACKET_BYTES], again, &whole[3 * PACKET_BYTES..]].concat();
    let log = read(&bytes).unwrap();
    assert_eq!((seconds(&log, START_S), faults(&log)), (vec![0.0, 1.0], vec![]));
}

#[test]
fn a_stream_that_begins_and_ends_within_a_packet_is_read() {
    let whole = muxed(&[fix(0), fix(1), long(2)]);
    let bytes = [&[1, 2, 3, 4, 5][..], &whole[..whole.len() - 200]].concat();
    let log = read(&bytes).unwrap();
    assert_eq!(seconds(&log, START_S), [0.0, 1.0]);
    let said = faults(&log);
    assert!(said[0].ends_with("it ends too early (2 times in a row)"), "{said:?}");
}

#[test]
fn bytes_between_packets_are_passed_over_with_a_fault() {
    let whole = muxed(&[fix(0), fix(1)]);
    let (a, b) = whole.split_at(3 * PACKET_BYTES);
    let log = read(&[a, &[9; 77], b].concat()).unwrap();
    assert_eq!(seconds(&log, START_S), [0.0, 1.0]);
    assert_eq!(faults(&log), ["byte 564: not readable: bytes between packets"]);
}

#[test]
fn a_packet_marked_as_damaged_is_left_out() {
    let mut bytes = muxed(&[fix(0), fix(1), fix(2)]);
    bytes[3 * PACKET_BYTES + 1] |= 0x80;
    let log = read(&bytes).unwrap();
    assert_eq!(seconds(&log, START_S), [0.0, 2.0]);
    assert!(faults(&log)[0].ends_with("not readable: marked as damaged"), "{log:?}");
}

#[test]
fn the_packets_of_a_real_stream_come_through_whole() {
    let Some(bytes) = real("Truck.klv") else { return };
    let key = super::klv::KEY;
    let starts: Vec<usize> =
        (0..bytes.len()).filter(|at| bytes[*at..].starts_with(&key)).chain([bytes.len()]).collect();
    let parts: Vec<Vec<u8>> =
        starts.windows(2).map(|pair| bytes[pair[0]..pair[1]].to_vec()).collect();
    let log = crate::flown::open(&muxed(&parts)).unwrap();
    let alone = crate::flown::open(&bytes).unwrap();
    assert_eq!(log, alone);
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(at in 0..1200_usize, junk in any::<u8>(), cut in 0..1200_usize) {
        let mut bytes = muxed(&[fix(0), long(1)]);
        let end = bytes.len();
        bytes[at % end] = junk;
        let _ = read(&bytes);
        let _ = read(&bytes[..cut.min(end)]);
    }

    #[test]
    fn any_data_comes_through_whole(sizes in proptest::collection::vec(0..600_usize, 1..6)) {
        let data: Vec<_> = (0..).zip(&sizes).map(|(s, size)| [vec![0; *size], fix(s)].concat()).collect();
        let log = read(&muxed(&data)).unwrap();
        prop_assert_eq!(log.fixes.len(), sizes.len());
        prop_assert_eq!(faults(&log).len(), 0);
    }
}
