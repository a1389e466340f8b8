use super::*;

#[test]
fn the_builtin_table_holds_two_hundred_grounds_and_two_instruments() {
    let scenery = builtin().unwrap();

    assert_eq!(scenery.surfaces.len(), 200);
    let bands: Vec<(&str, usize)> =
        scenery.instruments.iter().map(|i| (i.slug.as_str(), i.bands.len())).collect();
    assert_eq!(bands, [("aviris-ng", 425), ("emit", 285)]);
    for class in [
        SurfaceClass::Green,
        SurfaceClass::Soil,
        SurfaceClass::Dry,
        SurfaceClass::Asphalt,
        SurfaceClass::Roof,
        SurfaceClass::Water,
    ] {
        assert!(scenery.surfaces.iter().filter(|s| s.class == class).count() >= 9, "{class:?}");
    }
}

#[test]
fn sunlight_has_the_solar_constant_in_it() {
    // 350 to 2,500 nm carries about 1,270 of the sun's 1,361 W m-2.
    let sun = builtin().unwrap().sun;
    let w_per_m2 = sun.values.iter().map(|&v| f64::from(v)).sum::<f64>() * sun.step.0 * 0.01;
    assert!((1_230.0..1_310.0).contains(&w_per_m2), "{w_per_m2}");
}

#[test]
fn every_reflectance_is_a_reflectance() {
    for surface in builtin().unwrap().surfaces {
        assert!(surface.reflectance.values.iter().all(|v| (0.0..=1.4).contains(v)));
    }
}

#[test]
fn a_damaged_table_is_an_error_that_says_where() {
    assert_eq!(decode(b"not deflated").unwrap_err(), SceneryError::Deflate { limit: LIMIT });
    let mut raw = Vec::new();
    flate2::read::ZlibDecoder::new(BUILTIN).read_to_end(&mut raw).unwrap();
    let deflate = |bytes: &[u8]| {
        let mut z = flate2::read::ZlibEncoder::new(bytes, flate2::Compression::fast());
        let mut out = Vec::new();
        z.read_to_end(&mut out).unwrap();
        out
    };
    let cut = decode(&deflate(&raw[..raw.len() - 1])).unwrap_err();
    assert!(matches!(cut, SceneryError::Short { array: "instruments", .. }), "{cut}");
    let other = decode(&deflate(b"CATHSCN0....")).unwrap_err();
    assert_eq!(other.to_string(), "scenery table: byte 0: not a scenery table");
}
