//! From named texts to an observation.

use std::collections::BTreeMap;

use cathartes_core::{
    geometry::LatLon,
    marking::{Classification, Marking},
    observation::{
        Credibility, Draft, Grade, Observation, OriginChain, Period, Reliability, Sight, Sign,
        What, Whereabouts,
    },
    source::Ellipse90,
    units::{Degrees, Metres},
};
use jiff::Timestamp;

use super::{Mapping, Shape};

/// Our names.
pub const FIELDS: [&str; 26] = [
    "kind",
    "sign",
    "gas",
    "detection_probability",
    "false_alarms_per_km2",
    "profile_ln_ratio",
    "latitude",
    "longitude",
    "radius_90_m",
    "semi_major_m",
    "semi_minor_m",
    "ellipse_bearing_deg",
    "bearing_deg",
    "bearing_std_deg",
    "reach_m",
    "time",
    "from",
    "to",
    "reliability",
    "credibility",
    "collector",
    "collection",
    "handed_on_by",
    "classification",
    "releasable_to",
    "name",
];

/// Texts by our names; what the file says, then what the mapping has for it.
pub(super) struct Row<'a> {
    pub(super) said: BTreeMap<&'a str, String>,
    pub(super) mapping: &'a Mapping,
}

type Told<T> = Result<T, String>;

impl<'a> Row<'a> {
    /// Of texts by the file's names.
    pub(super) fn of(mapping: &'a Mapping, theirs: &BTreeMap<String, String>) -> Self {
        let said = FIELDS.iter().filter_map(|ours| {
            let text = theirs.get(mapping.theirs(ours))?;
            Some((*ours, text.trim().to_owned()))
        });
        Self { said: said.filter(|(_, text)| !text.is_empty()).collect(), mapping }
    }

