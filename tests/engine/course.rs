//! What is said of a run: courses of real runs of the page's networks, and constructed ones for what none of them did.

use unrolled::train::Evaluation;
use unrolled::train::course::{Course, Guessing, judge};

/// A run of the page's network: the mean training loss of each epoch, and loss and accuracy of every validation.
struct Recorded {
    updates_per_epoch: u64,
    epochs: &'static [f32],
    validation: &'static [(f32, f32)],
}

/// 4,000 reviews, of which each half is one class.
const REVIEWS: Guessing = Guessing { loss: Some(std::f64::consts::LN_2), accuracy: Some(0.525) };

/// 52 classes of newswires; the most frequent one has 42 %.
const NEWSWIRES: Guessing = Guessing { loss: Some(3.951), accuracy: Some(0.4217) };

/// An LSTM on the reviews at rate 0.1: saturated.
const LSTM_RATE_0_1: Recorded = Recorded {
    updates_per_epoch: 125,
    epochs: &[0.711, 0.661, 0.626, 0.595],
    validation: &[
        (0.72, 0.487),
        (0.708, 0.526),
        (0.696, 0.54),
        (0.718, 0.506),
        (0.708, 0.557),
        (0.717, 0.535),
        (0.7, 0.564),
        (0.711, 0.556),
        (0.711, 0.567),
        (0.72, 0.525),
        (0.733, 0.603),
        (0.708, 0.584),
        (0.741, 0.582),
        (0.733, 0.583),
        (0.705, 0.557),
        (0.694, 0.575),
        (0.735, 0.595),
        (0.721, 0.587),
        (0.7, 0.604),
        (0.709, 0.562),
    ],
};

/// The same at rate 0.0001.
const LSTM_RATE_0_0001: Recorded = Recorded {
    updates_per_epoch: 125,
    epochs: &[0.693, 0.691, 0.686, 0.593],
    validation: &[
        (0.693, 0.496),
        (0.693, 0.516),
        (0.693, 0.536),
        (0.693, 0.551),
        (0.692, 0.572),
        (0.692, 0.567),
        (0.692, 0.571),
        (0.692, 0.605),
        (0.691, 0.601),
        (0.691, 0.604),
        (0.69, 0.63),
        (0.689, 0.618),
        (0.687, 0.621),
        (0.683, 0.622),
        (0.658, 0.606),
        (0.618, 0.719),
        (0.587, 0.721),
        (0.579, 0.739),
        (0.569, 0.743),
        (0.568, 0.759),
    ],
};

/// The same at the rate that the page starts with.
const LSTM_RATE_0_002: Recorded = Recorded {
    updates_per_epoch: 125,
    epochs: &[0.648, 0.374, 0.215, 0.139],
    validation: &[
        (0.69, 0.599),
        (0.67, 0.597),
        (0.662, 0.659),
        (0.614, 0.709),
        (0.482, 0.789),
        (0.455, 0.789),
        (0.448, 0.803),
        (0.52, 0.736),
        (0.401, 0.823),
        (0.399, 0.806),
        (0.398, 0.809),
        (0.422, 0.802),
        (0.505, 0.824),
        (0.474, 0.826),
        (0.471, 0.798),
        (0.517, 0.824),
        (0.48, 0.82),
        (0.492, 0.813),
        (0.51, 0.82),
        (0.518, 0.794),
    ],
};

/// A GRU on the reviews at rate 0.1.
const GRU_RATE_0_1: Recorded = Recorded {
    updates_per_epoch: 125,
    epochs: &[0.743, 0.744, 0.759, 0.717],
    validation: &[
        (0.707, 0.512),
        (0.733, 0.563),
        (0.736, 0.554),
        (0.764, 0.545),
        (0.713, 0.541),
        (0.733, 0.544),
        (0.733, 0.531),
        (0.735, 0.537),
        (0.749, 0.528),
        (0.746, 0.54),
        (0.737, 0.531),
        (0.778, 0.546),
        (0.769, 0.534),
        (0.798, 0.533),
        (0.779, 0.532),
        (0.759, 0.521),
        (0.739, 0.55),
        (0.767, 0.539),
        (0.726, 0.549),
        (0.729, 0.508),
    ],
};

