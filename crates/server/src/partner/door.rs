//! Who a partner is: a key in a link or the code of a release, and a PIN. No account.
//!
//! ```text
//! session = recipient . until . HMAC( secret of the recipient, "session" ‖ 0 ‖ recipient . until . PIN hash . link digest )
//! csrf    = HMAC( secret, "csrf" ‖ 0 ‖ session )
//! ```
//!
//! Nothing is kept of a session: another PIN or another link ends it, and so does its time.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use cathartes_core::provenance::hexadecimal;
use cathartes_release::{
    answer::{code::AnswerCode, keys},
    policy::{Permission, ReleaseState, Stage, What, Who},
    recipient::{Language, Recipient},
};
use cathartes_store::{Actor, AttemptRule, KeptRecipient, Release, StoreError, digest_of};
use jiff::{SignedDuration, Timestamp};

use crate::{access, app::App, password, problem::Problem};

/// The cookie of a partner's browser; that of an account has another name.
pub(super) const COOKIE: &str = "cathartes_partner";
/// Which language somebody chose.
pub(super) const LANGUAGE: &str = "cathartes_language";
/// How long a door stays open: a shift.
pub(super) const OPEN: Duration = Duration::from_secs(12 * 3_600);
/// Wrong PINs that one door takes, and how long it is closed then.
pub(super) const TRIES: AttemptRule = AttemptRule {
    most: 5,
    within: Duration::from_secs(15 * 60),
    locked_for: Duration::from_secs(15 * 60),
};

/// A recipient that came through the door.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) kept: KeptRecipient,
    pub(super) body: Recipient,
    /// The value of its cookie.
    pub(super) session: String,
}

/// Why somebody stays outside.
#[derive(Debug)]
pub(super) enum Outside {
    /// The PIN, or what goes with it, is wrong.
    Wrong,
    /// Too many tries: until when.
    Locked(Timestamp),
    /// We could not look; why stands in our log.
    Trouble,
}

