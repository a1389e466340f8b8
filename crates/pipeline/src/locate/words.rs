//! A result in sentences.

use cathartes_core::{
    gas::Gas,
    identification::Likelihood,
    source::{Declined, Location, Source},
    trace::Trace,
};

/// Residuals of a sensor this many times what the model allows are told.
const BAD_FIT: f64 = 1.5;

/// A number of things: `1 sensor`, `2 sensors`.
#[must_use]
pub fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// The most important first.
pub(super) fn of(location: &Location, gas: &Gas, trace: &Trace) -> Vec<String> {
    let name = gas.name.to_lowercase();
    let mut words = Vec::new();
    words.extend(match (location.sources.as_slice(), location.declined) {
        (_, Some(declined)) => vec![format!("no source of {name} is named: {}", why(declined))],
        ([], None) => vec![format!("no source of {name} is named: none is probable enough")],
        ([one], None) => vec![format!("1 source of {name}: {}", sentence(one))],
        (all, None) => {
            let each = all.iter().map(|one| format!("{}: {}", one.number, sentence(one)));
            std::iter::once(format!("{} sources of {name}:", all.len())).chain(each).collect()
        }
    });
    words.push(numbers(location));
    if location.declined.is_none() {
        words.extend(doubts(location, trace));
    }
    words.extend(location.next_leg.as_ref().map(|leg| {
        let (from, to) = (leg.track.first(), leg.track.last());
        let at = |place: Option<&cathartes_core::trace::LocalPlace>| {
            place.map_or_else(String::new, |place| ground(place.east.0, place.north.0))
        };
        format!(
            "next leg: {} points from {} to {} (map.png); the place of the source is known to {} now, to {} after it",
            leg.track.len(),
            at(from),
            at(to),
            metres(leg.deviation_now.0),
            metres(leg.deviation_after.0)
        )
    }));
    words
}

/// "68.9 m east, 92.1 m north (±2 m), 1.3 kg/h (0.9 to 1.9), almost certain".
pub(super) fn sentence(source: &Source) -> String {
    let [rate, low, high] = rate(source);
    format!(
        "{} (±{}), {} kg/h ({} to {}), {}",
        ground(source.place.east.0, source.place.north.0),
        metres(source.ellipse.semi_major.0),
        rate,
        low,
        high,
        Likelihood::of(source.existence_probability)
    )
}

fn ground(east: f64, north: f64) -> String {
    let side = |value: f64, plus, minus| {
        format!("{:.1} m {}", value.abs(), if value < 0.0 { minus } else { plus })
    };
    format!("{}, {}", side(east, "east", "west"), side(north, "north", "south"))
}

fn metres(value: f64) -> String {
    if value < 2.0 { format!("{value:.1} m") } else { format!("{value:.0} m") }
}

/// The rate of a source and both ends of its range, with as many figures as tell them apart, but of the
/// rate no more than three.
pub(crate) fn rate(source: &Source) -> [String; 3] {
    let range = source.rate_range;
    let power = |value: f64| value.max(1e-6).log10().floor() as i32;
    let last = (power(range.high.0 - range.low.0) - 1).max(power(source.rate.0) - 2);
    let (decimals, step) = (usize::try_from(-last).unwrap_or_default(), 10_f64.powi(last.max(0)));
    let rounded = |value: f64| if last > 0 { (value / step).round() * step } else { value };
    [source.rate, range.low, range.high].map(|rate| format!("{:.decimals$}", rounded(rate.0)))
}

pub(super) fn why(declined: Declined) -> &'static str {
    match declined {
        Declined::NoSignal => "nothing in the readings rises above noise and background",
        Declined::WeakWind => {
            "the wind was too weak to carry gas anywhere in particular; measure again in more wind"
        }
        Declined::NeverDownwind => {
            "no sensor was ever downwind of the search volume; measure on its other side, or search elsewhere"
        }
        Declined::TooFewReadings => "there are fewer readings than it takes; measure longer",
        Declined::NotFromHere => {
            "what rises in the readings comes from outside of the search volume, or from the sensor; see \
             fit.png"
        }
        Declined::NotConverged => {
            "chains started apart did not come together, so that nothing they say can be trusted; see \
             chains.png, and give more --draws"
        }
    }
}

fn numbers(location: &Location) -> String {
    let likely = location.count_probability.iter().enumerate().filter(|(_, p)| **p >= 0.005);
    let each: Vec<String> = likely.map(|(n, p)| format!("{n} with {:.0} %", 100.0 * p)).collect();
    format!("how many sources there are: {}", each.join(", "))
}

fn doubts(location: &Location, trace: &Trace) -> Vec<String> {
    let mut doubts = Vec::new();
    if !location.model_fits {
        let bad = location.fit.iter().filter(|fit| fit.relative_residual > BAD_FIT);
        let names = bad.filter_map(|fit| Some(trace.sensors.get(fit.sensor)?.name.as_str()));
        let names: Vec<&str> = names.collect();
        let at =
            if names.is_empty() { String::new() } else { format!(" (at {})", names.join(", ")) };
        doubts.push(format!(
            "the readings are not explained as well as they should be{at}: see fit.png, and trust ranges less"
        ));
    }
    if !location.convergence.converged {
        doubts.push("the chains have not come together well: see chains.png".to_owned());
    }
    doubts
}

#[cfg(test)]
mod tests;
