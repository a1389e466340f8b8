//! `cathartes sites`: where hidden sources probably are, and why.

use std::process::ExitCode;

use cathartes_pipeline::sites::{self, Site};
use serde_json::json;

use super::{
    record::{Place, waited},
    say,
};

/// List sites, the likeliest first, each with its ledger: term by term why it is as probable as it is.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
    /// As JSON: sites, and how many jobs are not done yet
    #[arg(long)]
    json: bool,
}

/// Lists; the exit code is 1 when there is none.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    waited(async move {
        let store = args.place.open().await?;
        let counts = store.job_counts().await?;
        let waiting = counts.queued + counts.leased;
        let sites = sites::likeliest(&store, args.limit).await?;
        store.close().await;
        if args.json {
            say(&json!({ "jobs_waiting": waiting, "sites": shown(&sites) }).to_string());
        } else {
            for site in &sites {
                say(&words(site));
            }
            if waiting > 0 {
                eprintln!("{waiting} jobs are not done yet: there may be more to say");
            }
        }
        Ok(if sites.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
    })
}

fn shown(sites: &[Site]) -> serde_json::Value {
    let one = |site: &Site| {
        let mut all = json!(site);
        all["probability"] = json!(site.ledger.probability());
        all["ln_odds"] = json!(site.ledger.ln_odds());
        all
    };
    sites.iter().map(one).collect()
}

fn words(site: &Site) -> String {
    let (percent, observed) = (100.0 * site.ledger.probability(), site.observed());
    let (latitude, longitude) = (site.place.latitude.0, site.place.longitude.0);
    let gases = if site.gases.is_empty() { "no gas".to_owned() } else { site.gases.join(", ") };
    let (long, short) = (2.0 * site.ellipse.semi_major.0, 2.0 * site.ellipse.semi_minor.0);
    format!(
        "site {}  {percent:.1} %  {latitude:.5}, {longitude:.5} within {long:.0} x {short:.0} m  {gases}  \
         {} to {}\n{}\n",
        site.id, observed.from, observed.to, site.ledger
    )
}
