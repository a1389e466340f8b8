//! Flights through the executable: a month of them along a border, real logs, and what is refused.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{path, run};

/// Vertices of the border, from west to east, and how far apart.
const VERTICES: usize = 120;
const STEP_DEG: f64 = 0.02;
const WEST_DEG: f64 = -117.0;
const METRES_PER_DEGREE: f64 = 110_900.0;
/// Weekdays of October 2026; its Sundays are the 4th, 11th, 18th and 25th.
const DAYS: [u32; 24] =
    [1, 2, 3, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 26, 27, 28];
/// Kind, cruise in m/s, height in m.
const KINDS: [(&str, f64, f64); 4] = [
    ("medium-altitude drone", 70.0, 3_000.0),
    ("small drone with gas sensor", 15.0, 800.0),
    ("signals aircraft", 100.0, 3_600.0),
    ("maritime patrol aircraft", 110.0, 1_500.0),
];

/// What is wrong with a sortie.
#[derive(Clone, Copy, PartialEq)]
enum Wrong {
    Nothing,
    /// So many metres over the border.
    Over(f64),
    TooHigh,
    TooLate,
}

/// Those that are, by their number in the month.
fn wrong(number: usize) -> Wrong {
    match number {
        3 => Wrong::Over(200.0),
        9 => Wrong::Over(20.0),
        14 => Wrong::Over(2.0),
        18 => Wrong::TooHigh,
        21 => Wrong::TooLate,
        _ => Wrong::Nothing,
    }
}

fn border(vertex: usize) -> [f64; 2] {
    let x = vertex as f64;
    let north = 0.06 * (0.21 * x).sin() + 0.02 * (1.3 * x).sin() + 0.004 * (4.7 * x).cos();
    [WEST_DEG + STEP_DEG * x, 32.0 + north]
}

/// The neighbour south of the border may never be entered; north of it all four kinds may fly on weekdays from six to eight,
/// up to 4,000 m.
fn authority() -> Value {
    let mut south: Vec<[f64; 2]> = (0..VERTICES).map(border).collect();
    let east = WEST_DEG + STEP_DEG * (VERTICES - 1) as f64;
    south.extend([[east, 31.0], [WEST_DEG, 31.0]]);
    let all = [[WEST_DEG, 31.0], [east, 31.0], [east, 34.0], [WEST_DEG, 34.0]];
    let volume = |ring: Value| json!({ "polygons": [[ring]], "floor": { "agl_m": 0 } });
    let mut permitted = volume(json!(all));
    permitted["ceiling"] = json!({ "amsl_m": 4_000 });
    let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat"];
    json!({
        "form": "cathartes-authority-1",
        "issuer": "Directorate of Air Navigation",
        "number": "2026-114",
        "valid": { "from": "2026-10-01T00:00:00Z", "to": "2027-04-01T00:00:00Z" },
        "operators": ["North Wing"],
        "aircraft": KINDS.map(|(kind, ..)| kind),
        "clauses": [
            { "number": "1", "rule": "permit", "volume": permitted,
              "purposes": ["chemical survey", "imagery", "signals", "maritime"],
              "when": [{ "weekly": [{ "days": weekdays, "from": "06:00", "to": "20:00" }] }] },
            { "number": "2", "rule": "forbid", "volume": volume(json!(south)) },
        ],
    })
}

/// A race of two legs along the border, some kilometres north of it, and for some a visit to the border itself.
fn track(number: usize) -> Value {
    let (kind, speed, height) = KINDS[number % KINDS.len()];
    let wrong = wrong(number);
    let first = 10 + 3 * number;
    let [from, to] = [border(first), border(first + 12)];
    let north = (first..first + 13).map(|v| border(v)[1]).fold(f64::MIN, f64::max) + 0.03;
    let mut corners = vec![[from[0], north], [to[0], north]];
    if let Wrong::Over(metres) = wrong {
        corners.push(over(first + 6, -2_000.0));
        corners.push(over(first + 6, metres));
        corners.push(over(first + 6, -2_000.0));
    }
    corners.extend([[to[0], north + 0.02], [from[0], north + 0.02]]);
    let height = if wrong == Wrong::TooHigh { 4_100.0 } else { height };
    let hour = if wrong == Wrong::TooLate { 19.9 } else { 9.0 };
    let mut seconds = f64::from(DAYS[number]) * 86_400.0 + hour * 3_600.0;
    let mut fixes = vec![fix(seconds, corners[0], height)];
    for pair in corners.windows(2) {
        let scale = pair[0][1].to_radians().cos();
        let along = ((pair[1][0] - pair[0][0]) * scale).hypot(pair[1][1] - pair[0][1]);
        let steps = (along * METRES_PER_DEGREE / (speed * 5.0)).ceil();
        for step in 1..=steps as usize {
            let share = step as f64 / steps;
            seconds += 5.0;
            let at = [0, 1].map(|i| pair[0][i] + share * (pair[1][i] - pair[0][i]));
            fixes.push(fix(seconds, at, height));
        }
    }
    json!({
        "form": "cathartes-track-1", "kind": "flown", "sortie": format!("S-{number:02}"),
        "operator": "North Wing", "aircraft": kind, "purpose": "imagery",
        "allowances": { "navigation_m": 5, "drift_m": 0, "overshoot_m": 0, "lost_link_m": 0, "height_m": 20, "time_s": 2 },
        "most_speed_m_s": speed + 2.0, "most_climb_m_s": 10,
        "fixes": fixes,
    })
}

