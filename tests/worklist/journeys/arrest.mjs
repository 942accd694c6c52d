// An arrested person, referred the same day: at most 60 keys and 12 choices beyond names and numbers.
import { check } from "../check.mjs";

export const services = [["arrest", "ARREST_REFERRAL"]];
export const people = { jo: ["arrest", "worker", "a-003", "Jo Made-Up"], sam: ["cjip", "worker", "w-017", "Sam Made-Up"] };

export async function play(open) {
  const jo = await open("jo"), sam = await open("sam");
  jo.keys = jo.choices = 0;
  await jo.choose("Refer somebody");
  await jo.fill({ recipient: "cjip", "parts.minimum.person.surname": "Made-Up", "parts.minimum.person.forenames": "Darren", "parts.minimum.person.date_of_birth": [14, 6, 1994],
    "referral.pathway": "maintenance", "parts.minimum.note": "Crack and heroin, leaves the cell at noon." },
    ["parts.minimum.person.surname", "parts.minimum.person.forenames", "parts.minimum.person.date_of_birth"]);
  await jo.send("Send the referral", "referral");
  check(jo.keys <= 60 && jo.choices + 1 <= 12, `the referral took ${jo.keys} keys and ${jo.choices + 1} choices`);
  console.log(`an arrest referral: ${jo.keys} keys and ${jo.choices + 1} choices beyond names and numbers`);
  await sam.today(/Darren Made-Up/);
  await sam.open("Darren Made-Up", "waiting");
  await sam.choose("Answer the referral");
  await sam.fill({ "referral_answer.reply": "accept" });
  await sam.send("Send the answer", "referral answer");
  await jo.today(/Darren Made-Up/);
  await jo.open("Darren Made-Up", "sent");
  check(/Accept/.test(await jo.text()), "the arrest referral worker does not see the answer");
}
