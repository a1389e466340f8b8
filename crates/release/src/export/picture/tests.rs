use proptest::prelude::*;

use super::*;
use crate::{
    export::tests::{site, to, with},
    recipient::Language,
};

fn written(image: Image) -> Result<Vec<u8>, PictureError> {
    let mut all = pictures(&to(Language::En, with("images[0]", Value::Picture(image))))?;
    Ok(all.remove(0).1)
}

/// Names of the chunks of a PNG, by its own lengths.
fn chunks(bytes: &[u8]) -> Vec<String> {
    let mut rest = &bytes[8..];
    let mut names = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        names.push(String::from_utf8(behind[..4].to_vec()).unwrap());
        rest = &behind[u32::from_be_bytes(*length) as usize + 8..];
    }
    names
}

#[test]
fn pictures_are_named_by_their_field() {
    let all = pictures(&to(Language::En, site())).unwrap();
    assert_eq!(all.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["images[0]"]);
}

#[test]
fn a_picture_that_its_pixels_do_not_fill_is_refused() {
    let fault = written(Image { width_px: 2, height_px: 2, rgb: vec![0; 11] }).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "`images[0]`: 2 x 2 pixels are not 11 bytes; make the picture again"
    );
    let none = Image { width_px: 0, height_px: 0, rgb: Vec::new() };
    assert!(written(none).unwrap_err().to_string().starts_with("`images[0]`: "));
    let huge = Image { width_px: u32::MAX, height_px: u32::MAX, rgb: vec![0; 3] };
    assert!(matches!(written(huge), Err(PictureError::Size { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn pixels_are_read_back_and_nothing_stands_beside_them(
        (width_px, height_px, rgb) in (1_u32..40, 1_u32..40).prop_flat_map(|(w, h)| {
            (Just(w), Just(h), prop::collection::vec(any::<u8>(), (w * h * 3) as usize))
        }),
    ) {
        let bytes = written(Image { width_px, height_px, rgb: rgb.clone() }).unwrap();
        let mut names = chunks(&bytes);
        names.dedup();
        prop_assert_eq!(names, ["IHDR", "IDAT", "IEND"]);
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let mut read = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut read).unwrap();
        prop_assert_eq!((info.width, info.height, read), (width_px, height_px, rgb));
    }
}
