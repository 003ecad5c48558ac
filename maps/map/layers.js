// Everything on the map but its roads, as MapLibre draws it: counties, longest stretches, verdicts of roads, settlements, stations, sites.
const INK = '#22303c';
const sourceOf = (layer, properties) => ({
  type: 'geojson',
  tolerance: 0.3,
  data: {
    type: 'FeatureCollection',
    features: cg.layers[layer].rows.map((_, i) => ({ type: 'Feature', id: i, properties: properties(i), geometry: cg.geometry(layer, i) })),
  },
});
// What a station is drawn as: the first that it offers of hydrogen, charging with swap, swap, charging; unused ones are hollow.
cg.stationKind = (i) => {
  const get = (column) => cg.get('stations', i, column);
  if (!get('used')) return 'unused';
  if (get('charging')) return get('swap') ? 'both' : 'charging';
  return get('swap') ? 'swap' : get('hydrogen') ? 'hydrogen' : 'charging';
};
// Larger for more power: rated, else that of its strongest gun; the smallest where it is not known.
const POWER_KW = [120, 360, 1000];
const powerClass = (i) => {
  const kw = cg.get('stations', i, 'rated_power_kw') || cg.get('stations', i, 'gun_power_kw') || 0;
  return POWER_KW.filter((least) => kw >= least).length;
};
cg.powerClasses = POWER_KW;

const sources = () => {
  const all = {};
  const labels = (i) => ({ i, en: cg.get('counties', i, 'name') || '', zh: cg.get('counties', i, 'name_zh') || '' });
  all.counties = sourceOf('counties', (i) => ({ i }));
  all.names = {
    type: 'geojson',
    data: { type: 'FeatureCollection', features: cg.counties.rows.map((_, i) => ({ type: 'Feature', properties: labels(i), geometry: middle(i) })) },
  };
  const add = (layer, properties) => { if (cg.layers[layer]) all[layer] = sourceOf(layer, properties); };
  add('gaps', (i) => ({ i, service: cg.get('gaps', i, 'service') }));
  add('corridors', (i) => ({ i, verdict: cg.get('corridors', i, 'verdict') }));
  add('corridor_gaps', (i) => ({ i, long: cg.get('corridor_gaps', i, 'too_long') === true }));
  add('settlements', (i) => {
    const ways = {};
    cg.head.services.forEach((s) => { const km = cg.get('settlements', i, s + '_distance_km'); ways[s] = km == null ? 1e6 : km; });
    return { i, ...ways };
  });
  add('stations', (i) => ({ i, kind: cg.stationKind(i), power: powerClass(i) }));
  add('sites', (i) => ({ i, order: String(cg.get('sites', i, 'order')) }));
  all.picked = { type: 'geojson', data: { type: 'FeatureCollection', features: [] } };
  return all;
};
// Where the name of a county stands: the middle of the box around its largest part.
const middle = (i) => {
  const rings = cg.geometry('counties', i).coordinates.map((polygon) => polygon[0]);
  const span = (ring) => ring.reduce((b, c) => [Math.min(b[0], c[0]), Math.min(b[1], c[1]), Math.max(b[2], c[0]), Math.max(b[3], c[1])], [180, 90, -180, -90]);
  const boxes = rings.map(span).sort((a, b) => (b[2] - b[0]) * (b[3] - b[1]) - (a[2] - a[0]) * (a[3] - a[1]));
  const b = boxes[0] || [0, 0, 0, 0];
  return { type: 'Point', coordinates: [(b[0] + b[2]) / 2, (b[1] + b[3]) / 2] };
};

const RAMP = ['step', ['coalesce', ['feature-state', 'class'], -1]];
const fillColour = () => {
  const w = cg.words;
  return [...RAMP, w.no_road, 0, w.shares[0], 1, w.shares[1], 2, w.shares[2], 3, w.shares[3], 4, w.shares[4]];
};
const grown = (least, most) => ['interpolate', ['linear'], ['zoom'], cg.fitZoom, least, cg.fitZoom + 5, most];

