//! `cathartes-verify`: whether every claim of a certificate is so.

use std::{env, fs, process::ExitCode};

const USAGE: &str = "cathartes-verify CERTIFICATE --authority A.json [--authority B.json ...] --track T.json [--ground G.asc]";

fn run() -> Result<Vec<String>, String> {
    let (mut files, mut words) = ([const { Vec::<Vec<u8>>::new() }; 4], env::args().skip(1));
    while let Some(word) = words.next() {
        let option = ["--authority", "--track", "--ground"].iter().position(|name| *name == word);
        let path = if option.is_some() { words.next() } else { Some(word) }.ok_or(USAGE)?;
        let bytes = fs::read(&path).map_err(|why| format!("{path}: {why}\n{USAGE}"))?;
        files[option.unwrap_or(3)].push(bytes);
    }
    let [authorities, track, ground, certificate] = &files;
    let ([track], [certificate], [] | [_]) = (&track[..], &certificate[..], &ground[..]) else {
        return Err(USAGE.to_owned());
    };
    let authorities: Vec<&[u8]> = authorities.iter().map(Vec::as_slice).collect();
    cathartes_verifier::verify(certificate, &authorities, track, ground.first().map(Vec::as_slice))
}

fn main() -> ExitCode {
    let said = run();
    match &said {
        Ok(wrong) if wrong.is_empty() => println!("yes"),
        Ok(wrong) => println!("no\n{}", wrong.join("\n")),
        Err(why) => eprintln!("{why}"),
    }
    ExitCode::from(said.map_or(2, |wrong| u8::from(!wrong.is_empty())))
}
