// What the journeys share without a browser: what was found wrong, and days.
export const found = [];

export function check(good, words) { if (!good) { found.push(words); console.log(`FOUND ${words}`); } }

// A day as a form's boxes take it: [day, month, year], with a time if one is given.
export function inDays(days, time) {
  const at = new Date(Date.now() + days * 86400000);
  return [at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCFullYear(), ...(time === undefined ? [] : [time])];
}

// A time so many minutes ago in London, as a form's boxes take it: an appointment may be a quarter of an hour ago when it is made.
export function minutesAgo(minutes) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", day: "numeric", month: "numeric", year: "numeric", hour: "2-digit", minute: "2-digit" })
    .formatToParts(new Date(Date.now() - minutes * 60000)).map(({ type, value }) => [type, value]));
  return [Number(parts.day), Number(parts.month), Number(parts.year), `${parts.hour}:${parts.minute}`];
}
