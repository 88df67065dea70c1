//! The sections of a script in their order.

use super::{Form, Section, data, has_dropout};
use crate::Result;
use crate::experiment::Experiment;
use crate::experiment::keras_code::write::Parts;
use crate::model::Sequential;

pub(super) fn all(experiment: &Experiment, name: &str, form: Form, parts: &Parts) -> Result<Vec<Section>> {
    let (text, code) = data::section(experiment)?;
    let mut sections = vec![
        preparation(experiment, name, form, &parts.imports),
        Section { title: "Data", text, code },
        model(experiment, parts)?,
        training(experiment, form)?,
    ];
    sections.extend(rest(experiment, form, parts));
    Ok(sections)
}

fn preparation(experiment: &Experiment, name: &str, form: Form, imports: &str) -> Section {
    let batch = experiment.fit.batch_size;
    let mut text = format!(
        "Needed: pip install keras jax numpy, and beside this file {name}-run.npz: the samples, the first weights,\n\
         the order in which the run takes the samples, and its first losses."
    );
    let mut code = format!(
        "import os\nimport pathlib\nimport sys\n\nos.environ.setdefault(\"KERAS_BACKEND\", \"jax\")\n\n\
         {imports}\nimport numpy as np\n\n\
         FOLDER = pathlib.Path(globals().get(\"__file__\", \".\")).parent\n\
         BATCH = {batch}\n\
         run = dict(np.load(FOLDER / \"{name}-run.npz\"))\n"
    );
    if form.devices {
        text.push_str(DEVICES_TEXT);
        code.push_str(DEVICES);
    }
    Section { title: "Preparation", text, code }
}

const DEVICES_TEXT: &str = "
Every batch is shared by all devices of this machine. Two devices of a CPU are simulated by setting
XLA_FLAGS=--xla_force_host_platform_device_count=2 before Python starts. With several machines each of them calls
keras.distribution.initialize(job_addresses, num_processes, process_id) before anything else.";

const DEVICES: &str = "
devices = keras.distribution.list_devices()
keras.distribution.set_distribution(keras.distribution.DataParallel(devices=devices))
print(len(devices), \"devices\")
if BATCH % len(devices):
    sys.exit(f\"A batch of {BATCH} samples cannot be shared evenly by {len(devices)} devices.\")
";

fn model(experiment: &Experiment, parts: &Parts) -> Result<Section> {
    let model = Sequential::with_zero_weights(&experiment.model.to_string())?;
    let names: String =
        model.parameters.specs().iter().map(|spec| format!("    \"{}\",\n", spec.name)).collect();
    let code = format!(
        "{}\n{}\n\nNAMES = [\n{names}]\n\
         weights = [v for v in model.weights if v.name != \"rnn_state\"]\n\
         for variable, name in zip(weights, NAMES, strict=True):\n\
         \x20   variable.assign(run[\"weights/\" + name])\n\
         model.summary()\n",
        parts.model, parts.compile
    );
    Ok(Section { title: "Model", text: "The weights are those that the run starts with.".into(), code })
}

fn training(experiment: &Experiment, form: Form) -> Result<Section> {
    let mut text = String::from(
        "The batches are those of the run. Its first losses, each before the update of the weights, stand in the last\n\
         column.",
    );
    if has_dropout(&experiment.model) {
        text.push_str("\nDropout draws other numbers in Keras, so that the losses agree only roughly.");
    }
    let model = Sequential::with_zero_weights(&experiment.model.to_string())?;
    if model.is_stateful() {
        text.push_str(
            "\nKeras 3.15 with JAX does not carry states from batch to batch: only the first loss agrees.",
        );
    }
    let class_weight = match experiment.fit.class_weight.is_empty() {
        true => String::new(),
        false => {
            let entries =
                experiment.fit.class_weight.iter().map(|(class, weight)| format!("{class}: {weight:?}"));
            format!(", class_weight={{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    };
    let (mut shared, mut judged) = ("", "x_test, y_test");
    if form.devices {
        text.push_str("\nSamples of the last batch that the devices cannot share evenly are left out.");
        shared = "    rows = rows[: len(rows) // len(devices) * len(devices)]\n";
        judged = "x_test[:judged], y_test[:judged]";
    }
    let judged_line = match form.devices {
        true => "judged = len(x_test) // BATCH * BATCH\n",
        false => "",
    };
    let shared_in_loop = shared.replace("    rows", "        rows");
    let (reset, forget) = match model.is_stateful() {
        true => (FORGET, "    forget()\n"),
        false => ("", ""),
    };
    let stop = match form.notebook {
        true => "STEPS = None  # a number ends the run after so many updates\n",
        false => "STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else None  # a number ends the run early\n",
    };
    let code = format!(
        "{reset}{stop}{judged_line}losses = []\n\
         for epoch, order in enumerate(run[\"order\"]):\n\
         \x20   for start in range(0, len(order), BATCH):\n\
         \x20       rows = order[start : start + BATCH]\n\
         {shared_in_loop}\
         \x20       if len(rows) == 0 or len(losses) == STEPS:\n\
         \x20           continue\n\
         \x20       model.reset_metrics()\n\
         \x20       logs = model.train_on_batch(x_train[rows], y_train[rows], return_dict=True{class_weight})\n\
         \x20       losses.append(float(logs[\"loss\"]))\n\
         \x20       if len(losses) <= len(run[\"losses\"]):\n\
         \x20           print(f\"update {{len(losses):2}}: {{losses[-1]:.7f}} \
         {{run['losses'][len(losses) - 1]:.7f}}\")\n\
         \x20   if len(losses) == STEPS:\n\
         \x20       break\n\
         {forget}\
         \x20   scores = model.evaluate({judged}, batch_size=BATCH, verbose=0, return_dict=True)\n\
         {forget}\
         \x20   print(f\"epoch {{epoch + 1}}:\", scores)\n\
         first = run[\"losses\"][: len(losses)]\n\
         print(\"largest difference:\", np.abs(losses[: len(first)] - first).max())\n"
    );
    Ok(Section { title: "Training", text, code })
}

/// What a model with stateful layers needs besides. Keras 3 (seen in 3.15.1) leaves the states out of the variables
/// that its trainer for JAX hands from one batch to the next, so that every batch would begin with zeros.
const FORGET: &str =
    "# Keras' trainer for JAX hands on what a layer counts among its variables; the states belong to them.
for layer in model._flatten_layers():
    for state in keras.tree.flatten(getattr(layer, \"states\", None) or []):
        layer._tracker.unlock()
        layer._track_variable(state)
        layer._tracker.lock()


def forget():
    \"\"\"Begins the text anew.\"\"\"
    for layer in model._flatten_layers():
        if hasattr(layer, \"reset_state\"):
            layer.reset_state()


";

/// How one goes on as usual.
fn rest(experiment: &Experiment, form: Form, parts: &Parts) -> Option<Section> {
    let mut arguments = vec!["x_train".to_owned(), "y_train".to_owned()];
    arguments.extend(parts.fit.iter().filter(|argument| !argument.starts_with("validation")).cloned());
    if form.devices {
        return None;
    }
    arguments.push("validation_data=(x_test, y_test)".into());
    let fit = super::super::python::call("model.fit", &arguments, 0);
    let code: String = fit.lines().map(|line| format!("# {line}\n")).collect();
    let epochs = experiment.fit.epochs;
    let text = format!("Training as usual, in an order of Keras' own; the run has {epochs} epochs.");
    Some(Section { title: "Without the order of the run", text, code })
}
