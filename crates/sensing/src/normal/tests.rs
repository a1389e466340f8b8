use super::*;

#[test]
fn tails_agree_with_the_tables() {
    for (z, tail) in
        [(0.0, 0.5), (1.0, 0.158_655_254), (3.0, 1.349_898_03e-3), (6.0, 9.865_876_45e-10)]
    {
        assert!((upper_tail(z) / tail - 1.0).abs() < 1e-7, "{z}: {}", upper_tail(z));
        assert!((upper_tail(-z) - (1.0 - tail)).abs() < 1e-9);
    }
}

#[test]
fn the_score_of_a_tail_undoes_the_tail() {
    for k in -80..=80 {
        let z = f64::from(k) / 10.0;
        assert!((score_of_tail(upper_tail(z)) - z).abs() < 1e-6 || z < -6.0, "{z}");
    }
}
