// John, bailed with a day's notice: met, his dose asked for and continued, referred for prescribing; an order of the court keeps him with the team.
import { check, inDays } from "../check.mjs";
import { begun, forms, isRefused, meet, say, sees } from "../steps.mjs";

export const services = [["tier3", "TIER3"], ["probation", "PROBATION"]];
export const people = { lee: ["carat", "worker", "c-101", "Lee Made-Up"], sam: ["cjip", "worker", "w-017", "Sam Made-Up"], alex: ["health", "worker", "n-009", "Alex Made-Up"],
  pat: ["prescriber", "worker", "p-002", "Pat Made-Up"], pru: ["probation", "worker", "o-005", "Pru Made-Up"] };
// Another client each time: numbers of their own.
export const plays = [{ surname: "Marlow", born: [14, 3, 1997], prison: "A1234BC", nhs: "9990001014" }, { surname: "Morgan", born: [3, 10, 1995], prison: "A2345CD", nhs: "9990001022", language: "cy", javaScript: false },
  { surname: "Marsden", born: [15, 4, 1996], prison: "A7890HJ", nhs: "9990001030", javaScript: false }, { surname: "Meredith", born: [4, 11, 1994], prison: "A8901JK", nhs: "9990001049", language: "cy" }];

async function release(lee, sam, { surname, born, prison, nhs }) {
  await lee.choose("Tell a community team of a release");
  await lee.fill({ recipient: "cjip", "parts.minimum.person.surname": surname, "parts.minimum.person.forenames": "John", "parts.minimum.person.date_of_birth": born,
    "parts.minimum.person.prison_numbers[0]": prison, "parts.minimum.person.nhs_number": nhs, "release.certainty": "provisional", "release.route": "bail", "release.expected_date": inDays(1),
    "release.meet_asked": "yes", "parts.clinical.doses[0].product": "methadone_1mg_ml", "parts.clinical.doses[0].mg": "40", "parts.clinical.doses[0].frequency": "once_daily",
    "parts.clinical.naloxone": "issued", "parts.risk.overdose_history": "yes" });
  await lee.send("Send the notification", "release");
  const told = await begun(lee), met = await meet(sam, `John ${surname}`, "This waits for your answer");
  check(sam.words("Not confirmed by who prescribes: ask before you continue it.").test(await sam.text()) && forty(sam).test(await sam.text()), "the dose that the prison wrote does not say that it is not confirmed");
  await sam.look("client told");
  await say(sam, met, "Say who will meet them", { "release_answer.reply": "will", "parts.minimum.appointment.place": "Court, noon" }, "Send the answer");
  await sees(lee, told, /Sam Made-Up/, /Court, noon/, "opened by a worker");
  await forms(lee, told);
  await say(lee, told, "Change what you told of the release", { "release.certainty": "likely", "parts.minimum.note": "Bail is likely" }, "Send the change");
  await sees(sam, met, ["Changed: {field}, from {from} to {to}", { field: "certainty", from: "provisional", to: "likely" }]);
  await say(lee, told, "Say that they were released", {}, "Confirm the release");
  await say(lee, told, "Say how the meeting went", { "meeting.outcome": "met" }, "Send the report");
  await sees(sam, met, "Is the care coordinator now");
  return met;
}

const forty = (person) => new RegExp(`40 mg, ${person.say("once daily")}`);

// By a button where a script runs; else the page says how.
async function prints(person) {
  const button = person.page.getByRole("button", { name: person.say("Print this page") }), how = person.page.getByText(person.say("To print this page, press Ctrl and P together; on a Mac, Command and P."));
  check(await how.isVisible() === !person.javaScript && await button.isVisible() === person.javaScript, `${person.account}: how to print is not said, or said twice`);
  if (!person.javaScript) return;
  await person.page.evaluate(() => { window.print = () => { document.printed = true; }; });
  await button.focus();
  await person.page.keyboard.press("Enter");
  check(await person.page.evaluate(() => document.printed), `${person.account}: the button does not print`);
}

