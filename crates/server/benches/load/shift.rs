//! Analysts at work: they look at the map and its tiles, open what they see, take it, decide on it, look at
//! the queue, send files, and listen to changes all the while.

use std::{
    collections::BTreeMap,
    io::Read,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ureq::Agent;

use super::Load;

/// What somebody thinks between two calls, seconds: at the map, before a verdict on what was opened there, over the
/// evidence, and before the next round, in which there are two verdicts.
const AT_MAP_S: f64 = 5.0;
const OPENED_S: f64 = 20.0;
const EVIDENCE_S: f64 = 20.0;
const NEXT_S: f64 = 5.0;

type Times = Mutex<BTreeMap<&'static str, Vec<f64>>>;

/// What came of a shift.
#[derive(Default)]
pub(crate) struct Shift {
    /// Reviews that were acknowledged, by what they are of.
    pub(crate) reviews: BTreeMap<String, Vec<String>>,
    /// Claims of what somebody else looked at.
    pub(crate) met: usize,
    /// Reviews of what the same analyst had reviewed in this round.
    pub(crate) again: usize,
    /// What was taken from the queue.
    pub(crate) taken: Vec<String>,
}

/// Runs a shift and prints how long calls took, from the first byte sent to the last received.
pub(crate) fn run(base: &str, tokens: &[String], load: Load) -> Shift {
    let (times, shift) = (Times::default(), Mutex::new(Shift::default()));
    let end = Instant::now() + Duration::from_secs(load.seconds);
    thread::scope(|scope| {
        for (n, token) in tokens.iter().enumerate() {
            let (agent, times, shift) = (agent(None), &times, &shift);
            let analyst = Analyst { base, token, agent, times, shift, n, load };
            scope.spawn(move || analyst.work(end));
            scope.spawn(move || listen(base, token, end));
        }
    });
    let times = times.into_inner().unwrap();
    let mut all: Vec<f64> = times.values().flatten().copied().collect();
    println!("{:>9}  {:>7}  {:>7}  {:>7}", "calls", "p50 ms", "p99 ms", "max ms");
    for (name, mut some) in times {
        print(name, &mut some);
    }
    print("all", &mut all);
    println!("{:.0} calls a second", all.len() as f64 / load.seconds as f64);
    shift.into_inner().unwrap()
}

fn print(name: &str, times: &mut [f64]) {
    times.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize] * 1e3;
    println!("{:>9}  {:>7.1}  {:>7.1}  {:>7.1}  {name}", times.len(), at(0.5), at(0.99), at(1.0));
}

fn agent(limit: Option<Duration>) -> Agent {
    let config = Agent::config_builder().http_status_as_error(false);
    config.timeout_global(limit.or(Some(Duration::from_secs(60)))).build().into()
}

/// Keeps a stream of changes open for the whole shift.
fn listen(base: &str, token: &str, end: Instant) {
    let left = end.saturating_duration_since(Instant::now());
    let request = agent(Some(left)).get(format!("{base}/api/v1/changes"));
    let answer = request.header("authorization", format!("Bearer {token}")).call();
    let mut nothing = Vec::new();
    // It ends by running out of time.
    let _ = answer.map(|answer| answer.into_body().into_reader().read_to_end(&mut nothing));
}

struct Analyst<'a> {
    base: &'a str,
    token: &'a str,
    agent: Agent,
    times: &'a Times,
    shift: &'a Mutex<Shift>,
    n: usize,
    load: Load,
}

