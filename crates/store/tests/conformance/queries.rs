use cathartes_core::{
    filter::{Area, Comparison, Condition, Literal},
    units::{Degrees, Metres},
};
use cathartes_store::{
    Bbox, Cursor, Kind, NewFinding, Query, SceneQuery, StoreError, Tally, TimeRange,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{House, at, me, plume, record::scene};

fn bbox(west: f64, south: f64, east: f64, north: f64) -> Bbox {
    Bbox::new(Degrees(west), Degrees(south), Degrees(east), Degrees(north)).unwrap()
}

/// Spread without a die: the golden ratio fills any box evenly.
fn spread(n: usize) -> Vec<NewFinding> {
    let part = |i: usize, by: f64| (i as f64 * by).fract();
    let one = |i: usize| {
        let (x, y) = (part(i, 0.618_033_988_75), part(i, 0.754_877_666_2));
        let mut seen = plume(40.0 + 12.0 * y, 5.0 + 20.0 * x, i as i64 * 100);
        if i.is_multiple_of(3) {
            seen.kind = Kind::Source;
        }
        if i.is_multiple_of(5) {
            seen.gas = Some("nh3".to_owned());
        }
        if i.is_multiple_of(7) {
            (seen.begins, seen.ends) = (None, None);
        }
        if i.is_multiple_of(11) {
            seen.place = None;
        }
        seen
    };
    (0..n).map(one).collect()
}

/// What the answer must be, by looking at every one.
fn fits(query: &Query, seen: &NewFinding) -> bool {
    let inside = |b: Bbox| {
        seen.place.is_some_and(|p| {
            (b.south.0..=b.north.0).contains(&p.latitude.0)
                && (b.west.0..=b.east.0).contains(&p.longitude.0)
        })
    };
    let then = |t: TimeRange| {
        seen.begins.zip(seen.ends).is_some_and(|(begins, ends)| {
            t.from.is_none_or(|from| ends >= from) && t.to.is_none_or(|to| begins <= to)
        })
    };
    query.kind == seen.kind
        && query.gas.as_ref().is_none_or(|gas| Some(gas) == seen.gas.as_ref())
        && query.bbox.is_none_or(inside)
        && query.time.is_none_or(then)
}

pub(crate) async fn all_pages(house: &House, query: &Query) -> Vec<Uuid> {
    let mut query = query.clone();
    let mut ids = Vec::new();
    loop {
        let page = house.store.findings(&query).await.unwrap();
        assert!(page.items.len() <= query.limit as usize);
        ids.extend(page.items.iter().map(|o| o.id));
        let Some(next) = page.next else { return ids };
        // The form that goes out and comes back in a link.
        query.after = Some(next.to_string().parse().unwrap());
    }
}

/// Pages of both kinds.
pub(crate) async fn all_kinds(house: &House, query: &Query) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for kind in Kind::ALL {
        ids.extend(all_pages(house, &Query { kind, ..query.clone() }).await);
    }
    ids.sort();
    ids
}

pub(crate) async fn pages_hold_everything_asked_for_once(house: &House) {
    let all = spread(400);
    let ids = house.store.add_findings(&me(), &all).await.unwrap();
    let boxes = [None, Some(bbox(8.0, 42.0, 14.0, 47.0)), Some(bbox(9.0, 44.0, 9.4, 44.4))];
    let everything = Some(bbox(-180.0, -90.0, 180.0, 90.0));
    let some_time = Some(TimeRange { from: Some(at(5_000)), to: Some(at(25_000)) });
    let since = Some(TimeRange { from: Some(at(30_000)), to: None });
    let open = Some(TimeRange::default());
    for bbox in boxes.into_iter().chain([everything]) {
        for time in [None, some_time, since, open] {
            for (kind, gas) in
                [(Kind::Plume, None), (Kind::Source, None), (Kind::Plume, Some("nh3".to_owned()))]
            {
                let query = Query { gas, bbox, time, ..Query::of(kind, 7) };
                // No end of a time is no condition on it.
                let asked = Query { time: time.filter(|t| Some(*t) != open), ..query.clone() };
                let mut expected: Vec<Uuid> = ids
                    .iter()
                    .zip(&all)
                    .filter(|(_, o)| fits(&asked, o))
                    .map(|(id, _)| *id)
                    .collect();
                let mut found = all_pages(house, &query).await;
                found.sort();
                expected.sort();
                assert_eq!(found, expected, "{query:?}");
            }
        }
    }
}

