//! Who may do what with that which leaves: the Cedar policies of `release.cedar`, which fit `release.cedarschema`.
//!
//! What no policy permits is forbidden, and so is a question that cannot be put. A [`Permit`] can be made here alone.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use uuid::Uuid;

/// The policies as they are shipped.
pub const POLICIES: &str = include_str!("release.cedar");
/// What they speak of.
pub const SCHEMA: &str = include_str!("release.cedarschema");

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// Somebody of the task force.
    Officer {
        /// The name of the account.
        name: &'a str,
        /// The word for the role, as accounts have it.
        role: &'a str,
    },
    /// A partner body.
    Recipient {
        /// Its code.
        code: &'a str,
    },
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Read a product or a release.
    Read,
    /// Say what came of a release.
    Answer,
    /// Make a draft of a release.
    Draft,
    /// Approve a draft.
    Approve,
    /// Send what was approved.
    Release,
    /// Take back what was released.
    Recall,
    /// Let something leave before the delay of the rules is over.
    Overrule,
}

impl Permission {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::Answer,
        Self::Draft,
        Self::Approve,
        Self::Release,
        Self::Recall,
        Self::Overrule,
    ];

    /// The word of the policies for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Answer => "answer",
            Self::Draft => "draft",
            Self::Approve => "approve",
            Self::Release => "release",
            Self::Recall => "recall",
            Self::Overrule => "overrule",
        }
    }
}

/// How far a release has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Shown to those who approve.
    Draft,
    /// Sent.
    Released,
    /// Taken back.
    Recalled,
}

impl Stage {
    /// The word of the policies for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Released => "released",
            Self::Recalled => "recalled",
        }
    }
}

/// What policies look at of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseState {
    /// What the recipient knows it by.
    pub release: String,
    /// The code of the recipient.
    pub to: String,
    /// How far it has come.
    pub stage: Stage,
    /// Who drafted it.
    pub drafted_by: String,
    /// Who approved it first.
    pub first: Option<String>,
    /// And who then.
    pub second: Option<String>,
}

/// What something is to be done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What<'a> {
    /// A product, for the recipient of this code.
    Product {
        /// Its id.
        id: Uuid,
        /// The code.
        to: &'a str,
    },
    /// A release.
    Release(&'a ReleaseState),
}

/// That somebody may do something with something.
///
/// ```
/// use cathartes_release::policy::Permit;
///
/// fn same(permit: &Permit) -> Permit {
///     permit.clone()
/// }
/// ```
///
/// Only policies make one.
///
/// ```compile_fail,E0451
/// use cathartes_release::policy::Permit;
///
/// fn same(permit: &Permit) -> Permit {
///     Permit { to: "another".to_owned(), ..permit.clone() }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    permission: Permission,
    who: String,
    of: Of,
    to: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Of {
    Product(Uuid),
    Release(String),
}

impl Permit {
    /// What may be done.
    #[must_use]
    pub fn permission(&self) -> Permission {
        self.permission
    }

    /// By whom: the name of an account, or the code of a recipient.
    #[must_use]
    pub fn who(&self) -> &str {
        &self.who
    }

    /// The code of the recipient.
    #[must_use]
    pub fn to(&self) -> &str {
        &self.to
    }

    pub(crate) fn is_of_product(&self, id: Uuid) -> bool {
        self.of == Of::Product(id)
    }

    pub(crate) fn is_of_release(&self, release: &str) -> bool {
        matches!(&self.of, Of::Release(of) if of == release)
    }
}

/// Why there is no permit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No policy permits it, or one forbids it.
    #[error("{who} may not {word} {what}: no policy of release.cedar permits it")]
    Refused {
        /// Who asked.
        who: String,
        /// To do what.
        word: &'static str,
        /// With what.
        what: String,
    },
    /// The policies cannot be read, or do not fit the schema.
    #[error("the policies of releases cannot be used: {0}")]
    Unusable(String),
}

/// Policies, and what asks them.
#[derive(Debug)]
pub struct Policies {
    authorizer: Authorizer,
    all: PolicySet,
    schema: Schema,
}

