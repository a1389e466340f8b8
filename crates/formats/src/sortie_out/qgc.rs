//! `QGroundControl`: the `.plan` of its developer guide, and the older list of way points.

use serde_json::{Value, json};

use super::{
    Outgoing, degrees,
    fence::fences,
    items::{Item, WAYPOINT, items},
    metres,
};

/// Heights above mean sea level, for the autopilot and for the editor.
const FRAME_GLOBAL: u8 = 0;
const FRAME_MISSION: u8 = 2;
const ABSOLUTE: u8 = 2;
/// An autopilot and an aircraft of any kind.
const GENERIC: u8 = 0;
const FIXED_WING: u8 = 1;
const MULTIROTOR: u8 = 2;

/// A `.plan` file with mission and geofence.
#[must_use]
pub fn qground(out: &Outgoing<'_>) -> String {
    let platform = &out.aircraft.platform;
    let speed = platform.speeds[1].0;
    let hovers = platform.speeds[0].0 <= 0.0;
    let base = out.aircraft.base;
    let home = [base.latitude.0, base.longitude.0].map(degrees);
    let polygons: Vec<Value> = fences(out)
        .iter()
        .map(|fence| {
            let corner = |at: &cathartes_core::geometry::LatLon| {
                json!([degrees(at.latitude.0), degrees(at.longitude.0)])
            };
            let corners: Vec<Value> = fence.corners.iter().map(corner).collect();
            json!({ "inclusion": fence.inclusion, "polygon": corners, "version": 1 })
        })
        .collect();
    let mission: Vec<Value> = (1..).zip(items(out)).map(|(n, item)| simple(n, &item)).collect();
    let file = json!({
        "fileType": "Plan",
        "version": 1,
        "groundStation": "QGroundControl",
        "geoFence": { "version": 2, "circles": [], "polygons": polygons },
        "mission": {
            "version": 2,
            "firmwareType": GENERIC,
            "vehicleType": if hovers { MULTIROTOR } else { FIXED_WING },
            "cruiseSpeed": speed,
            "hoverSpeed": speed,
            "globalPlanAltitudeMode": ABSOLUTE,
            "plannedHomePosition": [home[0], home[1], metres(out.aircraft.base_height.0)],
            "items": mission,
        },
        "rallyPoints": { "version": 2, "points": [] },
    });
    format!("{file:#}\n")
}

fn simple(number: usize, item: &Item) -> Value {
    let mut parameters: Vec<Value> =
        item.parameters.iter().map(|one| one.map_or(Value::Null, |one| json!(one))).collect();
    let Some((place, height_m)) = item.at else {
        parameters.extend([0, 0, 0].map(Value::from));
        return json!({
            "type": "SimpleItem",
            "autoContinue": true,
            "command": item.command,
            "doJumpId": number,
            "frame": FRAME_MISSION,
            "params": parameters,
        });
    };
    let at = [degrees(place.latitude.0), degrees(place.longitude.0), metres(height_m)];
    parameters.extend(at.map(Value::from));
    json!({
        "type": "SimpleItem",
        "autoContinue": true,
        "command": item.command,
        "doJumpId": number,
        "frame": FRAME_GLOBAL,
        "params": parameters,
        "AMSLAltAboveTerrain": null,
        "Altitude": at[2],
        "AltitudeMode": ABSOLUTE,
    })
}

/// The same mission as `QGC WPL 110`: home first, then one item a line, tabs between.
#[must_use]
pub fn waypoints(out: &Outgoing<'_>) -> String {
    let home = Item {
        command: WAYPOINT,
        parameters: [Some(0.0); 4],
        at: Some((out.aircraft.base, out.aircraft.base_height.0)),
    };
    let all = std::iter::once(home).chain(items(out)).enumerate();
    let lines: String = all.map(|(number, item)| line(number, &item)).collect();
    format!("QGC WPL 110\n{lines}")
}

fn line(number: usize, item: &Item) -> String {
    let frame = if item.at.is_some() { FRAME_GLOBAL } else { FRAME_MISSION };
    let [a, b, c, d] = item.parameters.map(|one| one.unwrap_or(0.0));
    let (latitude, longitude, height_m) =
        item.at.map_or((0.0, 0.0, 0.0), |(p, h)| (p.latitude.0, p.longitude.0, h));
    let (current, command) = (u8::from(number == 0), item.command);
    let head = format!("{number}\t{current}\t{frame}\t{command}");
    let parameters = format!("{a:.3}\t{b:.3}\t{c:.3}\t{d:.3}");
    format!("{head}\t{parameters}\t{latitude:.8}\t{longitude:.8}\t{height_m:.2}\t1\n")
}
