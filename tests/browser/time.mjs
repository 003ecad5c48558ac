// node time.mjs FILE [TIMES]: milliseconds from navigation to idle, and of a new threshold, medians; for figures that are quoted.
import { launch, urlOf } from './browser.mjs';

const [file, times] = [process.argv[2], Number(process.argv[3] || 5)];
const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
const [idle, threshold] = [[], []];
for (let i = 0; i < times; i += 1) {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(urlOf(file), { waitUntil: 'commit' });
  await page.waitForSelector('html[data-idle]', { timeout: 120000 });
  idle.push(Number(await page.evaluate(() => document.documentElement.dataset.idle)));
  threshold.push(await page.evaluate(() => new Promise((done) => {
    const from = performance.now();
    const slider = document.getElementById('limit');
    slider.value = Math.floor(slider.max / 3);
    cg.map.once('idle', () => done(performance.now() - from));
    slider.dispatchEvent(new Event('input'));
  })));
  await browser.close();
}
console.log(`${file}: idle after ${Math.round(median(idle))} ms, a new threshold after ${Math.round(median(threshold))} ms (medians of ${times})`);
