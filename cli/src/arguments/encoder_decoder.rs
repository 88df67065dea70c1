//! The options of `encoder-decoder`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::seed::parse_seed;

/// What is learned.
#[derive(Clone, Copy, ValueEnum)]
pub enum Task {
    /// 6 to 8 letters, the other way round.
    Reversing,
    /// The sum of two numbers up to 99.
    Adding,
    /// The sum of two numbers up to 999.
    AddingLarge,
    /// Days as people write them, to ISO 8601.
    Dates,
}

/// What the decoder sees of the source.
#[derive(Clone, Copy, ValueEnum)]
pub enum AttentionKind {
    /// The encoder's last state alone.
    None,
    /// Luong, Pham & Manning 2015.
    Multiplicative,
    /// Bahdanau, Cho & Bengio 2014.
    Additive,
}

/// The cell of encoder and decoder.
#[derive(Clone, Copy, ValueEnum)]
pub enum Cell {
    /// Two states.
    Lstm,
    /// One state.
    Gru,
}

/// Options of `encoder-decoder`.
#[derive(Args)]
pub struct EncoderDecoder {
    /// What is learned.
    #[arg(value_enum)]
    pub task: Task,
    /// What the decoder sees of the source.
    #[arg(long, value_enum, default_value = "additive")]
    pub attention: AttentionKind,
    /// The cell of encoder and decoder.
    #[arg(long, value_enum, default_value = "gru")]
    pub cell: Cell,
    /// Units of both.
    #[arg(long, value_name = "N")]
    pub units: Option<usize>,
    /// Adam's learning rate.
    #[arg(long, value_name = "X")]
    pub learning_rate: Option<f64>,
    /// Updates to make, of 64 pairs each.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub updates: u64,
    /// Seed of first weights and pairs; `random` draws one and prints it.
    #[arg(long, value_name = "N|random", value_parser = parse_seed, default_value = "1")]
    pub seed: u64,
    /// The file for the run, from which `--resume` goes on.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Go on with the run of a file; task, attention, cell, units, learning rate and seed are those of the file.
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
}
