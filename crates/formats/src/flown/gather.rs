//! What readers of logs have in common: fixes are gathered in the order of the log, then judged.
//!
//! Of the fixes of an aircraft those of the longest run of times that do not go back stay: the fewest
//! are left out, whether a clock went wrong for one message or for many. Between those that stay a
//! pause is a gap from [`LONGEST_GAP`], or five times the usual pause where that is longer; a step is
//! a jump beyond what [`FASTEST`] and [`SLACK`] allow.

use std::collections::BTreeMap;

use cathartes_core::{
    flown::{Flaw, FlownLog, Handling, LogFault, LogFix, LogPlace, Lost},
    geometry::{LatLon, bearing_and_distance},
    units::{Degrees, Metres, MetresPerSecond, Seconds},
};
use jiff::Timestamp;

use super::{FlownError, MOST_FIXES};

/// Without a position for longer is a gap.
pub const LONGEST_GAP: Seconds = Seconds(5.0);
/// Faster than what carries a sensor.
pub const FASTEST: MetresPerSecond = MetresPerSecond(700.0);
/// What a receiver may err, and a clock of whole seconds hide.
const SLACK: Metres = Metres(500.0);
/// How many times the usual pause is a gap.
const UNUSUAL: f64 = 5.0;
/// Names in an error.
const MOST_NAMES: usize = 20;
/// Longer names are cut, characters.
const LONGEST_NAME: usize = 80;
/// More than anybody has to say about handling.
const MOST_SAID: usize = 1000;

/// A fix and where the log has it.
pub(super) struct Seen {
    pub(super) at: LogPlace,
    /// By its place in the names; `None`: the log did not say.
    pub(super) platform: Option<usize>,
    pub(super) fix: LogFix,
}

#[derive(Default)]
pub(super) struct Gather {
    pub(super) seen: Vec<Seen>,
    pub(super) names: Vec<String>,
    numbers: BTreeMap<String, usize>,
    pub(super) faults: Vec<LogFault>,
    pub(super) handling: Option<Handling>,
    /// What was said last about handling.
    said: Option<Handling>,
    /// Fixes when the last fault was told, and its latest time.
    last_fault: (usize, Option<Timestamp>),
}

impl Gather {
    /// A fix, unless it says itself that it is none.
    pub(super) fn fix(
        &mut self,
        at: LogPlace,
        platform: Option<&str>,
        fix: LogFix,
    ) -> Result<(), FlownError> {
        if let Some(lost) = lost(fix.place) {
            self.fault(at, Some(fix.time), Flaw::PositionLost(lost));
            return Ok(());
        }
        if self.seen.len() >= MOST_FIXES {
            return Err(FlownError::TooMany);
        }
        let platform = platform.map(|name| self.number_of(cut(name)));
        self.seen.push(Seen { at, platform, fix });
        Ok(())
    }

    fn number_of(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }

    /// The names so far; the fixes to come are numbered anew.
    pub(super) fn forget_names(&mut self) -> Vec<String> {
        self.numbers.clear();
        std::mem::take(&mut self.names)
    }

    /// A fault; of a row of the same the first counts them.
    pub(super) fn fault(&mut self, at: LogPlace, time: Option<Timestamp>, what: Flaw) {
        let (fixes, before) = self.last_fault;
        let soon = time.zip(before).is_some_and(|(now, then)| apart(then, now) <= LONGEST_GAP);
        self.last_fault = (self.seen.len(), time);
        match self.faults.last_mut() {
            Some(last) if same(last.what, what) && (soon || fixes == self.seen.len()) => {
                last.times += 1;
            }
            _ => self.faults.push(LogFault { at, time, what, times: 1 }),
        }
    }

    /// What a packet says about handling; a change is told.
    pub(super) fn handle(&mut self, at: LogPlace, time: Option<Timestamp>, said: Handling) {
        if self.said.as_ref() == Some(&said) {
            return;
        }
        if self.said.is_some() {
            self.fault(at, time, Flaw::HandlingChanges);
        }
        self.handling = Some(match self.handling.take() {
            // Nobody reads on: it is held as the strictest, and a live port cannot fill the memory.
            Some(held) if held.said.len() > MOST_SAID => Handling { classification: None, ..held },
            Some(held) => held.and(said.clone()),
            None => said.clone(),
        });
        self.said = Some(said);
    }

