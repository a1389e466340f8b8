use cathartes_core::{observation::ObservationId, site::SiteId, units::Metres};
use cathartes_store::{Around, TimeRange};

use super::{House, at, me, place, plume, sites};

fn around(latitude: f64, longitude: f64) -> Around {
    let radius = Metres(5_000.0);
    Around { place: place(latitude, longitude), radius, time: TimeRange::default(), limit: 20 }
}

pub(crate) async fn what_lies_around_is_told_nearest_first(house: &House) {
    let store = &house.store;
    let mut some: Vec<_> = [0.03, 0.0, 0.01, 0.06]
        .map(|north| plume(46.0 + north, 7.0, 0))
        .into_iter()
        .chain([plume(46.0, 7.02, 5_000)])
        .collect();
    let ids = store.add_findings(&me(), &some).await.unwrap();
    let near = store.findings_around(&around(46.0, 7.0)).await.unwrap();
    let told: Vec<_> = near.iter().map(|(finding, _)| finding.id).collect();
    assert_eq!(told, [ids[1], ids[2], ids[4], ids[0]], "the fourth is farther than 5 km");
    assert!(near[0].1.0 < 1e-6 && (near[1].1.0 - 1_111.7).abs() < 1.0, "{:?}", near[1].1);
    let one = Around { limit: 1, ..around(46.0, 7.0) };
    assert_eq!(store.findings_around(&one).await.unwrap().len(), 1);
    let time = TimeRange { from: Some(at(1_000)), to: Some(at(9_000)) };
    let then = store.findings_around(&Around { time, ..around(46.0, 7.0) }).await.unwrap();
    assert_eq!(then.iter().map(|(finding, _)| finding.id).collect::<Vec<_>>(), [ids[4]]);
    // What was corrected is left out; and so it is at the edge of the map.
    some[1].supersedes = Some(ids[1]);
    let better = store.add_findings(&me(), &some[1..2]).await.unwrap()[0];
    let near = store.findings_around(&around(46.0, 7.0)).await.unwrap();
    assert_eq!(near[0].0.id, better);
    let edge = [plume(10.0, 179.99, 0), plume(10.0, -179.99, 0), plume(89.99, 10.0, 0)];
    store.add_findings(&me(), &edge).await.unwrap();
    assert_eq!(store.findings_around(&around(10.0, 180.0)).await.unwrap().len(), 2);
    assert_eq!(store.findings_around(&around(89.99, -170.0)).await.unwrap().len(), 1);
}

pub(crate) async fn sites_and_what_was_observed_of_them_lie_around_too(house: &House) {
    let store = &house.store;
    let said = [46.0, 46.02, 46.2].map(|latitude| sites::from_row(sites::told(latitude, 0), 1));
    let said: Vec<ObservationId> = store.add_observations(&me(), &said).await.unwrap().new;
    let mut site = sites::site(7, 46.01, 0.0, &["ch4"]);
    site.observations.clone_from(&said);
    super::queue::folded(house, vec![site, sites::site(8, 46.2, 0.0, &[])], vec![]).await;
    let near = store.sites_around(&around(46.0, 7.0)).await.unwrap();
    let [(site, distance)] = near.as_slice() else { panic!("{near:?}") };
    assert_eq!(site.id, SiteId(7));
    assert!((distance.0 - 1_111.7).abs() < 1.0);
    let observed = store.observations_around(&around(46.0, 7.0), &site.observations).await.unwrap();
    let told: Vec<_> = observed.iter().map(|(kept, _)| kept.id).collect();
    assert_eq!(told, said[..2]);
    let time = TimeRange { from: Some(at(1)), to: None };
    let later = Around { time, ..around(46.0, 7.0) };
    assert_eq!(store.observations_around(&later, &site.observations).await.unwrap().len(), 0);
}
