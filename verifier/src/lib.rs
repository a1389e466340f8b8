//! Checks every claim of a certificate against authorities, track and ground, as `docs/certificate.md` says. Whether a ring
//! crosses itself is not looked at.

mod documents;
mod geodesic;
mod ground;
mod leg;
pub mod log;
mod polygon;
mod seal;

use documents::{Allowed, Authority, Certificate, Track, must};
pub use seal::seal;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What is wrong in a certificate, line by line, from the bytes of the files; nothing where all is as it claims.
///
/// # Errors
///
/// Which document could not be read, where and why.
pub fn verify(
    certificate: &[u8],
    authorities: &[&[u8]],
    track: &[u8],
    ground: Option<&[u8]>,
) -> Result<Vec<String>, String> {
    let mut claims: Certificate = read("certificate", certificate)?;
    must(claims.form == "cathartes-certificate-1", "certificate: form: is another")?;
    let flight: Track = read("track", track)?;
    flight.check()?;
    let (mut heads, mut laws, mut log) = (vec![], vec![], Log::default());
    for bytes in authorities {
        let file: Authority = read(&format!("authority file {}", heads.len()), bytes)?;
        let (number, issuer) = (file.number.clone(), file.issuer.clone());
        laws.extend(file.laws(&flight).map_err(|why| format!("authority {number}: {why}"))?);
        heads.push(json!({ "number": number, "issuer": issuer, "sha256": digest(bytes) }));
    }
    laws.sort_by(|a, b| a.number.cmp(&b.number));
    let twice = laws.windows(2).any(|pair| pair[0].number == pair[1].number);
    must(!twice, "authorities: two clauses have one name")?;
    let number = |head: &Value| head["number"].to_string();
    heads.sort_by_key(number);
    claims.authorities.sort_by_key(number);
    let head = json!({ "sortie": flight.sortie, "kind": flight.kind, "sha256": digest(track) });
    let grid = ground.map(|bytes| json!({ "sha256": digest(bytes) }));
    let (own, legs) = (&flight.allowances, flight.fixes.len() - 1);
    let plane_m = own.navigation_m + own.drift_m + own.overshoot_m + own.lost_link_m;
    let allowed = Allowed { plane_m, height_m: own.height_m, time_s: own.time_s };
    log.same("authorities", &claims.authorities, &heads);
    log.same("track", &claims.track, &head);
    log.same("ground", &claims.ground, &grid);
    log.same("allowances", &claims.allowances, &allowed);
    log.same("legs", &claims.legs.len(), &legs);
    let ground = ground.map(ground::Grid::read).transpose()?;
    let case = leg::Case { flight, laws, ground, allowed };
    for (number, leg) in claims.legs.iter().enumerate().take(legs) {
        case.check(number, leg, &mut log);
    }
    log.verdict("", &claims.verdict, claims.legs.iter().map(|leg| &leg.verdict));
    Ok(log.0)
}

fn read<T: serde::de::DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|why| format!("{what}: {why}"))
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |all, byte| format!("{all}{byte:02x}"))
}

/// What is wrong, line by line.
#[derive(Default)]
struct Log(Vec<String>);

impl Log {
    fn same<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, claim: &T, right: &T) {
        let line = || format!("{what}: claimed {claim:?}, computed {right:?}");
        self.0.extend((claim != right).then(line));
    }

    fn near(&mut self, what: &str, claim: f64, [least, most]: [f64; 2]) {
        let line = || format!("{what}: claimed {claim}, computed {least:.4} to {most:.4}");
        self.0.extend((!(least..=most).contains(&claim)).then(line));
    }

    /// A verdict has to be the worst of its parts.
    fn verdict<'a>(&mut self, at: &str, claim: &str, parts: impl Iterator<Item = &'a String>) {
        let rank = |word: &&String| ["kept", "not proven", "broken"].iter().position(|w| w == word);
        self.same(&format!("{at}verdict"), &claim, &parts.max_by_key(rank).map_or("", |word| word));
    }
}

#[cfg(test)]
mod tests;
