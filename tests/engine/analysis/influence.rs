//! Which timesteps made the model say so, against central differences and against the shortened text.

use super::shown::{adding, reviews, words};
use unrolled::experiment::Subset;
use unrolled::session::analysis::{Analysis, Influence, Shown};

fn influence(analysis: &mut Analysis, shown: &Shown) -> Influence {
    analysis.begin_influence(shown).unwrap();
    for done in 1.. {
        let progress = analysis.influence_for(0.0, || 1.0).unwrap();
        assert_eq!(progress.done, done, "one timestep a call");
        if let Some(influence) = progress.influence {
            assert_eq!(done, progress.all);
            return influence;
        }
    }
    unreachable!()
}

/// The log-odds of the one probability at the end.
fn log_odds(analysis: &mut Analysis, text: &str) -> f64 {
    let traced = analysis.trace(&Shown::Text { text: text.into() }).unwrap();
    let p = f64::from(traced.trace.output[0]);
    #[allow(clippy::disallowed_methods, reason = "an independent reference")]
    (p / (1.0 - p)).ln()
}

#[test]
fn a_word_that_is_left_out_changes_what_the_shortened_text_changes() {
    let mut analysis = Analysis::new(words(), Some(reviews())).unwrap();
    // Of ten words the last eight are read: a shortened text lets an earlier one in.
    let all = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9", "w10"];
    for length in [2, 4, 10] {
        let text = all[..length].join(" ");
        let found = influence(&mut analysis, &Shown::Text { text: text.clone() });
        let read = length.min(8);
        assert!(found.shortened);
        assert_eq!((found.left_out.len(), found.gradient_times_input.len()), (read, read));
        let whole = log_odds(&mut analysis, &text);
        assert!((f64::from(found.log_odds) - whole).abs() < 1e-5);
        for t in 0..read {
            let mut rest = all[..length].to_vec();
            rest.remove(length - read + t);
            let wanted = whole - log_odds(&mut analysis, &rest.join(" "));
            let left_out = f64::from(found.left_out[t]);
            assert!((left_out - wanted).abs() < 1e-5, "word {t} of {length}: {left_out} and {wanted}");
        }
    }
}

#[test]
fn the_only_word_of_a_text_can_be_left_out_too() {
    let mut analysis = Analysis::new(words(), Some(reviews())).unwrap();
    let found = influence(&mut analysis, &Shown::Text { text: "w3".into() });
    assert_eq!(found.left_out.len(), 1);
    assert!(found.left_out[0].is_finite() && found.left_out[0] != 0.0);
}

#[test]
fn gradient_times_input_is_the_derivative_along_the_input() {
    // Scaling the numbers of one timestep by 1 + ε changes the answer by ε · Σ ∂/∂x · x.
    const E: f32 = 1e-2;
    let mut analysis = Analysis::new(adding(6), None).unwrap();
    let shown = Shown::Sample { subset: Subset::Train, index: 5 };
    let found = influence(&mut analysis, &shown);
    assert!(!found.shortened, "numbers are set to zero");
    let x = {
        analysis.trace(&shown).unwrap();
        analysis.model().input().data.clone()
    };
    let mut answer = |t: usize, factor: f32| {
        analysis.trace(&shown).unwrap();
        let model = analysis.model_mut();
        for k in 0..2 {
            model.input_mut().data[2 * t + k] = factor * x[2 * t + k];
        }
        model.forward(unrolled::model::Mode::INFERENCE).unwrap();
        model.output().data[0]
    };
    for t in 0..6 {
        let slope = (answer(t, 1.0 + E) - answer(t, 1.0 - E)) / (2.0 * E);
        let exact = found.gradient_times_input[t];
        assert!((slope - exact).abs() < 1e-4 + 1e-2 * exact.abs(), "timestep {t}: {slope} and {exact}");
        let without = answer(t, 1.0) - answer(t, 0.0);
        assert!((without - found.left_out[t]).abs() < 1e-6, "timestep {t} without its numbers");
    }
}

#[test]
fn gradient_times_input_of_words_is_the_derivative_along_their_vectors() {
    const E: f32 = 2e-2;
    let mut analysis = Analysis::new(words(), Some(reviews())).unwrap();
    let shown = Shown::Text { text: "w2 w9 w4".into() };
    let found = influence(&mut analysis, &shown);
    // The text stands at the end of eight places.
    let mut answer = |place: usize, factor: f32| {
        analysis.trace(&shown).unwrap();
        let model = analysis.model_mut();
        model.forward(unrolled::model::Mode::INFERENCE).unwrap();
        let vector = &mut model.input_of_mut(1).data[4 * place..4 * place + 4];
        vector.iter_mut().for_each(|number| *number *= factor);
        model.forward_from(1, unrolled::model::Mode::INFERENCE).unwrap();
        let p = f64::from(model.output().data[0]);
        #[allow(clippy::disallowed_methods, reason = "an independent reference")]
        (p / (1.0 - p)).ln()
    };
    for t in 0..3 {
        let slope = (answer(5 + t, 1.0 + 10.0 * E) - answer(5 + t, 1.0 - 10.0 * E)) / f64::from(20.0 * E);
        let exact = f64::from(found.gradient_times_input[t]);
        assert!((slope - exact).abs() < 2e-5 + 0.02 * exact.abs(), "word {t}: {slope} and {exact}");
    }
}
