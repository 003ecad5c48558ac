//! Units of figures as people read them, in English and Chinese.

use super::lang::Both;

/// Units as files have them, and their Chinese.
const UNITS: [(&str, &str); 35] = [
    ("km", "公里"),
    ("m", "米"),
    ("mi", "英里"),
    ("min", "分钟"),
    ("h", "时"),
    ("s", "秒"),
    ("years", "年"),
    ("points", "分"),
    ("kW", "千瓦"),
    ("kWh", "千瓦时"),
    ("kWh/km", "千瓦时/公里"),
    ("kWh/day", "千瓦时/日"),
    ("kg/day", "千克/日"),
    ("kg/100 km", "千克/百公里"),
    ("km/h", "公里/小时"),
    ("kW/vehicle", "千瓦/车"),
    ("swaps/day", "次/日"),
    ("swaps/h", "次/小时"),
    ("sessions/day", "次/日"),
    ("sessions/h", "次/小时"),
    ("vehicles", "辆"),
    ("vehicles/day", "辆/日"),
    ("piles", "桩"),
    ("guns", "枪"),
    ("facilities", "座"),
    ("stations", "座"),
    ("stations/1000 km", "座/千公里"),
    ("stations/10000 people", "座/万人"),
    ("people", "人"),
    ("settlements", "个居民点"),
    ("counties", "个县"),
    ("provinces", "个省"),
    ("yuan", "元"),
    ("degree", "度"),
    ("units", "处"),
];

/// A unit; one that is not known, as it stands: users write units of their own.
pub fn unit_names(unit: &str) -> Both {
    let zh = UNITS.iter().find(|(own, _)| *own == unit).map_or(unit, |(_, zh)| zh);
    Both::new(unit, zh)
}

/// A number with its unit; with none, the number alone.
pub fn with_unit(number: impl std::fmt::Display, unit: &str) -> Both {
    let names = unit_names(unit);
    let one = |unit: &str| format!("{number} {unit}").trim_end().to_owned();
    Both::new(one(&names.en), one(&names.zh))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_have_their_chinese_and_those_of_users_stay() {
        assert_eq!(with_unit(250_000, "vehicles"), Both::new("250000 vehicles", "250000 辆"));
        assert_eq!(with_unit(0.5, ""), Both::same("0.5"));
        assert_eq!(unit_names("furlongs"), Both::same("furlongs"));
        // what is counted in percent or in tonnes is written alike
        assert_eq!(with_unit(5, "%"), Both::same("5 %"));
    }
}
