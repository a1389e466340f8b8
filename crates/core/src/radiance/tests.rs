use super::*;

#[test]
fn spellings_of_files_are_read_and_others_are_not_guessed() {
    let read = RadianceUnit::read;

    for text in ["W m-2 sr-1 um-1", "W/m^2/sr/um", "W/m2/sr/µm", "W m^-2 sr^-1 micron^-1"] {
        assert_eq!(read(text), Some(RadianceUnit::WattPerUm), "{text}");
    }
    for text in ["uW cm-2 nm-1 sr-1", "uW/cm^2/nm/sr", "µW nm-1 cm-2 sr-1", "microW/cm2/sr/nm"] {
        assert_eq!(read(text), Some(RadianceUnit::MicroWattPerNm), "{text}");
    }
    for text in ["mW/(m^2 sr cm^-1)", "mW m-2 sr-1 (cm-1)-1", "mW/(m2 sr cm-1)"] {
        assert_eq!(read(text), Some(RadianceUnit::MilliWattPerWavenumber), "{text}");
    }
    assert_eq!(read("W/(cm^2 sr cm^-1)"), Some(RadianceUnit::WattPerCm2Wavenumber));
    assert_eq!(read("W/(m^2 sr cm^-1)"), Some(RadianceUnit::WattPerWavenumber));
    assert_eq!(read("W cm-2 sr-1 um-1"), Some(RadianceUnit::WattPerCm2Um));
    for text in ["", "DN", "reflectance", "W", "uW m-2 sr-1", "nW cm-2 nm-1 sr-1"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn every_unit_reads_back_as_it_is_written() {
    use RadianceUnit as U;
    let all = [
        U::WattPerUm,
        U::MicroWattPerNm,
        U::WattPerCm2Um,
        U::MilliWattPerWavenumber,
        U::WattPerWavenumber,
        U::WattPerCm2Wavenumber,
    ];
    for unit in all {
        assert_eq!(U::read(unit.text()), Some(unit));
    }
}

#[test]
fn light_per_wavenumber_is_the_same_light_per_micrometre() {
    // 100 mW m-2 sr-1 (cm-1)-1 at 1,000 cm-1: one cm-1 there is 0.01 um wide.
    let factor = RadianceUnit::MilliWattPerWavenumber.per_um_factor(Nanometres(10_000.0));
    assert!((100.0 * factor - 10.0).abs() < 1e-9, "{factor}");
    // The same in W cm-2.
    let small = RadianceUnit::WattPerCm2Wavenumber.per_um_factor(Nanometres(10_000.0));
    assert!((1e-5 * small - 10.0).abs() < 1e-9);
    assert_eq!(RadianceUnit::MicroWattPerNm.per_um_factor(Nanometres(2_300.0)), 10.0);
}
