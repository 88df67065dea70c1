//! What counting tells of the next id of a text after the n − 1 ids before it.

use super::Reached;
use crate::math::elementary::ln;

/// Ids that are counted or judged in one call of [`Ngrams::advance`].
const PART: usize = 1 << 16;

/// No n-gram.
const NONE: u32 = u32::MAX;

/// Two numbers as one.
fn key(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// A table from (n − 1)-grams and the id after them to n-grams: open addressing, at most half full.
struct Grams {
    keys: Vec<u64>,
    places: Vec<u32>,
    len: u32,
}

impl Grams {
    fn new() -> Self {
        Self { keys: vec![0; 1024], places: vec![NONE; 1024], len: 0 }
    }

    /// Where `key` stands, or the free place where it would.
    fn slot(&self, key: u64) -> usize {
        // 2⁶⁴ divided by the golden ratio, as Knuth multiplies for hashing; the upper bits are mixed best.
        let mixed = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mask = self.keys.len() - 1;
        let mut slot = (mixed >> 32) as usize & mask;
        while self.places[slot] != NONE && self.keys[slot] != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn find(&self, key: u64) -> u32 {
        self.places[self.slot(key)]
    }

    /// The number of `key`, and whether it is new.
    fn enter(&mut self, key: u64) -> (u32, bool) {
        let slot = self.slot(key);
        if self.places[slot] != NONE {
            return (self.places[slot], false);
        }
        (self.keys[slot], self.places[slot]) = (key, self.len);
        self.len += 1;
        if self.len as usize * 2 > self.keys.len() {
            self.grow();
        }
        (self.len - 1, true)
    }

    fn grow(&mut self) {
        let size = self.keys.len() * 2;
        let keys = std::mem::replace(&mut self.keys, vec![0; size]);
        let places = std::mem::replace(&mut self.places, vec![NONE; size]);
        for (key, place) in keys.into_iter().zip(places).filter(|(_, place)| *place != NONE) {
            let slot = self.slot(key);
            (self.keys[slot], self.places[slot]) = (key, place);
        }
    }
}

/// The n-grams of one length.
struct Order {
    /// By the (n − 1)-gram that each begins with, and its last id.
    grams: Grams,
    /// The (n − 1)-gram that each begins with.
    contexts: Vec<u32>,
    /// How often each occurs, if they are the longest; of shorter ones, after how many different ids.
    counts: Vec<u32>,
    /// For each (n − 1)-gram: the sum of the counts of those that begin with it.
    totals: Vec<u32>,
    /// For each (n − 1)-gram: how many of these there are.
    different: Vec<u32>,
    /// What is taken off every count.
    discount: f64,
}

impl Order {
    fn new(contexts: usize) -> Self {
        let (totals, different) = (vec![0; contexts], vec![0; contexts]);
        let (grams, of_each, counts) = (Grams::new(), Vec::new(), Vec::new());
        Self { grams, contexts: of_each, counts, totals, different, discount: 0.0 }
    }

    /// Counts the gram once more.
    fn count(&mut self, gram: u32) {
        let context = self.contexts[gram as usize] as usize;
        let count = &mut self.counts[gram as usize];
        self.different[context] += u32::from(*count == 0);
        self.totals[context] += 1;
        *count += 1;
    }

    /// The share of counts of 1 that held-out texts do not confirm, from how many counts are 1 and 2 (Ney, Essen &
    /// Kneser 1994).
    fn set_discount(&mut self) {
        let of = |wanted: u32| self.counts.iter().filter(|count| **count == wanted).count() as f64;
        let (ones, twos) = (of(1), of(2));
        self.discount = if ones > 0.0 { ones / (ones + 2.0 * twos) } else { 0.5 };
    }

    /// The probability after `context` of the gram that goes on with one more id, from that of the id after the shorter
    /// context; nothing where the context is not known.
    fn probability(&self, context: u32, gram: u32, shorter: f64) -> Option<f64> {
        let total = f64::from(self.totals[context as usize]);
        if total == 0.0 {
            return None;
        }
        let count = if gram == NONE { 0.0 } else { f64::from(self.counts[gram as usize]) };
        let taken = self.discount * f64::from(self.different[context as usize]);
        Some(((count - self.discount).max(0.0) + taken * shorter) / total)
    }
}

/// Counts of n-grams while they are made, and the mean cost of a held-out text.
///
/// The probability of an id is interpolated over all lengths of what stands before it with one discount for each, as
/// Kneser & Ney (1995) and Chen & Goodman (1998, section 2.7) do it: p(w | h) = (max(c(h w) − D, 0) + D · d(h) ·
/// p(w | h′)) / c(h), where d(h) different ids follow h, and h′ is h without its first id. Counts of the longest grams
/// are how often they occur, those of shorter ones after how many different ids. The last p is the same for all ids.
pub struct Ngrams {
    length: usize,
    vocabulary: usize,
    train: Texts,
    held: Texts,
    /// For each id of `train`: the gram that ends there, of the length before the present one.
    ends: Vec<u32>,
    orders: Vec<Order>,
    /// Ids that are still to be counted for the present length.
    left: usize,
    judged: Judged,
}

/// Texts one after the other.
#[derive(Default)]
struct Texts {
    ids: Vec<u32>,
    /// Whether a text begins at the id.
    begins: Vec<bool>,
}

impl Texts {
    fn new(texts: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let mut all = Self::default();
        for text in texts {
            let start = all.ids.len();
            all.ids.extend(&text);
            all.begins.resize(all.ids.len(), false);
            if let Some(first) = all.begins.get_mut(start) {
                *first = true;
            }
        }
        all
    }
}

/// What was judged until now.
#[derive(Default)]
struct Judged {
    next: usize,
    count: u64,
    loss: f64,
    /// The grams of 0, 1, 2, … ids that end before `next`, as far as they were counted.
    before: Vec<u32>,
}

impl Ngrams {
    /// Counts of n-grams up to `length`, at least 1, in the texts `train`, and their cost of each id of the texts
    /// `held` but the first of each text; all ids are below `vocabulary`.
    pub fn new(
        length: usize,
        vocabulary: usize,
        train: impl IntoIterator<Item = Vec<u32>>,
        held: impl IntoIterator<Item = Vec<u32>>,
    ) -> Self {
        let (train, held) = (Texts::new(train), Texts::new(held));
        let ends = vec![0; train.ids.len()];
        let (orders, left) = (vec![Order::new(1)], train.ids.len());
        let length = length.max(1);
        Self { length, vocabulary, train, held, ends, orders, left, judged: Judged::default() }
    }

    /// Goes on with one part of the work; gives what is reached when all of it is done.
    pub fn advance(&mut self) -> Option<Reached> {
        if self.left > 0 {
            self.count();
            return None;
        }
        let end = (self.judged.next + PART).min(self.held.ids.len());
        while self.judged.next < end {
            self.judge();
        }
        let reached = Reached { loss: self.judged.loss / self.judged.count.max(1) as f64, accuracy: None };
        (end == self.held.ids.len()).then_some(reached)
    }

    /// Counts a part of the text, from its end to its beginning: so `ends` can be replaced in place.
    fn count(&mut self) {
        let (is_first, is_longest) = (self.orders.len() == 1, self.orders.len() == self.length);
        let Some((order, shorter)) = self.orders.split_last_mut() else { return };
        let start = self.left.saturating_sub(PART);
        for at in (start..self.left).rev() {
            let context = match is_first {
                true => 0,
                false if self.train.begins[at] => NONE,
                false => self.ends[at - 1],
            };
            let inside = std::mem::replace(&mut self.ends[at], NONE);
            if context == NONE {
                continue;
            }
            let (gram, is_new) = order.grams.enter(key(context, self.train.ids[at]));
            if is_new {
                order.contexts.push(context);
                order.counts.push(0);
                // The gram without its first id has been seen after one more id.
                shorter.last_mut().into_iter().for_each(|shorter| shorter.count(inside));
            }
            if is_longest {
                order.count(gram);
            }
            self.ends[at] = gram;
        }
        self.left = start;
        if start == 0 && is_longest {
            self.orders.iter_mut().for_each(Order::set_discount);
            self.ends = Vec::new();
        } else if start == 0 {
            let contexts = order.counts.len();
            self.orders.push(Order::new(contexts));
            self.left = self.ends.len();
        }
    }

    /// Judges the next id.
    fn judge(&mut self) {
        let at = self.judged.next;
        let (id, begins) = (self.held.ids[at], self.held.begins[at]);
        let before = if begins { vec![0] } else { std::mem::take(&mut self.judged.before) };
        let (mut probability, mut ends) = (1.0 / self.vocabulary as f64, vec![0]);
        for (order, context) in self.orders.iter().zip(before) {
            let gram = order.grams.find(key(context, id));
            if let Some(found) = order.probability(context, gram, probability) {
                probability = found;
            }
            // A gram that ends with one that never occurred has not occurred either.
            if gram != NONE {
                ends.push(gram);
            }
        }
        self.judged.before = ends;
        self.judged.next += 1;
        if !begins {
            self.judged.count += 1;
            self.judged.loss -= f64::from(ln(probability as f32));
        }
    }
}
