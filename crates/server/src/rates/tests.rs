use super::*;

#[test]
fn an_account_that_asks_too_often_waits_and_no_other_does() {
    let rates = Rates::new();
    let (greedy, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let taken = (0..5_000).take_while(|_| rates.wait(greedy).is_none()).count();
    // While one asks, a little comes back.
    assert!((1_000..4_000).contains(&taken), "{taken}");
    let wait = rates.wait(greedy).unwrap();
    assert!(wait <= Duration::from_millis(10), "{wait:?}");
    assert_eq!(rates.wait(other), None);
}
