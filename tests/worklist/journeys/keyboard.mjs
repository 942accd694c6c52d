// What every page has for those who use no mouse, larger text, paper or less motion. (All that is played in English with JavaScript is played by the keyboard alone.)
import { check } from "../check.mjs";

export const people = { sam: ["cjip", "worker", "w-017", "Sam Made-Up"] };

export async function play(open) {
  const sam = await open("sam"), { page } = sam;
  await page.goto("/");
  check(await page.evaluate(() => performance.getEntriesByType("navigation")[0].nextHopProtocol) === "h2", "a page does not come by HTTP/2");
  await page.keyboard.press("Tab");
  check(await page.evaluate(() => document.activeElement.matches(".nhsuk-skip-link")), "the first Tab does not offer to skip to the content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  check(await page.evaluate(() => document.activeElement.closest("main") !== null), "who skips to the content does not come to it");
  await sam.go(page.locator("header form button"));
  check(await page.locator("#password").count() === 1, "nobody is signed out");
  await sam.signIn();
  await page.goto("/say/referral");
  const first = await page.evaluate(() => { // a browser of some years ago presses with Enter the first button that is drawn, and one that is not drawn is none to it
    const button = document.querySelector("[type=submit][form=say], #say [type=submit]");
    return { drawn: button.checkVisibility(), value: button.value, stop: button.tabIndex };
  });
  check(first.drawn && first.value === "check" && first.stop === -1, `the first button of the form is ${JSON.stringify(first)}`);
  await sam.type('[name="parts.minimum.person.surname"]', "Entered");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]); // goes on, and does nothing else
  check(await page.getAttribute("html", "lang") === "en" && sam.words("There is a problem").test(await sam.text()) && await page.inputValue('[name="parts.minimum.person.surname"]') === "Entered",
    "Enter in a box does something else than going on");
  await page.goto("/");
  await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
  check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "with text twice as large the page scrolls sideways");
  await page.emulateMedia({ media: "print" });
  check(await page.locator("header").isHidden() && await page.locator("footer").isHidden() && await page.locator("main h1").isVisible(), "paper shows what is for the screen, or not the page");
  await page.emulateMedia({ media: "screen", reducedMotion: "reduce" });
  const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((node) => getComputedStyle(node).transitionDuration !== "0s" || getComputedStyle(node).animationName !== "none").length);
  check(moving === 0, `${moving} things move for somebody who asked for less motion`);
}
