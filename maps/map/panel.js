// The controls beside the map, the legend that follows them, the figures of what is picked, and the search.
const radios = (name, title, choices, chosen, change) => {
  const box = cg.$(name);
  box.replaceChildren(cg.el('legend', {}, cg.t(title)));
  for (const [value, text] of choices) {
    const input = cg.el('input', { type: 'radio', name, value, id: `${name}-${value}`, checked: value === chosen });
    input.addEventListener('change', () => change(value));
    box.append(cg.el('label', { for: input.id }, input, ' ', text));
  }
  box.hidden = choices.length < 2;
};
cg.makeControls = () => {
  const s = cg.state;
  const change = (key) => (value) => { s[key] = value; cg.changed(); };
  radios('service', 'js_service', cg.head.services.map((k, i) => [k, cg.service(k), i]), cg.serviceKey(), (k) => { s.service = cg.head.services.indexOf(k); cg.changed(); });
  radios('roads', 'js_roads', cg.roads ? ['gap', 'distance'].map((w) => [w, cg.t('js_roads_' + w)]) : [], s.roads, change('roads'));
  radios('fill', 'js_fill', ['share', 'score', 'none'].map((w) => [w, cg.t('js_fill_' + w)]), s.fill, change('fill'));
  const box = cg.$('switches');
  const there = { roads: cg.roads, gaps: cg.layers.gaps, corridors: cg.layers.corridors, settlements: cg.layers.settlements, stations: cg.layers.stations, sites: cg.layers.sites, names: true };
  box.replaceChildren(cg.el('legend', {}, cg.t('js_switches')));
  for (const name of cg.SWITCHES.filter((n) => there[n])) {
    const input = cg.el('input', { type: 'checkbox', id: 'switch-' + name, checked: cg.shown(name) });
    input.addEventListener('change', () => { if (input.checked) s.off.delete(name); else s.off.add(name); cg.changed(); });
    box.append(cg.el('label', { for: input.id }, input, ' ', cg.t('js_switch_' + name)));
  }
};
cg.makeSlider = () => {
  const slider = cg.$('limit');
  slider.max = cg.head.steps_mm.length - 1;
  slider.disabled = cg.head.steps_mm.length < 2;
  slider.addEventListener('input', () => { cg.state.step = Number(slider.value); cg.changed(true); });
  cg.$('asked').replaceChildren(...cg.head.asked_mm.map((mm) => {
    const button = cg.el('button', { type: 'button', value: mm });
    button.addEventListener('click', () => { cg.state.step = cg.head.steps_mm.indexOf(mm); cg.changed(); });
    return button;
  }));
};
cg.showLimit = () => {
  const slider = cg.$('limit');
  slider.value = cg.state.step;
  const limit = cg.limit(cg.limitMm());
  slider.setAttribute('aria-valuetext', limit);
  cg.$('limit-is').textContent = limit;
  for (const b of cg.$('asked').children) {
    b.textContent = cg.limit(Number(b.value));
    b.setAttribute('aria-pressed', String(Number(b.value) === cg.limitMm()));
  }
  const road = cg.sum(cg.roadMm);
  const gap = cg.sum((i) => cg.gapMm(i, cg.state.service, cg.state.step));
  const sum = cg.t('js_sum', { limit, service: cg.service(cg.serviceKey()), gap: cg.km(gap, 1), road: cg.km(road, 1), share: cg.share(gap, road) });
  cg.$('sum').replaceChildren(sum, ' ', cg.el('small', { class: 'soft' }, cg.t(cg.isAsked() ? 'js_from_ledger' : 'js_from_program')));
};