    /// The log of the one aircraft, or of the one that is named.
    pub(super) fn log(mut self, name: Option<&str>) -> Result<FlownLog, FlownError> {
        if self.seen.is_empty() {
            let first = self.faults.first().map(ToString::to_string);
            let first = first.unwrap_or_else(|| "nothing says where".to_owned());
            return Err(FlownError::NoPosition { first });
        }
        let mine = self.chosen(name)?;
        let mut seen = std::mem::take(&mut self.seen);
        seen.retain(|one| one.platform.is_none() || one.platform == mine);
        let seen = self.in_order(seen);
        self.judge_steps(&seen);
        self.faults.sort_by_key(|fault| fault.at);
        Ok(FlownLog {
            platform: mine.and_then(|at| self.names.get(at).cloned()),
            fixes: seen.into_iter().map(|one| one.fix).collect(),
            faults: self.faults,
            handling: self.handling,
        })
    }

    fn chosen(&self, name: Option<&str>) -> Result<Option<usize>, FlownError> {
        let known = || {
            let more = if self.names.len() > MOST_NAMES { " and others" } else { "" };
            let first: Vec<&str> = self.names.iter().take(MOST_NAMES).map(String::as_str).collect();
            let first =
                if first.is_empty() { "one without a name".into() } else { first.join(", ") };
            first + more
        };
        match (name, self.names.as_slice()) {
            (Some(name), names) => {
                let found = names.iter().position(|known| known == cut(name));
                let no_such = || FlownError::NoSuch { name: name.to_owned(), known: known() };
                found.map(Some).ok_or_else(no_such)
            }
            (None, []) => Ok(None),
            (None, [_]) => Ok(Some(0)),
            (None, names) => Err(FlownError::Several { count: names.len(), known: known() }),
        }
    }

    /// The longest run of times that do not go back; the others become faults.
    fn in_order(&mut self, seen: Vec<Seen>) -> Vec<Seen> {
        let kept = longest_run(&seen);
        let mut stays: Vec<Seen> = Vec::with_capacity(seen.len());
        let mut out: Vec<(usize, Seen)> = Vec::new();
        for (one, kept) in seen.into_iter().zip(kept) {
            if kept {
                stays.push(one);
            } else {
                out.push((stays.len(), one));
            }
        }
        let time_at = |i: usize| stays.get(i).map(|one: &Seen| one.fix.time);
        let mut last = None;
        for (after, Seen { at, fix: LogFix { time, .. }, .. }) in out {
            let back = after.checked_sub(1).and_then(time_at).filter(|before| time < *before);
            match self.faults.last_mut() {
                Some(fault) if last == Some((after, back.is_some())) => fault.times += 1,
                _ => {
                    let ahead = || apart(time_at(after).unwrap_or(time), time);
                    let what = match back {
                        Some(before) => Flaw::TimeBack(apart(time, before)),
                        None => Flaw::TimeAhead(ahead()),
                    };
                    self.faults.push(LogFault { at, time: Some(time), what, times: 1 });
                }
            }
            last = Some((after, back.is_some()));
        }
        stays
    }

    fn judge_steps(&mut self, seen: &[Seen]) {
        let gap = longest_pause(seen);
        for pair in seen.windows(2) {
            let [before, now] = pair else { continue };
            for what in step(&before.fix, &now.fix, gap).into_iter().flatten() {
                let time = Some(now.fix.time);
                self.faults.push(LogFault { at: now.at, time, what, times: 1 });
            }
        }
    }
}

fn cut(name: &str) -> &str {
    let end = name.char_indices().nth(LONGEST_NAME).map_or(name.len(), |(at, _)| at);
    name.get(..end).unwrap_or(name)
}

/// Whether two faults are the same but for how large they are.
fn same(one: Flaw, other: Flaw) -> bool {
    one == other || matches!((one, other), (Flaw::HeightsDiffer(_), Flaw::HeightsDiffer(_)))
}

