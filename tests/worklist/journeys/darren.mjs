// Darren, arrested: referred from the cell in two minutes, misses his appointment, is found at court, comes, and a programme takes him that had to be found.
import { check, inDays, minutesAgo } from "../check.mjs";
import { begun, forms, meet, say, sees } from "../steps.mjs";

export const services = [["arrest", "ARREST_REFERRAL"], ["tier3", "TIER3"], ["day", "TIER3"], ["social", "SOCIAL_CARE"]];
export const people = { jo: ["arrest", "worker", "a-003", "Jo Made-Up"], sam: ["cjip", "worker", "w-017", "Sam Made-Up"], kit: ["tier3", "worker", "t-004", "Kit Made-Up"],
  dot: ["day", "worker", "d-001", "Dot Made-Up"], sal: ["social", "worker", "s-001", "Sal Made-Up"] };
export const plays = [{ surname: "Tarn" }, { surname: "Tarnwen", language: "cy", javaScript: false }, { surname: "Tarnside", javaScript: false }, { surname: "Tarnfa", language: "cy" }];

// At most 60 characters typed, beyond names and numbers, and 12 choices, however each is made; everything else follows in a later version.
// The keys that only move from one to the next, or make a choice, are counted apart and told, where a keyboard is all there is.
async function arrest(jo, surname) {
  const own = ["parts.minimum.person.surname", "parts.minimum.person.forenames", "parts.minimum.person.date_of_birth", "parts.minimum.contacts[0].value"];
  const moves = jo.moves;
  jo.keys = jo.choices = 0;
  await jo.choose("Refer somebody");
  await jo.fill({ recipient: "cjip", "parts.minimum.person.surname": surname, "parts.minimum.person.forenames": "Darren", "parts.minimum.person.date_of_birth": [9, 5, 2004],
    urgency: "before_leaves_cell", "referral.pathway": "crack", "parts.clinical.assessment.crack": "yes", "parts.minimum.contacts[0].value": "07700 900456",
    "parts.minimum.contacts[0].text_allowed": "yes", "parts.minimum.note": "Bailed at nine. Wants help with crack." }, own);
  await jo.send("Send the referral", "referral");
  check(jo.keys <= 60 && jo.choices + 1 <= 12, `the referral took ${jo.keys} keys typed and ${jo.choices + 1} choices`);
  console.log(`an arrest referral: ${jo.keys} keys typed and ${jo.choices + 1} choices beyond names and numbers${jo.byKeyboard ? `; ${jo.moves - moves} of Tab, Enter, space and arrows` : ""}`);
  check(!jo.byKeyboard || jo.moves - moves > jo.choices, "the keys that move were not counted");
  const address = await begun(jo);
  await say(jo, address, "Add to the referral, or change it", { "parts.clinical.assessment.substances[0].code": "3201", "parts.clinical.assessment.substances[0].route": "smoke",
    "parts.clinical.assessment.injecting": "no", "parts.clinical.assessment.housing": "With his mother", "parts.minimum.release.held_at": "Northmoor Bridewell",
    "parts.minimum.release.court_date": inDays(2) }, "Send the change");
  return address;
}

export async function play(open, { surname }) {
  const jo = await open("jo"), sam = await open("sam"), name = `Darren ${surname}`, missed = minutesAgo(5);
  const sent = await arrest(jo, surname), taken = await meet(sam, name, /With his mother/);
  check((await sam.text()).includes("07700 900456"), "the safe contact is not in the banner");
  check(/Northmoor Bridewell/.test(await sam.text()) && sam.words("Court date").test(await sam.text()), `where he is held, and when he is at court, is not said: ${await sam.text()}`);
  await sam.look("client arrested");
  await say(sam, taken, "Answer the referral", { "referral_answer.reply": "accept", "+appointment/event_at": missed, "+appointment/parts.minimum.appointment.place": "12 High Street" }, "Send the answer");
  const answered = await sees(jo, sent, "an appointment stands", /12 High Street/, "opened by a worker");
  check(answered.includes("Sam Made-Up") && answered.includes("Cjip (w-017)"), `the arrest referral worker does not see who took him on: ${answered}`);
  await sees(jo, sent, /(Care coordinator|Cydlynydd gofal)\s*Cjip/, "Care coordinator");
  await say(sam, taken, "Say whether they came", { "attendance.outcome": "did_not_attend", event_at: missed }, "Send it");
  await sees(jo, sent, "the client did not come");
  await say(jo, sent, "Record an attempt to reach them", { "attempt.channel": "visit", "attempt.result": "spoke", "parts.minimum.note": "At court" }, "Send it");
  await sees(sam, taken, "spoke to them");
  await say(sam, taken, "Give an appointment", { "appointment.type": "assessment", event_at: inDays(1, "10:00") }, "Send the appointment");
  await say(sam, taken, "Say whether they came", { "attendance.outcome": "attended", event_at: inDays(-1, "10:00") }, "Send it");
  await sees(jo, sent, "the client came");
  await jo.end();
  await concern(open, sam, name, taken);
  await programme(open, sam, name, taken);
}

// Social care acknowledges what worries the team.
async function concern(open, sam, name, taken) {
  await say(sam, taken, "Raise a safeguarding concern", { recipient: "social", "safeguarding.subject": "child", "parts.safeguarding.concern": "A small brother sleeps there", "safeguarding.client_told": "yes" }, "Send the concern");
  const raised = await begun(sam), sal = await open("sal"), told = await meet(sal, name, /A small brother sleeps there/);
  await forms(sal, told);
  await say(sal, told, "Acknowledge the concern", {}, "Acknowledge it");
  await sees(sam, raised, "safeguarding acknowledgement");
  await sal.end();
}

// Two services fit; the first has no room after all, and the next takes him. The team stays answerable.
async function programme(open, sam, name, taken) {
  const kit = await open("kit"), dot = await open("dot");
  await sam.page.goto(taken);
  await sam.openDetails(sam.page.locator("summary", { hasText: sam.say("Say something else about this client") }));
  await sam.look("client unfolded");
  await sam.choose("Find a service");
  await sam.fill({ "request.kind": "tier3", "referral.pathway": "maintenance", urgency: "rapid" });
  await sam.press("Continue");
  await sam.look("candidates");
  const why = await sam.text();
  check(sam.words("Who will be asked, and why").test(why) && /Tier3/.test(why) && /Day/.test(why) && sam.words("May fit").test(why), `who would be asked is not said: ${why}`);
  await sam.press("Send the referral");
  const asked = await begun(sam);
  await sees(sam, asked, "was asked", "because it is of that kind, can do it, and is open in time");
  await say(dot, await meet(dot, name, "This waits for your answer"), "Answer the referral", { "referral_answer.reply": "decline", "referral_answer.reason": "capacity" }, "Send the answer");
  const programme = await meet(kit, name, "This waits for your answer"); // both are open as soon and have places: by name
  await say(kit, programme, "Answer the referral", { "referral_answer.reply": "accept" }, "Send the answer");
  await sees(kit, programme, /With his mother/); // who accepts gets the rest
  await say(kit, programme, "Say that treatment started or ended", { "treatment.step": "started" }, "Send it");
  const text = await sees(sam, asked, "treatment has started");
  check(/Tier3/.test(text) && /Day/.test(text), `both who were asked are not there: ${text}`);
  await sam.look("client referred on");
}
