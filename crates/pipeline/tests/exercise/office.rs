//! Our side of the exercise: sites that the record folded, two reviews of each, a product, the gate, a dossier, two approvals,
//! the seal, the outbox, reminders with their approvals, replies to disputes. Everything by the functions that the program
//! itself uses; every step has a name and may be the last one of the process.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use cathartes_core::{
    geometry::LatLon,
    marking::{Classification, Marking},
    observation::{
        Credibility, Draft as Saying, Grade, Observation, OriginChain, Period, Reliability, Sign,
        What as Said, Whereabouts,
    },
    provenance::Digest,
    site::Site,
    source::Ellipse90,
    units::{Degrees, Metres},
};
use cathartes_pipeline::{
    outbox,
    remind::{self, Making},
    returned::Returning,
    work,
};
use cathartes_release::{
    dossier::{self, Unsealed},
    gate,
    policy::{Permission, Policies, ReleaseState, Stage, What, Who},
    product::{FieldPath, Product, ProductKind, Value},
    recipient::{Language, Recipient, Tlp},
    remind::Reminders,
    rules::Rules,
    seal::SecretKey,
    secret::RecipientSecret,
};
use cathartes_store::{
    Actor, Basis, DraftQuery, DraftState, Location, NewDraft, NewRecipient, NewRelease, NewReview,
    ReviewRule, SecondLook, Secret, Store, Subject, TakenFrom, Verdict,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::people;

/// Who reviews, drafts, approves and sends.
const ANALYSTS: [&str; 2] = ["ana", "bruno"];
const SENIORS: [&str; 2] = ["carla", "diego"];
const OFFICER: &str = "elena";
/// How long a release holds.
const HOLDS: SignedDuration = SignedDuration::from_hours(180 * 24);
/// What is kept of every field.
const RULES: &str = r#"
name = "exercise"
[[rule]]
path = "title"
action = "keep"
why = "it is what it is about"
[[rule]]
path = "what.es"
action = "keep"
why = "in plain words"
[[rule]]
path = "what.en"
action = "keep"
why = "in plain words"
[[rule]]
path = "place"
action = "search_area"
radius_m = 500
why = "where the sensor saw it better than this stays here"
[[rule]]
path = "observed"
action = "day"
why = "the hour would tell of the flight"
[[rule]]
path = "likelihood"
action = "keep"
why = "it decides how soon somebody goes"
[[rule]]
path = "confidence"
action = "keep"
why = "it decides how soon somebody goes"
"#;

/// Ends the process where a step is named, as a power cut would.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    /// The name, and the how manieth of it is the last.
    pub(crate) dies_at: Option<(String, usize)>,
    pub(crate) taken: std::collections::BTreeMap<&'static str, usize>,
}

impl Steps {
    pub(crate) fn step(&mut self, name: &'static str) {
        let count = self.taken.entry(name).or_default();
        *count += 1;
        if self.dies_at.as_ref().is_some_and(|(at, nth)| at == name && nth == count) {
            std::process::abort();
        }
    }
}

pub(crate) struct Office {
    pub(crate) store: Store,
    pub(crate) outbox: PathBuf,
    pub(crate) key: SecretKey,
    pub(crate) rules: Reminders,
    pub(crate) steps: Steps,
    policies: Policies,
    sanitising: Rules,
    returning: Returning,
}

pub(crate) fn account(name: &str) -> Actor {
    Actor::Account(name.to_owned())
}

/// What a recipient knows a release by.
pub(crate) fn alias(number: usize, manner: &people::Manner) -> String {
    secret(manner.code).alias(&format!("release {number}"))
}

fn secret(code: &str) -> RecipientSecret {
    let mut bytes = [7; 32];
    for (byte, of) in bytes.iter_mut().zip(code.bytes()) {
        *byte ^= of;
    }
    RecipientSecret(bytes)
}

impl Office {
    pub(crate) async fn open(folder: &Path) -> Self {
        let location = Location { folder: folder.join("record"), database: None, blobs: None };
        Self {
            store: Store::open(&location).await.unwrap(),
            outbox: folder.join("outbox"),
            key: SecretKey::new(&[9; 32]),
            rules: cathartes_release::remind::builtin().unwrap(),
            steps: Steps::default(),
            policies: Policies::new().unwrap(),
            sanitising: Rules::read(RULES).unwrap(),
            returning: Returning::default(),
        }
    }

