use cathartes_core::provenance::Digest;
use cathartes_store::{Blob, NewSortie};
use serde_json::json;
use uuid::Uuid;

use super::*;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + hours * HOUR_S).unwrap()
}

fn entry(seq: i64, hours: i64, (actor, action): (&str, &str), rest: (&str, Value)) -> AuditEntry {
    let (subject, detail) = rest;
    let entry = json!({
        "seq": seq, "at": at(hours), "actor": actor, "action": action, "subject": subject, "detail": detail,
    });
    serde_json::from_value(entry).unwrap()
}

fn kinds(entries: &[AuditEntry], hours: i64) -> Vec<Kind> {
    of_log(entries, at(hours)).iter().map(|remark| remark.kind).collect()
}

#[test]
fn a_draft_is_late_until_it_is_released_or_refused() {
    let made = entry(1, 0, ("account:ana", "draft.made"), ("d", json!({})));
    assert_eq!(kinds(std::slice::from_ref(&made), 24), []);
    let remark = &of_log(std::slice::from_ref(&made), at(30))[0];
    assert_eq!((remark.kind, remark.amount), (Kind::ReleaseLate, Some(30.0)));
    let two = json!({ "draft": "d", "approved_by": ["account:eva", "account:leo"] });
    let sealed = |hours| entry(2, hours, ("account:ana", "release.sealed"), ("r", two.clone()));
    assert_eq!(kinds(&[made.clone(), sealed(20)], 100), []);
    assert_eq!(of_log(&[made.clone(), sealed(26)], at(100))[0].amount, Some(26.0));
    let refused = entry(2, 2, ("account:eva", "draft.refused"), ("d", json!({})));
    assert_eq!(kinds(&[made, refused], 100), []);
}

#[test]
fn one_who_approves_twice_is_one() {
    let sealed = |by: Value| {
        let detail = json!({ "draft": "d", "approved_by": by });
        entry(2, 0, ("account:ana", "release.sealed"), ("r", detail))
    };
    assert_eq!(kinds(&[sealed(json!(["account:eva", "account:leo"]))], 1), []);
    assert_eq!(kinds(&[sealed(json!(["account:eva", "account:eva"]))], 1), [Kind::ApprovalMissing]);
    assert_eq!(kinds(&[sealed(json!([]))], 1), [Kind::ApprovalMissing]);
    assert_eq!(kinds(&[sealed(json!(null))], 1), [Kind::ApprovalMissing]);
}

#[test]
fn a_recall_is_unread_until_its_release_is_opened_after_it() {
    let opened = |seq, hours| entry(seq, hours, ("server", "release.opened"), ("r", json!({})));
    let recalled = entry(5, 0, ("account:ana", "release.recalled"), ("r", json!({})));
    assert_eq!(kinds(&[opened(1, -5), recalled.clone()], 20), []);
    assert_eq!(kinds(&[opened(1, -5), recalled.clone()], 30), [Kind::RecallUnread]);
    assert_eq!(kinds(&[recalled.clone(), opened(6, 28)], 30), []);
    let other = entry(6, 3, ("server", "release.opened"), ("another", json!({})));
    assert_eq!(kinds(&[recalled, other], 30), [Kind::RecallUnread]);
}

#[test]
fn looks_are_counted_by_account_and_hour() {
    let look = |seq: i64, who: &str, hours| {
        entry(seq, hours, (who, "evidence.read"), (&seq.to_string(), json!({})))
    };
    let many: Vec<_> = (0..=200).map(|n| look(n + 1, "account:ana", 0)).collect();
    let remark = &of_log(&many, at(1))[0];
    assert_eq!((remark.kind, remark.amount), (Kind::ManyLooks, Some(201.0)));
    assert_eq!(remark.subject, "account:ana");
    assert_eq!(kinds(&many[1..], 1), []);
    let apart: Vec<_> = (0..=200).map(|n| look(n + 1, "account:ana", n % 2)).collect();
    assert_eq!(kinds(&apart, 3), []);
    let two = ["account:ana", "account:eva"];
    let shared: Vec<_> = (0..=200).map(|n| look(n + 1, two[n as usize % 2], 0)).collect();
    assert_eq!(kinds(&shared, 3), []);
}

