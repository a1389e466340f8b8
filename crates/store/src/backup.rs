//! A copy of the whole record in plain files, taken while everything runs, and put back into an empty
//! store of either database.
//!
//! ```text
//! FOLDER/
//!   backup.json          the version of the tables, rows and SHA-256 of every file: written last
//!   tables/TABLE.jsonl   one row a line, ids as text, bytes in hexadecimal
//!   blobs/…              the large files
//! ```
//!
//! All tables are read in one transaction, so they are of one moment. Blobs are written before the rows
//! that name them and never changed, so copying them afterwards misses none.

use std::{
    io,
    path::{Path, PathBuf},
};

use cathartes_core::{
    geometry::LatLon,
    provenance::{Digest, hexadecimal},
    units::Degrees,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, BufWriter};

use crate::{
    Store,
    audit::{Actor, Entry},
    blobs::{self, Blobs},
    database::{Arg, Row, Tx, add, composed, sql},
    error::StoreError,
    findings::Kind,
    jobs, releases, standings, tally,
};

mod tables;

use tables::{Is, Table};

/// The version of what is written here.
/// In version 1 findings were called observations, and there were no others; up to 2 there were no credentials and reviews;
/// up to 3 nothing stood in a queue; up to 4 there were no authorities and sorties; up to 5 nothing was released; up to 6 recalls
/// had no sealed file.
const VERSION: u32 = 7;
/// The first version in which everything stands somewhere in its review.
const STANDINGS: u32 = 4;
/// Rows in memory at a time.
const ROWS: i64 = 2_000;
const INSERTED: usize = 100;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupSummary {
    /// Version of the files.
    pub version: u32,
    /// By table: its name, rows and the SHA-256 of its file.
    pub tables: Vec<(String, u64, Digest)>,
    /// Large files.
    pub blobs: u64,
}

impl Store {
    /// Copies everything into a folder that is not there yet.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the folder is there, the disk is full, or a blob is missing; then no
    /// `backup.json` is written and the folder is none.
    pub async fn backup(&self, actor: &Actor, folder: &Path) -> Result<BackupSummary, StoreError> {
        let tables = folder.join("tables");
        tokio::fs::create_dir(folder).await.map_err(StoreError::disk(folder.display()))?;
        tokio::fs::create_dir(&tables).await.map_err(StoreError::disk(tables.display()))?;
        let change = self.change(actor).await?;
        let subject = folder.display().to_string();
        change.commit(Entry::new("backup.taken", subject, json!({}))).await?;
        let mut snapshot = self.pool.snapshot().await?;
        let mut written = Vec::new();
        for table in tables::all() {
            let file = tables.join(format!("{}.jsonl", table.name));
            let rows = dump(&mut snapshot, table, &file).await?;
            let digest = blobs::digest(&file).await?.sha256;
            written.push((table.name.to_owned(), rows, digest));
        }
        let blobs = self.copy_blobs(&mut snapshot, &folder.join("blobs")).await?;
        let summary = BackupSummary { version: VERSION, tables: written, blobs };
        let file = folder.join("backup.json");
        let text = serde_json::to_vec_pretty(&summary);
        let text = text.map_err(|e| StoreError::Refused(e.to_string()))?;
        tokio::fs::write(&file, text).await.map_err(StoreError::disk(file.display()))?;
        Ok(summary)
    }

    async fn copy_blobs(&self, snapshot: &mut Tx, to: &Path) -> Result<u64, StoreError> {
        let copy = Blobs::folder(to)?;
        let rows = snapshot.rows(sql("SELECT sha256 FROM blob ORDER BY sha256", [])).await?;
        for row in &rows {
            let digest = Digest(row.text(0)?);
            let file = copy.file(&digest)?;
            let parent = file.parent().unwrap_or(to);
            tokio::fs::create_dir_all(parent).await.map_err(StoreError::disk(parent.display()))?;
            self.blobs.copy(&digest, &file).await?;
        }
        Ok(rows.len() as u64)
    }