/// So many metres south of the middle of an edge of the border, straight across it.
fn over(vertex: usize, metres: f64) -> [f64; 2] {
    let [one, other] = [border(vertex), border(vertex + 1)];
    let scale = one[1].to_radians().cos();
    let (east, north) = ((other[0] - one[0]) * scale, other[1] - one[1]);
    let length = east.hypot(north);
    let (right, down) = (north / length, -east / length);
    let by = metres / METRES_PER_DEGREE;
    [
        f64::midpoint(one[0], other[0]) + by * right / scale,
        f64::midpoint(one[1], other[1]) + by * down,
    ]
}

fn fix(seconds: f64, at: [f64; 2], height: f64) -> Value {
    let (day, rest) = ((seconds / 86_400.0) as u32, seconds % 86_400.0);
    let (hour, minute, second) = (rest as u32 / 3_600, rest as u32 / 60 % 60, rest % 60.0);
    let time = format!("2026-10-{day:02}T{hour:02}:{minute:02}:{second:02.0}Z");
    json!({ "time": time, "longitude_deg": at[0], "latitude_deg": at[1], "height_m": height })
}

struct MonthOfFlights {
    root: tempfile::TempDir,
}

impl MonthOfFlights {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("tracks")).unwrap();
        fs::write(root.path().join("authority.json"), authority().to_string()).unwrap();
        for number in 0..DAYS.len() {
            let file = root.path().join(format!("tracks/S-{number:02}.json"));
            fs::write(file, track(number).to_string()).unwrap();
        }
        Self { root }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }
}

#[test]
fn of_a_month_of_flights_those_five_that_broke_the_rules_are_found_and_only_those() {
    let month = MonthOfFlights::new();
    let (tracks, authority, out) =
        (month.file("tracks"), month.file("authority.json"), month.file("out"));
    let given = ["comply", path(&tracks), "--month", "2026-10", "--authority", path(&authority)];
    let stated = run(&[&given[..], &["--out", path(&out)]].concat());
    assert_eq!(stated.status.code(), Some(1), "{}", String::from_utf8_lossy(&stated.stderr));
    let text = fs::read_to_string(out.join("statement.json")).unwrap();
    let statement: Value = serde_json::from_str(&text).unwrap();
    let sorties = statement["sorties"].as_array().unwrap();
    assert_eq!(sorties.len(), DAYS.len());
    for (number, sortie) in sorties.iter().enumerate() {
        let expected = if wrong(number) == Wrong::Nothing { "kept" } else { "broken" };
        assert_eq!(sortie["verdict"], expected, "{sortie}");
    }
    insta::assert_snapshot!(without_digests(&String::from_utf8_lossy(&stated.stdout)));
    every_certificate_is_right(&out, &authority, DAYS.len());
}

