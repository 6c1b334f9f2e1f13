// The beaker on its canvas: water, dye, glass, and beside it how much dye there is at each height.

const SIDE = { left: 0.75, gap: 0.95, curve: 2.3, right: 0.35, above: 1.05, below: 0.55 }; // cm around the water

function inkOf(root) {
  const probe = root.appendChild(document.createElement("span"));
  const names = ["ink", "soft", "hair", "paper", "noise", "predicted", "you", "water", "dye", "coffee", "milk", "shine", "beam",
    "night"];
  const ink = {};
  for (const name of names) {
    probe.style.color = `var(--${name})`; // a canvas cannot read light-dark(), an element can
    ink[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  const style = getComputedStyle(root);
  return { ...ink, mono: style.getPropertyValue("--mono").trim(), sans: style.fontFamily };
}

function sized(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const real = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== real[0] || canvas.height !== real[1]) [canvas.width, canvas.height] = real;
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return { ctx, width, height, ratio };
}

function write(ctx, text, x, y, { colour, font, size = 12, weight = 400, align = "left", base = "middle", halo }) {
  ctx.font = `${weight} ${size}px ${font}`;
  Object.assign(ctx, { textAlign: align, textBaseline: base, lineJoin: "round" });
  if (halo) {
    Object.assign(ctx, { strokeStyle: halo, lineWidth: 4 });
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

function stroke(ctx, points, colour, width, dash = []) {
  ctx.beginPath();
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  Object.assign(ctx, { strokeStyle: colour, lineWidth: width, lineJoin: "round", lineCap: "round" });
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

// Where things stand: `at` turns centimetres into pixels, y up from the bottom of the water.
function layOut(width, height, [wide, tall]) {
  const unit = Math.min(width / (wide + SIDE.left + SIDE.gap + SIDE.curve + SIDE.right), height / (tall + SIDE.above + SIDE.below));
  const [left, top] = [SIDE.left * unit, SIDE.above * unit];
  return { unit, left, top, wide: wide * unit, tall: tall * unit, curve: left + (wide + SIDE.gap) * unit,
    at: (x, y) => [left + x * unit, top + (tall - y) * unit] };
}

function waterPath(ctx, { left, top, wide, tall, unit }) {
  ctx.beginPath();
  ctx.roundRect(left, top, wide, tall, [0, 0, 0.64 * unit, 0.64 * unit]);
}

function paintBeaker(canvas, view) {
  const { ctx, width, height, ratio } = sized(canvas);
  const { data, ink, world } = view;
  const place = layOut(width, height, data.drop.walls);
  const [liquid, dye] = data.look === "coffee" ? [ink.coffee, ink.milk] : [ink.water, ink.dye];
  paintShadow(ctx, place, ink);
  ctx.save();
  waterPath(ctx, place);
  ctx.fillStyle = liquid;
  ctx.fill();
  ctx.clip();
  paintTint(ctx, view, place, dye);
  paintParticles(ctx, world.x, place, dye, ratio);
  if (data.arrows || view.act === "score") paintArrows(ctx, view, place);
  if (data.path) paintPath(ctx, view, place);
  ctx.restore();
  paintGlass(ctx, place, ink);
  paintHeights(ctx, view, place);
}

function paintShadow(ctx, { left, top, wide, tall, unit }, ink) {
  ctx.save();
  ctx.globalAlpha = 0.35;
  ctx.fillStyle = ink.hair;
  ctx.beginPath();
  ctx.ellipse(left + wide / 2, top + tall + 0.25 * unit, 0.49 * wide, 0.16 * unit, 0, 0, 7);
  ctx.fill();
  ctx.restore();
}

// The score at the time on the clock: its direction is exact, its length is bounded so that arrows stay apart.
function paintArrows(ctx, { data, ink, tick }, { at, unit }) {
  const { centre, walls, reach } = data.drop;
  const variance = varianceAt(data.drop, tick * data.dt);
  const arrows = new Path2D(); // all in one path: two strokes instead of hundreds
  for (let y = 0.5; y < walls[1]; y += 1) {
    for (let x = 0.5; x < walls[0]; x += 1) {
      const pull = [x, y].map((v, i) => marginalScore(v, centre[i], variance, walls[i], reach) * Math.sqrt(variance));
      const size = Math.hypot(...pull);
      const reachOut = (0.86 * Math.tanh(0.75 * size)) / (size || 1);
      const [dx, dy] = pull.map((v) => v * reachOut);
      addArrow(arrows, at(x - dx / 2, y - dy / 2), at(x + dx / 2, y + dy / 2), unit);
    }
  }
  const coffee = data.look === "coffee";
  for (const [colour, width] of [[coffee ? ink.coffee : ink.paper, 4.5], [coffee ? ink.shine : ink.predicted, 2]]) {
    Object.assign(ctx, { strokeStyle: colour, lineWidth: width, lineJoin: "round", lineCap: "round" });
    ctx.stroke(arrows);
  }
}

function addArrow(path, from, to, unit) {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const head = Math.min(0.24 * unit, 0.6 * Math.hypot(to[0] - from[0], to[1] - from[1]));
  const barb = (turn) => [to[0] - head * Math.cos(angle + turn), to[1] - head * Math.sin(angle + turn)];
  path.moveTo(...from);
  path.lineTo(...to);
  path.moveTo(...barb(0.55));
  path.lineTo(...to);
  path.lineTo(...barb(-0.55));
}

// The way of one particle: out, and back in the colour of the way back; a halo keeps it apart from the dye.
function paintPath(ctx, { paths, act, ink, data, world }, { at, unit }) {
  const coffee = data.look === "coffee";
  const out = coffee ? ink.beam : ink.ink;
  const back = act === "blind" ? (coffee ? ink.milk : ink.noise) : coffee ? ink.shine : ink.predicted;
  for (const [path, colour, width] of [[paths.forward, out, 1.5], [paths.back, back, 2]]) {
    if (path.length < 2) continue;
    const points = path.map(([x, y]) => at(x, y));
    stroke(ctx, points, coffee ? ink.coffee : ink.paper, width + 2.5);
    stroke(ctx, points, colour, width);
  }
  const [px, py] = at(world.x[0], world.x[1]);
  ctx.beginPath();
  ctx.arc(px, py, Math.max(5, 0.13 * unit), 0, 7);
  Object.assign(ctx, { fillStyle: ink.milk, strokeStyle: ink.night, lineWidth: 2.5 });
  ctx.fill();
  ctx.stroke();
}

function paintGlass(ctx, { left, top, wide, tall, unit }, ink) {
  const [rim, lip, round] = [top - 0.8 * unit, 0.32 * unit, 0.7 * unit];
  const [right, bottom, wall] = [left + wide, top + tall, 0.05 * unit];
  ctx.save();
  ctx.beginPath();
  ctx.moveTo(left - wall - lip, rim - 0.12 * unit);
  ctx.quadraticCurveTo(left - wall, rim, left - wall, rim + lip);
  ctx.arcTo(left - wall, bottom + wall, left + wide / 2, bottom + wall, round);
  ctx.arcTo(right + wall, bottom + wall, right + wall, rim, round);
  ctx.lineTo(right + wall, rim + 0.12 * unit);
  ctx.quadraticCurveTo(right + wall, rim, right + wall + 0.12 * unit, rim);
  Object.assign(ctx, { strokeStyle: ink.ink, lineWidth: Math.max(2, 0.07 * unit), lineCap: "round", lineJoin: "round" });
  ctx.stroke();
  ctx.globalAlpha = 0.75; // the surface, a little higher where water meets glass
  ctx.beginPath();
  ctx.moveTo(left, top - 0.14 * unit);
  ctx.quadraticCurveTo(left + 0.1 * unit, top, left + 0.6 * unit, top);
  ctx.lineTo(right - 0.6 * unit, top);
  ctx.quadraticCurveTo(right - 0.1 * unit, top, right, top - 0.14 * unit);
  Object.assign(ctx, { lineWidth: 1.25, strokeStyle: ink.soft });
  ctx.stroke();
  ctx.globalAlpha = 0.5;
  for (const [x, from, to, width] of [[0.38, 0.05, 0.62, 0.16], [0.38, 0.68, 0.74, 0.16]]) { // light on the glass
    stroke(ctx, [[left + x * unit, top + from * tall], [left + x * unit, top + to * tall]], ink.shine, width * unit);
  }
  ctx.restore();
}