    /// Puts a backup into this store, which must be empty: all or nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] when this store holds anything, or the backup is not what its
    /// `backup.json` says.
    pub async fn restore(&self, actor: &Actor, folder: &Path) -> Result<BackupSummary, StoreError> {
        let file = folder.join("backup.json");
        let text = tokio::fs::read(&file).await.map_err(StoreError::disk(file.display()))?;
        let summary: BackupSummary = serde_json::from_slice(&text)
            .map_err(|e| StoreError::Refused(format!("{}: {e}", file.display())))?;
        if !(1..=VERSION).contains(&summary.version) {
            let version = summary.version;
            let what =
                format!("the backup is of version {version}, this program reads 1 to {VERSION}");
            return Err(StoreError::Refused(what));
        }
        if self.audit_seq().await? != 0 {
            let what = "the store is not empty: restore into a new folder or database";
            return Err(StoreError::Refused(what.to_owned()));
        }
        self.put_blobs(&folder.join("blobs"), &folder.join("tables/blob.jsonl")).await?;
        let mut change = self.change(actor).await?;
        for (name, rows, digest) in &summary.tables {
            let now = match (summary.version, name.as_str()) {
                (1, "observation") => "finding",
                (_, name) => name,
            };
            let table = tables::all().find(|table| table.name == now);
            let table = table.ok_or_else(|| StoreError::Refused(format!("no table `{name}`")))?;
            let file = folder.join("tables").join(format!("{name}.jsonl"));
            intact(&file, digest).await?;
            let mut lines = lines(&file).await?;
            let mut done = 0;
            while let Some(mut some) = next(&mut lines, &file).await? {
                done += some.len() as u64;
                if table.name == "review" && summary.version < STANDINGS {
                    some.iter_mut().for_each(in_the_first_round);
                }
                change.run(insert(table, &some, &file)?).await?;
                if table.name == "finding" {
                    let all = some.iter().map(counted).collect::<Result<Vec<_>, _>>()?;
                    let all =
                        all.iter().map(|(kind, at)| (*kind, at.as_ref().map(|(p, s)| (*p, s))));
                    tally::count(&mut change, all).await?;
                }
            }
            if done != *rows {
                let what = format!("{} has {done} rows of {rows}", file.display());
                return Err(StoreError::Refused(what));
            }
        }
        if summary.version < STANDINGS {
            standings::from_what_is_here(&mut change).await?;
        }
        releases::what_waits(&mut change).await?;
        let head = "UPDATE audit_head SET seq = (SELECT MAX(seq) FROM audit), \
                    hash = (SELECT hash FROM audit ORDER BY seq DESC LIMIT 1) WHERE one = 1";
        change.run(sql(head, [])).await?;
        // A worker that held a job then does not hold it here.
        let free = "UPDATE job SET state = 'queued', owner = NULL, lease_until_us = NULL \
                    WHERE state = 'leased'";
        change.run(sql(free, [])).await?;
        // Sites are in no backup: they are folded anew.
        let fold = jobs::ask_for_fold(&mut change).await?;
        let again =
            "UPDATE job SET state = 'queued', attempts = 0, finished_us = NULL WHERE id = $1";
        change.run(sql(again, [fold.into()])).await?;
        let from = folder.display().to_string();
        change.commit(Entry::new("backup.restored", from, json!({}))).await?;
        Ok(summary)
    }

    async fn put_blobs(&self, from: &Path, listed: &Path) -> Result<(), StoreError> {
        let source = Blobs::folder(from)?;
        let mut lines = lines(listed).await?;
        while let Some(some) = next(&mut lines, listed).await? {
            for row in some {
                let digest = Digest(row["sha256"].as_str().unwrap_or_default().to_owned());
                let kept = self.blobs.put_file(&source.file(&digest)?).await?;
                if kept.sha256 != digest {
                    let what = format!("blob {} of the backup is damaged", digest.0);
                    return Err(StoreError::Refused(what));
                }
            }
        }
        Ok(())
    }
}

async fn dump(snapshot: &mut Tx, table: &Table, to: &Path) -> Result<u64, StoreError> {
    let shown = || StoreError::disk(to.display());
    let file = tokio::fs::File::create_new(to).await.map_err(shown())?;
    let mut file = BufWriter::new(file);
    let mut last: Vec<Arg> = Vec::new();
    let mut done = 0;
    loop {
        let rows = snapshot.rows(page(table, last)).await?;
        for row in &rows {
            let mut line = written(table, row)?.to_string();
            line.push('\n');
            file.write_all(line.as_bytes()).await.map_err(shown())?;
        }
        done += rows.len() as u64;
        match rows.last() {
            Some(row) if rows.len() as i64 == ROWS => last = key(table, row)?,
            _ => break,
        }
    }
    file.flush().await.map_err(shown())?;
    file.get_ref().sync_all().await.map_err(shown())?;
    Ok(done)
}

/// The rows that follow a key, or the first.
fn page(table: &Table, after: Vec<Arg>) -> crate::database::Sql {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let mut text = format!("SELECT {} FROM {}", names.join(", "), table.name);
    if !after.is_empty() {
        let places: Vec<String> = (1..=after.len()).map(|place| format!("${place}")).collect();
        add(&mut text, &format!(" WHERE ({}) > ({})", table.key, places.join(", ")));
    }
    add(&mut text, &format!(" ORDER BY {} LIMIT {ROWS}", table.key));
    composed(text, after)
}

/// The primary key of a row.
fn key(table: &Table, row: &Row) -> Result<Vec<Arg>, StoreError> {
    let is_key = |name: &str| table.key.split(", ").any(|part| part == name);
    let columns = table.columns.iter().enumerate().filter(|(_, (name, _))| is_key(name));
    columns.map(|(at, (_, is))| taken(row, at, *is)).collect()
}

