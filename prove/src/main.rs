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
/// What is proved, and a deliberate mistake that has to be found.
struct Proposition {
    words: &'static str,
    /// What it allows at most.
    most: &'static str,
    broken: Broken,
}

enum Broken {
    /// A policy more.
    With(&'static str),
    /// Without the policy of this name, which is the last.
    Without(&'static str),
}

const PROPOSITIONS: [Proposition; 3] = [
    Proposition {
        words: "no principal outside the task force can read anything that is not a released product addressed to it",
        most: include_str!("reading.cedar"),
        broken: Broken::With(include_str!("broken_reading.cedar")),
    },
    Proposition {
        words: "nobody approves what they drafted, and nothing is sent that two others did not approve",
        most: include_str!("approving.cedar"),
        broken: Broken::With(include_str!("broken_approving.cedar")),
    },
    Proposition {
        words: "no inspector changes anything",
        most: include_str!("inspecting.cedar"),
        broken: Broken::Without("an inspector changes nothing"),
    },
];

impl Broken {
    fn policies(&self) -> Outcome<String> {
        match self {
            Self::With(policy) => Ok(format!("{POLICIES}\n{policy}")),
            Self::Without(name) => {
                let found = POLICIES.split_once(&format!("@id(\"{name}\")"));
                let (before, last) = found.ok_or("no policy of that name")?;
                let is_last = !last.contains("@id(");
                is_last.then(|| before.to_owned()).ok_or_else(|| "not the last policy".into())
            }
        }
    }
}

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
    for Proposition { words, most, broken } in PROPOSITIONS {
        let begun = Instant::now();
        let found = refuted(&mut compiler, &schema, POLICIES, most).await?;
        let ms = begun.elapsed().as_millis();
        holds &= found.counterexample.is_none();
        match found.counterexample {
            None => println!("proved: {words} ({} kinds of request, {ms} ms)", found.kinds),
            Some(sentence) => println!("NOT TRUE: {words}\n  {sentence}"),
        }
        // A prover that refutes nothing proves nothing.
        let found = refuted(&mut compiler, &schema, &broken.policies()?, most).await?;
        holds &= found.counterexample.is_some();
        match found.counterexample {
            Some(sentence) => println!("  and not with a deliberate mistake: {sentence}"),
            None => println!("NOT FOUND: a deliberate mistake in what is said there"),
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
    let action =
        request.action().map_or("act on".to_owned(), |uid| uid.id().unescaped().to_owned());
    let mut roles: Vec<_> = request
        .principal()
        .and_then(|principal| entities.ancestors(principal))
        .into_iter()
        .flatten()
        .map(named)
        .collect();
    roles.sort_unstable();
    let has = if roles.is_empty() { "no role".to_owned() } else { roles.join(" and ") };
    let (principal, resource) = (said(request.principal()), said(request.resource()));
    let mut sentence = format!("{principal}, who has {has}, may {action} {resource}");
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
