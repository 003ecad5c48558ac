//! Words for a ranking, in English and Chinese: units, pillars, levels of factors, steps of the method. It computes nothing.

use super::i18n::{shown, shown_both};
use crate::config::method_words::{Aggregation, Normalisation};
use crate::files::lang::{Both, Lang};
use crate::files::messages::said;
use crate::files::text::{NONE, fixed, grouped};
use crate::programme::{EMBEDDED, embedded};
use crate::rank::composite::{Imputation, Step, StepLog};
use crate::rank::uncertainty::UnitRange;
use crate::rank::{PILLARS, RankRow, Ranking, ScaleEnds};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A unit as it stands in brackets behind an indicator; ours are known, a user's stands as given.
pub(crate) fn unit(unit: &str) -> Both {
    match unit {
        "share" => Both::new("%", "%"),
        "km" => Both::new("km", "公里"),
        "stations/1000 km" | "stations/10000 people" => Both::new("stations", "个"),
        "count" | "" => Both::new("number", "个"),
        "kW/vehicle" => Both::new("kW per vehicle", "千瓦/车"),
        "min" => Both::new("min", "分钟"),
        other => Both::same(shown(other)),
    }
}

/// What gates of the programmes that come with the program are called, by programme and gate.
static GATES: LazyLock<BTreeMap<(&str, String), Both>> = LazyLock::new(|| {
    let all = EMBEDDED.iter().filter_map(|(name, _)| Some((*name, embedded(name).ok()?.gates?)));
    let texts = all.flat_map(|(programme, g)| {
        let least = g.least.into_iter().map(|l| (l.name, l.text_zh));
        least.chain(g.never.into_iter().map(|n| (n.name, n.text_zh))).map(move |(name, zh)| (programme, name, zh))
    });
    texts.map(|(programme, name, zh)| ((programme, name.clone()), Both::new(name, zh))).collect()
});

/// A gate of a programme that comes with the program: in English by its key, in Chinese what it is; none of another.
pub(crate) fn gate_name(programme: &str, gate: &str) -> Option<Both> {
    GATES.get(&(programme, gate.to_owned())).cloned().filter(|both| !both.zh.is_empty())
}

/// A funding line by its name; that of the selection is ours.
pub(crate) fn line_name(key: &str) -> Both {
    Both::new(shown(key), if key == "selection" { "入选线".to_owned() } else { shown(key) })
}

/// What "one more" of an indicator is, for people, and how much of its unit that is: shares are read in percentage points.
pub(crate) fn one_more(unit: &str) -> (f64, Both) {
    match unit {
        "share" => (0.01, Both::new("percentage point", "个百分点")),
        "km" => (1.0, Both::new("km", "公里")),
        "stations/1000 km" => (1.0, Both::new("station per 1,000 km", "个站/千公里")),
        "stations/10000 people" => (1.0, Both::new("station per 10,000 people", "个站/万人")),
        "count" | "" => (1.0, Both::new("more", "个")),
        "kW/vehicle" => (1.0, Both::new("kW per vehicle", "千瓦/车")),
        "min" => (1.0, Both::new("minute", "分钟")),
        other => (1.0, Both::same(shown(other))),
    }
}

/// A pillar.
pub(crate) fn pillar(key: &str) -> Both {
    PILLARS.iter().find(|p| p.0 == key).map_or_else(|| Both::same(shown(key)), |p| Both::new(p.1, p.2))
}

/// A level of a factor.
pub(crate) fn level(word: &str) -> Both {
    let zh = match word {
        "min_max" => "极差标准化",
        "z_score" => "标准分",
        "rank" => "百分位名次",
        "goalposts" => "目标值标准化",
        "distance_to_reference" => "与最大值之比",
        "arithmetic" => "算术平均",
        "geometric" => "几何平均",
        "harmonic" => "调和平均",
        "copeland" => "Copeland 优序",
        "all" => "全部站点",
        "trusted" => "无疑问的站点",
        "treated" => "处理异常值",
        "as they are" => "不处理异常值",
        other => return shown_both(other, &other.replace("% of the range", "%（占全距）").replace("km", "公里")),
    };
    let en = match word {
        "all" => "all stations",
        "trusted" => "stations beyond doubt",
        other => other,
    };
    Both::new(en.replace('_', "-"), zh)
}

