// node film.mjs FILE FOLDER: pictures of the map while the service distance is moved and a county is looked at, for `film.py` to put in a row.
import fs from 'node:fs';
import path from 'node:path';
import { launch, urlOf } from './browser.mjs';

const [file, folder] = process.argv.slice(2);
fs.mkdirSync(folder, { recursive: true });
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
await page.goto(urlOf(file));
await page.waitForSelector('html[data-idle]', { timeout: 120000 });
let n = 0;
await page.evaluate(() => window.scrollTo(0, document.querySelector('main').getBoundingClientRect().top - 60));
const shot = async () => {
  await page.waitForTimeout(150);
  await page.screenshot({ path: path.join(folder, `${String(n).padStart(3, '0')}.png`) });
  n += 1;
};
// a new distance, once the map stands still
const limit = (share) => page.evaluate((share) => new Promise((done) => {
  const slider = document.getElementById('limit');
  slider.value = Math.round(slider.max * share);
  cg.map.once('idle', done);
  slider.dispatchEvent(new Event('input'));
}), share);
for (const share of [0.1, 0.18, 0.26, 0.34, 0.42, 0.5, 0.42, 0.34, 0.26, 0.18]) {
  await limit(share);
  await shot();
}
await browser.close();
console.log(`${n} pictures in ${folder}`);
