use super::*;

#[test]
fn text_wraps_at_words_and_goes_on_to_the_next_page() {
    let mut paper = Paper::new("A title", "en").unwrap();
    for _ in 0..80 {
        paper.paragraph("what does not fit on a line goes on to the next one, and what does not fit on a page to the next page, until all of it stands somewhere", 11.0);
    }
    assert!(paper.pages.len() > 1);
    let inside = |item: &Item| match item {
        Item::Text { at: [x, y], size, bold, text, .. } => {
            *x >= MARGIN
                && *y <= HEIGHT - MARGIN + 1.0
                && x + text_width(text, *size, *bold) <= WIDTH - MARGIN + 1.0
        }
        Item::Line { .. } => true,
    };
    assert!(paper.pages.iter().flatten().all(inside));
    let file = paper.finish().unwrap();
    assert!(file.starts_with(b"%PDF-"));
}

#[test]
fn a_map_shows_what_frames_it_and_cuts_the_rest_off() {
    let mut paper = Paper::new("A map", "en").unwrap();
    let line = |places: Vec<[f64; 2]>, framed| Drawn {
        places,
        closed: false,
        ink: BLACK,
        width: 1.0,
        framed,
    };
    let near = line(vec![[179.99, 10.0], [-179.99, 10.01]], true);
    let far = line(vec![[170.0, 0.0], [-170.0, 20.0]], false);
    paper.map(&[near, far], 200.0);
    let points = paper.pages[0].iter().filter_map(|item| match item {
        Item::Line { points, .. } => Some(points),
        Item::Text { .. } => None,
    });
    let within = |[x, y]: &[f32; 2]| {
        (MARGIN - 0.01..=WIDTH - MARGIN + 0.01).contains(x) && (0.0..=HEIGHT).contains(y)
    };
    assert!(points.flatten().all(within));
}

#[test]
fn a_line_is_cut_at_the_sides_of_a_rectangle() {
    let bounds = [0.0, 0.0, 10.0, 10.0];
    assert_eq!(cut([[-5.0, 5.0], [15.0, 5.0]], bounds), Some([[0.0, 5.0], [10.0, 5.0]]));
    assert_eq!(cut([[-5.0, -5.0], [-1.0, 20.0]], bounds), None);
    assert_eq!(clipped(&[[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]], true, bounds).len(), 1);
}
