//! What a command costs: wall time, processor time, memory.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::Result;

/// Ticks of `/proc` a second, fixed on Linux.
const TICKS_PER_S: f64 = 100.0;

/// What one run cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    pub(crate) wall_s: f64,
    /// User and system, of the command and its children, in steps of 10 ms.
    pub(crate) cpu_s: f64,
    /// Largest resident set of the command itself, seen every 5 ms.
    pub(crate) resident_mb: f64,
}

/// Runs a command; whether it succeeded, and its cost.
pub(crate) fn of(command: &mut Command) -> Result<(bool, Cost)> {
    let (start, cpu_before) = (Instant::now(), children_cpu_s());
    let mut child = command.stdin(Stdio::null()).spawn()?;
    let mut resident_mb = 0.0_f64;
    let status = loop {
        resident_mb = resident_mb.max(resident_peak_mb(child.id()));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let (wall_s, cpu_s) = (start.elapsed().as_secs_f64(), children_cpu_s() - cpu_before);
    Ok((status.success(), Cost { wall_s, cpu_s, resident_mb }))
}

/// Peak resident memory of a running process, from `/proc`; zero where there is none.
fn resident_peak_mb(id: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let kb: f64 = line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or(0.0);
    kb * 1024.0 / 1e6
}

/// Processor time of all children that have ended, from `/proc/self/stat`; zero where there is none.
fn children_cpu_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field, the name, may hold spaces; it ends at the last bracket. After it, the
    // children's user and system ticks are the 14th and 15th.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields.skip(13).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
    ticks / TICKS_PER_S
}

#[cfg(test)]
mod tests;
