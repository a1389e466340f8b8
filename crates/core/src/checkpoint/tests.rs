use super::*;

fn checkpoint() -> Checkpoint {
    let root = TreeRoot(std::array::from_fn(|i| i as u8 * 7));
    Checkpoint { entries: 10_000_000, root, at: "2026-05-04T10:00:00Z".parse().unwrap() }
}

#[test]
fn a_checkpoint_is_read_back_as_it_was_written() {
    let text = checkpoint().to_string();
    assert_eq!(
        text,
        "cathartes/audit\n10000000\nAAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK+2vcTL0tk=\n2026-05-04T10:00:00Z\n"
    );
    assert_eq!(text.parse(), Ok(checkpoint()));
}

#[test]
fn on_paper_it_is_the_number_and_twelve_groups() {
    assert_eq!(
        checkpoint().short(),
        "10000000 0007 0e15 1c23 2a31 383f 464d 545b 6269 7077 7e85 8c93 9aa1"
    );
}

#[test]
fn what_is_no_checkpoint_is_refused_with_its_line() {
    let text = checkpoint().to_string();
    let said = |text: &str| text.parse::<Checkpoint>().unwrap_err().to_string();
    assert!(said(text.trim_end()).contains("four lines"));
    assert!(said(&text.replace("cathartes/", "other/")).contains("four lines"));
    assert!(said(&text.replace("10000000", "+10000000")).starts_with("line 2"));
    assert!(said(&text.replace("AAcO", "AAc")).starts_with("line 3"));
    assert!(said(&text.replace("2026", "soon")).starts_with("line 4"));
}
