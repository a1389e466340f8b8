//! From something confirmed to what left, through the router.

use std::thread;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::house::{Analyst, House, rated};

/// Somebody of each role that releases, and a plume that was confirmed and marked.
struct Desk {
    house: House,
    drafts: Analyst,
    approves: [Analyst; 3],
    sends: Analyst,
    plume: String,
}

impl Desk {
    fn new() -> Self {
        Self::at(House::that_seals())
    }

    fn at(house: House) -> Self {
        let plume = house.found(&[rated(46.0, 410.0)])[0].clone();
        let drafts = house.somebody("analyst");
        let review =
            json!({ "kind": "finding", "id": plume, "verdict": "confirm", "reason": "seen" });
        let (status, said) = drafts.post("/api/v1/reviews", &review);
        assert_eq!(status, 201, "{said}");
        let approves = ["senior", "releasing_officer", "senior"].map(|role| house.somebody(role));
        let sends = house.somebody("releasing_officer");
        let desk = Self { house, drafts, approves, sends, plume };
        desk.marked("secret", &["andes"]);
        desk
    }

    fn marking(&self) -> String {
        format!("/api/v1/markings/finding/{}", self.plume)
    }

    fn marked(&self, classification: &str, releasable_to: &[&str]) {
        let before = self.sends.get(&self.marking())["id"].clone();
        let marking = json!({ "classification": classification, "releasable_to": releasable_to });
        let body = json!({ "marking": marking, "why": "as it was agreed", "supersedes": before });
        let (status, said) = self.sends.post(&self.marking(), &body);
        assert_eq!(status, 200, "{said}");
    }

    fn order(&self) -> Value {
        json!({ "kind": "finding", "id": self.plume, "recipient": "andes", "reason": "to be seen", "priority": 2 })
    }

    fn drafted(&self) -> Value {
        let (status, draft) = self.drafts.post("/api/v1/drafts", &self.order());
        assert_eq!(status, 201, "{draft}");
        draft
    }

    fn approved(&self, by: usize, draft: &Value) -> (u16, Value) {
        self.approves[by].post(&of(draft, "approval"), &json!({ "digest": draft["digest"] }))
    }

    /// Drafted, approved by two, and sent.
    fn sent(&self) -> Value {
        let draft = self.drafted();
        for by in [0, 1] {
            let (status, said) = self.approved(by, &draft);
            assert_eq!(status, 200, "{said}");
        }
        let (status, release) = self.sends.post(&of(&draft, "release"), &json!({}));
        assert_eq!(status, 200, "{release}");
        release
    }
}

fn of(draft: &Value, what: &str) -> String {
    format!("/api/v1/drafts/{}/{what}", draft["id"].as_str().unwrap())
}

fn one(draft: &Value) -> String {
    format!("/api/v1/drafts/{}", draft["id"].as_str().unwrap())
}

fn detail(answer: &(u16, Value)) -> &str {
    answer.1["detail"].as_str().unwrap_or_default()
}

