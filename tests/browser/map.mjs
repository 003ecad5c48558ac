// node map.mjs FOLDER: what one does with map.html, by mouse and by keyboard alone, and its figures against ledger.csv.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checks, is, launch, open, urlOf } from './browser.mjs';

const folder = process.argv[2];
const url = (fragment) => urlOf(join(folder, 'map.html'), fragment);
// rows of ledger.csv; its names have no line breaks, and those with commas stand in quotes
const [head, ...lines] = readFileSync(join(folder, 'ledger.csv'), 'utf8').replace(/^\ufeff/, '').trim().split(/\r?\n/)
  .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].slice(0, -1).map((m) => m[1].replace(/^"|"$/g, '').replace(/""/g, '"')));
const ledger = lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]])));
const gapOf = (code, km) => ledger.find((r) => r.county_code === code && r.service === 'charging' && Number(r.limit_km) === km && r.road_class === 'all').gap_km;
const asked = [...new Set(ledger.filter((r) => r.limit_km).map((r) => Number(r.limit_km)))].sort((a, b) => a - b);
const codes = [...new Set(ledger.map((r) => r.county_code))];

const browser = await launch();
const at = async (fragment, act) => {
  const { page, seen, close } = await open(browser, url(fragment));
  try {
    await act(page);
    is(seen.errors, [], 'errors');
    is(seen.foreign, [], 'requests');
  } finally {
    await close();
  }
};
const shownGap = (page) => page.locator('#picked dd data').first().getAttribute('value');
const told = (n) => Number(n).toFixed(6);
const sum = (page) => page.locator('#sum').innerText();

await checks([
  ['a link to a county picks it, and its gap is the ledger’s at every distance that was asked', () => at('', async (page) => {
    for (const code of codes.slice(0, 8)) {
      for (const km of asked) {
        await page.goto(url(`#county=${encodeURIComponent(code)}&km=${km}`));
        await page.waitForFunction((km) => document.getElementById('limit').getAttribute('aria-valuetext').startsWith(String(km)), km);
        is(told(await shownGap(page)), told(gapOf(code, km)), `${code} at ${km} km`);
      }
    }
  })],
  ['the slider changes the sentence, the table and the address', () => at('', async (page) => {
    const before = await sum(page);
    await page.locator('#limit').focus();
    await page.keyboard.press('Home');
    await page.waitForTimeout(400);
    const nought = await sum(page);
    if (nought === before) throw new Error('the sentence stayed');
    is((await page.evaluate(() => location.hash)).includes('km='), true, 'the address');
    const cell = await page.locator('#list-counties tbody tr').first().locator('data').nth(1).getAttribute('value');
    is(Number(cell) > 0, true, 'at nought nothing is covered');
  })],
  ['the language is switched, on the map and in the address', () => at('', async (page) => {
    const zh = await page.locator('#lang-zh').isChecked();
    await page.locator(`label[for=${zh ? 'lang-en' : 'lang-zh'}]`).click();
    await page.waitForTimeout(300);
    is(await page.evaluate(() => document.documentElement.lang), zh ? 'en' : 'zh-Hans', 'language');
    is((await page.evaluate(() => location.hash)).includes(zh ? 'lang=en' : 'lang=zh'), true, 'the address');
    is(/[一-鿿]/.test(await page.locator('#legend').innerText()), !zh, 'the legend');
  })],
  ['a click on a road beyond the distance tells the stretch and the way to a station', () => at('', async (page) => {
    const spot = await page.evaluate(() => {
      const row = cg.layers.gaps.rows.findIndex((_, i) => cg.get('gaps', i, 'service') === cg.serviceKey());
      const line = cg.geometry('gaps', row).coordinates[0];
      cg.map.jumpTo({ center: line[Math.floor(line.length / 2)], zoom: 12 });
      return { i: row, length: cg.get('gaps', row, 'length_km') };
    });
    await page.waitForTimeout(700);
    const box = await page.locator('#map').boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForTimeout(200);
    const layers = await page.evaluate(() => [cg.state.pick.layer, ...(cg.state.pick.also || []).map((p) => p.layer)]);
    is(layers.includes('gaps'), true, `the stretch among ${layers}`);
    is(layers.includes('road') || layers.includes('sites') || layers.includes('stations') || layers.includes('settlements'), true, `the road among ${layers}`);
    is(spot.length > 0, true, 'its length');
  })],
  ['by keyboard alone a county is found, a distance set and the ledger’s figure read', () => at('', async (page) => {
    const code = codes[codes.length - 1];
    const km = asked[asked.length - 1];
    const press = async (key, times = 1) => { for (let i = 0; i < times; i += 1) await page.keyboard.press(key); };
    const focused = () => page.evaluate(() => document.activeElement && (document.activeElement.id || document.activeElement.value || ''));
    const tabTo = async (wanted) => {
      for (let i = 0; i < 80; i += 1) { await press('Tab'); if (await focused() === wanted) return; }
      throw new Error(`Tab does not come to ${wanted}`);
    };
    await tabTo('search');
    await page.keyboard.type(code);
    await press('Enter');
    is(await focused(), 'picked', 'focus is on the figures');
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.locator('body').evaluate(() => document.activeElement.blur());
    await tabTo('limit');
    await press('End');
    const steps = await page.evaluate(() => cg.head.steps_mm);
    await press('ArrowLeft', steps.length - 1 - steps.indexOf(km * 1e6));
    await page.waitForTimeout(400);
    is(told(await shownGap(page)), told(gapOf(code, km)), `${code} at ${km} km`);
    is((await page.locator('#limit').getAttribute('aria-valuetext')).startsWith(String(km)), true, 'the distance is told');
  })],
  ['without WebGL the tables tell the same and the page says so', async () => {
    const blind = await launch('--disable-gpu', '--disable-3d-apis');
    const context = await blind.newContext();
    const page = await context.newPage();
    await page.goto(url(`#county=${encodeURIComponent(codes[0])}`));
    await page.waitForSelector('html[data-ready]');
    is(await page.locator('#no-map').isVisible(), true, 'the note');
    is(told(await shownGap(page)), told(gapOf(codes[0], await page.evaluate(() => cg.limitMm() / 1e6))), 'the figure');
    is(await page.locator('#list-counties tbody tr').count() > 0, true, 'the table');
    await blind.close();
  }],
]);
await browser.close();
