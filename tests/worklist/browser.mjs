// Plays the journeys of a folder: node browser.mjs PLACE.json, where PLACE has "urls" (service -> address), "accounts" (journey -> a list of its plays' person -> [service, account]),
// "password", "journeys" (names), "forms" (all of which somebody must come to), "names" (of services), "shots" (a folder, or nothing), "welsh", "packages", "chromium". Four journeys at a time; ends with 1 when anything was found.
import { check, found } from "./check.mjs";
import { chromium, looked, place, Person, spent } from "./person.mjs";

const browser = await chromium.launch({ executablePath: place.chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

async function play(name, number) {
  const journey = await import(`./journeys/${name}.mjs`), how = (journey.plays ?? [{}])[number], people = [], begun = Date.now();
  const open = async (who) => {
    const person = new Person(browser, ...place.accounts[name][number][who], how);
    people.push(person);
    return person.begin();
  };
  try {
    await journey.play(open, how);
  } catch (error) {
    check(false, `${name}: ${error.stack}`);
    for (const { page } of people) console.log(`${name}: was at ${page?.url()}: ${await page?.locator("main").innerText({ timeout: 1000 }).catch(() => "nothing")}`);
  }
  for (const person of people) await person.end();
  console.log(`${name} ${JSON.stringify(how)}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

const waiting = place.journeys.flatMap((name) => place.accounts[name].map((_, number) => [name, number]));
async function playOn() {
  for (let next; (next = waiting.shift()) !== undefined;) await play(...next);
}
try {
  await Promise.all([playOn(), playOn(), playOn(), playOn()]);
  for (const form of place.forms) for (const language of ["en", "cy"]) check(looked.has(`form ${form} ${language}`), `nobody opened the form ${form} in ${language}`);
} finally {
  await browser.close();
}
console.log(`${looked.size} pages looked at in ${(spent.looking / 1000).toFixed(0)} s, ${found.length} problems`);
process.exit(found.length === 0 ? 0 : 1);
