//! Workers that make every step together reach the bits of one alone, and one that stays away costs nothing.

use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use serde_json::json;
use unrolled::Result;
use unrolled::math::Backend;
use unrolled::train::Exchange;
use unrolled::workload::Sizes;

/// Threads that share a table of blocks.
struct Threads {
    rank: usize,
    count: usize,
    blocks: Arc<Mutex<Vec<Vec<u32>>>>,
    /// Everybody waits here twice a step: when blocks are written, and before they are written over.
    barrier: Arc<Barrier>,
}

impl Exchange for Threads {
    fn begin(&mut self) {
        self.barrier.wait();
    }

    fn owns(&self, index: usize) -> bool {
        index % self.count == self.rank
    }

    fn put(&mut self, index: usize, words: &[u32]) -> Result<()> {
        self.blocks.lock().unwrap()[index] = words.to_vec();
        Ok(())
    }

    fn meet(&mut self) -> bool {
        self.barrier.wait();
        true
    }

    fn get(&mut self, index: usize, words: &mut Vec<u32>) {
        words.clone_from(&self.blocks.lock().unwrap()[index]);
    }
}

/// Nobody comes.
struct Nobody;

impl Exchange for Nobody {
    fn begin(&mut self) {}

    fn owns(&self, index: usize) -> bool {
        index == 0
    }

    fn put(&mut self, _: usize, _: &[u32]) -> Result<()> {
        Ok(())
    }

    fn meet(&mut self) -> bool {
        false
    }

    fn get(&mut self, _: usize, _: &mut Vec<u32>) {
        unreachable!("nobody came");
    }
}

fn sizes() -> Sizes {
    serde_json::from_value(json!({ "cell": "lstm", "batch": 50, "steps": 7, "vocab": 30, "embed": 6,
        "hidden": [9, 5], "head": 1, "loss": "bce", "opt": "adam" }))
    .unwrap()
}

const STEPS: usize = 6;

fn hash_alone() -> u64 {
    let mut trainer = sizes().trainer(Backend::best()).unwrap();
    for _ in 0..STEPS {
        trainer.step().unwrap();
    }
    trainer.model.parameters.hash()
}

#[test]
fn two_and_three_threads_reach_the_bits_of_one() {
    for count in [2, 3] {
        let blocks = Arc::new(Mutex::new(vec![Vec::new(); 4]));
        let barrier = Arc::new(Barrier::new(count));
        let worker = |rank| {
            let mut place = Threads { rank, count, blocks: blocks.clone(), barrier: barrier.clone() };
            move || {
                let mut trainer = sizes().trainer(Backend::best()).unwrap();
                for _ in 0..STEPS {
                    trainer.step_together(&mut place).unwrap().unwrap();
                }
                trainer.model.parameters.hash()
            }
        };
        let workers: Vec<_> = (0..count).map(|rank| thread::spawn(worker(rank))).collect();
        for worker in workers {
            assert_eq!(worker.join().unwrap(), hash_alone(), "{count} threads");
        }
    }
}

#[test]
fn a_step_to_which_nobody_comes_is_made_alone() {
    let mut trainer = sizes().trainer(Backend::best()).unwrap();
    assert_eq!(trainer.step_together(&mut Nobody).unwrap(), None);
    assert_eq!(trainer.step_count(), 0, "nothing has changed");
    for _ in 0..STEPS {
        trainer.advance_together(&mut Nobody).unwrap();
    }
    assert_eq!(trainer.model.parameters.hash(), hash_alone());
}
