//! `OpenAir`: airspace as lines, each a word of two letters and what it says; `*` begins a comment.
//!
//! ```text
//! AC R                                    class; begins a zone. Prohibited whatever the intent: P, R, D, Q, GP
//! AN LER 12                               name
//! AL SFC   AH FL195                       floor and ceiling: 3500ft MSL, 1000ft AGL, 500m AMSL, FL195, SFC, GND, UNL
//! DP 40:30:00 N 003:40:00 W               corner, in degrees:minutes:seconds or degrees:minutes
//! V X=40:30:00 N 003:40:00 W   V D=-      middle of what comes; against the clock until the zone ends
//! DC 5                                    circle of so many nautical miles around X
//! DA 10,270,290                           arc around X: nautical miles, from bearing, to bearing
//! DB 40:30:00 N 003:40:00 W, …            arc around X from one place to another
//! ```
//!
//! Lines between corners are geodesics here; what else other records say of a zone (`AA`, its times, for one) is not
//! read, and told where it matters.

use cathartes_core::{
    airspace::{Polygon, Rule, Volume},
    geometry::LatLon,
    units::{Degrees, Metres},
};

use super::{
    AirspaceError, Imported, Intent, MAX_BYTES,
    error::within,
    zone::{Lacking, Zone, Zones},
};
use crate::observations::{first_line, unmarked};

mod outline;
mod words;
mod written;

use outline::{Piece, Turn};
pub use written::write;

const NAUTICAL_MILE_M: f64 = 1852.0;
/// Classes that are prohibitions by themselves: prohibited, restricted, danger (as either letter), and no gliders.
const PROHIBITED: [&str; 5] = ["P", "R", "D", "Q", "GP"];
/// Records of how a zone is drawn or called on the radio.
const PASSED_OVER: [&str; 13] =
    ["SP", "SB", "AT", "TO", "TC", "AI", "AF", "AG", "AY", "AX", "AS", "TB", "TS"];

/// Reads zones. Letters that are not UTF-8 may stand in names.
///
/// # Errors
///
/// [`AirspaceError`] with the line: one zone that cannot be read is none that could be left out.
pub fn read(bytes: &[u8], intent: &Intent) -> Result<Imported, AirspaceError> {
    intent.checked()?;
    if bytes.len() > MAX_BYTES {
        return Err(AirspaceError::TooLarge { bytes: bytes.len() });
    }
    let mut reader = Reader { intent, zones: Zones::default(), middle: None, open: None };
    for (i, line) in unmarked(bytes).split(|byte| *byte == b'\n').enumerate() {
        let line = String::from_utf8_lossy(line);
        let line = line.split('*').next().unwrap_or_default().trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let (word, rest) = (word.to_uppercase(), rest.trim());
        if word == "AC" {
            reader.close()?;
            reader.open = Some(Open::at(i, rest));
        } else {
            reader.record(&word, rest).map_err(within("line", i))?;
        }
    }
    reader.close()?;
    Ok(reader.zones.done())
}

struct Reader<'i> {
    intent: &'i Intent,
    zones: Zones,
    middle: Option<LatLon>,
    open: Option<Open>,
}

/// A zone that is being read.
struct Open {
    /// Index of its first line.
    line: usize,
    class: String,
    name: String,
    floor: Option<String>,
    ceiling: Option<String>,
    turn: Turn,
    pieces: Vec<Piece>,
    timed: bool,
}

impl Reader<'_> {
    fn record(&mut self, word: &str, rest: &str) -> Result<(), AirspaceError> {
        if word.is_empty() || PASSED_OVER.contains(&word) {
            return Ok(());
        }
        let Some(open) = &mut self.open else {
            return Err(AirspaceError::new("a record before any `AC`; begin each zone with one"));
        };
        match word {
            "AN" => rest.clone_into(&mut open.name),
            "AL" => open.floor = Some(rest.to_owned()),
            "AH" => open.ceiling = Some(rest.to_owned()),
            "AA" => open.timed = true,
            "V" => return variable(rest, open, &mut self.middle),
            "DP" => open.pieces.push(Piece::Corner(words::place(rest)?)),
            "DC" | "DA" | "DB" => {
                let middle = self.middle.ok_or_else(|| {
                    AirspaceError::new("no middle; write `V X=` with a place before it")
                })?;
                open.pieces.push(round(word, rest, middle, open.turn)?);
            }
            other => {
                let what = format!(
                    "unknown record `{}`; take it out or write it with others",
                    first_line(other)
                );
                return Err(AirspaceError::new(what));
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), AirspaceError> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let (line, name) = (open.line, first_line(&open.name));
        let zone = if PROHIBITED.contains(&&*open.class) {
            Zone::prohibited(&name)
        } else {
            Zone::intended(&name, self.intent)
        };
        let added =
            open.volume(zone).and_then(|(zone, volume)| self.zones.add(zone, volume, Vec::new()));
        let named = format!("zone `{name}`");
        added.map_err(super::error::inside(&named)).map_err(within("line", line))
    }
}

