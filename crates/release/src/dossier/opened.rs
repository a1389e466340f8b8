//! Dossiers as a recipient, or a doubter, opens them.

use cathartes_core::provenance::Digest;

use super::{
    DossierError, Kind, MANIFEST, Manifest, Member, PublicKey, SEAL, archive, image_name, manifest,
    seal,
};
use crate::{
    canonical::canonical,
    gate::Content,
    product::{FieldPath, Image, Value},
};

/// No picture of a dossier has more bytes than this: a few bytes of PNG may claim any size.
const MOST_PICTURE_BYTES: usize = 64 << 20;

/// A dossier whose seal holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What it says of itself.
    pub manifest: Manifest,
    /// What was approved and sealed.
    pub digest: Digest,
    /// The comment of the seal.
    pub comment: String,
    /// Its files.
    pub members: Vec<Member>,
}

/// Opens a dossier that was sealed with a key.
///
/// # Errors
///
/// [`DossierError`] with the file, or the byte, that is another than what was sealed.
pub fn open(bytes: &[u8], key: &PublicKey) -> Result<Opened, DossierError> {
    let members = archive::read(bytes)?;
    let of = |name: &str| {
        let member = members.iter().find(|member| member.name == name);
        member.ok_or_else(|| DossierError::Missing(name.to_owned()))
    };
    let (said, signature) = (of(MANIFEST)?, of(SEAL)?);
    let text = std::str::from_utf8(&signature.bytes)
        .map_err(|_| DossierError::Changed(SEAL.to_owned()))?;
    let comment = seal::verify(key, &said.bytes, text)?;
    let manifest = Manifest::read(&said.bytes)?;
    manifest.lists(&members)?;
    // What is not signed of a signature has one form as well.
    if seal::rewritten(text, key).as_deref() != Some(text) {
        return Err(DossierError::Changed(SEAL.to_owned()));
    }
    archive::whole(bytes, &members)?;
    let digest = manifest::digest(&said.bytes);
    Ok(Opened { manifest, digest, comment, members })
}

impl Opened {
    /// A file of it.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        let member = self.members.iter().find(|member| member.name == name)?;
        Some(&member.bytes)
    }

    /// What the gate let through, with its pictures; none for a recall.
    ///
    /// # Errors
    ///
    /// [`DossierError::Content`] when it cannot be read.
    pub fn content(&self) -> Result<Option<Content>, DossierError> {
        if self.manifest.kind == Kind::Recall {
            return Ok(None);
        }
        let wrong = |why: String| DossierError::Content(why);
        let bytes = self.file("content.json").ok_or_else(|| wrong("is missing".to_owned()))?;
        let mut content: Content =
            serde_json::from_slice(bytes).map_err(|why| wrong(why.to_string()))?;
        if canonical(&content)?.as_bytes() != bytes {
            return Err(wrong("it is not in the form of RFC 8785".to_owned()));
        }
        for member in &self.members {
            let Some(path) = path_of(&member.name) else { continue };
            let image = picture(&member.bytes)
                .ok_or_else(|| wrong(format!("`{}` is no picture", member.name)))?;
            content.fields.insert(path, Value::Picture(image));
        }
        Ok(Some(content))
    }
}

/// The field of a picture: `images/images-0.png` is `images[0]`.
pub(super) fn path_of(name: &str) -> Option<FieldPath> {
    let steps = name.strip_prefix("images/")?.strip_suffix(".png")?;
    let mut path = String::new();
    for step in steps.split('-') {
        let number = step.bytes().all(|b| b.is_ascii_digit());
        let dot = if number || path.is_empty() { "" } else { "." };
        let [open, close] = if number { ["[", "]"] } else { [dot, ""] };
        path.extend([open, step, close]);
    }
    FieldPath::new(path).ok().filter(|path| image_name(path) == name)
}

fn picture(bytes: &[u8]) -> Option<Image> {
    let limits = png::Limits { bytes: MOST_PICTURE_BYTES };
    let decoder = png::Decoder::new_with_limits(std::io::Cursor::new(bytes), limits);
    let mut reader = decoder.read_info().ok()?;
    let size_bytes = reader.output_buffer_size().filter(|size| *size <= MOST_PICTURE_BYTES)?;
    let mut rgb = vec![0; size_bytes];
    let info = reader.next_frame(&mut rgb).ok()?;
    let plain = info.color_type == png::ColorType::Rgb && info.bit_depth == png::BitDepth::Eight;
    plain.then_some(Image { width_px: info.width, height_px: info.height, rgb })
}
