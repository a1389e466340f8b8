//! Where the flights of the border may go, and two of them: one that keeps to it, and one that looked in from the wrong
//! side. Both are certified as they come into the record.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::border::At;

/// The border, this far south of the hidden source; the flight that strays crosses it by this much.
const SOUTH_M: f64 = -6_000.0;
const STRAY_M: f64 = -40.0;
const SPEED_M_S: f64 = 60.0;
const HEIGHT_M: f64 = 3_000.0;
const STEP_S: f64 = 5.0;

/// Writes an authority and two tracks, and brings them in.
pub(super) fn flown(
    cathartes: &impl Fn() -> Command,
    folder: &Path,
    data: &str,
    hidden: At,
) -> Result<()> {
    let put = |name: &str, document: &Value| {
        let path = folder.join(name);
        fs::write(&path, document.to_string()).with_context(|| path.display().to_string())?;
        Ok::<_, anyhow::Error>(path.display().to_string())
    };
    let authority = put("authority.json", &authority(hidden))?;
    println!("\n$ cathartes import --authority demo/border/authority.json");
    let brought =
        cathartes().args(["import", "--data", data, "--authority", &authority]).status()?;
    ensure!(brought.success(), "the authority was not taken; see above");
    for (name, stray) in [("along", false), ("astray", true)] {
        let track = put(&format!("{name}.json"), &track(name, hidden, stray))?;
        println!("\n$ cathartes import --flight demo/border/{name}.json");
        let brought = cathartes().args(["import", "--data", data, "--flight", &track]).status()?;
        ensure!(brought.success(), "the flight was not taken; see above");
    }
    println!("in truth `along` keeps 5,500 m off the border and `astray` crossed it by 40 m");
    Ok(())
}

/// North of the border surveys may fly up to 4,000 m; the neighbour south of it may never be entered.
fn authority(hidden: At) -> Value {
    // Edges are geodesics, which leave a parallel of latitude between vertices that are far apart.
    let line = |north_m: f64| -> Vec<[f64; 2]> {
        let steps = (0..=30).map(|step| -20_000.0 + 2_000.0 * f64::from(step));
        steps.map(|east_m| hidden.moved([east_m, north_m]).position()).collect()
    };
    let box_of = |south_m: f64, north_m: f64| {
        let mut ring = line(south_m);
        ring.extend(line(north_m).into_iter().rev());
        json!([[ring]])
    };
    let ground = json!({ "agl_m": 0 });
    json!({
        "form": "cathartes-authority-1",
        "issuer": "Directorate of Air Navigation",
        "number": "2026-114",
        "valid": { "from": "2026-09-01T00:00:00Z", "to": "2027-03-01T00:00:00Z" },
        "operators": ["North Wing"],
        "aircraft": ["medium-altitude drone"],
        "clauses": [
            { "number": "1", "rule": "permit", "purposes": ["chemical survey"],
              "volume": { "polygons": box_of(SOUTH_M - 5_000.0, 30_000.0), "floor": ground, "ceiling": { "amsl_m": 4_000 } } },
            { "number": "2", "rule": "forbid",
              "volume": { "polygons": box_of(SOUTH_M - 30_000.0, SOUTH_M), "floor": ground } },
        ],
    })
}

/// There and back along the border; astray, with a look over it in the middle.
fn track(name: &str, hidden: At, stray: bool) -> Value {
    let off_m = SOUTH_M + 5_500.0;
    let mut corners = vec![[-3_000.0, off_m], [15_000.0, off_m]];
    if stray {
        corners.extend([[15_500.0, SOUTH_M + STRAY_M], [16_000.0, off_m]]);
    }
    corners.extend([[15_000.0, off_m + 1_000.0], [-3_000.0, off_m + 1_000.0]]);
    let (mut fixes, mut seconds) = (vec![fix(hidden, corners[0], 0.0)], 0.0);
    for pair in corners.windows(2) {
        let [from, to] = [pair[0], pair[1]];
        let length_m = (to[0] - from[0]).hypot(to[1] - from[1]);
        let steps = (length_m / (SPEED_M_S * STEP_S)).ceil();
        for step in 1..=steps as usize {
            let share = step as f64 / steps;
            seconds += STEP_S;
            let at = [0, 1].map(|i| from[i] + share * (to[i] - from[i]));
            fixes.push(fix(hidden, at, seconds));
        }
    }
    json!({
        "form": "cathartes-track-1", "kind": "flown", "sortie": name, "operator": "North Wing",
        "aircraft": "medium-altitude drone", "purpose": "chemical survey",
        "allowances": { "navigation_m": 10, "drift_m": 0, "overshoot_m": 0, "lost_link_m": 0, "height_m": 30, "time_s": 2 },
        "most_speed_m_s": SPEED_M_S + 2.0, "most_climb_m_s": 8, "fixes": fixes,
    })
}

fn fix(hidden: At, at_m: [f64; 2], seconds: f64) -> Value {
    let [longitude, latitude] = hidden.moved(at_m).position();
    let whole = seconds as u32;
    let time = format!("2026-09-27T16:{:02}:{:02}Z", whole / 60, whole % 60);
    json!({ "time": time, "longitude_deg": longitude, "latitude_deg": latitude, "height_m": HEIGHT_M })
}
