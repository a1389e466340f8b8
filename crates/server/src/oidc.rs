//! Signing in by an issuer of identities that the organisation has already (`OpenID` Connect).
//!
//! The way of a code with PKCE: the browser goes to the issuer and comes back with a code, which the
//! server changes for a signed statement of who it is. What one browser set out with (state, nonce,
//! verifier, and the invitation when there is one) waits in a cookie of its own for ten minutes, so that
//! several servers need to share nothing. Whoever comes without an account needs an invitation: the
//! issuer says who somebody is, never what they may.
//!
//! `OpenID` Connect Core 1.0, section 3.1; RFC 7636 (PKCE); RFC 9700 (what goes wrong with it).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
    core::{CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreProviderMetadata},
};

use tokio::sync::Mutex;

use crate::ServerError;

/// How long the issuer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long what it says of itself holds, its keys too.
const HOLDS: Duration = Duration::from_secs(300);
/// More than this no issuer has to say.
const MOST_BYTES: usize = 1 << 20;

/// Where identities come from, and as what we are known there.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    /// Its address, as it names itself: `https://login.example/realms/task-force`.
    pub issuer: String,
    /// Our name there.
    pub client: String,
    /// What proves that we are it, when it asks for that.
    pub secret: Option<String>,
}

/// Who somebody is, as the issuer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The issuer and their number there.
    pub(crate) subject: String,
    /// A name for the account they do not have yet.
    pub(crate) name: Option<String>,
}

/// What a browser sets out with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Journey {
    pub(crate) state: String,
    nonce: String,
    verifier: String,
    /// The token of an invitation; empty when there is none.
    pub(crate) invitation: String,
}

impl Journey {
    /// As a cookie holds it: none of the four has a dot.
    pub(crate) fn cookie(&self) -> String {
        [&*self.state, &self.nonce, &self.verifier, &self.invitation].join(".")
    }

    pub(crate) fn from_cookie(text: &str) -> Option<Self> {
        let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        let [state, nonce, verifier, invitation] = parts.try_into().ok()?;
        Some(Self { state, nonce, verifier, invitation })
    }
}

/// What speaks to an issuer that has said what it is.
type Ready = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The issuer.
#[derive(Debug, Clone)]
pub(crate) struct Oidc {
    issuer: IssuerUrl,
    client: ClientId,
    secret: Option<ClientSecret>,
    comes_back: RedirectUrl,
    wire: Wire,
    known: Arc<Mutex<Option<(Instant, CoreProviderMetadata)>>>,
}

impl Oidc {
    /// Nobody is asked yet: the issuer may come up later than this server.
    ///
    /// # Errors
    ///
    /// [`ServerError::Oidc`] when an address is none.
    pub(crate) fn new(settings: &OidcSettings, base: &str) -> Result<Self, ServerError> {
        let odd =
            |what: &str, why: &dyn std::fmt::Display| ServerError::Oidc(format!("{what}: {why}"));
        // The provider may be there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build();
        let issuer = IssuerUrl::new(settings.issuer.clone());
        let comes_back = RedirectUrl::new(format!("{base}/oidc/return"));
        Ok(Self {
            issuer: issuer.map_err(|error| odd(&settings.issuer, &error))?,
            client: ClientId::new(settings.client.clone()),
            secret: settings.secret.clone().map(ClientSecret::new),
            comes_back: comes_back.map_err(|error| odd(base, &error))?,
            wire: Wire(http.map_err(|error| odd("connections", &error))?),
            known: Arc::default(),
        })
    }

    /// What people know the issuer by.
    pub(crate) fn host(&self) -> &str {
        self.issuer.url().host_str().unwrap_or(self.issuer.as_str())
    }

    /// Where the browser has to go, and what it sets out with.
    ///
    /// # Errors
    ///
    /// What the issuer did not do.
    pub(crate) async fn set_out(&self, invitation: String) -> Result<(String, Journey), String> {
        let client = self.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let journey = Journey {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            invitation,
        };
        Ok((url.into(), journey))
    }

    /// Who came back with a code from a journey.
    ///
    /// # Errors
    ///
    /// What the issuer did not do, or why its statement is not believed.
    pub(crate) async fn arrive(&self, code: String, journey: Journey) -> Result<Identity, String> {
        let client = self.client().await?;
        let asked = client.exchange_code(AuthorizationCode::new(code));
        let asked = asked.map_err(|error| format!("the issuer has no place for codes: {error}"))?;
        let answer = asked.set_pkce_verifier(PkceCodeVerifier::new(journey.verifier));
        let answer = answer.request_async(&self.wire).await;
        let answer =
            answer.map_err(|error| format!("the issuer takes the code for none: {error}"))?;
        let token = answer.id_token().ok_or("the issuer says nothing of who came: no ID token")?;
        let claims = token.claims(&client.id_token_verifier(), &Nonce::new(journey.nonce));
        let claims =
            claims.map_err(|error| format!("what the issuer says is not believed: {error}"))?;
        Ok(identity(claims))
    }

    async fn client(&self) -> Result<Ready, String> {
        let (name, secret) = (self.client.clone(), self.secret.clone());
        let client = CoreClient::from_provider_metadata(self.discover().await?, name, secret);
        Ok(client.set_redirect_uri(self.comes_back.clone()))
    }

    /// What the issuer says of itself, asked for once in a while.
    async fn discover(&self) -> Result<CoreProviderMetadata, String> {
        let mut known = self.known.lock().await;
        if let Some((since, metadata)) = &*known
            && since.elapsed() < HOLDS
        {
            return Ok(metadata.clone());
        }
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.wire).await;
        let metadata = found.map_err(|error| {
            format!("{} does not say what it is: {}", self.issuer.as_str(), chain(&error))
        })?;
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }
}

/// Connections to the issuer.
#[derive(Debug, Clone)]
struct Wire(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = reqwest::Error;
    type Future = BoxFuture<'c, Result<HttpResponse, reqwest::Error>>;

    /// One request, as long as it is answered within reason.
    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let mut answer = self.0.execute(request.try_into()?).await?;
            let mut body = Vec::new();
            while let Some(piece) = answer.chunk().await? {
                body.extend_from_slice(&piece);
                if body.len() > MOST_BYTES {
                    break;
                }
            }
            let mut response = HttpResponse::new(body);
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            Ok(response)
        })
    }
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

fn identity(claims: &CoreIdTokenClaims) -> Identity {
    let name = claims.preferred_username().map(|name| name.as_str());
    let name = name.or_else(|| claims.email().map(|email| email.as_str()));
    Identity {
        subject: format!("{} {}", claims.issuer().as_str(), claims.subject().as_str()),
        name: name.map(str::to_lowercase),
    }
}

#[cfg(test)]
mod tests;
