//! Sites from the record: observations, acts and the register, folded in the order in which they were
//! committed.
//!
//! A [`Fold`] is kept by whoever folds more than once and takes in what is new; from nothing it comes to the same.

use std::collections::{BTreeMap, BTreeSet};

pub use cathartes_core::site::Site;
use cathartes_core::{geometry::bearing_and_distance, site::SiteId};
use cathartes_fusion::{ActError, ActNumber, Beliefs, Picture};
use cathartes_store::{
    ActState, AskedAct, Extent, Folded, KeptAct, LastFold, News, SiteMark, Store,
};
use jiff::Timestamp;

/// Observations read at a time.
const SOME: u32 = 10_000;
/// A site that moved less and whose ln odds changed less than this, by age alone, is left as it is.
const MOVED_M: f64 = 0.1;
const AGED_LN_ODDS: f64 = 0.005;

/// Everything that was observed, in one picture.
#[derive(Debug)]
pub struct Fold {
    picture: Picture,
    to: Extent,
    /// By act of the record, from 1: its place in the picture's log, or why it could not be.
    acts: Vec<Result<(ActNumber, Option<SiteId>), String>>,
    /// The fold that the record will have when what this last came to is written.
    left: Option<(i64, Extent)>,
}

impl Default for Fold {
    fn default() -> Self {
        let picture = Picture::new(Beliefs::default(), Vec::new());
        Self { picture, to: Extent::default(), acts: Vec::new(), left: None }
    }
}

impl Fold {
    /// Takes in what is new in the record; what was taken in until the record does not answer stays.
    async fn catch_up(&mut self, store: &Store) -> anyhow::Result<()> {
        loop {
            let news = store.news(self.to, SOME).await?;
            let more = news.more;
            tokio::task::block_in_place(|| self.take(news))?;
            if !more {
                return Ok(());
            }
        }
    }

    fn take(&mut self, news: News) -> anyhow::Result<()> {
        if let Some((number, emitters)) = news.register {
            self.picture.replace_register(emitters);
            self.to.registers = number;
        }
        let mut acts = news.acts.iter().peekable();
        let mut due = |fold: &mut Self| {
            while let Some(act) = acts.next_if(|act| act.observations <= fold.to.observations) {
                fold.act(act);
            }
        };
        due(self);
        for (number, id, observation) in &news.observations {
            self.picture.observe(*id, observation)?;
            self.to.observations = *number;
            due(self);
        }
        Ok(())
    }

    fn act(&mut self, act: &KeptAct) {
        let done = match &act.act {
            AskedAct::Merge { into, from } => self.picture.merge(*into, *from).map(|n| (n, None)),
            AskedAct::Split { from, observations } => {
                let split = self.picture.split(*from, observations);
                split.map(|(number, new)| (number, Some(new)))
            }
            AskedAct::Undo { act } => match self.place_of(*act) {
                Some(place) => self.picture.undo(place).map(|n| (n, None)),
                None => Err(ActError::NoAct(ActNumber(usize::MAX))),
            },
        };
        let done = done.map_err(|error| self.words(&error));
        self.acts.push(done);
        self.to.acts = act.number;
    }

    fn place_of(&self, act: i64) -> Option<ActNumber> {
        let at = usize::try_from(act).ok()?.checked_sub(1)?;
        self.acts.get(at)?.as_ref().ok().map(|(place, _)| *place)
    }

    /// Why an act cannot be, with the numbers that the record gave to acts.
    fn words(&self, error: &ActError) -> String {
        match error {
            ActError::NoAct(_) => "that act does not hold: it was refused or undone".to_owned(),
            ActError::BuiltOn { later, reason } => {
                let places = self.acts.iter().map(|done| done.as_ref().ok().map(|done| done.0));
                let number = places.take_while(|place| *place != Some(*later)).count() + 1;
                format!("act {number} builds on it ({reason}); undo that one first")
            }
            error => error.to_string(),
        }
    }

