use cathartes_core::{look::Look, units::KgPerHour};

use super::*;

fn standing(
    sort: Sort,
    gas: Option<&str>,
    rate: Option<f64>,
    observations: Option<i64>,
) -> Standing {
    let at = Timestamp::UNIX_EPOCH;
    Standing {
        sort,
        gas: gas.map(str::to_owned),
        place: None,
        stage: Stage::First,
        round: 1,
        round_began: at,
        since: at,
        verdict: None,
        look: Look::at_finding(None, None, at),
        rate: rate.map(KgPerHour),
        observations,
    }
}

#[test]
fn everything_is_told_in_a_few_words() {
    let plume = standing(Sort::Plume, Some("ch4"), Some(410.4), None);
    assert_eq!(words(&plume), "plume of CH4, 410 kg/h");
    let site = standing(Sort::Site, Some("ch4;nh3"), None, Some(5));
    assert_eq!(words(&site), "site of CH4 and NH3, 5 observations");
    assert_eq!(words(&standing(Sort::Site, None, None, Some(1))), "site, 1 observation");
    let odd = standing(Sort::Source, Some("nobody-knows"), Some(0.012_34), None);
    assert_eq!(words(&odd), "source of nobody-knows, 0.0123 kg/h");
}
