//! `cathartes follow`: an aircraft in the air, and how far it is from where it may not be.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use cathartes_pipeline::follow::{self, Event, Feed, Job, Position, Seconds};
use serde_json::{Value, json};

use super::say;

/// Follow an aircraft by what it sends: position, margin to the nearest forbidden volume and time to reach it; warns before and
/// records all. Nothing is ever sent to an aircraft.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("feed").required(true))]
pub(crate) struct Args {
    /// `MAVLink` datagrams: udp://HOST:PORT
    #[arg(long, group = "feed", value_name = "udp://…", value_parser = follow::address)]
    mavlink: Option<String>,
    /// Cursor-on-Target events
    #[arg(long, group = "feed", value_name = "udp://…", value_parser = follow::address)]
    cot: Option<String>,
    /// KLV, alone or in an MPEG transport stream
    #[arg(long, group = "feed", value_name = "udp://…", value_parser = follow::address)]
    klv: Option<String>,
    /// ADS-B frames as lines `*hex;`
    #[arg(long, group = "feed", value_name = "udp://…", value_parser = follow::address)]
    adsb: Option<String>,
    /// Whose flight it is, what for, and how well it knows where it is
    #[arg(long)]
    about: PathBuf,
    /// What permits and forbids; several hold together
    #[arg(long, required = true)]
    authority: Vec<PathBuf>,
    /// The height of the ground
    #[arg(long)]
    ground: Option<PathBuf>,
    /// A new file for everything that is heard
    #[arg(long)]
    record: PathBuf,
    /// Warn so many seconds before it would be where it may not
    #[arg(long, default_value_t = 120.0)]
    warn: f64,
    /// End after so many seconds
    #[arg(long, value_name = "SECONDS")]
    last: Option<u64>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Follows; the exit code is 1 when it warned.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let feeds = [
        (Feed::MavLink, args.mavlink),
        (Feed::Cot, args.cot),
        (Feed::Klv, args.klv),
        (Feed::AdsB, args.adsb),
    ];
    let feed = feeds.into_iter().find_map(|(feed, at)| Some((feed, at?)));
    let Some((feed, at)) = feed else {
        anyhow::bail!("say what comes: --mavlink, --cot, --klv or --adsb")
    };
    let job = Job {
        feed,
        at,
        about: args.about,
        authorities: args.authority,
        ground: args.ground,
        record: args.record,
        warn: Seconds(args.warn),
        last: args.last.map(Duration::from_secs),
    };
    let mut warned = false;
    follow::run(&job, &mut |event| {
        warned |= matches!(&event, Event::Position(position) if position.warning);
        say(&if args.json { as_json(&event).to_string() } else { in_words(&event) });
    })?;
    Ok(if warned { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn in_words(event: &Event) -> String {
    match event {
        Event::Position(position) => of_position(position),
        Event::Fault(fault) => format!("heard: {fault}"),
        Event::Silent(time) => {
            format!("SILENT for {} s: it may be anywhere within its reach", time.as_secs())
        }
        Event::Handling(handling) => format!("marked: {handling}"),
    }
}

fn of_position(position: &Position) -> String {
    let Position { platform, fix, verdict, permit, margin, soonest, on_course, warning } = position;
    let warning = if *warning { "WARNING " } else { "" };
    let (latitude, longitude, height) = (fix.place.latitude.0, fix.place.longitude.0, fix.height.0);
    let permit =
        permit.as_ref().map_or(", nothing permits it here".to_owned(), |p| format!(" by {p}"));
    let margin = margin.as_ref().zip(*soonest).map(|((margin, clause), soonest)| {
        format!("; {:.0} m to {clause}, {:.0} s at the soonest", margin.0, soonest.0)
    });
    let course =
        on_course.map(|seconds| format!("; on this course not allowed in {:.0} s", seconds.0));
    format!(
        "{warning}{} {} {latitude:.5} {longitude:.5} {height:.0} m: {verdict}{permit}{}{}",
        fix.time,
        platform.as_deref().unwrap_or("-"),
        margin.unwrap_or_default(),
        course.unwrap_or_default()
    )
}

fn as_json(event: &Event) -> Value {
    match event {
        Event::Position(position) => {
            let Position { platform, fix, verdict, permit, margin, soonest, on_course, warning } =
                &**position;
            let (margin, clause) = margin.clone().unzip();
            json!({
                "event": "position", "platform": platform, "time": fix.time,
                "longitude_deg": fix.place.longitude, "latitude_deg": fix.place.latitude,
                "height_m": fix.height, "verdict": verdict, "permit": permit, "margin_m": margin,
                "margin_of": clause, "soonest_s": soonest, "on_course_s": on_course,
                "warning": warning,
            })
        }
        Event::Fault(fault) => json!({ "event": "fault", "what": fault }),
        Event::Silent(time) => json!({ "event": "silent", "seconds": time.as_secs() }),
        Event::Handling(handling) => json!({ "event": "handling", "marked": handling }),
    }
}
