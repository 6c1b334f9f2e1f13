// Noise as colour: orange above zero, violet below, grey at zero; the ends differ in lightness too, so no eye is lost.

const REACH = 2; // noise units from grey to the full colour
const CLOSER = 30; // how many times stronger the colours of the lower map of the difference are
const ENDS = {
  light: { below: [84, 39, 136], zero: [226, 222, 215], above: [179, 88, 6] },
  dark: { below: [178, 150, 232], zero: [52, 60, 68], above: [246, 170, 78] },
};

// A colour for −1…1; a square root near zero would be louder, but only a straight scale lets sums be compared by eye.
function shade(value, { below, zero, above }) {
  const end = value < 0 ? below : above;
  const part = Math.min(Math.abs(value), 1);
  return [0, 1, 2].map((c) => zero[c] + (end[c] - zero[c]) * part);
}

// A lookup of 511 colours, so that a map is painted within a millisecond.
function palette(theme) {
  const table = new Uint8ClampedArray(511 * 3);
  for (let i = 0; i < 511; i += 1) table.set(shade((i - 255) / 255, ENDS[theme]), 3 * i);
  return table;
}

function noiseImage(values, reach, table, [rows, columns]) {
  const image = new ImageData(columns, rows);
  for (let i = 0; i < values.length; i += 1) {
    const at = 3 * (255 + Math.round(clamp(values[i] / reach, -1, 1) * 255));
    image.data.set([table[at], table[at + 1], table[at + 2], 255], 4 * i);
  }
  return image;
}

function colourImage(values, [rows, columns]) {
  const image = new ImageData(columns, rows);
  for (let i = 0, o = 0; i < values.length; i += 3, o += 4) {
    for (let c = 0; c < 3; c += 1) image.data[o + c] = to255(values[i + c]); // a clamped array: it clips and rounds
    image.data[o + 3] = 255;
  }
  return image;
}

// Pixel for pixel on the canvas itself; the style sheet enlarges it without smoothing.
function show(canvas, image) {
  if (canvas.width !== image.width || canvas.height !== image.height) Object.assign(canvas, { width: image.width, height: image.height });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

const valuesOf = (picture) => Float32Array.from(picture.n, (value) => value * picture.unit);
const mixed = (from, to, scale) => from.map((value, i) => value + scale * (to[i] - value));
const beyond = (values) => values.reduce((count, value) => count + (Math.abs(value) > 1.001), 0) / values.length;
