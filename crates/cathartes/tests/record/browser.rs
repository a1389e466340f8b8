//! The workbench in Debian's Chromium. What a person does there is written in `web/e2e`; here is the record that they
//! find, and the people.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;
use tempfile::TempDir;

use super::{
    chain::{dropped, searched},
    done,
    others::succeeds,
    path,
    served::{Client, PASSWORD, Served},
    sites::MAPPING,
};

/// Two analysts, a senior and an inspector.
const PEOPLE: [(&str, &str); 4] =
    [("bea", "analyst"), ("carl", "analyst"), ("sol", "senior"), ("ines", "inspector")];
/// Two who release.
const RELEASING: [(&str, &str); 2] = [("rosa", "releasing_officer"), ("olmo", "releasing_officer")];

/// A record with a plume that was seen, twelve places that were told of, and people.
pub(super) struct Office {
    pub(super) folder: TempDir,
    served: Served,
    pub(super) client: Client,
}

impl Office {
    fn new() -> Self {
        Self::with(tempfile::tempdir().unwrap(), &[])
    }

    /// One that seals and sends to a body of partners.
    pub(super) fn releasing() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        done(&["key", "new", path(&keys)]);
        let key = secret_key(&keys);
        let office = Self::with(folder, &["--seal-key", path(&key)]);
        let data = office.folder.path().join("record");
        let name = "Policía de los Andes";
        done(&["recipient", "add", "andes", "--name", name, "--data", path(&data)]);
        office.people(&RELEASING);
        office
    }

    fn with(folder: TempDir, more: &[&str]) -> Self {
        let data = folder.path().join("record");
        let served = Served::start(&data, more);
        let client = Client::first(&served);
        searched(&client, &data, &dropped(folder.path()), "1");
        let (reports, mapping) = told(folder.path());
        done(&["import", path(&reports), "--mapping", path(&mapping), "--data", path(&data)]);
        fly(folder.path(), &data);
        client.all_done();
        let office = Self { folder, served, client };
        office.people(&PEOPLE);
        office
    }

    fn people(&self, people: &[(&str, &str)]) {
        for (name, role) in people {
            let token = self.invited(role);
            let account = json!({ "token": token, "name": name, "password": PASSWORD });
            assert_eq!(self.client.post("/api/v1/accounts", &account).unwrap().0, 201);
        }
    }

    /// A site that two confirmed and that may go to the body of partners.
    pub(super) fn confirmed(&self) -> String {
        let queue = self.client.get("/api/v1/queue?kind=site&limit=1");
        let site = queue["items"][0]["id"].as_str().unwrap().to_owned();
        for name in ["bea", "carl"] {
            let review =
                json!({ "kind": "site", "id": site, "verdict": "confirm", "reason": "seen" });
            let (status, said) = self.client.of(name).post("/api/v1/reviews", &review).unwrap();
            assert_eq!(status, 201, "{said}");
        }
        let marking = json!({
            "marking": { "classification": "restricted", "releasable_to": ["andes"] },
            "why": "agreed with those it came from",
        });
        let at = format!("/api/v1/markings/site/{site}");
        let (status, said) = self.client.of("sol").post(&at, &marking).unwrap();
        assert_eq!(status, 200, "{said}");
        site
    }

    /// An invitation for somebody with a role.
    fn invited(&self, role: &str) -> String {
        let invitation = self.client.post("/api/v1/invitations", &json!({ "role": role })).unwrap();
        let link = invitation.1["link"].as_str().unwrap().to_owned();
        link.split_once("token=").unwrap().1.to_owned()
    }

    /// Runs what one file of `web/e2e` says.
    fn acts(&self, file: &str) {
        self.acts_on(file, "");
    }

    /// The same, about a site or a finding.
    fn acts_on(&self, file: &str, subject: &str) {
        let first = format!("{}/first?token={}", self.served.base, self.invited("analyst"));
        act(file, &[("BASE", &self.served.base), ("SUBJECT", subject), ("FIRST", &first)]);
        let data = self.folder.path().join("record");
        assert!(done(&["check", "--data", path(&data)]).contains("all well"));
    }
}

/// Runs what one file of `web/e2e` says, which knows this by its environment.
pub(super) fn act(file: &str, told: &[(&str, &str)]) {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    assert!(web.join("node_modules").is_dir(), "run `cargo xtask web` first");
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter", "spec", &format!("e2e/{file}")]);
    node.current_dir(web).envs(told.iter().copied());
    succeeds(node.env("PASSWORD", PASSWORD));
}

