//! `cathartes-verify`: whether every claim of a certificate is so, and whether a log is the one that a checkpoint is of,
//! and whether a dossier is as it was sealed.

use std::{env, fs, io::BufReader, process::ExitCode};

use cathartes_verifier::log;

const USAGE: &str = "cathartes-verify CERTIFICATE --authority A.json [--authority B.json ...] --track T.json [--ground G.asc]
cathartes-verify seal FILE.dossier.zip PUBLIC.KEY
cathartes-verify log LOG.ndjson --checkpoint CP [--key K.pub]
cathartes-verify proof PROOF.json --checkpoint CP [--key K.pub]
cathartes-verify consistency PROOF.json --checkpoint EARLIER --checkpoint LATER [--key K.pub]
With a key, the signature of CP is looked for in CP.minisig.";

type Said = Result<Vec<String>, String>;

/// Names of files: what stands alone first, then those of each option.
fn files<const N: usize>(
    words: &[String],
    options: [&str; N],
) -> Result<(Vec<String>, [Vec<String>; N]), String> {
    let (mut alone, mut named) = (Vec::new(), [const { Vec::new() }; N]);
    let mut words = words.iter().cloned();
    while let Some(word) = words.next() {
        match options.iter().position(|name| *name == word) {
            Some(option) => named[option].push(words.next().ok_or(USAGE)?),
            None => alone.push(word),
        }
    }
    Ok((alone, named))
}

fn bytes(path: &String) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|why| format!("{path}: {why}\n{USAGE}"))
}

fn text(path: &String) -> Result<String, String> {
    fs::read_to_string(path).map_err(|why| format!("{path}: {why}\n{USAGE}"))
}

fn certificate(words: &[String]) -> Said {
    let options = ["--authority", "--track", "--ground"];
    let (certificate, [authorities, track, ground]) = files(words, options)?;
    let ([certificate], [track], [] | [_]) = (&certificate[..], &track[..], &ground[..]) else {
        return Err(USAGE.to_owned());
    };
    let authorities = authorities.iter().map(bytes).collect::<Result<Vec<_>, _>>()?;
    let authorities: Vec<&[u8]> = authorities.iter().map(Vec::as_slice).collect();
    let ground = ground.first().map(bytes).transpose()?;
    cathartes_verifier::verify(
        &bytes(certificate)?,
        &authorities,
        &bytes(track)?,
        ground.as_deref(),
    )
}

fn audit(what: &str, words: &[String]) -> Said {
    let (file, [checkpoints, keys]) = files(words, ["--checkpoint", "--key"])?;
    let ([file], [] | [_]) = (&file[..], &keys[..]) else { return Err(USAGE.to_owned()) };
    let read = checkpoints.iter().map(bytes).collect::<Result<Vec<_>, _>>()?;
    let mut wrong = match (what, &read[..]) {
        ("log", [one]) => {
            let log = fs::File::open(file).map_err(|why| format!("{file}: {why}"))?;
            log::log(BufReader::with_capacity(1 << 20, log), one)?
        }
        ("proof", [one]) => log::inclusion(&bytes(file)?, one)?,
        ("consistency", [earlier, later]) => log::growth(&bytes(file)?, earlier, later)?,
        _ => return Err(USAGE.to_owned()),
    };
    for key in &keys {
        for (path, checkpoint) in checkpoints.iter().zip(&read) {
            wrong.extend(log::signed(checkpoint, &text(&format!("{path}.minisig"))?, &text(key)?)?);
        }
    }
    Ok(wrong)
}

fn dossier(file: &String, key: &String) -> Said {
    cathartes_verifier::seal(&bytes(file)?, &text(key)?)
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let said = match words.split_first() {
        Some((what, rest)) if ["log", "proof", "consistency"].contains(&what.as_str()) => {
            audit(what, rest)
        }
        Some((what, [file, key])) if what == "seal" => dossier(file, key),
        _ => certificate(&words),
    };
    match &said {
        Ok(wrong) if wrong.is_empty() => println!("yes"),
        Ok(wrong) => println!("no\n{}", wrong.join("\n")),
        Err(why) => eprintln!("{why}"),
    }
    ExitCode::from(said.map_or(2, |wrong| u8::from(!wrong.is_empty())))
}
