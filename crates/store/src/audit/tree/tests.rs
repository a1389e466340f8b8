use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;

use super::*;

fn written(n: u64) -> Vec<u8> {
    canonical(n as i64 + 1, 7, ["account:ana", "site.read", &n.to_string(), "{}"])
}

fn grown(leaves: u64) -> (Peaks, MemoryBackedTree<Sha256, Vec<u8>>) {
    let (mut peaks, mut tree) = (Peaks::default(), MemoryBackedTree::new());
    for n in 0..leaves {
        peaks.push(leaf(&written(n)));
        tree.push(written(n));
    }
    (peaks, tree)
}

proptest! {
    #[test]
    fn peaks_have_the_root_that_somebody_elses_tree_has(leaves in 0_u64..700) {
        let (peaks, tree) = grown(leaves);
        let root = tree.root();
        prop_assert_eq!(&peaks.root()[..], &root.as_bytes()[..]);
        prop_assert_eq!(Peaks::read(leaves, &peaks.bytes()), Some(peaks));
    }

    #[test]
    fn the_nodes_of_a_proof_are_made_of_full_trees(leaves in 1_u64..700, entry in 0_u64..700) {
        let entry = entry % leaves;
        let all: Vec<Hash> = (0..leaves).map(|n| leaf(&written(n))).collect();
        let numbers = ct_merkle::indices_for_inclusion_proof(leaves, entry);
        let root = |tree: Node| {
            let from = (tree.place << tree.height) as usize;
            full_root(&all[from..from + (1 << tree.height)])
        };
        let node = |number: u64| {
            let roots: Vec<Hash> = full_trees(number, leaves).into_iter().map(root).collect();
            folded(&roots)
        };
        let path: Vec<u8> = numbers.into_iter().flat_map(node).collect();
        let (_, tree) = grown(leaves);
        let proof = tree.prove_inclusion(entry as usize);
        prop_assert_eq!(path, proof.as_bytes());
    }
}

#[test]
fn entries_that_read_alike_have_different_bytes() {
    let one = canonical(1, 7, ["ab", "c", "", "{}"]);
    let other = canonical(1, 7, ["a", "bc", "", "{}"]);
    assert_ne!(one, other);
}

#[test]
fn a_node_lies_in_one_tile() {
    let tree = Node { height: 7, place: 3 };
    assert_eq!(tree.in_tile(), (0, 1, 128..256));
    let tree = Node { height: 8, place: 300 };
    assert_eq!(tree.in_tile(), (1, 1, 44..45));
}
