//! Money of a county in two rounds: who gained funding, who lost it, who keeps it, and by how much. One set of figures, which the
//! terminal, tables, layers and pages all write.

use crate::rank::select::{Choice, UNKNOWN, Why};
use std::ops::AddAssign;

/// What a round gives a county.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// Whether it is funded.
    pub funded: bool,
    /// With how much, hundredths; none where the round has no budget, or nobody knows what it costs. Of a joint application the sum stands with its lead.
    pub hundredths: Option<u64>,
}

impl Grant {
    /// What a round gives a county that it made this choice of.
    pub fn of(choice: &Choice, has_budget: bool) -> Self {
        let hundredths = if choice.why == Why::WithLead { Some(0) } else { choice.cost };
        Self { funded: choice.why.is_selected(), hundredths: hundredths.filter(|m| has_budget && *m < UNKNOWN) }
    }

    /// What it gets, hundredths: nothing where it is not funded, none where nobody knows.
    pub fn amount(self) -> Option<u64> {
        if self.funded { self.hundredths } else { Some(0) }
    }

    /// Two counties that are one by now.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let both = self.amount().zip(other.amount()).map(|(a, b)| a + b);
        Self { funded: self.funded || other.funded, hundredths: both }
    }
}

/// What became of the funding of a county.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Funding {
    /// It was not funded, and is.
    Gained,
    /// It was funded, and is not.
    Lost,
    /// It is funded in both, with more.
    KeptMore,
    /// It is funded in both, with less.
    KeptLess,
    /// It is funded in both, with as much, or nobody knows with how much.
    Kept,
    /// It is several counties of the old round by now, and funded in one of the rounds: what each of them had is no more than a sum.
    Joined,
    /// It is funded in neither.
    Neither,
}

impl Funding {
    /// What can become of the funding of a county, but for none in either round; in the order in which it is told.
    pub const TOLD: [Self; 6] = [Self::Gained, Self::Lost, Self::KeptMore, Self::KeptLess, Self::Kept, Self::Joined];
    /// The words in files.
    pub const WORDS: &'static str = "gained, lost, kept_more, kept_less, kept, joined (several counties of the old round, with their sum), or none: funded in neither";
    /// The same in Chinese.
    pub const WORDS_ZH: &'static str = "资金变化：gained 新获，lost 失去，kept_more 增加，kept_less 减少，kept 保持，joined 由多县合并（金额为其合计），none 两轮均无";

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        ["gained", "lost", "kept_more", "kept_less", "kept", "joined", "none"][self as usize]
    }

    /// For people, in English and in Chinese.
    pub fn words(self) -> [&'static str; 2] {
        [
            ["gains funding", "新获资金"],
            ["loses funding", "失去资金"],
            ["funded with more", "资金增加"],
            ["funded with less", "资金减少"],
            ["stays funded", "保持资金"],
            ["several counties of the old round in one", "由上一轮多个县合并"],
            ["not funded", "两轮均无资金"],
        ][self as usize]
    }
}

/// Money of a county in two rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MoneyChange {
    /// In the old round and in the new; not funded where it does not take part.
    pub grants: [Grant; 2],
    /// Whether both rounds count in the same money.
    pub same_money: bool,
    /// Whether several counties of the old round are this one.
    pub joined: bool,
}

impl MoneyChange {
    /// What became of it.
    pub fn funding(self) -> Funding {
        let [old, new] = self.grants;
        match (old.funded, new.funded, self.change()) {
            (false, false, _) => Funding::Neither,
            // none of those that became one gained it, lost it or kept it
            _ if self.joined => Funding::Joined,
            (false, true, _) => Funding::Gained,
            (true, false, _) => Funding::Lost,
            (true, true, Some(by)) if by > 0 => Funding::KeptMore,
            (true, true, Some(by)) if by < 0 => Funding::KeptLess,
            (true, true, _) => Funding::Kept,
        }
    }

    /// What it gets in each round, hundredths; none where nobody knows.
    pub fn amounts(self) -> [Option<u64>; 2] {
        self.grants.map(Grant::amount)
    }

    /// New less old, hundredths; none where a sum is not known, or the rounds count in different money.
    pub fn change(self) -> Option<i64> {
        let [old, new] = self.amounts();
        Some(signed(new?) - signed(old?)).filter(|_| self.same_money || self.grants.iter().all(|g| !g.funded))
    }

    /// Whether a sum is not known.
    pub fn unknown(self) -> bool {
        self.amounts().contains(&None)
    }

    /// Whether it gets something else than it did.
    pub fn differs(self) -> bool {
        !matches!(self.funding(), Funding::Neither | Funding::Kept) || self.grants[0].amount() != self.grants[1].amount()
    }

    /// What comes first where counties stand by money: those with other funding, by the size of the change.
    pub fn order(self) -> (bool, std::cmp::Reverse<u64>) {
        (!self.differs(), std::cmp::Reverse(self.change().map_or(0, i64::unsigned_abs)))
    }
}

fn signed(hundredths: u64) -> i64 {
    i64::try_from(hundredths).unwrap_or(i64::MAX)
}

/// Counties of one kind and what they gain or lose together, hundredths; none where a sum is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneySum {
    /// How many.
    pub counties: u64,
    /// By how much.
    pub change: Option<i64>,
}

impl Default for MoneySum {
    fn default() -> Self {
        Self { counties: 0, change: Some(0) }
    }
}

impl AddAssign<Option<i64>> for MoneySum {
    fn add_assign(&mut self, change: Option<i64>) {
        self.counties += 1;
        self.change = self.change.zip(change).map(|(a, b)| a + b);
    }
}

