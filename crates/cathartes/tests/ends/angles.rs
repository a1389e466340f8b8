//! Sun and view angles that lie beside the radiance reach the light path and the report.

use std::process::Command;

use super::{json, searched};

/// Writes an EMIT L1B scene and its OBS companion; 90 x 80 pixels, the bands of the methane window.
const MAKE: &str = r#"
import sys
import h5py
import numpy as np

folder, rng = sys.argv[1], np.random.default_rng(5)
lines, samples = 90, 80
centres = np.arange(2100.0, 2500.0, 7.4)
with h5py.File(f"{folder}/EMIT_L1B_RAD_001_20230817T205129_2322914_007.nc", "w") as file:
    ground = np.exp(0.2 * rng.standard_normal((lines, samples, 1)))
    tilt = 1 + 0.02 * rng.standard_normal((lines, samples, 1)) * np.linspace(-1, 1, centres.size)
    noise = 0.003 * rng.standard_normal((lines, samples, centres.size))
    file["radiance"] = (0.5 * ground * tilt + noise).astype("f4")
    file["radiance"].attrs["units"] = "uW/cm^2/SR/nm"
    for name, values in [("wavelengths", centres), ("fwhm", np.full(centres.size, 8.5))]:
        file[f"sensor_band_parameters/{name}"] = values.astype("f4")
        file[f"sensor_band_parameters/{name}"].attrs["units"] = "nm"
names = ["Path length", "To-sensor azimuth", "To-sensor zenith (0 to 90 degrees from zenith)",
         "To-sun azimuth", "To-sun zenith (0 to 90 degrees from zenith)"]
with h5py.File(f"{folder}/EMIT_L1B_OBS_001_20230817T205129_2322914_007.nc", "w") as file:
    obs = np.zeros((lines, samples, len(names)), "f4")
    obs[:, :, 2], obs[:, :, 4] = 11.0, 52.5
    file["obs"] = obs
    file.create_dataset("sensor_band_parameters/observation_bands", data=names, dtype=h5py.string_dtype())
"#;

#[test]
fn an_obs_file_beside_the_radiance_gives_the_slant() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().to_str().unwrap();
    let made = Command::new("/usr/bin/python3").args(["-c", MAKE, folder]).output();
    if !made.as_ref().is_ok_and(|made| made.status.success()) {
        println!("skipped: Python with h5py and numpy is not there (apt-get install python3-h5py)");
        return;
    }
    let stem = "_001_20230817T205129_2322914_007.nc";
    let radiance = root.path().join(format!("EMIT_L1B_RAD{stem}"));
    let out = root.path().join("out");

    searched(&radiance, &out, &[]);

    let report = json(&out.join("report.json"));
    let light = report["light"].as_str().unwrap();
    assert!(light.starts_with(
        "sun zenith 52.5 degrees, from the file; view zenith 11.0 degrees, from the file; "
    ));
    let factor = report["gases"][0]["air_mass_factor"].as_f64().unwrap();
    let secant = |degrees: f64| degrees.to_radians().cos().recip();
    assert!((factor - secant(52.5) - secant(11.0)).abs() < 1e-4, "{factor}");
    let inputs = report["provenance"]["inputs"].as_array().unwrap();
    assert_eq!(inputs[1]["name"], format!("EMIT_L1B_OBS{stem}"));
    let notes = report["instrument"]["notes"].to_string();
    assert!(notes.contains(&format!("EMIT_L1B_OBS{stem}")), "{notes}");
}
