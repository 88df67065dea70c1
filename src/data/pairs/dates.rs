//! Days of the Gregorian calendar, as people write them and as ISO 8601 does.

use crate::rng::Stream;

/// The characters of all ways of writing a day.
pub(super) const CHARACTERS: &str = " ,./0123456789ADFJMNOSabceghilmnoprstuvy";
/// Characters of the longest one: "September 30, 2021".
pub(super) const LONGEST: usize = 18;

/// Years: with two digits, each stands for one of them.
const FIRST_YEAR: u32 = 1950;
const YEARS: u32 = 100;

const MONTHS: [(&str, u32); 12] = [
    ("January", 31),
    ("February", 28),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("August", 31),
    ("September", 30),
    ("October", 31),
    ("November", 30),
    ("December", 31),
];

/// The ways of writing a day.
const FORMS: u32 = 6;

/// A day in one of the forms, and as ISO 8601 writes it.
pub(super) fn draw(stream: &mut Stream) -> (String, String) {
    let year = FIRST_YEAR + stream.below(YEARS);
    let month = stream.below(12) + 1;
    let day = stream.below(days(year, month)) + 1;
    (written(stream.below(FORMS), (year, month, day)), format!("{year}-{month:02}-{day:02}"))
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    MONTHS[month as usize - 1].1 + u32::from(month == 2 && leap)
}

/// Numbers alone stand with the day first.
fn written(form: u32, (year, month, day): (u32, u32, u32)) -> String {
    let name = MONTHS[month as usize - 1].0;
    let short = &name[..3];
    match form {
        0 => format!("{day} {name} {year}"),
        1 => format!("{name} {day}, {year}"),
        2 => format!("{day} {short} {year}"),
        3 => format!("{short} {day}, {year}"),
        4 => format!("{day:02}/{month:02}/{:02}", year % 100),
        _ => format!("{day}.{month}.{year}"),
    }
}
