use std::collections::BTreeMap;

use cathartes_core::marking::Classification;
use cathartes_release::product::{FieldPath, ProductKind};
use uuid::Uuid;

use super::*;

fn marked(classification: Classification, bodies: &[&str]) -> Marking {
    let releasable_to = bodies.iter().map(|body| (*body).to_owned()).collect();
    Marking { classification, caveats: Vec::new(), releasable_to }
}

fn at(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn path(name: &str) -> FieldPath {
    FieldPath::new(name).unwrap()
}

fn product(place: Value) -> Product {
    let words = Value::Words { words: "w".to_owned() };
    Product {
        id: Uuid::nil(),
        kind: ProductKind::Site,
        marking: Some(marked(Classification::Restricted, &["MX", "CO"])),
        overrides: BTreeMap::from([(path("title"), marked(Classification::Secret, &["MX"]))]),
        fields: BTreeMap::from([(path("place"), place), (path("title"), words)]),
    }
}

#[test]
fn what_comes_back_is_held_as_closely_as_the_closest_field_of_what_went_out() {
    let product = product(Value::Circle { middle: at(-110.0, 25.0), radius: Metres(500.0) });

    assert_eq!(marking(&product), marked(Classification::Secret, &["MX"]));
    let unmarked = Product { marking: None, ..product };
    assert_eq!(marking(&unmarked), Marking::default());
}

#[test]
fn the_place_is_that_of_the_product_whatever_its_form() {
    let ellipse =
        Ellipse90 { semi_major: Metres(40.0), semi_minor: Metres(20.0), bearing: Degrees(10.0) };
    let point = product(Value::Place { place: at(-110.0, 25.0), ellipse });
    let corners = [at(-110.0, 25.0), at(-109.0, 25.0), at(-109.0, 26.0), at(-110.0, 26.0)];
    let cell = product(Value::Cell { corners });

    assert_eq!(released_place(&point), Some((at(-110.0, 25.0), ellipse)));
    assert_eq!(released_place(&cell).unwrap().0, at(-109.5, 25.5));
    assert_eq!(released_place(&product(Value::Words { words: String::new() })), None);
}
