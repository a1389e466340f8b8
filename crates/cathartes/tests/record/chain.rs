use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
};

use serde_json::{Value, json};

use super::{
    done, path, run,
    served::{Client, PASSWORD, Served, agent},
};

const RECIPE: &str = r#"
seed = 11

[scene]
lines = 96
samples = 64

[instrument]
name = "aviris-ng"
altitude_m = 3000

[wind]
speed_m_s = 3.0
from_deg = 250

[[plume]]
kind = "gaussian"
gas = "ch4"
line = 48
sample = 20
rate_kg_h = 900
"#;

/// A folder with one image.
pub(crate) fn dropped(top: &Path) -> std::path::PathBuf {
    let folder = top.join("dropped");
    fs::create_dir(&folder).unwrap();
    let recipe = top.join("recipe.toml");
    fs::write(&recipe, RECIPE).unwrap();
    done(&["simulate", path(&recipe), "--out", path(&folder.join("line.bil")), "--quiet"]);
    folder
}

/// Imports a folder and waits for its search; what the import said.
pub(crate) fn searched(client: &Client, data: &Path, folder: &Path, seed: &str) -> String {
    let words = ["import", path(folder), "--data", path(data), "--gas", "ch4", "--seed", seed];
    let more = ["--wind", "3.0,250,0.5", "--time", "2026-11-26T10:00:00Z"];
    let said = done(&[&words[..], &more].concat());
    assert!(said.contains("1 jobs"), "{said}");
    client.all_done();
    said
}

#[test]
fn a_folder_goes_through_the_chain_and_comes_out_of_both_interfaces() {
    let top = tempfile::tempdir().unwrap();
    let (data, folder) = (top.path().join("record"), dropped(top.path()));
    let served = Served::start(&data, &[]);
    let client = Client::first(&served);
    let changes = listen(&client);

    let said = searched(&client, &data, &folder, "1");
    let jobs = client.get("/api/v1/jobs");
    let search = jobs.as_array().unwrap().iter().find(|job| job["do"] == "detect").unwrap();
    assert_eq!(search["state"], "done", "{jobs}");
    assert!(search["note"].as_str().unwrap().contains("plume"), "{jobs}");

    let plumes = client.get("/ogc/collections/plumes/items");
    let plume = &plumes["features"][0];
    assert_eq!(plume["properties"]["gas"], "ch4", "{plumes}");
    assert_eq!(plume["properties"]["provenance"]["seed"], 1);
    let scene = plume["properties"]["scene"].as_str().unwrap();
    let filtered = |filter: &str| {
        let found =
            client.get(&format!("/ogc/collections/plumes/items?limit=1000&filter={filter}"));
        found["features"].as_array().unwrap().len()
    };
    let all = filtered("gas='ch4'%20AND%20begins=TIMESTAMP('2026-11-26T10:00:00Z')");
    assert_eq!(all, filtered("recorded_by%20LIKE%20'worker:%25'"));
    assert_eq!((all > 0, filtered("gas='nh3'")), (true, 0));
    let itself = plume["links"][0]["href"].as_str().unwrap();
    assert_eq!(client.get(itself)["id"], plume["id"]);

    let found = client.get("/stac/search?datetime=2026-11-26T00:00:00Z/2026-11-27T00:00:00Z");
    let item = &found["features"][0];
    assert_eq!(item["id"], scene);
    let report = item["assets"]["report.json"]["href"].as_str().unwrap();
    assert_eq!(client.get(report)["provenance"], plume["properties"]["provenance"]);
    assert!(item["assets"]["timings.json"].is_null());
    let asset = |of: &str| &item["assets"][plume["properties"][of].as_str().unwrap()];
    assert_eq!(asset("picture")["type"], "image/png", "{plume}");
    assert_eq!(asset("spectrum")["type"], "application/json", "{plume}");
    let spectrum = client.get(asset("spectrum")["href"].as_str().unwrap());
    assert_eq!(spectrum["curves"][0]["of"], "plume", "{spectrum}");
    let (status, none) =
        client.post("/stac/search", &json!({ "collections": ["other"], "limit": 3 })).unwrap();
    assert_eq!((status, &none["features"]), (200, &json!([])));

    let heard = changes.join().unwrap();
    assert!(heard.iter().any(|change| change["action"] == "job.done"), "{heard:?}");
    let again = searched(&client, &data, &folder, "1");
    assert_eq!(again, said, "the same folder asks for nothing twice");
    served.stop();
    let checked = done(&["check", "--data", path(&data)]);
    assert!(checked.contains("all well"), "{checked}");
}

