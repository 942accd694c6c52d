// The prescriber asks the prison for a dose; a nurse answers; it stands on one page.
import { check, inDays } from "../check.mjs";

export const people = { pat: ["prescriber", "worker", "p-002", "Pat Made-Up"], alex: ["health", "worker", "n-009", "Alex Made-Up"] };

export async function play(open) {
  const pat = await open("pat"), alex = await open("alex"), name = "Johnny Made-Up";
  await pat.choose("Ask for a dose");
  await pat.fill({ recipient: "health", "parts.minimum.person.surname": "Made-Up", "parts.minimum.person.forenames": "Johnny", "parts.minimum.person.date_of_birth": [3, 2, 1997],
    "parts.minimum.person.nhs_number": "9434765919", due_at: inDays(1, "12:00") });
  await pat.send("Ask", "dose request");
  await alex.today(new RegExp(name));
  await alex.open(name, "waiting");
  await alex.choose("Answer about the dose");
  await alex.fill({ "dose_answer.reply": "confirmed", "parts.clinical.doses[0].product": "methadone_1mg_ml", "parts.clinical.doses[0].mg": "40", "parts.clinical.doses[0].frequency": "once_daily",
    "parts.clinical.doses[0].phase": "stable", "parts.clinical.doses[0].supervised": "yes", "parts.clinical.doses[0].observed_by": "prison_nurse",
    "parts.clinical.doses[0].last_taken_at": inDays(-1, "08:30"), "dose_answer.valid_until_at": inDays(1, "08:30"), "parts.clinical.answerer.role": "prison nurse",
    "parts.clinical.answerer.registration": "00X0000X" });
  await alex.send("Send the answer", "dose answer");
  await pat.today(new RegExp(name));
  const address = await pat.page.getByRole("link", { name, exact: true }).first().getAttribute("href");
  for (let tries = 0; tries < 60 && !(await pat.page.getByRole("link", { name: "The dose on one page" }).count()); tries++) {
    await new Promise((done) => setTimeout(done, 200));
    await pat.page.goto(address);
  }
  await pat.look("client dose");
  await pat.choose("The dose on one page");
  check(/40 mg/.test(await pat.text()) && /methadone/i.test(await pat.text()), `the dose sheet says ${await pat.text()}`);
}
