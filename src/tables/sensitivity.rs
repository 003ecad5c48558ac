//! `sensitivity.csv`: which choice moves the ranks, what they would be without an indicator or pillar, and whether a third county
//! decides between two.

use super::rank_view::RankView;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::rank::uncertainty::{CrossedLine, Index, IndexPart, LeftOut, Reversal};

/// Its file.
pub const FILE: &str = "sensitivity.csv";

/// A row: a factor, an indicator or pillar left out, or rank reversal.
#[derive(Clone, Copy, Debug)]
pub enum SensitivityRow<'v> {
    /// A factor.
    Factor {
        /// Its name.
        key: &'v str,
        /// What it was varied over.
        levels: &'v [String],
        /// Its share in the changes of rank.
        indices: Option<&'v Index>,
    },
    /// An indicator or pillar left out.
    LeftOut(RankView<'v>, &'v LeftOut),
    /// Counties taken out one at a time.
    Reversal(&'v Reversal),
}

impl SensitivityRow<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Factor { .. } => "factor",
            Self::LeftOut(_, l) => match l.element {
                IndexPart::Leaf(_) => "left_out_indicator",
                IndexPart::Group(_) => "left_out_pillar",
            },
            Self::Reversal(_) => "reversal",
        }
    }

    fn key(&self) -> Value {
        match self {
            Self::Factor { key, .. } => Value::Text((*key).to_owned()),
            Self::LeftOut(_, l) => Value::Text(l.key.clone()),
            Self::Reversal(_) => Value::Word("one_county_less"),
        }
    }

    fn levels(&self) -> Value {
        if let Self::Factor { levels, .. } = self { Value::Text(levels.join(";")) } else { Value::Null }
    }

    /// A number of a factor.
    fn share(&self, of: fn(&Index) -> Option<f64>) -> Value {
        if let Self::Factor { indices, .. } = self { Value::opt(indices.and_then(of), Value::Real) } else { Value::Null }
    }

    /// A value of what was left out.
    fn left_out(&self, of: fn(&LeftOut) -> Value) -> Value {
        if let Self::LeftOut(_, l) = self { of(l) } else { Value::Null }
    }

    /// Codes of those that cross the first line without it.
    fn crossing(&self, of: fn(&CrossedLine) -> &[usize]) -> Value {
        let Self::LeftOut(view, l) = self else { return Value::Null };
        let units = l.crossings.first().map_or(&[][..], of);
        Value::text_or_null(&units.iter().map(|u| view.unit(*u).code.as_str()).collect::<Vec<_>>().join(";"))
    }

    /// A count of rank reversal.
    fn reversal(&self, of: fn(&Reversal) -> i64) -> Value {
        if let Self::Reversal(r) = self { Value::Integer(of(r)) } else { Value::Null }
    }
}

/// The table.
pub fn table<'a>() -> Table<'a, SensitivityRow<'a>> {
    Table::new(factor_fields()).with(left_out_fields()).with(reversal_fields())
}

/// Its rows: factors, what was left out, rank reversal.
pub fn rows<'v>(view: RankView<'v>) -> impl Iterator<Item = SensitivityRow<'v>> + 'v {
    view.sureness().into_iter().flat_map(move |s| {
        let found = s.sensitivity.as_ref().map_or(&[][..], |x| x.mean_change.factors.as_slice());
        let factor = move |(i, (key, levels)): (usize, &'v (String, Vec<String>))| SensitivityRow::Factor {
            key,
            levels,
            indices: found.get(i),
        };
        let left_out = s.left_out.iter().map(move |l| SensitivityRow::LeftOut(view, l));
        s.factors.iter().enumerate().map(factor).chain(left_out).chain(s.reversal.as_ref().map(SensitivityRow::Reversal))
    })
}

fn factor_fields<'a>() -> Vec<Field<'a, SensitivityRow<'a>>> {
    let not_one = "not a factor, or ranks do not vary";
    vec![
        text(
            "kind",
            "kind",
            "factor, left_out_indicator, left_out_pillar or reversal",
            "类型：因素、去除指标、去除维度或逆序",
        )
        .of(|r: &SensitivityRow<'_>| Value::Word(r.kind())),
        text("key", "key", "Name of the factor, indicator or pillar", "名称").of(|r: &SensitivityRow<'_>| r.key()),
        text("levels", "levels", "What it was varied over, joined by ;", "变动范围")
            .or_null("not a factor")
            .of(|r: &SensitivityRow<'_>| r.levels()),
        real(
            "first_order",
            "first",
            "share 0-1",
            "Share of the variance of the mean rank change that goes with this factor alone (an estimate; it may lie a little outside of 0 to 1)",
            "一阶敏感性指数（估计值）",
        )
        .or_null(not_one)
        .of(|r: &SensitivityRow<'_>| r.share(|x| x.first)),
        real(
            "total_order",
            "total",
            "share 0-1",
            "Share that goes with it alone or together with others (an estimate, as above)",
            "总敏感性指数（估计值）",
        )
        .or_null(not_one)
        .of(|r: &SensitivityRow<'_>| r.share(|x| x.total)),
    ]
}

fn left_out_fields<'a>() -> Vec<Field<'a, SensitivityRow<'a>>> {
    let nothing = "nothing was left out";
    vec![
        real("mean_rank_change", "mean_chg", "places", "Mean absolute rank change without it", "去除后名次平均变化")
            .or_null(nothing)
            .of(|r: &SensitivityRow<'_>| r.left_out(|l| Value::Real(l.mean_change))),
        integer("max_rank_change", "max_chg", "places", "Largest absolute rank change without it", "去除后名次最大变化")
            .or_null(nothing)
            .of(|r: &SensitivityRow<'_>| r.left_out(|l| Value::Integer(l.max_change.into()))),
        text("enters", "enters", "Codes that come above the first line without it, joined by ;", "去除后新入围的县")
            .or_null("none")
            .of(|r: &SensitivityRow<'_>| r.crossing(|c| &c.enter)),
        text("leaves", "leaves", "Codes that fall below the first line without it, joined by ;", "去除后落选的县")
            .or_null("none")
            .of(|r: &SensitivityRow<'_>| r.crossing(|c| &c.leave)),
    ]
}

fn reversal_fields<'a>() -> Vec<Field<'a, SensitivityRow<'a>>> {
    let other = "not the row of rank reversal";
    vec![
        integer("removed", "removed", "count", "Counties taken out, one at a time", "逐一去除的县数")
            .or_null(other)
            .of(|r: &SensitivityRow<'_>| r.reversal(|x| x.removed as i64)),
        integer("changing", "changing", "count", "Of them, those that change the order of others", "其中改变他县次序的县数")
            .or_null(other)
            .of(|r: &SensitivityRow<'_>| r.reversal(|x| x.changing as i64)),
        integer("pairs", "pairs", "count", "Pairs whose order changed, over all of them", "次序改变的县对数")
            .or_null(other)
            .of(|r: &SensitivityRow<'_>| r.reversal(|x| x.pairs as i64)),
    ]
}
