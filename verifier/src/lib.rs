//! Checks every claim of a certificate against authorities, track and ground, as `docs/certificate.md` says.
//!
//! A claim p of a distance s is a bound where p ≤ s, and tight where p ≥ s − 0.1 m − |s|/1000 (s ≥ 0) or
//! s − 1 m − |s|/100 (s < 0). With A and V the allowances in plane and height, R and C the reaches, a piece keeps to a
//! permission where p − A − R ≥ 0 and h − V − C ≥ 0, and keeps clear of a prohibition where either. 2 mm are given for
//! rounding, and 1 µs at moments between fixes. Whether a ring crosses itself is not looked at.

mod documents;
mod geodesic;
mod ground;
mod part;
mod polygon;
mod window;

use sha2::{Digest, Sha256};

use documents::{Authority, AuthorityClaim, Certificate, Law, Track, must, read};
use ground::Grid;

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
    must(
        claims.form == "cathartes-certificate-1",
        "certificate: form: not cathartes-certificate-1",
    )?;
    let flight = read::<Track>("track", track)?.checked()?;
    let grid = ground.map(Grid::read).transpose()?;
    let (mut laws, mut heads): (Vec<Law>, Vec<AuthorityClaim>) = (vec![], vec![]);
    for bytes in authorities {
        let file: Authority = read(&format!("authority file {}", heads.len()), bytes)?;
        laws.extend(file.laws(&flight).map_err(|why| format!("authority {}: {why}", file.number))?);
        let Authority { number, issuer, .. } = file;
        let new = heads.iter().all(|head| head.number != number);
        must(new, &format!("authority {number}: two files have this number"))?;
        heads.push(AuthorityClaim { number, issuer, sha256: digest(bytes) });
    }
    laws.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = laws.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(format!("authorities: two clauses are {}", pair[0].name));
    }
    laws.retain(|law| law.binds);
    claims.authorities.sort();
    heads.sort();
    let mut wrong = vec![];
    let mut same = |what: &str, claimed: &str, right: &str| {
        let line = || format!("{what}: claimed {claimed}, computed {right}");
        wrong.extend((claimed != right).then(line));
    };
    same("authorities", &format!("{:?}", claims.authorities), &format!("{heads:?}"));
    same("track: sortie", &claims.track.sortie, &flight.sortie);
    same("track: kind", &claims.track.kind, &flight.kind);
    same("track: sha256", &claims.track.sha256, &digest(track));
    let claimed = claims.ground.as_ref().map_or("none", |ground| &ground.sha256);
    same("ground: sha256", claimed, &ground.map_or("none".to_owned(), digest));
    same("legs", &claims.legs.len().to_string(), &(flight.fixes.len() - 1).to_string());
    let case = Case { flight: &flight, laws: &laws, ground: grid.as_ref(), claims: &claims };
    wrong.extend(case.allowances_wrong());
    wrong.extend(
        (0..claims.legs.len().min(flight.fixes.len() - 1)).flat_map(|at| case.leg_wrong(at)),
    );
    wrong.extend(verdict_wrong(&claims.verdict, claims.legs.iter().map(|leg| &leg.verdict)));
    Ok(wrong)
}

/// All that is claimed, and what of; the laws are those of this operator, aircraft and purpose.
struct Case<'a> {
    flight: &'a Track,
    laws: &'a [Law],
    ground: Option<&'a Grid>,
    claims: &'a Certificate,
}

fn digest(bytes: &[u8]) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16));
    Sha256::digest(bytes).into_iter().flat_map(digits).flatten().collect()
}

fn number_wrong(what: &str, claimed: f64, [low, high]: [f64; 2]) -> Option<String> {
    let right = (low..=high).contains(&claimed);
    (!right).then(|| format!("{what}: claimed {claimed}, computed {low:.4} to {high:.4}"))
}

/// A verdict has to be the worst of its parts.
fn verdict_wrong<'a>(claimed: &str, parts: impl Iterator<Item = &'a String>) -> Option<String> {
    let rank = |word: &&String| ["kept", "not proven", "broken"].iter().position(|w| w == *word);
    let worst = parts.max_by_key(rank).map_or("kept", String::as_str);
    (claimed != worst).then(|| format!("verdict: claimed {claimed}, the worst part is {worst}"))
}

#[cfg(test)]
mod tests;
