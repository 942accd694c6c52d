// What every story is made of: coming to a client, waiting for a word, saying something.
import { check } from "./check.mjs";

// Words of ours in this person's language, or [words, values]; what somebody typed as it is (a RegExp). What is folded away counts too.
async function says(person, words) {
  const text = await person.page.locator("main").textContent();
  return words.every((each) => (each instanceof RegExp ? each : person.words(...[each].flat())).test(text));
}

const pause = () => new Promise((done) => setTimeout(done, 250));

// The page of a conversation about somebody of this name whose text has all of these words; waits until there is one.
export async function meet(person, name, ...words) {
  const lists = ["/", "/?show=waiting", "/?show=out"]; // Today has the first few of a list, and all the journeys' people are in it
  for (const until = Date.now() + 30000; Date.now() < until; lists.push(lists.shift()), await pause()) {
    await person.page.goto(lists[0]);
    const found = await person.page.getByRole("link", { name, exact: true }).evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    for (const address of [...new Set(found)]) {
      await person.page.goto(address);
      if (await says(person, words)) return address;
    }
  }
  check(false, `${person.account} never met ${name} with ${words}`);
  throw new Error(`${person.account} never met ${name} with ${words}`);
}

// The same page again, until it says all of this.
export async function sees(person, address, ...words) {
  for (const until = Date.now() + 30000; Date.now() < until; await pause()) {
    await person.page.goto(address);
    if (await says(person, words)) return person.text();
  }
  check(false, `${person.account} does not see ${words} at ${address}: ${await person.text()}`);
  return person.text();
}

async function fill(person, address, title, fields) {
  if (address) await person.page.goto(address);
  const link = person.page.getByRole("link", { name: person.say(title), exact: true });
  if (!await link.isVisible()) await person.openDetails(person.page.locator("summary", { hasText: person.say("Say something else about this client") }));
  await person.choose(title);
  await person.fill(fields);
}

// Every form that a page offers, as it is before anything is typed in it: so also those that are rarely needed come up in a browser.
export async function forms(person, address) {
  await person.page.goto(address);
  const offered = await person.page.locator('main a[href^="/say/"]').evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (const form of new Set(offered.filter((each) => !each.includes("?") && !person.hasLooked(`form ${each.split("/").pop()}`)))) {
    await person.page.goto(form);
    await person.look(person.form());
  }
}

// From a client's page: the form, folded away or not, filled in, looked at once more and sent.
export async function say(person, address, title, fields, button) {
  await fill(person, address, title, fields);
  await person.send(button, title);
}

// The same for what the broker will not have: until the page that was sent says so.
export async function isRefused(person, address, title, fields, button) {
  await fill(person, address, title, fields);
  await person.press("Continue");
  await person.press(button);
  return sees(person, person.page.url(), "It was not accepted");
}

// The conversation that a form has just begun, from the page that says it was sent.
export async function begun(person) {
  return person.page.getByRole("link", { name: person.say("See this client"), exact: true }).getAttribute("href");
}
