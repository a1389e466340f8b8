use proptest::prelude::*;

use super::*;

const BANDS: &str = r#"<?xml version="1.0"?>
<!-- <ghost>1</ghost> -->
<specific a='>'><bands><bandID number="7" unit='a &amp; b'>
  <wavelengthCenterOfBand> 423.03 </wavelengthCenterOfBand><none/>
</bandID></bands></specific>"#;

#[test]
fn a_leaf_knows_where_it_stands() {
    let text = BANDS.replace("a='>'", "");
    let found = leaves(&text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path, ["specific", "bands", "bandID", "wavelengthCenterOfBand"]);
    assert_eq!(found[0].number(), Some(423.03));
    assert_eq!(found[0].outer_attribute("number").as_deref(), Some("7"));
    assert_eq!(found[0].outer_attribute("unit").as_deref(), Some("a & b"));
    assert_eq!(found[0].outer_attribute("none"), None);
    assert!(found[0].is_in("bandID"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[<>/!a=\"' é&;-]{0,200}") {
        for leaf in leaves(&text) {
            let _ = (leaf.attribute("a"), leaf.outer_attribute("a"), leaf.text(), leaf.number());
        }
    }
}

#[test]
fn what_xml_cannot_hold_becomes_a_mark_and_the_rest_is_read_back() {
    assert_eq!(
        escaped("a<b & \"c\"\u{1}\t\n\u{fffe}é"),
        "a&lt;b &amp; &quot;c&quot;\u{fffd}\t\n\u{fffd}é"
    );
    let mut sortie = "North\u{0}".to_owned();
    sortie.push('>');
    assert_eq!(quick_xml::escape::unescape(&escaped(&sortie)).unwrap(), "North\u{fffd}>");
}
