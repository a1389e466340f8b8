//! What the person or the machine in front of a search sees: bars on a terminal, plain lines
//! without one, JSON lines on request.

use std::{collections::HashMap, io::IsTerminal, path::Path, sync::Mutex};

use cathartes_pipeline::detect::{Event, Found, Plume, SceneResult};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::cli::say;

/// How progress is told.
enum Voice {
    Quiet,
    Json,
    Lines,
    Bars { all: MultiProgress, of_scene: Mutex<HashMap<String, ProgressBar>> },
}

/// Tells what happens.
pub(super) struct Watch(Voice);

impl Watch {
    pub(super) fn new(quiet: bool, json: bool) -> Self {
        Self(if quiet {
            Voice::Quiet
        } else if json {
            Voice::Json
        } else if std::io::stderr().is_terminal() {
            Voice::Bars { all: MultiProgress::new(), of_scene: Mutex::default() }
        } else {
            Voice::Lines
        })
    }

    /// Something happened.
    pub(super) fn see(&self, event: &Event) {
        match &self.0 {
            Voice::Quiet => {}
            Voice::Json => say(&as_json(event).to_string()),
            Voice::Lines => eprintln!("{}", in_words(event)),
            Voice::Bars { all, of_scene } => {
                let Ok(mut bars) = of_scene.lock() else { return };
                match event {
                    Event::Opened { scene, .. } => {
                        all.suspend(|| eprintln!("{}", in_words(event)));
                        bars.insert(scene.clone(), all.add(bar()));
                    }
                    Event::Step { scene, what, done, of } => {
                        if let Some(bar) = bars.get(scene) {
                            bar.set_length(*of as u64);
                            bar.set_position(*done as u64);
                            bar.set_message(format!("{scene}: {what}"));
                        }
                    }
                    Event::Sighted { .. } => all.suspend(|| eprintln!("{}", in_words(event))),
                    Event::Done { scene } => {
                        if let Some(bar) = bars.remove(scene) {
                            bar.finish_and_clear();
                        }
                    }
                }
            }
        }
    }

    /// What a scene held.
    pub(super) fn show(&self, result: &SceneResult) {
        match self.0 {
            Voice::Quiet => {}
            Voice::Json => result.found.iter().for_each(|found| {
                for plume in &found.plumes {
                    let plume =
                        json!({ "event": "plume", "scene": result.name, "plume": short(plume) });
                    say(&plume.to_string());
                }
            }),
            Voice::Lines | Voice::Bars { .. } => {
                let any = result.found.iter().any(|found| !found.plumes.is_empty());
                for found in result.found.iter().filter(|found| !(found.overview && any)) {
                    say(table(&result.name, found).trim_end());
                }
                say(&format!("{}: files in {}", result.name, result.folder.display()));
            }
        }
    }

    /// A scene could not be searched.
    pub(super) fn fail(&self, path: &Path, error: &anyhow::Error) {
        if let Voice::Json = self.0 {
            let (path, error) = (path.display().to_string(), format!("{error:#}"));
            say(&json!({ "event": "failed", "path": path, "error": error }).to_string());
        }
        eprintln!("error: {error:#}");
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("  [{bar:24}] {msg} {elapsed}");
    let bar = ProgressBar::new(1);
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    bar
}

fn in_words(event: &Event) -> String {
    match event {
        Event::Opened { scene, lines, samples, bands } => {
            format!("{scene}: {lines} lines x {samples} samples x {bands} bands")
        }
        Event::Step { scene, what, .. } => format!("{scene}: {what}"),
        Event::Sighted { scene, lines, plume } => format!(
            "{scene}: after {lines} lines a plume of {} at line {:.0}, sample {:.0}, peak {:.0} ppm-m",
            plume.gas, plume.origin.line_px, plume.origin.sample_px, plume.peak.value.0
        ),
        Event::Done { scene } => format!("{scene}: done"),
    }
}

fn as_json(event: &Event) -> Value {
    match event {
        Event::Opened { scene, lines, samples, bands } => {
            json!({ "event": "opened", "scene": scene, "lines": lines, "samples": samples, "bands": bands })
        }
        Event::Step { scene, what, done, of } => {
            json!({ "event": "step", "scene": scene, "what": what, "done": done, "of": of })
        }
        Event::Sighted { scene, lines, plume } => {
            json!({ "event": "sighted", "scene": scene, "lines": lines, "plume": short(plume) })
        }
        Event::Done { scene } => json!({ "event": "done", "scene": scene }),
    }
}

fn short(plume: &Plume) -> Value {
    json!({
        "number": plume.number,
        "gas": plume.gas,
        "origin_line_px": plume.origin.line_px,
        "origin_sample_px": plume.origin.sample_px,
        "peak_ppm_m": plume.peak.value.0,
        "mass_kg": plume.mass.map(|m| m.value.0),
        "rate_by_mass_kg_per_h": plume.rate_by_mass.map(|r| r.value.0),
        "false_alarm_probability": plume.false_alarm_probability,
        "look_alike": plume.look_alike.as_ref().filter(|l| l.flagged).map(|l| &l.rival),
    })
}

/// The plumes as people read them: three figures, what is not known as a dash.
fn table(scene: &str, found: &Found) -> String {
    let gas = &found.gas.gas.name;
    if found.plumes.is_empty() {
        return format!("{scene}: no plume of {}", gas.to_lowercase());
    }
    let finite = |value: f64, text: String| if value.is_finite() { text } else { "-".to_owned() };
    let head = format!("{scene}: {} of {}", count(found.plumes.len()), gas.to_lowercase());
    let columns = "plume      line    sample   peak, ppm-m      mass, kg         rate, kg/h  by chance  remark";
    let mut rows = vec![head, columns.to_owned()];
    for plume in &found.plumes {
        let pair = |value: f64, std: f64| format!("{value:.0$} ± {std:.0$}", decimals(value));
        let mass = plume.mass.map_or("-".to_owned(), |m| pair(m.value.0, m.std.0));
        let rate = plume.rate_by_mass.map_or("-".to_owned(), |r| pair(r.value.0, r.std.0));
        let peak = pair(plume.peak.value.0, plume.peak.std.0);
        rows.push(format!(
            "{:>5} {:>9.1} {:>9.1} {:>13} {:>13} {:>18} {:>10.0e}  {remark}",
            plume.number,
            plume.origin.line_px,
            plume.origin.sample_px,
            finite(plume.peak.value.0, peak),
            mass,
            rate,
            plume.false_alarm_probability,
            remark = remark(plume),
        ));
    }
    rows.join("\n")
}

/// What else it may be, or how surely it is what it is listed as.
fn remark(plume: &Plume) -> String {
    if let Some(rival) = plume.look_alike.as_ref().filter(|l| l.flagged) {
        return format!("rather {}", rival.rival);
    }
    let Some(known) = &plume.identification else { return String::new() };
    let surest = known.gases.iter().take_while(|gas| gas.probability >= 0.2).take(3);
    let said: Vec<String> = surest
        .map(|gas| format!("{} {:.0} % ({})", gas.gas, 100.0 * gas.probability, gas.likelihood))
        .collect();
    if said.is_empty() { "none of the gases looked for".to_owned() } else { said.join(", ") }
}

fn count(plumes: usize) -> String {
    if plumes == 1 { "1 plume".to_owned() } else { format!("{plumes} plumes") }
}

fn decimals(value: f64) -> usize {
    usize::from(value.abs() < 10.0)
}
