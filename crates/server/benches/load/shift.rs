//! Analysts at work: they look at the map, open what they see, look at the queue, send files, and listen
//! to changes all the while.

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

type Times = Mutex<BTreeMap<&'static str, Vec<f64>>>;

/// Runs a shift and prints how long calls took, from the first byte sent to the last received.
pub(crate) fn run(base: &str, token: &str, load: Load) {
    let times = Times::default();
    let end = Instant::now() + Duration::from_secs(load.seconds);
    thread::scope(|scope| {
        for n in 0..load.analysts {
            let analyst = Analyst { base, token, agent: agent(None), times: &times, n };
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
    n: usize,
}

impl Analyst<'_> {
    fn work(&self, end: Instant) {
        // Nobody begins at the same moment.
        thread::sleep(Duration::from_millis(self.n as u64 * 20 % 3_000));
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
        let map = format!("bbox={west},{south},{},{}", west + 0.5, south + 0.5);
        let seen = self.get("map", &format!("/ogc/collections/plumes/items?limit=200&{map}"));
        self.think(1.0);
        if let Some(id) = seen["features"][0]["id"].as_str() {
            self.get("item", &format!("/ogc/collections/plumes/items/{id}"));
            self.think(2.0);
        }
        match step % 4 {
            0 => drop(self.get("jobs", "/api/v1/jobs?limit=50")),
            1 => {
                let time = "datetime=2027-01-01T00:00:00Z/2027-01-02T00:00:00Z";
                self.get("time", &format!("/ogc/collections/sources/items?limit=100&{time}"));
            }
            2 => drop(self.get("stac", "/stac/search?limit=20")),
            _ => self.send(step),
        }
        self.think(1.0);
    }

    /// Half to one and a half of this, differently for everybody.
    fn think(&self, seconds: f64) {
        let part = (self.n as f64 * 0.618_033_988_75).fract();
        thread::sleep(Duration::from_secs_f64(seconds * (0.5 + part)));
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
        let start = Instant::now();
        let request = self.agent.post(format!("{}{at}", self.base));
        let request = request.header("authorization", format!("Bearer {}", self.token));
        let mut answer = request.send_json(body).unwrap();
        let value: Value = answer.body_mut().read_json().unwrap();
        assert!(answer.status().is_success(), "{at}: {value}");
        self.took(name, start);
        value
    }

    fn took(&self, name: &'static str, start: Instant) {
        let seconds = start.elapsed().as_secs_f64();
        self.times.lock().unwrap().entry(name).or_default().push(seconds);
    }
}

fn hexadecimal(byte: u8) -> String {
    format!("{byte:02x}")
}