impl Analyst<'_> {
    fn work(&self, end: Instant) {
        // Nobody begins at the same moment.
        let round_s = (AT_MAP_S + OPENED_S + EVIDENCE_S + NEXT_S) / self.load.pace as f64;
        let part = self.n as f64 / self.load.analysts as f64;
        thread::sleep(Duration::from_secs_f64(round_s * part));
        for step in 0.. {
            if Instant::now() >= end {
                return;
            }
            self.step(step);
        }
    }

    fn step(&self, step: usize) {
        let part = |by: f64| ((self.n * 1_000 + step) as f64 * by).fract();
        let (west, south) =
            (-117.0 + 19.0 * part(0.618_033_988_75), 26.0 + 5.0 * part(0.754_877_666_2));
        for column in 0..2 {
            self.tile(west + 0.25 * f64::from(column), south);
        }
        let map = format!("bbox={west},{south},{},{}", west + 0.5, south + 0.5);
        let seen = self.get("map", &format!("/ogc/collections/plumes/items?limit=200&{map}"));
        self.think(AT_MAP_S);
        if let Some(id) = seen["features"][0]["id"].as_str() {
            self.get("item", &format!("/ogc/collections/plumes/items/{id}"));
            self.decide(id, step);
        }
        self.take_next(step);
        match step % 4 {
            0 => drop(self.get("jobs", "/api/v1/jobs?limit=50")),
            1 => {
                let time = "datetime=2027-01-01T00:00:00Z/2027-01-02T00:00:00Z";
                self.get("time", &format!("/ogc/collections/sources/items?limit=100&{time}"));
            }
            2 => drop(self.get("stac", "/stac/search?limit=20")),
            _ => self.send(step),
        }
        self.think(NEXT_S);
    }

    /// A vector tile of the zoom at which a county fills the screen.
    fn tile(&self, longitude: f64, latitude: f64) {
        const SIDE: f64 = 512.0;
        let column = ((longitude + 180.0) / 360.0 * SIDE) as u32;
        let up = latitude.to_radians().tan().asinh() / std::f64::consts::PI;
        let row = ((1.0 - up) / 2.0 * SIDE) as u32;
        let at = format!("/ogc/collections/plumes/tiles/WebMercatorQuad/9/{row}/{column}");
        let start = Instant::now();
        let request = self.agent.get(format!("{}{at}", self.base));
        let mut answer =
            request.header("authorization", format!("Bearer {}", self.token)).call().unwrap();
        let bytes = answer.body_mut().read_to_vec().unwrap();
        assert!(answer.status().is_success(), "{at}: {}", String::from_utf8_lossy(&bytes));
        self.took("tile", start);
    }

    /// Takes what the queue gives, reads what speaks for and against it, and decides.
    fn take_next(&self, step: usize) {
        self.get("queue", "/api/v1/queue?limit=20");
        let (status, taken) = self.call("next", "/api/v1/queue/next", &json!({}));
        assert_eq!(status, 200, "{taken}");
        let id = taken["item"]["id"].as_str().unwrap();
        self.shift.lock().unwrap().taken.push(id.to_owned());
        self.get("evidence", &format!("/api/v1/evidence/finding/{id}"));
        self.think(EVIDENCE_S);
        self.review(id, step);
    }

    /// Takes what was opened, thinks, and decides; leaves it where somebody else has it.
    fn decide(&self, id: &str, step: usize) {
        let subject = json!({ "kind": "finding", "id": id });
        let (status, _) = self.call("claim", "/api/v1/claims", &subject);
        self.think(OPENED_S);
        if status == 409 {
            self.shift.lock().unwrap().met += 1;
            return;
        }
        assert_eq!(status, 200);
        self.review(id, step);
    }

    fn review(&self, id: &str, step: usize) {
        let verdict = ["confirm", "reject", "cannot_tell", "second_look"][step % 4];
        let review = json!({ "kind": "finding", "id": id, "verdict": verdict, "reason": "bench" });
        let (status, made) = self.call("review", "/api/v1/reviews", &review);
        if status == 409 && made["detail"].as_str().unwrap().contains("reviewed by you") {
            self.shift.lock().unwrap().again += 1;
            return;
        }
        assert_eq!(status, 201, "{made}");
        let made = made["id"].as_str().unwrap().to_owned();
        self.shift.lock().unwrap().reviews.entry(id.to_owned()).or_default().push(made);
    }

    /// Half to one and a half of this, differently for everybody.
    fn think(&self, seconds: f64) {
        let part = (self.n as f64 * 0.618_033_988_75).fract();
        let seconds = seconds * (0.5 + part) / self.load.pace as f64;
        thread::sleep(Duration::from_secs_f64(seconds));
    }

    fn get(&self, name: &'static str, at: &str) -> Value {
        let start = Instant::now();
        let request = self.agent.get(format!("{}{at}", self.base));
        let mut answer =
            request.header("authorization", format!("Bearer {}", self.token)).call().unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status(), 200, "{at}: {text}");
        self.took(name, start);
        serde_json::from_str(&text).unwrap()
    }

    /// A file and a job on it: three changes.
    fn send(&self, step: usize) {
        let bytes = format!("{} {step}", self.n).into_bytes();
        let sha256: String = Sha256::digest(&bytes).iter().copied().map(hexadecimal).collect();
        let file = json!({ "name": "line.img", "sha256": sha256, "size_bytes": bytes.len() });
        let upload = self.post("announce", "/api/v1/uploads", &file);
        let start = Instant::now();
        let at = format!("{}/api/v1/uploads/{}", self.base, upload["id"].as_str().unwrap());
        let request =
            self.agent.patch(at).header("authorization", format!("Bearer {}", self.token));
        let answer = request.header("upload-offset", "0").send(&bytes[..]).unwrap();
        assert_eq!(answer.status(), 200);
        self.took("send", start);
        let files = json!([{ "name": "line.img", "sha256": sha256 }]);
        let work = json!({ "do": "detect", "files": files, "image": "line.img", "gases": ["ch4"] });
        self.post("import", "/api/v1/imports", &work);
    }

    fn post(&self, name: &'static str, at: &str, body: &Value) -> Value {
        let (status, value) = self.call(name, at, body);
        assert!((200..300).contains(&status), "{at}: {value}");
        value
    }

    fn call(&self, name: &'static str, at: &str, body: &Value) -> (u16, Value) {
        let start = Instant::now();
        let request = self.agent.post(format!("{}{at}", self.base));
        let request = request.header("authorization", format!("Bearer {}", self.token));
        let mut answer = request.send_json(body).unwrap();
        let value: Value = answer.body_mut().read_json().unwrap();
        self.took(name, start);
        (answer.status().as_u16(), value)
    }

    fn took(&self, name: &'static str, start: Instant) {
        let seconds = start.elapsed().as_secs_f64();
        self.times.lock().unwrap().entry(name).or_default().push(seconds);
    }
}

fn hexadecimal(byte: u8) -> String {
    format!("{byte:02x}")
}
