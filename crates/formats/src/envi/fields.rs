//! The raw fields of an ENVI header: the word `ENVI`, then `key = value` lines. A value in braces
//! may run on over several lines; a line that starts with `;` is a comment; keys ignore case.

use std::collections::HashMap;

/// Where a header stopped making sense, and why.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HeaderError {
    /// The first line is not `ENVI`.
    #[error("not an ENVI header: the first line must be `ENVI`")]
    NotEnvi,
    /// More text than any header needs.
    #[error("{bytes} bytes are no header; name the image's `.hdr` file")]
    TooLong {
        /// Size of the file.
        bytes: u64,
    },
    /// A brace that never closes.
    #[error("line {line}: `{key}` opens a brace that never closes; add the `}}`")]
    OpenBrace {
        /// Line the value starts on, from 1.
        line: usize,
        /// Its key.
        key: String,
    },
    /// A key given twice; we will not choose.
    #[error("line {line}: `{key}` is given twice; remove one")]
    Repeated {
        /// Line of the second.
        line: usize,
        /// The key.
        key: String,
    },
    /// A key we cannot do without.
    #[error("`{key}` is missing; {remedy}")]
    Missing {
        /// The key.
        key: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A value that does not say what its key needs.
    #[error("line {line}: `{key}` cannot be `{value}`; {remedy}")]
    Invalid {
        /// Line the value starts on, from 1.
        line: usize,
        /// Its key.
        key: &'static str,
        /// What stands there, shortened when long.
        value: String,
        /// What to do.
        remedy: &'static str,
    },
    /// One entry of a list that does not say what its key needs.
    #[error("line {line}: `{key}` of band {band} cannot be `{value}`; {remedy}")]
    Entry {
        /// Line the list starts on, from 1.
        line: usize,
        /// Its key.
        key: &'static str,
        /// Band, from 1.
        band: usize,
        /// What stands there, shortened when long.
        value: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A list of the wrong length.
    #[error(
        "line {line}: `{key}` has {entries} entries, `bands` says {bands}; correct one of them"
    )]
    Count {
        /// Line the list starts on, from 1.
        line: usize,
        /// Its key.
        key: &'static str,
        /// Entries in it.
        entries: usize,
        /// Entries it should have.
        bands: usize,
    },
    /// Wavelengths without a unit.
    #[error(
        "line {line}: `wavelength` has no unit: nanometres and micrometres differ by a thousand; \
         add `wavelength units = Nanometers` (or Micrometers)"
    )]
    NoUnit {
        /// Line the wavelengths start on, from 1.
        line: usize,
    },
    /// A file of bands that is not for this image.
    #[error(
        "`bands` says {bands}, the file of wavelengths given has {entries}; give the one of this \
         instrument"
    )]
    Given {
        /// Bands in the file of wavelengths.
        entries: usize,
        /// Bands of the image.
        bands: usize,
    },
    /// Wavelengths that fall or stand still.
    #[error(
        "line {line}: `{key}` {value_nm} nm of band {band} does not rise above the {before_nm} nm before \
         it; put the bands in order of rising wavelength"
    )]
    NotRising {
        /// Line the list starts on, from 1.
        line: usize,
        /// Its key.
        key: &'static str,
        /// Band, from 1.
        band: usize,
        /// Its wavelength.
        value_nm: f64,
        /// That of the band before.
        before_nm: f64,
    },
}

/// The fields: lower-case key to line number and value without its braces.
pub(super) struct Fields(HashMap<String, (usize, String)>);

impl Fields {
    pub(super) fn split(text: &str) -> Result<Self, HeaderError> {
        let mut rows = (1..).zip(text.trim_start_matches('\u{feff}').lines());
        if rows.next().is_none_or(|(_, first)| first.trim() != "ENVI") {
            return Err(HeaderError::NotEnvi);
        }
        let mut fields = HashMap::new();
        while let Some((line, row)) = rows.next() {
            let Some((key, value)) = row.split_once('=').filter(|_| !row.starts_with(';')) else {
                continue;
            };
            let key = key.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            let mut value = value.trim().to_owned();
            if value.starts_with('{') {
                let mut closed = value.contains('}');
                while !closed {
                    let Some((_, more)) = rows.next() else {
                        return Err(HeaderError::OpenBrace { line, key });
                    };
                    closed = more.contains('}');
                    value.push(' ');
                    value.push_str(more.trim());
                }
                value = String::from(value.trim_matches(['{', '}', ' ', '\t']));
            }
            if fields.contains_key(&key) {
                return Err(HeaderError::Repeated { line, key });
            }
            fields.insert(key, (line, value));
        }
        Ok(Self(fields))
    }

    /// Line number and value.
    pub(super) fn get(&self, key: &str) -> Option<(usize, &str)> {
        self.0.get(key).map(|(line, value)| (*line, value.as_str()))
    }

    /// A value that must be there.
    pub(super) fn need<T>(
        &self,
        key: &'static str,
        remedy: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, HeaderError> {
        self.want(key, remedy, read)?.ok_or(HeaderError::Missing { key, remedy })
    }

    /// A value that may be there.
    pub(super) fn want<T>(
        &self,
        key: &'static str,
        remedy: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, HeaderError> {
        let Some((line, value)) = self.get(key) else { return Ok(None) };
        let invalid = || HeaderError::Invalid { line, key, value: shortened(value), remedy };
        read(value).ok_or_else(invalid).map(Some)
    }

    /// A list with one number a band, which may be there.
    pub(super) fn numbers(
        &self,
        key: &'static str,
        bands: usize,
        allowed: impl Fn(f64) -> bool,
    ) -> Result<Option<(usize, Vec<f64>)>, HeaderError> {
        let Some((line, list)) = self.get(key) else { return Ok(None) };
        let mut values = Vec::new();
        for (band, text) in (1..).zip(entries(list)) {
            let value =
                text.parse().ok().filter(|value: &f64| value.is_finite() && allowed(*value));
            values.push(value.ok_or_else(|| HeaderError::Entry {
                line,
                key,
                band,
                value: shortened(text),
                remedy: "write a number that makes sense there",
            })?);
        }
        if values.len() == bands {
            return Ok(Some((line, values)));
        }
        Err(HeaderError::Count { line, key, entries: values.len(), bands })
    }
}

/// The entries of a list; a comma after the last is forgiven.
pub(super) fn entries(list: &str) -> impl Iterator<Item = &str> {
    let list = list.trim().trim_end_matches(',');
    list.split(',').map(str::trim).filter(move |_| !list.is_empty())
}

/// Enough of a value to find it by.
pub(super) fn shortened(value: &str) -> String {
    match value.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &value[..end]),
        None => value.to_owned(),
    }
}
