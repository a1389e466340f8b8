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

/// Where the real cubes are; a sentence instead when they are not.
fn real(name: &str) -> Option<std::path::PathBuf> {
    let cubes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/cubes");
    let path = cubes.join(name);
    if !path.exists() {
        println!("left out: {} is not there", path.display());
    }
    path.exists().then_some(path)
}

#[test]
fn the_real_aviris_ng_chips_open() {
    for (name, shape, notes) in [
        ("ang20160910t185702_2rdn_img", (25, 30), 3),
        ("ang20170323t202244_rdn_7000-7010", (10, 10), 2),
    ] {
        let Some(path) = real(name) else { continue };
        let source = open(&path, &Auxiliary::default()).unwrap();
        let info = source.info();
        assert_eq!((info.lines, info.samples), shape);
        assert_eq!(info.bands.len(), 425);
        assert_eq!(info.notes.len(), notes, "{:?}", info.notes);
        let mut line = vec![0.0; info.samples * 425];
        let window = cathartes_core::cube::Window { lines: 3..4, samples: 0..info.samples };
        source.read(&window, &(0..425).collect::<Vec<_>>(), &mut line).unwrap();
        assert!(line.iter().all(|x| x.is_finite() && *x < 100.0));
    }
}
