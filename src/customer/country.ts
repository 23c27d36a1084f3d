/** Country codes: ISO 3166-1 alpha-2, with a suggestion if the country was given in another form. Pure. */
import countries from 'i18n-iso-countries';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import type { ErrorCode } from '../error-codes.ts';

countries.registerLocale(english);
const CODES = new Set(Object.keys(countries.getAlpha2Codes()));

/** What is wrong with a country value, already trimmed and in upper case; undefined if it is a code. */
export function countryProblem(value: string): { code: ErrorCode; message: string } | undefined {
  if (CODES.has(value)) return undefined;
  if (value === '') return { code: 'REQUIRED', message: 'is empty' };
  const meant = suggestion(value);
  return {
    code: 'COUNTRY_UNKNOWN',
    message: `is not a two-letter country code${meant === undefined ? '' : `; did you mean ${meant}?`}`,
  };
}

function suggestion(value: string): string | undefined {
  if (value === 'UK') return 'GB';
  return countries.alpha3ToAlpha2(value) ?? countries.getAlpha2Code(value, 'en');
}
