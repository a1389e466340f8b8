//! What analysts ask for on sites: merge, split, undo. A log that only grows; which of them hold is what the
//! fold makes of it, and stands beside it.

use cathartes_core::{observation::ObservationId, site::SiteId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Store,
    audit::{Actor, Change, Entry},
    database::{Row, sql},
    error::StoreError,
    jobs,
    observations::last_of,
    time,
};

/// An act as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum AskedAct {
    /// Two sites are one and the same.
    Merge {
        /// The one that stays.
        into: SiteId,
        /// The one that goes into it.
        from: SiteId,
    },
    /// Some observations of a site are of another.
    Split {
        /// The site they counted for.
        from: SiteId,
        /// Them.
        observations: Vec<ObservationId>,
    },
    /// An earlier act is not to hold any more.
    Undo {
        /// Its number.
        act: i64,
    },
}

/// What the fold made of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ActState {
    /// It holds.
    Holds {
        /// The site that a split made.
        new_site: Option<SiteId>,
    },
    /// It was undone.
    Undone,
    /// It could not be.
    Refused {
        /// Why, and what to do.
        reason: String,
    },
}

/// An act of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAct {
    /// Its number, from 1, without gaps.
    pub number: i64,
    /// What was asked for.
    pub act: AskedAct,
    /// How many observations there were then.
    pub observations: i64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// What came of it; absent until the next fold.
    pub state: Option<ActState>,
}

/// What `kept` reads, in its order.
pub(crate) const SELECT: &str = "SELECT a.seq, a.act, a.observations, a.created_us, a.created_by, \
     o.state FROM act a LEFT JOIN act_state o ON o.act = a.seq";

impl Store {
    /// Puts an act into the log and asks for the fold that does it; its number, and the job of the fold.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when it speaks of a site or an act that there is not.
    pub async fn ask_act(&self, actor: &Actor, act: &AskedAct) -> Result<(i64, Uuid), StoreError> {
        let mut change = self.change(actor).await?;
        change.alone().await?;
        there(&mut change, act).await?;
        let number = last_of(&mut change, "act").await? + 1;
        let observations = last_of(&mut change, "observation").await?;
        let insert = "INSERT INTO act (seq, act, observations, created_us, created_by) \
                      VALUES ($1, $2, $3, $4, $5)";
        let (at, by) = (change.at_us, change.actor().to_owned());
        let text = json!(act).to_string();
        let args = [number.into(), text.into(), observations.into(), at.into(), by.into()];
        change.run(sql(insert, args)).await?;
        let job = jobs::ask_for_fold(&mut change).await?;
        change.commit(Entry::new("act.asked", number, json!(act))).await?;
        Ok((number, job))
    }

    /// Acts, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn acts(&self, limit: u32) -> Result<Vec<KeptAct>, StoreError> {
        let text = format!("{SELECT} ORDER BY a.seq DESC LIMIT $1");
        let rows = crate::database::composed(text, vec![i64::from(limit).into()]);
        self.pool.rows(rows).await?.iter().map(kept).collect()
    }
}

/// Whether what an act speaks of is there; whether the act can be is for the fold to say.
async fn there(change: &mut Change, act: &AskedAct) -> Result<(), StoreError> {
    let sites: &[&SiteId] = match act {
        AskedAct::Merge { into, from } => &[into, from],
        AskedAct::Split { from, .. } => &[from],
        AskedAct::Undo { act } => {
            let known = sql("SELECT 1 FROM act WHERE seq = $1", [(*act).into()]);
            let absent = || StoreError::Absent { what: "act", id: act.to_string() };
            return change.row(known).await?.map(|_| ()).ok_or_else(absent);
        }
    };
    for site in sites {
        let known = sql("SELECT 1 FROM site WHERE id = $1", [Uuid::from_u128(site.0).into()]);
        if change.row(known).await?.is_none() {
            return Err(StoreError::Absent { what: "site", id: site.to_string() });
        }
    }
    Ok(())
}

pub(crate) fn kept(row: &Row) -> Result<KeptAct, StoreError> {
    let damaged = |error| StoreError::damaged("an act", error);
    let state = row.maybe_text(5)?.map(|text| serde_json::from_str(&text)).transpose();
    Ok(KeptAct {
        number: row.int(0)?,
        act: serde_json::from_str(&row.text(1)?).map_err(damaged)?,
        observations: row.int(2)?,
        at: time::from_us(row.int(3)?)?,
        by: row.text(4)?,
        state: state.map_err(damaged)?,
    })
}