/// An LSTM on the newswires.
const NEWSWIRES_RATE_0_001: Recorded = Recorded {
    updates_per_epoch: 205,
    epochs: &[1.919, 1.461, 1.205, 1.048],
    validation: &[
        (2.032, 0.422),
        (1.684, 0.618),
        (1.64, 0.641),
        (1.546, 0.668),
        (1.636, 0.659),
        (1.514, 0.68),
        (1.467, 0.68),
        (1.406, 0.675),
        (1.271, 0.671),
        (1.214, 0.708),
        (1.191, 0.705),
        (1.193, 0.709),
        (1.201, 0.697),
        (1.154, 0.717),
        (1.141, 0.71),
        (1.124, 0.717),
        (1.112, 0.714),
        (1.058, 0.721),
        (1.082, 0.721),
        (1.007, 0.737),
    ],
};

/// The same at rate 0.0001.
const NEWSWIRES_RATE_0_0001: Recorded = Recorded {
    updates_per_epoch: 205,
    epochs: &[3.671, 2.315, 2.143, 2.01],
    validation: &[
        (3.933, 0.458),
        (3.907, 0.44),
        (3.85, 0.422),
        (3.407, 0.422),
        (2.605, 0.422),
        (2.423, 0.422),
        (2.317, 0.422),
        (2.251, 0.422),
        (2.21, 0.422),
        (2.177, 0.422),
        (2.15, 0.422),
        (2.133, 0.422),
        (2.122, 0.422),
        (2.106, 0.422),
        (2.089, 0.422),
        (2.056, 0.422),
        (1.979, 0.422),
        (1.933, 0.563),
        (1.893, 0.627),
        (1.876, 0.637),
    ],
};

impl Recorded {
    /// How the run is judged after some of its evaluations; every batch has the mean loss of its epoch.
    fn after(&self, evaluations: usize, guessing: Guessing) -> Course {
        let every = self.updates_per_epoch * self.epochs.len() as u64 / self.validation.len() as u64;
        let of = |(k, (loss, accuracy)): (usize, &(f32, f32))| {
            let step = every * (k as u64 + 1);
            Evaluation { step, epoch: step / self.updates_per_epoch, loss: *loss, accuracy: *accuracy }
        };
        let validation: Vec<_> = self.validation[..evaluations].iter().enumerate().map(of).collect();
        let updates = every * evaluations as u64;
        let losses: Vec<_> =
            (0..updates).map(|update| self.epochs[(update / self.updates_per_epoch) as usize]).collect();
        judge(&losses, &validation, self.updates_per_epoch, guessing)
    }

    fn whole(&self, guessing: Guessing) -> Course {
        self.after(self.validation.len(), guessing)
    }
}

/// A run of four epochs of 100 updates with these losses at the end of every quarter of an epoch.
fn constructed(training: [f32; 4], validation: [f32; 16], guessing: Guessing) -> Course {
    Recorded {
        updates_per_epoch: 100,
        epochs: Box::leak(Box::new(training)),
        validation: Box::leak(Box::new(validation.map(|loss| (loss, 0.8)))),
    }
    .whole(guessing)
}

#[test]
fn a_rate_of_0_1_saturates_and_is_not_called_learning_by_heart() {
    let course = LSTM_RATE_0_1.whole(REVIEWS);
    assert!(matches!(course, Course::DoesNotCarryOver { .. }), "{course:?}");
    assert!(course.to_string().contains("no better than guessing (0.69)"), "{course}");
    let course = GRU_RATE_0_1.whole(REVIEWS);
    assert!(matches!(course, Course::Diverged { .. }), "{course:?}");
    assert!(course.to_string().starts_with("Nothing was learned"), "{course}");
}

#[test]
fn a_rate_of_0_0001_has_hardly_moved_after_two_epochs_and_improves_later() {
    let course = LSTM_RATE_0_0001.after(10, REVIEWS);
    assert!(matches!(course, Course::HardlyMoved { .. }), "{course:?}");
    let course = LSTM_RATE_0_0001.whole(REVIEWS);
    let Course::Improving { before, validation } = course else { panic!("{course:?}") };
    assert!(validation < before && (validation - 0.572).abs() < 0.002, "{course:?}");
}

#[test]
fn losses_a_little_below_the_guess_are_a_slow_beginning_and_no_failure() {
    // 200 texts in two classes: 4 epochs of 5 updates; training on reached 100 % of the validation samples.
    let texts = Guessing { loss: Some(std::f64::consts::LN_2), accuracy: Some(0.45) };
    let at = |step, loss, accuracy| Evaluation { step, epoch: step / 5, loss, accuracy };
    let validation = [
        at(5, 0.692, 0.45),
        at(10, 0.688, 0.45),
        at(15, 0.682, 0.5),
        at(18, 0.679, 0.55),
        at(20, 0.677, 0.55),
    ];
    let losses: Vec<f32> = (0..20).map(|update| 0.695 - 0.0014 * update as f32).collect();
    let course = judge(&losses, &validation, 5, texts);
    assert!(matches!(course, Course::Slow { updates: 20, .. }), "{course:?}");
    let said = course.to_string();
    assert!(said.contains("20 updates") && !said.contains("learning rate"), "{said}");
}

