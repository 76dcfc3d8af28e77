const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAY_MS = 86_400_000;

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");
const hour12 = (date: Date): number => date.getHours() % 12 || 12;

function dayOfYear(date: Date): number {
  const midnight = (year: number, month: number, day: number) => Date.UTC(year, month, day);
  const today = midnight(date.getFullYear(), date.getMonth(), date.getDate());
  return (today - midnight(date.getFullYear(), 0, 0)) / DAY_MS;
}

const DIRECTIVES: Record<string, (date: Date) => string> = {
  Y: (date) => pad(date.getFullYear(), 4),
  y: (date) => pad(date.getFullYear() % 100),
  m: (date) => pad(date.getMonth() + 1),
  B: (date) => MONTHS[date.getMonth()] ?? "",
  b: (date) => (MONTHS[date.getMonth()] ?? "").slice(0, 3),
  d: (date) => pad(date.getDate()),
  e: (date) => String(date.getDate()).padStart(2, " "),
  j: (date) => pad(dayOfYear(date), 3),
  A: (date) => DAYS[date.getDay()] ?? "",
  a: (date) => (DAYS[date.getDay()] ?? "").slice(0, 3),
  H: (date) => pad(date.getHours()),
  I: (date) => pad(hour12(date)),
  M: (date) => pad(date.getMinutes()),
  S: (date) => pad(date.getSeconds()),
  p: (date) => (date.getHours() < 12 ? "AM" : "PM"),
  F: (date) => strftime(date, "%Y-%m-%d"),
  T: (date) => strftime(date, "%H:%M:%S"),
  "%": () => "%",
};

/**
 * Python's `strftime` in the C locale and local time, for the directives that chat templates use; `%-d` drops leading zeroes.
 * An unknown directive stays as it is.
 */
export function strftime(date: Date, format: string): string {
  return format.replace(/%(-?)(.)/gsu, (directive, dash: string, letter: string) => {
    const text = DIRECTIVES[letter]?.(date);
    if (text === undefined) return directive;
    return dash === "" ? text : text.replace(/^[0 ]+(?=.)/, "");
  });
}
