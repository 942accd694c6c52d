// Plays people's browsers: node browser.mjs PLACE.json, where PLACE has "urls" (service -> address), "password", "shots" (a folder, or nothing), "release" (a day).
// Every page it comes to is held against axe (WCAG 2.2 AA), html-validate, a width of 320 px and its own console; anything found ends it with 1.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";

const place = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const require = createRequire(path.join(place.packages, "package.json"));
const { chromium } = require("playwright-core");
const { HtmlValidate } = require("html-validate");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const validate = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "long-title": "off", "valid-id": ["error", { relaxed: true }], "no-trailing-whitespace": "off",
  "prefer-native-element": "error", "require-sri": "off", "no-redundant-role": "off" } });
const found = [];
const looked = new Set();
let shot = 0;

// The words in Welsh, by the English ones.
const welsh = new Map([...fs.readFileSync(place.welsh, "utf8").matchAll(/^msgid "(.+)"\nmsgstr "(.+)"$/gm)].map(([, english, words]) => [english, words]));

function check(good, words) { if (!good) { found.push(words); console.log(`FOUND ${words}`); } }

class Person {
  constructor(browser, service, name, javaScript, language = "en") { Object.assign(this, { browser, service, name, javaScript, language, keys: 0, choices: 0 }); }

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
    this.page.on("console", (message) => { if (message.type() === "error" && !/status of (403|404|422)/.test(message.text())) check(false, `${this.name}: the console says ${message.text()}`); });
    this.page.on("response", (response) => { if (response.request().isNavigationRequest() && response.status() !== 303) this.last = response; });
    this.page.on("request", (request) => check(request.url().startsWith(place.urls[this.service]) || request.url().startsWith("data:"), `${this.name}: asks another host: ${request.url()}`));
    await this.page.goto("/");
    if (this.language === "cy") await Promise.all([this.page.waitForNavigation(), this.page.getByRole("link", { name: "Cymraeg" }).click()]);
    await this.look("sign in");
    await this.page.fill("#name", this.name);
    await this.page.fill("#password", place.password);
    await Promise.all([this.page.waitForNavigation(), this.page.press("#password", "Enter")]);
    if (this.language === "cy") await Promise.all([this.page.waitForNavigation(), this.page.goto("/?language=cy")]);
    else await this.page.goto("/?language=en");
    check(await this.page.getAttribute("html", "lang") === this.language, `${this.name}: the page is not in ${this.language}`);
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
    const english = new Set([...welsh].filter(([from, to]) => from !== to).map(([from]) => from.toLowerCase()));
    for (const text of texts) check(!english.has(text.toLowerCase()) || [...welsh.values()].some((to) => to.toLowerCase() === text.toLowerCase()), `${where}: in English: ${text}`);
  }

  // Fills a form by the keyboard where words are typed, and counts keys and choices. "name": text, "day": [d, m, y(, time)], "choose": value.
  async fill(fields, free = []) {
    for (const [name, value] of Object.entries(fields)) {
      if (Array.isArray(value)) {
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
    await this.lookPosted(`${what} check`);
    await this.press(button);
    check(this.words("Sent and safe").test(await this.text()) || this.words("On its way").test(await this.page.locator("main").innerText()), `${this.service}: ${what} was not sent: ${await this.page.locator("main").innerText()}`);
    await this.look(`${what} sent`);
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

async function john(browser, javaScript, surname, language = "en") {
  const lee = await new Person(browser, "carat", "lee", javaScript, language).begin(), sam = await new Person(browser, "cjip", "sam", javaScript, language).begin();
  await lee.choose("Tell a community team of a release");
  await lee.press("Continue");
  check(lee.words("There is a problem").test(await lee.text()) && lee.words("This is needed").test(await lee.text()), "an empty form was taken");
  await lee.lookPosted("release errors");
  const [year, month, day] = place.release.split("-").map(Number);
  await lee.fill({ recipient: "cjip", "parts.minimum.person.surname": surname, "parts.minimum.person.forenames": "John", "parts.minimum.person.date_of_birth": [3, 2, 1997],
    "release.certainty": "likely", "release.route": "bail", "release.expected_date": [day, month, year], "release.meet_asked": "yes" });
  await toggle(lee);
  await lee.send("Send the notification", "release");
  await sam.today(new RegExp(`John ${surname}`));
  check(/1 person comes out|people come out|[0-9] (o bobl|pherson|berson|person) /.test(await sam.text()), "nobody comes out");
  await sam.open(`John ${surname}`, "waiting");
  check(sam.words("This waits for your answer").test(await sam.text()) && (await sam.text()).includes(`3 ${sam.say("February")} 1997`), "the client's page does not say what waits");
  await sam.choose("Say who will meet them");
  await sam.fill({ "release_answer.reply": "will", "parts.minimum.appointment.place": "Main gate, 9am" });
  await sam.send("Send the answer", "answer");
  await lee.today(lee.words("Somebody is named"));
  await lee.open(`John ${surname}`, "out");
  check(/Sam Made-Up/.test(await lee.text()) && lee.words("opened by a worker").test(await lee.text()) && /Main gate, 9am/.test(await lee.text()), "the prison does not see who will meet him");
  await lee.context.close();
  await sam.context.close();
}

// The other language and back, with nothing typed lost.
async function toggle(person) {
  const before = await person.page.locator("input[type=text]").evaluateAll((boxes) => boxes.map((box) => box.value).join("|"));
  for (const name of person.language === "en" ? ["Cymraeg", "English"] : ["English", "Cymraeg"]) {
    await Promise.all([person.page.waitForNavigation(), person.page.getByRole("button", { name, exact: true }).click()]);
    const after = await person.page.locator("input[type=text]").evaluateAll((boxes) => boxes.map((box) => box.value).join("|"));
    check(after === before && before.includes("John"), `toggled to ${name}, what was typed is lost: ${after}`);
    check(await person.page.getAttribute("html", "lang") === (name === "English" ? "en" : "cy"), `the page is not in ${name}`);
  }
}

async function dose(browser) {
  const pat = await new Person(browser, "prescriber", "pat", true).begin(), alex = await new Person(browser, "health", "alex", true).begin();
  const due = new Date(Date.now() + 86400000);
  await pat.choose("Ask for a dose");
  await pat.fill({ recipient: "health", "parts.minimum.person.surname": "Made-Up", "parts.minimum.person.forenames": "John", "parts.minimum.person.date_of_birth": [3, 2, 1997],
    "parts.minimum.person.nhs_number": "9434765919", due_at: [due.getDate(), due.getMonth() + 1, due.getFullYear(), "12:00"] });
  await pat.send("Ask", "dose request");
  await alex.today(/John Made-Up/);
  await alex.open("John Made-Up", "waiting");
  await alex.choose("Answer about the dose");
  const taken = new Date(Date.now() - 86400000), until = new Date(Date.now() + 86400000);
  await alex.fill({ "dose_answer.reply": "confirmed", "parts.clinical.doses[0].product": "methadone_1mg_ml", "parts.clinical.doses[0].mg": "40", "parts.clinical.doses[0].frequency": "once_daily",
    "parts.clinical.doses[0].phase": "stable", "parts.clinical.doses[0].supervised": "yes", "parts.clinical.doses[0].observed_by": "prison_nurse",
    "parts.clinical.doses[0].last_taken_at": [taken.getDate(), taken.getMonth() + 1, taken.getFullYear(), "08:30"],
    "dose_answer.valid_until_at": [until.getDate(), until.getMonth() + 1, until.getFullYear(), "08:30"], "parts.clinical.answerer.role": "prison nurse", "parts.clinical.answerer.registration": "00X0000X" });
  await alex.send("Send the answer", "dose answer");
  await pat.today(/John Made-Up/);
  await pat.page.goto("/?show=waiting");
  for (let tries = 0; tries < 60 && !(await pat.page.getByRole("link", { name: "The dose on one page" }).count()); tries++) {
    await new Promise((done) => setTimeout(done, 200));
    await pat.page.goto(pat.dose ?? (pat.dose = await found_client(pat)));
  }
  await pat.look("client dose");
  await pat.choose("The dose on one page");
  check(/40 mg/.test(await pat.text()) && /methadone/i.test(await pat.text()), `the dose sheet says ${await pat.text()}`);
}

async function found_client(person) {
  await person.page.goto("/");
  return person.page.getByRole("link", { name: "John Made-Up", exact: true }).first().getAttribute("href");
}

// An arrested person, referred the same day: at most 60 keys and 12 choices beyond names and numbers.
async function darren(browser) {
  const jo = await new Person(browser, "arrest", "jo", true).begin(), sam = await new Person(browser, "cjip", "sam", true).begin();
  jo.keys = jo.choices = 0;
  await jo.choose("Refer somebody");
  await jo.fill({ recipient: "cjip", "parts.minimum.person.surname": "Made-Up", "parts.minimum.person.forenames": "Darren", "parts.minimum.person.date_of_birth": [14, 6, 1994],
    "referral.pathway": "maintenance", "parts.minimum.note": "Crack and heroin, leaves the cell at noon." },
    ["parts.minimum.person.surname", "parts.minimum.person.forenames", "parts.minimum.person.date_of_birth"]);
  await jo.send("Send the referral", "referral");
  check(jo.keys <= 60 && jo.choices + 1 <= 12, `the referral took ${jo.keys} keys and ${jo.choices + 1} choices`);
  console.log(`an arrest referral: ${jo.keys} keys and ${jo.choices + 1} choices beyond names and numbers`);
  await sam.today(/Darren Made-Up/);
  await sam.open("Darren Made-Up", "waiting");
  await sam.choose("Answer the referral");
  await sam.fill({ "referral_answer.reply": "accept" });
  await sam.send("Send the answer", "referral answer");
  await jo.today(/Darren Made-Up/);
  await jo.open("Darren Made-Up", "sent");
  check(/Accept/.test(await jo.text()), "the arrest referral worker does not see the answer");
}

async function manager(browser) {
  const kim = await new Person(browser, "cjip", "kim", true).begin();
  await kim.page.goto("/views");
  await kim.look("views");
  check(/Sam Made-Up/.test(await kim.text()), "the views do not say who looked");
  await kim.page.goto("/nothing");
  check(/There is no such page/.test(await kim.text()), "an address that is none");
  await kim.lookPosted("problem");
}

const browser = await chromium.launch({ executablePath: place.chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
try {
  await john(browser, true, "Made-Up");
  await john(browser, false, "Without-Script");
  await john(browser, true, "Cymreig", "cy");
  await dose(browser);
  await darren(browser);
  await manager(browser);
} finally {
  await browser.close();
}
console.log(`${looked.size} pages looked at, ${found.length} problems`);
process.exit(found.length === 0 ? 0 : 1);
