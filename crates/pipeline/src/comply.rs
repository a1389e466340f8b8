//! Does a track keep to its authorities? Files in, certificates and statements out.
//!
//! ```text
//! authorities, ground → Rules;  track or flight log → track.json;  both → certificate.json
//! ```
//!
//! A certificate names files by digest, so what was certified is written beside it byte for byte.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use cathartes_core::{
    airspace::Authority,
    certificate::{
        Certificate, CertifiedAuthority, CertifiedGround, CertifiedTrack, FORM, Verdict,
    },
    provenance::Digest,
    terrain::Terrain,
    track::Track,
};
use cathartes_formats::{
    airspace::{AirspaceError, authority, track},
    terrain,
};
use cathartes_tasking::{Airspace, Certified};

use crate::{digest, outcome::Outcome};

mod about;
mod month;
mod searched;

pub use about::About;
pub use month::{Month, Statement, statement};
pub use searched::{Search, search};

/// Larger files are no authority, no track and no grid of ours.
const LARGEST_BYTES: u64 = 2_000_000_000;

/// What holds: authorities, and the ground where limits are counted from it.
#[derive(Debug, Clone)]
pub struct Rules {
    airspace: Airspace,
    read: Vec<Authority>,
    authorities: Vec<CertifiedAuthority>,
    ground: Option<CertifiedGround>,
}

impl Rules {
    /// Reads what holds.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, says nothing usable, or two authorities share a number.
    pub fn open(authorities: &[PathBuf], ground: Option<&Path>) -> anyhow::Result<Self> {
        let documents: Vec<_> =
            authorities.iter().map(|path| named(path)).collect::<Result<_, _>>()?;
        Self::of(&documents, ground.map(named).transpose()?.as_ref())
    }

    /// What documents say, each with its name, and the ground likewise.
    ///
    /// # Errors
    ///
    /// When one says nothing usable, or two authorities share a number.
    pub fn of(
        documents: &[(String, Vec<u8>)],
        ground: Option<&(String, Vec<u8>)>,
    ) -> anyhow::Result<Self> {
        let (mut read, mut authorities) = (Vec::new(), Vec::new());
        for (name, bytes) in documents {
            let authority = authority::read(bytes).with_context(|| name.clone())?;
            let (number, issuer) = (authority.number.clone(), authority.issuer.clone());
            authorities.push(CertifiedAuthority { number, issuer, sha256: digest_of(bytes) });
            read.push(authority);
        }
        let terrain = ground.map(terrain_of).transpose()?;
        let ground = ground.map(|(_, bytes)| CertifiedGround { sha256: digest_of(bytes) });
        Ok(Self { airspace: Airspace::new(&read, terrain)?, read, authorities, ground })
    }

    /// The authorities, by their files.
    #[must_use]
    pub fn authorities(&self) -> &[CertifiedAuthority] {
        &self.authorities
    }

    pub(crate) fn airspace(&self) -> &Airspace {
        &self.airspace
    }

    /// The authorities as they were read.
    pub(crate) fn read(&self) -> &[Authority] {
        &self.read
    }

    /// What is claimed of a track, whatever its file.
    #[must_use]
    pub fn claims(&self, track: &Track) -> Certified {
        self.airspace.certify(track)
    }

    /// Certifies a track that has these bytes as its file.
    #[must_use]
    pub fn certify(&self, track: &Track, bytes: &[u8]) -> Certificate {
        let claimed = self.airspace.certify(track);
        let kind = track.kind.word().to_owned();
        Certificate {
            form: FORM.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            authorities: self.authorities.clone(),
            track: CertifiedTrack { sortie: track.sortie.clone(), kind, sha256: digest_of(bytes) },
            ground: self.ground.clone(),
            allowances: claimed.allowances,
            verdict: claimed.verdict,
            why: claimed.why,
            legs: claimed.legs,
        }
    }
}

/// A track with the bytes of its file and what its log had to say.
#[derive(Debug, Clone)]
pub struct Told {
    /// The track.
    pub track: Track,
    /// As it is kept: those of its file, or of what was made of a log.
    pub bytes: Vec<u8>,
    /// What is wrong with the log, a sentence each.
    pub faults: Vec<String>,
    /// Who may have it, where the log says so.
    pub handling: Vec<String>,
}

