// One person at a browser: signs in, reads, fills forms by the keyboard. Every page it comes to is held against axe (WCAG 2.2 AA), html-validate,
// a width of 320 px and its own console; see check.mjs for what is found.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import { check } from "./check.mjs";

export const place = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const require = createRequire(path.join(place.packages, "package.json"));
export const { chromium } = require("playwright-core");
const { HtmlValidate } = require("html-validate");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const validate = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "long-title": "off", "valid-id": ["error", { relaxed: true }], "no-trailing-whitespace": "off",
  "prefer-native-element": "error", "require-sri": "off", "no-redundant-role": "off" } });
export const looked = new Set();
let shot = 0;

// The words in Welsh, by the English ones.
const welsh = new Map([...fs.readFileSync(place.welsh, "utf8").matchAll(/^msgid "(.+)"\nmsgstr "(.+)"$/gm)].map(([, english, words]) => [english, words]));

export class Person {
  // account: the name to sign in with.
  constructor(browser, service, account, { javaScript = true, language = "en" }) { Object.assign(this, { browser, service, account, javaScript, language, keys: 0, choices: 0 }); }

  get password() { return place.password; }

  // In this person's language.
  say(words) {
    if (this.language === "en") return words;
    check(welsh.has(words), `no Welsh for ${words}`);
    return welsh.get(words) ?? words;
  }

  words(words) { return new RegExp(this.say(words).replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i"); }

  async begin() {
    this.context = await this.browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: this.javaScript, baseURL: place.urls[this.service] });
    this.page = await this.context.newPage();
    this.page.on("console", (message) => { if (message.type() === "error" && !/status of (403|404|422)/.test(message.text())) check(false, `${this.account}: the console says ${message.text()}`); });
    this.page.on("response", (response) => { if (response.request().isNavigationRequest() && response.status() !== 303) this.last = response; });
    this.page.on("request", (request) => check(request.url().startsWith(place.urls[this.service]) || request.url().startsWith("data:"), `${this.account}: asks another host: ${request.url()}`));
    await this.page.goto("/");
    if (this.language === "cy") await Promise.all([this.page.waitForNavigation(), this.page.getByRole("link", { name: "Cymraeg" }).click()]);
    await this.look("sign in");
    await this.page.fill("#name", this.account);
    await this.page.fill("#password", place.password);
    await Promise.all([this.page.waitForNavigation(), this.page.press("#password", "Enter")]);
    if (this.language === "cy") await Promise.all([this.page.waitForNavigation(), this.page.goto("/?language=cy")]);
    else await this.page.goto("/?language=en");
    check(await this.page.getAttribute("html", "lang") === this.language, `${this.account}: the page is not in ${this.language}`);
    await this.look("today");
    return this;
  }

