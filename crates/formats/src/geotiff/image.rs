//! Chunks and tags of the first image in a TIFF.

use std::{
    fs::File,
    io::{self, BufReader, Cursor, Read, Seek, SeekFrom},
    ops::Range,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use tiff::{
    TiffError,
    decoder::{ChunkType, Decoder, DecodingResult, Limits},
    tags::Tag,
};

use super::GeotiffError;
use crate::tiles::contained;

/// No packing of TIFF puts more bytes than this into one.
const MOST_PACKED: u64 = 4096;
/// The largest chunk we unpack, bytes.
const LARGEST_CHUNK: u64 = 1 << 30;
/// The largest tag we read, bytes.
const LARGEST_TAG: u64 = 1 << 28;
const GDAL_METADATA: Tag = Tag::Unknown(42112);

/// Where the bytes are.
pub(super) enum Source {
    /// A file and its length.
    File(PathBuf, u64),
    Memory(Arc<[u8]>),
}

/// An open source; each decoder has its own position in it.
enum Bytes {
    File(BufReader<File>),
    Memory(Cursor<Arc<[u8]>>),
}

impl Read for Bytes {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(out),
            Self::Memory(cursor) => cursor.read(out),
        }
    }
}

impl Seek for Bytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Memory(cursor) => cursor.seek(to),
        }
    }
}

impl Source {
    fn open(&self) -> io::Result<Bytes> {
        Ok(match self {
            Self::File(path, _) => Bytes::File(BufReader::new(File::open(path)?)),
            Self::Memory(bytes) => Bytes::Memory(Cursor::new(Arc::clone(bytes))),
        })
    }

    fn len(&self) -> u64 {
        match self {
            Self::File(_, length) => *length,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }
}

/// The tags that say what the numbers are and where.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) pixel_scale: Vec<f64>,
    pub(super) tie_points: Vec<f64>,
    pub(super) transformation: Vec<f64>,
    pub(super) geo_keys: Vec<u16>,
    pub(super) gdal_metadata: Option<String>,
}

impl Facts {
    pub(super) fn read(decoder: &mut Decoder<impl Read + Seek>) -> Self {
        Self {
            gdal_metadata: decoder.get_tag_ascii_string(GDAL_METADATA).ok(),
            pixel_scale: decoder.get_tag_f64_vec(Tag::ModelPixelScaleTag).unwrap_or_default(),
            tie_points: decoder.get_tag_f64_vec(Tag::ModelTiepointTag).unwrap_or_default(),
            transformation: decoder
                .get_tag_f64_vec(Tag::ModelTransformationTag)
                .unwrap_or_default(),
            geo_keys: decoder.get_tag_u16_vec(Tag::GeoKeyDirectoryTag).unwrap_or_default(),
        }
    }
}

/// The first image of a TIFF.
pub(super) struct Image {
    source: Source,
    limits: Limits,
    /// Decoders not in use; each thread takes one.
    idle: Mutex<Vec<Decoder<Bytes>>>,
    pub(super) lines: usize,
    pub(super) samples: usize,
    pub(super) bands: usize,
    /// Whether each band has its own chunks.
    planar: bool,
    chunk_lines: usize,
    chunk_samples: usize,
    /// Packed bytes of each chunk; none means that nothing was written.
    packed: Vec<u64>,
    pub(super) no_data: Option<f32>,
}

impl Image {
    pub(super) fn open(source: Source) -> Result<(Self, Facts), GeotiffError> {
        let length = source.len();
        let mut limits = Limits::default();
        limits.decoding_buffer_size =
            length.saturating_mul(MOST_PACKED).min(LARGEST_CHUNK) as usize;
        limits.intermediate_buffer_size = limits.decoding_buffer_size;
        limits.ifd_value_size = length.min(LARGEST_TAG) as usize;
        contained(|| Self::read(source, limits))
            .map_err(|reason| GeotiffError::Damaged { what: "the directory", reason })?
    }

