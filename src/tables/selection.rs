//! `selection.csv`: who is selected in a round, and of everybody else the reason why not.

use crate::config::rank_table::RankTable;
use crate::config::round_file::SelectTable;
use crate::files::lang::Lang;
use crate::files::messages::said;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, boolean, integer, real, text};
use crate::rank::RankRow;
use crate::rank::select::{Choice, UNKNOWN, Why};
use crate::read::county::County;
use crate::results::Round;

/// Its file.
pub const FILE: &str = "selection.csv";

const UNRANKED: &str = "the county is not ranked";
const NO_MONEY: &str = "the round has no budget, the county is not ranked, or what it costs is not known";
const MONEY: &str = "money of the round";
pub(super) const WORDS: &str = "selected, selected_with_lead, funded_by_hand, withheld_by_hand, quota_used, province_without_quota, no_place_left, budget_used, cost_unknown, bounds_open, ended_above, not_ranked or lead_not_selected";

/// A row: a county.
#[derive(Clone, Debug)]
pub struct SelectionRow<'a> {
    /// The county.
    pub county: &'a County,
    /// Its row of the ranking.
    pub row: &'a RankRow,
    /// What became of it.
    pub choice: &'a Choice,
    /// Its province; empty where codes name none.
    pub province: &'a str,
    /// The reason, in English and in Chinese.
    pub why: [String; 2],
    /// Points of score that it lacks to the last county selected of those it competes with.
    pub short: Option<f64>,
}