  // Once for each kind of page and person: the rules, the width of a telephone, a picture.
  async look(what) {
    if (looked.has(`${this.service} ${what} ${this.javaScript} ${this.language}`)) return;
    looked.add(`${this.service} ${what} ${this.javaScript} ${this.language}`);
    const where = `${this.service} ${this.language}: ${what}`;
    await this.valid(where);
    for (const [name, width] of [["wide", 1280], ["narrow", 320]]) {
      await this.page.setViewportSize({ width, height: 800 });
      if (place.shots) await this.page.screenshot({ path: path.join(place.shots, `${String(++shot).padStart(2, "0")}-${this.language}-${this.service}-${what.replace(/\W/g, "-")}-${name}.png`), fullPage: true });
      if (!this.javaScript) continue;
      if (this.language === "cy") await this.allWelsh(where);
      check(await this.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${where}: scrolls sideways at ${width}`);
      await this.page.evaluate(axe).catch((error) => check(false, `${where}: axe: ${error.message}`));
      const { violations } = await this.page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      for (const violation of violations) check(false, `${where} ${name}: axe: ${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.target).join(" ")}`);
    }
    await this.page.setViewportSize({ width: 1280, height: 800 });
  }

  async valid(where) {
    const report = await validate.validateString(await this.last.text());
    for (const message of report.results.flatMap((result) => result.messages)) check(false, `${where}: html: ${message.ruleId} line ${message.line}: ${message.message}`);
  }

  // No label, heading, button or link of ours is left in English: what is the same in both languages, names and codes aside.
  async allWelsh(where) {
    const texts = await this.page.evaluate(() => [...document.querySelectorAll("h1, h2, label, legend, button:not([lang]), dt, .nhsuk-hint, .nhsuk-tag, .tc-entry__head strong")].map((node) => node.innerText.trim()));
    const english = new Set([...welsh].filter(([from, to]) => from !== to && !(place.names ?? []).includes(from.toLowerCase())).map(([from]) => from.toLowerCase()));
    for (const text of texts) check(!english.has(text.toLowerCase()) || [...welsh.values()].some((to) => to.toLowerCase() === text.toLowerCase()), `${where}: in English: ${text}`);
  }

  // Fills a form by the keyboard where words are typed, and counts keys and choices. "name": text, "day": [d, m, y(, time)], "choose": value.
  async fill(fields, free = []) {
    for (const [name, value] of Object.entries(fields)) {
      await this.unfold(name);
      if (value === true) {
        await this.page.locator(`input[type=checkbox][name="${name}"]`).check({ force: true });
        this.choices++;
      } else if (Array.isArray(value)) {
        for (const [index, part] of ["day", "month", "year", "time"].entries()) if (value[index] !== undefined) await this.type(`[name="${name}-${part}"]`, String(value[index]), free.includes(name));
      } else if (await this.page.locator(`select[name="${name}"]`).count()) {
        await this.page.locator(`select[name="${name}"]`).selectOption(value);
        this.choices++;
      } else if (await this.page.locator(`input[type=radio][name="${name}"]`).count()) {
        await this.page.locator(`input[type=radio][name="${name}"][value="${value}"]`).check({ force: true });
        this.choices++;
      } else {
        await this.type(`[name="${name}"]`, value, free.includes(name));
      }
    }
  }

  // Fields that are folded away at first.
  async unfold(name) {
    const folded = this.page.locator("details:not([open])", { has: this.page.locator(`[name="${name}"], [name="${name}-day"]`) });
    if (await folded.count()) await folded.first().locator("summary").click();
  }

  async type(selector, text, free) {
    await this.page.locator(selector).focus();
    await this.page.locator(selector).fill("");
    await this.page.keyboard.type(text);
    if (!free) this.keys += text.length;
  }

  async press(name) {
    this.choices++;
    const button = this.page.getByRole("button", { name: this.say(name), exact: true });
    await button.focus();
    await Promise.all([this.page.waitForNavigation(), this.page.keyboard.press("Enter")]);
  }

  async send(button, what) {
    await this.press("Continue");
    check(await this.page.getByRole("heading", { name: this.say("Check your answers") }).count() === 1, `${this.service}: ${what} was not taken: ${await this.page.locator("main").innerText()}`);
    await this.look("check");
    await this.press(button);
    const text = await this.text();
    check(["Sent and safe", "On its way", "Taken back"].some((words) => this.words(words).test(text)), `${this.service}: ${what} was not sent: ${await this.page.locator("main").innerText()}`);
    await this.look("sent");
  }

  // As it comes out of the printer: on one page.
  async printed(what) {
    const pdf = await this.page.pdf({ format: "A4", margin: { top: "12mm", bottom: "12mm", left: "12mm", right: "12mm" } });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
    check(pages === 1, `${this.service}: the ${what} is ${pages} pages`);
    if (place.shots) fs.writeFileSync(path.join(place.shots, `${this.service}-${what.replace(/\W/g, "-")}.pdf`), pdf);
  }

  // A page that came of a form: as often as it comes.
  async lookPosted(what) {
    await this.valid(`${this.service}: ${what}`);
    if (!this.javaScript) return;
    await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate(() => axe.run(document));
    for (const violation of violations) check(false, `${this.service} ${what}: axe: ${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.target).join(" ")}`);
    if (place.shots) await this.page.screenshot({ path: path.join(place.shots, `${String(++shot).padStart(2, "0")}-${this.language}-${this.service}-${what.replace(/\W/g, "-")}.png`), fullPage: true });
  }

  async today(words, seconds = 20) {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      await this.page.goto("/");
      if (words.test(await this.page.locator("main").innerText())) return;
      if (Date.now() > until) { check(false, `${this.service}: today never said ${words}: ${await this.page.locator("main").innerText()}`); return; }
      await new Promise((done) => setTimeout(done, 300));
    }
  }

  async open(name, section) {
    await this.page.locator(`section[aria-labelledby="${section}"]`).getByRole("link", { name, exact: true }).first().click();
    await this.page.waitForURL(/\/client\//);
    await this.look(`client ${section}`);
  }

  async choose(name) {
    await Promise.all([this.page.waitForNavigation(), this.page.getByRole("link", { name: this.say(name), exact: true }).click()]);
    await this.look(name);
  }

  async text() { return this.page.locator("main").innerText(); }
}
