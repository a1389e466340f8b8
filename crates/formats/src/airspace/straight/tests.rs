use proptest::prelude::*;

use super::*;

fn place(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn wedge() -> Vec<LatLon> {
    vec![place(-110.0, 49.0), place(-100.0, 49.0), place(-105.0, 50.0)]
}

#[test]
fn a_border_along_a_parallel_stays_on_it() {
    let followed = ring_of_map(wedge()).unwrap();
    assert!(followed.put() > 40, "{}", followed.put());
    let south = followed.ring.iter().filter(|p| p.latitude.0 == 49.0);
    assert!(south.count() > 40);
}

#[test]
fn a_geodesic_written_for_flat_maps_leaves_the_parallel() {
    let followed = follow(&wedge(), Given::Geodesic).unwrap();
    let most = followed.ring.iter().filter(|p| (-109.0..-101.0).contains(&p.longitude.0));
    assert!(most.map(|p| p.latitude.0).fold(0.0, f64::max) > 49.05);
    let again = ring_of_map(followed.ring.clone()).unwrap();
    assert_eq!((again.put(), again.ring), (0, followed.ring));
}

#[test]
fn a_fault_names_the_vertex_of_the_file_and_not_one_that_was_put_in() {
    let tie =
        vec![place(-110.0, 49.0), place(-100.0, 50.0), place(-100.0, 49.0), place(-110.0, 50.0)];
    let said = ring_of_map(tie).unwrap().checked().unwrap_err().to_string();
    assert!(said.starts_with("vertex 1: the edge from here crosses that from vertex 3"), "{said}");
}

#[test]
fn an_edge_over_the_antimeridian_goes_the_shorter_way() {
    let ring = vec![place(179.0, 0.0), place(-179.0, 0.0), place(180.0, 1.0)];
    assert!(ring_of_map(ring).unwrap().ring.iter().all(|p| p.longitude.0.abs() >= 179.0));
}

proptest! {
    #[test]
    fn small_rings_are_as_they_were(x in -180.0..179.0, y in -80.0..80.0, size in 0.001..0.02) {
        let ring = vec![place(x, y), place(x + size, y), place(x, y + size)];
        for given in [Given::OnTheMap, Given::Geodesic] {
            let followed = follow(&ring, given).unwrap();
            prop_assert_eq!((followed.put(), &followed.ring), (0, &ring));
        }
    }
}
