//! Who asks, and what they may.
//!
//! A browser proves who it is by a cookie that scripts cannot read, and says with every change what it
//! was told when it signed in, which another site cannot know. A program sends a bearer token and no
//! cookie.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
};
use cathartes_store::{Account, Actor, Session};
use jiff::Timestamp;

use crate::{app::App, policies::Policies, problem::Problem, witness::Witness};

/// The cookie of a browser.
pub(crate) const COOKIE: &str = "cathartes_session";
/// What a browser says with every change.
pub(crate) const CSRF: &str = "x-csrf-token";

/// What one may do; who may stands in `access.cedar`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permission {
    /// See what is there.
    Read,
    /// Bring files and ask for jobs.
    Import,
    /// Review; merge and split sites.
    Judge,
    /// Have the last word where two differ.
    Settle,
    /// Make and change accounts.
    Accounts,
    /// Read the audit log.
    Audit,
    /// Say how closely something is held, and who may have it.
    Mark,
}

impl Permission {
    /// The action that policies know it by.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Import => "import",
            Self::Judge => "judge",
            Self::Settle => "settle",
            Self::Accounts => "accounts",
            Self::Audit => "audit",
            Self::Mark => "mark",
        }
    }

    /// As a sentence has it.
    fn verb(self) -> &'static str {
        match self {
            Self::Read => "read anything here",
            Self::Import => "bring files or ask for jobs",
            Self::Judge => "review, or merge or split sites",
            Self::Settle => "have the last word on what two see differently",
            Self::Accounts => "make or change accounts",
            Self::Audit => "read the audit log",
            Self::Mark => "say how closely something is held",
        }
    }
}

/// Whoever sent this request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) session: Session,
    pub(crate) token: String,
    pub(crate) witness: Witness,
    policies: Arc<Policies>,
}

impl Caller {
    pub(crate) fn account(&self) -> &Account {
        &self.session.account
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor::Account(self.account().name.clone())
    }

    /// Whether the role goes that far.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.policies.permit(self.account(), permission)
    }

    /// Whether another account's role goes that far.
    pub(crate) fn permits(&self, other: &Account, permission: Permission) -> bool {
        self.policies.permit(other, permission)
    }

    /// # Errors
    ///
    /// [`Problem`] 403 when the role does not go that far.
    pub(crate) fn needs(&self, permission: Permission) -> Result<(), Problem> {
        if self.may(permission) {
            return Ok(());
        }
        let (role, what) = (self.account().role, permission.verb());
        Err(Problem::new(StatusCode::FORBIDDEN, format!("the role {role} may not {what}")))
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let nobody = || {
            let detail = "sign in first: POST /api/v1/session, or a bearer token";
            Problem::new(StatusCode::UNAUTHORIZED, detail)
        };
        let (token, browser) = credentials(&parts.headers).ok_or_else(nobody)?;
        let session = app.store.session(&token, Timestamp::now()).await?.ok_or_else(nobody)?;
        let witness = Witness::of(parts);
        witness.is(&session.account);
        // A token does what it was made for: a stolen cookie is no bearer token, nor the other way.
        if session.csrf.is_some() != browser {
            return Err(nobody());
        }
        if let (Some(csrf), false) = (&session.csrf, parts.method.is_safe()) {
            let said = parts.headers.get(CSRF).map(HeaderValue::as_bytes);
            if !said.is_some_and(|said| same(said, csrf.as_bytes())) {
                let detail = "changes by a browser need the header X-CSRF-Token, as GET \
                              /api/v1/session says it";
                return Err(Problem::new(StatusCode::FORBIDDEN, detail));
            }
        }
        if let Some(wait) = app.rates.wait(session.account.id) {
            let detail =
                "this account asks for too much at a time: wait a second, then ask less often";
            return Err(Problem::too_many(detail, wait));
        }
        let policies = Arc::clone(&app.policies);
        let caller = Self { session, token, witness, policies };
        caller.needs(Permission::Read)?;
        Ok(caller)
    }
}

/// The token, and whether a browser sent it.
fn credentials(headers: &HeaderMap) -> Option<(String, bool)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok()?.strip_prefix("Bearer ")?;
        return Some((token.to_owned(), false));
    }
    cookie(headers, COOKIE).map(|token| (token.to_owned(), true))
}

/// What a browser keeps under a name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|pair| pair.0 == name).map(|pair| pair.1)
}

/// Equal, in a time that does not tell where they differ.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests;
