/** Usage as a decimal number of at most four places, without floating point: as text, or as a whole number of ten-thousandths. Pure. */

const PLACES = 4;
const FACTOR = 10n ** BigInt(PLACES);
const DECIMAL = /^(?:0|[1-9]\d*)(?:\.(\d+))?$/;

/** Ten-thousandths; undefined if the text is no decimal number of at most four places, or begins with a zero or a sign. */
export function unitsOf(text: string): bigint | undefined {
  const [, fraction = ''] = DECIMAL.exec(text) ?? [undefined, '-'];
  if (fraction.length > PLACES || fraction === '-') return undefined;
  const [whole = ''] = text.split('.');
  return BigInt(whole) * FACTOR + BigInt(fraction.padEnd(PLACES, '0'));
}

/** As short as it can be: `99`, `0.5`, `-1.25`. */
export function decimalOf(units: bigint): string {
  const size = units < 0n ? -units : units;
  const fraction = String(size % FACTOR)
    .padStart(PLACES, '0')
    .replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${size / FACTOR}${fraction && `.${fraction}`}`;
}
