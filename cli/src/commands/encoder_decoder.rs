//! `encoder-decoder`: trains an encoder and a decoder on a task, as the page does.

use std::time::Instant;

use unrolled::data::pairs::PairTask;
use unrolled::model::encoder_decoder::{Attention, CellKind};
use unrolled::session::encoder_decoder::{EVERY, EncoderDecoderSettings, Session};
use unrolled::{Error, Result};

use crate::arguments::{AttentionKind, Cell, EncoderDecoder, Task};
use crate::{files, print};

/// Answers that are printed at the end.
const SHOWN: usize = 10;

/// Trains, prints what share of the answers is right, and some of them.
pub fn run(options: &EncoderDecoder) -> Result<()> {
    let mut session = match &options.resume {
        Some(path) => Session::restore(&files::read_known(path)?)?,
        None => Session::new(settings(options))?,
    };
    let begun = Instant::now();
    let last = session.updates() + options.updates;
    while session.updates() < last {
        session.update()?;
        if session.updates().is_multiple_of(EVERY) || session.updates() == last {
            print::line(&standing(&session, begun.elapsed().as_secs_f64()))?;
        }
    }
    for answer in session.answers().iter().take(SHOWN) {
        let sign = if answer.is_right == Some(true) { "right" } else { "wrong" };
        print::line(&format!("{:20} {:12} {sign}", answer.source, answer.text()))?;
    }
    match &options.out {
        Some(path) => std::fs::write(path, session.save()?)
            .map_err(|e| Error::format(path.display().to_string(), format!("it cannot be written ({e})"))),
        None => Ok(()),
    }
}

/// One line about the last updates.
fn standing(session: &Session, seconds: f64) -> String {
    let recent = &session.losses()[session.losses().len().saturating_sub(EVERY as usize)..];
    let loss = recent.iter().sum::<f32>() / recent.len().max(1) as f32;
    let right = session.reached().last().map_or(0.0, |reached| reached.right);
    format!("update {}: loss {loss:.4}, {:.1} % right, {seconds:.1} s", session.updates(), 100.0 * right)
}

fn settings(options: &EncoderDecoder) -> EncoderDecoderSettings {
    let task = match options.task {
        Task::Reversing => PairTask::Reversing,
        Task::Adding => PairTask::Adding,
        Task::AddingLarge => PairTask::AddingLarge,
        Task::Dates => PairTask::Dates,
    };
    let attention = match options.attention {
        AttentionKind::None => Attention::None,
        AttentionKind::Multiplicative => Attention::Multiplicative,
        AttentionKind::Additive => Attention::Additive,
    };
    let cell = match options.cell {
        Cell::Lstm => CellKind::Lstm,
        Cell::Gru => CellKind::Gru,
    };
    let usual = EncoderDecoderSettings::of(task, attention);
    EncoderDecoderSettings {
        cell,
        seed: options.seed,
        units: options.units.unwrap_or(usual.units),
        learning_rate: options.learning_rate.unwrap_or(usual.learning_rate),
        ..usual
    }
}