fn taken(row: &Row, at: usize, is: Is) -> Result<Arg, StoreError> {
    Ok(match is {
        Is::Id => Arg::Id(row.maybe_id(at)?),
        Is::Int => Arg::Int(row.maybe_int(at)?),
        Is::Real => Arg::Real(row.maybe_real(at)?),
        Is::Text => Arg::Text(row.maybe_text(at)?),
        Is::Bytes => Arg::Bytes(row.maybe_bytes(at)?),
    })
}

fn written(table: &Table, row: &Row) -> Result<Value, StoreError> {
    let mut values = Map::new();
    for (at, (name, is)) in table.columns.iter().enumerate() {
        let value = match taken(row, at, *is)? {
            Arg::Id(id) => json!(id),
            Arg::Int(number) => json!(number),
            Arg::Real(number) => json!(number),
            Arg::Text(text) => json!(text),
            Arg::Bytes(bytes) => json!(bytes.map(|bytes| hexadecimal(&bytes))),
        };
        values.insert((*name).to_owned(), value);
    }
    Ok(Value::Object(values))
}

async fn intact(file: &Path, digest: &Digest) -> Result<(), StoreError> {
    if blobs::digest(file).await?.sha256 == *digest {
        return Ok(());
    }
    let what = format!("{} is not what backup.json says: take another copy", file.display());
    Err(StoreError::Refused(what))
}

type Lines = tokio::io::Lines<BufReader<tokio::fs::File>>;

async fn lines(file: &Path) -> Result<Lines, StoreError> {
    let open = tokio::fs::File::open(file).await.map_err(StoreError::disk(file.display()))?;
    Ok(BufReader::new(open).lines())
}

/// Some rows more; `None` at the end.
async fn next(lines: &mut Lines, file: &Path) -> Result<Option<Vec<Value>>, StoreError> {
    let mut rows = Vec::new();
    while rows.len() < INSERTED {
        let line = lines.next_line().await.map_err(StoreError::disk(file.display()))?;
        let Some(line) = line else { break };
        let row = serde_json::from_str(&line);
        rows.push(row.map_err(|e| StoreError::Refused(format!("{}: {e}", file.display())))?);
    }
    Ok((!rows.is_empty()).then_some(rows))
}

fn insert(table: &Table, rows: &[Value], file: &Path) -> Result<crate::database::Sql, StoreError> {
    let mut args = Vec::with_capacity(rows.len() * table.columns.len());
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        let mut place = Vec::with_capacity(table.columns.len());
        for (name, is) in table.columns {
            let value = argument(&row[*name], *is);
            let what = || format!("{}: `{name}` is {}", file.display(), row[*name]);
            args.push(value.ok_or_else(|| StoreError::Refused(what()))?);
            place.push(format!("${}", args.len()));
        }
        places.push(format!("({})", place.join(", ")));
    }
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let (names, places) = (names.join(", "), places.join(", "));
    Ok(composed(format!("INSERT INTO {} ({names}) VALUES {places}", table.name), args))
}

/// A review of before there were rounds.
fn in_the_first_round(row: &mut Value) {
    row["round"] = json!(1);
    row["stage"] = json!("first");
    row["settles"] = json!(0);
}

/// The kind of a row of findings, and its place and shape when it has both.
fn counted(row: &Value) -> Result<(Kind, Option<(LatLon, Value)>), StoreError> {
    let degrees = |name: &str| row[name].as_f64().map(Degrees);
    let place = degrees("latitude_deg").zip(degrees("longitude_deg"));
    let place = place.map(|(latitude, longitude)| LatLon { latitude, longitude });
    let shape = row["geometry"].as_str().and_then(|text| serde_json::from_str(text).ok());
    Ok((row["kind"].as_str().unwrap_or_default().parse()?, place.zip(shape)))
}

fn argument(value: &Value, is: Is) -> Option<Arg> {
    let text = value.as_str();
    Some(match (is, value.is_null()) {
        (Is::Id, true) => Arg::Id(None),
        (Is::Int, true) => Arg::Int(None),
        (Is::Real, true) => Arg::Real(None),
        (Is::Text, true) => Arg::Text(None),
        (Is::Bytes, true) => Arg::Bytes(None),
        (Is::Id, false) => Arg::Id(Some(text?.parse().ok()?)),
        (Is::Int, false) => Arg::Int(Some(value.as_i64()?)),
        (Is::Real, false) => Arg::Real(Some(value.as_f64()?)),
        (Is::Text, false) => Arg::Text(Some(text?.to_owned())),
        (Is::Bytes, false) => Arg::Bytes(Some(unhex(text?)?)),
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(pair).collect()
}

impl Blobs {
    /// Where a blob of a folder lies.
    fn file(&self, digest: &Digest) -> Result<PathBuf, StoreError> {
        let folder = self.local_folder().ok_or_else(|| {
            StoreError::disk("a backup")(io::Error::new(
                io::ErrorKind::Unsupported,
                "it is in no folder",
            ))
        })?;
        Ok(folder.join(self.key(digest)?.as_ref()))
    }
}
