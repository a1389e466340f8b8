use super::*;

#[test]
fn an_undo_of_an_undo_lets_the_act_hold() {
    let merge = Act::Merge { into: SiteId(1), from: SiteId(2) };
    let undo = |act: usize| Act::Undo { act: ActNumber(act) };

    assert_eq!(holding(std::slice::from_ref(&merge)), [true]);
    assert_eq!(holding(&[merge.clone(), undo(0)]), [false, true]);
    assert_eq!(holding(&[merge.clone(), undo(0), undo(1)]), [true, false, true]);
    assert_eq!(holding(&[undo(0), undo(7)]), [true, true], "of itself or of what is not there");
    assert_eq!(holding(&[merge, undo(0), undo(1), undo(2)]), [false, true, false, true]);
}

#[test]
fn a_merged_site_leads_to_the_one_that_stands() {
    let mut overlay = Overlay::default();
    overlay.merge(SiteId(2), SiteId(3));
    overlay.merge(SiteId(1), SiteId(2));

    assert_eq!(overlay.root(SiteId(3)), SiteId(1));
    assert_eq!(overlay.reaches(SiteId(1)), BTreeSet::from([1, 2, 3].map(SiteId)));
    assert!(overlay.gone(SiteId(2)) && !overlay.gone(SiteId(1)));
}
