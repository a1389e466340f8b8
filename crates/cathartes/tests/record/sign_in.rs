//! Ways in besides a password: an issuer that others wrote, and passkeys of a device made of software.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use ureq::{Body, http::Response};
use webauthn_authenticator_rs::{
    WebauthnAuthenticator,
    prelude::{CreationChallengeResponse, RequestChallengeResponse, Url},
    softpasskey::SoftPasskey,
};

use super::{
    done, path,
    served::{PASSWORD, Served, agent, free_port},
};

/// The issuer of the `PyPI` package `oidc-provider-mock`, as `cargo xtask test` installs it.
struct Issuer {
    child: Child,
    url: String,
}

impl Issuer {
    fn start() -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../target/issuer/bin/oidc-provider-mock");
        assert!(program.is_file(), "run `cargo xtask test`, which installs it");
        let port = free_port();
        let mut command = Command::new(program);
        command.args(["--port", &port.to_string()]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let url = format!("http://localhost:{port}");
        let about = format!("{url}/.well-known/openid-configuration");
        let begun = Instant::now();
        while agent().get(&about).call().is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the issuer does not come up");
            thread::sleep(Duration::from_millis(50));
        }
        Self { child, url }
    }

    fn knows(&self, subject: &str, claims: &Value) {
        let answer = agent().put(format!("{}/users/{subject}", self.url)).send_json(claims);
        assert_eq!(answer.unwrap().status(), 204);
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn header<'a>(answer: &'a Response<Body>, name: &str) -> Vec<&'a str> {
    answer.headers().get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}

/// The cookies that an answer sets, as a browser sends them back.
fn cookies(answer: &Response<Body>) -> String {
    let set = header(answer, "set-cookie");
    set.iter().map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

/// Goes to the issuer as somebody and comes back: the way back, and the cookie for it.
fn sent_back(served: &Served, subject: &str, invitation: &str) -> (String, String) {
    let start = format!("{}/oidc/start?invitation={invitation}", served.base);
    let away = agent().get(&start).call().unwrap();
    assert_eq!(away.status(), 303);
    let there = header(&away, "location")[0].to_owned();
    let back = agent().post(&there).send_form([("sub", subject)]).unwrap();
    let back = header(&back, "location")[0].to_owned();
    assert!(back.starts_with(&format!("{}/oidc/return?", served.base)), "{back}");
    (back, cookies(&away))
}

fn come(way: &str, cookie: &str) -> Response<Body> {
    agent().get(way).header("cookie", cookie).call().unwrap()
}

fn detail(mut answer: Response<Body>) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.body_mut().read_json().unwrap();
    (status, body["detail"].as_str().unwrap_or_default().to_owned())
}

/// Who is signed in.
fn who(served: &Served, cookie: &str) -> Value {
    let mut answer = come(&format!("{}/api/v1/session", served.base), cookie);
    assert_eq!(answer.status(), 200);
    answer.body_mut().read_json().unwrap()
}

#[test]
fn whom_an_issuer_knows_comes_in_once_invited_and_nobody_else_does() {
    let issuer = Issuer::start();
    issuer.knows("17", &json!({ "preferred_username": "Ada.L" }));
    let data = tempfile::tempdir().unwrap();
    let secret = data.path().join("secret");
    fs::write(&secret, "of no importance here\n").unwrap();
    let oidc = ["--workers", "0", "--oidc-issuer", &issuer.url, "--oidc-client", "cathartes"];
    let served =
        Served::start(data.path(), &[&oidc[..], &["--oidc-secret-file", path(&secret)]].concat());
    let link = served.first.clone().unwrap();
    let page = agent().get(&link).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(page.contains("sign in at localhost"), "{page}");
    let invitation = link.split_once("token=").unwrap().1;

    let (way, cookie) = sent_back(&served, "17", "");
    let (status, why) = detail(come(&way, &cookie));
    assert_eq!(status, 403, "{why}");
    assert!(why.contains("ask an administrator for an invitation"), "{why}");

    let (way, cookie) = sent_back(&served, "17", invitation);
    let stolen = detail(come(&way, "other=1"));
    assert_eq!(stolen.0, 400, "a way back without the cookie of the way there: {stolen:?}");
    let another = sent_back(&served, "17", invitation).1;
    assert_eq!(detail(come(&way, &another)).0, 400, "nor with that of another");
    let inside = come(&way, &cookie);
    assert_eq!(inside.status(), 200);
    let session = cookies(&inside);
    let ada = who(&served, &session);
    assert_eq!((&ada["name"], &ada["role"]), (&json!("ada.l"), &json!("administrator")));
    let (status, why) = detail(come(&way, &cookie));
    assert_eq!(status, 502, "a code is used up: {why}");

    // Another day, without an invitation.
    let (way, cookie) = sent_back(&served, "17", "");
    assert_eq!(who(&served, &cookies(&come(&way, &cookie)))["name"], "ada.l");
    let (way, cookie) = sent_back(&served, "18", "");
    assert_eq!(detail(come(&way, &cookie)).0, 403);
    let refused = format!("{}/oidc/return?error=access_denied&state=x", served.base);
    let (status, why) = detail(come(&refused, &cookie));
    assert_eq!((status, why.contains("access_denied")), (401, true), "{why}");

    let credentials = json!({ "name": "ada.l", "password": "" });
    let by_password = agent().post(format!("{}/api/v1/session", served.base));
    assert_eq!(by_password.send_json(&credentials).unwrap().status(), 401, "no password opens it");
}

