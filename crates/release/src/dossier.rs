//! Dossiers: one file that brings a release to its recipient, or takes one back, and can be checked without us.
//!
//! ```text
//! RELEASE.dossier.zip   manifest.json           what it is, to whom, until when; name, size and SHA-256 of every file
//!                       manifest.json.minisig   the seal over it
//!                       LEEME.txt, README.txt   how to check it
//!                       brief.pdf               for people, in two languages
//!                       content.json            what the gate let through, field by field
//!                       finding.geojson, finding.kml, images/NAME.png
//! ```
//!
//! What two people approve is the digest of `manifest.json`, and with it every byte of every file. Sealing adds the
//! signature and nothing else. The archive has one form for given files ([`archive`]), and so has the manifest
//! ([`crate::canonical`]): a dossier with any other byte anywhere is refused.

mod archive;
mod manifest;
mod opened;
mod readme;

use std::collections::BTreeMap;

use cathartes_core::{geometry::LatLon, provenance::Digest};

pub use archive::{ArchiveError, Member};
pub use manifest::{
    Addressee, AnswerBy, FORM, Kind, MANIFEST, Manifest, RecallReason, Recalled, SEAL,
};
pub use opened::{Opened, open};

use crate::{
    brief::{self, BriefError},
    canonical::{CanonicalError, canonical},
    export::{self, PictureError},
    gate::{Content, Releasable},
    product::{FieldPath, Value},
    seal::{self, PublicKey, SealError, SecretKey},
};

impl Kind {
    /// How many people have to approve. A recall tells nothing, and waits for nobody.
    #[must_use]
    pub fn approvals(self) -> usize {
        match self {
            Self::Release => 2,
            Self::Recall => 1,
        }
    }
}

/// Why there is no dossier.
#[derive(Debug, thiserror::Error)]
pub enum DossierError {
    /// The archive is another.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A file that the manifest lists is not there.
    #[error("`{0}` is missing")]
    Missing(String),
    /// A file is another than the manifest lists.
    #[error("`{0}` was changed: it is not the file that was sealed")]
    Changed(String),
    /// A file that the manifest does not list.
    #[error("`{0}` was put in: the manifest does not list it")]
    Extra(String),
    /// The files are in another order.
    #[error("`{0}` does not stand where the manifest lists it")]
    Order(String),
    /// The manifest is none.
    #[error("`manifest.json`: {0}")]
    Manifest(String),
    /// The content is none.
    #[error("`content.json`: {0}")]
    Content(String),
    /// The seal does not hold.
    #[error("`manifest.json.minisig`: {0}")]
    Seal(#[from] SealError),
    /// Somebody approved something else.
    #[error("{by} approved {}, this is {}; have this one approved", approved.0, this.0)]
    OtherDigest {
        /// Who.
        by: String,
        /// What they approved.
        approved: Digest,
        /// What is to be sealed.
        this: Digest,
    },
    /// Not enough people approved.
    #[error("approved by {by} of {needed} people; have it approved by another")]
    Approvals {
        /// How many did.
        by: usize,
        /// How many have to.
        needed: usize,
    },
    /// A picture cannot be written.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The brief cannot be written.
    #[error(transparent)]
    Brief(#[from] BriefError),
    /// Something has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

/// What a dossier says that is not of the release.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// How long the audit log is and what its root is, to be printed.
    pub checkpoint: &'a str,
    /// The program and its version.
    pub written_by: &'a str,
    /// Coasts and borders, for the small map that shows where on Earth a place is; none: no such map.
    pub lines: &'a [Vec<LatLon>],
}

/// That a release is taken back.
#[derive(Debug, Clone, Copy)]
pub struct Recall<'a> {
    /// What the recipient will know the recall by.
    pub name: &'a str,
    /// Why.
    pub reason: RecallReason,
    /// When.
    pub made: jiff::Timestamp,
}

/// A dossier that nobody sealed yet: what is shown to those who approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealed {
    members: Vec<Member>,
    bytes: Vec<u8>,
    digest: Digest,
    manifest: Manifest,
}

/// That somebody approved a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The account.
    pub by: String,
    /// The digest that was shown.
    pub digest: Digest,
}

/// A dossier to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its name.
    pub name: String,
    /// What was approved.
    pub digest: Digest,
}

/// The dossier of a release.
///
/// # Errors
///
/// [`DossierError`] when a part of it cannot be written.
pub fn unsealed(
    releasable: &Releasable<Content>,
    setting: Setting<'_>,
) -> Result<Unsealed, DossierError> {
    let (content, terms) = (releasable.what(), releasable.terms());
    let mut members = vec![
        member("brief.pdf", brief::brief(releasable, setting)?),
        member("content.json", bare(content)?),
        member("finding.geojson", export::geojson(releasable)),
        member("finding.kml", export::kml(releasable)),
    ];
    for (path, png) in export::pictures(releasable)? {
        members.push(member(&image_name(&path), png));
    }
    let said = [setting.checkpoint, setting.written_by];
    Unsealed::of(Manifest::of(terms, &content.subject, said), members)
}

