//! Sites as points of a map: of each as little as it takes to draw it and to ask for it, all at once, and afterwards what
//! is new since a fold.

use cathartes_core::{geometry::LatLon, site::SiteId, units::Degrees};

use crate::{
    Store,
    conditions::{Conditions, On},
    database::{Row, composed, sql},
    error::StoreError,
    query::{TimeRange, chosen},
};

/// Which points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PointQuery {
    /// Only of sites of which something was observed within the time, or before and after it.
    pub time: Option<TimeRange>,
    /// Only what is new since the fold of this number; all when absent.
    pub since: Option<i64>,
    /// At most so many; of more none are given.
    pub limit: u32,
}

/// A site as a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SitePoint {
    /// Which site.
    pub id: SiteId,
    /// Where it is.
    pub place: LatLon,
    /// ln of its odds.
    pub ln_odds: f64,
}

/// What a map draws, or what changes on one that was drawn before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SitePoints {
    /// The number of the fold that left them.
    pub fold: i64,
    /// Whether they are all there are, whatever was drawn before.
    pub whole: bool,
    /// By number of the site; none where there are more than were asked for.
    pub points: Vec<SitePoint>,
    /// Sites that are to be drawn no more, by number.
    pub gone: Vec<SiteId>,
    /// Whether there are more than were asked for.
    pub more: bool,
}

impl Store {
    /// Sites as points, all or what is new. A fold that is not known, because the record is another by now, is as none.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn site_points(&self, query: &PointQuery) -> Result<SitePoints, StoreError> {
        let mut snapshot = self.pool.snapshot().await?;
        let row = snapshot.row(sql("SELECT number FROM fold WHERE one = 1", [])).await?;
        let fold = row.ok_or_else(|| StoreError::damaged("fold", "it is empty"))?.int(0)?;
        let since = query.since.filter(|since| (0..=fold).contains(since));
        let (mut all, dialect) = (Conditions::on(On::Sites), self.pool.dialect());
        chosen(&mut all, dialect, (None, query.time, None))?;
        // Of what is new one has to know, too, what is not of the time any more.
        let (fits, wanted) = match since {
            None => ("1".to_owned(), format!("1 = 1{}", all.text)),
            Some(since) => {
                let fits = format!("CASE WHEN 1 = 1{} THEN 1 ELSE 0 END", all.text);
                (fits, format!("o.fold > {}", all.put(since)))
            }
        };
        let limit = all.put(i64::from(query.limit) + 1);
        // Without the word SQLite reads the sites whole.
        let along = dialect.pick("INDEXED BY site_point", "");
        let text = format!(
            "SELECT o.id, o.latitude_deg, o.longitude_deg, o.ln_odds, CAST({fits} AS BIGINT) \
             FROM site o {along} WHERE o.fold >= 0 AND {wanted} LIMIT {limit}"
        );
        let rows = snapshot.rows(composed(text, all.args)).await?;
        let mut told = SitePoints { fold, whole: since.is_none(), ..SitePoints::default() };
        told.more = rows.len() > query.limit as usize;
        if told.more {
            return Ok(told);
        }
        for row in &rows {
            let (point, fits) = (point(row)?, row.int(4)? == 1);
            if fits { told.points.push(point) } else { told.gone.push(point.id) }
        }
        if let Some(since) = since {
            let text = "SELECT id FROM gone_site WHERE fold > $1";
            for row in snapshot.rows(sql(text, [since.into()])).await? {
                told.gone.push(SiteId(row.id(0)?.as_u128()));
            }
        }
        told.points.sort_unstable_by_key(|point| point.id);
        told.gone.sort_unstable();
        Ok(told)
    }
}

fn point(row: &Row) -> Result<SitePoint, StoreError> {
    let place = LatLon { latitude: Degrees(row.real(1)?), longitude: Degrees(row.real(2)?) };
    Ok(SitePoint { id: SiteId(row.id(0)?.as_u128()), place, ln_odds: row.real(3)? })
}
