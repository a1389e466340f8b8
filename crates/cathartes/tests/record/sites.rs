use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{
    chain::{dropped, searched},
    done, path, run,
    served::{Client, PASSWORD, Served, agent},
};

pub(super) const MAPPING: &str = "
[columns]
latitude = \"Lat\"
longitude = \"Lon\"
time = \"When\"
[constants]
reliability = \"B\"
credibility = \"2\"
radius_90_m = \"150\"
classification = \"restricted\"
";

/// Two who tell of one place, one of them twice, and one row that is nowhere.
pub(super) fn reports(latitude: f64, longitude: f64) -> String {
    let row = |collector: &str, latitude: f64, day: u32| {
        format!("{collector},{latitude},{longitude},2026-11-{day}T18:00:00Z,smell\n")
    };
    let rows = [
        row("patrol-7", latitude, 20),
        row("patrol-7", latitude, 21),
        row("ranger-2", latitude, 22),
        row("ranger-2", 95.0, 23),
    ];
    format!("collector,Lat,Lon,When,sign\n{}", rows.concat())
}

struct Files {
    mapping: String,
    reports: String,
    register: String,
}

fn files(top: &Path, latitude: f64, longitude: f64) -> Files {
    let written = |name: &str, text: &str| {
        let file = top.join(name);
        fs::write(&file, text).unwrap();
        path(&file).to_owned()
    };
    let emitter = format!("Dairy 4,{},{longitude},300,ch4\n", latitude + 0.3);
    Files {
        mapping: written("mapping.toml", MAPPING),
        reports: written("reports.csv", &reports(latitude, longitude)),
        register: written(
            "register.csv",
            &format!("name,latitude,longitude,radius_m,gases\n{emitter}"),
        ),
    }
}

/// Every ledger adds up to the odds it states, bit for bit.
fn adds_up(site: &Value) {
    let lines = site["ledger"].as_array().unwrap();
    let sum = lines.iter().fold(0.0, |sum, line| sum + line["ln_odds"].as_f64().unwrap());
    assert_eq!(sum, site["ln_odds"].as_f64().unwrap(), "{site}");
}

