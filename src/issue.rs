//! Issue records: what was refused, repaired or noticed in the input, one sentence each.
//!
//! Issues do not stop a run; too many refusals in a layer do (see [`Issues::check_refused_share`]).

use crate::error::{Error, Location, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// How much an issue matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The record was not used.
    Refused,
    /// The record was used, but look at it.
    Warning,
    /// For the books: what was left out on purpose.
    Note,
}

impl Severity {
    /// Every one, the worst first.
    pub const ALL: [Self; 3] = [Self::Refused, Self::Warning, Self::Note];

    /// The word written to files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// An input layer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum Layer {
    /// County polygons.
    Counties,
    /// Road lines.
    Roads,
    /// Charging and swap stations.
    Stations,
    /// Settlements.
    Settlements,
    /// Places where a station could be built.
    Candidates,
    /// The ranking itself.
    Ranking,
    /// The plan of sites.
    Plan,
}

impl Layer {
    /// All input layers, in the order in which they are read.
    pub const ALL: [Self; 7] =
        [Self::Counties, Self::Roads, Self::Stations, Self::Settlements, Self::Candidates, Self::Ranking, Self::Plan];

    /// The word written to files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counties => "counties",
            Self::Roads => "roads",
            Self::Stations => "stations",
            Self::Settlements => "settlements",
            Self::Candidates => "candidates",
            Self::Ranking => "ranking",
            Self::Plan => "plan",
        }
    }
}

