use super::*;

#[test]
fn blocks_cover_every_line_once_and_fit() {
    assert_eq!(blocks_of_lines(2000, bytes_needed(2000, 598 * 100), 4 << 30), vec![0..2000]);

    let cut = blocks_of_lines(2001, bytes_needed(2001, 598 * 100), 200 << 20);
    assert_eq!(cut.len(), 4);
    assert_eq!((cut[0].start, cut[3].end), (0, 2001));
    assert!(cut.windows(2).all(|pair| pair[0].end == pair[1].start));
}

#[test]
fn a_block_is_never_too_short_to_know_its_ground() {
    assert_eq!(blocks_of_lines(512, 1 << 40, 1).len(), 2);
    assert_eq!(blocks_of_lines(10, 1 << 40, 1), vec![0..10]);
}
