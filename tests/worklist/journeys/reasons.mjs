// Information governance looks at a client and says why; the manager reads it; a worker changes a password.
import { check, inDays } from "../check.mjs";

export const people = { lee: ["carat", "worker", "c-104", "Lee Made-Up"], kim: ["cjip", "manager", "w-001", "Kim Made-Up"], gov: ["cjip", "governance", "w-097", "Gov Made-Up"] };
export const plays = [{ surname: "Complained" }, { surname: "Cwynodd", language: "cy" }];

export async function play(open, { surname }) {
  const lee = await open("lee"), kim = await open("kim"), gov = await open("gov");
  await lee.choose("Tell a community team of a release");
  await lee.fill({ recipient: "cjip", "parts.minimum.person.surname": surname, "parts.minimum.person.forenames": "John", "parts.minimum.person.date_of_birth": [3, 2, 1997],
    "release.certainty": "likely", "release.route": "bail", "release.expected_date": inDays(3), "release.meet_asked": "yes" });
  await lee.send("Send the notification", "release");
  await gov.today(new RegExp(`John ${surname}`));
  await gov.go(gov.page.getByRole("link", { name: `John ${surname}`, exact: true }).first());
  await gov.look("reason");
  check(gov.words("Say why you look").test(await gov.text()) && !(await gov.text()).includes("1997"), "governance sees a client without a reason");
  await gov.press("Look at this client");
  check(gov.words("There is a problem").test(await gov.text()), "no reason was taken for one");
  await gov.look("reason errors");
  await ended(gov, surname);
  await gov.fill({ why: "complaint", words: "Complaint 17, of the mother" });
  await gov.press("Look at this client");
  await gov.look("client for a reason");
  check((await gov.text()).includes("1997"), "a reason was not taken");
  for (const [address, what] of [["/reasons", "reasons"], ["/account-changes", "account changes"]]) {
    await kim.page.goto(address);
    await kim.look(what);
  }
  await kim.page.goto("/reasons");
  check((await kim.text()).includes("Complaint 17, of the mother"), "the manager does not see the reason");
  await password(kim);
}

// Words that were begun, or stand there again beside an error, stay when the session ends; whose client it is does not.
async function ended(gov, surname) {
  await gov.page.clock.install();
  await gov.page.route("**/live?*", (route) => route.fulfill({ contentType: "text/event-stream", body: "retry: 600000\n\n" })); // its clock would be the real one
  await gov.page.goBack();
  for (const sent of [false, true]) {
    await gov.type("#words", "Complaint 16");
    if (sent) await gov.press("Look at this client");
    check((await gov.text()).includes(surname), "it is not said about whom");
    await gov.page.clock.fastForward("13:30");
    await gov.page.locator("#tc-ending").waitFor({ state: "visible", timeout: 5000 });
    await gov.page.clock.fastForward("02:30");
    await gov.page.clock.runFor(3000);
    check(await gov.page.locator("#tc-ending").isHidden(), "it is asked whether to stay when it is too late");
    check(await gov.page.inputValue("#words").catch(() => "") === "Complaint 16" && !(await gov.text()).includes(surname), `what was typed is gone (${sent}), or whose client it is stands there: ${gov.page.url()}`);
  }
  await gov.page.unroute("**/live?*");
}

async function password(kim) {
  await kim.page.goto("/password");
  await kim.look("password");
  await kim.press("Change the password");
  await kim.look("password errors");
  for (const [box, words] of [["before", kim.password], ["password", "four other words here"], ["again", "four other words here"]]) await kim.type(`#${box}`, words);
  await kim.press("Change the password");
  check(kim.words("Your password is changed").test(await kim.text()), `the password was not changed: ${await kim.text()}`);
  await kim.look("password changed");
}