/// Hears changes until a job is done.
fn listen(client: &Client) -> std::thread::JoinHandle<Vec<Value>> {
    let body = client.stream("/api/v1/changes");
    std::thread::spawn(move || {
        let mut heard = Vec::new();
        for line in BufReader::new(body).lines() {
            let Ok(line) = line else { break };
            if let Some(data) = line.strip_prefix("data: ") {
                let change: Value = serde_json::from_str(data).unwrap();
                let end = change["action"] == "job.done";
                heard.push(change);
                if end {
                    break;
                }
            }
        }
        heard
    })
}

#[test]
fn nobody_comes_in_without_an_invitation() {
    let top = tempfile::tempdir().unwrap();
    let served = Served::start(&top.path().join("record"), &["--workers", "0"]);
    let at = |page: &str| format!("{}{page}", served.base);
    let (config, first) = (agent(), served.first.clone().unwrap());
    for page in
        ["/ogc", "/stac", "/stac/search", "/api/v1/jobs", "/api/v1/changes", "/api/v1/audit"]
    {
        let answer = config.get(at(page)).call().unwrap();
        assert_eq!(answer.status(), 401, "{page}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{page}");
    }
    let form = config.get(&first).call().unwrap().into_body().read_to_string().unwrap();
    assert!(form.contains("name=\"password\""), "{form}");
    let token = first.split_once("token=").unwrap().1;
    let weak = [("token", token), ("name", "ana"), ("password", "short")];
    let answer = config.post(at("/first")).send_form(weak).unwrap();
    assert_eq!(answer.status(), 400);
    let good = [("token", token), ("name", "ana"), ("password", PASSWORD)];
    let answer = config.post(at("/first")).send_form(good).unwrap();
    assert_eq!(answer.status(), 303);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();

    let who = config.get(at("/api/v1/session")).header("cookie", cookie).call().unwrap();
    let who: Value = who.into_body().read_json().unwrap();
    assert_eq!((who["name"].as_str(), who["role"].as_str()), (Some("ana"), Some("administrator")));
    let invite = json!({ "role": "inspector" });
    let post = || config.post(at("/api/v1/invitations")).header("cookie", cookie);
    assert_eq!(post().send_json(&invite).unwrap().status(), 403, "no CSRF token");
    let csrf = who["csrf"].as_str().unwrap();
    let made = post().header("x-csrf-token", csrf).send_json(&invite).unwrap();
    assert_eq!(made.status(), 201);
    let twice = config.post(at("/first")).send_form(good).unwrap();
    assert_eq!(twice.status(), 400, "a link works once");
    let restarted = Served::start(&top.path().join("record"), &["--workers", "0"]);
    assert_eq!(restarted.first, None, "no link where there is an account");
}

#[test]
fn a_copy_taken_while_it_runs_can_be_put_back() {
    let top = tempfile::tempdir().unwrap();
    let (data, copy, other) =
        (top.path().join("record"), top.path().join("copy"), top.path().join("other"));
    let served = Served::start(&data, &["--workers", "0"]);
    let client = Client::first(&served);
    client.upload("line.img", &vec![7; 250_000]).unwrap();
    done(&["backup", path(&copy), "--data", path(&data)]);
    served.kill();
    done(&["restore", path(&copy), "--data", path(&other)]);
    let twice = run(&["restore", path(&copy), "--data", path(&other)]);
    assert_eq!(twice.status.code(), Some(2));
    let said = String::from_utf8(twice.stderr).unwrap();
    assert!(said.contains("not empty"), "{said}");
    let again = Served::start(&other, &["--workers", "0"]);
    assert_eq!(again.first, None, "the account is there");
    Client::again(&again);

    let blob = fs::read_dir(other.join("blobs")).unwrap().next().unwrap().unwrap().path();
    let blob = fs::read_dir(blob).unwrap().next().unwrap().unwrap().path();
    fs::write(blob, "damage").unwrap();
    let checked = run(&["check", "--data", path(&other)]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(String::from_utf8(checked.stdout).unwrap().contains("damaged: blob"));
}