/// Reads a track, or makes one of a flight log; a log says where, `about` says who, what for, and how well.
///
/// # Errors
///
/// When the file cannot be read, is of no known form, or is a log and nobody says about it.
pub fn told(path: &Path, about: Option<&About>) -> anyhow::Result<Told> {
    let bytes = bytes(path)?;
    let named = || path.display().to_string();
    if bytes.trim_ascii_start().starts_with(b"{") {
        let track = track::read(&bytes).with_context(named)?;
        return Ok(Told { track, bytes, faults: Vec::new(), handling: Vec::new() });
    }
    let Some(about) = about else {
        bail!(
            "{}: a log says where an aircraft was, not whose it is and what for: say so in a file by --about",
            named()
        );
    };
    about.told(&bytes).with_context(named)
}

/// What to certify, and where to.
#[derive(Debug, Clone)]
pub struct Job {
    /// A track or a flight log.
    pub track: PathBuf,
    /// What is to be known of a log.
    pub about: Option<PathBuf>,
    /// A second track of the same flight.
    pub against: Option<PathBuf>,
    /// Authorities that hold together.
    pub authorities: Vec<PathBuf>,
    /// The ground.
    pub ground: Option<PathBuf>,
    /// Where the results go.
    pub out: Option<PathBuf>,
    /// Whether results of an earlier run may be replaced.
    pub force: bool,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Complied {
    /// The claims.
    pub certificate: Certificate,
    /// What is wrong with the log.
    pub faults: Vec<String>,
    /// Who may have it.
    pub handling: Vec<String>,
    /// Where two tracks of one flight differ; none when there is only one.
    pub differences: Option<Vec<String>>,
}

/// Certifies one track.
///
/// # Errors
///
/// When a file cannot be read or says nothing usable, or the disk refuses.
pub fn run(job: &Job) -> anyhow::Result<Complied> {
    let rules = Rules::open(&job.authorities, job.ground.as_deref())?;
    let about = job.about.as_deref().map(About::open).transpose()?;
    let told = told(&job.track, about.as_ref())?;
    let certificate = rules.certify(&told.track, &told.bytes);
    let differences = match &job.against {
        Some(path) => {
            let other = self::told(path, about.as_ref())?;
            Some(cathartes_tasking::differences(&told.track, &other.track))
        }
        None => None,
    };
    if let Some(out) = &job.out {
        let outcome = Outcome::begin(out, job.force)?;
        put(outcome.folder(), "", &told.bytes, &certificate)?;
        outcome.finish()?;
    }
    let Told { faults, handling, .. } = told;
    Ok(Complied { certificate, faults, handling, differences })
}

/// Writes a track and its certificate.
pub(crate) fn put(
    folder: &Path,
    name: &str,
    track: &[u8],
    certificate: &Certificate,
) -> anyhow::Result<()> {
    fs::write(folder.join(format!("{name}track.json")), track)?;
    let text = serde_json::to_string_pretty(certificate)?;
    fs::write(folder.join(format!("{name}certificate.json")), text + "\n")?;
    Ok(())
}

/// Whether a verdict is a yes.
#[must_use]
pub fn is_kept(verdict: Verdict) -> bool {
    verdict == Verdict::Kept
}

pub(crate) fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let named = || path.display().to_string();
    let size_bytes = fs::metadata(path).with_context(named)?.len();
    if size_bytes > LARGEST_BYTES {
        bail!("{}: {size_bytes} bytes are more than any track or authority has", named());
    }
    fs::read(path).with_context(named)
}

/// A file with its name, for whoever reads what it says.
pub(crate) fn named(path: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    Ok((path.display().to_string(), bytes(path)?))
}

fn terrain_of((name, bytes): &(String, Vec<u8>)) -> anyhow::Result<Terrain> {
    terrain::read(bytes).with_context(|| name.clone())
}

fn digest_of(bytes: &[u8]) -> Digest {
    let mut running = digest::Running::default();
    running.add(bytes);
    running.finish("").sha256
}

/// Whether something was refused because it is of weapons.
pub(crate) fn is_armed(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let refused = cause.downcast_ref::<AirspaceError>();
        matches!(refused, Some(AirspaceError::WeaponsRefused { .. }))
    })
}
