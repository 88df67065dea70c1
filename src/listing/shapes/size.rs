//! Sizes that are not known yet: linear expressions such as `4*units`, and the equations between them.

use std::fmt::Write;

/// A fraction in lowest terms with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ratio {
    over: i64,
    under: i64,
}

/// Everything beyond this is nonsense as the size of an array.
const LARGEST: i64 = 1 << 40;

impl Ratio {
    const ONE: Self = Self { over: 1, under: 1 };

    fn new(over: i64, under: i64) -> Option<Self> {
        let (mut a, mut b) = (over.unsigned_abs(), under.unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let divisor = i64::try_from(a.max(1)).ok()?;
        let (over, under) = (over / divisor * under.signum(), (under / divisor).abs());
        (under != 0 && over.abs() < LARGEST && under < LARGEST).then_some(Self { over, under })
    }

    fn times(self, other: Self) -> Option<Self> {
        Self::new(self.over.checked_mul(other.over)?, self.under.checked_mul(other.under)?)
    }

    fn plus(self, other: Self) -> Option<Self> {
        let left = self.over.checked_mul(other.under)?;
        let right = other.over.checked_mul(self.under)?;
        Self::new(left.checked_add(right)?, self.under.checked_mul(other.under)?)
    }
}

/// A size: a sum of multiples of unknown sizes, and a constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::listing) struct Size {
    /// Unknown and factor, by unknown, without zeros.
    terms: Vec<(usize, Ratio)>,
    constant: Ratio,
}

impl Size {
    pub(in crate::listing) fn known(n: usize) -> Self {
        let over = i64::try_from(n).unwrap_or(LARGEST).min(LARGEST);
        Self { terms: Vec::new(), constant: Ratio { over, under: 1 } }
    }

    /// A number that may be negative: the end of a slice.
    pub(in crate::listing) fn whole(n: i64) -> Self {
        Self { terms: Vec::new(), constant: Ratio { over: n.clamp(-LARGEST, LARGEST), under: 1 } }
    }

    /// How often `other` lies in it, if that is a number.
    pub(in crate::listing) fn over(&self, other: &Self) -> Option<Self> {
        let ((id, factor), (other_id, by)) = (self.terms.first()?, other.terms.first()?);
        let times = Ratio::new(factor.over.checked_mul(by.under)?, factor.under.checked_mul(by.over)?)?;
        let fits = id == other_id && *self == other.scaled(times.over, times.under)?;
        fits.then_some(Self { terms: Vec::new(), constant: times })
    }

    fn unknown(id: usize) -> Self {
        Self { terms: vec![(id, Ratio::ONE)], constant: Ratio { over: 0, under: 1 } }
    }

    /// The number, if nothing in it is unknown and it is a whole one.
    pub(in crate::listing) fn number(&self) -> Option<i64> {
        (self.terms.is_empty() && self.constant.under == 1).then_some(self.constant.over)
    }

    /// Whether it is known and not a whole number.
    pub(in crate::listing) fn is_broken(&self) -> bool {
        self.terms.is_empty() && self.constant.under != 1
    }

    pub(in crate::listing) fn scaled(&self, over: i64, under: i64) -> Option<Self> {
        let by = Ratio::new(over, under)?;
        let mut terms = Vec::with_capacity(self.terms.len());
        for (id, factor) in &self.terms {
            let factor = factor.times(by)?;
            if factor.over != 0 {
                terms.push((*id, factor));
            }
        }
        Some(Self { terms, constant: self.constant.times(by)? })
    }

    pub(in crate::listing) fn plus(&self, other: &Self) -> Option<Self> {
        let mut terms = self.terms.clone();
        for (id, factor) in &other.terms {
            match terms.binary_search_by_key(id, |t| t.0) {
                Ok(at) => {
                    terms[at].1 = terms[at].1.plus(*factor)?;
                    if terms[at].1.over == 0 {
                        terms.remove(at);
                    }
                }
                Err(at) => terms.insert(at, (*id, *factor)),
            }
        }
        Some(Self { terms, constant: self.constant.plus(other.constant)? })
    }

    pub(in crate::listing) fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.scaled(-1, 1)?)
    }
}

/// The unknown sizes of one listing and what is known about them.
#[derive(Debug, Clone, Default)]
pub(in crate::listing) struct Sizes {
    names: Vec<String>,
    solved: Vec<Option<Size>>,
    /// Sizes that an unknown is at least as large as.
    least: Vec<Vec<Size>>,
    /// What an unknown is a multiple of.
    multiple: Vec<usize>,
}

/// So many lower bounds of one size are remembered.
const MOST_BOUNDS: usize = 32;

/// What stands for an open size where two are compared: large, and different for each.
fn trial(id: usize) -> i64 {
    1000 + 7 * id as i64
}

impl Sizes {
    /// A new unknown size; those made first are kept longest when equations are solved.
    pub(in crate::listing) fn unknown(&mut self, name: impl Into<String>) -> Size {
        self.names.push(name.into());
        self.solved.push(None);
        self.least.push(vec![Size::known(1)]);
        self.multiple.push(1);
        Size::unknown(self.names.len() - 1)
    }

