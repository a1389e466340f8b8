#![no_main]
//! Any bytes as datagrams, each with its length in front: heard, or a fault; never a panic.

use cathartes_formats::flown::live::Live;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (mut live, mut rest) = (Live::default(), bytes);
    let Ok(arrived) = "2026-10-05T08:00:00Z".parse() else { return };
    while let Some(([high, low], after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(after.len());
        let (datagram, next) = after.split_at(length);
        live.hear(datagram, arrived);
        rest = next;
    }
});