/// Money of two rounds in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoneyTotals {
    /// The money that each counts in, as typed; empty where the round does not say.
    pub currencies: [String; 2],
    /// What each round gives, hundredths; none where it has no budget.
    pub given: [Option<u64>; 2],
    /// Counties by what became of their funding, in the order of [`Funding`].
    pub by_funding: [MoneySum; 7],
}

impl MoneyTotals {
    /// Adds up the counties of two rounds.
    pub fn of(currencies: [String; 2], counties: impl Iterator<Item = MoneyChange>) -> Self {
        let mut all = Self { currencies, given: [Some(0); 2], ..Self::default() };
        for c in counties {
            for (sum, amount) in all.given.iter_mut().zip(c.amounts()) {
                *sum = sum.zip(amount).map(|(a, b)| a + b);
            }
            all.by_funding[c.funding() as usize] += c.change();
        }
        all
    }

    /// Counties of one kind.
    pub fn of_kind(&self, kind: Funding) -> MoneySum {
        self.by_funding[kind as usize]
    }

    /// New less old, hundredths; none where it cannot be said.
    pub fn change(&self) -> Option<i64> {
        let [old, new] = self.given;
        Some(signed(new?) - signed(old?)).filter(|_| self.same_money())
    }

    /// Whether both rounds count in the same money.
    pub fn same_money(&self) -> bool {
        self.currencies[0] == self.currencies[1]
    }

    /// Whether neither round has a budget: it is known who is funded, and not with how much.
    pub fn without_sums(&self) -> bool {
        self.given == [None; 2]
    }

    /// Whether no county is funded in either round.
    pub fn is_nothing(&self) -> bool {
        Funding::TOLD.iter().all(|kind| self.of_kind(*kind).counties == 0)
    }
}

/// Money in hundredths as a number of files.
pub fn number(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

/// Money in hundredths as people write it: whole where it is, with thin digits else.
pub fn written(hundredths: i64) -> String {
    let (sign, size) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    let (whole, rest) = (crate::files::text::grouped(size / 100), size % 100);
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:02}") }
}

/// The same with its sign, as a change.
pub fn written_change(hundredths: i64) -> String {
    if hundredths > 0 { format!("+{}", written(hundredths)) } else { written(hundredths) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(old: Option<u64>, new: Option<u64>) -> MoneyChange {
        let grant = |amount: Option<u64>| Grant { funded: amount.is_some(), hundredths: amount };
        MoneyChange { grants: [grant(old), grant(new)], same_money: true, joined: false }
    }

    #[test]
    fn what_became_of_the_money_is_told_by_the_hundredth() {
        for (old, new, word, by) in [
            (None, Some(450_000), "gained", Some(450_000)),
            (Some(450_000), None, "lost", Some(-450_000)),
            (Some(450_000), Some(450_001), "kept_more", Some(1)),
            (Some(450_000), Some(440_000), "kept_less", Some(-10_000)),
            (Some(450_000), Some(450_000), "kept", Some(0)),
            (None, None, "none", Some(0)),
        ] {
            let c = change(old, new);
            assert_eq!((c.funding().as_str(), c.change()), (word, by));
            assert_eq!(c.differs(), !["kept", "none"].contains(&word), "{word}");
        }
    }

    #[test]
    fn sums_are_exact_and_unknown_where_one_is() {
        let list = [change(None, Some(3)), change(Some(5), None), change(Some(2), Some(4)), change(Some(9), Some(9))];
        let all = MoneyTotals::of(Default::default(), list.into_iter());
        // 5 + 2 + 9 = 16 before, 3 + 4 + 9 = 16 now
        assert_eq!((all.given, all.change()), ([Some(16), Some(16)], Some(0)));
        assert_eq!(all.of_kind(Funding::Gained), MoneySum { counties: 1, change: Some(3) });
        // a round without a budget: it is known who is funded, and not with how much
        let unknown =
            MoneyChange { grants: [Grant::default(), Grant { funded: true, hundredths: None }], same_money: true, joined: false };
        let all = MoneyTotals::of(Default::default(), list.into_iter().chain([unknown]));
        assert_eq!((all.given, all.change()), ([Some(16), None], None));
        assert_eq!(all.of_kind(Funding::Gained), MoneySum { counties: 2, change: None });
    }

    /// 4,500 of one of two counties that are one by now, and 4,500 of the one: nobody stays funded by it, and the sums still add up.
    #[test]
    fn several_counties_in_one_gain_lose_and_keep_nothing() {
        for (old, new, by) in [(Some(9), Some(9), 0), (Some(9), Some(4), -5), (Some(9), None, -9), (None, Some(4), 4)] {
            let c = MoneyChange { joined: true, ..change(old, new) };
            assert_eq!((c.funding().as_str(), c.change(), c.differs()), ("joined", Some(by), true), "{old:?} {new:?}");
            let all = MoneyTotals::of(Default::default(), [c, change(Some(2), Some(2))].into_iter());
            assert_eq!((all.of_kind(Funding::Joined).change, all.of_kind(Funding::Kept).counties), (Some(by), 1));
            assert_eq!(all.change(), Some(by));
        }
        assert_eq!(MoneyChange { joined: true, ..change(None, None) }.funding(), Funding::Neither);
    }

    #[test]
    fn other_money_is_not_subtracted() {
        let c = MoneyChange { same_money: false, ..change(Some(450_000), Some(45)) };
        assert_eq!((c.funding(), c.change(), c.differs()), (Funding::Kept, None, true));
    }

    #[test]
    fn money_is_written_as_people_do() {
        assert_eq!([450_000, 29, -450_050].map(written), ["4,500", "0.29", "-4,500.50"]);
        assert_eq!([450_000, 0, -5].map(written_change), ["+4,500", "0", "-0.05"]);
    }
}
