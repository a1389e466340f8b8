use super::*;

fn marking(level: Classification, caveats: &[&str], to: &[&str]) -> Marking {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Marking { classification: level, caveats: owned(caveats), releasable_to: owned(to) }
}

const LEVELS: [Classification; 5] = Classification::ALL;

/// Every level with no, one and two caveats, to nobody, one and two bodies.
fn all() -> Vec<Marking> {
    let caveats: [&[&str]; 3] = [&[], &["ORIGINATOR"], &["LAW ENFORCEMENT", "ORIGINATOR"]];
    let bodies: [&[&str]; 4] = [&[], &["norte"], &["norte", "sur-2"], &["sur-2"]];
    let mut all = Vec::new();
    for level in LEVELS {
        for caveats in caveats {
            all.extend(bodies.iter().map(|to| marking(level, caveats, to)));
        }
    }
    all
}

#[test]
fn banners_and_portions_are_written_as_people_write_them() {
    let secret = marking(Classification::Secret, &["ORIGINATOR"], &["norte", "sur"]);
    assert_eq!(secret.banner(), "SECRET//ORIGINATOR//REL TO norte, sur");
    assert_eq!(secret.portion(), "(S//ORIGINATOR//REL)");
    let own = marking(Classification::TopSecret, &[], &[]);
    assert_eq!(own.banner(), "TOP SECRET//NOT RELEASABLE");
    assert_eq!(own.portion(), "(TS//NR)");
    let two = marking(Classification::Restricted, &["A", "B"], &["norte"]);
    assert_eq!(two.banner(), "RESTRICTED//A/B//REL TO norte");
}

#[test]
fn a_banner_that_was_written_is_read_as_the_same_marking() {
    for marking in all() {
        assert_eq!(marking.banner().parse(), Ok(marking));
    }
}

#[test]
fn a_banner_that_says_nothing_of_bodies_is_for_nobody() {
    let read: Marking = "UNCLASSIFIED".parse().unwrap();
    assert_eq!(read, marking(Classification::Unclassified, &[], &[]));
    assert!(!read.is_for("norte"));
}

#[test]
fn what_is_no_banner_is_refused_with_its_part() {
    let refused = |text: &str| text.parse::<Marking>().unwrap_err().to_string();
    let levels = "UNCLASSIFIED, RESTRICTED, CONFIDENTIAL, SECRET, TOP SECRET";
    assert_eq!(refused("secret"), format!("`secret` is no level: write {levels}"));
    assert_eq!(refused(""), format!("`` is no level: write {levels}"));
    assert!(refused("SECRET//orcon").starts_with("`orcon` is no caveat"));
    assert!(refused("SECRET////REL TO norte").starts_with("`` is no caveat"));
    assert!(refused("SECRET//REL TO norte, ").starts_with("`` names no body"));
    assert!(refused("SECRET//REL TO a b").starts_with("`a b` names no body"));
    assert!(refused("SECRET//REL TO norte//X").starts_with("`X` stands behind"));
    assert!(refused("SECRET//A//B").starts_with("`B` stands behind"));
}

#[test]
fn high_water_is_as_close_as_either_heeds_both_and_is_for_those_of_both() {
    for a in all() {
        for b in all() {
            let both = a.high_water(&b);
            assert_eq!(both, b.high_water(&a).high_water(&a), "{a:?} {b:?}");
            assert!(both.classification >= a.classification.max(b.classification));
            for caveat in a.caveats.iter().chain(&b.caveats) {
                assert!(both.caveats.contains(caveat));
            }
            for body in ["norte", "sur-2", "este"] {
                assert_eq!(both.is_for(body), a.is_for(body) && b.is_for(body), "{a:?} {b:?}");
            }
        }
        assert_eq!(a.high_water(&a), a);
    }
}

#[test]
fn high_water_of_things_of_which_one_has_no_marking_is_no_marking() {
    let (open, secret) = (
        marking(Classification::Unclassified, &[], &["norte"]),
        marking(Classification::Secret, &[], &["norte"]),
    );
    assert_eq!(Marking::high_water_of([Some(&open), Some(&secret)]), Some(secret.clone()));
    assert_eq!(Marking::high_water_of([Some(&open), None]), None);
    assert_eq!(Marking::high_water_of([None, Some(&open)]), None);
    assert_eq!(Marking::high_water_of([]), None);
}

#[test]
fn what_nobody_classified_is_held_closest_and_for_nobody() {
    let nothing_said = Marking::default();
    assert_eq!(nothing_said.banner(), "TOP SECRET//NOT RELEASABLE");
}
