// Prints who takes part in which journey, for run-browser to make the accounts: { journey: { "services": …, "people": …, "plays": how many } }.
import fs from "node:fs";

const journeys = {};
for (const file of fs.readdirSync(new URL("journeys/", import.meta.url)).filter((name) => name.endsWith(".mjs")).sort()) {
  const { people, services = [], plays = [{}] } = await import(`./journeys/${file}`);
  journeys[file.slice(0, -4)] = { services, people, plays: plays.length };
}
console.log(JSON.stringify(journeys));
