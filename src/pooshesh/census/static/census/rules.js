// What decides about an answer, without a screen: digits, days, numbers, faults, differences.
// The same rules stand in Python (census/answers.py, kernel/identifiers.py, kernel/calendar.py);
// a test compares both over a table of values.

export const latin = (text) =>
  String(text ?? "").replace(/[۰-۹٠-٩]/g, (d) => String(d.charCodeAt(0) & 0xf));

export const compact = (text) => latin(text).replace(/[\s\u200c\-_/.()+‐‑–]+/g, "").toUpperCase();

const MOBILE = /^(?:0098|98|0)?(9\d{9})$/;
const same = (text) => new Set(text).size === 1;

export const checkDigit = (nine) => {
  const sum = [...nine].reduce((total, digit, place) => total + Number(digit) * (10 - place), 0);
  const rest = sum % 11;
  return rest < 2 ? rest : 11 - rest;
};

// What is to be said about a national ID number: "" or the end of a phrase's key.
export const nationalId = (text) => {
  const value = compact(text);
  if (!value) return "";
  if (!/^\d+$/.test(value)) return "length";
  if (same(value)) return "same";
  const mobile = MOBILE.test(value);
  if (value.length === 12 && !mobile) return "foreign";
  if (value.length < 8 || value.length > 10) return mobile ? "mobile" : "length";
  const padded = value.padStart(10, "0");
  if (padded.startsWith("000")) return "zeros";
  if (Number(padded[9]) !== checkDigit(padded.slice(0, 9))) return mobile ? "mobile" : "check";
  return "";
};

export const foreignCode = (text) => {
  const value = compact(text);
  return !value || (/^\d{12}$/.test(value) && !same(value) && !value.startsWith("000"));
};

export const mobileNumber = (text) => {
  const value = compact(text);
  const found = MOBILE.exec(value);
  return !value || Boolean(found && !same(found[1].slice(1)));
};

export const postalCode = (text) => {
  const value = compact(text);
  return !value || (/^[1-9]\d{9}$/.test(value) && !same(value));
};

// The 33-year cycle, equal to the official table in 1200–1500.
export const isLeap = (year) => (25 * year + 11) % 33 < 8;
export const monthDays = (year, month) =>
  month <= 6 ? 31 : month < 12 || isLeap(year) ? 30 : 29;

// A Jalali birth date as [year], [year, month] or [year, month, day]; null when it is none.
export const readBirth = (text) => {
  const found = /^(\d{4})(?:\/(\d{1,2})(?:\/(\d{1,2}))?)?$/.exec(latin(text).trim());
  if (!found) return null;
  const [year, month, day] = found.slice(1).map((part) => part && Number(part));
  if (year < 1200 || year > 1500) return null;
  if (month !== undefined && (month < 1 || month > 12)) return null;
  if (day !== undefined && (day < 1 || day > monthDays(year, month))) return null;
  return [year, month, day].filter((part) => part !== undefined);
};

// From three boxes; an empty month or day says that it is not known.
export const joinBirth = (year, month, day) => {
  const parts = [year, month, day].map((part) => latin(part).trim());
  while (parts.length && !parts.at(-1)) parts.pop();
  return parts.map((part, place) => (place ? part.padStart(2, "0") : part)).join("/");
};

export const today = () => {
  const format = new Intl.DateTimeFormat("en-u-ca-persian-nu-latn",
    { timeZone: "Asia/Tehran", year: "numeric", month: "numeric", day: "numeric" });
  const parts = Object.fromEntries(format.formatToParts().map(({ type, value }) => [type, value]));
  return [parts.year, parts.month, parts.day].map((part) => Number.parseInt(part, 10));
};

const after = (one, other) => {
  for (let place = 0; place < one.length; place += 1) {
    if (one[place] !== other[place]) return one[place] > other[place];
  }
  return false;
};

export const FIELDS = ["outcome", "address", "postal_code", "decile", "notes", "consent"];
export const MEMBER = ["relation", "first_name", "last_name", "father_name", "birth", "sex",
  "nation", "document", "number", "mobile"];

