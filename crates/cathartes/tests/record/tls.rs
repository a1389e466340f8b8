//! The server speaks TLS with a certificate of one's own.

use std::{fs, net::TcpStream, path::Path, process::Command};

use super::{others::succeeds, path, run, served::Served};

/// An authority of our own, `ca.pem`, and what it signed for 127.0.0.1: `cert.pem` with `key.pem`.
fn certified(folder: &Path) {
    let openssl = |words: &str| {
        succeeds(Command::new("openssl").args(words.split_whitespace()).current_dir(folder));
    };
    let new = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {new} -keyout ca.key -out ca.pem -subj /CN=ca -days 1"));
    openssl(&format!(
        "req {new} -keyout key.pem -out cert.csr -subj /CN=here -addext subjectAltName=IP:127.0.0.1"
    ));
    openssl(
        "x509 -req -in cert.csr -CA ca.pem -CAkey ca.key -copy_extensions copy -out cert.pem \
         -days 1",
    );
}

#[test]
fn who_trusts_its_authority_reaches_the_server_by_tls_and_nobody_reaches_it_without() {
    let top = tempfile::tempdir().unwrap();
    certified(top.path());
    let at = |name: &str| top.path().join(name);
    let (cert, key, data) = (at("cert.pem"), at("key.pem"), at("record"));
    let tls = ["--workers", "0", "--tls-cert", path(&cert), "--tls-key", path(&key)];
    let served = Served::start(&data, &tls);
    assert!(served.base.starts_with("https://127.0.0.1:"), "{}", served.base);
    assert!(served.first.as_ref().unwrap().starts_with(&served.base));
    let health = format!("{}/health", served.base);
    let curl = |words: &[&str]| Command::new("curl").arg("-sS").args(words).output().unwrap();

    let silent = TcpStream::connect(served.base.trim_start_matches("https://")).unwrap();
    let trusting = curl(&["--cacert", path(&at("ca.pem")), &health]);
    assert_eq!(trusting.stdout, b"well\n", "{}", String::from_utf8_lossy(&trusting.stderr));
    drop(silent);
    let strange = curl(&[&health]);
    assert_eq!(strange.status.code(), Some(60), "the authority is not known to everybody");
    let plain = curl(&[&health.replace("https", "http")]);
    assert!(!plain.status.success() && plain.stdout.is_empty());

    fs::copy(at("ca.key"), at("other.pem")).unwrap();
    let words = ["serve", "--data", path(&data), "--tls-cert", path(&cert), "--tls-key"];
    for wrong in ["other.pem", "ca.pem", "nowhere.pem"] {
        let refused = run(&[&words[..], &[path(&at(wrong))]].concat());
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{wrong}: {said}");
        assert!(said.contains("key") || said.contains("nowhere.pem"), "{said}");
    }
}