#[test]
fn wrong_tries_are_counted_by_the_door() {
    let vain = |n: i64, name: &str| {
        entry(n + 1, 0, ("server", "session.refused"), (name, json!({ "by": "password" })))
    };
    let many: Vec<_> = (0..5).map(|n| vain(n, "ana")).collect();
    assert_eq!(of_log(&many, at(1))[0].subject, "ana");
    let door = entry(9, 0, ("server", "door.locked"), ("link 7", json!({ "count": 6 })));
    assert_eq!(of_log(&[door], at(1))[0].amount, Some(6.0));
    let several: Vec<_> = (0..5).map(|n| vain(n, &n.to_string())).collect();
    assert_eq!(kinds(&several, 1), []);
}

#[test]
fn a_file_that_was_refused_is_told_with_its_reason() {
    let refused =
        entry(1, 0, ("command:import", "import.refused"), ("f.json", json!({ "why": "x" })));
    assert_eq!(of_log(&[refused], at(1))[0].said, ["x"]);
}

fn sortie(name: &str, kind: &str, purpose: &str, verdict: Verdict) -> KeptSortie {
    let blob = Blob { sha256: Digest("ab".repeat(32)), size_bytes: 1 };
    let sortie = NewSortie {
        name: name.to_owned(),
        kind: kind.to_owned(),
        operator: "op".to_owned(),
        aircraft: "drone".to_owned(),
        purpose: purpose.to_owned(),
        begins: at(0),
        ends: at(1),
        verdict,
        why: vec![],
        outline: json!({}),
        track: blob.clone(),
        certificate: blob,
    };
    KeptSortie { id: Uuid::nil(), sortie, at: at(2), by: "account:ana".to_owned() }
}

fn certified(clear_m: f64) -> Certificate {
    serde_json::from_value(json!({
        "form": "cathartes-certificate-1", "version": "0", "authorities": [],
        "track": { "sortie": "a", "kind": "flown", "sha256": "00" },
        "allowances": { "plane_m": 30.0, "height_m": 10.0, "time_s": 1.0 }, "verdict": "kept",
        "legs": [{
            "leg": 0, "reach_m": 20.0, "climb_reach_m": 0.0, "verdict": "kept",
            "pieces": [{
                "from": 0.0, "to": 1.0, "verdict": "kept", "permit": null,
                "forbids": [{ "clause": "B/1", "in_force": true, "plane_m": clear_m, "height_m": null }],
            }],
        }],
    }))
    .unwrap()
}

#[test]
fn a_sortie_is_close_to_a_line_when_little_is_left() {
    let flown = |clear_m, verdict| Flown {
        sortie: sortie("a", "flown", "survey", verdict),
        certificate: Some(certified(clear_m)),
    };
    assert_eq!(of_sorties(&[flown(260.0, Verdict::Kept)]), []);
    let remark = &of_sorties(&[flown(240.0, Verdict::Kept)])[0];
    assert_eq!((remark.kind, remark.amount), (Kind::CloseToALine, Some(190.0)));
    assert_eq!(remark.said, ["B/1"]);
    assert_eq!(of_sorties(&[flown(2_000.0, Verdict::NotProven)]).len(), 1);
    let unread =
        Flown { sortie: sortie("a", "flown", "survey", Verdict::Broken), certificate: None };
    assert_eq!(of_sorties(&[unread])[0].kind, Kind::CloseToALine);
}

#[test]
fn a_purpose_drifts_between_plan_and_flight() {
    let of = |name, kind, purpose| Flown {
        sortie: sortie(name, kind, purpose, Verdict::Kept),
        certificate: None,
    };
    let kept = [of("a", "plan", "survey"), of("a", "flown", "survey"), of("b", "flown", "patrol")];
    assert_eq!(of_sorties(&kept), []);
    let drifted = of_sorties(&[of("a", "plan", "survey"), of("a", "flown", "patrol")]);
    assert_eq!(drifted[0].kind, Kind::PurposeDrift);
    assert_eq!(drifted[0].said, ["survey", "patrol"]);
}