macro_rules! issue_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $slug:literal $severity:ident $next:literal $zh:literal;)+) => {
        /// What happened. The slug is stable and written to `issues.csv`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
        pub enum IssueCode { $($(#[doc = $doc])+ $variant,)+ }

        impl IssueCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The stable name.
            pub fn as_str(self) -> &'static str { match self { $(Self::$variant => $slug,)+ } }
            /// How much it matters.
            pub fn severity(self) -> Severity { match self { $(Self::$variant => Severity::$severity,)+ } }
            /// What to do about it.
            pub fn next(self) -> &'static str { match self { $(Self::$variant => $next,)+ } }
            /// What it means, in English.
            pub fn en(self) -> &'static str { match self { $(Self::$variant => concat!($($doc),+).trim(),)+ } }
            /// What it means, in Chinese.
            pub fn zh(self) -> &'static str { match self { $(Self::$variant => $zh,)+ } }
        }
    };
}

issue_codes! {
    /// No geometry at all.
    NullGeometry "null_geometry" Refused "give the feature a geometry or delete it" "无几何";
    /// Another geometry type than the layer holds.
    WrongGeometry "wrong_geometry_type" Refused "keep one geometry type in a layer" "几何类型不符";
    /// An area, or several points, where one point belongs; a point of it was taken.
    PointOfShape "point_of_shape" Note "nothing to do; give a point where the entrance matters" "面或多点要素，已取其内一点";
    /// A coordinate that is no position.
    BadCoordinate "bad_coordinate" Refused "give longitude, latitude in degrees (WGS 84)" "坐标无效";
    /// Longitude and latitude are exchanged.
    SwappedCoordinates "swapped_coordinates" Refused "write longitude first, then latitude" "经纬度颠倒";
    /// Positions taken from a shifted datum because the region file says so.
    DatumConverted "datum_converted" Note "nothing to do if the datum is the one that was said" "坐标已按指定基准转换";
    /// A coordinate system whose shift to WGS 84 is not known.
    DatumUnknown "datum_unknown" Warning "convert the layer to CGCS2000 or WGS 84 with the survey's own parameters" "坐标基准转换参数未知";
    /// Nobody says which encoding a text has, and it is not UTF-8.
    EncodingGuessed "encoding_guessed" Note "nothing to do if the sample reads well; else say encoding = in the region file" "编码由内容推断";
    /// Text in a column of numbers.
    TextInNumbers "text_in_number_column" Warning "mend the cell; it counts as a number only where the whole column says how it is meant" "数值列中含文本";
    /// Rows that their file marks as deleted.
    DeletedRows "deleted_rows" Note "nothing to do; pack the table to be rid of them" "文件中标记为已删除的行";
    /// The region file says another coordinate system than the layer.
    CrsOverridden "crs_overridden" Warning "leave crs out if the file is right" "坐标系以设置为准";
    /// Positions that look moved against the roads.
    LooksShifted "looks_shifted" Warning "under [stations] or [roads], whichever is moved, write the line `datum = \"gcj02\"` (or bd09, or wgs84 if they are right)" "疑似坐标偏移";
    /// The position (0, 0).
    NullIsland "null_island" Refused "give the true position" "坐标为(0,0)";
    /// The record cannot be read.
    BadRecord "bad_record" Refused "mend the record" "记录无法解析";
    /// A field that must be there is missing or empty.
    MissingField "missing_field" Refused "fill the field, or map another one in region.toml" "缺少字段";
    /// Fewer than two different positions.
    ZeroLength "zero_length" Refused "delete the line or give it two positions" "线长为零";
    /// A ring that is not closed or has under four positions, or no area.
    InvalidRing "invalid_ring" Refused "close the ring and give it an area" "边界环无效";
    /// A ring that crosses itself; used as drawn.
    SelfIntersection "self_intersection" Warning "repair the polygon; it was used as drawn" "边界自相交";
    /// A shape that was not valid and was repaired, as asked.
    Repaired "repaired" Warning "compare the areas; mend the polygon at its source if they differ" "边界已自动修复";
    /// Records of one code that were joined to one county, as asked.
    PartsMerged "parts_merged" Note "nothing to do; [counties] merge asked for it" "同一代码的多个部分已合并";
    /// Records of one code and other names that were joined to one county.
    PartsOfOtherNames "parts_of_other_names" Warning "check that they are parts of one county, and that the code is a county's own" "同一代码而名称不同的部分已合并";
    /// Ground that two counties both cover, or that none does, too narrow to be meant.
    Sliver "sliver" Warning "snap the shared border to one line" "县界狭缝（重叠或空隙）";
    /// Ground between counties that belongs to none.
    CountyGap "county_gap" Note "nothing to do for a lake or an enclave; else mend the border" "县界之间的空白区域";
    /// A county that the joined table does not have.
    CountyWithoutRow "county_without_row" Warning "add a row, or a pair of codes to the crosswalk" "属性表缺少该县";
    /// A row of the joined table without a county polygon.
    RowWithoutCounty "row_without_county" Note "nothing to do for totals and development zones" "属性表行无对应县界";
    /// A row of the joined table that stands there twice and says the same.
    RowTwice "row_twice" Warning "delete one of the two rows" "属性表中重复且相同的行";
    /// A row joined through the crosswalk.
    Recoded "recoded" Note "nothing to do if the crosswalk is right" "区划代码变更";
    /// A column that is not known because several rows joined one county.
    ColumnOfSeveralRows "column_of_several_rows" Warning "give the table one row for the county" "多行并入一县，该列未取值";
    /// An OSM boundary whose ways do not close.
    OpenBoundary "open_boundary" Refused "extract with complete relations, or give [counties]" "边界未闭合";
    /// Two counties cover the same ground; the lower code has it.
    CountyOverlap "county_overlap" Warning "mend the shared border; the lower code was taken" "县界重叠";
    /// An OSM boundary of which the extract holds only a part.
    BoundaryBeyond "boundary_beyond_extract" Note "nothing to do if it belongs to a neighbour; else extract with complete relations" "边界超出数据范围";
    /// No county boundary tiles the input.
    NoTiling "no_tiling_level" Warning "give [counties], or --admin-level" "无完整行政区划";
    /// A county in which no road was read.
    CountyWithoutRoad "county_without_road" Warning "check that the road layer covers the county" "县内无道路";
    /// A record id that was seen before.
    DuplicateId "duplicate_id" Warning "give every record its own id, or say [stations] group_by if the rows are points of one station; all were used" "编号重复";
    /// Settlements of a county that have more people than it.
    MoreInSettlements "more_in_settlements" Warning "check which places the figures of people are of; the county table decides unless [demand] people says otherwise" "居民点人口多于全县人口";
    /// Settlements without a number of vehicles of a class that others of their county have.
    VehiclesFilled "vehicles_filled" Warning "give every settlement a number, 0 where there are none; they were filled by the rule that is named" "部分居民点缺少车辆数（已按规则补全）";
    /// A number of vehicles that cannot be meant beside the people of the place.
    ImplausibleVehicles "implausible_vehicles" Warning "check the number and its unit; it was taken as not known" "车辆数不合常理（按未知处理）";
    /// Counts of a road without those of trucks, where the table has a column of them.
    CountWithoutTrucks "count_without_trucks" Warning "fill in the cell, 0 where there are none; all vehicles of the row were taken for cars" "交通量缺少货车数（均按客车计）";
    /// A county whose cell is blank in a column of vehicles that is named.
    CountyVehiclesMissing "county_vehicles_missing" Warning "fill in the cell, 0 where there are none; what is told was taken instead" "县级车辆数缺失";
    /// Vehicles of a county, or people, that stand at no settlement.
    DemandNowhere "demand_nowhere" Warning "give [settlements] with people, so that there is somebody to charge" "需求无处可落";
    /// Settlements of which neither people nor vehicles are known.
    DemandUnknown "demand_unknown" Warning "give their people, or their vehicles (0 where there are none); until then their demand is left blank and they stand last in the order of need" "居民点需求未知（人口与车辆数均缺）";
    /// Two stations that look like one.
    DuplicateStation "duplicate_station" Warning "delete one if they are the same; both were used" "疑似重复站点";
    /// Two settlements that look like one.
    DuplicateSettlement "duplicate_settlement" Warning "delete one if they are the same; both were used, and their people count twice" "疑似重复居民点（人口重复计算）";
    /// A station without guns or power, where the others have them.
    GhostStation "ghost_station" Warning "check that it exists; it was used" "疑似无效站点（无枪或无功率）";
    /// A number that cannot be read; taken as unknown.
    BadNumber "bad_number" Warning "write a plain number; it was taken as unknown" "数值无法解析";
    /// A power of which nobody says whether it is a gun's or the whole station's; not used.
    PowerOfWhat "power_of_what" Warning "tag socket:<type>:output for a gun, charging_station:output for the whole station" "未说明是单枪还是整站的功率";
    /// A power in kVA, taken as kW.
    KvaAsKw "kva_as_kw" Note "nothing to do; a gun of 22 kVA gives a little less than 22 kW" "千伏安按千瓦计";
    /// Formulas of a workbook that have no value, or failed; taken as empty.
    FormulaWithoutValue "formula_without_value" Warning "open the workbook, let it compute, and save it" "公式无计算结果";
    /// A text that fills a spreadsheet's cell to the last character; its end is lost.
    CellCut "cell_cut" Warning "take the text from its source, not from a spreadsheet" "单元格内容被截断";
    /// Cells that are shown in percent; their numbers are taken as stored.
    PercentCells "percent_cells" Note "nothing to do if 0.45 is meant where the sheet shows 45 %" "百分比格式单元格（按存储数值读取）";
    /// Which sheet of a workbook was read, where none was named.
    SheetChosen "sheet_chosen" Note "name another with sheet, if this is not the one" "所读取的工作表";
    /// Another sheet of a workbook with such a table, where none was named.
    SheetNotRead "sheet_not_read" Warning "name the one that is meant with sheet, or put the rows of both into one" "未读取的同类工作表";
    /// Cells of several rows of a sheet that are one: only the first row has what they say.
    MergedRows "merged_rows" Warning "unmerge the cells, and write what they say in every row" "跨行合并的单元格";
    /// A code that a spreadsheet made a number of; joined all the same.
    CodeMadeNumber "code_made_number" Warning "keep codes as text: format the column as text before typing or pasting" "区划代码被表格软件转为数值";
    /// Fewer people than none.
    NegativePeople "negative_people" Refused "write the number of people, or leave it empty where it is not known" "人口为负数";
    /// A value outside the known list; taken as unknown.
    UnknownValue "unknown_value" Warning "use a known value, or tell us about this one" "未知取值";
    /// A column that nothing used.
    UnusedColumn "unused_column" Note "map it under fields if it says what a field asks for; else nothing to do" "未使用的列";
    /// A column that looks like one of ours and was not taken.
    LooksLikeField "looks_like_a_field" Warning "map it under fields, or give it another name" "疑似所需但未采用的列";
    /// Columns that mean one field and say two things of a record; the first of them counts.
    ColumnsContradict "columns_contradict" Warning "make both say the same, or name the one that counts under fields of the layer" "同义列取值互相矛盾";
    /// A column that means another thing than those that its field comes from, or than the field itself.
    OtherMeaning "other_meaning" Note "nothing to do if that is meant; fields = names the column that is to be taken" "含义不同的列";
    /// A file that says that its server had more than was fetched.
    CutShort "cut_short" Warning "fetch the rest, page by page, and put it into the file: roads, stations and people that are not in it count as not there" "下载不完整";
    /// Days that are not understood; they count as not given.
    DateNotUnderstood "date_not_understood" Warning "write days as 2021-03-05" "日期无法识别";
    /// Numbers of a column in another unit, taken to ours.
    UnitOfColumn "unit_of_column" Note "nothing to do if the header says the unit rightly" "按列名单位换算";
    /// Lines before the header of a table.
    TitleRows "title_rows" Note "nothing to do if the header is the line that is named" "表头之前的标题行";
    /// Rows of a table in which every cell is blank.
    BlankRows "blank_rows" Note "nothing to do" "整行空白的行";
    /// A layer that is read by the rules of the format that its columns name.
    FormatByContent "format_by_content" Note "nothing to do if it is that format; format = \"fields\" reads it by the columns alone" "按内容识别的格式";
    /// A record that its source marks as void or not in service.
    MarkedVoid "marked_void" Note "nothing to do; the source says so" "数据源标记为无效或未运营的记录";
    /// An older version of a record that came again.
    Superseded "superseded" Note "nothing to do; the newest version was taken" "已被新版本取代的记录";
    /// Rows that are points of one station.
    Grouped "grouped" Note "nothing to do if the rows are points of stations" "多行合并为一站";
    /// A station whose count is not the number of its rows.
    GroupCount "group_count" Warning "check whether rows are missing or stand twice; the greater number was taken" "站点枪数与行数不符";
    /// Rows of a station that do not count beside others of it that do: closed, planned, private, opened later.
    RowsNotCounted "rows_not_counted" Note "nothing to do; [criteria] access and status say which rows count" "同站中不计入的行（停运、规划、专用等）";
    /// A station of which the rows with charging, or with swap, do not count.
    KindNotCounted "kind_not_counted" Warning "check access and status of those rows; the station counts for what its other rows offer" "站点的充电或换电行均不计入";
    /// Rows that say of no station that they are its points.
    RowsAlone "rows_alone" Warning "fill the column that groups the rows; each of these was used as a station" "未注明所属站点的行";
    /// Two values of a record that contradict each other.
    Contradiction "contradiction" Warning "mend the record at its source; what was taken is told" "同一记录的取值相互矛盾";
    /// Rows of one station that lie apart.
    GroupApart "group_apart" Warning "check the column that groups the rows; the first position was taken" "同一站点各行位置相距过远";
    /// A class known by another vocabulary than ours.
    ClassByVocabulary "class_by_vocabulary" Note "nothing to do if that is the vocabulary; [roads.classes] decides otherwise" "按已知分类词汇识别的道路等级";
    /// A class that is a list, of which the highest counts.
    ClassOfList "class_of_list" Note "nothing to do if the road is of its highest class; else map the list in [roads.classes]" "多值道路等级取最高者";
    /// A road class that is not mapped; its roads are left out.
    UnknownClass "unknown_class" Warning "map it in [roads.classes], or to \"exclude\"" "未知道路等级";
    /// A road class that is left out by choice.
    ClassExcluded "class_excluded" Note "list it in [roads] use to bring it in" "按设置排除的道路等级";
    /// Roads closed to motor vehicles.
    NoMotorVehicles "no_motor_vehicles" Note "nothing to do if these are closed to the public" "禁止机动车通行";
    /// Roads whose direction changes by the hour, which are left out.
    ReversibleRoad "reversible_road" Note "nothing to do; tag the hours' own lanes if they are separate ways" "潮汐（可变方向）道路，未计入";
    /// Roads that cars may drive one way only, or both, by a tag of a direction or for cars.
    DirectionForCars "direction_for_cars" Note "nothing to do; the tag for cars was followed" "按机动车专用标签确定的通行方向";
    /// Roads with another speed limit each way, of which the lower was taken.
    TwoSpeedLimits "two_speed_limits" Note "nothing to do; times are those of the slower direction" "双向限速不同，取较低者";
    /// A count of traffic that cannot be used.
    CountNotUsed "count_not_used" Warning "mend the row; roads without a count have no through traffic" "未采用的交通量观测";
    /// Roads that have their number from the route that they are in.
    NumberOfRoute "number_of_route" Note "nothing to do; a number on the roads themselves goes first" "道路编号取自路线关系";
    /// Ways that are no roads by their kind, opened to cars by a tag of their own.
    OpenedToCars "opened_to_cars" Note "nothing to do if cars drive there" "按标签对机动车开放的非道路";
    /// A barrier or a closed access at a point of a road, where the road ends for cars.
    RoadEndsAtBarrier "road_ends_at_barrier" Note "nothing to do if no car passes; an access tag on the point opens it" "道路在障碍物处中断";
    /// A ferry line, which is no road.
    FerryLeftOut "ferry_left_out" Note "nothing to do; what only a ferry reaches counts as cut off" "未计入的轮渡航线";
    /// Turn restrictions, which the search does not follow.
    TurnRestrictionIgnored "turn_restriction_ignored" Note "nothing to do; ways can be a little shorter than driven" "未考虑转弯限制";
    /// Limits for lorries, which are not applied.
    LorryLimitIgnored "lorry_limit_ignored" Note "nothing to do for cars; lorries may have to go another way" "未考虑货车限行";
    /// A piece of network that no station can ever reach because it is cut off.
    IslandExcluded "island_excluded" Note "connect it to the network, or lower [roads] min_island_km" "孤立路段";
    /// A piece of network that is cut off, and that people live on.
    IslandInhabited "island_inhabited" Warning "bring the road or ferry that joins it; without one its people are without a way" "有人居住的孤立路段";
    /// An end of road that was joined to the road beside it.
    JoinedEnd "joined_end" Note "nothing to do; [roads] join_tolerance_m asked for it" "按容差连接的道路端点";
    /// An end of road that lies near another road without joining it.
    NearEnd "near_end" Warning "mend the layer, or set [roads] join_tolerance_m" "疑似断开的道路端点";
    /// Two roads of one level that cross without a common vertex.
    CrossingWithoutNode "crossing_without_node" Note "nothing to do for bridges; else mend the layer, or set [roads] join_crossings" "无节点的道路交叉";
    /// A road drawn twice on the very same line.
    RepeatedRoad "repeated_road" Note "nothing to do if these are two names of one road; it was counted once" "重复绘制的道路（仅计一次）";
    /// Road outside every county.
    OutsideCounties "outside_counties" Note "nothing to do if the layer is larger than the region" "县界外道路";
    /// Much of the road lies outside every county, though nobody asked for some counties only.
    MuchOutside "much_road_outside_counties" Warning "check that no county is missing, or lacks a part of its border" "大量道路位于县界之外";
    /// OSM ways with missing nodes.
    MissingNodes "missing_nodes" Note "extract again with complete ways (osmium extract -s complete_ways; of Overpass ask \"(._;>;); out;\"), or nothing to do at the edge of the extract" "缺失节点";
    /// A station outside every county.
    StationOutside "station_outside_counties" Note "nothing to do if the layer is larger than the region" "县界外站点";
    /// Stations near the counties that no road of the layer leads to.
    StationsBeyondRoads "stations_beyond_roads" Warning "bring roads that reach them, at least as far out as the longest service distance" "县界外站点缺少道路连接";
    /// A station too far from any road.
    StationNotSnapped "station_not_snapped" Warning "check its position, or raise [criteria] max_snap_m" "站点离路过远";
    /// Stations that stand at a road which is left out, such as a service or a private road.
    StationsAtLeftOutRoads "stations_at_left_out_roads" Warning "bring those roads in by [roads] use = [..., \"service\"], or take the ways to them as they are" "站点位于未计入的道路旁";
    /// A station that the criteria leave out.
    StationNotQualifying "station_not_qualifying" Note "see [criteria] for what qualifies" "不符合条件的站点";
    /// Stations that opened after the day that is asked for.
    OpenedLater "opened_later" Note "nothing to do; [stations] opened_by asked for it" "指定日期之后投运的站点";
    /// A record of another kind (another fuel, a lifecycle prefix).
    OtherKind "other_kind" Note "nothing to do" "其他类型记录";
    /// A charge point or a relation that belongs to a station which is read by itself.
    PartOfStation "part_of_station" Note "nothing to do; it is counted with that station" "属于某充电站的充电桩或关系";
    /// Charge points of OpenStreetMap that belong to no station.
    ChargePointsAlone "charge_points_alone" Note "nothing to do; map the station around them to have its name and operator" "无所属充电站的充电桩";
    /// A charger or a candidate site whose nodes or members the extract lacks.
    PositionMissing "position_missing" Refused "extract again with complete ways and relations (osmium extract -s smart; of Overpass ask \"(._;>;); out;\" or \"out center;\")" "数据缺少该充电站或候选站址的节点，无法定位";
    /// A settlement outside every county.
    SettlementOutside "settlement_outside_counties" Note "nothing to do if the layer is larger than the region" "县界外居民点";
    /// A settlement too far from any road.
    SettlementNotSnapped "settlement_not_snapped" Warning "check its position, or raise [criteria] settlement_max_snap_m" "居民点离路过远";
    /// A candidate site outside every county.
    CandidateOutside "candidate_outside_counties" Note "nothing to do if the layer is larger than the region" "县界外候选站址";
    /// A candidate site at the place of another, which stays.
    CandidateTwice "candidate_twice" Warning "nothing to do if they are one site; else give each a place of its own" "同一位置的重复候选站址，仅保留第一个";
    /// A record that lies far away, and inside if longitude and latitude were exchanged.
    LooksSwapped "looks_swapped" Warning "exchange longitude and latitude of these records" "疑似经纬度颠倒";
    /// A power that no gun or station has.
    ImplausiblePower "implausible_power" Warning "check the unit (W, kW, MW); it was used as it stands, and [demand] takes it as not known" "功率不合常理";
    /// Settlements hold more people than the county has.
    PeopleExceedResidents "people_exceed_residents" Warning "check the settlements: a city's figure may count its surroundings" "居民点人口超过全县常住人口";
    /// A date that is not yet.
    DateInFuture "date_in_future" Warning "check the date; the station was used by its status" "日期在未来";
    /// All stations stand on one spot.
    AllAtOnePoint "all_at_one_point" Warning "check the columns with the position" "所有站点位于同一点";
    /// A column says the same of every county.
    SameForAll "same_for_all" Note "nothing to do if it is meant; else check the column" "该列在所有县取值相同";
    /// No station offers the service at all.
    NoStation "no_station" Warning "every road is in the gap; gap lines of this service are not written" "该服务无站点";
    /// A rank indicator that cannot be computed for every county.
    IndicatorLeftOut "indicator_left_out" Warning "supply what is missing, if anything is; its weight went to the others" "指标未采用";
    /// A rank indicator that some counties lack, and that the others keep.
    ValueMissing "value_missing" Warning "supply the values; missing.csv lists who lacks what, and what stands in for it" "部分县缺少指标数值";
    /// A county whose cost is not known.
    CostUnknown "cost_unknown" Warning "supply what it costs" "所需资金未知";
    /// A county that cannot be ranked.
    NotRankable "not_rankable" Warning "see the reason" "无法排名";
    /// A figure or a decision that was set by hand.
    SetByHand "set_by_hand" Note "see overrides.csv" "人工设定";
    /// Counties that apply together and do not touch.
    JointApart "joint_apart" Warning "check the codes under rank.joint, if they are to be neighbours" "联合申报的县不相邻";
    /// A region of a round that could not be read.
    RegionLeftOut "region_left_out" Refused "mend the region and run the round again; what is finished is kept" "地区数据无法读取，未纳入本轮";
    /// A county of a round that could not be computed.
    CountyFailed "county_failed" Refused "see the reason; what is finished is kept" "该县未能计算";
    /// A county, or a code, that the round names and no region has.
    NotFoundInRegions "not_found_in_regions" Warning "check the code, or give a crosswalk of codes that changed" "名单中的县无对应县界";
    /// A code under `[programme]` that no county's code begins with.
    ProgrammeCodeUnknown "programme_code_unknown" Warning "write the code of a county, or the beginning of one, as the county layer has it" "[programme] 下的代码无对应县";
    /// A road under `[programme] roads` that is not there.
    ProgrammeRoadUnknown "programme_road_unknown" Warning "write the number as the road layer has it, such as G318, or a pattern such as G*" "[programme] roads 中的道路不存在";
    /// A programme says who may apply, and nobody applies by a register.
    GatesNotHeld "gates_not_held" Warning "give [applicants] path, a register of who applies, if this is a round of that programme" "申报条件未予核对（没有申报登记表）";
    /// The name that an applicant is written with is not that of the county with its code.
    ApplicantName "applicant_name" Warning "compare code and name; the code counts" "申报县的名称与其代码的县不符";
    /// Something a region asks for that a round does not do.
    NotInRounds "not_in_rounds" Warning "run the region by itself for that" "批量轮次不支持的设置";
    /// New stations that were not tried.
    CounterfactualLeftOut "counterfactual_left_out" Note "see the reason; [rank.counterfactuals] says what is tried" "未推演新增站点";
    /// A plan without a site.
    PlanEmpty "plan_empty" Warning "look at [plan]: the service, the reach, the counties, the limit" "规划中没有站点";
    /// A candidate that no road is near.
    CandidateOffRoad "candidate_off_road" Warning "move it to a road, or raise [criteria] max_snap_m" "候选点附近无道路";
    /// A settlement in the gap that no candidate of the plan reaches.
    BeyondCandidates "beyond_candidates" Note "add a candidate near it, where it is to be served" "候选点均无法到达该居民点";
    /// A candidate where not one gun may be built.
    CandidateTooSmall "candidate_too_small" Warning "raise max_kw, or lower [plan] gun_kw" "候选点允许功率不足一枪";
    /// A way along a road that stays too long with every candidate of the plan.
    CorridorOpen "corridor_open" Warning "add candidates there, on or near the road, or let them be made by [plan.corridors] spacing_km" "路线上有候选点无法缩短的无站里程";
    /// Candidates whose cost is not known, in a plan within a budget.
    CandidateWithoutCost "candidate_without_cost" Warning "give [plan] site_cost, or their cost" "候选点缺少造价，未纳入预算内规划";
    /// Vehicles from place to place that a plan cannot count.
    FlowNotUsed "flow_not_used" Warning "mend the row: an origin and a destination that are settlements, and vehicles a day" "未采用的车流";
    /// Vehicles that no candidates let go where they go.
    FlowHopeless "flow_hopeless" Note "add candidates on their way, or allow a longer way by [plan.flows] longer_percent" "任何候选点均无法保障的车流";
    /// Whom a plan by ways weighs, where people are not known everywhere.
    PlanWeighs "plan_weighs" Note "give settlements their population, or plan for settlement_distance" "规划所加权的居民点";
}

impl fmt::Display for IssueCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One issue.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Issue {
    /// The layer.
    pub layer: Layer,
    /// Where.
    pub at: Location,
    /// What kind.
    pub code: IssueCode,
    /// The sentence.
    pub message: String,
    /// How many records it stands for.
    pub count: u64,
    /// Road length concerned, in millimetres; 0 where that means nothing.
    pub length_mm: u64,
    /// Code of the county that it lies in, once that is looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<String>,
}

/// Counts of one layer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct LayerCount {
    /// Records read.
    pub read: u64,
    /// Records used.
    pub used: u64,
}