export const newMember = (relation) => ({
  id: crypto.randomUUID(), relation, first_name: "", last_name: "", father_name: "", birth: "",
  sex: "", nation: "IR", document: "national_id", number: "", mobile: "",
});

export const newContent = () => ({
  outcome: "met", address: "", postal_code: "", decile: "", notes: "", consent: false,
  members: [newMember("head")],
});

// A household as it may leave the form: of who did not consent nobody's data stay.
export const settled = (content) => {
  const consent = content.consent && content.outcome !== "refused";
  const bare = content.outcome !== "met" && !consent;
  return bare ? { ...content, consent, members: [] } : content;
};

// [{field, say}]: what stops a household, by the key of the phrase that says so.
export const faultsOf = (content, now = today()) => {
  if (content.outcome !== "met") return [];
  const found = [];
  const { members } = content;
  if (!members.length) found.push({ field: "members", say: "fault_members" });
  const heads = members.filter((one) => one.relation === "head").length;
  if (members.length && heads !== 1) found.push({ field: "members", say: "fault_heads" });
  for (const one of members) {
    const add = (name, say) => found.push({ field: `members.${one.id}.${name}`, say });
    if (!one.first_name.trim() && !one.last_name.trim()) add("first_name", "fault_name");
    if (!one.relation) add("relation", "fault_relation");
    if (!one.sex) add("sex", "fault_sex");
    if (one.birth) {
      const born = readBirth(one.birth);
      if (!born) add("birth", "fault_birth");
      else if (after(born, now)) add("birth", "fault_later");
    }
  }
  if (!content.consent) found.push({ field: "consent", say: "fault_consent" });
  return found;
};

// What is worth knowing at the door and stops nothing: the key of a phrase, or "".
export const remarkOf = (name, value, document) => {
  if (name === "number" && document === "national_id") {
    const said = nationalId(value);
    return said && `id_${said}`;
  }
  if (name === "number" && document === "foreign_code") return foreignCode(value) ? "" : "code_length";
  if (name === "mobile") return mobileNumber(value) ? "" : "mobile_form";
  if (name === "postal_code") return postalCode(value) ? "" : "postal_form";
  return "";
};

const byId = (content) => new Map(content.members.map((one) => [one.id, one]));

// [{path, field, member, mine, theirs}] wherever two versions differ. A member of one side only is
// one line: its path ends in "relation", and null stands where it is not.
export const differences = (mine, theirs) => {
  const lines = FIELDS.filter((name) => mine[name] !== theirs[name])
    .map((name) => ({ path: name, field: name, mine: mine[name], theirs: theirs[name] }));
  const here = byId(mine);
  const there = byId(theirs);
  for (const id of new Set([...here.keys(), ...there.keys()])) {
    const [one, other] = [here.get(id), there.get(id)];
    const whole = !one || !other;
    for (const field of whole ? [MEMBER[0]] : MEMBER) {
      if (whole) {
        lines.push({ path: `${id}.${field}`, field, member: id, whole,
          mine: one ?? null, theirs: other ?? null });
      } else if (one[field] !== other[field]) {
        lines.push({ path: `${id}.${field}`, field, member: id, mine: one[field],
          theirs: other[field] });
      }
    }
  }
  return lines;
};

// My version with their value at every path of `taken` (a Set).
export const merge = (mine, theirs, taken) => {
  const merged = {};
  for (const name of FIELDS) merged[name] = (taken.has(name) ? theirs : mine)[name];
  const here = byId(mine);
  const there = byId(theirs);
  merged.members = [];
  for (const id of new Set([...here.keys(), ...there.keys()])) {
    const [one, other] = [here.get(id), there.get(id)];
    if (one && other) {
      const member = { id };
      for (const name of MEMBER) member[name] = (taken.has(`${id}.${name}`) ? other : one)[name];
      merged.members.push(member);
    } else if (Boolean(one) !== taken.has(`${id}.${MEMBER[0]}`)) {
      merged.members.push(one ?? other);
    }
  }
  return merged;
};