/// How a place is none.
fn lost(place: LatLon) -> Option<Lost> {
    let (latitude, longitude) = (place.latitude.0, place.longitude.0);
    if !(latitude.is_finite() && longitude.is_finite()) {
        Some(Lost::NotANumber)
    } else if latitude == 0.0 && longitude == 0.0 {
        Some(Lost::ZeroZero)
    } else if latitude.abs() > 90.0 || !(-180.0..=360.0).contains(&longitude) {
        Some(Lost::OffTheEarth)
    } else {
        None
    }
}

/// From one moment to another; negative when it is earlier.
pub(super) fn apart(from: Timestamp, to: Timestamp) -> Seconds {
    Seconds(to.duration_since(from).as_secs_f64())
}

/// What is wrong between two fixes: a gap, a jump.
pub(super) fn step(before: &LogFix, now: &LogFix, gap: Seconds) -> [Option<Flaw>; 2] {
    let seconds = apart(before.time, now.time);
    let (_, distance) = bearing_and_distance(before.place, now.place);
    let far = distance.0 > FASTEST.0 * seconds.0.max(0.0) + SLACK.0;
    [(seconds > gap).then_some(Flaw::Gap(seconds)), far.then_some(Flaw::Jump { distance, seconds })]
}

/// A longer pause is a gap.
fn longest_pause(seen: &[Seen]) -> Seconds {
    let pauses = seen.windows(2).filter_map(|pair| match pair {
        [before, now] => Some(apart(before.fix.time, now.fix.time).0),
        _ => None,
    });
    let mut pauses: Vec<f64> = pauses.collect();
    let middle = pauses.len() / 2;
    if pauses.is_empty() {
        return LONGEST_GAP;
    }
    let (_, usual, _) = pauses.select_nth_unstable_by(middle, f64::total_cmp);
    Seconds((UNUSUAL * *usual).max(LONGEST_GAP.0))
}

/// Which belong to the longest run of times that do not go back (patience sorting).
fn longest_run(seen: &[Seen]) -> Vec<bool> {
    let time = |i: usize| seen.get(i).map(|one| one.fix.time);
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(seen.len());
    for i in 0..seen.len() {
        let pile = tops.partition_point(|top| time(*top) <= time(i));
        before.push(pile.checked_sub(1).and_then(|below| tops.get(below).copied()));
        match tops.get_mut(pile) {
            Some(top) => *top = i,
            None => tops.push(i),
        }
    }
    let mut kept = vec![false; seen.len()];
    let mut at = tops.last().copied();
    while let Some(i) = at {
        if let Some(kept) = kept.get_mut(i) {
            *kept = true;
        }
        at = before.get(i).copied().flatten();
    }
    kept
}

/// A moment of this age of flying; `None` is a clock that was never set.
pub(super) fn moment(microseconds: i64) -> Option<Timestamp> {
    // 1990 and 2100.
    let plausible = 631_152_000_000_000..4_102_444_800_000_000;
    plausible.contains(&microseconds).then(|| Timestamp::from_microsecond(microseconds).ok())?
}

pub(super) fn place(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

/// A fix with a place and nothing else.
pub(super) fn bare_fix(time: Timestamp, place: LatLon) -> LogFix {
    let height = cathartes_core::flown::Height::Unknown;
    LogFix { time, place, height, pressure_altitude: None, attitude: None, view: None }
}

/// What a barometer set to 1013.25 hPa shows at a pressure in hPa.
///
/// ICAO standard atmosphere (Doc 7488): 15 °C at the ground, 6.5 K less a kilometre up to 11 km, then
/// −56.5 °C. `None` where there is no air.
pub(super) fn pressure_altitude(hpa: f64) -> Option<Metres> {
    const GROUND: f64 = 1013.25;
    const TROPOPAUSE: f64 = 226.3206;
    let metres = if hpa >= TROPOPAUSE {
        44_330.77 * (1.0 - (hpa / GROUND).powf(0.190_263_1))
    } else {
        11_000.0 + 6_341.616 * (TROPOPAUSE / hpa).ln()
    };
    // From the Dead Sea to as high as anything flies.
    (-1000.0..40_000.0).contains(&metres).then_some(Metres(metres))
}
