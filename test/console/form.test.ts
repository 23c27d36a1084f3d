import countries from 'i18n-iso-countries';
import { expect, it } from 'vitest';
import { COUNTRY_CODES } from '../../src/console/form/country-codes.ts';

it('offers the countries that are accepted', () => {
  expect([...COUNTRY_CODES].sort()).toEqual(Object.keys(countries.getAlpha2Codes()).sort());
});
