#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test gives files to programs of others"
)]

use std::{fs, path::Path, process::Command};

use cathartes_core::{
    estimate::Interval90,
    geometry::LatLon,
    marking::Classification,
    observation::Period,
    units::{Degrees, KgPerHour, Metres},
};
use cathartes_formats::airspace::border;

use super::*;
use crate::{
    product::{Image, ProductKind},
    recipient::Recipient,
};

pub(crate) fn terms(language: Language) -> Terms {
    Terms {
        release: "R-7F3K".to_owned(),
        recipient: Recipient {
            code: "FGR-SON".to_owned(),
            name: "Fiscalía General, Delegación Sonora".to_owned(),
            language,
            ceiling: Classification::Restricted,
            tlp: Tlp::AmberStrict,
            rules: "partner".to_owned(),
        },
        tlp: Tlp::AmberStrict,
        made: "2026-10-06T08:30:00Z".parse().unwrap(),
        expires: "2026-11-05T08:30:00Z".parse().unwrap(),
        supersedes: Some("R-2ABC".to_owned()),
        answer_link: "https://respuesta.example/r/R-7F3K#k9Qm2xZ7".to_owned(),
        answer_code: "7K3M-9QXA-20TB".to_owned(),
    }
}

/// A plume as a picture: brighter towards its head.
fn picture(width_px: u32, height_px: u32) -> Value {
    let pixel = |x: u32, y: u32| {
        let (along, aside) =
            (f64::from(x) / f64::from(width_px), f64::from(y) / f64::from(height_px) - 0.5);
        let gas = (-(aside / (0.04 + 0.22 * along)).powi(2)).exp() * (1.0 - along).powf(0.7);
        let ground = 70.0 + 22.0 * ((f64::from(x) * 0.31).sin() * (f64::from(y) * 0.23).cos());
        [ground + 180.0 * gas, ground + 70.0 * gas, ground * (1.0 - 0.6 * gas)].map(|v| v as u8)
    };
    let pixels = (0..height_px).flat_map(|y| (0..width_px).map(move |x| (x, y)));
    let rgb = pixels.flat_map(|(x, y)| pixel(x, y)).collect();
    Value::Picture(Image { width_px, height_px, rgb })
}

fn words(text: &str) -> Value {
    Value::Words { words: text.to_owned() }
}

pub(crate) fn content() -> Content {
    let at =
        |latitude, longitude| LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) };
    let fields = [
        ("title", words("Posible sitio de proceso al norte de Ímuris")),
        (
            "what.es",
            words(
                "Desde el aire se vio amoníaco y metanol que salían de un techo de lámina en un valle sin caminos, en dos días distintos. No hay emisor registrado a menos de 20 km. Sobre el techo el aire estaba más caliente que alrededor.",
            ),
        ),
        (
            "what.en",
            words(
                "From the air, ammonia and methanol were seen leaving a sheet-metal roof in a valley without roads, on two different days. No licensed emitter is within 20 km. The air above the roof was warmer than around it.",
            ),
        ),
        (
            "unknown.es",
            words(
                "Quién está ahí y cuántos son. Si funciona hoy. Si hay otra salida de gas bajo los árboles.",
            ),
        ),
        (
            "unknown.en",
            words(
                "Who is there, and how many. Whether it runs today. Whether gas leaves elsewhere under the trees.",
            ),
        ),
        ("place", Value::Circle { middle: at(30.821_234, -110.871_12), radius: Metres(500.0) }),
        (
            "observed",
            Value::Observed(Period {
                from: "2026-10-04T15:00:00Z".parse().unwrap(),
                to: "2026-10-05T17:00:00Z".parse().unwrap(),
            }),
        ),
        ("gases", Value::Names { names: vec!["nh3".into(), "methanol".into()] }),
        ("rate", Value::Rate(Interval90 { low: KgPerHour(5.0), high: KgPerHour(20.0) })),
        ("likelihood", Value::Probability { probability: 0.87 }),
        ("confidence", Value::Name { name: "moderate".into() }),
        ("expires", Value::At { at: "2026-11-05T08:30:00Z".parse().unwrap() }),
        ("sensor", Value::Name { name: "imaging spectrometer".into() }),
        ("images[0]", picture(220, 150)),
        ("images[1]", picture(180, 150)),
    ];
    Content {
        subject: "S-4TQ9".to_owned(),
        kind: ProductKind::Site,
        fields: fields
            .into_iter()
            .map(|(path, value)| (FieldPath::new(path).unwrap(), value))
            .collect(),
    }
}

const CHECKPOINT: &str = "Registro de control / audit log: 48213 · 9F3A 77C0 1B2E 5D44 A0E1 6F29 C3B8 0D17 E4A2 58F6 2C91 7B3D";
const SETTING: Setting<'static> =
    Setting { checkpoint: CHECKPOINT, written_by: "a test", lines: &[] };

