//! A server on a record of its own, and people with accounts.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use cathartes_core::{geometry::LatLon, provenance::Provenance, units::Degrees};
use cathartes_server::{Actor, Location, SecretKey, Server, Settings, Store};
use cathartes_store::{
    Kind, MessageKind, NewFinding, NewMessage, NewRecipient, NewScene, Proof, Secret, message_key,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::{runtime::Runtime, sync::oneshot, task::JoinHandle};
use ureq::{Agent, Body, http::Response};
use uuid::Uuid;

const DAY: Duration = Duration::from_secs(86_400);

pub(crate) struct House {
    pub(crate) folder: tempfile::TempDir,
    runtime: Runtime,
    store: Store,
    base: String,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    served: Option<JoinHandle<()>>,
    people: AtomicU32,
}

pub(crate) struct Analyst {
    pub(crate) name: String,
    base: String,
    token: String,
    agent: Agent,
}

/// A plume with a rate, seen now.
pub(crate) fn rated(latitude: f64, rate: f64) -> NewFinding {
    let properties = json!({ "rate_by_mass_kg_per_h": rate, "false_alarm_probability": 0.4 });
    let now = Timestamp::now();
    NewFinding {
        kind: Kind::Plume,
        gas: Some("ch4".to_owned()),
        place: Some(LatLon { latitude: Degrees(latitude), longitude: Degrees(7.0) }),
        begins: Some(now),
        ends: Some(now),
        geometry: None,
        properties: properties.as_object().unwrap().clone(),
        provenance: provenance(),
        scene: None,
        supersedes: None,
    }
}

fn provenance() -> Provenance {
    let (inputs, parameters) = (Vec::new(), Vec::new());
    Provenance { inputs, version: "0.1.0".to_owned(), seed: 1, parameters }
}

impl House {
    pub(crate) fn new(second_look: &str) -> Self {
        Self::set_up(second_look, None, None)
    }

    pub(crate) fn with_basemap(bytes: &[u8]) -> Self {
        Self::set_up("confirmed", Some(bytes), None)
    }

    /// One that can seal, and a body to send to.
    pub(crate) fn that_seals() -> Self {
        let house = Self::set_up("never", None, Some(SecretKey::new(&[7; 32])));
        house.recipient("andes");
        house
    }

    /// A partner body that may have what is secret once it was taken down.
    pub(crate) fn recipient(&self, code: &str) {
        let body = json!({
            "code": code, "name": format!("Policía de {code}"), "language": "es", "ceiling": "restricted",
            "tlp": "TLP:AMBER", "rules": "partner",
        });
        let digit = code.len() as u8;
        let new = NewRecipient {
            code: code.to_owned(),
            body,
            secret: Secret([digit; 32]),
            link_sha256: [digit; 32],
            pin_hash: "none".to_owned(),
            active: true,
            supersedes: None,
        };
        let actor = Actor::Command("test".to_owned());
        let kept = self.store.put_recipient(&actor, &new, Timestamp::now());
        self.runtime.block_on(kept).unwrap();
    }

    fn set_up(second_look: &str, basemap: Option<&[u8]>, key: Option<SecretKey>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let basemap = basemap.map(|bytes| {
            let file = folder.path().join("map.pmtiles");
            std::fs::write(&file, bytes).unwrap();
            file
        });
        let settings = Settings {
            listen: "127.0.0.1:0".to_owned(),
            public_url: None,
            tls: None,
            oidc: None,
            second_look: second_look.parse().unwrap(),
            basemap,
            seal_key: key,
        };
        let (stop, stopped) = oneshot::channel();
        let (store, base, served) = runtime.block_on(async {
            let store = Store::open(&Location::folder(folder.path())).await.unwrap();
            let server = Server::bind(store.clone(), settings).await.unwrap();
            let base = server.base_url().to_owned();
            let run = server.run(async { drop(stopped.await) });
            let served = tokio::spawn(async { run.await.unwrap() });
            (store, base, served)
        });
        let (stop, served) = (Mutex::new(Some(stop)), Some(served));
        Self { folder, runtime, store, base, stop, served, people: AtomicU32::new(0) }
    }

    /// Somebody new of a role.
    pub(crate) fn somebody(&self, role: &str) -> Analyst {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let name = format!("{role}-{number}");
        let token = self.runtime.block_on(async {
            let (now, role) = (Timestamp::now(), role.parse().unwrap());
            let invitation = self.store.invite(&Actor::Server, role, now, DAY).await.unwrap();
            let proof = Proof::Password("none");
            let account = self.store.accept(&invitation, now, &name, proof).await.unwrap();
            self.store.sign_in(&account, false, now, DAY).await.unwrap().0
        });
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let config = config.timeout_global(Some(Duration::from_secs(60)));
        let (base, agent) = (self.base.clone(), config.build().into());
        Analyst { name, base, token, agent }
    }

    /// A word to the superiors of whoever got a release, which waits for somebody of ours.
    pub(crate) fn escalates(&self, release: &Value, number: u32) {
        let id = id_of(release);
        let message = NewMessage {
            key: message_key(id, MessageKind::Escalation, number),
            recipient: "andes".to_owned(),
            release: Some(id),
            kind: MessageKind::Escalation,
            body: json!({ "text": format!("Sin respuesta, {number}.") }),
            needs_approval: true,
            due: Timestamp::now(),
        };
        let added = self.store.add_message(&Actor::Server, &message, Timestamp::now());
        self.runtime.block_on(added).unwrap();
    }

    /// What was or is to be told of a release.
    pub(crate) fn messages_about(&self, release: &Value) -> Vec<Value> {
        let told = self.runtime.block_on(self.store.messages_about(id_of(release))).unwrap();
        told.into_iter().map(|message| message.what.body).collect()
    }

    /// Records findings, all of one scene.
    pub(crate) fn found(&self, findings: &[NewFinding]) -> Vec<String> {
        let actor = Actor::Command("test".to_owned());
        let scene = NewScene {
            name: "line".to_owned(),
            time: Some(Timestamp::now()),
            footprint: Vec::new(),
            properties: json!({ "instrument": "emit" }).as_object().unwrap().clone(),
            provenance: provenance(),
            assets: Vec::new(),
        };
        self.runtime.block_on(async {
            let scene = self.store.add_scene(&actor, &scene).await.unwrap();
            let with = |found: &NewFinding| NewFinding { scene: Some(scene), ..found.clone() };
            let findings: Vec<NewFinding> = findings.iter().map(with).collect();
            let ids = self.store.add_findings(&actor, &findings).await.unwrap();
            ids.iter().map(ToString::to_string).collect()
        })
    }
}

fn id_of(release: &Value) -> Uuid {
    release["id"].as_str().unwrap().parse().unwrap()
}

impl Drop for House {
    fn drop(&mut self) {
        drop(self.stop.lock().unwrap().take());
        if let Some(served) = self.served.take() {
            let _ = self.runtime.block_on(served);
        }
    }
}

impl Analyst {
    fn auth(&self) -> String {
        format!("Bearer {}", self.token)
    }

    pub(crate) fn ask(&self, at: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let request = self.agent.get(format!("{}{at}", self.base));
        let request = request.header("authorization", self.auth());
        let with =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        with.call().unwrap()
    }

    pub(crate) fn status(&self, at: &str) -> u16 {
        self.ask(at, &[]).status().as_u16()
    }

    pub(crate) fn get(&self, at: &str) -> Value {
        let mut answer = self.ask(at, &[]);
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status(), 200, "{at}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) fn post(&self, at: &str, body: &Value) -> (u16, Value) {
        let request = self.agent.post(format!("{}{at}", self.base));
        let answer = request.header("authorization", self.auth()).send_json(body);
        told(answer.unwrap())
    }

    pub(crate) fn bytes(&self, at: &str) -> Vec<u8> {
        let mut answer = self.ask(at, &[]);
        assert_eq!(answer.status(), 200, "{at}");
        answer.body_mut().read_to_vec().unwrap()
    }

    pub(crate) fn put(&self, at: &str, body: &Value) -> (u16, Value) {
        let request = self.agent.put(format!("{}{at}", self.base));
        let answer = request.header("authorization", self.auth()).send_json(body);
        told(answer.unwrap())
    }
}

fn told(mut answer: Response<Body>) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, answer.body_mut().read_json().unwrap_or(Value::Null))
}
