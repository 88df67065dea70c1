//! What scripts import beside numpy: clocks, loggers, progress bars, drawings. None of it changes a number.

use std::rc::Rc;

use super::super::array::{Fault, Kind, Outcome};
use super::super::drawings;
use super::super::show;
use super::super::value::Value;
use super::super::world::World;
use super::Arguments;

/// The modules that can be imported. Others are not there.
const MODULES: [&str; 28] = [
    "numpy",
    "math",
    "__future__",
    "typing",
    "time",
    "abc",
    "dataclasses",
    "collections",
    "copy",
    "random",
    "sys",
    "os",
    "warnings",
    "functools",
    "itertools",
    "scipy",
    "types",
    "numbers",
    "logging",
    "tqdm",
    "matplotlib",
    "seaborn",
    "pylab",
    "IPython",
    "string",
    "operator",
    "enum",
    "gc",
];

/// Whether a script can import a module.
pub(in crate::script) fn is_module(name: &str) -> bool {
    MODULES.contains(&name)
}

/// What to say of a module that is not there.
pub(in crate::script) fn no_module(name: &str) -> String {
    if name == "argparse" {
        return "`argparse` reads a command line, which a script here has not: write the values down, \
                from types import SimpleNamespace, then args = SimpleNamespace(hidden=64)"
            .to_owned();
    }
    format!("`{name}` is not there: scripts run with numpy alone, so remove this line and what needs it")
}

