//! A shift of analysts on one server: how long they wait, how much memory it takes, how fast the bulk
//! importer writes; plumes are recorded all the while. On a file of `SQLite` and on a `PostgreSQL` of its own.
//!
//! Words: `findings=N` `plumes=N` `scenes=N` `analysts=N` `seconds=N` `pace=N`, and `sqlite` or `postgres` for one of
//! both. At `pace=1` everybody gives a verdict every 25 seconds; at `pace=10` ten times as often, which nobody can.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a measurement that cannot be set up has failed"
)]

mod fill;
#[path = "../../../store/tests/support/postgres.rs"]
mod postgres;
mod shift;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use cathartes_server::{Location, SecondLook, Server, Settings, Store};
use cathartes_store::Subject;

/// As the executable has it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) findings: usize,
    pub(crate) plumes: usize,
    pub(crate) scenes: usize,
    pub(crate) analysts: usize,
    pub(crate) seconds: u64,
    /// So many times as fast as people.
    pub(crate) pace: usize,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [first, folder, database] = words.as_slice()
        && first == "serve"
    {
        return serve(Path::new(folder), database);
    }
    let numbers: BTreeMap<&str, usize> = words
        .iter()
        .filter_map(|word| word.split_once('='))
        .map(|(name, number)| (name, number.parse().unwrap()))
        .collect();
    let number = |name: &str, usual: usize| numbers.get(name).copied().unwrap_or(usual);
    let load = Load {
        findings: number("findings", 1_000_000),
        plumes: number("plumes", 100_000),
        scenes: number("scenes", 2_000),
        analysts: number("analysts", 140),
        seconds: number("seconds", 120) as u64,
        pace: number("pace", 1),
    };
    println!("{load:?}");
    let one = |name: &str| words.iter().any(|word| word == name);
    if !one("postgres") {
        measure("SQLite", None, load);
    }
    if !one("sqlite") {
        let server = postgres::Postgres::start_durable();
        measure("PostgreSQL", Some(&server.database()), load);
    }
}

fn location(folder: &Path, database: Option<String>) -> Location {
    Location { database, ..Location::folder(folder) }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

fn measure(name: &str, database: Option<&str>, load: Load) {
    let folder = tempfile::tempdir().unwrap();
    println!("\n{name}");
    let location = location(folder.path(), database.map(str::to_owned));
    let tokens = runtime().block_on(fill::fill(&location, load));
    let served = Served::start(folder.path(), database.unwrap_or(""));
    let recorder = location.clone();
    let recorder = thread::spawn(move || runtime().block_on(fill::go_on(recorder, load)));
    let shift = shift::run(&served.base, &tokens, load);
    recorder.join().unwrap();
    println!("resident memory of the server at most: {} MB", served.peak_mb());
    drop(served);
    runtime().block_on(nothing_is_lost(&location, &shift));
}

/// What was acknowledged is there, every review, and nothing else.
async fn nothing_is_lost(location: &Location, shift: &shift::Shift) {
    let store = Store::open(location).await.unwrap();
    for (id, reviews) in &shift.reviews {
        let kept = store.reviews(Subject::Finding(id.parse().unwrap())).await.unwrap();
        let kept: Vec<String> = kept.iter().map(|review| review.id.to_string()).collect();
        let lost = reviews.iter().filter(|review| !kept.contains(review)).count();
        assert_eq!((lost, kept.len()), (0, reviews.len()), "reviews of {id}");
    }
    let count: usize = shift.reviews.values().map(Vec::len).sum();
    let shift::Shift { met, again, taken, .. } = shift;
    println!("{count} reviews acknowledged, all there; {met} claims met another's");
    println!(
        "{} taken from the queue; {again} reviews were of what was reviewed already",
        taken.len()
    );
}

/// The server, in a process of its own.
struct Served {
    child: Child,
    base: String,
}

impl Served {
    fn start(folder: &Path, database: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("serve").arg(folder).arg(database).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut base = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut base).unwrap();
        Self { child, base: base.trim().to_owned() }
    }

    fn peak_mb(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        kilobytes / 1_000
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(folder: &Path, database: &str) {
    let database = (!database.is_empty()).then(|| database.to_owned());
    runtime().block_on(async {
        let store = Store::open(&location(folder, database)).await.unwrap();
        let settings = Settings {
            listen: "127.0.0.1:0".to_owned(),
            public_url: None,
            tls: None,
            oidc: None,
            seal_key: None,
            second_look: SecondLook::default(),
            basemap: None,
        };
        let server = Server::bind(store, settings).await.unwrap();
        println!("{}", server.base_url());
        server.run(std::future::pending()).await.unwrap();
    });
}
