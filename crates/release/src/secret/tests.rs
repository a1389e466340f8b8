use super::*;

#[test]
fn a_thing_has_one_name_for_a_recipient_and_another_for_the_next() {
    let (a, b) = (RecipientSecret([1; 32]), RecipientSecret([2; 32]));
    assert_eq!(a.alias("site"), a.alias("site"));
    assert_ne!(a.alias("site"), b.alias("site"));
    assert_ne!(a.alias("site"), a.alias("sites"));
    assert_eq!(a.alias("site").len(), 11);
}

#[test]
fn the_numbers_of_a_thing_are_even_and_another_each_time() {
    let secret = RecipientSecret([3; 32]);
    let draws: Vec<[f64; 2]> = (0..4000).map(|n| secret.two("site", n)).collect();
    assert!(draws.iter().flatten().all(|x| (0.0..1.0).contains(x)));
    for axis in 0..2 {
        let mean = draws.iter().map(|d| d[axis]).sum::<f64>() / 4000.0;
        // Deviation of the mean: 0.0046.
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
    assert_eq!(secret.two("site", 7), draws[7]);
}

#[test]
fn a_secret_does_not_show_itself() {
    assert_eq!(format!("{:?}", RecipientSecret([9; 32])), "RecipientSecret(…)");
}
