// A page by the keyboard alone: Tab to what is wanted, then the keys that it takes. Whatever has the focus on the way shows it, and nothing stands before it.
import { check } from "./check.mjs";

const STOPS_MAX = 250;

// In the page: whether the focus is on this, or on a radio of its group; and what is wrong with how the focus shows, or "".
function focusOn(wanted) {
  const at = document.activeElement, name = `${at.tagName} ${at.name ?? ""} ${at.innerText ?? ""}`.trim().slice(0, 60);
  const there = at === wanted || (at.type === "radio" && wanted.type === "radio" && at.name === wanted.name);
  if (at === document.body) return [there, ""]; // round the browser's own bars
  const box = at.getBoundingClientRect(), shown = at.type === "radio" || at.type === "checkbox" ? getComputedStyle(at.nextElementSibling, "::before") : getComputedStyle(at);
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return [there, `${name} has the focus out of sight`];
  const top = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
  const lines = [...at.getClientRects()].some((line) => { const on = document.elementFromPoint(line.left + line.width / 2, line.top + line.height / 2); return on !== null && at.contains(on); }); // a link over two lines has no middle
  if (!(at.contains(top) || top?.contains(at) || lines || top?.closest("label")?.control === at)) return [there, `${name} has the focus behind ${top?.tagName} ${top?.className}`];
  if (shown.outlineStyle === "none" && shown.boxShadow === "none") return [there, `${name} does not show that it has the focus`];
  return [there, ""];
}

export async function tabTo(page, locator) {
  const wanted = await locator.elementHandle();
  for (let stops = 0; stops < STOPS_MAX; stops++) {
    const [there, problem] = await page.evaluate(focusOn, wanted);
    check(problem === "", `${page.url()}: ${problem}`);
    if (there) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${page.url()}: Tab never came to ${locator}`);
}

export async function enter(page, locator) {
  await tabTo(page, locator);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

export async function unfold(page, summary) {
  await tabTo(page, summary);
  await page.keyboard.press("Enter");
}

export async function write(page, box, text) {
  await tabTo(page, box);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.type(text);
}

export async function tick(page, box) {
  await tabTo(page, box);
  if (!await box.isChecked()) await page.keyboard.press("Space");
}

// A radio among its likes by the arrows, a list of choices from its beginning.
export async function pick(page, locator, value) {
  await tabTo(page, locator);
  if (await locator.evaluate((at) => at.tagName === "SELECT")) {
    const index = await locator.evaluate((select, wanted) => [...select.options].findIndex((option) => option.value === wanted), value);
    await page.keyboard.press("Home");
    for (let i = 0; i < index; i++) await page.keyboard.press("ArrowDown");
    check(await locator.inputValue() === value, `${page.url()}: the arrows never came to ${value}`);
    return;
  }
  await page.keyboard.press("Space");
  for (let stops = 0; stops < 40 && !await locator.isChecked(); stops++) await page.keyboard.press("ArrowDown");
  check(await locator.isChecked(), `${page.url()}: the arrows never came to ${value}`);
}
