// Tables beside the map: all that it tells, by keyboard and screen reader. Long ones come a page at a time; a head that is pressed sorts.
const AT_A_TIME = 50;
const LISTS = {
  counties: ['name', 'rank', 'road', 'gap', 'share', 'score_0_100'],
  gaps: ['name', 'county_code', 'road_class', 'length_km', 'farthest_km'],
  sites: ['name', 'county_code', 'kind', 'points', 'gain', 'cost'],
  corridors: ['name', 'rule', 'heading', 'verdict', 'length_km'],
  stations: ['name', 'county_code', 'offers', 'points', 'power', 'used'],
  settlements: ['name', 'county_code', 'population', 'way', 'beyond'],
};
const wayKm = (i) => cg.get('settlements', i, cg.serviceKey() + '_distance_km');
// The value by which a column is sorted, and its text.
const valueOf = (layer, i, column) => {
  if (layer === 'counties' && column === 'gap') return cg.gapMm(i, cg.state.service, cg.state.step);
  if (layer === 'counties' && column === 'road') return cg.roadMm(i);
  if (layer === 'counties' && column === 'share') return cg.roadMm(i) > 0 ? cg.gapMm(i, cg.state.service, cg.state.step) / cg.roadMm(i) : null;
  if (column === 'name') return layer === 'sites' ? cg.get('sites', i, 'order') : cg.rowName(layer, i);
  if (column === 'offers') return cg.offers(i);
  if (column === 'power') return cg.get('stations', i, 'rated_power_kw');
  if (column === 'way') return wayKm(i);
  if (column === 'beyond') return wayKm(i) == null || wayKm(i) * 1e6 > cg.limitMm();
  if (column === 'county_code') return cg.countyName(cg.get(layer, i, column));
  return cg.get(layer, i, column);
};
cg.countyName = (code) => {
  const i = cg.countyOf.get(code);
  return i == null ? cg.plain(code || '–') : cg.rowName('counties', i);
};
cg.offers = (i) => ['charging', 'swap', 'fast_charging', 'truck_charging', 'hydrogen'].filter((s) => cg.get('stations', i, s) === true)
  .map(cg.service).join(cg.zh() ? '、' : ', ') || '–';
const exact = (mm, decimals) => cg.el('data', { value: cg.exactKm(mm) }, cg.km(mm, decimals));
const cellOf = (layer, i, column) => {
  const value = valueOf(layer, i, column);
  if (column === 'road' || column === 'gap') return exact(value, 1);
  if (column === 'share') return cg.share(cg.gapMm(i, cg.state.service, cg.state.step), cg.roadMm(i));
  return cg.valueText(column, value);
};
// Columns that hold words of ours; what else is text stays as it is.
const IS_WORD = /^(kind|access|status|not_used_reason|verdict|heading|unit)$/;
// A value in words.
cg.valueText = (column, value) => {
  if (value == null || value === '') return '–';
  if (typeof value === 'boolean') return cg.t(value ? 'js_yes' : 'js_no');
  if (column === 'road_class') { const k = cg.words.class_keys.indexOf(value); return k < 0 ? String(value) : cg.className(k); }
  if (column === 'selection' && cg.has('result_' + value)) return cg.t('result_' + value);
  if (column === 'service') return cg.words.services[value] ? cg.service(value) : cg.plain(value);
  const limit = column === 'criterion' && /^(\d+(?:_\d+)?)(km|min)$/.exec(value);
  if (limit) return cg.t(limit[2] === 'km' ? 'js_km' : 'js_min', { n: limit[1].replace('_', '.') });
  if (typeof value === 'string') return IS_WORD.test(column) && cg.has('js_value_' + value) ? cg.t('js_value_' + value) : cg.plain(value);
  if (/_km$|^way$/.test(column)) return cg.grouped(value, column === 'length_km' ? 2 : 1);
  if (column === 'score_0_100') return cg.grouped(value, 2);
  return cg.grouped(value, Number.isInteger(value) ? 0 : 1);
};
const isNumber = (column) => /^(rank|road|gap|share|score_0_100|length_km|farthest_km|points|power|population|way|gain|cost)$/.test(column);