/// The table.
pub fn table<'a>() -> Table<'a, SelectionRow<'a>> {
    Table::new(place_fields()).with(chosen_fields(|r: &SelectionRow<'_>| r.choice.why)).with(reason_fields())
}

fn place_fields<'a>() -> Vec<Field<'a, SelectionRow<'a>>> {
    let rank = |n: Option<u32>| Value::opt(n, |n| Value::Integer(n.into()));
    vec![
        integer("rank", "rank", "", "Place in the country", "全国名次")
            .or_null(UNRANKED)
            .of(move |r: &SelectionRow<'_>| rank(r.row.rank)),
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &SelectionRow<'_>| Value::Text(r.county.code.clone())),
        text("name", "name", "Name", "名称").or_null("not known").of(|r: &SelectionRow<'_>| Value::Text(r.county.name.clone())),
        text("name_zh", "name_zh", "Chinese name", "中文名称")
            .or_null("not known")
            .of(|r: &SelectionRow<'_>| Value::text_or_null(&r.county.name_zh)),
        text("province", "province", "Province, by the first digits of the code", "省级代码")
            .or_null("codes name none")
            .of(|r: &SelectionRow<'_>| Value::text_or_null(r.province)),
        integer("rank_in_province", "rank_prov", "", "Place in the province", "省内名次")
            .or_null(UNRANKED)
            .of(move |r: &SelectionRow<'_>| rank(r.row.rank_in_province)),
        real("score_0_100", "score", "points", "Score", "得分")
            .or_null(UNRANKED)
            .of(|r: &SelectionRow<'_>| Value::opt(r.row.score, Value::Real)),
    ]
}

/// What became of a county, here and in the layer of counties, over rows that know it.
pub fn chosen_fields<'a, R: 'a>(why: impl Fn(&R) -> Why + Copy + Send + Sync + 'a) -> [Field<'a, R>; 2] {
    [
        boolean("selected", "selected", "Funded in this round", "是否入选").of(move |r: &R| Value::Boolean(why(r).is_selected())),
        text("selection", "selection", WORDS, "入选结果").of(move |r: &R| Value::Word(why(r).as_str())),
    ]
}

fn reason_fields<'a>() -> Vec<Field<'a, SelectionRow<'a>>> {
    let money = |m: Option<u64>| Value::opt(known(m), |m| Value::Real(m as f64 / 100.0));
    let short = "Points of score that it lacks to the last county selected of those it competes with";
    vec![
        text("why", "why", "The reason in a sentence", "理由（英文）").of(|r: &SelectionRow<'_>| Value::Text(r.why[0].clone())),
        text("why_zh", "why_zh", "The reason in Chinese", "理由").of(|r: &SelectionRow<'_>| Value::Text(r.why[1].clone())),
        real("cost", "cost", MONEY, "What it costs", "所需资金")
            .or_null(NO_MONEY)
            .of(move |r: &SelectionRow<'_>| money(r.choice.cost)),
        real("budget_left_before", "left", MONEY, "What was left when its turn came", "轮到时剩余资金")
            .or_null(NO_MONEY)
            .of(move |r: &SelectionRow<'_>| money(r.choice.left)),
        real("points_short", "short", "points", short, "距入选差距（分）")
            .or_null("it is selected or not ranked, nobody is selected, or points are not what it lacks")
            .of(|r: &SelectionRow<'_>| Value::opt(r.short, Value::Real)),
    ]
}

/// Its rows, first place first.
pub fn rows<'a>(r: Round<'a>) -> impl Iterator<Item = SelectionRow<'a>> + 'a {
    let lines = r.lines();
    let Round { results, part } = r;
    results.assessment.ranking.rows.iter().map(move |row| {
        let (county, choice) = (&results.members[row.county].county, &part.choices[row.county]);
        let province = results.settings.province(&county.code);
        let last = lines.last_score(province, choice.why);
        // one that scores as much as the last selected lacks something else
        let short = row.score.zip(last).map(|(own, last)| last - own).filter(|short| !choice.why.is_selected() && *short > 0.0);
        SelectionRow { county, row, choice, province, why: why(&r, row.county), short }
    })
}

/// The reason of a county's fate, in English and in Chinese.
pub fn why(r: &Round<'_>, county: usize) -> [String; 2] {
    let of = |i: usize| {
        let code = &r.members[i].county.code;
        let not_rankable = r.assessment.ranking.of(i).and_then(|row| row.not_rankable.as_deref());
        let select = &r.part.file.select;
        Known { code, province: r.settings.province(code), not_rankable, select, table: &r.settings.table, lead: None }
    };
    let known = of(county);
    let lead = known.code_of_lead().and_then(|lead| r.members.binary_search_by(|m| m.county.code.as_str().cmp(lead)).ok());
    let lead = lead.map(|i| (&r.part.choices[i], of(i)));
    reason(&r.part.choices[county], &Known { lead: lead.as_ref().map(|(choice, known)| (*choice, known)), ..known })
}

/// What the reason of a county's fate is told from, beside its choice.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its province; empty where codes name none.
    pub province: &'a str,
    /// Why it has no place.
    pub not_rankable: Option<&'a str>,
    /// `[select]`.
    pub select: &'a SelectTable,
    /// `[rank]`, with what was set by hand.
    pub table: &'a RankTable,
    /// The county that leads its joint application, with what became of that; none where it leads or applies by itself.
    pub lead: Option<(&'a Choice, &'a Known<'a>)>,
}

impl<'a> Known<'a> {
    /// Code of the county that leads its joint application; none where it leads or applies by itself.
    pub fn code_of_lead(&self) -> Option<&'a str> {
        self.table.joint.iter().find(|j| j.has_member(self.code)).map(|j| j.lead.as_str())
    }
}

/// The reason of a choice, in English and in Chinese.
pub fn reason(choice: &Choice, known: &Known<'_>) -> [String; 2] {
    let both = |[en, zh]: [&str; 2]| [en.to_owned(), zh.to_owned()];
    match choice.why {
        Why::Selected => both(["within places, quota and budget", "在名额与资金之内"]),
        Why::ByHand => by_hand(known, ["funded by hand", "人工决定入选"]),
        Why::Withheld => by_hand(known, ["not funded, by hand", "人工决定不入选"]),
        Why::WithLead => with_lead(known, ["its joint application is selected", "所在联合申报入选"]),
        Why::LeadNotSelected => with_lead(known, ["its joint application is not selected", "所在联合申报未入选"]),
        Why::NotRanked => not_ranked(known.not_rankable.unwrap_or("no reason is known")),
        Why::NoPlaceLeft => no_place_left(known.select),
        Why::NoQuota | Why::QuotaUsed => of_quota(known, choice.why),
        Why::BudgetUsed => {
            let money = |m, unknown: &str| self::known(m).map_or(unknown.to_owned(), amount);
            let [en, zh] = ["an unknown sum", "未知"].map(|unknown| [money(choice.cost, unknown), money(choice.left, unknown)]);
            [format!("it costs {} and {} were left", en[0], en[1]), format!("需资金 {}，剩余 {}", zh[0], zh[1])]
        }
        Why::CostUnknown => {
            let column = known.select.cost_column.as_deref().unwrap_or_default().trim();
            [format!("what it costs is not known (column \"{column}\")"), format!("所需资金未知（“{column}”列）")]
        }
        Why::BoundsOpen => both([
            "it lacks values, and the budget does not pay for it and all above it in whatever order those stand",
            "缺少指标数值；名次在前各县无论如何排列，剩余资金均须足够，而资金不足",
        ]),
        Why::EndedAbove => both(["the budget ended at a county above it", "资金在名次在前的县处用尽"]),
    }
}

fn not_ranked(reason: &str) -> [String; 2] {
    [format!("not ranked: {reason}"), format!("未参与排名：{}", said(reason, Lang::Zh))]
}

/// What became of a joint application, and why: a county of it that may not be ranked says so itself, else who leads it does. Of one that is
/// selected by the rule that is all.
fn with_lead(known: &Known<'_>, [en, zh]: [&str; 2]) -> [String; 2] {
    let Some((choice, lead)) = known.lead.filter(|(choice, _)| choice.why != Why::Selected) else {
        return [en.to_owned(), zh.to_owned()];
    };
    let own = known.table.eligibility.except.get(known.code).cloned().or_else(|| known.table.excluded_by_hand(known.code));
    if let Some(own) = own.filter(|_| !choice.why.is_selected()) {
        return [format!("{en}: {own}"), format!("{zh}：{}", said(&own, Lang::Zh))];
    }
    let [why, why_zh] = reason(choice, lead);
    [format!("{en}: {}, which leads it: {why}", lead.code), format!("{zh}：牵头县 {}：{why_zh}", lead.code)]
}

/// Who decided, on which day, and why; and why the county is not ranked, where it is funded all the same.
fn by_hand(known: &Known<'_>, [en, zh]: [&str; 2]) -> [String; 2] {
    let o = known.table.overrides.iter().find(|o| o.county == known.code && o.funded.is_some());
    let (by, on, why) = o.map_or_else(Default::default, |o| (o.by.as_str(), o.on.as_str(), o.reason.as_str()));
    let funded = o.is_some_and(|o| o.funded == Some(true));
    let [though, though_zh] = known.not_rankable.filter(|_| funded).map_or_else(Default::default, though);
    [format!("{en}{though} ({by}, {on}): {why}"), format!("{zh}{though_zh}（{by}，{on}）：{why}")]
}

/// What is said beside a decision to fund a county that is not ranked.
pub(super) fn though(why: &str) -> [String; 2] {
    [format!(" though it is not ranked: {why}"), format!("，尽管未参与排名：{}", said(why, Lang::Zh))]
}

fn no_place_left(select: &SelectTable) -> [String; 2] {
    if !select.is_asked() {
        let en = "the round selects nobody: it has no places, quotas or budget";
        return [en.to_owned(), "本轮未设名额、配额或资金".to_owned()];
    }
    let places = select.places.unwrap_or(0);
    [format!("all {places} places went to counties above it"), format!("{places} 个名额已由名次在前的县取得")]
}

fn of_quota(known: &Known<'_>, why: Why) -> [String; 2] {
    let province = known.province;
    if why == Why::NoQuota {
        return [format!("province {province} has no quota in this round"), format!("{province} 省级区域本轮无名额")];
    }
    let quota = known.select.quotas.as_ref().and_then(|q| q.get(province)).copied().unwrap_or(0);
    [
        format!("the {quota} of province {province} went to counties above it"),
        format!("{province} 省级区域 {quota} 个名额已由名次在前的县取得"),
    ]
}

/// Money that is known: the highest sum stands for what is not.
fn known(hundredths: Option<u64>) -> Option<u64> {
    hundredths.filter(|m| *m < UNKNOWN)
}

/// Money in hundredths, as people write it.
fn amount(hundredths: u64) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:02}") }
}
