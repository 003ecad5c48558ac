//! Money of two rounds as the terminal and JSON say it: the totals, who gains and loses funding, and the cells of a county.

use crate::error::printable;
use crate::files::lang::Lang;
use crate::results::money::{Funding, MoneyChange, MoneyTotals, number, written, written_change};
use serde_json::{Value, json};

/// Money in all, and who gained and lost it.
pub fn money_text(m: &MoneyTotals, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    if m.is_nothing() {
        return if zh { "资金：两轮均无县入选\n" } else { "money: no county is funded in either round\n" }.to_owned();
    }
    let no_sums = m.without_sums();
    let unknown = if zh { "未知" } else { "unknown" };
    let sum = |v: Option<u64>| v.map_or_else(|| unknown.to_owned(), |v| written(v as i64));
    let change = |v: Option<i64>| v.map_or_else(|| unknown.to_owned(), written_change);
    let [old, new] = &m.currencies;
    let unit = match () {
        () if old.is_empty() && new.is_empty() => String::new(),
        () if m.same_money() => format!(" ({})", printable(new)),
        () => {
            let not = if zh { "未注明" } else { "not said" };
            let typed = |c: &str| if c.is_empty() { not.to_owned() } else { printable(c) };
            format!(" ({} -> {})", typed(old), typed(new))
        }
    };
    let mut s = match (no_sums, zh) {
        (true, true) => "资金（两轮均未设资金总额，金额未知）：\n".to_owned(),
        (true, false) => "funding (neither round has a budget, so sums are not known):\n".to_owned(),
        (false, _) => format!(
            "{}{unit}{}{} -> {} ({})\n",
            if zh { "资金" } else { "money" },
            if zh { "：" } else { ": " },
            sum(m.given[0]),
            sum(m.given[1]),
            change(m.change()),
        ),
    };
    for kind in Funding::TOLD {
        let (all, [en, cn]) = (m.of_kind(kind), kind.words());
        if all.counties > 0 {
            let plain = no_sums || kind == Funding::Kept;
            s += &match (plain, zh) {
                (true, true) => format!("  {cn}：{} 个县\n", all.counties),
                (true, false) => format!("  {en}: {}\n", counties(all.counties)),
                (_, true) => format!("  {cn}：{} 个县，{}\n", all.counties, change(all.change)),
                (_, false) => format!("  {en}: {}, {}\n", counties(all.counties), change(all.change)),
            };
        }
    }
    s
}

fn counties(n: u64) -> String {
    if n == 1 { "1 county".to_owned() } else { format!("{n} counties") }
}

/// Money of a county in both rounds, and the difference.
pub fn money_cells(m: MoneyChange, lang: Lang) -> [String; 2] {
    let zh = lang == Lang::Zh;
    let [en, cn] = m.funding().words();
    let sum = |v: Option<u64>| v.map_or_else(|| "?".to_owned(), |v| written(v as i64));
    let change = m.change().filter(|by| *by != 0).map_or_else(String::new, |by| format!(" ({})", written_change(by)));
    let [old, new] = m.amounts().map(sum);
    let none = m.funding() == Funding::Neither || (m.unknown() && m.amounts().iter().all(|a| a.is_none_or(|a| a == 0)));
    [if zh { cn } else { en }.to_owned(), if none { String::new() } else { format!("{old} -> {new}{change}") }]
}

/// Money in all, for scripts.
pub fn money_json(m: &MoneyTotals) -> Value {
    let kind = |kind: Funding| {
        let all = m.of_kind(kind);
        json!({ "counties": all.counties, "change": all.change.map(number) })
    };
    let mut all = json!({
        "currency_old": m.currencies[0], "currency_new": m.currencies[1],
        "old": m.given[0].map(|v| number(v as i64)), "new": m.given[1].map(|v| number(v as i64)), "change": m.change().map(number),
    });
    Funding::TOLD.iter().for_each(|told| all[told.as_str()] = kind(*told));
    all
}
