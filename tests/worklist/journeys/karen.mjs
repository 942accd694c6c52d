// Karen, referred well before her release, met at the gate, declines and comes back, drops out and is brought back; care passes on, and the residual holder resumes.
import { check, inDays } from "../check.mjs";
import { begun, forms, isRefused, meet, say, sees } from "../steps.mjs";

export const services = [["tier3", "TIER3"]];
export const people = { lee: ["carat", "worker", "c-007", "Lee Made-Up"], sam: ["cjip", "worker", "w-017", "Sam Made-Up"], pat: ["prescriber", "worker", "p-002", "Pat Made-Up"],
  kit: ["tier3", "worker", "t-004", "Kit Made-Up"] };
export const plays = [{ surname: "Fell", prison: "A3456DE" }, { surname: "Ffell", prison: "A4567EF", language: "cy", javaScript: false }, { surname: "Fellside", prison: "A5678FG", javaScript: false }, { surname: "Ffellfa", prison: "A6789GH", language: "cy" }];

async function inside(lee, sam, { surname, prison }) {
  await lee.choose("Refer somebody");
  await lee.fill({ recipient: "cjip", "parts.minimum.person.surname": surname, "parts.minimum.person.forenames": "Karen", "parts.minimum.person.date_of_birth": [21, 8, 1999],
    "parts.minimum.person.prison_numbers[0]": prison, urgency: "routine",
    "referral.pathway": "community_stabilisation", "parts.clinical.assessment.crack": "yes" });
  await lee.send("Send the referral", "referral");
  const sent = await begun(lee);
  await say(lee, sent, "Add to the referral, or change it", { "parts.clinical.assessment.substances[0].code": "1011", "parts.clinical.assessment.substances[0].route": "inject",
    "parts.clinical.assessment.substances[1].code": "2200", "parts.clinical.assessment.injecting": "yes", "parts.clinical.assessment.housing": "none after release", "parts.risk.self_harm": "acct_post_closure",
    "parts.risk.overdose_history": "yes" }, "Send the change");
  const taken = await meet(sam, `Karen ${surname}`, "Ask about self-harm, and agree who looks in.");
  for (const alert of ["Opiates with benzodiazepines stop the breathing: overdose is likelier.", "Offer clean equipment, and tests and vaccination for blood-borne viruses."]) {
    check(sam.words(alert).test(await sam.text()), `an alert is missing: ${alert}: ${await sam.text()}`);
  }
  await sam.look("client alerts");
  await say(sam, taken, "Answer the referral", { "referral_answer.reply": "accept", "+appointment/event_at": inDays(7, "10:00") }, "Send the answer");
  await say(sam, taken, "Say whether they came", { "attendance.outcome": "attended", event_at: inDays(-1, "10:00"), "attendance.place": "cell" }, "Send it");
  return [sent, taken];
}

async function gate(lee, sam, sent, name) {
  await say(lee, sent, "Tell a community team of the release", { recipient: "cjip", "release.certainty": "planned", "release.route": "sentence_end", "release.expected_date": inDays(8), "release.meet_asked": "yes" },
    "Send the notification");
  const release = await meet(sam, name, "Release notification", "Nobody named yet");
  await say(sam, release, "Say who will meet them", { "release_answer.reply": "will" }, "Send the answer");
  await say(sam, release, "Say how the meeting went", { "meeting.outcome": "met" }, "Send the report");
  await sees(sam, release, "Is the care coordinator now");
}

// She declines a script, and takes one later; she drops out, and is brought back.
async function script(sam, pat, taken, name) {
  await say(sam, taken, "Refer to a service that you choose", { recipient: "prescriber", "referral.pathway": "maintenance", urgency: "rapid" }, "Send the referral");
  await say(pat, await meet(pat, name, "This waits for your answer"), "Answer the referral", { "referral_answer.reply": "decline", "referral_answer.reason": "clients_choice" }, "Send the answer");
  await say(sam, taken, "Record what the client agrees to", { recipient: "prescriber", "consent.state": "given", "consent.purposes:telephone": true, "parts.minimum.note": "She said so, in the office" }, "Send it");
  await sees(sam, taken, "Sharing for treatment", "Telephone calls");
  await say(pat, await meet(pat, name, "Sharing for treatment"), "Say that they dropped out", { recipient: "cjip", "drop_out.trigger": "missed_doses", "drop_out.tier": "high" }, "Send it");
  const gone = await begun(pat), woken = await meet(sam, name, "missed doses", "Somebody must try to reach the client"); // which the page of her referral says too
  await say(sam, woken, "Record an attempt to reach them", { "attempt.channel": "telephone", "attempt.result": "message_left" }, "Send it");
  await isRefused(sam, woken, "Sign off as lost", { "lost.custody_checked": true }, "Sign it off"); // not everything was tried
  await sees(sam, woken, "It was not accepted");
  await say(sam, woken, "Say that the client is back", {}, "Send it");
  await sees(pat, gone, "The client is back");
}

export async function play(open, how) {
  const lee = await open("lee"), sam = await open("sam"), pat = await open("pat"), kit = await open("kit"), name = `Karen ${how.surname}`;
  const [sent, taken] = await inside(lee, sam, how);
  await gate(lee, sam, sent, name);
  await script(sam, pat, taken, name);
  await say(sam, taken, "Offer to hand over care", { recipient: "tier3", "transfer_offer.scope": "coordination", "transfer_offer.handover_date": inDays(7), "parts.clinical.care_plan": "Weekly key work" }, "Send the offer");
  await forms(sam, await begun(sam));
  const offer = await meet(kit, name, /Weekly key work/);
  await say(kit, offer, "Answer the offer of a transfer", { "transfer_answer.reply": "accept" }, "Send the answer");
  await sees(kit, offer, "Care has been handed over", "Back-up (residual role)");
  await say(kit, offer, "Say that they dropped out", { recipient: "cjip", "drop_out.trigger": "did_not_attend", "drop_out.tier": "high" }, "Send it");
  const again = await meet(sam, name, "Did not attend", "Somebody must try to reach the client");
  await say(sam, again, "Take over again", {}, "Take over");
  await sees(sam, again, "The back-up service (residual role) has taken over again");
  await say(sam, again, "Record an attempt to reach them", { "attempt.channel": "visit", "attempt.result": "spoke" }, "Send it");
  await say(sam, again, "Take back something sent in error", { in_reply_to: await newest(sam, again) }, "Take it back");
  await say(sam, again, "Say that the client is back", {}, "Send it");
  await sees(sam, again, "The client is back", "Attempts to reach them", "Taken back");
}

// The newest message that may be taken back: the last that the form offers.
async function newest(person, address) {
  await person.page.goto(`${address.replace("/client/", "/say/")}/recall`);
  return person.page.locator('[name="in_reply_to"]:is(input), [name="in_reply_to"] option').last().getAttribute("value");
}
