//! The table of `docs/EXPERIMENTS.md` says what the documents say.

use unrolled::experiment::{Experiment, Measured, PRESETS};

/// A figure as the table shows it: the accuracy, else the loss, else the bits for a character.
fn figure(accuracy: Option<f64>, loss: Option<f64>, bits: Option<f64>) -> Option<String> {
    let percent = accuracy.map(|share| format!("{:.1} %", 100.0 * share));
    let bits = bits.map(|bits| format!("{bits:.2} bits/character"));
    percent.or(bits).or_else(|| loss.map(|loss| format!("loss {loss:.4}")))
}

/// What was measured and after how many epochs.
fn measured(entry: Option<&Measured>) -> String {
    let Some(entry) = entry else { return "–".to_owned() };
    let found = figure(entry.accuracy, entry.loss, entry.bits_per_character);
    let epochs = entry.epochs.map_or(String::new(), |epochs| match epochs {
        1 => " after 1 epoch".to_owned(),
        epochs => format!(" after {epochs} epochs"),
    });
    found.map_or("–".to_owned(), |found| format!("{found}{epochs}"))
}

/// How the data are cut: `imdb, num_words 5000, maxlen 500`.
fn cut(experiment: &Experiment) -> String {
    let document = experiment.to_json();
    let mut parts = vec![experiment.data.set.clone()];
    for key in ["num_words", "maxlen", "below", "timesteps"] {
        if let Some(number) = document["data"]["reading"].get(key).and_then(serde_json::Value::as_u64) {
            parts.push(format!("{key} {number}"));
        }
    }
    parts.join(", ")
}

/// The row of an experiment of a tutorial, or of one for a class.
fn row(name: &str, experiment: &Experiment) -> String {
    let printed = experiment.printed.clone().unwrap_or_default();
    let printed = figure(printed.accuracy, printed.loss, None).unwrap_or("–".to_owned());
    let ours = experiment.measured.iter().find(|entry| entry.by.is_none());
    let keras = experiment.measured.iter().find(|entry| entry.by.is_some());
    let tutorial = experiment.tutorial.as_deref().unwrap_or("–");
    let seconds = experiment.seconds_in_page().map_or("–".to_owned(), |seconds| {
        let digits = usize::from(seconds < 10.0);
        format!("{seconds:.digits$}")
    });
    let (keras, ours, cut) = (measured(keras), measured(ours), cut(experiment));
    format!("| {tutorial} | `{name}` | {cut} | {printed} | {keras} | {ours} | {seconds} |\n")
}

#[test]
fn the_table_of_the_experiments_says_what_the_documents_say() {
    let written = include_str!("../../docs/EXPERIMENTS.md");
    let mut missing = String::new();
    for preset in PRESETS {
        let experiment = Experiment::from_json(preset.document).unwrap();
        let generated = experiment.data.set == "task" || preset.name.starts_with("demo-");
        if generated {
            continue;
        }
        let row = row(preset.name, &experiment);
        if !written.contains(&row) {
            missing += &row;
        }
    }
    assert_eq!(missing, "", "rows that docs/EXPERIMENTS.md does not have");
}

#[test]
fn the_course_of_a_run_ends_at_its_result() {
    let mut seen = 0;
    for preset in PRESETS {
        let experiment = Experiment::from_json(preset.document).unwrap();
        let Some(course) = experiment.course() else { continue };
        let ours = experiment.measured.iter().find(|entry| entry.by.is_none()).unwrap();
        let last = course.points.last().unwrap();
        let (quantity, result) = match ours.accuracy {
            Some(accuracy) => ("accuracy", accuracy),
            None => ("bits per character", ours.bits_per_character.unwrap()),
        };
        assert_eq!(course.quantity, quantity, "{}", preset.name);
        assert!((last.value - result).abs() < 6e-3, "{}: {} is not {result}", preset.name, last.value);
        assert_eq!(Some(last.epoch as usize), ours.epochs, "{}", preset.name);
        assert!((last.seconds - ours.seconds_in_page.unwrap()).abs() < 1e-9, "{}", preset.name);
        assert!(course.points.is_sorted_by(|a, b| a.seconds < b.seconds), "{}", preset.name);
        seen += 1;
    }
    assert!(seen >= 8, "only {seen} runs have a course");
}
