//! Plans as a whole, in worlds made for them and in random ones.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod laws;
mod world;
