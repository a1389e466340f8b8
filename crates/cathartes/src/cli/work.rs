//! `cathartes work`: jobs of a shared record, on another machine than the server's.

use std::process::ExitCode;

use cathartes_pipeline::work;

use super::{
    record::{LogForm, Place, log, stop, waited},
    say,
};

/// Do the jobs of a record: searches and locations that others asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// Jobs to do at a time
    #[arg(long, value_name = "N", default_value_t = 1)]
    workers: usize,
    /// How the log is written, on standard error
    #[arg(long, value_name = "text|json", default_value = "text")]
    log: LogForm,
}

/// Works until it is stopped.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    log(args.log);
    waited(work(args))
}

async fn work(args: &Args) -> anyhow::Result<ExitCode> {
    let store = args.place.open().await?;
    let (stop, stopping) = stop();
    say("waiting for jobs");
    tokio::join!(stop, work::all(&store, args.workers, &stopping));
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
