//! Placemarks with their polygons, from a walk over XML.

use std::collections::BTreeMap;

use crate::observations::markup::Step;

/// One placemark, all in texts.
#[derive(Debug, Default)]
pub(super) struct Placemark {
    pub(super) name: String,
    pub(super) fields: BTreeMap<String, String>,
    pub(super) begin: Option<String>,
    pub(super) end: Option<String>,
    pub(super) shapes: Vec<Shape>,
}

/// One polygon.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) outline: Option<String>,
    pub(super) holes: Vec<String>,
    pub(super) mode: String,
}

/// All placemarks.
#[derive(Debug, Default)]
pub(super) struct Placemarks {
    pub(super) done: Vec<Placemark>,
    open: Option<Placemark>,
    /// Elements around, outermost first.
    path: Vec<String>,
    /// The `Data` whose value comes.
    data: Option<String>,
    text: String,
}

impl Placemarks {
    pub(super) fn step(&mut self, step: Step) {
        match step {
            Step::Open(name, attributes) => self.opened(name, attributes),
            Step::Text(text) if self.open.is_some() => self.text.push_str(&text),
            Step::Text(_) => {}
            Step::Close(name) => self.closed(&name),
        }
    }

    fn opened(&mut self, name: String, attributes: Vec<(String, String)>) {
        self.text.clear();
        match &*name {
            "Placemark" => self.open = Some(Placemark::default()),
            "Polygon" => {
                if let Some(placemark) = &mut self.open {
                    placemark.shapes.push(Shape::default());
                }
            }
            "Data" | "SimpleData" => {
                self.data =
                    attributes.into_iter().find(|(name, _)| name == "name").map(|(_, value)| value);
            }
            _ => {}
        }
        self.path.push(name);
    }

    fn closed(&mut self, name: &str) {
        self.path.pop();
        let text = std::mem::take(&mut self.text);
        if name == "Placemark" {
            self.done.extend(self.open.take());
            return;
        }
        let Some(placemark) = &mut self.open else { return };
        let text = text.trim().to_owned();
        let around = |element: &str| self.path.iter().any(|p| p == element);
        match name {
            "name" if self.path.last().is_some_and(|p| p == "Placemark") => placemark.name = text,
            "value" | "SimpleData" => {
                if let Some(data) = self.data.take() {
                    placemark.fields.insert(data, text);
                }
            }
            "begin" => placemark.begin = Some(text),
            "end" => placemark.end = Some(text),
            "altitudeMode" | "coordinates" if around("Polygon") => {
                if let Some(shape) = placemark.shapes.last_mut() {
                    shape.take(name, text, around("innerBoundaryIs"));
                }
            }
            _ => {}
        }
    }
}

impl Shape {
    fn take(&mut self, name: &str, text: String, inner: bool) {
        match (name, inner) {
            ("altitudeMode", _) => self.mode = text,
            (_, true) => self.holes.push(text),
            (_, false) => self.outline = Some(text),
        }
    }
}
