//! Limited-memory BFGS (Nocedal 1980; Liu & Nocedal 1989): a smooth convex function's minimum in few evaluations.

/// Pairs of steps and gradient differences that are kept.
const MEMORY: usize = 6;
/// Armijo's condition: the share of the predicted decrease that a step must reach.
const SUFFICIENT: f64 = 1e-4;
/// A step is halved at most so often.
const HALVINGS: usize = 30;

/// A minimum that is looked for.
pub struct Minimum {
    /// The best point so far.
    pub x: Vec<f32>,
    value: f64,
    gradient: Vec<f32>,
    /// Step and difference of gradients, the oldest pair first.
    pairs: Vec<(Vec<f32>, Vec<f32>)>,
}

/// Value at a point, and its gradient.
pub type Evaluated = (f64, Vec<f32>);

impl Minimum {
    /// Starts at `x`, where `of` is the function with its gradient.
    pub fn new(x: Vec<f32>, of: &mut dyn FnMut(&[f32]) -> Evaluated) -> Self {
        let (value, gradient) = of(&x);
        Self { x, value, gradient, pairs: Vec::new() }
    }

    /// One step downhill; returns whether the value fell by more than `tolerance` of it.
    pub fn step(&mut self, of: &mut dyn FnMut(&[f32]) -> Evaluated, tolerance: f64) -> bool {
        let direction = self.direction();
        let slope = dot(&direction, &self.gradient);
        if slope >= 0.0 {
            return false;
        }
        // Without a pair the length of the step is not known.
        let mut length = match self.pairs.is_empty() {
            true => 1.0 / dot(&self.gradient, &self.gradient).sqrt().max(1.0),
            false => 1.0,
        };
        for _ in 0..HALVINGS {
            let x: Vec<f32> =
                self.x.iter().zip(&direction).map(|(x, d)| x + (length * f64::from(*d)) as f32).collect();
            let (value, gradient) = of(&x);
            if value <= self.value + SUFFICIENT * length * slope {
                let fell = self.value - value > tolerance * self.value.abs();
                self.remember(&x, &gradient);
                (self.x, self.value, self.gradient) = (x, value, gradient);
                return fell;
            }
            length *= 0.5;
        }
        false
    }

    fn remember(&mut self, x: &[f32], gradient: &[f32]) {
        let difference = |new: &[f32], old: &[f32]| new.iter().zip(old).map(|(n, o)| n - o).collect();
        let (step, change): (Vec<f32>, Vec<f32>) =
            (difference(x, &self.x), difference(gradient, &self.gradient));
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