#[test]
fn what_two_others_approved_byte_for_byte_is_what_is_sealed() {
    let desk = Desk::new();
    let draft = desk.drafted();
    assert_eq!(draft["state"], "open");
    let whole = desk.approves[0].get(&one(&draft));
    let manifest = desk.approves[0].bytes(&of(&draft, "files/manifest.json"));
    let digest: String = Sha256::digest(&manifest)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .concat();
    assert_eq!(draft["digest"], digest.as_str());
    assert_eq!(whole["outdated"], json!([]));
    assert!(desk.approves[0].bytes(&of(&draft, "files/brief.pdf")).starts_with(b"%PDF"));

    let (_, once) = desk.approved(0, &draft);
    assert_eq!(once["state"], "approved_once");
    let (_, twice) = desk.approved(1, &draft);
    assert_eq!(twice["state"], "approved");
    let (status, release) = desk.sends.post(&of(&draft, "release"), &json!({}));
    assert_eq!((status, &release["state"]), (200, &json!("waiting")), "{release}");
    assert_eq!(release["digest"], draft["digest"]);
    let again = desk.sends.post(&of(&draft, "release"), &json!({}));
    assert_eq!(again.1["id"], release["id"], "the same again is the same release");

    let id = release["id"].as_str().unwrap();
    let dossier = desk.sends.bytes(&format!("/api/v1/releases/{id}/dossier"));
    let holds = |part: &[u8]| dossier.windows(part.len()).any(|window| window == part);
    assert!(holds(&manifest), "the manifest that was shown is the one that left");
    assert!(holds(b"manifest.json.minisig"));
    let told = desk.sends.get(&format!("/api/v1/releases/{id}"));
    let kinds: Vec<&str> = told["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    for kind in ["drafted", "approved", "sealed", "message"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
}

#[test]
fn every_field_is_shown_on_both_sides_with_its_rule_and_what_stays_is_in_no_file() {
    let desk = Desk::new();
    let draft = desk.drafted();
    let whole = desk.sends.get(&one(&draft));
    let differences = whole["differences"].as_array().unwrap();
    let product = desk.sends.get(&format!("/api/v1/products/finding/{}", desk.plume));
    assert_eq!(differences.len(), product["fields"].as_array().unwrap().len());
    assert!(
        differences.iter().all(|one| one["rule"].as_str().is_some_and(|rule| !rule.is_empty()))
    );
    let of = |path: &str| differences.iter().find(|one| one["path"] == path).unwrap();
    assert_eq!(of("analysts[0]")["after"], Value::Null);
    assert_ne!(of("place")["after"], of("place")["before"]);
    for file in whole["files"].as_array().unwrap() {
        let name = file["name"].as_str().unwrap().replace('/', ":");
        let bytes = desk.sends.bytes(&format!("{}/files/{name}", one(&draft)));
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(&desk.plume) && !text.contains(&desk.drafts.name), "{name}");
    }
}

#[test]
fn who_drafted_who_approved_before_and_who_saw_other_bytes_approve_nothing() {
    let desk = Desk::new();
    let draft = desk.drafted();
    let own = desk.drafts.post(&of(&draft, "approval"), &json!({ "digest": draft["digest"] }));
    assert_eq!(own.0, 403, "{}", own.1);
    let other = json!({ "digest": "0".repeat(64) });
    let answer = desk.approves[0].post(&of(&draft, "approval"), &other);
    assert_eq!(answer.0, 400, "{}", answer.1);
    assert!(detail(&answer).contains("look at it again"), "{}", answer.1);
    assert_eq!(desk.approved(0, &draft).0, 200);
    let again = desk.approved(0, &draft);
    assert_eq!((again.0, &again.1["state"]), (200, &json!("approved_once")), "once is once");
    let early = desk.sends.post(&of(&draft, "release"), &json!({}));
    assert_eq!(early.0, 403, "{}", early.1);
    let inspector = desk.house.somebody("inspector");
    let digest = json!({ "digest": draft["digest"] });
    assert_eq!(inspector.post(&of(&draft, "approval"), &digest).0, 403);
    assert_eq!(inspector.status(&one(&draft)), 200);
}

