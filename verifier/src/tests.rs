use serde_json::{Value, json};

use super::*;

/// Documents to spoil; their digests are put into the certificate when it is checked.
struct Papers {
    authority: Value,
    track: Value,
    ground: Option<String>,
    certificate: Value,
}

fn square(west: f64, south: f64, east: f64, north: f64) -> Value {
    json!([[[west, south], [east, south], [east, north], [west, north]]])
}

fn claim(clause: &str, in_force: bool, plane_m: f64, height_m: Option<f64>) -> Value {
    json!({ "clause": clause, "in_force": in_force, "plane_m": plane_m, "height_m": height_m })
}

fn piece(permit: &Value, forbids: &Value) -> Value {
    json!({ "from": 0, "to": 1, "verdict": "kept", "permit": permit, "forbids": forbids })
}

/// Distances from `geographiclib` 2.1 for Python: 11018.8084 m and 33519.8365 m of leg 0, 16541.4232 m and
/// 24095.4033 m of leg 1.
fn kept() -> Papers {
    let fix = |minute: u8, lon: f64, lat: f64, height: f64| {
        json!({ "time": format!("2026-10-05T08:{minute}:00Z"), "longitude_deg": lon, "latitude_deg": lat,
                "height_m": height, "pressure_altitude_m": height - 20.0 })
    };
    let legs = [(11_018.8, 33_519.8, 2400.0), (16_541.4, 24_095.4, 2300.0)];
    let legs = legs.iter().enumerate().map(|(at, (permit, forbid, height))| {
        let permit = claim("2026-114/1", true, *permit, Some(*height));
        let forbid = claim("2026-114/2", true, *forbid, Some(1480.0 + 100.0 * at as f64 - 5943.6));
        json!({ "leg": at, "reach_m": 0, "climb_reach_m": 0, "verdict": "kept",
                "pieces": [piece(&permit, &json!([forbid]))] })
    });
    let legs: Vec<Value> = legs.collect();
    Papers {
        authority: json!({
            "form": "cathartes-authority-1", "issuer": "Directorate", "number": "2026-114",
            "valid": { "from": "2026-10-01T00:00:00Z", "to": "2027-04-01T00:00:00Z" },
            "operators": ["North Wing"], "aircraft": ["drone"],
            "clauses": [
                { "number": "1", "rule": "permit", "purposes": ["chemical survey"],
                  "volume": { "polygons": [square(-117.0, 32.0, -116.0, 33.0)],
                              "floor": { "agl_m": 0 }, "ceiling": { "amsl_m": 4000 } },
                  "when": [{ "weekly": [{ "days": ["mon", "tue"], "from": "06:00", "to": "18:00" }] }] },
                { "number": "2", "rule": "forbid",
                  "volume": { "polygons": [square(-116.5, 32.4, -116.4, 32.5)],
                              "floor": { "agl_m": 0 }, "ceiling": { "flight_level": 195 } } }
            ]
        }),
        track: json!({
            "form": "cathartes-track-1", "kind": "plan", "sortie": "S-12", "operator": "North Wing",
            "aircraft": "drone", "purpose": "chemical survey",
            "allowances": { "navigation_m": 20, "drift_m": 15, "overshoot_m": 60, "lost_link_m": 400,
                            "height_m": 30, "time_s": 60 },
            "most_speed_m_s": 60, "most_climb_m_s": 8,
            "fixes": [fix(10, -116.8, 32.1, 1500.0), fix(20, -116.7, 32.15, 1600.0), fix(30, -116.6, 32.2, 1700.0)]
        }),
        ground: None,
        certificate: json!({
            "form": "cathartes-certificate-1", "version": "0.1.0", "allowances":
            { "plane_m": 495, "height_m": 30, "time_s": 60 }, "verdict": "kept", "legs": legs,
            "authorities": [{ "number": "2026-114", "issuer": "Directorate" }],
            "track": { "sortie": "S-12", "kind": "plan" }, "for people": "passed over"
        }),
    }
}

