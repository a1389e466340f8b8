//! A server with one recipient, releases that went through the gate, and a telephone.

use std::thread;

use argon2::{Argon2, password_hash::PasswordHasher};
use cathartes_core::{
    estimate::Interval90,
    geometry::LatLon,
    marking::{Classification, Marking},
    observation::Period,
    provenance::Provenance,
    source::Ellipse90,
    units::{Degrees, KgPerHour, Metres},
};
use cathartes_release::{
    answer::code::AnswerCode,
    dossier::{self, Approval, Setting, Unsealed},
    gate::{self, Outgoing, Review, Reviewed, Terms},
    policy::{Permission, Policies, What, Who},
    product::{FieldPath, Image, Product, ProductKind, Value},
    recipient::{Language, Recipient, Tlp},
    rules::Rules,
    seal::SecretKey,
    secret::RecipientSecret,
};
use cathartes_server::{Location, SecondLook, Server, Settings};
use cathartes_store::{
    Actor, Basis, KeptRecipient, Kind, NewDraft, NewFinding, NewRecipient, NewRelease, Release,
    Secret, Store, Subject, digest_of,
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::oneshot};
use ureq::{Agent, Body, http::Response};
use uuid::Uuid;

pub(crate) const PIN: &str = "482913";
pub(crate) const LINK: &str = "TESTLINKTESTLINKTESTLINK42";
pub(crate) const CODE: &str = "norte";
pub(crate) const SECRET: [u8; 32] = [5; 32];
const SEAL: [u8; 32] = [9; 32];

/// What a release of the test is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    /// Tells it from others.
    pub(crate) number: u8,
    pub(crate) supersedes: Option<Uuid>,
    /// Hours from now.
    pub(crate) expires_h: i64,
}

impl Wish {
    pub(crate) fn number(number: u8) -> Self {
        Self { number, supersedes: None, expires_h: 24 * 30 }
    }
}

pub(crate) struct House {
    pub(crate) base: String,
    pub(crate) store: Store,
    pub(crate) runtime: Runtime,
    _folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    server: Option<thread::JoinHandle<()>>,
}

impl House {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::folder(folder.path());
        let runtime = Runtime::new().unwrap();
        let store = runtime.block_on(Store::open(&location)).unwrap();
        let settings = Settings {
            listen: "127.0.0.1:0".to_owned(),
            public_url: None,
            tls: None,
            oidc: None,
            second_look: SecondLook::Confirmed,
            basemap: None,
            seal_key: Some(SecretKey::new(&SEAL)),
        };
        let server = runtime.block_on(Server::bind(store.clone(), settings)).unwrap();
        let base = server.base_url().to_owned();
        let (stop, stopped) = oneshot::channel();
        let handle = runtime.handle().clone();
        let server = thread::spawn(move || {
            let ends = async move { stopped.await.unwrap_or(()) };
            handle.block_on(server.run(ends)).unwrap();
        });
        let house =
            Self { base, store, runtime, _folder: folder, stop: Some(stop), server: Some(server) };
        house.recipient(CODE, LINK, None);
        house
    }

    /// Keeps a recipient with the PIN of the tests.
    pub(crate) fn recipient(
        &self,
        code: &str,
        link: &str,
        before: Option<&KeptRecipient>,
    ) -> KeptRecipient {
        let pin_hash = Argon2::default().hash_password(PIN.as_bytes()).unwrap().to_string();
        let secret = if code == CODE { SECRET } else { [6; 32] };
        let new = NewRecipient {
            code: code.to_owned(),
            body: serde_json::to_value(body(code)).unwrap(),
            secret: Secret(secret),
            link_sha256: bytes(&digest_of(link.as_bytes()).0),
            pin_hash,
            active: true,
            supersedes: before.map(|kept| kept.id),
        };
        self.runtime
            .block_on(self.store.put_recipient(&officer("eva"), &new, Timestamp::now()))
            .unwrap()
    }

    /// A release to the recipient, through the gate, approved by two and sealed.
    pub(crate) fn release(&self, wish: Wish) -> Release {
        self.runtime.block_on(release(&self.store, wish))
    }

    /// Many releases that differ in their names alone: what takes long is made once.
    pub(crate) fn many(&self, n: u8) -> Vec<Release> {
        self.runtime.block_on(async {
            let findings: Vec<_> = (0..n).map(|_| finding()).collect();
            let ids = self.store.add_findings(&officer("eva"), &findings).await.unwrap();
            let one = unsealed(ids[0], Wish::number(0), None);
            let mut all = Vec::new();
            for (number, id) in (0..n).zip(ids) {
                all.push(sent(&self.store, id, Wish::number(number), &one).await);
            }
            all
        })
    }

    pub(crate) fn answers(&self, release: &Release) -> Vec<cathartes_store::Answer> {
        self.runtime.block_on(self.store.answers(release.id)).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        self.server.take().map(thread::JoinHandle::join);
    }
}

