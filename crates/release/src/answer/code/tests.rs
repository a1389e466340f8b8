use proptest::{collection::vec, prelude::*};

use super::*;

fn code() -> impl Strategy<Value = AnswerCode> {
    any::<[u8; ENTROPY_BYTES]>().prop_map(AnswerCode::of_entropy)
}

fn text(symbols: &[u8]) -> String {
    symbols.iter().map(|symbol| char::from(SYMBOLS[usize::from(*symbol)])).collect()
}

#[test]
fn a_product_of_powers_is_the_power_of_their_sum() {
    let mut power = 1;
    let mut seen = Vec::new();
    for _ in 0..31 {
        seen.push(power);
        power = times(power, 2);
    }
    assert_eq!(power, 1, "2 has the order 31");
    for a in 0..31 {
        for b in 0..31 {
            assert_eq!(times(seen[a], seen[b]), seen[(a + b) % 31]);
        }
    }
    assert_eq!((seen[1] ^ seen[2], seen[3]), (6, 8), "the coefficients of g(x)");
}

#[test]
fn says_what_is_wrong_and_where() {
    let good = AnswerCode::of_entropy([1, 2, 3, 4, 5, 6, 7]).to_string();
    let said = |text: &str| text.parse::<AnswerCode>().unwrap_err().to_string();
    assert_eq!(said("1234"), "the code has 4 letters and digits: it should have 12");
    assert_eq!(said(&good.replacen(|c: char| c != '-', "U", 1)), "`U` at 1 is in no code");
    assert_eq!(said("0000-0000-0010"), "the code is not right: look again at symbol 11");
}

proptest! {
    #[test]
    fn a_code_is_read_as_it_was_written(code in code()) {
        prop_assert_eq!(code.to_string().parse::<AnswerCode>(), Ok(code));
    }

    #[test]
    fn a_code_is_read_however_people_type_it(code in code(), gaps in vec(" |-|\u{2013}|\\.", 12), small in any::<bool>()) {
        let plain = text(&code.0).replace('0', "o").replace('1', "l");
        let typed: String = plain.chars().zip(gaps).map(|(letter, gap)| format!("{letter}{gap}")).collect::<Vec<_>>().concat();
        let typed = if small { typed.to_lowercase() } else { typed.to_uppercase() };
        prop_assert_eq!(typed.parse::<AnswerCode>(), Ok(code));
    }

    #[test]
    fn one_wrong_symbol_is_found_and_named(code in code(), at in 0..12_usize, by in 1..32_u8) {
        let mut wrong = code.0;
        wrong[at] ^= by;
        prop_assert_eq!(text(&wrong).parse::<AnswerCode>(), Err(CodeError::One { position: at + 1 }));
    }

    #[test]
    fn two_wrong_symbols_are_found(code in code(), a in 0..12_usize, b in 0..12_usize, x in 1..32_u8, y in 1..32_u8) {
        prop_assume!(a != b);
        let mut wrong = code.0;
        wrong[a] ^= x;
        wrong[b] ^= y;
        prop_assert!(text(&wrong).parse::<AnswerCode>().is_err());
    }

    #[test]
    fn any_two_symbols_that_changed_places_are_found(code in code(), a in 0..12_usize, b in 0..12_usize) {
        let mut wrong = code.0;
        wrong.swap(a, b);
        prop_assume!(wrong != code.0);
        prop_assert!(text(&wrong).parse::<AnswerCode>().is_err());
    }

    #[test]
    fn what_people_type_never_panics(text in "\\PC{0,40}") {
        let _ = text.parse::<AnswerCode>();
    }
}