impl Papers {
    fn checked(&self) -> Result<Vec<String>, String> {
        let (authority, track) = (self.authority.to_string(), self.track.to_string());
        let mut certificate = self.certificate.clone();
        certificate["authorities"][0]["sha256"] = digest(authority.as_bytes()).into();
        certificate["track"]["sha256"] = digest(track.as_bytes()).into();
        if let Some(ground) = &self.ground {
            certificate["ground"]["sha256"] = digest(ground.as_bytes()).into();
        }
        let ground = self.ground.as_ref().map(String::as_bytes);
        verify(
            certificate.to_string().as_bytes(),
            &[authority.as_bytes()],
            track.as_bytes(),
            ground,
        )
    }

    fn piece(&mut self, leg: usize) -> &mut Value {
        &mut self.certificate["legs"][leg]["pieces"][0]
    }

    /// Makes the track one leg.
    fn short(mut self) -> Self {
        self.certificate["legs"].as_array_mut().unwrap().pop();
        self.track["fixes"].as_array_mut().unwrap().pop();
        self
    }

    fn verdict(mut self, verdict: &str) -> Self {
        self.piece(0)["verdict"] = verdict.into();
        self.certificate["legs"][0]["verdict"] = verdict.into();
        self.certificate["verdict"] = verdict.into();
        self
    }
}

/// That a change makes the certificate wrong, with a line that says so much.
#[track_caller]
fn refused(change: impl FnOnce(&mut Papers), line: &str) {
    let mut papers = kept();
    change(&mut papers);
    let wrong = papers.checked().unwrap();
    assert!(wrong.iter().any(|wrong| wrong.contains(line)), "{wrong:#?}");
}

/// That a change cannot be read, with a reason that says so much.
#[track_caller]
fn unread(change: impl FnOnce(&mut Papers), reason: &str) {
    let mut papers = kept();
    change(&mut papers);
    let why = papers.checked().unwrap_err();
    assert!(why.contains(reason), "{why}");
}

#[test]
fn a_certificate_that_is_right_is_accepted() {
    assert_eq!(kept().checked(), Ok(vec![]));
    assert_eq!(kept().short().checked(), Ok(vec![]));
}

#[test]
fn a_bound_may_be_less_by_its_tightness_and_no_more() {
    for (plane, right) in [
        (11_018.809_2, true),
        (11_018.811_4, false),
        (11_018.808_4 * 0.995 - 0.1 - 0.000_5, true),
        (11_018.808_4 * 0.995 - 0.1 - 0.001_5, false),
    ] {
        let mut papers = kept();
        papers.piece(0)["permit"]["plane_m"] = plane.into();
        assert_eq!(papers.checked().unwrap().is_empty(), right, "{plane}");
    }
    let line =
        "leg 0: piece 0: 2026-114/1: height_m: claimed 2400.003, computed 2399.9890 to 2400.0010";
    refused(|papers| papers.piece(0)["permit"]["height_m"] = 2400.003.into(), line);
    refused(
        |papers| papers.piece(0)["permit"]["height_m"] = 2399.98.into(),
        "2026-114/1: height_m",
    );
    refused(|papers| papers.piece(0)["permit"]["height_m"] = Value::Null, "2026-114/1: height_m");
    refused(
        |papers| papers.piece(1)["forbids"][0]["plane_m"] = 24_095.41.into(),
        "leg 1: piece 0: 2026-114/2: plane_m",
    );
}

#[test]
fn every_prohibition_stands_once_and_no_other() {
    refused(
        |papers| papers.piece(1)["forbids"] = json!([]),
        "leg 1: piece 0: 2026-114/2: is left out",
    );
    let twice = |papers: &mut Papers| {
        let forbids = papers.piece(0)["forbids"].as_array_mut().unwrap();
        forbids.push(forbids[0].clone());
    };
    refused(twice, "leg 0: piece 0: clauses: claimed 3, computed 2");
    let permission =
        |papers: &mut Papers| papers.piece(0)["forbids"][0]["clause"] = "2026-114/1".into();
    refused(permission, "leg 0: piece 0: clauses: claimed 2, computed 1");
    refused(
        |papers| papers.piece(0)["permit"]["clause"] = "2026-114/2".into(),
        "leg 0: piece 0: clauses: claimed 2, computed 1",
    );
    refused(
        |papers| papers.piece(0)["permit"]["clause"] = "2026-114/9".into(),
        "leg 0: piece 0: clauses: claimed 2, computed 1",
    );
}

