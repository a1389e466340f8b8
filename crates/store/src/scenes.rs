//! Scenes: what was searched, where it lies, and the files that came of it.

use std::collections::BTreeMap;

use cathartes_core::{
    filter::Condition,
    geometry::LatLon,
    provenance::{Digest, Provenance},
    units::Degrees,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    Store,
    audit::{Actor, Change, Entry},
    blobs::Blob,
    conditions::{Conditions, On},
    database::{Arg, Dialect, Row, Sql, composed, sql},
    error::StoreError,
    query::{Bbox, Cursor, Page, TimeRange, chosen},
    time,
};

/// A file of a scene.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// File name, unique in the scene.
    pub name: String,
    /// What it holds.
    pub sha256: Digest,
    /// Its length.
    pub size_bytes: u64,
    /// `image/tiff; application=geotiff; profile=cloud-optimized` and the like.
    pub media_type: String,
    /// `data`, `overview` or `metadata`, in the words of STAC.
    pub role: String,
}

/// A scene to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewScene {
    /// Its name.
    pub name: String,
    /// Start of the acquisition, when somebody said.
    pub time: Option<Timestamp>,
    /// Corners of the ground it covers, once round and not closed; empty when nobody knows.
    pub footprint: Vec<LatLon>,
    /// What else is worth telling.
    pub properties: Map<String, Value>,
    /// Where its results come from.
    pub provenance: Provenance,
    /// Its files.
    pub assets: Vec<Asset>,
}

/// A scene of the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Its id.
    pub id: Uuid,
    /// What was recorded.
    pub scene: NewScene,
    /// The job that made it.
    pub job: Option<Uuid>,
    /// When it was recorded.
    pub created: Timestamp,
}

/// Which scenes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SceneQuery {
    /// Only these.
    pub ids: Option<Vec<Uuid>>,
    /// Only those that touch this box.
    pub bbox: Option<Bbox>,
    /// Only those of this time.
    pub time: Option<TimeRange>,
    /// Only those of which this holds.
    pub filter: Option<Condition>,
    /// Only those whose time is known.
    pub dated: bool,
    /// From here on.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

impl NewScene {
    /// The box around the footprint.
    #[must_use]
    pub fn bbox(&self) -> Option<Bbox> {
        Bbox::around(&self.footprint)
    }
}

impl Store {
    /// Records a scene whose blobs are in their place.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn add_scene(&self, actor: &Actor, scene: &NewScene) -> Result<Uuid, StoreError> {
        let mut change = self.change(actor).await?;
        let id = insert(&mut change, scene, None).await?;
        change.commit(Entry::new("scene.recorded", id, json!({ "name": scene.name }))).await?;
        Ok(id)
    }

    /// One scene.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn scene(&self, id: Uuid) -> Result<Option<Scene>, StoreError> {
        let query = SceneQuery { ids: Some(vec![id]), limit: 1, ..SceneQuery::default() };
        Ok(self.scenes(&query).await?.items.pop())
    }

    /// Scenes in the order they were recorded.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a filter that cannot be; else when the database does not answer.
    pub async fn scenes(&self, query: &SceneQuery) -> Result<Page<Scene>, StoreError> {
        let rows = self.pool.rows(select(query, self.pool.dialect())?).await?;
        let mut items = rows.iter().map(read).collect::<Result<Vec<Scene>, _>>()?;
        let more = items.len() > query.limit as usize;
        items.truncate(query.limit as usize);
        self.put_assets(&mut items).await?;
        let next = items.last().filter(|_| more).map(|last| Cursor::Id(last.id));
        Ok(Page { items, next })
    }

    /// Where all dated scenes lie and when they were flown.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn scene_extent(&self) -> Result<(Option<Bbox>, Option<TimeRange>), StoreError> {
        // Where one goes over the antimeridian, all together go round the Earth.
        let text = "SELECT MIN(CASE WHEN west_deg > east_deg THEN -180.0 ELSE west_deg END), \
                    MIN(south_deg), \
                    MAX(CASE WHEN west_deg > east_deg THEN 180.0 ELSE east_deg END), \
                    MAX(north_deg), MIN(time_us), MAX(time_us) \
                    FROM scene WHERE time_us IS NOT NULL";
        let Some(row) = self.pool.row(sql(text, [])).await? else { return Ok((None, None)) };
        let time = TimeRange {
            from: time::maybe_from_us(row.maybe_int(4)?)?,
            to: time::maybe_from_us(row.maybe_int(5)?)?,
        };
        Ok((bbox(&row, 0)?, time.from.is_some().then_some(time)))
    }

    /// Gives scenes their files, all in one statement.
    async fn put_assets(&self, scenes: &mut [Scene]) -> Result<(), StoreError> {
        let these = self.pool.dialect().pick(
            "SELECT unhex(value) FROM json_each($1)",
            "SELECT value::uuid FROM json_array_elements_text($1::json)",
        );
        let text = format!(
            "SELECT scene, name, sha256, size_bytes, media_type, role FROM asset \
             WHERE scene IN ({these}) ORDER BY scene, name"
        );
        let ids: Vec<String> = scenes.iter().map(|scene| scene.id.simple().to_string()).collect();
        let rows = self.pool.rows(composed(text, vec![json!(ids).to_string().into()])).await?;
        let mut assets: BTreeMap<Uuid, Vec<Asset>> = BTreeMap::new();
        for row in &rows {
            assets.entry(row.id(0)?).or_default().push(asset(row)?);
        }
        for scene in scenes {
            scene.scene.assets = assets.remove(&scene.id).unwrap_or_default();
        }
        Ok(())
    }
}

