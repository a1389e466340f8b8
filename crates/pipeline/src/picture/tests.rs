use cathartes_core::{
    estimate::Estimate,
    geometry::{Crs, MapGrid, PixelSteps},
    units::{Degrees, Metres, PpmMetres},
};

use super::{canvas::Canvas, colour::Stretch, view::View, *};

fn view() -> View {
    View { lines: 10..30, samples: 0..40, left: 5, top: 7, across: 2.5, down: 2.5 }
}

#[test]
fn every_picture_pixel_has_an_image_pixel_and_places_agree() {
    let view = view();
    assert_eq!((view.width(), view.height()), (100, 50));
    for column in 0..view.width() {
        let under = view.samples_under(column);
        assert!(!under.is_empty() && under.end <= 40, "{under:?}");
    }
    assert_eq!(view.lines_under(49).end, 30);
    assert_eq!(view.place(PixelPlace { line_px: 10.0, sample_px: 4.0 }), (15, 7));
}

#[test]
fn a_reduced_picture_leaves_no_image_pixel_out() {
    let small = View { across: 0.3, down: 0.3, ..view() };
    let mut seen: Vec<usize> = (0..small.width()).flat_map(|c| small.samples_under(c)).collect();
    seen.dedup();
    assert_eq!(seen, (0..40).collect::<Vec<_>>());
}

#[test]
fn pixels_that_are_longer_than_wide_are_drawn_so() {
    let grid = MapGrid {
        crs: Crs::Utm { zone: 11, north: true },
        origin: [353_000.0, 3_813_000.0],
        per_sample: [5.0, 0.0],
        per_line: [0.0, -10.0],
    };
    let (across, down) = scale(100, 100, &Geometry::Map(grid));
    assert!((down / across - 2.0).abs() < 1e-3, "{across} {down}");
    assert!((100.0 * down - 960.0).abs() < 1.0, "{down}");
    assert_eq!(scale(4000, 500, &Geometry::Unknown), (0.5, 0.5));
}

#[test]
fn scales_are_round() {
    assert_eq!([0.7, 1.0, 130.0, 2010.0].map(marks::round_up), [1.0, 1.0, 200.0, 5000.0]);
    assert_eq!(marks::thousands(1_234_567.8), "1,234,568");
    assert_eq!(marks::thousands(-999.6), "-1,000");
    assert_eq!(marks::thousands(-0.2), "0");
}

#[test]
fn north_is_where_the_axes_put_it() {
    let steps = |sample: f64, line: f64| PixelSteps {
        per_sample: Metres(1.0),
        per_line: Metres(1.0),
        sample_bearing: Degrees(sample),
        line_bearing: Degrees(line),
    };
    let near = |seen: (f64, f64), x: f64, y: f64| (seen.0 - x).hypot(seen.1 - y) < 1e-9;
    assert!(near(marks::toward(&steps(90.0, 180.0), 0.0), 0.0, -1.0));
    assert!(near(marks::toward(&steps(0.0, 90.0), 0.0), 1.0, 0.0));
    // Flown to the north, the next line lies further north.
    assert!(near(marks::toward(&steps(90.0, 0.0), 90.0), 1.0, 0.0));
    assert!(near(marks::toward(&steps(90.0, 0.0), 0.0), 0.0, 1.0));
}

#[test]
fn colours_rise_in_brightness() {
    let brightness = |share: f64| {
        let [r, g, b] = colour::inferno(share).map(f64::from);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let steps: Vec<f64> = (0..=20).map(|i| brightness(f64::from(i) / 20.0)).collect();
    assert!(steps.is_sorted());
    assert_eq!(colour::inferno(f64::NAN), colour::inferno(0.0));
}

#[test]
fn a_stretch_leaves_two_in_a_hundred_at_either_end() {
    let stretch = Stretch::learn((0..=100_u8).map(f32::from));
    assert_eq!((stretch.apply(1.0), stretch.apply(99.0)), (0, 255));
    assert!(stretch.apply(50.0) > 127);
    assert_eq!(stretch.apply(f32::NAN), 0);
    assert_eq!(Stretch::learn([3.0; 4].into_iter()).apply(3.0), 155);
}

#[test]
fn outlines_and_numbers_leave_ink_where_the_plume_is() {
    let at = |line_px, sample_px| PixelPlace { line_px, sample_px };
    let plume = Plume {
        number: 3,
        gas: "ch4".into(),
        pixels: vec![(15, 10)],
        outline: vec![vec![
            at(15.0, 10.0),
            at(15.0, 20.0),
            at(25.0, 20.0),
            at(25.0, 10.0),
            at(15.0, 10.0),
        ]],
        origin: at(15.5, 10.5),
        false_alarm_probability: 1e-6,
        peak: Estimate { value: PpmMetres(1.0), std: PpmMetres(1.0) },
        length: None,
        area: None,
        mass: None,
        rate_by_mass: None,
        rate_by_mass_range: None,
        rate_by_sections: None,
        rate_by_sections_range: None,
        look_alike: None,
        identification: None,
        emitter: None,
    };
    let mut canvas = Canvas::new(120, 70, [200; 3]);
    canvas
        .draw(|area| {
            marks::outline(area, &view(), &plume)?;
            marks::number(area, &view(), &plume)
        })
        .unwrap();

    let inked = |xs: std::ops::Range<usize>, ys: std::ops::Range<usize>| {
        xs.flat_map(|x| ys.clone().map(move |y| (x, y))).any(|(x, y)| canvas.at(x, y) != [200; 3])
    };
    assert!(inked(28..33, 25..40), "left edge");
    assert!(inked(60..75, 7..22), "number");
    assert!(!inked(95..105, 40..60), "nothing elsewhere");
}