#[test]
fn a_clause_of_others_permits_nothing_and_forbids_nothing() {
    let others = ["operators", "aircraft"];
    for whom in others {
        refused(
            |papers| papers.authority["clauses"][0][whom] = json!(["Other"]),
            "leg 0: piece 0: clauses: claimed 2, computed 1",
        );
        refused(
            |papers| papers.authority[whom] = json!(["Other"]),
            "leg 0: piece 0: clauses: claimed 2, computed 1",
        );
        refused(
            |papers| papers.authority["clauses"][1][whom] = json!(["Other"]),
            "leg 0: piece 0: clauses: claimed 2, computed 1",
        );
    }
    refused(
        |papers| papers.authority["clauses"][0]["purposes"] = json!(["imagery"]),
        "leg 0: piece 0: clauses: claimed 2, computed 1",
    );
    let mut papers = kept();
    papers.authority["operators"] = json!(["Other"]);
    papers.authority["clauses"][0]["operators"] = json!(["North Wing"]);
    assert_eq!(papers.checked(), Ok(vec![]));
}

#[test]
fn heads_are_those_of_the_files() {
    refused(
        |papers| papers.certificate["authorities"][0]["issuer"] = "Other".into(),
        "authorities: claimed",
    );
    refused(|papers| papers.certificate["track"]["sortie"] = "S-13".into(), "track: claimed");
    refused(|papers| papers.certificate["track"]["kind"] = "flown".into(), "track: claimed");
    refused(|papers| papers.certificate["ground"] = json!({ "sha256": "0" }), "ground: claimed");
    let papers = kept();
    let (authority, track) = (papers.authority.to_string(), papers.track.to_string());
    let mut certificate = papers.certificate;
    certificate["authorities"][0]["sha256"] = digest(b"other").into();
    certificate["track"]["sha256"] = digest(b"other").into();
    let wrong =
        verify(certificate.to_string().as_bytes(), &[authority.as_bytes()], track.as_bytes(), None)
            .unwrap();
    assert!(
        wrong[0].contains("authorities: claimed") && wrong[1].contains("track: claimed"),
        "{wrong:?}"
    );
}

#[test]
fn allowances_and_reaches_are_those_of_the_track() {
    refused(
        |papers| papers.certificate["allowances"]["plane_m"] = 494.into(),
        "allowances: claimed",
    );
    refused(
        |papers| papers.certificate["allowances"]["height_m"] = 29.into(),
        "allowances: claimed",
    );
    refused(|papers| papers.certificate["allowances"]["time_s"] = 0.into(), "allowances: claimed");
    refused(
        |papers| papers.certificate["legs"][1]["reach_m"] = 1.into(),
        "leg 1: reach_m: claimed 1",
    );
    refused(
        |papers| papers.certificate["legs"][0]["climb_reach_m"] = 1.into(),
        "leg 0: climb_reach_m",
    );
}

#[test]
fn legs_and_pieces_are_whole() {
    refused(
        |papers| drop(papers.certificate["legs"].as_array_mut().unwrap().pop()),
        "legs: claimed 1, computed 2",
    );
    refused(|papers| papers.certificate["legs"][1]["leg"] = 0.into(), "leg 1: leg: claimed 0");
    refused(
        |papers| papers.piece(0)["from"] = 0.1.into(),
        "leg 0: piece 0: from: claimed 0.1, computed 0.0",
    );
    refused(
        |papers| papers.piece(1)["to"] = 0.9.into(),
        "leg 1: end of pieces: claimed 0.9, computed 1.0",
    );
    refused(
        |papers| papers.certificate["legs"][1]["pieces"] = json!([]),
        "leg 1: end of pieces: claimed 0.0",
    );
    let gap = |papers: &mut Papers| {
        let pieces = papers.certificate["legs"][0]["pieces"].as_array_mut().unwrap();
        pieces.push(pieces[0].clone());
        pieces[0]["to"] = 0.4.into();
        pieces[1]["from"] = 0.5.into();
    };
    refused(gap, "leg 0: piece 1: from: claimed 0.5, computed 0.4");
    refused(|papers| papers.piece(0)["to"] = 1e308.into(), "leg 0: end of pieces");
}

