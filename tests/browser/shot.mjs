// node shot.mjs FILE OUT.png [fragment] [width] [dark]: a picture of a page, to be looked at.
import { launch, open, urlOf } from './browser.mjs';

const [file, out, fragment = '', width = '1280', dark] = process.argv.slice(2);
const browser = await launch();
const options = { viewport: { width: Number(width), height: Number(width) < 500 ? 800 : 950 }, colorScheme: dark ? 'dark' : 'light' };
const { page, seen } = await open(browser, urlOf(file, fragment), options);
await page.waitForTimeout(500);
await page.screenshot({ path: out, fullPage: true });
console.log(JSON.stringify(seen));
await browser.close();
