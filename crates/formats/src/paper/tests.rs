use super::{
    map::{clipped, cut},
    *,
};

#[test]
fn text_wraps_at_words_and_goes_on_to_the_next_page() {
    let mut paper = Paper::new("A title", "en");
    for _ in 0..80 {
        paper.paragraph("what does not fit on a line goes on to the next one, and what does not fit on a page to the next page, until all of it stands somewhere", 11.0);
    }
    assert!(paper.pages.len() > 1);
    let inside = |item: &Item| match item {
        Item::Text { at: [x, y], letters, text } => {
            *x >= MARGIN_PT
                && *y <= HEIGHT_PT - MARGIN_PT + 1.0
                && x + width_pt(text, *letters) <= WIDTH_PT - MARGIN_PT + 0.01
        }
        _ => true,
    };
    assert!(paper.pages.iter().flat_map(|page| &page.items).all(inside));
    let file = paper.finish().unwrap();
    assert!(file.starts_with(b"%PDF-"));
}

#[test]
fn a_map_shows_what_frames_it_and_cuts_the_rest_off() {
    let mut paper = Paper::new("A map", "en");
    let line = |places: Vec<[f64; 2]>, framed| Drawn {
        places_deg: places,
        closed: false,
        ink: BLACK,
        width_pt: 1.0,
        fill: None,
        framed,
    };
    let near = line(vec![[179.99, 10.0], [-179.99, 10.01]], true);
    let far = line(vec![[170.0, 0.0], [-170.0, 20.0]], false);
    paper.map(&[near, far], 200.0);
    let points = paper.pages[0].items.iter().filter_map(|item| match item {
        Item::Line { points, .. } => Some(points),
        _ => None,
    });
    let within = |[x, y]: &[f32; 2]| {
        (MARGIN_PT - 0.01..=WIDTH_PT - MARGIN_PT + 0.01).contains(x)
            && (0.0..=HEIGHT_PT).contains(y)
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

#[test]
fn the_same_calls_give_the_same_bytes_and_nothing_tells_by_whom() {
    let file = || {
        let mut paper = Paper::new("A title", "es");
        paper.run(Running {
            label: "TLP:AMBER".into(),
            ink: [255, 192, 0],
            head: "head".into(),
            foot: "foot".into(),
        });
        paper.paragraph("¿Qué se observó?", 11.0);
        let picture = Picture { width_px: 2, height_px: 1, rgb: vec![255, 0, 0, 0, 255, 0] };
        assert_eq!(paper.picture(&picture, [50.0, 100.0], [100.0, 100.0]), Ok([100.0, 50.0]));
        paper.squares(&[vec![true, false], vec![false, true]], [50.0, 300.0], 40.0);
        paper.finish().unwrap()
    };
    let bytes = file();

    assert_eq!(bytes, file());
    for told in ["CreationDate", "ModDate", "Producer", "Creator", "krilla", "xmp"] {
        assert!(!bytes.windows(told.len()).any(|part| part == told.as_bytes()), "{told}");
    }
}

#[test]
fn a_picture_without_its_bytes_is_refused() {
    let mut paper = Paper::new("A title", "es");
    let picture = Picture { width_px: 2, height_px: 2, rgb: vec![0; 11] };

    let refused = paper.picture(&picture, [0.0; 2], [10.0; 2]).unwrap_err();
    assert_eq!(refused.to_string(), "a picture of 2 x 2 pixels has 11 bytes, not three a pixel");
    let empty = Picture { width_px: 0, height_px: 2, rgb: vec![] };
    assert!(paper.picture(&empty, [0.0; 2], [10.0; 2]).is_err());
}

#[test]
fn a_table_goes_on_under_its_names_on_the_next_page() {
    let mut paper = Paper::new("A table", "en");
    let column = |name: &str, right| Column { name: name.into(), width_pt: 120.0, right };
    let rows: Vec<_> = (0..90).map(|n| vec![format!("row {n}"), n.to_string()]).collect();
    paper.table(&[column("what", false), column("how many", true)], &rows, 9.0);

    let said = |text: &str| {
        let on = |page: &Sheet| {
            page.items
                .iter()
                .filter(|item| matches!(item, Item::Text { text: t, .. } if t == text))
                .count()
        };
        paper.pages.iter().map(on).collect::<Vec<_>>()
    };
    assert_eq!(said("how many"), [1, 1]);
    assert_eq!(said("row 89"), [0, 1]);
}

#[test]
fn a_word_wider_than_a_line_breaks_within() {
    let letters = Letters { size_pt: 10.0, face: Face::Mono, ink: BLACK };
    let one = width_pt("M", letters);

    assert_eq!(wrapped("a bb cccccc d", letters, 4.5 * one), ["a bb", "cccc", "cc d"]);
    assert_eq!(wrapped("a\n\nb", letters, 4.5 * one), ["a", "", "b"]);
}
