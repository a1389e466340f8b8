//! What a search costs and what it finds, on simulated flight lines.
//!
//! `cargo xtask bench detect` and `cargo xtask bench quality` come here.

use std::process::ExitCode;

mod cost;
mod empty;
mod limits;
mod quality;
mod scene;

fn main() -> anyhow::Result<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).filter(|w| w != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["quality", rest @ ..] => quality::run(rest)?,
        ["empty", rest @ ..] => empty::run(rest)?,
        ["detect", rest @ ..] => cost::run(rest)?,
        // `cargo test --benches` starts every bench without a word.
        [] => {}
        _ => {
            eprintln!(
                "quality [lines=N] [calm] [auto] [SEED...] | detect [lines=N] | empty [from=SEED] [varied] [SCENES]"
            );
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
