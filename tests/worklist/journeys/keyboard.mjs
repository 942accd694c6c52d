// From signing in to the reference by the keyboard alone: whatever has the focus shows it, and nothing stands before it. Then larger text, paper, and less motion.
import { check } from "../check.mjs";

export const services = [["arrest", "ARREST_REFERRAL"]];
export const people = { jo: ["arrest", "worker", "a-004", "Jo Made-Up"], sam: ["cjip", "worker", "w-017", "Sam Made-Up"] };

export async function play(open) {
  const jo = await open("jo"), sam = await open("sam");
  await signInAgain(jo);
  await refer(jo);
  await sam.today(/Dai Keyboard/);
  await sam.page.goto("/");
  await goTo(sam, "section[aria-labelledby=waiting] a[href^='/client/']", "Dai Keyboard");
  await goTo(sam, ".tc-actions a", sam.say("Answer the referral"));
  await choose(sam, "referral_answer.reply", "accept");
  await submit(sam, "check");
  await submit(sam, "send");
  check(/Reference|sent/i.test(await sam.text()), `no reference: ${await sam.text()}`);
  await otherWays(sam);
}

async function signInAgain(jo) {
  await goTo(jo, "header form button", "Sign out");
  await tabTo(jo, "#name");
  await jo.page.keyboard.type(jo.account);
  await tabTo(jo, "#password");
  await jo.page.keyboard.type(jo.password);
  await Promise.all([jo.page.waitForNavigation(), jo.page.keyboard.press("Enter")]);
}

async function refer(jo) {
  await jo.page.keyboard.press("Tab");
  check(await jo.page.evaluate(() => document.activeElement.matches(".nhsuk-skip-link")), "the first Tab does not offer to skip to the content");
  await goTo(jo, ".tc-actions a", "Refer somebody");
  await choose(jo, "recipient", "cjip");
  for (const [name, words] of [["surname", "Keyboard"], ["forenames", "Dai"]]) {
    await tabTo(jo, `[name="parts.minimum.person.${name}"]`);
    await jo.page.keyboard.type(words);
  }
  for (const [part, words] of [["day", "14"], ["month", "6"], ["year", "1994"]]) {
    await tabTo(jo, `[name="parts.minimum.person.date_of_birth-${part}"]`);
    await jo.page.keyboard.type(words);
  }
  await choose(jo, "referral.pathway", "maintenance");
  await submit(jo, "check");
  await submit(jo, "send");
  check((await jo.page.locator("h1, .nhsuk-panel__title").count()) > 0 && /\/sent\//.test(jo.page.url()), `the referral was not sent: ${await jo.text()}`);
}

// Tab until this has the focus; each stop on the way is looked at.
async function tabTo(person, selector, words = "") {
  for (let stops = 0; stops < 150; stops++) {
    await person.page.keyboard.press("Tab");
    const problem = await person.page.evaluate(focusProblem);
    check(problem === "", `${person.page.url()}: ${problem}`);
    if (await person.page.evaluate(([wanted, name]) => document.activeElement.matches(wanted) && document.activeElement.innerText.includes(name), [selector, words])) return;
  }
  throw new Error(`Tab never came to ${selector} ${words}`);
}

// In the page: what is wrong with how the focus shows, or "".
function focusProblem() {
  const at = document.activeElement, name = `${at.tagName} ${at.name ?? ""} ${at.innerText ?? ""}`.trim().slice(0, 60);
  if (at === document.body) return ""; // round the browser's own bars
  const box = at.getBoundingClientRect(), shown = at.type === "radio" || at.type === "checkbox" ? getComputedStyle(at.nextElementSibling, "::before") : getComputedStyle(at);
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return `${name} has the focus out of sight`;
  const top = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
  if (!(at.contains(top) || top?.contains(at) || top?.closest("label")?.control === at)) return `${name} has the focus behind ${top?.tagName} ${top?.className}`;
  if (shown.outlineStyle === "none" && shown.boxShadow === "none") return `${name} does not show that it has the focus`;
  return "";
}

async function goTo(person, selector, words) {
  await tabTo(person, selector, words);
  await Promise.all([person.page.waitForNavigation(), person.page.keyboard.press("Enter")]);
}

async function submit(person, step) {
  await tabTo(person, `button[name=step][value=${step}]`);
  await Promise.all([person.page.waitForNavigation(), person.page.keyboard.press("Enter")]);
}

// A radio among its likes by the arrows, a box of choices by its first letters.
async function choose(person, name, value) {
  await tabTo(person, `[name="${name}"]`);
  if (await person.page.evaluate(() => document.activeElement.tagName === "SELECT")) {
    await person.page.keyboard.type(await person.page.locator(`[name="${name}"] option[value="${value}"]`).innerText());
    return;
  }
  for (let stops = 0; stops < 30; stops++) {
    await person.page.keyboard.press(stops === 0 ? "Space" : "ArrowDown");
    if (await person.page.locator(`[name="${name}"][value="${value}"]`).isChecked()) return;
  }
  throw new Error(`the arrows never came to ${name} ${value}`);
}

async function otherWays(sam) {
  const { page } = sam;
  await page.goto("/");
  await page.setViewportSize({ width: 640, height: 400 }); // 1280 at 200 %
  check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "at 200 % the page scrolls sideways");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
  check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "with text twice as large the page scrolls sideways");
  await page.emulateMedia({ media: "print" });
  check(await page.locator("header").isHidden() && await page.locator("footer").isHidden() && await page.locator("main h1").isVisible(), "paper shows what is for the screen, or not the page");
  await page.emulateMedia({ media: "screen", reducedMotion: "reduce" });
  const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((node) => getComputedStyle(node).transitionDuration !== "0s" || getComputedStyle(node).animationName !== "none").length);
  check(moving === 0, `${moving} things move for somebody who asked for less motion`);
}
