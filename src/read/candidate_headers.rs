//! The columns that the fields of candidate sites are looked for in; see [`super::headers`].

use super::headers::Fields;

/// Fields of candidate sites.
pub const CANDIDATES: Fields = &[
    ("id", &["id", "candidate_id", "site_id", "code", "编号", "站址编号", "点位编号", "候选点编号", "代码"]),
    ("name", &["name", "site_name", "名称", "站址名称", "点位名称", "候选点名称", "候选站址", "地名"]),
    ("name_zh", &["name_zh", "name:zh", "名称", "站址名称", "点位名称", "候选点名称", "候选站址", "地名"]),
    ("lon", &["lon", "lng", "long", "longitude", "x", "经度", "经度坐标", "东经", "wgs84经度"]),
    ("lat", &["lat", "latitude", "y", "纬度", "纬度坐标", "北纬", "wgs84纬度"]),
    ("kind", &["kind", "site_type", "type", "category", "类型", "类别", "场景", "场景类型", "点位类型", "站址类型"]),
    (
        "cost",
        &[
            "cost",
            "site_cost",
            "cost_yuan",
            "cost_cny",
            "cost_eur",
            "cost_usd",
            "capex",
            "investment",
            "造价",
            "投资",
            "投资额",
            "总投资",
            "建设投资",
            "建设成本",
            "建设费用",
            "成本",
            "费用",
        ],
    ),
    (
        "headroom_kw",
        &[
            "headroom_kw",
            "grid_headroom_kw",
            "headroom",
            "grid_headroom",
            "可开放容量",
            "配变可用容量",
            "可用容量",
            "剩余容量",
            "富余容量",
        ],
    ),
    ("max_kw", &["max_kw", "max_power_kw", "largest_kw", "最大功率", "最大容量", "可建功率", "可建容量"]),
    ("land", &["land", "land_use", "用地", "用地性质", "用地类型", "土地", "土地性质", "土地权属"]),
    ("fixed", &["fixed", "locked", "lock", "固定", "锁定", "是否锁定", "必选", "是否必选"]),
    ("wkt", &["wkt", "geometry", "geom", "the_geom"]),
];
