//! A picture made again from its pixels.

use crate::product::Image;

/// So that no side is longer than asked for; each pixel is the mean of those that it covers, two or more. None for a
/// picture whose pixels are not all there, or that has one alone.
pub(crate) fn reduced(image: &Image, longest_px: u32) -> Option<Image> {
    let longest = image.width_px.max(image.height_px);
    if !super::whole(image) || longest_px == 0 || longest < 2 {
        return None;
    }
    // At least by half, so that no pixel leaves as it was.
    let every = longest.div_ceil(longest_px).max(2);
    let blocks = |side: u32| (side / every).max(1);
    let (width_px, height_px) = (blocks(image.width_px), blocks(image.height_px));
    // The last has what is over, which alone could be a single pixel.
    let block = |at: u32, side: u32| {
        let end = if at + 1 == blocks(side) { side } else { at * every + every };
        (at * every)..end
    };
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
