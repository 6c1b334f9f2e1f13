// Canvases: their size in real pixels, the colours of the theme, and pictures enlarged without smoothing.

function sized(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  return { ctx, ratio, width: canvas.clientWidth, height: canvas.clientHeight };
}

// Theme colours and fonts, as the style sheet resolves them.
function inkOf(root) {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  const names = ["ink", "paper", "hairline", "noise", "predicted", "you", "red", "green", "blue", "soft", "edge"];
  const ink = Object.fromEntries(names.map((name) => [name, read(name)]));
  return { ...ink, mono: read("mono") || "monospace", sans: style.fontFamily };
}

function themeOf(root) {
  const probe = element("span", { style: "color: var(--st-background-color, #fff)" });
  root.append(probe);
  const [r, g, b] = (getComputedStyle(probe).color.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
  probe.remove();
  return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? "dark" : "light";
}

// Values to screen colours: pictures clip at 0 and 255; noise is grey at 0, white at +3, black at −3.
function toImage(picture, shape, name, image) {
  const gain = (name === "eps_hat" ? 127.5 / 3 : 127.5) * picture.unit;
  for (let i = 0, o = 0; i < picture.n.length; i += 3, o += 4) {
    image.data[o] = picture.n[i] * gain + 127.5; // a clamped array: it clips and rounds
    image.data[o + 1] = picture.n[i + 1] * gain + 127.5;
    image.data[o + 2] = picture.n[i + 2] * gain + 127.5;
    image.data[o + 3] = 255;
  }
  return image;
}

const small = document.createElement("canvas"); // a picture at its own size, before it is enlarged

function paintPicture(canvas, picture, shape, name, pixel, ink) {
  const { ctx, width, height } = sized(canvas);
  if (!picture) return;
  const [rows, columns] = shape;
  if (small.width !== columns || small.height !== rows) Object.assign(small, { width: columns, height: rows });
  const inside = small.getContext("2d", { willReadFrequently: true });
  inside.putImageData(toImage(picture, shape, name, new ImageData(columns, rows)), 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(small, 0, 0, width, height);
  if (pixel) outline(ctx, pixel, width / columns, height / rows, ink);
}

function outline(ctx, [row, column], dx, dy, ink) {
  const box = (grow, colour, line) => {
    Object.assign(ctx, { strokeStyle: colour, lineWidth: line });
    ctx.strokeRect(column * dx - grow, row * dy - grow, dx + 2 * grow, dy + 2 * grow);
  };
  box(3.5, ink.paper, 1.5);
  box(1.75, ink.you, 2.5);
}

function write(ctx, text, x, y, { size = 12, colour, align = "left", font, weight = 400, halo } = {}) {
  ctx.font = `${weight} ${size}px ${font}`;
  Object.assign(ctx, { textAlign: align, textBaseline: "middle", lineJoin: "round" });
  if (halo) {
    Object.assign(ctx, { strokeStyle: halo, lineWidth: 4 });
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

function line(ctx, points, colour, width, dash = []) {
  ctx.beginPath();
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  Object.assign(ctx, { strokeStyle: colour, lineWidth: width, lineJoin: "round", lineCap: "round" });
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

function disc(ctx, x, y, radius, colour, rim, width = 2) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 7);
  ctx.fillStyle = colour;
  ctx.fill();
  if (!rim) return;
  Object.assign(ctx, { strokeStyle: rim, lineWidth: width });
  ctx.stroke();
}
