//! What a job brings: a scene with its files and what was seen in it, and the end of the job, in one
//! transaction.

use serde_json::json;
use uuid::Uuid;

use crate::{
    NewObservation, NewScene, Store,
    audit::{Actor, Entry},
    error::StoreError,
    jobs::{self, Lease},
    observations, scenes,
};

/// The results of a job; their blobs are in their place already.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// What was searched.
    pub scene: Option<NewScene>,
    /// What was found; those without a scene get the one above.
    pub observations: Vec<NewObservation>,
    /// What came of the job, in a sentence.
    pub note: String,
}

impl Store {
    /// Takes the results of a job and ends it, both or neither.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] when the job is somebody else's by now: then nothing is taken.
    pub async fn finish(&self, lease: &Lease, results: Results) -> Result<Vec<Uuid>, StoreError> {
        let mut change = self.change(&Actor::Worker(lease.owner.clone())).await?;
        // First, so that a worker given up for lost waits for nothing and writes nothing.
        jobs::done(&mut change, lease, &results.note).await?;
        let job = Some(lease.job.id);
        let scene = match &results.scene {
            Some(scene) => Some(scenes::insert(&mut change, scene, job).await?),
            None => None,
        };
        let mut found = results.observations;
        for observation in &mut found {
            observation.scene = observation.scene.or(scene);
        }
        let ids = observations::insert(&mut change, &found, job).await?;
        let detail = json!({ "scene": scene, "observations": ids.len(), "attempt": lease.attempt });
        change.commit(Entry::new("job.done", lease.job.id, detail)).await?;
        Ok(ids)
    }
}
