//! Killed at any moment under load: what was acknowledged is there, and nothing is there by half.

use std::{
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    done, path,
    postgres::Postgres,
    served::{Client, Served},
};

/// Kills of a long run; `CATHARTES_KILLS` in the environment says another number.
const MANY: u64 = 500;

/// Loaders at a time.
const LOADERS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(120);

/// What the server said it has.
#[derive(Default)]
struct Acknowledged {
    files: Vec<String>,
    jobs: Vec<String>,
}

/// Kills the server `times` times, each at another moment of its load.
fn survives(times: u64, database: Option<&str>) {
    let top = tempfile::tempdir().unwrap();
    let data = top.path().join("record");
    let more: Vec<&str> = database.into_iter().flat_map(|url| ["--database", url]).collect();
    let told = Mutex::new(Acknowledged::default());
    let mut served = Served::start(&data, &more);
    Client::first(&served);
    for time in 0..times {
        let client = Client::again(&served);
        thread::scope(|scope| {
            for loader in 0..LOADERS {
                let (client, told) = (client.clone(), &told);
                scope.spawn(move || load(&client, &format!("{time}-{loader}"), told));
            }
            // However slow the machine, by now there was as much load as there were kills.
            let deadline = Instant::now() + PATIENCE;
            while told.lock().unwrap().jobs.len() as u64 <= time {
                assert!(Instant::now() < deadline, "there is no load");
                thread::sleep(Duration::from_millis(5));
            }
            // Moments spread over the load by the golden ratio, the same in every run.
            let moment = (time as f64 * 0.618_033_988_75).fract();
            thread::sleep(Duration::from_secs_f64(0.02 + 0.6 * moment));
            served.kill();
        });
        served = Served::start(&data, &more);
        assert_eq!(served.first, None);
    }
    let client = Client::again(&served);
    let told = told.into_inner().unwrap();
    for job in &told.jobs {
        client.get(&format!("/api/v1/jobs/{job}"));
    }
    for sha256 in &told.files {
        let file = json!({ "name": "again", "sha256": sha256, "size_bytes": 150_000 });
        let (_, known) = client.post("/api/v1/uploads", &file).unwrap();
        assert_eq!(known["state"], "done", "{sha256} was acknowledged");
    }
    served.stop();
    let checked = done(&[&["check", "--data", path(&data)][..], &more].concat());
    assert!(checked.contains("all well"), "{checked}");
    let (files, jobs) = (told.files.len(), told.jobs.len());
    println!("{times} kills, {files} files and {jobs} jobs acknowledged, none lost");
}

/// Sends files and asks for jobs until the server is gone.
fn load(client: &Client, name: &str, told: &Mutex<Acknowledged>) {
    let deadline = Instant::now() + PATIENCE;
    for n in 0.. {
        assert!(Instant::now() < deadline, "the server was to be killed");
        let bytes: Vec<u8> = format!("{name}-{n} ").bytes().cycle().take(150_000).collect();
        let Ok(sha256) = client.upload("line.img", &bytes) else { return };
        told.lock().unwrap().files.push(sha256.clone());
        let work = json!({
            "do": "detect",
            "files": [{ "name": "line.img", "sha256": sha256 }],
            "image": "line.img",
            "gases": ["ch4"],
        });
        let Ok((202, asked)) = client.post("/api/v1/imports", &work) else { return };
        told.lock().unwrap().jobs.push(asked["job"].as_str().unwrap().to_owned());
    }
}

fn many() -> u64 {
    let said = std::env::var("CATHARTES_KILLS");
    said.map_or(MANY, |times| times.parse().expect("CATHARTES_KILLS is a number"))
}

#[test]
fn a_server_killed_twenty_times_under_load_has_lost_nothing() {
    survives(20, None);
}

#[test]
#[ignore = "minutes: run by `cargo xtask nightly`"]
fn a_server_killed_five_hundred_times_under_load_has_lost_nothing_on_sqlite() {
    survives(many(), None);
}

#[test]
#[ignore = "minutes: run by `cargo xtask nightly`"]
fn a_server_killed_five_hundred_times_under_load_has_lost_nothing_on_postgresql() {
    let server = Postgres::start();
    survives(many(), Some(&server.database()));
}
