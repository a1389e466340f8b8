//! What tiles of all kinds share: their squares, and answers that need not be sent again.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use cathartes_core::map_tile::MapTile;

use crate::problem::Problem;

/// The one division of the world that is understood, by its name in the standard.
pub(crate) const MATRIX_SET: &str = "WebMercatorQuad";

/// Whether a division is that one.
pub(crate) fn known(matrix_set: &str) -> Result<(), Problem> {
    if matrix_set == MATRIX_SET {
        Ok(())
    } else {
        Err(Problem::absent("tile matrix set", matrix_set))
    }
}

/// A square of the world.
pub(crate) fn square(zoom: u8, row: u32, column: u32) -> Result<MapTile, Problem> {
    MapTile::new(zoom, row, column).ok_or_else(|| {
        let deepest = MapTile::DEEPEST;
        let what = format!(
            "{zoom}/{row}/{column} is no tile: zoom 0 to {deepest}, then row and column below 2^zoom"
        );
        Problem::new(StatusCode::NOT_FOUND, what)
    })
}

/// How an answer is told from another, and how long it may be kept.
pub(crate) struct Kept {
    pub(crate) tag: String,
    pub(crate) control: &'static str,
}

impl Kept {
    /// Whether whoever asks has it already.
    pub(crate) fn known(&self, headers: &HeaderMap) -> bool {
        let said = headers.get_all(header::IF_NONE_MATCH).iter();
        let mut tags = said.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
        tags.any(|tag| tag.trim().trim_start_matches("W/") == self.tag || tag.trim() == "*")
    }

    /// Nothing new.
    pub(crate) fn unchanged(self) -> Response {
        (StatusCode::NOT_MODIFIED, self.headers()).into_response()
    }

    /// What was asked for; 204 when nothing is in it.
    pub(crate) fn answer(self, kind: &'static str, bytes: Bytes) -> Response {
        if bytes.is_empty() {
            return (StatusCode::NO_CONTENT, self.headers()).into_response();
        }
        (self.headers(), [(header::CONTENT_TYPE, kind)], bytes).into_response()
    }

    fn headers(self) -> [(header::HeaderName, String); 2] {
        [(header::ETAG, self.tag), (header::CACHE_CONTROL, self.control.to_owned())]
    }
}
