/** Files that are almost right: each is made from one number, so that a failure is found again by that number. */

export type Random = () => number;

/** Mulberry32: the same numbers from 0 to 1 for the same seed, on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const below = (random: Random, limit: number) => Math.floor(random() * limit);

export function oneOf<T>(random: Random, choices: readonly T[]): T {
  return choices[below(random, choices.length)] as T;
}

/** The numbers of the files to try: those that once failed, and as many others as FUZZ_FILES says. */
export function seedsToTry(failedOnce: readonly number[] = []): number[] {
  const { FUZZ_FILES = '5000', FUZZ_FIRST = '1' } = process.env;
  return [
    ...failedOnce,
    ...Array.from({ length: Number(FUZZ_FILES) }, (_, index) => Number(FUZZ_FIRST) + index),
  ];
}

/** Bytes that mean something to a reader of text. */
const TOKENS = [
  ...[',', ';', '\t', '|', '"', '""', '\r', '\n', '\r\n', '\ufeff', '\0', '\u001a', ' ', '\u2028', '\u0085'],
  ...[
    'sep=;\n',
    '"\n"',
    ',,,,,,\n',
    '\\',
    '\\ud800',
    '{',
    '}',
    '[',
    ':',
    '__proto__',
    'null',
    '1e999',
    '合',
    'é',
  ],
].map((text) => Buffer.from(text));
const RAW_TOKENS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
  [0x00],
  [0x80],
  [0xc3],
  [0xe4, 0xb8],
  [0xd5, 0xe3],
  [0x81, 0x30],
].map((bytes) => Buffer.from(bytes));

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => insert(bytes, below(random, bytes.length + 1), oneOf(random, TOKENS)),
  (bytes, random) => insert(bytes, below(random, bytes.length + 1), oneOf(random, RAW_TOKENS)),
  (bytes, random) => insert(bytes, 0, oneOf(random, [...TOKENS, ...RAW_TOKENS])),
  (bytes, random) => insert(bytes, bytes.length, oneOf(random, [...TOKENS, ...RAW_TOKENS])),
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[below(random, copy.length)] = below(random, 256);
    return copy;
  },
  (bytes, random) => bytes.subarray(0, below(random, bytes.length + 1)),
  (bytes, random) => {
    const [from, to] = part(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random) => {
    const [from, to] = part(bytes, random);
    return insert(bytes, below(random, bytes.length + 1), bytes.subarray(from, to));
  },
];

const insert = (bytes: Buffer, at: number, more: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);

function part(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = below(random, bytes.length + 1);
  return [from, Math.min(bytes.length, from + below(random, oneOf(random, [2, 40, 400])))];
}

/** Changed in up to four places; one file in eight stays as it is. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  const times = oneOf(random, [0, 1, 1, 1, 2, 2, 3, 4]);
  return Array.from({ length: times }).reduce<Buffer>(
    (done) => oneOf(random, MUTATIONS)(done, random),
    bytes,
  );
}

/** The same bytes in pieces of any length. */
export function cut(bytes: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = from + 1 + below(random, oneOf(random, [1, 4, 200, 5000]));
    pieces.push(bytes.subarray(from, to));
    from = to;
  }
  return pieces;
}
