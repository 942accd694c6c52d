// Plays Today's lists and a manager's pages on the scene of scene.py: node managing.mjs PLACE.json, where PLACE has "made" (name -> conversation) beside what person.mjs needs.
import { check, found } from "./check.mjs";
import { chromium, looked, place, Person } from "./person.mjs";

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
  await sam.page.goto("/?show=waiting&kind=referral&late=yes&worker=mine");
  await sam.look("today filtered");
  check(await sam.page.locator(".tc-tags").count() === 3, "a filter has no tag");
  await sam.page.goto("/?show=out&named=no");
  check((await section(sam, "out")).includes("Tom Ash") && !(await section(sam, "out")).includes("Una Birch"), "releases with somebody named are shown among the others");
  await sam.page.locator(".tc-filter summary").click();
  await sam.look("today filter open");
}

const browser = await chromium.launch({ executablePath: place.chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
try {
  for (const language of ["en", "cy"]) {
    const sam = await new Person(browser, "cjip", "sam", { language }).begin();
    await today(sam);
    await sam.context.close();
  }
} catch (error) {
  check(false, error.stack);
} finally {
  await browser.close();
}
console.log(`${looked.size} pages looked at, ${found.length} problems`);
process.exit(found.length === 0 ? 0 : 1);