#[test]
fn validation_that_rises_while_training_falls_is_overfitting() {
    let course = LSTM_RATE_0_002.whole(REVIEWS);
    let Course::Overfits { lowest_at, lowest, validation, training } = course else { panic!("{course:?}") };
    assert!((225..=275).contains(&lowest_at), "{course:?}");
    assert!(training < lowest && lowest < validation, "{course:?}");
}

#[test]
fn newswires_are_judged_by_their_own_guess() {
    assert!(matches!(NEWSWIRES_RATE_0_001.whole(NEWSWIRES), Course::Improving { .. }));
    // All three of its last validations answered “earn” every time.
    let course = NEWSWIRES_RATE_0_0001.after(15, NEWSWIRES);
    assert!(matches!(course, Course::OneAnswer { .. }), "{course:?}");
    assert!(course.to_string().contains("42.2 %"), "{course}");
}

#[test]
fn validation_that_rises_with_training_is_unstable() {
    let validation = [0.6, 0.55, 0.5, 0.45, 0.4, 0.4, 0.4, 0.4, 0.45, 0.5, 0.5, 0.55, 0.55, 0.6, 0.6, 0.6];
    let course = constructed([0.6, 0.4, 0.5, 0.6], validation, REVIEWS);
    assert!(matches!(course, Course::Unstable { .. }), "{course:?}");
}

#[test]
fn a_run_that_stays_where_it_is_has_levelled_off() {
    let validation = [0.6, 0.5, 0.45, 0.42, 0.41, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.41, 0.4, 0.4, 0.41, 0.4];
    let course = constructed([0.6, 0.4, 0.38, 0.37], validation, REVIEWS);
    assert!(matches!(course, Course::LevelledOff { .. }), "{course:?}");
}

#[test]
fn before_one_epoch_and_three_validations_nothing_is_claimed() {
    let guessing = Guessing::default();
    assert_eq!(judge(&[], &[], 125, guessing), Course::Early);
    assert_eq!(LSTM_RATE_0_002.after(4, REVIEWS), Course::Early, "less than an epoch");
    let one = [Evaluation { step: 500, epoch: 4, loss: 0.3, accuracy: 0.9 }];
    assert_eq!(judge(&[0.3; 500], &one, 125, guessing), Course::Early, "a single validation");
}

#[test]
fn losses_without_a_guess_are_judged_by_their_course_alone() {
    let validation = [0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3, 0.28, 0.26, 0.24, 0.22, 0.2, 0.18, 0.16];
    let course = constructed([0.8, 0.5, 0.3, 0.2], validation, Guessing::default());
    assert!(matches!(course, Course::Improving { .. }), "{course:?}");
}

#[test]
fn probabilities_of_0_and_1_are_named_with_the_loss_that_they_cost() {
    // Tutorial 004 printed 14.573981651306152 and 0.0958.
    let broken = |loss: f32, accuracy: f32| {
        judge(&[], &[Evaluation { step: 1, epoch: 1, loss, accuracy }], 40, Guessing::default())
    };
    let course = broken(14.573_982, 0.0958);
    assert!(matches!(course, Course::BrokenDown { .. }), "{course:?}");
    let said = course.to_string();
    assert!(said.contains("16.118 × (1 − 0.096)") && said.contains("validation loss, 14.57,"), "{said}");
    // The first of the validations that show it is named.
    let evaluation = |step, loss, accuracy| Evaluation { step, epoch: 1, loss, accuracy };
    let run = [(400, 1.1, 0.6), (1440, 14.45, 0.1034), (1480, 14.57, 0.0958)];
    let run = run.map(|(step, loss, accuracy)| evaluation(step, loss, accuracy));
    let said = judge(&[], &run, 40, Guessing::default()).to_string();
    assert!(said.contains("validation after update 1,440 was the first to show"), "{said}");
    // The networks of these losses still learn.
    for (loss, accuracy) in [(2.3, 0.1), (8.0, 0.2), (1.6, 0.9), (0.0, 1.0)] {
        assert!(!matches!(broken(loss, accuracy), Course::BrokenDown { .. }), "{loss} {accuracy}");
    }
}