#[test]
fn of_three_who_approve_at_once_two_are_taken() {
    let desk = Desk::new();
    let draft = desk.drafted();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let all: Vec<_> = (0..3)
            .map(|by| {
                scope.spawn({
                    let (desk, draft) = (&desk, &draft);
                    move || desk.approved(by, draft).0
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 2, "{statuses:?}");
    let whole = desk.sends.get(&one(&draft));
    assert_eq!(whole["approvals"].as_array().unwrap().len(), 2);
}

#[test]
fn what_would_leave_otherwise_by_now_is_neither_approved_nor_sent() {
    let desk = Desk::new();
    let draft = desk.drafted();
    assert_eq!(desk.approved(0, &draft).0, 200);
    desk.marked("secret", &["elsewhere"]);
    let late = desk.approved(1, &draft);
    assert_eq!(late.0, 409, "{}", late.1);
    assert!(detail(&late).contains("outdated"), "{}", late.1);
    let whole = desk.sends.get(&one(&draft));
    assert_ne!(whole["outdated"], json!([]));
    desk.marked("secret", &["andes"]);
    assert_eq!(desk.approved(1, &draft).0, 200);
    desk.marked("secret", &[]);
    let sent = desk.sends.post(&of(&draft, "release"), &json!({}));
    assert_eq!(sent.0, 409, "{}", sent.1);
}

#[test]
fn a_later_draft_makes_the_earlier_stale_and_a_refused_one_is_never_sent() {
    let desk = Desk::new();
    let first = desk.drafted();
    let second = desk.drafted();
    assert_eq!(desk.sends.get(&one(&first))["state"], "stale");
    assert_eq!(desk.approved(0, &first).0, 409);
    let empty = desk.approves[0].post(&of(&second, "refusal"), &json!({ "reason": " " }));
    assert_eq!(empty.0, 400);
    let reason = json!({ "reason": "the place is another" });
    assert_eq!(desk.approves[0].post(&of(&second, "refusal"), &reason).0, 200);
    assert_eq!(desk.approved(1, &second).0, 409);
    let listed = desk.sends.get("/api/v1/drafts?waiting=true");
    assert_eq!(listed, json!([]));
}

#[test]
fn without_a_marking_for_them_or_a_confirmation_nothing_leaves_and_the_answer_says_why() {
    let desk = Desk::new();
    desk.marked("secret", &[]);
    let answer = desk.drafts.post("/api/v1/drafts", &desk.order());
    assert_eq!(answer.0, 409, "{}", answer.1);
    assert!(detail(&answer).contains("marking"), "{}", answer.1);
    let fresh = &desk.house.found(&[rated(47.0, 20.0)])[0];
    let order = json!({ "kind": "finding", "id": fresh, "recipient": "andes" });
    let answer = desk.drafts.post("/api/v1/drafts", &order);
    assert_eq!(answer.0, 409, "{}", answer.1);
    assert!(detail(&answer).contains("confirmed"), "{}", answer.1);
    let nobody = json!({ "kind": "finding", "id": desk.plume, "recipient": "nobody" });
    assert_eq!(desk.drafts.post("/api/v1/drafts", &nobody).0, 404);
}

#[test]
fn a_draft_asked_for_twice_with_one_key_is_one() {
    let desk = Desk::new();
    let mut order = desk.order();
    order["key"] = json!("0190b5a0-0000-7000-8000-000000000001");
    let first = desk.drafts.post("/api/v1/drafts", &order);
    let again = desk.drafts.post("/api/v1/drafts", &order);
    assert_eq!((first.0, &first.1["id"]), (201, &again.1["id"]));
    assert_eq!(desk.sends.get("/api/v1/drafts").as_array().unwrap().len(), 1);
}

#[test]
fn without_a_key_nothing_is_sent_and_the_answer_says_what_to_do() {
    let house = House::new("never");
    house.recipient("andes");
    let desk = Desk::at(house);
    let draft = desk.drafted();
    for by in [0, 1] {
        assert_eq!(desk.approved(by, &draft).0, 200);
    }
    let answer = desk.sends.post(&of(&draft, "release"), &json!({}));
    assert_eq!(answer.0, 409, "{}", answer.1);
    assert!(detail(&answer).contains("cathartes key new"), "{}", answer.1);
    assert_eq!(desk.sends.get(&one(&draft))["state"], "approved", "it can be sent later");
}

#[test]
fn a_release_is_listed_exported_and_taken_back() {
    let desk = Desk::new();
    let release = desk.sent();
    let id = release["id"].as_str().unwrap();
    let listed = desk.drafts.get("/api/v1/releases?open=true");
    assert_eq!(listed[0]["id"], release["id"]);
    for format in ["geojson", "kml", "cot", "tak", "stix", "text"] {
        let bytes = desk.drafts.bytes(&format!("/api/v1/releases/{id}/export/{format}"));
        assert!(!bytes.is_empty(), "{format}");
        assert!(!String::from_utf8_lossy(&bytes).contains(&desk.plume), "{format}");
    }
    assert_eq!(desk.drafts.status(&format!("/api/v1/releases/{id}/export/shapefile")), 400);
    let recall = format!("/api/v1/releases/{id}/recall");
    let reason = json!({ "reason": "a works of the register explains it" });
    assert_eq!(desk.drafts.post(&recall, &reason).0, 403);
    let (status, back) = desk.approves[0].post(&recall, &reason);
    assert_eq!((status, &back["state"]), (200, &json!("recalled")), "{back}");
    assert_eq!(desk.drafts.get("/api/v1/releases?open=true"), json!([]));
    let again = desk.approves[0].post(&recall, &reason);
    assert_eq!(again.0, 200, "the same again changes nothing");
}

#[test]
fn what_left_is_taken_back_although_its_files_are_gone() {
    let desk = Desk::new();
    let release = desk.sent();
    std::fs::remove_dir_all(desk.house.folder.path().join("blobs")).unwrap();
    let of = |what: &str| format!("/api/v1/releases/{}/{what}", release["id"].as_str().unwrap());
    let reason = json!({ "reason": "measured wrongly" });
    let (status, back) = desk.approves[0].post(&of("recall"), &reason);
    assert_eq!((status, &back["state"]), (200, &json!("recalled")), "{back}");
    let told: Vec<Value> = desk.house.messages_about(&release);
    assert!(told.iter().any(|message| message["recalled"] == json!(true)), "{told:?}");
    assert_eq!(desk.approves[0].status(&of("export/text")), 500, "of files that are not there");
}

#[test]
fn a_word_to_superiors_goes_out_when_somebody_who_may_approved_the_very_words() {
    let desk = Desk::new();
    let release = desk.sent();
    for number in [1, 2] {
        desk.house.escalates(&release, number);
    }
    let waiting = desk.drafts.get("/api/v1/messages/waiting");
    let [first, second] = waiting.as_array().unwrap().as_slice() else { panic!("{waiting}") };
    let at = |message: &Value, what: &str| {
        format!("/api/v1/messages/{}/{what}", message["id"].as_str().unwrap())
    };
    let shown = json!({ "body_sha256": first["body_sha256"] });
    assert_eq!(desk.drafts.post(&at(first, "approval"), &shown).0, 403);
    let others = json!({ "body_sha256": second["body_sha256"] });
    assert_eq!(desk.sends.post(&at(first, "approval"), &others).0, 400, "other words were shown");
    let (status, approved) = desk.sends.post(&at(first, "approval"), &shown);
    assert_eq!(
        (status, &approved["approved_by"]),
        (200, &json!(format!("account:{}", desk.sends.name))),
        "{approved}"
    );

    let why = json!({ "reason": "they rang this morning" });
    assert_eq!(desk.drafts.post(&at(second, "drop"), &why).0, 403);
    let (status, dropped) = desk.sends.post(&at(second, "drop"), &why);
    assert_eq!((status, &dropped["state"]), (200, &json!("dropped")), "{dropped}");
    assert_eq!(desk.drafts.get("/api/v1/messages/waiting?limit=5"), json!([]));
}

#[test]
fn a_marking_is_set_by_those_who_may_and_never_over_one_that_was_not_seen() {
    let desk = Desk::new();
    let said = json!({ "marking": null, "why": "no", "supersedes": null });
    assert_eq!(desk.drafts.post(&desk.marking(), &said).0, 403);
    assert_eq!(desk.sends.post(&desk.marking(), &said).0, 409);
    let seen = desk.sends.get(&desk.marking())["id"].clone();
    let wrong = json!({ "marking": null, "overrides": { "No Field": { "classification": "secret" } }, "why": "no", "supersedes": seen });
    assert_eq!(desk.sends.post(&desk.marking(), &wrong).0, 400);
    let recipients = desk.drafts.get("/api/v1/recipients");
    assert_eq!(recipients[0]["code"], "andes");
    assert!(!recipients.to_string().contains("secret\":"), "{recipients}");
}
