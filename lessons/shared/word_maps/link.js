// The choices in the page's address: what a link asks for as far as a run has it, and a sentence where it has not.

const QUOTED = 24; // characters of what was asked for

// A link that was run speaks of a run still to come: until then the shipped one is on show, with other words.
function readAddress() {
  const given = new URL(window.location.href).searchParams;
  const asked = Object.fromEntries(Object.keys(ASKED).filter((name) => given.has(name)).map((name) => [name, given.get(name)]));
  return { asked, waits: given.get("run") === "1" };
}

function followLink(view) {
  const { asked, waits } = view.link;
  const odd = [];
  for (const [name, text] of Object.entries(asked)) {
    const { found, shows } = ASKED[name](text, view.data);
    Object.assign(view, found);
    const quoted = text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
    if (shows) odd.push(fill(view.data.labels.odd, { what: view.data.labels[`odd_${name}`], asked: quoted, shows }));
  }
  fit(view);
  if (waits && view.data.run === "cached") return;
  Object.assign(view, { link: null, odd: odd.join(" ") });
}

// What is found of each, and what is shown in place of what is not.
const ASKED = {
  look: (text, { total, start }) => {
    const asked = numberIn(text);
    const look = asked === null ? start + 1 : clamp(asked, 1, total);
    return { found: { wanted: look - 1 }, shows: look === asked ? "" : String(look) };
  },
  word: (text, { words, word }) =>
    (numberIn(text) in words ? { found: { word: numberIn(text) } } : { found: { word }, shows: `“${words[word]}”` }),
  grid: (text, { cross, labels }) => (Object.hasOwn(cross, text) ? { found: { size: Number(text) } } : { shows: labels.all }),
  px: (text, { own, labels }) => {
    const cell = text.split(",").map(numberIn);
    const there = cell.length === 2 && cell.every((at) => at !== null && at >= 0 && at < sizesOf(own)[0]);
    return there ? { found: { mode: "pixel", cell } } : { shows: labels.odd_none };
  },
};

const numberIn = (text) => (/^-?\d{1,9}$/.test(text) ? Number(text) : null);

function address(alter) {
  const url = new URL(window.location.href);
  const before = url.search;
  alter(url.searchParams);
  url.search = url.search.replaceAll("%2C", ",");
  if (url.search !== before) window.history.replaceState(window.history.state, "", url);
}
