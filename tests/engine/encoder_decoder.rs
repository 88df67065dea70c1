//! Encoders and decoders in training: what they learn, how they are kept, and their step with the same numbers.

use ndarray::Axis;
use unrolled::data::pairs::PairTask;
use unrolled::listing::Pass;
use unrolled::model::encoder_decoder::{Attention, CellKind};
use unrolled::session::encoder_decoder::{Answer, EncoderDecoderSettings, Session};
use unrolled::session::stepping::{
    Called, Choice, Excerpt, InputChoice, Part, ReadBefore, Stepping, WeightChoice,
};

fn settings(task: PairTask, attention: Attention, cell: CellKind) -> EncoderDecoderSettings {
    EncoderDecoderSettings { cell, units: 7, ..EncoderDecoderSettings::of(task, attention) }
}

fn session(task: PairTask, attention: Attention, cell: CellKind) -> Session {
    Session::new(settings(task, attention, cell)).unwrap()
}

#[test]
fn a_kept_run_goes_on_as_if_it_had_never_stopped() {
    for attention in [Attention::None, Attention::Additive] {
        let mut whole = session(PairTask::Adding, attention, CellKind::Lstm);
        for _ in 0..3 {
            whole.update().unwrap();
        }
        let mut resumed = Session::restore(&whole.save().unwrap()).unwrap();
        whole.answer_held_out().unwrap();
        assert!(resumed.answers() == whole.answers(), "other answers");
        assert_eq!(resumed.standing(), whole.standing());
        for _ in 0..2 {
            whole.update().unwrap();
            resumed.update().unwrap();
        }
        assert_eq!(resumed.losses(), whole.losses());
        assert_eq!(resumed.model().parameters.hash(), whole.model().parameters.hash());
    }
}

#[test]
fn the_loss_falls_whatever_the_attention_and_the_cell() {
    for attention in [Attention::None, Attention::Multiplicative, Attention::Additive] {
        for cell in [CellKind::Lstm, CellKind::Gru] {
            let mut session = session(PairTask::Adding, attention, cell);
            let first = session.update().unwrap();
            for _ in 0..20 {
                session.update().unwrap();
            }
            let last = session.update().unwrap();
            assert!(last < 0.95 * first, "{attention:?} {cell:?}: from {first} to {last}");
        }
    }
}

#[test]
fn attention_weights_of_a_character_sum_to_one_over_the_source_alone() {
    let mut session = session(PairTask::Dates, Attention::Multiplicative, CellKind::Gru);
    let answer = session.ask("3.3.2021").unwrap();
    let columns = answer.source.chars().count();
    assert_eq!(answer.attention.len(), columns * answer.written.len());
    for row in answer.attention.chunks(columns) {
        let sum: f32 = row.iter().sum();
        assert!((sum - 1.0).abs() < 1e-5 && row.iter().all(|weight| *weight > 0.0), "{row:?}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_what_can() {
    let mut session = session(PairTask::Adding, Attention::None, CellKind::Gru);
    let message = |session: &mut Session, source: &str| session.ask(source).unwrap_err().to_string();
    assert!(message(&mut session, "").contains("1 to 5 characters"));
    assert!(message(&mut session, "100+200").contains("1 to 5 characters"));
    assert!(message(&mut session, "1-2").contains("0123456789+"));
    session.ask("1+2").unwrap();
    let none = EncoderDecoderSettings { units: 0, ..*session.settings() };
    assert!(Session::new(none).err().unwrap().to_string().contains("1 to 64"));
    assert!(Session::restore(b"tea").err().unwrap().to_string().contains("start it anew"));
}

/// Steps through the answer to `source` and returns it with the answer.
fn stepped(session: &mut Session, source: &str) -> (Answer, Stepping) {
    let answer = session.ask(source).unwrap();
    let taken = session.parts(source, answer.written.len()).unwrap();
    let parts = taken.parts;
    let numbers = |name: &String, values: Vec<f32>| (name.clone(), values);
    let weights = parts.weights.iter().map(|(name, w)| numbers(name, w.iter().copied().collect()));
    let initial = parts.initial.iter().map(|(name, state)| numbers(name, state.to_vec()));
    let lstm = include_str!("../../cells/lstm.py");
    let choice = Choice {
        shapes: vec![],
        source: taken.listing.unwrap_or(lstm).to_owned(),
        units: parts.units,
        sizes: taken.listing.map(|_| ("positions".to_owned(), taken.positions)).into_iter().collect(),
        seed: 0,
        input: InputChoice::Embedded {
            words: parts.words,
            x: parts.x.iter().copied().collect(),
            known: parts.known,
            before: ReadBefore::default(),
            called: Called::Character,
            excerpt: Excerpt::Answer,
        },
        weights: WeightChoice::Trained {
            weights: weights.collect(),
            output: Some((parts.output.0.iter().copied().collect(), parts.output.1.to_vec())),
            initial: initial.collect(),
        },
        target: taken.written as f32,
        classes: parts.classes,
    };
    (answer, Stepping::new(choice).map_err(|_| "it cannot be stepped through").unwrap())
}

#[test]
fn stepping_shows_the_attention_weights_and_the_probability_of_the_answer() {
    for (attention, cell) in [
        (Attention::Additive, CellKind::Lstm),
        (Attention::Multiplicative, CellKind::Gru),
        (Attention::None, CellKind::Lstm),
    ] {
        let mut session = session(PairTask::Adding, attention, cell);
        for _ in 0..5 {
            session.update().unwrap();
        }
        let (answer, stepping) = stepped(&mut session, "7+25");
        let columns = answer.source.chars().count();
        let recording = stepping.recording(Part::Cell);
        assert_eq!(recording.timesteps(), answer.written.len());
        let graph = recording.listing().graph();
        if let Some(a) = graph.assigned.iter().find(|assigned| assigned.name == "a") {
            let values = recording.values(Pass::Forward, a.node);
            for (row, kept) in values.axis_iter(Axis(0)).zip(answer.attention.chunks(columns)) {
                let row: Vec<f32> = row.iter().copied().collect();
                assert!(row.iter().zip(kept).all(|(a, b)| (a - b).abs() < 1e-6), "{row:?} {kept:?}");
                assert!(row[columns..].iter().all(|weight| *weight == 0.0), "padding: {row:?}");
            }
        }
        assert_eq!(graph.assigned.iter().any(|a| a.name == "a"), attention != Attention::None);
        let said = stepping.readout().said();
        let last = answer.written.last().unwrap().probability;
        assert!(said.iter().any(|p| (p - last).abs() < 1e-6), "{said:?} has no {last}");
    }
}
