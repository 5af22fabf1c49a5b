//! Every single step may fail: the k-th write, flush, rename is refused, once or from there
//! on, and nothing that was acknowledged suffers.

use crate::disk::Tree;
use crate::disk::mounted::{Mounted, Refusing};
use crate::work::{Told, Work, Worker, times};

/// Steps that are refused in the short form, spread over all; `SOHOA_REFUSALS` sets more.
const REFUSALS: usize = 2;

const fn work(number: u32) -> Work {
    Work {
        number,
        papers: 1,
        page_bytes: 20_000,
    }
}

/// A disk with a vault in which something lies, and what lies there.
fn worked_at() -> Option<(Tree, Told)> {
    let mounted = Mounted::new(Tree::default())?;
    let mut told = Told::default();
    Worker::start(mounted.path(), work(1), &told.clone()).work(|line| told.take(line));
    assert_eq!((told.errors, &told.wrong), (0, &Vec::new()));
    let tree = mounted.disk().tree.clone();
    Some((tree, told))
}

/// What came of work on a disk that refused some steps.
struct Outcome {
    steps: usize,
    errors: usize,
    amiss: Vec<String>,
}

/// Works on such a disk, which refuses some steps; then again, when it refuses none.
fn work_on(before: &Tree, told: &Told, refusing: Option<Refusing>) -> Option<Outcome> {
    let mounted = Mounted::new(before.clone())?;
    let mut told = told.clone();
    mounted.disk().refusing = refusing;
    Worker::start(mounted.path(), work(2), &told.clone()).work(|line| told.take(line));
    let steps = mounted.disk().asked;
    mounted.disk().refusing = None;
    let errors = std::mem::take(&mut told.errors);
    let laid_out = || {
        let tree = mounted.disk().tree.clone();
        tree.laid_out()
    };
    let mut amiss = told.amiss(laid_out().path());
    // Nothing has to be put right by hand: the next one works as if nothing had been.
    Worker::start(mounted.path(), work(3), &told.clone()).work(|line| {
        if line.starts_with("error") {
            amiss.push(format!("still fails afterwards: {line}"));
        }
        told.take(line);
    });
    amiss.extend(told.amiss(laid_out().path()));
    Some(Outcome {
        steps,
        errors,
        amiss,
    })
}

fn check(empty: bool) {
    let (before, told) = if empty {
        (Tree::default(), Told::default())
    } else {
        let Some(worked_at) = worked_at() else {
            return;
        };
        worked_at
    };
    let Some(Outcome {
        steps,
        errors,
        amiss,
    }) = work_on(&before, &told, None)
    else {
        return;
    };
    let at_ease = "a disk that refuses nothing";
    assert_eq!((errors, amiss), (0, Vec::new()), "{at_ease}");
    let refusals = times("SOHOA_REFUSALS", REFUSALS).min(steps);
    let mut heard = 0;
    for count in 0..refusals {
        let from = 1 + count * steps / refusals;
        for lasting in [false, true] {
            let refusing = Refusing { from, lasting };
            let outcome = work_on(&before, &told, Some(refusing));
            let outcome = outcome.expect("one was mounted before");
            let at = format!("step {from} of {steps}, {refusing:?}");
            assert_eq!(outcome.amiss, Vec::<String>::new(), "{at}");
            heard += usize::from(outcome.errors > 0);
        }
    }
    println!(
        "{refusals} of {steps} steps refused, once and for good; {heard} times a verb failed and said so"
    );
    assert!(
        heard > 0,
        "some refusal must be heard of, or nothing was refused"
    );
}

#[test]
fn every_step_of_the_work_may_fail() {
    check(false);
}

#[test]
fn every_step_of_making_a_vault_may_fail() {
    check(true);
}
