// Something new comes while a page is read: a line says so and moves nothing; what is typed is kept by itself; the session's end is told before it comes.
import { check, inDays } from "../check.mjs";

export const people = { lee: ["carat", "worker", "c-103", "Lee Made-Up"], sam: ["cjip", "worker", "w-017", "Sam Made-Up"], kim: ["cjip", "manager", "w-001", "Kim Made-Up"] };
export const plays = [{}, { language: "cy" }];

async function notify(lee, surname) {
  await lee.page.goto("/");
  await lee.choose("Tell a community team of a release");
  await lee.fill({ recipient: "cjip", "parts.minimum.person.surname": surname, "parts.minimum.person.forenames": "Lowri", "parts.minimum.person.date_of_birth": [3, 2, 1997],
    "release.certainty": "likely", "release.route": "bail", "release.expected_date": inDays(6), "release.meet_asked": "yes" });
  await lee.send("Send the notification", "release");
}

export async function play(open, { language = "en" }) {
  const lee = await open("lee"), sam = await open("sam"), surname = `Newly-${language}`;
  await sam.page.goto("/say/referral");
  await sam.page.evaluate(() => window.scrollTo(0, 200));
  const before = await sam.page.evaluate(() => [window.scrollY, document.querySelector("h1").getBoundingClientRect().top, document.activeElement.tagName]);
  await notify(lee, surname);
  await sam.page.locator("#tc-news").waitFor({ state: "visible", timeout: 15000 });
  const after = await sam.page.evaluate(() => [window.scrollY, document.querySelector("h1").getBoundingClientRect().top, document.activeElement.tagName]);
  check(`${before}` === `${after}`, `the page moved: ${before} to ${after}`);
  check(new RegExp(`^[0-9]+ ${language === "cy" ? "(p|b|ph)eth newydd" : "new thing"}`).test(await sam.page.locator("#tc-news").innerText()), `the line says ${await sam.page.locator("#tc-news").innerText()}`);
  check(await sam.page.locator("#tc-away").isHidden() && await sam.page.locator("#tc-back").isHidden(), "the broker is said to be away, or back");
  await sam.look("new things");
  await sam.go(sam.page.getByRole("link", { name: sam.say("See what is new") }));
  check((await sam.text()).includes(`Lowri ${surname}`), "what was new is not shown");
  await spaced(sam);
  await colleague(sam, surname);
  await underway(lee);
  await draft(sam);
  await ending(sam);
  await written(await open("kim"));
}

// What must be read first (check.html) does not touch the heading after it.
async function spaced(sam) {
  const gap = await sam.page.evaluate(() => {
    const box = document.createElement("section"), heading = document.createElement("h2");
    box.className = "tc-alert";
    heading.className = "nhsuk-heading-m";
    document.querySelector("main").prepend(box, heading);
    const between = heading.getBoundingClientRect().top - box.getBoundingClientRect().bottom;
    box.remove();
    heading.remove();
    return between;
  });
  check(gap >= 24, `the heading is ${gap} px under the warning before it`);
}

// Whoever is chosen from the list stands in the fields below at once; somebody who was written there stays.
async function colleague(sam, surname) {
  await sam.open(`Lowri ${surname}`, "waiting");
  await sam.choose("Say who will meet them");
  const box = (name) => sam.page.locator(`[name="parts.minimum.worker.${name}"]`), list = sam.page.locator('[name="release_answer.named_worker"]');
  const stands = async () => (await Promise.all(["name", "phone", "team"].map((name) => box(name).inputValue()))).join();
  const own = await stands();
  check(/^Sam Made-Up,01632 \d+,/.test(own), `whoever answers is not put in: ${own}`);
  await box("phone").fill("01632 960999");
  for (const [reference, expected] of [["w-001", "Kim Made-Up"], [":other", ""], ["w-017", "Sam Made-Up"], ["", ""]]) {
    await list.selectOption(reference);
    const now = await stands();
    check(now === (expected === "" ? ",," : own.replace("Sam Made-Up", expected)), `${reference || "nobody"} is chosen, and there stands ${now}`);
  }
  await box("name").fill("Jo Agency");
  await box("phone").fill("01632 960777");
  await list.selectOption("w-001");
  check(await stands() === "Jo Agency,01632 960777,", `what was written was overwritten: ${await stands()}`);
}

// What is on its way turns to safe by itself while its page is looked at, and the focus stays where it is.
async function underway(lee) {
  const address = lee.page.url(), safe = await lee.page.evaluate(async () => (await fetch(location.href)).text());
  const before = safe.replace('id="tc-sent"', 'id="tc-sent" data-waits="true"').replace(/(<h1 class="nhsuk-panel__title">)[^<]*/, "$1Underway");
  let held = true;
  await lee.page.route("**/sent/*", (route) => (held ? route.fulfill({ contentType: "text/html; charset=utf-8", body: before }) : route.continue()));
  await lee.page.goto(address);
  const title = lee.page.locator("h1");
  check(await title.innerText() === "Underway", `what is underway is ${await title.innerText()}`);
  await lee.page.locator('main a[href="/"]').last().focus();
  held = false;
  await title.filter({ hasText: lee.words("Sent and safe") }).waitFor({ timeout: 15000 });
  check(await lee.page.evaluate(() => document.activeElement.getAttribute("href")) === "/", "the focus has moved");
  await lee.page.unroute("**/sent/*");
}

