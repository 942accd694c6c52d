// One person at a browser: signs in, reads, says things; in English with JavaScript by the keyboard alone. Every page it comes to is held against axe
// (WCAG 2.2 AA), html-validate, a width of 320 px, 200 % and its own console; in Welsh, against English words. See check.mjs for what is found.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import { check } from "./check.mjs";
import * as keyboard from "./keyboard.mjs";

export const place = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const require = createRequire(path.join(place.packages, "package.json"));
export const { chromium } = require("playwright-core");
const { HtmlValidate } = require("html-validate");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const validate = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "long-title": "off", "valid-id": ["error", { relaxed: true }], "no-trailing-whitespace": "off",
  "prefer-native-element": "error", "require-sri": "off", "no-redundant-role": "off" } });
export const looked = new Set(), spent = { looking: 0 };

// The words in Welsh, by the English ones.
const welsh = new Map([...fs.readFileSync(place.welsh, "utf8").matchAll(/^msgid "(.+)"\nmsgstr "(.+)"$/gm)].map(([, english, words]) => [english, words]));

// What is English: words that English cannot do without and Welsh has not, the months, or a whole text that the catalogue has a Welsh one for.
const PLAIN = /\b(the|of|and|was|were|not|with|this|that|they|them|who|what|which|has|have|been|from|nobody|somebody|there|their|your|about|after|before|january|february|march|april|may|june|july|august|september|october|november|december|midday)\b/i;
const english = new Set([...welsh].filter(([from, to]) => from !== to && /[a-z]{3}/.test(from)).map(([from]) => from.toLowerCase()));
const welshToo = new Set([...welsh.values()].map((to) => to.toLowerCase()));
const typed = new Set(place.names ?? []); // and what people typed
function isEnglish(text) {
  const words = [...typed].sort((a, b) => b.length - a.length).reduce((left, each) => left.replaceAll(each, ""), text).trim().toLowerCase();
  return PLAIN.test(words) || (english.has(words) && !welshToo.has(words));
}

export class Person {
  // account: the name to sign in with.
  constructor(browser, service, account, { javaScript = true, language = "en" }) { Object.assign(this, { browser, service, account, javaScript, language, byKeyboard: javaScript && language === "en", keys: 0, choices: 0 }); }

  get password() { return place.password; }