/// A place with its ellipse, two sources, and what the analysts wrote of the evidence.
fn several() -> Content {
    let at =
        |latitude, longitude| LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) };
    let ellipse = |major, minor, bearing| cathartes_core::source::Ellipse90 {
        semi_major: Metres(major),
        semi_minor: Metres(minor),
        bearing: Degrees(bearing),
    };
    let mut content = content();
    let mut put = |path: &str, value| content.fields.insert(FieldPath::new(path).unwrap(), value);
    put(
        "place",
        Value::Place { place: at(-12.046_374, 179.999), ellipse: ellipse(140.0, 60.0, 35.0) },
    );
    put(
        "sources[0].place",
        Value::Place { place: at(-12.045, -179.9995), ellipse: ellipse(40.0, 20.0, 80.0) },
    );
    put("sources[0].rate", Value::Rate(Interval90 { low: KgPerHour(1.0), high: KgPerHour(3.0) }));
    for n in 0..6 {
        let text = "Una pasada limpia el 2 de octubre no vio nada sobre el mismo techo con viento del sur.";
        put(&format!("ledger[{n}].words"), words(text));
    }
    content
}

/// A brief as `pdftotext` of Debian reads it, page by page.
fn pages(pdf: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("brief.pdf"), pdf).unwrap();
    let run = Command::new("pdftotext")
        .args(["-layout", "brief.pdf", "-"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = String::from_utf8(run.stdout).unwrap();
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

fn brief_of(content: Content, terms: Terms) -> Vec<u8> {
    brief(&Releasable::of_test(content, terms), SETTING).unwrap()
}

/// With one blank between words, as they are read.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_brief_is_a_page_in_the_language_of_the_recipient_and_one_in_the_other() {
    let pages = pages(&brief_of(content(), terms(Language::Es)));
    let [spanish, english] = &pages[..] else { panic!("{} pages", pages.len()) };
    insta::assert_snapshot!(spanish);
    insta::assert_snapshot!(english);

    let turned = self::pages(&brief_of(content(), terms(Language::En)));
    assert_eq!(turned.len(), 2);
    assert!(turned[0].contains("What to do") && turned[1].contains("Qué hacer"));
}

#[test]
fn likelihood_and_confidence_are_never_in_one_sentence() {
    for page in pages(&brief_of(content(), terms(Language::Es))) {
        let sentences = page
            .split(['.', '\n'])
            .filter(|s| s.contains("probable (80") || s.contains("likely (80"));
        for sentence in sentences {
            // Side by side on paper: two boxes with room between them.
            let beside =
                sentence.trim().split("   ").filter(|part| !part.trim().is_empty()).count();
            assert_eq!(beside, 2, "{sentence}");
        }
    }
}

#[test]
fn every_field_that_leaves_stands_on_every_page_in_its_language() {
    let content = content();
    let pages = pages(&brief_of(content.clone(), terms(Language::Es)));
    for (page, language) in pages.iter().zip([Language::Es, Language::En]) {
        let page = plain(page).replace(' ', "");
        for path in ["observed", "gases", "rate", "likelihood", "confidence", "sensor"] {
            let path = FieldPath::new(path).unwrap();
            let said = words::value(language, &path, &content.fields[&path]);
            for word in said.split_whitespace() {
                assert!(page.contains(word), "{path}: {word}");
            }
        }
        for said in ["30.82123,-110.87112", "7K3M-9QXA-20TB", "R-2ABC", "TLP:AMBER+STRICT", "7B3D"]
        {
            assert!(page.contains(said), "{said}");
        }
    }
}

#[test]
fn a_brief_of_nothing_but_an_area_is_a_brief_and_one_of_no_place_says_so() {
    let mut bare = content();
    bare.fields.retain(|path, _| path.as_str() == "place");
    let text = pages(&brief_of(bare.clone(), terms(Language::En)));
    assert!(text[0].contains("Nothing was said about this.") && text[0].contains("not given"));

    bare.fields.clear();
    let text = pages(&brief_of(bare, terms(Language::En)));
    assert!(text[0].contains("No place is given."), "{}", text[0]);
    assert!(text[1].contains("No se indica el lugar."), "{}", text[1]);
}

#[test]
fn more_than_a_page_holds_goes_on_and_nothing_is_lost() {
    let mut long = content();
    let sentence = |n: usize| format!("Frase {n} de lo observado, con algo más que decir.");
    let text = (0..120).map(sentence).collect::<Vec<_>>().join(" ");
    long.fields.insert(FieldPath::new("what.es").unwrap(), words(&text));
    for n in 2..9 {
        let path = FieldPath::new(format!("images[{n}]")).unwrap();
        long.fields.insert(path, picture(300, 200));
    }
    let pages = pages(&brief_of(long, terms(Language::Es)));
    let all = plain(&pages.join(" "));

    assert!(pages.len() > 2);
    assert!((0..120).all(|n| all.contains(&format!("Frase {n} "))), "{all}");
    assert!((1..=9).all(|n| all.contains(&format!("Imagen {n}"))), "{all}");
    assert!(pages.iter().all(|page| page.matches("TLP:AMBER+STRICT").count() == 2));
}

#[test]
fn the_same_release_gives_the_same_pages_and_they_tell_title_and_language_alone() {
    let bytes = brief_of(content(), terms(Language::Es));
    let there = |told: &str| bytes.windows(told.len()).any(|part| part == told.as_bytes());

    assert_eq!(bytes, brief_of(content(), terms(Language::Es)));
    assert!(there("/Lang(es)") || there("/Lang (es)"));
    for told in ["CreationDate", "ModDate", "/Producer", "/Creator", "/Author"] {
        assert!(!there(told), "{told}");
    }
}

#[test]
fn a_recall_is_one_page_that_cannot_be_mistaken() {
    let recall_ = Recall {
        name: "R-7F3K-A1",
        reason: RecallReason::Wrong,
        made: "2026-10-09T10:00:00Z".parse().unwrap(),
    };
    let of = Releasable::of_test(content(), terms(Language::Es));
    let pages = pages(&recall(&of, recall_, CHECKPOINT).unwrap());

    assert_eq!(pages.len(), 1);
    for said in
        ["NO UTILIZAR", "DO NOT USE", "La entrega R-7F3K sobre S-4TQ9 queda anulada.", "R-7F3K-A1"]
    {
        assert!(pages[0].contains(said), "{}", pages[0]);
    }
    assert!(!pages[0].contains("30.82"));
}

#[test]
fn the_answer_stands_on_the_first_page_however_much_detail_there_is() {
    let pages = pages(&brief_of(several(), terms(Language::En)));

    assert!(
        pages[0].contains("7K3M-9QXA-20TB") && pages[0].contains("Begin at the cross"),
        "{}",
        pages[0]
    );
    assert!(pages[0].contains("-12.04637, 179.99900"), "{}", pages[0]);
    let all = plain(&pages.join(" "));
    assert!((1..=6).all(|n| all.contains(&format!("Evidence {n}"))), "{all}");
}

#[test]
fn a_link_that_no_telephone_reads_is_refused() {
    let mut terms = terms(Language::Es);
    terms.answer_link = "a".repeat(5_000);
    let refused = brief(&Releasable::of_test(content(), terms), SETTING).unwrap_err();

    assert!(refused.to_string().starts_with("the link to answer by does not fit a code"));
}

#[test]
fn a_small_map_shows_what_lies_around_and_nothing_of_the_other_side_of_the_earth() {
    let at = |longitude: f64, latitude: f64| LatLon {
        latitude: Degrees(latitude),
        longitude: Degrees(longitude),
    };
    let of = Releasable::of_test(content(), terms(Language::Es));
    let with = |lines: &[Vec<LatLon>]| brief(&of, Setting { lines, ..SETTING }).unwrap();
    let Some(Value::Circle { middle, .. }) =
        of.what().fields.get(&FieldPath::new("place").unwrap())
    else {
        panic!()
    };
    let (x, y) = (middle.longitude.0, middle.latitude.0);
    let far = vec![at(x + 179.0, y), at(x - 179.0, y)];
    let near = vec![at(x - 2.0, y - 1.0), at(x + 2.0, y + 1.0)];
    let nothing = with(&[vec![at(x, y)]]);
    assert!(with(std::slice::from_ref(&far)) == nothing, "what is far is not drawn");
    assert!(with(&[far, near]).len() > nothing.len(), "what is near is drawn");
    assert!(nothing.len() > with(&[]).len(), "a frame with a cross");
}

#[test]
#[ignore = "writes the pages that the guide shows"]
fn the_pages_of_the_guide() {
    let folder = std::env::temp_dir();
    let of = Releasable::of_test(content(), terms(Language::Es));
    let world = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist/assets"));
    let is_world = |path: &Path| path.to_string_lossy().contains("countries-50m-");
    let mut files = world.unwrap().map(|file| file.unwrap().path());
    let file = files.find(|path| is_world(path) && path.extension().unwrap() == "json").unwrap();
    let lines = &border::lines(&fs::read(file).unwrap()).unwrap();
    let brief = brief(&of, Setting { lines, ..SETTING }).unwrap();
    fs::write(folder.join("cathartes-brief.pdf"), brief).unwrap();
    let several = brief_of(several(), terms(Language::Es));
    fs::write(folder.join("cathartes-brief-several.pdf"), several).unwrap();
}