async function dose(pat, alex, { surname, born, nhs }) {
  await pat.choose("Ask what dose somebody is on");
  await pat.fill({ recipient: "health", "parts.minimum.person.surname": surname, "parts.minimum.person.forenames": "John", "parts.minimum.person.date_of_birth": born,
    "parts.minimum.person.nhs_number": nhs, "parts.clinical.asked_product": "methadone_1mg_ml", due_at: inDays(1, "12:00") });
  await pat.send("Ask", "dose request");
  const asked = await begun(pat);
  await forms(pat, asked);
  const question = await meet(alex, `John ${surname}`, "This waits for your answer");
  check(alex.words("methadone oral solution (1 mg in 1 ml)").test(await alex.text()), `the prison does not see which medicine is asked about, at ${question}: ${await alex.text()}`);
  await say(alex, null, "Answer about the dose", { "dose_answer.reply": "confirmed", "parts.clinical.doses[0].product": "methadone_1mg_ml", "parts.clinical.doses[0].mg": "40",
    "parts.clinical.doses[0].frequency": "once_daily", "parts.clinical.doses[0].phase": "stable", "parts.clinical.doses[0].supervised": "yes", "parts.clinical.doses[0].observed_by": "prison_nurse", "parts.clinical.doses[0].missed_in_7_days": "0",
    "parts.clinical.doses[0].last_taken_at": inDays(-1, "08:30"), "dose_answer.valid_until_at": inDays(1, "08:30"), "parts.clinical.answerer.role": "prison nurse",
    "parts.clinical.answerer.registration": "00X0000X" }, "Send the answer");
  await forms(alex, question);
  const text = await sees(pat, asked, "Methadone oral solution (1 mg in 1 ml)", forty(pat), "Supervised");
  check(!pat.words("Reassess, do not continue").test(text), `a dose that stands is doubted: ${text}`);
  await pat.look("client dose");
  await pat.choose("The dose on one page");
  const sheet = await pat.text();
  check(forty(pat).test(sheet) && pat.words("methadone oral solution (1 mg in 1 ml)").test(sheet) && sheet.includes("00X0000X") && sheet.includes(surname) && !pat.words("Reassess, do not continue").test(sheet), `the dose sheet says ${sheet}`);
  check(new RegExp(`${pat.say("Message")}\\s*${pat.page.url().split("/").pop()}`).test(sheet) && new RegExp(`${pat.say("Telephone to ring back")}\\s*01632 960123`).test(sheet), `the dose sheet lacks the message's number, or whom to ring: ${sheet}`);
  await prints(pat);
  await pat.look("dose sheet");
  await pat.printed("dose sheet");
  return asked;
}

export async function play(open, how) {
  const lee = await open("lee"), sam = await open("sam"), alex = await open("alex"), pat = await open("pat");
  const name = `John ${how.surname}`, met = await release(lee, sam, how), asked = await dose(pat, alex, how);
  await say(sam, met, "Refer to a service that you choose", { recipient: "prescriber", "referral.pathway": "maintenance", urgency: "rapid" }, "Send the referral");
  const script = await begun(sam), taken = await meet(pat, name, "This waits for your answer");
  await say(pat, taken, "Answer the referral", { "referral_answer.reply": "accept", "+appointment/event_at": inDays(1, "15:00"), "+appointment/appointment.type": "prescriber" }, "Send the answer");
  await sees(pat, taken, forty(pat), "Also about this client"); // his dose is there too: it is the same client
  await say(pat, taken, "Say whether they came", { "attendance.outcome": "attended", event_at: inDays(-1, "15:00") }, "Send it");
  await say(pat, taken, "Say that treatment started or ended", { "treatment.step": "started" }, "Send it");
  await sees(sam, script, "treatment has started");
  await forms(sam, met);
  await forms(sam, "/");
  await order(open, sam, met, name);
  await say(lee, await meet(lee, name, "Release notification"), "Say that they were arrested, moved or released", { recipient: "prescriber", "movement.step": "arrested" }, "Send it");
  await sees(pat, asked, "Reassess, do not continue", "the client has been moved or held again since."); // told elsewhere, it voids the dose here
  await pat.choose("Handover sheet");
  for (const words of ["Risks", "overdose history", "Reassess, do not continue"]) check(pat.words(words).test(await pat.text()), `${words}: the handover sheet leaves it out`);
  await pat.printed("handover sheet");
  await pat.page.goto(asked);
  await pat.choose("The dose on one page");
  await pat.printed("void dose sheet");
}

// On an order only probation or the team may be answerable: an offer to anybody else is not accepted, and the page says why.
async function order(open, sam, met, name) {
  const pru = await open("pru");
  await say(sam, met, "Tell of a court order", { recipient: "probation", "court_order.step": "set", "court_order.type": "dtto" }, "Send it");
  await meet(pru, name, /DTTO/);
  await isRefused(sam, met, "Offer to hand over care", { recipient: "tier3", "transfer_offer.scope": "coordination", "transfer_offer.handover_date": inDays(7) }, "Send the offer");
  await say(sam, met, "Report progress for a review", { recipient: "probation", "progress.audience": "court", "progress.period_from": inDays(-28), "progress.offered": "8", "progress.attended": "7",
    "progress.absence": "acceptable", "parts.clinical.note": "Two clear tests" }, "Send the report");
  await meet(pru, name, /Two clear tests/);
  await sam.page.goto(met);
  await sam.choose("Who was told what");
  check(sam.words("{by} told {to}", { by: "Cjip", to: "Probation" }).test(await sam.text()) && sam.words("direct care").test(await sam.text()), `who was told is not said: ${await sam.text()}`);
  await sees(sam, met.replace("/client/", "/answerable/"), /Cjip/, "On a court order");
  await sam.look("answerable");
}
