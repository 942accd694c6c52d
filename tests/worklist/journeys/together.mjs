// Two people have one item open: whoever is second is told before anything is sent, and the first one's word stands.
import { check, inDays } from "../check.mjs";
import { begun, meet, sees } from "../steps.mjs";

export const people = { lee: ["carat", "worker", "c-101", "Lee Made-Up"], sam: ["cjip", "worker", "w-017", "Sam Made-Up"], sol: ["cjip", "worker", "w-018", "Sol Made-Up"] };

export async function play(open) {
  const lee = await open("lee"), sam = await open("sam"), sol = await open("sol"), name = "John Together";
  await lee.choose("Tell a community team of a release");
  await lee.fill({ recipient: "cjip", "parts.minimum.person.surname": "Together", "parts.minimum.person.forenames": "John", "parts.minimum.person.date_of_birth": [3, 2, 1990],
    "release.certainty": "likely", "release.route": "bail", "release.expected_date": inDays(3), "release.meet_asked": "yes" });
  await lee.send("Send the notification", "release");
  await begun(lee);
  let address;
  for (const person of [sam, sol]) {
    address = await meet(person, name, "This waits for your answer");
    await person.choose("Say who will meet them");
    await person.fill({ "release_answer.reply": "will" });
  }
  await sol.press("Continue"); // both are at their last look
  await sam.send("Send the answer", "answer");
  await sol.press("Send the answer");
  check(/Somebody said something newer/.test(await sol.text()), `the second was not warned: ${await sol.text()}`);
  await sol.look("newer");
  await sees(sol, address, /Sam Made-Up/);
  check(!/\((Sol Made-Up, )?w-018\).*Release answer|Answer to a release notification, Cjip \((Sol Made-Up, )?w-018\)/.test(await sol.text()), "the second one's word went out too");
  check((await sol.text()).match(/Answer to a release notification/g).length === 1, `there are two answers: ${await sol.text()} at ${address}`);
}