pub(crate) async fn a_box_over_the_antimeridian_holds_both_sides(house: &House) {
    let all = [plume(-17.0, 179.9, 0), plume(-17.0, -179.9, 0), plume(-17.0, 0.0, 0)];
    let ids = house.store.add_findings(&me(), &all).await.unwrap();
    let query =
        Query { bbox: Some(bbox(179.0, -18.0, -179.0, -16.0)), ..Query::of(Kind::Plume, 10) };
    let mut found = all_pages(house, &query).await;
    found.sort();
    assert_eq!(found, ids[..2]);
}

pub(crate) async fn a_cursor_of_another_query_is_refused(house: &House) {
    let query =
        Query { after: Some(Cursor::Cell(1, Uuid::now_v7())), ..Query::of(Kind::Plume, 10) };
    let refused = house.store.findings(&query).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    for text in ["", "i", "i.x", "c.1", "c.x.0", "t.1.2.3", "i.😀"] {
        assert!(text.parse::<Cursor>().is_err(), "{text}");
    }
}

pub(crate) async fn findings_are_counted_and_their_farthest_shape_is_known(house: &House) {
    let line = |to: f64| {
        let mut seen = plume(0.0, 0.0, 0);
        let ends = json!([[0.0, 0.0], [0.0, to]]);
        seen.geometry = Some(json!({ "type": "LineString", "coordinates": ends }));
        seen
    };
    let nothing = Tally { findings: 0, reach: Metres(0.0) };
    assert_eq!(house.store.tally(Kind::Plume).await.unwrap(), nothing);
    house.store.add_findings(&me(), &[line(0.02), line(0.01)]).await.unwrap();
    let mut source = line(0.001);
    source.kind = Kind::Source;
    house.store.add_findings(&me(), &[line(0.001), source]).await.unwrap();
    let plumes = house.store.tally(Kind::Plume).await.unwrap();
    let sources = house.store.tally(Kind::Source).await.unwrap();
    assert_eq!((plumes.findings, sources.findings), (4, 4), "all kinds are counted together");
    assert!((plumes.reach.0 - 2_211.0).abs() < 1.0, "{plumes:?}");
    assert!((sources.reach.0 - 111.0).abs() < 1.0, "{sources:?}");
    // No backup says it, but it is known where one was put back.
    let folder = house.path("backup");
    house.store.backup(&me(), &folder).await.unwrap();
    let other = house.another().await;
    other.store.restore(&me(), &folder).await.unwrap();
    assert_eq!(other.store.tally(Kind::Plume).await.unwrap(), plumes);
}

type Fits<'f> = &'f dyn Fn(&NewFinding) -> bool;

