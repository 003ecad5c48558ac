// What is chosen, kept in the fragment of the address, so that a view can be shared. What stands there is only looked up, never shown.
cg.SWITCHES = ['roads', 'gaps', 'corridors', 'settlements', 'stations', 'sites', 'names'];
cg.state = { service: 0, step: 0, roads: 'gap', fill: 'share', off: new Set(), at: null, pick: null };
cg.readState = () => {
  const given = new URLSearchParams(location.hash.slice(1));
  const s = cg.state;
  const list = (key, known) => (known.includes(given.get(key)) ? given.get(key) : null);
  const service = list('service', cg.head.services);
  s.service = service ? cg.head.services.indexOf(service) : 0;
  const mm = Math.round(Number(given.get('km')) * 1e6);
  const steps = cg.head.steps_mm;
  const first = steps.indexOf(cg.head.first_mm);
  s.step = given.has('km') && steps.includes(mm) ? steps.indexOf(mm) : Math.max(0, first);
  s.roads = list('roads', ['gap', 'distance']) || 'gap';
  s.fill = list('fill', ['share', 'score', 'none']) || 'share';
  s.off = new Set((given.get('off') || '').split(',').filter((word) => cg.SWITCHES.includes(word)));
  const at = (given.get('at') || '').split(',').map(Number);
  s.at = at.length === 3 && at.every(Number.isFinite) && Math.abs(at[0]) <= 180 && Math.abs(at[1]) <= 85 ? at : null;
  s.pick = null;
  const county = given.get('county');
  const [layer, id] = county != null ? ['counties', county] : split(given.get('pick') || '');
  const i = cg.layers[layer] ? cg.find(layer, id) : -1;
  if (i >= 0) s.pick = { layer, i };
  const lang = list('lang', ['en', 'zh']);
  if (lang) cg.$('lang-' + lang).checked = true;
};
const split = (text) => {
  const at = text.indexOf(':');
  return [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
};
cg.writeState = () => {
  const s = cg.state;
  const out = new URLSearchParams();
  if (s.service > 0) out.set('service', cg.head.services[s.service]);
  if (cg.limitMm() !== cg.head.first_mm) out.set('km', cg.plainKm(cg.limitMm()));
  if (s.roads !== 'gap') out.set('roads', s.roads);
  if (s.fill !== 'share') out.set('fill', s.fill);
  if (s.off.size > 0) out.set('off', [...s.off].join(','));
  if (s.pick && s.pick.layer !== 'road') {
    const id = cg.rowId(s.pick.layer, s.pick.i);
    if (s.pick.layer === 'counties') out.set('county', id);
    else out.set('pick', `${s.pick.layer}:${id}`);
  }
  if (s.at) out.set('at', [s.at[0].toFixed(4), s.at[1].toFixed(4), s.at[2].toFixed(2)].join(','));
  if (cg.zh() !== cg.opensInChinese) out.set('lang', cg.zh() ? 'zh' : 'en');
  const text = out.toString();
  if (location.hash.slice(1) !== text) history.replaceState(null, '', text ? '#' + text : location.pathname);
};
cg.limitMm = () => cg.head.steps_mm[cg.state.step];
cg.serviceKey = () => cg.head.services[cg.state.service];
cg.isAsked = () => cg.head.asked_mm.includes(cg.limitMm());
cg.shown = (name) => !cg.state.off.has(name);
