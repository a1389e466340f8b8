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

/// Two analysts and a senior.
const PEOPLE: [(&str, &str); 3] = [("bea", "analyst"), ("carl", "analyst"), ("sol", "senior")];

/// A record with a plume that was seen, twelve places that were told of, and people.
struct Office {
    folder: TempDir,
    served: Served,
    client: Client,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("record");
        let served = Served::start(&data, &[]);
        let client = Client::first(&served);
        searched(&client, &data, &dropped(folder.path()), "1");
        let (reports, mapping) = told(folder.path());
        done(&["import", path(&reports), "--mapping", path(&mapping), "--data", path(&data)]);
        client.all_done();
        let office = Self { folder, served, client };
        for (name, role) in PEOPLE {
            let token = office.invited(role);
            let account = json!({ "token": token, "name": name, "password": PASSWORD });
            assert_eq!(office.client.post("/api/v1/accounts", &account).unwrap().0, 201);
        }
        office
    }

    /// An invitation for somebody with a role.
    fn invited(&self, role: &str) -> String {
        let invitation = self.client.post("/api/v1/invitations", &json!({ "role": role })).unwrap();
        let link = invitation.1["link"].as_str().unwrap().to_owned();
        link.split_once("token=").unwrap().1.to_owned()
    }

    /// Runs what one file of `web/e2e` says.
    fn acts(&self, file: &str) {
        let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
        assert!(web.join("node_modules").is_dir(), "run `cargo xtask web` first");
        let first = format!("{}/first?token={}", self.served.base, self.invited("analyst"));
        let mut node = Command::new("node");
        node.args(["--test", "--test-reporter", "spec", &format!("e2e/{file}")]);
        node.current_dir(web).env("BASE", &self.served.base);
        succeeds(node.env("PASSWORD", PASSWORD).env("FIRST", first));
        let data = self.folder.path().join("record");
        assert!(done(&["check", "--data", path(&data)]).contains("all well"));
    }
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

#[test]
fn an_analyst_needs_no_mouse() {
    Office::new().acts("keyboard.mjs");
}

#[test]
fn every_screen_works_in_both_languages_and_both_colours() {
    Office::new().acts("screens.mjs");
}

#[test]
fn people_work_together_without_getting_in_each_others_way() {
    Office::new().acts("together.mjs");
}

#[test]
fn no_verdict_is_lost_with_the_network() {
    Office::new().acts("cut.mjs");
}
