//! Where units fire and how much they matter, against the plain way to the same numbers.

use super::shown::{reviews, words};
use unrolled::experiment::{Reading, Subset};
use unrolled::session::Training;
use unrolled::session::analysis::{Analysis, CONTEXTS, Shown, Wanted};
use unrolled::train::checkpoint;

fn trained() -> Analysis {
    let mut training = Training::new();
    training.use_dataset(reviews());
    training.set_up(words()).unwrap();
    training.train_for(1e9, Some(30), || 0.0).unwrap();
    let weights = checkpoint::save_weights(&training.model().unwrap().parameters).unwrap();
    let mut analysis = Analysis::new(words(), Some(reviews())).unwrap();
    analysis.take_weights(&weights).unwrap();
    analysis
}

fn searched(analysis: &mut Analysis, wanted: &Wanted) -> unrolled::session::analysis::ContextsProgress {
    analysis.begin_contexts(wanted.clone()).unwrap();
    loop {
        let progress = analysis.contexts_for(0.0, || 1.0).unwrap();
        if progress.done == progress.all {
            return progress;
        }
    }
}

#[test]
fn the_strongest_contexts_are_those_of_a_full_search() {
    let mut analysis = trained();
    for (symbol, unit) in [("h", 3), ("f", 0), ("c", 4)] {
        let wanted = Wanted { layer: "lstm".into(), symbol: symbol.into(), unit, subset: Subset::Train };
        let found = searched(&mut analysis, &wanted);
        let mut best: Vec<(f32, usize, usize)> = Vec::new();
        let mut least = best.clone();
        for index in 0..found.all {
            let traced = analysis.trace(&Shown::Sample { subset: Subset::Train, index }).unwrap();
            let values = traced.trace.layers[0].symbol(symbol).unwrap().values.column(unit).to_vec();
            let at = |value: f32| values.iter().position(|other| *other == value).unwrap();
            let (most, low) = (
                values.iter().copied().fold(f32::MIN, f32::max),
                values.iter().copied().fold(f32::MAX, f32::min),
            );
            best.push((most, index, at(most)));
            least.push((low, index, at(low)));
        }
        best.sort_by(|one, other| other.0.total_cmp(&one.0));
        least.sort_by(|one, other| one.0.total_cmp(&other.0));
        for (found, naive) in [(&found.highest, best), (&found.lowest, least)] {
            let found: Vec<_> =
                found.iter().map(|context| (context.value, context.index, context.t)).collect();
            assert_eq!(found, naive[..CONTEXTS], "{symbol} of unit {unit}");
        }
    }
}

#[test]
fn a_context_shows_the_word_where_the_unit_fires_and_the_label() {
    let mut analysis = trained();
    let wanted = Wanted { layer: "lstm".into(), symbol: "h".into(), unit: 1, subset: Subset::Validation };
    for context in searched(&mut analysis, &wanted).highest {
        let shown = Shown::Sample { subset: Subset::Validation, index: context.index };
        let traced = analysis.trace(&shown).unwrap();
        assert_eq!(context.words[context.at], traced.tokens[context.t].text);
        let label = if context.index % 3 == 0 { "positive" } else { "negative" };
        assert_eq!(context.answer, label);
    }
}

#[test]
fn a_search_goes_on_with_the_weights_it_began_with() {
    let mut analysis = trained();
    let wanted = Wanted { layer: "lstm".into(), symbol: "h".into(), unit: 2, subset: Subset::Train };
    let undisturbed = searched(&mut analysis, &wanted);
    analysis.begin_contexts(wanted).unwrap();
    let mut begun = analysis.contexts_for(0.0, || 1.0).unwrap();
    assert!(begun.done < begun.all);
    let first = Analysis::new(words(), Some(reviews())).unwrap();
    let other = checkpoint::save_weights(&first.model().parameters).unwrap();
    analysis.take_weights(&other).unwrap();
    while begun.done < begun.all {
        begun = analysis.contexts_for(0.0, || 1.0).unwrap();
    }
    assert_eq!(begun, undisturbed);
}

#[test]
fn what_cannot_be_searched_for_is_said() {
    let mut analysis = trained();
    let wanted = Wanted { layer: "lstm".into(), symbol: "h".into(), unit: 0, subset: Subset::Train };
    for (wanted, said) in [
        (Wanted { layer: "gru".into(), ..wanted.clone() }, "no recurrent layer `gru`"),
        (Wanted { symbol: "z".into(), ..wanted.clone() }, "no `z`"),
        (Wanted { unit: 5, ..wanted }, "from 0 to 4"),
    ] {
        let message = analysis.begin_contexts(wanted).unwrap_err().to_string();
        assert!(message.contains(said), "{message}");
    }
    assert!(analysis.contexts_for(0.0, || 1.0).is_err(), "nothing was begun");
}

#[test]
fn the_influence_of_a_single_step_is_its_gradient_times_its_state() {
    // With one timestep the log-odds are h · V + b, so their gradient is V.
    let mut experiment = words();
    if let Reading::Words(words) = &mut experiment.data.reading {
        (words.maxlen, words.start) = (1, false);
    }
    let mut analysis = Analysis::new(experiment, Some(reviews())).unwrap();
    let shown = Shown::Text { text: "w3".into() };
    let found = analysis.unit_influence(&shown).unwrap().remove(0);
    let traced = analysis.trace(&shown).unwrap();
    let h = traced.trace.layers[0].symbol("h").unwrap().values.row(0).to_vec();
    let kernel = analysis.model().parameters.by_name("dense/kernel").unwrap().to_vec();
    assert_eq!(found.influence.len(), 5);
    for (unit, influence) in found.influence.iter().enumerate() {
        let wanted = (h[unit] * kernel[unit]).abs();
        assert!((influence - wanted).abs() <= 1e-6, "unit {unit}: {influence} and {wanted}");
    }
}
