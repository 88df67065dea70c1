//! Progress on standard error, where a person looks at it.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar for `length` pieces of work; nothing is drawn when standard error is no terminal.
pub fn bar(length: u64, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    // The template is constant and valid; should it ever not be, indicatif's own style serves.
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what.to_owned());
    bar
}