#[test]
fn verdicts_follow() {
    for verdict in ["broken", "not proven", "whatever"] {
        refused(|papers| papers.certificate["verdict"] = verdict.into(), "verdict: claimed");
        refused(
            |papers| papers.certificate["legs"][1]["verdict"] = verdict.into(),
            "leg 1: verdict: claimed",
        );
        refused(|papers| papers.piece(1)["verdict"] = verdict.into(), "leg 1: piece 0: verdict: ");
    }
}

#[test]
fn without_a_permit_nothing_is_kept_and_a_permission_that_would_do_is_named() {
    refused(
        |papers| papers.piece(0)["permit"] = Value::Null,
        "leg 0: piece 0: verdict: claimed \"kept\", computed \"not proven\"",
    );
    refused(
        |papers| papers.piece(0)["permit"] = Value::Null,
        "leg 0: piece 0: 2026-114/1: is left out",
    );
    let mut papers = kept().short().verdict("not proven");
    papers.piece(0)["permit"] = Value::Null;
    papers.track["allowances"]["lost_link_m"] = 10_930.into();
    papers.certificate["allowances"]["plane_m"] = 11_025.into();
    assert_eq!(papers.checked(), Ok(vec![]));
}

#[test]
fn outside_all_permissions_is_broken() {
    let mut papers = kept().short().verdict("broken");
    papers.authority["clauses"][0]["volume"]["polygons"] =
        json!([square(-116.5, 32.0, -116.0, 33.0)]);
    papers.piece(0)["permit"] = Value::Null;
    assert_eq!(papers.checked(), Ok(vec![]));
    let wrong = papers.verdict("not proven").checked().unwrap();
    assert_eq!(wrong, ["leg 0: piece 0: verdict: claimed \"not proven\", computed \"broken\""]);
}

#[test]
fn inside_a_prohibition_is_broken_unless_its_limits_are_not_known() {
    let mut papers = kept().short().verdict("broken");
    papers.authority["clauses"][1]["volume"]["polygons"] =
        json!([square(-117.0, 32.0, -116.0, 33.0)]);
    // The end of the leg is the deepest: `geographiclib` 2.1 for Python says 16541.4232 m.
    papers.piece(0)["forbids"][0]["plane_m"] = (-16_541.43).into();
    assert_eq!(papers.checked(), Ok(vec![]));
    papers.track["fixes"][1].as_object_mut().unwrap().remove("pressure_altitude_m");
    papers.piece(0)["forbids"][0]["height_m"] = Value::Null;
    let wrong = papers.checked().unwrap();
    assert_eq!(wrong, ["leg 0: piece 0: verdict: claimed \"broken\", computed \"not proven\""]);
    let mut papers = papers.verdict("not proven");
    assert_eq!(papers.checked(), Ok(vec![]));
    // How deep it goes is told for people.
    papers.piece(0)["forbids"][0]["plane_m"] = (-1).into();
    assert_eq!(papers.checked(), Ok(vec![]));
    papers.piece(0)["forbids"][0]["plane_m"] = 0.01.into();
    assert!(papers.checked().unwrap()[0].contains("2026-114/2: plane_m: claimed 0.01, computed"));
}

