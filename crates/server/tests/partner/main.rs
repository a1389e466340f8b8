//! The partner's pages over HTTP: from a link, a QR code or a typed code to an answer in the record.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod answers;
mod browser;
mod door;
mod house;
mod offline;
mod shown;
