// The closed forms of diffusion_core/particles.py, evaluated once a frame; every number comes from Python.
// A test runs this file in a browser and compares it with the core. Lengths in cm, times in s.

// mulberry32 (public domain): a seeded stream of numbers in [0, 1), so that a link reproduces its particles.
function mulberry32(state) {
  const stream = () => {
    stream.state = (stream.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(stream.state ^ (stream.state >>> 15), stream.state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  stream.state = state | 0;
  return stream;
}

// Standard normal draws into `out`, two at a time (Box & Muller 1958).
function drawNormals(stream, out) {
  for (let i = 0; i < out.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - stream()));
    const angle = 2 * Math.PI * stream();
    out[i] = radius * Math.cos(angle);
    out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

function reflect(x, wall) {
  const folded = ((x % (2 * wall)) + 2 * wall) % (2 * wall);
  return wall - Math.abs(wall - folded);
}

const imageCount = (variance, wall, reach) => Math.ceil((reach * Math.sqrt(variance)) / (2 * wall));

// Σₙ N(x; 2nL + c, σ²) + N(x; 2nL − c, σ²): the density along one axis between two walls.
function marginal(x, centre, variance, wall, reach) {
  const count = imageCount(variance, wall, reach);
  let total = 0;
  for (let n = -count; n <= count; n += 1) {
    const [right, left] = [x - 2 * n * wall - centre, x - 2 * n * wall + centre];
    total += Math.exp(-(right * right) / (2 * variance)) + Math.exp(-(left * left) / (2 * variance));
  }
  return total / Math.sqrt(2 * Math.PI * variance);
}

const FAINT = -40; // e⁻⁴⁰ of the nearest image does not show in 64 bits; leaving it out saves most of the time

// d log p/dx of the same. The centre itself is the nearest image: shifting by it keeps the sum above zero.
function marginalScore(x, centre, variance, wall, reach) {
  const count = imageCount(variance, wall, reach);
  const scale = 0.5 / variance;
  const nearest = (x - centre) * (x - centre);
  let total = 0;
  let pull = 0;
  for (let image = -2 * count; image <= 2 * count + 1; image += 1) { // even: 2nL + c, odd: 2nL − c
    const even = image & 1 ? image - 1 : image;
    const away = x - even * wall + (image & 1 ? centre : -centre);
    const exponent = (nearest - away * away) * scale;
    if (exponent < FAINT) continue;
    const share = Math.exp(exponent);
    total += share;
    pull += share * away;
  }
  return -pull / total / variance;
}

const varianceAt = (drop, t) => drop.spread * drop.spread + drop.rate * t; // rate = 2D

// Positions are one array: x₀, y₀, x₁, y₁, …; each step changes it in place.
function startDrop(drop, x, eps) {
  for (let i = 0; i < x.length; i += 1) x[i] = reflect(drop.centre[i & 1] + drop.spread * eps[i], drop.walls[i & 1]);
}

function forwardStep(drop, x, grown, eps) {
  const size = Math.sqrt(grown);
  for (let i = 0; i < x.length; i += 1) x[i] = reflect(x[i] + size * eps[i], drop.walls[i & 1]);
}

function reverseStep(drop, x, variance, before, eps) {
  const shrunk = variance - before;
  leap(drop, x, variance, shrunk, Math.sqrt((before * shrunk) / variance), eps);
}

function flowStep(drop, x, variance, before) {
  leap(drop, x, variance, variance - Math.sqrt(variance * before), 0, x);
}

// x + gain·∇log p(x) + size·eps, reflected
function leap(drop, x, variance, gain, size, eps) {
  const { centre, walls, reach } = drop;
  for (let i = 0; i < x.length; i += 1) {
    const axis = i & 1;
    const arrow = marginalScore(x[i], centre[axis], variance, walls[axis], reach);
    x[i] = reflect(x[i] + gain * arrow + size * eps[i], walls[axis]);
  }
}

// Root of the mean square distance from the middle, in cm.
function spreadOf(x) {
  const n = x.length / 2;
  let [sx, sy, squares] = [0, 0, 0];
  for (let i = 0; i < x.length; i += 2) {
    sx += x[i];
    sy += x[i + 1];
    squares += x[i] * x[i] + x[i + 1] * x[i + 1];
  }
  return Math.sqrt(Math.max(0, squares / n - (sx * sx + sy * sy) / (n * n)));
}

function countHeights(x, wall, bins) {
  const counts = new Array(bins).fill(0);
  for (let i = 1; i < x.length; i += 2) counts[Math.min(bins - 1, Math.floor((x[i] / wall) * bins))] += 1;
  return counts;
}

// How far the particles lie, on average, from where they began.
function meanDistance(x, start) {
  let total = 0;
  for (let i = 0; i < x.length; i += 2) total += Math.hypot(x[i] - start[i], x[i + 1] - start[i + 1]);
  return (2 * total) / x.length;
}
