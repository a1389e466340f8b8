//! What is looked at and refused stands in the log before it is answered; an inspector reads all of it and changes
//! nothing.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use cathartes_server::SecretKey;
use serde_json::{Value, json};

use super::house::{Analyst, House, rated};

fn entries(ines: &Analyst, which: &str) -> Vec<Value> {
    let all = ines.get(&format!("/api/v1/inspect/entries?limit=10000&{which}"));
    all["entries"].as_array().unwrap().clone()
}

#[test]
fn every_look_says_who_saw_what_and_under_what() {
    let house = House::new("confirmed");
    let [ana, eva, ines] = ["analyst", "analyst", "inspector"].map(|role| house.somebody(role));
    let id = &house.found(&[rated(46.0, 410.0)])[0];
    let page = format!("/api/v1/evidence/finding/{id}");
    ana.get(&page);
    ana.get(&page);
    assert_eq!(eva.post("/api/v1/claims", &json!({ "kind": "finding", "id": id })).0, 200);
    eva.get(&page);
    let looks = entries(&ines, "action=evidence.read");
    assert_eq!(looks.len(), 2, "the same look within a minute is one look: {looks:?}");
    assert_eq!(looks[0]["actor"], format!("account:{}", ana.name));
    assert_eq!(looks[0]["subject"], format!("finding {id}"));
    assert_eq!(looks[0]["detail"], json!({ "role": "analyst" }));
    assert!(looks[1]["detail"]["under"]["claim"].is_string(), "{looks:?}");

    // Those who look without knowing who looked before are not told by the history either.
    let history = ana.get(&page)["history"].to_string();
    assert!(!history.contains(".read"), "{history}");

    ana.get("/ogc/collections/plumes/items");
    ana.get("/ogc/collections");
    let items = entries(&ines, "action=items.read");
    assert_eq!(items.len(), 1, "{items:?}");
    assert_eq!(items[0]["subject"], "/ogc/collections/plumes/items");

    // The inspector's own looks are there too, with what was asked for.
    let own = entries(&ines, &format!("action=log.read&actor=account:{}", ines.name));
    assert_eq!(own[0]["subject"], "entries action=evidence.read", "{own:?}");
    let whole = entries(&ines, &format!("subject=finding%20{id}"));
    assert_eq!(whole.len(), 3, "two looks and a claim: {whole:?}");
}