/// All issues of a run, with the counts of each layer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Issues {
    list: Vec<Issue>,
    counts: BTreeMap<Layer, LayerCount>,
}

impl Issues {
    /// Adds one.
    pub fn push(&mut self, layer: Layer, code: IssueCode, at: Location, message: impl Into<String>) {
        self.push_many(layer, code, at, message, 1, 0);
    }

    /// Adds one that stands for `count` records and `length_mm` of road.
    pub fn push_many(
        &mut self,
        layer: Layer,
        code: IssueCode,
        at: Location,
        message: impl Into<String>,
        count: u64,
        length_mm: u64,
    ) {
        self.list.push(Issue { layer, at, code, message: message.into(), count, length_mm, county: None });
    }

    /// Takes over all of another's issues and adds its counts.
    pub fn absorb(&mut self, other: Self) {
        self.list.extend(other.list);
        for (layer, count) in other.counts {
            let own = self.count_mut(layer);
            own.read += count.read;
            own.used += count.used;
        }
    }

    /// The same, with every file of its places looked up from the folder `under`.
    #[must_use]
    pub fn under(mut self, under: &str) -> Self {
        for file in self.list.iter_mut().filter_map(|i| i.at.file.as_mut()) {
            *file = format!("{under}/{file}");
        }
        self
    }