/// The secret file of those that `key new` wrote.
pub(super) fn secret_key(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut secret = files.filter(|file| file.extension().is_some_and(|end| end == "key"));
    secret.next().expect("a secret key")
}

/// Twelve places a kilometre and more apart, two reports of each.
fn told(top: &Path) -> (PathBuf, PathBuf) {
    let row = |place: u32, who: u32| {
        let latitude = 31.8 + 0.02 * f64::from(place);
        let day = 10 + place;
        format!("office-{who},{latitude},-106.2,2026-11-{day}T18:00:00Z,smell\n")
    };
    let rows: String = (0..12).flat_map(|place| [row(place, 1), row(place, 2)]).collect();
    let files = (top.join("told.csv"), top.join("told.toml"));
    fs::write(&files.0, format!("collector,Lat,Lon,When,sign\n{rows}")).unwrap();
    fs::write(&files.1, MAPPING).unwrap();
    files
}

/// What permits and forbids around those places, and two flights: one along the line that may not be crossed, one over it.
fn fly(top: &Path, data: &Path) {
    let square = |[west, south, east, north]: [f64; 4]| {
        json!([[[[west, south], [east, south], [east, north], [west, north]]]])
    };
    let ground = json!({ "agl_m": 0 });
    let authority = json!({
        "form": "cathartes-authority-1", "issuer": "Directorate of Air Navigation", "number": "2026-114",
        "valid": { "from": "2026-10-01T00:00:00Z", "to": "2027-04-01T00:00:00Z" },
        "operators": ["North Wing"], "aircraft": ["medium-altitude drone"],
        "clauses": [
            { "number": "1", "rule": "permit", "purposes": ["chemical survey"],
              "volume": { "polygons": square([-106.7, 31.6, -105.8, 32.2]), "floor": ground, "ceiling": { "amsl_m": 6_000 } } },
            { "number": "2", "rule": "forbid",
              "volume": { "polygons": square([-106.7, 31.5, -105.8, 31.72]), "floor": ground } },
        ],
    });
    let file = top.join("authority.json");
    fs::write(&file, authority.to_string()).unwrap();
    done(&["import", "--authority", path(&file), "--data", path(data)]);
    for (name, south) in [("along", 31.76), ("astray", 31.7)] {
        let fix = |n: u32| {
            let dip = 1.0 - (f64::from(n) / 30.0 - 1.0).abs();
            json!({ "time": format!("2026-11-20T18:{n:02}:00Z"), "longitude_deg": -106.4 + 0.008 * f64::from(n),
                "latitude_deg": 31.9 - dip * (31.9 - south), "height_m": 3_500 })
        };
        let track = json!({
            "form": "cathartes-track-1", "kind": "flown", "sortie": name, "operator": "North Wing",
            "aircraft": "medium-altitude drone", "purpose": "chemical survey",
            "allowances": { "navigation_m": 10, "drift_m": 0, "overshoot_m": 0, "lost_link_m": 0, "height_m": 30, "time_s": 2 },
            "most_speed_m_s": 22, "most_climb_m_s": 8, "fixes": (0..60).map(fix).collect::<Vec<_>>(),
        });
        let file = top.join(format!("{name}.json"));
        fs::write(&file, track.to_string()).unwrap();
        done(&["import", "--flight", path(&file), "--data", path(data)]);
    }
}

#[test]
fn an_analyst_needs_no_mouse() {
    Office::new().acts("keyboard.mjs");
}

#[test]
fn every_screen_works_in_both_languages_and_both_colours() {
    Office::new().acts("screens.mjs");
}

#[test]
fn every_site_is_a_mark_on_the_map_that_is_met_opened_and_kept_up_to_date() {
    Office::new().acts("map.mjs");
}

#[test]
fn people_work_together_without_getting_in_each_others_way() {
    Office::new().acts("together.mjs");
}

#[test]
fn no_verdict_is_lost_with_the_network() {
    Office::new().acts("cut.mjs");
}

#[test]
fn what_leaves_is_drafted_shown_approved_by_two_and_sent_on_the_screen() {
    let office = Office::releasing();
    let site = office.confirmed();
    office.acts_on("releases.mjs", &format!("site/{site}"));
}

#[test]
fn an_inspector_steps_through_a_day_and_has_the_log_read_whole() {
    Office::new().acts("oversight.mjs");
}