/// `value.name` of these modules.
pub(super) fn attribute(path: &str, name: &str) -> Option<Value> {
    if drawings::is_drawing(path) {
        let sizes = drawings::sizes(path);
        if matches!(name, "flat" | "ravel" | "flatten") && !sizes.is_empty() {
            return Some(Value::drawing(&[sizes.iter().product()]));
        }
        return Some(Value::Library(Rc::from(format!("{}.{name}", path.split('[').next().unwrap_or(path)))));
    }
    Some(match (path, name) {
        ("sys", "argv") => Value::list(vec![Value::text("script.py")]),
        ("sys", "maxsize") => Value::Int(i64::MAX),
        ("sys.float_info", "epsilon") | ("numpy.finfo.float64", "eps") => Value::Float(f64::EPSILON),
        ("sys.float_info", "max") | ("numpy.finfo.float64", "max") => Value::Float(f64::MAX),
        ("numpy.finfo.float64", "min") => Value::Float(f64::MIN),
        ("numpy.finfo.float64", "tiny" | "smallest_normal") => Value::Float(f64::MIN_POSITIVE),
        ("numpy.finfo.float32", "eps") => single(f32::EPSILON)?,
        ("numpy.finfo.float32", "max") => single(f32::MAX)?,
        ("numpy.finfo.float32", "min") => single(f32::MIN)?,
        ("string", "ascii_lowercase") => Value::text("abcdefghijklmnopqrstuvwxyz"),
        ("string", "ascii_uppercase") => Value::text("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("string", "digits") => Value::text("0123456789"),
        ("string", "punctuation") => Value::text("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        (_, "__name__") => Value::text(path.rsplit('.').next().unwrap_or(path)),
        ("numpy", "__version__") => Value::text("2.2.0"),
        _ => return None,
    })
}

fn single(value: f32) -> Option<Value> {
    super::super::array::Array::number(Kind::Single, f64::from(value)).ok().map(Value::Array)
}

/// Calls a function of these modules; nothing for all others.
pub(super) fn call(world: &mut World, path: &str, given: &mut Arguments) -> Outcome<Option<Value>> {
    let (module, name) =
        (path.split('.').next().unwrap_or_default(), path.rsplit('.').next().unwrap_or(path));
    if drawings::is_drawing(path) {
        world.draws_pictures = true;
        return drawn(path, name, given).map(Some);
    }
    Ok(Some(match (module, name) {
        ("time", "sleep") | ("warnings" | "gc", _) => {
            given.ignore();
            Value::None
        }
        ("time", "time" | "perf_counter" | "monotonic" | "process_time" | "time_ns") => {
            // A clock that goes on, and is the same in every run.
            world.clock += 0.001;
            Value::Float(world.clock)
        }
        ("logging", "getLogger") => {
            given.ignore();
            Value::Library("logging.logger".into())
        }
        ("logging", _) => {
            let is_output = |value: &Value| matches!(value, Value::Library(path) if &**path == "sys.stdout");
            if given.rest().iter().any(is_output)
                || given.named("stream").is_some_and(|stream| is_output(&stream))
            {
                return Err(Fault::new(
                    "a logger that writes to standard output is not read here; use print",
                ));
            }
            given.ignore();
            Value::None
        }
        ("tqdm", "trange") => {
            let bounds = given.rest();
            given.ignore();
            let mut bounds = Arguments::new("range", bounds, vec![]);
            return super::python::call(world, "range", &mut bounds);
        }
        ("tqdm", "write") => {
            let text = show::text(&given.need(0, "s")?) + "\n";
            world.print(&text)?;
            Value::None
        }
        ("tqdm", _) => {
            let over = given.need(0, "iterable")?;
            given.ignore();
            over
        }
        ("sys", "write") if path == "sys.stdout.write" => {
            let text = show::text(&given.need(0, "text")?);
            world.print(&text)?;
            Value::Int(text.chars().count() as i64)
        }
        ("sys", "flush" | "write" | "append" | "insert" | "setrecursionlimit") => {
            given.ignore();
            Value::None
        }
        ("os", "get" | "getenv") => {
            given.take(0, "key");
            given.take(1, "default").unwrap_or(Value::None)
        }
        ("random", "seed") => {
            given.ignore();
            Value::None
        }
        ("random", _) => {
            return Err(Fault::new(format!(
                "`{path}` draws numbers of Python's own, which are not known here; draw with np.random, as in \
                 np.random.rand() or np.random.randint(10)"
            )));
        }
        ("os" | "IPython" | "sys", _) => {
            return Err(Fault::new(format!(
                "`{path}` reaches outside of the script, which is not possible here; remove this line"
            )));
        }
        ("numpy", "save" | "savez" | "savez_compressed" | "savetxt" | "tofile") => {
            return Err(Fault::new(
                "a script writes no files here; remove this line: every array can be written when the script has run",
            ));
        }
        ("numpy", "load" | "loadtxt" | "genfromtxt" | "fromfile") => {
            return Err(Fault::new(
                "a script reads no files here; write the numbers down, as in data = np.array([0.5, 1.0])",
            ));
        }
        ("numpy", "finfo") => {
            let kind = super::kind_of(&given.need(0, "dtype")?)?.unwrap_or(Kind::Float);
            Value::Library(Rc::from(format!("numpy.finfo.{}", kind.name())))
        }
        ("numpy", name) if path.starts_with("numpy.testing.") => {
            return asserted(name, given).map(Some);
        }
        _ => return Ok(None),
    }))
}

/// What a call of a drawing function gives: nothing is drawn.
fn drawn(path: &str, name: &str, given: &mut Arguments) -> Outcome<Value> {
    if matches!(name, "flat" | "ravel" | "flatten") {
        return Ok(Value::Library(Rc::from(path.strip_suffix(&format!(".{name}")).unwrap_or(path))));
    }
    let made = if name == "subplots" {
        let size = |value: Option<Value>| value.map_or(Ok(1), |value| value.integer());
        let sizes = [size(given.take(0, "nrows"))?, size(given.take(1, "ncols"))?];
        let sizes: Vec<i64> = sizes.into_iter().filter(|size| *size != 1).collect();
        Value::tuple(vec![Value::Library("matplotlib.figure".into()), Value::drawing(&sizes)])
    } else {
        Value::Library(Rc::from(path.split('[').next().unwrap_or(path)))
    };
    given.ignore();
    Ok(made)
}

/// `np.testing.assert_allclose(a, b)` and its kin.
fn asserted(name: &str, given: &mut Arguments) -> Outcome<Value> {
    let (a, b) = (given.need(0, "actual")?, given.need(1, "desired")?);
    let mut options = vec![("rtol".to_owned(), Value::Float(1e-7)), ("atol".to_owned(), Value::Float(0.0))];
    match name {
        "assert_allclose" => {
            for (option, value) in &mut options {
                *value = given.named(option).unwrap_or(value.clone());
            }
        }
        "assert_array_equal" | "assert_equal" => options[0].1 = Value::Float(0.0),
        _ => {
            let decimals = given.take(2, "decimal").map_or(Ok(6), |value| value.integer())?.clamp(0, 300);
            options[0].1 = Value::Float(0.0);
            options[1].1 = Value::Float(1.5 * libm::pow(10.0, -(decimals as f64)));
        }
    }
    given.ignore();
    let mut close = Arguments::new("allclose", vec![a, b], options);
    match super::functions::call("allclose", &mut close)?.map(|close| close.truth()) {
        Some(Ok(true)) => Ok(Value::None),
        _ => Err(Fault::new("what is asserted here does not hold")),
    }
}
