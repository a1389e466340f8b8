//! A plain map: lines and areas of longitudes and latitudes, north up, longitudes shortened as they are in its middle.

use super::{
    BLACK, Face, GREY, Ink, Item, Letters, MARGIN_PT, Paper, WHITE, WIDTH_PT, corners, width_pt,
};

/// What the map of a sortie shows beyond what frames it.
const CLOSE: f64 = 1.15;
const FAINT: Ink = [205, 211, 216];
const LABEL: Letters = Letters { size_pt: 6.5, face: Face::Narrow, ink: GREY };

/// A line or an area of a map, longitude and latitude.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Its corners, degrees.
    pub places_deg: Vec<[f64; 2]>,
    /// The last is joined to the first.
    pub closed: bool,
    /// Of the line.
    pub ink: Ink,
    /// Of the line.
    pub width_pt: f32,
    /// The area is tinted.
    pub fill: Option<Ink>,
    /// Counts for what the map shows.
    pub framed: bool,
}

/// Where on a page a map with a graticule stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapBox {
    /// Its left side.
    pub left_pt: f32,
    /// Its top.
    pub top_pt: f32,
    /// How wide.
    pub width_pt: f32,
    /// How high.
    pub height_pt: f32,
    /// How much wider the map is than what it shows.
    pub around_ratio: f64,
    /// How wide and high its upper left corner stays without words, for a smaller map.
    pub corner_pt: [f32; 2],
}

impl Paper {
    /// A map of a height, from margin to margin.
    pub fn map(&mut self, drawn: &[Drawn], height_pt: f32) {
        self.room(height_pt + 8.0);
        let (top, wide) = (self.y + 4.0, WIDTH_PT - 2.0 * MARGIN_PT);
        let place = [MARGIN_PT, top, MARGIN_PT + wide, top + height_pt];
        let Some(frame) = Frame::around(drawn, place, CLOSE) else { return };
        self.drawn(&frame, drawn);
        self.rim(&frame);
        self.y = top + height_pt + 6.0;
    }

    /// A map with meridians, parallels and an arrow to the north, wherever that is.
    pub fn map_in(&mut self, drawn: &[Drawn], place: MapBox) {
        let MapBox { left_pt, top_pt, width_pt, height_pt, around_ratio, corner_pt } = place;
        let bounds = [left_pt, top_pt, left_pt + width_pt, top_pt + height_pt];
        let Some(frame) = Frame::around(drawn, bounds, around_ratio) else { return };
        self.graticule(&frame, corner_pt);
        self.drawn(&frame, drawn);
        self.rim(&frame);
        self.arrow([bounds[2] - 16.0, bounds[1] + 8.0]);
        let datum = "WGS 84";
        let at = [bounds[2] - super::width_pt(datum, LABEL) - 4.0, bounds[3] - 4.0];
        self.text(datum, LABEL, at);
    }

    /// A small map within another: what lies around a place, as many degrees north and south of it.
    pub fn map_around(
        &mut self,
        drawn: &[Drawn],
        middle_deg: [f64; 2],
        half_deg: f64,
        bounds_pt: [f32; 4],
    ) {
        let [_, top, _, bottom] = bounds_pt;
        let north = f64::from(bottom - top) / (2.0 * half_deg);
        let east = north * middle_deg[1].to_radians().cos().max(0.01);
        let frame = Frame { middle: middle_deg, scale: [east, north], bounds: bounds_pt };
        let rings = vec![corners(bounds_pt)];
        self.put(Item::Filled { rings, ink: WHITE, opacity: 1.0, within: None });
        self.drawn(&frame, drawn);
        self.framed(bounds_pt, GREY, 0.75);
    }

    fn drawn(&mut self, frame: &Frame, drawn: &[Drawn]) {
        for one in drawn {
            let points = one.places_deg.iter().map(|place| frame.at(*place)).collect::<Vec<_>>();
            if let Some(ink) = one.fill {
                let (rings, within) = (vec![points.clone()], Some(frame.bounds));
                self.put(Item::Filled { rings, ink, opacity: 0.25, within });
            }
            for points in clipped(&points, one.closed, frame.bounds) {
                self.line(&points, one.ink, one.width_pt);
            }
        }
    }

