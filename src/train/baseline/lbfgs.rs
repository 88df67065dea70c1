//! Limited-memory BFGS (Nocedal 1980; Liu & Nocedal 1989): a smooth convex function's minimum in few evaluations.

/// Pairs of steps and gradient differences that are kept.
const MEMORY: usize = 6;
/// Armijo's condition: the share of the predicted decrease that a step must reach.
const SUFFICIENT: f64 = 1e-4;
/// A step is halved at most so often.
const HALVINGS: usize = 30;

/// Value at a point, and its gradient.
pub type Evaluated = (f64, Vec<f32>);

/// A minimum that is looked for. It is told the function at one point after the other, so that the caller may compute
/// each value in parts.
pub struct Minimum {
    /// The best point so far.
    pub x: Vec<f32>,
    value: f64,
    gradient: Vec<f32>,
    /// Step and difference of gradients, the oldest pair first.
    pairs: Vec<(Vec<f32>, Vec<f32>)>,
    search: Option<Search>,
    trial: Vec<f32>,
}

/// A search along a line, which has to fall.
struct Search {
    direction: Vec<f32>,
    /// Of the function in this direction, below 0.
    slope: f64,
    /// How far along `direction` the trial lies.
    length: f64,
    halvings: usize,
}

/// What a value that was told has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The point was accepted; the trial is the next one.
    Accepted,
    /// The trial is a point nearer to the last one.
    Nearer,
    /// The minimum is found.
    Ended,
}

impl Minimum {
    /// Starts at `x`.
    pub fn new(x: Vec<f32>) -> Self {
        let trial = x.clone();
        Self { x, value: f64::INFINITY, gradient: Vec::new(), pairs: Vec::new(), search: None, trial }
    }

    /// The point at which the function is asked for.
    pub fn trial(&self) -> &[f32] {
        &self.trial
    }

    /// Takes the function at the trial; it ends when a step lowers it by less than the share `tolerance`.
    pub fn tell(&mut self, (value, gradient): Evaluated, tolerance: f64) -> Told {
        let Some(search) = &mut self.search else {
            (self.value, self.gradient) = (value, gradient);
            return self.begin_search();
        };
        if value > self.value + SUFFICIENT * search.length * search.slope {
            search.length *= 0.5;
            search.halvings += 1;
            if search.halvings == HALVINGS {
                return Told::Ended;
            }
            self.set_trial();
            return Told::Nearer;
        }
        let fell = self.value - value > tolerance * self.value.abs();
        self.remember(&gradient);
        self.x.copy_from_slice(&self.trial);
        (self.value, self.gradient) = (value, gradient);
        if fell { self.begin_search() } else { Told::Ended }
    }

    fn begin_search(&mut self) -> Told {
        let direction = self.direction();
        let slope = dot(&direction, &self.gradient);
        if slope >= 0.0 {
            return Told::Ended;
        }
        // Without a pair the length of the step is not known.
        let length = match self.pairs.is_empty() {
            true => 1.0 / dot(&self.gradient, &self.gradient).sqrt().max(1.0),
            false => 1.0,
        };
        self.search = Some(Search { direction, slope, length, halvings: 0 });
        self.set_trial();
        Told::Accepted
    }

    fn set_trial(&mut self) {
        if let Some(Search { direction, length, .. }) = &self.search {
            for ((trial, x), d) in self.trial.iter_mut().zip(&self.x).zip(direction) {
                *trial = x + (length * f64::from(*d)) as f32;
            }
        }
    }

    /// Keeps the pair of the step to the trial, where the gradient is `gradient`.
    fn remember(&mut self, gradient: &[f32]) {
        let difference = |new: &[f32], old: &[f32]| new.iter().zip(old).map(|(n, o)| n - o).collect();
        let (step, change): (Vec<f32>, Vec<f32>) =
            (difference(&self.trial, &self.x), difference(gradient, &self.gradient));
        if dot(&step, &change) > 0.0 {
            if self.pairs.len() == MEMORY {
                self.pairs.remove(0);
            }
            self.pairs.push((step, change));
        }
    }

    /// The two loops of the method: minus the gradient, times an estimate of the inverse of the second derivatives.
    fn direction(&self) -> Vec<f32> {
        let mut q: Vec<f32> = self.gradient.iter().map(|g| -g).collect();
        let mut alphas = Vec::with_capacity(self.pairs.len());
        for (step, change) in self.pairs.iter().rev() {
            let alpha = dot(step, &q) / dot(step, change);
            add(&mut q, change, -alpha);
            alphas.push(alpha);
        }
        if let Some((step, change)) = self.pairs.last() {
            let scale = (dot(step, change) / dot(change, change)) as f32;
            q.iter_mut().for_each(|v| *v *= scale);
        }
        for ((step, change), alpha) in self.pairs.iter().zip(alphas.into_iter().rev()) {
            let beta = dot(change, &q) / dot(step, change);
            add(&mut q, step, alpha - beta);
        }
        q
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

fn add(to: &mut [f32], from: &[f32], factor: f64) {
    let factor = factor as f32;
    to.iter_mut().zip(from).for_each(|(to, from)| *to += factor * from);
}