pub(crate) fn officer(name: &str) -> Actor {
    Actor::Account(name.to_owned())
}

fn bytes(hex: &str) -> [u8; 32] {
    std::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
}

fn body(code: &str) -> Recipient {
    Recipient {
        code: code.to_owned(),
        name: "Policía Ministerial & Fiscalía del Norte".to_owned(),
        language: Language::Es,
        ceiling: Classification::Restricted,
        tlp: Tlp::Amber,
        rules: "partner".to_owned(),
    }
}

fn path(text: &str) -> FieldPath {
    FieldPath::new(text).unwrap()
}

/// What we know of a place; the exact one, the sensor and the hour stay.
fn product(id: Uuid, number: u8) -> Product {
    let place = LatLon {
        latitude: Degrees(31.842_17 + 0.01 * f64::from(number)),
        longitude: Degrees(-106.201_34),
    };
    let ellipse =
        Ellipse90 { semi_major: Metres(60.0), semi_minor: Metres(30.0), bearing: Degrees(40.0) };
    let seen: Timestamp = "2026-11-20T18:30:00Z".parse().unwrap();
    let words = |words: &str| Value::Words { words: words.to_owned() };
    let name = |name: &str| Value::Name { name: name.to_owned() };
    let rgb = (0..64 * 48 * 3).map(|n| (n % 251) as u8).collect();
    let fields = [
        ("title", words("Possible laboratory < 2 km from the road")),
        ("what.es", words("Emisión de gas que no corresponde a ninguna industria conocida.")),
        ("what.en", words("A gas release that belongs to no known industry.")),
        ("unknown.es", words("No se sabe si sigue en uso.")),
        ("unknown.en", words("It is not known whether it is still in use.")),
        ("place", Value::Place { place, ellipse }),
        (
            "observed",
            Value::Observed(Period { from: seen, to: seen + SignedDuration::from_mins(2) }),
        ),
        ("gases", Value::Names { names: vec!["nh3".to_owned()] }),
        ("rate", Value::Rate(Interval90 { low: KgPerHour(4.0), high: KgPerHour(9.0) })),
        ("likelihood", Value::Probability { probability: 0.83 }),
        ("confidence", name("moderate")),
        ("sensor", name("SECRETSENSOR")),
        ("images[0]", Value::Picture(Image { width_px: 64, height_px: 48, rgb })),
    ];
    let marking = Marking {
        classification: Classification::Restricted,
        caveats: Vec::new(),
        releasable_to: vec![CODE.to_owned()],
    };
    Product {
        id,
        kind: ProductKind::Finding,
        marking: Some(marking),
        overrides: [].into(),
        fields: fields.into_iter().map(|(name, value)| (path(name), value)).collect(),
    }
}

fn finding() -> NewFinding {
    NewFinding {
        kind: Kind::Plume,
        gas: Some("ammonia".to_owned()),
        place: Some(LatLon { latitude: Degrees(31.8), longitude: Degrees(-106.2) }),
        begins: "2026-11-20T18:30:00Z".parse().ok(),
        ends: "2026-11-20T18:32:00Z".parse().ok(),
        geometry: None,
        properties: serde_json::Map::new(),
        provenance: provenance(),
        scene: None,
        supersedes: None,
    }
}

