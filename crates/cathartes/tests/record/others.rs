//! The server as clients see it that others wrote.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;
use tempfile::TempDir;

use super::{
    chain::{dropped, searched},
    served::{Client, Served},
};

/// Where `cargo xtask nightly` puts them.
pub(crate) fn clients() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/clients/bin");
    assert!(folder.is_dir(), "run `cargo xtask nightly`, which installs them");
    folder
}

pub(crate) fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}\n{wrong}");
    said
}

/// A server that has two scenes of one image, for another seed is another search.
pub(crate) struct Filled {
    pub(crate) folder: TempDir,
    pub(crate) client: Client,
    _served: Served,
}

impl Filled {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("record");
        let served = Served::start(&data, &[]);
        let client = Client::first(&served);
        let image = dropped(folder.path());
        for seed in ["1", "2"] {
            searched(&client, &data, &image, seed);
        }
        Self { folder, client, _served: served }
    }

    fn at(&self, page: &str) -> String {
        format!("{}{page}", self.client.base)
    }

    fn header(&self) -> String {
        format!("Authorization: Bearer {}", self.client.token)
    }

    /// Runs a Python script with an address and the token.
    fn python(&self, script: &str, page: &str) {
        let mut python = Command::new(clients().join("python"));
        succeeds(python.args(["-c", script, &self.at(page), &self.client.token]));
    }
}

#[test]
#[ignore = "needs PyPI: run by `cargo xtask nightly`"]
fn pystac_client_finds_pages_through_and_validates_scenes() {
    let script = r#"
import sys, pystac_client
url, token = sys.argv[1:]
client = pystac_client.Client.open(url, headers={"Authorization": f"Bearer {token}"})
scenes = list(client.search(datetime="2026-11-26T00:00:00Z/2026-11-27T00:00:00Z", limit=1).items())
assert len(scenes) == 2, scenes
assert all(scene.validate() is not None for scene in scenes)
collection = client.get_collection("scenes")
collection.validate()
assert {scene.id for scene in collection.get_items()} == {scene.id for scene in scenes}
for method in ["GET", "POST"]:
    none = client.search(method=method, datetime="2020-01-01T00:00:00Z/2020-01-02T00:00:00Z")
    assert list(none.items()) == []
    one = client.search(method=method, ids=[scenes[0].id], collections=["scenes"])
    assert [scene.id for scene in one.items()] == [scenes[0].id]
"#;
    Filled::new().python(script, "/stac");
}

/// The validator with the schemas that `pystac` brings instead of those of the network, and with its token where
/// it leaves the reading to `pystac_client`.
const SCHEMAS_AT_HAND: &str = r#"
import pathlib, re, requests, sys, pystac.validation, pystac_client
from stac_api_validator.__main__ import main
here = pathlib.Path(pystac.validation.__file__).parent / "jsonschemas"
places = [
    (r"https://schemas\.stacspec\.org/(v[\d.]+)/[\w-]+/json-schema/([\w-]+\.json)", "stac-spec"),
    (r"https://geojson\.org/schema/(\w+\.json)", "geojson"),
]
ask = requests.get
def get(url, **rest):
    for pattern, folder in places:
        known = re.fullmatch(pattern, url)
        if known:
            answer = requests.Response()
            answer.status_code = 200
            answer._content = here.joinpath(folder, *known.groups()).read_bytes()
            return answer
    return ask(url, **rest)
requests.get = get
token = sys.argv[sys.argv.index("--auth-bearer-token") + 1]
before = pystac_client.Client.open.__func__
def with_token(client, url, headers=None, **rest):
    return before(client, url, {**(headers or {}), "Authorization": f"Bearer {token}"}, **rest)
pystac_client.Client.open = classmethod(with_token)
main()
"#;

