//! `cathartes serve` on a folder, and somebody who is signed in.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ureq::{Agent, Body, http::Response};

use super::{PROGRAM, path};

pub(crate) const PASSWORD: &str = "a sentence that is long";
const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) struct Served {
    child: Child,
    pub(crate) base: String,
    /// The link of the first start, where there was one.
    pub(crate) first: Option<String>,
}

impl Served {
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--data", path(data)]).args(more);
        if !more.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (mut base, mut first) = (None, None);
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some((_, link)) = line.split_once("within a day): ") {
                first = Some(link.to_owned());
            }
            if let Some(at) = line.strip_prefix("listening on ") {
                base = Some(at.to_owned());
                break;
            }
        }
        Self { child, base: base.expect("the server starts"), first }
    }

    /// Dies at once, as in a power cut.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "it stops in order");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program with a token.
#[derive(Clone)]
pub(crate) struct Client {
    pub(super) agent: Agent,
    pub(crate) base: String,
    pub(crate) token: String,
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub(crate) fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
    config.timeout_global(Some(PATIENCE)).build().into()
}

impl Client {
    /// Makes the first account by the link, and a token for it.
    pub(crate) fn first(served: &Served) -> Self {
        let link = served.first.clone().expect("a link at the first start");
        let (_, token) = link.split_once("token=").unwrap();
        let account = json!({ "token": token, "name": "ana", "password": PASSWORD });
        let url = format!("{}/api/v1/accounts", served.base);
        let answer = agent().post(&url).send_json(&account).unwrap();
        assert_eq!(answer.status(), 201);
        Self::again(served)
    }

    /// A new token for the same account.
    pub(crate) fn again(served: &Served) -> Self {
        Self::signed_in(served.base.clone(), "ana")
    }

    /// Somebody else at the same server, with the password of all.
    pub(crate) fn of(&self, name: &str) -> Self {
        Self::signed_in(self.base.clone(), name)
    }

    fn signed_in(base: String, name: &str) -> Self {
        let credentials = json!({ "name": name, "password": PASSWORD });
        let url = format!("{base}/api/v1/tokens");
        let mut answer = agent().post(&url).send_json(&credentials).unwrap();
        let token: Value = answer.body_mut().read_json().unwrap();
        Self { agent: agent(), base, token: token["token"].as_str().unwrap().to_owned() }
    }

    fn auth(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn url(&self, at: &str) -> String {
        if at.starts_with("http") { at.to_owned() } else { format!("{}{at}", self.base) }
    }

    /// What a page says, which must be there.
    pub(crate) fn get(&self, at: &str) -> Value {
        let request = || self.agent.get(self.url(at)).header("authorization", self.auth());
        let mut answer = patient(|| request().call()).unwrap();
        let status = answer.status();
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(status, 200, "{at}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// A page that goes on.
    pub(crate) fn stream(&self, at: &str) -> impl std::io::Read + Send + use<> {
        let request = self.agent.get(self.url(at)).header("authorization", self.auth());
        let answer = request.call().unwrap();
        assert_eq!(answer.status(), 200);
        answer.into_body().into_reader()
    }

    pub(crate) fn post(&self, at: &str, body: &Value) -> Result<(u16, Value), ureq::Error> {
        let request = || self.agent.post(self.url(at)).header("authorization", self.auth());
        let mut answer = patient(|| request().send_json(body))?;
        let status = answer.status().as_u16();
        Ok((status, answer.body_mut().read_json().unwrap_or(Value::Null)))
    }

    pub(crate) fn piece(
        &self,
        id: &str,
        offset: usize,
        bytes: &[u8],
    ) -> Result<Value, ureq::Error> {
        let at = self.url(&format!("/api/v1/uploads/{id}"));
        let request = self.agent.patch(at).header("authorization", self.auth());
        let request = request.header("upload-offset", offset.to_string());
        let mut answer = request.content_type("application/octet-stream").send(bytes)?;
        answer.body_mut().read_json()
    }

    /// Sends a file in pieces.
    pub(crate) fn upload(&self, name: &str, bytes: &[u8]) -> Result<String, ureq::Error> {
        let sha256 = digest(bytes);
        let file = json!({ "name": name, "sha256": sha256, "size_bytes": bytes.len() });
        let (_, upload) = self.post("/api/v1/uploads", &file)?;
        let Some(id) = upload["id"].as_str() else { return Err(ureq::Error::ConnectionFailed) };
        let mut offset = upload["received_bytes"].as_u64().unwrap_or(0) as usize;
        while offset < bytes.len() {
            let end = bytes.len().min(offset + 100_000);
            let answer = self.piece(id, offset, &bytes[offset..end])?;
            let Some(received) = answer["received_bytes"].as_u64() else {
                return Err(ureq::Error::ConnectionFailed);
            };
            offset = received as usize;
        }
        Ok(sha256)
    }

    /// Waits until no job waits or is being done.
    pub(crate) fn all_done(&self) {
        let deadline = Instant::now() + PATIENCE;
        let open = |state: &str| {
            let jobs = self.get(&format!("/api/v1/jobs?state={state}"));
            !jobs.as_array().unwrap().is_empty()
        };
        while open("queued") || open("leased") {
            assert!(Instant::now() < deadline, "{:?}", self.get("/api/v1/jobs"));
            thread::sleep(Duration::from_millis(200));
        }
    }
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().copied().map(hexadecimal).collect()
}

fn hexadecimal(byte: u8) -> String {
    format!("{byte:02x}")
}

/// Asks again when told to wait.
fn patient(
    ask: impl Fn() -> Result<Response<Body>, ureq::Error>,
) -> Result<Response<Body>, ureq::Error> {
    let mut answer = ask()?;
    while let Some(wait) = answer.headers().get("retry-after") {
        let seconds = wait.to_str().unwrap().parse().unwrap();
        thread::sleep(Duration::from_secs(seconds));
        answer = ask()?;
    }
    Ok(answer)
}
