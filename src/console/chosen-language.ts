/** The language of a page: what the browser asks for, until the user says otherwise. */
import { signal } from '@preact/signals';
import { recall, remember } from './storage.ts';

export type Language = 'en' | 'zh';

export const language = signal<Language>(firstLanguage());

function firstLanguage(): Language {
  const asked = [recall('language') ?? '', ...navigator.languages];
  const known = asked
    .map((tag) => tag.toLowerCase().split('-')[0])
    .find((tag) => tag === 'en' || tag === 'zh');
  return known === 'zh' ? 'zh' : 'en';
}

export function chooseLanguage(chosen: Language): void {
  remember('language', chosen);
  language.value = chosen;
  showLanguage();
}

export function showLanguage(): void {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
}
