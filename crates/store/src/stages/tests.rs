use super::*;
use Verdict::{CannotTell, Collect, Confirm, Reject, SecondLook as Again};

fn after(verdicts: &[Verdict], second_look: SecondLook) -> (Stage, Option<Verdict>) {
    let said: Vec<Said> =
        verdicts.iter().map(|verdict| Said { verdict: *verdict, settles: false }).collect();
    led_to(&said, second_look)
}

#[test]
fn one_alone_decides_what_need_not_be_seen_twice() {
    let decided = |verdict| (Stage::Decided, Some(verdict));
    assert_eq!(after(&[], SecondLook::Confirmed), (Stage::First, None));
    assert_eq!(after(&[Confirm], SecondLook::Confirmed), (Stage::Second, None));
    assert_eq!(after(&[Reject], SecondLook::Confirmed), decided(Reject));
    assert_eq!(after(&[CannotTell], SecondLook::Confirmed), decided(CannotTell));
    assert_eq!(after(&[Confirm], SecondLook::Never), decided(Confirm));
    assert_eq!(after(&[Reject], SecondLook::Always), (Stage::Second, None));
    for rule in [SecondLook::Never, SecondLook::Confirmed, SecondLook::Always] {
        assert_eq!(after(&[Again], rule), (Stage::Second, None));
        assert_eq!(after(&[Collect], rule), (Stage::Collecting, None));
    }
}

#[test]
fn two_who_agree_decide_and_two_who_differ_ask_a_senior() {
    for rule in [SecondLook::Never, SecondLook::Confirmed, SecondLook::Always] {
        assert_eq!(after(&[Confirm, Confirm], rule), (Stage::Decided, Some(Confirm)));
        assert_eq!(after(&[Collect, Collect], rule), (Stage::Collecting, None));
        assert_eq!(after(&[Confirm, Reject], rule), (Stage::Senior, None));
        assert_eq!(after(&[Confirm, Collect], rule), (Stage::Senior, None));
        assert_eq!(after(&[Confirm, Confirm, Reject], rule), (Stage::Senior, None));
    }
}

#[test]
fn a_wish_for_a_second_look_is_no_opinion() {
    assert_eq!(after(&[Again, Confirm], SecondLook::Confirmed), (Stage::Decided, Some(Confirm)));
    assert_eq!(after(&[Again, Again], SecondLook::Confirmed), (Stage::Senior, None));
    assert_eq!(after(&[Confirm, Again, Reject], SecondLook::Never), (Stage::Senior, None));
}

#[test]
fn the_last_word_stands_whatever_others_say() {
    let open = |verdict| Said { verdict, settles: false };
    let last = |verdict| Said { verdict, settles: true };
    let said = [open(Confirm), open(Reject), last(CannotTell), open(Confirm)];
    assert_eq!(led_to(&said, SecondLook::Always), (Stage::Decided, Some(CannotTell)));
    let said = [open(Confirm), open(Reject), last(Collect)];
    assert_eq!(led_to(&said, SecondLook::Always), (Stage::Collecting, None));
}
