//! Killed between any two steps of the loop: what was acknowledged is there, and nothing goes out twice.
//!
//! A walker draws up drafts, has them approved, seals, carries, opens, answers and calls back, as fast as it can, and
//! says after every step that it was done. It is killed at moments that are spread over its work, and another one
//! goes on with what the record says is open.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

#[path = "support/postgres.rs"]
mod postgres;

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use cathartes_core::provenance::Provenance;
use cathartes_store::{
    Actor, AnswerState, Basis, Draft, DraftQuery, Kind, Location, Message, MessageState, NewAnswer,
    NewDraft, NewFinding, NewRecall, NewRecipient, NewRelease, Opened, Outcome, ReleaseQuery,
    Secret, Store, Subject, Via, digest_of,
};
use jiff::{SignedDuration, Timestamp};
use postgres::Postgres;
use serde_json::json;
use uuid::Uuid;

/// Kills of a long run; `CATHARTES_KILLS` in the environment says another number.
const MANY: u64 = 500;
/// Where a walker is told to walk.
const WALKED: &str = "CATHARTES_LOOP_WALKED";
const DATABASE: &str = "CATHARTES_LOOP_DATABASE";
/// Some walker has to come as far as each.
const STEPS: [&str; 4] = ["release", "recall", "answer", "sent"];
/// For so long a carrier that was killed keeps what it carried.
const LEASE: Duration = Duration::from_millis(40);

fn account(name: &str) -> Actor {
    Actor::Account(name.to_owned())
}

/// Says that a step is done: what is said was acknowledged by the record.
fn acknowledged(step: &str, what: impl std::fmt::Display) {
    println!("ack {step} {what}");
}

async fn opened(folder: &Path, database: Option<String>) -> Store {
    Store::open(&Location { database, ..Location::folder(folder) }).await.unwrap()
}

/// Leads on whatever is open, then begins something new; for ever, unless it only tidies up.
async fn walk(folder: &Path, store: &Store, tidies: bool) {
    loop {
        let waiting = DraftQuery { waiting: true, limit: 100, ..DraftQuery::default() };
        for draft in store.drafts(&waiting).await.unwrap() {
            lead_on(store, &draft).await;
        }
        carry(folder, store).await;
        let open = ReleaseQuery { open: true, limit: 100, ..ReleaseQuery::default() };
        let open = store.releases(&open).await.unwrap();
        for release in &open {
            hear(store, release.id, &release.answer_code).await;
        }
        if tidies {
            let due = store.waiting_messages(true, far(), 1).await.unwrap();
            if open.is_empty() && due.is_empty() {
                return;
            }
            continue;
        }
        begin(store).await;
    }
}

fn far() -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(1)
}

async fn begin(store: &Store) {
    let seen = NewFinding {
        kind: Kind::Plume,
        gas: Some("ch4".to_owned()),
        place: None,
        begins: None,
        ends: None,
        geometry: None,
        properties: serde_json::Map::new(),
        provenance: Provenance {
            inputs: vec![],
            version: "0".to_owned(),
            seed: 0,
            parameters: vec![],
        },
        scene: None,
        supersedes: None,
    };
    let subject = store.add_findings(&account("ana"), &[seen]).await.unwrap()[0];
    let put = |text: String| store.blobs().put(text.into_bytes());
    let code = Uuid::now_v7().simple().to_string();
    let new = NewDraft {
        subject: Subject::Finding(subject),
        recipient: "PE-1".to_owned(),
        alias: code.clone(),
        answer_code: code.clone(),
        product: put("product".to_owned()).await.unwrap(),
        content: put("content".to_owned()).await.unwrap(),
        differences: put("differences".to_owned()).await.unwrap(),
        residual: put("residual".to_owned()).await.unwrap(),
        dossier: put(format!("dossier {code}")).await.unwrap(),
        manifest_sha256: digest_of(code.as_bytes()),
        rules: "partner".to_owned(),
        rules_sha256: digest_of(b"rules"),
        supersedes: None,
        basis: Basis {
            detected: None,
            reviewed: None,
            priority: 3,
            reason: String::new(),
            gas: None,
            instrument: None,
            source: None,
            analyst_band: None,
            probability: None,
        },
        key: None,
    };
    let draft = store.add_draft(&account("ana"), &new, Timestamp::now()).await.unwrap();
    acknowledged("draft", draft.id);
}

