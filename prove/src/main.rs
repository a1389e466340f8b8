//! Proves what the policies of releases keep to, for every request and every record there could be.
//!
//! Each proposition is a policy set that allows as much as may be allowed at most. The policies are translated to
//! logic and the solver `cvc5` looks for a request that they permit and the proposition does not: when there is none,
//! it is proved; when there is one, it is told as a sentence.

use std::{process::ExitCode, time::Instant};

use cedar_policy::{Entities, EntityUid, EvalResult, PolicySet, Request, Schema};
use cedar_policy_symcc::{
    CedarSymCompiler, CompiledPolicySet,
    solver::{LocalSolver, Solver},
};

const POLICIES: &str = include_str!("../../crates/release/src/release.cedar");
const SCHEMA: &str = include_str!("../../crates/release/src/release.cedarschema");
const BROKEN: &str = include_str!("broken.cedar");

/// A proposition in words, and what it allows at most.
const PROPOSITIONS: [(&str, &str); 3] = [
    (
        "no principal outside the task force can read anything that is not a released product addressed to it",
        include_str!("reading.cedar"),
    ),
    (
        "nobody approves what they drafted, and nothing is sent that two others did not approve",
        include_str!("approving.cedar"),
    ),
    ("no inspector changes anything", include_str!("inspecting.cedar")),
];

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// What was found for one proposition.
struct Found {
    /// How many kinds of request were looked at: principal, action and resource by their types.
    kinds: usize,
    /// A request that is permitted and should not be.
    counterexample: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Outcome<bool> {
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA)?;
    let mut compiler = CedarSymCompiler::new(LocalSolver::cvc5()?)?;
    let mut holds = true;
    for (words, most) in PROPOSITIONS {
        let begun = Instant::now();
        let found = refuted(&mut compiler, &schema, POLICIES, most).await?;
        let ms = begun.elapsed().as_millis();
        holds &= found.counterexample.is_none();
        match found.counterexample {
            None => println!("proved: {words} ({} kinds of request, {ms} ms)", found.kinds),
            Some(sentence) => println!("NOT TRUE: {words}\n  {sentence}"),
        }
    }
    // A prover that refutes nothing proves nothing.
    let (words, most) = PROPOSITIONS[0];
    let broken = format!("{POLICIES}\n{BROKEN}");
    let begun = Instant::now();
    let found = refuted(&mut compiler, &schema, &broken, most).await?;
    let ms = begun.elapsed().as_millis();
    match found.counterexample {
        Some(sentence) => println!("refuted with broken.cedar ({ms} ms): {words}\n  {sentence}"),
        None => {
            println!("NOT REFUTED with broken.cedar: {words}");
            holds = false;
        }
    }
    Ok(holds)
}

/// Looks for a request that the policies permit and `most` does not.
async fn refuted<S: Solver>(
    compiler: &mut CedarSymCompiler<S>,
    schema: &Schema,
    policies: &str,
    most: &str,
) -> Outcome<Found> {
    let (policies, most): (PolicySet, PolicySet) = (policies.parse()?, most.parse()?);
    let mut kinds = 0;
    for kind in schema.request_envs() {
        kinds += 1;
        let ours = CompiledPolicySet::compile(&policies, &kind, schema)?;
        let most = CompiledPolicySet::compile(&most, &kind, schema)?;
        let found = compiler.check_implies_with_counterexample_opt(&ours, &most).await?;
        if let Some(found) = found {
            let counterexample = Some(sentence(&found.request, &found.entities));
            return Ok(Found { kinds, counterexample });
        }
    }
    Ok(Found { kinds, counterexample: None })
}

/// Who may do what with what.
fn sentence(request: &Request, entities: &Entities) -> String {
    let said = |uid: Option<&EntityUid>| uid.map_or("somebody".to_owned(), named);
    let action = request.action().map_or("act on".to_owned(), |uid| uid.id().unescaped().to_owned());
    let mut sentence = format!("{} may {action} {}", said(request.principal()), said(request.resource()));
    let Some(resource) = request.resource().and_then(|uid| entities.get(uid)) else {
        return sentence + ".";
    };
    let text = |name: &str| match resource.attr(name)?.ok()? {
        EvalResult::EntityUid(uid) => Some(named(&uid)),
        EvalResult::String(text) => Some(format!("\"{text}\"")),
        _ => None,
    };
    if let (Some(stage), Some(to), Some(by)) = (text("stage"), text("to"), text("drafted_by")) {
        sentence += &format!(", which is {stage}, is addressed to {to} and was drafted by {by}");
    }
    if let (Some(first), Some(second)) = (text("first"), text("second")) {
        sentence += &format!(", and was approved by {first} and {second}");
    }
    sentence + "."
}

fn named(uid: &EntityUid) -> String {
    format!("{} \"{}\"", uid.type_name().to_string().to_lowercase(), uid.id().unescaped())
}