/// A range of ranks.
pub(crate) fn range(range: Option<&UnitRange>) -> String {
    let text = |r: &UnitRange| match r.low == r.high {
        true => grouped(r.low.into()),
        false => format!("{}–{}", grouped(r.low.into()), grouped(r.high.into())),
    };
    range.map_or(NONE.to_owned(), text)
}

/// Points with their sign.
pub(crate) fn signed(points: f64, decimals: usize) -> String {
    let text = fixed(points, decimals);
    let nought = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    if text.starts_with('−') || nought { text } else { format!("+{text}") }
}

/// The steps of the method that did something, a sentence each.
pub(crate) fn steps(steps: &[StepLog], ranking: &Ranking) -> Vec<Both> {
    steps
        .iter()
        .filter_map(|log| step(log, ranking))
        .chain(origins(ranking))
        .chain(beyond(ranking))
        .chain(lacking(ranking))
        .collect()
}

fn step(log: &StepLog, ranking: &Ranking) -> Option<Both> {
    let count = |what: &str| log.counts.get(what).copied().unwrap_or(0);
    Some(match log.step {
        Step::Denominate => match count("indicators divided") {
            0 => return None,
            n => Both::new(format!("{n} indicators were divided by their denominators."), format!("{n} 个指标除以分母。")),
        },
        Step::Impute(how) => imputed(how, count("values filled"), count("values still missing"))?,
        Step::Screen(least) => {
            let (n, least) = (count("units left out"), fixed(least * 100.0, 0));
            let en = format!("{n} counties with fewer than {least} % of the values were left out.");
            Both::new(en, format!("数值不足 {least}% 的 {n} 个县不参与排名。"))
        }
        Step::Treat { .. } => {
            let (cut, logged) = (count("values winsorised"), count("indicators whose log was taken"));
            let en =
                format!("Outliers: {cut} values were set to the nearest other value, {logged} indicators replaced by their log.");
            Both::new(en, format!("异常值处理：{cut} 个数值缩至邻近值，{logged} 个指标取对数。"))
        }
        Step::Normalise(how) => normalised(how),
        Step::Aggregate(how) => aggregated(how, ranking),
    })
}

/// Digits of a SHA-256 that are shown.
const SHORT: usize = 12;

