//! A script as a Jupyter notebook: `nbformat` 4.5.

use serde_json::{Value, json};

use super::Section;
use crate::experiment::Experiment;

pub(super) fn write(experiment: &Experiment, sections: &[Section]) -> String {
    let mut cells = vec![markdown(0, &format!("# {}\n\n{}", experiment.title, experiment.about))];
    for section in sections {
        let text = section.text.replace('\n', " ");
        cells.push(markdown(cells.len(), &format!("## {}\n\n{text}", section.title)));
        cells.push(json!({
            "cell_type": "code", "execution_count": null, "id": id(cells.len()), "metadata": {}, "outputs": [],
            "source": lines(section.code.trim()),
        }));
    }
    let kernel = json!({ "display_name": "Python 3", "language": "python", "name": "python3" });
    let notebook = json!({
        "cells": cells,
        "metadata": { "kernelspec": kernel, "language_info": { "name": "python" } },
        "nbformat": 4,
        "nbformat_minor": 5,
    });
    format!("{notebook:#}\n")
}

fn markdown(index: usize, text: &str) -> Value {
    json!({ "cell_type": "markdown", "id": id(index), "metadata": {}, "source": lines(text) })
}

fn id(index: usize) -> String {
    format!("cell-{index}")
}

/// Lines with their ends, as the format has them.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}
