// The schedule with its marker, and the histograms of the three channels.

const EDGE = 10; // the slider's thumb stops this far from its ends: the curve keeps the same margin

function paintCurve(canvas, curve, marks, visited, backwards, words, ink) {
  const { ctx, width, height } = sized(canvas);
  const [top, bottom] = [16, height - 22];
  const [low, high] = [Math.min(...curve.t), Math.max(...curve.t)];
  const x = (t) => {
    const part = (t - low) / (high - low || 1);
    return EDGE + (backwards ? 1 - part : part) * (width - 2 * EDGE);
  };
  const y = (rate) => bottom - clamp(rate, 0, 1.05) * (bottom - top);
  line(ctx, [[EDGE, y(0)], [width - EDGE, y(0)]], ink.hairline, 1);
  line(ctx, [[EDGE, y(1)], [width - EDGE, y(1)]], ink.hairline, 1, [2, 4]);
  if (visited.length <= 130) for (const t of visited) line(ctx, [[x(t), bottom], [x(t), bottom + 4]], ink.soft, 1);
  const rates = [["signal", ink.ink], ["noise", ink.noise]].filter(([name]) => curve[name]);
  for (const [name, colour] of rates) line(ctx, curve.t.map((t, i) => [x(t), y(curve[name][i])]), colour, 2);
  curveAxis(ctx, x, [low, high], height - 8, width, ink);
  curveNames(ctx, curve, rates, x, y, [low, high], ink);
  for (const t of marks) {
    line(ctx, [[x(t), top - 8], [x(t), bottom + 6]], ink.you, 2);
    for (const [name, colour] of rates) disc(ctx, x(t), y(rateAt(curve, curve[name], t)), 5, colour, ink.paper, 2);
  }
}

function curveAxis(ctx, x, ends, y, width, ink) {
  const style = { size: 11, colour: ink.soft, font: ink.mono };
  for (const t of ends) {
    const right = x(t) > width / 2;
    const text = right ? whole(t) : `t = ${whole(t)}`;
    write(ctx, text, right ? width - EDGE : EDGE, y, { ...style, align: right ? "right" : "left" });
  }
}

// Each line is named beside itself, a fifth of the way in from the end where it is high.
function curveNames(ctx, curve, rates, x, y, [low, high], ink) {
  for (const [name, colour] of rates) {
    const t = low + (name === "signal" ? 0.14 : 0.86) * (high - low);
    const rate = rateAt(curve, curve[name], t);
    const shift = rate > 0.72 ? 13 : -13;
    const style = { size: 12, weight: 600, colour, align: "center", font: ink.sans, halo: ink.paper };
    write(ctx, curve[`${name}_name`], x(t), y(rate) + shift, style);
  }
}

const BINS = 64;
const REACH = 4; // the value axis runs from −4 to 4

function channelCounts(picture) {
  const counts = [0, 1, 2].map(() => new Float32Array(BINS));
  const each = 1 / ((picture.n.length / 3) * ((2 * REACH) / BINS)); // so that each histogram has area 1
  for (let i = 0; i < picture.n.length; i += 1) {
    const bin = Math.floor(((picture.n[i] * picture.unit + REACH) / (2 * REACH)) * BINS);
    if (bin >= 0 && bin < BINS) counts[i % 3][bin] += each;
  }
  return counts;
}

function paintHistogram(canvas, picture, words, ink) {
  const { ctx, width, height } = sized(canvas);
  const [top, bottom] = [14, height - 22];
  const x = (value) => EDGE + ((value + REACH) / (2 * REACH)) * (width - 2 * EDGE);
  const y = (density) => bottom - (Math.min(density, 1.15) / 1.15) * (bottom - top);
  line(ctx, [[EDGE, bottom], [width - EDGE, bottom]], ink.hairline, 1);
  const style = { size: 11, colour: ink.soft, align: "center", font: ink.mono };
  for (const value of [-1, 1]) { // black and full: what lies outside cannot be shown
    line(ctx, [[x(value), top], [x(value), bottom]], ink.hairline, 1, [2, 4]);
    write(ctx, whole(to255(value)), x(value), top - 7, style);
  }
  for (const value of [-4, -1, 0, 1, 4]) {
    const align = value === -4 ? "left" : value === 4 ? "right" : "center";
    write(ctx, whole(value), x(value), height - 8, { ...style, align });
  }
  const counts = picture ? channelCounts(picture) : [];
  counts.forEach((bins, c) => {
    const steps = [];
    bins.forEach((d, b) => {
      const left = -REACH + (b * 2 * REACH) / BINS;
      steps.push([x(left), y(d)], [x(left + (2 * REACH) / BINS), y(d)]);
    });
    line(ctx, steps, [ink.red, ink.green, ink.blue][c], 1.75);
  });
  const bell = Array.from({ length: 81 }, (_, i) => -REACH + (i * 2 * REACH) / 80)
    .map((v) => [x(v), y(Math.exp((-v * v) / 2) / Math.sqrt(2 * Math.PI))]);
  line(ctx, bell, ink.ink, 1.5, [5, 4]);
  ["R", "G", "B"].forEach((letter, c) => write(ctx, letter, width - EDGE - 34 + c * 15, top + 2,
    { size: 12, weight: 700, colour: [ink.red, ink.green, ink.blue][c], font: ink.mono }));
}
