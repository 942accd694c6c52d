// The manager sees who looked at whom; an address that is none says so.
import { check, inDays } from "../check.mjs";
import { meet } from "../steps.mjs";

export const people = { lee: ["carat", "worker", "c-102", "Lee Made-Up"], kim: ["cjip", "manager", "w-001", "Kim Made-Up"], sol: ["cjip", "worker", "w-018", "Sol Made-Up"] };

export async function play(open) {
  const lee = await open("lee"), kim = await open("kim"), sol = await open("sol");
  await lee.choose("Tell a community team of a release");
  await lee.fill({ recipient: "cjip", "parts.minimum.person.surname": "Looked-At", "parts.minimum.person.forenames": "John", "parts.minimum.person.date_of_birth": [3, 2, 1997],
    "release.certainty": "likely", "release.route": "bail", "release.expected_date": inDays(2), "release.meet_asked": "yes" });
  await lee.send("Send the notification", "release");
  await meet(sol, "John Looked-At", "This waits for your answer");
  await sol.look("client waiting");
  await kim.page.goto("/views");
  await kim.look("views");
  check(/Sol Made-Up/.test(await kim.text()), "the views do not say who looked");
  check(kim.words("The client's page").test(await kim.text()) && !/\. (Client|Handover)\b/.test(await kim.text()), "the views call a page otherwise than it calls itself");
  await kim.page.goto("/nothing");
  check(/There is no such page/.test(await kim.text()), "an address that is none");
  await kim.look("problem");
}
