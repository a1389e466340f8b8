//! One line a run.

use std::fmt;

use cathartes_core::source::Location;

use super::judge::{Found, Verdict};

pub(crate) const HEADER: &str = "case                   seed  named/true/false  off, m        rate error    in 90 %      \
                                 seconds  draws/s  R-hat";

/// One run.
pub(crate) struct Score {
    pub(crate) case: String,
    pub(crate) seed: u64,
    /// Whether the release was a real one.
    pub(crate) real: bool,
    pub(crate) location: Location,
    pub(crate) verdict: Verdict,
    pub(crate) seconds: f64,
}

impl Score {
    /// A word a true source; a dash where none is found.
    fn each(&self, what: impl Fn(&Found) -> String) -> String {
        let found = self.verdict.found.iter();
        let word = |found: &Option<Found>| found.as_ref().map_or_else(|| "-".to_owned(), &what);
        found.map(word).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let convergence = self.location.convergence;
        let letter = |holds: bool, letter: &'static str| if holds { letter } else { "·" };
        write!(
            f,
            "{:<22} {:>4}  {:>5}/{}/{}           {:<13} {:<13} {:<12} {:>7.1}  {:>7.1}  {:.3}",
            self.case,
            self.seed,
            self.location.sources.len(),
            self.verdict.found.len(),
            self.verdict.false_ones,
            self.each(|found| format!("{:.1}", found.off_m)),
            self.each(|found| format!("{:+.0}%", 100.0 * found.rate_error)),
            self.each(|found| {
                [letter(found.in_ellipse, "p"), letter(found.in_range, "r")].concat()
            }),
            self.seconds,
            convergence.effective_draws / self.seconds,
            convergence.r_hat
        )?;
        self.location.declined.map_or(Ok(()), |declined| write!(f, "  {declined:?}"))
    }
}
