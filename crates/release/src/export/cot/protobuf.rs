//! The messages of TAK protocol version 1, as far as a release fills them. Numbers of fields are those of the protocol;
//! what readers do not know they skip, as `caveat` and `releasableTo` by readers older than 2022.

use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub(super) struct TakMessage {
    #[prost(message, optional, tag = "2")]
    pub(super) cot_event: Option<CotEvent>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct CotEvent {
    #[prost(string, tag = "1")]
    pub(super) r#type: String,
    #[prost(string, tag = "2")]
    pub(super) access: String,
    #[prost(string, tag = "3")]
    pub(super) qos: String,
    #[prost(string, tag = "4")]
    pub(super) opex: String,
    #[prost(string, tag = "5")]
    pub(super) uid: String,
    #[prost(uint64, tag = "6")]
    pub(super) send_time_ms: u64,
    #[prost(uint64, tag = "7")]
    pub(super) start_time_ms: u64,
    #[prost(uint64, tag = "8")]
    pub(super) stale_time_ms: u64,
    #[prost(string, tag = "9")]
    pub(super) how: String,
    #[prost(double, tag = "10")]
    pub(super) latitude_deg: f64,
    #[prost(double, tag = "11")]
    pub(super) longitude_deg: f64,
    /// Above the ellipsoid.
    #[prost(double, tag = "12")]
    pub(super) height_m: f64,
    #[prost(double, tag = "13")]
    pub(super) circular_error_m: f64,
    #[prost(double, tag = "14")]
    pub(super) linear_error_m: f64,
    #[prost(message, optional, tag = "15")]
    pub(super) detail: Option<Detail>,
    #[prost(string, tag = "16")]
    pub(super) caveat: String,
    #[prost(string, tag = "17")]
    pub(super) releasable_to: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Detail {
    #[prost(string, tag = "1")]
    pub(super) xml: String,
    #[prost(message, optional, tag = "2")]
    pub(super) contact: Option<Contact>,
    #[prost(message, optional, tag = "4")]
    pub(super) precision_location: Option<PrecisionLocation>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Contact {
    #[prost(string, tag = "2")]
    pub(super) callsign: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct PrecisionLocation {
    #[prost(string, tag = "1")]
    pub(super) point_source: String,
    #[prost(string, tag = "2")]
    pub(super) height_source: String,
}
