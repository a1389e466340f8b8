//! Tiles of what a search found, as a map of the web asks for them.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use ureq::{Body, http::Response};

use super::{
    others::{Filled, succeeds},
    served::{Client, agent},
};

const DEEPEST: u32 = 22;

fn ask(client: &Client, at: &str, known: Option<&str>) -> Response<Body> {
    let request = agent().get(format!("{}{at}", client.base));
    let request = request.header("authorization", format!("Bearer {}", client.token));
    request.header("if-none-match", known.unwrap_or("\"nothing\"")).call().unwrap()
}

fn text<'a>(answer: &'a Response<Body>, header: &str) -> &'a str {
    answer.headers()[header].to_str().unwrap()
}

/// Row and column of a place.
fn square(zoom: u32, longitude: f64, latitude: f64) -> (u32, u32) {
    let count = f64::from(1_u32 << zoom);
    let down = (1.0 - latitude.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0;
    ((down * count) as u32, ((longitude + 180.0) / 360.0 * count) as u32)
}

/// How many features a layer of a tile has, by GDAL.
fn counted(folder: &Path, bytes: &[u8], layer: &str) -> usize {
    let file = folder.join("tile.pbf");
    fs::write(&file, bytes).unwrap();
    let said = succeeds(Command::new("ogrinfo").arg("-so").arg(&file).arg(layer));
    let count = said.lines().find_map(|line| line.strip_prefix("Feature Count: "));
    count.expect("the layer is there").parse().unwrap()
}

#[test]
fn plumes_are_in_the_tiles_where_they_lie() {
    let filled = Filled::new();
    let client = &filled.client;
    let plumes = client.get("/ogc/collections/plumes/items?limit=1000");
    let plumes = plumes["features"].as_array().unwrap();
    let seen = client.get(plumes[0]["links"][0]["href"].as_str().unwrap());
    let tiles = client.get("/ogc/collections/plumes/tiles");
    let links = &tiles["tilesets"][0]["links"];
    let template = links[2]["href"].as_str().unwrap();
    assert_eq!(links[2]["templated"], true, "{tiles}");
    let address = |zoom: u32, row: u32, column: u32| {
        let address = template.replace("{tileMatrix}", &zoom.to_string());
        let address = address.replace("{tileRow}", &row.to_string());
        address.replace("{tileCol}", &column.to_string()).replace(&client.base, "")
    };

    let mut world = ask(client, &address(0, 0, 0), None);
    assert_eq!(text(&world, "content-type"), "application/vnd.mapbox-vector-tile");
    let bytes = world.body_mut().read_to_vec().unwrap();
    assert_eq!(counted(filled.folder.path(), &bytes, "plumes"), plumes.len());
    let tag = text(&world, "etag").to_owned();
    assert_eq!(ask(client, &address(0, 0, 0), Some(&tag)).status(), 304);
    let none = ask(client, &(address(0, 0, 0) + "?gas=nh3"), None);
    assert_eq!(none.status(), 204);

    let box_of = seen["geometry"]["coordinates"][0].as_array().unwrap();
    let corner = |i: usize| box_of[0][i].as_f64().unwrap();
    let (row, column) = square(15, corner(0), corner(1));
    let mut near = ask(client, &address(15, row, column), None);
    let bytes = near.body_mut().read_to_vec().unwrap();
    assert!(counted(filled.folder.path(), &bytes, "plumes_outlines") > 0);
    assert_eq!(ask(client, &address(15, 0, 0), None).status(), 204, "nothing is there");

    for (zoom, row, column) in [(3, 8, 0), (3, 0, 8), (DEEPEST + 1, 0, 0)] {
        assert_eq!(ask(client, &address(zoom, row, column), None).status(), 404);
    }
    let scenes = "/ogc/collections/scenes/tiles/WebMercatorQuad/0/0/0";
    let bytes = ask(client, scenes, None).body_mut().read_to_vec().unwrap();
    assert_eq!(counted(filled.folder.path(), &bytes, "scenes"), 2);
    let many = ask(client, &format!("{scenes}?filter=plumes%20%3E%2010000"), None);
    assert_eq!(many.status(), 204);
    let sites = client.get("/ogc/collections/sites/items?limit=1000");
    let sites = sites["features"].as_array().unwrap();
    let bytes =
        ask(client, &scenes.replace("scenes", "sites"), None).body_mut().read_to_vec().unwrap();
    assert_eq!(counted(filled.folder.path(), &bytes, "sites"), sites.len());
    let other = "/ogc/tileMatrixSets/WorldCRS84Quad";
    assert_eq!(ask(client, other, None).status(), 404);
    let wrong = address(0, 0, 0) + "?filter=gas";
    assert_eq!(ask(client, &wrong, None).status(), 400);
    let nobody = agent().get(format!("{}{}", client.base, address(0, 0, 0))).call().unwrap();
    assert_eq!(nobody.status(), 401, "tiles are for those with an account");
}

#[test]
fn maps_of_a_scene_are_pictures_where_they_lie() {
    let filled = Filled::new();
    let client = &filled.client;
    let scenes = client.get("/stac/search");
    let scene = &scenes["features"][0];
    let id = scene["id"].as_str().unwrap();
    let corner = |i: usize| scene["bbox"][i].as_f64().unwrap();
    let (row, column) =
        square(14, f64::midpoint(corner(0), corner(2)), f64::midpoint(corner(1), corner(3)));
    let at = |name: &str, square: &str| {
        format!("/api/v1/scenes/{id}/assets/{name}/tiles/WebMercatorQuad/{square}")
    };
    let here = format!("14/{row}/{column}");
    for name in ["enhancement.ch4.tif", "significance.ch4.tif"] {
        let mut picture = ask(client, &at(name, &here), None);
        assert_eq!((picture.status().as_u16(), text(&picture, "content-type")), (200, "image/png"));
        let tag = text(&picture, "etag").to_owned();
        let bytes = picture.body_mut().read_to_vec().unwrap();
        assert_eq!(bytes[1..4], *b"PNG");
        assert_eq!(ask(client, &at(name, &here), Some(&tag)).status(), 304);
        let mut other = ask(client, &at(name, &format!("{here}?top=1")), Some(&tag));
        assert_ne!(other.body_mut().read_to_vec().unwrap(), bytes, "another scale");
    }
    let name = "enhancement.ch4.tif";
    assert_eq!(ask(client, &at(name, "14/0/0"), None).status(), 204, "the map is not there");
    assert_eq!(ask(client, &at(name, "14/16384/0"), None).status(), 404);
    assert_eq!(ask(client, &at(name, &format!("{here}?top=0")), None).status(), 400);
    for other in ["report.json", "enhancement.nh3.tif"] {
        assert_eq!(ask(client, &at(other, &here), None).status(), 404, "{other}");
    }
    let nobody = agent().get(format!("{}{}", client.base, at(name, &here))).call().unwrap();
    assert_eq!(nobody.status(), 401);
}

#[test]
fn scenes_are_found_by_the_shape_of_what_one_asks_about() {
    let filled = Filled::new();
    let client = &filled.client;
    let scenes = client.get("/stac/search?limit=1");
    let scene = &scenes["features"][0];
    let corner = |i: usize| scene["bbox"][i].as_f64().unwrap();
    let (west, south, east, north) = (corner(0), corner(1), corner(2), corner(3));
    let found = |body: &Value| client.post("/stac/search", body).unwrap();
    let middle = json!({
        "type": "Point",
        "coordinates": [f64::midpoint(west, east), f64::midpoint(south, north)],
    });
    let (status, both) = found(&json!({ "intersects": middle, "limit": 1 }));
    assert_eq!((status, both["numberReturned"].as_u64()), (200, Some(1)));
    let next = both["links"].as_array().unwrap().iter().find(|link| link["rel"] == "next").unwrap();
    let (_, last) = found(&next["body"]);
    assert_eq!(last["numberReturned"], 1, "the next page asks for the same");
    assert_ne!(last["features"][0]["id"], both["features"][0]["id"]);

    // A frame around the scene: its box holds the scene, and it does not touch it.
    let ring = |by: f64| {
        let (west, south, east, north) = (west - by, south - by, east + by, north + by);
        json!([[west, south], [east, south], [east, north], [west, north], [west, south]])
    };
    let frame = json!({ "type": "Polygon", "coordinates": [ring(1.0), ring(0.5)] });
    let (_, none) = found(&json!({ "intersects": frame }));
    assert_eq!(none["features"], json!([]));
    let whole = json!({ "type": "Polygon", "coordinates": [ring(1.0)] }).to_string();
    let mut by_address = ask(client, "/stac/search?intersects=%7B", None);
    assert_eq!(by_address.status(), 400, "{:?}", by_address.body_mut().read_to_string());
    let escaped = whole.replace('{', "%7B").replace('}', "%7D").replace('"', "%22");
    assert_eq!(client.get(&format!("/stac/search?intersects={escaped}"))["numberReturned"], 2);

    for wrong in [
        json!({ "intersects": middle, "bbox": [0, 0, 1, 1] }),
        json!({ "intersects": { "type": "Point", "coordinates": [200, 0] } }),
    ] {
        assert_eq!(found(&wrong).0, 400, "{wrong}");
    }
}
