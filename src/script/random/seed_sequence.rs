//! From one seed to as many bits as a generator starts from: numpy's `SeedSequence`.
//!
//! It follows O'Neill's `seed_seq_fe` (Developing a seed_seq Alternative, 2015); numpy's documentation of
//! `SeedSequence` says what is kept of it.

const POOL: usize = 4;

/// A pool of four words in which all bits of the seed are mixed.
#[derive(Debug, Clone)]
pub(super) struct SeedSequence {
    pool: [u32; POOL],
}

/// The constants of a chain of hashes: each one multiplies the next.
struct Hash {
    constant: u32,
    factor: u32,
}

impl Hash {
    fn of(&mut self, value: u32) -> u32 {
        let mixed = value ^ self.constant;
        self.constant = self.constant.wrapping_mul(self.factor);
        let mixed = mixed.wrapping_mul(self.constant);
        mixed ^ (mixed >> 16)
    }
}

fn mix(a: u32, b: u32) -> u32 {
    let mixed = 0xca01_f9ddu32.wrapping_mul(a).wrapping_sub(0x4973_f715u32.wrapping_mul(b));
    mixed ^ (mixed >> 16)
}

impl SeedSequence {
    /// Of a seed of at most 64 bits: two words, or one where the upper is zero.
    pub(super) fn new(seed: u64) -> Self {
        let mut hash = Hash { constant: 0x43b0_d7e5, factor: 0x931e_8875 };
        // A word that the seed does not have counts as zero.
        let mut pool = [seed as u32, (seed >> 32) as u32, 0, 0].map(|word| hash.of(word));
        for source in 0..POOL {
            for target in (0..POOL).filter(|target| *target != source) {
                pool[target] = mix(pool[target], hash.of(pool[source]));
            }
        }
        Self { pool }
    }

    /// `generate_state(N, np.uint64)`
    pub(super) fn words<const N: usize>(&self) -> [u64; N] {
        let mut hash = Hash { constant: 0x8b51_f9dd, factor: 0x58f3_8ded };
        let mut pool = self.pool.iter().cycle();
        let mut word = || pool.next().map_or(0, |word| u64::from(hash.of(*word)));
        [(); N].map(|()| word() | (word() << 32))
    }
}
