// A page by the keyboard alone: Tab to what is wanted, then the keys that it takes. Whatever has the focus on the way shows it, and nothing stands before it.
// Keys go one after the other as from a fast typist, without asking the page between them; it notes at each Tab what it sees.
import { check } from "./check.mjs";

const STOPS_MAX = 250;
const sessions = new WeakMap();
export const moves = new WeakMap(); // page -> keys that move or choose, and are not typed

const move = (page, count) => moves.set(page, (moves.get(page) ?? 0) + count);

async function hit(page, key) {
  move(page, 1);
  await page.keyboard.press(key);
}

async function press(page, ...keys) {
  if (!sessions.has(page)) sessions.set(page, page.context().newCDPSession(page));
  const session = await sessions.get(page), codes = { Tab: 9, ArrowDown: 40 };
  move(page, keys.filter((key) => key in codes).length);
  await Promise.all(keys.flatMap((key) => {
    const named = key in codes, what = named ? { key, code: key, windowsVirtualKeyCode: codes[key] } : { key };
    return [{ type: named ? "rawKeyDown" : "keyDown", ...what, ...(named ? {} : { text: key, unmodifiedText: key }) }, { type: "keyUp", ...what }].map((event) => session.send("Input.dispatchKeyEvent", event));
  }));
}

// In the page: whether the focus is on this, or on a radio of its group; what was wrong with how the focus showed since it was last asked; and how many Tabs lie before it, at a guess.
function lookAround(wanted) {
  const problem = () => { // with what has the focus now, or ""
    const at = document.activeElement, name = `${at.tagName} ${at.name ?? ""} ${at.innerText ?? ""}`.trim().slice(0, 60);
    if (at === document.body) return ""; // round the browser's own bars
    const box = at.getBoundingClientRect(), shown = at.type === "radio" || at.type === "checkbox" ? getComputedStyle(at.nextElementSibling, "::before") : getComputedStyle(at);
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return `${name} has the focus out of sight`;
    const top = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
    const lines = [...at.getClientRects()].some((line) => { const on = document.elementFromPoint(line.left + line.width / 2, line.top + line.height / 2); return on !== null && at.contains(on); }); // a link over two lines has no middle
    if (!(at.contains(top) || top?.contains(at) || lines || top?.closest("label")?.control === at)) return `${name} has the focus behind ${top?.tagName} ${top?.className}`;
    return shown.outlineStyle === "none" && shown.boxShadow === "none" ? `${name} does not show that it has the focus` : "";
  };
  if (document.stops === undefined) {
    document.stops = [];
    document.addEventListener("keyup", (event) => { if (event.key === "Tab") document.stops.push(problem()); }, true);
  }
  const problems = [...document.stops.splice(0), problem()].filter((words) => words !== "");
  const likes = (node) => (node.type === "radio" ? [...document.querySelectorAll("input[type=radio]")].filter((each) => each.name === node.name) : [node]);
  const stop = (node) => likes(node).find((each) => each.checked) ?? likes(node)[0]; // of radios one can be come to
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter((node) => node.checkVisibility() && !node.disabled && node.tabIndex >= 0 && stop(node) === node);
  const at = stops.indexOf(stop(document.activeElement)), to = stops.indexOf(stop(wanted));
  return { there: likes(wanted).includes(document.activeElement), problems, ahead: Math.max(to > at ? to - at : stops.length - at, 1) };
}

export async function tabTo(page, locator) {
  const wanted = await locator.elementHandle();
  for (let stops = 0; stops < STOPS_MAX;) {
    const { there, problems, ahead } = await page.evaluate(lookAround, wanted);
    for (const problem of problems) check(false, `${page.url()}: ${problem}`);
    if (there) return;
    await press(page, ...Array(ahead).fill("Tab"));
    stops += ahead;
  }
  throw new Error(`${page.url()}: Tab never came to ${locator}`);
}

export async function enter(page, locator) {
  await tabTo(page, locator);
  await Promise.all([page.waitForNavigation(), hit(page, "Enter")]);
}

export async function use(page, locator) {
  await tabTo(page, locator);
  await hit(page, "Enter");
}

export async function write(page, box, text) {
  await tabTo(page, box);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await press(page, ...text);
  check(await box.inputValue() === text, `${page.url()}: typed ${text}, and there is ${await box.inputValue()}`);
}

export async function tick(page, box) {
  await tabTo(page, box);
  if (!await box.isChecked()) await hit(page, "Space");
}

// A radio among its likes by the arrows, a list of choices from its beginning.
export async function pick(page, locator, value) {
  await tabTo(page, locator);
  const isList = await locator.evaluate((at) => at.tagName === "SELECT");
  await hit(page, isList ? "Home" : "Space");
  const downs = await locator.evaluate((at, wanted) => {
    if (at.tagName === "SELECT") return [...at.options].findIndex((option) => option.value === wanted);
    const likes = [...document.querySelectorAll("input[type=radio]")].filter((each) => each.name === at.name);
    return (likes.indexOf(at) - likes.indexOf(document.activeElement) + likes.length) % likes.length;
  }, value);
  await press(page, ...Array(downs).fill("ArrowDown"));
  check(isList ? await locator.inputValue() === value : await locator.isChecked(), `${page.url()}: the arrows never came to ${value}`);
}
