// The roads, drawn by a layer of our own: every point of every piece is coloured by its way to the nearest station, so that a new
// threshold is one number for the graphics card and each piece is cut exactly where the rule cuts it: covered from its tail as far as
// S − d(tail) and from its head as far as S − d(head); of a one-way piece from its head alone.
const NO_WAY = 1e9;
const numbers = (bytes) => {
  let i = 0;
  const next = () => {
    let n = 0;
    let shift = 0;
    for (;;) {
      const b = bytes[i];
      i += 1;
      n += (b & 127) * 2 ** shift;
      if (b < 128) return n;
      shift += 7;
    }
  };
  return next;
};
const signed = (n) => (n % 2 ? -(n + 1) / 2 : n / 2);
const mercator = (lon, lat) => [(lon + 180) / 360, (1 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / Math.PI) / 2];

// Reads the pieces: segments by style, least important first, each with its ends and how far along its piece they lie.
cg.readRoads = (buffer) => {
  const services = cg.head.services.length;
  const STREAMS = 5 + 2 * Object.keys(cg.words.services).length;
  const head = new DataView(buffer);
  const streams = [];
  let from = 4 * STREAMS;
  for (let k = 0; k < STREAMS; k += 1) {
    const length = head.getUint32(4 * k, true);
    streams.push(new Uint8Array(buffer, from, length));
    from += length;
  }
  const how = streams[0];
  const n = how.length;
  const [lengths, names, sizes, deltas] = [1, 2, 3, 4].map((k) => numbers(streams[k]));
  const ways = Array.from({ length: 2 * services }, (_, k) => numbers(streams[5 + k]));
  const r = { n, how, length: new Float64Array(n), name: new Uint32Array(n), county: new Uint16Array(n), first: new Uint32Array(n + 1) };
  r.ways = ways.map(() => new Float64Array(n));
  const xy = [];
  let [x, y] = [0, 0];
  let county = 0;
  let left = cg.head.roads.counts[0];
  for (let i = 0; i < n; i += 1) {
    while (left === 0) { county += 1; left = cg.head.roads.counts[county]; }
    left -= 1;
    r.county[i] = county;
    r.length[i] = lengths();
    r.name[i] = names();
    r.first[i] = xy.length / 2;
    for (let k = sizes(); k > 0; k -= 1) {
      x += signed(deltas());
      y += signed(deltas());
      xy.push(x, y);
    }
    for (let k = 0; k < ways.length; k += 1) {
      const way = ways[k]();
      r.ways[k][i] = way === 0 ? NO_WAY : way - 1;
    }
  }
  r.first[n] = xy.length / 2;
  placed(r, xy);
  cg.roads = r;
};

// Positions on the plane of the map, from its middle, and along each piece.
const placed = (r, xy) => {
  const [w, s, e, n] = cg.head.bbox;
  r.origin = mercator((w + e) / 2, (s + n) / 2);
  const count = xy.length / 2;
  r.x = new Float32Array(count);
  r.y = new Float32Array(count);
  r.along = new Float32Array(count);
  for (let k = 0; k < count; k += 1) {
    const [x, y] = mercator(xy[2 * k] / 1e5, xy[2 * k + 1] / 1e5);
    r.x[k] = x - r.origin[0];
    r.y[k] = y - r.origin[1];
  }
  for (let i = 0; i < r.n; i += 1) {
    let sum = 0;
    for (let k = r.first[i] + 1; k < r.first[i + 1]; k += 1) {
      sum += Math.hypot(r.x[k] - r.x[k - 1], r.y[k] - r.y[k - 1]);
      r.along[k] = sum;
    }
    const scale = sum > 0 ? r.length[i] / sum : 0;
    for (let k = r.first[i]; k < r.first[i + 1]; k += 1) r.along[k] *= scale;
  }
  order(r);
};

// Segments in the order of drawing: the important styles last, on top; `parts` says where each style begins and ends.
const order = (r) => {
  const styles = cg.words.styles;
  const counts = cg.words.roads.map(() => 0);
  for (let i = 0; i < r.n; i += 1) counts[styles[r.how[i] & 15]] += r.first[i + 1] - r.first[i] - 1;
  r.parts = [];
  let start = 0;
  for (let style = counts.length - 1; style >= 0; style -= 1) {
    r.parts.push({ style, start, count: counts[style] });
    start += counts[style];
  }
  r.segment = new Uint32Array(start); // its second position
  r.piece = new Uint32Array(start);
  const next = new Map(r.parts.map((p) => [p.style, p.start]));
  for (let i = 0; i < r.n; i += 1) {
    const style = styles[r.how[i] & 15];
    let at = next.get(style);
    for (let k = r.first[i] + 1; k < r.first[i + 1]; k += 1) {
      r.segment[at] = k;
      r.piece[at] = i;
      at += 1;
    }
    next.set(style, at);
  }
  r.places = new Float32Array(4 * start);
  for (let at = 0; at < start; at += 1) {
    const k = r.segment[at];
    r.places.set([r.x[k - 1], r.y[k - 1], r.x[k], r.y[k]], 4 * at);
  }
};

