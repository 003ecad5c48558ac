// What the browser tests share: Chromium of the system, with software rendering and no way out, and a page whose every error, request and
// dialog is kept. The modules are those of the lock file here, installed where CHARGEGAP_BROWSER says (a folder with node_modules).
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.CHARGEGAP_BROWSER || '.', 'package.json'));
const { chromium } = require('playwright-core');
export const axeSource = require('axe-core').source;

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const launch = (...more) => chromium.launch({
  executablePath: process.env.CHARGEGAP_CHROMIUM || PLACES.find(existsSync),
  // nothing is found outside: who asks for an address gets none, and the request is seen all the same
  args: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--host-resolver-rules=MAP * ~NOTFOUND', ...more],
});

export const urlOf = (file, fragment = '') => pathToFileURL(resolve(file)).href + fragment;

// Opens a page and keeps what goes wrong.
export const open = async (browser, url, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const seen = { errors: [], foreign: [], dialogs: [] };
  const own = url.split('#')[0];
  page.on('console', (m) => { if (m.type() === 'error') seen.errors.push(m.text()); });
  page.on('pageerror', (e) => seen.errors.push(e.message));
  page.on('dialog', (d) => { seen.dialogs.push(d.message()); d.dismiss(); });
  page.on('request', (r) => { const u = r.url(); if (u.split('#')[0] !== own && !u.startsWith('blob:') && !u.startsWith('data:')) seen.foreign.push(u); });
  await page.goto(url);
  if (await page.locator('#map-words').count()) {
    await page.waitForSelector('html[data-ready]', { timeout: 60000 });
    await page.waitForSelector('html[data-idle]', { timeout: 60000 });
  }
  return { page, seen, close: () => context.close() };
};

// Findings of axe that are serious or critical, one line each.
export const axe = async (page) => {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id} (${v.impact}): ${v.nodes.length} × ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${(n.any[0] || n.all[0] || n.none[0] || {}).message || ''}`).join(' | ')}`);
};

// Runs named checks one after the other; says which failed, and ends as they did.
export const checks = async (list) => {
  let failed = 0;
  for (const [name, check] of list) {
    try {
      await check();
      console.log(`ok ${name}`);
    } catch (e) {
      failed += 1;
      console.log(`FAILED ${name}: ${e.message}`);
    }
  }
  console.log(`${list.length - failed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
};
export const is = (got, want, what) => {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)} and not ${JSON.stringify(want)}`);
};
