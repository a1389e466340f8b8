//! One TIFF directory: sorted entries, each with its values inside or behind the directory.

pub(super) const TILE_OFFSETS: u16 = 324;

/// One field: its tag and values, already little-endian.
pub(super) struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    bytes: Vec<u8>,
}

impl Entry {
    pub(super) fn shorts(tag: u16, values: &[u16]) -> Self {
        let count = values.len() as u32;
        Self { tag, kind: 3, count, bytes: values.iter().flat_map(|v| v.to_le_bytes()).collect() }
    }

    pub(super) fn longs(tag: u16, values: &[u32]) -> Self {
        let count = values.len() as u32;
        Self { tag, kind: 4, count, bytes: values.iter().flat_map(|v| v.to_le_bytes()).collect() }
    }

    pub(super) fn doubles(tag: u16, values: &[f64]) -> Self {
        let count = values.len() as u32;
        Self { tag, kind: 12, count, bytes: values.iter().flat_map(|v| v.to_le_bytes()).collect() }
    }

    pub(super) fn text(tag: u16, value: &str) -> Self {
        let mut bytes = value.as_bytes().to_vec();
        bytes.push(0);
        Self { tag, kind: 2, count: bytes.len() as u32, bytes }
    }

    /// Bytes behind the directory: none for up to four, else an even number.
    fn outside(&self) -> usize {
        if self.bytes.len() > 4 { self.bytes.len().next_multiple_of(2) } else { 0 }
    }
}

/// The entries of one image.
pub(super) struct Directory(Vec<Entry>);

impl Directory {
    /// TIFF wants its tags in rising order.
    pub(super) fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|entry| entry.tag);
        Self(entries)
    }

    pub(super) fn set_tile_offsets(&mut self, offsets: &[u32]) {
        for entry in self.0.iter_mut().filter(|entry| entry.tag == TILE_OFFSETS) {
            *entry = Entry::longs(TILE_OFFSETS, offsets);
        }
    }

    fn table_bytes(&self) -> usize {
        2 + 12 * self.0.len() + 4
    }

    /// Bytes of the table and of the values behind it.
    pub(super) fn len_bytes(&self) -> usize {
        self.table_bytes() + self.0.iter().map(Entry::outside).sum::<usize>()
    }

    /// The bytes of a directory that starts at `at`; `next` is where the next one starts, or 0.
    pub(super) fn encode(&self, at: u32, next: u32) -> Vec<u8> {
        let mut table = (self.0.len() as u16).to_le_bytes().to_vec();
        let mut values = Vec::new();
        for entry in &self.0 {
            table.extend(entry.tag.to_le_bytes());
            table.extend(entry.kind.to_le_bytes());
            table.extend(entry.count.to_le_bytes());
            if entry.outside() == 0 {
                table.extend(entry.bytes.iter().copied().chain([0; 4]).take(4));
            } else {
                let offset = at + (self.table_bytes() + values.len()) as u32;
                table.extend(offset.to_le_bytes());
                values.extend(&entry.bytes);
                values.resize(values.len().next_multiple_of(2), 0);
            }
        }
        table.extend(next.to_le_bytes());
        table.extend(values);
        table
    }
}
