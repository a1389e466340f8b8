//! Options that every long job has.

use cathartes_pipeline::detect;

/// Flattened into the arguments of a subcommand.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Common {
    /// Threads to use [default: one a core]
    #[arg(long)]
    threads: Option<usize>,
    /// Replace results of an earlier run
    #[arg(long)]
    pub(super) force: bool,
    /// Say nothing but errors
    #[arg(long, conflicts_with = "json")]
    pub(super) quiet: bool,
    /// One JSON object a line on standard output, for machines
    #[arg(long)]
    pub(super) json: bool,
}

impl Common {
    /// Sets the number of threads when one was asked for.
    pub(super) fn prepare(self) -> anyhow::Result<()> {
        self.threads.map_or(Ok(()), detect::use_threads)
    }
}
