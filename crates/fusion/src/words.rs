//! What each line of a ledger says, for people.

use cathartes_core::{
    observation::{Sight, Sign},
    units::{Metres, Seconds},
};

use crate::{
    beliefs::Beliefs,
    evidence::{Book, Evidence, Look, LookKind, Says},
};

pub(crate) fn beforehand(beliefs: &Beliefs) -> String {
    format!("beforehand: one hidden source in {:.0} km2", 1.0 / beliefs.hidden_per_km2)
}

pub(crate) fn licensed(name: &str, away: Metres) -> String {
    format!("register: {} from the licensed emitter {name}", metres(away))
}

pub(crate) fn profile(plumes: usize, ln_ratio: f64) -> String {
    let (kind, times) = match ln_ratio {
        r if r < 0.0 => ("innocent emitters", (-r).exp()),
        r => ("emitters of interest", r.exp()),
    };
    let plumes = if plumes == 1 { "1 plume".into() } else { format!("{plumes} plumes") };
    format!("gases of {plumes} fit {kind} {times:.1} times as well as the others")
}

pub(crate) fn seen(book: &Book, evidence: &Evidence, away: Option<Metres>) -> String {
    let by = book.origin_name(evidence.origin);
    let what = match evidence.says {
        Says::Seen { gas, sight, .. } => {
            format!("{} seen by {by} ({})", book.gas_name(gas), of_sight(&sight))
        }
        Says::Told { sign, grade } => format!("{} told by {by}, grade {grade}", of_sign(sign)),
    };
    match away {
        Some(away) => format!("{what}, {} from the rest", metres(away)),
        None => format!("{what}: the site begins with this"),
    }
}

pub(crate) fn again(book: &Book, evidence: &Evidence) -> String {
    format!("shares its origin with another of {}: counts once", book.origin_name(evidence.origin))
}

pub(crate) fn looked(book: &Book, look: &Look, share: f64) -> String {
    let by = book.origin_name(look.origin);
    let what = match &look.kind {
        LookKind::Searched { gas, sight, .. } => {
            format!("clean: {} searched for by {by} ({})", book.gas_name(*gas), of_sight(sight))
        }
        LookKind::Visited { grade, .. } => format!("nothing there: told by {by}, grade {grade}"),
        LookKind::Line { grade, .. } => format!("on a line of sight of {by}, grade {grade}"),
    };
    if share < 1.0 { format!("{what}, {:.0} % of it looked at", 100.0 * share) } else { what }
}

pub(crate) fn age(by: Seconds) -> String {
    let hours = by.0 / 3600.0;
    if hours < 48.0 {
        format!("age: {hours:.0} hours")
    } else {
        format!("age: {:.0} days", hours / 24.0)
    }
}

fn of_sight(sight: &Sight) -> String {
    let Sight { detection_probability: p, false_alarms_per_km2: alarms } = sight;
    format!(
        "sees {:.0} % of what emits, one false alarm in {} km2",
        100.0 * p,
        figure(1.0 / alarms)
    )
}

fn of_sign(sign: Sign) -> &'static str {
    match sign {
        Sign::Smell => "smell",
        Sign::Waste => "waste",
        Sign::Seizure => "seizure",
        Sign::ImageryCue => "picture",
        Sign::EmitterFix => "signals",
        Sign::Other => "other sign",
        Sign::NothingThere => "nothing",
    }
}

fn figure(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

fn metres(away: Metres) -> String {
    if away.0 < 1000.0 { format!("{:.0} m", away.0) } else { format!("{:.1} km", away.0 / 1000.0) }
}
