/** Countries under the names that the browser knows in a language. */
import type { Language } from '../chosen-language.ts';
import { COUNTRY_CODES } from './country-codes.ts';

/** Sorted as people of that language look for them. */
export function countriesIn(language: Language): { code: string; name: string }[] {
  const locale = language === 'zh' ? 'zh-CN' : 'en';
  const names = new Intl.DisplayNames([locale], { type: 'region' });
  return COUNTRY_CODES.map((code) => ({ code, name: names.of(code) ?? code })).sort((a, b) =>
    a.name.localeCompare(b.name, locale),
  );
}