fn provenance() -> Provenance {
    Provenance { inputs: Vec::new(), version: "test".to_owned(), seed: 1, parameters: Vec::new() }
}

async fn release(store: &Store, wish: Wish) -> Release {
    let id = store.add_findings(&officer("eva"), &[finding()]).await.unwrap()[0];
    let earlier = match wish.supersedes {
        Some(id) => store.release(id).await.unwrap().map(|release| release.alias),
        None => None,
    };
    sent(store, id, wish, &unsealed(id, wish, earlier)).await
}

fn names(wish: Wish) -> (String, AnswerCode) {
    let code = AnswerCode::of_entropy([1, 2, 3, 4, 5, 6, wish.number]);
    (format!("AVISO-{:03}", wish.number), code)
}

/// What the gate lets through, as a dossier.
fn unsealed(id: Uuid, wish: Wish, supersedes: Option<String>) -> Unsealed {
    let now = Timestamp::now();
    let (release, code) = names(wish);
    let terms = Terms {
        release,
        recipient: body(CODE),
        tlp: Tlp::Amber,
        made: now,
        expires: now + SignedDuration::from_hours(24 * 30),
        supersedes,
        answer_link: format!("https://cathartes.example/c/{code}"),
        answer_code: code.to_string(),
    };
    let who = Who::Officer { name: "eva", role: "releasing_officer" };
    let what = What::Product { id, to: CODE };
    let permit = Policies::new().unwrap().permit(who, Permission::Draft, what).unwrap();
    let said =
        |by: &str| Review { by: by.into(), verdict: "confirm".into(), at: now, settles: false };
    let reviews = vec![said("ana"), said("leo")];
    let reviewed = Reviewed::new(product(id, wish.number), reviews, 2).unwrap();
    let outgoing = Outgoing { terms, secret: &RecipientSecret(SECRET), earlier: &[] };
    let rules = Rules::shipped("partner").unwrap();
    let cleared = gate::clear(&reviewed, &rules, outgoing, &permit).unwrap();
    let setting =
        Setting { checkpoint: "12 entries, root 00…", written_by: "cathartes test", lines: &[] };
    dossier::unsealed(&cleared.releasable, setting).unwrap()
}

/// Drafted, approved by two, sealed.
async fn sent(store: &Store, id: Uuid, wish: Wish, unsealed: &Unsealed) -> Release {
    let now = Timestamp::now();
    let put = async |bytes: &[u8]| store.blobs().put(bytes.to_vec()).await.unwrap();
    let (alias, code) = names(wish);
    let draft = NewDraft {
        subject: Subject::Finding(id),
        recipient: CODE.to_owned(),
        alias,
        answer_code: code.to_string(),
        product: put(b"product").await,
        content: put(b"content").await,
        differences: put(b"[]").await,
        residual: put(b"{}").await,
        dossier: put(unsealed.bytes()).await,
        manifest_sha256: unsealed.digest().clone(),
        rules: "partner".to_owned(),
        rules_sha256: digest_of(b"rules"),
        supersedes: wish.supersedes,
        basis: basis(now),
        key: None,
    };
    let draft = store.add_draft(&officer("eva"), &draft, now).await.unwrap();
    for by in ["leo", "mar"] {
        store.approve_draft(&officer(by), draft.id, unsealed.digest(), now).await.unwrap();
    }
    let approval = |by: &str| Approval { by: by.to_owned(), digest: unsealed.digest().clone() };
    let sealed = unsealed.seal(&SecretKey::new(&SEAL), &["leo", "mar"].map(approval)).unwrap();
    // Nothing that has expired is sent; a test does not wait for a month.
    let left = SignedDuration::from_hours(wish.expires_h).max(SignedDuration::from_millis(50));
    let new = NewRelease {
        draft: draft.id,
        manifest_sha256: sealed.digest.clone(),
        dossier: put(&sealed.bytes).await,
        expires: now + left,
        body: serde_json::json!({ "text": "Hay un aviso nuevo" }),
    };
    store.seal_release(&officer("leo"), &new, now).await.unwrap()
}

