// Plays Today's lists and a manager's pages on the scene of scene.py: node managing.mjs PLACE.json, where PLACE has "made" (name -> conversation) beside what person.mjs needs.
import fs from "node:fs";
import { check, found } from "./check.mjs";
import { chromium, looked, place, Person, spent } from "./person.mjs";

const LISTS = { waiting: "Wes Dale", out: "Una Birch", booked: "Zoe Gorse", missed: "Yan Fern" };

async function section(person, list) { return person.page.locator(`section[aria-labelledby="${list}"]`).innerText(); }

// Each list has whom it should, the first line counts what is late, and a filter stands in the address and can be taken away.
async function today(sam) {
  for (const [list, name] of Object.entries(LISTS)) check((await section(sam, list)).includes(name), `${list}: ${name} is not there: ${await section(sam, list)}`);
  check((await section(sam, "missed")).includes("Ben Hazel"), "the drop-out is not there");
  check((await section(sam, "matches")).includes("Elm"), `the possible match is not there: ${await section(sam, "matches")}`);
  check(sam.words("Say whether they came").test(await section(sam, "booked")), "nobody asks what became of an appointment");
  const late = await sam.page.locator(".tc-late").innerText();
  check(sam.words("Late:").test(late), `the first line does not say what is late: ${late}`);
  await telephone(sam);
  await sam.page.goto("/?show=waiting&kind=referral&late=yes&worker=mine");
  await sam.look("today filtered");
  check(await sam.page.locator(".tc-tags").count() === 3, "a filter has no tag");
  await sam.go(sam.page.locator(".tc-tags a").last());
  check(await sam.page.locator(".tc-tags").count() === 2 && !sam.page.url().includes("late="), `a tag takes nothing away: ${sam.page.url()}`);
  await sam.page.goto("/?show=out&named=no");
  check((await section(sam, "out")).includes("Tom Ash") && !(await section(sam, "out")).includes("Una Birch"), "releases with somebody named are shown among the others");
  await sam.openDetails(sam.page.locator(".tc-filter summary"));
  await sam.look("today filter open");
  await find(sam);
}

// The first screen of a telephone has somebody on it, also when much is late.
async function telephone(person) {
  await person.page.setViewportSize({ width: 375, height: 667 });
  const bottom = await person.page.locator(".tc-card__name").first().evaluate((name) => name.getBoundingClientRect().bottom);
  check(bottom <= 667, `${person.account}: the first person on Today stands ${Math.round(bottom)} px down, below the first screen of a telephone`);
  await person.page.setViewportSize({ width: 1280, height: 800 });
}

// By name: the lists in its order, and one client among all; the name is in no address.
async function find(sam) {
  await sam.page.goto("/?show=missed&sort=name");
  const names = (await sam.page.locator(".tc-card__name").allInnerTexts()).filter((name) => name !== "Tom Ash"); // he is there from two hours after his release on
  check(names.join() === "Yan Fern,Ben Hazel", `by surname: ${names}`);
  await sam.page.goto("/");
  await sam.type("#find", "x");
  await sam.press("Find");
  check(sam.words("There is a problem").test(await sam.text()), "a single letter was taken for a name");
  await sam.look("find errors");
  await sam.type("#name", "GO zo");
  await sam.press("Find");
  const cards = await sam.page.locator(".tc-card__name").allInnerTexts();
  check(cards.join() === "Zoe Gorse" && sam.page.url().endsWith("/find"), `found: ${cards} at ${sam.page.url()}`);
  await sam.look("found");
  await sam.type("#name", "Nobody");
  await Promise.all([sam.page.waitForNavigation(), sam.page.press("#name", "Enter")]);
  check(sam.words("No such client is known here. A date of birth and a number are found only when they are whole.").test(await sam.text()), "somebody was found who is not there");
}