impl Policies {
    /// Those that are shipped.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Unusable`] when a policy cannot be read, or asks for what the schema does not have.
    pub fn new() -> Result<Self, PolicyError> {
        Self::read(POLICIES, SCHEMA).map_err(PolicyError::Unusable)
    }

    fn read(policies: &str, schema: &str) -> Result<Self, String> {
        let all: PolicySet = policies.parse().map_err(said)?;
        let (schema, _) = Schema::from_cedarschema_str(schema).map_err(said)?;
        let checked = Validator::new(schema.clone()).validate(&all, ValidationMode::Strict);
        match checked.validation_errors().next() {
            Some(error) => Err(error.to_string()),
            None => Ok(Self { authorizer: Authorizer::new(), all, schema }),
        }
    }

    /// Whether somebody may do something.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Refused`] when they may not, or the question cannot be put.
    pub fn permit(
        &self,
        who: Who<'_>,
        permission: Permission,
        what: What<'_>,
    ) -> Result<Permit, PolicyError> {
        let (name, to, of) = match what {
            What::Product { id, to } => (format!("product {id}"), to, Of::Product(id)),
            What::Release(state) => {
                let name = format!("release {} to {}", state.release, state.to);
                (name, state.to.as_str(), Of::Release(state.release.clone()))
            }
        };
        let who_name = match who {
            Who::Officer { name, .. } | Who::Recipient { code: name } => name,
        };
        // Whatever is wrong with the question, its answer is no.
        if self.allows(who, permission, what).unwrap_or(false) {
            return Ok(Permit { permission, who: who_name.to_owned(), of, to: to.to_owned() });
        }
        let word = permission.word();
        Err(PolicyError::Refused { who: who_name.to_owned(), word, what: name })
    }

    fn allows(&self, who: Who<'_>, permission: Permission, what: What<'_>) -> Result<bool, String> {
        let asking = match who {
            Who::Officer { name, role } => {
                let roles = HashSet::from([uid("Role", role)?]);
                Entity::new_no_attrs(uid("Officer", name)?, roles)
            }
            Who::Recipient { code } => {
                Entity::new_no_attrs(uid("Recipient", code)?, HashSet::new())
            }
        };
        let asked = match what {
            What::Product { id, .. } => {
                Entity::new_no_attrs(uid("Product", &id.to_string())?, HashSet::new())
            }
            What::Release(state) => release(state)?,
        };
        let action = uid("Action", permission.word())?;
        let (asking_uid, asked_uid) = (asking.uid(), asked.uid());
        let entities =
            Entities::from_entities([asking, asked], Some(&self.schema)).map_err(said)?;
        let context = Context::empty();
        let request = Request::new(asking_uid, action, asked_uid, context, Some(&self.schema));
        let request = request.map_err(said)?;
        let answer = self.authorizer.is_authorized(&request, &self.all, &entities);
        // A policy that could not be asked is no permission, whatever the others say.
        let clean = answer.diagnostics().errors().next().is_none();
        Ok(clean && answer.decision() == Decision::Allow)
    }
}

fn release(state: &ReleaseState) -> Result<Entity, String> {
    let officer = |name: &str| uid("Officer", name).map(RestrictedExpression::new_entity_uid);
    let mut attributes = HashMap::from([
        ("to".to_owned(), RestrictedExpression::new_entity_uid(uid("Recipient", &state.to)?)),
        ("stage".to_owned(), RestrictedExpression::new_string(state.stage.word().to_owned())),
        ("drafted_by".to_owned(), officer(&state.drafted_by)?),
    ]);
    for (key, name) in [("first", &state.first), ("second", &state.second)] {
        if let Some(name) = name {
            attributes.insert(key.to_owned(), officer(name)?);
        }
    }
    let uid = uid("Release", &state.release)?;
    Entity::new(uid, attributes, HashSet::new()).map_err(said)
}

fn uid(of: &str, id: &str) -> Result<EntityUid, String> {
    let of: EntityTypeName = of.parse().map_err(said)?;
    Ok(EntityUid::from_type_name_and_id(of, EntityId::new(id)))
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests;
