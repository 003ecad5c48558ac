// The data of the page: unpacked, and lines as longitude and latitude.
cg.unpack = async (id) => {
  const text = cg.$(id).textContent;
  if (!text) return null;
  const binary = atob(text);
  const packed = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) packed[i] = binary.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).arrayBuffer();
};
cg.load = async () => {
  const tables = JSON.parse(new TextDecoder().decode(await cg.unpack('map-tables')));
  cg.head = tables.head;
  cg.layers = {};
  for (const layer of tables.layers) {
    layer.at = {};
    layer.columns.forEach((name, i) => { layer.at[name] = i; });
    cg.layers[layer.name] = layer;
  }
  cg.counties = cg.layers.counties;
  cg.countyOf = new Map(cg.counties.rows.map((row, i) => [row[cg.counties.at.county_code], i]));
};
// A value of a row; undefined where the layer has no such column.
cg.get = (layer, i, column) => cg.layers[layer].rows[i][cg.layers[layer].at[column]];
cg.rowName = (layer, i) => cg.plain(nameOfRow(layer, i));
const nameOfRow = (layer, i) => {
  const get = (column) => cg.get(layer, i, column);
  if (layer === 'gaps') return get('road_name') || cg.t('js_unnamed_road');
  if (layer === 'corridors' || layer === 'corridor_gaps') return get('road');
  if (layer === 'sites') return `${get('order')} · ${cg.name(get('name'), get('name_zh'), get('id'))}`;
  return cg.name(get('name'), get('name_zh'), layer === 'counties' ? get('county_code') : get('id'));
};
cg.rowId = (layer, i) => cg.get(layer, i, layer === 'counties' ? 'county_code' : 'id');
cg.find = (layer, id) => (cg.layers[layer] ? cg.layers[layer].rows.findIndex((_, i) => cg.rowId(layer, i) === id) : -1);
// Road of a county, and of it beyond a place of the slider, millimetres.
cg.roadMm = (i) => cg.head.counties.road_mm[i];
cg.gapMm = (i, service, step) => cg.head.counties.gap_mm[service][i][step];
cg.sum = (of) => cg.counties.rows.reduce((sum, _, i) => sum + of(i), 0);
const line = (deltas) => {
  const out = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i < deltas.length; i += 2) {
    x += deltas[i];
    y += deltas[i + 1];
    out.push([x / 1e5, y / 1e5]);
  }
  return out;
};
// The geometry of a row as GeoJSON.
cg.geometry = (layer, i) => {
  const shape = cg.layers[layer].shapes[i];
  if (layer === 'counties') return { type: 'MultiPolygon', coordinates: shape.map((rings) => rings.map(line)) };
  if (layer === 'gaps' || layer === 'corridors' || layer === 'corridor_gaps') {
    return { type: 'MultiLineString', coordinates: shape.map(line) };
  }
  return { type: 'Point', coordinates: [shape[0] / 1e5, shape[1] / 1e5] };
};
// West, south, east, north of a row.
cg.boundsOf = (layer, i) => {
  const box = [180, 90, -180, -90];
  const add = (c) => {
    if (typeof c[0] !== 'number') { c.forEach(add); return; }
    box[0] = Math.min(box[0], c[0]);
    box[1] = Math.min(box[1], c[1]);
    box[2] = Math.max(box[2], c[0]);
    box[3] = Math.max(box[3], c[1]);
  };
  add(cg.geometry(layer, i).coordinates);
  return box;
};