  // In this person's language; values: what stands in it as {name}, which are words too.
  say(words, values = {}) {
    const small = words.charAt(0).toLowerCase() + words.slice(1); // a code's words at the beginning of a sentence
    if (this.language === "cy") check(welsh.has(words) || welsh.has(small), `no Welsh for ${words}`);
    const said = this.language === "en" ? words : welsh.get(words) ?? welsh.get(small) ?? words;
    return said.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? (this.language === "cy" && welsh.get(values[name])) || values[name] : whole));
  }

  words(words, values) { return new RegExp(this.say(words, values).replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i"); }

  async begin() {
    this.context = await this.browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: this.javaScript, baseURL: place.urls[this.service] });
    this.page = await this.context.newPage();
    this.page.on("console", (message) => { if (message.type() === "error" && !/status of (403|404|422)/.test(message.text())) check(false, `${this.account}: the console says ${message.text()}`); });
    this.page.on("response", (response) => { if (response.request().isNavigationRequest() && response.status() !== 303) this.last = response; });
    this.page.on("request", (request) => check(request.url().startsWith(place.urls[this.service]) || request.url().startsWith("data:"), `${this.account}: asks another host: ${request.url()}`));
    await this.page.goto("/");
    if (this.language === "cy") await Promise.all([this.page.waitForNavigation(), this.page.getByRole("link", { name: "Cymraeg" }).click()]);
    await this.look("sign in");
    await this.signIn();
    if (await this.page.getAttribute("html", "lang") !== this.language) await this.page.goto(`/?language=${this.language}`);
    check(await this.page.getAttribute("html", "lang") === this.language, `${this.account}: the page is not in ${this.language}`);
    await this.look("today");
    return this;
  }

  async signIn() {
    await this.type("#name", this.account);
    await this.type("#password", place.password);
    await Promise.all([this.page.waitForNavigation(), this.page.press("#password", "Enter")]);
  }

  hasLooked(what) { return looked.has(`${what} ${this.language}`); }

  // Which form this page is, if it is one: nothing is typed in it yet.
  form() {
    const { pathname, search } = new URL(this.page.url()), name = /^\/say\/(?:[^/]+\/)?(\w+)$/.exec(pathname)?.[1];
    return name && search === "" ? `form ${name}` : undefined;
  }

  // Once for each kind of page in each language (with and without JavaScript it is the same page): the rules, the widths, a picture.
  async look(what) {
    if (this.hasLooked(what)) return;
    looked.add(`${what} ${this.language}`);
    const begun = Date.now();
    await this.lookAt(what, `${this.service} ${this.language}: ${what}`);
    spent.looking += Date.now() - begun;
  }

  async lookAt(what, where) {
    await this.valid(where);
    if (this.language === "cy") await this.allWelsh(where);
    for (const [name, width] of [["wide", 1280], ["half", 640], ["narrow", 320]]) { // 640: 1280 at 200 %
      await this.page.setViewportSize({ width, height: 800 });
      await this.picture(what, name);
      check(await this.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${where}: scrolls sideways at ${width}`);
      if (name === (this.language === "cy" ? "narrow" : "wide")) await this.axe(where, width);
    }
    await this.page.setViewportSize({ width: 320, height: 800 });
    await this.longWords(where);
    await this.page.setViewportSize({ width: 1280, height: 800 });
  }

  // A name or an address without a space breaks, and pushes nothing aside.
  async longWords(where) {
    const pushed = await this.page.evaluate(() => [...document.querySelectorAll("main :is(h1, dd, li, p, label, td, .nhsuk-tag), .tc-header__service, .tc-header__link")].filter((node) => {
      const word = document.createElement("span");
      word.textContent = "w".repeat(80);
      node.append(word);
      const out = document.documentElement.scrollWidth > window.innerWidth;
      word.remove();
      return out;
    }).map((node) => `${node.tagName}.${node.className}`));
    check(pushed.length === 0, `${where}: a long word scrolls sideways in ${[...new Set(pushed)].join(" ")}`);
  }

  // Where a page may run no script, axe cannot either: it gets the same page elsewhere.
  async axe(where, width) {
    const page = this.javaScript ? this.page : await this.copy(width);
    await page.evaluate(axe).catch((error) => check(false, `${where}: axe: ${error.message}`));
    const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"], preload: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    for (const violation of violations) check(false, `${where}: axe: ${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.target).join(" ")}`);
  }

  async copy(width) {
    const body = (await this.last.text()).replace(/<script[^>]*><\/script>/g, ""), url = this.page.url();
    this.elsewhere ??= await this.browser.newPage({ ignoreHTTPSErrors: true });
    await this.elsewhere.setViewportSize({ width, height: 800 });
    await this.elsewhere.route(url, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }), { times: 1 });
    await this.elsewhere.goto(url);
    return this.elsewhere;
  }

  async end() {
    await this.context?.close();
    await this.elsewhere?.close();
  }

  async picture(what, name) {
    if (place.shots) await this.page.screenshot({ path: path.join(place.shots, `${what.replace(/\W/g, "-")}-${this.language}-${name}.png`), fullPage: true });
  }

  async valid(where) {
    const report = await validate.validateString(await this.last.text());
    for (const message of report.results.flatMap((result) => result.messages)) check(false, `${where}: html: ${message.ruleId} line ${message.line}: ${message.message}`);
  }

  // No word of English but what people typed, names, and the button that goes to English.
  async allWelsh(where) {
    const texts = await this.page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
      while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("[lang=en], script, textarea")) found.push(walker.currentNode.textContent.trim());
      return [...found, ...[...document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")].flatMap((node) => ["aria-label", "title", "alt", "placeholder"].map((name) => node.getAttribute(name) ?? ""))];
    });
    for (const text of texts) check(!isEnglish(text), `${where}: in English: ${text}`);
  }

  // Fills a form, and counts keys and choices. "name": text, [d, m, y(, time)] of a day, the value of a choice, or true for a box.
  async fill(fields, free = []) {
    for (const [name, value] of Object.entries(fields)) {
      await this.unfold(name);
      if (value === true) {
        await this.tick(this.page.locator(`input[type=checkbox][name="${name}"]`));
      } else if (Array.isArray(value)) {
        for (const [index, part] of ["day", "month", "year", "time"].entries()) if (value[index] !== undefined) await this.type(`[name="${name}-${part}"]`, String(value[index]), free.includes(name));
      } else if (await this.page.locator(`select[name="${name}"], input[type=radio][name="${name}"]`).count()) {
        await this.pick(name, value);
      } else {
        await this.type(`[name="${name}"]`, value, free.includes(name));
      }
    }
  }

  async tick(box) {
    this.choices++;
    return this.byKeyboard ? keyboard.tick(this.page, box) : this.mark(box);
  }

  // By its label, which lies over it: where the line of what is new covers that, the page is scrolled first.
  async mark(box) {
    if (!await box.isChecked()) await this.page.locator(`label[for="${await box.getAttribute("id")}"]`).click();
    check(await box.isChecked(), `${this.account}: ${await box.getAttribute("name")} cannot be chosen`);
  }

  async pick(name, value) {
    const select = this.page.locator(`select[name="${name}"]`), radio = this.page.locator(`input[type=radio][name="${name}"][value="${value}"]`), isSelect = await select.count() > 0;
    this.choices++;
    if (this.byKeyboard) return keyboard.pick(this.page, isSelect ? select : radio, value);
    return isSelect ? select.selectOption(value) : this.mark(radio);
  }

  // Fields that are folded away at first.
  async unfold(name) {
    const folded = this.page.locator("details:not([open])", { has: this.page.locator(`[name="${name}"], [name="${name}-day"]`) });
    if (await folded.count()) await this.openDetails(folded.first().locator("summary"));
  }

  async openDetails(summary) { return this.use(summary); }

  // What leads to no other page.
  async use(locator) { return this.byKeyboard ? keyboard.use(this.page, locator) : locator.click(); }

  // How often Tab, Enter, the space bar and the arrows were pressed until now.
  get moves() { return keyboard.moves.get(this.page) ?? 0; }

  async type(selector, text, free) {
    const box = this.page.locator(selector);
    if (/[A-Za-z]{3}/.test(text)) typed.add(text);
    if (!free) this.keys += text.length;
    return this.byKeyboard ? keyboard.write(this.page, box, text) : box.fill(text);
  }

  async press(name) {
    this.choices++;
    await this.go(this.page.getByRole("button", { name: this.say(name), exact: true }));
  }

  // A link or a button, to where it leads.
  async go(locator) {
    if (this.byKeyboard) return keyboard.enter(this.page, locator);
    return Promise.all([this.page.waitForNavigation(), locator.click()]);
  }

  async send(button, what) {
    await this.press("Continue");
    check(await this.page.getByRole("heading", { name: this.say("Check your answers") }).count() === 1, `${this.service}: ${what} was not taken: ${await this.page.locator("main").innerText()}`);
    await this.look("check");
    await this.press(button);
    const text = await this.text();
    check(["Sent and safe", "On its way", "Taken back"].some((words) => this.words(words).test(text)), `${this.service}: ${what} was not sent: ${await this.page.locator("main").innerText()}`);
    check(new RegExp(this.say("Your reference is {reference}", { reference: "\\b[0-9A-F]{8}$" }), "m").test(text), `${this.service}: ${what} has no reference: ${text}`);
    await this.look("sent");
  }

  // As it comes out of the printer: on one page.
  async printed(what) {
    const pdf = await this.page.pdf({ format: "A4", margin: { top: "12mm", bottom: "12mm", left: "12mm", right: "12mm" } });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
    check(pages === 1, `${this.service}: the ${what} is ${pages} pages`);
    await this.page.emulateMedia({ media: "print" });
    check(await this.page.evaluate(() => [...document.querySelectorAll("a")].every((link) => getComputedStyle(link, "::after").content === "none")), `${this.service}: the ${what} prints addresses`);
    const largest = await this.page.evaluate(() => { // the size of the warning, and of the largest beside it
      const size = (each) => parseFloat(getComputedStyle(each).fontSize), warning = document.querySelector("main .tc-banner .tc-alert--void strong");
      const others = [...document.querySelectorAll("main *")].filter((each) => each !== warning && each.innerText && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""));
      return warning && [size(warning), Math.max(...others.map(size))];
    });
    check(!/void/.test(what) || (largest && largest[0] > largest[1]), `${this.service}: the warning of the ${what} is not the largest on it: ${largest}`);
    check(/Printed|Argraff/.test(await this.page.locator("main").innerText()), `${this.service}: the ${what} does not say when it was printed`);
    await this.page.emulateMedia({ media: null });
    check(!/\bPrinted|Argraffwyd/.test(await this.page.locator("main").innerText()), `${this.service}: the screen says when the ${what} was printed`);
    if (place.shots) fs.writeFileSync(path.join(place.shots, `${this.service}-${what.replace(/\W/g, "-")}.pdf`), pdf);
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
    await this.go(this.page.locator(`section[aria-labelledby="${section}"]`).getByRole("link", { name, exact: true }).first());
    await this.look(`client ${section}`);
  }

  async choose(name) {
    await this.go(this.page.getByRole("link", { name: this.say(name), exact: true }));
    await this.look(this.form() ?? name);
  }

  async text() { return this.page.locator("main").innerText(); }
}
