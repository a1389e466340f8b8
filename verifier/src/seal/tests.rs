use proptest::prelude::*;

use super::*;

#[test]
fn sums_are_those_of_the_standard() {
    assert_eq!(crc(b"123456789"), 0xcbf4_3926);
    assert_eq!(crc(b""), 0);
}

#[test]
fn names_that_lead_elsewhere_are_not_harmless() {
    assert!(
        ["a.txt", "images/images-0.png", "manifest.json.minisig"].iter().all(|name| harmless(name))
    );
    for name in ["", ".", "..", "../a", "/a", "a/", "a//b", "a/b/c", "a\\b", "C:a", "a..b", "é"] {
        assert!(!harmless(name), "{name}");
    }
}

#[test]
fn what_is_no_key_is_an_error_and_what_is_no_dossier_is_wrong() {
    assert!(seal(b"", "RWR").unwrap_err().starts_with("public key: "));
    let key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    assert_eq!(seal(b"GIF89a", key).unwrap(), ["byte 0: the end is not that of a dossier"]);
    let empty = [&b"PK\x05\x06"[..], &[0; 18]].concat();
    assert_eq!(seal(&empty, key).unwrap(), ["manifest.json: is missing"]);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
        for head in [&b""[..], b"PK\x03\x04", b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0"] {
            prop_assert_ne!(seal(&[head, &bytes].concat(), key), Ok(Vec::new()));
        }
    }
}
