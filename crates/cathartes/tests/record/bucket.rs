//! Large files in a bucket, as an S3 server that others wrote keeps it.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{
    PROGRAM,
    chain::dropped,
    others::{clients, succeeds},
    path,
    served::{agent, free_port},
};

/// An S3 server of our own, gone with the value.
struct Bucket {
    server: Child,
    endpoint: String,
}

impl Bucket {
    fn start() -> Self {
        let port = free_port();
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
