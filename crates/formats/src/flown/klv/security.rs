//! The security set of a packet (ST 0102, as a local set).
//!
//! | item | is |
//! |---|---|
//! | 1 | classification: 1 unclassified, 2 restricted, 3 confidential, 4 secret, 5 top secret |
//! | 3 | classifying country, as `//CA` |
//! | 4, 5, 6 | compartments and other control, caveats, releasing instructions |
//! | 7, 8, 9, 10 | by whom, from what, why, until when |
//! | 11, 14 | marking system, comments |
//! | 13 | countries seen, UTF-16 |
//!
//! Texts are handed on word for word; empty ones say nothing. Items that say how countries are coded
//! (2, 12, 23, 24), what stream it is (15 to 21) and the version (22) are passed over.

use cathartes_core::{
    flown::{Handling, HandlingItem},
    marking::Classification,
};

use super::tlv;

pub(super) fn read(set: &[u8]) -> Handling {
    let mut handling = Handling::default();
    for (tag, value) in tlv(set) {
        match tag {
            1 => handling.classification = classification(value),
            _ => handling.said.extend(item(tag).and_then(|item| Some((item, text(item, value)?)))),
        }
    }
    handling
}

fn classification(value: &[u8]) -> Option<Classification> {
    Some(match value {
        [1] => Classification::Unclassified,
        [2] => Classification::Restricted,
        [3] => Classification::Confidential,
        [4] => Classification::Secret,
        [5] => Classification::TopSecret,
        _ => return None,
    })
}

fn item(tag: u64) -> Option<HandlingItem> {
    Some(match tag {
        3 => HandlingItem::Country,
        4 => HandlingItem::Control,
        5 => HandlingItem::Caveats,
        6 => HandlingItem::Releasing,
        7 => HandlingItem::ClassifiedBy,
        8 => HandlingItem::DerivedFrom,
        9 => HandlingItem::Reason,
        10 => HandlingItem::DeclassifyOn,
        11 => HandlingItem::System,
        13 => HandlingItem::ObjectCountries,
        14 => HandlingItem::Comments,
        _ => return None,
    })
}

fn text(item: HandlingItem, value: &[u8]) -> Option<String> {
    // Some writers put the countries into plain letters all the same.
    let wide = item == HandlingItem::ObjectCountries && value.contains(&0);
    let text = if wide {
        let units = value.chunks_exact(2).map(|pair| match pair {
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        });
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    } else {
        String::from_utf8_lossy(value).into_owned()
    };
    let text = text.trim_matches(['\0', ' ']).to_owned();
    (!text.is_empty()).then_some(text)
}
