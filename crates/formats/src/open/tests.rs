use super::*;

fn kind_of(bytes: &[u8]) -> Kind {
    let dir = tempfile::tempdir().unwrap();
    // A name that lies about the content.
    let path = dir.path().join("x.tif");
    std::fs::write(&path, bytes).unwrap();
    kind(&path).unwrap()
}

#[test]
fn content_decides_and_never_the_name() {
    assert_eq!(kind_of(b"\x89HDF\r\n\x1a\n...."), Kind::Hdf5);
    assert_eq!(kind_of(b"CDF\x01"), Kind::Netcdf3);
    assert_eq!(kind_of(b"II*\0\x08\0\0\0"), Kind::Tiff);
    assert_eq!(kind_of(b"MM\0+\0\x08\0\0"), Kind::Tiff);
    assert_eq!(kind_of(b"ENVI\r\nlines"), Kind::EnviHeader);
    assert_eq!(kind_of(b"ENVIous"), Kind::Bare);
    assert_eq!(kind_of(b""), Kind::Bare);
}

#[test]
fn a_missing_file_is_named() {
    let error = open(Path::new("/no/such/cube"), &Auxiliary::default()).err().unwrap();
    assert_eq!(error.to_string(), "/no/such/cube: is not there; check the path");
}
