//! Variables and attributes by path, with their absence told from their damage.

use hdf5_reader::{Attribute, Dataset, Datatype, Hdf5File, SliceInfo};

use super::NetcdfError;
use crate::tiles::contained;

/// A variable of two dimensions: its shape and its numbers.
pub(crate) type Plane = ([usize; 2], Vec<f64>);

/// An open file.
pub(crate) struct Variables<'f> {
    pub(crate) file: &'f Hdf5File,
    /// No variable may declare more bytes than this.
    pub(crate) most_bytes: u64,
}

/// Reads any kind of number as `T`, a float.
macro_rules! numbers_as {
    ($dataset:expr, $selection:expr, $float:ty, $convert:expr) => {{
        let (dataset, selection) = ($dataset, $selection);
        macro_rules! read {
            ($kind:ty) => {
                contained(|| dataset.read_slice::<$kind>(selection))
                    .map(|values| values.into_iter().map($convert).collect::<Vec<$float>>())
            };
        }
        match dataset.dtype() {
            Datatype::FloatingPoint { size: 4, .. } => read!(f32),
            Datatype::FloatingPoint { size: 8, .. } => read!(f64),
            Datatype::FixedPoint { size: 1, signed: true, .. } => read!(i8),
            Datatype::FixedPoint { size: 1, signed: false, .. } => read!(u8),
            Datatype::FixedPoint { size: 2, signed: true, .. } => read!(i16),
            Datatype::FixedPoint { size: 2, signed: false, .. } => read!(u16),
            Datatype::FixedPoint { size: 4, signed: true, .. } => read!(i32),
            Datatype::FixedPoint { size: 4, signed: false, .. } => read!(u32),
            _ => Err("it holds no numbers of a kind we read".to_owned()),
        }
    }};
}

/// A part of a variable as `f32`; a 32-bit float arrives as it is.
pub(crate) fn floats(dataset: &Dataset, selection: &SliceInfo) -> Result<Vec<f32>, String> {
    if matches!(dataset.dtype(), Datatype::FloatingPoint { size: 4, .. }) {
        return contained(|| {
            let values = dataset.read_slice::<f32>(selection)?;
            let (values, offset) = values.into_raw_vec_and_offset();
            debug_assert!(offset.is_none_or(|at| at == 0), "a fresh array starts at its start");
            Ok::<_, hdf5_reader::error::Error>(values)
        });
    }
    numbers_as!(dataset, selection, f32, |value| num(f64::from(value)))
}

fn num(value: f64) -> f32 {
    value as f32
}

impl Variables<'_> {
    /// Names of the groups and of the variables directly under `group`.
    pub(crate) fn members(&self, group: &str) -> Result<(Vec<String>, Vec<String>), NetcdfError> {
        contained(|| self.file.group(group)?.member_names())
            .map_err(|reason| damaged(&format!("group `{group}`"), reason))
    }

    /// A variable, or none when there is no such name.
    pub(crate) fn find(&self, group: &str, name: &str) -> Result<Option<Dataset>, NetcdfError> {
        if !self.members(group)?.1.iter().any(|member| member == name) {
            return Ok(None);
        }
        let path = path(group, name);
        let dataset = contained(|| self.file.dataset(&path))
            .map_err(|reason| damaged(&format!("`{path}`"), reason))?;
        let bytes = dataset
            .shape()
            .iter()
            .try_fold(4u64, |bytes, &extent| bytes.checked_mul(extent))
            .filter(|&bytes| bytes <= self.most_bytes);
        if bytes.is_none() {
            let reason = format!(
                "it declares shape {:?}, more than this file can hold even packed",
                dataset.shape()
            );
            return Err(damaged(&format!("`{path}`"), reason));
        }
        Ok(Some(dataset))
    }

    /// A variable of two dimensions, with its shape, or none when there is no such name.
    pub(crate) fn plane(&self, group: &str, name: &str) -> Result<Option<Plane>, NetcdfError> {
        let Some(dataset) = self.find(group, name)? else { return Ok(None) };
        let &[rows, columns] = dataset.shape() else {
            return Err(NetcdfError::Layout {
                found: format!("`{}` has shape {:?}", path(group, name), dataset.shape()),
                expected: "two dimensions".into(),
                remedy: "use the file as its producer made it",
            });
        };
        Ok(Some(([rows as usize, columns as usize], all(group, name, &dataset)?)))
    }

    /// A text attribute of a group, when it is there and is text.
    pub(crate) fn text(&self, group: &str, name: &str) -> Option<String> {
        contained(|| self.file.group(group)?.attribute(name)?.read_string()).ok()
    }

    /// An attribute of a group as numbers, when it is there and holds some.
    pub(crate) fn numbers(&self, group: &str, name: &str) -> Option<Vec<f64>> {
        contained(|| self.file.group(group)?.attribute(name)).ok().and_then(|a| numbers(&a))
    }
}

fn damaged(what: &str, reason: String) -> NetcdfError {
    NetcdfError::Damaged { what: what.into(), reason }
}

/// Every number of a variable.
pub(crate) fn all(group: &str, name: &str, dataset: &Dataset) -> Result<Vec<f64>, NetcdfError> {
    let selection = &SliceInfo::all(dataset.ndim());
    if matches!(dataset.dtype(), Datatype::FixedPoint { size: 8, signed: true, .. }) {
        // Counts of seconds: exact as long as they are below 2⁵³.
        return contained(|| dataset.read_slice::<i64>(selection))
            .map(|values| values.into_iter().map(|v| v as f64).collect())
            .map_err(|reason| damaged(&format!("`{}`", path(group, name)), reason));
    }
    numbers_as!(dataset, selection, f64, f64::from)
        .map_err(|reason| damaged(&format!("`{}`", path(group, name)), reason))
}

/// Every text of a variable of texts.
pub(crate) fn texts(
    group: &str,
    name: &str,
    dataset: &Dataset,
) -> Result<Vec<String>, NetcdfError> {
    contained(|| dataset.read_strings())
        .map_err(|reason| damaged(&format!("`{}`", path(group, name)), reason))
}

/// A text attribute of a variable.
pub(crate) fn text(dataset: &Dataset, name: &str) -> Option<String> {
    contained(|| dataset.attribute(name)?.read_string()).ok()
}

/// A number attribute of a variable.
pub(crate) fn number(dataset: &Dataset, name: &str) -> Option<f64> {
    let attribute = contained(|| dataset.attribute(name)).ok()?;
    numbers(&attribute)?.first().copied()
}

/// Numbers stored as such, or as text with blanks between, as GDAL writes them.
fn numbers(attribute: &Attribute) -> Option<Vec<f64>> {
    let wide = || contained(|| attribute.read_1d::<f64>()).ok();
    let narrow = || {
        let values = contained(|| attribute.read_1d::<f32>()).ok()?;
        Some(values.into_iter().map(f64::from).collect())
    };
    let whole = || Some(vec![contained(|| attribute.read_as_f64()).ok()?]);
    let written = || {
        let text = contained(|| attribute.read_string()).ok()?;
        text.split_whitespace().map(|word| word.parse().ok()).collect()
    };
    wide().or_else(narrow).or_else(whole).or_else(written)
}

/// `group/name`, or `name` in the root.
pub(crate) fn path(group: &str, name: &str) -> String {
    format!("{group}/{name}").trim_start_matches('/').to_owned()
}
