//! Scenes by a shape: those of the box around it, looked at one by one.

use cathartes_formats::region::Region;
use cathartes_store::{Bbox, Cursor, Page, Scene, SceneQuery};
use serde_json::Value;

use crate::{app::App, problem::Problem};

/// Positions of a shape that is asked about: every scene near it is compared with all of them.
const MOST_POSITIONS: usize = 5_000;

/// What is asked of the record, and what of the answer counts.
pub(super) struct Search {
    pub(super) scenes: SceneQuery,
    pub(super) region: Option<Region>,
}

pub(super) fn region(value: &Value) -> Result<Region, Problem> {
    let region = Region::read(value);
    let region = region.map_err(|error| Problem::bad_request(format!("intersects: {error}")))?;
    let positions = region.positions();
    if positions > MOST_POSITIONS {
        let what = format!("intersects has {positions} positions: at most {MOST_POSITIONS}");
        return Err(Problem::bad_request(what));
    }
    Ok(region)
}

pub(super) fn around(region: &Region) -> Result<Bbox, Problem> {
    let area = region.area().ok_or_else(|| Problem::bad_request("intersects is empty"))?;
    Ok(Bbox::new(area.west, area.south, area.east, area.north)?)
}

impl Search {
    /// A page; one that looks at shapes reads on until it is full.
    pub(super) async fn found(mut self, app: &App) -> Result<Page<Scene>, Problem> {
        let Some(region) = self.region else { return Ok(app.store.scenes(&self.scenes).await?) };
        let mut items: Vec<Scene> = Vec::new();
        loop {
            let page = app.store.scenes(&self.scenes).await?;
            for scene in page.items {
                if !region.touches(&scene.scene.footprint) {
                    continue;
                }
                if items.len() == self.scenes.limit as usize {
                    let next = items.last().map(|last| Cursor::Id(last.id));
                    return Ok(Page { items, next });
                }
                items.push(scene);
            }
            match page.next {
                None => return Ok(Page { items, next: None }),
                next => self.scenes.after = next,
            }
        }
    }
}
