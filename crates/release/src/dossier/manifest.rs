//! What a dossier says of itself: the file whose digest is approved and sealed.

use std::collections::BTreeSet;

use cathartes_core::provenance::{Digest, Input, hexadecimal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{DossierError, archive::Member};
use crate::{
    canonical::canonical,
    gate::Terms,
    recipient::{Language, Tlp},
};

/// The name of the form, with its version.
pub const FORM: &str = "cathartes-dossier-1";
/// The file in a dossier.
pub const MANIFEST: &str = "manifest.json";
/// Its seal.
pub const SEAL: &str = "manifest.json.minisig";

/// What a dossier is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It brings a release.
    Release,
    /// It takes one back.
    Recall,
}

/// Why a release is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecallReason {
    /// What it says is wrong.
    Wrong,
    /// It was sent to the wrong body, or said more than it should.
    SentInError,
    /// It held once and does not any more.
    Outdated,
    /// For the reason that stands on the page to answer by.
    AsToldThere,
}

/// The release that a recall takes back, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recalled {
    /// What the recipient knows it by.
    pub release: String,
    /// Why.
    pub reason: RecallReason,
}

/// To whom a dossier goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addressee {
    /// Its code.
    pub code: String,
    /// What it calls itself.
    pub name: String,
    /// What it reads first.
    pub language: Language,
}

/// Where and by what the recipient answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerBy {
    /// The page.
    pub link: String,
    /// What is typed in where there is no network.
    pub code: String,
}

/// What a dossier says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORM`].
    pub form: String,
    /// What it is for.
    pub kind: Kind,
    /// What the recipient knows the release, or the recall, by.
    pub release: String,
    /// What the recipient knows the site or the finding by.
    pub subject: String,
    /// To whom it goes.
    pub recipient: Addressee,
    /// How far it may be handed on.
    pub tlp: Tlp,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
    /// The earlier release that it takes the place of.
    pub supersedes: Option<String>,
    /// The release that it takes back.
    pub recalls: Option<Recalled>,
    /// How to answer.
    pub answer: AnswerBy,
    /// How long the audit log was and what its root was, as it is printed on the brief.
    pub checkpoint: String,
    /// The program and its version.
    pub written_by: String,
    /// Every other file but the seal, by name.
    pub files: Vec<Input>,
}

impl Manifest {
    /// What the terms of a release make of it.
    pub(super) fn of(terms: &Terms, subject: &str, [checkpoint, written_by]: [&str; 2]) -> Self {
        let recipient = &terms.recipient;
        Self {
            form: FORM.to_owned(),
            kind: Kind::Release,
            release: terms.release.clone(),
            subject: subject.to_owned(),
            recipient: Addressee {
                code: recipient.code.clone(),
                name: recipient.name.clone(),
                language: recipient.language,
            },
            tlp: terms.tlp,
            made: terms.made,
            expires: terms.expires,
            supersedes: terms.supersedes.clone(),
            recalls: None,
            answer: AnswerBy { link: terms.answer_link.clone(), code: terms.answer_code.clone() },
            checkpoint: checkpoint.to_owned(),
            written_by: written_by.to_owned(),
            files: Vec::new(),
        }
    }

    /// Lists files, and is the first of them.
    pub(super) fn heads(mut self, mut members: Vec<Member>) -> Result<Vec<Member>, DossierError> {
        members.sort_by(|a, b| a.name.cmp(&b.name));
        self.files = members.iter().map(listed).collect();
        let bytes = canonical(&self)?.into_bytes();
        members.insert(0, Member { name: MANIFEST.to_owned(), bytes });
        Ok(members)
    }

    /// Reads the one form that it can have.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, DossierError> {
        let wrong = |why: String| DossierError::Manifest(why);
        let manifest: Self = serde_json::from_slice(bytes).map_err(|why| wrong(why.to_string()))?;
        if manifest.form != FORM {
            return Err(wrong(format!("its form is `{}`, not `{FORM}`", manifest.form)));
        }
        if canonical(&manifest)?.as_bytes() != bytes {
            return Err(wrong("it is not in the form of RFC 8785".to_owned()));
        }
        if (manifest.kind == Kind::Recall) != manifest.recalls.is_some() {
            return Err(wrong("a recall, and nothing else, says what it recalls".to_owned()));
        }
        Ok(manifest)
    }

    /// Whether these are the files that it lists.
    pub(super) fn lists(&self, members: &[Member]) -> Result<(), DossierError> {
        for listed_ in &self.files {
            let member = members.iter().find(|member| member.name == listed_.name);
            let member = member.ok_or_else(|| DossierError::Missing(listed_.name.clone()))?;
            if listed(member) != *listed_ {
                return Err(DossierError::Changed(member.name.clone()));
            }
        }
        let names: BTreeSet<_> = self.files.iter().map(|listed| listed.name.as_str()).collect();
        let known = |name: &str| [MANIFEST, SEAL].contains(&name) || names.contains(name);
        if let Some(extra) = members.iter().find(|member| !known(&member.name)) {
            return Err(DossierError::Extra(extra.name.clone()));
        }
        let sealed = members.iter().any(|member| member.name == SEAL);
        let heads = [MANIFEST].into_iter().chain(sealed.then_some(SEAL));
        let right = heads.chain(self.files.iter().map(|listed| listed.name.as_str()));
        let moved = members.iter().zip(right).find(|(member, name)| member.name != *name);
        moved.map_or(Ok(()), |(member, _)| Err(DossierError::Order(member.name.clone())))
    }
}

fn listed(member: &Member) -> Input {
    let size_bytes = member.bytes.len() as u64;
    Input { name: member.name.clone(), size_bytes, sha256: digest(&member.bytes) }
}

/// SHA-256.
pub(super) fn digest(bytes: &[u8]) -> Digest {
    Digest(hexadecimal(&Sha256::digest(bytes)))
}