pub(crate) async fn a_filter_finds_what_it_says(house: &House) {
    let mut all = spread(200);
    for (i, seen) in all.iter_mut().enumerate() {
        let properties = match i % 4 {
            0 => json!({ "mass_kg": i }),
            1 => json!({ "mass_kg": i as f64 + 0.5, "name": format!("Line_{i}*") }),
            2 => json!({ "mass_kg": "much", "name": null }),
            _ => json!({}),
        };
        seen.properties.clone_from(properties.as_object().unwrap());
    }
    let ids = house.store.add_findings(&me(), &all).await.unwrap();
    let mass = |seen: &NewFinding| seen.properties.get("mass_kg").and_then(Value::as_f64);
    let named = |seen: &NewFinding| seen.properties.contains_key("name") && mass(seen).is_some();
    let name = || "name".to_owned();
    let number = Literal::Number;
    let nh3 = || Condition::OneOf("gas".to_owned(), vec![Literal::Text("nh3".to_owned())]);
    let heavy = || Condition::Compare("mass_kg".to_owned(), Comparison::Greater, number(99.0));
    let early = Condition::Compare("begins".to_owned(), Comparison::Less, Literal::Moment(at(900)));
    let like = |pattern: &str| Condition::Like(name(), pattern.to_owned());
    let area = bbox(8.0, 42.0, 14.0, 47.0);
    let within = Condition::Within(Area {
        west: area.west,
        south: area.south,
        east: area.east,
        north: area.north,
    });
    let cases: [(Condition, Fits<'_>); 9] = [
        (nh3(), &|o| o.gas.as_deref() == Some("nh3")),
        (heavy(), &|o| mass(o).is_some_and(|mass| mass > 99.0)),
        (Condition::Not(Box::new(heavy())), &|o| mass(o).is_some_and(|mass| mass <= 99.0)),
        (Condition::Any(vec![nh3(), heavy()]), &|o| {
            o.gas.as_deref() == Some("nh3") || mass(o).is_some_and(|mass| mass > 99.0)
        }),
        (Condition::All(vec![early, nh3()]), &|o| {
            o.begins.is_some_and(|begins| begins < at(900)) && o.gas.as_deref() == Some("nh3")
        }),
        (Condition::Between("mass_kg".to_owned(), number(4.0), number(9.5)), &|o| {
            mass(o).is_some_and(|mass| (4.0..=9.5).contains(&mass))
        }),
        (like("L%\\_1%*"), &|o| named(o) && o.properties["name"].as_str().unwrap().contains("_1")),
        (Condition::Absent(name()), &|o| !named(o)),
        (within, &|o| fits(&Query { bbox: Some(area), ..Query::of(o.kind, 7) }, o)),
    ];
    for (condition, fits) in cases {
        let query = Query { filter: Some(condition), ..Query::of(Kind::Plume, 7) };
        let expected: Vec<Uuid> =
            ids.iter().zip(&all).filter(|(_, o)| fits(o)).map(|(id, _)| *id).collect();
        assert!(!expected.is_empty(), "{query:?}");
        assert_eq!(all_kinds(house, &query).await, expected, "{query:?}");
    }
    let nothing = Query { filter: Some(like("line%")), ..Query::of(Kind::Plume, 7) };
    assert!(all_kinds(house, &nothing).await.is_empty(), "capitals matter");
    for refused in [
        Condition::Absent("gas'; DROP TABLE finding; --".to_owned()),
        Condition::Compare("gas".to_owned(), Comparison::Equal, number(1.0)),
        Condition::Compare("scene".to_owned(), Comparison::Equal, Literal::Text("x".to_owned())),
        like("x\\"),
        Condition::Compare(name(), Comparison::Equal, Literal::Text("a\0b".to_owned())),
    ] {
        let query = Query { filter: Some(refused), ..Query::of(Kind::Plume, 7) };
        let answer = house.store.findings(&query).await;
        assert!(matches!(answer, Err(StoreError::Refused(_))), "{query:?}: {answer:?}");
    }
}

pub(crate) async fn scenes_are_found_by_box_and_time(house: &House) {
    let store = &house.store;
    let mut ids = Vec::new();
    for i in 0..5 {
        let scene = scene(house, &format!("line {i}"), i * 1_000, i as f64 * 10.0).await;
        ids.push(store.add_scene(&me(), &scene).await.unwrap());
    }
    let mut undated = scene(house, "undated", 0, 0.0).await;
    undated.time = None;
    store.add_scene(&me(), &undated).await.unwrap();
    let found = async |query: SceneQuery| {
        let page = store.scenes(&query).await.unwrap();
        page.items.iter().map(|scene| scene.id).collect::<Vec<_>>()
    };
    let all = SceneQuery { dated: true, limit: 10, ..SceneQuery::default() };
    let near = SceneQuery { bbox: Some(bbox(9.0, 45.0, 21.5, 48.0)), ..all.clone() };
    assert_eq!(found(near).await, ids[1..3]);
    let time = Some(TimeRange { from: Some(at(2_000)), to: Some(at(3_000)) });
    assert_eq!(found(SceneQuery { time, ..all.clone() }).await, ids[2..4]);
    assert!(found(SceneQuery { ids: Some(vec![]), ..all.clone() }).await.is_empty());
    assert_eq!(found(SceneQuery { dated: false, ..all.clone() }).await.len(), 6);
    let first = store.scenes(&SceneQuery { limit: 2, ..all.clone() }).await.unwrap();
    assert_eq!(found(SceneQuery { after: first.next, ..all }).await, ids[2..]);
    let (extent, times) = store.scene_extent().await.unwrap();
    assert_eq!(extent, Some(bbox(0.0, 46.0, 41.0, 47.0)));
    assert_eq!(times, Some(TimeRange { from: Some(at(0)), to: Some(at(4_000)) }));
}

pub(crate) async fn scenes_are_found_over_the_antimeridian(house: &House) {
    let mut ids = Vec::new();
    for west in [178.0, 179.5, -179.5, 0.0] {
        let mut scene = scene(house, &format!("at {west}"), 0, west).await;
        for corner in &mut scene.footprint {
            if corner.longitude.0 > 180.0 {
                corner.longitude = Degrees(corner.longitude.0 - 360.0);
            }
        }
        ids.push(house.store.add_scene(&me(), &scene).await.unwrap());
    }
    let found = async |west: f64, east: f64| {
        let bbox = Some(bbox(west, 40.0, east, 50.0));
        let query = SceneQuery { bbox, limit: 10, ..SceneQuery::default() };
        let page = house.store.scenes(&query).await.unwrap();
        page.items.iter().map(|scene| scene.id).collect::<Vec<_>>()
    };
    assert_eq!(found(179.2, 179.9).await, ids[1..2], "a box east of it");
    assert_eq!(found(-179.9, -179.6).await, ids[1..2], "a box west of it");
    assert_eq!(found(179.2, -179.2).await, ids[1..3], "a box over it");
    assert_eq!(found(-10.0, 10.0).await, ids[3..]);
    let (extent, _) = house.store.scene_extent().await.unwrap();
    assert_eq!(extent, Some(bbox(-180.0, 46.0, 180.0, 47.0)));
}

pub(crate) async fn scenes_take_filters(house: &House) {
    let mut ids = Vec::new();
    for i in 0..5 {
        let mut scene = scene(house, &format!("line {i}"), i * 1_000, i as f64 * 10.0).await;
        scene.properties.insert("plumes".to_owned(), json!(i));
        ids.push(house.store.add_scene(&me(), &scene).await.unwrap());
    }
    let ask = async |filter: Condition| {
        let query = SceneQuery { filter: Some(filter), limit: 10, ..SceneQuery::default() };
        house.store.scenes(&query).await
    };
    let compare = |name: &str, how, literal| Condition::Compare(name.to_owned(), how, literal);
    let area = bbox(9.0, 45.0, 21.5, 48.0);
    let Bbox { west, south, east, north } = area;
    let cases = [
        (compare("plumes", Comparison::Greater, Literal::Number(2.0)), &ids[3..]),
        (compare("name", Comparison::Equal, Literal::Text("line 1".to_owned())), &ids[1..2]),
        (Condition::Like("name".to_owned(), "line%".to_owned()), &ids[..]),
        (compare("begins", Comparison::Less, Literal::Moment(at(2_000))), &ids[..2]),
        (Condition::Within(Area { west, south, east, north }), &ids[1..3]),
        (Condition::Absent("job".to_owned()), &ids[..]),
    ];
    for (condition, expected) in cases {
        let page = ask(condition.clone()).await.unwrap();
        let found: Vec<Uuid> = page.items.iter().map(|scene| scene.id).collect();
        assert_eq!(found, expected, "{condition:?}");
    }
    let refused = ask(compare("begins", Comparison::Equal, Literal::Number(1.0))).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
}
