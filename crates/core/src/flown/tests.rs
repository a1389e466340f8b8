use super::*;

fn said(classification: Option<Classification>, country: &str) -> Handling {
    Handling { classification, said: [(HandlingItem::Country, country.to_owned())].into() }
}

#[test]
fn of_two_markings_the_strictest_holds_and_nothing_said_is_lost() {
    let both = said(Some(Classification::Secret), "//CA")
        .and(said(Some(Classification::Restricted), "//FR"));
    assert_eq!(both.to_string(), "SECRET; classifying country: //CA; classifying country: //FR");
}

#[test]
fn a_classification_that_cannot_be_read_is_never_lowered_by_one_that_can() {
    let both = said(Some(Classification::Unclassified), "//CA").and(said(None, "//CA"));
    assert_eq!(both.classification, None);
}

#[test]
fn a_fault_says_where_when_what_and_how_often() {
    let time = "2026-10-05T08:00:00Z".parse().ok();
    let what = Flaw::PositionLost(Lost::NoFix);
    let fault = LogFault { at: LogPlace::Byte(1024), time, what, times: 3 };
    let sentence = "byte 1024, 2026-10-05T08:00:00Z: position lost: the receiver has no fix \
                    (3 times in a row)";
    assert_eq!(fault.to_string(), sentence);
    let alone =
        LogFault { at: LogPlace::Row(2), time: None, what: Flaw::Gap(Seconds(12.5)), times: 1 };
    assert_eq!(alone.to_string(), "row 2: no position for 12.5 s before this one");
}
