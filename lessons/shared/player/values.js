// What comes from Python (see encode.py), and how numbers and sentences are written.

const PICTURES = ["x_t", "x0_hat", "eps_hat"];

function unpack(bytes) {
  const copy = bytes.slice(); // the websocket message it lies in is not aligned to 16 bits
  const size = new DataView(copy.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(copy.subarray(4, 4 + size)));
  return { header, numbers: new Int16Array(copy.buffer, 4 + size) };
}

// The frames of one track of a message, by position; a picture is { n: int16 values, unit }.
function framesOf(told, numbers) {
  const size = told.shape[0] * told.shape[1] * 3;
  const frames = told.t.map((t, i) => ({ t, step: told.steps[i], note: told.notes[i] }));
  for (const [name, array] of Object.entries(told.arrays)) {
    array.have.forEach((i, k) => {
      const at = array.at + k * size;
      frames[i][name] = { n: numbers.subarray(at, at + size), unit: 1 / array.scale };
    });
  }
  return frames;
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const to255 = (value) => (value + 1) * 127.5; // −1..1 → 0..255, not clipped
const minus = (text) => text.replace("-", "−");
const whole = (value) => minus(String(Math.round(value) || 0)); // "|| 0": never "-0"
const percent = (rate) => String(Math.round(rate * 100));

function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// The three values of one pixel as text: unclipped, and clipped to what a screen can show.
function pixelText(picture, at) {
  const values = [0, 1, 2].map((c) => to255(picture.n[at + c] * picture.unit));
  return {
    value: values.map(whole).join(", "),
    shown: values.map((v) => whole(clamp(v, 0, 255))).join(", "),
    inside: values.every((v) => Math.round(v) >= 0 && Math.round(v) <= 255),
    colour: `rgb(${values.map((v) => Math.round(clamp(v, 0, 255))).join(" ")})`,
  };
}

function noiseText(picture, at) {
  return [0, 1, 2].map((c) => {
    const value = picture.n[at + c] * picture.unit;
    return (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
  }).join(", ");
}

// A curve's value at t, straight between its points.
function rateAt(curve, values, t) {
  const last = curve.t.length - 1;
  if (last < 0) return NaN;
  const up = curve.t[last] >= curve.t[0];
  let i = 0;
  while (i < last - 1 && (up ? curve.t[i + 1] < t : curve.t[i + 1] > t)) i += 1;
  if (last === 0) return values[0];
  const part = clamp((t - curve.t[i]) / (curve.t[i + 1] - curve.t[i] || 1), 0, 1);
  return values[i] + part * (values[i + 1] - values[i]);
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") made.className = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// The name of a quantity as a learner sees it: x with its foot, hats for what is predicted.
function symbol(name) {
  const parts = { x_t: ["x", "t"], x0_hat: ["x̂", "0"], eps_hat: ["ε̂", ""] }[name];
  if (!parts) return "";
  return element("span", { class: "symbol" }, element("i", {}, parts[0]), element("sub", {}, parts[1]));
}