fn variable(text: &str, open: &mut Open, middle: &mut Option<LatLon>) -> Result<(), AirspaceError> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    match (&*name.trim().to_uppercase(), value.trim()) {
        ("X", value) => *middle = Some(words::place(value)?),
        ("D", "+") => open.turn = Turn::Clockwise,
        ("D", "-") => open.turn = Turn::Against,
        ("W" | "Z" | "T", _) => {}
        _ => {
            return Err(AirspaceError::new("unknown variable; write `V X=` or `V D=+` or `V D=-`"));
        }
    }
    Ok(())
}

/// A circle or an arc.
fn round(word: &str, text: &str, middle: LatLon, turn: Turn) -> Result<Piece, AirspaceError> {
    let miles = |text: &str| words::number(text).map(|miles| Metres(miles * NAUTICAL_MILE_M));
    let parts: Vec<&str> = text.split(',').collect();
    match (word, &parts[..]) {
        ("DC", [radius]) => Ok(Piece::Circle { middle, radius: miles(radius)? }),
        ("DA", [radius, from, to]) => {
            let (from, to) = (Degrees(words::number(from)?), Degrees(words::number(to)?));
            Piece::by_bearings((middle, miles(radius)?), [from, to], turn)
        }
        ("DB", [from, to]) => {
            Piece::by_places(middle, [words::place(from)?, words::place(to)?], turn)
        }
        ("DC", _) => {
            Err(AirspaceError::new("no circle; write `DC` and its radius in nautical miles"))
        }
        ("DA", _) => Err(AirspaceError::new("no arc; write `DA radius,from,to`")),
        _ => Err(AirspaceError::new("no arc; write `DB place, place`")),
    }
}

impl Open {
    fn at(line: usize, class: &str) -> Self {
        Self {
            line,
            class: class.to_uppercase(),
            name: String::new(),
            floor: None,
            ceiling: None,
            turn: Turn::Clockwise,
            pieces: Vec::new(),
            timed: false,
        }
    }

    fn volume(&self, mut zone: Zone) -> Result<(Zone, Volume), AirspaceError> {
        if self.timed {
            zone.widen("its times are not read", "at all times", "write them into the authority")?;
        }
        let (low, high) = (text(self.floor.as_ref()), text(self.ceiling.as_ref()));
        let floor = match words::height(&low) {
            Some(words::Height::At(limit)) => Some(limit),
            Some(words::Height::Endless) | None => None,
        };
        let what = format!("a floor of `{low}`");
        let lacking = Lacking { what: &what, remedy: "write AL 1000ft AMSL" };
        let floor = zone.floor(floor, lacking)?;
        let what = format!("a ceiling of `{high}`");
        let lacking = Lacking { what: &what, remedy: "write AH 3500ft AMSL" };
        let ceiling = match words::height(&high) {
            Some(words::Height::At(limit)) => Some(limit),
            Some(words::Height::Endless) => None,
            None => zone.ceiling(None, lacking)?,
        };
        let (ring, round) = outline::ring(&self.pieces, zone.rule)?;
        if round {
            let side = if zone.rule == Rule::Forbid { "around" } else { "within" };
            let most = super::circle::ERROR;
            zone.note(format_args!("its arcs are corners {side} them, at most {most} away"));
        }
        Ok((zone, Volume { polygons: vec![Polygon { rings: vec![ring] }], floor, ceiling }))
    }
}

fn text(text: Option<&String>) -> String {
    text.map(|text| first_line(text)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
