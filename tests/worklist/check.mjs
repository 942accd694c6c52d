// What the journeys share without a browser: what was found wrong, and days.
export const found = [];

export function check(good, words) { if (!good) { found.push(words); console.log(`FOUND ${words}`); } }

// A day as a form's boxes take it: [day, month, year], with a time if one is given.
export function inDays(days, time) {
  const at = new Date(Date.now() + days * 86400000);
  return [at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCFullYear(), ...(time === undefined ? [] : [time])];
}