#[test]
fn a_jump_is_neither_kept_by_chance_nor_broken() {
    let flown = |speed: f64| {
        let mut papers = kept().short();
        papers.track["kind"] = "flown".into();
        papers.certificate["track"]["kind"] = "flown".into();
        papers.track["most_speed_m_s"] = speed.into();
        // (8 · 600 − 100)/2
        papers.certificate["legs"][0]["climb_reach_m"] = 2350.into();
        papers
    };
    // The leg is 10944.7664 m in 600 s; of a height of 2400 m there remain 20 m.
    let mut slow = flown(18.0).verdict("not proven");
    slow.certificate["legs"][0]["reach_m"] = 10_944.766_4.into();
    assert_eq!(slow.checked(), Ok(vec![]));
    slow.certificate["legs"][0]["reach_m"] = 0.into();
    assert!(slow.checked().unwrap()[0].contains("leg 0: reach_m: claimed 0, computed 10944.76"));
    let wrong = slow.verdict("broken").checked().unwrap();
    assert!(wrong.iter().any(|line| line.contains("verdict: claimed \"broken\"")), "{wrong:?}");
    // 18.2 m/s · 600 s and 40 m are enough, 20 m/s are more: √(12000² − 10944.7664²)/2.
    assert_eq!(flown(18.2).checked(), Ok(vec![]));
    let mut fast = flown(20.0);
    fast.certificate["legs"][0]["reach_m"] = 2_460.289_1.into();
    assert_eq!(fast.checked(), Ok(vec![]));
}

#[test]
fn a_leg_may_be_cut_and_a_place_may_be_waited_at() {
    let mut papers = kept().short();
    papers.track["fixes"][1]["longitude_deg"] = (-116.8).into();
    papers.track["fixes"][1]["latitude_deg"] = 32.1.into();
    // `geographiclib` 2.1 for Python: 11018.8084 m, and 43657.1664 m to the corner of the prohibition.
    let pieces: Vec<Value> = [(0.0, 0.25, 1500.0, 1525.0), (0.25, 1.0, 1525.0, 1600.0)]
        .iter()
        .map(|(from, to, low, high)| {
            let permit = claim("2026-114/1", true, 11_018.8, Some(4000.0 - high));
            let forbid = claim("2026-114/2", true, 43_657.1, Some(low - 20.0 - 5943.6));
            json!({ "from": from, "to": to, "verdict": "kept", "permit": permit, "forbids": [forbid] })
        })
        .collect();
    papers.certificate["legs"][0]["pieces"] = pieces.into();
    assert_eq!(papers.checked(), Ok(vec![]));
}

#[test]
fn in_force_is_as_the_time_says() {
    refused(
        |papers| papers.piece(0)["permit"]["in_force"] = false.into(),
        "2026-114/1: in_force: claimed false, computed true",
    );
    refused(
        |papers| papers.piece(0)["forbids"][0]["in_force"] = false.into(),
        "2026-114/2: in_force: claimed false",
    );
    let when = |papers: &mut Papers, clause: usize, when: Value| {
        papers.authority["clauses"][clause]["when"] = when;
    };
    let weekly =
        |days: &[&str], from: &str, to: &str| json!({ "days": days, "from": from, "to": to });
    // Leg 0 of Monday 08:10 to 08:20 with a minute before and after.
    for (permits, windows) in [
        (true, json!([{ "weekly": [weekly(&["mon"], "08:09", "08:22")] }])),
        (false, json!([{ "weekly": [weekly(&["mon"], "08:10", "08:22")] }])),
        (false, json!([{ "weekly": [weekly(&["mon"], "08:09", "08:20")] }])),
        (false, json!([{ "weekly": [weekly(&["mon"], "08:09", "08:21")] }])),
        (false, json!([{ "weekly": [weekly(&["tue"], "06:00", "18:00")] }])),
        (
            true,
            json!([{ "weekly": [weekly(&["mon"], "08:09", "08:15"), weekly(&["mon"], "08:15", "08:22")] }]),
        ),
        (true, json!([{ "to": "2026-10-05T08:15:00Z" }, { "from": "2026-10-05T08:15:00Z" }])),
        (false, json!([{ "to": "2026-10-05T08:15:00Z" }, { "from": "2026-10-05T08:15:01Z" }])),
        (
            false,
            json!([{ "weekly": [weekly(&["mon"], "08:09", "08:15"), weekly(&["mon"], "08:16", "08:22")] }]),
        ),
        (true, json!([{ "weekly": [weekly(&["sun"], "23:00", "09:00")] }])),
        (true, json!([{ "weekly": [weekly(&["sun"], "24:00", "09:00")] }])),
        (true, json!([{ "weekly": [weekly(&["mon"], "00:00", "24:00")] }])),
        (true, json!([{ "weekly": [weekly(&["sun"], "09:00", "09:00")] }])),
        (
            false,
            json!([{ "from": "2026-10-06T00:00:00Z", "weekly": [weekly(&["mon"], "06:00", "18:00")] }]),
        ),
    ] {
        let mut papers = kept().short();
        when(&mut papers, 0, windows.clone());
        assert_eq!(papers.checked().unwrap().is_empty(), permits, "{windows}");
    }
    for (forbids, windows) in [
        (true, json!([{ "weekly": [weekly(&["mon"], "08:00", "08:09")] }])),
        (false, json!([{ "weekly": [weekly(&["mon"], "08:00", "08:08")] }])),
        (true, json!([{ "from": "2026-10-05T08:21:00Z" }])),
        (false, json!([{ "from": "2026-10-05T08:21:00.000000001Z" }])),
        (true, json!([{ "to": "2026-10-05T08:09:00Z" }, { "from": "2030-01-01T00:00:00Z" }])),
    ] {
        let mut papers = kept().short();
        when(&mut papers, 1, windows.clone());
        papers.piece(0)["forbids"][0]["in_force"] = forbids.into();
        assert_eq!(papers.checked(), Ok(vec![]), "{windows}");
    }
}

