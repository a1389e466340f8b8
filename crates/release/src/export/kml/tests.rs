use proptest::prelude::*;

use super::*;
use crate::{
    export::tests::{any_release, readable, site, to},
    recipient::Language,
};

#[test]
fn a_site_with_sources_is_written_like_this() {
    insta::assert_snapshot!(readable(&kml(&to(Language::Es, site())), " "));
}

#[test]
fn balloons_are_in_the_language_of_the_recipient() {
    let [english, spanish] = [Language::En, Language::Es].map(|l| kml(&to(l, site())));
    assert!(english.contains("very likely (80 to 95 %)") && english.contains("&gt;Likelihood&lt;"));
    assert!(
        spanish.contains("muy probable (80 a 95 %)") && spanish.contains("&gt;Probabilidad&lt;")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn whatever_is_released_is_well_formed(releasable in any_release()) {
        let written = kml(&releasable);
        let mut reader = quick_xml::Reader::from_str(&written);
        reader.config_mut().check_end_names = true;
        let mut open = 0;
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(_) => open += 1,
                quick_xml::events::Event::End(_) => open -= 1,
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        prop_assert_eq!(open, 0);
    }
}
