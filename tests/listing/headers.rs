//! What stands above every cell: the same things in the same order.

use std::path::Path;
use unrolled::listing::cells;

/// One line that begins like this.
fn line<'a>(above: &[&'a str], cell: &str, beginning: &str) -> &'a str {
    let mut found = above.iter().filter_map(|line| line.strip_prefix(beginning));
    let line = found.next().unwrap_or_else(|| panic!("{cell}: no comment begins with `{beginning}`"));
    assert!(found.next().is_none(), "{cell}: two comments begin with `{beginning}`");
    assert!(line.ends_with('.'), "{cell}: `{line}` is no sentence");
    line
}

#[test]
fn every_header_says_what_it_is_its_paper_what_changed_and_what_it_learns() {
    for cell in cells::all() {
        let name = cell.name;
        let above: Vec<&str> =
            cell.source.lines().take_while(|line| !line.starts_with("def ")).collect::<Vec<_>>();
        assert!(above.iter().all(|line| line.starts_with("# ") && line.len() <= 125), "{name}: {above:#?}");
        let said = |beginning: &str| line(&above, name, beginning);
        let paper = said("# Paper: ");
        assert!(paper.contains(&cell.year.to_string()), "{name}: the menu says {}, {paper}", cell.year);
        assert!(said("# Change: ").starts_with("against "), "{name}");
        let adding = said("# Adding problem: ");
        let (learned, figure) = match adding.strip_prefix("learned, error ") {
            Some(rest) => (true, rest),
            None => (false, adding.strip_prefix("not learned, error ").unwrap_or_else(|| panic!("{name}"))),
        };
        let (error, rest) = figure.split_once(" after 1500 updates").unwrap_or_else(|| panic!("{name}"));
        // 0.167 is the error of what forgets all it has read.
        assert_eq!(learned, error.parse::<f32>().unwrap() < 0.05, "{name}: {adding}");
        assert_eq!(learned, rest == ".", "{name}: why is it not learned? {adding}");
        let order = ["# Paper: ", "# Change: ", "# Adding problem: "];
        let places = order.map(|start| above.iter().position(|line| line.starts_with(start)).unwrap());
        assert!(places[0] > 0 && places.windows(2).all(|pair| pair[1] == pair[0] + 1), "{name}: {above:#?}");
    }
}

#[test]
fn the_folder_holds_the_menu_in_the_order_of_years_and_a_golden_sequence_for_each() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = |folder: &str, extension: &str| {
        let files = std::fs::read_dir(root.join(folder)).unwrap().map(|file| file.unwrap().path());
        let of = files.filter(|path| path.extension().is_some_and(|found| found == extension));
        let mut names: Vec<String> =
            of.map(|path| path.file_stem().unwrap().to_string_lossy().into()).collect();
        names.sort();
        names
    };
    let mut known: Vec<&str> = cells::all().iter().map(|cell| cell.name).collect();
    known.sort_unstable();
    assert_eq!(names("cells", "py"), known);
    assert_eq!(names("tests/golden/cells", "safetensors"), known);
    assert!(cells::all()[..3].iter().all(|cell| cell.keras.is_some()));
    assert!(cells::all()[3..].is_sorted_by_key(|cell| cell.year));
}
