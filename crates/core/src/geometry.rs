//! Where the pixels of an image are on the ground, WGS 84.

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use proj4rs::{Proj, transform::transform};
use serde::{Deserialize, Serialize};

use crate::{
    plume::PixelPlace,
    units::{Degrees, Metres},
};

/// A place on the WGS 84 ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LatLon {
    /// Geodetic latitude, north positive.
    pub latitude: Degrees,
    /// Longitude, east positive.
    pub longitude: Degrees,
}

/// The plane coordinates of a map grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Crs {
    /// Longitude and latitude in degrees, WGS 84 (EPSG 4326).
    Geographic,
    /// Universal Transverse Mercator on WGS 84 (EPSG 326zz or 327zz), metres.
    Utm {
        /// Zone 1 to 60.
        zone: u8,
        /// Northern hemisphere.
        north: bool,
    },
}

impl Crs {
    /// The EPSG code.
    #[must_use]
    pub fn epsg(self) -> u16 {
        match self {
            Self::Geographic => 4326,
            Self::Utm { zone, north } => u16::from(zone) + if north { 32600 } else { 32700 },
        }
    }

    /// The UTM zone a place lies in; longitudes beyond ±180° wrap.
    #[must_use]
    pub fn utm_around(place: LatLon) -> Self {
        let turn = (place.longitude.0 + 180.0).rem_euclid(360.0);
        Self::Utm { zone: ((turn / 6.0) as u8).min(59) + 1, north: place.latitude.0 >= 0.0 }
    }

    /// Plane coordinates of many places; a place that cannot be projected is NaN.
    #[must_use]
    pub fn project(self, places: &[LatLon]) -> Vec<[f64; 2]> {
        let Some((wgs84, plane)) = self.projection() else {
            return places.iter().map(|p| [p.longitude.0, p.latitude.0]).collect();
        };
        let one = |place: &LatLon| {
            let (longitude, latitude) = (place.longitude.0, place.latitude.0);
            let mut point = (longitude.to_radians(), latitude.to_radians(), 0.0);
            let done = transform(&wgs84, &plane, &mut point);
            if done.is_ok() { [point.0, point.1] } else { [f64::NAN; 2] }
        };
        places.iter().map(one).collect()
    }

    /// From longitude and latitude to the plane; `None` when the plane is longitude and latitude.
    fn projection(self) -> Option<(Proj, Proj)> {
        let Self::Utm { zone, north } = self else { return None };
        let south = if north { "" } else { " +south" };
        let utm = format!("+proj=utm +zone={zone}{south} +datum=WGS84 +units=m +no_defs");
        let longlat = "+proj=longlat +datum=WGS84 +no_defs";
        Some((Proj::from_proj_string(longlat).ok()?, Proj::from_proj_string(&utm).ok()?))
    }
}

/// An affine grid: `x = x0 + xs·sample + xl·line`, `y = y0 + ys·sample + yl·line`, in the units of
/// its plane, with (0, 0) the outer corner of the first pixel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MapGrid {
    /// The plane.
    pub crs: Crs,
    /// (x0, y0).
    pub origin: [f64; 2],
    /// (xs, ys): one sample to the right.
    pub per_sample: [f64; 2],
    /// (xl, yl): one line down.
    pub per_line: [f64; 2],
}

/// Geographic lookup table: for each cell of a map grid, the image pixel that belongs there.
#[derive(Debug, Clone, PartialEq)]
pub struct Glt {
    /// The map grid.
    pub grid: MapGrid,
    /// Rows of the grid.
    pub rows: usize,
    /// Columns of the grid.
    pub columns: usize,
    /// `rows * columns` entries: (line, sample) from 0, or none.
    pub cells: Vec<Option<(u32, u32)>>,
}

/// Latitude and longitude of every pixel centre.
#[derive(Debug, Clone, PartialEq)]
pub struct PixelGrid {
    /// Rows.
    pub lines: usize,
    /// Columns.
    pub samples: usize,
    /// Degrees north, line by line.
    pub latitudes_deg: Vec<f64>,
    /// Degrees east, line by line.
    pub longitudes_deg: Vec<f64>,
    /// The producer's lookup table, when there is one.
    pub glt: Option<Glt>,
}

/// Where the pixels are.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Geometry {
    /// Nobody said; results stay in pixel coordinates.
    #[default]
    Unknown,
    /// The image is a map.
    Map(MapGrid),
    /// Every pixel has its own place.
    PerPixel(Box<PixelGrid>),
}

/// The ground steps of a pixel grid around one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PixelSteps {
    /// From a pixel to its neighbour across track.
    pub per_sample: Metres,
    /// From a line to the next.
    pub per_line: Metres,
    /// Bearing of the sample axis (towards higher samples).
    pub sample_bearing: Degrees,
    /// Bearing of the line axis (towards higher lines).
    pub line_bearing: Degrees,
}

impl MapGrid {
    /// Plane coordinates of the centre of a cell.
    #[must_use]
    pub fn cell_centre(&self, row: usize, column: usize) -> [f64; 2] {
        self.plane(PixelPlace { line_px: row as f64 + 0.5, sample_px: column as f64 + 0.5 })
    }

    /// Plane coordinates of a place in the pixel grid.
    #[must_use]
    pub fn plane(&self, at: PixelPlace) -> [f64; 2] {
        [0, 1].map(|i| {
            self.origin[i] + self.per_sample[i] * at.sample_px + self.per_line[i] * at.line_px
        })
    }

