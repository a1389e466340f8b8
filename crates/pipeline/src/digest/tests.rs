use super::*;

/// FIPS 180-4's example, and a file longer than a block.
#[test]
fn is_what_sha256sum_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("abc");
    std::fs::write(&path, "abc").unwrap();

    let seen = input(&path).unwrap();

    assert_eq!((seen.name.as_str(), seen.size_bytes), ("abc", 3));
    assert_eq!(seen.sha256.0, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    // printf 'a%.0s' {1..3000000} | sha256sum
    std::fs::write(&path, vec![b'a'; 3_000_000]).unwrap();
    assert_eq!(input(&path).unwrap().size_bytes, 3_000_000);
}