#[test]
#[ignore = "needs PyPI: run by `cargo xtask nightly`"]
fn stac_api_validator_finds_nothing_that_the_standard_refuses() {
    let filled = Filled::new();
    let mut validator = Command::new(clients().join("python"));
    validator.args([
        "-c",
        SCHEMAS_AT_HAND,
        "--root-url",
        &filled.at("/stac"),
        "--collection",
        "scenes",
    ]);
    validator.args(["--auth-bearer-token", &filled.client.token]);
    for class in ["core", "collections", "features", "item-search"] {
        validator.args(["--conformance", class]);
    }
    let everywhere = json!({ "type": "Polygon", "coordinates": [[
        [-179.0, -89.0], [179.0, -89.0], [179.0, 89.0], [-179.0, 89.0], [-179.0, -89.0],
    ]] });
    validator.args(["--geometry", &everywhere.to_string()]);
    succeeds(&mut validator);
}

#[test]
#[ignore = "needs PyPI: run by `cargo xtask nightly`"]
fn schemathesis_finds_no_server_error_and_no_answer_that_is_not_described() {
    let filled = Filled::new();
    let mut schemathesis = Command::new(clients().join("schemathesis"));
    schemathesis.args(["run", &filled.at("/api"), "--max-examples", "25"]);
    // Its phase of links follows those it infers itself, to operations that lack what it gives them.
    schemathesis.args(["--phases", "examples,coverage,fuzzing"]);
    // A stream of changes never ends, and signing out would end the test's own session.
    schemathesis.args(["--exclude-path", "/api/v1/changes", "--exclude-path", "/api/v1/session"]);
    let checks = "not_a_server_error,response_schema_conformance,status_code_conformance,\
                  content_type_conformance";
    schemathesis.args(["--checks", checks, "-H", &filled.header()]);
    schemathesis.current_dir(filled.folder.path());
    succeeds(&mut schemathesis);
}

#[test]
#[ignore = "needs PyPI: run by `cargo xtask nightly`"]
fn owslib_reads_collections_queryables_and_items_page_by_page() {
    let script = r#"
import sys
from owslib.ogcapi.features import Features
url, token = sys.argv[1:]
server = Features(url, headers={"Authorization": f"Bearer {token}"})
assert set(server.feature_collections()) == {"scenes", "plumes", "sources", "sites"}
assert any(part.endswith("conf/core") for part in server.conformance()["conformsTo"])
assert server.collection("plumes")["id"] == "plumes"
assert "gas" in server.collection_queryables("plumes")["properties"]
all_ = server.collection_items("plumes", limit=1000)
assert all_["numberReturned"] == len(all_["features"]) > 0
one = server.collection_item("plumes", all_["features"][0]["id"])
assert one["geometry"] == all_["features"][0]["geometry"]
first = server.collection_items("scenes", limit=1)
assert len(first["features"]) == 1
assert any(link["rel"] == "next" for link in first["links"])
methane = server.collection_items("plumes", limit=1000, filter="gas = 'ch4'")
assert methane["numberReturned"] == all_["numberReturned"]
assert server.collection_items("plumes", bbox=[0, 0, 1, 1])["features"] == []
"#;
    Filled::new().python(script, "/ogc");
}

#[test]
#[ignore = "needs GDAL's programs and a search: run by `cargo xtask nightly`"]
fn gdal_counts_by_its_driver_the_plumes_that_the_server_counts() {
    let filled = Filled::new();
    let headers = filled.folder.path().join("headers");
    fs::write(&headers, filled.header()).unwrap();
    let plumes = filled.client.get("/ogc/collections/plumes/items?limit=1000");
    let plumes = plumes["features"].as_array().unwrap().len();
    let mut gdal = Command::new("ogrinfo");
    gdal.env("GDAL_HTTP_HEADER_FILE", &headers).args(["-oo", "PAGE_SIZE=1"]);
    let said = succeeds(gdal.args(["-so", &format!("OAPIF:{}", filled.at("/ogc")), "plumes"]));
    assert!(said.contains(&format!("Feature Count: {plumes}")), "{plumes} plumes, but {said}");
}