/// The dossier that takes a release back; it says nothing again of what was released.
///
/// # Errors
///
/// [`DossierError`] when a part of it cannot be written.
pub fn recalled(
    of: &Releasable<Content>,
    recall: Recall<'_>,
    setting: Setting<'_>,
) -> Result<Unsealed, DossierError> {
    let said = [setting.checkpoint, setting.written_by];
    let mut manifest = Manifest::of(of.terms(), &of.what().subject, said);
    let release = std::mem::replace(&mut manifest.release, recall.name.to_owned());
    manifest.kind = Kind::Recall;
    manifest.recalls = Some(Recalled { release, reason: recall.reason });
    (manifest.made, manifest.supersedes) = (recall.made, None);
    manifest.expires = manifest.expires.max(recall.made);
    let brief = brief::recall(of, recall, setting.checkpoint)?;
    Unsealed::of(manifest, vec![member("brief.pdf", brief)])
}

fn member(name: &str, bytes: impl Into<Vec<u8>>) -> Member {
    Member { name: name.to_owned(), bytes: bytes.into() }
}

/// `images[0]` is `images/images-0.png`: no two fields have one name.
fn image_name(path: &FieldPath) -> String {
    let name: String = path.as_str().replace(['.', '['], "-").replace(']', "");
    format!("images/{name}.png")
}

/// The content without its pictures, which are files of their own.
fn bare(content: &Content) -> Result<String, CanonicalError> {
    let fields = content.fields.iter().filter(|(_, value)| !matches!(value, Value::Picture(_)));
    let fields: BTreeMap<_, _> =
        fields.map(|(path, value)| (path.clone(), value.clone())).collect();
    canonical(&Content { subject: content.subject.clone(), kind: content.kind, fields })
}

impl Unsealed {
    fn of(manifest: Manifest, mut members: Vec<Member>) -> Result<Self, DossierError> {
        members.push(member("LEEME.txt", readme::spanish(&manifest)));
        members.push(member("README.txt", readme::english(&manifest)));
        let members = manifest.heads(members)?;
        Self::read(&archive::written(&members)?)
    }

    /// What was written before, to be approved or sealed.
    ///
    /// # Errors
    ///
    /// [`DossierError`] when it is not a dossier without a seal, byte for byte.
    pub fn read(bytes: &[u8]) -> Result<Self, DossierError> {
        let members = archive::read(bytes)?;
        let bytes_of = |name: &str| members.iter().find(|member| member.name == name);
        if bytes_of(SEAL).is_some() {
            return Err(DossierError::Extra(SEAL.to_owned()));
        }
        let said = bytes_of(MANIFEST).ok_or_else(|| DossierError::Missing(MANIFEST.to_owned()))?;
        let (manifest, digest) = (Manifest::read(&said.bytes)?, manifest::digest(&said.bytes));
        manifest.lists(&members)?;
        archive::whole(bytes, &members)?;
        Ok(Self { members, bytes: bytes.to_vec(), digest, manifest })
    }

    /// The file as it is shown.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is approved.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// What it says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its files.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Adds the seal, when as many people as it takes approved exactly this.
    ///
    /// # Errors
    ///
    /// [`DossierError::OtherDigest`] for an approval of something else, [`DossierError::Approvals`] for too few people.
    pub fn seal(&self, key: &SecretKey, approvals: &[Approval]) -> Result<Sealed, DossierError> {
        if let Some(other) = approvals.iter().find(|approval| approval.digest != self.digest) {
            let (by, approved) = (other.by.clone(), other.digest.clone());
            return Err(DossierError::OtherDigest { by, approved, this: self.digest.clone() });
        }
        let mut people: Vec<_> = approvals.iter().map(|approval| &approval.by).collect();
        people.sort_unstable();
        people.dedup();
        let (by, needed) = (people.len(), self.manifest.kind.approvals());
        if by < needed {
            return Err(DossierError::Approvals { by, needed });
        }
        let mut members = self.members.clone();
        let sealed = members.first().map(|manifest| manifest.bytes.as_slice()).unwrap_or_default();
        members.insert(1, member(SEAL, seal::sign(key, sealed, &self.manifest.comment())));
        let bytes = archive::written(&members)?;
        let name = format!("{}.dossier.zip", self.manifest.release);
        Ok(Sealed { bytes, name, digest: self.digest.clone() })
    }
}

impl Manifest {
    /// The trusted comment of its seal.
    fn comment(&self) -> String {
        let (release, to, tlp) = (&self.release, &self.recipient.code, self.tlp.word());
        format!("cathartes dossier {release} to {to}, {tlp}, made {}", self.made)
    }
}

#[cfg(test)]
mod tests;
