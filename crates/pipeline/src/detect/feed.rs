//! Lines as they come: from a file that grows, or from standard input.

use std::{
    io::{self, Read, Stdin},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context;
use cathartes_core::{
    cube::{CubeInfo, CubeSource, ReadError, Window},
    provenance::Input,
};
use cathartes_formats::{
    band_table::BandTable,
    envi::{EnviSource, Header, LineReader},
};

use crate::digest::Running;

/// Where lines come from.
pub(crate) enum Feed {
    /// A file that grows, and how many of its lines were taken.
    File { source: Box<EnviSource>, taken: usize },
    /// Standard input.
    Pipe(Box<Pipe>),
}

/// What there is.
pub(crate) enum Next {
    /// The next line.
    Line,
    /// Nothing at the moment.
    NotYet,
    /// Nothing any more.
    End,
}

impl Feed {
    pub(crate) fn open(
        path: &Path,
        header: Option<&Path>,
        bands: Option<&BandTable>,
    ) -> anyhow::Result<Self> {
        if path != Path::new("-") {
            let source = Box::new(EnviSource::open_growing(path, bands)?);
            return Ok(Self::File { source, taken: 0 });
        }
        let header = header.context(
            "standard input has no header of its own: name the ENVI header by --header FILE",
        )?;
        let running = Arc::new(Mutex::new(Running::default()));
        let input = Counted { input: io::stdin(), running: running.clone() };
        let said = Header::open(header, bands)?;
        let holes = said.frame.ignore.is_some();
        let reader = LineReader::new(said, input, "standard input")
            .with_context(|| header.display().to_string())?;
        let (header, held) = (header.to_owned(), Vec::new());
        let pipe = Pipe { reader, header, running, holes, bands: Vec::new(), held };
        Ok(Self::Pipe(Box::new(pipe)))
    }

    pub(crate) fn info(&self) -> &CubeInfo {
        match self {
            Self::File { source, .. } => source.info(),
            Self::Pipe(pipe) => pipe.reader.info(),
        }
    }

    /// Says which bands will be asked for once the line is whole; a file keeps all of them.
    pub(crate) fn keep(&mut self, mut bands: Vec<usize>) {
        if let Self::Pipe(pipe) = self {
            bands.sort_unstable();
            bands.dedup();
            pipe.bands = bands;
        }
    }

    /// Fills `out` with the bands of the next line.
    pub(crate) fn next(&mut self, bands: &[usize], out: &mut [f32]) -> anyhow::Result<Next> {
        let (source, taken) = match self {
            Self::Pipe(pipe) => return pipe.next(bands, out),
            Self::File { source, taken } => (source, taken),
        };
        let info = source.info();
        if info.lines != 0 && *taken == info.lines {
            return Ok(Next::End);
        }
        if *taken >= source.lines_present()? {
            return Ok(Next::NotYet);
        }
        source.read(&Window { lines: *taken..*taken + 1, samples: 0..info.samples }, bands, out)?;
        *taken += 1;
        Ok(Next::Line)
    }
}

/// Counts and digests what passes.
struct Counted {
    input: Stdin,
    running: Arc<Mutex<Running>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.running.lock().unwrap_or_else(PoisonError::into_inner).add(&buffer[..n]);
        Ok(n)
    }
}

/// Standard input, with all bands of the image kept that the search will ask for again.
pub(crate) struct Pipe {
    reader: LineReader<Counted>,
    header: PathBuf,
    running: Arc<Mutex<Running>>,
    holes: bool,
    bands: Vec<usize>,
    held: Vec<f32>,
}

impl Pipe {
    fn next(&mut self, bands: &[usize], out: &mut [f32]) -> anyhow::Result<Next> {
        let (samples, width) = (self.reader.info().samples, self.bands.len());
        let mut line = vec![0.0; samples * width];
        if !self.reader.next_line(&self.bands, &mut line)? {
            return Ok(Next::End);
        }
        let places: Vec<usize> =
            bands.iter().filter_map(|band| self.bands.binary_search(band).ok()).collect();
        for (out, spectrum) in out.chunks_exact_mut(places.len()).zip(line.chunks_exact(width)) {
            for (value, &place) in out.iter_mut().zip(&places) {
                *value = spectrum[place];
            }
        }
        self.held.extend(line);
        Ok(Next::Line)
    }

    /// The line as an image, and what came.
    pub(crate) fn finish(self) -> anyhow::Result<(Held, Input)> {
        let Self { reader, header, running, holes, bands, held: values } = self;
        let info = reader.info().clone();
        let info = CubeInfo { lines: reader.finish()?, ..info };
        let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
        let input = std::mem::take(&mut *running).finish("standard input");
        Ok((Held { info, header, holes, bands, values }, input))
    }
}

/// An image in memory, as far as a search asks for it.
pub(crate) struct Held {
    info: CubeInfo,
    header: PathBuf,
    holes: bool,
    /// Bands held, rising.
    bands: Vec<usize>,
    values: Vec<f32>,
}

impl CubeSource for Held {
    fn info(&self) -> &CubeInfo {
        &self.info
    }

    fn declares_no_data(&self) -> bool {
        self.holes
    }

    fn files(&self) -> Vec<PathBuf> {
        vec![self.header.clone()]
    }

    fn read(&self, window: &Window, bands: &[usize], out: &mut [f32]) -> Result<(), ReadError> {
        let wrong = |message: String| ReadError { file: "standard input".to_owned(), message };
        let places: Vec<usize> = bands
            .iter()
            .map(|band| self.bands.binary_search(band))
            .collect::<Result<_, _>>()
            .map_err(|_| wrong("a band that was not kept was asked for".to_owned()))?;
        if window.lines.end > self.info.lines || window.samples.end > self.info.samples {
            return Err(wrong("a window outside the image was asked for".to_owned()));
        }
        let pixels = window.lines.clone().flat_map(|l| window.samples.clone().map(move |s| (l, s)));
        for (out, (line, sample)) in out.chunks_exact_mut(bands.len()).zip(pixels) {
            let at = (line * self.info.samples + sample) * self.bands.len();
            for (value, &place) in out.iter_mut().zip(&places) {
                *value = self.values[at + place];
            }
        }
        Ok(())
    }
}

/// The lines of an image that came before it stopped growing.
pub(crate) struct Cut {
    source: EnviSource,
    info: CubeInfo,
}

impl Cut {
    pub(crate) fn new(source: EnviSource, lines: usize) -> Self {
        let mut info = CubeInfo { lines, ..source.info().clone() };
        info.notes.push(format!("followed in flight; {lines} lines came"));
        Self { source, info }
    }
}

impl CubeSource for Cut {
    fn info(&self) -> &CubeInfo {
        &self.info
    }

    fn declares_no_data(&self) -> bool {
        self.source.declares_no_data()
    }

    fn files(&self) -> Vec<PathBuf> {
        self.source.files()
    }

    fn read(&self, window: &Window, bands: &[usize], out: &mut [f32]) -> Result<(), ReadError> {
        self.source.read(window, bands, out)
    }
}
