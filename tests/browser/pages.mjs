// node pages.mjs FILE…: every page opens from file:// in both languages without an error, a request for another file, a dialog, or a
// serious or critical finding of axe.
import { axe, checks, is, launch, open, urlOf } from './browser.mjs';

const browser = await launch();
const check = async (file, lang) => {
  const { page, seen, close } = await open(browser, urlOf(file));
  try {
    const button = page.locator(`label[for=lang-${lang}]`);
    if (await button.count()) await button.click();
    await page.waitForTimeout(100);
    is(await axe(page), [], 'axe');
    is(seen.errors, [], 'errors');
    is(seen.foreign, [], 'requests');
    is(seen.dialogs, [], 'dialogs');
    is(await page.evaluate(() => typeof window.ran), 'undefined', 'scripts of names');
  } finally {
    await close();
  }
};
await checks(process.argv.slice(2).flatMap((file) => ['en', 'zh'].map((lang) => [`${file} ${lang}`, () => check(file, lang)])));
await browser.close();
