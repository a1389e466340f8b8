//! The server as clients see it that others wrote.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::{
    PROGRAM,
    chain::{dropped, searched},
    path,
    served::{Client, Served, agent},
};

/// Where `cargo xtask nightly` puts them.
fn clients() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/clients/bin");
    assert!(folder.is_dir(), "run `cargo xtask nightly`, which installs them");
    folder
}

fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}\n{wrong}");
    said
}

const SEARCH: &str = r#"
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
print("pystac-client agrees")
"#;

#[test]
#[ignore = "needs PyPI: run by `cargo xtask nightly`"]
fn clients_that_others_wrote_find_nothing_wrong() {
    let top = tempfile::tempdir().unwrap();
    let data = top.path().join("record");
    let served = Served::start(&data, &[]);
    let client = Client::first(&served);
    let folder = dropped(top.path());
    // Two scenes of one image: another seed is another search.
    for seed in ["1", "2"] {
        searched(&client, &data, &folder, seed);
    }
    let bin = clients();
    let mut python = Command::new(bin.join("python"));
    let url = format!("{}/stac", served.base);
    let said = succeeds(python.args(["-c", SEARCH, &url, &client.token]));
    assert!(said.contains("agrees"), "{said}");

    let mut gdal = Command::new("ogrinfo");
    let headers = top.path().join("headers");
    std::fs::write(&headers, format!("Authorization: Bearer {}", client.token)).unwrap();
    gdal.env("GDAL_HTTP_HEADER_FILE", &headers);
    let said = succeeds(gdal.args(["-so", &format!("OAPIF:{}/ogc", served.base), "plumes"]));
    assert!(said.contains("Feature Count: "), "{said}");

    let mut schemathesis = Command::new(bin.join("schemathesis"));
    schemathesis.args(["run", &format!("{}/api", served.base), "--max-examples", "25"]);
    // A stream of changes never ends, and signing out would end the test's own session.
    schemathesis.args(["--exclude-path", "/api/v1/changes", "--exclude-path", "/api/v1/session"]);
    schemathesis.args([
        "--checks",
        "not_a_server_error,response_schema_conformance,status_code_conformance",
    ]);
    schemathesis.args(["-H", &format!("Authorization: Bearer {}", client.token)]);
    succeeds(&mut schemathesis);
}

/// An S3 server of our own, gone with the value.
struct Bucket {
    server: std::process::Child,
    endpoint: String,
}

impl Bucket {
    fn start() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut moto = Command::new(clients().join("moto_server"));
        moto.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let server = moto.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let this = Self { server, endpoint: format!("http://127.0.0.1:{port}") };
        let deadline = Instant::now() + Duration::from_secs(60);
        let make = || agent().put(format!("{}/record", this.endpoint)).send_empty();
        while !make().is_ok_and(|answer| answer.status() == 200) {
            assert!(Instant::now() < deadline, "moto does not start");
            std::thread::sleep(Duration::from_millis(200));
        }
        this
    }

    fn keys(&self) -> [(&'static str, &str); 5] {
        [
            ("AWS_ENDPOINT", &self.endpoint),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "us-east-1"),
        ]
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
#[ignore = "needs PyPI: run by `cargo xtask nightly`"]
fn a_bucket_keeps_what_a_folder_keeps() {
    let top = tempfile::tempdir().unwrap();
    let bucket = Bucket::start();
    let (data, copy) = (top.path().join("record"), top.path().join("copy"));
    let folder = dropped(top.path());
    let place = ["--data", path(&data), "--blobs", "s3://record/a/prefix"];
    let done = |words: &[&str]| {
        succeeds(Command::new(PROGRAM).args(words).args(place).envs(bucket.keys()))
    };
    done(&["import", path(&folder), "--gas", "ch4"]);
    let mut worker = Command::new(PROGRAM);
    worker.arg("work").args(place).envs(bucket.keys()).stdout(Stdio::null());
    let mut worker = worker.stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while !done(&["check"]).contains("1 scenes") {
        assert!(Instant::now() < deadline, "the search does not end");
        std::thread::sleep(Duration::from_secs(1));
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert!(done(&["check"]).contains("all well"));
    assert!(!data.join("blobs").exists(), "nothing large is kept here");
    done(&["backup", path(&copy)]);
    let other = top.path().join("other");
    let back = ["restore", path(&copy), "--data", path(&other)];
    succeeds(Command::new(PROGRAM).args(back));
    let checked = succeeds(Command::new(PROGRAM).args(["check", "--data", path(&other)]));
    assert!(checked.contains("1 scenes") && checked.contains("all well"), "{checked}");
}
