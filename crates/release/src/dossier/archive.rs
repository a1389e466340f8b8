//! The one zip that given files make, so that no byte of it can change without being seen.
//!
//! ```text
//! archive = { local header, name, bytes }  for every file, in order
//!           { central header, name }       the same, in the same order
//!           end record
//! ```
//!
//! Every file is stored, never deflated: nothing can swell when it is read, and PDF and PNG are deflated already. Every
//! time is the first that zip knows, there are no comments, no extra fields, no gaps and no attributes. What is read is
//! written again and has to be the same, so that two programs cannot see two different contents in one file.

use std::collections::BTreeSet;

/// A zip of this form counts its files in 16 bits; a dossier has far fewer.
const MOST_FILES: usize = 256;
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// The version it takes to read a stored file, the deflate of none, and 1 January 1980, 0:00.
const STORED: [u16; 5] = [10, 0, 0, 0, 0x21];
const LOCAL_BYTES: usize = 30;

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name, with `/` between folder and file.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Why an archive is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// Not what stands there in an archive of this form.
    #[error("byte {at_byte}: {what}; this is not the file that was made")]
    Form {
        /// Where.
        at_byte: usize,
        /// What is wrong.
        what: String,
    },
    /// A name that leads out of the folder, or that no two systems read alike.
    #[error("byte {at_byte}: `{name}` is no name for a file of a dossier")]
    Name {
        /// Where.
        at_byte: usize,
        /// The name.
        name: String,
    },
    /// One name for two files.
    #[error("byte {at_byte}: `{name}` is there twice")]
    Twice {
        /// Where.
        at_byte: usize,
        /// The name.
        name: String,
    },
    /// More than the form has room for.
    #[error("{files} files of {bytes} bytes are more than a dossier can hold")]
    TooMuch {
        /// How many.
        files: usize,
        /// Of how many bytes.
        bytes: usize,
    },
}

/// The archive of these files.
///
/// # Errors
///
/// [`ArchiveError`] for names that are none, and for more than fits.
pub(super) fn written(members: &[Member]) -> Result<Vec<u8>, ArchiveError> {
    let bytes = members.iter().map(|member| member.bytes.len() + 2 * member.name.len() + 76).sum();
    let fits = members.len() <= MOST_FILES && u32::try_from(bytes).is_ok();
    if !fits {
        return Err(ArchiveError::TooMuch { files: members.len(), bytes });
    }
    let (mut archive, mut directory) = (Vec::with_capacity(bytes + 22), Vec::new());
    let mut names = BTreeSet::new();
    for member in members {
        let at_byte = archive.len();
        checked(&member.name, at_byte, &mut names)?;
        let common = common(member);
        archive.extend(LOCAL.to_le_bytes());
        archive.extend(&common);
        archive.extend(member.name.as_bytes());
        archive.extend(&member.bytes);
        directory.extend(CENTRAL.to_le_bytes());
        directory.extend(STORED[0].to_le_bytes());
        directory.extend(&common);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend((at_byte as u32).to_le_bytes());
        directory.extend(member.name.as_bytes());
    }
    let count = (members.len() as u16).to_le_bytes();
    let sizes = [directory.len() as u32, archive.len() as u32].map(u32::to_le_bytes).concat();
    archive.extend(directory);
    archive.extend(END.to_le_bytes());
    archive.extend([[0; 2], [0; 2], count, count].concat());
    archive.extend(sizes);
    archive.extend([0; 2]);
    Ok(archive)
}

/// What local and central headers have in common: from the version to the length of the extra field, which is none.
fn common(member: &Member) -> Vec<u8> {
    let mut bytes = STORED.map(u16::to_le_bytes).concat();
    let size = member.bytes.len() as u32;
    bytes.extend([crc32fast::hash(&member.bytes), size, size].map(u32::to_le_bytes).concat());
    bytes.extend((member.name.len() as u16).to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// The files of an archive, whatever else is wrong with it: whether it is the one that they make is for [`whole`].
///
/// # Errors
///
/// [`ArchiveError`] where it cannot be followed.
pub(super) fn read(archive: &[u8]) -> Result<Vec<Member>, ArchiveError> {
    let (mut members, mut names, mut at_byte) = (Vec::new(), BTreeSet::new(), 0);
    while let Some(number) =
        number(archive, at_byte).filter(|number| *number != CENTRAL && *number != END)
    {
        if number != LOCAL {
            return Err(form(at_byte, "no file begins here"));
        }
        let cut = || form(at_byte, "the file that begins here is cut off");
        let size = self::number(archive, at_byte + 18).ok_or_else(cut)? as usize;
        let length = archive.get(at_byte + 26..at_byte + 28).ok_or_else(cut)?;
        let from = at_byte + LOCAL_BYTES + usize::from(u16::from_le_bytes([length[0], length[1]]));
        let name = archive.get(at_byte + LOCAL_BYTES..from).ok_or_else(cut)?;
        let bytes = archive.get(from..from.saturating_add(size)).ok_or_else(cut)?;
        let name = String::from_utf8_lossy(name).into_owned();
        checked(&name, at_byte, &mut names)?;
        if members.len() == MOST_FILES {
            return Err(form(at_byte, "there are more files than a dossier has"));
        }
        members.push(Member { name, bytes: bytes.to_vec() });
        at_byte = from + size;
    }
    Ok(members)
}

/// Whether an archive is the one that its files make.
///
/// # Errors
///
/// [`ArchiveError`] with the first byte that is another.
pub(super) fn whole(archive: &[u8], members: &[Member]) -> Result<(), ArchiveError> {
    let right = written(members)?;
    let differ = right.iter().zip(archive).position(|(right, there)| right != there);
    match differ {
        Some(at_byte) => Err(form(at_byte, &place(at_byte, members))),
        None if archive.len() < right.len() => Err(form(archive.len(), "the end is cut off")),
        None if archive.len() > right.len() => Err(form(right.len(), "something follows the end")),
        None => Ok(()),
    }
}

/// Of what a byte is part.
fn place(at_byte: usize, members: &[Member]) -> String {
    let mut from = 0;
    for member in members {
        from += LOCAL_BYTES + member.name.len() + member.bytes.len();
        if at_byte < from {
            return format!("the header of `{}` was changed", member.name);
        }
    }
    "the list of files was changed".to_owned()
}

fn form(at_byte: usize, what: &str) -> ArchiveError {
    ArchiveError::Form { at_byte, what: what.to_owned() }
}

fn number(archive: &[u8], at_byte: usize) -> Option<u32> {
    let bytes = archive.get(at_byte..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*bytes))
}

/// Words of letters, digits, `_`, `-` and single dots, at most one folder: nothing leads elsewhere, and nothing is read
/// in another way by another system.
fn checked(name: &str, at_byte: usize, names: &mut BTreeSet<String>) -> Result<(), ArchiveError> {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
    };
    let file = |file: &str| file.split('.').all(word);
    let good = name.len() <= 80
        && match name.split_once('/') {
            Some((folder, rest)) => word(folder) && file(rest),
            None => file(name),
        };
    if !good {
        return Err(ArchiveError::Name { at_byte, name: name.to_owned() });
    }
    // Some systems do not know capitals from small letters.
    if !names.insert(name.to_ascii_lowercase()) {
        return Err(ArchiveError::Twice { at_byte, name: name.to_owned() });
    }
    Ok(())
}
