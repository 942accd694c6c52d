// A prison's worker tells of a release; somebody in the community is named to meet him, and the prison sees it.
import { check, inDays } from "../check.mjs";

export const people = { lee: ["carat", "worker", "c-101", "Lee Made-Up"], sam: ["cjip", "worker", "w-017", "Sam Made-Up"] };
export const plays = [{ surname: "Without-Script", javaScript: false }];

export async function play(open, { surname }) {
  const lee = await open("lee"), sam = await open("sam");
  await lee.choose("Tell a community team of a release");
  await lee.press("Continue");
  check(lee.words("There is a problem").test(await lee.text()) && lee.words("This is needed").test(await lee.text()), "an empty form was taken");
  await lee.look("release errors");
  await lee.fill({ recipient: "cjip", "parts.minimum.person.surname": surname, "parts.minimum.person.forenames": "John", "parts.minimum.person.date_of_birth": [3, 2, 1997],
    "release.certainty": "likely", "release.route": "bail", "release.expected_date": inDays(1), "release.meet_asked": "yes" });
  await toggle(lee);
  await lee.send("Send the notification", "release");
  const sent = lee.page.url();
  await lee.page.goBack();
  check(lee.page.url() === sent, `back from what was sent is ${lee.page.url()}`);
  await sam.today(new RegExp(`John ${surname}`));
  check(/1 person comes out|people come out|[0-9] (o bobl|pherson|berson|person) /.test(await sam.text()), "nobody comes out");
  await sam.open(`John ${surname}`, "waiting");
  check(sam.words("This waits for your answer").test(await sam.text()) && (await sam.text()).includes(`3 ${sam.say("February")} 1997`), "the client's page does not say what waits");
  await sam.choose("Say who will meet them");
  await sam.fill({ "release_answer.reply": "will", "parts.minimum.appointment.place": "Main gate, 9am" });
  await sam.send("Send the answer", "answer");
  await lee.today(lee.words("Somebody is named"));
  await lee.open(`John ${surname}`, "out");
  check(/Sam Made-Up/.test(await lee.text()) && lee.words("opened by a worker").test(await lee.text()) && /Main gate, 9am/.test(await lee.text()), "the prison does not see who will meet him");
}

// The other language and back, with nothing typed lost.
async function toggle(person) {
  const before = await person.page.locator("input[type=text]").evaluateAll((boxes) => boxes.map((box) => box.value).join("|"));
  for (const name of person.language === "en" ? ["Cymraeg", "English"] : ["English", "Cymraeg"]) {
    await Promise.all([person.page.waitForNavigation(), person.page.getByRole("button", { name, exact: true }).click()]);
    const after = await person.page.locator("input[type=text]").evaluateAll((boxes) => boxes.map((box) => box.value).join("|"));
    check(after === before && before.includes("John"), `toggled to ${name}, what was typed is lost: ${after}`);
    check(await person.page.getAttribute("html", "lang") === (name === "English" ? "en" : "cy"), `the page is not in ${name}`);
  }
}
