//! How the numbers of an ENVI image follow one another.

/// How one number is stored, by ENVI's `data type` code. The complex types are no radiance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// 1: unsigned byte.
    U8,
    /// 2: 16-bit signed integer.
    I16,
    /// 3: 32-bit signed integer.
    I32,
    /// 4: 32-bit float.
    F32,
    /// 5: 64-bit float.
    F64,
    /// 12: 16-bit unsigned integer.
    U16,
    /// 13: 32-bit unsigned integer.
    U32,
    /// 14: 64-bit signed integer.
    I64,
    /// 15: 64-bit unsigned integer.
    U64,
}

impl Sample {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::U8,
        Self::I16,
        Self::I32,
        Self::F32,
        Self::F64,
        Self::U16,
        Self::U32,
        Self::I64,
        Self::U64,
    ];

    /// ENVI's code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::U8 => 1,
            Self::I16 => 2,
            Self::I32 => 3,
            Self::F32 => 4,
            Self::F64 => 5,
            Self::U16 => 12,
            Self::U32 => 13,
            Self::I64 => 14,
            Self::U64 => 15,
        }
    }

    /// Bytes of one number.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }
}

/// Order of the axes, slowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interleave {
    /// Band, line, sample.
    Bsq,
    /// Line, band, sample.
    Bil,
    /// Line, sample, band.
    Bip,
}

impl Interleave {
    /// Every order.
    pub const ALL: [Self; 3] = [Self::Bsq, Self::Bil, Self::Bip];

    /// ENVI's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Bsq => "bsq",
            Self::Bil => "bil",
            Self::Bip => "bip",
        }
    }
}

/// Everything it takes to find a number in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Order of the axes.
    pub interleave: Interleave,
    /// How one number is stored.
    pub sample: Sample,
    /// Whether its most significant byte comes first.
    pub big_endian: bool,
}

impl Layout {
    /// What imagers of today write: 32-bit floats, line by line, band by band.
    pub const USUAL: Self =
        Self { interleave: Interleave::Bil, sample: Sample::F32, big_endian: false };
}
