//! What is said of a part of a text: its first piece is not the first, its last one not the end.

use crate::material::{choice, numbers_of, session, trained_weights};
use unrolled::listing::{Pass, ValueAddress, cells};
use unrolled::session::stepping::{
    Called, Choice, Excerpt, InputChoice, Part, PositionKind, ReadBefore, Stepping, WeightChoice,
};

/// An LSTM over `e r`, with states that something before left, or without.
fn read(called: Called, excerpt: Excerpt, carried: bool) -> Stepping {
    let lstm = cells::named("lstm").unwrap().source;
    let state = |name: &str| (name.to_owned(), vec![0.1, -0.2, 0.3, 0.4]);
    let input = InputChoice::Embedded {
        words: vec!["e".into(), "r".into()],
        x: (0..12).map(|k| 0.1 * k as f32 - 0.5).collect(),
        known: vec![],
        before: ReadBefore::default(),
        called,
        excerpt,
    };
    let weights = WeightChoice::Trained {
        weights: trained_weights(lstm),
        output: Some((numbers_of(4 * 3), numbers_of(3))),
        initial: if carried { vec![state("h"), state("c")] } else { vec![] },
    };
    let classes = ["a", "e", "r"].map(String::from).to_vec();
    session(Choice { input, weights, classes, target: 1.0, ..choice(lstm) })
}

fn general(session: &Stepping, kind: PositionKind, timestep: usize) -> String {
    let walk = session.walk();
    let sum = kind == PositionKind::SumOverTime;
    let at = walk.iter().position(|p| p.kind == kind && (sum || p.timestep == timestep)).unwrap();
    session.sentence(at, None)
}

/// What is said of a number where a timestep, or the output, begins.
fn said_of(session: &Stepping, part: Part, timestep: usize, line: Option<usize>, name: &str) -> String {
    let line = line.unwrap_or_else(|| session.recording(part).listing().definition().span.line);
    let address = ValueAddress { pass: Pass::Forward, timestep, line, name: name.into(), index: 0 };
    session.sentence(0, Some((part, &address)))
}

#[test]
fn the_first_piece_of_a_part_is_not_called_the_first_of_the_text() {
    use {Called::*, Excerpt::*};
    let cases = [
        (Word, Whole, false, "It is the first word: h and c are still zero."),
        (Word, Cut, false, "It is the first word that is read: h and c are still zero."),
        (Character, Cut, false, "It is the first character that is read: h and c are still zero."),
        (
            Character,
            Continued { read: 12 },
            true,
            "Before it the cell read the 12 earlier characters of the text: h and c come from there.",
        ),
        (
            Word,
            Continued { read: 1 },
            true,
            "Before it the cell read the earlier word of the text: h and c come from there.",
        ),
        (Character, Answer, true, "It is read first: h and c are what the encoder handed over."),
    ];
    for (called, excerpt, carried, said) in cases {
        let mut session = read(called, excerpt, carried);
        let found = general(&session, PositionKind::ReadWord, 0);
        assert_eq!(found, format!("“e” enters as 6 numbers. {said}"));
        let state = said_of(&session, Part::Cell, 0, None, "h");
        let expected = match excerpt {
            Continued { read: 12 } => {
                "h_before[0] = 0.100 is the state left by the 12 earlier characters of the text before “e”."
            }
            Continued { .. } => {
                "h_before[0] = 0.100 is the state left by the earlier word of the text before “e”."
            }
            Answer => "h_before[0] = 0.100 is what the encoder handed over.",
            Whole | Cut => "h_before[0] is 0: nothing was read before “e”.",
        };
        assert_eq!(state, expected);
        // Once it was set by hand it is nobody's else.
        session.edit(Part::Cell, "h", 0, 0, 0.5).unwrap();
        let state = said_of(&session, Part::Cell, 0, None, "h");
        assert_eq!(state, "h_before[0] was set to 0.500 by hand before “e”.");
        let found = general(&session, PositionKind::ReadWord, 0);
        let by_hand = if carried { "but for what was set by hand." } else { "not zero, but as given." };
        assert!(found.ends_with(by_hand), "{found}");
    }
}

#[test]
fn the_last_piece_of_a_part_is_not_called_the_end() {
    use {Called::*, Excerpt::*};
    for (called, excerpt, whole) in [
        (Word, Whole, true),
        (Word, Cut, false),
        (Character, Continued { read: 4 }, false),
        (Character, Answer, false),
    ] {
        let session = read(called, excerpt, excerpt != Cut);
        let step = if called == Word { "word" } else { "character" };
        let line = session.recording(Part::Output).listing().graph().assigned[0].line;
        let output = said_of(&session, Part::Output, 1, Some(line), "y");
        let opening = if whole {
            "The text is finished. From the last state the"
        } else {
            "From the state after “r” the"
        };
        assert!(output.starts_with(&format!("{opening} output layer gives ")), "{output}");
        let lines = &session.recording(Part::Cell).listing().graph().assigned;
        let line = lines.iter().rev().find(|a| a.name == "h").unwrap().line;
        let state = said_of(&session, Part::Cell, 1, Some(line), "h");
        let after = if whole { step.to_owned() } else { format!("{step} that is read") };
        assert!(state.ends_with(&format!(" after the last {after}; the output layer reads it.")), "{state}");
        let back = general(&session, PositionKind::GradientWalksBack, 1);
        assert!(back.starts_with(&format!("Arriving at “r”, the last {after}: ")), "{back}");
        let sum = general(&session, PositionKind::SumOverTime, 0);
        let used = format!("W was used at all 2 {step}s: d_W is the sum of what each contributes");
        let without = if excerpt == (Continued { read: 4 }) {
            ", without the 4 earlier characters of the text"
        } else {
            ""
        };
        assert_eq!(sum, format!("{used}{without}."));
        let read = session.phases().into_iter().find(|phase| phase.kind == PositionKind::ReadWord).unwrap();
        assert_eq!(read.title, format!("read the {step}"));
    }
}