    fn locate(&self, at: PixelPlace) -> Option<LatLon> {
        let [x, y] = self.plane(at);
        let Some((wgs84, plane)) = self.crs.projection() else {
            return Some(LatLon { latitude: Degrees(y), longitude: Degrees(x) });
        };
        let mut point = (x, y, 0.0);
        transform(&plane, &wgs84, &mut point).ok()?;
        Some(LatLon {
            latitude: Degrees(point.1.to_degrees()),
            longitude: Degrees(point.0.to_degrees()),
        })
    }
}

impl Crs {
    /// Longitude and latitude of many points of the plane; NaN for one that has none.
    #[must_use]
    pub fn unproject(self, points: &[[f64; 2]]) -> Vec<LatLon> {
        let degrees = |x, y| LatLon { latitude: Degrees(y), longitude: Degrees(x) };
        let Self::Utm { zone, north } = self else {
            return points.iter().map(|[x, y]| degrees(*x, *y)).collect();
        };
        let south = if north { "" } else { " +south" };
        let utm = format!("+proj=utm +zone={zone}{south} +datum=WGS84 +units=m +no_defs");
        let plane = Proj::from_proj_string(&utm);
        let wgs84 = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs");
        let (Ok(plane), Ok(wgs84)) = (plane, wgs84) else {
            return vec![degrees(f64::NAN, f64::NAN); points.len()];
        };
        let one = |[x, y]: &[f64; 2]| {
            let mut point = (*x, *y, 0.0);
            match transform(&plane, &wgs84, &mut point) {
                Ok(()) => degrees(point.0.to_degrees(), point.1.to_degrees()),
                Err(_) => degrees(f64::NAN, f64::NAN),
            }
        };
        points.iter().map(one).collect()
    }
}

impl PixelGrid {
    /// Bilinear between pixel centres, linear beyond the outer ones. A grid of one line or one
    /// sample does not say where its neighbours would be: the step that is missing is none.
    fn locate(&self, at: PixelPlace) -> Option<LatLon> {
        if self.lines == 0 || self.samples == 0 {
            return None;
        }
        let (l, s) = (at.line_px - 0.5, at.sample_px - 0.5);
        let cell = |x: f64, n: usize| (x.max(0.0) as usize).min(n.saturating_sub(2));
        let (l0, s0) = (cell(l, self.lines), cell(s, self.samples));
        let (wl, ws) = (l - l0 as f64, s - s0 as f64);
        let (l1, s1) = ((l0 + 1).min(self.lines - 1), (s0 + 1).min(self.samples - 1));
        let corners = |grid: &[f64]| {
            let at = |l: usize, s: usize| grid.get(l * self.samples + s).copied();
            Some([at(l0, s0)?, at(l0, s1)?, at(l1, s0)?, at(l1, s1)?])
        };
        let between = |[a, b, c, d]: [f64; 4]| {
            let v = (1.0 - wl) * ((1.0 - ws) * a + ws * b) + wl * ((1.0 - ws) * c + ws * d);
            v.is_finite().then_some(v)
        };
        let [first, others @ ..] = corners(&self.longitudes_deg)?;
        // Neighbours on both sides of 180° are close together.
        let [b, c, d] = others.map(|other| first + wrapped(other - first));
        Some(LatLon {
            latitude: Degrees(between(corners(&self.latitudes_deg)?)?),
            longitude: Degrees(wrapped(between([first, b, c, d])?)),
        })
    }
}

/// The same longitude, at most 180° from Greenwich.
fn wrapped(longitude_deg: f64) -> f64 {
    if longitude_deg.abs() <= 180.0 {
        return longitude_deg;
    }
    (longitude_deg + 180.0).rem_euclid(360.0) - 180.0
}

impl Geometry {
    /// Where a place in the pixel grid is on the ground, when anybody said.
    #[must_use]
    pub fn locate(&self, at: PixelPlace) -> Option<LatLon> {
        match self {
            Self::Unknown => None,
            Self::Map(grid) => grid.locate(at),
            Self::PerPixel(grid) => grid.locate(at),
        }
    }

    /// Ground steps around a place, geodesic.
    #[must_use]
    pub fn steps(&self, at: PixelPlace) -> Option<PixelSteps> {
        let step = |dl: f64, ds: f64| {
            let from = PixelPlace { line_px: at.line_px - dl, sample_px: at.sample_px - ds };
            let to = PixelPlace { line_px: at.line_px + dl, sample_px: at.sample_px + ds };
            Some(bearing_and_distance(self.locate(from)?, self.locate(to)?))
        };
        let ((sample_bearing, per_sample), (line_bearing, per_line)) =
            (step(0.0, 0.5)?, step(0.5, 0.0)?);
        Some(PixelSteps { per_sample, per_line, sample_bearing, line_bearing })
    }
}

impl PixelSteps {
    /// Ground area of one pixel, m².
    #[must_use]
    pub fn area_m2(&self) -> f64 {
        let angle = (self.line_bearing.0 - self.sample_bearing.0).to_radians();
        self.per_sample.0 * self.per_line.0 * angle.sin().abs()
    }
}

/// Bearing (0 to 360) and distance from one place to another on the WGS 84 ellipsoid.
#[must_use]
pub fn bearing_and_distance(from: LatLon, to: LatLon) -> (Degrees, Metres) {
    let (distance, azimuth, _, _) =
        Geodesic::wgs84().inverse(from.latitude.0, from.longitude.0, to.latitude.0, to.longitude.0);
    (Degrees(azimuth.rem_euclid(360.0)), Metres(distance))
}

/// Where one arrives who leaves a place at a bearing and follows the geodesic for a distance.
#[must_use]
pub fn destination(from: LatLon, bearing: Degrees, distance: Metres) -> LatLon {
    let (latitude, longitude) =
        Geodesic::wgs84().direct(from.latitude.0, from.longitude.0, bearing.0, distance.0);
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

#[cfg(test)]
mod tests;
