//! What a job brings: a scene with its files and what was seen in it, and the end of the job, in one
//! transaction.

use cathartes_core::observation::Observation;
use serde_json::json;
use uuid::Uuid;

use crate::{
    NewFinding, NewScene, Store,
    audit::{Actor, Entry},
    error::StoreError,
    findings,
    fold::{self, Folded},
    jobs::{self, Lease},
    observations::{self, TakenFrom},
    scenes,
};

/// The results of a job; their blobs are in their place already.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// What was searched.
    pub scene: Option<NewScene>,
    /// What was found; those without a scene get the one above.
    pub findings: Vec<NewFinding>,
    /// What these findings, by their place in the list, and the scene as a whole say as observations.
    pub observations: Vec<(Option<usize>, Observation)>,
    /// What a fold leaves.
    pub folded: Option<Folded>,
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
        let mut found = results.findings;
        for finding in &mut found {
            finding.scene = finding.scene.or(scene);
        }
        let ids = findings::insert(&mut change, &found, job).await?;
        let said = results.observations.into_iter().filter_map(|(finding, said)| {
            let finding = finding.and_then(|at| ids.get(at)).map(|id| TakenFrom::Finding(*id));
            Some((said, finding.or_else(|| scene.map(TakenFrom::Scene))?))
        });
        let said: Vec<(Observation, TakenFrom)> = said.collect();
        let added = observations::insert(&mut change, &said, job).await?;
        if !added.new.is_empty() {
            jobs::ask_for_fold(&mut change).await?;
        }
        let (attempt, job) = (lease.attempt, lease.job.id);
        let entry = match &results.folded {
            None => {
                let detail = json!({
                    "scene": scene, "findings": ids.len(), "observations": added.new.len(),
                    "attempt": attempt,
                });
                Entry::new("job.done", job, detail)
            }
            Some(folded) => {
                fold::put(&mut change, folded).await?;
                let detail = json!({
                    "to": folded.to, "changed": folded.changed.len(), "gone": folded.gone.len(),
                    "attempt": attempt,
                });
                Entry::new("site.folded", job, detail)
            }
        };
        change.commit(entry).await?;
        Ok(ids)
    }
}
