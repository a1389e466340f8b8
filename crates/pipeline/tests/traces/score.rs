//! What was named against what is true.

use std::fmt;

use cathartes_core::source::{Location, Source};

pub(crate) const HEADER: &str = "case                   seed  named/true  off, m        rate error    in 90 %      \
                                 seconds  draws/s  R-hat";

/// A source that was there: m and kg/h.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Truth {
    pub(crate) east: f64,
    pub(crate) north: f64,
    pub(crate) rate: f64,
}

/// One run.
pub(crate) struct Score {
    pub(crate) case: String,
    pub(crate) seed: u64,
    pub(crate) location: Location,
    pub(crate) truth: Vec<Truth>,
    pub(crate) seconds: f64,
}

impl Score {
    /// Every true source with the named one nearest to it.
    fn pairs(&self) -> Vec<(Truth, &Source)> {
        let named = &self.location.sources;
        let nearest = |truth: &Truth| {
            let near = named.iter().min_by(|a, b| off(truth, a).total_cmp(&off(truth, b)))?;
            Some((*truth, near))
        };
        self.truth.iter().filter_map(nearest).collect()
    }
}

fn off(truth: &Truth, source: &Source) -> f64 {
    (truth.east - source.place.east.0).hypot(truth.north - source.place.north.0)
}

/// Whether the ellipse on the ground holds the truth.
fn place_holds(truth: &Truth, source: &Source) -> bool {
    let (e, n) = (truth.east - source.place.east.0, truth.north - source.place.north.0);
    let (sin, cos) = source.ellipse.bearing.0.to_radians().sin_cos();
    let (along, across) = (e * sin + n * cos, e * cos - n * sin);
    (along / source.ellipse.semi_major.0).hypot(across / source.ellipse.semi_minor.0) <= 1.0
}

fn rate_holds(truth: &Truth, source: &Source) -> bool {
    (source.rate_range.low.0..=source.rate_range.high.0).contains(&truth.rate)
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pairs, convergence) = (self.pairs(), self.location.convergence);
        let each = |what: &dyn Fn(&Truth, &Source) -> String| {
            let all: Vec<String> =
                pairs.iter().map(|(truth, source)| what(truth, source)).collect();
            all.join(" ")
        };
        let word =
            |holds: bool, letter: &str| if holds { letter.to_owned() } else { "-".to_owned() };
        write!(
            f,
            "{:<22} {:>4}  {:>5}/{}     {:<13} {:<13} {:<12} {:>7.1}  {:>7.1}  {:.3}",
            self.case,
            self.seed,
            self.location.sources.len(),
            self.truth.len(),
            each(&|truth, source| format!("{:.1}", off(truth, source))),
            each(&|truth, source| format!("{:+.0}%", 100.0 * (source.rate.0 / truth.rate - 1.0))),
            each(&|t, s| word(place_holds(t, s), "p") + &word(rate_holds(t, s), "r")),
            self.seconds,
            convergence.effective_draws / self.seconds,
            convergence.r_hat
        )?;
        self.location.declined.map_or(Ok(()), |declined| write!(f, "  {declined:?}"))
    }
}

/// Shares over all runs.
pub(crate) fn summary(all: &[Score]) -> String {
    let runs = all.len();
    let right = all.iter().filter(|s| s.location.sources.len() == s.truth.len()).count();
    let pairs: Vec<(Truth, &Source)> = all.iter().flat_map(Score::pairs).collect();
    let places = pairs.iter().filter(|(t, s)| place_holds(t, s)).count();
    let rates = pairs.iter().filter(|(t, s)| rate_holds(t, s)).count();
    format!(
        "{right} of {runs} runs named the true number of sources; of {} true sources with a named one, {places} lie \
         in its ellipse (p), {rates} rates in its range (r)",
        pairs.len()
    )
}
