use proptest::prelude::*;

use super::*;

const GOOD: &str = "name = \"Pad 4\"
gas = \"ch4\"
start = \"2024-05-09T12:00:00Z\"
lid_m = 800.0

[origin]
latitude = 51.1445
longitude = -1.4386

[search]
east = [40, 90.0]
north = [0.0, 110.0]
up = [0.0, 3.0]

[prior]
typical_rate_kg_h = 2.5
most_sources = 3
source_half_width_m = 1.0
";

fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    parse(GOOD.replacen(from, to, 1).as_bytes()).unwrap_err().to_string()
}

#[test]
fn every_key_is_read() {
    let site = parse(GOOD.as_bytes()).unwrap();
    assert_eq!(site.name.as_deref(), Some("Pad 4"));
    assert_eq!(site.start, Some(Seconds(1_715_256_000.0)));
    assert_eq!(site.search.unwrap().east, Span { from: Metres(40.0), to: Metres(90.0) });
    assert_eq!((site.lid, site.typical_rate), (Some(Metres(800.0)), Some(KgPerHour(2.5))));
}

#[test]
fn an_empty_file_says_nothing_and_is_right() {
    assert_eq!(parse(b"").unwrap(), Site::default());
}

#[test]
fn says_what_is_wrong_and_where() {
    assert!(with("lid_m", "cloud_m").starts_with("line 4: unknown field `cloud_m`"));
    assert_eq!(with("800.0", "-1.0"), "`lid_m`: 20 to 20,000 m");
    assert!(with("51.1445", "151.0").starts_with("`origin`: latitude from -90 to 90"));
    assert!(with("[40, 90.0]", "[90.0, 40.0]").starts_with("`search.east`: [from, to] in m"));
    assert!(with("[0.0, 3.0]", "[-2.0, 3.0]").starts_with("`search.up`"));
    assert!(with("2024-05-09T12:00:00Z", "noon").starts_with("`start`: write RFC 3339"));
    assert!(with("= 2.5", "= nan").starts_with("`prior.typical_rate_kg_h`: above 0"));
    assert_eq!(with("= 3", "= 99"), "`prior.most_sources`: 1 to 50");
    assert_eq!(parse(b"a\xff").unwrap_err(), SiteError::NoText { at: 1 });
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(place in 0..GOOD.len(), junk in "\\PC{0,4}") {
        let mut text = GOOD.to_owned();
        text.insert_str(place, &junk);
        let _ = parse(text.as_bytes());
    }
}