// A list that can be sorted and continued.
const makeList = (layer) => {
  const list = { layer, most: AT_A_TIME, by: null, down: false };
  const table = cg.el('table', {});
  const more = cg.el('button', { type: 'button', class: 'more' });
  more.addEventListener('click', () => { list.most += AT_A_TIME * 4; list.show(); });
  list.box = cg.el('div', { class: 'list' }, table, more);
  list.rows = () => {
    const all = cg.layers[layer].rows.map((_, i) => i).filter((i) => layer !== 'gaps' || cg.get('gaps', i, 'service') === cg.serviceKey());
    if (!list.by) return all;
    const key = new Map(all.map((i) => [i, valueOf(layer, i, list.by)]));
    const order = (a, b) => (typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b, cg.zh() ? 'zh-Hans' : 'en') : Number(a) - Number(b));
    return all.sort((a, b) => {
      const [x, y] = [key.get(a), key.get(b)];
      if (x == null || y == null) return (x == null) - (y == null);
      return list.down ? order(y, x) : order(x, y);
    });
  };
  list.show = () => {
    const rows = list.rows();
    const columns = LISTS[layer].filter((c) => c !== 'farthest_km' || cg.layers.gaps.at.farthest_km != null);
    table.replaceChildren(cg.el('caption', { class: 'soft' }, cg.t('js_list_' + layer, { n: cg.grouped(rows.length), most: cg.grouped(cg.head.most_gaps), limit: cg.limit(cg.head.first_mm) })),
      cg.el('thead', {}, cg.el('tr', {}, ...columns.map((c) => headOf(list, c)))), cg.el('tbody', {}, ...rows.slice(0, list.most).map((i) => rowOf(layer, i, columns))));
    more.hidden = rows.length <= list.most;
    more.textContent = cg.t('js_more', { n: cg.grouped(Math.max(0, rows.length - list.most)) });
  };
  return list;
};
const headOf = (list, column) => {
  const sorted = list.by === column;
  const button = cg.el('button', { type: 'button' }, cg.t('js_col_' + column, { limit: cg.limit(cg.limitMm()) }));
  button.addEventListener('click', () => {
    list.down = sorted ? !list.down : isNumber(column) && column !== 'rank';
    list.by = column;
    list.show();
    const again = [...list.box.querySelectorAll('thead button')][LISTS[list.layer].indexOf(column)];
    if (again) again.focus();
  });
  return cg.el('th', { scope: 'col', class: isNumber(column) ? 'n' : null, 'aria-sort': sorted ? (list.down ? 'descending' : 'ascending') : null }, button);
};
const rowOf = (layer, i, columns) => cg.el('tr', {}, ...columns.map((c, k) => {
  if (k > 0) return cg.el('td', { class: isNumber(c) ? 'n' : null }, cellOf(layer, i, c));
  return cg.el('th', { scope: 'row' }, cg.pickButton({ layer, i }));
}));
// A button that shows a row in the map and tells its figures.
cg.pickButton = (pick) => {
  const button = cg.el('button', { type: 'button', class: 'pick' }, cg.el('bdi', {}, cg.rowName(pick.layer, pick.i)));
  button.addEventListener('click', () => cg.pick(pick, true));
  return button;
};
cg.lists = {};
cg.makeLists = () => {
  for (const layer of Object.keys(LISTS)) {
    const section = cg.$('list-' + layer);
    if (!section) continue;
    section.hidden = !cg.layers[layer] || cg.layers[layer].rows.length === 0;
    if (section.hidden) continue;
    const list = makeList(layer);
    section.append(list.box);
    cg.lists[layer] = list;
    // what is closed is made when it is opened
    if (section.tagName === 'DETAILS') section.addEventListener('toggle', () => { if (section.open) list.show(); });
  }
};
cg.showLists = () => {
  for (const [layer, list] of Object.entries(cg.lists)) {
    const section = cg.$('list-' + layer);
    if (section.tagName !== 'DETAILS' || section.open) list.show();
  }
};
