//! How to check a dossier, for whoever has it and nothing of ours.

use super::{Kind, Manifest};

/// Lines that list every file as `sha256sum` wants it, of a manifest.
const SUMS: &str = r#"sed 's/},{/\n/g' manifest.json | sed -n 's/.*"name":"\([^"]*\)","sha256":"\([0-9a-f]*\)".*/\2  \1/p' | sha256sum -c"#;

pub(super) fn spanish(manifest: &Manifest) -> String {
    let (release, tlp, to) = (&manifest.release, manifest.tlp.word(), &manifest.recipient.name);
    let what = match (&manifest.recalls, manifest.kind) {
        (Some(recalled), Kind::Recall) => {
            format!("La entrega {} queda anulada. No la use.", recalled.release)
        }
        _ => "Lea primero brief.pdf: dice qué se observó, dónde y qué hacer.".to_owned(),
    };
    format!(
        "{release} para {to}\n{tlp}\n\n{what}\n\n\
         Responder: {}\nCódigo: {}\n\n\
         CÓMO COMPROBAR QUE NADA HA CAMBIADO\n\n\
         1. Pida la clave pública por otro camino que este archivo (una línea que empieza por RW).\n\
         2. Con el programa minisign, en la carpeta de estos archivos:\n\n   minisign -Vm manifest.json -P CLAVE\n\n\
         3. El manifiesto lleva la suma SHA-256 de cada archivo. Todas deben coincidir:\n\n   {SUMS}\n\n\
         Si algo no coincide, no actúe: avise a quien se lo envió.\n",
        manifest.answer.link, manifest.answer.code,
    )
}

pub(super) fn english(manifest: &Manifest) -> String {
    let (release, tlp, to) = (&manifest.release, manifest.tlp.word(), &manifest.recipient.name);
    let what = match (&manifest.recalls, manifest.kind) {
        (Some(recalled), Kind::Recall) => {
            format!("Release {} is recalled. Do not use it.", recalled.release)
        }
        _ => "Read brief.pdf first: it says what was seen, where, and what to do.".to_owned(),
    };
    format!(
        "{release} to {to}\n{tlp}\n\n{what}\n\n\
         Answer: {}\nCode: {}\n\n\
         HOW TO CHECK THAT NOTHING WAS CHANGED\n\n\
         1. Ask for the public key by another way than this file (one line that begins with RW).\n\
         2. With the program minisign, in the folder of these files:\n\n   minisign -Vm manifest.json -P KEY\n\n\
         3. The manifest has the SHA-256 of every file. All of them have to agree:\n\n   {SUMS}\n\n\
         If anything does not agree, do not act on it: tell those who sent it.\n",
        manifest.answer.link, manifest.answer.code,
    )
}