/// Digests change with the last digit of a sine; what they are of does not.
fn without_digests(text: &str) -> String {
    let line = |line: &str| match line.split_once("SHA-256 ") {
        Some((before, _)) => format!("{before}SHA-256 ..."),
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The second program, which shares no code with the first, says yes to each.
fn every_certificate_is_right(out: &Path, authority: &Path, count: usize) {
    let authority = fs::read(authority).unwrap();
    let mut checked = 0;
    for entry in fs::read_dir(out).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix("certificate.json") else { continue };
        let certificate = fs::read(&file).unwrap();
        let track = fs::read(out.join(format!("{stem}track.json"))).unwrap();
        let said = cathartes_verifier::verify(&certificate, &[&authority], &track, None);
        assert_eq!(said, Ok(Vec::new()), "{name}");
        checked += 1;
    }
    assert_eq!(checked, count);
}

#[test]
fn a_certificate_that_somebody_mended_is_refused_with_the_place() {
    let month = MonthOfFlights::new();
    let (track, authority, out) =
        (month.file("tracks/S-14.json"), month.file("authority.json"), month.file("out"));
    let given = ["comply", path(&track), "--authority", path(&authority), "--out", path(&out)];
    assert_eq!(run(&given).status.code(), Some(1));
    let whole = fs::read_to_string(out.join("certificate.json")).unwrap();
    let read = |file: &Path| fs::read(file).unwrap();
    let (authority, track) = (read(&authority), read(&track));
    let said = |certificate: &str| {
        cathartes_verifier::verify(certificate.as_bytes(), &[&authority], &track, None).unwrap()
    };
    assert_eq!(said(&whole), Vec::<String>::new());
    let mended = whole.replace("\"broken\"", "\"kept\"");
    assert!(said(&mended).iter().any(|line| line.contains("leg")), "{:?}", said(&mended));
    let other = String::from_utf8(track.clone()).unwrap().replace("S-14", "S-15");
    let of_another =
        cathartes_verifier::verify(whole.as_bytes(), &[&authority], other.as_bytes(), None);
    assert!(!of_another.unwrap().is_empty());
}

#[test]
fn an_authority_for_weapons_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let (file, track_file) = (root.path().join("armed.json"), root.path().join("track.json"));
    let mut armed = authority();
    armed["clauses"][0]["purposes"] = json!(["weapons"]);
    fs::write(&file, armed.to_string()).unwrap();
    fs::write(&track_file, track(0).to_string()).unwrap();
    let refused = run(&["comply", path(&track_file), "--authority", path(&file)]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("weapons are no purpose"), "{said}");
    let record = root.path().join("record");
    let refused = run(&["import", "--authority", "--data", path(&record), path(&file)]);
    assert_eq!(refused.status.code(), Some(2));
}

