//! What the machine can do at best: the arithmetic and the reading that a filter cannot go without.

use std::time::Instant;

use faer::{
    Accum, Mat, MatRef, Par,
    linalg::matmul::triangular::{self, BlockStructure},
};

use crate::scene::Scene;

/// Pixels multiplied at once, as many as the search does.
const BLOCK: usize = 256;
/// Runs of which the fastest counts.
const RUNS: usize = 3;

/// Seconds of one thread for the symmetric products of all pixels in the window's bands.
pub(crate) fn syrk_s(scene: &Scene) -> f64 {
    let p = scene.window;
    let rows = vec![0.5_f32; BLOCK * p];
    let mut into = Mat::<f32>::zeros(p, p);
    let blocks = (scene.cube.lines * scene.cube.samples).div_ceil(BLOCK);
    fastest(|| {
        let rows = MatRef::from_column_major_slice(&rows, p, BLOCK);
        for _ in 0..blocks {
            triangular::matmul(
                into.as_mut(),
                BlockStructure::TriangularLower,
                Accum::Add,
                rows,
                BlockStructure::Rectangular,
                rows.transpose(),
                BlockStructure::Rectangular,
                1e-9,
                Par::Seq,
            );
        }
        into[(0, 0)]
    })
}

/// Seconds of one thread to read the window's bands of every pixel from memory once.
pub(crate) fn read_s(scene: &Scene) -> f64 {
    let (p, window) = (scene.cube.bands.len(), scene.window);
    fastest(|| {
        let mut lanes = [0.0_f32; 16];
        for spectrum in scene.cube.data.chunks_exact(p) {
            for part in spectrum[..window].chunks(16) {
                lanes.iter_mut().zip(part).for_each(|(lane, x)| *lane += x);
            }
        }
        lanes.iter().sum()
    })
}

fn fastest(mut run: impl FnMut() -> f32) -> f64 {
    let timed = |_| {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed().as_secs_f64()
    };
    (0..RUNS).map(timed).fold(f64::INFINITY, f64::min)
}
