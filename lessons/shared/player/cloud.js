// The colour cube: every pixel a disc of its own (clipped) colour at its own (unclipped) red, green, blue.
// Coordinates are the values themselves: the cube is −1..1, and noise leaves it.

const HOME = { yaw: -0.62, pitch: 0.38, zoom: 1 };
const FAR = 9; // the eye's distance from the cube's middle
const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i & 1, i & 2, i & 4].map((bit) => (bit ? 1 : -1)));
const EDGES = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((a) =>
  [1, 2, 4].filter((bit) => !(a & bit)).map((bit) => [a, a | bit]));

// A function from (r, g, b) to [x, y, nearness, scale] on a canvas of that size.
function projector({ yaw, pitch, zoom }, target, width, height) {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  const unit = (Math.min(width * 0.92, height) / 2 / 2.1) * zoom;
  return (r, g, b) => {
    const [dr, dg, db] = [r - target[0], g - target[1], b - target[2]];
    const back = cy * db - sy * dr;
    const near = sp * dg + cp * back;
    const scale = FAR / Math.max(FAR - near, 1);
    return [width / 2 + (cy * dr + sy * db) * unit * scale,
      height / 2 - (cp * dg - sp * back) * unit * scale, near, scale];
  };
}

// Looking closer with a pixel chosen is looking closer at that pixel.
function targetOf(zoom, followed) {
  const part = followed ? clamp((zoom - 1) / 3, 0, 1) : 0;
  return [0, 1, 2].map((c) => (followed ? followed[c] * part : 0));
}

function discRadius(count, zoom, width, height) {
  return clamp((Math.min(width, height) * 0.3 * Math.sqrt(Math.min(zoom, 4))) / Math.sqrt(count), 1.6, 11);
}

// Far to near, by counting into 512 layers: faster than sorting, and as good to the eye.
function farToNear(nearness) {
  const heads = new Int32Array(513);
  let [low, high] = [Infinity, -Infinity];
  for (const near of nearness) [low, high] = [Math.min(low, near), Math.max(high, near)];
  const layer = (near) => Math.floor(((near - low) / (high - low || 1)) * 511);
  for (const near of nearness) heads[layer(near) + 1] += 1;
  for (let i = 0; i < 512; i += 1) heads[i + 1] += heads[i];
  const order = new Int32Array(nearness.length);
  nearness.forEach((near, i) => { order[heads[layer(near)]++] = i; });
  return order;
}

// All discs of a frame into one image: drawn by hand, since thousands of canvas arcs are slow without a GPU.
function stampDiscs(image, discs, dark) {
  const pixels = new Uint32Array(image.data.buffer);
  for (const { x, y, radius, r, g, b } of discs) {
    const [left, right] = [Math.max(0, Math.floor(x - radius)), Math.min(image.width - 1, Math.ceil(x + radius))];
    const [top, bottom] = [Math.max(0, Math.floor(y - radius)), Math.min(image.height - 1, Math.ceil(y + radius))];
    const body = 0xff000000 | (b << 16) | (g << 8) | r;
    // a rim parts a disc from its neighbours, and a black one from a slate background
    const rim = dark && r + g + b < 150 ? 255 : 16;
    const mix = (c) => Math.round(c + (rim - c) * 0.34);
    const edge = (mix(b) << 16) | (mix(g) << 8) | mix(r);
    for (let py = top; py <= bottom; py += 1) {
      for (let px = left; px <= right; px += 1) {
        const inside = radius - Math.hypot(px - x, py - y);
        if (inside <= -0.5) continue;
        const at = py * image.width + px;
        if (inside > 1.2) pixels[at] = body;
        else if (inside >= 0.5 || pixels[at] >>> 24) pixels[at] = 0xff000000 | edge;
        else pixels[at] = (Math.round((inside + 0.5) * 255) << 24) | edge;
      }
    }
  }
}

function byteOf(value) {
  return Math.round(clamp(to255(value), 0, 255));
}

// Discs of one picture, far to near, in real pixels of the canvas.
function discsOf(picture, project, radius, ratio) {
  const count = picture.n.length / 3;
  const placed = Array.from({ length: count }, (_, i) => {
    const [r, g, b] = [0, 1, 2].map((c) => picture.n[3 * i + c] * picture.unit);
    const [x, y, near, scale] = project(r, g, b);
    return { x: x * ratio, y: y * ratio, near, radius: radius * scale * ratio, r: byteOf(r), g: byteOf(g), b: byteOf(b) };
  });
  return Array.from(farToNear(Float32Array.from(placed, (d) => d.near)), (i) => placed[i]);
}

function drawEdges(ctx, project, front, ink) {
  const seen = CORNERS.map(([r, g, b]) => project(r, g, b));
  const hidden = seen.reduce((far, corner, i) => (corner[2] < seen[far][2] ? i : far), 0);
  for (const [a, b] of EDGES) {
    if ((a === hidden || b === hidden) === front) continue;
    const axis = a === 0 ? [ink.red, ink.green, ink.blue][Math.log2(b)] : null;
    line(ctx, [seen[a], seen[b]], axis || ink.edge, axis ? 2 : 1, front ? [] : axis ? [] : [3, 4]);
  }
}

function drawAxisNames(ctx, project, ink) {
  const [zx, zy] = project(-1.14, -1.14, -1.14);
  const style = { font: ink.mono, halo: ink.paper, align: "center" };
  write(ctx, "0", zx, zy, { ...style, size: 11, colour: ink.soft });
  ["R", "G", "B"].forEach((letter, c) => {
    const end = [-1, -1, -1];
    end[c] = 1.24;
    const [x, y] = project(...end);
    const colour = [ink.red, ink.green, ink.blue][c];
    write(ctx, letter, x, y - 7, { ...style, size: 14, weight: 700, colour });
    write(ctx, "255", x, y + 7, { ...style, size: 11, colour: ink.soft });
  });
}

// Where one pixel has been and will go: past solid, future faint.
function drawPath(ctx, project, places, now, ink) {
  const points = places.map((place) => project(...place));
  ctx.globalAlpha = 0.6;
  line(ctx, points.slice(now), ink.you, 1.5, [2, 4]);
  ctx.globalAlpha = 1;
  line(ctx, points.slice(0, now + 1), ink.paper, 4.5);
  line(ctx, points.slice(0, now + 1), ink.you, 2);
  if (points.length <= 60) {
    points.slice(0, now).forEach(([x, y]) => disc(ctx, x, y, 2.25, ink.you, ink.paper, 0.75));
  }
}

function drawArrow(ctx, from, to, radius, ink) {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (length < 3) return;
  const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const tip = [to[0] - ux * radius, to[1] - uy * radius];
  const head = Math.min(9, length * 0.5);
  const wing = (side) => [tip[0] - ux * head + uy * head * 0.5 * side, tip[1] - uy * head - ux * head * 0.5 * side];
  line(ctx, [from, tip], ink.ink, 1.75);
  line(ctx, [wing(1), tip, wing(-1)], ink.ink, 1.75);
}