async fn lead_on(store: &Store, draft: &Draft) {
    let shown = &draft.what.manifest_sha256;
    for name in ["eva", "leo"] {
        store.approve_draft(&account(name), draft.id, shown, Timestamp::now()).await.unwrap();
        acknowledged(name, draft.id);
    }
    let sealed = format!("sealed {}", draft.what.alias).into_bytes();
    let seal = NewRelease {
        draft: draft.id,
        manifest_sha256: shown.clone(),
        dossier: store.blobs().put(sealed).await.unwrap(),
        expires: far(),
        body: json!({ "of": draft.id }),
    };
    let release = store.seal_release(&account("leo"), &seal, Timestamp::now()).await.unwrap();
    acknowledged("release", release.id);
}

/// Lays messages into a folder, each under its key: another time it is the same file.
async fn carry(folder: &Path, store: &Store) {
    while let Some(lease) = store.take_message("courier", Timestamp::now(), LEASE).await.unwrap() {
        let Message { what, .. } = &lease.message;
        let name = what.key.replace('/', "_");
        let (beside, file) = (folder.join(format!("{name}.part")), folder.join("out").join(&name));
        let known = file.exists();
        fs::write(&beside, what.body.to_string()).unwrap();
        fs::rename(&beside, &file).unwrap();
        acknowledged(if known { "again" } else { "carried" }, &what.key);
        // Another walker may have it by now, where this one was slower than its lease.
        if store.message_sent(&lease, Timestamp::now()).await.is_ok() {
            acknowledged("sent", &what.key);
        }
    }
}

async fn hear(store: &Store, release: Uuid, code: &str) {
    let partner = Actor::Recipient("PE-1".to_owned());
    let now = Timestamp::now();
    store.add_receipt(&partner, (release, Opened::Release), Via::Page, now).await.unwrap();
    acknowledged("receipt", release);
    if release.as_u128().is_multiple_of(5) {
        let reason = "a drill".to_owned();
        let recall =
            NewRecall { release, reason, dossier: None, body: json!({ "recalls": release }) };
        store.recall_release(&account("eva"), &recall, now).await.unwrap();
        acknowledged("recall", release);
        return;
    }
    let answer = NewAnswer {
        release,
        key: format!("{code}-outcome"),
        state: AnswerState::Outcome,
        outcome: Some(Outcome::Dismantled),
        details: json!({}),
        reason: None,
        note: String::new(),
        via: Via::Page,
        at: now,
        due: None,
    };
    let (answer, _) = store.add_answer(&partner, &answer, now).await.unwrap();
    acknowledged("answer", answer.release);
}

fn runtime() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_all().build().unwrap()
}

/// Another one of this program, in which this very test walks.
fn walker(test: &str, folder: &Path, database: Option<&str>) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--include-ignored", "--nocapture"]).env(WALKED, folder);
    if let Some(url) = database {
        child.env(DATABASE, url);
    }
    child.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Everything a walker acknowledged before it was killed at a moment of its work.
fn walked_until_killed(mut child: Child, after_steps: u64, moment: Duration) -> Vec<String> {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    while said.len() as u64 <= after_steps {
        let line = lines.next().expect("the walker ended by itself").unwrap();
        said.extend(acknowledgement(&line));
    }
    std::thread::sleep(moment);
    // SIGKILL: nothing of it runs any more.
    child.kill().unwrap();
    said.extend(lines.map_while(Result::ok).filter_map(|line| acknowledgement(&line)));
    child.wait().unwrap();
    said
}

/// The first one stands behind what the harness says.
fn acknowledgement(line: &str) -> Option<String> {
    line.find("ack ").map(|at| line[at..].to_owned())
}

/// Kills walkers `times` times, each at another moment, and looks at what is left.
fn survives(test: &str, times: u64, database: Option<&str>) {
    if let Ok(folder) = std::env::var(WALKED) {
        let database = std::env::var(DATABASE).ok();
        runtime().block_on(async {
            let folder = Path::new(&folder);
            let store = opened(folder, database).await;
            walk(folder, &store, false).await;
        });
        return;
    }
    let top = tempfile::tempdir().unwrap();
    fs::create_dir(top.path().join("out")).unwrap();
    runtime().block_on(async {
        let store = opened(top.path(), database.map(str::to_owned)).await;
        let recipient = NewRecipient {
            code: "PE-1".to_owned(),
            body: json!({}),
            secret: Secret([1; 32]),
            link_sha256: [2; 32],
            pin_hash: "hash".to_owned(),
            active: true,
            supersedes: None,
        };
        store.put_recipient(&account("ana"), &recipient, Timestamp::now()).await.unwrap();
        store.close().await;
    });
    let mut said = Vec::new();
    for time in 0..10 * times {
        // A slow machine kills early: walkers follow each other until every step was done by one.
        if time >= times && STEPS.iter().all(|step| !told(&said, step).is_empty()) {
            break;
        }
        // Moments spread over the work by the golden ratio, the same in every run.
        let moment = (time as f64 * 0.618_033_988_75).fract();
        let child = walker(test, top.path(), database);
        said.extend(walked_until_killed(child, time % 8, Duration::from_secs_f64(0.03 * moment)));
    }
    runtime().block_on(async {
        let store = opened(top.path(), database.map(str::to_owned)).await;
        looked_at(top.path(), &store, &said).await;
        store.close().await;
    });
    println!("{times} kills, {} steps acknowledged, none lost and nothing told twice", said.len());
}

