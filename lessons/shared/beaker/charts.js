// What is measured: dye at each height, drawn beside the water, and the spread against the clock.

const BINS = 18;

function paintHeights(ctx, { data, ink, world }, place) {
  const { walls, centre, reach } = data.drop;
  const [height, x0, long] = [walls[1], place.curve, SIDE.curve * place.unit];
  const density = (y) => marginal(y, centre[1], world.variance, height, reach) * height; // 1 when even
  const length = (share) => long * (1 - Math.exp(-share / 1.9)); // room for the tall peak of a fresh drop
  ctx.save();
  Object.assign(ctx, data.look === "dye" ? { fillStyle: ink.dye, globalAlpha: 0.55 } : { fillStyle: ink.soft, globalAlpha: 0.45 });
  const tall = place.tall / BINS;
  countHeights(world.x, height, BINS).forEach((count, i) => {
    const share = (count * BINS * 2) / world.x.length;
    ctx.fillRect(x0, place.top + place.tall - (i + 1) * tall + 0.75, length(share), tall - 1.5);
  });
  ctx.restore();
  const line = Array.from({ length: 91 }, (_, i) => [x0 + length(density((i * height) / 90)), place.at(0, (i * height) / 90)[1]]);
  stroke(ctx, line, ink.ink, 2);
  const even = x0 + length(1);
  stroke(ctx, [[even, place.top], [even, place.top + place.tall]], ink.soft, 1.25, [2, 4]);
  heightsAxis(ctx, data, ink, place, even);
}

function heightsAxis(ctx, { words, drop }, ink, place, even) {
  const look = { colour: ink.soft, font: ink.mono, size: 11 };
  for (let y = 0; y <= drop.walls[1]; y += 1) {
    const [, py] = place.at(0, y);
    const wall = place.curve - 0.1 * place.unit;
    stroke(ctx, [[wall - (y % 3 ? 3 : 6), py], [wall, py]], ink.soft, 1);
    if (y % 3 === 0) write(ctx, String(y), wall - 9, py, { ...look, align: "right" });
  }
  const sans = { ...look, font: ink.sans, size: 12 };
  words.heights.split("/").forEach((line, i) =>
    write(ctx, line.trim(), place.curve - 2, place.top - 26 + 15 * i, { ...sans, colour: ink.ink, weight: 500 }));
  write(ctx, words.even, even, place.top + place.tall + 12, { ...sans, align: "center" });
}

// Spread against the clock. Time runs to the right on the way out, and to the left on the way back.
function paintChart(canvas, view) {
  const { ctx, width, height } = sized(canvas);
  const { data, ink, traces, tick, act } = view;
  const box = { left: 30, right: width - 10, top: 12, bottom: height - 40 };
  const most = 1.12 * data.even;
  const at = (t, spread) => [box.left + (t / data.last) * (box.right - box.left), box.bottom - (spread / most) * (box.bottom - box.top)];
  chartAxes(ctx, data, ink, box, at);
  stroke(ctx, data.curve.t.map((t, i) => at(t, data.curve.spread[i])), ink.soft, 1.25, [2, 4]);
  const styles = { forward: [ink.ink, 2.5], blind: [ink.noise, 3, [7, 6]], score: [ink.predicted, 5] };
  for (const name of ["score", "forward", "blind"]) {
    const points = traces[name].map(([t, spread]) => at(t, spread));
    if (points.length < 2) continue;
    ctx.globalAlpha = name === "score" ? 0.6 : 1;
    stroke(ctx, points, ...styles[name]);
    ctx.globalAlpha = 1;
    if (name !== "forward") nameTrace(ctx, data.words[name], points, styles[name][0], ink, box, name === "score", at(0, data.even)[1]);
  }
  const [x, y] = at(tick * data.dt, view.spread);
  ctx.beginPath();
  ctx.arc(x, y, 5.5, 0, 7);
  Object.assign(ctx, { fillStyle: ink.you, strokeStyle: ink.paper, lineWidth: 2 });
  ctx.fill();
  ctx.stroke();
  if (act !== "forward" && tick) stroke(ctx, [[x - 9, y - 4], [x - 14, y], [x - 9, y + 4]], ink.you, 2);
}

function nameTrace(ctx, name, points, colour, ink, box, below, even) {
  const [x, y] = points[Math.floor(points.length * 0.55)];
  const half = 50; // about half the width of a name
  const middle = Math.min(Math.max(x + (below ? 18 : 0), box.left + half), box.right - half);
  const above = y - 15 > even + 8 ? -15 : 16; // not into the words on the even line
  write(ctx, name, middle, y + (below ? 24 : above),
    { colour, font: ink.sans, weight: 600, align: "center", halo: ink.paper });
}

function chartAxes(ctx, { words, even, last }, ink, box, at) {
  const look = { colour: ink.soft, font: ink.mono, size: 11 };
  for (const spread of [0, 1, 2, 3]) {
    const [, y] = at(0, spread);
    stroke(ctx, [[box.left, y], [box.right, y]], ink.hair, 1);
    write(ctx, String(spread), box.left - 8, y, { ...look, align: "right" });
  }
  for (const t of [0, last / 2, last]) write(ctx, String(t), at(t, 0)[0], box.bottom + 13, { ...look, align: "center" });
  const sans = { ...look, font: ink.sans, size: 12 };
  write(ctx, words.clock_axis, (box.left + box.right) / 2, box.bottom + 31, { ...sans, align: "center" });
  const [, y] = at(0, even);
  stroke(ctx, [[box.left, y], [box.right, y]], ink.soft, 1.25, [2, 4]);
  write(ctx, words.even_spread, box.right, y - 9, { ...sans, align: "right", halo: ink.paper });
}
