use std::sync::atomic::{AtomicU64, Ordering};

use super::*;

#[test]
fn never_more_is_out_than_there_is() {
    let (budget, out, most) = (Budget::new(100), AtomicU64::new(0), AtomicU64::new(0));

    std::thread::scope(|scope| {
        for bytes in [60, 50, 30, 20, 70, 10, 90, 40] {
            let (budget, out, most) = (&budget, &out, &most);
            scope.spawn(move || {
                let share = budget.take(bytes);
                most.fetch_max(out.fetch_add(bytes, Ordering::SeqCst) + bytes, Ordering::SeqCst);
                std::thread::yield_now();
                out.fetch_sub(bytes, Ordering::SeqCst);
                drop(share);
            });
        }
    });

    assert!(most.into_inner() <= 100);
    assert_eq!(*budget.lock(), 100);
}

#[test]
fn who_asks_for_too_much_gets_all() {
    let budget = Budget::new(100);
    let share = budget.take(1000);
    assert_eq!(*budget.lock(), 0);
    drop(share);
    assert_eq!(*budget.lock(), 100);
}