#[test]
fn what_is_refused_stands_in_the_log() {
    let house = House::new("confirmed");
    let [ana, ines] = ["analyst", "inspector"].map(|role| house.somebody(role));
    assert_eq!(ana.status("/api/v1/audit"), 403);
    for page in
        ["entries", "remarks?datetime=2026-01-01T00:00:00Z", "checkpoints", "whole", "proofs/1"]
    {
        assert_eq!(ana.status(&format!("/api/v1/inspect/{page}")), 403, "{page}");
    }
    let refused = entries(&ines, "action=request.refused");
    assert_eq!(refused.len(), 6, "{refused:?}");
    assert_eq!(refused[0]["subject"], "GET /api/v1/audit");

    let wrong = json!({ "name": ana.name, "password": "a guess that is long enough" });
    assert_eq!(ana.post("/api/v1/session", &wrong).0, 401);
    let nobody = json!({ "name": "my password by mistake", "password": "a guess that is long" });
    assert_eq!(ana.post("/api/v1/session", &nobody).0, 401);
    let tries = entries(&ines, "action=session.refused");
    assert_eq!(tries.len(), 2);
    assert_eq!(tries[0]["subject"], ana.name.as_str());
    assert_eq!(tries[1]["subject"], "a name that nobody has");

    let people = "{\"type\":\"bundle\",\"objects\":[{\"type\":\"threat-actor\",\"id\":\"threat-actor--1\"}]}";
    ana.post("/api/v1/observations", &json!({ "file": people }));
    let csv = json!({ "file": "office,lat,lon,when,first_name\na,46,7,2026-11-01T00:00:00Z,x\n" });
    ana.post("/api/v1/observations", &csv);
    let imports = entries(&ines, "action=import.refused");
    assert!(!imports.is_empty(), "a file about people is refused, and that it came is kept");

    let now = jiff::Timestamp::now();
    let hour = jiff::SignedDuration::from_hours(1);
    let day = format!("datetime={}/{}", now - hour, now + hour);
    let remarks = ines.get(&format!("/api/v1/inspect/remarks?{day}"));
    let kinds: Vec<&str> =
        remarks.as_array().unwrap().iter().map(|remark| remark["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"import_refused") && kinds.contains(&"many_tries"), "{remarks}");
}

#[test]
fn an_inspector_reads_everything_and_changes_nothing() {
    let house = House::new("confirmed");
    let ines = house.somebody("inspector");
    let id = &house.found(&[rated(46.0, 410.0)])[0];
    let review = json!({ "kind": "finding", "id": id, "verdict": "confirm", "reason": "seen" });
    assert_eq!(ines.post("/api/v1/reviews", &review).0, 403);
    assert_eq!(ines.post("/api/v1/claims", &json!({ "kind": "finding", "id": id })).0, 403);
    assert_eq!(ines.post("/api/v1/invitations", &json!({ "role": "analyst" })).0, 403);
    assert_eq!(ines.post("/api/v1/observations", &json!({ "file": "" })).0, 403);
    ines.get(&format!("/api/v1/evidence/finding/{id}"));
    let found = ines.get("/api/v1/inspect/whole");
    assert_eq!(found["damages"], json!([]));
    let proof = ines.get("/api/v1/inspect/proofs/1");
    assert_eq!(proof["entry"]["seq"], 1);
}

#[test]
fn nobody_can_switch_the_log_off() {
    let document = cathartes_server::document();
    for (path, item) in &document.paths.paths {
        let log = path.contains("audit") || path.contains("inspect");
        let changes = [&item.post, &item.put, &item.patch, &item.delete];
        assert!(!log || changes.iter().all(|change| change.is_none()), "{path} changes the log");
    }
    let house = House::new("confirmed");
    let boss = house.somebody("administrator");
    for (at, words) in
        [("/api/v1/audit", json!({ "off": true })), ("/api/v1/inspect/entries", json!([]))]
    {
        assert_eq!(boss.post(at, &words).0, 405, "{at}");
        assert_eq!(boss.put(at, &words).0, 405, "{at}");
    }
    let before = boss.get("/api/v1/inspect/entries")["log_length"].as_i64().unwrap();
    boss.get("/api/v1/inspect/checkpoints");
    let after = boss.get("/api/v1/inspect/entries")["log_length"].as_i64().unwrap();
    assert!(after > before, "an administrator's looks are written down like anybody's");
}

/// Another program that holds the database for itself.
struct Lock(Child);

impl Lock {
    fn of(house: &House) -> Self {
        let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); \
                      c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()";
        let file = house.folder.path().join("cathartes.db");
        let mut python = Command::new("python3");
        python.args(["-c", script]).arg(file).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = python.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "held");
        Self(child)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

#[test]
fn what_cannot_be_written_down_is_not_shown() {
    let house = House::new("confirmed");
    let ana = house.somebody("analyst");
    let id = &house.found(&[rated(46.0, 410.0)])[0];
    let page = format!("/api/v1/evidence/finding/{id}");
    let lock = Lock::of(&house);
    let mut answer = ana.ask(&page, &[]);
    assert_eq!(answer.status(), 503);
    let said = answer.body_mut().read_to_string().unwrap();
    assert!(said.contains("audit log") && !said.contains("410"), "{said}");
    // What is open needs no entry.
    assert_eq!(ana.status("/api/v1/queue"), 200);
    drop(lock);
    assert_eq!(ana.status(&page), 200);
}

#[test]
fn a_server_with_a_key_signs_a_checkpoint_by_itself() {
    let house = House::that_seals();
    let ines = house.somebody("inspector");
    let began = std::time::Instant::now();
    let signed = loop {
        let signed = ines.get("/api/v1/inspect/checkpoints");
        if signed[0].is_object() || began.elapsed().as_secs() > 60 {
            break signed;
        }
    };
    let one = &signed[0];
    assert_eq!(signed.as_array().unwrap().len(), 1, "{signed}");
    let text: cathartes_server::Checkpoint = one["text"].as_str().unwrap().parse().unwrap();
    assert_eq!(
        (json!(text.entries), json!(text.short())),
        (one["entries"].clone(), one["short"].clone())
    );
    let line = one["signature"].as_str().unwrap().lines().next().unwrap();
    assert!(line.contains(&SecretKey::new(&[7; 32]).public().id()), "{line}");
    assert_eq!(ines.get("/api/v1/inspect/whole")["checkpoints"], 1);
}
