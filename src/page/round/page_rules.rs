//! The rule of selection in sentences, in English and Chinese, from `[select]`.

use super::page::amount;
use crate::page::i18n::shown;
use crate::results::Round;

/// The sentences.
pub fn rules(r: Round<'_>) -> Vec<[String; 2]> {
    let s = &r.part.file.select;
    if !s.is_asked() {
        return vec![["The round ranks its counties and selects nobody.".to_owned(), "本轮只排名，不作选择。".to_owned()]];
    }
    let currency = s.currency.as_deref().map_or(String::new(), |c| format!(" ({})", shown(c)));
    let mut limits: Vec<[String; 2]> = Vec::new();
    if let Some(n) = s.places {
        limits.push([format!("{n} places in all"), format!("总名额 {n} 个")]);
    }
    if let Some(quotas) = &s.quotas {
        let sum: usize = quotas.values().sum();
        limits.push([format!("the quota of its province ({sum} in all)"), format!("本省名额（合计 {sum} 个）")]);
    }
    if let Some(budget) = s.budget.map(amount) {
        let [each, each_zh] = match (&s.cost_column, s.cost) {
            (Some(column), _) => {
                let column = shown(column);
                [format!("what each costs stands in the column “{column}”"), format!("各县所需见“{column}”列")]
            }
            (None, cost) => {
                let cost = amount(cost.unwrap_or(0.0));
                [format!("{cost}{currency} a county"), format!("每县 {cost}{currency}")]
            }
        };
        limits.push([format!("the budget of {budget}{currency} ({each})"), format!("资金 {budget}{currency}（{each_zh}）")]);
    }
    let list = |zh: usize, and: &str| limits.iter().map(|l| l[zh].as_str()).collect::<Vec<_>>().join(and);
    let mut all = vec![[
        format!(
            "The selection goes down the national ranking, greatest shortfall first. A county is selected as long as this lasts: {}.",
            list(0, "; ")
        ),
        format!("按全国名次由前向后选取，缺口大者在先；在以下限额之内即入选：{}。", list(1, "；")),
    ]];
    if s.budget.is_some() {
        all.push(if s.skip {
            [
                "A county that the rest of the budget does not pay for is passed over, and the selection goes on.".to_owned(),
                "剩余资金不足的县予以跳过，继续向后选取。".to_owned(),
            ]
        } else {
            [
                "The first county that the rest of the budget does not pay for ends the selection.".to_owned(),
                "遇到首个剩余资金不足的县，选取即告结束。".to_owned(),
            ]
        });
    }
    if !r.settings.table.joint.is_empty() {
        all.push([
            "Counties that apply jointly are ranked as one, in the place of their lead.".to_owned(),
            "联合申报的县合并排名，由牵头县代表。".to_owned(),
        ]);
    }
    all
}
