//! Numbers with their unit in the type. SI, except nm, cm⁻¹, ppm m and degrees, because
//! instruments and papers use these.

use serde::{Deserialize, Serialize};

macro_rules! unit {
    ($($(#[$doc:meta])* $name:ident $symbol:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)?;
                f.write_str(concat!(" ", $symbol))
            }
        }
    )*};
}

unit! {
    /// Wavelength in vacuum, nm.
    Nanometres "nm";
    /// Wavenumber, cm⁻¹.
    PerCm "cm-1";
    /// Gas column: mixing ratio times path, parts per million times metres.
    PpmMetres "ppm-m";
    /// Gas column times thermal contrast.
    PpmMetresKelvin "ppm-m K";
    /// Length, m.
    Metres "m";
    /// Area, m².
    SquareMetres "m2";
    /// Speed, m s⁻¹.
    MetresPerSecond "m/s";
    /// Angle, degrees; bearings clockwise from true north.
    Degrees "deg";
    /// Mass, kg.
    Kilograms "kg";
    /// Mass per time, kg h⁻¹: shown to people and compared with permits.
    KgPerHour "kg/h";
    /// Temperature, K.
    Kelvin "K";
    /// Molar mass, g mol⁻¹.
    GramsPerMole "g/mol";
    /// Mixing ratio by volume, 10⁻⁶.
    PartsPerMillion "ppm";
    /// Time since a stated moment, s.
    Seconds "s";
    /// Pressure, kPa.
    Kilopascals "kPa";
}

impl PerCm {
    /// The same light as a wavelength.
    #[must_use]
    pub fn to_nm(self) -> Nanometres {
        Nanometres(1e7 / self.0)
    }
}

impl Nanometres {
    /// The same light as a wavenumber.
    #[must_use]
    pub fn to_per_cm(self) -> PerCm {
        PerCm(1e7 / self.0)
    }
}