impl From<StoreError> for Outside {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl From<Problem> for Outside {
    fn from(problem: Problem) -> Self {
        tracing::warn!(problem = problem.detail, "a door could not be opened");
        Self::Trouble
    }
}

impl Outside {
    /// What status goes with it.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Wrong => StatusCode::FORBIDDEN,
            Self::Locked(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Trouble => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl Guest {
    fn new(kept: KeptRecipient, session: String) -> Result<Self, Problem> {
        let body = body(&kept)?;
        Ok(Self { kept, body, session })
    }

    /// What forms of this session say.
    pub(super) fn csrf(&self) -> String {
        hexadecimal(&keys::tag(&self.kept.what.secret.0, "csrf", self.session.as_bytes()))
    }

    pub(super) fn is_csrf(&self, said: &str) -> bool {
        access::same(said.as_bytes(), self.csrf().as_bytes())
    }

    pub(super) fn actor(&self) -> Actor {
        Actor::Recipient(self.kept.what.code.clone())
    }
}

/// What a recipient is.
pub(super) fn body(kept: &KeptRecipient) -> Result<Recipient, Problem> {
    serde_json::from_value(kept.what.body.clone()).map_err(|error| Problem::internal(&error))
}

/// Whoever this browser was let in as, if that still holds.
pub(super) async fn guest(app: &App, headers: &HeaderMap) -> Result<Option<Guest>, Problem> {
    let Some(session) = access::cookie(headers, COOKIE) else { return Ok(None) };
    let mut parts = session.split('.');
    let (Some(code), Some(until), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(None);
    };
    let holds = until.parse::<i64>().is_ok_and(|until| until > Timestamp::now().as_second());
    let kept = app.store.recipient(code).await?.filter(|kept| kept.what.active && holds);
    let Some(kept) = kept else { return Ok(None) };
    if !access::same(session.as_bytes(), sealed(&kept, until).as_bytes()) {
        return Ok(None);
    }
    if let Some(wait) = app.rates.wait(kept.id) {
        return Err(Problem::too_many("this recipient asks for too much at a time", wait));
    }
    Guest::new(kept, session.to_owned()).map(Some)
}

/// The session of a recipient until a time.
fn sealed(kept: &KeptRecipient, until: &str) -> String {
    let new = &kept.what;
    let head = format!("{}.{until}", new.code);
    let about = format!("{head}.{}.{}", new.pin_hash, hexadecimal(&new.link_sha256));
    format!("{head}.{}", hexadecimal(&keys::tag(&new.secret.0, "session", about.as_bytes())))
}

/// Whose link this is.
pub(super) async fn by_link(app: &App, key: &str) -> Result<Option<KeptRecipient>, Problem> {
    let Some(digest) = bytes32(&digest_of(key.as_bytes()).0) else { return Ok(None) };
    Ok(app.store.recipient_by_link(&digest).await?)
}

/// The release of a code, and to whom it went.
pub(super) async fn by_code(
    app: &App,
    code: &AnswerCode,
) -> Result<Option<(Release, KeptRecipient)>, Problem> {
    let release = app.store.release_by_answer_code(&code.to_string()).await?;
    let Some(release) = release else { return Ok(None) };
    let kept = app.store.recipient(&release.recipient).await?;
    Ok(kept.filter(|kept| kept.what.active).map(|kept| (release, kept)))
}

/// A release by the name that its recipient knows it by, when the policies let the recipient do this with it.
pub(super) async fn release(
    app: &App,
    guest: &Guest,
    alias: &str,
    permission: Permission,
) -> Result<Option<Release>, Problem> {
    let code = &guest.kept.what.code;
    let found = app.store.release_by_alias(code, alias).await?;
    Ok(found.filter(|release| may(app, code, release, permission)))
}

/// Whether the policies let a recipient do this with a release.
pub(super) fn may(app: &App, code: &str, release: &Release, permission: Permission) -> bool {
    let stage = if release.recalled.is_some() { Stage::Recalled } else { Stage::Released };
    let state = ReleaseState {
        release: release.alias.clone(),
        to: release.recipient.clone(),
        stage,
        drafted_by: String::new(),
        first: None,
        second: None,
    };
    let who = Who::Recipient { code };
    app.desk.policies().permit(who, permission, What::Release(&state)).is_ok()
}

/// Lets somebody in who has the PIN. `door` is what tries are counted by; where nobody lives the time is the same.
pub(super) async fn enter(
    app: &App,
    kept: Option<KeptRecipient>,
    door: &str,
    pin: &str,
) -> Result<Guest, Outside> {
    let now = Timestamp::now();
    if let Some(kept) = &kept {
        let actor = Actor::Recipient(kept.what.code.clone());
        if let Some(until) = app.store.count_attempt(&actor, door, TRIES, now).await? {
            return Err(Outside::Locked(until));
        }
    }
    // People put blanks into long numbers.
    let pin: String = pin.chars().filter(|letter| !letter.is_whitespace()).collect();
    let hash = kept.as_ref().map(|kept| kept.what.pin_hash.clone());
    let fits = password::fits(app, hash, pin).await?;
    let Some(kept) = kept.filter(|_| fits) else { return Err(Outside::Wrong) };
    app.store.forget_attempts(&Actor::Recipient(kept.what.code.clone()), door).await?;
    let until = now.checked_add(SignedDuration::try_from(OPEN).unwrap_or_default());
    let until = until.unwrap_or(now).as_second().to_string();
    let session = sealed(&kept, &until);
    Ok(Guest::new(kept, session)?)
}

/// What a page is in: what somebody chose, else what the recipient reads first. What the browser says is not asked: the
/// telephone of an office is set to whatever it came with.
pub(super) fn language(headers: &HeaderMap, recipient: Option<&Recipient>) -> Language {
    match access::cookie(headers, LANGUAGE) {
        Some("es") => Language::Es,
        Some("en") => Language::En,
        _ => recipient.map_or(Language::Es, |recipient| recipient.language),
    }
}

fn bytes32(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}
