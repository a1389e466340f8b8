//! Sites as features.

use cathartes_core::site::Site;
use cathartes_store::{Page, SiteQuery};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Collection, ItemQuery, Wanted, item_links};
use crate::{app::App, problem::Problem, site_routes};

/// A page of sites.
pub(super) async fn page(
    app: &App,
    query: &ItemQuery,
    wanted: Wanted,
) -> Result<Page<Value>, Problem> {
    let Wanted { limit, bbox, time, filter, after } = wanted;
    let sites = SiteQuery { gas: query.gas.clone(), bbox, time, filter, after, limit };
    let Page { items, next } = app.store.sites(&sites).await?;
    Ok(Page { items: items.iter().map(|site| feature(app, site)).collect(), next })
}

pub(super) fn feature(app: &App, site: &Site) -> Value {
    let id = Uuid::from_u128(site.id.0);
    let mut links = item_links(app, Collection::Sites.id(), id);
    let ledger = app.link(&format!("/api/v1/sites/{id}"));
    links.push(json!({ "rel": "describedby", "type": "application/json", "href": ledger }));
    let (longitude, latitude) = (site.place.longitude.0, site.place.latitude.0);
    json!({
        "type": "Feature",
        "id": id,
        "geometry": { "type": "Point", "coordinates": [longitude, latitude] },
        "properties": site_routes::properties(site),
        "links": links,
    })
}
