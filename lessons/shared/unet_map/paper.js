// Reading the bytes, and painting small pictures at their own size; the style sheet enlarges without smoothing.

function opened(bytes) {
  const copy = bytes.slice();
  const size = new DataView(copy.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(copy.subarray(4, 4 + size)));
  return { ...header, bytes: copy.subarray(4 + size) };
}

// The ink of the page's theme: maps are printed with it, whatever the theme.
function inkOf(root) {
  return (getComputedStyle(root).color.match(/[\d.]+/g) || [0, 0, 0]).slice(0, 3).map(Number);
}

function paintColours(canvas, data, at) {
  const { side } = data;
  const image = new ImageData(side, side);
  for (let i = 0, o = 0; o < image.data.length; i += 3, o += 4) {
    for (let c = 0; c < 3; c += 1) image.data[o + c] = data.bytes[at + i + c];
    image.data[o + 3] = 255;
  }
  put(canvas, image);
}

// Channel `k` of a block: no ink at the map's smallest value, full ink at its largest.
function paintMap(canvas, data, block, k, ink) {
  const [, height, width] = block.shape;
  const image = new ImageData(width, height);
  const first = block.at + k * width * height;
  for (let i = 0; i < width * height; i += 1) image.data.set([...ink, data.bytes[first + i]], 4 * i);
  put(canvas, image);
}

function put(canvas, image) {
  Object.assign(canvas, { width: image.width, height: image.height });
  canvas.getContext("2d").putImageData(image, 0, 0);
}
