//! Gas seen by the ground's own heat, between 7 and 14 µm.
//!
//! Radiance at the sensor, by band `b`,
//!
//! ```text
//! L = τ [ t (ε B(T_s) + (1 − ε) S) + (1 − t) B(T_p) ] + P
//! ```
//!
//! `τ` transmittance and `P` emission of the path, `t` transmittance of the plume along the view,
//! `ε` and `T_s` emissivity and temperature of the ground, `S` radiance of the sky on the ground,
//! `T_p` temperature of the plume, `B` Planck's radiance. All in W m⁻² sr⁻¹ µm⁻¹. The plume stands
//! at the ground, below all of the path. For a thin plume, `t = 1 − a c` with the gas column `c`,
//! the change is
//!
//! ```text
//! ΔL = −τ a c (L_g − B(T_p)) ≈ −τ a c (∂B/∂T) ΔT,   ΔT = T_g − T_p,
//! ```
//!
//! `L_g` what leaves the ground and `T_g` its brightness temperature. Where the ground looks as
//! warm as the plume there is no contrast and nothing can be said: neither gas nor its absence.
//!
//! Young, Johnson and Hackwell (2002), J. Geophys. Res. 107 (D24), 4774; Gallagher, Wise and
//! Sheen (2003), Pattern Anal. Appl. 6, 207.

pub mod air;
pub mod contrast;
pub mod in_scene;
pub mod instruments;
pub mod line_shape;
pub mod planck;
pub mod targets;
