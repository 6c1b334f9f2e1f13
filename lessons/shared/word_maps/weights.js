// The maps as they came from Python (see message.py), and what is read from them: weights of cells, shares of words.

const ALL = "all"; // every layer size at once

function opened(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  return { ...header, bytes: bytes.slice(4 + size) }; // a copy: the message it lies in is let go
}

const sizesOf = (kind) => Object.keys(kind).map(Number).sort((a, b) => b - a);

// Weights of one word at one layer size, as { n, values }: the share that each place gives the word.
function wordWeights(data, look, word, size) {
  const { at, most } = data.cross[size];
  const first = at + (look * data.words.length + word) * size * size;
  const unit = most[look][word] / 255;
  return { n: size, values: Float32Array.from(data.bytes.subarray(first, first + size * size), (b) => b * unit) };
}

// Weights that one place gives to all places at one layer size; they sum to 1.
function pixelWeights(data, look, cell, size) {
  const { at, most } = data.own[size];
  const [row, column] = cellAt(data, cell, size);
  const first = at + ((look * size + row) * size + column) * size * size;
  const unit = most[look] / 255;
  return { n: size, values: Float32Array.from(data.bytes.subarray(first, first + size * size), (b) => b * unit) };
}

// A chosen cell is held on the finest grid that pixels look at each other on; here is its place on another grid.
const cellAt = (data, [row, column], size) => {
  const finest = sizesOf(data.own)[0];
  return [Math.floor((row * size) / finest), Math.floor((column * size) / finest)];
};

// The mean over layer sizes on the finest grid: cells are repeated, and where weights sum to 1 they are divided.
function mean(maps, spread) {
  const n = Math.max(...maps.map((map) => map.n));
  const values = new Float32Array(n * n);
  for (const map of maps) {
    const times = n / map.n;
    const part = 1 / (maps.length * (spread ? times * times : 1));
    for (let row = 0; row < n; row += 1) {
      for (let column = 0; column < n; column += 1) {
        values[row * n + column] += part * map.values[Math.floor(row / times) * map.n + Math.floor(column / times)];
      }
    }
  }
  return { n, values };
}

function wordMap(data, look, word, size) {
  if (size !== ALL) return wordWeights(data, look, word, size);
  return mean(sizesOf(data.cross).map((each) => wordWeights(data, look, word, each)), false);
}

function pixelMap(data, look, cell, size) {
  if (data.own[size]) return pixelWeights(data, look, cell, size);
  return mean(sizesOf(data.own).map((each) => pixelWeights(data, look, cell, each)), true);
}

// What share of the attention a word gets: over the whole picture, or from the place of one cell.
function shareOf(data, look, word, size, cell) {
  const { n, values } = wordMap(data, look, word, size);
  if (!cell) return values.reduce((sum, value) => sum + value, 0) / values.length;
  // a cell of the pixels' grid covers several of a finer one: their mean
  const finest = sizesOf(data.own)[0];
  const [low, high] = [(i) => Math.floor((i * n) / finest), (i) => Math.max(Math.floor(((i + 1) * n) / finest), Math.floor((i * n) / finest) + 1)];
  let [sum, count] = [0, 0];
  for (let row = low(cell[0]); row < high(cell[0]); row += 1) {
    for (let column = low(cell[1]); column < high(cell[1]); column += 1, count += 1) sum += values[row * n + column];
  }
  return sum / count;
}

const most = ({ values }) => values.reduce((a, b) => Math.max(a, b), 0);

function percentOf(share) {
  const number = 100 * share;
  return `${number >= 9.95 ? Math.round(number) : number.toFixed(1)}%`;
}