fn asset(row: &Row) -> Result<Asset, StoreError> {
    Ok(Asset {
        name: row.text(1)?,
        sha256: Digest(row.text(2)?),
        size_bytes: row.int(3)? as u64,
        media_type: row.text(4)?,
        role: row.text(5)?,
    })
}

pub(crate) async fn insert(
    change: &mut Change,
    scene: &NewScene,
    job: Option<Uuid>,
) -> Result<Uuid, StoreError> {
    let id = Uuid::now_v7();
    let bbox = scene.bbox();
    let footprint = (!scene.footprint.is_empty()).then(|| footprint(&scene.footprint).to_string());
    let text = "INSERT INTO scene (id, name, time_us, footprint, west_deg, south_deg, east_deg, \
                north_deg, properties, provenance, job, created_us) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let at = change.at_us;
    let args = [
        id.into(),
        scene.name.clone().into(),
        Arg::Int(time::maybe_us(scene.time)),
        footprint.into(),
        bbox.map(|b| b.west.0).into(),
        bbox.map(|b| b.south.0).into(),
        bbox.map(|b| b.east.0).into(),
        bbox.map(|b| b.north.0).into(),
        Value::Object(scene.properties.clone()).to_string().into(),
        json!(scene.provenance).to_string().into(),
        job.into(),
        at.into(),
    ];
    change.run(sql(text, args)).await?;
    for asset in &scene.assets {
        insert_asset(change, id, asset).await?;
    }
    Ok(id)
}

async fn insert_asset(change: &mut Change, scene: Uuid, asset: &Asset) -> Result<(), StoreError> {
    let blob = Blob { sha256: asset.sha256.clone(), size_bytes: asset.size_bytes };
    insert_blob(change, &blob).await?;
    let text = "INSERT INTO asset (scene, name, sha256, size_bytes, media_type, role) \
                VALUES ($1, $2, $3, $4, $5, $6)";
    let args = [
        scene.into(),
        asset.name.clone().into(),
        asset.sha256.0.clone().into(),
        (asset.size_bytes as i64).into(),
        asset.media_type.clone().into(),
        asset.role.clone().into(),
    ];
    change.run(sql(text, args)).await?;
    Ok(())
}

pub(crate) async fn insert_blob(change: &mut Change, blob: &Blob) -> Result<(), StoreError> {
    let text = "INSERT INTO blob (sha256, size_bytes, created_us) VALUES ($1, $2, $3) \
                ON CONFLICT (sha256) DO NOTHING";
    let at = change.at_us;
    let args = [blob.sha256.0.clone().into(), (blob.size_bytes as i64).into(), at.into()];
    change.run(sql(text, args)).await?;
    Ok(())
}

fn select(query: &SceneQuery, dialect: Dialect) -> Result<Sql, StoreError> {
    let mut all = Conditions::on(On::Scenes);
    if let Some(ids) = &query.ids {
        let ids: Vec<String> = ids.iter().map(|id| all.put(*id)).collect();
        // An empty list is written `IN (NULL)`, which is nobody.
        let ids = if ids.is_empty() { "NULL".to_owned() } else { ids.join(", ") };
        all.and(&format!("o.id IN ({ids})"));
    }
    if query.dated {
        all.and("o.time_us IS NOT NULL");
    }
    chosen(&mut all, dialect, (query.bbox, query.time, query.filter.as_ref()))?;
    if let Some(Cursor::Id(after)) = query.after {
        let after = all.put(after);
        all.and(&format!("o.id > {after}"));
    }
    let limit = all.put(i64::from(query.limit) + 1);
    let text = format!(
        "SELECT o.id, o.name, o.time_us, o.footprint, o.properties, o.provenance, o.job, \
         o.created_us FROM scene o WHERE 1 = 1{} ORDER BY o.id LIMIT {limit}",
        all.text
    );
    Ok(composed(text, all.args))
}

fn read(row: &Row) -> Result<Scene, StoreError> {
    let damaged = |error| StoreError::damaged("a scene", error);
    let ring: Vec<[f64; 2]> = match row.maybe_text(3)? {
        Some(text) => serde_json::from_str(&text).map_err(damaged)?,
        None => Vec::new(),
    };
    let place = |[longitude, latitude]: &[f64; 2]| LatLon {
        latitude: Degrees(*latitude),
        longitude: Degrees(*longitude),
    };
    Ok(Scene {
        id: row.id(0)?,
        scene: NewScene {
            name: row.text(1)?,
            time: time::maybe_from_us(row.maybe_int(2)?)?,
            footprint: ring.iter().map(place).collect(),
            properties: serde_json::from_str(&row.text(4)?).map_err(damaged)?,
            provenance: serde_json::from_str(&row.text(5)?).map_err(damaged)?,
            assets: Vec::new(),
        },
        job: row.maybe_id(6)?,
        created: time::from_us(row.int(7)?)?,
    })
}

fn bbox(row: &Row, first: usize) -> Result<Option<Bbox>, StoreError> {
    let side = |at: usize| Ok::<_, StoreError>(row.maybe_real(first + at)?.map(Degrees));
    let (west, south, east, north) = (side(0)?, side(1)?, side(2)?, side(3)?);
    let all = west.zip(south).zip(east.zip(north));
    Ok(all.map(|((west, south), (east, north))| Bbox { west, south, east, north }))
}

fn footprint(ring: &[LatLon]) -> Value {
    ring.iter().map(|p| json!([p.longitude.0, p.latitude.0])).collect()
}
