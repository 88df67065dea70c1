//! A script that is stepped through stops where Python stops, and every name has numpy's values there.

use serde_json::{Value, json};
use unrolled::script::{Event, Kept, Script, Walk};

use crate::against_python::{python, scripts};

/// So many positions of a script are compared.
const MOST: usize = 700;
/// float64 that is computed in the same way but with another tanh and other orders of sums.
const TOLERANCE: f64 = 1e-11;

fn walk(name: &str, source: &str) -> Walk {
    let script =
        Script::parse(source).unwrap_or_else(|mistakes| panic!("{name}: {}", mistakes[0].render(source)));
    script
        .walk_within(0, 1_000_000_000)
        .unwrap_or_else(|mistake| panic!("{name}: {}", mistake.render(source)))
}

fn event(event: &Event) -> &'static str {
    match event {
        Event::Statement => "statement",
        Event::Turn => "turn",
        Event::End(_) => "end",
        Event::Test(_) => "test",
        Event::Call(_) => "call",
        Event::Return => "return",
    }
}

/// What differs from numpy in a value.
fn difference(walk: &Walk, kept: &Kept, numpy: &Value) -> Option<String> {
    if let Some(length) = numpy["length"].as_u64() {
        return match kept {
            Kept::List { count, .. } => {
                (*count as u64 != length).then(|| format!("{count} entries, not {length}"))
            }
            // Longer ones are only counted.
            Kept::Other(text) => (!text.contains("entries") && length > 0).then(|| text.clone()),
            other => Some(format!("{other:?}")),
        };
    }
    let hex = numpy["hex"].as_str()?;
    let Kept::Array(array) = kept else { return Some(format!("{kept:?}")) };
    let ours = walk.numbers(*array)?;
    let sizes = numpy["shape"].as_array()?.iter().map(|size| size.as_u64().unwrap() as usize);
    if sizes.collect::<Vec<_>>() != ours.shape {
        return Some(format!("shape {:?}, numpy's {}", ours.shape, numpy["shape"]));
    }
    let byte = |k: usize| u8::from_str_radix(&hex[2 * k..2 * k + 2], 16).unwrap();
    ours.numbers.iter().enumerate().find_map(|(k, ours)| {
        let theirs = f64::from_le_bytes(std::array::from_fn(|b| byte(8 * k + b)));
        let is_close = (ours - theirs).abs() <= TOLERANCE * theirs.abs().max(1.0);
        let single = (*ours - theirs).abs() <= 1e-6 && f64::from(*ours as f32) == *ours;
        (!is_close && !single && !theirs.is_nan()).then(|| format!("number {k}: {ours}, numpy's {theirs}"))
    })
}

#[test]
fn every_position_is_pythons_and_has_numpys_values() {
    let scripts = scripts();
    let walks: Vec<Walk> = scripts.iter().map(|(name, source)| walk(name, source)).collect();
    let names = |walk: &Walk| {
        let of = |position: &unrolled::script::Position| {
            position.gives.iter().map(|one| one.name.clone()).collect::<Vec<_>>()
        };
        walk.positions().iter().take(MOST).map(of).collect::<Vec<_>>()
    };
    let jobs =
        scripts.iter().zip(&walks).map(|((_, source), walk)| json!({"source": source, "names": names(walk)}));
    let theirs = python(include_str!("positions.py"), &jobs.collect());
    let mut compared = 0;
    for (((name, _), walk), theirs) in scripts.iter().zip(&walks).zip(&theirs) {
        let theirs = theirs.as_array().unwrap();
        if walk.left_out(0).is_none() {
            assert_eq!(walk.positions().len(), theirs.len(), "{name}: how many positions");
        }
        for (k, (ours, theirs)) in walk.positions().iter().zip(theirs).enumerate().take(MOST) {
            let line = theirs[0].as_u64().unwrap() as usize;
            assert_eq!(event(&ours.event), theirs[1], "{name}, position {k}, line {}", ours.line);
            assert!(
                ours.line == line || line == 0,
                "{name}, position {k}: line {}, Python's {line}",
                ours.line
            );
            for one in &ours.gives {
                let problem = difference(walk, &one.kept, &theirs[2][&one.name]);
                assert!(problem.is_none(), "{name}, line {line}, {}: {}", one.name, problem.unwrap());
                compared += usize::from(theirs[2][&one.name].is_object());
            }
        }
    }
    assert!(compared > 1000, "{compared} values were compared");
}

fn tutorial() -> Walk {
    let (name, source) = scripts().into_iter().find(|(name, _)| name == "tutorial_003").unwrap();
    walk(&name, &source)
}

