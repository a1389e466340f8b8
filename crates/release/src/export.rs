//! Everything that leaves is written here, and takes a [`Releasable`](crate::gate::Releasable) alone.
