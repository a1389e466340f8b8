use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// A log as the record exports it, its tree by a library, and its entries.
struct Made {
    lines: Vec<String>,
    tree: MemoryBackedTree<Sha256, Vec<u8>>,
    entries: Vec<Value>,
}

fn made(entries: u64) -> Made {
    let head =
        json!({ "log": "cathartes/audit", "after": 0, "hash": "00".repeat(32), "peaks": [] });
    let mut made =
        Made { lines: vec![head.to_string()], tree: MemoryBackedTree::new(), entries: vec![] };
    let mut chain = Hash::default();
    for seq in 1..=entries {
        let entry = Entry {
            seq,
            at_us: 7,
            actor: "account:ana".to_owned(),
            action: "site.read".to_owned(),
            subject: format!("s{}", seq % 3),
            detail: "{\"n\":1}".to_owned(),
            hash: String::new(),
        };
        chain = sha256(&[&chain, &entry.canonical()]);
        let value = json!({
            "seq": seq, "at_us": 7, "actor": entry.actor, "action": entry.action, "subject": entry.subject,
            "detail": entry.detail, "hash": digits(&chain),
        });
        made.lines.push(value.to_string());
        made.entries.push(value);
        made.tree.push(entry.canonical());
    }
    made
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |all, byte| format!("{all}{byte:02x}"))
}

impl Made {
    fn checkpoint(&self) -> String {
        let root = Base64::encode_string(&self.tree.root().as_bytes()[..]);
        format!("cathartes/audit\n{}\n{root}\n2026-05-04T10:00:00Z\n", self.entries.len())
    }

    fn wrong(&self, lines: &[String]) -> Vec<String> {
        log(lines.join("\n").as_bytes(), self.checkpoint().as_bytes()).unwrap()
    }

    fn proof(&self, seq: u64) -> Value {
        let path = self.tree.prove_inclusion(seq as usize - 1);
        let path: Vec<String> = path.as_bytes().chunks(32).map(digits).collect();
        json!({ "entry": self.entries[seq as usize - 1], "entries": self.entries.len(), "path": path })
    }
}

proptest! {
    #[test]
    fn a_log_is_the_one_whose_root_somebody_elses_tree_has(entries in 0_u64..300) {
        let made = made(entries);
        prop_assert_eq!(made.wrong(&made.lines), Vec::<String>::new());
    }

    #[test]
    fn an_entry_that_was_changed_is_named(entries in 1_u64..200, at in 0_usize..200, field in 0_usize..4) {
        let made = made(entries);
        let at = at % made.entries.len();
        let mut lines = made.lines.clone();
        let mut entry = made.entries[at].clone();
        let name = ["actor", "action", "subject", "detail"][field];
        entry[name] = json!(format!("{}!", entry[name].as_str().unwrap()));
        lines[at + 1] = entry.to_string();
        let wrong = made.wrong(&lines);
        prop_assert_eq!(&wrong[0], &format!("entry {}: it or an entry before it was changed", at + 1));
        prop_assert!(wrong[1].contains("not that of the checkpoint"));
    }

    #[test]
    fn an_entry_that_is_missing_is_named(entries in 2_u64..200, at in 0_usize..200) {
        let made = made(entries);
        let at = at % made.entries.len();
        let mut lines = made.lines.clone();
        lines.remove(at + 1);
        let wrong = made.wrong(&lines);
        let place = if at + 1 == made.entries.len() { at } else { at + 2 };
        prop_assert!(wrong[0].starts_with(&format!("entry {place}:")), "{:?}", wrong);
    }

    #[test]
    fn a_proof_of_somebody_elses_tree_holds_and_no_other(
        entries in 1_u64..300, seq in 0_u64..300, turned in 0_usize..64,
    ) {
        let made = made(entries);
        let (seq, checkpoint) = (seq % entries + 1, made.checkpoint());
        let mut proof = made.proof(seq);
        let wrong = |proof: &Value| inclusion(proof.to_string().as_bytes(), checkpoint.as_bytes()).unwrap();
        prop_assert_eq!(wrong(&proof), Vec::<String>::new());
        let mut longer = proof.clone();
        longer["path"].as_array_mut().unwrap().push(json!("00".repeat(32)));
        prop_assert_eq!(wrong(&longer).len(), 1);
        if let Some(step) = proof["path"].as_array_mut().unwrap().first_mut() {
            let mut text = step.as_str().unwrap().to_owned().into_bytes();
            text[turned] = if text[turned] == b'0' { b'1' } else { b'0' };
            *step = json!(String::from_utf8(text).unwrap());
            prop_assert_eq!(wrong(&proof).len(), 1);
        }
    }

    #[test]
    fn growth_of_somebody_elses_tree_holds_and_no_other(from in 1_u64..200, more in 0_usize..200) {
        let (old, new) = (made(from), made(from + more as u64));
        let path: Vec<String> = match more {
            0 => vec![],
            more => new.tree.prove_consistency(more).as_bytes().chunks(32).map(digits).collect(),
        };
        let proof = json!({ "from_entries": from, "to_entries": from + more as u64, "path": path });
        let (earlier, later) = (old.checkpoint(), new.checkpoint());
        let wrong = |earlier: &str| {
            growth(proof.to_string().as_bytes(), earlier.as_bytes(), later.as_bytes()).unwrap()
        };
        prop_assert_eq!(wrong(&earlier), Vec::<String>::new());
        let root = earlier.lines().nth(2).unwrap();
        let other = earlier.replace(root, &Base64::encode_string(&[7; 32]));
        prop_assert_eq!(wrong(&other).len(), 1);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let checkpoint = made(3).checkpoint();
        let _ = log(&bytes[..], checkpoint.as_bytes());
        let _ = log(&b""[..], &bytes);
        let _ = inclusion(&bytes, checkpoint.as_bytes());
        let _ = growth(&bytes, &bytes, checkpoint.as_bytes());
    }
}

#[test]
fn a_part_of_a_log_is_checked_up_to_the_checkpoint() {
    let made = made(9);
    let peaks: Vec<String> = {
        let mut peaks = vec![];
        for (n, entry) in made.entries[..5].iter().enumerate() {
            let entry: Entry = serde_json::from_value(entry.clone()).unwrap();
            grow(&mut peaks, n as u64, entry.leaf());
        }
        peaks.iter().map(|peak| digits(peak)).collect()
    };
    let head = json!({ "log": "cathartes/audit", "after": 5, "hash": made.entries[4]["hash"], "peaks": peaks });
    let mut lines = vec![head.to_string()];
    lines.extend_from_slice(&made.lines[6..]);
    assert_eq!(made.wrong(&lines), Vec::<String>::new());
    lines[0] = lines[0].replace(peaks[0].as_str(), &"11".repeat(32));
    assert_eq!(made.wrong(&lines), ["entry 9: up to here the log is not that of the checkpoint"]);
}

#[test]
fn a_checkpoint_beyond_the_end_is_told() {
    let (short, long) = (made(4), made(6));
    let wrong = log(short.lines.join("\n").as_bytes(), long.checkpoint().as_bytes()).unwrap();
    assert_eq!(wrong, ["entry 4: the log ends here, the checkpoint has 6 entries"]);
}
