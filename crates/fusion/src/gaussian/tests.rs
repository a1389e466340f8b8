use proptest::prelude::*;

use super::*;

/// Reports and what the package `stonesoup` makes of them: `fixtures/make/two_reports.py`.
const STONESOUP: &str = include_str!("../../../../fixtures/two_reports.csv");

fn fix(n: &[f64]) -> Fix {
    ([n[0], n[1]], Covariance { ee_m2: n[2], en_m2: n[3], nn_m2: n[4] })
}

fn near(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-7 * scale
}

#[test]
fn two_reports_are_fused_as_stonesoup_does() {
    let rows = STONESOUP.lines().skip(1);
    let rows: Vec<Vec<f64>> =
        rows.map(|row| row.split(',').map(|n| n.parse().unwrap()).collect()).collect();
    assert_eq!(rows.len(), 40);
    for row in rows {
        let (x, p) = fused(fix(&row[..5]), fix(&row[5..10]));
        let (theirs, their_p) = fix(&row[10..]);
        assert!(near(x[0], theirs[0], 1e3) && near(x[1], theirs[1], 1e3), "{x:?} {theirs:?}");
        let scale = their_p.ee_m2 + their_p.nn_m2;
        assert!(near(p.ee_m2, their_p.ee_m2, scale), "{p:?} {their_p:?}");
        assert!(near(p.en_m2, their_p.en_m2, scale), "{p:?} {their_p:?}");
        assert!(near(p.nn_m2, their_p.nn_m2, scale), "{p:?} {their_p:?}");
    }
}

#[test]
fn one_report_told_twice_is_not_known_better() {
    let one = ([3.0, 4.0], Covariance { ee_m2: 100.0, en_m2: 20.0, nn_m2: 400.0 });
    let (x, p) = intersected(one, one);

    assert!((x[0] - 3.0).abs() < 1e-9 && (p.ee_m2 - 100.0).abs() < 1e-6, "{x:?} {p:?}");
}

prop_compose! {
    fn any_fix()(
        e in -1e3..1e3_f64, n in -1e3..1e3_f64,
        long in 1.0..500.0_f64, part in 0.05..1.0_f64, bearing in 0.0..180.0_f64,
    ) -> Fix {
        let ellipse = Ellipse90 {
            semi_major: Metres(long), semi_minor: Metres(long * part), bearing: Degrees(bearing),
        };
        ([e, n], Covariance::of(&ellipse))
    }
}

proptest! {
    #[test]
    fn an_ellipse_becomes_a_covariance_and_itself_again(
        long in 1.0..500.0_f64, part in 0.05..0.99_f64, bearing in 0.0..179.9_f64,
    ) {
        let ellipse = Ellipse90 {
            semi_major: Metres(long), semi_minor: Metres(long * part), bearing: Degrees(bearing),
        };
        let again = Covariance::of(&ellipse).ellipse();
        prop_assert!((again.semi_major.0 - long).abs() < 1e-6 * long);
        prop_assert!((again.semi_minor.0 - long * part).abs() < 1e-6 * long);
        let turn = (again.bearing.0 - bearing).rem_euclid(180.0);
        prop_assert!(turn.min(180.0 - turn) < 1e-3, "{} {}", again.bearing.0, bearing);
    }

    #[test]
    fn fusing_is_surer_than_either_and_intersecting_never_surer_than_fusing(
        one in any_fix(), other in any_fix(),
    ) {
        let (both, either) = (fused(one, other).1, intersected(one, other).1);
        let least = one.1.determinant().min(other.1.determinant());
        prop_assert!(both.determinant() < least * (1.0 + 1e-9));
        prop_assert!(either.determinant() > both.determinant() * (1.0 - 1e-9));
        prop_assert!(either.determinant() < least * (1.0 + 1e-3));
    }

    #[test]
    fn intersecting_stays_safe_whatever_the_two_share(one in any_fix(), other in any_fix(), share in 0.0..1.0_f64) {
        // Errors of the two with correlation `share` of matched square roots: the covariance of the
        // combination must not exceed what is claimed, along any direction.
        let (l, m) = (root(&one.1), root(&other.1));
        let (_, p) = intersected(one, other);
        let omega = omega_of(&one.1, &other.1, &p);
        let (a, b) = (gain(&p, &one.1, omega), gain(&p, &other.1, 1.0 - omega));
        for k in 0..8 {
            let (s, c) = (f64::from(k) * 0.4).sin_cos();
            let u = row_times(&a, [c, s], &l);
            let v = row_times(&b, [c, s], &m);
            let real = dot(u, u) + dot(v, v) + 2.0 * share * dot(u, v);
            let claimed = { let w = p.apply([c, s]); c * w[0] + s * w[1] };
            prop_assert!(real <= claimed * (1.0 + 1e-3), "{real} {claimed}");
        }
    }
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// Lower triangular L with L Lᵀ = C.
fn root(c: &Covariance) -> [[f64; 2]; 2] {
    let a = c.ee_m2.sqrt();
    let b = c.en_m2 / a;
    [[a, 0.0], [b, (c.nn_m2 - b * b).sqrt()]]
}

/// ω from P⁻¹ = ω R₁⁻¹ + (1 − ω) R₂⁻¹, by its greatest element.
fn omega_of(r1: &Covariance, r2: &Covariance, p: &Covariance) -> f64 {
    let (i1, i2, i) = (r1.inverse(), r2.inverse(), p.inverse());
    let pairs = [(i1.ee_m2, i2.ee_m2, i.ee_m2), (i1.nn_m2, i2.nn_m2, i.nn_m2)];
    let best = pairs.into_iter().max_by(|a, b| (a.0 - a.1).abs().total_cmp(&(b.0 - b.1).abs()));
    let (a, b, both) = best.unwrap();
    if (a - b).abs() < 1e-12 { 0.5 } else { ((both - b) / (a - b)).clamp(0.0, 1.0) }
}

/// weight P R⁻¹.
fn gain(p: &Covariance, r: &Covariance, weight: f64) -> [[f64; 2]; 2] {
    let i = r.inverse().times(weight);
    let (c1, c2) = (p.apply([i.ee_m2, i.en_m2]), p.apply([i.en_m2, i.nn_m2]));
    [[c1[0], c2[0]], [c1[1], c2[1]]]
}

/// dᵀ G L.
fn row_times(g: &[[f64; 2]; 2], d: [f64; 2], l: &[[f64; 2]; 2]) -> [f64; 2] {
    let row = [d[0] * g[0][0] + d[1] * g[1][0], d[0] * g[0][1] + d[1] * g[1][1]];
    [row[0] * l[0][0] + row[1] * l[1][0], row[0] * l[0][1] + row[1] * l[1][1]]
}
