//! Workers that share every update reach the bits of one alone, and a timeout costs nothing but time.

use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use serde_json::json;
use unrolled::Result;
use unrolled::bench::Sizes;
use unrolled::math::Backend;
use unrolled::train::Exchange;

/// Threads that share a table of blocks.
struct Threads {
    rank: usize,
    count: usize,
    blocks: Arc<Mutex<Vec<Vec<u32>>>>,
    /// Every thread waits here twice an update: when blocks are written, and before they are written over.
    barrier: Arc<Barrier>,
}

impl Exchange for Threads {
    fn begin(&mut self) {
        self.barrier.wait();
    }

    fn owns(&self, index: usize) -> bool {
        index % self.count == self.rank
    }

    fn publish(&mut self, index: usize, words: &[u32]) -> Result<()> {
        self.blocks.lock().unwrap()[index] = words.to_vec();
        Ok(())
    }

    fn barrier(&mut self) -> bool {
        self.barrier.wait();
        true
    }

    fn fetch(&mut self, index: usize, words: &mut Vec<u32>) {
        words.clone_from(&self.blocks.lock().unwrap()[index]);
    }
}

/// Every barrier ends with a timeout.
struct Timeout;

impl Exchange for Timeout {
    fn begin(&mut self) {}

    fn owns(&self, index: usize) -> bool {
        index == 0
    }

    fn publish(&mut self, _: usize, _: &[u32]) -> Result<()> {
        Ok(())
    }

    fn barrier(&mut self) -> bool {
        false
    }

    fn fetch(&mut self, _: usize, _: &mut Vec<u32>) {
        unreachable!("nothing was published");
    }
}

fn sizes() -> Sizes {
    serde_json::from_value(json!({ "cell": "lstm", "batch": 50, "steps": 7, "vocab": 30, "embed": 6,
        "hidden": [9, 5], "head": 1, "loss": "bce", "opt": "adam" }))
    .unwrap()
}

const UPDATES: usize = 6;

fn hash_alone() -> u64 {
    let mut run = sizes().run(Backend::best()).unwrap();
    for _ in 0..UPDATES {
        run.update().unwrap();
    }
    run.model().parameters.hash()
}

#[test]
fn two_and_three_threads_reach_the_bits_of_one() {
    for count in [2, 3] {
        let blocks = Arc::new(Mutex::new(vec![Vec::new(); 4]));
        let barrier = Arc::new(Barrier::new(count));
        let worker = |rank| {
            let mut place = Threads { rank, count, blocks: blocks.clone(), barrier: barrier.clone() };
            move || {
                let mut run = sizes().run(Backend::best()).unwrap();
                for _ in 0..UPDATES {
                    run.update_together(&mut place).unwrap().unwrap();
                }
                run.model().parameters.hash()
            }
        };
        let workers: Vec<_> = (0..count).map(|rank| thread::spawn(worker(rank))).collect();
        for worker in workers {
            assert_eq!(worker.join().unwrap(), hash_alone(), "{count} threads");
        }
    }
}

#[test]
fn after_a_timeout_the_update_is_made_alone() {
    let mut run = sizes().run(Backend::best()).unwrap();
    assert_eq!(run.update_together(&mut Timeout).unwrap(), None);
    assert_eq!(run.update_count(), 0, "nothing has changed");
    for _ in 0..UPDATES {
        run.advance_together(&mut Timeout).unwrap();
    }
    assert_eq!(run.model().parameters.hash(), hash_alone());
}