/// A folder of real logs, when it is there.
fn real() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/flight");
    if !folder.exists() {
        println!("left out: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

const ABOUT: &str = r#"
sortie = "real"
operator = "wing"
aircraft = "aircraft"
purpose = "imagery"
most_speed_m_s = 90
most_climb_m_s = 12
pressure_error_m = 400

[allowances]
navigation_m = 10
height_m = 30
time_s = 2

[sensor]
gas = "ch4"
ground_m = 1850
detection_probability = 0.9
false_alarms_per_km2 = 0.01
limits = [{ height_m = 1, kg_per_h = 0.5 }, { height_m = 12000, kg_per_h = 40 }]
"#;

/// Everything is permitted within a few degrees of a place, up to 12 km.
fn around([longitude, latitude]: [f64; 2]) -> Value {
    let [west, east] = [longitude - 3.0, longitude + 3.0];
    let ring = [
        [west, latitude - 3.0],
        [east, latitude - 3.0],
        [east, latitude + 3.0],
        [west, latitude + 3.0],
    ];
    json!({
        "form": "cathartes-authority-1", "issuer": "x", "number": "A",
        "valid": { "from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z" },
        "operators": ["wing"], "aircraft": ["aircraft"],
        "clauses": [{ "number": "1", "rule": "permit", "purposes": ["imagery"],
            "volume": { "polygons": [[ring]], "floor": { "agl_m": 0 }, "ceiling": { "amsl_m": 12_000 } } }],
    })
}

/// A log certified, and the certificate checked by the second program.
fn certified(log: &Path, place: [f64; 2]) -> (Value, String) {
    let root = tempfile::tempdir().unwrap();
    let [about, authority, out] =
        ["about.toml", "authority.json", "out"].map(|name| root.path().join(name));
    fs::write(&about, ABOUT).unwrap();
    fs::write(&authority, around(place).to_string()).unwrap();
    let given = ["comply", path(log), "--about", path(&about), "--authority", path(&authority)];
    let ran = run(&[&given[..], &["--out", path(&out)]].concat());
    let read = |file: &Path| fs::read(file).unwrap();
    let certificate = read(&out.join("certificate.json"));
    let (authority, track) = (read(&authority), read(&out.join("track.json")));
    let said = cathartes_verifier::verify(&certificate, &[&authority], &track, None);
    assert_eq!(said, Ok(Vec::new()));
    let words = String::from_utf8_lossy(&ran.stdout).into_owned();
    (serde_json::from_slice(&certificate).unwrap(), words)
}

#[test]
fn real_logs_are_certified_with_their_gaps_and_the_verifier_agrees() {
    let Some(folder) = real() else { return };
    // KLV: 711 packets a fifth of a second apart, marked as its security set says.
    let (klv, words) = certified(&folder.join("Truck.klv"), [-104.87, 41.1]);
    assert_eq!(klv["legs"].as_array().unwrap().len(), 710);
    assert_eq!(klv["verdict"], "kept", "{words}");
    assert!(words.contains("marked: UNCLASSIFIED"), "{words}");
    // MAVLink: 41 minutes with six gaps, far from any edge; its heights are not always known.
    let (tlog, words) = certified(&folder.join("mavlink/flight.tlog"), [149.165, -35.363]);
    assert!(tlog["legs"].as_array().unwrap().len() > 6_000);
    assert!(words.contains("in the log: "), "{words}");
}

#[test]
fn what_a_real_sensor_searched_is_evidence_that_the_record_takes() {
    let Some(folder) = real() else { return };
    let root = tempfile::tempdir().unwrap();
    let [about, out, record] = ["about.toml", "out", "record"].map(|name| root.path().join(name));
    fs::write(&about, ABOUT).unwrap();
    let log = folder.join("Truck.klv");
    let ran = run(&["searched", path(&log), "--about", path(&about), "--out", path(&out)]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let evidence = out.join("searched.geojson");
    let read: Value = serde_json::from_str(&fs::read_to_string(&evidence).unwrap()).unwrap();
    let count = read["features"].as_array().unwrap().len();
    assert!(count > 0);
    let brought = run(&["import", "--data", path(&record), path(&evidence)]);
    let said = String::from_utf8_lossy(&brought.stdout).into_owned();
    assert!(said.contains(&format!("{count} observations are new")), "{said}");
}

/// A real flight sent datagram by datagram: every position is told, everything is recorded, and the record is a log.
#[test]
fn an_aircraft_is_followed_and_everything_it_sends_is_kept() {
    let Some(folder) = real() else { return };
    let root = tempfile::tempdir().unwrap();
    let [about, authority, kept] =
        ["about.toml", "authority.json", "kept.klv"].map(|name| root.path().join(name));
    fs::write(&about, ABOUT).unwrap();
    fs::write(&authority, around([-104.87, 41.1]).to_string()).unwrap();
    let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let at = format!("udp://127.0.0.1:{port}");
    let mut follow = std::process::Command::new(super::PROGRAM);
    follow.args(["follow", "--klv", &at, "--about", path(&about), "--authority", path(&authority)]);
    follow.args(["--record", path(&kept), "--json", "--last", "6"]);
    let following = follow.stdout(std::process::Stdio::piped()).spawn().unwrap();
    super::stops::wait_for(&kept);
    let log = fs::read(folder.join("Truck.klv")).unwrap();
    let packets = packets(&log);
    for packet in packets.iter().take(200) {
        sender.send_to(packet, ("127.0.0.1", port)).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let ended = following.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    let positions = said.lines().filter(|line| line.contains("\"position\"")).count();
    assert_eq!(positions, 200, "{said}");
    assert_eq!(ended.status.code(), Some(0), "nothing is near: {said}");
    let sent: Vec<u8> = packets[..200].concat();
    assert_eq!(fs::read(&kept).unwrap(), sent);
}

/// Packets of a KLV stream, each from its key to the next.
fn packets(log: &[u8]) -> Vec<&[u8]> {
    const KEY: [u8; 16] = [6, 14, 43, 52, 2, 11, 1, 1, 14, 1, 3, 1, 1, 0, 0, 0];
    let starts: Vec<usize> =
        (0..log.len().saturating_sub(15)).filter(|at| log[*at..].starts_with(&KEY)).collect();
    let ends = starts.iter().skip(1).copied().chain([log.len()]);
    starts.iter().zip(ends).map(|(from, to)| &log[*from..to]).collect()
}

#[test]
fn zones_of_others_are_prohibitions_unless_somebody_says_what_they_permit() {
    let root = tempfile::tempdir().unwrap();
    let [zones, out, permits, back] =
        ["zones.txt", "out.json", "permits.json", "back.kml"].map(|name| root.path().join(name));
    fs::write(
        &zones,
        "AC R\nAN Range\nAL SFC\nAH 3500ft MSL\nV X=32:10:00 N 116:30:00 W\nDC 2\n\nAC P\nAN Palace\nAL SFC\nAH FL195\n\
         DP 32:00:00 N 116:00:00 W\nDP 32:00:00 N 115:54:00 W\nDP 32:06:00 N 115:54:00 W\n",
    )
    .unwrap();
    let head =
        ["--number", "Z", "--issuer", "x", "--valid", "2026-01-01T00:00:00Z/2027-01-01T00:00:00Z"];
    let import = |out: &Path, more: &[&str]| {
        let given = ["authority", "import", path(&zones), "--out", path(out)];
        run(&[&given[..], &head, more].concat())
    };
    let ran = import(&out, &[]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    insta::assert_snapshot!(String::from_utf8_lossy(&ran.stdout));
    let again = import(&out, &[]);
    assert_eq!(again.status.code(), Some(2), "a file that is there is somebody's");
    let more = ["--permit", "imagery", "--operator", "wing", "--aircraft", "drone"];
    let ran = import(&permits, &more);
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(
        !said.contains("permits imagery: 1 polygon of 3"),
        "a prohibited zone permits nothing: {said}"
    );
    let written = run(&["authority", "export", path(&out), "--form", "kml", "--out", path(&back)]);
    assert_eq!(written.status.code(), Some(0));
    assert!(fs::read_to_string(&back).unwrap().contains("<Polygon>"));
}