    /// Every site of which anything was observed by a moment.
    pub fn sites(&self, as_of: Timestamp) -> impl Iterator<Item = Site> {
        self.picture.site_ids().into_iter().filter_map(move |id| self.picture.site(id, as_of))
    }

    /// Takes in what is new, and says what that changes in what the last fold left. Only sites that were spoken of since
    /// are judged again, unless all are to be `aged`, there are acts, or this did not leave what the record has.
    ///
    /// # Errors
    ///
    /// When the record does not answer.
    pub async fn next(
        &mut self,
        store: &Store,
        as_of: Timestamp,
        aged: bool,
    ) -> anyhow::Result<Folded> {
        let last = store.last_fold().await?;
        let left = self.left.take();
        self.catch_up(store).await?;
        let alone = !aged && left == Some((last.number, last.to)) && last.to.acts == self.to.acts;
        let changed = self.picture.take_changed().filter(|_| alone);
        let folded = if let Some(changed) = changed {
            tokio::task::block_in_place(|| self.some(&last, &changed, as_of))
        } else {
            let marks = store.site_marks().await?;
            tokio::task::block_in_place(|| self.every(&last, marks, as_of))
        };
        self.left = Some((last.number + 1, folded.to));
        Ok(folded)
    }

    fn some(&self, last: &LastFold, changed: &BTreeSet<SiteId>, as_of: Timestamp) -> Folded {
        Folded {
            follows: last.number,
            to: self.to,
            as_of,
            changed: changed.iter().filter_map(|id| self.picture.site(*id, as_of)).collect(),
            gone: Vec::new(),
            merged: None,
            states: Vec::new(),
        }
    }

    fn every(
        &self,
        last: &LastFold,
        mut marks: BTreeMap<SiteId, SiteMark>,
        as_of: Timestamp,
    ) -> Folded {
        let anew = last.to.registers != self.to.registers;
        let changed = self.sites(as_of).filter(|site| {
            let mark = marks.remove(&site.id);
            anew || mark.is_none_or(|mark| differs(site, &mark))
        });
        let changed = changed.collect();
        Folded {
            follows: last.number,
            to: self.to,
            as_of,
            changed,
            gone: marks.into_keys().collect(),
            merged: Some(self.picture.merged_sites().collect()),
            states: self.states(),
        }
    }

    fn states(&self) -> Vec<(i64, ActState)> {
        let holding = self.picture.holding();
        let state = |done: &Result<(ActNumber, Option<SiteId>), String>| match done {
            Err(reason) => ActState::Refused { reason: reason.clone() },
            Ok((place, new_site)) if holding.get(place.0) == Some(&true) => {
                ActState::Holds { new_site: *new_site }
            }
            Ok(_) => ActState::Undone,
        };
        (1..).zip(self.acts.iter().map(state)).collect()
    }
}

fn differs(site: &Site, mark: &SiteMark) -> bool {
    site.observations.len() as i64 != mark.observations
        || (site.ledger.ln_odds() - mark.ln_odds).abs() >= AGED_LN_ODDS
        || bearing_and_distance(mark.place, site.place).1.0 >= MOVED_M
}

/// Sites as they are now, the likeliest first: as they were folded, or folded here where the record has gone on
/// since.
///
/// # Errors
///
/// When the record does not answer.
pub async fn likeliest(store: &Store, limit: u32) -> anyhow::Result<Vec<Site>> {
    if store.last_fold().await?.to == store.extent().await? {
        return Ok(store.likeliest_sites(limit).await?);
    }
    let mut fold = Fold::default();
    fold.catch_up(store).await?;
    let mut sites: Vec<Site> = fold.sites(Timestamp::now()).collect();
    let odds = |site: &Site| site.ledger.ln_odds();
    sites.sort_by(|a, b| odds(b).total_cmp(&odds(a)).then(b.id.cmp(&a.id)));
    sites.truncate(limit as usize);
    Ok(sites)
}

#[cfg(test)]
mod tests;
