//! What draws pictures, which is left out: modules, figures and axes by their paths.

/// Modules that draw.
const DRAWS: [&str; 4] = ["matplotlib", "seaborn", "pylab", "IPython"];

/// Whether what has this path belongs to what draws.
pub(super) fn is_drawing(path: &str) -> bool {
    DRAWS.contains(&path.split('.').next().unwrap_or_default())
}

/// How many axes stand in rows: `matplotlib.axes[2,3]` are 2 rows of 3.
pub(super) fn sizes(path: &str) -> Vec<i64> {
    let sizes = path.rsplit_once('[').and_then(|(_, sizes)| sizes.strip_suffix(']')).unwrap_or_default();
    sizes.split(',').filter_map(|size| size.parse().ok()).collect()
}

/// The path of axes in rows.
pub(super) fn path_of(sizes: &[i64]) -> String {
    let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    let sizes = if sizes.is_empty() { String::new() } else { format!("[{}]", sizes.join(",")) };
    format!("matplotlib.axes{sizes}")
}
