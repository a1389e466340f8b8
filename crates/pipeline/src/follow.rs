//! An aircraft in the air, as its datagrams tell: where it is, how far from what is forbidden, and when it would be there.
//!
//! ```text
//! datagrams --flown::live--> fixes --Airspace::certify--> margin now, and along the course of the last two fixes
//! ```
//! Only listens: nothing is ever sent to an aircraft. Every datagram is recorded before it is read, in the form in which
//! `cathartes comply` takes it as a log.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use cathartes_core::{
    certificate::{PieceClaim, Verdict, least_margin},
    flown::LogFix,
    geometry::{bearing_and_distance, destination},
    track::{Fix, Track, TrackKind},
    units::Metres,
};
use cathartes_formats::flown::live::Live;
use jiff::{SignedDuration, Timestamp};

use crate::comply::{About, Rules};

pub use cathartes_core::units::Seconds;

/// Largest datagram there is.
const DATAGRAM_BYTES: usize = 65_536;
/// How far ahead a course is followed.
const AHEAD: Duration = Duration::from_secs(600);
/// Fixes nearer than this in time are of one moment: no course follows from them.
const LEAST_COURSE_S: f64 = 0.5;
/// Silence that is told of.
const SILENCE: Duration = Duration::from_secs(10);
const WAIT: Duration = Duration::from_secs(1);

/// What datagrams are, which decides how they are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    /// `MAVLink`: recorded as `.tlog`.
    MavLink,
    /// Cursor-on-Target events.
    Cot,
    /// KLV, alone or in a transport stream.
    Klv,
    /// ADS-B frames as text.
    AdsB,
}

/// What to listen to, and by which rules.
#[derive(Debug)]
pub struct Job {
    /// What comes.
    pub feed: Feed,
    /// Where, as `udp://HOST:PORT`.
    pub at: String,
    /// Whose flight it is.
    pub about: PathBuf,
    /// Authorities that hold together.
    pub authorities: Vec<PathBuf>,
    /// The ground.
    pub ground: Option<PathBuf>,
    /// Everything heard goes here; a file that is there is not replaced.
    pub record: PathBuf,
    /// Warn so long before the aircraft would be where it may not.
    pub warn: Seconds,
    /// Ends after so long; never when absent.
    pub last: Option<Duration>,
}

/// What is told to whoever watches.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Where an aircraft is.
    Position(Box<Position>),
    /// What is wrong with what was heard.
    Fault(String),
    /// Nothing was heard for a while: the aircraft may be anywhere within its reach.
    Silent(Duration),
    /// How the stream is to be held.
    Handling(String),
}

/// Where an aircraft is, and how far from where it may not be.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// Its name, where it says one.
    pub platform: Option<String>,
    /// Where and when.
    pub fix: Fix,
    /// What holds here and now, with allowances.
    pub verdict: Verdict,
    /// The clause that permits it.
    pub permit: Option<String>,
    /// The least margin to anything forbidden, and of which clause.
    pub margin: Option<(Metres, String)>,
    /// At its most speed it is not there sooner than this.
    pub soonest: Option<Seconds>,
    /// On the course of the last two fixes it is not allowed to be where it is after this.
    pub on_course: Option<Seconds>,
    /// Whether that is nearer than was asked for.
    pub warning: bool,
}

/// Listens until its time is over.
///
/// # Errors
///
/// When a file cannot be read, the address cannot be listened to, or the record cannot be written.
pub fn run(job: &Job, see: &mut dyn FnMut(Event)) -> anyhow::Result<()> {
    let rules = Rules::open(&job.authorities, job.ground.as_deref())?;
    let about = About::open(&job.about)?;
    let socket = listen(&job.at)?;
    let record = || job.record.display().to_string();
    let mut record_file = File::create_new(&job.record).with_context(record)?;
    let begun = Timestamp::now();
    let mut follower =
        Follower { rules: &rules, about: &about, warn: job.warn, last: BTreeMap::new() };
    let (mut live, mut bytes, mut heard_at, mut marked) =
        (Live::default(), vec![0; DATAGRAM_BYTES], begun, false);
    while job.last.is_none_or(|last| since(begun) < last) {
        let length = match socket.recv(&mut bytes) {
            Ok(length) => length,
            Err(error) if is_silence(&error) => {
                if since(heard_at) >= SILENCE {
                    see(Event::Silent(since(heard_at)));
                }
                continue;
            }
            Err(error) => return Err(error).with_context(|| job.at.clone()),
        };
        heard_at = Timestamp::now();
        let datagram = &bytes[..length];
        keep(&mut record_file, job.feed, datagram, heard_at).with_context(record)?;
        let heard = live.hear(datagram, heard_at);
        heard.faults.iter().for_each(|fault| see(Event::Fault(fault.to_string())));
        if let Some(handling) = heard.handling.filter(|_| !marked) {
            marked = true;
            see(Event::Handling(handling.to_string()));
        }
        for (platform, fix) in heard.fixes {
            if let Some(position) = follower.position(platform, &fix)? {
                see(Event::Position(Box::new(position)));
            }
        }
    }
    Ok(())
}

fn since(begun: Timestamp) -> Duration {
    Timestamp::now().duration_since(begun).unsigned_abs()
}

fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// Opens a port; of a group of listeners, joins it.
fn listen(at: &str) -> anyhow::Result<UdpSocket> {
    let what = || format!("{at}: write udp://HOST:PORT, as udp://0.0.0.0:14550");
    let address: SocketAddr =
        at.strip_prefix("udp://").and_then(|rest| rest.parse().ok()).with_context(what)?;
    let refused = || format!("{at}: cannot listen there");
    let socket = match address {
        SocketAddr::V4(group) if group.ip().is_multicast() => {
            let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, group.port()));
            let socket = socket.with_context(refused)?;
            socket.join_multicast_v4(group.ip(), &Ipv4Addr::UNSPECIFIED).with_context(refused)?;
            socket
        }
        other => UdpSocket::bind(other).with_context(refused)?,
    };
    socket.set_read_timeout(Some(WAIT))?;
    Ok(socket)
}

/// Writes a datagram as a log of its kind has it; it is on its way to the disk before it is read.
fn keep(file: &mut File, feed: Feed, datagram: &[u8], at: Timestamp) -> io::Result<()> {
    let mut entry = Vec::with_capacity(datagram.len() + 32);
    match feed {
        Feed::MavLink => entry.extend((at.as_microsecond() as u64).to_be_bytes()),
        Feed::AdsB => {
            let text = String::from_utf8_lossy(datagram);
            for frame in text.split(['*', ';', '\n']).map(str::trim).filter(|one| !one.is_empty()) {
                let seconds = at.as_millisecond() as f64 / 1e3;
                entry.extend(format!("{seconds:.3},{frame}\n").bytes());
            }
            return file.write_all(&entry);
        }
        Feed::Cot | Feed::Klv => {}
    }
    entry.extend(datagram);
    if feed == Feed::Cot && !datagram.ends_with(b"\n") {
        entry.push(b'\n');
    }
    file.write_all(&entry)
}

/// The aircraft that are heard of.
struct Follower<'a> {
    rules: &'a Rules,
    about: &'a About,
    warn: Seconds,
    last: BTreeMap<Option<String>, Fix>,
}

impl Follower<'_> {
    /// How far it is from where it may not be; none where its height is not told.
    fn position(
        &mut self,
        platform: Option<String>,
        log: &LogFix,
    ) -> anyhow::Result<Option<Position>> {
        let Ok((height, _)) = self.about.height(log) else { return Ok(None) };
        let (time, place, pressure_altitude) = (log.time, log.place, log.pressure_altitude);
        let fix = Fix { time, place, height, pressure_altitude };
        let now = self.track(vec![fix, fix])?;
        let claimed = self.rules.claims(&now);
        let margin = least_margin(&claimed.legs, claimed.allowances);
        let course = self.last.get(&platform).and_then(|before| ahead(before, &fix));
        let on_course = match course {
            Some(end) => first_bad(&self.rules.claims(&self.track(vec![fix, end])?).legs[0].pieces)
                .map(|share| Seconds(share * AHEAD.as_secs_f64())),
            None => None,
        };
        let most_speed = now.most_speed.0;
        let soonest = margin.as_ref().map(|(margin, _)| Seconds(margin.0.max(0.0) / most_speed));
        let permit = claimed.legs.first().and_then(|leg| leg.pieces.first()?.permit.clone());
        let warning = claimed.verdict != Verdict::Kept
            || on_course.is_some_and(|seconds| seconds.0 < self.warn.0);
        self.last.insert(platform.clone(), fix);
        Ok(Some(Position {
            platform,
            fix,
            verdict: claimed.verdict,
            permit: permit.map(|permit| permit.clause),
            margin,
            soonest,
            on_course,
            warning,
        }))
    }

    /// As a plan: between two fixes of a live feed there is no gap yet.
    fn track(&self, fixes: Vec<Fix>) -> anyhow::Result<Track> {
        let track = self.about.of(fixes)?;
        Ok(Track { kind: TrackKind::Plan, ..track })
    }
}

/// Where it will be if it goes on as between two fixes.
fn ahead(before: &Fix, now: &Fix) -> Option<Fix> {
    let seconds = now.time.duration_since(before.time).as_secs_f64();
    if seconds < LEAST_COURSE_S {
        return None;
    }
    let times = AHEAD.as_secs_f64() / seconds;
    let (bearing, moved) = bearing_and_distance(before.place, now.place);
    let place = destination(now.place, bearing, Metres(moved.0 * times));
    let height = Metres(now.height.0 + times * (now.height.0 - before.height.0));
    let time = now.time.checked_add(SignedDuration::try_from(AHEAD).ok()?).ok()?;
    Some(Fix { time, place, height, pressure_altitude: None })
}

/// The share of a leg from which on it is not kept.
fn first_bad(pieces: &[PieceClaim]) -> Option<f64> {
    pieces.iter().find(|piece| piece.verdict != Verdict::Kept).map(|piece| piece.from)
}

/// Whether an address is one that can be listened to.
///
/// # Errors
///
/// With what to write.
pub fn address(at: &str) -> anyhow::Result<String> {
    let port = at.strip_prefix("udp://").and_then(|rest| rest.parse::<SocketAddr>().ok());
    ensure!(port.is_some(), "write udp://HOST:PORT, as udp://0.0.0.0:14550");
    if port.is_some_and(|port| port.port() == 0) {
        bail!("port 0 is no port that anybody sends to");
    }
    Ok(at.to_owned())
}
