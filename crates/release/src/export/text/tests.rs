use proptest::prelude::*;

use super::*;
use crate::export::tests::{any_release, any_text, site, to, with};

#[test]
fn a_message_in_spanish_is_written_like_this() {
    let release = to(Language::Es, site());
    insta::assert_snapshot!(format!("Subject: {}\n\n{}", super::subject(&release), text(&release)));
}

#[test]
fn a_message_in_english_is_written_like_this() {
    insta::assert_snapshot!(text(&to(Language::En, site())));
}

#[test]
fn words_in_the_other_language_stand_in_for_those_that_are_missing() {
    let held = Value::Words { words: "Solo en español".into() };
    assert!(text(&to(Language::En, with("what.es", held))).contains("Solo en español"));
}

#[test]
fn no_word_is_cut() {
    let long = "x".repeat(100);
    assert_eq!(wrapped(&format!("a {long} b")), format!("a\n{long}\nb"));
    assert_eq!(wrapped("ab ".repeat(24).trim_end()), "ab ".repeat(24).trim_end());
    assert_eq!(
        wrapped(&format!("{} c", "ab ".repeat(24).trim_end())),
        format!("{}\nc", "ab ".repeat(24).trim_end())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn lines_are_no_wider_than_72_but_for_a_single_word(releasable in any_release()) {
        for line in text(&releasable).lines() {
            prop_assert!(line.chars().count() <= COLUMNS || !line.trim().contains(' '), "{:?}", line);
            prop_assert!(!line.contains(|c: char| c.is_control()), "{:?}", line);
        }
        prop_assert!(!subject(&releasable).contains(|c: char| c.is_control()));
    }

    #[test]
    fn wrapping_keeps_every_word(said in any_text()) {
        let words = |text: &str| one_line(text).split(' ').map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(words(&paragraph(&said)), words(&said));
    }
}
