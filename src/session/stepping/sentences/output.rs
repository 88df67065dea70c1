//! The output layer and the loss.

use super::super::readout::OutputKind;
use super::written::{plain, probability};
use super::{Number, Teller};

impl Teller<'_> {
    /// What a line of the output's listing makes: the output `y`, or the loss.
    pub(super) fn output(&self, number: &Number) -> String {
        let timestep = number.address.timestep;
        let is_last = timestep + 1 == self.timesteps();
        if number.address.name == "loss" {
            return self.loss(number, is_last);
        }
        if number.address.name == "p" {
            return self.right_answer(number, is_last);
        }
        let end = if self.session.input().words { "text" } else { "sequence" };
        let (opening, verb) = if is_last && self.is_whole() {
            (format!("The {end} is finished. From the last state the output layer"), "")
        } else if is_last {
            (format!("From the state after {} the output layer", self.word(timestep)), "")
        } else {
            (format!("After {} the output layer would", self.word(timestep)), "bare")
        };
        let verb = |third: &'static str, bare: &'static str| if verb == "bare" { bare } else { third };
        match self.session.readout().kind {
            OutputKind::Binary => format!(
                "{opening} {} {} {}.",
                verb("says", "say"),
                probability(number.value),
                self.class_with_for(1)
            ),
            OutputKind::Classes(count) => format!(
                "{opening} {} {} to {}, one of {count} classes.",
                verb("gives", "give"),
                probability(number.value),
                self.class(number.address.index)
            ),
            OutputKind::Number => {
                format!("{opening} {} {} next.", verb("predicts", "predict"), plain(number.value))
            }
        }
    }

    /// The probability of the true label.
    fn right_answer(&self, number: &Number, is_last: bool) -> String {
        let right = match self.session.readout().kind {
            OutputKind::Classes(count) => (self.session.choice().target.max(0.0) as usize).min(count - 1),
            _ => usize::from(self.session.choice().target >= 0.5),
        };
        let (right, share) = (self.class(right), probability(number.value));
        if is_last {
            format!("The true label is {right}: the output layer gives it {share}.")
        } else {
            let word = self.word(number.address.timestep);
            format!("The true label is {right}: after {word} the output layer would give it {share}.")
        }
    }

    /// The label as the loss reads it.
    pub(super) fn true_label(&self, number: &Number) -> String {
        let (label, value) = (&number.label, plain(number.value));
        match self.session.readout().kind {
            OutputKind::Binary => {
                format!("{label} is {value}: 1 for {}, 0 for {}.", self.class(1), self.class(0))
            }
            OutputKind::Classes(_) => {
                format!("{label} is {value}: 1 for the true label, 0 for every other class.")
            }
            OutputKind::Number => format!("{label} = {value} is the number that comes next."),
        }
    }

    fn loss(&self, number: &Number, is_last: bool) -> String {
        let value = plain(number.value);
        let subject = if is_last {
            format!("The loss is {value}")
        } else {
            format!("After {} the loss would be {value}", self.word(number.address.timestep))
        };
        match self.session.readout().kind {
            OutputKind::Number => {
                format!("{subject}: the squared difference to {}.", plain(self.session.choice().target))
            }
            _ => format!("{subject}: −ln of the probability given to the right answer."),
        }
    }

    /// `positive`, or `for earn`.
    fn class_with_for(&self, class: usize) -> String {
        let name = self.class(class);
        if name == "positive" { name } else { format!("for {name}") }
    }

    /// What a class is called.
    fn class(&self, class: usize) -> String {
        self.session.class(class)
    }
}
