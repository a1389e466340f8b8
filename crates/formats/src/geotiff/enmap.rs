//! EnMAP's METADATA.XML: band centres, widths, gains, time and sun.
//!
//! Level 1B has one image a spectrometer and one XML for both: the image is told by its number of
//! bands, and by `VNIR` or `SWIR` in its name where the numbers are equal. Radiance is
//! `stored * gain + offset`, W m⁻² sr⁻¹ nm⁻¹.
//!
//! EnMAP HSI Level 1B/1C/2A Product Specification, EN-PCV-ICD-2009-2.

use std::collections::BTreeMap;

use super::{GeotiffError, spectrum::Spectrum};
use crate::{
    band_table::bands,
    xml::{Leaf, leaves},
};

#[derive(Debug, Clone, Copy, Default)]
struct Channel {
    centre_nm: Option<f64>,
    fwhm_nm: Option<f64>,
    gain: Option<f64>,
    offset: Option<f64>,
}

/// The bands of an image with `count` of them.
pub(super) fn spectrum(name: &str, count: usize, text: &str) -> Result<Spectrum, GeotiffError> {
    let leaves = leaves(text);
    let channels = channels(&leaves);
    let numbers = numbers(name, count, &leaves, &channels).ok_or_else(|| {
        wrong(format!(
            "describes {} bands, the image has {count}; give a CSV with `center_nm` and `fwhm_nm`",
            channels.len()
        ))
    })?;
    let chosen: Vec<Channel> =
        numbers.iter().filter_map(|number| channels.get(number)).copied().collect();
    let whole = |part: fn(&Channel) -> Option<f64>, what: &str| {
        let values: Option<Vec<f64>> = chosen.iter().map(part).collect();
        values.ok_or_else(|| wrong(format!("lacks `{what}` of some band; fetch it again")))
    };
    let centres = whole(|channel| channel.centre_nm, "wavelengthCenterOfBand")?;
    let widths = whole(|channel| channel.fwhm_nm, "FWHMOfBand")?;
    let gains = whole(|channel| channel.gain, "GainOfBand")?;
    let offsets = whole(|channel| channel.offset, "OffsetOfBand")?;
    let mut order: Vec<usize> = (0..chosen.len()).collect();
    order.sort_by(|&a, &b| centres[a].total_cmp(&centres[b]));
    let mut notes =
        vec!["radiance is the stored number times gain plus offset of METADATA.XML".into()];
    if !order.is_sorted() {
        notes.push(
            "bands are in order of wavelength, not in that of the file: the spectrometers overlap"
                .into(),
        );
    }
    let sorted = |values: &[f64]| order.iter().map(|&band| values[band]).collect::<Vec<f64>>();
    Ok(Spectrum {
        bands: bands(&sorted(&centres), &sorted(&widths)),
        scale: gains.into_iter().zip(offsets).collect(),
        file_bands: order,
        radiance_unit: Some("W m-2 sr-1 nm-1".into()),
        time: leaves
            .iter()
            .find(|leaf| leaf.name() == "startTime" && leaf.is_in("temporalCoverage"))
            .and_then(|leaf| leaf.text().parse().ok()),
        sun_zenith_deg: leaves
            .iter()
            .find(|leaf| leaf.name() == "center" && leaf.is_in("sunElevationAngle"))
            .and_then(|leaf| Some(90.0 - leaf.number()?)),
        notes,
        ..Spectrum::default()
    })
}

fn wrong(problem: String) -> GeotiffError {
    GeotiffError::Wavelengths { origin: "METADATA.XML", problem }
}

/// Channels by number.
fn channels(leaves: &[Leaf]) -> BTreeMap<u32, Channel> {
    let mut channels: BTreeMap<u32, Channel> = BTreeMap::new();
    for leaf in leaves.iter().filter(|leaf| leaf.is_in("bandID")) {
        let Some(number) = leaf.outer_attribute("number").and_then(|text| text.parse().ok()) else {
            continue;
        };
        let field: fn(&mut Channel) -> &mut Option<f64> = match leaf.name() {
            "wavelengthCenterOfBand" => |channel| &mut channel.centre_nm,
            "FWHMOfBand" => |channel| &mut channel.fwhm_nm,
            "GainOfBand" => |channel| &mut channel.gain,
            "OffsetOfBand" => |channel| &mut channel.offset,
            _ => continue,
        };
        *field(channels.entry(number).or_default()) = leaf.number();
    }
    channels
}

/// The channels of an image, in the order of its bands.
fn numbers(
    name: &str,
    count: usize,
    leaves: &[Leaf],
    channels: &BTreeMap<u32, Channel>,
) -> Option<Vec<u32>> {
    if channels.len() == count {
        return Some(channels.keys().copied().collect());
    }
    let half = |group: &str| {
        let leaf = leaves.iter().find(|l| l.name() == "expectedChannelsList" && l.is_in(group))?;
        let numbers: Option<Vec<u32>> =
            leaf.text().split(',').map(|text| text.trim().parse().ok()).collect();
        numbers.filter(|list| list.len() == count && list.iter().all(|n| channels.contains_key(n)))
    };
    let (visible, shortwave) = (half("vnirProductQuality"), half("swirProductQuality"));
    let name = name.to_ascii_uppercase();
    match (visible, shortwave) {
        (Some(_), Some(shortwave)) if name.ends_with("SWIR.TIF") => Some(shortwave),
        (Some(visible), Some(_)) if name.ends_with("VNIR.TIF") => Some(visible),
        (Some(_), Some(_)) => None,
        (visible, shortwave) => visible.or(shortwave),
    }
}