    /// Makes sites of reports, and has the record fold them.
    pub(crate) async fn sites(&mut self, count: usize, now: Timestamp) -> Vec<Site> {
        let reports: Vec<_> = (0..count).map(|number| report(number, now)).collect();
        self.store.add_observations(&account(ANALYSTS[0]), &reports).await.unwrap();
        self.steps.step("reported");
        let (tell, stop) = tokio::sync::watch::channel(false);
        let store = self.store.clone();
        let worker = tokio::spawn(async move { work::all(&store, 1, &stop).await });
        loop {
            let counts = self.store.job_counts().await.unwrap();
            if counts.queued + counts.leased == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tell.send_replace(true);
        worker.await.unwrap();
        let mut sites = self.store.likeliest_sites(count as u32 + 10).await.unwrap();
        assert_eq!(sites.len(), count);
        sites.sort_by(|a, b| a.place.longitude.0.total_cmp(&b.place.longitude.0));
        sites
    }

    pub(crate) async fn recipients(&mut self, now: Timestamp) {
        for manner in &people::ALL {
            if self.store.recipient(manner.code).await.unwrap().is_some() {
                continue;
            }
            let new = NewRecipient {
                code: manner.code.to_owned(),
                body: json!(recipient(manner)),
                secret: Secret(secret(manner.code).0),
                link_sha256: link_sha256(manner.code),
                pin_hash: "none of the exercise is asked for".to_owned(),
                active: true,
                supersedes: None,
            };
            self.store.put_recipient(&account(OFFICER), &new, now).await.unwrap();
            self.steps.step("recipient");
        }
    }

    /// Brings a site to a recipient: reviews, draft, two approvals, seal. What was done before is not done again.
    pub(crate) async fn release(
        &mut self,
        number: usize,
        site: &Site,
        manner: &people::Manner,
        now: Timestamp,
    ) {
        self.reviewed(site, now).await;
        let draft = self.drafted(number, site, manner, now).await;
        for senior in SENIORS {
            let shown = &draft.what.manifest_sha256;
            if draft.state != DraftState::Sealed {
                self.store.approve_draft(&account(senior), draft.id, shown, now).await.unwrap();
            }
            self.steps.step("approved");
        }
        let draft = self.store.draft(draft.id).await.unwrap().unwrap();
        if draft.state == DraftState::Sealed {
            return;
        }
        let release = ReleaseState {
            release: draft.what.alias.clone(),
            to: manner.code.to_owned(),
            stage: Stage::Draft,
            drafted_by: plain(&draft.by),
            first: draft.approvals.first().map(|one| plain(&one.by)),
            second: draft.approvals.get(1).map(|one| plain(&one.by)),
        };
        let who = Who::Officer { name: OFFICER, role: "releasing_officer" };
        self.policies.permit(who, Permission::Release, What::Release(&release)).unwrap();
        let unsealed = self.bytes(&draft.what.dossier.sha256).await;
        let digest = &draft.what.manifest_sha256;
        let approval = |one: &cathartes_store::Approval| dossier::Approval {
            by: plain(&one.by),
            digest: digest.clone(),
        };
        let approvals: Vec<_> = draft.approvals.iter().map(approval).collect();
        let sealed = Unsealed::read(&unsealed).unwrap().seal(&self.key, &approvals).unwrap();
        let dossier = self.store.blobs().put(sealed.bytes).await.unwrap();
        self.steps.step("sealed file");
        let new = NewRelease {
            draft: draft.id,
            manifest_sha256: draft.what.manifest_sha256.clone(),
            dossier,
            expires: now + HOLDS,
            body: json!({ "release": draft.what.alias }),
        };
        self.store.seal_release(&account(OFFICER), &new, now).await.unwrap();
        self.steps.step("sealed");
    }

    async fn reviewed(&mut self, site: &Site, now: Timestamp) {
        let subject = Subject::Site(site.id);
        let rule = ReviewRule { second_look: SecondLook::Confirmed, may_settle: false };
        for analyst in ANALYSTS {
            let key = Uuid::from_u128(site.id.0 ^ u128::from(analyst.as_bytes()[0]));
            let (verdict, reason) = (Verdict::Confirm, String::new());
            let new = NewReview { subject, verdict, reason, supersedes: None, key: Some(key) };
            self.store.add_review(&account(analyst), &new, rule, now).await.unwrap();
            self.steps.step("reviewed");
        }
    }

    async fn drafted(
        &mut self,
        number: usize,
        site: &Site,
        manner: &people::Manner,
        now: Timestamp,
    ) -> cathartes_store::Draft {
        let subject = Subject::Site(site.id);
        let query = DraftQuery {
            subject: Some(subject),
            recipient: Some(manner.code.to_owned()),
            limit: 1,
            ..DraftQuery::default()
        };
        if let Some(draft) = self.store.drafts(&query).await.unwrap().into_iter().next() {
            return draft;
        }
        let product = product(site, now);
        let reviews = self.store.reviews(subject).await.unwrap();
        let reviews = reviews.iter().map(|review| gate::Review {
            by: review.by.clone(),
            verdict: review.what.verdict.word().to_owned(),
            at: review.at,
            settles: review.settles,
        });
        let reviewed = gate::Reviewed::new(product.clone(), reviews.collect(), 2).unwrap();
        let who = Who::Officer { name: ANALYSTS[0], role: "analyst" };
        let what = What::Product { id: product.id, to: manner.code };
        let permit = self.policies.permit(who, Permission::Draft, what).unwrap();
        let names = secret(manner.code);
        let alias = alias(number, manner);
        let terms = gate::Terms {
            release: alias.clone(),
            recipient: recipient(manner),
            tlp: Tlp::Amber,
            made: now,
            expires: now + HOLDS,
            supersedes: None,
            answer_link: format!("https://partner.example/p/{}", manner.code),
            answer_code: format!("C{number:05}"),
        };
        let outgoing = gate::Outgoing { terms, secret: &names, earlier: &[] };
        let cleared = gate::clear(&reviewed, &self.sanitising, outgoing, &permit).unwrap();
        let setting = dossier::Setting { checkpoint: "", written_by: "the exercise", lines: &[] };
        let unsealed = dossier::unsealed(&cleared.releasable, setting).unwrap();
        let blob = async |value: serde_json::Value| {
            self.store.blobs().put(value.to_string().into_bytes()).await.unwrap()
        };
        let new = NewDraft {
            subject,
            recipient: manner.code.to_owned(),
            alias,
            answer_code: format!("C{number:05}"),
            product: blob(json!(product)).await,
            content: blob(json!(cleared.releasable.what())).await,
            differences: blob(json!(cleared.differences)).await,
            residual: blob(json!([])).await,
            dossier: self.store.blobs().put(unsealed.bytes().to_vec()).await.unwrap(),
            manifest_sha256: unsealed.digest().clone(),
            rules: "exercise".to_owned(),
            rules_sha256: cathartes_store::digest_of(RULES.as_bytes()),
            supersedes: None,
            basis: Basis {
                detected: Some(now - SignedDuration::from_hours(30)),
                reviewed: Some(now - SignedDuration::from_hours(6)),
                priority: [2, 3, 4][number % 3],
                reason: "acetone".to_owned(),
                gas: None,
                instrument: Some(["imager A", "imager B"][number % 2].to_owned()),
                source: Some("reports".to_owned()),
                analyst_band: None,
                probability: Some(site.ledger.probability()),
            },
            key: Some(Uuid::from_u128(site.id.0 ^ 1)),
        };
        let draft = self.store.add_draft(&account(ANALYSTS[0]), &new, now).await.unwrap();
        self.steps.step("drafted");
        draft
    }

    pub(crate) async fn bytes(&self, digest: &Digest) -> Vec<u8> {
        self.store.blobs().whole(digest).await.unwrap()
    }

    /// What our side does by itself or by its people, whenever it looks.
    pub(crate) async fn tend(&mut self, reminds: bool, now: Timestamp) {
        let worker = Actor::Worker("exercise".to_owned());
        self.returning.bring(&self.store, &worker).await.unwrap();
        self.steps.step("brought back");
        if reminds {
            let rules = (&self.rules, now);
            remind::due(&self.store, &worker, rules, Making::Make).await.unwrap();
            self.steps.step("reminded");
            for message in remind::waiting_for_approval(&self.store, 500).await.unwrap() {
                let (id, shown) = (message.id, &message.body_sha256);
                self.store.approve_message(&account(SENIORS[0]), id, shown, now).await.unwrap();
                self.steps.step("escalated");
            }
        }
        for dispute in self.store.open_disputes(500).await.unwrap() {
            let text = "Gracias: lo hemos corregido.";
            self.store.reply_to(&account(OFFICER), dispute.id, text, now).await.unwrap();
            self.steps.step("replied");
        }
        self.carry(now).await;
    }

    /// As [`outbox::carry`] does, with a step between any two.
    async fn carry(&mut self, now: Timestamp) {
        let lease = Duration::from_secs(60);
        while let Some(taken) = self.store.take_message("exercise", now, lease).await.unwrap() {
            self.steps.step("taken");
            outbox::put(&self.store, &self.outbox, &taken.message).await.unwrap();
            self.steps.step("written");
            self.store.message_sent(&taken, now).await.unwrap();
            self.steps.step("sent");
        }
    }
}

/// The name behind `account:`.
fn plain(by: &str) -> String {
    by.trim_start_matches("account:").to_owned()
}

pub(crate) fn recipient(manner: &people::Manner) -> Recipient {
    Recipient {
        code: manner.code.to_owned(),
        name: manner.name.to_owned(),
        language: Language::Es,
        ceiling: Classification::Restricted,
        tlp: Tlp::Amber,
        rules: "exercise".to_owned(),
    }
}

fn link_sha256(code: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (byte, of) in bytes.iter_mut().zip(code.bytes()) {
        *byte = of;
    }
    bytes
}

fn report(number: usize, now: Timestamp) -> (Observation, TakenFrom) {
    let at = now - SignedDuration::from_hours(48);
    // A tenth of a degree apart: none is taken for another.
    let longitude = Degrees(-110.0 + 0.1 * (number % 60) as f64 + 0.001 * (number / 60) as f64);
    let latitude = Degrees(24.0 + 0.1 * (number / 60) as f64);
    let radius = Metres(150.0);
    // Some reports are better than others, and so are the sites they make.
    let sign = [Sign::Seizure, Sign::Waste, Sign::Smell, Sign::ImageryCue][number % 4];
    let saying = Saying {
        what: Said::Told { sign },
        place: Whereabouts::Point {
            place: LatLon { latitude, longitude },
            ellipse: Ellipse90 { semi_major: radius, semi_minor: radius, bearing: Degrees(0.0) },
        },
        when: Period { from: at, to: at },
        grade: Grade { reliability: Reliability::A, credibility: Credibility::Confirmed },
        origin: OriginChain {
            collector: format!("office-{}", number % 7),
            collection: Some(format!("report-{number}")),
            handed_on_by: Vec::new(),
        },
        marking: marking(),
    };
    let sha256 = cathartes_store::digest_of(b"the reports of the exercise");
    (Observation::new(saying).unwrap(), TakenFrom::File { sha256, row: number as u64 + 1 })
}

fn marking() -> Marking {
    Marking {
        classification: Classification::Restricted,
        caveats: Vec::new(),
        releasable_to: people::ALL.iter().map(|manner| manner.code.to_owned()).collect(),
    }
}

fn product(site: &Site, now: Timestamp) -> Product {
    let words = |words: &str| Value::Words { words: words.to_owned() };
    let (place, ellipse) = (site.place, site.ellipse);
    let fields = [
        ("title", words("Sitio")),
        ("what.es", words("Probable sitio químico clandestino.")),
        ("what.en", words("A clandestine chemical site, probably.")),
        ("place", Value::Place { place, ellipse }),
        ("observed", Value::Observed(site.observed())),
        ("likelihood", Value::Probability { probability: site.ledger.probability() }),
        ("confidence", Value::Name { name: "moderate".to_owned() }),
        ("expires", Value::At { at: now + HOLDS }),
        ("id", Value::Id { id: Uuid::from_u128(site.id.0) }),
        ("sensor", Value::Name { name: "a sensor that stays here".to_owned() }),
    ];
    Product {
        id: Uuid::from_u128(site.id.0),
        kind: ProductKind::Site,
        marking: Some(marking()),
        overrides: std::collections::BTreeMap::new(),
        fields: fields
            .into_iter()
            .map(|(path, value)| (FieldPath::new(path).unwrap(), value))
            .collect(),
    }
}