    /// The edge and the scale bar.
    fn rim(&mut self, frame: &Frame) {
        let [left, _, _, bottom] = frame.bounds;
        self.framed(frame.bounds, GREY, 0.75);
        let bar = frame.bar(left + 10.0, bottom - 10.0);
        self.line(&bar.0, BLACK, 1.5);
        let letters = Letters { size_pt: 7.0, face: Face::Regular, ink: BLACK };
        self.text(&bar.1, letters, [left + 10.0, bottom - 14.0]);
    }

    fn graticule(&mut self, frame: &Frame, corner: [f32; 2]) {
        let [left, top, right, bottom] = frame.bounds;
        let step = frame.step_degrees();
        let digits = (-step.log10().floor()).max(0.0) as usize;
        for k in frame.between(0, step) {
            let longitude = aside(k as f64 * step, 0.0);
            let [x, _] = frame.at([k as f64 * step, frame.middle[1]]);
            self.line(&[[x, top], [x, bottom]], FAINT, 0.4);
            let side = if longitude < 0.0 { 'W' } else { 'E' };
            let words = format!("{:.digits$}° {side}", longitude.abs());
            // The arrow stands in the corner.
            let room = x + 2.0 + width_pt(&words, LABEL) < right - 26.0;
            if room && x >= left + corner[0] {
                self.text(&words, LABEL, [x + 2.0, top + 8.0]);
            }
        }
        for k in frame.between(1, step) {
            let latitude = k as f64 * step;
            if latitude.abs() > 90.0 {
                continue;
            }
            let [_, y] = frame.at([frame.middle[0], latitude]);
            self.line(&[[left, y], [right, y]], FAINT, 0.4);
            let side = if latitude < 0.0 { 'S' } else { 'N' };
            let words = format!("{:.digits$}° {side}", latitude.abs());
            if y - 2.0 - LABEL.size_pt >= top + corner[1] || corner[0] == 0.0 {
                self.text(&words, LABEL, [left + 3.0, y - 2.0]);
            }
        }
    }

    fn arrow(&mut self, [x, y]: [f32; 2]) {
        let rings = vec![vec![[x, y], [x + 4.5, y + 14.0], [x, y + 10.5], [x - 4.5, y + 14.0]]];
        self.put(Item::Filled { rings, ink: BLACK, opacity: 1.0, within: None });
        let letters = Letters { size_pt: 7.5, face: Face::Bold, ink: BLACK };
        self.text("N", letters, [x - 0.5 * width_pt("N", letters), y + 22.0]);
    }
}

/// Where a part of the Earth lies in a rectangle.
struct Frame {
    middle: [f64; 2],
    /// Points a degree, east and north.
    scale: [f64; 2],
    bounds: [f32; 4],
}

impl Frame {
    fn around(drawn: &[Drawn], bounds: [f32; 4], ratio: f64) -> Option<Self> {
        let first = drawn.iter().find(|one| one.framed)?.places_deg.first()?[0];
        let framed = drawn.iter().filter(|one| one.framed).flat_map(|one| &one.places_deg);
        let near = framed.map(|[x, y]| [first + aside(*x, first), *y]);
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for place in near {
            for i in 0..2 {
                low[i] = low[i].min(place[i]);
                high[i] = high[i].max(place[i]);
            }
        }
        let middle = [0, 1].map(|i| f64::midpoint(low[i], high[i]));
        let shrink = middle[1].to_radians().cos().max(0.01);
        let span =
            [(high[0] - low[0]) * shrink, high[1] - low[1]].map(|span| span.max(1e-3) * ratio);
        let size = [bounds[2] - bounds[0], bounds[3] - bounds[1]].map(f64::from);
        let north = (size[0] / span[0]).min(size[1] / span[1]);
        north.is_finite().then_some(Self { middle, scale: [north * shrink, north], bounds })
    }

