use super::*;

#[test]
fn what_stands_in_an_address_is_encoded() {
    assert_eq!(encoded("i.0192-_~"), "i.0192-_~");
    assert_eq!(encoded("a b&c=é#"), "a%20b%26c%3D%C3%A9%23");
    assert_eq!(encoded("2026-11-26T12:00:00+01:00/.."), "2026-11-26T12:00:00%2B01:00/..");
}

#[test]
fn every_collection_is_found_by_its_name() {
    for collection in COLLECTIONS {
        assert_eq!(Collection::named(collection.id()).unwrap(), collection);
    }
    assert_eq!(Collection::named("plume").unwrap_err().status, 404);
}
