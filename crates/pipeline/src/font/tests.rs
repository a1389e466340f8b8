use plotters::prelude::*;

use super::*;

#[test]
fn text_leaves_ink_after_registering() {
    register().unwrap();
    let (width, height) = (120, 30);
    let mut pixels = vec![255_u8; width * height * 3];
    {
        let area = BitMapBackend::with_buffer(&mut pixels, (width as u32, height as u32))
            .into_drawing_area();
        area.draw(&Text::new("σ cm²", (5, 5), (FAMILY, 18))).unwrap();
        area.present().unwrap();
    }

    let dark = pixels.chunks(3).filter(|p| p[0] < 128).count();

    assert!((30..600).contains(&dark), "{dark} dark pixels");
}