// Ways to the nearest station of a service by tail and by head, at both ends of every segment, metres.
const waysOf = (r, service) => {
  const [tails, heads] = [r.ways[2 * service], r.ways[2 * service + 1]];
  const out = new Float32Array(4 * r.segment.length);
  for (let at = 0; at < r.segment.length; at += 1) {
    const k = r.segment[at];
    const i = r.piece[at];
    const [a, b] = [r.along[k - 1], r.along[k]];
    const tail = r.how[i] >= 16 ? NO_WAY : tails[i];
    out[4 * at] = tail + a;
    out[4 * at + 1] = tail + b;
    out[4 * at + 2] = heads[i] + r.length[i] - a;
    out[4 * at + 3] = heads[i] + r.length[i] - b;
  }
  return out;
};

const VERTEX = `#version 300 es
uniform mat4 u_matrix; uniform vec2 u_half; uniform float u_width;
in vec4 a_place; in vec4 a_way; out vec3 v;
void main() {
  vec4 A = u_matrix * vec4(a_place.xy, 0., 1.); vec4 B = u_matrix * vec4(a_place.zw, 0., 1.);
  vec2 a = A.xy / A.w * u_half; vec2 b = B.xy / B.w * u_half; vec2 d = b - a; float l = length(d);
  d = l > 0. ? d / l : vec2(1., 0.);
  float end = float(gl_VertexID / 2); float side = float(gl_VertexID % 2) * 2. - 1.;
  float reach = u_width + 1.;
  vec2 p = mix(a, b, end) + vec2(-d.y, d.x) * side * reach + d * (end * 2. - 1.) * u_width * .6;
  gl_Position = vec4(p / u_half, 0., 1.);
  v = vec3(mix(a_way.x, a_way.y, end), mix(a_way.z, a_way.w, end), side * reach);
}`;
const FRAGMENT = `#version 300 es
precision highp float;
uniform float u_width; uniform int u_pass; uniform vec4 u_limits; uniform vec3 u_colours[6];
in vec3 v; out vec4 colour;
void main() {
  float way = min(v.x, v.y);
  int i;
  if (u_pass < 2) {
    i = way <= u_limits.x ? 0 : 1;
    if (i != u_pass) discard;
  } else {
    i = way > 1e8 ? 5 : way > u_limits.w ? 4 : way > u_limits.z ? 3 : way > u_limits.y ? 2 : way > u_limits.x ? 1 : 0;
  }
  float alpha = clamp(u_width + .5 - abs(v.z), 0., 1.);
  colour = vec4(u_colours[i] * alpha, alpha);
}`;
const program = (gl) => {
  const made = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made) || 'the roads cannot be drawn');
  return made;
};
const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);

// Metres at which classes of distance end: the same as those of the layer of coverage.
cg.classLimits = () => [0.25, 0.5, 1, 2].map((f) => (f * cg.head.first_mm) / 1000);

// Kilometres of road of a style, once.
const styleKm = (r) => {
  const km = cg.words.roads.map(() => 0);
  for (let i = 0; i < r.n; i += 1) km[cg.words.styles[r.how[i] & 15]] += r.length[i] / 1000;
  return km;
};

// Styles that there is room for at this scale: what would cover the map as a whole shows nothing.
cg.styleFits = (style) => {
  const r = cg.roads;
  if (style === 0) return true;
  r.km = r.km || styleKm(r);
  const box = cg.head.bbox;
  const perKm = (256 * 2 ** (cg.map.getZoom() + 1)) / (40075 * Math.cos(((box[1] + box[3]) * Math.PI) / 360));
  const [a, b] = [mercator(box[0], box[3]), mercator(box[2], box[1])];
  const room = (b[0] - a[0]) * (b[1] - a[1]) * (256 * 2 ** (cg.map.getZoom() + 1)) ** 2;
  return r.km.slice(0, style + 1).reduce((s, km) => s + km * perKm, 0) <= 0.5 * room || cg.map.getZoom() > 11;
};

