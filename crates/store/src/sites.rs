//! Sites as the last fold left them.

use cathartes_core::{
    filter::Condition,
    site::{Site, SiteId},
};
use uuid::Uuid;

use crate::{
    Store,
    conditions::{Conditions, On},
    database::{Row, composed, sql},
    error::StoreError,
    query::{Bbox, Cursor, Page, TimeRange, chosen},
};

/// Which sites.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SiteQuery {
    /// Only of this gas.
    pub gas: Option<String>,
    /// Only those whose middle lies in this box.
    pub bbox: Option<Bbox>,
    /// Only those of which something was observed within the time, or before and after it.
    pub time: Option<TimeRange>,
    /// Only those of which this holds.
    pub filter: Option<Condition>,
    /// From here on.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

impl Store {
    /// Sites by number, a page at a time.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a cursor of another query; else when the database does not answer.
    pub async fn sites(&self, query: &SiteQuery) -> Result<Page<Site>, StoreError> {
        let (mut all, dialect) = (Conditions::on(On::Sites), self.pool.dialect());
        if let Some(gas) = &query.gas {
            let gas = all.put(format!(";{gas};"));
            let holds = dialect.pick("instr", "strpos");
            all.and(&format!("{holds}(';' || o.gas || ';', {gas}) > 0"));
        }
        chosen(&mut all, dialect, (query.bbox, query.time, query.filter.as_ref()))?;
        match query.after {
            None => {}
            Some(Cursor::Id(id)) => {
                let id = all.put(id);
                all.and(&format!("o.id > {id}"));
            }
            Some(cursor) => {
                let what = format!("`{cursor}` is of another query: take the `next` link as it is");
                return Err(StoreError::Refused(what));
            }
        }
        let limit = all.put(i64::from(query.limit) + 1);
        let conditions = &all.text;
        // Without the word SQLite walks along all sites.
        let along = query.bbox.map_or("", |_| dialect.pick("INDEXED BY site_place", ""));
        let text = format!(
            "SELECT o.body FROM site o {along} WHERE 1 = 1{conditions} ORDER BY o.id LIMIT {limit}"
        );
        let rows = self.pool.rows(composed(text, all.args)).await?;
        let mut items = rows.iter().map(site).collect::<Result<Vec<_>, _>>()?;
        let more = items.len() > query.limit as usize;
        items.truncate(query.limit as usize);
        let next = items.last().filter(|_| more).map(|last| Cursor::Id(Uuid::from_u128(last.id.0)));
        Ok(Page { items, next })
    }

    /// Sites, the likeliest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn likeliest_sites(&self, limit: u32) -> Result<Vec<Site>, StoreError> {
        let text = "SELECT body FROM site ORDER BY ln_odds DESC, id DESC LIMIT $1";
        let rows = self.pool.rows(sql(text, [i64::from(limit).into()])).await?;
        rows.iter().map(site).collect()
    }

    /// One site.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn site(&self, id: SiteId) -> Result<Option<Site>, StoreError> {
        let text = "SELECT body FROM site WHERE id = $1";
        let row = self.pool.row(sql(text, [Uuid::from_u128(id.0).into()])).await?;
        row.as_ref().map(site).transpose()
    }

    /// The site that one was merged into.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn stands_as(&self, id: SiteId) -> Result<Option<SiteId>, StoreError> {
        let text = "SELECT stands_as FROM merged_site WHERE id = $1";
        let row = self.pool.row(sql(text, [Uuid::from_u128(id.0).into()])).await?;
        row.map(|row| Ok(SiteId(row.id(0)?.as_u128()))).transpose()
    }
}

pub(crate) fn site(row: &Row) -> Result<Site, StoreError> {
    serde_json::from_str(&row.text(0)?).map_err(|error| StoreError::damaged("a site", error))
}
