//! Who may do what: the Cedar policies of `access.cedar`, which fit the schema of `access.cedarschema`.
//!
//! An account is asked about as it is at the moment: its name, its role and nothing that was kept from
//! before. What no policy permits is forbidden, and so is a question that cannot be put.

use std::collections::HashSet;

use cathartes_store::Account;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, Schema, ValidationMode, Validator,
};

use crate::{ServerError, access::Permission};

/// As they were compiled in.
const POLICIES: &str = include_str!("access.cedar");
const SCHEMA: &str = include_str!("access.cedarschema");

/// Policies, and what asks them.
#[derive(Debug)]
pub(crate) struct Policies {
    authorizer: Authorizer,
    all: PolicySet,
    schema: Schema,
    account: EntityTypeName,
    role: EntityTypeName,
    action: EntityTypeName,
    record: EntityUid,
}

impl Policies {
    /// # Errors
    ///
    /// [`ServerError::Policies`] when a policy cannot be read, or asks for what the schema does not have.
    pub(crate) fn new() -> Result<Self, ServerError> {
        Self::read(POLICIES, SCHEMA).map_err(ServerError::Policies)
    }

    fn read(policies: &str, schema: &str) -> Result<Self, String> {
        let policies: PolicySet = policies.parse().map_err(said)?;
        let (schema, _) = Schema::from_cedarschema_str(schema).map_err(said)?;
        let checked = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        if let Some(error) = checked.validation_errors().next() {
            return Err(error.to_string());
        }
        let name = |text: &str| text.parse::<EntityTypeName>().map_err(said);
        Ok(Self {
            authorizer: Authorizer::new(),
            all: policies,
            schema,
            account: name("Account")?,
            role: name("Role")?,
            action: name("Action")?,
            record: EntityUid::from_type_name_and_id(name("Record")?, EntityId::new("record")),
        })
    }

    /// Whether an account may.
    pub(crate) fn permit(&self, account: &Account, permission: Permission) -> bool {
        let uid = |of: &EntityTypeName, id: &str| {
            EntityUid::from_type_name_and_id(of.clone(), EntityId::new(id))
        };
        let who = uid(&self.account, &account.name);
        let roles = HashSet::from([uid(&self.role, account.role.word())]);
        let entity = Entity::new_no_attrs(who.clone(), roles);
        let Ok(entities) = Entities::from_entities([entity], Some(&self.schema)) else {
            return false;
        };
        let action = uid(&self.action, permission.word());
        let asked =
            Request::new(who, action, self.record.clone(), Context::empty(), Some(&self.schema));
        asked.is_ok_and(|asked| {
            let answer = self.authorizer.is_authorized(&asked, &self.all, &entities);
            answer.decision() == Decision::Allow
        })
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests;