#[test]
fn beyond_its_validity_a_document_permits_nothing_and_still_forbids() {
    let line = "2026-114/1: in_force: claimed true, computed false";
    refused(|papers| papers.authority["valid"]["to"] = "2026-10-05T08:15:00Z".into(), line);
    let mut papers = kept().short().verdict("broken");
    papers.authority["valid"]["from"] = "2026-10-06T00:00:00Z".into();
    papers.piece(0)["permit"]["in_force"] = false.into();
    assert_eq!(papers.checked(), Ok(vec![]));
}

/// Cells of 0.1° under 31.5 to 32.5 north, 117.3 to 116.2 west, all 100 m but one.
fn ground(row: usize, column: usize, height: i32) -> String {
    let cell = |at: usize| if at == row * 11 + column { height } else { 100 };
    let cells: Vec<String> = (0..110).map(|at| cell(at).to_string()).collect();
    let head =
        "ncols 11\nnrows 10\nxllcorner -117.3\nyllcorner 31.5\ncellsize 0.1\nNODATA_value -9999\n";
    format!("{head}{}\n", cells.join(" "))
}

#[test]
fn the_ground_is_that_of_every_cell_near_by() {
    let over_ground = |ground: String, height: Option<f64>| {
        let mut papers = kept().short();
        papers.authority["clauses"][0]["volume"]["ceiling"] = json!({ "agl_m": 2000 });
        papers.ground = Some(ground);
        papers.certificate["ground"] = json!({});
        papers.piece(0)["permit"]["height_m"] = height.into();
        papers
    };
    // The leg goes from 116.8 to 116.7 west and 32.1 to 32.15 north; 0.205 grown.
    assert_eq!(over_ground(ground(0, 0, 100), Some(2000.0 + 100.0 - 1600.0)).checked(), Ok(vec![]));
    assert_eq!(over_ground(ground(1, 2, 40), Some(2000.0 + 40.0 - 1600.0)).checked(), Ok(vec![]));
    assert_eq!(over_ground(ground(1, 1, 40), Some(2000.0 + 100.0 - 1600.0)).checked(), Ok(vec![]));
    assert_eq!(over_ground(ground(0, 2, 40), Some(2000.0 + 100.0 - 1600.0)).checked(), Ok(vec![]));
    assert!(over_ground(ground(1, 2, 40), Some(500.0)).checked().unwrap()[0].contains("height_m"));
    let unknown = over_ground(ground(1, 2, -9999), None).verdict("not proven");
    assert_eq!(unknown.checked(), Ok(vec![]));
    let mut beyond =
        over_ground(ground(0, 0, 100).replace("-117.3", "-117.0"), None).verdict("not proven");
    assert_eq!(beyond.checked(), Ok(vec![]));
    beyond.ground = None;
    beyond.certificate.as_object_mut().unwrap().remove("ground");
    assert_eq!(beyond.checked(), Ok(vec![]));
}

