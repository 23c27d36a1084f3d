/** Passwords as scrypt hashes in the PHC form, so that each hash says how it was made: `$scrypt$ln=15,r=8,p=3$SALT$HASH`. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { AppError } from '../errors.ts';

const PASSWORD_CHARACTERS_MIN = 12;
/** Longer ones would only cost time. */
const PASSWORD_CHARACTERS_MAX = 1_024;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PHC =
  /^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,2}),p=(?<p>\d)\$(?<salt>[\w+/]{22})\$(?<hash>[\w+/]{43})$/;

/** What a hash costs: 2^ln · r · 128 bytes of memory, p times over. */
interface Cost {
  ln: number;
  r: number;
  p: number;
}
/** As OWASP recommends for 32 MB. */
const COST: Cost = { ln: 15, r: 8, p: 3 };
/** A file that asks for more would stop the process. */
const LN_MAX = 18;

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** @throws AppError USAGE if the password is too short or too long */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  if (password.length < PASSWORD_CHARACTERS_MIN || password.length > PASSWORD_CHARACTERS_MAX)
    throw new AppError(
      'USAGE',
      `A password has ${PASSWORD_CHARACTERS_MIN} to ${PASSWORD_CHARACTERS_MAX} characters.`,
      {
        hint: 'Choose a longer one; a few words in a row are easy to remember.',
      },
    );
  return format(cost, randomBytes(SALT_BYTES), password);
}

/** Whether this text is a hash that `isPassword` can use. */
export function isPasswordHash(text: string): boolean {
  const { ln = '', r = '0', p = '0' } = PHC.exec(text)?.groups ?? {};
  const isAffordable = Number(ln) <= LN_MAX && 2 ** Number(ln) * Number(r) <= 2 ** LN_MAX * COST.r;
  return ln !== '' && Number(ln) >= 1 && isAffordable && Number(r) > 0 && Number(p) > 0;
}

/** Takes as long for a wrong password as for the right one. */
export async function isPassword(password: string, hashed: string): Promise<boolean> {
  const { ln, r, p, salt = '' } = PHC.exec(hashed)?.groups ?? {};
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const given = await format(cost, Buffer.from(salt, 'base64'), password.slice(0, PASSWORD_CHARACTERS_MAX));
  return given.length === hashed.length && timingSafeEqual(Buffer.from(given), Buffer.from(hashed));
}

/** A hash that no password has, and that takes as long to compare as the one that is given. */
export function impossibleHash(like: string | undefined): string {
  const hash = randomBytes(HASH_BYTES);
  const salt = toBase64(randomBytes(SALT_BYTES));
  const { ln = COST.ln, r = COST.r, p = COST.p } = PHC.exec(like ?? '')?.groups ?? {};
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt}$${toBase64(hash)}`;
}

async function format({ ln, r, p }: Cost, salt: Buffer, password: string): Promise<string> {
  const N = 2 ** ln;
  // The same password may be typed in two forms of Unicode.
  const hash = await derive(password.normalize('NFC'), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r });
  return `$scrypt$ln=${ln},r=${r},p=${p}$${toBase64(salt)}$${toBase64(hash)}`;
}

const toBase64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
