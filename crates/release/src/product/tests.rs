use super::*;

#[test]
fn a_path_of_several_things_has_one_kind() {
    let path = FieldPath::new("sources[12].place").unwrap();
    assert_eq!(path.kind(), "sources[*].place");
    assert_eq!(FieldPath::new("place").unwrap().kind(), "place");
}

#[test]
fn what_names_no_field_is_refused() {
    for text in ["", ".", "a..b", "a[", "a[x]", "A", "a b", "a[]", "a]b["] {
        assert!(FieldPath::new(text).is_err(), "{text}");
    }
}

#[test]
fn an_override_stands_before_the_marking_of_the_whole() {
    let path = FieldPath::new("place").unwrap();
    let marking = Marking { releasable_to: vec!["norte".into()], ..Marking::default() };
    let mut product = Product {
        id: Uuid::nil(),
        kind: ProductKind::Site,
        marking: None,
        overrides: BTreeMap::new(),
        fields: BTreeMap::new(),
    };
    assert_eq!(product.marking_of(&path), None);
    product.overrides.insert(path.clone(), marking.clone());
    assert_eq!(product.marking_of(&path), Some(&marking));
}