/// A browser that is signed in, or about to be.
struct Browser<'a> {
    served: &'a Served,
    cookie: String,
    csrf: String,
}

impl Browser<'_> {
    fn post(&self, at: &str, body: &Value) -> Response<Body> {
        let request = agent().post(format!("{}{at}", self.served.base));
        let request = request.header("cookie", &self.cookie).header("x-csrf-token", &self.csrf);
        request.send_json(body).unwrap()
    }

    fn asked(&self, at: &str, body: &Value) -> Value {
        let mut answer = self.post(at, body);
        assert_eq!(answer.status(), 200, "{at}");
        answer.body_mut().read_json().unwrap()
    }
}

#[test]
fn a_passkey_opens_the_account_that_made_it_until_it_is_taken_back() {
    let data = tempfile::tempdir().unwrap();
    let (listen, url) = {
        let port = free_port();
        (format!("127.0.0.1:{port}"), format!("http://localhost:{port}"))
    };
    let served =
        Served::start(data.path(), &["--workers", "0", "--listen", &listen, "--public-url", &url]);
    let token = served.first.as_ref().unwrap().split_once("token=").unwrap().1;
    let form = [("token", token), ("name", "ana"), ("password", PASSWORD)];
    let entered = agent().post(format!("{url}/first")).send_form(form).unwrap();
    let cookie = cookies(&entered);
    let csrf = who(&served, &cookie)["csrf"].as_str().unwrap().to_owned();
    let ana = Browser { served: &served, cookie, csrf };
    let nobody = Browser { served: &served, cookie: String::new(), csrf: String::new() };
    let (name, origin) = (json!({ "name": "ana" }), Url::parse(&url).unwrap());
    assert_eq!(nobody.post("/api/v1/session/challenge", &name).status(), 401, "she has none yet");

    let mut device = SoftPasskey::new(true);
    let challenge = ana.asked("/api/v1/passkeys/challenge", &Value::Null);
    let options: CreationChallengeResponse =
        serde_json::from_value(challenge["options"].clone()).unwrap();
    let key = device.do_registration(origin.clone(), options).unwrap();
    let new = json!({ "ceremony": challenge["ceremony"], "label": "telephone", "credential": key });
    let mut kept = ana.post("/api/v1/passkeys", &new);
    let status = kept.status();
    let kept: Value = kept.body_mut().read_json().unwrap();
    assert_eq!(status, 201, "{kept}");
    assert_eq!(ana.post("/api/v1/passkeys", &new).status(), 400, "a challenge is used up");

    let mut sign = |origin: &Url| {
        let challenge = nobody.asked("/api/v1/session/challenge", &name);
        let options: RequestChallengeResponse =
            serde_json::from_value(challenge["options"].clone()).unwrap();
        let answer = device.do_authentication(origin.clone(), options).unwrap();
        json!({ "ceremony": challenge["ceremony"], "credential": answer })
    };
    let answer = sign(&origin);
    let entered = nobody.post("/api/v1/session/passkey", &answer);
    assert_eq!(entered.status(), 200);
    let session = cookies(&entered);
    assert_eq!(who(&served, &session)["name"], "ana");
    assert_eq!(nobody.post("/api/v1/session/passkey", &answer).status(), 400, "so is an answer");
    let elsewhere = sign(&Url::parse("http://localhost:1").unwrap());
    assert_eq!(nobody.post("/api/v1/session/passkey", &elsewhere).status(), 401, "another site");

    let begun = sign(&origin);
    let at = format!("{url}/api/v1/passkeys/{}", kept["id"].as_str().unwrap());
    let gone = agent().delete(&at).header("cookie", &ana.cookie).header("x-csrf-token", &ana.csrf);
    assert_eq!(gone.call().unwrap().status(), 204);
    assert_eq!(come(&format!("{url}/api/v1/session"), &session).status(), 401);
    assert_eq!(nobody.post("/api/v1/session/challenge", &name).status(), 401);
    assert_eq!(nobody.post("/api/v1/session/passkey", &begun).status(), 401, "nor what was begun");
    served.stop();
    let log = data.path().join("log.ndjson");
    done(&["audit", "export", "--data", path(data.path()), "--out", path(&log)]);
    let log = fs::read_to_string(&log).unwrap();
    let refused = log.lines().filter(|line| line.contains("session.refused"));
    assert_eq!(refused.filter(|line| line.contains("ana")).count(), 4, "each with its name");
}

#[test]
fn where_the_server_has_no_name_there_are_no_passkeys_and_that_is_said() {
    let data = tempfile::tempdir().unwrap();
    let served = Served::start(data.path(), &["--workers", "0"]);
    let url = format!("{}/api/v1/session/challenge", served.base);
    let answer = agent().post(&url).send_json(json!({ "name": "ana" })).unwrap();
    let (status, why) = detail(answer);
    assert_eq!(status, 404);
    assert!(why.contains("--public-url"), "{why}");
    let none = agent().get(format!("{}/oidc/start", served.base)).call().unwrap();
    assert_eq!(none.status(), 404);
}
