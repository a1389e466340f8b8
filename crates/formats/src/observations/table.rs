//! Observations as CSV with a header; columns in any order, others beside them.

use std::collections::BTreeMap;

use super::{ImportError, Imported, Mapping, door::names_somebody, row::Row};

const REMEDY: &str = "save the file as UTF-8 text with commas between values and a header";

pub(super) fn read(bytes: &[u8], mapping: &Mapping) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    each_row(bytes, mapping, |row, fields| {
        let observation = fields.and_then(|fields| Row::of(mapping, &fields).observation(None));
        imported.add(row, observation);
    })?;
    Ok(imported)
}

/// Calls for each row with its line and its texts by title.
pub(crate) fn each_row(
    bytes: &[u8],
    mapping: &Mapping,
    mut take: impl FnMut(u64, Result<BTreeMap<String, String>, String>),
) -> Result<(), ImportError> {
    let bytes = super::unmarked(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(bytes);
    let titles = titles(&mut reader, mapping)?;
    let mut record = csv::ByteRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(()),
            // Reading bytes from memory, only a fault of the row is left.
            Err(error) => take(line, Err(super::first_line(&error.to_string()))),
            Ok(true) => {
                let line = record.position().map_or(line, csv::Position::line);
                take(line, fields(&titles, &record));
            }
        }
    }
}

fn titles(reader: &mut csv::Reader<&[u8]>, mapping: &Mapping) -> Result<Vec<String>, ImportError> {
    let refused =
        |reason: &str| ImportError::Refused { line: 1, reason: reason.into(), remedy: REMEDY };
    let header = reader.headers().map_err(|_| refused("the header is no UTF-8 text"))?;
    if header.iter().all(str::is_empty) {
        return Err(refused("there is no header"));
    }
    let titles: Vec<String> = header.iter().map(str::to_owned).collect();
    if let Some(column) = titles.iter().find(|t| names_somebody(t)) {
        return Err(ImportError::Somebody { column: column.clone() });
    }
    let absent = |theirs: &&String| !titles.contains(theirs);
    if let Some(name) = mapping.columns.values().find(absent) {
        let remedy = "is no column of the file; take it from the header as it stands there";
        return Err(ImportError::Mapping { name: name.clone(), remedy });
    }
    Ok(titles)
}

fn fields(titles: &[String], record: &csv::ByteRecord) -> Result<BTreeMap<String, String>, String> {
    if record.len() != titles.len() {
        let (has, needs) = (record.len(), titles.len());
        return Err(format!("{has} values under {needs} titles; quote values that hold commas"));
    }
    let mut fields = BTreeMap::new();
    for (title, value) in titles.iter().zip(record) {
        let value = std::str::from_utf8(value)
            .map_err(|_| format!("`{title}` is no UTF-8 text; save the file as UTF-8"))?;
        fields.insert(title.clone(), value.to_owned());
    }
    Ok(fields)
}