/// What was said to be done of a step.
fn told(said: &[String], step: &str) -> BTreeSet<String> {
    let start = format!("ack {step} ");
    said.iter().filter_map(|line| Some(line.strip_prefix(&start)?.to_owned())).collect()
}

async fn looked_at(folder: &Path, store: &Store, said: &[String]) {
    assert_eq!(store.check().await.unwrap().damages, []);
    let told = |step: &str| told(said, step);
    for id in told("draft") {
        let draft = store.draft(id.parse().unwrap()).await.unwrap().unwrap();
        let by = |name: &str| draft.approvals.iter().any(|one| one.by == format!("account:{name}"));
        for name in ["eva", "leo"] {
            assert!(by(name) || !told(name).contains(&id), "{name} approved {id}");
        }
    }
    for id in told("release") {
        assert!(store.release(id.parse().unwrap()).await.unwrap().is_some(), "{id} was sealed");
    }
    walk(folder, store, true).await;
    assert_eq!(store.check().await.unwrap().damages, []);
    let mut keys = BTreeSet::new();
    let mut before = None;
    loop {
        let page = ReleaseQuery { before, limit: 100, ..ReleaseQuery::default() };
        let page = store.releases(&page).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        for release in &page {
            let id = release.id.to_string();
            assert!(release.opened.is_some(), "{id} was opened");
            assert!(
                release.recalled.is_some() || !told("recall").contains(&id),
                "{id} was recalled"
            );
            assert_eq!(
                store.answers(release.id).await.unwrap().len(),
                usize::from(release.recalled.is_none())
            );
            let messages = store.messages_about(release.id).await.unwrap();
            assert_eq!(messages.len(), 1 + usize::from(release.recalled.is_some()), "{id}");
            for message in messages {
                let sent = message.state == MessageState::Sent;
                assert!(sent || message.state == MessageState::Dropped, "{message:?}");
                assert!(sent || !told("sent").contains(&message.what.key), "{message:?}");
                if sent {
                    let file = folder.join("out").join(message.what.key.replace('/', "_"));
                    assert_eq!(fs::read_to_string(file).unwrap(), message.what.body.to_string());
                    assert!(keys.insert(message.what.key.clone()), "told twice: {message:?}");
                }
            }
        }
    }
    for step in STEPS {
        assert!(!told(step).is_empty(), "no walker came as far as {step}");
    }
    assert!(told("sent").is_subset(&keys));
    assert_eq!(told("draft").difference(&drafts(store).await).next(), None, "drafts were lost");
}

async fn drafts(store: &Store) -> BTreeSet<String> {
    let all = DraftQuery { limit: 1_000_000, ..DraftQuery::default() };
    store.drafts(&all).await.unwrap().iter().map(|draft| draft.id.to_string()).collect()
}

fn many() -> u64 {
    let said = std::env::var("CATHARTES_KILLS");
    said.map_or(MANY, |times| times.parse().expect("CATHARTES_KILLS is a number"))
}

#[test]
fn the_loop_killed_twenty_times_loses_and_doubles_nothing() {
    survives("the_loop_killed_twenty_times_loses_and_doubles_nothing", 20, None);
}

#[test]
#[ignore = "minutes: run by `cargo xtask nightly`"]
fn the_loop_killed_five_hundred_times_loses_and_doubles_nothing_on_sqlite() {
    let test = "the_loop_killed_five_hundred_times_loses_and_doubles_nothing_on_sqlite";
    survives(test, many(), None);
}

#[test]
#[ignore = "minutes: run by `cargo xtask nightly`"]
fn the_loop_killed_five_hundred_times_loses_and_doubles_nothing_on_postgresql() {
    let test = "the_loop_killed_five_hundred_times_loses_and_doubles_nothing_on_postgresql";
    if std::env::var(WALKED).is_ok() {
        return survives(test, many(), None);
    }
    let server = Postgres::start();
    survives(test, many(), Some(&server.database()));
}