#[test]
fn the_list_of_outputs_grows_by_one_entry_a_timestep() {
    let walk = tutorial();
    let mut lengths = Vec::new();
    for (at, position) in walk.positions().iter().enumerate() {
        for one in position.gives.iter().filter(|one| one.name == "successive_outputs") {
            let entries = walk.entries(&one.kept);
            for entry in entries {
                let Kept::Array(array) = entry.value else { panic!("{entry:?}") };
                assert_eq!(walk.numbers(array).unwrap().shape, [64]);
            }
            lengths.push((walk.timestep(at), entries.len()));
        }
    }
    let wanted = (0..100).map(|t| (Some(t), t + 1));
    assert_eq!(lengths, std::iter::once((None, 0)).chain(wanted).collect::<Vec<_>>());
}

#[test]
fn the_last_expression_is_shown_and_its_shape_can_be_asked_about() {
    let walk = tutorial();
    let last = walk.positions().len() - 1;
    let (at, text) = *walk.printed(last).last().unwrap();
    assert_eq!((at, text), (last, "(6400,)\n"));
    assert!(walk.printed(last - 1).is_empty());
    let question = walk.question(last).unwrap();
    assert_eq!(question.asked, "Why (6400,) and not (100, 64)?");
    for words in
        ["100 vectors of shape (64,)", "100 · 64 = 6400", "np.stack(successive_outputs)", "(100, 64)"]
    {
        assert!(question.answer.contains(words), "{words}: {}", question.answer);
    }
    assert_eq!(walk.question(last - 1), Some(question), "the line that joins them can be asked too");
    assert_eq!(walk.sentence(last, 0), "Line 22 shows (6400,).");
}

/// What is joined, the shape of the result, and whether it can be asked why it has not one axis more.
const JOINED: [(&str, &str, bool); 7] = [
    ("np.concatenate([np.ones(3), np.ones(3)])", "(6,)", true),
    ("np.concatenate((np.ones((3, 2)), np.ones((3, 2))), axis=-2)", "(6, 2)", true),
    ("np.concatenate([np.ones(3)], 0)", "(3,)", true),
    ("np.concatenate([np.ones(3), np.ones(2)])", "(5,)", false),
    ("np.concatenate([np.ones((3, 2)), np.ones((3, 2))], axis=1)", "(3, 4)", false),
    ("np.stack([np.ones(3), np.ones(3)])", "(2, 3)", false),
    ("np.concatenate([np.ones(3), np.ones(3)]) + 1", "(6,)", true),
];

#[test]
fn a_question_is_asked_where_arrays_of_one_shape_are_joined_on_axis_0() {
    let stacked = |expression: &str| {
        let inside = expression.replace("concatenate", "stack").replace(", axis=-2", "").replace(" + 1", "");
        format!("import numpy as np\n{inside}.shape\n")
    };
    for (expression, shape, asked) in JOINED {
        for text in [
            format!("import numpy as np\na = {expression}\nprint('shape', a.shape)\n"),
            format!("import numpy as np\n({expression}).shape\n"),
        ] {
            let walk = walk(expression, &text);
            let last = walk.positions().len() - 1;
            assert!(walk.printed(last).last().unwrap().1.contains(shape), "{expression}");
            let question = walk.question(last);
            assert_eq!(question.is_some(), asked, "{expression}");
            let Some(question) = question else { continue };
            // What it would have been is what numpy gives for np.stack; here computed by the script.
            let other = self::walk(expression, &stacked(expression));
            let would = other.printed(other.positions().len() - 1)[0].1.trim().to_owned();
            assert_eq!(question.asked, format!("Why {shape} and not {would}?"));
            assert!(question.answer.contains(&would), "{}", question.answer);
        }
    }
}

#[test]
fn what_does_not_fit_is_said_and_what_stands_behind_the_loop_is_kept() {
    let text = "import numpy as np\nh = np.zeros(4)\nfor t in range(30000):\n    h = h + 1\nprint(h)\n";
    let walk = walk("long", text);
    let last = walk.positions().len() - 1;
    assert_eq!(walk.sentence(last, 0), "Line 5 shows [30000. 30000. 30000. 30000.].");
    assert!(walk.left_out(0).unwrap().contains("line 3"));
    assert!(last < 25_000);
    let printed: String = walk.printed(last).iter().map(|(_, text)| *text).collect();
    assert_eq!(printed, walk.run().printed);
}

#[test]
fn entries_that_are_changed_in_place_change_in_the_list() {
    let text = "import numpy as np\nh = np.zeros(2)\nhs = [h]\nh += 1\nhs.append(h)\n";
    let walk = walk("in place", text);
    let in_place = &walk.positions()[3];
    let hs = in_place.gives.iter().find(|one| one.name == "hs").unwrap();
    let Kept::Array(array) = walk.entries(&hs.kept)[0].value else { panic!("{hs:?}") };
    assert_eq!(walk.numbers(array).unwrap().numbers, [1.0, 1.0]);
    let before = &walk.positions()[2].gives[0];
    let Kept::Array(array) = walk.entries(&before.kept)[0].value else { panic!("{before:?}") };
    assert_eq!(walk.numbers(array).unwrap().numbers, [0.0, 0.0]);
}