// A manager sees what is late and whose, gives a case away so that the prison learns of it, marks somebody away, and says when the service is open.
async function manager(kim, lee, number) {
  await kim.page.goto("/manage");
  await kim.look("overdue");
  check((await kim.text()).includes("Tom Ash") && kim.words("Nobody was told of it yet").test(await kim.text()), `what is late: ${await kim.text()}`);
  await kim.choose("Caseloads");
  check(/Sam Made-Up/.test(await kim.text()), "the caseloads lack somebody");
  const [from, to] = number === 0 ? ["Sam", "Bea"] : ["Bea", "Sam"], worker = number === 0 ? "w-021" : "w-017";
  await kim.go(kim.page.locator("table").getByRole("link", { name: `${from} Made-Up`, exact: true }));
  await kim.look("caseload of one");
  await kim.choose("By surname");
  await kim.page.goto("/manage/caseloads?worker=nobody&sort=name");
  const surnames = (await kim.page.locator("#case strong:first-child").allInnerTexts()).map((person) => person.split(" ").at(-1));
  check(surnames.length > 1 && surnames.join() === [...surnames].sort().join(), `a caseload by surname: ${surnames}`);
  await kim.page.goBack();
  await kim.press("Move them");
  check(kim.words("Choose who gets them").test(await kim.text()), "nobody was chosen, and nobody says so");
  await kim.look("caseload errors");
  await kim.fill({ [`case.${place.made.named}`]: true, to: worker });
  await kim.press("Move them");
  check((await kim.text()).includes(`${number === 0 ? "1 case was moved to" : "Symudwyd 1 achos i"} ${to} Made-Up. ${kim.say("Whoever expects somebody else is told who comes now.")}`), `the case was not moved: ${await kim.text()}`);
  await kim.page.goto(`/client/${place.made.named}`);
  check(kim.words("Moved to {to} by {by} on {at}", { to: `${to} Made-Up, ${worker}`, by: "Kes Made-Up, w-003", at: "" }).test(await kim.text()), `the client's page does not tell that it was moved: ${await kim.text()}`);
  await kim.look("client moved");
  await kim.page.goBack();
  for (let tries = 0; tries < 100 && !(await lee.text()).includes(`${to} Made-Up`); tries++) await lee.page.goto(`/client/${place.made.named}`);
  check((await lee.text()).includes(`${to} Made-Up`), `the prison does not see that ${to} comes`);
  await away(kim, number);
  await hours(kim, number);
}

// The file that a link gives.
async function kept(person, name) {
  const [download] = await Promise.all([person.page.waitForEvent("download"), person.use(person.page.getByRole("link", { name: person.say(name), exact: true }))]);
  return fs.readFileSync(await download.path(), "utf8");
}

// Each report has a picture with its words, a table and a file; who looked at whom is found by person and client.
async function reports(kim) {
  await kim.page.goto("/manage");
  await kim.choose("Reports");
  for (const report of ["releases", "referrals", "waits", "attendance", "drop-outs", "clocks"]) {
    await kim.page.goto(`/manage/reports?report=${report}&by=month`);
    await kim.look(`report ${report}`);
    check(await kim.page.locator("tbody tr").count() === 12, `${report}: ${await kim.page.locator("tbody tr").count()} months`);
    check(await kim.page.locator("main svg rect").count() === 2 * 12 && await kim.page.locator("main svg title").count() === 1, `${report}: its picture has ${await kim.page.locator("main svg rect").count()} bars`);
  }
  await kim.page.goto("/manage/reports?report=referrals&by=week");
  const row = await kim.page.locator("tbody tr").first().innerText(), tall = await kim.page.locator("main svg rect").evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("height"))).filter((height) => height > 0));
  check((await kim.page.locator("main svg").textContent()).includes("3 / 5") && tall.length === 2 && Math.abs(tall[1] / tall[0] - 3 / 5) < 0.02, `the picture of the referrals of this week: ${tall}, ${await kim.page.locator("main svg").textContent()}`);
  check(/5/.test(row), `the referrals of this week: ${row}`);
  const exact = await kept(kim, "Download for this service (CSV)"), hidden = await kept(kim, "Download to pass on, small counts hidden (CSV)");
  check(exact.split("\r\n").length === 14 && /,"5","3",/.test(exact.split("\r\n")[12]) && !exact.includes("<5"), `the file: ${exact}`);
  check(hidden.includes('"<5"') && !/,"3",/.test(hidden), `the file to pass on: ${hidden}`);
  await kim.page.goto("/views");
  const sam = await kim.page.locator("#person option", { hasText: "Sam Made-Up" }).getAttribute("value");
  check(/^[0-9a-f]{16}$/.test(sam), `a name would stand in the address: ${sam}`);
  await kim.page.goto(`/views?person=${sam}`);
  await kim.look("views of one");
  check(/Sam Made-Up/.test(await kim.text()) && !/Lee Made-Up/.test(await kim.page.locator(".tc-list").innerText()), "the views of one person");
  await kim.go(kim.page.locator(".tc-list").getByRole("link", { name: kim.say("Only this client") }).first());
  check(/client=/.test(kim.page.url()), `the views of one client are at ${kim.page.url()}`);
  await kim.look("views of one client");
  check((await kept(kim, "Download as CSV")).includes(place.made.named.slice(0, 8)), "the file of views");
}