const swatch = (kind, colour, width) => {
  const e = cg.el('span', { class: 'swatch ' + kind, 'aria-hidden': 'true' });
  e.style.background = colour;
  if (width) e.style.height = Math.max(2, width * 1.6) + 'px';
  return e;
};
const mark = (kind) => {
  const canvas = cg.el('canvas', { width: 48, height: 48, class: 'swatch mark', 'aria-hidden': 'true' });
  const c = canvas.getContext('2d');
  c.translate(24, 24);
  c.lineWidth = 4;
  cg.marks[kind](c);
  return canvas;
};
cg.showLegend = () => {
  const rows = [];
  const add = (symbol, text) => rows.push(cg.el('li', {}, symbol, ' ', text));
  const [s, w, limit] = [cg.state, cg.words, cg.limit(cg.limitMm())];
  if (cg.roads && cg.shown('roads')) {
    if (s.roads === 'gap') {
      w.roads.forEach((style, k) => { if (!cg.map || cg.styleFits(k)) add(swatch('line', style.gap[0], style.gap[1]), cg.t('js_beyond', { limit, what: cg.of(style.names) })); });
      add(swatch('line', w.roads[0].covered[0], w.roads[0].covered[1]), cg.t('js_within', { limit }));
    } else {
      const ends = cg.classLimits().map((m) => m / 1000);
      ends.forEach((end, k) => add(swatch('line', w.distances[k], 2), k ? `${ends[k - 1]}–${cg.t('js_km', { n: end })}` : `≤ ${cg.t('js_km', { n: end })}`));
      add(swatch('line', w.distances[4], 2), `> ${cg.t('js_km', { n: ends[3] })}`);
      add(swatch('line', w.distances[5], 2), cg.t('js_no_way'));
    }
    if (cg.map && !cg.styleFits(w.roads.length - 1)) add('', cg.t('js_nearer'));
  }
  if (s.fill !== 'none') w.shares.forEach((colour, k) => add(swatch('box', colour), cg.t('js_class_' + s.fill, { from: 20 * k, to: 20 * k + 20, limit })));
  if (cg.layers.gaps && cg.shown('gaps')) add(swatch('halo', '#a3120f'), cg.t('js_halo', { limit: cg.limit(cg.head.first_mm), n: cg.head.most_gaps }));
  if (cg.layers.stations && cg.shown('stations')) {
    const kinds = new Set(cg.layers.stations.rows.map((_, i) => cg.stationKind(i)));
    for (const kind of Object.keys(cg.marks)) if (kinds.has(kind)) add(mark(kind), cg.t('js_mark_' + kind));
    add('', cg.t('js_power', { kw: cg.powerClasses.join(cg.zh() ? '、' : ', ') }));
  }
  if (cg.layers.settlements && cg.shown('settlements')) {
    add(swatch('dot', '#1b242c'), cg.t('js_settlement'));
    add(swatch('dot', '#a3120f'), cg.t('js_settlement_beyond', { limit }));
  }
  if (cg.layers.sites && cg.shown('sites')) add(swatch('dot', '#b45309'), cg.t('js_site'));
  if (cg.layers.corridors && cg.shown('corridors')) {
    [['met', '#005f73'], ['not_met', '#a3120f'], ['cannot_be_told', '#5b6771']].forEach(([word, c]) => add(swatch('line ' + word, c, 3), cg.t('js_value_' + word)));
  }
  cg.$('legend').replaceChildren(...rows);
};

