//! Plain clustering: DBSCAN (Ester, Kriegel, Sander & Xu 1996) of plumes within 500 m.

const NEAR: f64 = 500.0;

fn apart(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Middles of clusters with `least` plumes within reach of a core one.
pub(crate) fn dbscan(plumes: &[[f64; 2]], least: usize) -> Vec<[f64; 2]> {
    let near = |i: usize| -> Vec<usize> {
        (0..plumes.len()).filter(|j| apart(plumes[i], plumes[*j]) <= NEAR).collect()
    };
    let mut label: Vec<Option<usize>> = vec![None; plumes.len()];
    let mut clusters = 0;
    for i in 0..plumes.len() {
        if label[i].is_some() || near(i).len() < least {
            continue;
        }
        let mut front = vec![i];
        while let Some(at) = front.pop() {
            if label[at].is_some() {
                continue;
            }
            label[at] = Some(clusters);
            let around = near(at);
            if around.len() >= least {
                front.extend(around);
            }
        }
        clusters += 1;
    }
    (0..clusters)
        .map(|c| {
            let members =
                || plumes.iter().zip(&label).filter(|(_, l)| **l == Some(c)).map(|(p, _)| p);
            let n = members().count() as f64;
            [members().map(|p| p[0]).sum::<f64>() / n, members().map(|p| p[1]).sum::<f64>() / n]
        })
        .collect()
}

#[test]
fn two_heaps_are_two_clusters_and_a_lone_plume_is_none() {
    let plumes =
        [[0.0, 0.0], [400.0, 0.0], [800.0, 0.0], [5000.0, 0.0], [9000.0, 0.0], [9100.0, 0.0]];

    assert_eq!(dbscan(&plumes, 2), [[400.0, 0.0], [9050.0, 0.0]]);
    assert_eq!(dbscan(&plumes, 3), [[400.0, 0.0]]);
}
