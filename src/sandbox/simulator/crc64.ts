/** The checksum that OSS sends with what it stored: CRC-64 of ECMA-182, reflected ("XZ"), as a decimal number. Pure. */
const POLYNOMIAL = { high: 0xc96c5795, low: 0xd7870f42 };
const ONES = 0xffffffff;

/** In halves of 32 bits, because arithmetic with BigInt takes a hundred times as long. */
const TABLE = Array.from({ length: 256 }, (_, byte) => {
  let [high, low] = [0, byte];
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = (low & 1) === 1;
    low = (low >>> 1) | ((high & 1) << 31);
    high >>>= 1;
    if (isOdd) {
      high ^= POLYNOMIAL.high;
      low ^= POLYNOMIAL.low;
    }
  }
  return { high, low };
});

export function crc64(content: Buffer): string {
  let [high, low] = [ONES, ONES];
  for (const byte of content) {
    const entry = TABLE[(low ^ byte) & 0xff] as (typeof TABLE)[number];
    low = ((low >>> 8) | ((high & 0xff) << 24)) ^ entry.low;
    high = (high >>> 8) ^ entry.high;
  }
  return ((BigInt((high ^ ONES) >>> 0) << 32n) | BigInt((low ^ ONES) >>> 0)).toString();
}
