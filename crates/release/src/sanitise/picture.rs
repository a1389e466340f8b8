//! A picture made again from its pixels.

use crate::product::Image;

/// So that no side is longer than asked for; each pixel is the mean of those that it covers. None for a picture
/// whose pixels are not all there.
pub(crate) fn reduced(image: &Image, longest_px: u32) -> Option<Image> {
    if !super::whole(image) || longest_px == 0 {
        return None;
    }
    let longest = image.width_px.max(image.height_px);
    // At least by half, so that no pixel leaves as it was.
    let every = longest.div_ceil(longest_px).max(2);
    let (width_px, height_px) = (image.width_px.div_ceil(every), image.height_px.div_ceil(every));
    let block = |at: u32, end: u32| (at * every)..(at * every + every).min(end);
    let mut rgb = Vec::with_capacity(3 * width_px as usize * height_px as usize);
    for row in 0..height_px {
        for column in 0..width_px {
            let rows = block(row, image.height_px);
            rgb.extend(mean(image, rows, block(column, image.width_px)));
        }
    }
    Some(Image { width_px, height_px, rgb })
}

fn mean(image: &Image, rows: std::ops::Range<u32>, columns: std::ops::Range<u32>) -> [u8; 3] {
    let count = u64::from(rows.end - rows.start) * u64::from(columns.end - columns.start);
    let mut sums = [0u64; 3];
    for row in rows {
        for column in columns.clone() {
            let at = 3 * (row as usize * image.width_px as usize + column as usize);
            for (sum, value) in sums.iter_mut().zip(&image.rgb[at..at + 3]) {
                *sum += u64::from(*value);
            }
        }
    }
    sums.map(|sum| (sum / count.max(1)) as u8)
}
