use super::*;

#[test]
fn a_window_is_two_wavelengths() {
    assert_eq!(window("2122:2488").unwrap(), 2122.0..=2488.0);
    assert!(window("2488:2122").unwrap_err().to_string().contains("below HIGH"));
    assert!(window("2122").unwrap_err().to_string().contains("LOW:HIGH"));
    assert!(window("NaN:2488").is_err());
}

#[test]
fn memory_has_a_unit() {
    assert_eq!(memory("4G").unwrap(), 4 << 30);
    assert_eq!(memory("1.5m").unwrap(), 3 << 19);
    assert_eq!(memory("1000").unwrap(), 1000);
    assert!(memory("4T").is_err());
    assert!(memory("-4G").is_err());
}