    /// Sets what the format itself says, unless the row says otherwise.
    pub(super) fn also(&mut self, ours: &'static str, text: Option<String>) {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            self.said.entry(ours).or_insert(text);
        }
    }

    fn text(&self, ours: &str) -> Option<&str> {
        let said = self.said.get(ours).map(String::as_str);
        said.or_else(|| self.mapping.constants.get(ours).map(String::as_str))
    }

    fn wrong(&self, ours: &str, remedy: &str) -> String {
        let theirs = self.mapping.theirs(ours);
        match self.text(ours) {
            Some(text) => format!("`{theirs}` is `{}`; {remedy}", super::first_line(text)),
            None => format!("`{theirs}` is missing; {remedy}, in the file or under [constants]"),
        }
    }

    fn need(&self, ours: &str, remedy: &str) -> Told<&str> {
        self.text(ours).ok_or_else(|| self.wrong(ours, remedy))
    }

    fn number(&self, ours: &str) -> Told<f64> {
        let remedy = "write a number with a point";
        let number: Option<f64> = self.need(ours, remedy)?.parse().ok();
        number.filter(|n| n.is_finite()).ok_or_else(|| self.wrong(ours, remedy))
    }

    fn maybe(&self, ours: &str) -> Told<Option<f64>> {
        if self.text(ours).is_none() { Ok(None) } else { self.number(ours).map(Some) }
    }

    fn names(&self, ours: &str) -> Vec<String> {
        let names = self.text(ours).unwrap_or_default().split(';').map(str::trim);
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// The observation, with the place that the format gives when it gives one.
    pub(super) fn observation(&self, shape: Shape) -> Told<Observation> {
        let draft = Draft {
            what: self.what()?,
            place: match shape {
                Some(Ok(Whereabouts::Point { place, .. })) => self.around(place)?,
                Some(Ok(Whereabouts::Bearing { from, bearing, reach, .. })) => {
                    Whereabouts::Bearing { from, bearing, bearing_std: self.bearing_std()?, reach }
                }
                Some(shape) => shape?,
                None => self.place()?,
            },
            when: self.when()?,
            grade: self.grade()?,
            origin: OriginChain {
                collector: self.need("collector", "name the sensor or body")?.to_owned(),
                collection: self.text("collection").map(str::to_owned),
                handed_on_by: self.names("handed_on_by"),
            },
            marking: self.marking()?,
        };
        Observation::new(draft).map_err(|error| error.to_string())
    }

    fn what(&self) -> Told<What> {
        let sight = || -> Told<Sight> {
            Ok(Sight {
                detection_probability: self.number("detection_probability")?,
                false_alarms_per_km2: self.number("false_alarms_per_km2")?,
            })
        };
        let gas = || self.need("gas", "write the slug of a gas").map(str::to_owned);
        Ok(match self.text("kind").unwrap_or("told") {
            "gas_seen" => What::GasSeen {
                gas: gas()?,
                sight: sight()?,
                profile_ln_ratio: self.maybe("profile_ln_ratio")?,
            },
            "searched" => What::Searched { gas: gas()?, sight: sight()? },
            "told" => What::Told { sign: self.sign()? },
            _ => return Err(self.wrong("kind", "write gas_seen, searched or told")),
        })
    }

    fn sign(&self) -> Told<Sign> {
        Ok(match self.text("sign").unwrap_or("other") {
            "smell" => Sign::Smell,
            "waste" => Sign::Waste,
            "seizure" => Sign::Seizure,
            "imagery_cue" => Sign::ImageryCue,
            "emitter_fix" => Sign::EmitterFix,
            "other" => Sign::Other,
            "nothing_there" => Sign::NothingThere,
            _ => {
                let remedy =
                    "write smell, waste, seizure, imagery_cue, emitter_fix, other or nothing_there";
                return Err(self.wrong("sign", remedy));
            }
        })
    }

    fn place(&self) -> Told<Whereabouts> {
        let place = LatLon {
            latitude: Degrees(self.number("latitude")?),
            longitude: Degrees(self.number("longitude")?),
        };
        if self.text("bearing_deg").is_none() {
            return self.around(place);
        }
        Ok(Whereabouts::Bearing {
            from: place,
            bearing: Degrees(self.number("bearing_deg")?),
            bearing_std: self.bearing_std()?,
            reach: Metres(self.number("reach_m")?),
        })
    }

    fn bearing_std(&self) -> Told<Degrees> {
        self.number("bearing_std_deg").map(Degrees)
    }

    /// A point with its ellipse.
    fn around(&self, place: LatLon) -> Told<Whereabouts> {
        let ellipse =
            if self.said.contains_key("radius_90_m") || self.text("semi_major_m").is_none() {
                let radius = Metres(self.number("radius_90_m")?);
                Ellipse90 { semi_major: radius, semi_minor: radius, bearing: Degrees(0.0) }
            } else {
                Ellipse90 {
                    semi_major: Metres(self.number("semi_major_m")?),
                    semi_minor: Metres(self.number("semi_minor_m")?),
                    bearing: Degrees(self.number("ellipse_bearing_deg")?),
                }
            };
        Ok(Whereabouts::Point { place, ellipse })
    }

    fn when(&self) -> Told<Period> {
        let moment = |ours: &str| -> Told<Timestamp> {
            let remedy = "write RFC 3339 with an offset: 2026-05-03T18:00:00Z";
            self.need(ours, remedy)?.parse().map_err(|_| self.wrong(ours, remedy))
        };
        if self.text("from").is_some() || self.text("to").is_some() {
            return Ok(Period { from: moment("from")?, to: moment("to")? });
        }
        let time = moment("time")?;
        Ok(Period { from: time, to: time })
    }

    fn grade(&self) -> Told<Grade> {
        let letter = self.need("reliability", "write A to F")?;
        let figure = self.need("credibility", "write 1 to 6")?;
        let credibility = figure.parse().ok().and_then(|n: u8| Credibility::try_from(n).ok());
        Ok(Grade {
            reliability: Reliability::of_letter(letter)
                .ok_or_else(|| self.wrong("reliability", "write A to F"))?,
            credibility: credibility.ok_or_else(|| self.wrong("credibility", "write 1 to 6"))?,
        })
    }

    fn marking(&self) -> Told<Marking> {
        let classification = match self.text("classification") {
            None => Classification::default(),
            Some("unclassified") => Classification::Unclassified,
            Some("restricted") => Classification::Restricted,
            Some("confidential") => Classification::Confidential,
            Some("secret") => Classification::Secret,
            Some("top_secret") => Classification::TopSecret,
            Some(_) => {
                let remedy = "write unclassified, restricted, confidential, secret or top_secret";
                return Err(self.wrong("classification", remedy));
            }
        };
        Ok(Marking {
            classification,
            caveats: Vec::new(),
            releasable_to: self.names("releasable_to"),
        })
    }
}
