//! ENVI: a text header `x.hdr` beside a bare file of numbers.

mod decode;
mod fields;
mod files;
mod header;
mod header_text;
mod layout;
mod lines;
mod map_info;
mod numbers;
mod places;
mod source;
mod wavelengths;
mod writer;

pub use fields::HeaderError;
pub(crate) use header::named;
pub use header::{Frame, Header};
pub use layout::{Interleave, Layout, Sample};
pub use lines::LineReader;
pub(crate) use places::placed;
pub use places::{PlacesError, by_glt, glt, igm};
pub use source::EnviSource;
pub use writer::Writer;

/// What is wrong between a header and its image, or with what is to be written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EnviError {
    /// A header without an image.
    #[error("no image lies beside this header; put `{wanted}` there or name the image")]
    NoImage {
        /// One place where it could be.
        wanted: String,
    },
    /// A header with several.
    #[error("both `{one}` and `{other}` lie beside this header; name the one you mean")]
    TwoImages {
        /// One.
        one: String,
        /// Another.
        other: String,
    },
    /// More numbers than there are.
    #[error("`lines` x `samples` x `bands` is more than any file holds; correct them")]
    Uncountable,
    /// A header of an image still to come.
    #[error("`lines` is 0: nothing to read yet; follow the image while it grows (--follow)")]
    NoLines,
    /// A file cut short, line by line.
    #[error(
        "{bytes} bytes, its header asks for {wanted}: cut short after line {present} of {lines}; \
         copy it again, or correct the sizes or `data type` in the header"
    )]
    CutLines {
        /// Bytes there.
        bytes: u64,
        /// Bytes there should be.
        wanted: u64,
        /// Whole lines there.
        present: usize,
        /// Lines there should be.
        lines: usize,
    },
    /// A file cut short, band by band.
    #[error(
        "{bytes} bytes, its header asks for {wanted}: cut short, its last bands are missing; copy \
         it again, or correct the sizes or `data type` in the header"
    )]
    CutBands {
        /// Bytes there.
        bytes: u64,
        /// Bytes there should be.
        wanted: u64,
    },
    /// A file with more than its header knows.
    #[error(
        "{bytes} bytes, its header asks for {wanted}; correct `lines`, `samples`, `bands`, `data \
         type` or `header offset` in the header"
    )]
    TooLong {
        /// Bytes there.
        bytes: u64,
        /// Bytes there should be.
        wanted: u64,
    },
    /// A stream that comes band by band.
    #[error("a BSQ image comes band by band and cannot be read line by line; use BIL or BIP")]
    NotByLine,
    /// A stream that ended inside a line.
    #[error("ended inside line {line}; the sender stopped early")]
    HalfLine {
        /// The line, from 1.
        line: usize,
    },
    /// A number that the kind of number asked for cannot hold.
    #[error(
        "line {line}, sample {sample}, band {band}: {value} cannot be stored as data type {code}; \
         write 32-bit floats"
    )]
    DoesNotFit {
        /// From 1.
        line: usize,
        /// From 1.
        sample: usize,
        /// From 1.
        band: usize,
        /// The number.
        value: f32,
        /// ENVI's code of the kind.
        code: u8,
    },
    /// Lines that are not of the image.
    #[error("{numbers} numbers from line {line} on do not make whole lines of this image")]
    NotLines {
        /// From 1.
        line: usize,
        /// Numbers given.
        numbers: usize,
    },
    /// An image finished too early.
    #[error("line {line} was never written; write every line before finishing")]
    Unwritten {
        /// From 1.
        line: usize,
    },
}
