use super::*;

fn look(n: usize) -> Look {
    ("account:ana".to_owned(), "evidence.read", n.to_string())
}

#[test]
fn the_same_look_within_a_minute_is_one_look() {
    let (mut told, start) = (Told::default(), Instant::now());
    assert!(!told.has(&look(1), start));
    told.add(look(1), start);
    assert!(told.has(&look(1), start + Duration::from_secs(59)));
    assert!(!told.has(&look(1), start + Duration::from_secs(60)));
    assert!(!told.has(&look(2), start));
}

#[test]
fn looks_that_are_remembered_do_not_fill_the_memory() {
    let (mut told, start) = (Told::default(), Instant::now());
    for n in 0..=REMEMBERED * 2 {
        told.add(look(n), start);
    }
    assert!(told.0.len() <= REMEMBERED);
    assert!(told.has(&look(REMEMBERED * 2), start));
}