/// Where goalposts come from: a finished round or a file, by its SHA-256, or a target, as stated.
fn origins(ranking: &Ranking) -> Vec<Both> {
    let used = || ranking.scales.iter().map(|s| &ranking.indicators[s.indicator].def).filter(|d| d.goalposts.is_some());
    let one = |d: &crate::rank::IndicatorDef| {
        let (name, (source, sha)) = (shown_both(&d.en, &d.zh), &d.goalposts_from);
        let print = sha.as_ref().map(|sha| format!("SHA-256 {}…", sha.get(..SHORT).unwrap_or(sha)));
        let told: Vec<String> = [Some(shown(source)).filter(|s| !s.is_empty()), print].into_iter().flatten().collect();
        match told.join(", ") {
            none if none.is_empty() => name,
            told => Both::new(format!("{} ({told})", name.en), format!("{}（{told}）", name.zh)),
        }
    };
    let list = |held: bool, by_hand: bool, words: [&str; 2]| -> Option<Both> {
        let is_of = |d: &&crate::rank::IndicatorDef| d.goalposts_from.1.is_some() == held && d.goalposts_by_hand == by_hand;
        let all: Vec<Both> = used().filter(is_of).map(one).collect();
        let list = Both::join(&all, ["; ", "；"]);
        (!all.is_empty()).then(|| Both::new(format!("{}: {}.", words[0], list.en), format!("{}：{}。", words[1], list.zh)))
    };
    // a seal of the program says that nobody changed them since; what has none is somebody's word, whatever it names
    [
        list(
            true,
            false,
            ["Goalposts as chargegap wrote them from a finished round or a file", "目标值由 chargegap 取自已完成的轮次或文件"],
        ),
        list(
            true,
            true,
            [
                "Goalposts written by hand, with the finished round or the file that they name",
                "人工填写的目标值，及其所称的轮次或文件",
            ],
        ),
        list(false, false, ["Goalposts that are a target, as stated", "所声明的目标值"]),
        list(false, true, ["Goalposts written by hand that are a target, as stated", "人工填写的、所声明的目标值"]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How many values lie beyond goalposts, where some do.
fn beyond(ranking: &Ranking) -> Option<Both> {
    let of = |s: &ScaleEnds| {
        let def = &ranking.indicators[s.indicator].def;
        (s.below + s.above > 0).then(|| {
            let (name, below, above) = (shown_both(&def.en, &def.zh), s.below, s.above);
            Both::new(format!("{} {below} below, {above} above", name.en), format!("{}低于 {below}、高于 {above}", name.zh))
        })
    };
    let all: Vec<Both> = ranking.scales.iter().filter_map(of).collect();
    let list = Both::join(&all, ["; ", "；"]);
    (!all.is_empty()).then(|| {
        Both::new(
            format!("Counties beyond a goalpost have its score: {}.", list.en),
            format!("超出目标值的县按目标值计分：{}。", list.zh),
        )
    })
}

/// What is done about the values that some counties lack.
fn lacking(ranking: &Ranking) -> Vec<Both> {
    let rows = || ranking.rows.iter().filter(|r| !r.lacks.is_empty());
    let (ends, others) =
        (rows().filter(|r| r.ends.is_some()).count(), rows().filter(|r| r.ends.is_none() && r.rank.is_some()).count());
    let unranked = rows().filter(|r| r.rank.is_none()).count();
    let relative = rows().any(RankRow::is_relative);
    let mut all = Vec::new();
    if ends > 0 {
        let (en, zh) = if relative {
            (
                ", and since the value may lie beyond those of the others, the county counts as if it had the lowest score there and every \
                 other county the highest",
                "；由于该数值可能超出其他县的范围，该县按其为最低分、其他各县为最高分计",
            )
        } else {
            ("", "")
        };
        all.push(Both::new(
            format!(
                "{ends} counties lack values: each is scored at both ends of the scale (in brackets), and stands by the end with the fewest \
                 points{en}. The others keep the indicator (missing.csv)."
            ),
            format!("{ends} 个县缺少数值：分别按两端计分（括号内），以分值最少的一端排名和入选{zh}；其他县保留该指标（见 missing.csv）。"),
        ));
    }
    if others > 0 {
        all.push(Both::new(
            format!("{others} counties lack values that something stands in for, which can help them (missing.csv)."),
            format!("{others} 个县缺少的数值由其他数值代替，可能对其有利（见 missing.csv）。"),
        ));
    }
    if unranked > 0 {
        all.push(Both::new(
            format!("{unranked} counties lack values and are not ranked; the others keep the indicator (missing.csv)."),
            format!("{unranked} 个县缺少数值，不参与排名；其他县保留该指标（见 missing.csv）。"),
        ));
    }
    if !ranking.open.is_empty() {
        let n = ranking.open.len();
        all.push(Both::new(
            format!("The places of {n} counties hang on values that are missing, since these may be the ends of a scale (open_places.csv)."),
            format!("{n} 个县的名次取决于所缺数值，因其可能成为标准化的端点（见 open_places.csv）。"),
        ));
    }
    all
}

/// The score of a county, with those at both ends where it lacks values.
pub(crate) fn score(row: &RankRow, decimals: usize) -> String {
    let own = row.score.map_or(NONE.to_owned(), |s| fixed(s, decimals));
    match row.ends {
        None => own,
        Some(e) => format!("{own} ({}–{})", fixed(e.low, decimals), fixed(e.high, decimals)),
    }
}

fn imputed(how: Imputation, filled: usize, missing: usize) -> Option<Both> {
    let (en, zh) = match how {
        Imputation::None if missing == 0 => return None,
        Imputation::None => {
            let en = format!("{missing} values are missing; the other indicators of the pillar carry their weight.");
            return Some(Both::new(en, format!("缺失 {missing} 个数值，其权重由同维度其他指标承担。")));
        }
        Imputation::GroupMean => ("mean", "平均值"),
        Imputation::GroupMedian => ("median", "中位数"),
        Imputation::GroupLeast => ("least favourable value", "最不利值"),
    };
    let help = if filled > 0 { ["; that can help a county", "；这可能对缺值的县有利"] } else { ["", ""] };
    let text = format!("{filled} missing values were filled in with the {en} of the province{}.", help[0]);
    Some(Both::new(text, format!("以本省{zh}补全 {filled} 个缺失值{}。", help[1])))
}

fn normalised(how: Normalisation) -> Both {
    match how {
        Normalisation::MinMax => relative(
            "Each indicator runs from the best ranked county (0) to the worst (100) of this run",
            "各指标按本次参与排名各县的最好值（0）到最差值（100）标准化",
        ),
        Normalisation::ZScore => {
            relative("Each indicator is a z-score, moved to mean 50 and deviation 10", "各指标取标准分，平移为均值 50、标准差 10")
        }
        Normalisation::Rank => {
            relative("Each indicator is the county's place among all, as a percentile", "各指标取该县在各县中的百分位名次")
        }
        Normalisation::Goalposts => Both::new(
            "Each indicator runs between its goalposts, cut at both ends: who else takes part moves no score.",
            "各指标按上下目标值标准化，两端截断：其他县是否参与不影响得分。",
        ),
        Normalisation::DistanceToReference => {
            relative("Each indicator is a share of the highest value", "各指标取其与最大值之比")
        }
    }
}

/// A scale that is made of the counties themselves.
fn relative(en: &str, zh: &str) -> Both {
    let en = format!(
        "{en}: a relative scale, on which who else takes part moves every score; scores of two rounds cannot be compared."
    );
    Both::new(en, format!("{zh}：属相对标准化，其他县是否参与会改变得分，不同轮次的得分不可比较。"))
}

fn aggregated(how: Aggregation, ranking: &Ranking) -> Both {
    let of = |(key, weight): &(String, f64)| {
        let (name, weight) = (pillar(key), fixed(weight * 100.0, 0));
        Both::new(format!("{} {weight} %", name.en), format!("{} {weight} %", name.zh))
    };
    let weights = Both::list(&ranking.pillars.iter().map(of).collect::<Vec<_>>());
    let (en, zh) = match how {
        Aggregation::Arithmetic => ("weighted arithmetic means", "加权算术平均"),
        Aggregation::Geometric => ("weighted geometric means", "加权几何平均"),
        Aggregation::Harmonic => ("weighted harmonic means", "加权调和平均"),
        Aggregation::Copeland => ("Copeland outranking", "Copeland 优序法"),
    };
    Both::new(
        format!("Indicators and pillars were put together by {en}: {}.", weights.en),
        format!("指标与维度以{zh}合成：{}。", weights.zh),
    )
}

/// Why a county is not ranked; in Chinese too where the reason is one of ours.
pub(crate) fn not_ranked(why: &str) -> Both {
    let ours = [
        ("it applies with", "与他县联合申报，由牵头县参与排名"),
        ("it has no road", "县内无道路"),
        (
            "no charging station is within reach of any county, so coverage cannot tell them apart",
            "各县均无可及的充电站，无法按覆盖情况排名",
        ),
        ("it is not among the counties of this round", "不在本轮申报范围内"),
        ("it has no value of any indicator", "各项指标均无数值"),
        ("it has no value of", "缺少指标数值"),
        ("its inputs are trusted", "输入数据可信度低于要求"),
        ("it has ", "道路里程低于要求"),
    ];
    if why.starts_with("excluded by hand") {
        return shown_both(why, &said(why, Lang::Zh));
    }
    let zh = ours.iter().find(|(en, _)| why.starts_with(en)).map_or(why, |(_, zh)| zh);
    shown_both(why, zh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_ranges() {
        assert_eq!([signed(1.25, 1), signed(-0.04, 1), signed(-2.0, 1), signed(0.0, 2)], ["+1.2", "0.0", "−2.0", "0.00"]);
        let r = |low, high| UnitRange { unit: 0, nominal: 3, median: 3, low, high, mean_change: 0.0 };
        assert_eq!([range(Some(&r(3, 3))), range(Some(&r(2, 1200))), range(None)], ["3", "2–1,200", "–"]);
    }

    #[test]
    fn what_a_user_writes_stands_as_it_is_and_what_is_ours_is_in_chinese() {
        assert_eq!(unit("元/人"), Both::new("元/人", "元/人"));
        assert_eq!(level("±10 % of the range").zh, "±10 %（占全距）");
        assert_eq!(not_ranked("flooded"), Both::same("flooded"));
        assert_eq!(not_ranked("it has 3.0 km of road, less than 5 km").zh, "道路里程低于要求");
    }
}
