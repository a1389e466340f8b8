//! Mapbox vector tiles (version 2.1), written: what lies in a square of the map, for a screen.
//!
//! Two layers: points, where everything is at every zoom, and under the name with `_outlines` the shapes of
//! those that have one and are large enough to be seen. Both reach a little over the edges, so that marks are
//! whole. Attributes are numbers, texts and truths; anything within anything is left to the item's page.

use cathartes_core::{geometry::LatLon, map_tile::MapTile};
use mvt::{GeomData, GeomEncoder, GeomType, Layer, Tile};
use serde_json::{Map, Value};

use crate::region::Region;

mod clip;

/// Steps along a side.
const EXTENT: u32 = 4096;
/// How far beyond the edges a tile reaches, in sides.
pub const MARGIN: f64 = 64.0 / 4096.0;

/// Something to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its id, an attribute of both layers.
    pub id: String,
    /// Where it is.
    pub place: Option<LatLon>,
    /// Its shape; only polygons are drawn.
    pub shape: Option<Region>,
    /// What else is told of it.
    pub properties: Map<String, Value>,
}

/// Why a tile was not written.
#[derive(Debug, thiserror::Error)]
#[error("vector tile: {0}")]
pub struct VectorTileError(#[from] mvt::Error);

/// The bytes of a tile; none when nothing is in it.
///
/// # Errors
///
/// [`VectorTileError`] when the encoder refuses, which no place on Earth makes it do.
pub fn write(tile: MapTile, name: &str, features: &[Feature]) -> Result<Vec<u8>, VectorTileError> {
    let mut written = Tile::new(EXTENT);
    let mut points = written.create_layer(name);
    let mut outlines = written.create_layer(&format!("{name}_outlines"));
    for feature in features {
        if let Some(point) = point(tile, feature)? {
            points = with(points, point, feature);
        }
        if let Some(outline) = outline(tile, feature)? {
            outlines = with(outlines, outline, feature);
        }
    }
    for layer in [points, outlines] {
        if layer.num_features() > 0 {
            written.add_layer(layer)?;
        }
    }
    if written.num_layers() == 0 { Ok(Vec::new()) } else { Ok(written.to_bytes()?) }
}

fn with(layer: Layer, geometry: GeomData, feature: &Feature) -> Layer {
    let mut written = layer.into_feature(geometry);
    written.add_tag_string("id", &feature.id);
    for (name, value) in &feature.properties {
        match value {
            Value::Bool(truth) => written.add_tag_bool(name, *truth),
            Value::String(text) => written.add_tag_string(name, text),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => written.add_tag_sint(name, whole),
                (None, Some(real)) => written.add_tag_double(name, real),
                (None, None) => {}
            },
            Value::Null | Value::Array(_) | Value::Object(_) => {}
        }
    }
    written.into_layer()
}

fn steps([right, down]: [f64; 2]) -> [i32; 2] {
    [right, down].map(|share| (share * f64::from(EXTENT)).round() as i32)
}

fn point(tile: MapTile, feature: &Feature) -> Result<Option<GeomData>, VectorTileError> {
    let Some(place) = feature.place else { return Ok(None) };
    let at = tile.shares(place);
    if !at.iter().all(|share| (-MARGIN..1.0 + MARGIN).contains(share)) {
        return Ok(None);
    }
    let [x, y] = steps(at);
    Ok(Some(GeomEncoder::new(GeomType::Point).point(x, y)?.encode()?))
}

fn outline(tile: MapTile, feature: &Feature) -> Result<Option<GeomData>, VectorTileError> {
    let Some(shape) = &feature.shape else { return Ok(None) };
    let mut encoder = GeomEncoder::new(GeomType::Polygon);
    let mut last = None;
    for polygon in shape.polygons() {
        let rings = polygon.iter().enumerate().map(|(at, ring)| seen(tile, ring, at == 0));
        let rings: Vec<_> = rings.collect();
        // Without its outer ring a polygon has no holes.
        if rings.first().is_none_or(Option::is_none) {
            continue;
        }
        for mut ring in rings.into_iter().flatten() {
            // The encoder takes a ring that begins where the last one ended for more of the last one.
            if ring.first() == last.as_ref() {
                ring.rotate_left(1);
            }
            for [x, y] in &ring {
                encoder.add_point(*x, *y)?;
            }
            encoder.complete_geom()?;
            last = ring.pop();
        }
    }
    if last.is_some() { Ok(Some(encoder.encode()?)) } else { Ok(None) }
}

/// What of a ring is in the tile, turned as the standard wants it; none of one that is too small to be seen.
fn seen(tile: MapTile, ring: &[LatLon], outer: bool) -> Option<Vec<[i32; 2]>> {
    let open = ring.split_last().map_or(ring, |(_, open)| open);
    let ring = clip::clipped(&clip::together(tile, open), -MARGIN, 1.0 + MARGIN);
    let mut ring: Vec<[i32; 2]> = ring.into_iter().map(steps).collect();
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let twice = clip::twice_area(&ring);
    if twice == 0 {
        return None;
    }
    if (twice > 0) != outer {
        ring.reverse();
    }
    Some(ring)
}

#[cfg(test)]
mod tests;