// Figures of what is picked.
const figures = (pairs) => cg.el('dl', { class: 'figures' }, ...pairs.filter((p) => p).map(([name, value]) => cg.el('div', {}, cg.el('dt', {}, name), cg.el('dd', {}, value))));
const plainPairs = (layer, i, but) => cg.layers[layer].columns.filter((c) => !but.includes(c) && cg.has('js_col_' + c)).map((c) => {
  const value = cg.get(layer, i, c);
  if (value == null || value === '' || value === false) return null;
  return [cg.t('js_col_' + c, { limit: cg.limit(cg.head.first_mm) }), c === 'county_code' ? cg.countyName(value) : cg.valueText(c, value)];
});
const countyPairs = (i) => {
  const [road, gap] = [cg.roadMm(i), cg.gapMm(i, cg.state.service, cg.state.step)];
  const mm = (value) => cg.el('data', { value: cg.exactKm(value) }, cg.t('js_km', { n: cg.km(value, 3) }));
  const limit = cg.limit(cg.limitMm());
  return [
    [cg.t('js_col_gap', { limit }), mm(gap)], [cg.t('js_col_share'), cg.share(gap, road)], [cg.t('js_col_within', { limit }), mm(road - gap)], [cg.t('js_col_road'), mm(road)],
    ...plainPairs('counties', i, ['name', 'name_zh', 'road_km']),
  ];
};
const roadPairs = (p) => {
  const r = cg.roads;
  const way = cg.wayFrom(p.piece, p.along, cg.state.service);
  return [
    [cg.t('js_col_way'), way == null ? cg.t('js_no_way') : cg.t('js_km', { n: cg.grouped(way / 1000, 2) })],
    [cg.t('js_col_limit'), cg.t(way != null && way * 1000 <= cg.limitMm() ? 'js_is_within' : 'js_is_beyond', { limit: cg.limit(cg.limitMm()) })],
    [cg.t('js_col_road_class'), cg.className(r.how[p.piece] & 15)],
    [cg.t('js_col_piece'), cg.t('js_km', { n: cg.grouped(r.length[p.piece] / 1000, 2) })],
    r.how[p.piece] >= 16 ? [cg.t('js_col_oneway'), cg.t('js_yes')] : null,
    [cg.t('js_col_county_code'), cg.rowName('counties', r.county[p.piece])],
  ];
};
const roadName = (p) => cg.head.roads.names[cg.roads.name[p.piece] - 1] || cg.t('js_unnamed_road');
cg.titleOf = (p) => (p.layer === 'road' ? roadName(p) : cg.rowName(p.layer, p.i));
cg.showPick = () => {
  const [box, p] = [cg.$('picked'), cg.state.pick];
  if (!p) { box.replaceChildren(cg.el('p', { class: 'soft' }, cg.t('js_pick_something'))); return; }
  const parts = [cg.el('p', { class: 'kind' }, cg.t('js_is_' + p.layer)), cg.el('h3', {}, cg.el('bdi', {}, cg.titleOf(p)))];
  if (p.layer === 'counties') parts.push(figures(countyPairs(p.i)));
  else if (p.layer === 'road') parts.push(figures(roadPairs(p)));
  else parts.push(figures([...(p.layer === 'settlements' ? wayPairs(p.i) : []), ...plainPairs(p.layer, p.i, ['id', 'name', 'name_zh', ...cg.head.services.map((k) => k + '_distance_km')])]));
  const page = p.layer === 'counties' ? cg.head.counties.pages[p.i] : null;
  if (page) parts.push(cg.el('p', {}, cg.el('a', { href: page }, cg.t('js_county_page'))));
  if (p.also && p.also.length) parts.push(cg.el('p', { class: 'soft' }, cg.t('js_also')), cg.el('ul', { class: 'also' }, ...p.also.slice(0, 6).map((q) => cg.el('li', {}, alsoButton(q)))));
  box.replaceChildren(...parts);
};
const wayPairs = (i) => cg.head.services.map((k) => {
  const km = cg.get('settlements', i, k + '_distance_km');
  return [cg.t('js_way_to', { service: cg.service(k) }), km == null ? cg.t('js_no_way') : cg.t('js_km', { n: cg.grouped(km, 2) })];
});
const alsoButton = (q) => {
  const b = cg.el('button', { type: 'button', class: 'pick' }, `${cg.t('js_is_' + q.layer)}: `, cg.el('bdi', {}, cg.titleOf(q)));
  b.addEventListener('click', () => cg.pick(q, false));
  return b;
};
// Picks something: rings it, tells its figures, and goes there where that is asked.
cg.pick = (pick, go) => {
  cg.state.pick = pick;
  cg.showPick();
  cg.ring();
  if (go && cg.map && pick.layer !== 'road') {
    cg.state.at = null;
    const [w, s, e, n] = cg.boundsOf(pick.layer, pick.i);
    cg.map.fitBounds([[w, s], [e, n]], { padding: 60, maxZoom: 13, animate: false });
  }
  if (go) cg.$('picked').focus({ preventScroll: false });
  cg.writeState();
};

// Counties, settlements, stations and sites whose name or code has what was typed, those that begin with it first.
const SEARCHED = ['counties', 'settlements', 'stations', 'sites'];
const MOST_FOUND = 12;
cg.search = (typed) => {
  const word = typed.trim().toLowerCase();
  if (!word) return [];
  const [begin, inside] = [[], []];
  for (const layer of SEARCHED.filter((l) => cg.layers[l])) {
    cg.layers[layer].rows.forEach((_, i) => {
      const texts = ['name', 'name_zh', 'county_code', 'id'].map((c) => cg.get(layer, i, c)).filter((t) => typeof t === 'string').map((t) => t.toLowerCase());
      if (texts.some((t) => t.startsWith(word))) begin.push({ layer, i });
      else if (texts.some((t) => t.includes(word))) inside.push({ layer, i });
    });
  }
  return [...begin, ...inside];
};
cg.makeSearch = () => {
  const [input, list, told] = [cg.$('search'), cg.$('found'), cg.$('found-n')];
  cg.showFound = () => {
    const found = cg.search(input.value);
    list.replaceChildren(...found.slice(0, MOST_FOUND).map((p) => {
      const b = alsoButton(p);
      b.addEventListener('click', () => cg.pick(p, true));
      return cg.el('li', {}, b);
    }));
    told.textContent = input.value.trim() ? cg.t('js_found', { n: cg.grouped(found.length), shown: Math.min(found.length, MOST_FOUND) }) : '';
  };
  input.addEventListener('input', cg.showFound);
  input.addEventListener('keydown', (e) => {
    const first = list.querySelector('button');
    if (e.key === 'Enter' && first) { e.preventDefault(); first.click(); }
  });
};
