//! What sites are worth against the truth. All claims are paired with hidden sources in one way: nearest pairs first,
//! within 500 m.

use std::fmt;

use cathartes_core::site::Site;

use crate::world::metres;

const WITHIN: f64 = 500.0;
const BINS: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claims {
    Fusion,
    Two,
    Three,
    ThreeUnexplained,
    FiveUnexplained,
}

const ALL: [(Claims, &str); 5] = [
    (Claims::Fusion, "sites of 50 % or more"),
    (Claims::Two, "DBSCAN, 2 plumes"),
    (Claims::Three, "DBSCAN, 3 plumes"),
    (Claims::ThreeUnexplained, "DBSCAN, 3 plumes, register taken out"),
    (Claims::FiveUnexplained, "DBSCAN, 5 plumes, register taken out"),
];

#[derive(Default, Clone)]
struct Tally {
    found: usize,
    falsely: usize,
    missed: usize,
    off_m: Vec<f64>,
}

#[derive(Default)]
pub(crate) struct Score {
    /// (probability, whether there is a hidden source).
    told: Vec<(f64, bool)>,
    /// Whether the ellipse of a likely and true site holds the source.
    held: Vec<bool>,
    tallies: [Tally; 5],
}

/// Pairs of (claim, truth, metres) within a distance of each claim, the nearest first, each used once.
fn pairs(claims: &[[f64; 2]], within: &[f64], truth: &[[f64; 2]]) -> Vec<(usize, usize, f64)> {
    let mut all = Vec::new();
    for (i, c) in claims.iter().enumerate() {
        for (k, t) in truth.iter().enumerate() {
            let apart = (c[0] - t[0]).hypot(c[1] - t[1]);
            if apart <= within[i] {
                all.push((i, k, apart));
            }
        }
    }
    all.sort_by(|a, b| a.2.total_cmp(&b.2));
    let (mut claimed, mut taken) = (vec![false; claims.len()], vec![false; truth.len()]);
    all.retain(|(i, k, _)| {
        let free = !claimed[*i] && !taken[*k];
        if free {
            claimed[*i] = true;
            taken[*k] = true;
        }
        free
    });
    all
}

impl Score {
    /// A site is true when a hidden source lies within its 99 % ellipse's long half axis, or within 500 m. The more
    /// probable site has the first choice.
    pub(crate) fn sites(&mut self, sites: &[Site], truth: &[[f64; 2]]) {
        let mut order: Vec<&Site> = sites.iter().collect();
        order.sort_by(|a, b| b.ledger.ln_odds().total_cmp(&a.ledger.ln_odds()));
        let mut taken = vec![false; truth.len()];
        for site in order {
            let at = metres(site.place);
            let reach = (site.ellipse.semi_major.0 * std::f64::consts::SQRT_2).max(WITHIN);
            let free = truth.iter().enumerate().filter(|(k, _)| !taken[*k]);
            let nearest = free
                .map(|(k, t)| (k, (t[0] - at[0]).hypot(t[1] - at[1]), t))
                .min_by(|a, b| a.1.total_cmp(&b.1))
                .filter(|(_, apart, _)| *apart <= reach);
            self.told.push((site.ledger.probability(), nearest.is_some()));
            if let Some((k, _, t)) = nearest {
                taken[k] = true;
                if site.ledger.probability() >= 0.5 {
                    self.held.push(holds(site, [t[0] - at[0], t[1] - at[1]]));
                }
            }
        }
    }

    pub(crate) fn claims(&mut self, who: Claims, places: &[[f64; 2]], truth: &[[f64; 2]]) {
        let pairs = pairs(places, &vec![WITHIN; places.len()], truth);
        let tally = &mut self.tallies[who as usize];
        tally.found += pairs.len();
        tally.falsely += places.len() - pairs.len();
        tally.missed += truth.len() - pairs.len();
        tally.off_m.extend(pairs.iter().map(|p| p.2));
    }

    pub(crate) fn brier(&self) -> f64 {
        let squares = self.told.iter().map(|(p, is)| (p - f64::from(u8::from(*is))).powi(2));
        squares.sum::<f64>() / self.told.len() as f64
    }

    /// Of saying the share of true ones every time.
    pub(crate) fn base_rate_brier(&self) -> f64 {
        let share = self.told.iter().filter(|t| t.1).count() as f64 / self.told.len() as f64;
        share * (1.0 - share)
    }

    pub(crate) fn held_fraction(&self) -> f64 {
        self.held.iter().filter(|h| **h).count() as f64 / self.held.len() as f64
    }

    pub(crate) fn f_score(&self, who: Claims) -> f64 {
        let Tally { found, falsely, missed, .. } = &self.tallies[who as usize];
        let (found, wrong) = (*found as f64, (falsely + missed) as f64);
        2.0 * found / (2.0 * found + wrong)
    }
}

fn holds(site: &Site, [e, n]: [f64; 2]) -> bool {
    let (sin, cos) = site.ellipse.bearing.0.to_radians().sin_cos();
    let (along, across) = (e * sin + n * cos, e * cos - n * sin);
    let (a, b) = (along / site.ellipse.semi_major.0, across / site.ellipse.semi_minor.0);
    a * a + b * b <= 1.0
}

fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (share * sorted.len() as f64) as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "said       sites   mean said   true")?;
        for bin in 0..BINS {
            let within = |p: f64| ((p * BINS as f64) as usize).min(BINS - 1) == bin;
            let some: Vec<&(f64, bool)> = self.told.iter().filter(|(p, _)| within(*p)).collect();
            let n = some.len().max(1) as f64;
            let said = some.iter().map(|s| s.0).sum::<f64>() / n;
            let is = some.iter().filter(|s| s.1).count() as f64 / n;
            let count = some.len();
            writeln!(
                f,
                "{:>3}-{:<3} % {count:>7}     {said:.3}     {is:.3}",
                bin * 10,
                bin * 10 + 10
            )?;
        }
        let (brier, base) = (self.brier(), self.base_rate_brier());
        writeln!(f, "Brier {brier:.4}, of the base rate {base:.4}, {} sites", self.told.len())?;
        let (held, of) = (self.held_fraction(), self.held.len());
        writeln!(f, "90 % ellipses of likely true sites hold {:.1} % of {of}", 100.0 * held)?;
        for (who, name) in ALL {
            let Tally { found, falsely, missed, off_m } = &self.tallies[who as usize];
            let (half, most) = (quantile(off_m, 0.5), quantile(off_m, 0.9));
            writeln!(
                f,
                "{name:<38} found {found} of {}, false {falsely}, F {:.3}, off {half:.0} m half, {most:.0} m nine in ten",
                found + missed,
                self.f_score(who)
            )?;
        }
        Ok(())
    }
}