const layers = () => {
  const round = { 'line-join': 'round', 'line-cap': 'round' };
  const all = [
    { id: 'ground', type: 'background', paint: { 'background-color': cg.dark() ? '#10161b' : '#eef0ee' } },
    { id: 'counties', type: 'fill', source: 'counties', paint: { 'fill-color': fillColour(), 'fill-opacity': 1 } },
    { id: 'borders', type: 'line', source: 'counties', layout: round, paint: { 'line-color': '#33414d', 'line-width': 1.1 } },
  ];
  const has = (layer) => cg.layers[layer];
  if (has('corridors')) {
    const verdict = (word, colour, width, dash) => ({
      id: 'corridors-' + word, type: 'line', source: 'corridors', filter: ['==', ['get', 'verdict'], word], layout: { 'line-join': 'round' },
      paint: { 'line-color': colour, 'line-width': width, 'line-opacity': 0.75, ...(dash ? { 'line-dasharray': dash } : {}) },
    });
    all.push(verdict('met', '#005f73', 4), verdict('not_met', '#a3120f', 5, [3, 1.2]), verdict('cannot_be_told', '#5b6771', 4, [0.6, 1.2]));
  }
  if (has('gaps')) {
    all.push({ id: 'gaps', type: 'line', source: 'gaps', filter: ['==', ['get', 'service'], cg.serviceKey()], layout: round,
      paint: { 'line-color': '#a3120f', 'line-opacity': 0.22, 'line-width': grown(7, 16) } });
  }
  if (has('settlements')) {
    all.push({ id: 'settlements', type: 'circle', source: 'settlements',
      paint: { 'circle-radius': grown(1.8, 4.5), 'circle-color': settlementColour(), 'circle-stroke-color': '#fff', 'circle-stroke-width': 0.6 } });
  }
  all.push({ id: 'picked-line', type: 'line', source: 'picked', layout: round, paint: { 'line-color': '#ffb000', 'line-width': 4 } });
  if (has('stations')) {
    all.push({ id: 'stations', type: 'symbol', source: 'stations',
      layout: { 'icon-image': ['concat', 'cg-', ['get', 'kind']], 'icon-size': ['interpolate', ['linear'], ['zoom'], cg.fitZoom, iconSize(0.36), cg.fitZoom + 5, iconSize(0.62)],
        'icon-allow-overlap': true, 'icon-ignore-placement': true, 'symbol-sort-key': ['case', ['==', ['get', 'kind'], 'unused'], 0, 1] } });
  }
  if (has('sites')) {
    all.push({ id: 'sites', type: 'circle', source: 'sites', paint: { 'circle-radius': 9, 'circle-color': '#b45309', 'circle-stroke-color': '#fff', 'circle-stroke-width': 1.5 } });
    all.push({ id: 'sites-order', type: 'symbol', source: 'sites', layout: { 'text-field': ['get', 'order'], 'text-size': 11, 'text-allow-overlap': true, 'text-ignore-placement': true }, paint: { 'text-color': '#fff' } });
  }
  all.push({ id: 'picked-point', type: 'circle', source: 'picked', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 11, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': '#ffb000', 'circle-stroke-width': 4 } });
  all.push({ id: 'names', type: 'symbol', source: 'names', layout: { 'text-field': labelField(), 'text-size': 13, 'text-max-width': 7, 'text-padding': 6 }, paint: { 'text-color': INK, 'text-halo-color': 'rgba(255,255,255,.9)', 'text-halo-width': 1.6 } });
  return all;
};
const iconSize = (base) => ['*', base, ['+', 1, ['*', 0.28, ['get', 'power']]]];
const labelField = () => {
  const [first, second] = cg.zh() ? ['zh', 'en'] : ['en', 'zh'];
  return ['case', ['!=', ['get', first], ''], ['get', first], ['get', second]];
};
const settlementColour = () => ['case', ['>', ['get', cg.serviceKey()], cg.limitMm() / 1e6], '#a3120f', '#1b242c'];
cg.dark = () => matchMedia('(prefers-color-scheme: dark)').matches;

// Marks of stations as pictures of 48 px: a circle, a diamond, both, a square, and a hollow circle.
const picture = (draw) => {
  const canvas = cg.el('canvas', { width: 48, height: 48 });
  const c = canvas.getContext('2d');
  c.translate(24, 24);
  c.lineWidth = 4;
  draw(c);
  return c.getImageData(0, 0, 48, 48);
};
const path = (c, points) => {
  c.beginPath();
  points.forEach(([x, y]) => c.lineTo(x, y));
  c.closePath();
};
const diamond = (c, r) => path(c, [[-r, 0], [0, -r], [r, 0], [0, r]]);
const filled = (c, colour) => {
  c.fillStyle = colour;
  c.strokeStyle = '#fff';
  c.fill();
  c.stroke();
};
cg.marks = {
  charging: (c) => { c.beginPath(); c.arc(0, 0, 14, 0, 7); filled(c, cg.words.charging); },
  swap: (c) => { diamond(c, 19); filled(c, cg.words.swap); },
  both: (c) => { cg.marks.charging(c); diamond(c, 9); c.fillStyle = '#fff'; c.fill(); },
  hydrogen: (c) => { path(c, [[-13, -13], [13, -13], [13, 13], [-13, 13]]); filled(c, '#8a5a00'); },
  unused: (c) => { c.beginPath(); c.arc(0, 0, 10, 0, 7); c.fillStyle = 'rgba(255,255,255,.7)'; c.fill(); c.strokeStyle = '#5b6771'; c.stroke(); },
};

cg.makeMap = () => {
  const map = new maplibregl.Map({
    container: 'map', attributionControl: false, fadeDuration: 0, renderWorldCopies: false, dragRotate: false, pitchWithRotate: false,
    maxPitch: 0, maxZoom: 17, touchPitch: false, trackResize: true, style: { version: 8, sources: {}, layers: [] },
    ...(cg.head.bbox ? { bounds: cg.head.bbox, fitBoundsOptions: { padding: 24 } } : {}), locale: { 'Map.Title': cg.t('js_map_label') },
  });
  cg.map = map;
  cg.fitZoom = map.getZoom();
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  if (cg.state.at) map.jumpTo({ center: cg.state.at.slice(0, 2), zoom: cg.state.at[2] });
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120, unit: 'metric' }), 'bottom-left');
  map.setStyle({ version: 8, sources: sources(), layers: layers() }, { diff: false });
  map.once('style.load', () => {
    for (const [kind, draw] of Object.entries(cg.marks)) map.addImage('cg-' + kind, picture(draw), { pixelRatio: 2 });
    if (cg.roads) map.addLayer(cg.roadLayer, cg.layers.gaps ? 'gaps' : 'picked-line');
    cg.drawn = true;
    cg.redraw();
  });
  return map;
};