    /// Records a lower bound of a size, used only if the size stays open.
    pub(in crate::listing) fn at_least(&mut self, size: &Size, least: &Size) {
        let resolved = self.resolve(size).map(|size| size.terms);
        let Some([(id, factor)]) = resolved.as_deref() else { return };
        let Some(least) = least.scaled(factor.under, factor.over) else { return };
        let mentions = least.terms.iter().any(|(other, _)| other == id);
        if !mentions && !self.least[*id].contains(&least) && self.least[*id].len() < MOST_BOUNDS {
            self.least[*id].push(least);
        }
    }

    /// Records that a size is a multiple of a number, used only if the size stays open.
    pub(in crate::listing) fn divisible(&mut self, size: &Size, by: usize) {
        if let Some([(id, Ratio { over: 1, under: 1 })]) = self.resolve(size).map(|s| s.terms).as_deref()
            && self.multiple[*id].is_multiple_of(by) | by.is_multiple_of(self.multiple[*id])
        {
            self.multiple[*id] = self.multiple[*id].max(by);
        }
    }

    /// About how large a size is.
    fn estimate(&self, size: &Size) -> i64 {
        let Some(size) = self.resolve(size) else { return 0 };
        let terms = size.terms.iter().map(|(id, factor)| trial(*id) * factor.over / factor.under.max(1));
        terms.sum::<i64>() + size.constant.over / size.constant.under.max(1)
    }

    /// Whether a place counts from the end.
    pub(in crate::listing) fn is_negative(&self, place: &Size) -> bool {
        self.estimate(place) < 0
    }

    /// `size` with everything put in that is known; `None` if the numbers grow beyond all measure.
    pub(in crate::listing) fn resolve(&self, size: &Size) -> Option<Size> {
        let mut size = size.clone();
        while let Some(at) = size.terms.iter().position(|(id, _)| self.solved[*id].is_some()) {
            let (id, factor) = size.terms.remove(at);
            let value = self.solved[id].as_ref()?;
            size = size.plus(&value.scaled(factor.over, factor.under)?)?;
        }
        Some(size)
    }

    /// Takes two sizes for equal; false if they cannot be.
    pub(in crate::listing) fn equate(&mut self, a: &Size, b: &Size) -> bool {
        let difference = self.resolve(a).zip(self.resolve(b)).and_then(|(a, b)| a.minus(&b));
        let Some(mut difference) = difference else {
            return false;
        };
        // The unknown made last is solved for, so that `features` and `units` stay.
        let Some((id, factor)) = difference.terms.pop() else {
            return difference.constant.over == 0;
        };
        match difference.scaled(-factor.under, factor.over) {
            // No array is empty.
            Some(value) if value.terms.is_empty() && value.constant.over <= 0 => false,
            Some(value) => {
                let (least, multiple) = (self.least[id].clone(), self.multiple[id]);
                self.solved[id] = Some(value.clone());
                least.iter().for_each(|least| self.at_least(&value, least));
                self.divisible(&value, multiple);
                true
            }
            None => false,
        }
    }

    /// The unknowns of a size that are still open.
    pub(in crate::listing) fn open(&self, size: &Size) -> Vec<Size> {
        let resolved = self.resolve(size);
        resolved.map(|s| s.terms.iter().map(|t| Size::unknown(t.0)).collect()).unwrap_or_default()
    }

    /// What an open unknown has to be at least.
    pub(in crate::listing) fn least(&self, unknown: &Size) -> Size {
        let all = unknown.terms.first().map(|t| self.least[t.0].as_slice()).unwrap_or_default();
        all.iter().max_by_key(|least| self.estimate(least)).cloned().unwrap_or(Size::known(1))
    }

    /// What an open unknown is a multiple of.
    pub(in crate::listing) fn multiple(&self, unknown: &Size) -> usize {
        unknown.terms.first().map_or(1, |t| self.multiple[t.0])
    }

    /// Gives an open unknown another name.
    pub(in crate::listing) fn rename(&mut self, unknown: &Size, name: String) {
        if let Some((id, _)) = unknown.terms.first() {
            self.names[*id] = name;
        }
    }

    /// Whether an unknown has no name of its own yet.
    pub(in crate::listing) fn is_unnamed(&self, unknown: &Size) -> bool {
        unknown.terms.first().is_some_and(|(id, _)| self.names[*id] == "m")
    }

    /// `4*units`, `features + units`, `units/2`, `3`.
    pub(in crate::listing) fn show(&self, size: &Size) -> String {
        let Some(size) = self.resolve(size) else {
            return "?".into();
        };
        let mut text = String::new();
        for (id, factor) in &size.terms {
            let minus = factor.over < 0;
            text.push_str(match (text.is_empty(), minus) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            });
            if factor.over.abs() != 1 {
                let _ = write!(text, "{}*", factor.over.abs());
            }
            text.push_str(&self.names[*id]);
            if factor.under != 1 {
                let _ = write!(text, "/{}", factor.under);
            }
        }
        let constant = size.constant;
        if constant.over != 0 || text.is_empty() {
            text.push_str(match (text.is_empty(), constant.over < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            });
            let _ = write!(text, "{}", constant.over.abs());
            if constant.under != 1 {
                let _ = write!(text, "/{}", constant.under);
            }
        }
        text
    }

    /// `(features, 4*units)`, as numpy writes shapes.
    pub(in crate::listing) fn show_shape(&self, shape: &[Size]) -> String {
        let sizes: Vec<String> = shape.iter().map(|s| self.show(s)).collect();
        crate::listing::shapes::tuple(&sizes)
    }
}