// What is typed is kept without a word of the worker's, and found again from Today, by its own account alone.
async function draft(sam) {
  await sam.page.goto("/say/referral");
  await sam.page.locator('[name="parts.minimum.person.surname"]').focus();
  await sam.page.keyboard.type("Half-Typed");
  await sam.page.locator("#tc-draft").waitFor({ state: "visible", timeout: 10000 });
  await sam.page.goto("/");
  check(sam.words("Begun and not sent").test(await sam.text()) && /Half-Typed/.test(await sam.text()), "Today does not show what was begun");
  await sam.look("drafts");
  await sam.go(sam.page.locator("section[aria-labelledby=drafts] li").filter({ hasText: "Half-Typed" }).getByRole("link"));
  check(await sam.page.inputValue('[name="parts.minimum.person.surname"]') === "Half-Typed", "the draft is not on its form");
  await sam.look("form with a draft");
  await sam.go(sam.page.getByRole("button", { name: sam.say("Throw it away") }));
  check(!/Half-Typed/.test(await sam.text()), "the draft was not thrown away");
}

// Ten hours after signing in the session ends whatever is done: the warning comes, and offers no longer to stay.
async function wholeEnding(sam) {
  const page = await sam.page.evaluate(async () => (await fetch(location.href)).text()), nearly = page.replace(/data-left="\d+" data-whole="\d+"/, 'data-left="110" data-whole="110"');
  check(page !== nearly, "the page does not say how long the session lasts");
  await sam.page.route("**/", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: nearly }), { times: 1 });
  await sam.page.goto("/");
  await sam.page.locator("#tc-ending").waitFor({ state: "visible", timeout: 5000 });
  check(await sam.page.locator("#tc-stay").isHidden(), "who cannot stay signed in is offered to");
  check(await sam.page.evaluate(() => document.activeElement.closest("#tc-ending button") !== null), "the last warning does not have the focus");
  await Promise.all([sam.page.waitForRequest((request) => request.isNavigationRequest() && request.url().endsWith("/sign-in"), { timeout: 5000 }), sam.page.clock.fastForward("01:51")]);
}

// Two minutes before the end a dialog has the focus; Enter stays signed in.
async function ending(sam) {
  await sam.page.clock.install();
  await sam.page.route("**/live?*", (route) => route.fulfill({ contentType: "text/event-stream", body: "retry: 600000\n\n" })); // its clock would be the real one
  await sam.page.goto("/");
  await sam.page.clock.fastForward("13:30");
  await sam.page.locator("#tc-ending").waitFor({ state: "visible", timeout: 5000 });
  await sam.look("session ends");
  check(await sam.page.evaluate(() => document.activeElement.closest("#tc-stay") !== null), "the warning does not have the focus");
  await sam.page.keyboard.press("Enter");
  await sam.page.clock.runFor(3000);
  await sam.page.locator("#tc-ending").waitFor({ state: "hidden", timeout: 5000 });
  check(new URL(sam.page.url()).pathname === "/", "staying signed in left the page");
  await sam.page.clock.fastForward("13:30");
  await sam.page.locator("#tc-ending").waitFor({ state: "visible", timeout: 5000 });
  await sam.page.keyboard.press("Escape");
  await sam.page.clock.runFor(3000);
  check(await sam.page.locator("#tc-ending").isHidden(), "who closed the warning is stopped by it again");
  await wholeEnding(sam);
  await sam.page.unroute("**/live?*");
}

// A manager's page of which no draft is kept stays when the session ends, if something was typed: what is sent after that is kept.
async function written(kim) {
  await kim.page.clock.install();
  await kim.page.route("**/live?*", (route) => route.fulfill({ contentType: "text/event-stream", body: "retry: 600000\n\n" }));
  await kim.page.goto("/manage/hours");
  await kim.type("#monday", "09:30-12:30");
  await kim.page.clock.fastForward("16:00");
  await kim.page.clock.runFor(3000);
  check(kim.page.url().endsWith("/manage/hours") && await kim.page.inputValue("#monday") === "09:30-12:30", `the session's end took what was typed: ${kim.page.url()}`);
  await kim.page.goto("/"); // where clients stand, whatever is typed
  await kim.type("#find", "half");
  await Promise.all([kim.page.waitForRequest((request) => request.isNavigationRequest() && request.url().endsWith("/sign-in"), { timeout: 5000 }), kim.page.clock.fastForward("16:00")]);
}
