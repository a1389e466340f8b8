use proptest::prelude::*;

use super::*;
use crate::{
    export::tests::{any_release, at, circle, place, site, to, with},
    recipient::Language,
};
use cathartes_core::geometry::bearing_and_distance;

#[test]
fn a_site_with_sources_is_written_like_this() {
    insta::assert_snapshot!(cot(&to(Language::Es, site())));
}

#[test]
fn a_recall_deletes_every_mark_of_its_release() {
    let release = to(Language::En, site());
    let written = cot_recalled(&release, "2026-10-09T10:00:00Z".parse().unwrap());
    for uid in ["S-41QZ", "S-41QZ.1"] {
        assert!(cot(&release).contains(&format!("uid=\"{uid}\"")));
        assert!(
            written.contains(&format!("<link uid=\"{uid}\" relation=\"none\" type=\"none\"/>")),
            "{written}"
        );
    }
    assert_eq!(written.matches("type=\"t-x-d-d\"").count(), 2);
    assert_eq!(written.matches(" time=\"2026-10-09T10:00:00.000Z\"").count(), 2);
    let stream = tak_stream_recalled(&release, "2026-10-09T10:00:00Z".parse().unwrap());
    let first = protobuf::TakMessage::decode_length_delimited(&stream[1..]).unwrap();
    let event = first.cot_event.unwrap();
    assert_eq!((event.uid.as_str(), event.r#type.as_str()), ("S-41QZ.recalled", "t-x-d-d"));
}

#[test]
fn a_content_without_a_place_is_no_event() {
    let release = to(Language::En, with("title", Value::Words { words: "no place".into() }));
    assert_eq!((cot(&release), tak_stream(&release)), (String::new(), Vec::new()));
    assert_eq!(tak_mesh(&release), Vec::<Vec<u8>>::new());
}

#[test]
fn a_cell_is_its_middle_with_as_much_error_as_it_takes_to_hold_its_corners() {
    let corners = [at(10.0, 179.9), at(10.0, -179.9), at(10.2, -179.9), at(10.2, 179.9)];
    let release = to(Language::En, with("place", Value::Cell { corners }));
    let [event] = events(&release).try_into().ok().unwrap();
    let middle = at(event.at[1], event.at[0]);
    for corner in corners {
        assert!(bearing_and_distance(middle, corner).1.0 < event.reach_m * 1.001);
    }
}

#[test]
fn what_is_somewhere_in_an_area_is_drawn_and_only_what_has_a_place_is_a_spot() {
    let kind = |place| events(&to(Language::En, with("place", place)))[0].kind;
    assert_eq!(kind(circle(10.0, 20.0, 500.0)), "u-d-c-c");
    let corners = [at(10.0, 20.0), at(10.0, 20.1), at(10.1, 20.1), at(10.1, 20.0)];
    assert_eq!(kind(Value::Cell { corners }), "u-d-f");
    assert_eq!(kind(place(10.0, 20.0)), "b-m-p-s-m");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn messages_are_read_back_and_say_what_the_xml_says(releasable in any_release()) {
        let mut stream = tak_stream(&releasable).into_iter().collect::<std::collections::VecDeque<_>>();
        let mesh = tak_mesh(&releasable);
        let xml = cot(&releasable);
        prop_assert_eq!(xml.matches("<event ").count(), mesh.len());
        for datagram in mesh {
            prop_assert_eq!(&datagram[..3], &[0xbf, 1, 0xbf]);
            let of_mesh = protobuf::TakMessage::decode(&datagram[3..]).unwrap();
            prop_assert_eq!(stream.pop_front(), Some(0xbf));
            let of_stream = protobuf::TakMessage::decode_length_delimited(&mut stream).unwrap();
            prop_assert_eq!(&of_mesh, &of_stream);
            let event = of_mesh.cot_event.unwrap();
            let held = format!("lat=\"{}\" lon=\"{}\"", event.latitude_deg, event.longitude_deg);
            prop_assert!(xml.contains(&held), "{}", held);
            prop_assert!(xml.contains(&event.detail.unwrap().xml));
        }
        prop_assert!(stream.is_empty());
    }

    #[test]
    fn events_are_well_formed(releasable in any_release()) {
        for document in cot(&releasable).split_inclusive("</event>\n") {
            let mut reader = quick_xml::Reader::from_str(document);
            let mut open = 0;
            loop {
                match reader.read_event().unwrap() {
                    quick_xml::events::Event::Start(start) => {
                        open += 1;
                        prop_assert!(start.attributes().all(|attribute| attribute.is_ok()));
                    }
                    quick_xml::events::Event::End(_) => open -= 1,
                    quick_xml::events::Event::Eof => break,
                    _ => {}
                }
            }
            prop_assert_eq!(open, 0);
        }
    }

    #[test]
    fn a_mark_is_where_its_circle_is(latitude in -90.0..=90.0, longitude in -180.0..=180.0, radius in 0.0..4e6) {
        let release = to(Language::En, with("place", circle(latitude, longitude, radius)));
        let [event] = events(&release).try_into().ok().unwrap();
        prop_assert!((event.at[1] - latitude).abs() < 1e-7 && (event.at[0] - longitude).abs() < 1e-7);
        prop_assert_eq!(event.reach_m, radius);
    }
}
