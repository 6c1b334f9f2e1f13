// Painting: the picture under a veil that is thin where the attention is, and the same map alone, in teal.

const VEIL = [16, 20, 24]; // ink, in both themes: it dims what is not looked at
const DIMMEST = 0.82;

function pictureOf(data, look, name) {
  const size = data.side * data.side * 3;
  const first = data.pictures[name] + look * size;
  const image = new ImageData(data.side, data.side);
  for (let i = 0, o = 0; i < size; i += 3, o += 4) {
    for (let c = 0; c < 3; c += 1) image.data[o + c] = data.bytes[first + i + c];
    image.data[o + 3] = 255;
  }
  return image;
}

// Enlarge an image of few pixels over the whole canvas, without smoothing.
function enlarge(ctx, image, width, height) {
  Object.assign(small, { width: image.width, height: image.height });
  small.getContext("2d", { willReadFrequently: true }).putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(small, 0, 0, width, height);
}

// A map as an image of its own cells: opacity from its weights, 0 to its largest.
function mapImage(map, colour, opacity) {
  const image = new ImageData(map.n, map.n);
  const top = most(map) || 1;
  map.values.forEach((value, i) => image.data.set([...colour, Math.round(255 * opacity(value / top))], 4 * i));
  return image;
}

function paintVeiled(canvas, picture, map) {
  const { ctx, width, height } = sized(canvas);
  enlarge(ctx, picture, width, height);
  if (map) enlarge(ctx, mapImage(map, VEIL, (share) => DIMMEST * (1 - share)), width, height);
  return { ctx, width, height };
}

function paintMap(canvas, map, colour) {
  const { ctx, width, height } = sized(canvas);
  if (map) enlarge(ctx, mapImage(map, colour, (share) => share), width, height);
}

// "#0e7478" → [14, 116, 120]
const rgbOf = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
