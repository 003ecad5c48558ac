// Words in the language that is chosen, and numbers as the report writes them.
cg.words = JSON.parse(cg.$('map-words').textContent);
cg.zh = () => cg.$('lang-zh').checked;
cg.of = (pair) => pair[cg.zh() ? 1 : 0];
cg.t = (key, slots) => {
  const pair = cg.words.texts[key];
  if (!pair) return key;
  return cg.of(pair).replace(/\{(\w+)\}/g, (_, name) => String(slots && slots[name] != null ? slots[name] : ''));
};
cg.has = (key) => key in cg.words.texts;
cg.grouped = (n, decimals) => {
  const fixed = Math.abs(n).toFixed(decimals || 0);
  const [whole, part] = fixed.split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part ? '.' + part : '');
  return n < 0 && Number(fixed) !== 0 ? '−' + text : text;
};
// Kilometres of millimetres, halves up, by whole numbers: no binary fraction comes between.
cg.km = (mm, decimals) => {
  const unit = 10 ** (6 - decimals);
  return cg.grouped(Math.floor((mm + unit / 2) / unit) / 10 ** decimals, decimals);
};
cg.exactKm = (mm) => Math.floor(mm / 1e6) + '.' + String(mm % 1e6).padStart(6, '0');
cg.plainKm = (mm) => String(mm / 1e6);
cg.share = (part, whole) => (whole > 0 ? cg.grouped(Math.floor((part * 1000 + whole / 2) / whole) / 10, 1) + ' %' : '–');
cg.limit = (mm) => cg.t('js_km', { n: cg.plainKm(mm) });
// A name in the chosen language; the code or id where it has none.
cg.name = (name, nameZh, code) => (cg.zh() ? nameZh || name : name || nameZh) || String(code == null ? '–' : code);
// Text from data for people: without what steers a terminal or turns the line around.
cg.plain = (text) => String(text).replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ').slice(0, 120);
cg.service = (key) => cg.of(cg.words.services[key]);
cg.className = (index) => cg.of(cg.words.classes[index]);
// Sets the texts that stand in attributes, which cannot be in both languages at once.
cg.label = () => {
  document.documentElement.lang = cg.zh() ? 'zh-Hans' : 'en';
  for (const e of document.querySelectorAll('[data-label]')) e.setAttribute('aria-label', cg.t(e.dataset.label));
};