// Somebody new gets an account, a short password is refused and never shown, and who has left cannot sign in any more.
async function accounts(kim, browser, number) {
  const name = `new-${number}`;
  await kim.page.goto("/manage");
  await kim.choose("Accounts");
  await kim.type("#name", name);
  await kim.fill({ person: "New Made-Up", worker: `w-20${number}`, phone: "01632 960123", password: "short" });
  await kim.press("Set the account");
  check(kim.words("There is a problem").test(await kim.text()) && await kim.page.inputValue("#password") === "" && await kim.page.inputValue("#name") === name, "a short password was taken, or shown");
  await kim.look("account errors");
  await kim.fill({ password: place.password });
  await kim.press("Set the account");
  check((await kim.text()).includes("New Made-Up"), "the account is not there");
  const person = await new Person(browser, "cjip", name, { language: kim.language }).begin();
  const row = kim.page.locator(".tc-card", { hasText: `${name},` });
  await kim.go(row.getByRole("button"));
  check(kim.words("The account is closed. Nobody signs in with it.").test(await kim.text()), "the account is not closed");
  await person.page.goto("/").catch(() => {}); // unless the page goes there by itself at that very moment
  await person.page.waitForURL(/sign-in/, { timeout: 10000 }).catch(() => check(false, `who has left is still signed in: ${person.page.url()}`));
  await person.end();
}

async function away(kim, number) {
  await kim.choose("Leave and cover");
  await kim.fill({ duty_worker: "w-017", duty_cover: "w-021" });
  await kim.press("Set the duty cover");
  await kim.press("They are away");
  check(kim.words("There is a problem").test(await kim.text()), "an absence of nobody was taken");
  await kim.look("away errors");
  await kim.fill({ worker: "w-017", from: [1, 2 + number, 2027], to: [3, 2 + number, 2027] });
  await kim.press("They are away");
  check((await kim.text()).includes("2027") && (await kim.text()).includes("Bea Made-Up"), `the absence is not there: ${await kim.text()}`);
  await kim.look("away set");
  await kim.go(kim.page.getByRole("button", { name: kim.say("They are here") }).first());
  check(kim.words("Nobody is away, now or later.").test(await kim.text()), "the absence is still there");
}

async function hours(kim, number) {
  await kim.choose("Hours and places");

  await kim.fill({ saturday: "10.00, or noon" });
  await kim.press("Send hours and places");
  check((await kim.text()).includes(`${kim.say("Saturday")}: ${kim.say("write hours as 09:00-17:00, with commas between them")}`), "hours that are none were taken, or it is not said on which day they stand");
  check(await kim.page.locator(".nhsuk-error-summary__list li").count() === 1, "one field's mistake is told twice");
  await kim.look("hours errors");
  await kim.fill({ saturday: "10:00-13:00", closures: "24 12 2026 - 28 12 2026", places: String(3 + number), "can.crack": true });
  await kim.press("Send hours and places");
  check(kim.words("It was sent, and counts from now on.").test(await kim.text()), `hours were not taken: ${await kim.text()}`);
  check(await kim.page.inputValue("#places") === String(3 + number) && await kim.page.inputValue("#saturday") === "10:00-13:00", "what was said does not stand");
}

const browser = await chromium.launch({ executablePath: place.chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

async function reading(language, number, worker, chief) {
  const sam = await new Person(browser, "cjip", worker, { language }).begin();
  await today(sam);
  await sam.end();
  const kim = await new Person(browser, "cjip", chief, { language }).begin();
  await reports(kim);
  await accounts(kim, browser, number);
  await kim.end();
}

// One after the other: the second gives back what the first gave away.
async function deciding() {
  for (const [number, language] of ["en", "cy"].entries()) {
    const kim = await new Person(browser, "cjip", "kes", { language }).begin(), lee = await new Person(browser, "carat", "lee", { language }).begin();
    await manager(kim, lee, number);
    await kim.end();
    await lee.end();
  }
}

try {
  await Promise.all([reading("en", 0, "sam", "kim"), reading("cy", 1, "bea", "kay"), deciding()]); // whose language is whose account's
} catch (error) {
  check(false, error.stack);
} finally {
  await browser.close();
}
console.log(`${looked.size} pages looked at in ${(spent.looking / 1000).toFixed(0)} s, ${found.length} problems`);
process.exit(found.length === 0 ? 0 : 1);