#[test]
fn a_ground_that_is_none_cannot_be_read() {
    let with = |from: &str, to: &str| {
        let ground = ground(0, 0, 100).replace(from, to);
        move |papers: &mut Papers| papers.ground = Some(ground)
    };
    unread(with("ncols 11", "ncols 12"), "ground: not ncols by nrows heights");
    unread(with("ncols", "colums"), "ground: not [\"ncols\"");
    unread(with("cellsize 0.1", "cellsize 0"), "ground: not ncols by nrows heights");
    unread(with("-117.3", "inf"), "ground: a word that is no number");
    unread(with("100 100\n", "100 nan\n"), "ground: a word that is no number");
    unread(|papers| papers.ground = Some(String::new()), "ground: not [\"ncols\"");
}

#[test]
fn documents_with_unknown_or_missing_fields_cannot_be_read() {
    unread(|papers| papers.authority["more"] = 1.into(), "authority file 0: unknown field `more`");
    unread(|papers| papers.authority["clauses"][0]["more"] = 1.into(), "unknown field `more`");
    unread(
        |papers| papers.authority["clauses"][0]["volume"]["more"] = 1.into(),
        "unknown field `more`",
    );
    unread(|papers| papers.authority["valid"]["more"] = 1.into(), "unknown field `more`");
    unread(
        |papers| papers.authority["clauses"][0]["when"][0]["weekly"][0]["more"] = 1.into(),
        "unknown field",
    );
    unread(|papers| papers.track["more"] = 1.into(), "track: unknown field `more`");
    unread(|papers| papers.track["fixes"][0]["more"] = 1.into(), "track: unknown field `more`");
    unread(|papers| papers.track["allowances"]["more"] = 1.into(), "track: unknown field `more`");
    for field in ["form", "authorities", "track", "allowances", "verdict", "legs"] {
        let mut papers = kept();
        papers.certificate.as_object_mut().unwrap().remove(field);
        let bytes = papers.certificate.to_string();
        assert!(
            verify(bytes.as_bytes(), &[], papers.track.to_string().as_bytes(), None).is_err(),
            "{field}"
        );
    }
    unread(
        |papers| papers.piece(0)["permit"]["plane_m"] = Value::Null,
        "certificate: invalid type: null",
    );
    unread(
        |papers| papers.certificate["form"] = "cathartes-certificate-2".into(),
        "certificate: form",
    );
    unread(|papers| papers.authority["form"] = "".into(), "authority 2026-114: form");
    unread(|papers| papers.track["form"] = "".into(), "track: form");
}

#[test]
fn tracks_that_are_none_cannot_be_read() {
    unread(
        |papers| papers.track["fixes"][1]["time"] = "2026-10-05T08:09:59Z".into(),
        "track: fixes: time goes back",
    );
    unread(|papers| papers.track["fixes"][1]["time"] = "yesterday".into(), "track: ");
    unread(
        |papers| papers.track["fixes"][1]["longitude_deg"] = 180.01.into(),
        "track: fixes: fewer than two, or one beyond",
    );
    unread(
        |papers| papers.track["fixes"][2]["latitude_deg"] = (-90.01).into(),
        "track: fixes: fewer than two, or one beyond",
    );
    unread(|papers| papers.track["allowances"]["drift_m"] = (-1).into(), "track: allowances");
    unread(|papers| papers.track["most_speed_m_s"] = (-1).into(), "track: allowances");
    unread(|papers| papers.track["kind"] = "dreamt".into(), "track: kind");
    unread(
        |papers| papers.track["fixes"].as_array_mut().unwrap().truncate(1),
        "track: fixes: fewer than two",
    );
}

