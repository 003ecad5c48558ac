// Puts the parts together: first what works everywhere, then the map, where WebGL is there.
cg.changed = (quick) => {
  cg.showLimit();
  cg.redraw();
  clearTimeout(cg.later);
  // a slider that is drawn along asks for many places: tables follow when it rests
  cg.later = setTimeout(() => { cg.showLegend(); cg.showLists(); cg.showPick(); cg.writeState(); }, quick ? 120 : 0);
};
cg.showAll = () => {
  cg.label();
  cg.makeControls();
  cg.showLimit();
  cg.showLegend();
  cg.showLists();
  cg.showPick();
  cg.showFound();
  cg.showTolerance();
  if (cg.map) cg.map.getCanvas().setAttribute('aria-label', cg.t('js_map_label'));
};
// How far what is drawn may lie from what it is drawn of, and what is left out.
cg.showTolerance = () => {
  const r = cg.head.roads;
  const b = cg.head.border_tolerance_m;
  const all = cg.words.classes.length - 1;
  const parts = [r ? cg.t('js_tolerance', { m: r.tolerance_m, b }) : cg.t('js_borders', { b })];
  if (r && r.last_class < all) parts.push(cg.t('js_left_out', { name: cg.className(r.last_class) }));
  cg.$('tolerance').textContent = parts.join(' ');
};
const HAND = { originalEvent: true };
cg.startMap = () => {
  try {
    cg.makeMap();
  } catch (e) {
    cg.map = null;
    cg.$('no-map').hidden = false;
    cg.$('stage').classList.add('without');
    return;
  }
  const map = cg.map;
  // where somebody went by hand is kept; where a picked row was shown follows from the row
  map.on('moveend', (e) => {
    const c = map.getCenter();
    if (e.originalEvent) cg.state.at = [c.lng, c.lat, map.getZoom()];
    cg.writeState();
  });
  map.on('zoomend', () => cg.showLegend());
  map.on('click', (e) => {
    const [first, ...also] = cg.under(e.point, e.lngLat);
    if (first) cg.pick({ ...first, also }, false);
  });
  cg.makeHover(map);
  for (const [id, act] of [['nearer', () => map.zoomIn({}, HAND)], ['farther', () => map.zoomOut({}, HAND)], ['whole', () => { cg.state.at = null; map.fitBounds(cg.head.bbox, { padding: 24, animate: false }); }]]) cg.$(id).addEventListener('click', act);
  map.on('idle', () => { document.documentElement.dataset.idle = String(Math.round(performance.now())); });
};
// What lies under the pointer, in a line beside it.
cg.makeHover = (map) => {
  const tip = cg.$('tip');
  let asked = null;
  const show = () => {
    const e = asked;
    asked = null;
    if (!e) return;
    const [p] = cg.under(e.point, e.lngLat);
    map.getCanvas().style.cursor = p && p.layer !== 'counties' ? 'pointer' : '';
    tip.hidden = !p;
    if (!p) return;
    tip.textContent = cg.tipText(p);
    tip.style.left = Math.min(e.point.x + 14, map.getCanvas().clientWidth - 200) + 'px';
    tip.style.top = e.point.y + 14 + 'px';
  };
  map.on('mousemove', (e) => { if (!asked) requestAnimationFrame(show); asked = e; });
  map.on('mouseout', () => { asked = null; tip.hidden = true; });
};
cg.tipText = (p) => {
  const name = cg.titleOf(p);
  if (p.layer === 'counties') return cg.t('js_tip_county', { name, share: cg.share(cg.gapMm(p.i, cg.state.service, cg.state.step), cg.roadMm(p.i)), limit: cg.limit(cg.limitMm()) });
  if (p.layer === 'road') {
    const way = cg.wayFrom(p.piece, p.along, cg.state.service);
    return way == null ? `${name}: ${cg.t('js_no_way')}` : cg.t('js_tip_road', { name, way: cg.t('js_km', { n: cg.grouped(way / 1000, 1) }) });
  }
  if (p.layer === 'gaps') return `${name}: ${cg.t('js_km', { n: cg.grouped(cg.get('gaps', p.i, 'length_km'), 1) })}`;
  return `${cg.t('js_is_' + p.layer)}: ${name}`;
};
cg.start = async () => {
  await cg.load();
  cg.opensInChinese = cg.zh();
  cg.readState();
  if (cg.head.roads) cg.readRoads(await cg.unpack('map-roads'));
  cg.makeLists();
  cg.makeSlider();
  cg.makeSearch();
  cg.showAll();
  for (const id of ['lang-en', 'lang-zh']) cg.$(id).addEventListener('change', () => { cg.showAll(); cg.redraw(); cg.writeState(); });
  addEventListener('hashchange', () => { cg.readState(); cg.showAll(); cg.redraw(); if (cg.state.pick) cg.pick(cg.state.pick, true); if (cg.map && cg.state.at) cg.map.jumpTo({ center: cg.state.at.slice(0, 2), zoom: cg.state.at[2] }, HAND); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (cg.map && cg.drawn) cg.map.setPaintProperty('ground', 'background-color', cg.dark() ? '#10161b' : '#eef0ee'); });
  cg.startMap();
  if (cg.map) cg.map.once('style.load', () => { if (cg.state.pick) cg.pick(cg.state.pick, !cg.state.at); });
  document.documentElement.dataset.ready = 'yes';
};
cg.start().catch((e) => {
  cg.$('no-map').hidden = false;
  cg.$('no-map').append(' ' + e.message);
});