// The class of a county from 0 to 4 by what shades it; −1 where it has none.
cg.countyClass = (i) => {
  const s = cg.state;
  if (s.fill === 'none') return 0;
  if (s.fill === 'score') {
    const score = cg.get('counties', i, 'score_0_100');
    return score == null ? -1 : Math.max(0, Math.min(4, Math.floor(score / 20)));
  }
  const road = cg.roadMm(i);
  return road > 0 ? Math.min(4, Math.floor((cg.gapMm(i, s.service, s.step) * 5) / road)) : -1;
};
// Brings the map to what is chosen.
cg.redraw = () => {
  const map = cg.map;
  if (!map || !cg.drawn) return;
  cg.counties.rows.forEach((_, i) => map.setFeatureState({ source: 'counties', id: i }, { class: cg.countyClass(i) }));
  const show = (id, on) => { if (map.getLayer(id)) map.setLayoutProperty(id, 'visibility', on ? 'visible' : 'none'); };
  show('gaps', cg.shown('gaps'));
  ['met', 'not_met', 'cannot_be_told'].forEach((word) => show('corridors-' + word, cg.shown('corridors')));
  show('settlements', cg.shown('settlements'));
  show('stations', cg.shown('stations'));
  show('names', cg.shown('names'));
  ['sites', 'sites-order'].forEach((id) => show(id, cg.shown('sites')));
  if (map.getLayer('gaps')) map.setFilter('gaps', ['==', ['get', 'service'], cg.serviceKey()]);
  if (map.getLayer('settlements')) map.setPaintProperty('settlements', 'circle-color', settlementColour());
  map.setLayoutProperty('names', 'text-field', labelField());
  map.triggerRepaint();
};
// Rings what is picked.
cg.ring = () => {
  if (!cg.map || !cg.drawn) return;
  const p = cg.state.pick;
  const features = p && p.layer !== 'road' ? [{ type: 'Feature', properties: {}, geometry: cg.geometry(p.layer, p.i) }] : [];
  cg.map.getSource('picked').setData({ type: 'FeatureCollection', features });
};
// Everything under a point of the map, nearest to the eye first.
const CLICKED = ['sites', 'stations', 'settlements', 'corridors-not_met', 'corridors-cannot_be_told', 'corridors-met', 'gaps', 'counties'];
cg.under = (point, lngLat) => {
  const box = [[point.x - 5, point.y - 5], [point.x + 5, point.y + 5]];
  const ids = CLICKED.filter((id) => cg.map.getLayer(id));
  const found = [];
  const seen = new Set();
  for (const id of ids) {
    for (const f of cg.map.queryRenderedFeatures(id === 'counties' ? point : box, { layers: [id] })) {
      const pick = { layer: id.split('-')[0], i: id === 'counties' ? f.id : f.properties.i };
      const key = pick.layer + ':' + pick.i;
      if (!seen.has(key)) { seen.add(key); found.push(pick); }
    }
  }
  const road = cg.roadAt(lngLat, 7);
  const first = found.findIndex((p) => p.layer === 'counties');
  if (road) found.splice(first < 0 ? found.length : first, 0, { layer: 'road', ...road });
  return found;
};