    /// Outer errors are of the decoder, inner ones ours.
    fn read(
        source: Source,
        limits: Limits,
    ) -> Result<Result<(Self, Facts), GeotiffError>, TiffError> {
        let length = source.len();
        let mut decoder = Decoder::new(source.open()?)?.with_limits(limits.clone());
        let (samples, lines) = decoder.dimensions()?;
        let bands = decoder.find_tag_unsigned::<u16>(Tag::SamplesPerPixel)?.unwrap_or(1);
        let bits = decoder.find_tag_unsigned_vec::<u16>(Tag::BitsPerSample)?.unwrap_or_default();
        let bits = bits.first().copied().unwrap_or(1);
        if !matches!(bits, 8 | 16 | 32 | 64) {
            return Ok(Err(GeotiffError::Unread {
                found: format!("its numbers have {bits} bits"),
            }));
        }
        let planar = decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration)?.unwrap_or(1) == 2;
        let (chunk_samples, chunk_lines) = decoder.chunk_dimensions();
        let counts = match decoder.get_chunk_type() {
            ChunkType::Strip => Tag::StripByteCounts,
            ChunkType::Tile => Tag::TileByteCounts,
        };
        let packed = decoder.find_tag_unsigned_vec::<u64>(counts)?.unwrap_or_default();
        let no_data = decoder.get_tag_ascii_string(Tag::GdalNodata).ok();
        let facts = Facts::read(&mut decoder);
        let image = Self {
            source,
            limits,
            idle: Mutex::new(vec![decoder]),
            lines: lines as usize,
            samples: samples as usize,
            bands: usize::from(bands),
            planar,
            chunk_lines: (chunk_lines.min(lines)).max(1) as usize,
            chunk_samples: chunk_samples.max(1) as usize,
            packed,
            no_data: no_data.and_then(|text| text.trim_matches(['\0', ' ']).parse().ok()),
        };
        Ok(image.check(length, u64::from(bits) / 8).map(|()| (image, facts)))
    }

    fn check(&self, held: u64, bytes: u64) -> Result<(), GeotiffError> {
        let product = |extents: [usize; 3]| {
            extents.iter().fold(bytes, |total, &extent| total.saturating_mul(extent as u64))
        };
        let whole = product([self.lines, self.samples, self.bands]);
        // A tile may be wider than the image; its padding is unpacked too.
        let chunk = product([self.chunk_lines, self.chunk_samples, self.chunk()[2]]);
        let most = held.saturating_mul(MOST_PACKED);
        for (what, declared, most) in
            [("the image", whole, most), ("one chunk", chunk, most.min(LARGEST_CHUNK))]
        {
            if declared > most {
                return Err(GeotiffError::TooLarge { what, declared, held });
            }
        }
        Ok(())
    }

    /// Lines, samples and bands of a chunk.
    pub(super) fn chunk(&self) -> [usize; 3] {
        [self.chunk_lines, self.chunk_samples, if self.planar { 1 } else { self.bands }]
    }

    /// Part of one chunk, in order line, sample, band.
    pub(super) fn unpack(&self, spans: [&Range<usize>; 3]) -> Result<Vec<f32>, String> {
        let [lines, samples, bands] = spans;
        let across = self.samples.div_ceil(self.chunk_samples);
        let (row, column) = (lines.start / self.chunk_lines, samples.start / self.chunk_samples);
        let plane = if self.planar { bands.start } else { 0 };
        let index = (plane * self.lines.div_ceil(self.chunk_lines) + row) * across + column;
        match self.packed.get(index) {
            None => return Err(format!("chunk {index} is not in the directory")),
            // GDAL leaves out chunks in which there is nothing.
            Some(0) => {
                let values = lines.len() * samples.len() * bands.len();
                return Ok(vec![self.no_data.unwrap_or(0.0); values]);
            }
            Some(_) => {}
        }
        let (first_line, first_sample) = (row * self.chunk_lines, column * self.chunk_samples);
        let depth = self.chunk()[2];
        let part = Part {
            width: self.chunk_samples.min(self.samples - first_sample),
            depth,
            lines: lines.start - first_line..lines.end - first_line,
            samples: samples.start - first_sample..samples.end - first_sample,
            bands: if self.planar { 0..1 } else { bands.clone() },
        };
        let chunk = contained(|| self.chunk_numbers(index as u32))?;
        part.of(&chunk).ok_or_else(|| "it is shorter than it should be".into())
    }

    fn chunk_numbers(&self, index: u32) -> Result<DecodingResult, TiffError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut decoder = match idle {
            Some(decoder) => decoder,
            None => Decoder::new(self.source.open()?)?.with_limits(self.limits.clone()),
        };
        let numbers = decoder.read_chunk(index);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(decoder);
        numbers
    }
}

/// What to take out of a chunk, counted from its first pixel.
struct Part {
    width: usize,
    depth: usize,
    lines: Range<usize>,
    samples: Range<usize>,
    bands: Range<usize>,
}

impl Part {
    fn of(&self, chunk: &DecodingResult) -> Option<Vec<f32>> {
        match chunk {
            DecodingResult::U8(v) => self.take(v, f32::from),
            DecodingResult::I8(v) => self.take(v, f32::from),
            DecodingResult::U16(v) => self.take(v, f32::from),
            DecodingResult::I16(v) => self.take(v, f32::from),
            DecodingResult::U32(v) => self.take(v, |x| x as f32),
            DecodingResult::I32(v) => self.take(v, |x| x as f32),
            DecodingResult::U64(v) => self.take(v, |x| x as f32),
            DecodingResult::I64(v) => self.take(v, |x| x as f32),
            DecodingResult::F32(v) => self.take(v, |x| x),
            DecodingResult::F64(v) => self.take(v, |x| x as f32),
            DecodingResult::F16(_) => None,
        }
    }

    fn take<T: Copy>(&self, chunk: &[T], float: impl Fn(T) -> f32) -> Option<Vec<f32>> {
        let mut values =
            Vec::with_capacity(self.lines.len() * self.samples.len() * self.bands.len());
        for line in self.lines.clone() {
            for sample in self.samples.clone() {
                let pixel = (line * self.width + sample) * self.depth;
                let bands = chunk.get(pixel + self.bands.start..pixel + self.bands.end)?;
                values.extend(bands.iter().map(|&value| float(value)));
            }
        }
        Some(values)
    }
}
