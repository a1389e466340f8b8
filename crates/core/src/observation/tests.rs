use super::*;
use crate::marking::Classification;

fn good() -> Draft {
    let moment: Timestamp = "2026-05-03T18:00:00Z".parse().unwrap();
    Draft {
        what: What::GasSeen {
            gas: "ch4".into(),
            sight: Sight { detection_probability: 0.9, false_alarms_per_km2: 0.01 },
            profile_ln_ratio: Some(1.5),
        },
        place: Whereabouts::Point { place: at(40.0, -3.0), ellipse: circle(50.0) },
        when: Period { from: moment, to: moment },
        grade: Grade { reliability: Reliability::B, credibility: Credibility::ProbablyTrue },
        origin: OriginChain {
            collector: "aviris-3".into(),
            collection: Some("line-17".into()),
            handed_on_by: vec!["wing/4".into()],
        },
        marking: Marking::default(),
    }
}

fn at(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn circle(radius: f64) -> Ellipse90 {
    Ellipse90 { semi_major: Metres(radius), semi_minor: Metres(radius), bearing: Degrees(0.0) }
}

fn refused(change: impl FnOnce(&mut Draft)) -> String {
    let mut draft = good();
    change(&mut draft);
    Observation::new(draft).unwrap_err().to_string()
}

#[test]
fn what_can_be_is_taken() {
    let observation = Observation::new(good()).unwrap();

    assert_eq!(observation.origin().collector, "aviris-3");
    assert_eq!(observation.grade().to_string(), "B2");
    assert_eq!(Draft::from(observation), good());
}

#[test]
fn what_cannot_be_is_refused_with_field_value_and_remedy() {
    let far =
        refused(|d| d.place = Whereabouts::Point { place: at(91.0, 0.0), ellipse: circle(9.0) });
    assert_eq!(far, "`place` is 91; latitude from -90 to 90 degrees");
    let nan = refused(|d| {
        d.place = Whereabouts::Point { place: at(f64::NAN, 0.0), ellipse: circle(9.0) }
    });
    assert!(nan.starts_with("`place` is NaN"), "{nan}");
    let flat = vec![at(0.0, 0.0), at(1.0, 1.0), at(2.0, 2.0)];
    assert!(refused(|d| d.place = Whereabouts::Area { ring: flat }).contains("enclose ground"));
    let huge = vec![at(0.0, 0.0), at(0.0, 50.0), at(50.0, 0.0)];
    assert!(refused(|d| d.place = Whereabouts::Area { ring: huge }).contains("divide the area"));
    let backwards = refused(|d| d.when.from = "2026-05-04T00:00:00Z".parse().unwrap());
    assert!(backwards.contains("ends before it begins"), "{backwards}");
    let sure = Sight { detection_probability: 1.0, false_alarms_per_km2: 0.01 };
    let sure = What::Searched { gas: "ch4".into(), sight: sure };
    assert!(refused(|d| d.what = sure).contains("`detection_probability` is 1"));
    let sight = Sight { detection_probability: 0.5, false_alarms_per_km2: 0.01 };
    let point = refused(|d| d.what = What::Searched { gas: "ch4".into(), sight });
    assert!(point.contains("ground that was searched"), "{point}");
}

#[test]
fn a_name_with_blanks_is_no_identifier() {
    let text = refused(|d| d.origin.collector = "Some Body".into());

    assert!(
        text.contains("`Some Body`") && text.contains("names of persons are not kept"),
        "{text}"
    );
}

#[test]
fn what_nobody_classified_is_held_most_closely() {
    assert_eq!(Marking::default().classification, Classification::TopSecret);
    assert!(Marking::default().releasable_to.is_empty());
}

#[test]
fn a_grade_outside_of_its_letters_and_figures_is_none() {
    assert_eq!(Reliability::of_letter("c"), Some(Reliability::C));
    assert_eq!(Reliability::of_letter("G"), None);
    assert!(Credibility::try_from(0).is_err() && Credibility::try_from(7).is_err());
    let all = (1..=6).map(|n| u8::from(Credibility::try_from(n).unwrap()));
    assert!(all.eq(1..=6));
}