fn basis(now: Timestamp) -> Basis {
    Basis {
        detected: Some(now),
        reviewed: Some(now),
        priority: 2,
        reason: "laboratory".to_owned(),
        gas: None,
        instrument: None,
        source: None,
        analyst_band: None,
        probability: None,
    }
}

/// A browser without scripts: cookies, forms, and nothing else.
pub(crate) struct Telephone {
    agent: Agent,
    base: String,
    pub(crate) cookies: Vec<(String, String)>,
}

/// A page as it came.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) to: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Telephone {
    pub(crate) fn new(house: &House) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Self { agent: config.build().into(), base: house.base.clone(), cookies: Vec::new() }
    }

    /// One that has been let in.
    pub(crate) fn inside(house: &House) -> Self {
        let mut telephone = Self::new(house);
        let seen = telephone.post(&format!("/p/{LINK}"), &[("pin", PIN)]);
        assert_eq!((seen.status, seen.to.as_deref()), (303, Some("/p")), "{}", seen.text);
        telephone
    }

    fn cookie(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn get(&mut self, at: &str) -> Seen {
        let request = self.agent.get(format!("{}{at}", self.base)).header("cookie", self.cookie());
        let answer = request.call().unwrap();
        self.keep(answer)
    }

    pub(crate) fn post(&mut self, at: &str, fields: &[(&str, &str)]) -> Seen {
        let request = self.agent.post(format!("{}{at}", self.base)).header("cookie", self.cookie());
        let answer = request.send_form(fields.iter().copied()).unwrap();
        self.keep(answer)
    }

    /// Opens a release and gives what its forms hold besides what is asked.
    pub(crate) fn form(&mut self, release: &Release) -> Form {
        let page = self.get(&format!("/p/r/{}", release.alias));
        assert_eq!(page.status, 200, "{}", page.text);
        let value = |name: &str| {
            let start = format!("name=\"{name}\" value=\"");
            page.text.split_once(&start).unwrap().1.split_once('"').unwrap().0.to_owned()
        };
        let at = format!("/p/r/{}/answer", release.alias);
        Form { at, csrf: value("csrf"), key: value("key"), code: value("code"), page }
    }

    /// Sends a form with what somebody put in.
    pub(crate) fn send(&mut self, form: &Form, fields: &[(&str, &str)]) -> Seen {
        let all = [("csrf", form.csrf.as_str()), ("key", &form.key), ("code", &form.code)];
        let all: Vec<_> = all.into_iter().chain(fields.iter().copied()).collect();
        self.post(&form.at, &all)
    }

    fn keep(&mut self, mut answer: Response<Body>) -> Seen {
        for set in answer.headers().get_all("set-cookie") {
            let (pair, rest) = set.to_str().unwrap().split_once(';').unwrap();
            assert!(rest.contains("HttpOnly") && rest.contains("SameSite=Lax"), "{rest}");
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(kept, _)| kept != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let header =
            |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, to) = (answer.status().as_u16(), header("location"));
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers = headers.collect();
        let text = answer.body_mut().read_to_vec().unwrap();
        let text = String::from_utf8_lossy(&text).into_owned();
        Seen { status, to, headers, text }
    }
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    #[track_caller]
    pub(crate) fn says(&self, words: &str) {
        assert!(self.text.contains(words), "`{words}` is not in\n{}", self.text);
    }

    #[track_caller]
    pub(crate) fn is_silent_about(&self, words: &str) {
        assert!(!self.text.contains(words), "`{words}` is in\n{}", self.text);
    }
}

/// What a form holds.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) at: String,
    pub(crate) csrf: String,
    pub(crate) key: String,
    pub(crate) code: String,
    pub(crate) page: Seen,
}