    /// Adds issues that were found elsewhere.
    pub fn extend(&mut self, list: impl IntoIterator<Item = Issue>) {
        self.list.extend(list);
    }

    /// Says of each issue which county it lies in, as far as `county_of` knows.
    pub fn look_up(&mut self, county_of: impl Fn(&Issue) -> Option<String>) {
        self.list.iter_mut().for_each(|i| i.county = county_of(i));
    }

    /// Every place on the ground that an issue stands at, in the order of the list.
    pub fn on_ground(&self) -> impl Iterator<Item = [i32; 2]> + '_ {
        self.list.iter().filter_map(|i| i.at.ground_e7)
    }

    /// Counts of a layer, to be filled by its reader.
    pub fn count_mut(&mut self, layer: Layer) -> &mut LayerCount {
        self.counts.entry(layer).or_default()
    }

    /// Counts of a layer.
    pub fn count(&self, layer: Layer) -> LayerCount {
        self.counts.get(&layer).copied().unwrap_or_default()
    }

    /// The layers of records: those of every region, and candidates where there were any.
    pub fn layers(&self) -> impl Iterator<Item = Layer> + '_ {
        let some = |l: &Layer| *l != Layer::Candidates || self.counts.contains_key(l);
        Layer::ALL.into_iter().filter(|l| !matches!(l, Layer::Ranking | Layer::Plan)).filter(some)
    }

    /// All issues, in the order layer, file, feature, code.
    pub fn sorted(&self) -> Vec<&Issue> {
        let mut all: Vec<&Issue> = self.list.iter().collect();
        all.sort();
        all
    }

    /// Records refused in a layer.
    pub fn refused(&self, layer: Layer) -> u64 {
        self.total(|i| i.layer == layer && i.code.severity() == Severity::Refused)
    }

    /// Records of a severity.
    pub fn of_severity(&self, severity: Severity) -> u64 {
        self.total(|i| i.code.severity() == severity)
    }

    /// Number of records by layer and code.
    pub fn by_code(&self) -> BTreeMap<(Layer, IssueCode), (u64, u64)> {
        let mut out: BTreeMap<(Layer, IssueCode), (u64, u64)> = BTreeMap::new();
        for i in &self.list {
            let cell = out.entry((i.layer, i.code)).or_default();
            cell.0 += i.count;
            cell.1 += i.length_mm;
        }
        out
    }

    fn total(&self, keep: impl Fn(&Issue) -> bool) -> u64 {
        self.list.iter().filter(|i| keep(i)).map(|i| i.count).sum()
    }

    /// Stops a run that would rest on too little: more than `max_share` of a layer was refused.
    ///
    /// # Errors
    /// Input, with the first refusal as the example; in `strict` mode on any refusal.
    pub fn check_refused_share(&self, max_share: f64, strict: bool) -> Result<()> {
        for layer in Layer::ALL {
            let (read, refused) = (self.count(layer).read, self.refused(layer));
            let limit = if strict { 0.0 } else { max_share * read as f64 };
            if refused == 0 || refused as f64 <= limit {
                continue;
            }
            let sorted = self.sorted();
            let Some(first) = sorted.iter().find(|i| i.layer == layer && i.code.severity() == Severity::Refused) else {
                continue;
            };
            let bound = if strict { "--strict allows none".to_owned() } else { format!("the limit is {} %", max_share * 100.0) };
            return Err(Error::input(
                format!(
                    "{refused} of {read} records in {} were refused and {bound}; the first: {} ({})",
                    layer.as_str(),
                    first.message,
                    first.code
                ),
                format!("{}; `chargegap check` lists them all; [read] max_refused_share raises the limit", first.code.next()),
            )
            .at(first.at.clone()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_a_hundred_passes_and_two_do_not() {
        let mut issues = Issues::default();
        issues.count_mut(Layer::Roads).read = 100;
        issues.push(Layer::Roads, IssueCode::NullGeometry, Location::file("r").feature(7), "no geometry");
        assert!(issues.check_refused_share(0.01, false).is_ok());
        assert!(issues.check_refused_share(0.01, true).is_err());
        issues.push(Layer::Roads, IssueCode::NullGeometry, Location::file("r").feature(3), "no geometry");
        let err = issues.check_refused_share(0.01, false).unwrap_err();
        assert_eq!(err.location().feature, Some(3)); // the first in the file, not the first found
    }

    #[test]
    fn slugs_are_unique() {
        let slugs: std::collections::BTreeSet<_> = IssueCode::ALL.iter().map(|c| c.as_str()).collect();
        assert_eq!(slugs.len(), IssueCode::ALL.len());
    }
}
