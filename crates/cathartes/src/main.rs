//! The executable.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