cg.roadLayer = {
  id: 'roads',
  type: 'custom',
  renderingMode: '2d',
  onAdd(map, gl) {
    const r = cg.roads;
    this.made = program(gl);
    this.at = {};
    for (const name of ['u_matrix', 'u_half', 'u_width', 'u_pass', 'u_limits', 'u_colours']) {
      this.at[name] = gl.getUniformLocation(this.made, name);
    }
    this.vao = gl.createVertexArray();
    this.places = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    gl.bufferData(gl.ARRAY_BUFFER, r.places, gl.STATIC_DRAW);
    this.ways = new Map();
  },
  waysFor(gl, service) {
    if (!this.ways.has(service)) {
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, waysOf(cg.roads, service), gl.STATIC_DRAW);
      this.ways.set(service, buffer);
    }
    return this.ways.get(service);
  },
  draw(gl, part, pass, pixels) {
    const attribute = (name, buffer) => {
      const at = gl.getAttribLocation(this.made, name);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, 4, gl.FLOAT, false, 16, 16 * part.start);
      gl.vertexAttribDivisor(at, 1);
    };
    attribute('a_place', this.places);
    attribute('a_way', this.waysFor(gl, cg.state.service));
    const style = cg.words.roads[part.style];
    const plain = pass === 2;
    const [colours, limits] = plain ? [cg.words.distances, cg.classLimits()] : [[style.covered[0], style.gap[0]], [cg.limitMm() / 1000, 0, 0, 0]];
    const all = new Float32Array(18);
    colours.forEach((c, i) => all.set(rgb(c), 3 * i));
    gl.uniform3fv(this.at.u_colours, all);
    gl.uniform4fv(this.at.u_limits, limits);
    gl.uniform1i(this.at.u_pass, pass);
    const width = (plain || pass === 1 ? style.gap[1] : style.covered[1]) * cg.thickness();
    gl.uniform1f(this.at.u_width, (Math.max(0.8, width) / 2) * pixels);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, part.count);
  },
  render(gl, args) {
    if (!cg.shown('roads')) return;
    const m = args.defaultProjectionData ? args.defaultProjectionData.mainMatrix : args.modelViewProjectionMatrix;
    const [x, y] = cg.roads.origin;
    const moved = Float32Array.from(m);
    for (let k = 0; k < 4; k += 1) moved[12 + k] = m[12 + k] + m[k] * x + m[4 + k] * y;
    const canvas = gl.canvas;
    gl.useProgram(this.made);
    gl.bindVertexArray(this.vao);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.uniformMatrix4fv(this.at.u_matrix, false, moved);
    gl.uniform2f(this.at.u_half, canvas.width / 2, canvas.height / 2);
    const pixels = canvas.width / canvas.clientWidth;
    const parts = cg.roads.parts.filter((p) => p.count > 0 && cg.styleFits(p.style));
    for (const pass of cg.state.roads === 'gap' ? [0, 1] : [2]) {
      for (const part of parts) this.draw(gl, part, pass, pixels);
    }
    gl.bindVertexArray(null);
  },
};
// Lines grow as one goes nearer.
cg.thickness = () => Math.min(3.2, Math.max(0.8, 0.75 + 0.28 * (cg.map.getZoom() - cg.fitZoom)));

// The piece nearest to a position of the map within some pixels, and how far along it; null where there is none.
cg.roadAt = (lngLat, pixels) => {
  const r = cg.roads;
  if (!r || !cg.shown('roads')) return null;
  const [mx, my] = mercator(lngLat.lng, lngLat.lat);
  const [px, py] = [mx - r.origin[0], my - r.origin[1]];
  const most = pixels / (512 * 2 ** cg.map.getZoom());
  let best = most * most;
  let found = null;
  for (const part of r.parts) {
    if (!cg.styleFits(part.style)) continue;
    for (let at = part.start; at < part.start + part.count; at += 1) {
      const k = r.segment[at];
      const [ax, ay] = [r.x[k - 1], r.y[k - 1]];
      const [dx, dy] = [r.x[k] - ax, r.y[k] - ay];
      const l = dx * dx + dy * dy;
      const f = l > 0 ? Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / l)) : 0;
      const [ox, oy] = [px - ax - f * dx, py - ay - f * dy];
      const off = ox * ox + oy * oy;
      if (off < best) {
        best = off;
        found = { piece: r.piece[at], along: r.along[k - 1] + f * (r.along[k] - r.along[k - 1]) };
      }
    }
  }
  return found;
};
// Metres from a point of a piece to the nearest station; null where there is no way.
cg.wayFrom = (piece, along, service) => {
  const r = cg.roads;
  const tail = r.how[piece] >= 16 ? NO_WAY : r.ways[2 * service][piece] + along;
  const way = Math.min(tail, r.ways[2 * service + 1][piece] + r.length[piece] - along);
  return way > 1e8 ? null : way;
};
