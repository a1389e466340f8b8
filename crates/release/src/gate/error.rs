use jiff::Timestamp;
use uuid::Uuid;

/// Why nothing leaves.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// Not enough confirmed it.
    #[error(
        "{of} was confirmed by {by}, {needed} are needed{}; have it reviewed",
        otherwise.as_ref().map(|said| format!(", and {said}")).unwrap_or_default()
    )]
    NotConfirmed {
        /// The product.
        of: Uuid,
        /// How many are needed.
        needed: usize,
        /// How many there are.
        by: usize,
        /// What somebody said that is no confirmation.
        otherwise: Option<String>,
    },
    /// The permit is for something else.
    #[error("the permit to {permission} is not for {of} to {to}: ask for that one")]
    OtherPermit {
        /// The word for what it permits.
        permission: &'static str,
        /// What would be needed.
        of: String,
        /// For whom.
        to: String,
    },
    /// The rules are not those of the recipient.
    #[error("{recipient} has the rules `{wanted}`, these are `{given}`")]
    OtherRules {
        /// The code of the recipient.
        recipient: String,
        /// The rules it has.
        wanted: String,
        /// The rules given.
        given: String,
    },
    /// The terms allow more than the recipient may do.
    #[error("the terms say {said}, {recipient} may hand on no further than {may}")]
    WiderThanRecipient {
        /// The code of the recipient.
        recipient: String,
        /// What the terms say.
        said: &'static str,
        /// What it may.
        may: &'static str,
    },
    /// It expires before it is made.
    #[error("a release made at {made} cannot expire at {expires}")]
    Expired {
        /// When it is made.
        made: Timestamp,
        /// Until when it would hold.
        expires: Timestamp,
    },
    /// It is too fresh, or nobody knows how fresh it is.
    #[error(
        "the rules `{rules}` let nothing leave that is younger than {delay_hours} h: {age}; wait, or have it overruled"
    )]
    TooFresh {
        /// The rules.
        rules: String,
        /// What they ask for.
        delay_hours: u32,
        /// When it will be old enough.
        age: String,
    },
    /// Nothing is left.
    #[error("nothing of {of} may leave to {to}: see its markings and the rules `{rules}`")]
    NothingLeft {
        /// The product.
        of: Uuid,
        /// The code of the recipient.
        to: String,
        /// The rules.
        rules: String,
    },
}
