// Words under an amount while it is typed, in rial and in toman:
// <input data-amount-words="ID of the words" data-amount-unit="rial|toman">.
// The same words as the server's `kernel.money.words` (a test compares them); the server writes
// them too when the form comes back, this saves the round trip.

const FA = {
  ones: ["", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده", "دوازده",
    "سیزده", "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده"],
  tens: ["", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود"],
  hundreds: ["", "یکصد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد"],
  scales: [[10n ** 9n, "میلیارد"], [10n ** 6n, "میلیون"], [10n ** 3n, "هزار"]],
  zero: "صفر", joint: " و ", tensJoint: " و ", rial: "ریال", toman: "تومان", and: "و",
};
const EN_ONES = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
  "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
  "nineteen"];
const EN = {
  ones: EN_ONES,
  tens: ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
  hundreds: EN_ONES.slice(0, 10).map((name) => name && `${name} hundred`),
  scales: [[10n ** 18n, "quintillion"], [10n ** 15n, "quadrillion"], [10n ** 12n, "trillion"],
    [10n ** 9n, "billion"], [10n ** 6n, "million"], [10n ** 3n, "thousand"]],
  zero: "zero", joint: " ", tensJoint: "-", rial: "rial", toman: "toman", and: "and",
};
const LARGEST = 2n ** 63n - 1n;

const belowThousand = (number, language) => {
  const rest = number % 100;
  const two = rest < 20
    ? [language.ones[rest]]
    : [language.tens[Math.floor(rest / 10)], language.ones[rest % 10]];
  return [language.hundreds[Math.floor(number / 100)], two.filter(Boolean).join(language.tensJoint)]
    .filter(Boolean).join(language.joint);
};

const inWords = (number, language) => {
  if (number === 0n) return language.zero;
  const parts = [];
  for (const [scale, name] of language.scales) {
    if (number < scale) continue;
    parts.push(`${inWords(number / scale, language)} ${name}`);
    number %= scale;
  }
  parts.push(belowThousand(Number(number), language));
  return parts.filter(Boolean).join(language.joint);
};

export const words = (rial, lang) => {
  const language = lang.startsWith("fa") ? FA : EN;
  const toman = rial / 10n;
  const odd = `${inWords(rial % 10n, language)} ${language.rial}`;
  let second = `${inWords(toman, language)} ${language.toman}`;
  if (rial % 10n) second = toman ? `${second} ${language.and} ${odd}` : odd;
  return `${inWords(rial, language)} ${language.rial} (${second})`;
};

export const read = (text, unit) => {
  const latin = text.replace(/[۰-۹٠-٩]/g, (d) => String(d.charCodeAt(0) & 0xf));
  const plain = latin.replace(/[\s,٬،']/g, "");
  if (!/^\d{1,20}$/.test(plain)) return null;
  const rial = BigInt(plain) * (unit === "toman" ? 10n : 1n);
  return rial <= LARGEST ? rial : null;
};

document.addEventListener("input", (event) => {
  const { amountWords, amountUnit } = event.target.dataset ?? {};
  const target = document.getElementById(amountWords ?? "");
  if (!target) return;
  const rial = read(event.target.value, amountUnit);
  target.textContent = rial === null ? "" : words(rial, document.documentElement.lang);
});
