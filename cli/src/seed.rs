//! `--seed N` and `--seed random`.

use unrolled::rng::fresh_seed;

/// Reads a seed: a whole number, or `random` for one that is drawn and printed, so that it can be used again.
pub fn parse_seed(text: &str) -> Result<u64, String> {
    if text != "random" {
        return text
            .parse()
            .map_err(|_| format!("a seed is a whole number from 0 to {}, or `random`", u64::MAX));
    }
    let seed = fresh_seed().map_err(|error| error.to_string())?;
    eprintln!("The seed is {seed}: --seed {seed} repeats this run.");
    Ok(seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_numbers_or_drawn() {
        assert_eq!(parse_seed("0"), Ok(0));
        assert_eq!(parse_seed("18446744073709551615"), Ok(u64::MAX));
        assert!(parse_seed("random").unwrap() > 0);
        for wrong in ["", "-1", "1.5", "Random", "18446744073709551616"] {
            assert!(parse_seed(wrong).unwrap_err().contains("or `random`"), "{wrong}");
        }
    }
}
