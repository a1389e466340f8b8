use super::*;

fn square(west: f64, south: f64, side: f64) -> Shape {
    let (east, north) = (west + side, south + side);
    Shape { rings: vec![vec![[west, south], [east, south], [east, north], [west, north]]] }
}

fn room(permits: Vec<Shape>, forbids: Vec<Shape>) -> Room {
    let (corners, seen) = (Vec::new(), RefCell::new(Vec::new()));
    let mut room = Room { permits, forbids, margin_m: 1_000.0, corners, seen };
    room.corners = room.corners();
    room.seen = RefCell::new(vec![None; room.corners.len()]);
    room
}

fn length_m(way: &[Point]) -> f64 {
    way.windows(2).map(|leg| apart(leg[0], leg[1])).sum()
}

#[test]
fn a_way_goes_around_what_is_forbidden_and_not_much_farther() {
    let room = room(vec![square(0.0, 0.0, 100_000.0)], vec![square(40_000.0, 40_000.0, 20_000.0)]);
    let (from, to) = ([20_000.0, 50_000.0], [80_000.0, 50_000.0]);
    let way = room.way(from, to).unwrap();
    assert!(way.windows(2).all(|leg| room.free(leg[0], leg[1])), "{way:?}");
    // Twice to a corner of the square with its margin, and along it.
    let least_m = 2.0 * 19_000.0_f64.hypot(11_000.0) + 22_000.0;
    let flown_m = length_m(&way);
    assert!((least_m..1.03 * least_m).contains(&flown_m), "{flown_m} {least_m}");
}

#[test]
fn permissions_that_only_touch_are_no_way_and_those_that_overlap_are() {
    let (from, to) = ([20_000.0, 20_000.0], [60_000.0, 20_000.0]);
    let touch = room(vec![square(0.0, 0.0, 40_000.0), square(40_000.0, 0.0, 40_000.0)], Vec::new());
    assert!(touch.way(from, to).is_none());
    let over = room(vec![square(0.0, 0.0, 40_000.0), square(35_000.0, 0.0, 45_000.0)], Vec::new());
    assert_eq!(over.way(from, to).unwrap().len(), 2);
}

#[test]
fn a_way_stays_in_a_permission_with_a_bend() {
    let bend = vec![
        [0.0, 0.0],
        [60_000.0, 0.0],
        [60_000.0, 60_000.0],
        [50_000.0, 60_000.0],
        [50_000.0, 10_000.0],
        [0.0, 10_000.0],
    ];
    let room = room(vec![Shape { rings: vec![bend] }], Vec::new());
    let way = room.way([5_000.0, 5_000.0], [55_000.0, 55_000.0]).unwrap();
    assert!(way.len() >= 3 && way.windows(2).all(|leg| room.free(leg[0], leg[1])), "{way:?}");
}
