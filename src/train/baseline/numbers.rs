//! Squared errors of the simplest predictions of numbers.

use ndarray::{Array3, Axis};

use super::Reached;

/// The mean squared error of always giving the mean of the training labels, for each number of an output by itself.
pub fn mean_label_error(train: &Array3<f32>, judged: &Array3<f32>) -> Reached {
    let rows = |labels: &Array3<f32>| {
        labels
            .outer_iter()
            .flat_map(|sample| sample.outer_iter().map(|row| row.to_vec()).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    let (train, judged) = (rows(train), rows(judged));
    let mut means = vec![0.0f64; train.first().map_or(0, Vec::len)];
    for row in &train {
        means.iter_mut().zip(row).for_each(|(mean, v)| *mean += f64::from(*v) / train.len() as f64);
    }
    squared(judged.iter().flat_map(|row| row.iter().zip(&means).map(|(v, mean)| f64::from(*v) - mean)))
}

/// The mean squared error of giving what came in last: at each timestep its input where labels have as many timesteps
/// as inputs, else the last input. Nothing where inputs and labels have different numbers of features or of timesteps.
pub fn repeat_error(inputs: &Array3<f32>, labels: &Array3<f32>) -> Option<Reached> {
    let (timesteps, wanted) = (inputs.len_of(Axis(1)), labels.len_of(Axis(1)));
    let fits = inputs.len_of(Axis(2)) == labels.len_of(Axis(2)) && (wanted == 1 || wanted == timesteps);
    let last = inputs.slice_axis(Axis(1), (timesteps - wanted.min(timesteps)..).into());
    fits.then(|| squared(last.iter().zip(labels).map(|(x, y)| f64::from(*x) - f64::from(*y))))
}

fn squared(differences: impl Iterator<Item = f64>) -> Reached {
    let (mut sum, mut count) = (0.0, 0u64);
    for difference in differences {
        sum += difference * difference;
        count += 1;
    }
    Reached { loss: sum / count.max(1) as f64, accuracy: None }
}
