//! Observations as KML placemarks.
//!
//! ```text
//! <Placemark>
//!   <TimeStamp><when>2026-05-03T18:00:00Z</when></TimeStamp>      or TimeSpan with begin and end
//!   <ExtendedData><Data name="sign"><value>smell</value></Data></ExtendedData>
//!   <Point><coordinates>-3.1,40.2</coordinates></Point>           or Polygon, or LineString of two points
//! </Placemark>
//! ```
//!
//! Names, descriptions and styles are passed over; `SimpleData` counts as `Data`.

use std::collections::BTreeMap;

use cathartes_core::{geometry::LatLon, observation::Whereabouts, units::Degrees};

use super::{
    Imported, Mapping, door,
    geo_json::{area, line, point},
    markup::{Step, walk},
    row::Row,
};

pub(super) fn read(bytes: &[u8], mapping: &Mapping) -> Imported {
    let mut reader =
        Placemarks { imported: Imported::default(), mapping, path: Vec::new(), row: 0, open: None };
    let walked = walk(bytes, |step| reader.step(step));
    let mut imported = reader.imported;
    if let Err(damage) = walked {
        imported.add(reader.row + 1, Err(damage));
    }
    imported
}

struct Placemarks<'m> {
    imported: Imported,
    mapping: &'m Mapping,
    /// Elements around, outermost first.
    path: Vec<String>,
    row: u64,
    open: Option<Placemark>,
}

#[derive(Default)]
struct Placemark {
    fields: BTreeMap<String, String>,
    /// The `Data` whose value comes.
    data: Option<String>,
    text: String,
    shape: Option<Result<Whereabouts, String>>,
    begin: Option<String>,
    end: Option<String>,
    when: Option<String>,
    somebody: Option<String>,
}

impl Placemarks<'_> {
    fn step(&mut self, step: Step) {
        match step {
            Step::Open(name, attributes) => {
                if name == "Placemark" {
                    self.open = Some(Placemark::default());
                    self.row += 1;
                }
                if let Some(placemark) = &mut self.open {
                    placemark.opened(&name, attributes);
                }
                self.path.push(name);
            }
            Step::Text(text) => {
                if let Some(placemark) = &mut self.open {
                    placemark.text.push_str(&text);
                }
            }
            Step::Close(name) => self.closed(&name),
        }
    }

    fn closed(&mut self, name: &str) {
        self.path.pop();
        if name == "Placemark" {
            if let Some(placemark) = self.open.take() {
                self.imported.add(self.row, placemark.observation(self.mapping));
            }
        } else if let Some(placemark) = &mut self.open {
            let inner = self.path.iter().any(|p| p == "innerBoundaryIs");
            let kind = ["Point", "LineString", "Polygon"];
            let shape = self.path.iter().rev().find(|p| kind.contains(&p.as_str()));
            placemark.closed(name, shape.map(String::as_str).filter(|_| !inner));
        }
    }
}

impl Placemark {
    fn opened(&mut self, name: &str, attributes: Vec<(String, String)>) {
        self.text.clear();
        if door::names_somebody(name) {
            self.somebody.get_or_insert(name.to_owned());
        }
        if name == "Data" || name == "SimpleData" {
            self.data = attributes.into_iter().find(|(key, _)| key == "name").map(|(_, name)| name);
            if let Some(data) = self.data.as_ref().filter(|data| door::names_somebody(data)) {
                self.somebody.get_or_insert(data.clone());
            }
        }
    }

    fn closed(&mut self, name: &str, shape: Option<&str>) {
        let text = self.text.trim().to_owned();
        match (name, shape) {
            ("value" | "SimpleData", _) => {
                if let Some(data) = self.data.take() {
                    self.fields.insert(data, text);
                }
            }
            ("when", _) => self.when = Some(text),
            ("begin", _) => self.begin = Some(text),
            ("end", _) => self.end = Some(text),
            ("coordinates", Some(shape)) => {
                self.shape.get_or_insert_with(|| coordinates(shape, &text));
            }
            _ => {}
        }
        self.text.clear();
    }

    fn observation(self, mapping: &Mapping) -> Result<super::Observation, String> {
        if let Some(name) = self.somebody {
            return Err(format!("`{}`: {}", super::first_line(&name), door::EXPLANATION));
        }
        let mut row = Row::of(mapping, &self.fields);
        row.also("time", self.when);
        row.also("from", self.begin);
        row.also("to", self.end);
        let shape = self.shape.unwrap_or_else(|| {
            Err("no Point, Polygon or LineString; give a place to each placemark".into())
        });
        row.observation(Some(shape))
    }
}

fn coordinates(shape: &str, text: &str) -> Result<Whereabouts, String> {
    let places: Result<Vec<LatLon>, String> = text.split_whitespace().map(place).collect();
    let places = places?;
    match (shape, places.first()) {
        ("Point", Some(first)) => Ok(point(*first)),
        ("Polygon", _) => Ok(area(places)),
        ("LineString", _) => line(&places),
        _ => Err("no coordinates; write longitude,latitude".into()),
    }
}

fn place(text: &str) -> Result<LatLon, String> {
    let mut numbers = text.split(',').map(|number| number.parse::<f64>().ok());
    let pair = numbers.next().flatten().zip(numbers.next().flatten());
    let (longitude, latitude) = pair.ok_or_else(|| {
        let text = super::first_line(text);
        format!("coordinates `{text}`; write longitude,latitude with a point in numbers")
    })?;
    Ok(LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) })
}
