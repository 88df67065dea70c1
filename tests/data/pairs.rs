//! Sources and answers, each answer found again by a checker that was written for the test alone.

use std::collections::HashSet;

use unrolled::data::pairs::{Pair, PairTask};

const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// Day, month and year of a source, whatever its form.
fn read(source: &str) -> (u32, u32, u32) {
    let split = |c: char| matches!(c, ' ' | ',' | '/' | '.');
    let words: Vec<&str> = source.split(split).filter(|word| !word.is_empty()).collect();
    let [first, second, year] = words[..] else { panic!("{source}: three parts") };
    let month = |word: &str| match word.get(..3).and_then(|short| MONTHS.find(short)) {
        Some(at) if word.chars().all(char::is_alphabetic) => Some(at as u32 / 3 + 1),
        _ => None,
    };
    let number = |word: &str| word.parse::<u32>().unwrap_or_else(|_| panic!("{source}: {word}"));
    let year = match number(year) {
        short @ 0..50 => 2000 + short,
        short @ 50..100 => 1900 + short,
        whole => whole,
    };
    match (month(first), month(second)) {
        (Some(month), None) => (number(second), month, year),
        (None, Some(month)) => (number(first), month, year),
        _ => (number(first), number(second), year),
    }
}

/// Days since the first of March of year 0, by a formula without a table of months.
fn day_number((day, month, year): (u32, u32, u32)) -> u32 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
}

fn check(task: PairTask, Pair { source, answer }: &Pair) {
    match task {
        PairTask::Reversing => {
            assert_eq!(answer.chars().rev().collect::<String>(), *source);
            assert!((6..=8).contains(&source.len()), "{source}");
        }
        PairTask::Adding | PairTask::AddingLarge => {
            let parts: Vec<u32> = source.split('+').map(|part| part.parse().unwrap()).collect();
            let most = if task == PairTask::Adding { 99 } else { 999 };
            assert_eq!(parts.iter().sum::<u32>().to_string(), *answer);
            assert!(parts.len() == 2 && parts.iter().all(|part| *part <= most), "{source}");
        }
        PairTask::Dates => {
            let (day, month, year) = read(source);
            assert_eq!(format!("{year:04}-{month:02}-{day:02}"), *answer, "{source}");
            assert!((1950..2050).contains(&year), "{source}");
            let next = if month == 12 { (1, 1, year + 1) } else { (1, month + 1, year) };
            assert!(day >= 1 && day_number((day, month, year)) < day_number(next), "{source} is no day");
        }
    }
}

#[test]
fn every_answer_is_right_and_every_pair_is_within_what_its_task_says() {
    for task in PairTask::ALL {
        let mut pairs = task.batch(3, 0, 1500);
        pairs.extend(task.held_out(3, 300));
        for pair in &pairs {
            check(task, pair);
            let fits = |text: &str, known: &str, longest: usize| {
                (1..=longest).contains(&text.chars().count()) && text.chars().all(|c| known.contains(c))
            };
            assert!(fits(&pair.source, task.source_characters(), task.longest().0), "{pair:?}");
            assert!(fits(&pair.answer, task.answer_characters(), task.longest().1), "{pair:?}");
        }
        for (characters, of) in [
            (task.source_characters(), pairs.iter().map(|p| p.source.as_str()).collect::<String>()),
            (task.answer_characters(), pairs.iter().map(|p| p.answer.as_str()).collect::<String>()),
        ] {
            let occurring: HashSet<char> = of.chars().collect();
            assert_eq!(occurring, characters.chars().collect(), "{}: the characters", task.name());
        }
    }
}

#[test]
fn nothing_that_is_held_out_is_trained_on() {
    for task in PairTask::ALL {
        let content = |pair: Pair| if task == PairTask::Dates { pair.answer } else { pair.source };
        let held_out: HashSet<String> = task.held_out(1, 300).into_iter().map(content).collect();
        let trained: HashSet<String> =
            (0..20).flat_map(|update| task.batch(1, update, 64)).map(content).collect();
        assert!(held_out.is_disjoint(&trained), "{}", task.name());
        assert!(trained.len() > 1000, "{}: {} different ones", task.name(), trained.len());
    }
}

#[test]
fn pairs_follow_from_seed_and_update() {
    let task = PairTask::Dates;
    assert_eq!(task.batch(5, 7, 9), task.batch(5, 7, 9));
    assert_ne!(task.batch(5, 7, 9), task.batch(5, 8, 9));
    assert_ne!(task.batch(6, 7, 9), task.batch(5, 7, 9));
    assert_eq!(task.batch(5, 7, 9)[..4], task.batch(5, 7, 4)[..]);
}