    fn at(&self, [x, y]: [f64; 2]) -> [f32; 2] {
        let [left, top, right, bottom] = self.bounds;
        let east = aside(x, self.middle[0]) * self.scale[0];
        let north = (y - self.middle[1]) * self.scale[1];
        [0.5 * (left + right) + east as f32, 0.5 * (top + bottom) - north as f32]
    }

    /// A bar of a round length, and its words.
    fn bar(&self, x: f32, y: f32) -> (Vec<[f32; 2]>, String) {
        const METRES_PER_DEGREE: f64 = 111_000.0;
        let per_metre = self.scale[1] / METRES_PER_DEGREE;
        let longest_m = 0.3 * f64::from(self.bounds[2] - self.bounds[0]) / per_metre;
        let decade = 10_f64.powf(longest_m.log10().floor());
        let length_m = [5.0, 2.0, 1.0].map(|n| n * decade).into_iter().find(|m| *m <= longest_m);
        let length_m = length_m.unwrap_or(decade);
        let words = if length_m >= 1_000.0 {
            format!("{} km", length_m / 1e3)
        } else {
            format!("{length_m} m")
        };
        (vec![[x, y], [x + (length_m * per_metre) as f32, y]], words)
    }

    /// Half of what is seen to the east or the north, degrees.
    fn half_degrees(&self, axis: usize) -> f64 {
        0.5 * f64::from(self.bounds[axis + 2] - self.bounds[axis]) / self.scale[axis]
    }

    /// A round number of degrees, two or three of which are seen.
    fn step_degrees(&self) -> f64 {
        let most = 0.9 * self.half_degrees(0).max(self.half_degrees(1));
        let decade = 10_f64.powf(most.log10().floor());
        [5.0, 2.0].map(|n| n * decade).into_iter().find(|step| *step <= most).unwrap_or(decade)
    }

    /// The multiples of a step that are seen, and not where the names of the others stand.
    fn between(&self, axis: usize, step: f64) -> std::ops::RangeInclusive<i64> {
        let half = 0.94 * self.half_degrees(axis).min(180.0);
        let [from, to] = [-half, half].map(|side| (self.middle[axis] + side) / step);
        from.ceil() as i64..=to.floor() as i64
    }
}

/// Degrees of longitude from one to another, the short way.
fn aside(longitude: f64, from: f64) -> f64 {
    (longitude - from + 180.0).rem_euclid(360.0) - 180.0
}

/// The parts of a line within a rectangle.
pub(super) fn clipped(points: &[[f32; 2]], closed: bool, bounds: [f32; 4]) -> Vec<Vec<[f32; 2]>> {
    let mut parts: Vec<Vec<[f32; 2]>> = Vec::new();
    let last = closed.then(|| points.last().zip(points.first())).flatten();
    let pairs = points.windows(2).map(|pair| (pair[0], pair[1]));
    for (from, to) in pairs.chain(last.map(|(a, b)| (*a, *b))) {
        let Some([from, to]) = cut([from, to], bounds) else { continue };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&from) => part.push(to),
            _ => parts.push(vec![from, to]),
        }
    }
    parts
}

/// Liang and Barsky, A new concept and method for line clipping, ACM Trans. Graph. 3 (1984).
pub(super) fn cut(
    [from, to]: [[f32; 2]; 2],
    [left, top, right, bottom]: [f32; 4],
) -> Option<[[f32; 2]; 2]> {
    let along = [to[0] - from[0], to[1] - from[1]];
    let (mut enter, mut leave) = (0.0_f32, 1.0_f32);
    let sides = [
        (-along[0], from[0] - left),
        (along[0], right - from[0]),
        (-along[1], from[1] - top),
        (along[1], bottom - from[1]),
    ];
    for (towards, room) in sides {
        if towards == 0.0 && room < 0.0 {
            return None;
        }
        if towards < 0.0 {
            enter = enter.max(room / towards);
        } else if towards > 0.0 {
            leave = leave.min(room / towards);
        }
    }
    let at = |share: f32| [from[0] + share * along[0], from[1] + share * along[1]];
    (enter <= leave).then(|| [at(enter), at(leave)])
}
