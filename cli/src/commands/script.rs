//! `script …`: run a numpy script with a loop over time, and take the step out of it.

use std::path::Path;

use unrolled::listing::Diagnostic;
use unrolled::script::{Given, Hole, Script};
use unrolled::{Error, Result};

use crate::arguments::ScriptCommand;
use crate::{files, print};

/// Runs one of the commands on scripts.
pub fn run(command: &ScriptCommand) -> Result<()> {
    match command {
        ScriptCommand::Check { file } => check(file),
        ScriptCommand::Extract { file } => extract(file),
        ScriptCommand::Fill { file } => print::text(&read(file)?.filled(&[])),
        ScriptCommand::Run { file, out, seed } => run_whole(file, out, *seed),
    }
}

fn check(path: &Path) -> Result<()> {
    let script = read(path)?;
    let holes = script.holes();
    if is_pseudo_code(&holes) {
        return holes.iter().try_for_each(print_hole);
    }
    let run = script.run(0).map_err(|mistake| in_file(path, script.source(), &[mistake]))?;
    let line =
        |title: &str, name: &str, what: &str| print::line(format!("{title:<9} {name:<14} {what}").trim_end());
    for (name, size) in run.sizes() {
        line("size", name, &size.to_string())?;
    }
    let step = run.step().map_err(|mistake| in_file(path, script.source(), std::slice::from_ref(mistake)))?;
    line("timesteps", "", &format!("{} (the loop of line {})", step.timesteps, step.line))?;
    line("input", &step.input.name, &described(&step.input, 1))?;
    for (title, all) in [("state", &step.states), ("weight", &step.weights)] {
        for given in all {
            line(title, &given.name, &described(given, 0))?;
        }
    }
    Ok(())
}

/// Shape, and what it is in the script if that has another name; the first axis of an input is time.
fn described(given: &Given, skipped: usize) -> String {
    let sizes: Vec<String> = given.array.shape()[skipped..].iter().map(ToString::to_string).collect();
    let shape =
        if let [one] = sizes.as_slice() { format!("({one},)") } else { format!("({})", sizes.join(", ")) };
    if given.from == given.name { shape } else { format!("{shape:<12} {}", given.from) }
}

/// Whether several names are left open: of one it is said where it is used.
fn is_pseudo_code(holes: &[Hole]) -> bool {
    holes.len() > 1
}

fn print_hole(hole: &Hole) -> Result<()> {
    print::line(&format!("open      {:<14} line {}: {}", hole.name, hole.line, hole.needs))?;
    for choice in &hole.choices {
        let place = choice.replaces.map_or(String::new(), |line| format!("in place of line {line}: "));
        for (k, line) in choice.text.lines().enumerate() {
            print::line(&format!(
                "{}{}{line}",
                " ".repeat(if k == 0 { 10 } else { 12 }),
                if k == 0 { &place } else { "" }
            ))?;
        }
    }
    Ok(())
}

/// A script that can run.
fn read_whole(path: &Path) -> Result<Script> {
    let script = read(path)?;
    let holes = script.holes();
    if !is_pseudo_code(&holes) {
        return Ok(script);
    }
    let names: Vec<&str> = holes.iter().map(|hole| hole.name.as_str()).collect();
    let problem = format!(
        "this is pseudo-code, which leaves {} open; `unrolled script fill` writes a script from it that runs",
        names.join(", ")
    );
    Err(Error::format(files::name(path), problem))
}

fn extract(path: &Path) -> Result<()> {
    let script = read_whole(path)?;
    let run = script.run(0).map_err(|mistake| in_file(path, script.source(), &[mistake]))?;
    let step = run.step().map_err(|mistake| in_file(path, script.source(), std::slice::from_ref(mistake)))?;
    print::line(step.text.trim_end())
}

fn run_whole(path: &Path, out: &Path, seed: u32) -> Result<()> {
    if out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npz")) {
        let problem = "the arrays of a script are written as safetensors; give the file that ending";
        return Err(Error::format(files::name(out), problem));
    }
    let script = read_whole(path)?;
    let run = script.run(seed).map_err(|mistake| in_file(path, script.source(), &[mistake]))?;
    files::write(out, &run.to_bytes()?)?;
    if run.draws_unseeded {
        eprintln!(
            "The script draws numbers that it does not seed; they are numpy's for np.random.seed({seed})."
        );
    }
    if run.draws_pictures {
        eprintln!(
            "Its pictures are left out: nothing is drawn here; the arrays behind them are in the output."
        );
    }
    print::text(&run.printed)
}

fn read(path: &Path) -> Result<Script> {
    let text = files::read_text(path)?;
    Script::parse(&text).map_err(|mistakes| in_file(path, &text, &mistakes))
}

/// The first mistake in a script, below its line with carets at the place.
fn in_file(path: &Path, source: &str, mistakes: &[Diagnostic]) -> Error {
    let Some(first) = mistakes.first() else { return Error::format(files::name(path), "it cannot be read") };
    let rendered = first.render(source);
    if let Some((_, place)) = rendered.split_once('\n') {
        eprintln!("{place}");
    }
    Error::format(files::name(path), first.to_string())
}