#[test]
fn reports_a_register_and_a_search_become_sites_with_their_ledgers() {
    let top = tempfile::tempdir().unwrap();
    let (data, folder) = (top.path().join("record"), dropped(top.path()));
    let record = ["--data", path(&data)];
    let served = Served::start(&data, &[]);
    let client = Client::first(&served);
    searched(&client, &data, &folder, "1");
    let plume = &client.get("/ogc/collections/plumes/items")["features"][0]["properties"];
    let at = |name: &str| plume[name].as_f64().unwrap();
    let (latitude, longitude) = (at("origin_latitude_deg"), at("origin_longitude_deg"));

    let Files { mapping, reports, register } = files(top.path(), latitude, longitude);
    let words = ["import", &reports, "--mapping", &mapping];
    let first = run(&[&words[..], &record].concat());
    let said = String::from_utf8(first.stdout).unwrap();
    assert!(said.contains("3 observations are new, 0 were here, 1 rows left out"), "{said}");
    let refused = String::from_utf8(first.stderr).unwrap();
    assert!(refused.contains("row 5: `place` is 95; latitude from -90 to 90 degrees"), "{refused}");
    let again = done(&[&words[..], &record].concat());
    assert!(again.contains("0 observations are new, 3 were here"), "{again}");
    let said = done(&[&["import", &register, "--register"], &record[..]].concat());
    assert!(said.contains("1 licensed emitters are new"), "{said}");
    client.all_done();

    let listed = done(&[&["sites"], &record[..]].concat());
    let (first, _) = listed.split_once("\n\n").unwrap();
    for words in ["ch4 seen by imager", "told by patrol-7", "told by ranger-2", "together: "] {
        assert!(first.contains(words), "`{words}` in {first}");
    }
    let listed: Value =
        serde_json::from_str(&done(&[&["sites", "--json"], &record[..]].concat())).unwrap();
    assert_eq!(listed["jobs_waiting"], 0);
    let likeliest = &listed["sites"][0];
    assert!(likeliest["probability"].as_f64().unwrap() > 0.5, "{likeliest}");
    adds_up(likeliest);

    let site = client.get(&format!("/api/v1/sites/{}", likeliest["id"].as_str().unwrap()));
    adds_up(&site);
    assert_eq!(site["ledger"].as_array(), likeliest["ledger"].as_array());
    let kinds: Vec<&str> = site["observations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|seen| seen["what"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["gas_seen", "told", "told", "told"], "its own flight is no look against it");
    let finding = site["observations"][0]["taken_from"]["finding"].as_str().unwrap();
    client.get(&format!("/ogc/collections/plumes/items/{finding}"));
    served.stop();
}

#[test]
fn what_names_persons_is_refused_whole_and_says_why() {
    let top = tempfile::tempdir().unwrap();
    let (data, file) = (top.path().join("record"), top.path().join("reports.csv"));
    fs::write(&file, "lat,lon,Telephone\n46,7,0700\n").unwrap();
    let refused = run(&["import", path(&file), "--data", path(&data)]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("`Telephone`: this is about persons"), "{said}");
    let none = run(&["sites", "--data", path(&data)]);
    assert_eq!(none.status.code(), Some(1), "there is no site");
}

/// The site of a page of features that has a number.
fn ids(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/ogc/collections/sites/items?limit=100&{query}"));
    let features = page["features"].as_array().unwrap();
    features.iter().map(|site| site["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn analysts_share_sites_and_merge_and_undo_by_the_wire() {
    let top = tempfile::tempdir().unwrap();
    let served = Served::start(&top.path().join("record"), &[]);
    let client = Client::first(&served);
    let two = [reports(46.0, 7.0), reports(46.2, 7.0)];
    for file in &two {
        let sent = json!({ "file": file, "mapping": MAPPING });
        let (status, brought) = client.post("/api/v1/observations", &sent).unwrap();
        assert_eq!((status, &brought["new"], &brought["left_out"]), (200, &json!(3), &json!(1)));
        assert_eq!(brought["faults"][0]["row"], 5);
    }
    let sent = json!({ "file": &two[0], "mapping": MAPPING });
    let (_, again) = client.post("/api/v1/observations", &sent).unwrap();
    assert_eq!((&again["new"], &again["known"]), (&json!(0), &json!(3)));
    let somebody = json!({ "file": "latitude,Surname\n1,x\n" });
    let (status, refused) = client.post("/api/v1/observations", &somebody).unwrap();
    assert_eq!(status, 400);
    assert!(refused["detail"].as_str().unwrap().contains("about persons"), "{refused}");
    client.all_done();

    let both = ids(&client, "");
    let [one, other] = both.as_slice() else { panic!("{both:?}") };
    assert_eq!(ids(&client, "bbox=6.9,45.9,7.1,46.1"), [one.as_str()]);
    assert_eq!(ids(&client, "filter=probability%20%3C%200.0001"), Vec::<String>::new());
    let queryables = client.get("/ogc/collections/sites/queryables");
    assert_eq!(queryables["properties"]["probability"]["type"], "number");
    let merge = json!({ "do": "merge", "into": one, "from": other });
    let before = client.get(&format!("/api/v1/sites/{one}"))["ln_odds"].clone();
    let seq = client.get("/api/v1/audit?limit=1000").as_array().unwrap().len();
    let (status, act) = client.post("/api/v1/acts", &merge).unwrap();
    assert_eq!((status, &act["act"]), (202, &json!(1)));
    client.all_done();
    assert_eq!(ids(&client, ""), [one.as_str()]);
    let merged = agent().get(format!("{}/api/v1/sites/{other}", served.base));
    let merged = merged.header("authorization", format!("Bearer {}", client.token)).call().unwrap();
    assert_eq!(merged.status(), 307);
    assert!(merged.headers()["location"].to_str().unwrap().ends_with(one));
    let acts = client.get("/api/v1/acts");
    assert_eq!((&acts[0]["state"], &acts[0]["by"]), (&json!("holds"), &json!("account:ana")));
    let entries = client.get(&format!("/api/v1/audit?after={seq}&limit=1000"));
    let actions: Vec<&str> =
        entries.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    for action in ["act.asked", "site.folded"] {
        assert!(actions.contains(&action), "{action} in {actions:?}");
    }
    let (_, undo) = client.post("/api/v1/acts", &json!({ "do": "undo", "act": 1 })).unwrap();
    assert_eq!(undo["act"], 2);
    client.all_done();
    assert_eq!(ids(&client, ""), both);
    assert_eq!(client.get("/api/v1/acts")[1]["state"], "undone");
    let after = client.get(&format!("/api/v1/sites/{one}"));
    // Minutes passed between the two: age may move the last digits.
    let moved = after["ln_odds"].as_f64().unwrap() - before.as_f64().unwrap();
    assert!(moved.abs() < 1e-3, "{before} and {after}");
    adds_up(&after);
    two_do_not_review_one_site_by_accident(&client, one);
    inspectors_look_only(&client, &served, &merge);
    served.stop();
}

/// Somebody else, by an invitation for a role.
fn another(client: &Client, role: &str, name: &str) -> Client {
    let (_, link) = client.post("/api/v1/invitations", &json!({ "role": role })).unwrap();
    let (_, token) = link["link"].as_str().unwrap().split_once("token=").unwrap();
    let account = json!({ "token": token, "name": name, "password": PASSWORD });
    client.post("/api/v1/accounts", &account).unwrap();
    let credentials = json!({ "name": name, "password": PASSWORD });
    let (_, token) = client.post("/api/v1/tokens", &credentials).unwrap();
    let token = token["token"].as_str().unwrap().to_owned();
    Client { token, ..client.clone() }
}

fn inspectors_look_only(client: &Client, served: &Served, merge: &Value) {
    let ines = another(client, "inspector", "ines");
    assert_eq!(ines.get("/api/v1/sites")["sites"].as_array().unwrap().len(), 2);
    let (status, refused) = ines.post("/api/v1/acts", merge).unwrap();
    assert_eq!(status, 403);
    let detail = refused["detail"].as_str().unwrap();
    assert_eq!(
        detail, "the role inspector may not review, or merge or split sites",
        "{}",
        served.base
    );
}

fn two_do_not_review_one_site_by_accident(client: &Client, site: &str) {
    let eva = another(client, "senior", "eva");
    let subject = json!({ "kind": "site", "id": site });
    let (status, claim) = eva.post("/api/v1/claims", &subject).unwrap();
    assert_eq!((status, &claim["by"]), (200, &json!("account:eva")));
    let (status, taken) = client.post("/api/v1/claims", &subject).unwrap();
    assert_eq!(status, 409);
    assert!(taken["detail"].as_str().unwrap().contains("account:eva"), "{taken}");
    assert_eq!(client.get("/api/v1/claims")[0]["id"], site);
    let reject = json!({ "kind": "site", "id": site, "verdict": "reject", "reason": "a tip" });
    assert_eq!(client.post("/api/v1/reviews", &reject).unwrap().0, 409, "eva looks at it");
    let (status, kept) = eva.post("/api/v1/reviews", &reject).unwrap();
    assert_eq!(status, 201, "{kept}");
    assert_eq!(client.get("/api/v1/claims"), json!([]), "a review ends the claim");
    assert_eq!(client.post("/api/v1/reviews", &reject).unwrap().0, 201);
    let all = client.get(&format!("/api/v1/reviews?kind=site&id={site}"));
    let by: Vec<&Value> = all.as_array().unwrap().iter().map(|review| &review["by"]).collect();
    assert_eq!(by, ["account:eva", "account:ana"]);
    let odd = json!({ "kind": "person", "id": site, "verdict": "confirm" });
    assert_eq!(client.post("/api/v1/reviews", &odd).unwrap().0, 400);
}