#[test]
fn authorities_that_are_none_cannot_be_read() {
    let place = "authority 2026-114: ";
    let clause = |field: &'static str, value: Value| {
        move |papers: &mut Papers| papers.authority["clauses"][0][field] = value
    };
    unread(clause("rule", "perhaps".into()), &format!("{place}rule"));
    unread(clause("purposes", json!([])), &format!("{place}purposes"));
    unread(clause("purposes", json!(["pleasure"])), &format!("{place}purposes"));
    unread(clause("number", "2".into()), "authorities: two clauses have one name");
    let someday = json!([{ "weekly": [{ "days": ["day"], "from": "06:00", "to": "07:00" }] }]);
    unread(clause("when", someday), &format!("{place}when"));
    for clock in ["6:00", "24:01", "06:60", "0600", "+6:00", "06:00:00", "T6:00", ""] {
        let weekly = json!([{ "days": ["mon"], "from": clock, "to": "23:00" }]);
        unread(clause("when", json!([{ "weekly": weekly }])), &format!("{place}when"));
    }
    let volume = |field: &'static str, value: Value| {
        move |papers: &mut Papers| papers.authority["clauses"][0]["volume"][field] = value
    };
    unread(volume("polygons", json!([[]])), "authority file 0: a polygon without rings");
    unread(
        volume("polygons", json!([[[[0, 0], [1, 0], [1, 89.995]]]])),
        "authority file 0: a vertex beyond 180° or 89.99°",
    );
    unread(volume("polygons", json!([[[[0, 0], [1, 0], [1, 1, 5]]]])), "authority file 0: ");
    unread(volume("floor", json!({ "metres": 0 })), "authority file 0: unknown field");
    let papers = kept();
    let authority = papers.authority.to_string();
    let (certificate, track) = (
        papers
            .certificate
            .to_string()
            .replace("\"issuer\"", "\"sha256\":\"\",\"issuer\"")
            .replace("\"sortie\"", "\"sha256\":\"\",\"sortie\""),
        papers.track.to_string(),
    );
    let twice = verify(certificate.as_bytes(), &[authority.as_bytes(); 2], track.as_bytes(), None);
    assert!(twice.unwrap_err().contains("two clauses have one name"));
}

#[test]
fn bytes_that_are_no_document_never_stop_the_program() {
    let deep = "[".repeat(100_000);
    let unknown = format!("{{\"x\": {deep}");
    for bytes in
        [&b""[..], b"{}", b"null", b"\xff\xfe", b"1e999", deep.as_bytes(), unknown.as_bytes()]
    {
        let papers = kept();
        let [authority, track, certificate] =
            [&papers.authority, &papers.track, &papers.certificate].map(Value::to_string);
        assert!(verify(bytes, &[authority.as_bytes()], track.as_bytes(), None).is_err());
        assert!(verify(certificate.as_bytes(), &[bytes], track.as_bytes(), None).is_err());
        assert!(verify(certificate.as_bytes(), &[authority.as_bytes()], bytes, None).is_err());
    }
    let papers = kept();
    let huge = papers.certificate.to_string().replacen("11018.8", "1e999", 1);
    assert!(verify(huge.as_bytes(), &[], papers.track.to_string().as_bytes(), None).is_err());
}

proptest::proptest! {
    #[test]
    fn a_byte_that_is_changed_never_stops_the_program(which in 0..4_usize, at: proptest::sample::Index, byte: u8) {
        let mut papers = kept();
        papers.ground = Some(ground(0, 0, 100));
        let mut files = [&papers.certificate, &papers.authority, &papers.track].map(Value::to_string);
        files[0] = files[0].replace("\"sortie\"", "\"sha256\":\"\",\"sortie\"").replace("\"issuer\"", "\"sha256\":\"\",\"issuer\"");
        let [certificate, authority, track] = files;
        let mut files = [certificate, authority, track, ground(0, 0, 100)].map(String::into_bytes);
        let file = &mut files[which];
        let at = at.index(file.len());
        file[at] = byte;
        let [certificate, authority, track, ground] = &files;
        let wrong = verify(certificate, &[authority], track, Some(ground));
        proptest::prop_assert!(wrong.is_err() || wrong.is_ok_and(|wrong| !wrong.is_empty()));
    }
}
